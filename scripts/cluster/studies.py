"""Calls the program in a folder, and finds the processes that work there."""

import csv
import json
import subprocess
import time
from pathlib import Path


class Studies:
    """Studies of one folder, whose problem file is `problems.toml`."""

    def __init__(self, program, folder):
        self.program, self.folder = str(Path(program).resolve()), Path(folder)

    def __call__(self, *arguments):
        """What `closedform study` prints; ends this script if it fails."""
        done = subprocess.run(
            self.command(*arguments), cwd=self.folder, capture_output=True, text=True
        )
        check(done.returncode == 0, f"{arguments}: {done.stderr}")
        return done.stdout

    def start(self, *arguments, **options):
        """The same without waiting: a process."""
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            self.command(*arguments), cwd=self.folder, **{**silent, **options}
        )

    def command(self, *arguments):
        return [self.program, "study", *arguments]

    def write(self, problems):
        (self.folder / "problems.toml").write_text(problems)

    def plan(self, out, size):
        """Writes a study without making its runs."""
        self(*planned(out, size), "--on", "script")

    def shards(self, out):
        """The files of rows that there are."""
        return sorted((self.folder / out / "shards").glob("*.jsonl"))

    def rows(self, out):
        """The rows of all shards."""
        return [json.loads(line) for file in self.shards(out) for line in file.open()]

    def n_rows(self, out):
        """How many rows there are, whole ones or not."""
        return sum(len(file.read_bytes().splitlines()) for file in self.shards(out))

    def compare(self, alone, broken, n_runs):
        """Both tables have every run once, with the same result."""
        tables = []
        for out in (alone, broken):
            with open(self.folder / out / "runs.csv", newline="") as file:
                rows = list(csv.reader(file))
            check(rows[0][-1] == "seconds", "the last column isn't the time")
            tables.append([row[:-1] for row in rows])
            check(len(rows) == n_runs + 1, f"{out}: {len(rows) - 1} rows instead of {n_runs}")
        for a, b in zip(*tables):
            check(a == b, f"differs:\n{a}\n{b}")

    def processes(self, out):
        """The workers on shards of a study, and their processes that make runs."""
        folder = str(self.folder / out).encode()
        words, parents = {}, {}
        for entry in Path("/proc").iterdir():
            try:
                words[int(entry.name)] = (entry / "cmdline").read_bytes().split(b"\0")
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                parents[int(entry.name)] = int(stat[1])
            except (OSError, ValueError):
                continue
        works = {process for process, known in words.items() if known[1:3] == [b"study", b"work"]}
        workers = [p for p in works if folder in words[p] and b"--shard" in words[p]]
        return workers, [p for p in works if parents.get(p) in workers]


def planned(out, size):
    """The arguments of a study with shards of so many runs."""
    return ["--problems", "problems.toml", "--out", out, "--shard-size", str(size)]


def wait_for(condition, seconds, otherwise):
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise SystemExit(f"FAILED: {otherwise}")


def check(is_true, message):
    if not is_true:
        raise SystemExit(f"FAILED: {message}")
