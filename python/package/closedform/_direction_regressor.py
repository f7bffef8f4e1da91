"""Regression by the directions of gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import _check_sample_weight, has_fit_parameter, validate_data

from . import _core
from ._data import to_rows
from ._estimator import FormulaEstimator
from ._formula import Formula
from ._models import adapt
from ._options import to_seed
from ._progress import Progress


class DirectionRegressor(RegressorMixin, FormulaEstimator):
    """Finds a formula T with `y = phi(T)`, where phi is any monotone function.

    It matches the directions of gradients, which don't depend on phi, and then fits phi to `y`.
    The gradients are those given to `fit`, or else those of an estimator that is fitted first.

    Args:
        estimator: The estimator whose gradients are taken if none are given: by default a network
            of scikit-learn with two hidden layers, on standardized inputs.

    The other arguments are those of `SymbolicRegressor`.

    Attributes:
        estimator_: The fitted estimator; none if gradients were given.
        phi_: phi as a formula in `T`; none if no short one is about as good as the curve.
    """

    def __init__(
        self,
        estimator: BaseEstimator | None = None,
        *,
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
        self.estimator = estimator
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
        self, X: Any, y: Any, sample_weight: Any = None, gradients: Any = None
    ) -> DirectionRegressor:
        """Searches for a formula whose gradients have the directions of `gradients`
        `(n_samples, n_features)`, and fits phi to `y` `(n_samples,)`.

        Directions of rows count by `sample_weight`.
        """
        X, y = validate_data(
            self, X, y, dtype=np.float64, order="C", y_numeric=True, ensure_min_samples=2
        )
        if self.n_features_in_ == 1:
            raise _core.Error(
                "X has n_features = 1, but at least 2 are needed: all functions of one feature have "
                "the same directions; use SymbolicRegressor"
            )
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X)
        self.estimator_ = None
        if gradients is None:
            gradients = self._gradients_of_estimator(X, y, weights)
        options = self._search_options()
        with Progress(self.progress) as listener:
            found = _core.search_directions(
                X, self._words(), to_rows(gradients, "gradients"),
                None if weights is None else weights.tolist(), options, listener,
            )  # fmt: skip
        self._keep(found)
        self._link = _core.fit_link(self.formula_, X, y.astype(float).tolist(), options["seed"])
        self.phi_ = None if self._link.formula is None else Formula(self._link.formula)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """phi at the formula's values at rows `(n_samples, n_features)`: `(n_samples,)`."""
        values = self._values(X)
        return self._link.values(values)

    def _gradients_of_estimator(
        self, X: np.ndarray, y: np.ndarray, weights: np.ndarray | None
    ) -> np.ndarray:
        """Fits the estimator, and takes its gradients."""
        seed = to_seed(self.random_state)
        self.estimator_ = network(seed) if self.estimator is None else clone(self.estimator)
        takes_weights = weights is not None and has_fit_parameter(self.estimator_, "sample_weight")
        # Directions don't depend on the unit of y, but the training of networks does.
        scaled = (y - y.mean()) / (y.std() or 1.0)
        self.estimator_.fit(X, scaled, **({"sample_weight": weights} if takes_weights else {}))
        adapter = adapt(
            self.estimator_, X, X, layer=None, output=None, task="regression", answers=None,
            batch_size=len(X),
        )  # fmt: skip
        return _core.model_gradients(adapter, X, self._words(), None, seed)


def network(seed: int) -> BaseEstimator:
    """The network that is trained where no estimator is given."""
    # Smooth activations have gradients worth reading; a little decay keeps them from noise.
    return make_pipeline(
        StandardScaler(),
        MLPRegressor(
            hidden_layer_sizes=(32, 32), activation="tanh", solver="lbfgs", alpha=1e-3, max_iter=1000,
            random_state=seed,
        ),
    )  # fmt: skip
