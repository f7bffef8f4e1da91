"""Registers the kernel with Jupyter and compiles the notebooks' dependencies in advance.

It runs the notebooks' set-up cell once in the real kernel and keeps that kernel's folder as
.tools/prepared, from which every later kernel starts. After a change in src/ only the library is
compiled again. If the step is stopped, what has been compiled so far is kept.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import launch
import spec
from client import CellError, kernel, setup_cell


# Its set-up cell also names the studies, which few notebooks do.
NAMES_EVERYTHING = "10_simulation_study.ipynb"


def keep(folder: Path) -> None:
    new, old = launch.TOOLS / "prepared.new", launch.TOOLS / "prepared.old"
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    launch.clone(str(folder), str(new))
    if launch.PREPARED.exists():
        launch.PREPARED.rename(old)
    new.rename(launch.PREPARED)
    shutil.rmtree(old, ignore_errors=True)


def compile_cells() -> None:
    compiler = next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))))
    source = Path(__file__).with_name("cells.cpp")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", launch.CELLS, source], check=True)


def main() -> None:
    Path(os.environ["IPYTHONDIR"]).mkdir(parents=True, exist_ok=True)  # otherwise IPython warns
    spec.link_std()
    compile_cells()
    spec.write()
    with kernel() as running:
        folder = running.run('println!("{}", std::env::var("EVCXR_TMPDIR").unwrap());').strip()
        try:
            running.run(setup_cell(NAMES_EVERYTHING))
        finally:
            keep(Path(folder))


if __name__ == "__main__":
    try:
        main()
    except CellError as error:
        sys.exit(f"the notebooks' set-up cell failed: {error}")
    except RuntimeError as error:  # the kernel died
        sys.exit(f"the kernel doesn't start: {error}")
