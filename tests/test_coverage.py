"""Everything that the four sources teach has a place in the book, and the place exists."""

import re
from pathlib import Path

import pytest
import yaml

BOOK = Path(__file__).resolve().parent.parent / "book"
SOURCES = yaml.safe_load((BOOK / "coverage.yml").read_text(encoding="utf-8"))
NUMBERED = {"the tutorial module": 6, "the deep dive": 24}  # sections that the sources number
SECTIONS = [
    pytest.param(section, id=f"{source['source']}: {section['title']}")
    for source in SOURCES
    for section in source["sections"]
]


def headings(page):
    """The headings of a page, whether its source is Markdown or a script."""
    sources = [path for path in (BOOK / f"{page}.py", BOOK / f"{page}.md") if path.is_file()]
    assert sources, f"coverage.yml names the page {page}, and there is none"
    text = sources[0].read_text(encoding="utf-8")
    marker = r"^# #+ (.+)$" if sources[0].suffix == ".py" else r"^#+ (.+)$"
    return re.findall(marker, text, re.MULTILINE)


def places(section):
    """The pairs of page and heading where a section is taught."""
    return [pair for row in section["taught"] for pair in row.items()]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_of_a_source_is_taught_under_a_heading_that_exists(section):
    assert section["taught"], "taught nowhere"
    for page, heading in places(section):
        found = headings(page)
        assert heading in found, f"no heading {heading!r} in {page}; there are: {found}"


def test_the_four_sources_are_there():
    assert [source["source"] for source in SOURCES] == [
        "the wiki chapter",
        "the learning guide",
        "the tutorial module",
        "the deep dive",
    ]


@pytest.mark.parametrize(("name", "last"), NUMBERED.items())
def test_no_numbered_section_is_missing(name, last):
    [source] = [source for source in SOURCES if source["source"] == name]
    numbers = {section["number"] for section in source["sections"] if "number" in section}

    assert numbers == set(range(1, last + 1))
