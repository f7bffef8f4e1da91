"""Symbolic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import _check_sample_weight, validate_data

from . import _core
from ._estimator import FormulaEstimator
from ._progress import Progress


class SymbolicRegressor(RegressorMixin, FormulaEstimator):
    """Finds a formula for measured values.

    The formula is chosen by cross-validation: by default the simplest one whose error on held-out
    rows is within one standard error of the least.

    Args:
        loss: How errors count: `squared`, `absolute` or `poisson`.
        operators: The operators of formulas, as a list or as text such as `"+,-,*,/,sin,exp"`.
        max_complexity: The highest complexity: 1 for each variable and binary operator, 3 for each
            number, 5 for each function.
        n_generations: How many generations formulas evolve for.
        time_limit: The longest time in seconds; without `n_generations`, all of it is used.
        choose: The formula of the front: `accuracy`, `balanced` or `simple`.
        units: The features' units, as a list, by column in a dictionary, or as text.
        target_unit: The unit of the values.
        guesses: Formulas to start from.
        template: The form of the formula, such as `"f(x1, x2) + g(x3)"`.
        checkpoint: A file that keeps the state of the search, which goes on from there.
        options: Further options of the search by name, such as `{"max_depth": 3}`; see the README.
        random_state: Fixes every random choice; none is 0.
        progress: Whether a terminal or a notebook shows a progress bar.

    >>> import numpy as np
    >>> X = np.random.default_rng(0).uniform(1, 3, (200, 2))
    >>> SymbolicRegressor().fit(X, X[:, 0] / X[:, 1]).formula_
    Formula("x1/x2")
    """

    def __init__(
        self,
        *,
        loss: str = "squared",
        operators: Any = None,
        max_complexity: int | None = None,
        n_generations: int | None = None,
        time_limit: float | None = None,
        choose: str | None = None,
        units: Any = None,
        target_unit: str | None = None,
        guesses: Any = None,
        template: str | None = None,
        checkpoint: Any = None,
        options: dict[str, Any] | None = None,
        random_state: Any = None,
        progress: bool = False,
    ) -> None:
        self.loss = loss
        self.operators = operators
        self.max_complexity = max_complexity
        self.n_generations = n_generations
        self.time_limit = time_limit
        self.choose = choose
        self.units = units
        self.target_unit = target_unit
        self.guesses = guesses
        self.template = template
        self.checkpoint = checkpoint
        self.options = options
        self.random_state = random_state
        self.progress = progress

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None
    ) -> SymbolicRegressor:
        """Searches for a formula with values near `y` `(n_samples,)`.

        Rows count by `sample_weight`. Rows of one of the `groups` are held out together.
        """
        X, y = validate_data(
            self, X, y, dtype=np.float64, order="C", y_numeric=True, ensure_min_samples=2
        )
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X).tolist()
        if groups is not None:
            groups = np.unique(groups, return_inverse=True)[1].astype(float).tolist()
        with Progress(self.progress) as listener:
            found = _core.search_values(
                X, self._words(), y.astype(float).tolist(), weights, groups, self.loss,
                self._search_options(), listener,
            )  # fmt: skip
        self._keep(found)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The formula's values at rows `(n_samples, n_features)`: `(n_samples,)`."""
        return self._values(X)
