"""Strict scoring: a test that did not report its completion is worth nothing."""

import math
from itertools import groupby

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.checks.exercise import exercise_names
from autograder.engine import CellResult, Run
from autograder.grading.results import TestResult
from autograder.source import is_answer, is_test

EXPLAIN = 'from autograder.checks import explain\n\nexplain("{name}", {name})'
STOPPED = {
    "timeout": "It took longer than the time limit and was stopped: is there an endless loop?",
    "memory": "It needed more memory than the limit and was stopped.",
    "killed": "The process ended while this test ran, so the test counts as failed.",
    "output": "It sent back more than the limit and was stopped.",
    "skipped": "This test did not run.",
}


class AssignmentFault(Exception):
    """A test cell of ours gave a score that cannot be: the teacher's error, nobody's gain."""


def blank_tests(teacher: NotebookNode) -> list[TestResult]:
    """Every test cell of a chapter at 0 points, in order."""
    exercises = [cell.metadata.nbgrader.grade_id for cell in teacher.cells if is_answer(cell)]
    return [
        TestResult(
            grade_id=cell.metadata.nbgrader.grade_id,
            exercise=_exercise_of(cell.metadata.nbgrader.grade_id, exercises),
            points=float(cell.metadata.nbgrader.points),
        )
        for cell in teacher.cells
        if is_test(cell)
    ]


def score_tests(teacher: NotebookNode, run: Run) -> list[TestResult]:
    """The score of every test cell. Raises AssignmentFault for an impossible partial credit."""
    tests = blank_tests(teacher)
    for test in tests:
        cell = run.cells.get(test.grade_id)
        if cell is None:
            continue
        test.status, test.seconds = cell.status, round(cell.seconds, 4)
        test.message = _message(cell)
        if cell.status == "ok":
            test.score = _credit(test, cell)
        else:
            test.mistake, test.diagnosis = _diagnosis(run, test.exercise)
    return tests


def explanation_cells(teacher: NotebookNode) -> list[NotebookNode]:
    """One cell per exercise that finds out what is wrong; it runs only if a test of it failed."""
    cells = []
    for exercise, tests in groupby(blank_tests(teacher), key=lambda test: test.exercise):
        if exercise in exercise_names():
            cell = nbformat.v4.new_code_cell(EXPLAIN.format(name=exercise))
            cell.id = f"explain-{exercise}"
            cell.metadata["explains"] = [test.grade_id for test in tests]
            cells.append(cell)
    return cells


def _diagnosis(run: Run, exercise: str) -> tuple[str, str]:
    """(mistake, diagnosis) as the exercise's explanation cell raised them; empty if it did not."""
    cell = run.cells.get(f"explain-{exercise}")
    if cell is None or not (cell.error or "").startswith("AssertionError: "):
        return "", ""
    mistake, _, diagnosis = cell.error.removeprefix("AssertionError: ").partition("\n")
    return mistake.strip(), diagnosis


def _credit(test: TestResult, cell: CellResult) -> float:
    """Full points, or the number that the test cell ends in."""
    if cell.value is None:
        return test.points
    if not math.isfinite(cell.value) or not 0 <= cell.value <= test.points:
        raise AssignmentFault(f"{test.grade_id} gave {cell.value} of {test.points} points")
    return float(cell.value)


def _message(cell: CellResult) -> str:
    if cell.status == "ok":
        return ""
    return STOPPED.get(cell.status) or cell.error or "The test failed."


def _exercise_of(grade_id: str, exercises: list[str]) -> str:
    """The exercise that a test belongs to: the longest name that its own begins with."""
    owners = [name for name in exercises if grade_id.startswith(f"{name}_")]
    return max(owners, key=len, default="")
