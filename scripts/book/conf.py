"""The settings of the book (https://www.sphinx-doc.org/en/master/usage/configuration.html)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "closedform"
html_title = "Reading networks"
author = "the closedform authors"
extensions = ["myst_nb", "sphinx_copybutton", "mathematics"]
exclude_patterns = ["_*"]

# The notebooks are shown with the outputs that they hold.
nb_execution_mode = "off"
nb_output_stderr = "error"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
# The kernel's metadata spells the name of its lexer in a way of its own.
suppress_warnings = ["mystnb.lexer"]

html_math_renderer = "mathml"
html_theme = "sphinx_book_theme"
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["book.css"]
html_copy_source = False
html_theme_options = {
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
}
html_last_updated_fmt = None
html_show_copyright = False
copybutton_prompt_text = r"\$ "
copybutton_prompt_is_regexp = True
