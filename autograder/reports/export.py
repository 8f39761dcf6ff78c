"""Marks out of the gradebook, as a table that a spreadsheet opens."""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import open_gradebook
from autograder.sheet import guard

COLUMNS = (
    *("student", "first_name", "last_name", "email", "chapter"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def export_csv(classroom: Classroom, target: Path | None) -> int:
    """Write one row per submission, to a file or to stdout; returns the number of rows."""
    rows = list(_rows(classroom))
    if target is None:
        _write(sys.stdout, rows)
    else:
        with target.open("w", newline="", encoding="utf-8") as file:
            _write(file, rows)
    return len(rows)


def _rows(classroom: Classroom) -> Iterable[tuple]:
    with open_gradebook(classroom) as gradebook:
        for assignment in sorted(gradebook.assignments, key=lambda a: a.name):
            for submission in sorted(assignment.submissions, key=lambda s: s.student_id):
                student = submission.student
                names = (student.id, student.first_name, student.last_name, student.email)
                texts = [guard(name or "") for name in names]
                raw, penalty = submission.score, submission.late_submission_penalty
                score = max(0.0, raw - penalty)
                yield (*texts, assignment.name, raw, penalty, score, submission.max_score)


def _write(file: TextIO, rows: Iterable[tuple]) -> None:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
