"""Marks into a table that a teacher downloaded: what is the same for every platform.

Rows are matched by ids and addresses. Who is unknown, missing, double or doubtful is reported
and left as they were; a name decides nothing.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.errors import UsageError
from autograder.lms.marks import Mark
from autograder.sheet import Sheet


@dataclass
class Filled:
    """A table with marks in it, and what a person should know."""

    sheet: Sheet
    filled: int = 0
    notes: list[str] = field(default_factory=list)


def match_rows(
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


def with_marks(
    filled: Filled, rows: dict[str, list[str]], marks: dict[str, Mark], what: str
) -> list[str]:
    """The learners who have a mark and a row; a mark without a row is a note."""
    said = "\n".join(filled.notes)
    for learner in sorted(set(marks) - set(rows)):
        if f"{learner}: stands there" not in said:
            filled.notes.append(f"{learner}: has a mark in {what}, and no row in this file")
    return sorted(set(marks) & set(rows))


def is_cut_short(filled: Filled, learner: str, row: list[str]) -> bool:
    """Has a row fewer cells than the header? Then the place of a mark is a guess."""
    short = len(row) < len(filled.sheet.header)
    if short:
        filled.notes.append(f"{learner}: the row has too few cells; left as it is")
    return short


def points_factor(possible: str, maximum: float, where: str, scale: bool) -> float:
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


def mark_text(score: float, like: str) -> str:
    """Two decimals, with the comma where the file writes one."""
    text = f"{score:.2f}"
    return text.replace(".", ",") if "," in like else text
