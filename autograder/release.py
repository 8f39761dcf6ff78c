"""Release chapters to a class: nbgrader's own `generate_assignment`, from the teacher's files."""

import hashlib
import logging
import shutil
from pathlib import Path

from autograder.classroom import Classroom, use_own_programs
from autograder.errors import MachineError, UsageError
from autograder.paths import chapter_sources, project_root


def release(classroom: Classroom, names: list[str], *, update: bool = False) -> dict[str, str]:
    """Copy chapters into the class and make the learner's files.

    Returns what happened to each chapter: "released", "unchanged" or "updated". A chapter
    that has changed since its release is left as it is unless `update` is true, so that a
    correction in mid-term changes nobody's tests unasked.
    """
    use_own_programs()
    return {
        source.stem: _release_one(classroom, source.stem, update)
        for source in chapter_sources(names)
    }


def release_hash(classroom: Classroom, chapter: str) -> str:
    """The identity of the release that a chapter is graded against."""
    return hashlib.sha256(classroom.notebook("source", chapter).read_bytes()).hexdigest()


def _release_one(classroom: Classroom, chapter: str, update: bool) -> str:
    teacher = project_root() / "solutions" / f"{chapter}.ipynb"
    if not teacher.is_file():
        raise UsageError(f"no solutions/{chapter}.ipynb; run make notebooks")
    source = classroom.notebook("source", chapter)
    before = source.read_bytes() if source.is_file() else None
    if before is not None and (before == teacher.read_bytes() or not update):
        return "unchanged" if before == teacher.read_bytes() else "kept"
    if before is not None:
        _keep_old(classroom, source, before)
    source.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(teacher, source)
    _generate(classroom, chapter)
    return "released" if before is None else "updated"


def _keep_old(classroom: Classroom, source: Path, content: bytes) -> None:
    """An earlier release stays, under its hash."""
    digest = hashlib.sha256(content).hexdigest()
    old = classroom.state / "releases" / source.stem / f"{digest}.ipynb"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_bytes(content)


def nbgrader_api(classroom: Classroom):
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
        raise MachineError(f"nbgrader could not release {chapter}:\n{result.get('log', result)}")
