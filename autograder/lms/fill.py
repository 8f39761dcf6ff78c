"""Marks into the table that a teacher downloaded: Canvas's gradebook, Moodle's worksheet.

Rows are matched by ids and addresses. Who is unknown, missing, double or doubtful is reported
and left as they were; a name decides nothing.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom.folder import Classroom
from autograder.classroom.received import read_received
from autograder.classroom.roster import Roster
from autograder.errors import UsageError
from autograder.lms.comments import read_comments
from autograder.lms.marks import Mark, read_marks
from autograder.lms.worksheet import participant_number, person_of, read_worksheet
from autograder.sheet import Sheet, read_sheet

KEPT = ("EX", "N/A", "EXCUSED")  # Canvas's own words in place of a number
GRADE, MAXIMUM = ("grade",), ("maximum grade", "maximum mark")
COMMENTS, LOCKED = ("feedback comments",), ("grade can be changed",)


@dataclass
class Filled:
    """A table with marks in it, and what a person should know."""

    sheet: Sheet
    filled: int = 0
    notes: list[str] = field(default_factory=list)


def fill_canvas(
    classroom: Classroom, path: Path, columns: dict[str, str], *, scale: bool = False
) -> Filled:
    """Marks into Canvas's gradebook. columns: chapter -> the header of its assignment.

    A chapter that is not named there goes under the assignment that is called as it is.
    """
    sheet = read_sheet(path)
    if sheet.column("id") is None or sheet.column("section") is None:
        raise UsageError(
            f"{path}: no columns `ID` and `Section`, so it is no gradebook of Canvas's. "
            f"{sheet.headers_found}"
        )
    filled = Filled(sheet)
    points = next((r for r in sheet.rows if r[0].strip().casefold() == "points possible"), None)
    people = [row for row in sheet.rows if row is not points and sheet.cell(row, "id")]
    rows = _match(filled, people, _canvas_finder(classroom, sheet), _canvas_label(sheet))
    for header, chapters in _canvas_columns(sheet, classroom, columns).items():
        column = sheet.header.index(header)
        possible = points[column] if points and column < len(points) else ""
        if "read only" in possible:
            raise UsageError(f"{path}: Canvas calculates the column {header!r} itself")
        marks, maximum = read_marks(classroom, chapters)
        factor = _factor(possible, maximum, header, scale)
        for learner in _with_marks(filled, rows, marks, header):
            row = rows[learner]
            if _is_cut_short(filled, learner, row):
                continue
            if row[column].strip().upper() in KEPT:
                filled.notes.append(f"{learner}: {row[column].strip()} in {header}; left as it is")
                continue
            row[column] = _number(marks[learner].score * factor, possible)
            filled.filled += 1
    return filled


def fill_moodle(
    classroom: Classroom, path: Path, chapters: list[str], *, scale: bool = False
) -> Filled:
    """Marks and comments into Moodle's grading worksheet of one assignment."""
    sheet = read_worksheet(path)
    grade, comments = sheet.column(*GRADE), sheet.column(*COMMENTS)
    if grade is None:
        raise UsageError(f"{path}: no column `Grade`. {sheet.headers_found}")
    filled = Filled(sheet)
    people = [row for row in sheet.rows if participant_number(sheet, row)]
    finder = _moodle_finder(classroom, sheet, chapters)
    rows = _match(filled, people, finder, lambda row: sheet.cell(row, "identifier"))
    marks, maximum = read_marks(classroom, chapters)
    words = read_comments(classroom, chapters)
    for learner in _with_marks(filled, rows, marks, " and ".join(chapters)):
        row = rows[learner]
        if _is_cut_short(filled, learner, row):
            continue
        if sheet.cell(row, *LOCKED).casefold() == "no":
            filled.notes.append(f"{learner}: Moodle lets nobody change this grade; left as it is")
            continue
        possible = sheet.cell(row, *MAXIMUM)
        factor = _factor(possible, maximum, "Maximum grade", scale)
        row[grade] = _number(marks[learner].score * factor, possible)
        if comments is not None and learner in words:
            row[comments] = words[learner]
        filled.filled += 1
    return filled


def _match(
    filled: Filled,
    rows: list[list[str]],
    finder: Callable[[list[str]], set[str]],
    label: Callable[[list[str]], str],
) -> dict[str, list[str]]:
    """learner -> their one row; everything else becomes a note."""
    claims: dict[str, list[list[str]]] = defaultdict(list)
    for row in rows:
        found = finder(row)
        if len(found) == 1:
            claims[found.pop()].append(row)
        elif found:
            filled.notes.append(f"{label(row)}: could be {' or '.join(sorted(found))}; left empty")
        else:
            filled.notes.append(f"{label(row)}: not in this class; left as it is")
    for learner, double in claims.items():
        if len(double) > 1:
            filled.notes.append(f"{learner}: stands there {len(double)} times; left as it is")
    return {learner: rows[0] for learner, rows in claims.items() if len(rows) == 1}


def _with_marks(
    filled: Filled, rows: dict[str, list[str]], marks: dict[str, Mark], what: str
) -> list[str]:
    """The learners who have a mark and a row; a mark without a row is a note."""
    said = "\n".join(filled.notes)
    for learner in sorted(set(marks) - set(rows)):
        if f"{learner}: stands there" not in said:
            filled.notes.append(f"{learner}: has a mark in {what}, and no row in this file")
    return sorted(set(marks) & set(rows))


def _is_cut_short(filled: Filled, learner: str, row: list[str]) -> bool:
    """Has a row fewer cells than the header? Then the place of a mark is a guess."""
    short = len(row) < len(filled.sheet.header)
    if short:
        filled.notes.append(f"{learner}: the row has too few cells; left as it is")
    return short


def _canvas_finder(classroom: Classroom, sheet: Sheet) -> Callable[[list[str]], set[str]]:
    roster = Roster.of(classroom)

    def find(row: list[str]) -> set[str]:
        lms_id = sheet.cell(row, "id")
        by_id = set(roster.by_lms_id(lms_id))
        if not by_id and not roster.has_lms_ids:
            by_id = {lms_id} & set(roster.learners)
        by_login = roster.by_any(*(sheet.cell(row, f"sis {name} id") for name in ("login", "user")))
        free = {s for s in by_login if roster.learners[s].lms_user_id in (None, "", lms_id)}
        return by_id or free

    return find


def _canvas_label(sheet: Sheet) -> Callable[[list[str]], str]:
    return lambda row: f"{row[0].strip()} (ID {sheet.cell(row, 'id')})"


def _moodle_finder(
    classroom: Classroom, sheet: Sheet, chapters: list[str]
) -> Callable[[list[str]], set[str]]:
    """By the numbers that `collect` met in this assignment, and by ids and addresses."""
    roster, received = Roster.of(classroom), read_received(classroom)
    numbers: dict[str, set[str]] = defaultdict(set)
    for chapter in chapters:
        for student, record in received.get(chapter, {}).items():
            if record.lms == "moodle":
                numbers[record.lms_id].add(student)
    return lambda row: (
        numbers.get(participant_number(sheet, row), set()) | roster.by_any(*person_of(sheet, row))
    )


def _canvas_columns(
    sheet: Sheet, classroom: Classroom, columns: dict[str, str]
) -> dict[str, list[str]]:
    """header -> its chapters. Raises UsageError where a chapter has none, or two."""
    found: dict[str, list[str]] = defaultdict(list)
    problems = []
    for chapter in classroom.chosen_chapters(list(columns)):
        wanted = columns[chapter] or chapter
        headers = [h for h in sheet.header if wanted == h] or [
            h for h in sheet.header if _plain(re.sub(r"\s*\(\d+\)\s*$", "", h)) == _plain(wanted)
        ]
        if len(headers) == 1:
            found[headers[0]].append(chapter)
        else:
            problems.append(f"{chapter}: {len(headers)} columns are called {wanted!r}")
    if problems:
        headers = "\n".join(f"  {h}" for h in sheet.header if re.search(r"\(\d+\)\s*$", h))
        raise UsageError(
            "\n".join(problems) + "\nSay --column CHAPTER=HEADER. The assignments in the file "
            f"are:\n{headers or '  none'}"
        )
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def _factor(possible: str, maximum: float, where: str, scale: bool) -> float:
    """From our points to the platform's; refuses to guess that they are meant to be scaled."""
    try:
        theirs = float(possible.strip().replace(",", "."))
    except ValueError:
        return 1.0
    if theirs == maximum or not maximum or not math.isfinite(theirs):
        return 1.0
    if not scale:
        raise UsageError(
            f"{where}: {possible.strip()} points there, {maximum:g} here; set {maximum:g} points "
            "in the platform, or say --scale"
        )
    return theirs / maximum


def _number(score: float, like: str) -> str:
    """Two decimals, with the comma where the file writes one."""
    text = f"{score:.2f}"
    return text.replace(".", ",") if "," in like else text
