"""Functions: of numpy arrays, and of jax arrays with their gradients."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ._adapter import Adapter, Output, chosen_output, to_array


def adapt(
    function: Any, rows: np.ndarray, *, output: Output, task: str | None, answers: str | None
) -> Adapter:
    """Any function of rows; one that answers with jax arrays is differentiated by jax."""
    task, answers = task or "regression", answers or "latent"
    jax = sys.modules.get("jax")

    def values(rows: np.ndarray) -> np.ndarray:
        answer = function(rows)
        return to_array(chosen_output(np.asarray(answer), output))

    if jax is None or not isinstance(function(rows[:2]), jax.Array):
        return Adapter(values, None, task, answers)

    # Rows don't depend on each other, so the sum's gradients are those of the rows.
    slope = jax.grad(lambda x: chosen_output(function(x), output).sum())

    def gradients(rows: np.ndarray) -> np.ndarray:
        return to_array(slope(jax.numpy.asarray(rows)))

    # The gradient of a probability is not that of its logit.
    is_latent = answers == "latent" or task == "regression"
    return Adapter(values, gradients if is_latent else None, task, answers)
