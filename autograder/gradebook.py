"""The one writer of nbgrader's gradebook: the ledger in, rows out, only where they differ."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder import late
from autograder.classroom import Classroom, use_own_programs, write_json
from autograder.results import SCORED, Result

KEPT_BACKUPS = 20


@dataclass(frozen=True)
class Change:
    """One learner's score of one chapter, before and after; None is no score yet."""

    student: str
    chapter: str
    old: float | None
    new: float


@contextmanager
def open_gradebook(classroom: Classroom) -> Iterator:
    """nbgrader's own Gradebook of a class."""
    use_own_programs()
    from nbgrader.api import Gradebook

    with Gradebook(classroom.db_url, "apple_in_context") as gradebook:
        yield gradebook


def sync(classroom: Classroom, results: list[Result], *, dry_run: bool = False) -> list[Change]:
    """Make the gradebook say what these results say, in one transaction.

    Faults are passed over: they never become a score. A teacher's manual score stays. The
    gradebook is backed up before its first change. Times come from the learning platform, and
    penalties from the class's policy. Returns what changed, or would change.
    """
    scored = [result for result in results if result.outcome in SCORED]
    with open_gradebook(classroom) as gradebook:
        chapters = {result.chapter for result in scored}
        before = stored_scores(gradebook, chapters)
        stale = [r for r in scored if before.get((r.student, r.chapter)) != _as_stored(r)]
        changes = [
            _change(result, before.get((result.student, result.chapter))) for result in stale
        ]
        if dry_run or not (stale or late.is_stale(gradebook, classroom, chapters)):
            return changes
        _back_up(classroom, changes)
        with gradebook.db.no_autoflush:
            _write(gradebook, stale)
        gradebook.db.flush()
        late.write(gradebook, classroom, chapters)
        gradebook.db.commit()
    return changes


@contextmanager
def edit_gradebook(classroom: Classroom) -> Iterator:
    """The gradebook, backed up, for a change that is written as a whole or not at all."""
    with open_gradebook(classroom) as gradebook:
        _back_up(classroom, [])
        yield gradebook
        gradebook.db.commit()


def _as_stored(result: Result) -> dict[str, float]:
    return {test.grade_id: test.score for test in result.tests}


def _change(result: Result, stored: dict[str, float | None] | None) -> Change:
    graded = stored is not None and None not in stored.values()
    old = sum(stored.values()) if graded else None
    return Change(result.student, result.chapter, old, result.score)


def stored_scores(gradebook, chapters: set[str]) -> dict[tuple[str, str], dict[str, float | None]]:
    """What the gradebook holds: (student, chapter) -> test -> automatic score."""
    from nbgrader import api

    query = (
        gradebook.db.query(
            api.SubmittedAssignment.student_id,
            api.Assignment.name,
            api.BaseCell.name,
            api.Grade.auto_score,
        )
        .select_from(api.Grade)
        .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(
            api.SubmittedAssignment,
            api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id,
        )
        .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
        .join(api.BaseCell, api.Grade.cell_id == api.BaseCell.id)
        .filter(api.Assignment.name.in_(chapters))
    )
    found: dict[tuple[str, str], dict[str, float | None]] = {}
    for student, chapter, test, score in query:
        found.setdefault((student, chapter), {})[test] = score
    return found


def _write(gradebook, results: list[Result]) -> None:
    """Rows for these results: students, submissions and grades, made where they are missing."""
    from nbgrader import api

    db = gradebook.db
    students = {student.id for student in db.query(api.Student.id)}
    for name in {result.student for result in results} - students:
        db.add(api.Student(id=name))
    db.flush()
    for chapter in sorted({result.chapter for result in results}):
        assignment = gradebook.find_assignment(chapter)
        existing = {s.student_id: s for s in assignment.submissions}
        for result in results:
            if result.chapter == chapter:
                submission = existing.get(result.student) or _submission(db, assignment, result)
                _set_grades(submission, result)


def _submission(db, assignment, result: Result):
    """A new submission with its notebooks, grades and comments, as nbgrader makes it."""
    from nbgrader import api

    submission = api.SubmittedAssignment(assignment=assignment, student_id=result.student)
    for notebook in assignment.notebooks:
        copy = api.SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in [*notebook.grade_cells, *notebook.task_cells]:
            copy.grades.append(api.Grade(cell=cell, notebook=copy))
        for cell in [*notebook.solution_cells, *notebook.task_cells]:
            copy.comments.append(api.Comment(cell=cell, notebook=copy))
    db.add(submission)
    return submission


def _set_grades(submission, result: Result) -> None:
    scores = _as_stored(result)
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.cell.name in scores:
                grade.auto_score = scores[grade.cell.name]
                grade.needs_manual_grade = grade.manual_score is not None


def _back_up(classroom: Classroom, changes: list[Change]) -> None:
    """Keep what is about to change: a copy of an SQLite gradebook, and old → new of each score."""
    folder = classroom.state / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    write_json(folder / f"{stamp}.changes.json", [vars(change) for change in changes])
    database = classroom.folder / "gradebook.db"
    if classroom.db_url.endswith(str(database)) and database.is_file():
        with sqlite3.connect(database) as old, sqlite3.connect(folder / f"{stamp}.db") as copy:
            old.backup(copy)
        copy.close()
    for path in _all_but_newest(folder, "*.db") + _all_but_newest(folder, "*.changes.json"):
        path.unlink()


def _all_but_newest(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))[:-KEPT_BACKUPS]
