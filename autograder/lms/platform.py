"""What a learning platform is to us: how it names files, whose they are, and where marks go."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from autograder.classroom.folder import Classroom
from autograder.classroom.received import Received
from autograder.classroom.roster import Roster
from autograder.lms.fill import Filled


@dataclass(frozen=True)
class Outer:
    """What the platform says of one entry, in the outer part of its name.

    What follows is the learner's own and says nothing about who they are.
    """

    user: str  # the platform's own id; of a folder, the folder's name
    file: str  # the learner's own file name, without folders
    prefix: str  # what the platform put in front; see `Platform.feedback_name`
    late: bool | None = None  # None where the platform does not say
    order: int = 0  # a higher number was handed in later; 0 where nothing is said
    rivals: tuple[str, ...] = ()  # other ids that the same name could mean


@dataclass(frozen=True)
class Participant:
    """What a platform's table of one assignment says of one person."""

    person: tuple[str, ...]  # user name, id number, address: what is there of them
    time: str | None  # when they handed in: ISO, in UTC
    late: bool | None


@dataclass(frozen=True)
class Known:
    """What is known before a file comes in."""

    roster: Roster
    released: tuple[str, ...]  # chapters
    participants: dict[str, Participant] | None  # by the platform's id; None without a table


class Platform(Protocol):
    """A learning platform. A subclass says what it does; what it leaves out, it has not."""

    kind: str  # for `--as`, and for the record of what was received
    title: str  # for sentences

    @abstractmethod
    def read_outer(self, name: str) -> Outer | None:
        """What an entry's name says; None if this platform writes no such name."""

    @abstractmethod
    def learners(self, outer: Outer, known: Known) -> set[str]:
        """Every learner whose file this could be, by an id and never by a name.

        Raises Unidentified where there is more to say than that nobody is called so.
        """

    def read_participants(self, path: Path, zone: tzinfo | None) -> dict[str, Participant] | None:
        """The platform's id -> what its table says of them; None if it gives out no such table."""
        return None

    def notes(self, known: Known) -> list[str]:
        """What a person must know of every file that is taken."""
        return []

    def fill(
        self, classroom: Classroom, path: Path, columns: dict[str, str], *, scale: bool = False
    ) -> Filled | None:
        """Marks into the table that a teacher downloaded; None if there is no such table.

        columns: chapter -> the header of its column, empty where nobody named one; scale: convert
        where the platform's points differ from ours. Raises UsageError for another table.
        """
        return None

    def feedback_name(self, record: Received, page: str) -> str:
        """What a page must be called so that the platform takes it back."""
        return f"{record.prefix}{page}"
