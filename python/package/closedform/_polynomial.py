"""Networks as polynomials."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, softmax

from . import _core
from ._data import column_names, feature_words, to_rows
from ._formula import Formula
from ._models._dense import dense_layers, to_json


def polynomial(
    model: Any,
    X: Any = None,
    *,
    max_order: int = 2,
    taylor_order: int | list[int] = 8,
    taylor_center: float | str | list[float | str] = 0.0,
    economize: int | None = None,
    expand_output: bool = False,
    max_memory: int = 1024,
    feature_names: Any = None,
) -> NetworkPolynomials:
    """Turns a dense network into polynomials, by the Taylor series of its activations (Morala et
    al. 2021, 2023), as the R package nn2poly does.

    Args:
        model: `MLPRegressor` or `MLPClassifier` of scikit-learn, alone or after a `StandardScaler`
            in a pipeline, or a `Sequential` of torch or keras.
        X: Rows `(n_samples, n_features)` that show which inputs occur, for warnings and for centers
            at the mean. Without them, inputs are assumed to lie in [-1, 1].
        max_order: The highest order of the polynomials.
        taylor_order: The order of the series: one for all layers, or a list with one for each.
        taylor_center: Where the series are expanded: a number or `"mean"`, or a list for the layers.
        economize: Give the polynomial of this order that is closest over the ranges of `X`.
        expand_output: Expand a sigmoid in the last layer, too, instead of giving its logit.
        max_memory: The most memory that the conversion may take, in MiB.
        feature_names: What the inputs are called, if `X` has no names.

    Warns:
        UserWarning: Where the series can't describe the network.

    Raises:
        Error: Arguments outside their ranges, or a network with other layers.
    """
    layers = dense_layers(model)
    n_inputs = layers[0].weights.shape[0]
    given = feature_names if feature_names is not None else column_names(X)
    orders = taylor_order if isinstance(taylor_order, list) else [taylor_order]
    centers = taylor_center if isinstance(taylor_center, list) else [taylor_center]
    found = _core.polynomials(
        to_json(layers), feature_words(given, n_inputs), None if X is None else to_rows(X),
        max_order, orders, centers, economize, expand_output, max_memory,
    )  # fmt: skip
    for sentence in found.warnings:
        warnings.warn(sentence, stacklevel=2)
    return NetworkPolynomials(found)


class NetworkPolynomials:
    """The polynomials of a network's outputs.

    Attributes:
        formulas: The polynomial of each output; of a classifier's logit or logits.
        coefficients: A DataFrame with a row for each monomial and a column for each output. The
            monomial `1,1,2` is x1^2 x2, as in nn2poly.
        activation: What turns the polynomials into outputs: `linear`, `sigmoid` or `softmax`.
    """

    def __init__(self, found: _core.Polynomials) -> None:
        family = json.loads(found.family)
        self.formulas = [Formula(formula) for formula in found.formulas]
        labels = [",".join(map(str, label)) or "0" for label in family["labels"]]
        self.coefficients = pd.DataFrame(
            family["values"], index=pd.Index(labels, name="monomial")
        )
        self.activation = found.activation

    def predict(self, X: Any) -> np.ndarray:
        """Outputs at rows `(n_samples, n_features)`: `(n_samples, n_outputs)`."""
        rows = to_rows(X)
        values = np.column_stack([formula(rows) for formula in self.formulas])
        if self.activation == "sigmoid":
            return expit(values)
        if self.activation == "softmax":
            return softmax(values, axis=1)
        return values

    def __str__(self) -> str:
        lines = (f"output {index} = {formula}" for index, formula in enumerate(self.formulas))
        return "\n".join(lines)

    def _repr_latex_(self) -> str:
        lines = (
            f"y_{{{index}}} &= {formula.latex()}" for index, formula in enumerate(self.formulas)
        )
        return "$$\\begin{align}" + "\\\\".join(lines) + "\\end{align}$$"
