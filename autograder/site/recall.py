"""Recall questions: each becomes a group of choices that a script can enliven, and none needs."""

import re

from bs4 import BeautifulSoup, Tag

QUESTION = re.compile(r"^\s*\d+\.\s")
CHOICE = re.compile(r"^\s*[A-Z]\.\s")
VERDICTS = {"yes": "right", "no": "wrong"}


def mark_questions(soup: BeautifulSoup) -> None:
    """Wrap `**N. question**` and the `<details>` that follow it."""
    count = 0
    for paragraph in soup.find_all("p"):
        bold = paragraph.find("strong")
        if bold is None or not QUESTION.match(paragraph.get_text()):
            continue
        choices = _choices_after(paragraph)
        if not choices:
            continue
        count += 1
        _wrap(soup, paragraph, choices, count)


def _choices_after(paragraph: Tag) -> list[Tag]:
    """The folded answers that belong to a question: `A. …`, `B. …`."""
    choices = []
    for sibling in paragraph.find_next_siblings():
        summary = sibling.find("summary") if sibling.name == "details" else None
        if summary is None or not CHOICE.match(summary.get_text()):
            break
        choices.append(sibling)
    return choices


def _wrap(soup: BeautifulSoup, paragraph: Tag, choices: list[Tag], number: int) -> None:
    name = f"question-{number}"
    paragraph["id"] = name
    group = soup.new_tag(
        "div", attrs={"class": "question", "role": "group", "aria-labelledby": name}
    )
    paragraph.wrap(group)
    for choice in choices:
        choice["class"] = ["choice", _verdict(choice)]
        choice["name"] = f"choices-{number}"
        summary = choice.find("summary")
        letter, text = summary.decode_contents().strip().split(". ", 1)
        summary.clear()
        summary.append(BeautifulSoup(f'<span class="letter">{letter}</span> ', "html.parser"))
        summary.append(BeautifulSoup(f"<span>{_inline(text)}</span>", "html.parser"))
        group.append(choice)


def _verdict(choice: Tag) -> str:
    """`right` or `wrong`, from the first word of the explanation."""
    words = "".join(p.get_text() for p in choice.find_all("p", limit=1)).strip().lower()
    return next((kind for word, kind in VERDICTS.items() if words.startswith(word)), "open")


def _inline(text: str) -> str:
    """Markdown does not look into a `<summary>`: set its code and emphasis here."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"<em>\1</em>", text)
