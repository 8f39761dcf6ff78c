"""Test the tests: what every stored answer scores, through the engine, as a learner's would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import learner_notebook, notebook_bytes
from autograder.course.source import read_chapter
from autograder.errors import MachineError, UsageError
from autograder.grading.corpus import stored_answers
from autograder.grading.parse import Submission, parse_submission
from autograder.grading.release import Release, blank_tests
from autograder.grading.workers import Workers
from autograder.paths import chapter_sources
from autograder.results import Result


@dataclass
class ExerciseReport:
    """The kill matrix of one exercise: answer -> test -> did it fail?"""

    exercise: str
    chapter: str
    tests: list[str]
    right: dict[str, dict[str, bool]] = field(default_factory=dict)
    wrong: dict[str, dict[str, bool]] = field(default_factory=dict)
    blank: dict[str, bool] = field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """Survivors, false alarms, and tests that nothing fails."""
        found = [f"{self.exercise}: survivor: {n} loses no point" for n in self._not_failing()]
        for name, row in sorted(self.right.items()):
            failed = [test for test, fails in row.items() if fails]
            found += [f"{self.exercise}: false alarm: {name} fails {test}" for test in failed]
        for test in self.tests:
            if not any(row[test] for row in self.wrong.values()):
                found.append(f"{self.exercise}: idle test: no wrong answer fails {test}")
            if not self.blank[test]:
                found.append(f"{self.exercise}: a blank answer passes {test}")
        return found

    def line(self) -> str:
        """The report in one line."""
        return (
            f"{self.exercise}: {len(self.wrong)} wrong and {len(self.right)} right answers, "
            f"{len(self.tests)} tests, {len(self.problems)} problems"
        )

    def table(self) -> Table:
        """The kill matrix: a mark where an answer fails a test."""
        short = [test.removeprefix(f"{self.exercise}_") for test in self.tests]
        table = Table(title=f"{self.exercise} ({self.chapter})", title_justify="left")
        table.add_column("answer", no_wrap=True)
        for name in short:
            table.add_column(name.replace("_", " "), justify="center")
        for name, row in self.right.items():
            table.add_row(f"[green]{name}[/]", *["✗" if row[test] else "" for test in self.tests])
        for name, row in self.wrong.items():
            table.add_row(name, *["✗" if row[test] else "" for test in self.tests])
        return table

    def _not_failing(self) -> list[str]:
        return [name for name, row in sorted(self.wrong.items()) if not any(row.values())]


def audit(exercises: list[str], workers: Workers) -> Iterator[ExerciseReport]:
    """One report per exercise, in book order. Raises UsageError for an unknown exercise."""
    releases = [_release(source) for source in chapter_sources()]
    known = [name for release in releases for name in release.exports]
    if unknown := set(exercises) - set(known):
        raise UsageError(f"no exercise {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    with workers as grading:
        for release in releases:
            for exercise in release.exports:
                if not exercises or exercise in exercises:
                    yield audit_exercise(grading, release, exercise)


def audit_exercise(workers: Workers, release: Release, exercise: str) -> ExerciseReport:
    """Grade every stored answer of one exercise; the other answers are the reference's."""
    tests = [test.grade_id for test in blank_tests(release.teacher) if test.exercise == exercise]
    report = ExerciseReport(exercise, release.chapter, tests)
    reference = reference_answers(release.teacher)
    stub = f"{reference_answers(release.learner)[exercise]}\n# and nothing more"
    answers = [("right", "reference", reference[exercise]), ("blank", "", stub)]
    answers += [("right", *pair) for pair in stored_answers("right", exercise).items()]
    answers += [("wrong", *pair) for pair in stored_answers("wrong", exercise).items()]
    tasks = [
        ((kind, name), release, _handed_in(release, reference | {exercise: source}))
        for kind, name, source in answers
    ]
    for (kind, name), result in workers.grade(tasks):
        row = _row(tests, result)
        if kind == "blank":
            report.blank = row
        else:
            getattr(report, kind)[name] = row
    return report


def _release(source: Path) -> Release:
    """A chapter as its script is now, generated or not."""
    teacher = read_chapter(source)
    notebooks = (teacher, learner_notebook(teacher))
    return Release.of(source.stem, *(notebook_bytes(n).decode() for n in notebooks))


def _handed_in(release: Release, answers: dict[str, str]) -> Submission:
    return parse_submission(notebook_bytes(answered(release.learner, answers)))


def _row(tests: list[str], result: Result) -> dict[str, bool]:
    """Which tests lost points."""
    if result.is_fault:
        raise MachineError(f"the audit could not go on: {result.reason}")
    scored = {test.grade_id: test for test in result.tests}
    return {test: not scored[test].passed for test in tests}
