"""Drives the project's kernel without a notebook."""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from jupyter_client import KernelManager

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"


class CellError(Exception):
    """A cell failed; the text is what the notebook would show."""


class Kernel:
    def __init__(self, manager: KernelManager) -> None:
        self.interrupt = manager.interrupt_kernel
        self.client = manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def run(self, code: str, hear: Callable[[str], None] = lambda text: None) -> str:
        """Executes a cell and returns its text. `hear` receives the text as it arrives."""
        texts: list[str] = []
        errors: list[str] = []

        def take(message: dict) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                texts.append(content["text"])
                hear(content["text"])
            elif message["msg_type"] in ("execute_result", "display_data"):
                texts.append(str(content["data"].get("text/plain", "")))
            elif message["msg_type"] == "error":
                errors.append("\n".join(content["traceback"]) or content["evalue"])

        reply = self.client.execute_interactive(code, timeout=3600, output_hook=take)
        if errors or reply["content"]["status"] != "ok":
            raise CellError(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(errors)))
        return "".join(texts)

    def time(self, code: str) -> float:
        begin = time.perf_counter()
        self.run(code)
        return time.perf_counter() - begin


@contextlib.contextmanager
def kernel() -> Iterator[Kernel]:
    manager = KernelManager(kernel_name="closedform")
    # The kernel's own output, such as cargo's "Compiling ...", goes where the caller's output goes.
    manager.start_kernel(cwd=str(NOTEBOOKS))
    started = None
    try:
        started = Kernel(manager)
        yield started
    finally:
        if started:
            started.client.stop_channels()
        manager.shutdown_kernel(now=True)


def setup_cell(name: str = "00_start_here.ipynb") -> str:
    """The set-up cell of a notebook; nearly all notebooks have the same one."""
    notebook = json.loads((NOTEBOOKS / name).read_text())
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and source.startswith(":dep closedform"):
            return source
    raise SystemExit(f"notebooks/{name} has no cell that begins with `:dep closedform`")
