"""The book's outline: parts, and pages with the time and difficulty that their sources state."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from sphinx import addnodes
from sphinx.application import Sphinx

QUESTION = re.compile(r"^\*\*(?P<question>[^*\n]+(?:\n[^*\n]+)?\?)\*\*$", re.MULTILINE)
MINUTES = re.compile(r"\*Time:\*\s+(?:about\s+)?(?P<minutes>\d+)\s+minutes")
DIFFICULTY = re.compile(r"\*Difficulty:\*\s+(?P<difficulty>\d)\s+of\s+5")


@dataclass
class Page:
    """A page as the navigation shows it."""

    name: str
    title: str
    number: str = ""
    question: str = ""
    minutes: int = 0
    difficulty: int = 0


@dataclass
class Part:
    """A part of the book and its pages."""

    caption: str
    pages: list[Page] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """How long the whole part takes."""
        return sum(page.minutes for page in self.pages)


def read_outline(app: Sphinx) -> list[Part]:
    """The parts in book order, from `_toc.yml` and the sources."""
    trees = app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree)
    return [
        Part(tree["caption"] or "", [_page(app, name) for _, name in tree["entries"]])
        for tree in trees
    ]


def add_outline(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give every template the outline, and the page and part that it stands in."""
    parts = getattr(app, "apple_outline", None)
    if parts is None:
        parts = app.apple_outline = read_outline(app)
    context["parts"] = parts
    context["page"], context["part"] = None, None
    context["total_minutes"] = sum(part.minutes for part in parts)
    context["n_chapters"] = sum(page.number != "" for part in parts for page in part.pages)
    context["first_page"] = parts[0].pages[0].name if parts and parts[0].pages else None
    for part in parts:
        for page in part.pages:
            if page.name == pagename:
                context["page"], context["part"] = page, part


def _page(app: Sphinx, name: str) -> Page:
    text = source_text(Path(app.env.doc2path(name)))
    title = app.env.titles[name].astext()
    numbered = re.match(r"(\d+)\.\s+(.*)", title)
    facts = {
        "question": _found(QUESTION, text, "question").replace("\n", " "),
        "minutes": int(_found(MINUTES, text, "minutes") or 0),
        "difficulty": int(_found(DIFFICULTY, text, "difficulty") or 0),
    }
    if numbered:
        return Page(name, numbered[2], numbered[1], **facts)
    return Page(name, title, **facts)


def source_text(path: Path) -> str:
    """The text of a source, with the comment marks of a percent script taken off."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^# ?", "", text, flags=re.MULTILINE) if path.suffix == ".py" else text


def _found(pattern: re.Pattern, text: str, group: str) -> str:
    match = pattern.search(text)
    return match[group] if match else ""
