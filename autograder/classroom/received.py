"""When each submission was received, as the learning platform says; never as its author says."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.classroom.folder import Classroom


@dataclass(frozen=True)
class Received:
    """What the platform said of the file that stands in `submitted`."""

    lms: str  # canvas, moodle or folder
    lms_id: str  # the platform's id of the learner; Moodle's is of this one assignment
    file: str  # the name that the learner gave it
    prefix: str  # what the platform put in front, and wants to see on a file given back
    sha256: str
    time: str | None = None  # ISO, in UTC; None where the platform does not say
    late: bool | None = None

    @property
    def timestamp(self) -> datetime | None:
        """The time as nbgrader keeps it: UTC, without saying so."""
        if self.time is None:
            return None
        return datetime.fromisoformat(self.time).astimezone(UTC).replace(tzinfo=None)


def received_file(classroom: Classroom) -> Path:
    """Where it is kept: `.autograder/received.json`, by chapter and learner."""
    return classroom.state / "received.json"


def read_received(classroom: Classroom) -> dict[str, dict[str, Received]]:
    """chapter -> learner -> what is known."""
    path = received_file(classroom)
    if not path.is_file():
        return {}
    records = json.loads(path.read_text(encoding="utf-8"))
    return {
        chapter: {student: Received(**record) for student, record in of_chapter.items()}
        for chapter, of_chapter in records.items()
    }


def received_text(received: dict[str, dict[str, Received]]) -> str:
    """The file's content."""
    records = {
        chapter: {student: asdict(record) for student, record in sorted(of_chapter.items())}
        for chapter, of_chapter in sorted(received.items())
    }
    return json.dumps(records, ensure_ascii=False, indent=1)
