"""Checks what must be installed before the set-up. Each fault is one line with its remedy."""

import os
import re
import shutil
import subprocess
import sys

from steps import ROOT, TOOLS, VENV, Failure

OLDEST_RUST = (1, 90)
# These break search paths (: and ;), linker options (,), and strings in a Cargo.toml.
REFUSED_LETTERS = ':;,$"\\'


def check() -> None:
    check_folder()
    check_programs()


def check_folder() -> None:
    refused = [a for a in str(ROOT) if a in REFUSED_LETTERS or not a.isprintable()]
    if refused:
        raise Failure(
            f"the folder {str(ROOT)!r} has {refused[0]!r} in its path, which compilers and linkers "
            "misread; move or rename it"
        )
    for folder in (ROOT, TOOLS, VENV):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise Failure(
                f"you may not write to {folder}; clone the project into a folder of your own"
            )


def check_programs() -> None:
    if sys.version_info < (3, 10):
        version = ".".join(map(str, sys.version_info[:3]))
        raise Failure(
            f"Python {version} is too old, 3.10 is needed; install a newer one and name it: "
            "make lab PYTHON=python3.12"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Failure(
            "Python's venv module is missing; install it (Debian, Ubuntu: apt install python3-venv)"
        ) from None
    if not any(shutil.which(compiler) for compiler in ("c++", "g++", "clang++")):
        raise Failure(
            "no C++ compiler found; install one (Debian, Ubuntu: apt install g++; "
            "macOS: xcode-select --install)"
        )
    if not shutil.which("cargo") or not shutil.which("rustc"):
        raise Failure("Rust is missing; install it from rust-lang.org, then open a new terminal")
    asked = subprocess.run(["rustc", "--version"], capture_output=True, text=True)
    found = re.search(r"rustc (\d+)\.(\d+)", asked.stdout)
    if not found:
        raise Failure(f"rustc doesn't run: {asked.stderr.strip()}")
    if tuple(map(int, found.groups())) < OLDEST_RUST:
        needed = ".".join(map(str, OLDEST_RUST))
        raise Failure(
            f"Rust {found[1]}.{found[2]} is too old, {needed} is needed; run: rustup update stable"
        )
