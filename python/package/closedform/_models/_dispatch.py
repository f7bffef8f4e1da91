"""Which framework a model belongs to, without importing any."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from .._core import Error
from . import _functions, _scikit_learn
from ._adapter import Adapter, Output


def adapt(
    model: Any, X: Any, rows: np.ndarray, *, layer: str | None, output: Output,
    task: str | None, answers: str | None, batch_size: int,
) -> Adapter:  # fmt: skip
    """A model as functions of rows; `X` is what `rows` were made of."""
    torch = sys.modules.get("torch")
    if torch and (isinstance(model, torch.nn.Module) or isinstance(X, torch.Tensor)):
        from . import _torch

        return _torch.adapt(
            model, X, layer=layer, output=output, task=task, answers=answers,
            batch_size=batch_size,
        )  # fmt: skip
    if layer is not None:
        raise Error(f'layer is "{layer}", but only torch modules have layers with names')
    if isinstance(model, BaseEstimator):
        return _scikit_learn.adapt(model, output=output, task=task)
    if callable(model):
        return _functions.adapt(model, rows, output=output, task=task, answers=answers)
    raise Error(
        f"model is a {type(model).__name__}, but must be a torch module, a keras model, an "
        "estimator of scikit-learn or a function of rows"
    )
