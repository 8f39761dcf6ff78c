"""Learner's and teacher's notebooks: current, free of answers, and what nbgrader would make."""

import json
import re
import shutil

import nbformat
import pytest

from autograder.classroom.folder import Classroom
from autograder.classroom.releasing import release
from autograder.course.cells import is_answer, is_test, reference_answers
from autograder.course.notebooks import check_notebooks, learner_notebook, notebook_bytes
from autograder.course.source import read_chapter
from autograder.errors import StaleError


def hidden_lines(teacher):
    """Every line of code in a hidden test or between answer markers."""
    lines = set()
    for cell in teacher.cells:
        for region in re.findall(r"### BEGIN [A-Z ]+\n(.*?)\n\s*### END", cell.source, re.DOTALL):
            lines |= {line.strip() for line in region.splitlines()}
    return {line for line in lines if len(line) > 12 and not line.startswith("#")}


def test_generated_notebooks_are_current():
    assert check_notebooks() > 0


def test_a_stale_notebook_is_named_with_the_command_that_mends_it(monkeypatch, tmp_path, root):
    shutil.copytree(root / "book", tmp_path / "book", ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(root / "notebooks", tmp_path / "notebooks")
    shutil.copytree(root / "solutions", tmp_path / "solutions")
    stale = sorted((tmp_path / "notebooks").glob("*.ipynb"))[0]
    stale.write_bytes(stale.read_bytes() + b"\n")
    (tmp_path / "solutions" / "99_left_over.ipynb").write_text("{}")
    sources = sorted((tmp_path / "book").glob("[0-9][0-9]_*.py"))
    monkeypatch.setattr("autograder.course.notebooks.chapter_sources", lambda: sources)
    monkeypatch.setattr("autograder.course.notebooks.project_root", lambda: tmp_path)

    with pytest.raises(StaleError) as caught:
        check_notebooks()

    assert f"stale: notebooks/{stale.name}; run make notebooks" in str(caught.value)
    assert "no chapter makes solutions/99_left_over.ipynb" in str(caught.value)


def test_the_learners_notebook_holds_no_answer_and_no_hidden_test(chapter, root):
    teacher = read_chapter(chapter)
    text = (root / "notebooks" / f"{chapter.stem}.ipynb").read_text()
    released = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])

    assert "BEGIN SOLUTION" not in text
    assert "HIDDEN TESTS" not in text
    assert "autograder.checks" not in text
    leaked = [line for line in hidden_lines(teacher) if f"{line}\n" in released + "\n"]
    assert not leaked


def test_a_learners_notebook_is_valid_locked_and_without_outputs(chapter, root):
    notebook = nbformat.read(root / "notebooks" / f"{chapter.stem}.ipynb", as_version=4)
    nbformat.validate(notebook)

    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
        if is_test(cell):
            assert cell.metadata.editable is False
        if is_answer(cell):
            assert cell.source.startswith(f"# exercise: {cell.id}\n")
            assert "raise NotImplementedError()" in cell.source


def test_the_learners_notebook_is_what_stock_nbgrader_makes(graded_chapter, root, tmp_path):
    classroom = Classroom.create(tmp_path / "class")

    release(classroom, [graded_chapter.stem])

    stock = classroom.notebook("release", graded_chapter.stem).read_bytes()
    assert stock == (root / "notebooks" / f"{graded_chapter.stem}.ipynb").read_bytes()


def test_deriving_twice_gives_the_same_bytes(chapter):
    first, second = (notebook_bytes(learner_notebook(read_chapter(chapter))) for _ in range(2))

    assert first == second


def test_the_style_of_figures_stands_in_every_notebook_that_draws(chapter):
    teacher = read_chapter(chapter)
    source = "\n".join(cell.source for cell in teacher.cells)

    assert "from figures" not in source
    assert "def draw_map" in source


def test_every_answer_ends_with_the_reference(chapter):
    for name, source in reference_answers(read_chapter(chapter)).items():
        assert source.startswith(f"# exercise: {name}\n")
        assert f"def {name}(" in source


def test_the_last_cell_says_what_the_grader_will_see(tmp_path, monkeypatch):
    from nbclient import NotebookClient

    from autograder.course.cells import receipt
    from autograder.paths import chapter_sources

    monkeypatch.chdir(tmp_path)
    teacher = read_chapter(chapter_sources(["04_softmax"])[0])
    learner = learner_notebook(teacher)
    for notebook in (teacher, learner):
        NotebookClient(notebook, allow_errors=True, timeout=120).execute()
    full, blank = (  # a busy kernel sends what a cell prints in several pieces
        "".join(output.text for output in notebook.cells[-1].outputs)
        for notebook in (teacher, learner)
    )

    assert full.count("✓ softmax_") == 5
    assert f"receipt {receipt(list(reference_answers(teacher).values()))}" in full
    assert "… softmax is still empty" in blank
    assert "✓" not in blank
    assert len((tmp_path / "receipt.txt").read_text().splitlines()) == 2
