"""Progress bars on terminals and in notebooks, and what is said after Ctrl-C."""

from __future__ import annotations

import json
import sys
import warnings

with warnings.catch_warnings():
    # Without ipywidgets, a notebook gets a bar of text.
    warnings.simplefilter("ignore")
    from tqdm.auto import tqdm


class Progress:
    """Listens to a search and shows how far it is, where somebody looks on."""

    def __init__(self, is_shown: bool) -> None:
        self.is_shown = is_shown and (sys.stderr.isatty() or is_notebook())

    def __enter__(self) -> Progress:
        self.bar = tqdm(desc="searching", leave=False, disable=not self.is_shown)
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def __call__(self, generation: int, n_generations: int, loss: float) -> None:
        self.bar.total = n_generations
        self.bar.n = generation
        self.bar.set_postfix_str(f"loss {loss:.2e}", refresh=False)
        self.bar.update(0)


def is_notebook() -> bool:
    """Whether the code runs in a Jupyter kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return type(shell).__name__ == "ZMQInteractiveShell"


def warn_if_incomplete(report: str) -> dict:
    """Reads a report, and says so if Ctrl-C ended its search or its checkpoint wasn't written."""
    read = json.loads(report)
    if read["stop_reason"] == "interrupted":
        warnings.warn(
            "the search was interrupted; the result is the best that it had found",
            stacklevel=3,
        )
    if read["unsaved"] is not None:
        warnings.warn(f"the checkpoint is not saved: {read['unsaved']}", stacklevel=3)
    return read
