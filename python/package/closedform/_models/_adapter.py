"""What an interpretation needs of a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._core import Error

Output = int | tuple[int, int] | None


@dataclass(frozen=True)
class Adapter:
    """A model as a function of rows `(n_samples, n_features)`; called back from Rust.

    `values` gives `(n_samples,)`, `gradients` an array of the rows' shape; without it, gradients
    are differences of values. `answers` says what a classifier's values are: `probability` of
    class 1, or `latent`, a score that is positive for class 1. `class_1` is what targets call that
    class; none if they are numbers already.
    """

    values: Callable[[np.ndarray], np.ndarray]
    gradients: Callable[[np.ndarray], np.ndarray] | None
    task: str
    answers: str
    class_1: Any = None


def chosen_output(values: Any, output: Output) -> Any:
    """One number per row of a model's answers `(n_samples, ...)`, arrays or tensors.

    `output` is an index, or a pair of them for a difference such as that of two classes' logits.
    """
    if values.ndim > 1:
        values = values.reshape(values.shape[0], -1)
    n_outputs = 1 if values.ndim == 1 else values.shape[1]
    if output is None:
        if n_outputs == 1:
            return values.reshape(-1)
        raise Error(
            f"output is missing: the model has {n_outputs} outputs; give one of 0 to "
            f"{n_outputs - 1}, or a pair for their difference"
        )
    indices = output if isinstance(output, tuple) else (output,)
    for index in indices:
        if not 0 <= index < n_outputs:
            raise Error(f"output is {index}, but must be one of 0 to {n_outputs - 1}")
    columns = [values.reshape(values.shape[0], n_outputs)[:, index] for index in indices]
    return columns[0] if len(columns) == 1 else columns[0] - columns[1]


def to_array(values: Any) -> np.ndarray:
    """Numbers as Rust reads them."""
    return np.ascontiguousarray(values, dtype=np.float64)
