"""Reads out, as a formula a person can understand, what a trained model has learned.

    import closedform as cf

    run = cf.interpret(model, X)
    print(run)

Searches, interpretations and polynomials run in Rust without the GIL; models are called back.
"""

from ._classifier import SymbolicClassifier
from ._core import Error
from ._direction_regressor import DirectionRegressor
from ._formula import Formula
from ._interpret import Interpretation, interpret
from ._polynomial import NetworkPolynomials, polynomial
from ._regressor import SymbolicRegressor
from ._replace import replace

__all__ = [
    "DirectionRegressor",
    "Error",
    "Formula",
    "Interpretation",
    "NetworkPolynomials",
    "SymbolicClassifier",
    "SymbolicRegressor",
    "interpret",
    "polynomial",
    "replace",
]
