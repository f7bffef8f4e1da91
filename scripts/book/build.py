"""Renders the notebooks as a book: pages in book/, or one file, book/reading_networks.pdf.

The book shows the outputs that the notebooks hold; `make run NOTEBOOK=...` renews them.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mathematics

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCE = ROOT / "target" / "book"
BOOK = ROOT / "book"
PDF = BOOK / "reading_networks.pdf"
# The chapters in the order in which they are read. 16 and 17 were written last.
PARTS = {
    "Start": ("00",),
    "Networks as formulas": ("01", "17", "02", "03", "16", "04", "05", "06", "07", "08"),
    "Networks as polynomials": ("09", "10", "11", "12"),
    "Functions rebuilt": ("13", "14"),
    "Your own data": ("15",),
}
APPENDICES = {
    "Appendix": ("notebooks/glossary.md", "notebooks/index.md", "notebooks/instructors_guide.md"),
    "The project": ("README.md", "limits.md", "clusters.md", "environment.md", "ARCHITECTURE.md", "benches/README.md"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
LINK = re.compile(r"\[([^\[\]]+)\]\(((?:[^()\s]|\([^()\s]*\))+)\)")


def slug(anchor: str) -> str:
    """Sphinx's name of a heading, from JupyterLab's or GitHub's, which keep more letters."""
    return re.sub(r"[^\w\-]", "", anchor.lower())


def linked(text: str, page: Path, pages: set[Path]) -> str:
    """The text with anchors as Sphinx spells them, and without links to what isn't a page."""

    def renewed(link: re.Match) -> str:
        label, (place, _, anchor) = link[1], link[2].partition("#")
        if "://" in place:
            return link[0]
        if place and (page.parent / place).resolve() not in pages:
            return label
        return f"[{label}]({place}{'#' + slug(anchor) if anchor else ''})"

    return LINK.sub(renewed, text)


def notebook(path: Path, pages: set[Path]) -> str:
    content = json.loads(path.read_text())
    title = content["cells"][0]["source"]
    title[0] = title[0].replace("# ", f"# {path.name[:2]}. ", 1)
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = linked("".join(cell["source"]), path, pages)
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            cell["metadata"].setdefault("tags", []).append("hide-input")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = mathematics.in_output("".join(data["text/html"]))
    return json.dumps(content)


def contents(chapters: dict[str, list[Path]]) -> str:
    """The table of contents, which Sphinx reads from the first page."""
    trees = [
        "```{toctree}\n:hidden:\n:caption: " + caption + "\n\n"
        + "\n".join(str(path.relative_to(ROOT)) for path in paths) + "\n```\n"
        for caption, paths in chapters.items()
    ]
    return "\n" + "\n".join(trees)


def prepare() -> None:
    """Writes the pages as Sphinx reads them to target/book."""
    notebooks = {path.name[:2]: path for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    chapters = {part: [notebooks.pop(number) for number in numbers] for part, numbers in PARTS.items()}
    if notebooks:
        raise SystemExit(f"{__file__}: name {sorted(notebooks)} in PARTS")
    chapters |= {part: [ROOT / name for name in names] for part, names in APPENDICES.items()}
    pages = {path for paths in chapters.values() for path in paths}
    shutil.rmtree(SOURCE, ignore_errors=True)
    for path in pages:
        target = SOURCE / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        is_notebook = path.suffix == ".ipynb"
        target.write_text(notebook(path, pages) if is_notebook else linked(path.read_text(), path, pages))
    (SOURCE / "index.md").write_text((HERE / "index.md").read_text() + contents(chapters))


def render(builder: str, target: Path) -> None:
    options = ("--quiet", "--fail-on-warning", "--keep-going", "--jobs", "2", "--conf-dir", HERE)
    command = [sys.executable, "-m", "sphinx", "--builder", builder, *options, SOURCE, target]
    subprocess.run(command, check=True)


def write_pages() -> None:
    """Replaces book/ when all pages are there."""
    pages = SOURCE / "_pages" / "html"
    render("html", pages)
    shutil.rmtree(BOOK, ignore_errors=True)
    pages.rename(BOOK)


def write_pdf() -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit(f"the PDF is printed by a browser: install one of {', '.join(BROWSERS)}")
    page = SOURCE / "_pages" / "single" / "index.html"
    render("singlehtml", page.parent)
    BOOK.mkdir(exist_ok=True)
    options = ("--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={PDF}")
    subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pdf", action="store_true", help="print the PDF (needs a browser)")
    arguments = parser.parse_args()
    prepare()
    if arguments.pdf:
        write_pdf()
        print(f"open {PDF.relative_to(ROOT)}")
    else:
        write_pages()
        print("open book/index.html")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        raise SystemExit(failed.returncode) from failed
