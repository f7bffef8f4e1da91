"""A Sphinx extension: formulas as MathML, which browsers show without a script or a network."""

import html
import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)


def mathml(latex: str, is_displayed: bool) -> str:
    """The formula, and its LaTeX as the text that a selection or a screen reader gets."""
    math = convert(latex, display="block" if is_displayed else "inline")
    return math.replace("<math ", f'<math alttext="{html.escape(latex)}" ', 1)


def in_output(output: str) -> str:
    """The HTML of a cell's output, its displayed formulas as MathML."""
    return DISPLAYED.sub(lambda formula: mathml(html.unescape(formula[1]), True), output)


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), False))
    raise nodes.SkipNode


def visit_displayed(self: HTML5Translator, node: nodes.math_block) -> None:
    formula = mathml(node.astext(), True)
    self.body.append(f"{self.starttag(node, 'div', CLASS='math')}{formula}</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_displayed, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
