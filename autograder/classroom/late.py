"""Due dates, times of handing in and what lateness costs: nbgrader's own fields, filled in.

The due date is the gradebook's (`autograder due` and the formgrader both write it), the time is
the learning platform's (`received.json`), the penalty is the policy's in `autograder.toml`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from autograder.classroom.folder import Classroom
from autograder.classroom.received import Received, read_received
from autograder.errors import UsageError

ROUNDING = 1e-4  # points: a database may keep a penalty with fewer digits


def class_timezone(classroom: Classroom) -> tzinfo | None:
    """The zone of times that name none; None is the computer's own."""
    name = classroom.settings.get("timezone")
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, TypeError, OSError, KeyError) as error:
        raise UsageError(
            f"{classroom.settings_file}: no timezone {name!r}; one is `Europe/Berlin`"
        ) from error


def as_utc(time: datetime, zone: tzinfo | None) -> datetime:
    """A time as nbgrader keeps it: in UTC, without saying so."""
    if time.tzinfo is None:
        time = time.replace(tzinfo=zone) if zone else time.astimezone()
    return time.astimezone(UTC).replace(tzinfo=None)


def parse_due(text: str, zone: tzinfo | None) -> datetime:
    """A due date: `2026-10-05` is the end of that day, `2026-10-05T18:00` the minute."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no date: write 2026-10-05, 2026-10-05T18:00 or 2026-10-05T18:00+02:00"
        ) from error
    if len(text) == len("2026-10-05"):
        time += timedelta(hours=23, minutes=59, seconds=59)
    return as_utc(time, zone)


def policy(classroom: Classroom):
    """nbgrader's plugin with the class's `[late]` table. Raises UsageError naming what is wrong."""
    from traitlets import TraitError

    from autograder.classroom.late_plugin import LatePolicy

    chosen = classroom.settings.get("late", {})
    known = LatePolicy.class_trait_names(config=True)
    if unknown := set(chosen) - set(known):
        raise UsageError(
            f"{classroom.settings_file}: [late] knows no {', '.join(sorted(unknown))}; "
            f"it knows: {', '.join(sorted(known))}"
        )
    try:
        return LatePolicy(**chosen)
    except TraitError as error:
        raise UsageError(f"{classroom.settings_file}: [late]: {error}") from error


def is_stale(gradebook, classroom: Classroom, chapters: Iterable[str]) -> bool:
    """Does a time or a penalty in the gradebook differ from what it should be?"""
    return any(entry.is_stale for entry in _entries(gradebook, classroom, chapters))


def write(gradebook, classroom: Classroom, chapters: Iterable[str]) -> None:
    """Set the times and penalties that differ; scores are flushed before, the caller commits."""
    from nbgrader import api

    for entry in _entries(gradebook, classroom, chapters):
        if entry.is_stale:
            submission = gradebook.db.get(api.SubmittedAssignment, entry.submission)
            notebook = gradebook.db.get(api.SubmittedNotebook, entry.notebook)
            submission.timestamp, notebook.late_submission_penalty = entry.time, entry.penalty
    gradebook.db.flush()


@dataclass(frozen=True)
class Lateness:
    """A submitted notebook's time and penalty: as they are kept, and as they should be."""

    submission: str
    notebook: str
    kept_time: datetime | None
    time: datetime | None
    kept_penalty: float | None
    penalty: float | None

    @property
    def is_stale(self) -> bool:
        """Do they differ by more than a database's rounding?"""
        if self.kept_time != self.time or (self.kept_penalty is None) != (self.penalty is None):
            return True
        return self.penalty is not None and abs(self.penalty - self.kept_penalty) > ROUNDING


def _entries(gradebook, classroom: Classroom, chapters: Iterable[str]) -> Iterator[Lateness]:
    """One for each submitted notebook; scores are asked for only where something is late."""
    from nbgrader import api

    received, plugin = read_received(classroom), policy(classroom)
    query = (
        gradebook.db.query(
            api.SubmittedAssignment.id,
            api.SubmittedNotebook.id,
            api.SubmittedAssignment.student_id,
            api.Assignment.name,
            api.Assignment.duedate,
            api.SubmittedAssignment.extension,
            api.SubmittedAssignment.timestamp,
            api.SubmittedNotebook.late_submission_penalty,
        )
        .select_from(api.SubmittedNotebook)
        .join(
            api.SubmittedAssignment,
            api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id,
        )
        .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
        .filter(api.Assignment.name.in_(list(chapters)))
    )
    for submission, notebook, student, chapter, due, extension, kept_time, kept in query.all():
        due = due + extension if due and extension else due
        record = received.get(chapter, {}).get(student)
        time = _time(due, record) if record else kept_time
        seconds = max(0.0, (time - due).total_seconds()) if time and due else 0.0
        penalty = _penalty(gradebook, plugin, student, notebook, seconds) if seconds else None
        yield Lateness(submission, notebook, kept_time, time, kept, penalty)


def _time(due: datetime | None, record: Received) -> datetime | None:
    """When it was handed in; if only "late" is known, one second after it was due."""
    if record.timestamp is None and record.late and due is not None:
        return due + timedelta(seconds=1)
    return record.timestamp


def _penalty(gradebook, plugin, student: str, notebook: str, seconds: float) -> float | None:
    """As nbgrader's AssignLatePenalties has it: between 0 and the score, and None for none."""
    from nbgrader import api

    score = gradebook.db.query(api.SubmittedNotebook.score).filter_by(id=notebook).scalar()
    penalty = plugin.late_submission_penalty(student, score, seconds)
    return None if penalty is None else min(max(penalty, 0.0), score)
