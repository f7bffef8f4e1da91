"""The options of a search, as Rust reads them."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from sklearn.utils import check_random_state

from ._data import feature_words


def search_options(options: dict[str, Any], seed: Any) -> dict[str, Any]:
    """Options with lists and dictionaries written out."""
    written = {**options, "seed": to_seed(seed)}
    if isinstance(written.get("operators"), (list, tuple)):
        written["operators"] = ",".join(written["operators"])
    if isinstance(written.get("guesses"), str):
        written["guesses"] = [written["guesses"]]
    written["units"] = units_text(written.get("units"))
    return written


def units_text(units: Any) -> str | None:
    """Units of a list, or of a dictionary by column."""
    if units is None or isinstance(units, str):
        return units
    if isinstance(units, dict):
        words = feature_words(list(units), len(units))
        return ", ".join(f"{word}={unit}" for word, unit in zip(words, units.values()))
    return ", ".join(units)


def to_seed(random_state: Any) -> int:
    """A seed; none is 0, and a generator of scikit-learn's kind draws one."""
    if random_state is None:
        return 0
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31))
