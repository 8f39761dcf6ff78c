"""The teacher's page: how an exercise went, which mistakes were made, who needs help."""

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from autograder.classroom.folder import Classroom
from autograder.classroom.ledger import Ledger
from autograder.grading.words import first_sentences
from autograder.reports.feedback import ENVIRONMENT
from autograder.results import FAULTS, OUTCOMES, Result

NEEDS_HELP = 0.5  # of the points of a chapter


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise of a chapter: how many scored how much of it."""

    name: str
    points: float
    mean: float
    counts: list[tuple[float, int]]  # score -> learners


@dataclass(frozen=True)
class ChapterReport:
    """One chapter of a class."""

    chapter: str
    learners: int
    outcomes: list[tuple[str, int]]
    exercises: list[ExerciseRow]
    mistakes: list[tuple[str, int]]
    need_help: list[Result]
    to_look_at: list[Result]
    twins: list[list[str]]  # learners whose notebooks are the same; their scores are their own
    seconds: float


def write_report(classroom: Classroom, chapters: list[str]) -> Path:
    """Write `report.html` into the class's folder; self-contained, no learner's code in it."""
    reports = [chapter_report(chapter, Ledger(classroom).results(chapter)) for chapter in chapters]
    template = files("autograder").joinpath("templates/report.html").read_text("utf-8")
    path = classroom.folder / "report.html"
    page = ENVIRONMENT.from_string(template).render(reports=[r for r in reports if r.learners])
    path.write_text(page, encoding="utf-8")
    return path


def chapter_report(chapter: str, results: list[Result]) -> ChapterReport:
    """What a chapter's results add up to."""
    outcomes = Counter(result.outcome for result in results)
    scored = [result for result in results if result.outcome not in FAULTS]
    return ChapterReport(
        chapter=chapter,
        learners=len(results),
        outcomes=[(name, outcomes[name]) for name in OUTCOMES if outcomes[name]],
        exercises=_exercises([r for r in scored if r.outcome in ("graded", "needs_review")]),
        mistakes=Counter(s for r in scored for s in first_sentences(r)).most_common(12),
        need_help=[r for r in scored if r.score < NEEDS_HELP * r.max_score],
        to_look_at=[r for r in results if r.outcome not in ("graded", "no_response")],
        twins=twins(results),
        seconds=sum(result.seconds for result in results),
    )


def twins(results: list[Result]) -> list[list[str]]:
    """Groups of learners whose graded notebooks are the same, character for character."""
    groups: dict[str, list[str]] = {}
    for result in results:
        if result.key:
            groups.setdefault(result.key, []).append(result.student)
    return [students for students in groups.values() if len(students) > 1]


def _exercises(results: list[Result]) -> list[ExerciseRow]:
    totals: dict[str, list[float]] = {}
    points: dict[str, float] = {}
    for result in results:
        for name in dict.fromkeys(test.exercise for test in result.tests):
            tests = [test for test in result.tests if test.exercise == name]
            totals.setdefault(name, []).append(sum(test.score for test in tests))
            points[name] = sum(test.points for test in tests)
    return [
        ExerciseRow(name, points[name], sum(scores) / len(scores), sorted(Counter(scores).items()))
        for name, scores in totals.items()
    ]
