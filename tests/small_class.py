"""A class with one released chapter, for tests to hand in to and to grade."""

import contextlib
import shutil

import pytest

from autograder.classroom.demo import make_demo
from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import open_gradebook
from autograder.classroom.grader import Grader
from autograder.classroom.releases import Shelf
from autograder.classroom.releasing import release
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import notebook_bytes
from autograder.grading.corpus import stored_answers
from autograder.grading.workers import LocalWorkers

CHAPTER = "04_softmax"


def running(engine):
    """Workers with an engine that runs already, and goes on running."""
    return contextlib.nullcontext(LocalWorkers(engine))


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A sample class with one chapter, nothing handed in."""
    classroom = make_demo(tmp_path_factory.mktemp("class") / "demo-class")
    release(classroom, [CHAPTER])
    return classroom


@pytest.fixture
def classroom(released, tmp_path):
    """A fresh copy of that class."""
    shutil.copytree(released.folder, tmp_path / "class")
    return Classroom.open(tmp_path / "class")


@pytest.fixture
def grader(classroom, engine):
    """A grader of that class, with the warm engine of all tests."""
    return Grader(classroom, engine.limits, lambda: running(engine))


def submit(classroom, student, content, name=f"{CHAPTER}.ipynb"):
    """Hand in for a learner."""
    path = classroom.notebook("submitted", CHAPTER, student).with_name(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def filled(classroom, answer):
    """The learner's notebook with this answer."""
    learner = Shelf(classroom, CHAPTER).current.learner
    return notebook_bytes(answered(learner, {"softmax": answer}))


def reference(classroom):
    """The learner's notebook with the reference's answer."""
    answers = reference_answers(Shelf(classroom, CHAPTER).current.teacher)
    return filled(classroom, answers["softmax"])


def wrong(classroom, name):
    """The learner's notebook with a stored mistake."""
    return filled(classroom, stored_answers("wrong", "softmax")[name])


def grade(grader):
    """Grade what waits: student -> result."""
    return {r.student: r for r in grader.grade(grader.jobs([CHAPTER], []))}


def hand_in_all_kinds(classroom):
    """Seven learners: right, wrong, killed, blank, broken."""
    submit(classroom, "ada", reference(classroom))
    submit(classroom, "ben", reference(classroom) + b"\n")
    submit(classroom, "cleo", wrong(classroom, "axis_ignored"))
    submit(classroom, "dan", wrong(classroom, "plain_shares"))
    ends = "# exercise: softmax\nimport os\ndef softmax(x, axis=-1):\n    os._exit(0)"
    submit(classroom, "eve", filled(classroom, ends))
    submit(classroom, "gil", notebook_bytes(Shelf(classroom, CHAPTER).current.learner))
    submit(classroom, "hal", reference(classroom)[:1000])


def rows(classroom):
    """Every grade of the gradebook: (student, chapter, cell, automatic, manual, needs a look)."""
    from nbgrader import api

    with open_gradebook(classroom) as gradebook:
        return sorted(
            (
                grade.notebook.assignment.student_id,
                grade.notebook.assignment.name,
                grade.cell.name,
                grade.auto_score,
                grade.manual_score,
                grade.needs_manual_grade,
            )
            for grade in gradebook.db.query(api.Grade)
        )
