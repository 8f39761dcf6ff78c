"""A released chapter as it is graded, and which of its releases a submission was made from."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.classroom.folder import Classroom
from autograder.grading.canonical import Submission
from autograder.grading.merge import exported_names
from autograder.grading.results import Result, TestResult
from autograder.grading.scoring import blank_tests
from autograder.notebooks import learner_notebook
from autograder.source import is_answer

Mark = tuple[str, str]


@dataclass(frozen=True)
class Assignment:
    """One release of a chapter: the current one in the class's `source`, or an earlier one."""

    classroom: Classroom
    chapter: str
    earlier: Path | None = None

    @cached_property
    def teacher(self) -> NotebookNode:
        """The notebook with answers and hidden tests."""
        return nbformat.reads(self._content.decode("utf-8"), as_version=4)

    @cached_property
    def learner(self) -> NotebookNode:
        """The notebook as it was released."""
        return learner_notebook(self.teacher)

    @cached_property
    def exports(self) -> dict[str, list[str]]:
        """The names that each exercise asks for."""
        return exported_names(self.teacher)

    @cached_property
    def release(self) -> str:
        """The identity of this release."""
        return hashlib.sha256(self._content).hexdigest()

    @cached_property
    def releases(self) -> list["Assignment"]:
        """This chapter's releases, the current one first, then the others from new to old."""
        folder = self.classroom.state / "releases" / self.chapter
        files = sorted(folder.glob("*.ipynb"), key=lambda p: p.stat().st_mtime_ns, reverse=True)
        others = [path for path in files if path.stem != self.release]
        return [self, *(Assignment(self.classroom, self.chapter, path) for path in others)]

    def made_from(self, submission: Submission) -> "Assignment":
        """The release that a submission resembles most; of equals, the newest."""
        if len(self.releases) == 1:
            return self
        seen = _marks_of_submission(submission)
        return max(self.releases, key=lambda release: release._likeness(seen))

    def result(self, student: str, outcome: str, reason: str = "", **facts) -> Result:
        """A result of this chapter with every test at 0 points."""
        tests = blank_tests(self.teacher)
        total = sum(test.points for test in tests)
        return Result(
            student, self.chapter, outcome, total, reason, tests, release=self.release, **facts
        )

    @cached_property
    def _content(self) -> bytes:
        return (self.earlier or self.classroom.notebook("source", self.chapter)).read_bytes()

    @cached_property
    def _marks(self) -> set[Mark]:
        """What a copy of this release has, however its answers were filled in."""
        marks: set[Mark] = set()
        for cell in self.learner.cells:
            marks.add(("id", cell.id))
            if not is_answer(cell):
                marks.add(("source", cell.source.strip()))
            if checksum := cell.metadata.get("nbgrader", {}).get("checksum"):
                marks.add(("checksum", checksum))
        return marks

    def _likeness(self, seen: set[Mark]) -> int:
        """Marks that are there, less marks that are missing: a cell that was added counts too."""
        return len(self._marks & seen) - len(self._marks - seen)


def _marks_of_submission(submission: Submission) -> set[Mark]:
    cells = submission.cells
    marks = {("source", cell.source.strip()) for cell in cells}
    marks |= {("id", cell.id) for cell in cells if cell.id}
    return marks | {("checksum", cell.checksum) for cell in cells if cell.checksum}


def carried_over(result: Result, current: list[TestResult]) -> dict[str, float]:
    """What a result is worth in the tests of the current release: test -> score.

    A test that both releases have keeps its share of the points; one that the submission's own
    release did not have gets the share that its exercise got there; and one of an exercise that
    was not there gets the share of the whole chapter. So everyone's maximum is the same, and
    nobody loses by a test that they never saw.
    """
    own = {test.grade_id: test for test in result.tests}
    scores = {}
    for test in current:
        same_exercise = [t for t in result.tests if t.exercise == test.exercise]
        judges = [own[test.grade_id]] if test.grade_id in own else same_exercise or result.tests
        scores[test.grade_id] = test.points * _share(judges)
    return scores


def _share(tests: list[TestResult]) -> float:
    points = sum(test.points for test in tests)
    return sum(test.score for test in tests) / points if points else 0.0
