"""Checks that the numbers in a notebook's prose are those of its code and saved outputs.

Prose that quotes an output becomes false when the output changes. So each decimal number in a
Markdown cell has to stand, rounded as it may be, in the code or in an output of the same notebook,
as itself or as a share of 100. Not quoted are formulas with `=` or `≈`, which write out a
calculation, and numbers of sections and papers. Each fault is one line.
"""

import html
import json
import re
import sys
from pathlib import Path

from links import QUOTED, ROOT, texts

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?")
DECIMAL = re.compile(r"(?<![\w.])\d+\.(\d+)(?![\d.])")
LINK_TARGET = re.compile(r"\]\([^)]*\)")
CALCULATION = re.compile(r"=|≈|\\approx")
REFERENCE = re.compile(r"(?:[Ss]ections? (?:[\d.]+ and )?|arXiv:)$")
DRAWING = re.compile(r'src="data:[^"]*"')


def numbers_shown(path: Path) -> list[float]:
    """The numbers of a notebook's code and outputs, without signs."""
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    shown = ["".join(cell["source"]) for cell in cells]
    for output in (output for cell in cells for output in cell["outputs"]):
        shown.append("".join(output.get("text", "")))
        for kind, content in output.get("data", {}).items():
            if kind.startswith("text/"):
                content = DRAWING.sub("", "".join(content))
                shown.append(html.unescape(re.sub(r"<[^>]+>", " ", content)))
    return [float(number) for text in shown for number in NUMBER.findall(text)]


def without_calculations(prose: str) -> str:
    parts = prose.replace("$$", "$").split("$")
    kept = [part for index, part in enumerate(parts) if index % 2 == 0 or not CALCULATION.search(part)]
    return " ".join(kept)


def faults(path: Path) -> list[str]:
    shown = numbers_shown(path)
    found = []
    for place, text in texts(path):
        prose = without_calculations(LINK_TARGET.sub(" ", QUOTED.sub(" ", text)))
        for quoted in DECIMAL.finditer(prose):
            if REFERENCE.search(prose[: quoted.start()]):
                continue
            value, rounding = float(quoted[0]), 0.5001 * 10.0 ** -len(quoted[1])
            if not any(abs(value - scale * n) <= rounding for n in shown for scale in (1, 100)):
                words = " ".join(prose[max(0, quoted.start() - 40) : quoted.end() + 20].split())
                found.append(f"{place}: {quoted[0]} in “{words}” is in no code or output")
    return found


def main() -> int:
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    found = [fault for path in notebooks for fault in faults(path)]
    print("\n".join(found) or f"the numbers in the prose of {len(notebooks)} notebooks are shown")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
