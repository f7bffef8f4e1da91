"""Starts one evcxr kernel in a folder of its own: the `argv` of the kernelspec.

evcxr keeps its crate (Cargo.toml, src/lib.rs, target/) in one folder, and two kernels in the
same folder overwrite each other. So each kernel gets a copy of the folder that `make setup`
prepared. Files whose name carries cargo's hash are shared by hard links: cargo hashes all that
goes into them, so it writes new ones rather than rewriting them. What can change under the same
hash is copied: the library itself, and torch-sys, which looks at LIBTORCH.

The copy is removed when the kernel is gone, however it went: kernel and janitor hold a lock on
the same file, and the janitor wakes when the kernel's lock ends with its process.

usage: launch.py CONNECTION_FILE
"""

import fcntl
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).absolute().parent
ROOT = HERE.parents[1]
TOOLS = ROOT / ".tools"
PREPARED = TOOLS / "prepared"
KERNELS = TOOLS / "kernels"
LOCK = "kernel.lock"

HASHED = re.compile(r"-[0-9a-f]{16}\b")
CHANGING = re.compile(r"closedform|torch[-_]sys|\bctx\b")
LEFT_OUT = re.compile(r"incremental$|libcode_\d+\.|libctx\.")


def clone(source: str, target: str, hashed: bool = False) -> None:
    """Copies a folder, sharing by hard links what never changes."""
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


def start_janitor(folder: Path, held: int) -> None:
    if os.fork():
        return
    os.close(held)
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    remove_leftovers()
    fcntl.flock(open_lock(folder), fcntl.LOCK_EX)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main() -> None:
    KERNELS.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=KERNELS))
    held = open_lock(new)
    fcntl.flock(held, fcntl.LOCK_EX)
    os.set_inheritable(held, True)
    folder = new.rename(KERNELS / new.name.replace("new-", "kernel-"))  # locked before seen
    start_janitor(folder, held)
    if PREPARED.exists():
        clone(str(PREPARED), str(folder / "crate"))
    os.environ.update(
        CLOSEDFORM_ROOT=str(ROOT),
        CLOSEDFORM_PYTHON=sys.executable,
        EVCXR_TMPDIR=str(folder / "crate"),
        EVCXR_CONFIG_DIR=str(HERE),  # not the user's own, whose prelude notebooks do not know
        CARGO_HOME=str(HERE),  # where the code analysis looks for bin/cargo first
        PATH=os.pathsep.join(
            [str(HERE / "bin"), os.environ["CLOSEDFORM_RUST"], os.environ.get("PATH", "")]
        ),
    )
    kernel = TOOLS / "evcxr" / "bin" / "evcxr_jupyter"
    os.execv(kernel, [str(kernel), "--control_file", sys.argv[1]])


if __name__ == "__main__":
    main()
