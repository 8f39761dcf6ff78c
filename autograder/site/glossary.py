"""Glossary terms: a link into the glossary carries its definition, shown on hover and focus."""

import re

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

PAGE = "glossary"


def add_definitions(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Describe each link to a term by a hidden note that the page's script shows beside it."""
    body = context.get("body")
    if not body or pagename == PAGE or f'href="{PAGE}.html#' not in body:
        return
    definitions = _definitions(app)
    soup = BeautifulSoup(body, "html.parser")
    used: dict[str, str] = {}
    for link in soup.select(f'a[href^="{PAGE}.html#"]'):
        term = link["href"].split("#", 1)[1]
        if term in definitions and link.find_parent(["h1", "h2", "h3", "summary"]) is None:
            used[term] = definitions[term]
            link["class"] = ["term"]
            link["aria-describedby"] = f"definition-{term}"
    if used:
        notes = soup.new_tag("div", attrs={"class": "definitions", "hidden": ""})
        for term, words in used.items():
            note = soup.new_tag("span", id=f"definition-{term}")
            note.string = words
            notes.append(note)
        soup.append(notes)
        context["body"] = str(soup)


def name_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Let `glossary.md#query` find the term whose id is `term-query`."""
    if app.env.docname != PAGE:
        return
    slugs = app.env.metadata[PAGE].setdefault("myst_slugs", {})
    for term in doctree.findall(nodes.term):
        for name in term["ids"]:
            slugs[name.removeprefix("term-")] = (term.line, name, term.astext())


def _definitions(app: Sphinx) -> dict[str, str]:
    """The first paragraph of each entry of the glossary, by the entry's ids."""
    known = getattr(app, "apple_definitions", None)
    if known is None:
        known = app.apple_definitions = {}
        if PAGE in app.env.found_docs:
            for term in app.env.get_doctree(PAGE).findall(nodes.term):
                paragraph = next(iter(term.parent.findall(nodes.paragraph)), None)
                if paragraph is not None:
                    words = re.sub(r"\s+", " ", paragraph.astext()).strip()
                    known |= {name: words for name in term["ids"]}
    return known
