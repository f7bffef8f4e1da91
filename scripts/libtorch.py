"""Installs libtorch from the PyTorch wheel, in the layout that tch expects: .tools/libtorch.

The CPU needs three wheels out of seventeen. For the CPU, libtorch_cuda.so is left out of the folder
on purpose: without it tch doesn't look for CUDA.
"""

import os
import re
import shutil
import sys
from pathlib import Path

from steps import ROOT, STAMPS, TOOLS, VENV, Failure, Step, python, run

VERSION = "2.13.0"
WHEELS = [f"torch=={VERSION}"]
# libtorch_cpu.so of the Linux wheel is linked against these two, even if no GPU is used. The
# versions are those that the wheel requires (cuda-toolkit 13.0.3).
LINUX_WHEELS = ["nvidia-cuda-runtime==13.0.96", "nvidia-cuda-cupti==13.0.85"]
FOLDER = TOOLS / "libtorch"


def folder() -> str:
    """The libtorch in use: the user's, or the project's."""
    return os.environ.get("CLOSEDFORM_LIBTORCH") or str(FOLDER)


def device() -> str:
    """The requested device, otherwise the installed one, otherwise the CPU."""
    stamp = STAMPS / "libtorch"
    installed = stamp.read_text().split()[:1] if stamp.exists() else []
    return os.environ.get("DEVICE") or (installed[0] if "cuda" in installed else "cpu")


def wants_cuda() -> bool:
    return device() == "cuda"


def step() -> Step:
    given = os.environ.get("CLOSEDFORM_LIBTORCH")
    if given:
        check(Path(given))
        return Step("libtorch", "", "", 0, given, lambda: None)
    if device() not in ("cpu", "cuda"):
        raise Failure(f"DEVICE is {device()}, but must be cpu or cuda")
    size = "4.7 GB with CUDA, 10 minutes" if wants_cuda() else "540 MB, 2 minutes"
    return Step(
        name="libtorch",
        what=f"libtorch {VERSION} for {device().upper()}, from the PyTorch wheel",
        usually=size,
        gigabytes=12 if wants_cuda() else 3,
        made_from=" ".join([device(), *wheels()]),
        work=install,
    )


def wheels() -> list[str]:
    return WHEELS + (LINUX_WHEELS if sys.platform == "linux" else [])


def install() -> None:
    packages = WHEELS if wants_cuda() else ["--no-deps", *wheels()]
    run(
        [str(python()), "-m", "pip", "install", "--disable-pip-version-check", *packages],
        "libtorch",
    )
    found = list(VENV.glob("lib/python3.*/site-packages/torch"))
    if not found:
        raise Failure("the PyTorch wheel has no folder torch; remove .venv and run again")
    lay_out(found[0])
    check(FOLDER)


def lay_out(torch: Path) -> None:
    """Links what tch needs into a new folder, which then replaces the old one."""
    beside = FOLDER.with_suffix(".part")
    shutil.rmtree(beside, ignore_errors=True)
    (beside / "lib").mkdir(parents=True)
    link(beside / "include", torch / "include")
    if wants_cuda() or sys.platform != "linux":
        libraries = [*torch.glob("lib/*.so*"), *torch.glob("lib/*.dylib")]
    else:
        names = ("libc10.so", "libtorch_cpu.so", "libgomp.so.1")
        libraries = [torch / "lib" / name for name in names]
        libraries += torch.parent.glob("nvidia/*/lib/libcudart.so.*")
        libraries += torch.parent.glob("nvidia/*/lib/libcupti.so.*")
    for library in libraries:
        link(beside / "lib" / library.name, library)
    if not (beside / "lib" / "libtorch.so").exists() and sys.platform == "linux":
        (beside / "lib" / "libtorch.so").symlink_to("libtorch_cpu.so")
    (beside / "build-version").write_text(VERSION + "\n")
    if FOLDER.is_symlink() or FOLDER.is_file():
        FOLDER.unlink()
    shutil.rmtree(FOLDER, ignore_errors=True)
    beside.rename(FOLDER)


def link(place: Path, target: Path) -> None:
    # Relative to the folder's final place, so that the project can be moved.
    final = FOLDER / place.relative_to(FOLDER.with_suffix(".part"))
    place.symlink_to(os.path.relpath(target, final.parent))


def check(libtorch: Path) -> None:
    """Refuses a libtorch that tch can't link."""
    names = ("libtorch_cpu.so", "libtorch_cpu.dylib")
    if not any((libtorch / "lib" / name).exists() for name in names):
        raise Failure(
            f"LIBTORCH is {libtorch}, but there is no lib/libtorch_cpu in it; "
            "name a libtorch folder, or unset LIBTORCH to use the wheel"
        )
    version = read_version(libtorch)
    if version is not None and version != VERSION:
        raise Failure(
            f"the libtorch in {libtorch} is version {version}, but tch needs {VERSION}; "
            "name another folder, or unset LIBTORCH to use the wheel"
        )


def read_version(libtorch: Path) -> str | None:
    for name in ("build-version", "version.py"):
        file = libtorch / name
        found = re.search(r"\d+\.\d+\.\d+", file.read_text()) if file.exists() else None
        if found:
            return found[0]
    return None
