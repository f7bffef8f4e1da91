"""A step of the set-up: its stamp, its log, and its message when it fails."""

import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMPS = TOOLS / "stamps"
LOGS = TOOLS / "logs"

NO_NETWORK = (
    "Could not resolve host", "Temporary failure in name resolution", "NewConnectionError",
    "Failed to establish a new connection", "ConnectTimeoutError", "ProxyError",
    "Connection refused", "Network is unreachable", "spurious network error", "download of",
)
DISK_FULL = ("No space left on device", "os error 28")


# The running commands, which are stopped when another one fails.
RUNNING: set[subprocess.Popen] = set()


class Failure(Exception):
    """A failure, described in one line with its remedy."""


def python() -> Path:
    return VENV / "bin" / "python"


def run(command: list[str], log_name: str, env: dict[str, str] | None = None) -> None:
    """Runs a command. Its output goes to a log; a terminal shows the last line and the time."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log_path = LOGS / f"{log_name}.log"
    begin, last_report = time.monotonic(), time.monotonic()
    tail: deque[str] = deque(maxlen=40)
    with open(log_path, "w") as log, subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        env={**os.environ, **(env or {})}, text=True, errors="replace",
    ) as process:
        RUNNING.add(process)
        for line in process.stdout:
            log.write(line)
            tail.append(line)
            seconds = time.monotonic() - begin
            if sys.stdout.isatty():
                width = shutil.get_terminal_size().columns - 1
                shown = f"    {seconds:4.0f} s  {log_name}: {line.strip()}"[:width]
                print(f"\r\033[K{shown}", end="", flush=True)
            elif time.monotonic() - last_report > 30:
                last_report = time.monotonic()
                print(f"    {seconds:4.0f} s  {log_name}: {line.strip()[:100]}", flush=True)
    RUNNING.discard(process)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
    if process.returncode != 0:
        raise Failure(explain("".join(tail), Path(command[0]).name, log_path))


def stop_all() -> None:
    for process in list(RUNNING):
        process.terminate()


def check_room(steps: list["Step"]) -> None:
    free = shutil.disk_usage(ROOT).free / 1e9
    needed = sum(step.gigabytes for step in steps)
    if free < needed:
        raise Failure(
            f"{free:.1f} GB are free on the disk of {ROOT}, and the set-up needs {needed:.1f} GB; "
            "make room and run the same command again"
        )


def explain(output: str, program: str, log_path: Path) -> str:
    log = log_path.relative_to(ROOT)
    if any(sign in output for sign in DISK_FULL):
        return f"the disk is full; make room and run the same command again (log: {log})"
    if any(sign in output for sign in NO_NETWORK):
        return (
            f"{program} can't reach its package registry; connect to the network or set your "
            f"proxy, and run the same command again (log: {log})"
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines or ["no output"]
    return f"{program} failed: {errors[-1]} (log: {log})"


@dataclass
class Step:
    name: str
    what: str
    usually: str
    gigabytes: float
    made_from: str
    work: Callable[[], None]

    @property
    def stamp(self) -> Path:
        return STAMPS / self.name

    def is_done(self) -> bool:
        return self.stamp.exists() and self.stamp.read_text() == self.made_from

    def run(self) -> None:
        self.work()
        STAMPS.mkdir(parents=True, exist_ok=True)
        beside = self.stamp.with_suffix(".part")
        beside.write_text(self.made_from)
        beside.rename(self.stamp)
