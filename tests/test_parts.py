"""The pages that open a part: they stand first, and what they say of chapters is so."""

import ast
import os
import re
import subprocess
import sys

import pytest
import yaml

from autograder.course.source import read_text
from autograder.paths import chapter_sources, project_root
from autograder.site.outline import FUNCTION, MINUTES, source_text

BOOK = project_root() / "book"
PARTS = {
    part["chapters"][0]["file"]: part
    for part in yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    if any("glob" in entry for entry in part["chapters"])
}
MADE = {  # the functions of each chapter
    source.stem: FUNCTION.findall(source_text(source)) for source in chapter_sources()
}
each_part = pytest.mark.parametrize("name", PARTS)


def cells(name, kind):
    page = read_text((BOOK / f"{name}.py").read_text(encoding="utf-8"))
    return "\n\n".join(cell.source for cell in page.cells if cell.cell_type == kind)


def asserted(source):
    """The sizes of all numbers that stand in an assert."""
    claims = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    numbers = [node for claim in claims for node in ast.walk(claim)]
    constants = [node.value for node in numbers if isinstance(node, ast.Constant)]
    return {float(value) for value in constants if isinstance(value, int | float)}


def chapters_of(part):
    return [path.stem for entry in part["chapters"][1:] for path in BOOK.glob(entry["glob"])]


def test_every_chapter_stands_in_one_part_by_a_glob_and_every_such_part_has_a_page():
    found = sorted(stem for part in PARTS.values() for stem in chapters_of(part))

    assert found == sorted(MADE)
    assert sorted(PARTS) == sorted(path.stem for path in BOOK.glob("part_*"))


@each_part
def test_a_parts_page_has_its_caption_a_question_and_no_time_of_its_own(name):
    text = cells(name, "markdown")

    assert re.match(rf"# Part \w+: {PARTS[name]['caption']}\n\n\*\*[^*]+\?\*\*\n", text)
    assert not MINUTES.search(text)


@each_part
def test_the_functions_that_a_part_leaves_are_made_in_the_chapters_that_they_link_to(name):
    left_with = cells(name, "markdown").partition("## What you leave with")[2]
    links = set(re.findall(r"\[`(\w+)`\]\((\w+)\.py\)", left_with))

    wanted = {(made, stem) for stem in chapters_of(PARTS[name]) for made in MADE[stem]}
    assert links
    assert links <= wanted


@each_part
def test_what_a_part_brings_was_made_before(name):
    brings = cells(name, "markdown").partition("## What you leave with")[0]
    first = min(chapters_of(PARTS[name]))

    for function, stem in re.findall(r"\[`(\w+)`\]\((\w+)\.py\)", brings):
        assert function in MADE[stem]
        assert stem < first


@each_part
def test_a_number_in_a_parts_prose_is_asserted_on_its_page_and_in_a_chapter(name):
    told = {float(number) for number in re.findall(r"\d*\.\d+", cells(name, "markdown"))}
    code = [source.read_text(encoding="utf-8") for source in chapter_sources()]

    assert told
    assert told <= asserted(cells(name, "code"))
    assert told <= set().union(*map(asserted, code))


@each_part
def test_a_parts_page_runs_as_a_plain_script(name):
    done = subprocess.run(
        [sys.executable, f"{name}.py"],
        cwd=BOOK,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"MPLBACKEND": "Agg"},
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
