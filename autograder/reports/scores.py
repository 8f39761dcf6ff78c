"""Scores on a terminal: a line per learner, or per chapter where there are many learners."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from rich.box import SIMPLE_HEAD
from rich.table import Table

from autograder.results import Result

MANY = 50  # learners, beyond which a line each is no summary
SIGNS = {"graded": "", "no_response": "·", "needs_review": "?", "invalid_submission": "!"}
FAULT = "✗"
MEANINGS = {
    "·": "nothing was answered",
    "?": "a person must look",
    "!": "not a notebook",
    FAULT: "our own fault, not scored",
}


def score_lines(results: Sequence[Result], says: dict[str, str] | None = None) -> Iterator:
    """What to print: a table, and what its signs mean; `says`: a remark on each learner."""
    students = sorted({result.student for result in results})
    if len(students) > MANY:
        yield _by_chapter(results)
        return
    yield _by_learner(results, students)
    signs = {_sign(result) for result in results}
    yield "   ".join(f"{sign} {text}" for sign, text in MEANINGS.items() if sign in signs)
    for student in students if says else []:
        yield f"{student:6}{says[student]}"


def _by_learner(results: Sequence[Result], students: list[str]) -> Table:
    chapters = sorted({result.chapter for result in results})
    cells = {(result.student, result.chapter): result for result in results}
    table = Table(box=SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column("learner", no_wrap=True)
    for chapter in chapters:
        table.add_column(chapter[:2], justify="right", no_wrap=True)
    table.add_column("sum", justify="right", no_wrap=True)
    for student in students:
        row = [cells.get((student, chapter)) for chapter in chapters]
        total = sum(result.score for result in row if result)
        texts = [f"{result.score:g}{_sign(result)}" if result else "" for result in row]
        table.add_row(student, *texts, f"{total:g}")
    return table


def _by_chapter(results: Sequence[Result]) -> Table:
    table = Table("chapter", "learners", "median", "of", "outcomes", box=SIMPLE_HEAD)
    for chapter in sorted({result.chapter for result in results}):
        those = [result for result in results if result.chapter == chapter]
        counts = Counter(result.outcome for result in those)
        outcomes = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        middle = median(result.score for result in those)
        highest = max(result.max_score for result in those)
        table.add_row(chapter, str(len(those)), f"{middle:g}", f"{highest:g}", outcomes)
    return table


def _sign(result: Result) -> str:
    return SIGNS.get(result.outcome, FAULT)
