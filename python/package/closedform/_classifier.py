"""Symbolic classification."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from . import _core
from ._estimator import FormulaEstimator
from ._progress import Progress


class SymbolicClassifier(ClassifierMixin, FormulaEstimator):
    """Finds a formula whose sign tells two classes apart.

    For more classes, put it into `sklearn.multiclass.OneVsRestClassifier`.

    Args:
        loss: How a wrong decision counts: `logistic`, `hinge` or `squared_hinge`.

    The other arguments are those of `SymbolicRegressor`.

    Attributes:
        classes_: The two classes; the formula is positive in the second.
        logit_scale_: The factor that makes the formula's values logits.
    """

    def __init__(
        self,
        *,
        loss: str = "logistic",
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

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> SymbolicClassifier:
        """Searches for a formula that is positive where `y` `(n_samples,)` is the second class.

        Rows count by `sample_weight`.
        """
        X, y = validate_data(self, X, y, dtype=np.float64, order="C", ensure_min_samples=2)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X).tolist()
        counted = labels if weights is None else labels[np.array(weights) > 0]
        if len(np.unique(counted)) < 2:
            raise _core.Error("y has rows of one class only, but two are needed")
        if len(self.classes_) > 2:
            raise _core.Error(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}, with {len(self.classes_)} classes; put the classifier into "
                "OneVsRestClassifier"
            )
        with Progress(self.progress) as listener:
            found = _core.search_labels(
                X, self._words(), labels.astype(bool).tolist(), weights, self.loss,
                self._search_options(), listener,
            )  # fmt: skip
        self._keep(found)
        self.logit_scale_ = found.logit_scale
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """The formula's values, positive for the second class, `(n_samples,)`."""
        return self._values(X)

    def predict(self, X: Any) -> np.ndarray:
        """The classes of rows `(n_samples, n_features)`: `(n_samples,)`."""
        check_is_fitted(self, "formula_")
        return self.classes_[(self._values(X) > 0).astype(int)]

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probabilities of both classes, `(n_samples, 2)`."""
        values = self._values(X)
        probability = expit(self.logit_scale_ * values)
        return np.column_stack([1 - probability, probability])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
