"""The book's outline: parts, and pages with the time and difficulty that their sources state."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from docutils.utils.smartquotes import smartyPants
from sphinx import addnodes
from sphinx.application import Sphinx

QUESTION = re.compile(r"^# .+\n\n\*\*(?P<question>(?:.|\n(?!\n))+?\?)\*\*$", re.MULTILINE)
ROOT = re.compile(r"\$\\sqrt\{(\w+)\}\$")
MINUTES = re.compile(r"\*Time:\*\s+(?:about\s+)?(?P<minutes>\d+)\s+minutes")
FUNCTION = re.compile(r"^exercise: (\w+)$", re.MULTILINE)
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
    functions: list[str] = field(default_factory=list)

    @property
    def opens_part(self) -> bool:
        """Whether it says what a part is about; it stands first in it."""
        return self.name.startswith("part_")


@dataclass
class Part:
    """A part of the book and its pages."""

    caption: str
    pages: list[Page] = field(default_factory=list)

    @property
    def opening(self) -> Page | None:
        """The page that says what the part is about."""
        return next((page for page in self.pages if page.opens_part), None)

    @property
    def listed(self) -> list[Page]:
        """The pages under the part's caption."""
        return [page for page in self.pages if not page.opens_part]

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
    chapters = [page for part in parts for page in part.pages if page.number]
    context["n_chapters"] = len(chapters)
    context["first_page"] = chapters[0].name if chapters else None
    for part in parts:
        for page in part.pages:
            if page.name == pagename:
                context["page"], context["part"] = page, part


def _page(app: Sphinx, name: str) -> Page:
    text = source_text(Path(app.env.doc2path(name)))
    title = app.env.titles[name].astext()
    numbered = re.match(r"(\d+)\.\s+(.*)", title)
    facts = {
        "question": _plain(_found(QUESTION, text, "question")),
        "minutes": int(_found(MINUTES, text, "minutes") or 0),
        "difficulty": int(_found(DIFFICULTY, text, "difficulty") or 0),
        "functions": FUNCTION.findall(text),
    }
    if numbered:
        return Page(name, numbered[2], numbered[1], **facts)
    return Page(name, title, **facts)


def _plain(question: str) -> str:
    """A question without Markdown: it stands in lists and in pictures."""
    words = ROOT.sub(r"√\1", question.replace("\n", " ").replace("*", ""))
    return smartyPants(words, attr="q")  # as in the page's own head


def source_text(path: Path) -> str:
    """The text of a source, with the comment marks of a percent script taken off."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^# ?", "", text, flags=re.MULTILINE) if path.suffix == ".py" else text


def _found(pattern: re.Pattern, text: str, group: str) -> str:
    match = pattern.search(text)
    return match[group] if match else ""
