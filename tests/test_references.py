"""Every work that a chapter cites is in the bibliography, and each entry is listed once."""

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parent.parent / "book"
BIBLIOGRAPHY = (BOOK / "references.bib").read_text(encoding="utf-8")
CITED = re.compile(r"\[\*(.+?)\*\]\((https?://[^)]+)\)", re.DOTALL)  # a title in italics, linked


def bare(title):
    """A title's letters and digits, so that braces, case and line breaks do not count."""
    title = title.replace("\n# ", " ").casefold().replace("–", "-")
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"[{}]", "", title)).strip()


TITLES = [bare(title) for title in re.findall(r"^  title +=(.+),$", BIBLIOGRAPHY, re.MULTILINE)]


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.py")), ids=lambda path: path.stem)
def test_what_a_page_cites_is_in_the_bibliography(page):
    _, _, references = page.read_text(encoding="utf-8").partition("## References")
    missing = [
        title
        for title, _ in CITED.findall(references)
        if not any(bare(title) in known for known in TITLES)
    ]

    assert missing == [], f"add to book/references.bib: {missing}"


def test_every_entry_is_listed_on_the_page_once():
    listed = re.findall(r'keywords % "(\w+)"', (BOOK / "references.md").read_text("utf-8"))
    used = re.findall(r"^  keywords += \{(\w+)\}", BIBLIOGRAPHY, re.MULTILINE)

    assert len(listed) == len(set(listed))
    assert set(listed) == set(used)
    assert len(used) == len(re.findall(r"^@", BIBLIOGRAPHY, re.MULTILINE))
