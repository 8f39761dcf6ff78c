"""The ledger: what every submission came to, one file each, written by rename.

A run that is stopped anywhere leaves whole records only; the next run grades what is missing.
"""

import hashlib
import json
from pathlib import Path

from autograder.classroom.folder import Classroom, write_json
from autograder.results import Result

LONGEST = 200  # bytes of a file's name, with room for what is put around it


class Ledger:
    """`.autograder/results/<chapter>/<student>.json`: the last result of each submission."""

    def __init__(self, classroom: Classroom):
        self.folder = classroom.state / "results"

    def get(self, chapter: str, student: str) -> Result | None:
        """The last result of a submission; None if there is none, or if it is not readable."""
        return _read(self._path(chapter, student))

    def put(self, result: Result) -> None:
        """Record a result in place of the last one."""
        write_json(self._path(result.chapter, result.student), result.to_json())

    def forget(self, chapter: str, student: str) -> None:
        """Take a record out, so that the submission is graded again."""
        self._path(chapter, student).unlink(missing_ok=True)

    def results(self, chapter: str) -> list[Result]:
        """Every result of a chapter, by student."""
        paths = sorted((self.folder / chapter).glob("*.json"))
        return [result for path in paths if (result := _read(path))]

    def _path(self, chapter: str, student: str) -> Path:
        long = len(student.encode()) > LONGEST
        name = hashlib.sha256(student.encode()).hexdigest() if long else student
        return self.folder / chapter / f"{name}.json"


def _read(path: Path) -> Result | None:
    try:
        return Result.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None
