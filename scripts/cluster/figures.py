"""The figures of clusters.md.

    python3 scripts/cluster/figures.py target/release/closedform [overhead] [nodes] [million] [faults]

Without names all are measured, in about ten minutes.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

import slurm
from studies import Studies, planned

# Runs that take as long as they are told to, whatever the machine.
TIMED = """
seeds = {n}
search.time_limit = {seconds}
[[problem]]
name = "timed"
formula = "tanh(x1*x2) + sin(3*x1)"
ranges = "-1..2"
task = "values"
rows = 60
noise = 0.5
"""
QUICK = """
seeds = 75
[[problem]]
name = "product"
formula = "x1*x2"
ranges = "1..2"
task = ["values", "directions"]
rows = [60, 100]
"""
N_FAULTS = 50


def overhead(studies):
    """A worker's time beside that of its runs."""
    n, seconds = 20, 2
    studies.write(TIMED.format(n=n, seconds=seconds))
    studies.plan("overhead", n)
    start = time.monotonic()
    worker = studies.start("work", "--in", "overhead", "--shard", "0")
    while not studies.n_rows("overhead"):
        time.sleep(0.005)
    first = time.monotonic() - start
    worker.wait()
    wall = time.monotonic() - start
    runs = [row["seconds"] for row in studies.rows("overhead")]
    print(f"overhead of a shard of {n} runs of {seconds} s: {100 * (wall / sum(runs) - 1):.1f} %")
    print(f"start of a worker to its first run: {first - runs[0]:.2f} s")


def nodes(studies):
    """Two nodes against one."""
    studies.write(TIMED.format(n=200, seconds=0.5))
    times = {}
    for n in (1, 2):
        with tempfile.TemporaryDirectory() as folder, slurm.Cluster(folder, cpus=1) as cluster:
            if n == 1:
                # A node that is down comes back by itself.
                cluster.ask("scontrol", "update", "NodeName=b", "State=DRAIN", "Reason=figures")
            start = time.monotonic()
            studies(*planned(f"nodes{n}", 10), "--on", "slurm")
            times[n] = time.monotonic() - start
    print(f"200 runs of 0.5 s: one node {times[1]:.0f} s, two {times[2]:.0f} s, {times[1] / times[2]:.2f} times")


def million(studies):
    """Status and report of a million rows."""
    n, size = 1_000_000, 100
    problem = TIMED.replace("noise = 0.5", "noise = [0.0, 0.01, 0.1, 0.5]")
    studies.write(problem.format(n=n // 4, seconds=10))
    studies.plan("million", size)
    shards = studies.folder / "million" / "shards"
    rng = random.Random(0)
    listing = {"stdout": subprocess.PIPE, "text": True}
    listed = studies.start("--problems", "problems.toml", "--dry-run", **listing)
    for shard in range(n // size):
        with open(shards / f"{shard:05}.jsonl", "w") as file:
            for run in range(shard * size, (shard + 1) * size):
                name = listed.stdout.readline().split(" ", 1)[0]
                row = {
                    "run": run,
                    "id": name,
                    "state": "done",
                    "measures": {
                        "formula": f"{rng.random()}*x1*sin({rng.random()}*x2) + x2**2",
                        "complexity": rng.randrange(30),
                        "loss": rng.random(),
                        "found": rng.random() < 0.5,
                        "on_front": True,
                        "error": rng.random(),
                    },
                    "seconds": rng.random() * 10,
                }
                file.write(json.dumps(row, separators=(",", ":")) + "\n")
    listed.stdout.read()
    listed.wait()
    for command in ("status", "report"):
        start = time.monotonic()
        process = studies.start(command, "--in", "million", stderr=None)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        print(
            f"{command} of {n} rows in {n // size} shards: {seconds:.1f} s, "
            f"{usage.ru_utime + usage.ru_stime:.1f} s of a core, {usage.ru_maxrss / 2**20:.2f} GiB, "
            f"exit code {os.waitstatus_to_exitcode(status)}"
        )


def faults(studies):
    """A study whose processes are killed again and again."""
    studies.write(QUICK)
    studies(*planned("alone", 10), "--jobs", "2")
    studies.plan("faults", 10)
    rng, n_faults, doubled = random.Random(1), 0, 0
    leader = None
    while n_faults < N_FAULTS:
        if leader is None or leader.poll() is not None:
            if " 0 missing" in studies("status", "--in", "faults"):
                # All rows are there: lose some, as a file server that crashes does.
                files = studies.shards("faults")
                for file in rng.sample(files, len(files) // 2):
                    text = file.read_bytes()
                    file.write_bytes(text[: rng.randrange(len(text))])
                n_faults += 1
            leader = studies.start("resume", "--in", "faults", "--local", "--jobs", "2")
        time.sleep(rng.uniform(0.5, 2.0))
        workers, making = studies.processes("faults")
        if workers:
            try:
                os.kill(rng.choice([leader.pid, *workers, *making]), signal.SIGKILL)
                n_faults += 1
            except ProcessLookupError:
                pass
    leader.wait()
    for _ in range(5):
        time.sleep(1)
        studies("retry", "--failed", "--in", "faults", "--local", "--jobs", "2")
        status = studies("status", "--in", "faults")
        if " 0 failed, 0 missing" in status:
            break
    studies.compare("alone", "faults", 300)
    print(f"{n_faults} faults: no run lost, none counted twice, all rows as undisturbed")


def main(program, *names):
    kinds = {"overhead": overhead, "nodes": nodes, "million": million, "faults": faults}
    if not slurm.is_installed():
        print("figures: nodes is left out, for Slurm isn't installed and can't be")
        del kinds["nodes"]
    for name in names or kinds:
        with tempfile.TemporaryDirectory(prefix="closedform-figures-") as folder:
            kinds[name](Studies(program, folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
