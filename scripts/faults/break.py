"""Kills, full disks, closed pipes and broken files: no result is lost, and none is wrong afterwards.

    make faults

Each case runs a command to its end, undisturbed. Then it runs the same again and again, each time with a
fault at a random moment, and at last without one. What comes out must be what came out undisturbed, and no
file may be left that isn't asked for. `--rounds` sets how often each fault strikes, `--seed` when.
"""

import argparse
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What each version wrote: a checkpoint, a network, a result, a study.
VERSIONS = Path(__file__).parents[2] / "tests/versions"
# Both end a process: at once, and with time to print what it has.
KILLS = [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
# No file may become longer than this, in units of 512 bytes, as on a full disk.
FULL = "trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\""
SEARCH = ["search", "--gradients", "gradients.csv", "--json", "--operators", "+,*", "--seed", "3"]
STUDY = ["study", "--problems", "problems.toml", "--out", "out", "--jobs", "1", "--shard-size", "3"]
PROBLEMS = """
seeds = 3
[[problem]]
name = "product"
formula = "x1*x2"
ranges = "1..2"
task = ["values", "directions"]
rows = [60, 100]
"""


class Harness:
    """A program, the folder it runs in, and what was found."""

    def __init__(self, program, folder, rounds, seed):
        self.program, self.folder, self.rounds = program, folder, rounds
        self.random = random.Random(seed)
        self.problems = []
        write_gradients(folder / "gradients.csv")
        (folder / "problems.toml").write_text(PROBLEMS)

    def run(self, arguments, limit=None):
        """Runs to the end; with a limit, no file becomes longer."""
        command = [self.program, *arguments]
        if limit is not None:
            command = ["sh", "-c", FULL.format(limit), *command]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)

    def struck(self, arguments, number, seconds):
        """Runs, and sends a signal at a random moment within so many seconds."""
        child = subprocess.Popen(
            [self.program, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            child.wait(self.random.uniform(0, seconds))
        except subprocess.TimeoutExpired:
            child.send_signal(number)
        out, errors = child.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, child.returncode, out, errors)

    def check(self, what, is_right, told=""):
        if not is_right:
            self.problems.append(f"{what}: {told.strip()[:500]}")

    def clear(self, *names):
        for name in names:
            subprocess.run(["rm", "-rf", str(self.folder / name)], check=True)

    def no_parts(self, what):
        parts = [str(path) for path in self.folder.rglob("*.part")]
        self.check(what, not parts, f"left behind: {parts}")


def write_gradients(path):
    """Directions that no short formula matches, so that a search of them goes on."""
    lines = ["a,b,d_a,d_b"]
    for i in range(1, 80):
        x, y = (i % 11) / 4 - 1.3, (i % 7) / 3 - 0.9
        inner, other = 1 - math.tanh(x * y) ** 2, 1 / (1 + (x - 1.7 * y) ** 2)
        lines.append(f"{x},{y},{y * inner + other},{x * inner - 1.7 * other}")
    path.write_text("\n".join(lines) + "\n")


def front(done):
    return json.loads(done.stdout)["pareto_front"]


def killed_search(h):
    """A search with a checkpoint is killed, and continued to the same front."""
    arguments = [*SEARCH, "--generations", "60"]
    start = time.monotonic()
    whole = front(h.run(arguments))
    seconds = time.monotonic() - start
    arguments += ["--checkpoint", "state.json"]
    for number in KILLS:
        h.clear("state.json")
        for _ in range(h.rounds):
            done = h.struck(arguments, number, seconds)
            is_asked = number != signal.SIGKILL and done.returncode == 0
            if is_asked:
                reason = json.loads(done.stdout)["stop_reason"]
                is_known = reason in ("interrupted", "generations", "exact")
                h.check("search, a signal", is_known, reason)
        done = h.run(arguments)
        h.check(f"search, {number.name}", done.returncode == 0, done.stderr)
        h.check(f"search, {number.name}", front(done) == whole, "another front")
        h.no_parts(f"search, {number.name}")
    return len(KILLS) * h.rounds


def full_disk(h):
    """On a disk that is full after so many bytes, the formula is printed all the same."""
    arguments = [*SEARCH, "--generations", "20"]
    whole = front(h.run(arguments))
    arguments += ["--checkpoint", "state.json", "--report", "page.html"]
    for _ in range(h.rounds):
        h.clear("state.json", "page.html")
        done = h.run(arguments, limit=h.random.randrange(0, 40))
        h.check("full disk", done.returncode in (0, 3), f"{done.returncode}: {done.stderr}")
        h.check("full disk", front(done) == whole, "another front")
        page = h.folder / "page.html"
        is_whole = not page.exists() or page.read_text().rstrip().endswith("</html>")
        h.check("full disk", is_whole, "half a page")
        h.no_parts("full disk")
        done = h.run(arguments)
        h.check("after a full disk", done.returncode == 0, done.stderr)
        h.check("after a full disk", front(done) == whole, "another front")
    return h.rounds


def read_only(h):
    """In a folder that can't be written to, a search is refused before it begins, or printed."""
    locked = h.folder / "locked"
    locked.mkdir()
    # Root may write anywhere, but not to what isn't a folder.
    (h.folder / "file").write_text("")
    for place in ["file/state.json", "missing/state.json"]:
        done = h.run([*SEARCH, "--checkpoint", place, "--generations", "5"])
        h.check("no folder", done.returncode == 1 and place in done.stderr, done.stderr)
    if os.geteuid() != 0:
        locked.chmod(0o500)
        done = h.run([*SEARCH, "--checkpoint", "locked/state.json", "--generations", "5"])
        h.check("read-only folder", done.returncode == 1, done.stderr)
        locked.chmod(0o700)
    else:
        print("  a read-only folder: SKIPPED, for root may write anywhere")
    return 2


def closed_pipe(h):
    """A reader that goes away is no failure, and the page is written."""
    for _ in range(h.rounds):
        h.clear("page.html")
        child = subprocess.Popen(
            [h.program, *SEARCH, "--generations", "2", "--report", "page.html"],
            cwd=h.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        child.stdout.close()
        errors = child.stderr.read()
        h.check("closed pipe", child.wait() == 0, errors)
        h.check("closed pipe", (h.folder / "page.html").exists(), "no page")
    return h.rounds


def broken_state(h):
    """A checkpoint that was cut off or changed is refused by its name, or continued to a front."""
    arguments = [*SEARCH, "--generations", "20", "--checkpoint", "state.json"]
    h.clear("state.json")
    h.run(arguments)
    state = (h.folder / "state.json").read_bytes()
    for _ in range(h.rounds):
        cut = bytearray(state[: h.random.randrange(len(state))])
        if h.random.random() < 0.5:
            cut = bytearray(state)
            cut[h.random.randrange(len(cut))] ^= 1 << h.random.randrange(8)
        (h.folder / "state.json").write_bytes(cut)
        done = h.run(arguments)
        is_refused = done.returncode == 1 and "state.json" in done.stderr
        h.check("broken state", is_refused or done.returncode == 0, done.stderr)
        h.check("broken state", "panicked" not in done.stderr, done.stderr)
    other = json.loads(state)
    other["version"] += 1
    (h.folder / "state.json").write_text(json.dumps(other))
    done = h.run(arguments)
    h.check("state of another version", f"version {other['version']}" in done.stderr, done.stderr)
    h.clear("state.json")
    return h.rounds + 1


def rows(folder):
    """The rows of a study, without their times."""
    report = folder / "runs.csv"
    lines = [line.split(",") for line in report.read_text().splitlines()]
    # The last column is the time.
    return [line[:-1] for line in lines]


def killed_study(h):
    """A study is killed, and resumed to the same rows: none lost, none twice."""
    start = time.monotonic()
    done = h.run(STUDY)
    seconds = time.monotonic() - start
    h.check("study", done.returncode == 0, done.stderr)
    h.run(["study", "report", "--in", "out"])
    whole = rows(h.folder / "out")
    for number in KILLS:
        h.clear("out")
        for _ in range(h.rounds):
            h.struck(STUDY, number, seconds)
            time.sleep(0.2)
        for _ in range(5):
            done = h.run(["study", "resume", "--in", "out"])
            status = h.run(["study", "status", "--in", "out"]).stdout
            if " 0 missing" in status:
                break
        h.check(f"study, {number.name}", " 0 missing" in status, status + done.stderr)
        h.run(["study", "report", "--in", "out"])
        h.check(f"study, {number.name}", sorted(rows(h.folder / "out")) == sorted(whole), "other rows")
    return len(KILLS) * h.rounds


def exported(h):
    """Files in other languages are whole or not there, and what is missing is named."""
    arguments = ["export", "--formula", "x1**2 + sin(x2)", "--language", "all", "--output", "code"]
    h.run(arguments)
    whole = {path.name: path.read_bytes() for path in (h.folder / "code").iterdir()}
    for _ in range(h.rounds):
        h.clear("code")
        done = h.run(arguments, limit=h.random.randrange(0, 4))
        found = {path.name: path.read_bytes() for path in (h.folder / "code").iterdir()}
        missing = [name for name in whole if name not in found]
        h.check("export", all(found[name] == whole[name] for name in found), "half a file")
        h.check("export", all(name in done.stderr for name in missing), done.stderr)
        h.check("export", done.returncode == (3 if missing else 0), str(done.returncode))
    return h.rounds


def older_versions(h):
    """What each version wrote is read by this one, or refused by the version."""
    n_read = 0
    for version in sorted(path for path in VERSIONS.iterdir() if path.is_dir()):
        h.clear("old")
        shutil.copytree(version, h.folder / "old")
        search = ["search", "--gradients", "old/gradients.csv", *SEARCH[3:]]
        for arguments in [
            [*search, "--generations", "3", "--checkpoint", "old/state.json"],
            ["polynomial", "--network", "old/network.safetensors", "--max-order", "1"],
            ["export", "--from", "old/result.json", "--language", "numpy"],
            ["study", "status", "--in", "old/study"],
            ["study", "report", "--in", "old/study"],
        ]:
            done = h.run(arguments)
            # A search with other effort is another search.
            told = ("version", "format", "another search, whose effort")
            is_refused = done.returncode == 1 and any(word in done.stderr for word in told)
            what = f"{' '.join(arguments[:2])} of {version.name}"
            h.check(what, done.returncode == 0 or is_refused, done.stderr)
            n_read += 1
    return n_read


CASES = [older_versions, killed_search, full_disk, read_only, closed_pipe, broken_state, exported, killed_study]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("cases", nargs="*", help="some of the cases only")
    options = parser.parse_args()
    problems = []
    program = str(Path(options.program).resolve())
    for case in CASES:
        if options.cases and case.__name__ not in options.cases:
            continue
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="closedform-faults-") as folder:
            h = Harness(program, Path(folder), options.rounds, options.seed)
            n_faults = case(h)
        print(
            f"{case.__name__}: {n_faults} faults, {len(h.problems)} problems, "
            f"{time.monotonic() - start:.0f} s",
            flush=True,
        )
        problems += h.problems
    for problem in problems:
        print(f"faults: {problem}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
