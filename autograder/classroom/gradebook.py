"""The one writer of nbgrader's gradebook: the ledger in, rows out, only where they differ."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from autograder.classroom import late
from autograder.classroom.database import back_up, open_database
from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.grader import Change, scores_in
from autograder.classroom.releases import Shelf
from autograder.errors import UsageError
from autograder.results import SCORED, Result

Scores = dict[str, float]  # of one submission: test -> automatic score


@contextmanager
def open_gradebook(classroom: Classroom) -> Iterator:
    """nbgrader's own Gradebook of a class."""
    use_own_programs()
    with open_database(classroom.db_url) as gradebook:
        yield gradebook


def sync(classroom: Classroom, results: list[Result], *, dry_run: bool = False) -> list[Change]:
    """Make the gradebook say what these results say, in one transaction.

    Faults are passed over: they never become a score. A teacher's manual score stays. The
    gradebook is backed up before its first change. Times come from the learning platform, and
    penalties from the class's policy. Returns what changed, or would change.
    """
    scores = {
        (result.student, result.chapter): own
        for result, own in _as_stored(classroom, results)
        if result.outcome in SCORED
    }
    with open_gradebook(classroom) as gradebook:
        chapters = {chapter for _, chapter in scores}
        _refuse_unknown(gradebook, classroom, chapters)
        before = stored_scores(gradebook, chapters)
        stale = {who: new for who, new in scores.items() if not _agree(before.get(who), new)}
        changes = [_change(who, before.get(who), new) for who, new in stale.items()]
        if dry_run or not (stale or late.is_stale(gradebook, classroom, chapters)):
            return changes
        _back_up(classroom, gradebook, changes)
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
        _back_up(classroom, gradebook, [])
        yield gradebook
        gradebook.db.commit()


def _as_stored(classroom: Classroom, results: Iterable[Result]) -> Iterator[tuple[Result, Scores]]:
    """Each result with its scores in the tests of the current release."""
    current = {name: Shelf(classroom, name).current for name in {r.chapter for r in results}}
    for result in results:
        yield result, scores_in(result, current[result.chapter])


def _refuse_unknown(gradebook, classroom: Classroom, chapters: set[str]) -> None:
    if unknown := chapters - {assignment.name for assignment in gradebook.assignments}:
        raise UsageError(
            f"this gradebook does not know {', '.join(sorted(unknown))}; with the same --db, run "
            f"`autograder release --class {classroom.folder}`, then grade again"
        )


def _agree(stored: dict[str, float | None] | None, new: Scores) -> bool:
    return stored is not None and all(stored.get(test) == new[test] for test in new)


def _change(who: tuple[str, str], stored: dict[str, float | None] | None, new: Scores) -> Change:
    known = [stored.get(test) for test in new] if stored else [None]
    return Change(*who, None if None in known else sum(known), sum(new.values()))


def _back_up(classroom: Classroom, gradebook, changes: list[Change]) -> None:
    back_up(gradebook, classroom.state / "backups", [vars(change) for change in changes])


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


def _write(gradebook, scores: dict[tuple[str, str], Scores]) -> None:
    """Rows for these scores: students, submissions and grades, made where they are missing."""
    from nbgrader import api

    db = gradebook.db
    students = {student.id for student in db.query(api.Student.id)}
    for name in sorted({student for student, _ in scores} - students):
        db.add(api.Student(id=name))
    db.flush()
    for chapter in sorted({chapter for _, chapter in scores}):
        assignment = gradebook.find_assignment(chapter)
        existing = {s.student_id: s for s in assignment.submissions}
        for student, of in scores:
            if of == chapter:
                submission = existing.get(student) or _submission(db, assignment, student)
                _set_grades(submission, scores[student, chapter])


def _submission(db, assignment, student: str):
    """A new submission with its notebooks, grades and comments, as nbgrader makes it."""
    from nbgrader import api

    submission = api.SubmittedAssignment(assignment=assignment, student_id=student)
    for notebook in assignment.notebooks:
        copy = api.SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in [*notebook.grade_cells, *notebook.task_cells]:
            copy.grades.append(api.Grade(cell=cell, notebook=copy))
        for cell in [*notebook.solution_cells, *notebook.task_cells]:
            copy.comments.append(api.Comment(cell=cell, notebook=copy))
    db.add(submission)
    return submission


def _set_grades(submission, scores: Scores) -> None:
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.cell.name in scores:
                grade.auto_score = scores[grade.cell.name]
                grade.needs_manual_grade = grade.manual_score is not None
