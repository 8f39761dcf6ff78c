"""Strict scoring: a test that did not report its completion is worth nothing."""

import math
from collections.abc import Collection
from dataclasses import replace
from itertools import groupby

import nbformat
from nbformat import NotebookNode

from autograder.course.cells import reference_answers, used_names
from autograder.engine import CellResult, Run
from autograder.errors import AssignmentFault
from autograder.findings import Finding
from autograder.grading.release import blank_tests
from autograder.results import TestResult

EXPLAIN = """\
from autograder.checks import explain

explain({name!r}, {name}, {reference!r}, {parts!r}, globals())"""
STOPPED = {
    "timeout": "It took longer than the time limit and was stopped: is there an endless loop?",
    "memory": "It needed more memory than the limit and was stopped.",
    "killed": "The process ended while this test ran, so the test counts as failed.",
    "output": "It sent back more than the limit and was stopped.",
    "skipped": "This test did not run.",
}


def score_tests(teacher: NotebookNode, run: Run) -> list[TestResult]:
    """The score of every test cell. Raises AssignmentFault for an impossible partial credit."""
    tests = blank_tests(teacher)
    for test in tests:
        cell = run.cells.get(test.grade_id)
        if cell is None:
            continue
        test.status, test.seconds = cell.status, round(cell.seconds, 4)
        if cell.status == "ok":
            test.score = _credit(test, cell)
        else:
            test.finding = finding_of(cell)
    return tests


def finding_of(cell: CellResult) -> Finding:
    """What ended a cell, in words."""
    if cell.finding is not None:
        return cell.finding
    if cell.status in STOPPED:
        return Finding(STOPPED[cell.status])
    if cell.kind == "AssertionError":
        return _of_an_assert(cell)
    if cell.kind == "NotImplementedError" and not cell.text:
        return Finding("The answer is still empty: write it where the stub raises.")
    if cell.kind:
        said = f"It raised {cell.kind}: {cell.text.rstrip('.') or 'no message'}."
        return Finding(said, raised=cell.kind)
    return Finding(cell.error or "The test failed.")


def _of_an_assert(cell: CellResult) -> Finding:
    """A test's own says what is wrong; the learner's own is quoted."""
    if not cell.from_learner:
        return Finding(cell.text or "The test failed.")
    said = f"An `assert` in your code failed{f': {cell.text}' if cell.text else '.'}"
    return Finding(said, raised=cell.kind)


def exercise_findings(run: Run, tests: list[TestResult]) -> dict[str, Finding]:
    """What is wrong with each exercise, where its explanation cell found it out.

    A finding follows from an earlier exercise only if that one lost points itself, and the
    learner's answer uses it.
    """
    sources = {cell.id: cell.source for cell in run.notebook.cells}
    lost = {test.exercise for test in tests if not test.passed}
    findings = {}
    for exercise in dict.fromkeys(test.exercise for test in tests):
        cell = run.cells.get(f"explain-{exercise}")
        if cell is not None and cell.finding is not None:
            used = lost & used_names(sources.get(exercise, ""))
            causes = tuple(name for name in cell.finding.follows_from if name in used)
            findings[exercise] = replace(cell.finding, follows_from=causes)
    return findings


def explanation_cells(teacher: NotebookNode, explained: Collection[str]) -> list[NotebookNode]:
    """One cell per exercise that finds out what is wrong; it runs only if a test of it failed."""
    answers = reference_answers(teacher)
    earlier: list[str] = []
    cells = []
    for exercise, tests in groupby(blank_tests(teacher), key=lambda test: test.exercise):
        if exercise in explained:
            reference = answers[exercise]
            parts = {name: answers[name] for name in earlier if name in used_names(reference)}
            text = EXPLAIN.format(name=exercise, reference=reference, parts=parts)
            cell = nbformat.v4.new_code_cell(text)
            cell.id = f"explain-{exercise}"
            cell.metadata["explains"] = [test.grade_id for test in tests]
            cells.append(cell)
        earlier.append(exercise)
    return cells


def _credit(test: TestResult, cell: CellResult) -> float:
    """Full points, or the number that the test cell ends in."""
    if cell.value is None:
        return test.points
    if not math.isfinite(cell.value) or not 0 <= cell.value <= test.points:
        raise AssignmentFault(f"{test.grade_id} gave {cell.value} of {test.points} points")
    return float(cell.value)
