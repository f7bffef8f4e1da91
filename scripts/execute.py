"""Executes notebooks top to bottom through the real kernel.

The first cell that fails ends its notebook's run and is reported with the kernel's message. The
kernel reports a panic, or the error of a `?`, as success with text on stderr. So any text on stderr
counts as a failure. A figure or table shown as bare text does, too; that happens in the first cell
with a `?`. A cell that fails on purpose has Jupyter's tag `raises-exception`.

A notebook's metadata name under `closedform.varied` other values of its settings, such as
`{"seed": "1", "n_points": "3_000"}`. With `--varied` it is executed once with each of them.
"""

import argparse
import contextlib
import os
import queue
import re
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

QUICK = "CLOSEDFORM_QUICK"
TIMEOUT = 1800


class CellFailed(Exception):
    pass


def complaint(cell) -> str:
    """The faults of a cell: its errors, its text on stderr, and figures shown as bare text."""
    if "raises-exception" in cell.metadata.get("tags", []):
        return ""
    texts = [
        "\n".join(output.traceback) if output.output_type == "error" else output.text
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    texts += [
        "a value was shown as bare text: use a `?` in an earlier cell"
        for output in cell.outputs
        if re.match(r"[A-Z]\w* \{", output.get("data", {}).get("text/plain", ""))
    ]
    return re.sub(r"\x1b\[[0-9;]*m", "", "".join(texts)).strip()


def with_settings(notebook, settings: dict[str, str]) -> None:
    """Gives the variables of a notebook other values where they are first defined."""
    for name, value in settings.items():
        definition = re.compile(rf"^(let {name}\b[^=;]*= )[^;]+;", re.MULTILINE)
        for cell in notebook.cells:
            if cell.cell_type == "code" and definition.search(cell.source):
                cell.source = definition.sub(rf"\g<1>{value};", cell.source, count=1)
                break
        else:
            raise ValueError(f"no cell defines {name}")


def said(settings: dict[str, str]) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in settings.items())
    return f" with {values}" if values else ""


def variations(path: Path) -> list[dict[str, str]]:
    return nbformat.read(path, as_version=4).metadata.get("closedform", {}).get("varied", [])


def execute(path: Path, settings: dict[str, str], target: Path, is_alone: bool) -> bool:
    notebook = nbformat.read(path, as_version=4)
    with_settings(notebook, settings)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = time.monotonic()
    number = 0

    def begin(cell, cell_index) -> None:
        nonlocal number
        number += 1
        if is_alone and sys.stdout.isatty():
            print(f"\r{path.name}: cell {number}/{len(code_cells)}", end="", flush=True)

    async def check(cell, cell_index, execute_reply) -> None:
        # Text on stderr may follow the end of the cell, after which nbclient stops reading.
        with contextlib.suppress(queue.Empty):
            while True:
                message = await client.kc.iopub_channel.get_msg(timeout=0.1)
                if message["msg_type"] == "stream":
                    cell.outputs.append(nbformat.v4.output_from_msg(message))
        if complaint(cell):
            raise CellFailed

    client = NotebookClient(
        notebook,
        kernel_name="closedform",
        timeout=TIMEOUT,
        startup_timeout=120,
        coalesce_streams=True,
        # Recorded times would change the file in every run.
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=begin,
        on_cell_executed=check,
    )
    error = None
    try:
        # The kernel's own messages, such as a lost connection at its end, aren't output of a cell.
        client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellFailed):
        pass
    except (DeadKernelError, TimeoutError, RuntimeError) as failure:
        error = str(failure) or f"no answer within {TIMEOUT} s"
    if is_alone and sys.stdout.isatty():
        print("\r\033[K", end="")
    for index, cell in enumerate(code_cells, 1):
        if complaint(cell) or (error and index == number):
            place = f"{path}{said(settings)}, code cell {index} of {len(code_cells)}"
            print(f"{place} failed:\n{complaint(cell) or error}\n", file=sys.stderr)
            return False
    if error:  # before the first cell
        print(f"{path}: {error}", file=sys.stderr)
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".part")
    nbformat.write(notebook, beside)
    beside.replace(target)
    seconds = time.monotonic() - started
    print(f"{path.name}{said(settings)}: {len(code_cells)} cells in {seconds:.0f} s", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--quick", action="store_true", help=f"set {QUICK}: reduced sizes")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--in-place", action="store_true", help="save outputs in the notebook")
    where.add_argument("--into", type=Path, help="save executed copies in this folder")
    parser.add_argument("--jobs", type=int, default=1, help="notebooks executed at once")
    parser.add_argument("--varied", action="store_true", help="execute with the settings in the metadata")
    arguments = parser.parse_args()
    if arguments.quick:
        os.environ[QUICK] = "1"
    missing = [str(path) for path in arguments.notebooks if not path.is_file()]
    if missing:
        print(f"no such notebook: {', '.join(missing)}", file=sys.stderr)
        return 1
    if arguments.varied and arguments.in_place:
        parser.error("--varied is for copies: use --into")
    runs = [
        (path, settings)
        for path in arguments.notebooks
        for settings in (variations(path) if arguments.varied else [{}])
    ]
    if not runs:
        print("no notebook names varied settings in its metadata", file=sys.stderr)
        return 1
    targets = [
        path if arguments.in_place else arguments.into / f"{path.stem}{said(settings)}.ipynb"
        for path, settings in runs
    ]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        is_alone = repeat(arguments.jobs == 1)
        done = list(pool.map(execute, *zip(*runs, strict=True), targets, is_alone))
    print(f"{sum(done)} passed, {len(done) - sum(done)} failed")
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
