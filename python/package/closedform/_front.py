"""The front of a search as a table."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from . import _core
from ._formula import Formula


def front_table(report: dict[str, Any], formulas: list[str]) -> pd.DataFrame:
    """Every formula of the front with its complexity and loss, the simplest first.

    `r2` is what it explains of held-out rows and `unit` its unit, where these are known. `is_chosen`
    marks the formula that was chosen.
    """
    rows = report["pareto_front"]
    held_out = [row["held_out"] for row in rows]
    table = pd.DataFrame(
        {
            "complexity": [row["complexity"] for row in rows],
            "loss": [row["loss"] for row in rows],
            "r2": [1 - found["loss"] if found else None for found in held_out],
            "unit": [row["unit"] for row in rows],
            "formula": [Formula(formula) for formula in formulas],
            "is_chosen": [row["formula"] == report["formula"] for row in rows],
        }
    )
    return table.dropna(axis="columns", how="all")


def front_latex(report: dict[str, Any]) -> str:
    """The front as a LaTeX table, in which an arrow marks the formula that was chosen."""
    return _core.front_to_latex(json.dumps(report))
