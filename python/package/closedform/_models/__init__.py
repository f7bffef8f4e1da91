"""Models of other packages as functions of rows: each framework has a file."""

from ._adapter import Adapter
from ._dispatch import adapt

__all__ = ["Adapter", "adapt"]
