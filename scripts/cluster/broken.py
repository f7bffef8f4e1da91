"""A study of 200 runs on a cluster where everything goes wrong: no run is lost, and none counts twice.

    make test-cluster

Starts a Slurm cluster of two nodes on this machine. While a study runs on it, a worker and a node's daemon
are killed, a task is put back into the queue, a node is marked as down, a disk is full, and the process
that submitted the study is killed. Then the study is resumed, and its table is compared with that of the
same study on one machine: it must be the same but for the times.
"""

import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import slurm

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
        folder = Path(folder)
        (folder / "problems.toml").write_text(PROBLEMS)

        def study(*arguments):
            return subprocess.run(
                [program, "study", *arguments], cwd=folder, capture_output=True, text=True
            )

        size = ["--shard-size", str(SHARD)]
        alone = study("--problems", "problems.toml", "--out", "alone", "--jobs", "2", *size)
        check(alone.returncode == 0, alone.stderr)
        print(f"on one machine: {time.monotonic() - start:.0f} s")
        with slurm.Cluster(folder / "slurm", cpus=1, array_size=31) as cluster:
            break_everything(cluster, folder, program, size)
            status = study("status", "--in", "broken").stdout
            print(status.splitlines()[0])
            logs = [folder / f"broken/shards/{shard:05}.log" for shard in FULL]
            # On a slow machine not all of them have begun.
            logs = [log.read_text() for log in logs if log.exists()]
            check(any("File too large" in log or "full" in log for log in logs), "no disk was full")
            (folder / "full").unlink()
            for _ in range(3):
                resumed = study("resume", "--in", "broken")
                check(resumed.returncode == 0, resumed.stderr)
                status = study("status", "--in", "broken").stdout
                if " 0 missing" in status:
                    break
        check(f"{N_RUNS} done, 0 failed, 0 missing" in status, status)
        compare(folder / "alone", folder / "broken")
        n_files = len(list((folder / "broken" / "shards").iterdir()))
        n_shards = N_RUNS // SHARD
        check(n_files <= 3 * n_shards, f"{n_files} files for {n_shards} shards")
    print(f"test-cluster: passed in {time.monotonic() - start:.0f} s")


def break_everything(cluster, folder, program, size):
    """Submits the study, and does to it what happens on clusters."""
    # The disk of one shard is full after 512 bytes.
    (folder / "full").touch()
    setup = (
        f"[ $SLURM_ARRAY_TASK_ID = 3 ] && [ -e {folder}/full ] && trap '' XFSZ && ulimit -f 1; true"
    )
    submitter = subprocess.Popen(
        [program, "study", "--problems", "problems.toml", "--out", "broken", "--on", "slurm"]
        + ["--setup", setup, *size],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    rows = folder / "broken" / "shards"
    n_rows = lambda: sum(len(file.read_text().splitlines()) for file in rows.glob("*.jsonl"))
    slurm.wait_for(lambda: n_rows() >= 5, 60, "no run is made")
    submitter.kill()
    submitter.wait()
    print(f"{n_rows()} rows: killed the process that submitted")

    kill_worker(folder)
    print(f"{n_rows()} rows: killed a worker")

    grow(n_rows, 10)
    task, node = slurm.wait_for(cluster.tasks, 30, "no task runs")[0]
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
    slurm.wait_for(cluster.is_empty, 60, "the queue doesn't get empty")
    time.sleep(2)


def kill_worker(folder):
    """Kills a process that works on a shard."""
    def workers():
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"work" in words and str(folder / "broken").encode() in words and b"--shard" in words:
                if b"study" in words[1:2]:
                    found.append(int(entry.name))
        return found

    os.kill(slurm.wait_for(workers, 30, "there is no worker")[0], signal.SIGKILL)


def grow(n_rows, by):
    """Waits until there are more rows."""
    goal = min(n_rows() + by, N_RUNS - 20)
    end = time.monotonic() + 60
    while time.monotonic() < end and n_rows() < goal:
        time.sleep(0.2)


def compare(alone, broken, n_runs=N_RUNS):
    """Both tables have every run once, with the same result."""
    tables = []
    for folder in (alone, broken):
        with open(folder / "runs.csv", newline="") as file:
            rows = list(csv.reader(file))
        check(rows[0][-1] == "seconds", "the last column isn't the time")
        tables.append([row[:-1] for row in rows])
    check(len(tables[0]) == n_runs + 1, f"{len(tables[0]) - 1} rows instead of {n_runs}")
    for a, b in zip(*tables):
        check(a == b, f"differs:\n{a}\n{b}")
    check(len(tables[0]) == len(tables[1]), "another number of rows")


def check(is_true, message):
    if not is_true:
        raise SystemExit(f"test-cluster: FAILED: {message}")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
