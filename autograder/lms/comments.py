"""A result as the HTML of a comment in a learning platform; everything in it is escaped."""

from html import escape

from autograder.classroom.folder import Classroom
from autograder.classroom.ledger import Ledger
from autograder.grading.results import FAULTS, Result
from autograder.reports.feedback import title


def read_comments(classroom: Classroom, chapters: list[str]) -> dict[str, str]:
    """learner -> what there is to say on these chapters."""
    words: dict[str, str] = {}
    for chapter in chapters:
        for result in Ledger(classroom).results(chapter):
            if result.outcome not in FAULTS:
                words[result.student] = words.get(result.student, "") + as_html(result)
    return words


def as_html(result: Result) -> str:
    """Score, reason, and each test with its message; no line of a hidden test."""
    head = f"{result.chapter}: {result.score:g} of {result.max_score:g} points"
    parts = [f"<p><b>{escape(head)}</b></p>"]
    if result.reason:
        parts.append(f"<p>{escape(result.reason)}</p>")
    for test in result.tests:
        sign = "✓" if test.score == test.points else "✗"
        line = f"{sign} {title(test)}: {test.score:g} of {test.points:g}"
        message = f"<pre>{escape(test.message)}</pre>" if test.message else ""
        parts.append(f"<p>{escape(line)}</p>{message}")
    return "".join(parts)
