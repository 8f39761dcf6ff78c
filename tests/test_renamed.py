"""A class that was made before a chapter got another name: it grades, exports, and has it once."""

import csv

import pytest
from small_class import running
from test_grading import run

from autograder.classroom.demo import make_demo
from autograder.classroom.folder import use_own_programs
from autograder.classroom.gradebook import sync
from autograder.classroom.grader import Grader
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import nbgrader_api, release
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import notebook_bytes
from autograder.course.stems import RENAMED, old_stem
from autograder.errors import UsageError
from autograder.paths import chapter_sources

OLD, NEW = "13_cost", "14_cost"


@pytest.fixture
def old_class(root, tmp_path):
    """A class whose one assignment has an old stem."""
    classroom = make_demo(tmp_path / "class")
    source = classroom.notebook("source", OLD)
    source.parent.mkdir()
    teacher = (root / "solutions" / f"{NEW}.ipynb").read_text(encoding="utf-8")
    source.write_text(teacher.replace(NEW, OLD), encoding="utf-8")
    use_own_programs()
    assert nbgrader_api(classroom).generate_assignment(OLD, force=True, create=True)["success"]
    return classroom


def test_a_hand_in_of_an_old_stem_is_graded_and_exported(old_class, engine, monkeypatch, tmp_path):
    released = Shelf(old_class, OLD).current
    path = old_class.notebook("submitted", OLD, "ada")
    path.parent.mkdir(parents=True)
    right = answered(released.learner, reference_answers(released.teacher))
    path.write_bytes(notebook_bytes(right))
    grader = Grader(old_class, engine.limits, lambda: running(engine))
    [result] = grader.grade(grader.jobs([OLD], []))
    sync(old_class, [result])
    table = tmp_path / "marks.csv"
    assert run(monkeypatch, "export", "csv", table, "--class", old_class.folder) == 0

    assert (result.chapter, result.outcome) == (OLD, "graded")
    assert result.score == result.max_score > 0
    [row] = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    assert (row["student"], row["chapter"]) == ("ada", OLD)
    assert float(row["score"]) == result.score


def test_releasing_all_gives_no_chapter_twice_and_none_without_an_exercise(old_class, monkeypatch):
    some = chapter_sources(["13_learning", NEW])
    monkeypatch.setattr("autograder.classroom.releasing.chapter_sources", lambda names: some)

    assert release(old_class, []) == {NEW: f"this class has it as {OLD}"}
    assert old_class.chapters() == [OLD]


def test_a_chapter_without_an_exercise_cannot_be_released(tmp_path):
    with pytest.raises(UsageError, match="no exercise in 13_learning"):
        release(make_demo(tmp_path / "class"), ["13_learning", NEW])


def test_every_old_stem_leads_to_chapters_that_exist():
    stems = {source.stem for source in chapter_sources()}

    assert {new for every in RENAMED.values() for new in every} <= stems
    assert not stems & set(RENAMED)
    assert old_stem("12_gradient", ["04_softmax", "12_learning"]) == "12_learning"
    assert old_stem("12_gradient", ["04_softmax", "12_gradient"]) is None
