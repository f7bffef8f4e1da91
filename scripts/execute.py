"""Executes notebooks top to bottom through the real kernel.

The first cell that fails ends the run, with the notebook, the cell and the kernel's message.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

QUICK = "CLOSEDFORM_QUICK"


def execute(path: Path, target: Path) -> bool:
    notebook = nbformat.read(path, as_version=4)
    n_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    started = time.monotonic()
    progress = {"cell": 0}

    def report(cell, cell_index) -> None:
        progress["cell"] += 1
        if sys.stdout.isatty():
            print(f"\r{path.name}: cell {progress['cell']}/{n_cells}", end="", flush=True)

    client = NotebookClient(
        notebook,
        kernel_name="closedform",
        timeout=1800,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=report,
    )
    place = f"{path}, code cell {{}} of {n_cells}"
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError) as error:
        print(f"\n{place.format(progress['cell'])} failed:\n{error}", file=sys.stderr)
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".part")
    nbformat.write(notebook, beside)
    beside.replace(target)
    seconds = time.monotonic() - started
    start = "\r" if sys.stdout.isatty() else ""
    print(f"{start}{path.name}: {n_cells} cells in {seconds:.0f} s", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--quick", action="store_true", help=f"set {QUICK}: reduced sizes")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--in-place", action="store_true", help="save outputs in the notebook")
    where.add_argument("--into", type=Path, help="save executed copies in this folder")
    arguments = parser.parse_args()
    if arguments.quick:
        os.environ[QUICK] = "1"
    missing = [str(path) for path in arguments.notebooks if not path.is_file()]
    if missing:
        print(f"no such notebook: {', '.join(missing)}", file=sys.stderr)
        return 1
    done = [
        execute(path, path if arguments.in_place else arguments.into / path.name)
        for path in arguments.notebooks
    ]
    print(f"{sum(done)} passed, {len(done) - sum(done)} failed")
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
