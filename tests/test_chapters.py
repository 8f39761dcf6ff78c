"""Every chapter is whole: its sections, its keys, its figures, its exercise; and it runs."""

import os
import re
import subprocess
import sys

import pytest

from autograder.course.cells import is_answer, is_test
from autograder.course.notebooks import learner_notebook
from autograder.course.source import has_exercise, read_chapter
from autograder.exercises import exercise_names, load_answers, load_exercise
from autograder.kit.exercise import title_and_hint

SECTIONS = ["## Predict first", "## A common mistake", "## Exercise", "## Recall", "## Recap"]
SLOW_CHAPTER = 1200  # seconds that any chapter may take, on a machine that is busy elsewhere


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def code(notebook, *, demo=True):
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and (demo or "demo" not in cell.metadata.get("tags", []))
    ]


def run_cells(cells, name):
    """Run cells in one fresh interpreter; the process, with its output as text."""
    script = "\n\n".join(f"# cell {cell.id}\n{cell.source}" for cell in cells)
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=SLOW_CHAPTER,
        env=os.environ | {"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "PYTHONPATH": ""},
        check=False,
    )


def test_a_chapter_has_its_sections_in_order(chapter):
    text = prose(read_chapter(chapter))
    sections = [name for name in SECTIONS if name != "## Exercise" or has_exercise(chapter)]
    places = [text.find(f"\n{section}") for section in sections]

    assert re.match(r"# \d+\. ", text)
    assert re.search(r"^\*Time:\* \d+ minutes\. \*Difficulty:\* [1-5] of 5\.", text, re.MULTILINE)
    assert "After this chapter you can" in text
    assert -1 not in places, dict(zip(sections, places, strict=True))
    assert places == sorted(places)


def test_a_chapter_runs_numpy_and_pytorch_and_asserts_that_they_agree(chapter):
    source = "\n".join(cell.source for cell in code(read_chapter(chapter)))

    assert "import numpy as np" in source
    assert "import torch" in source
    assert re.search(r"assert .*(allclose|isclose|equal)", source)


def test_every_figure_says_what_it_shows(chapter):
    notebook = read_chapter(chapter)
    drawing = [cell for cell in code(notebook) if "plt.show()" in cell.source]

    assert drawing
    for cell in drawing:
        assert "demo" in cell.metadata.get("tags", []), cell.id
        assert len(cell.metadata.get("alt", "")) > 40, f"no alt text: {cell.source[:60]}"
    texts = [cell.metadata.alt for cell in drawing]
    assert len(texts) == len(set(texts))
    assert prose(notebook).count("*Figure") >= len(drawing)


def test_every_recall_question_has_one_right_choice_and_its_key_agrees(chapter):
    cell = next(c for c in read_chapter(chapter).cells if "recall" in c.metadata)
    questions = re.split(r"^\*\*\d+\. ", cell.source, flags=re.MULTILINE)[1:]

    assert 3 <= len(questions) <= 5
    assert len(cell.metadata.recall) == len(questions)
    for question, key in zip(questions, cell.metadata.recall, strict=True):
        choices = re.findall(
            r"<details><summary>([A-E])\. .+?</summary>\n\n(Yes|No)\. (.+?)</details>",
            question,
            re.DOTALL,
        )
        assert len(choices) == question.count("<details>") >= 3
        assert [letter for letter, verdict, _ in choices if verdict == "Yes"] == [key]


def test_the_right_choice_is_not_always_the_same_letter(chapter):
    key = next(c.metadata.recall for c in read_chapter(chapter).cells if "recall" in c.metadata)

    assert len(set(key)) > 1


def test_markdown_is_plain_so_that_colab_shows_it(chapter):
    text = prose(read_chapter(chapter))

    assert not re.search(r"\{[a-z:-]+\}`", text)
    assert ":::" not in text
    assert not re.search(r"^```\{", text, re.MULTILINE)
    assert not re.search(r"\bsimply\b|\bnote that\b|\bobviously\b", text, re.IGNORECASE)


def test_a_chapter_without_an_exercise_grades_nothing_and_asks_for_no_hand_in(chapter):
    cells = read_chapter(chapter).cells
    graded = [cell.id for cell in cells if "nbgrader" in cell.metadata]

    assert has_exercise(chapter) == bool(graded) == ("receipt" in [cell.id for cell in cells])


def test_every_exercise_has_three_hints_difficulty_time_and_points(graded_chapter):
    notebook = read_chapter(graded_chapter)
    text = prose(notebook)
    exercises = text[text.find("\n## Exercise") : text.find("\n## Recall")]
    points = sum(cell.metadata.nbgrader.points for cell in notebook.cells if is_test(cell))

    assert exercises.count("<details>") >= 3
    assert "*Difficulty:*" in exercises
    assert "*Time:*" in exercises
    stated = [int(number) for number in re.findall(r"\*Points:\* (\d+)", exercises)]
    assert sum(stated) == points


def test_hidden_tests_name_every_property_once(chapter):
    notebook = read_chapter(chapter)
    named: dict[str, list[str]] = {}
    for cell in filter(is_test, notebook.cells):
        for call in re.findall(r"require\((.*?)\)", cell.source, re.DOTALL):
            exercise, *properties = re.findall(r'"(\w+)"', call)
            named.setdefault(exercise, []).extend(properties)
    exercises = [cell.id for cell in notebook.cells if is_answer(cell)]

    assert sorted(named) == sorted(exercises)
    for exercise, properties in named.items():
        assert sorted(properties) == sorted(load_exercise(exercise).properties)


def test_every_file_of_properties_belongs_to_a_chapter(root):
    answers = {
        cell.id
        for path in (root / "book").glob("[0-9][0-9]_*.py")
        for cell in read_chapter(path).cells
        if is_answer(cell)
    }

    assert sorted(answers) == exercise_names()


@pytest.mark.parametrize("exercise", exercise_names())
def test_every_property_and_mistake_has_a_sentence_and_a_hint(exercise):
    properties = [p.make_cases for p in load_exercise(exercise).properties.values()]
    mistakes = list(load_answers("wrong", exercise).values())

    assert len(mistakes) >= 2
    for function in properties + mistakes:
        title, hint = title_and_hint(function)
        assert title.endswith((".", "?")), function.__name__
        assert len(hint) > 10, function.__name__


def test_a_chapter_runs_as_a_plain_script(chapter):
    done = subprocess.run(
        [sys.executable, chapter.name],
        cwd=chapter.parent,
        capture_output=True,
        text=True,
        timeout=SLOW_CHAPTER,
        env=os.environ | {"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"},
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]


def test_a_chapter_runs_without_the_cells_that_only_show(chapter):
    done = run_cells(code(read_chapter(chapter), demo=False), chapter.stem)

    assert done.returncode == 0, done.stderr[-2000:]


def test_a_blank_notebook_runs_to_its_first_exercise_and_says_what_to_do(graded_chapter):
    learner = learner_notebook(read_chapter(graded_chapter))
    done = run_cells(code(learner, demo=False), graded_chapter.stem)

    first = next(cell for cell in learner.cells if is_answer(cell))
    assert done.returncode != 0
    last = [line for line in done.stderr.splitlines() if line.strip()][-1]
    assert last.startswith("NotImplementedError: "), done.stderr[-2000:]
    assert first.id in last
    assert "cell above" in last


def test_graded_cells_need_no_story_cell(chapter):
    """Story cells are the learner's to edit: the examiner never sees their names."""
    graded = [
        cell
        for cell in code(read_chapter(chapter), demo=False)
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    ]
    done = run_cells(graded, chapter.stem)

    assert done.returncode == 0, done.stderr[-2000:]


def test_no_story_cell_defines_a_graded_name(chapter):
    graded = exercise_names()
    for cell in read_chapter(chapter).cells:
        if not is_answer(cell) and not is_test(cell):
            defined = re.findall(r"^\s*def (\w+)", cell.source, re.MULTILINE)
            assert not set(defined) & set(graded), cell.id


def test_the_courses_python_stays_within_one_page_wide(chapter):
    for number, line in enumerate(chapter.read_text().splitlines(), start=1):
        if not line.startswith("#"):
            assert len(line) <= 88, f"{chapter.name}:{number}"
