"""Torch modules, and functions of tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from .._core import Error
from ._adapter import Adapter, Output, chosen_output, to_array


def adapt(
    model: Any, X: Any, *, layer: str | None, output: Output, task: str | None,
    answers: str | None, batch_size: int,
) -> Adapter:  # fmt: skip
    """A module, or a function of tensors; `layer` names an inner layer of a module.

    Values and gradients are computed in the model's own precision, on its device.
    """
    like = kind(model, X)
    answers = answers or "latent"
    is_probability = answers == "probability" and task == "classification"

    def numbers(x: torch.Tensor) -> torch.Tensor:
        values = model(x) if layer is None else answer_of_layer(model, layer, x)
        values = chosen_output(values, output)
        return torch.logit(values) if is_probability else values

    def batches(rows: np.ndarray) -> Iterator[torch.Tensor]:
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            yield torch.as_tensor(batch, dtype=like.dtype, device=like.device)

    def values(rows: np.ndarray) -> np.ndarray:
        with evaluating(model), torch.no_grad():
            found = [numbers(x).double().cpu() for x in batches(rows)]
        return to_array(torch.cat(found))

    def gradients(rows: np.ndarray) -> np.ndarray:
        found = []
        with evaluating(model), torch.enable_grad():
            for x in batches(rows):
                x.requires_grad_(True)
                # Rows don't depend on each other, so the sum's gradients are those of the rows.
                (gradient,) = torch.autograd.grad(numbers(x).sum(), x)
                found.append(gradient.double().cpu())
        return to_array(torch.cat(found))

    return Adapter(values, gradients, task or "regression", "latent")


def kind(model: Any, X: Any) -> torch.Tensor:
    """A tensor of the precision and on the device that the model computes with."""
    if isinstance(model, torch.nn.Module):
        own = [*model.parameters(), *model.buffers()]
        floating = [tensor for tensor in own if tensor.is_floating_point()]
        if floating:
            return floating[0]
    if isinstance(X, torch.Tensor) and X.is_floating_point():
        return X
    return torch.empty(0)


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Without dropout and the like; afterwards each module is as it was."""
    modules = list(model.modules()) if isinstance(model, torch.nn.Module) else []
    training = [module for module in modules if module.training]
    if training:
        model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


def inner(model: torch.nn.Module, layer: str) -> torch.nn.Module:
    """The layer with this name."""
    try:
        return model.get_submodule(layer)
    except AttributeError:
        names = ", ".join(name for name, _ in model.named_modules() if name)
        raise Error(f'layer is "{layer}", but must be one of {names}') from None


def answer_of_layer(model: torch.nn.Module, layer: str, x: torch.Tensor) -> torch.Tensor:
    """What the layer gives while the model answers."""
    return watched(model, layer, x, lambda inputs, output: output)


def inputs_of_layer(model: torch.nn.Module, layer: str, x: torch.Tensor) -> torch.Tensor:
    """What the layer receives while the model answers."""
    return watched(model, layer, x, lambda inputs, output: inputs[0])


def watched(model: torch.nn.Module, layer: str, x: torch.Tensor, look: Callable) -> torch.Tensor:
    seen: list[torch.Tensor] = []
    hook = inner(model, layer).register_forward_hook(
        lambda module, inputs, output: seen.append(look(inputs, output))
    )
    try:
        model(x)
    finally:
        hook.remove()
    if not seen:
        raise Error(f'layer is "{layer}", but the model doesn\'t use that layer')
    return seen[-1]
