"""The parts of a chapter that look like something: its head, its boxes, its recap card."""

import re

from bs4 import BeautifulSoup, Tag

KINDS = {  # what a section is, from the first words of its heading
    "predict": re.compile(r"^(predict|your guess|a guess)", re.IGNORECASE),
    "mistake": re.compile(
        r"^(a |one |two |three )?(common )?(mistake|misconception)", re.IGNORECASE
    ),
    "exercise": re.compile(r"^exercise\b", re.IGNORECASE),
    "recall": re.compile(r"^(recall|active recall)\b", re.IGNORECASE),
    "recap": re.compile(r"^recap\b", re.IGNORECASE),
    "references": re.compile(r"^references\b", re.IGNORECASE),
}
TITLES = {"predict": "Predict first", "mistake": "A common mistake"}


def take_head(soup: BeautifulSoup) -> dict:
    """Cut title, question and facts out of the body; the template sets them as a title page."""
    heading = soup.find("h1")
    title = heading.decode_contents()
    title = re.sub(r"^\s*\d+\.\s*", "", re.sub(r'<a class="headerlink".*?</a>', "", title))
    anchor = heading.parent.get("id", "") if heading.parent.name == "section" else ""
    question = None
    for paragraph in heading.find_next_siblings("p", limit=3):
        text = paragraph.get_text(" ", strip=True)
        if question is None and text.endswith("?") and paragraph.find("strong"):
            question = paragraph.strong.decode_contents()
            paragraph.decompose()
        elif text.startswith("Time:"):
            paragraph.decompose()
    heading.decompose()
    _mark_goals(soup)
    return {"title": title, "question": question, "anchor": anchor}


def _mark_goals(soup: BeautifulSoup) -> None:
    """*After this chapter you can* and its list become one card."""
    for paragraph in soup.find_all("p"):
        if paragraph.get_text(strip=True).startswith("After this chapter you can"):
            goals = paragraph.find_next_sibling()
            if goals is not None and goals.name == "ul":
                card = soup.new_tag("div", attrs={"class": "goals"})
                paragraph.wrap(card)
                card.append(goals)
            return


def name_sections(soup: BeautifulSoup) -> None:
    """A section's class says what it is: `recap`, `exercise`, `recall` …"""
    for heading in soup.find_all(["h2", "h3"]):
        text = heading.get_text(" ", strip=True)
        for kind, words in KINDS.items():
            if words.match(text) and heading.parent.name == "section":
                heading.parent["class"] = [*heading.parent.get("class", []), kind]
    for details in soup.select("section.exercise details"):
        details["class"] = ["hint"]


def mark_quotes(soup: BeautifulSoup) -> None:
    """A quoted block is a box: a prediction, a mistake, or a note, after its section."""
    for quote in soup.find_all("blockquote"):
        section = quote.find_parent("section", class_=["predict", "mistake"])
        kind = "note"
        if section is not None:
            kind = "predict" if "predict" in section["class"] else "mistake"
        quote.name = "div"
        quote["class"] = ["box", kind]
        for inner in quote.find_all("div", recursive=False):
            inner.unwrap()


def mark_answer_stubs(soup: BeautifulSoup, launch: list[dict], pathto) -> None:
    """The cell that a learner fills in says so, and offers the places where one can."""
    for cell in soup.select(".tag_answer-stub"):
        cell["class"] = ["cell", "answer-stub"]
        note = soup.new_tag("div", attrs={"class": "your-turn"})
        title = soup.new_tag("p")
        title.string = "Your turn. Fill in this cell in the notebook:"
        note.append(title)
        note.append(_launch_list(soup, launch))
        cell.insert(0, note)


def _launch_list(soup: BeautifulSoup, launch: list[dict]) -> Tag:
    row = soup.new_tag("p", attrs={"class": "launch"})
    for button in launch:
        link = soup.new_tag("a", href=button["address"])
        link.string = button["label"]
        if button["label"] == "Download":
            link["download"] = ""
        row.append(link)
    return row
