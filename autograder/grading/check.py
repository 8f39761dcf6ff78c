"""Grade one notebook for a lone learner: no class, the same tests, the same words."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.engine import Engine, Limits, Run
from autograder.errors import UsageError
from autograder.grading.canonical import Rejected, Submission, parse_submission, read_submission
from autograder.grading.merge import Merged, exercises_in, exported_names, merge
from autograder.grading.results import TestResult
from autograder.grading.scoring import blank_tests, score_tests
from autograder.notebooks import learner_notebook
from autograder.paths import project_root
from autograder.source import is_answer, is_test, receipt

STUB = "raise NotImplementedError()"  # the line to delete; the comment beside it may stay
HIDDEN_LATER = "Hidden checks run after you hand in."


@dataclass(frozen=True)
class Checked:
    """What the grader will see of one notebook."""

    chapter: str
    hidden_too: bool
    tests: list[TestResult]
    stubs: list[str]
    failing_cells: list[str]
    flags: list[str]
    isolation: str
    receipt: str


def check(path: Path, *, limits: Limits, isolation: str) -> Checked:
    """Run one notebook's checks. Raises UsageError where it is not one of ours."""
    try:
        submission = read_submission(path)
        chapter, teacher, hidden_too = _teacher_for(path, submission)
        merged = merge(teacher, learner_notebook(teacher) if hidden_too else teacher, submission)
    except Rejected as rejected:
        raise UsageError(f"{path}: {rejected}") from rejected
    exports = exported_names(teacher)
    with Engine(workers=1, limits=limits, isolation=isolation) as engine:
        run = engine.run(merged.notebook, exports)
    return Checked(
        chapter=chapter,
        hidden_too=hidden_too,
        tests=score_tests(teacher, run),
        stubs=[c.id for c in merged.notebook.cells if is_answer(c) and STUB in c.source],
        failing_cells=_failing_cells(merged, run),
        flags=merged.flags,
        isolation=run.isolation,
        receipt=receipt([c.source for c in merged.notebook.cells if is_answer(c)]),
    )


def _teacher_for(path: Path, submission: Submission) -> tuple[str, NotebookNode, bool]:
    """The chapter that a notebook belongs to; its own locked cells where ours are not at hand."""
    named = exercises_in(submission)
    try:
        root = project_root()
    except UsageError:
        root = None
    for folder, hidden_too in (("solutions", True), ("notebooks", False)):
        for candidate in sorted((root / folder).glob("*.ipynb")) if root else []:
            notebook = nbformat.read(candidate, as_version=4)
            if named & set(exported_names(notebook)):
                return candidate.stem, notebook, hidden_too
    return path.stem, _its_own_cells(path), False


def _its_own_cells(path: Path) -> NotebookNode:
    """The notebook as it is, for a learner who has nothing but this file."""
    parse_submission(path.read_bytes())
    notebook = nbformat.read(path, as_version=4)
    if not any(is_answer(cell) for cell in notebook.cells) or not blank_tests(notebook):
        raise UsageError(f"{path}: no exercise of this course in it, or its metadata was stripped")
    return notebook


def _failing_cells(merged: Merged, run: Run) -> list[str]:
    """The first line of every story cell or extra cell that does not run."""
    return [
        f"{cell.source.strip().splitlines()[0][:60]} … {run.cells[cell.id].error}"
        for cell in merged.notebook.cells
        if cell.id in run.cells
        and cell.source.strip()
        and not is_test(cell)
        and "explains" not in cell.metadata
        and run.cells[cell.id].status not in ("ok", "skipped")
    ]
