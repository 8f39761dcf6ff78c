"""Moodle: `<full name>_<participant id>_assignsubmission_file[_]/<file>`; a worksheet as CSV.

Moodle numbers participants anew for every assignment, so its zip alone cannot say that two
numbers are one person; the grading worksheet of the same assignment can.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder.classroom.folder import Classroom
from autograder.classroom.late import as_utc
from autograder.classroom.received import read_received
from autograder.classroom.roster import Roster
from autograder.errors import UsageError
from autograder.lms.comments import read_comments
from autograder.lms.fill import (
    Filled,
    is_cut_short,
    mark_text,
    match_rows,
    points_factor,
    with_marks,
)
from autograder.lms.identity import Unidentified
from autograder.lms.marks import read_marks
from autograder.lms.platform import Known, Outer, Participant, Platform
from autograder.sheet import Sheet, read_sheet, rows_by

NAMED = re.compile(r"(?P<name>[^_/]*)_(?P<user>\d+)_assignsubmission_file(?:_|(?=/)|$)")
IDENTIFIER = ("identifier",)
PERSON = ("username", "id number", "email address")  # the best name of a learner first
HANDED_IN = ("last modified (submission)",)
TIMES = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%d %B %Y, %I:%M %p", "%d %B %Y, %H:%M")
GRADE, MAXIMUM = ("grade",), ("maximum grade", "maximum mark")
COMMENTS, LOCKED = ("feedback comments",), ("grade can be changed",)


class Moodle(Platform):
    """Moodle: a number for each participant of an assignment, and a worksheet with both."""

    kind, title = "moodle", "Moodle"

    def read_outer(self, name: str) -> Outer | None:
        """The first folder, or the same prefix before a file; Moodle takes `_` out of names."""
        found = NAMED.match(name)
        rest = name[found.end() :].lstrip("/") if found else ""
        if not found or not rest:
            return None
        prefix = name.split("/")[0] + "/" if "/" in name else name[: found.end()]
        return Outer(user=found["user"], file=rest.split("/")[-1], prefix=prefix)

    def learners(self, outer: Outer, known: Known) -> set[str]:
        """By the worksheet's row; without a worksheet the number has to do."""
        roster, participants = known.roster, known.participants
        if participants is None:
            if roster.known and not roster.by_lms_id(outer.user):
                raise Unidentified(
                    "unknown learner",
                    f"participant {outer.user} is not in the roster; Moodle numbers people anew "
                    "for each assignment: give its worksheet with --worksheet",
                )
            return set(roster.by_lms_id(outer.user)) or {outer.user}
        if outer.user not in participants:
            raise Unidentified(
                "unknown learner", f"participant {outer.user} is not in the worksheet"
            )
        person = participants[outer.user].person
        if roster.known:
            return roster.by_any(*person)
        return {person[0] if person else outer.user}

    def read_participants(self, path: Path, zone: tzinfo | None) -> dict[str, Participant]:
        """Participant number -> what the worksheet says. Raises UsageError for a double."""
        sheet = _read_worksheet(path)
        numbered = rows_by(sheet.rows, lambda row: _participant_number(sheet, row))
        numbered.pop("", None)
        if double := [number for number, rows in numbered.items() if len(rows) > 1]:
            raise UsageError(f"{path}: participant {', '.join(double)} stands there more than once")
        return {number: _participant(sheet, rows[0], zone) for number, rows in numbered.items()}

    def notes(self, known: Known) -> list[str]:
        """A number alone is nobody in the next assignment."""
        if known.participants is None and not known.roster.known:
            return ["known by Moodle's number for this assignment alone; see --worksheet"]
        return []

    def fill(
        self, classroom: Classroom, path: Path, columns: dict[str, str], *, scale: bool = False
    ) -> Filled:
        """Marks and comments into the worksheet of one assignment, which asked for the chapters.

        Its columns are known, so the headers in `columns` are not looked at.
        """
        sheet, chapters = _read_worksheet(path), list(columns)
        grade, comments = sheet.column(*GRADE), sheet.column(*COMMENTS)
        if grade is None:
            raise UsageError(f"{path}: no column `Grade`. {sheet.headers_found}")
        filled = Filled(sheet)
        people = [row for row in sheet.rows if _participant_number(sheet, row)]
        finder = _finder(classroom, sheet, chapters)
        rows = match_rows(filled, people, finder, lambda row: sheet.cell(row, *IDENTIFIER))
        marks, maximum = read_marks(classroom, chapters)
        words = read_comments(classroom, chapters)
        for learner in with_marks(filled, rows, marks, " and ".join(chapters)):
            row = rows[learner]
            if is_cut_short(filled, learner, row):
                continue
            if sheet.cell(row, *LOCKED).casefold() == "no":
                note = f"{learner}: Moodle lets nobody change this grade; left as it is"
                filled.notes.append(note)
                continue
            possible = sheet.cell(row, *MAXIMUM)
            factor = points_factor(possible, maximum, "Maximum grade", scale)
            row[grade] = mark_text(marks[learner].score * factor, possible)
            if comments is not None and learner in words:
                row[comments] = words[learner]
            filled.filled += 1
        return filled


def _finder(
    classroom: Classroom, sheet: Sheet, chapters: list[str]
) -> Callable[[list[str]], set[str]]:
    """By the numbers that `collect` met in this assignment, and by ids and addresses."""
    roster, received = Roster.of(classroom), read_received(classroom)
    numbers: dict[str, set[str]] = defaultdict(set)
    for chapter in chapters:
        for student, record in received.get(chapter, {}).items():
            if record.lms == Moodle.kind:
                numbers[record.lms_id].add(student)
    return lambda row: (
        numbers.get(_participant_number(sheet, row), set()) | roster.by_any(*_person_of(sheet, row))
    )


def _read_worksheet(path: Path) -> Sheet:
    """A worksheet as Moodle wrote it. Raises UsageError if it is none."""
    sheet = read_sheet(path)
    if sheet.column(*IDENTIFIER) is None:
        raise UsageError(
            f"{path}: no column `Identifier`, so it is no grading worksheet of Moodle's in "
            f"English (set your language in Moodle and download it again). "
            f"{sheet.headers_found}"
        )
    return sheet


def _participant_number(sheet: Sheet, row: list[str]) -> str:
    """`Participant 1234` -> `1234`; empty where there is no number."""
    found = re.search(r"(\d+)$", sheet.cell(row, *IDENTIFIER))
    return found[1] if found else ""


def _person_of(sheet: Sheet, row: list[str]) -> tuple[str, ...]:
    """The ids and addresses in a row."""
    return tuple(text for name in PERSON if (text := sheet.cell(row, name)))


def _participant(sheet: Sheet, row: list[str], zone: tzinfo | None) -> Participant:
    late = True if re.search(r"\blate\b", sheet.cell(row, "status"), re.IGNORECASE) else None
    time = _handed_in(sheet.cell(row, *HANDED_IN), zone)
    return Participant(_person_of(sheet, row), time, late)


def _handed_in(text: str, zone: tzinfo | None) -> str | None:
    """Moodle's time in words, in the reader's zone; None for `-` and what cannot be read."""
    for form in TIMES:
        try:
            return as_utc(datetime.strptime(text, form), zone).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return None
