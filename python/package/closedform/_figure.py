"""Drawings, as notebooks show them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG text, which a notebook shows."""

    svg: str

    def _repr_html_(self) -> str:
        # As an image: notebooks of others strip drawings, which may hold scripts.
        data = b64encode(self.svg.encode()).decode()
        return f'<img alt="figure" src="data:image/svg+xml;base64,{data}">'
