"""nbgrader's own command, with our preprocessors, gives our scores."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.releasing import release
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import learner_notebook

CONFIG = """
from autograder.classroom.autograde import AUTOGRADE_PREPROCESSORS
c.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS
"""
FORGED = (
    "def softmax(x, axis=-1):\n    return x\nimport numpy\nnumpy.allclose = lambda *a, **k: True"
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of three, graded by `nbgrader autograde` with the engine in its configuration."""
    use_own_programs()
    classroom = Classroom.create(tmp_path_factory.mktemp("class"))
    release(classroom, ["04_softmax"])
    with open(classroom.folder / "nbgrader_config.py", "a") as config:
        config.write(CONFIG)
    teacher = nbformat.read(classroom.notebook("source", "04_softmax"), as_version=4)
    blank = learner_notebook(teacher)
    handed_in = {
        "right": answered(blank, reference_answers(teacher)),
        "forger": answered(blank, {"softmax": FORGED}),
        "blank": blank,
    }
    for student, submission in handed_in.items():
        path = classroom.notebook("submitted", "04_softmax", student)
        path.parent.mkdir(parents=True)
        nbformat.write(submission, path)
    program = str(Path(sys.executable).with_name("nbgrader"))
    done = subprocess.run(
        [program, "autograde", "04_softmax"], cwd=classroom.folder, env={**os.environ},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return classroom


def scores(classroom):
    """Points per student, as the gradebook has them."""
    with sqlite3.connect(classroom.folder / "gradebook.db") as book:
        rows = book.execute(
            "select assignment.student_id, sum(grade.auto_score) from grade"
            " join submitted_notebook n on n.id = grade.notebook_id"
            " join submitted_assignment assignment on assignment.id = n.assignment_id"
            " group by assignment.student_id"
        )
        return dict(rows.fetchall())


def test_nbgraders_own_command_scores_what_the_code_deserves(graded):
    points = scores(graded)
    assert points["right"] > 0
    assert points["blank"] == points["forger"] == 0


def test_the_autograded_notebook_is_there_for_the_formgrader(graded):
    path = graded.notebook("autograded", "04_softmax", "right")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.autograder.isolation.startswith("bubblewrap")
    assert any(cell.get("outputs") for cell in notebook.cells)
