"""Installs what is missing in the project folder: `make setup`.

Each finished step leaves a stamp in .tools/stamps, which holds what the step was made from. A step
whose stamp is up to date is skipped. So a second run starts at once, and a stopped one continues
where it stopped.
"""

import hashlib
import itertools
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import libtorch
import requirements
from steps import ROOT, TOOLS, VENV, Failure, Step, check_room, python, run, stop_all

EVCXR_VERSION = "0.22.0"


def install_python_packages() -> None:
    if not python().exists():
        run([sys.executable, "-m", "venv", str(VENV)], "venv")
    run(
        [str(python()), "-m", "pip", "install", "--disable-pip-version-check", "-r",
         str(ROOT / "scripts" / "requirements.txt")],
        "python-packages",
    )


def install_kernel() -> None:
    build = TOOLS / "build-evcxr"
    run(
        ["cargo", "install", "--locked", "evcxr_jupyter", "--version", EVCXR_VERSION,
         "--root", str(TOOLS / "evcxr"), "--target-dir", str(build), "--force",
         "--config", str(ROOT / "scripts" / "kernel" / "build.toml")],
        "evcxr",
    )
    # Kept until now, so that a stopped installation can continue. The 2 GB are no longer needed.
    run(["rm", "-rf", str(build)], "evcxr-clean")


def prepare_kernel() -> None:
    run([str(python()), str(ROOT / "scripts" / "kernel" / "prepare.py")], "kernel-prepare")


def digest(*paths: Path) -> str:
    """A hash of the given files, and of all files in the given folders."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if "__pycache__" not in file.parts:
                total.update(str(file.relative_to(ROOT)).encode())
                total.update(file.read_bytes())
    return total.hexdigest()


def newest(folder: Path) -> int:
    """The time of the last change to a file in the folder, in nanoseconds."""
    return max(path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file())


def steps() -> list[Step]:
    sources = [ROOT / "src", ROOT / "studies" / "src"]
    manifests = [ROOT / name for name in ("build.rs", "Cargo.toml", "Cargo.lock", "studies/Cargo.toml")]
    # Cargo compares times: after a change that was undone, every notebook would compile the crate.
    library = digest(*sources, *manifests) + str(max(map(newest, sources)))
    kernel_scripts = digest(ROOT / "scripts" / "kernel")
    compiler = subprocess.run(["rustc", "-vV"], cwd=ROOT, capture_output=True, text=True).stdout
    return [
        Step(
            name="python-packages",
            what="JupyterLab and its Python packages, into .venv",
            usually="1 minute",
            gigabytes=0.6,
            made_from=digest(ROOT / "scripts" / "requirements.txt") + sys.version,
            work=install_python_packages,
        ),
        libtorch.step(),
        Step(
            name="evcxr",
            what=f"the Rust kernel evcxr_jupyter {EVCXR_VERSION}, compiled into .tools/evcxr",
            usually="7 minutes on two cores",
            gigabytes=2.5,
            made_from=EVCXR_VERSION,
            work=install_kernel,
        ),
        Step(
            name="kernel",
            what="the kernel's entry in Jupyter, and what the notebooks depend on, compiled ahead",
            usually="3 minutes, 20 seconds after a change in src/",
            gigabytes=1.5,
            made_from=" ".join(
                [library, kernel_scripts, libtorch.folder(), libtorch.device(), compiler, str(ROOT)]
            ),
            work=prepare_kernel,
        ),
    ]


def main() -> None:
    requirements.check()
    begin = time.monotonic()
    missing = [step for step in steps() if not step.is_done()]
    check_room(missing)
    numbers = itertools.count(1)

    def work_through(names: list[str]) -> None:
        for step in missing:
            if step.name in names:
                heading = f"[{next(numbers)}/{len(missing)}] {step.what}"
                print(f"{heading} (usually {step.usually})", flush=True)
                step.run()

    # Compiling needs no network, and pip needs little else, so the two run at once.
    with ThreadPoolExecutor(1) as beside:
        compiled = beside.submit(work_through, ["evcxr"])
        try:
            work_through(["python-packages", "libtorch"])
            compiled.result()
        except BaseException:
            stop_all()
            raise
    work_through(["kernel"])
    if missing:
        print(f"set-up done in {time.monotonic() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"make: {failure}")
    except KeyboardInterrupt:
        sys.exit("\nmake: stopped; finished steps are kept, the same command continues from here")
