"""What is written in Rust. Rows are C-contiguous arrays of float64, `(n_samples, n_features)`."""

from collections.abc import Callable
from os import PathLike
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
# Called with the generation, the number of generations and the least loss.
Listener = Callable[[int, int, float], None]

class Error(ValueError):
    """An argument or data that can't be used: the place, the value found and what is allowed."""

class Adapter(Protocol):
    """A model that is called back; see `closedform._models`."""

    values: Callable[[Rows], NDArray[np.float64]]
    gradients: Callable[[Rows], Rows] | None
    task: str
    answers: str

class Formula:
    """A formula with the names of its features."""

    def __new__(cls, json: str) -> Formula: ...
    def __getnewargs__(self) -> tuple[str]: ...
    @property
    def feature_names(self) -> list[str]:
        """What the features are called, in the order of the columns."""
    @property
    def threshold(self) -> float | None:
        """The second class is where the formula exceeds this number; none without classes."""
    @property
    def complexity(self) -> int:
        """1 for each variable and binary operator, 3 for each number, 5 for each function."""
    def latex(self) -> str:
        """The formula as LaTeX."""
    def source(self, language: str) -> str:
        """Complete code: sympy, latex, rust, numpy, jax, torch, c, javascript, r, matlab, sql, json
        or spreadsheet."""
    def onnx(self) -> bytes:
        """An ONNX model from rows `features` `(n_samples, n_features)` in double precision to their
        values `g` `(n_samples,)`, and with a threshold to their classes `g_is_class_1`."""
    def values(self, rows: Rows) -> NDArray[np.float64]: ...
    def gradients(self, rows: Rows) -> Rows: ...

def parse_formula(text: str, names: list[str]) -> str:
    """A formula's JSON."""

def front_to_latex(report: str) -> str:
    """The front of a report, given as JSON, as a LaTeX table."""

def feature_words(names: list[str]) -> list[str]:
    """What features with these names are called in formulas."""

class Found:
    """What a search found. Formulas are JSON, which `Formula` reads."""

    report: str
    formula: str
    front: list[str]
    figure: str
    logit_scale: float | None

def search_values(
    rows: Rows,
    names: list[str],
    targets: list[float],
    weights: list[float] | None,
    groups: list[float] | None,
    loss: str,
    options: dict[str, Any],
    listener: Listener | None,
) -> Found: ...
def search_labels(
    rows: Rows,
    names: list[str],
    labels: list[bool],
    weights: list[float] | None,
    loss: str,
    options: dict[str, Any],
    listener: Listener | None,
) -> Found: ...
def search_directions(
    rows: Rows,
    names: list[str],
    gradients: Rows,
    weights: list[float] | None,
    options: dict[str, Any],
    listener: Listener | None,
) -> Found: ...

class OutputFormula:
    """A formula's JSON for one output of a layer, and the share of its variance that it leaves."""

    formula: str
    left: float

def replace_outputs(
    rows: Rows,
    names: list[str],
    outputs: Rows,
    held_out: float,
    options: dict[str, Any],
    listener: Listener | None,
) -> list[OutputFormula]: ...

class Link:
    """phi in `f = phi(T)`: a formula's JSON if there is a short one, otherwise a curve."""

    formula: str | None

    def __new__(cls, formula: str | None, curve: str) -> Link: ...
    def __getnewargs__(self) -> tuple[str | None, str]: ...
    def values(self, t: NDArray[np.float64]) -> NDArray[np.float64]: ...

def fit_link(formula: Formula, rows: Rows, values: list[float], seed: int) -> Link: ...

class Run:
    """An interpretation."""

    def found(self) -> Found: ...
    def formula(self) -> str: ...
    def whole(self) -> str | None: ...
    def html(self) -> str: ...
    def predict(self, rows: Rows) -> NDArray[np.float64]: ...
    def save_page(self, path: str | PathLike[str], about: list[tuple[str, str]]) -> None: ...

def interpret(
    adapter: Adapter,
    rows: Rows,
    names: list[str],
    targets: list[float] | None,
    held_out: float,
    by: str,
    smooth: float | None,
    options: dict[str, Any],
    listener: Listener | None,
) -> Run: ...
def model_gradients(
    adapter: Adapter, rows: Rows, names: list[str], smooth: float | None, seed: int
) -> Rows: ...

class Polynomials:
    """A network's polynomials: formulas' JSON, and the JSON of nn2poly with all coefficients."""

    formulas: list[str]
    family: str
    activation: str
    warnings: list[str]

def polynomials(
    network: str,
    names: list[str],
    rows: Rows | None,
    max_order: int,
    taylor_orders: list[int],
    taylor_centers: list[float | str],
    economize: int | None,
    expand_output: bool,
    max_memory: int,
) -> Polynomials: ...
