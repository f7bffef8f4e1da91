"""Formulas as torch modules; imported only where torch is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from . import _backends

if TYPE_CHECKING:
    from ._formula import Formula


class FormulaModule(torch.nn.Module):
    """A formula whose numbers are parameters, from rows `(..., n_features)` to `(...,)`."""

    def __init__(self, formula: Formula) -> None:
        super().__init__()
        self.feature_names = formula.feature_names
        self.tree = formula.tree
        self.text = str(formula)
        self.numbers = torch.nn.Parameter(torch.tensor(list(numbers_of(self.tree))))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = {name: x[..., index] for index, name in enumerate(self.feature_names)}
        # The parameters replace the numbers in the order in which these are met.
        numbers = iter(self.numbers)
        value = _backends.evaluate(self.tree, columns, torch, lambda _: next(numbers))
        return value.expand(x.shape[:-1])

    def extra_repr(self) -> str:
        return self.text


def numbers_of(tree: _backends.Tree):
    """The numbers of a tree, from left to right."""
    if isinstance(tree, list):
        for part in tree[1:]:
            yield from numbers_of(part)
    elif not isinstance(tree, str):
        yield tree


class FormulaLayer(torch.nn.Module):
    """Formulas in the place of a layer, from `(..., n_inputs)` to `(..., n_outputs)`.

    `left` is the share of each output's variance that its formula leaves on rows that it was not
    fitted to. `layer_loss` and `formula_loss` are the model's loss with the layer and with the
    formulas; none if no targets were given.
    """

    def __init__(self, formulas: list[Formula], left: list[float]) -> None:
        super().__init__()
        self.outputs = torch.nn.ModuleList(FormulaModule(formula) for formula in formulas)
        self.left = left
        self.layer_loss: float | None = None
        self.formula_loss: float | None = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([output(x) for output in self.outputs], dim=-1)

    def extra_repr(self) -> str:
        lines = [
            f"output {number}: leaves {100 * left:.2g} % of the variance"
            for number, left in enumerate(self.left)
        ]
        if self.formula_loss is not None:
            lines.append(
                f"loss: {self.formula_loss:.4g} with formulas, {self.layer_loss:.4g} with the layer"
            )
        return "\n".join(lines)
