"""How far a class is graded, and by which releases."""

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.classroom.folder import Classroom
from autograder.classroom.grader import Grader
from autograder.classroom.releases import Shelf
from autograder.classroom.settings import limits_of
from autograder.errors import UsageError
from autograder.grading.check import course_release
from autograder.grading.workers import LocalWorkers
from autograder.results import Result


@dataclass(frozen=True)
class ChapterStatus:
    """One chapter of a class."""

    chapter: str
    handed_in: int
    waiting: int
    results: list[Result]
    release: str  # how the class's release stands to the course's, in words


def read_status(classroom: Classroom, chapters: list[str]) -> Iterator[ChapterStatus]:
    """Each of these chapters; nothing is run, and nothing is written."""
    grader = Grader(classroom, limits_of(classroom), _no_workers)
    for chapter in chapters:
        yield ChapterStatus(
            chapter=chapter,
            handed_in=len(classroom.students(chapter)),
            waiting=len(grader.jobs([chapter], [])),
            results=grader.ledger.results(chapter),
            release=_against_the_course(Shelf(classroom, chapter)),
        )


def _against_the_course(shelf: Shelf) -> str:
    if not shelf.pointer:
        return "not kept whole yet: `autograder grade` does"
    try:
        course = course_release(shelf.chapter)
    except UsageError:
        return f"{shelf.current.identity[:8]}"
    if course.identity == shelf.current.identity:
        return f"{shelf.current.identity[:8]}, as in the course"
    return f"{shelf.current.identity[:8]}; the course has a newer one"


def _no_workers() -> LocalWorkers:
    raise AssertionError("a status runs nothing")
