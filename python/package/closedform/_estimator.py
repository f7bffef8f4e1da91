"""What the estimators of scikit-learn's kind have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from . import _core
from ._data import feature_words
from ._figure import Figure
from ._formula import Formula
from ._front import front_latex, front_table
from ._options import search_options
from ._progress import warn_if_incomplete

if TYPE_CHECKING:
    import pandas as pd
    import sympy
    import torch

# What the search's options with a parameter of their own are called.
SEARCH_PARAMETERS = (
    "operators", "max_complexity", "n_generations", "time_limit", "choose", "units",
    "target_unit", "guesses", "template", "checkpoint",
)  # fmt: skip


class FormulaEstimator(BaseEstimator):
    """An estimator whose fit is a search for a formula.

    Attributes:
        formula_: The chosen formula.
        front_: Every formula of the front with complexity and loss, as a DataFrame.
        report_: What the search found, as the command line's `--json` gives it.
        n_features_in_: The number of features.
        feature_names_in_: The names of the columns, if `X` had names.
    """

    formula_: Formula
    front_: pd.DataFrame
    report_: dict[str, Any]

    def figure(self) -> Figure:
        """The front as a drawing: loss against complexity."""
        check_is_fitted(self, "formula_")
        return self._figure

    def sympy(self) -> sympy.Expr:
        """The formula as an expression of sympy."""
        return self._fitted_formula().sympy()

    def latex(self) -> str:
        """The formula as LaTeX."""
        return self._fitted_formula().latex()

    def front_latex(self) -> str:
        """Every formula of the front as a LaTeX table."""
        check_is_fitted(self, "formula_")
        return front_latex(self.report_)

    def torch(self) -> torch.nn.Module:
        """The formula as a torch module whose numbers are parameters."""
        return self._fitted_formula().torch()

    def jax(self) -> Callable[[Any], Any]:
        """The formula as a function of jax arrays."""
        return self._fitted_formula().jax()

    def numpy(self) -> Callable[[Any], np.ndarray]:
        """The formula as a function of numpy arrays."""
        return self._fitted_formula().numpy()

    def _fitted_formula(self) -> Formula:
        check_is_fitted(self, "formula_")
        return self.formula_

    def _words(self) -> list[str]:
        """What the features are called in formulas."""
        return feature_words(getattr(self, "feature_names_in_", None), self.n_features_in_)

    def _search_options(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in SEARCH_PARAMETERS}
        return search_options({**(self.options or {}), **own}, self.random_state)

    def _keep(self, found: _core.Found) -> None:
        """Keeps what a search found."""
        self.report_ = warn_if_incomplete(found.report)
        self.formula_ = Formula(found.formula)
        self.front_ = front_table(self.report_, found.front)
        self._figure = Figure(found.figure)

    def _values(self, X: Any) -> np.ndarray:
        """The formula's values at rows `(n_samples, n_features)`."""
        check_is_fitted(self, "formula_")
        rows = validate_data(self, X, reset=False, dtype=np.float64, order="C")
        return self.formula_.values(rows)
