"""Checks that every relative link in the pages and notebooks leads somewhere.

The file must exist. An anchor must be a heading: in a notebook the heading's text with blanks
replaced by "-" (as JupyterLab makes it), in a page in lower case without punctuation, blanks
replaced by "-" (as GitHub makes it), or the name of an `<a>`. Each broken link is one line: where
it stands, the link, why.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
SOURCES = (
    "README.md", "ARCHITECTURE.md", "clusters.md", "environment.md", "limits.md",
    "benches/*.md", "notebooks/*.md", "notebooks/*.ipynb", "python/*.md", "python/*.ipynb",
)
# Not text: fenced code, code in a line, mathematics.
FENCED = re.compile(r"^ *(```+|~~~+).*?^ *\1[`~]* *$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"(`+)(?!`)(?:.|\n(?!\n))*?(?<!`)\1(?!`)")
MATHEMATICS = re.compile(r"\$\$.*?\$\$|(?<![\\$])\$(?! )[^$\n]*(?<! )\$(?!\d)", re.DOTALL)
TARGETS = (
    re.compile(r"\]\(\s*<?((?:[^()<>\s]|\([^()\s]*\))+)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"),
    re.compile(r"^ {0,3}\[[^\]\n]+\]:\s+<?([^\s>]+)", re.MULTILINE),
    re.compile(r"<(?:a|img)\b[^>]*?\b(?:href|src)=[\"']([^\"']+)"),
)
NAMED = re.compile(r"<a\b[^>]*?\b(?:id|name)=[\"']([^\"']+)")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)(?:\s+#+)?\s*$", re.MULTILINE)


@cache
def texts(path: Path) -> list[tuple[str, str]]:
    """The Markdown of a file, with the place of each piece."""
    if path.suffix != ".ipynb":
        return [(str(path.relative_to(ROOT)), path.read_text())]
    cells = json.loads(path.read_text())["cells"]
    return [
        (f"{path.relative_to(ROOT)}, cell {number}", "".join(cell["source"]))
        for number, cell in enumerate(cells)
        if cell["cell_type"] == "markdown"
    ]


def links(text: str) -> Iterator[str]:
    for kind in (FENCED, QUOTED, MATHEMATICS):
        text = kind.sub("", text)
    for target in TARGETS:
        yield from target.findall(text)


def shown(heading: str) -> str:
    """A heading as it is read: links as their text, without marks for code and emphasis."""
    return re.sub(r"[`*]", "", re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading))


@cache
def anchors(path: Path) -> set[str]:
    found: set[str] = set()
    for _, text in texts(path):
        text = FENCED.sub("", text)
        found.update(NAMED.findall(QUOTED.sub("", text)))
        for heading in map(shown, HEADING.findall(text)):
            if path.suffix == ".ipynb":
                found.add(heading.replace(" ", "-"))
                continue
            slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            numbered = (f"{slug}-{number}" for number in range(1, len(found) + 1))
            found.add(slug if slug not in found else next(a for a in numbered if a not in found))
    return found


def fault(source: Path, link: str) -> str:
    """Why a link leads nowhere; empty if it leads somewhere."""
    name, _, anchor = link.partition("#")
    path = (source.parent / unquote(name)).resolve() if name else source
    if not path.is_relative_to(ROOT):
        return "leaves the project"
    if not path.exists():
        return "no such file"
    if anchor and path.suffix not in (".md", ".ipynb"):
        return "no headings in such a file"
    if anchor and unquote(anchor) not in anchors(path):
        return "no such heading"
    return ""


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    n_links, n_broken = 0, 0
    sources = [path for pattern in SOURCES for path in sorted(ROOT.glob(pattern))]
    for source in sources:
        for place, text in texts(source):
            for link in links(text):
                if re.match(r"[a-zA-Z][\w+.-]*:|//", link):
                    continue
                n_links += 1
                if reason := fault(source, link):
                    n_broken += 1
                    print(f"{place}: {link}: {reason}", file=sys.stderr)
    if n_broken == 0:
        print(f"{n_links} links in {len(sources)} files lead somewhere")
    return 1 if n_broken else 0


if __name__ == "__main__":
    sys.exit(main())
