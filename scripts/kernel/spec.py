"""The kernelspec "Rust (closedform)", and Rust's own sources for the kernel's type inference."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STD = ROOT / ".tools" / "std"


def sysroot() -> Path:
    asked = subprocess.run(
        ["rustc", "--print", "sysroot"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Path(asked.stdout.strip())


def link_std() -> None:
    """Links the sources of core, alloc and std, which the kernel needs to infer types.

    These three are read in 2 s. Their folder holds twice as much other code, which isn't linked.
    """
    library = sysroot() / "lib" / "rustlib" / "src" / "rust" / "library"
    if not (library / "std").is_dir() and shutil.which("rustup"):
        print("    adding rust-src, Rust's own sources, to your toolchain", flush=True)
        subprocess.run(["rustup", "component", "add", "rust-src"], cwd=ROOT, capture_output=True)
    if not (library / "std").is_dir():
        sys.exit(
            f"rust-src is missing in {library}: the kernel can't infer types without Rust's own "
            "sources; run `rustup component add rust-src`, or install your system's package rust-src"
        )
    for crate in ("core", "alloc", "std"):
        link = STD / crate / "src"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(library / crate / "src")


def write() -> None:
    """Writes all variables that the kernel needs, so that it starts without the Makefile's."""
    spec = {
        "display_name": "Rust (closedform)",
        "language": "rust",
        "interrupt_mode": "signal",
        # -S and -E: without site-packages Python starts faster.
        "argv": [sys.executable, "-SE", str(HERE / "launch.py"), "{connection_file}"],
        "env": {
            "LIBTORCH": os.environ["LIBTORCH"],
            "RUST_SRC_PATH": str(STD),
            # The compiler itself, not rustup's stand-in, which takes 0.05 s more at every call.
            "CLOSEDFORM_RUST": str(sysroot() / "bin"),
            "CLOSEDFORM_CARGO_HOME": os.environ["CARGO_HOME"],
        },
    }
    folder = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "closedform"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps(spec, indent=2) + "\n")
