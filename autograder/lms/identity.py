"""Which learner does an entry belong to? The platform's id leads there, a name never does."""

import re
from pathlib import PurePath

from autograder.classroom.roster import Roster, is_usable_id
from autograder.lms.entries import Outer
from autograder.lms.worksheet import Participant

COPY_MARK = re.compile(r"(?:[ _]*\(\d+\)|[-_ ]copy ?\d*|-\d+)$", re.IGNORECASE)


class Unidentified(Exception):
    """Nobody, or more than one person: the outcome, and the reason in words."""

    def __init__(self, outcome: str, reason: str):
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


def plain_stem(file: str) -> str:
    """A file's name without its ending and the marks of a copy: `04_softmax (1).ipynb`."""
    stem = PurePath(file).name.removesuffix(".ipynb")
    stem = re.sub(r"^copy[ _]of[ _]", "", stem, flags=re.IGNORECASE)
    while (shorter := COPY_MARK.sub("", stem)) != stem:
        stem = shorter
    return stem


def learner_of(
    kind: str,
    outer: Outer,
    roster: Roster,
    released: list[str],
    participants: dict[str, Participant] | None,
) -> str:
    """The learner's id. Raises Unidentified where it is nobody's, or could be two people's."""
    if kind == "moodle":
        found = _on_moodle(outer, roster, participants)
    elif kind == "canvas":
        found = _on_canvas(outer, roster, released)
    else:
        found = _in_a_folder(outer, roster, released)
    if len(found) > 1:
        raise Unidentified("doubtful learner", f"it could be {' or '.join(sorted(found))}")
    if not found:
        raise Unidentified("unknown learner", f"{outer.user} is not in the roster")
    learner = found.pop()
    if not is_usable_id(learner):
        raise Unidentified("unknown learner", f"{learner!r} cannot be a learner's id")
    return learner


def _on_canvas(outer: Outer, roster: Roster, released: list[str]) -> set[str]:
    """By Canvas's user id; a name like `x_7` may not pass for the person with the id 7."""
    honest = plain_stem(outer.file) in released
    ids = {outer.user} if honest else {outer.user, *outer.rivals}
    if roster.has_lms_ids:
        return {learner for lms_id in ids for learner in roster.by_lms_id(lms_id)}
    if roster.known:
        return ids & set(roster.learners)
    return ids


def _on_moodle(
    outer: Outer, roster: Roster, participants: dict[str, Participant] | None
) -> set[str]:
    """By the worksheet's row; without a worksheet the number has to do."""
    if participants is None:
        if roster.known and not roster.by_lms_id(outer.user):
            raise Unidentified(
                "unknown learner",
                f"participant {outer.user} is not in the roster; Moodle numbers people anew for "
                "each assignment: give its worksheet with --worksheet",
            )
        return set(roster.by_lms_id(outer.user)) or {outer.user}
    if outer.user not in participants:
        raise Unidentified("unknown learner", f"participant {outer.user} is not in the worksheet")
    person = participants[outer.user].person
    if roster.known:
        return roster.by_any(*person)
    return {person[0] if person else outer.user}


def _in_a_folder(outer: Outer, roster: Roster, released: list[str]) -> set[str]:
    if plain_stem(outer.user) in released:
        raise Unidentified(
            "unknown learner",
            "it is named as a chapter; put it into a folder that is named as its learner",
        )
    if roster.known:
        return {outer.user} & set(roster.learners) or set(roster.by_lms_id(outer.user))
    return {outer.user}
