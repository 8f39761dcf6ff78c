"""Which learner does an entry belong to? The platform's id leads there, a name never does."""

import re
from pathlib import PurePath

from autograder.classroom.roster import is_usable_id
from autograder.lms.platform import Known, Outer, Platform

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


def learner_of(platform: Platform, outer: Outer, known: Known) -> str:
    """The learner's id. Raises Unidentified where it is nobody's, or could be two people's."""
    found = platform.learners(outer, known)
    if len(found) > 1:
        raise Unidentified("doubtful learner", f"it could be {' or '.join(sorted(found))}")
    if not found:
        raise Unidentified("unknown learner", f"{outer.user} is not in the roster")
    learner = found.pop()
    if not is_usable_id(learner):
        raise Unidentified("unknown learner", f"{learner!r} cannot be a learner's id")
    return learner
