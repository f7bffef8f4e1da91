"""Formulas in the arithmetic of other packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

Tree = float | str | list

# Each operator by the functions of a module with numpy's names.
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": lambda math, a, b: a + b,
    "-": lambda math, a, b: a - b,
    "*": lambda math, a, b: a * b,
    "/": lambda math, a, b: a / b,
    "neg": lambda math, a: -a,
    "square": lambda math, a: a * a,
    "cube": lambda math, a: a * a * a,
    "powi": lambda math, a, b: a ** math.round(b),
    "pow": lambda math, a, b: a**b,
    "sqrt": lambda math, a: math.sqrt(a),
    "inv": lambda math, a: 1 / a,
    "sin": lambda math, a: math.sin(a),
    "cos": lambda math, a: math.cos(a),
    "tan": lambda math, a: math.tan(a),
    "tanh": lambda math, a: math.tanh(a),
    "exp": lambda math, a: math.exp(a),
    "log": lambda math, a: math.log(a),
    "abs": lambda math, a: math.abs(a),
    "sigmoid": lambda math, a: 1 / (1 + math.exp(-a)),
    "atan": lambda math, a: math.arctan(a),
    "asin": lambda math, a: math.arcsin(a),
    "acos": lambda math, a: math.arccos(a),
    "sinh": lambda math, a: math.sinh(a),
    "cosh": lambda math, a: math.cosh(a),
    "max": lambda math, a, b: math.maximum(a, b),
    "min": lambda math, a, b: math.minimum(a, b),
}


def evaluate(
    tree: Tree, columns: Mapping[str, Any], math: Any, number: Callable[[float], Any]
) -> Any:
    """The value of a tree: its features are `columns`, its numbers go through `number`."""
    if isinstance(tree, str):
        return columns[tree]
    if not isinstance(tree, list):
        return number(tree)
    operator, *parts = tree
    arguments = [evaluate(part, columns, math, number) for part in parts]
    return OPERATORS[operator](math, *arguments)


def to_sympy(tree: Tree, names: list[str]) -> Any:
    """The formula as an expression of sympy, with a real symbol for each feature."""
    import sympy

    math = SimpleNamespace(
        round=lambda number: sympy.Integer(round(number)),
        sqrt=sympy.sqrt, exp=sympy.exp, log=sympy.log, abs=sympy.Abs,
        sin=sympy.sin, cos=sympy.cos, tan=sympy.tan,
        arctan=sympy.atan, arcsin=sympy.asin, arccos=sympy.acos,
        tanh=sympy.tanh, sinh=sympy.sinh, cosh=sympy.cosh,
        maximum=sympy.Max, minimum=sympy.Min,
    )  # fmt: skip

    def number(value: float) -> Any:
        return sympy.Integer(value) if value == int(value) else sympy.Float(value)

    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    return sympy.sympify(evaluate(tree, symbols, math, number))


def to_function(tree: Tree, names: list[str], math: Any) -> Callable[[Any], Any]:
    """The formula as a function of arrays `(..., n_features)`, with a module like numpy."""

    def function(x: Any) -> Any:
        columns = {name: x[..., index] for index, name in enumerate(names)}
        # A formula that is a single number has a value for every row all the same.
        return evaluate(tree, columns, math, math.asarray) + 0 * x[..., 0]

    return function
