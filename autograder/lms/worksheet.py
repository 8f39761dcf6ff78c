"""Moodle's grading worksheet, as a source: who a participant is, and when they handed in.

Moodle numbers participants anew for every assignment, so its zip alone cannot say that two
numbers are one person; the worksheet of the same assignment can.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder.classroom.late import as_utc
from autograder.errors import UsageError
from autograder.sheet import Sheet, read_sheet, rows_by

IDENTIFIER = ("identifier",)
PERSON = ("username", "id number", "email address")  # the best name of a learner first
HANDED_IN = ("last modified (submission)",)
TIMES = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%d %B %Y, %I:%M %p", "%d %B %Y, %H:%M")


@dataclass(frozen=True)
class Participant:
    """What a worksheet says of one participant."""

    person: tuple[str, ...]  # user name, id number, address: what is there of them
    time: str | None  # ISO, in UTC
    late: bool | None


def read_participants(path: Path, zone: tzinfo | None) -> dict[str, Participant]:
    """Moodle's participant number -> what its worksheet says. Raises UsageError for a double."""
    sheet = read_worksheet(path)
    numbered = rows_by(sheet.rows, lambda row: participant_number(sheet, row))
    numbered.pop("", None)
    if double := [number for number, rows in numbered.items() if len(rows) > 1]:
        raise UsageError(f"{path}: participant {', '.join(double)} stands there more than once")
    return {number: _participant(sheet, rows[0], zone) for number, rows in numbered.items()}


def read_worksheet(path: Path) -> Sheet:
    """A worksheet as Moodle wrote it. Raises UsageError if it is none."""
    sheet = read_sheet(path)
    if sheet.column(*IDENTIFIER) is None:
        raise UsageError(
            f"{path}: no column `Identifier`, so it is no grading worksheet of Moodle's in "
            f"English (set your language in Moodle and download it again). "
            f"{sheet.headers_found}"
        )
    return sheet


def participant_number(sheet: Sheet, row: list[str]) -> str:
    """`Participant 1234` -> `1234`; empty where there is no number."""
    found = re.search(r"(\d+)$", sheet.cell(row, *IDENTIFIER))
    return found[1] if found else ""


def person_of(sheet: Sheet, row: list[str]) -> tuple[str, ...]:
    """The ids and addresses in a row."""
    return tuple(text for name in PERSON if (text := sheet.cell(row, name)))


def _participant(sheet: Sheet, row: list[str], zone: tzinfo | None) -> Participant:
    late = True if re.search(r"\blate\b", sheet.cell(row, "status"), re.IGNORECASE) else None
    return Participant(person_of(sheet, row), _time(sheet.cell(row, *HANDED_IN), zone), late)


def _time(text: str, zone: tzinfo | None) -> str | None:
    """Moodle's time in words, in the reader's zone; None for `-` and what cannot be read."""
    for form in TIMES:
        try:
            return as_utc(datetime.strptime(text, form), zone).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return None
