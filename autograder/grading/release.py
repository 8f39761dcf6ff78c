"""A release of a chapter: by content, all that decides a score.

The teacher's notebook with its hidden tests, and the sources of every module of ours that they
import: oracles, properties, comparison rules, stored mistakes. What was made from a release is
graded by it for ever, whatever is installed later.
"""

import ast
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

import autograder
from autograder.course.cells import (
    exported_names,
    is_answer,
    is_test,
    parse,
    reference_answers,
)
from autograder.engine import Library
from autograder.exercises import exercise_names
from autograder.grading.parse import Submission
from autograder.results import Result, TestResult

START = "autograder.checks"  # what a hidden test imports
PACKAGE = Path(autograder.__file__).parent

Mark = tuple[str, str]


@dataclass(frozen=True)
class Release:
    """One release of one chapter; equal content is an equal release."""

    chapter: str
    teacher_text: str  # the notebook with answers and hidden tests, as JSON
    learner_text: str  # the same as it was given out
    modules: dict[str, str]  # name -> source of what the hidden tests import

    @classmethod
    def of(cls, chapter: str, teacher_text: str, learner_text: str) -> "Release":
        """These notebooks with the checks that are installed now."""
        return cls(chapter, teacher_text, learner_text, installed_checks(teacher_text))

    @cached_property
    def identity(self) -> str:
        """A hash of everything that decides a score."""
        content = json.dumps([self.teacher_text, self.modules], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def teacher(self) -> NotebookNode:
        """The notebook with answers and hidden tests."""
        return read_notebook(self.teacher_text)

    @cached_property
    def learner(self) -> NotebookNode:
        """The notebook as it was given out."""
        return read_notebook(self.learner_text)

    @cached_property
    def exports(self) -> dict[str, list[str]]:
        """The names that each exercise asks for: exercise -> names."""
        return exported_names(self.teacher)

    @cached_property
    def explained(self) -> list[str]:
        """The exercises that this release's checks know."""
        return [name for name in self.exports if f"autograder.exercises.{name}" in self._folders]

    @cached_property
    def library(self) -> Library | None:
        """What an examiner's room must be able to import; None for plain tests."""
        if not self.modules:
            return None
        return Library(
            self.modules, f"from autograder.checks import prepare\nprepare({self.explained})"
        )

    @cached_property
    def has_hidden_tests(self) -> bool:
        """Is there more than a learner can see?"""
        return any("### BEGIN HIDDEN TESTS" in cell.source for cell in self.teacher.cells)

    def result(self, outcome: str, reason: str = "", **facts: Any) -> Result:
        """A result of this chapter with every test at 0 points, of nobody yet."""
        tests = blank_tests(self.teacher)
        total = sum(test.points for test in tests)
        release = self.identity
        return Result("", self.chapter, outcome, total, reason, tests, release=release, **facts)

    def to_json(self) -> dict[str, Any]:
        """As it crosses to another machine."""
        texts = ("chapter", "teacher_text", "learner_text", "modules")
        return {key: getattr(self, key) for key in texts}

    @cached_property
    def _folders(self) -> set[str]:
        return {name.rpartition(".")[0] for name in self.modules}

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

    def likeness(self, seen: set[Mark]) -> int:
        """Marks that are there, less marks that are missing: a cell that was added counts too."""
        return len(self._marks & seen) - len(self._marks - seen)


def read_notebook(text: str) -> NotebookNode:
    """A notebook of ours from its JSON."""
    notebook: NotebookNode = nbformat.reads(text, as_version=4)
    return notebook


def made_from(releases: Sequence[Release], submission: Submission) -> Release:
    """The release that a submission resembles most; of equals, the first, which is the newest."""
    if len(releases) == 1:
        return releases[0]
    cells = submission.cells
    seen = {("source", cell.source.strip()) for cell in cells}
    seen |= {("id", cell.id) for cell in cells if cell.id}
    seen |= {("checksum", cell.checksum) for cell in cells if cell.checksum}
    return max(releases, key=lambda release: release.likeness(seen))


def blank_tests(teacher: NotebookNode) -> list[TestResult]:
    """Every test cell of a chapter at 0 points, in order."""
    exercises = list(reference_answers(teacher))
    return [
        TestResult(
            grade_id=cell.metadata.nbgrader.grade_id,
            exercise=_exercise_of(cell.metadata.nbgrader.grade_id, exercises),
            points=float(cell.metadata.nbgrader.points),
        )
        for cell in teacher.cells
        if is_test(cell)
    ]


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


def installed_checks(teacher_text: str) -> dict[str, str]:
    """The sources of all modules that the hidden tests of this notebook come to import."""
    teacher = read_notebook(teacher_text)
    if not any(START in cell.source for cell in teacher.cells):
        return {}
    wanted = [START]
    for name in exported_names(teacher):
        if name in exercise_names():
            wanted += [f"autograder.exercises.{name}.{part}" for part in ("properties", "wrong")]
    return modules_from(wanted)


def modules_from(names: Iterable[str]) -> dict[str, str]:
    """Modules of ours, by name, with all of ours that they import: name -> source."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if name in found or path is None:
            continue
        found[name] = path.read_text(encoding="utf-8")
        waiting += _imported(found[name])
        parent = name.rpartition(".")[0]
        waiting += [parent] if "." in parent else []
    return dict(sorted(found.items()))


def _imported(source: str) -> list[str]:
    names = []
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [name for name in names if name.startswith("autograder.")]


def _file_of(name: str) -> Path | None:
    """A module's file; None for a name that is no module, or a folder without an `__init__`."""
    place = PACKAGE.joinpath(*name.split(".")[1:])
    files = [place.with_suffix(".py"), place / "__init__.py"]
    return next((path for path in files if path.is_file()), None)


def _exercise_of(grade_id: str, exercises: list[str]) -> str:
    """The exercise that a test belongs to: the longest name that its own begins with."""
    owners = [name for name in exercises if grade_id.startswith(f"{name}_")]
    return max(owners, key=len, default="")


def _share(tests: list[TestResult]) -> float:
    points = sum(test.points for test in tests)
    return sum(test.score for test in tests) / points if points else 0.0
