"""Test the tests: what every stored answer scores, through the engine, as a learner's would."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode
from rich.table import Table

from autograder.checks.corpus import answered, reference_answers, stored_answers
from autograder.engine import Engine, EngineFault, Run
from autograder.errors import MachineError, UsageError
from autograder.grading.merge import exported_names, opening_of
from autograder.grading.scoring import blank_tests, score_tests
from autograder.notebooks import learner_notebook
from autograder.paths import chapter_sources
from autograder.source import read_chapter


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
        for name, row in self.right.items():
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
        return [name for name, row in self.wrong.items() if not any(row.values())]


def audit(exercises: list[str], open_engine: Callable[[], Engine]) -> Iterator[ExerciseReport]:
    """One report per exercise, in book order. Raises UsageError for an unknown exercise."""
    chapters = {source.stem: read_chapter(source) for source in chapter_sources()}
    known = [name for teacher in chapters.values() for name in exported_names(teacher)]
    if unknown := set(exercises) - set(known):
        raise UsageError(f"no exercise {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    with open_engine() as engine:
        for chapter, teacher in chapters.items():
            for exercise in exported_names(teacher):
                if not exercises or exercise in exercises:
                    yield audit_exercise(engine, chapter, teacher, exercise)


def audit_exercise(
    engine: Engine, chapter: str, teacher: NotebookNode, exercise: str
) -> ExerciseReport:
    """Run every stored answer of one exercise; the chapter's other answers are the reference's."""
    tests = [test.grade_id for test in blank_tests(teacher) if test.exercise == exercise]
    report = ExerciseReport(exercise, chapter, tests)
    right = stored_answers("right_answers", exercise)
    wrong = stored_answers("wrong_answers", exercise)
    stub = reference_answers(learner_notebook(teacher))[exercise]
    answers = [("right", "reference", reference_answers(teacher)[exercise]), ("blank", "", stub)]
    answers += [("right", name, source) for name, source in right.items()]
    answers += [("wrong", name, source) for name, source in wrong.items()]
    exports, opening = exported_names(teacher), opening_of(teacher, teacher)
    tasks = [
        (number, answered(teacher, {exercise: source}), exports, opening)
        for number, (_, _, source) in enumerate(answers)
    ]
    rows = {number: _row(teacher, tests, run) for number, run in engine.map(tasks)}
    for number, (kind, name, _) in enumerate(answers):
        if kind == "blank":
            report.blank = rows[number]
        else:
            getattr(report, kind)[name] = rows[number]
    return report


def _row(teacher: NotebookNode, tests: list[str], run: Run | EngineFault) -> dict[str, bool]:
    """Which tests lost points."""
    if isinstance(run, EngineFault):
        raise MachineError(f"the engine failed during the audit: {run}")
    scored = {test.grade_id: test for test in score_tests(teacher, run)}
    return {test: scored[test].score < scored[test].points for test in tests}
