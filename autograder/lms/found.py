"""A file of a known learner, copied out of a download; and which of several is the newest."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.lms.download import Entry
from autograder.lms.platform import Outer


@dataclass(frozen=True)
class Found:
    """A file of a known learner, copied out and looked into."""

    entry: Entry
    outer: Outer
    student: str
    draft: Path
    sha256: str
    chapters: frozenset[str]  # of the released ones, those whose exercises it names
    unreadable: str  # why the grader will refuse it; empty if it will not

    @property
    def newness(self) -> tuple[int, datetime]:
        """The platform's own number, or else the time of the entry."""
        return (self.outer.order, datetime.min if self.outer.order else self.entry.time)


def newest(pool: list[Found], chapter: str) -> Found | None:
    """The file that was handed in last; of equals, the one of the right name; else None."""
    latest = max(found.newness for found in pool)
    last = [found for found in pool if found.newness == latest]
    if len({found.sha256 for found in last}) > 1:
        last = [found for found in last if found.outer.file == f"{chapter}.ipynb"]
    return last[0] if len({found.sha256 for found in last}) == 1 else None
