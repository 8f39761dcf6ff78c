"""The releases of a class: each whole, in a folder of its own, kept for ever.

`.autograder/releases/<chapter>/<identity>/` holds the teacher's notebook, the learner's, and the
sources of the checks; the file `current` beside them names the one that was given out last.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from autograder.classroom.folder import Classroom
from autograder.disk import json_bytes, write_whole
from autograder.errors import UsageError
from autograder.grading.release import Release

TEACHER, LEARNER, CHECKS = "teacher.ipynb", "learner.ipynb", "checks.json"
TAKEN_OVER = (
    "made by an earlier version of the autograder; its releases are now kept whole, with the "
    "checks that are installed today"
)
EDITED = "its source was edited by hand; kept as a release of its own, with the checks it had"


@dataclass(frozen=True)
class Shelf:
    """The releases of one chapter of a class, read once."""

    classroom: Classroom
    chapter: str

    @cached_property
    def current(self) -> Release:
        """What stands in `source/`, with the checks that it was released with.

        A kept release with this very notebook is it, whatever `current` names; a notebook that no
        release has was edited by hand, and has the checks of the one before. Raises UsageError
        where the checks are lost: those that are installed now may be others.
        """
        path = self.classroom.notebook("source", self.chapter)
        text = _read_text(path)
        same = [release for release in self._whole if release.teacher_text == text]
        named = [release for release in same if release.identity == self.pointer]
        if same:
            return (named or same)[0]
        try:
            learner = learner_text(text)
        except ValueError as error:
            raise UsageError(f"{path} is no notebook: {error}") from error
        before = [release for release in self._whole if release.identity == self.pointer]
        if before:
            return Release(self.chapter, text, learner, before[0].modules)
        if self.pointer or self._whole:
            raise UsageError(
                f"{self.chapter}: the release {self.pointer[:8]} that was given out is not whole "
                f"in {self.folder}: put it back from a backup, or run `autograder release "
                f"{self.chapter} --update` to take the course's own"
            )
        return Release.of(self.chapter, text, learner)  # as earlier versions kept it

    @cached_property
    def releases(self) -> list[Release]:
        """The current one first, then the others from new to old."""
        found: dict[str, Release] = {self.current.identity: self.current}
        for release in [*self._whole, *self._notebooks_alone()]:
            found.setdefault(release.identity, release)
        return list(found.values())

    @cached_property
    def _whole(self) -> list[Release]:
        """Those that are kept whole, from new to old."""
        paths = _newest_first(self.folder.glob(f"*/{TEACHER}"))
        return [release for path in paths if (release := self._read(path.parent))]

    def _notebooks_alone(self) -> list[Release]:
        """Those of which an earlier version kept the notebook, with the checks of today."""
        return [self.of_notebook(path) for path in _newest_first(self.folder.glob("*.ipynb"))]

    def of_notebook(self, path: Path) -> Release:
        """A release that an earlier version kept."""
        text = _read_text(path)
        return Release.of(self.chapter, text, learner_text(text))

    @property
    def is_whole(self) -> bool:
        """Is there a current release, with its checks?"""
        try:
            return bool(self.current.identity)
        except UsageError:
            return False

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.classroom.state / "releases" / self.chapter

    @property
    def pointer(self) -> str:
        """The identity of the one that was given out last; empty in a class that kept none."""
        path = self.folder / "current"
        return _read_text(path).strip() if path.is_file() else ""

    def keep(self, release: Release, *, at: int | None = None) -> None:
        """Write a release, whole or not at all; `at` is its time in ns, where it is an old one."""
        place = self.folder / release.identity
        write_whole(place / LEARNER, release.learner_text.encode())
        write_whole(place / CHECKS, json_bytes(release.modules, indent=1))
        write_whole(place / TEACHER, release.teacher_text.encode())  # the last: now it counts
        if at is not None:
            os.utime(place / TEACHER, ns=(at, at))

    def point_to(self, release: Release) -> None:
        """Make a kept release the current one."""
        write_whole(self.folder / "current", release.identity.encode())

    def _read(self, folder: Path) -> Release | None:
        """A kept release; None where it is not whole."""
        try:
            texts = [_read_text(folder / name) for name in (TEACHER, LEARNER, CHECKS)]
            release = Release(self.chapter, *texts[:2], json.loads(texts[2]))
            return release if release.identity == folder.name else None
        except (OSError, ValueError, TypeError, UsageError):
            return None


def take_over(classroom: Classroom, *, strict: bool = True) -> list[str]:
    """Make every release of a class whole; says what was not.

    A class of an earlier version kept the notebooks alone, and a teacher may have edited one. The
    caller holds the class's lock. Raises UsageError where a release was lost, if `strict`.
    """
    said = []
    for chapter in classroom.chapters():
        shelf = Shelf(classroom, chapter)
        if not strict and not shelf.is_whole:
            continue
        old = list(shelf.folder.glob("*.ipynb"))
        if shelf.pointer == shelf.current.identity and not old:
            continue
        kept = {release.identity for release in shelf._whole}
        if shelf.current.identity not in kept or old:
            said.append(f"{chapter}: {EDITED if shelf._whole and not old else TAKEN_OVER}")
        for path in old:
            shelf.keep(shelf.of_notebook(path), at=path.stat().st_mtime_ns)
        shelf.keep(shelf.current)
        shelf.point_to(shelf.current)
        for path in old:
            path.unlink()
    return said


def _read_text(path: Path) -> str:
    """A file of the class. Raises UsageError where it is not there, or no text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error


def _newest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def learner_text(teacher_text: str) -> str:
    """What nbgrader gives out for a teacher's notebook."""
    from autograder.course.notebooks import learner_notebook, notebook_bytes  # imports nbgrader

    digest = hashlib.sha256(teacher_text.encode()).hexdigest()
    if digest not in _DERIVED:
        teacher = nbformat.reads(teacher_text, as_version=4)
        _DERIVED[digest] = notebook_bytes(learner_notebook(teacher)).decode()
    return _DERIVED[digest]


_DERIVED: dict[str, str] = {}
