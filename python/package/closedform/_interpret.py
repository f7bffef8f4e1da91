"""The interpretation of a trained model."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from . import _core
from ._data import column_names, feature_words, to_numbers, to_rows
from ._figure import Figure
from ._formula import Formula
from ._front import front_latex, front_table
from ._models import Adapter, adapt
from ._models._adapter import Output
from ._options import search_options
from ._progress import Progress, warn_if_incomplete


def interpret(
    model: Any,
    X: Any,
    y: Any = None,
    *,
    layer: str | None = None,
    output: Output = None,
    task: str | None = None,
    answers: str | None = None,
    by: str = "auto",
    smooth: float | None = None,
    held_out: float = 0.2,
    batch_size: int = 4096,
    feature_names: Any = None,
    seed: int = 0,
    progress: bool = True,
    **search: Any,
) -> Interpretation:
    """Searches for the formula behind a trained model, and judges it.

    Args:
        model: A torch module, a keras model, an estimator of scikit-learn, or a function of rows
            that gives one number for each.
        X: Rows `(n_samples, n_features)` at which the model is asked: an array, a tensor, or a
            DataFrame, whose column names the formula then has.
        y: The data's targets. With them, the formula's predictions are compared with the model's.
        layer: The name of an inner layer of a torch module to interpret, such as `"encoder.3"`.
        output: Which of several outputs or neurons, counted from 0; a pair for a difference.
        task: `"classification"` or `"regression"`; that of the estimator, otherwise regression.
        answers: What a classifier's values are: `"latent"`, the logit (default), or
            `"probability"`. Estimators of scikit-learn know it themselves.
        by: What the formula is matched to: `"directions"` of the gradients, `"values"`, or `"auto"`.
        smooth: For step functions such as trees: gradients are slopes of fits that spread over this
            share of each feature's range.
        held_out: The share of the rows that judges the formula.
        batch_size: How many rows a torch module is given at once.
        feature_names: What the features are called, if `X` has no names.
        seed: Fixes every random choice.
        progress: Whether a terminal or a notebook shows a progress bar.
        search: Options of the search, such as `operators="+,-,*,/,sin,exp"`, `max_complexity`,
            `time_limit` in seconds, `units`; see the README.

    Raises:
        Error: Arguments outside their ranges, or a model that can't be interpreted.
    """
    rows = to_rows(X)
    given = feature_names if feature_names is not None else column_names(X)
    names = feature_words(given, rows.shape[1])
    adapter = adapt(
        model, X, rows, layer=layer, output=output, task=task, answers=answers,
        batch_size=batch_size,
    )  # fmt: skip
    options = search_options(search, seed)
    if y is not None and adapter.class_1 is not None:
        y = np.asarray(y) == adapter.class_1
    with Progress(progress) as listener:
        run = _core.interpret(
            adapter, rows, names, to_numbers(y, "y"), held_out, by, smooth, options, listener
        )
    gradients = "by differences of values"
    if smooth is not None:
        gradients = f"slopes of fits over {smooth:g} of the ranges"
    elif adapter.gradients is not None:
        gradients = "exact"
    return Interpretation(run, adapter, gradients)


class Interpretation:
    """A formula for a model, and how far it explains the model.

    Attributes:
        formula: The formula T, for a classifier with its threshold.
        phi: The function phi in `f = phi(T)` as text in `T`, where f is the model; none if no short
            formula is about as good as its curve.
        whole: A regressor's whole formula, phi with T inserted, or the closest one if phi has no
            formula: `report["whole_explained"]` says how close. None for classifiers.
        verdict: What the figures come to: `same_concept`, `same_decision`, `same_accuracy` or
            `not_explained`.
        intervals: The formula's numbers with 95 % intervals, as a DataFrame.
        certificate: The figures behind the verdict.
        front_: Every formula of the search, as a DataFrame.
        gradients: How the model's gradients were computed.
        report: Everything, as the command line's `--json` gives it.
    """

    def __init__(self, run: _core.Run, adapter: Adapter, gradients: str) -> None:
        found = run.found()
        self._run = run
        self._figure = Figure(found.figure)
        self.report: dict[str, Any] = warn_if_incomplete(found.report)
        self.formula = Formula(run.formula())
        whole = run.whole()
        self.whole = None if whole is None else Formula(whole)
        self.phi: str | None = self.report["link"]["formula"]
        self.certificate: dict[str, Any] = self.report["certificate"]
        self.verdict: str = self.certificate["verdict"]
        self.intervals = pd.DataFrame(self.certificate["constants"])
        self.front_ = front_table(self.report, found.front)
        self.gradients = gradients

    def predict(self, X: Any) -> np.ndarray:
        """The formula's answers at rows `(n_samples, n_features)`: a regressor's predictions, a
        classifier's probabilities of class 1."""
        return self._run.predict(to_rows(X))

    def figure(self) -> Figure:
        """The front as a drawing: loss against complexity."""
        return self._figure

    def front_latex(self) -> str:
        """Every formula of the search as a LaTeX table."""
        return front_latex(self.report)

    def save_page(self, path: str | PathLike[str]) -> None:
        """Writes everything as one HTML page that needs no other file."""
        self._run.save_page(path, [("gradients", self.gradients)])

    def __str__(self) -> str:
        return f"{self._run}  {'gradients of the model':<44} {self.gradients}"

    def __repr__(self) -> str:
        return f"<Interpretation {self.formula}, {self.verdict}>"

    def _repr_html_(self) -> str:
        return f"{self._run.html()}<p>Gradients: {self.gradients}.</p>{self._figure._repr_html_()}"
