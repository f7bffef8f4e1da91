"""A study of 200 runs on a cluster where everything goes wrong: no run is lost, and none counts twice.

    make test-cluster

Starts a Slurm cluster of two nodes on this machine. While a study runs on it, a worker and a node's daemon
are killed, a task is put back into the queue, a node is marked as down, a disk is full, and the process
that submitted the study is killed. Then the study is resumed, and its table is compared with that of the
same study on one machine: it must be the same but for the times.
"""

import os
import signal
import sys
import tempfile
import time

import slurm
from studies import Studies, check, planned, wait_for

PROBLEMS = """
seeds = 50
[[problem]]
name = "product"
formula = "x1*x2"
ranges = "1..2"
task = ["values", "directions"]
rows = [60, 100]
"""
N_RUNS = 200
# The shards whose disk is full: the third tasks of arrays of ten.
FULL = [3, 13, 23, 33]
SHARD = 5


def main(program):
    start = time.monotonic()
    if not slurm.is_installed():
        print("test-cluster: SKIPPED, for Slurm isn't installed and can't be (apt-get as root)")
        return
    with tempfile.TemporaryDirectory(prefix="closedform-cluster-") as folder:
        studies = Studies(program, folder)
        studies.write(PROBLEMS)
        studies(*planned("alone", SHARD), "--jobs", "2")
        print(f"on one machine: {time.monotonic() - start:.0f} s")
        with slurm.Cluster(studies.folder / "slurm", cpus=1, array_size=31) as cluster:
            break_everything(cluster, studies)
            status = studies("status", "--in", "broken")
            print(status.splitlines()[0])
            logs = [studies.folder / f"broken/shards/{shard:05}.log" for shard in FULL]
            # On a slow machine not all of them have begun.
            logs = [log.read_text() for log in logs if log.exists()]
            check(any("File too large" in log or "full" in log for log in logs), "no disk was full")
            (studies.folder / "full").unlink()
            for _ in range(3):
                studies("resume", "--in", "broken")
                status = studies("status", "--in", "broken")
                if " 0 missing" in status:
                    break
        check(f"{N_RUNS} done, 0 failed, 0 missing" in status, status)
        studies.compare("alone", "broken", N_RUNS)
        n_files = len(list((studies.folder / "broken" / "shards").iterdir()))
        n_shards = N_RUNS // SHARD
        check(n_files <= 3 * n_shards, f"{n_files} files for {n_shards} shards")
    print(f"test-cluster: passed in {time.monotonic() - start:.0f} s")


def break_everything(cluster, studies):
    """Submits the study, and does to it what happens on clusters."""
    # The disk of one shard is full after 512 bytes.
    full = studies.folder / "full"
    full.touch()
    setup = f"[ $SLURM_ARRAY_TASK_ID = 3 ] && [ -e {full} ] && trap '' XFSZ && ulimit -f 1; true"
    submitter = studies.start(*planned("broken", SHARD), "--on", "slurm", "--setup", setup)
    n_rows = lambda: studies.n_rows("broken")
    wait_for(lambda: n_rows() >= 5, 60, "no run is made")
    submitter.kill()
    submitter.wait()
    print(f"{n_rows()} rows: killed the process that submitted")

    workers = wait_for(lambda: studies.processes("broken")[0], 30, "there is no worker")
    os.kill(workers[0], signal.SIGKILL)
    print(f"{n_rows()} rows: killed a worker")

    grow(n_rows, 10)
    task, node = wait_for(cluster.tasks, 30, "no task runs")[0]
    cluster.ask("scontrol", "requeue", task)
    print(f"{n_rows()} rows: put task {task} back into the queue")

    grow(n_rows, 10)
    cluster.kill("a", signal.SIGKILL)
    time.sleep(2)
    cluster.start_node("a")
    print(f"{n_rows()} rows: killed the daemon of node a, and started it again")

    grow(n_rows, 10)
    cluster.ask("scontrol", "update", "NodeName=b", "State=DOWN", "Reason=test")
    time.sleep(2)
    cluster.ask("scontrol", "update", "NodeName=b", "State=RESUME")
    print(f"{n_rows()} rows: marked node b as down, and back")

    end = time.monotonic() + 40
    while time.monotonic() < end and not cluster.is_empty():
        time.sleep(0.5)
    # What was put back into the queue would begin in two minutes. `resume` does it now.
    cluster.ask("scancel", "--name=closedform")
    wait_for(cluster.is_empty, 60, "the queue doesn't get empty")
    time.sleep(2)


def grow(n_rows, by):
    """Waits until there are more rows."""
    goal = min(n_rows() + by, N_RUNS - 20)
    end = time.monotonic() + 60
    while time.monotonic() < end and n_rows() < goal:
        time.sleep(0.2)


if __name__ == "__main__":
    main(sys.argv[1])
