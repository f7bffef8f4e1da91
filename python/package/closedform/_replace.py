"""Formulas in the place of a network's layer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from ._data import feature_words
from ._formula import Formula
from ._options import search_options
from ._progress import Progress

if TYPE_CHECKING:
    import torch


def replace(
    model: torch.nn.Module,
    layer: str,
    X: Any,
    y: Any = None,
    *,
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] | None = None,
    held_out: float = 0.2,
    seed: int = 0,
    progress: bool = True,
    **search: Any,
) -> torch.nn.Module:
    """A copy of a torch module with formulas in the place of a layer.

    Each output of the layer gets a formula of the layer's inputs, which is searched for on the rows
    that the layer sees while the model answers for `X`. The numbers of the formulas are parameters,
    so the copy can be trained on. Print the new layer to see the formulas, and how far they are off:

        model.get_submodule(layer)

    Args:
        model: The module; it isn't changed.
        layer: The name of the layer, such as `"encoder.3"`.
        X: Inputs of the model, `(n_samples, ...)`.
        y: Targets. With them, the new layer says what the model loses with the layer and with the
            formulas.
        loss: The model's loss of its outputs and `y`; by default the cross entropy for whole
            numbers, and the mean squared error for others.
        held_out: The share of the rows that judges the formulas.
        seed: Fixes every random choice.
        progress: Whether a terminal or a notebook shows a progress bar.
        search: Options of the search, as for `interpret`.

    Raises:
        Error: A name that no layer has, or arguments outside their ranges.
    """
    import torch

    from ._models._torch import answer_of_layer, evaluating, inner, inputs_of_layer, kind
    from ._torch import FormulaLayer

    if not isinstance(model, torch.nn.Module):
        raise _core.Error(f"model is a {type(model).__name__}, but must be a torch module")
    inner(model, layer)
    like = kind(model, X)
    x = torch.as_tensor(np.asarray(X) if not isinstance(X, torch.Tensor) else X)
    x = x.to(like.device, like.dtype) if x.is_floating_point() else x.to(like.device)
    with evaluating(model), torch.no_grad():
        inputs, outputs = (
            as_rows(ask(model, layer, x)) for ask in (inputs_of_layer, answer_of_layer)
        )
    with Progress(progress) as listener:
        found = _core.replace_outputs(
            inputs, feature_words(None, inputs.shape[1]), outputs, held_out,
            search_options(search, seed), listener,
        )  # fmt: skip
    formulas = [Formula(output.formula) for output in found]
    left = [output.left for output in found]
    new = FormulaLayer(formulas, left).to(like.device, like.dtype)
    replaced = copy.deepcopy(model)
    replaced.set_submodule(layer, new)
    if y is not None:
        new.layer_loss = loss_of(model, x, y, loss)
        new.formula_loss = loss_of(replaced, x, y, loss)
    return replaced


def as_rows(values: torch.Tensor) -> np.ndarray:
    """Values `(..., n)` as rows `(n_rows, n)`."""
    return np.ascontiguousarray(values.reshape(-1, values.shape[-1]).double().cpu().numpy())


def loss_of(model: torch.nn.Module, x: torch.Tensor, y: Any, loss: Callable | None) -> float:
    """What the model loses on targets."""
    import torch

    from ._models._torch import evaluating

    with evaluating(model), torch.no_grad():
        outputs = model(x)
        y = torch.as_tensor(np.asarray(y) if not isinstance(y, torch.Tensor) else y)
        y = y.to(outputs.device)
        if loss is None:
            is_class = not y.is_floating_point()
            functional = torch.nn.functional
            loss = functional.cross_entropy if is_class else functional.mse_loss
        if y.is_floating_point():
            y = y.to(outputs.dtype).reshape(outputs.shape)
        return float(loss(outputs, y))
