"""Starts one evcxr kernel in a folder of its own: the `argv` of the kernelspec.

evcxr keeps its crate (Cargo.toml, src/lib.rs, target/) in one folder, and two kernels in the
same folder would overwrite each other. So each kernel gets a copy of the folder that `make setup`
prepared. Files whose name contains cargo's hash are shared by hard links: the hash covers
everything that such a file is made from, so cargo writes new files instead of changing old ones.
Files that can change under the same hash are copied: the library itself, and torch-sys, which reads
LIBTORCH.

This process stays between Jupyter and the kernel to handle interrupts. Jupyter signals a group of
processes, VS Code only this one. In both cases the signal is passed on once to the kernel's group,
where all processes ignore it except the one that runs the cells (cells.cpp).

The copy is removed when the kernel has ended for whatever reason. Launcher and janitor both want a
lock on the same file, and the janitor gets it when the launcher's process has ended.

usage: launch.py CONNECTION_FILE
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).absolute().parent
ROOT = HERE.parents[1]
TOOLS = ROOT / ".tools"
PREPARED = TOOLS / "prepared"
KERNELS = TOOLS / "kernels"
CELLS = TOOLS / "cells.so"
LOCK = "kernel.lock"
LAST_WORDS = "the interrupt ended the running cell, and all variables are lost: run the cells again"
IS_MAC = sys.platform == "darwin"
LIBRARY_PATH = "DYLD_LIBRARY_PATH" if IS_MAC else "LD_LIBRARY_PATH"
PRELOAD = "DYLD_INSERT_LIBRARIES" if IS_MAC else "LD_PRELOAD"

HASHED = re.compile(r"-[0-9a-f]{16}\b")
CHANGING = re.compile(r"closedform|torch[-_]sys|\bctx\b")
LEFT_OUT = re.compile(r"incremental$|libcode_\d+\.|libctx\.|cell\.")


def clone(source: str, target: str, hashed: bool = False) -> None:
    """Copies a folder. Files that never change are shared by hard links."""
    os.mkdir(target)
    for entry in os.scandir(source):
        if LEFT_OUT.match(entry.name):
            continue
        goal = os.path.join(target, entry.name)
        shared = (hashed or HASHED.search(entry.name)) and not CHANGING.search(entry.path)
        if entry.is_dir(follow_symlinks=False):
            clone(entry.path, goal, bool(shared))
        elif shared:
            link_or_copy(entry.path, goal)
        else:
            shutil.copy2(entry.path, goal, follow_symlinks=False)


def link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def open_lock(folder: Path) -> int:
    return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)


def remove_leftovers() -> None:
    """Removes the folders of kernels whose janitor was killed too, e.g. by a reboot."""
    for folder in KERNELS.glob("kernel-*"):
        try:
            handle = open_lock(folder)
        except OSError:
            continue  # another janitor was faster
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass  # alive
        finally:
            os.close(handle)


def without_blanks(folder: Path) -> Path:
    """The folder by a path without blanks, because evcxr splits its own messages at blanks."""
    if not has_blanks(folder):
        return folder
    place = next(place for place in (tempfile.gettempdir(), "/tmp") if not has_blanks(place))
    link = Path(tempfile.mkdtemp(prefix="closedform-", dir=place)) / "kernel"
    link.symlink_to(folder)
    return link


def has_blanks(path: Path | str) -> bool:
    return any(letter.isspace() for letter in str(path))


def start_janitor(folder: Path, link: Path, kernel: int, held: int) -> None:
    if os.fork():
        return
    os.close(held)
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    remove_leftovers()
    fcntl.flock(open_lock(folder), fcntl.LOCK_EX)
    signal_group(kernel, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    if link != folder:
        shutil.rmtree(link.parent, ignore_errors=True)
    os._exit(0)


def signal_group(leader: int, number: int) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        pass  # it has ended


def main() -> None:
    KERNELS.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=KERNELS))
    held = open_lock(new)
    fcntl.flock(held, fcntl.LOCK_EX)
    folder = new.rename(KERNELS / new.name.replace("new-", "kernel-"))  # locked before seen
    link = without_blanks(folder)
    if PREPARED.exists():
        clone(str(PREPARED), str(folder / "crate"))
    link_or_copy(str(CELLS), str(folder / CELLS.name))
    os.environ.update(
        CLOSEDFORM_ROOT=str(ROOT),
        CLOSEDFORM_PYTHON=sys.executable,
        CLOSEDFORM_LAST_WORDS=LAST_WORDS,
        EVCXR_TMPDIR=str(link / "crate"),
        EVCXR_CONFIG_DIR=str(HERE),  # not the user's own, which may have another prelude
        CARGO_HOME=str(HERE),  # the code analysis looks for bin/cargo there first
        PATH=os.pathsep.join(
            [str(HERE / "bin"), os.environ["CLOSEDFORM_RUST"], os.environ.get("PATH", "")]
        ),
    )
    put_first(LIBRARY_PATH, os.path.join(os.environ["LIBTORCH"], "lib"))
    put_first(PRELOAD, str(link / CELLS.name))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the kernel inherits this
    kernel = subprocess.Popen(
        [TOOLS / "evcxr" / "bin" / "evcxr_jupyter", "--control_file", sys.argv[1]],
        start_new_session=True,
    )
    start_janitor(folder, link, kernel.pid, held)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: signal_group(kernel.pid, number))
    sys.exit(kernel.wait())


def put_first(variable: str, path: str) -> None:
    """Puts a path before those in the user's variable."""
    os.environ[variable] = ":".join(filter(None, [path, os.environ.get(variable)]))


if __name__ == "__main__":
    main()
