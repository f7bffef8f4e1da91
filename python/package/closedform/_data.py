"""Tables of other packages as rows of numbers with names."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core


def to_rows(X: Any, name: str = "X") -> np.ndarray:
    """Rows `(n_samples, n_features)` of a DataFrame, a tensor or an array."""
    if hasattr(X, "detach"):
        X = X.detach().cpu()
    try:
        rows = np.ascontiguousarray(X, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise _core.Error(f"{name} is no table of numbers: {error}") from error
    if rows.ndim != 2:
        raise _core.Error(
            f"{name} has {rows.ndim} dimensions, but must have 2: rows and features"
        )
    return rows


def to_numbers(y: Any, name: str) -> list[float] | None:
    """Numbers `(n_samples,)` of a Series, a tensor or an array."""
    if y is None:
        return None
    if hasattr(y, "detach"):
        y = y.detach().cpu()
    try:
        numbers = np.asarray(y, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise _core.Error(f"{name} is no list of numbers: {error}") from error
    if numbers.ndim == 2 and numbers.shape[1] == 1:
        numbers = numbers[:, 0]
    if numbers.ndim != 1:
        raise _core.Error(f"{name} has {numbers.ndim} dimensions, but must have 1")
    return numbers.tolist()


def column_names(X: Any) -> list[str] | None:
    """The names of a DataFrame's columns; none for what has no names."""
    columns = getattr(X, "columns", None)
    if columns is None or not all(isinstance(column, str) for column in columns):
        return None
    return list(columns)


def feature_words(names: Any, n_features: int) -> list[str]:
    """What features are called in formulas: x1, x2, ... where they have no names."""
    if names is None:
        return [f"x{number}" for number in range(1, n_features + 1)]
    names = [str(name) for name in names]
    if len(names) != n_features:
        raise _core.Error(
            f"feature_names has {len(names)} names, but X has {n_features} columns"
        )
    return _core.feature_words(names)
