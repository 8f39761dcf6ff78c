"""The site's own files: one stylesheet, a few modules, fonts; and nothing of anybody else's."""

import hashlib
import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

from autograder.paths import project_root

SPHINX_SCRIPTS = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
SPHINX_STYLES = {"pygments.css", "basic.css", "katex-math.css", "katex.min.css"}


def theme_folder() -> Path:
    """Where the look of the book is written."""
    return project_root() / "book" / "theme"


def write_assets(app: Sphinx) -> None:
    """Merge the styles, copy modules and fonts, and remember a digest for their addresses."""
    if app.builder.format != "html":
        return
    app.builder.search = False  # ours is listing.py: Sphinx's takes five scripts
    static = Path(app.outdir) / "_static"
    shutil.rmtree(static / "fonts", ignore_errors=True)
    fonts = theme_folder() / "fonts"
    shutil.copytree(fonts, static / "fonts", ignore=shutil.ignore_patterns("*.css"))
    parts = sorted((theme_folder() / "css").glob("*.css"))
    style = _squeeze("\n".join(path.read_text(encoding="utf-8") for path in parts))
    style = (fonts / "faces.css").read_text(encoding="utf-8") + style
    (static / "book.css").write_text(style, encoding="utf-8")
    shutil.copyfile(fonts / "katex.css", static / "maths.css")
    modules = sorted((theme_folder() / "js").glob("*.mjs"))
    for path in [*modules, theme_folder() / "favicon.svg"]:
        shutil.copyfile(path, static / path.name)
    texts = [style, *(path.read_text(encoding="utf-8") for path in modules)]
    app.apple_digest = hashlib.sha256("".join(texts).encode()).hexdigest()[:8]


def choose_assets(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Load what a figure asked for, and leave out what Sphinx and its extensions bring."""
    context["digest"] = app.apple_digest
    context["has_maths"] = 'class="katex' in context.get("body", "")
    context["script_files"] = [
        file for file in context["script_files"] if _name(file) not in SPHINX_SCRIPTS
    ]
    context["css_files"] = [
        file
        for file in context["css_files"]
        if _name(file) not in SPHINX_STYLES and "mystnb" not in _name(file)
    ]


def _name(file) -> str:
    """The file name of an entry of Sphinx's lists."""
    return Path(str(getattr(file, "filename", file)).split("?")[0]).name


def _squeeze(style: str) -> str:
    """A stylesheet without comments and needless space."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"\s+", " ", style)
    return re.sub(r"\s*([{};,])\s*", r"\1", style).replace(";}", "}").strip()
