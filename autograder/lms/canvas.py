"""Canvas: `<name>[_LATE]_<user id>_<file id>_<file>`, all in one folder; a gradebook as CSV."""

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from autograder.classroom.folder import Classroom
from autograder.classroom.roster import Roster
from autograder.errors import UsageError
from autograder.lms.fill import (
    Filled,
    is_cut_short,
    mark_text,
    match_rows,
    points_factor,
    with_marks,
)
from autograder.lms.identity import plain_stem
from autograder.lms.marks import read_marks
from autograder.lms.platform import Known, Outer, Platform
from autograder.sheet import Sheet, read_sheet

NAMED = re.compile(r"(?P<name>.*?)(?P<late>_LATE)?_(?P<user>[1-9]\d*)_(?P<order>[1-9]\d*)_")
ANONYMOUS = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[^\W_]{5})_(?P<order>[1-9]\d*)_")
KEPT = ("EX", "N/A", "EXCUSED")  # Canvas's own words in place of a number


class Canvas(Platform):
    """Instructure's Canvas: one user id for the whole school, one gradebook for the course."""

    kind, title = "canvas", "Canvas"

    def read_outer(self, name: str) -> Outer | None:
        """All is in one name, and a learner may choose how they and their file are called.

        The first pair of numbers counts. Where a later pair would do as well, its id is a rival:
        a person who calls themself `x_7` could else hand in as 7.
        """
        anonymous = ANONYMOUS.match(name)
        found = anonymous or NAMED.match(name)
        if not found or not name[found.end() :] or "/" in name:
            return None
        rivals: list[str] = []
        rest = name[found.start("order") - 1 :]  # "_<file id>_<file>": the id of a second reading?
        while not anonymous and (second := re.match(r"_([1-9]\d*)_([1-9]\d*)_(?=.)", rest)):
            rivals.append(second[1])
            rest = rest[second.start(2) - 1 :]
        return Outer(
            user=found["user"],
            file=name[found.end() :],
            prefix=name[: found.end()],
            late=bool(found["late"]),
            order=int(found["order"]),
            rivals=tuple(rivals),
        )

    def learners(self, outer: Outer, known: Known) -> set[str]:
        """By Canvas's user id; a name like `x_7` may not pass for the person with the id 7."""
        honest = plain_stem(outer.file) in known.released
        ids = {outer.user} if honest else {outer.user, *outer.rivals}
        roster = known.roster
        if roster.has_lms_ids:
            return {learner for lms_id in ids for learner in roster.by_lms_id(lms_id)}
        if roster.known:
            return ids & set(roster.learners)
        return ids

    def fill(
        self, classroom: Classroom, path: Path, columns: dict[str, str], *, scale: bool = False
    ) -> Filled:
        """Marks into the gradebook. columns: chapter -> the header of its assignment.

        A chapter that is not named there goes under the assignment that is called as it is.
        """
        sheet = _read_gradebook(path)
        filled = Filled(sheet)
        points = next((r for r in sheet.rows if r[0].strip().casefold() == "points possible"), None)
        people = [row for row in sheet.rows if row is not points and sheet.cell(row, "id")]
        rows = match_rows(filled, people, _finder(classroom, sheet), _label(sheet))
        for header, chapters in _chapters_by_header(sheet, classroom, columns).items():
            column = sheet.header.index(header)
            possible = points[column] if points and column < len(points) else ""
            if "read only" in possible:
                raise UsageError(f"{path}: Canvas calculates the column {header!r} itself")
            marks, maximum = read_marks(classroom, chapters)
            factor = points_factor(possible, maximum, header, scale)
            for learner in with_marks(filled, rows, marks, header):
                row = rows[learner]
                if is_cut_short(filled, learner, row):
                    continue
                if (word := row[column].strip()).upper() in KEPT:
                    filled.notes.append(f"{learner}: {word} in {header}; left as it is")
                    continue
                row[column] = mark_text(marks[learner].score * factor, possible)
                filled.filled += 1
        return filled


def _read_gradebook(path: Path) -> Sheet:
    sheet = read_sheet(path)
    if sheet.column("id") is None or sheet.column("section") is None:
        raise UsageError(
            f"{path}: no columns `ID` and `Section`, so it is no gradebook of Canvas's. "
            f"{sheet.headers_found}"
        )
    return sheet


def _finder(classroom: Classroom, sheet: Sheet) -> Callable[[list[str]], set[str]]:
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


def _label(sheet: Sheet) -> Callable[[list[str]], str]:
    return lambda row: f"{row[0].strip()} (ID {sheet.cell(row, 'id')})"


def _chapters_by_header(
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
        there = "\n".join(f"  {h}" for h in sheet.header if re.search(r"\(\d+\)\s*$", h))
        raise UsageError(
            "\n".join(problems) + "\nSay --column CHAPTER=HEADER. The assignments in the file "
            f"are:\n{there or '  none'}"
        )
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
