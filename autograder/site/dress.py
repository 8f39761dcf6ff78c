"""From Sphinx's HTML of a page to ours: one pass over the body, one function per kind of thing."""

import re

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

from autograder.site import boxes, figures, recall


def dress_body(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give the body its boxes, figures, questions and labels."""
    if not context.get("body"):
        return
    soup = BeautifulSoup(context["body"], "html.parser")
    page = context.get("page")
    context["head"] = boxes.take_head(soup) if page and (page.number or page.opens_part) else None
    if context["is_home"]:
        soup.find("h1").decompose()  # the first page has a larger one
    boxes.name_sections(soup)
    boxes.mark_quotes(soup)
    boxes.mark_answer_stubs(soup, context.get("launch", []), context["pathto"])
    recall.mark_questions(soup)
    drawings = figures.number_figures(soup, app, page.number if page else "")
    _link_headings(soup)
    _let_tables_scroll(soup)
    _name_code(soup)
    _name_formula_links(soup)
    _drop_unused_classes(soup)
    context["sections"] = _sections(soup)
    body = str(soup)
    for mark, drawing in drawings.items():
        body = body.replace(mark, drawing)
    context["body"] = body


def _sections(soup: BeautifulSoup) -> list[dict]:
    """The second-level headings, for *On this page*."""
    return [
        {"id": heading.parent["id"], "title": heading.get_text(" ", strip=True)}
        for heading in soup.find_all("h2")
        if heading.parent.name == "section" and heading.parent.get("id")
    ]


def _link_headings(soup: BeautifulSoup) -> None:
    """A heading links to itself, so that a reader can copy its address."""
    for heading in soup.find_all(["h2", "h3"]):
        section = heading.parent
        if section.name != "section" or not section.get("id") or heading.find("a"):
            continue
        link = soup.new_tag("a", href=f"#{section['id']}", attrs={"class": "self"})
        link.extend(list(heading.contents))
        heading.append(link)


def _let_tables_scroll(soup: BeautifulSoup) -> None:
    """A wide table scrolls by itself; the page never does sideways."""
    for table in soup.find_all("table"):
        del table["border"]
        frame = {"class": "wide", "role": "group", "aria-label": "Table"}
        table.wrap(soup.new_tag("div", attrs=frame))
        for head in table.find_all("th"):
            if not head.get_text(strip=True):
                head.name = "td"  # a corner is no heading


def _name_code(soup: BeautifulSoup) -> None:
    """What a cell printed is told from code, and neither carries what says nothing."""
    for block in soup.find_all("pre"):
        for empty in block.find_all("span", recursive=False):
            if not empty.contents:
                empty.decompose()
        printed = block.find_parent(class_="cell_output") is not None
        block["role"] = "group"
        block["aria-label"] = "Output" if printed else "Code"
    for block in soup.select("details.hide > summary[aria-label]"):
        del block["aria-label"]  # the words beside it say it already
    for entry in soup.select("[role=doc-biblioentry], [role=doc-backlink], .citation-list"):
        del entry["role"]  # neither may stand on the elements that docutils puts it on


def _name_formula_links(soup: BeautifulSoup) -> None:
    """A link that is nothing but a formula is read by the formula's source."""
    for link in soup.find_all("a"):
        source = link.select_one("annotation")
        beside = [
            text for text in link.find_all(string=True) if not text.find_parent(class_="katex")
        ]
        if source is not None and not "".join(beside).strip():
            link.select_one(".katex-mathml")["aria-hidden"] = "true"
            name = soup.new_tag("span", attrs={"class": "heard"})
            name.string = source.get_text()
            link.append(name)


def _drop_unused_classes(soup: BeautifulSoup) -> None:
    """Sphinx's classes that no style of ours uses are weight only."""
    for tag in soup.find_all(True):
        _drop_classes(tag)


_UNUSED = re.compile(
    r"^(docutils|literal|notranslate|nohighlight|simple|pre|reference|internal|external|container|"
    r"tex2jax_ignore|mathjax_ignore|tag_(?!live).*|highlight-.*|align-default|"
    r"hide|above-input|stream|toggle-.*)$"
)
_KEPT = {"external", "hide"}


def _drop_classes(tag: Tag) -> None:
    classes = tag.get("class")
    if not classes:
        return
    kept = [name for name in classes if name in _KEPT or not _UNUSED.match(name)]
    if kept:
        tag["class"] = kept
    else:
        del tag["class"]
        if tag.name == "span" and not tag.attrs and tag.parent and tag.parent.name == "code":
            tag.unwrap()
