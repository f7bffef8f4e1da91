"""The notebook runs from start to end."""

import importlib.util
import warnings
from pathlib import Path

import pytest


def test_the_notebook_runs():
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    path = Path(__file__).parents[1] / "closedform.ipynb"
    notebook = nbformat.read(path, as_version=4)
    if importlib.util.find_spec("torch") is None:
        warnings.warn("the notebook's cells with torch are NOT TESTED: it isn't installed")
        notebook.cells = [c for c in notebook.cells if "torch" not in c.metadata.get("tags", [])]
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
