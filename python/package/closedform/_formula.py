"""Formulas in named features."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _backends, _core
from ._data import to_rows

if TYPE_CHECKING:
    import sympy
    import torch


class Formula(_core.Formula):
    """A formula that a search found, or that you write.

    >>> formula = Formula.parse("width**2 + 2*height", ["width", "height"])
    >>> formula([[3.0, 1.0]])
    array([11.])
    """

    @classmethod
    def parse(cls, text: str, feature_names: Iterable[str]) -> Formula:
        """Reads a formula in features with these names."""
        return cls(_core.parse_formula(text, list(feature_names)))

    def __call__(self, X: Any) -> np.ndarray:
        """Values at rows `(n_samples, n_features)`: `(n_samples,)`."""
        return self.values(to_rows(X))

    def gradients(self, X: Any) -> np.ndarray:
        """Gradients at rows `(n_samples, n_features)`, of the same shape."""
        return super().gradients(to_rows(X))

    @property
    def tree(self) -> _backends.Tree:
        """The formula as a number, a name, or a list of an operator and its arguments."""
        return json.loads(self.source("json"))["tree"]

    def sympy(self) -> sympy.Expr:
        """The formula as an expression of sympy."""
        return _backends.to_sympy(self.tree, self.feature_names)

    def numpy(self) -> Callable[[Any], np.ndarray]:
        """The formula as a function of numpy arrays `(..., n_features)`."""
        return _backends.to_function(self.tree, self.feature_names, np)

    def jax(self) -> Callable[[Any], Any]:
        """The formula as a function of jax arrays `(..., n_features)`, to be compiled and
        differentiated."""
        import jax.numpy

        return _backends.to_function(self.tree, self.feature_names, jax.numpy)

    def torch(self) -> torch.nn.Module:
        """The formula as a torch module from `(..., n_features)` to `(...,)`, whose numbers are
        parameters."""
        from ._torch import FormulaModule

        return FormulaModule(self)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"
