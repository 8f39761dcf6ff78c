"""Release chapters to a class: nbgrader's own `generate_assignment`, from the teacher's files."""

import logging
import re
from collections.abc import Callable
from typing import Any

from autograder.classroom.database import open_database
from autograder.classroom.folder import Classroom, use_own_programs
from autograder.classroom.releases import Shelf, take_over
from autograder.course.source import has_exercise
from autograder.course.stems import old_stem
from autograder.disk import write_whole
from autograder.errors import MachineError, UsageError
from autograder.grading.check import course_release
from autograder.grading.release import Release
from autograder.paths import chapter_sources

log = logging.getLogger(__name__)

ERROR = re.compile(r"^ *([\w.]*(?:Error|Exception): .*)", re.MULTILINE)
CELLS_ARE_FIXED = "Cannot add or remove cells"  # what nbgrader says once there are submissions


def release(
    classroom: Classroom,
    names: list[str],
    *,
    update: bool = False,
    agreed: Callable[[Release], bool] = lambda new: True,
) -> dict[str, str]:
    """Copy chapters into the class, whole, and make the learner's files.

    Returns what happened to each chapter: "released", "unchanged", "kept", "updated" or
    "not updated". A chapter that has changed since its release, be it only
    in its checks, is left as it is unless `update` is true and `agreed` says yes to the new one,
    so that a correction in mid-term changes nobody's tests unasked. A gradebook that does not
    know a released chapter yet is told of it.

    With no names, all chapters that have an exercise, but those that the class has under an old
    name; of these it says so. Raises UsageError where a chapter without exercise is named.
    """
    sources = [source for source in chapter_sources(names) if has_exercise(source)]
    if idle := set(names) - {source.stem for source in sources}:
        raise UsageError(f"no exercise in {', '.join(sorted(idle))}: there is nothing to release")
    use_own_programs()
    take_over(classroom, strict=not update)
    with open_database(classroom.db_url) as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
    done, there = {}, classroom.chapters()
    for chapter in (source.stem for source in sources):
        if not names and (old := old_stem(chapter, there)):
            done[chapter] = f"this class has it as {old}"
        else:
            new = course_release(chapter)
            done[chapter] = _release_one(classroom, new, update, chapter in known, agreed)
    return done


def _release_one(
    classroom: Classroom,
    new: Release,
    update: bool,
    known: bool,
    agreed: Callable[[Release], bool],
) -> str:
    chapter = new.chapter
    shelf = Shelf(classroom, chapter)
    there = chapter in classroom.chapters() and (shelf.is_whole or not update)
    before = shelf.current if there else None
    if before is not None and (before.identity == new.identity or not update):
        if not (known and _is_complete(classroom, chapter)):
            _generate(classroom, chapter)
        return "unchanged" if before.identity == new.identity else "kept"
    if before is not None and not agreed(new):
        return "not updated"
    source = classroom.notebook("source", chapter)
    old = source.read_bytes() if source.is_file() else None
    shelf.keep(new)  # first: whatever stops us, the notebook finds its own checks
    try:
        write_whole(source, new.teacher_text.encode())
        _generate(classroom, chapter)
    except BaseException as error:
        if old is None:
            raise
        write_whole(source, old)
        if not isinstance(error, MachineError) or CELLS_ARE_FIXED not in str(error):
            raise
        _generate(classroom, chapter)
        raise UsageError(
            f"{chapter}: the new release has other graded or locked cells, and the gradebook "
            "already holds submissions of the old one. The class keeps the release that it has."
        ) from error
    shelf.point_to(new)
    return "released" if before is None else "updated"


def _is_complete(classroom: Classroom, chapter: str) -> bool:
    """Was the learner's notebook made after the teacher's, or was a release cut short?"""
    learner, teacher = (classroom.notebook(step, chapter) for step in ("release", "source"))
    return learner.is_file() and learner.stat().st_mtime_ns >= teacher.stat().st_mtime_ns


def nbgrader_api(classroom: Classroom) -> Any:
    """nbgrader's own Python interface to a class, with its stock settings."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(classroom.folder)
    config.CourseDirectory.course_id = "apple_in_context"
    config.CourseDirectory.db_url = classroom.db_url
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def _generate(classroom: Classroom, chapter: str) -> None:
    result = nbgrader_api(classroom).generate_assignment(chapter, force=True, create=True)
    if not result["success"]:
        story = "\n".join(str(result.get(part) or "") for part in ("log", "error"))
        log.error("nbgrader could not release %s:\n%s", chapter, story)
        raise MachineError(f"nbgrader could not release {chapter}: {_cause(story)}")


def _cause(story: str) -> str:
    """The line of nbgrader's log that says why; what follows it only points back."""
    errors = [line for line in ERROR.findall(story) if "see the" not in line]
    return errors[-1] if errors else (story.strip().splitlines() or ["it does not say why"])[-1]
