"""Sphinx extension: live figures in the pages of the book.

A cell with the tag `live:mixing`, or the directive ```` ```{live} explorer ````, becomes the place
of a live figure. Its picture stays in the page: it is what paper and a browser without JavaScript
show. Only pages that have such a place load the script.
"""

import shutil
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.util import logging

from autograder.errors import MachineError
from autograder.site.bundle import bundle_folder, source_folder

TAG = "tag_live:"  # how MyST-NB spells a cell's tag as a class
log = logging.getLogger(__name__)


class LivePlace(nodes.General, nodes.Element):
    """Where a live figure stands; its children are the picture."""


class Live(Directive):
    """A live figure on a page of its own; the content is its picture."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The place, with the picture in it."""
        place = LivePlace(name=self.arguments[0])
        self.state.nested_parse(self.content, self.content_offset, place)
        return [place]


def find_places(app: Sphinx, doctree: nodes.document) -> None:
    """Wrap the output of each tagged cell; warn of a figure that does not exist."""
    for cell in list(doctree.findall(nodes.container)):
        for name in [c.removeprefix(TAG) for c in cell.get("classes", []) if c.startswith(TAG)]:
            outputs = [n for n in cell.children if "cell_output" in n.get("classes", [])]
            for output in outputs:
                place = LivePlace(name=name)
                output.replace_self(place)
                place += output
            if not outputs:
                log.warning("live:%s stands on a cell without a picture", name, location=cell)
    for place in doctree.findall(LivePlace):
        if not (source_folder() / f"{place['name']}.mjs").is_file():
            log.warning("no live figure is called %s", place["name"], location=place)


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Pages with a live figure load its script and style; no other page does."""
    if doctree is not None and next(doctree.findall(LivePlace), None) is not None:
        app.add_css_file("figures/live.css")
        app.add_js_file("figures/live.mjs", type="module")


def copy_bundle(app: Sphinx) -> None:
    """Put the bundle where the pages look for it, before they are written and ask its digest."""
    if app.builder.format != "html":
        return
    if not (bundle_folder() / "live.mjs").is_file():
        raise MachineError("the live figures are not built: run python -m autograder.site.bundle")
    target = Path(app.outdir) / "_static" / "figures"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(bundle_folder(), target)


def open_place(writer, place: LivePlace) -> None:
    """The HTML before the picture."""
    writer.body.append(f'<div class="live-figure" data-figure="{place["name"]}">')
    writer.body.append('<div class="live-picture">\n')


def close_place(writer, place: LivePlace) -> None:
    """The HTML after the picture."""
    writer.body.append("</div></div>\n")


def leave_out(writer, place: LivePlace) -> None:
    """Other builders show the picture alone."""


def setup(app: Sphinx) -> dict:
    """Called by Sphinx; named in `_config.yml` under `sphinx.config.extensions`."""
    silent = (leave_out, leave_out)
    app.add_node(LivePlace, html=(open_place, close_place), latex=silent, text=silent)
    app.add_directive("live", Live)
    app.connect("builder-inited", copy_bundle)
    app.connect("doctree-read", find_places)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
