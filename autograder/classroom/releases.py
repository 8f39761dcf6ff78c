"""The releases of a class: each whole, in a folder of its own, kept for ever.

`.autograder/releases/<chapter>/<identity>/` holds the teacher's notebook, the learner's, and the
sources of the checks; the file `current` beside them names the one that was given out last.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from autograder.classroom.folder import Classroom
from autograder.disk import json_bytes, write_whole
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
        """What stands in `source/`, with the checks that it was released with."""
        text = self.classroom.notebook("source", self.chapter).read_text(encoding="utf-8")
        known = self._read(self.folder / self.pointer) if self.pointer else None
        if known is not None and known.teacher_text == text:
            return known
        learner = learner_text(text)
        if known is None:
            return Release.of(self.chapter, text, learner)
        return Release(self.chapter, text, learner, known.modules)

    @cached_property
    def releases(self) -> list[Release]:
        """The current one first, then the others from new to old."""
        found: dict[str, Release] = {self.current.identity: self.current}
        for path in sorted(self._kept(), key=lambda p: p.stat().st_mtime_ns, reverse=True):
            release = self._read(path)
            if release is not None:
                found.setdefault(release.identity, release)
        return list(found.values())

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.classroom.state / "releases" / self.chapter

    @property
    def pointer(self) -> str:
        """The identity of the one that was given out last; empty in a class that kept none."""
        path = self.folder / "current"
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""

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

    def _kept(self) -> Iterator[Path]:
        yield from self.folder.glob(f"*/{TEACHER}")
        yield from self.folder.glob("*.ipynb")  # as earlier versions kept them

    def _read(self, path: Path) -> Release | None:
        """A kept release by its folder or its notebook; None where it is not whole."""
        if path.name == TEACHER:
            path = path.parent
        try:
            if path.suffix == ".ipynb":
                text = path.read_text(encoding="utf-8")
                return Release.of(self.chapter, text, learner_text(text))
            texts = [(path / name).read_text(encoding="utf-8") for name in (TEACHER, LEARNER)]
            modules = json.loads((path / CHECKS).read_text(encoding="utf-8"))
        except OSError:
            return None
        return Release(self.chapter, *texts, modules)


def take_over(classroom: Classroom) -> list[str]:
    """Make every release of a class whole; says what was not.

    A class of an earlier version kept the notebooks alone, and a teacher may have edited one. The
    caller holds the class's lock.
    """
    said = []
    for chapter in classroom.chapters():
        shelf = Shelf(classroom, chapter)
        old = list(shelf.folder.glob("*.ipynb"))
        if shelf.pointer == shelf.current.identity and not old:
            continue
        said.append(f"{chapter}: {EDITED if shelf.pointer and not old else TAKEN_OVER}")
        for path in old:
            release = shelf._read(path)
            if release is not None:
                shelf.keep(release, at=path.stat().st_mtime_ns)
        shelf.keep(shelf.current)
        shelf.point_to(shelf.current)
        for path in old:
            path.unlink()
    return said


def learner_text(teacher_text: str) -> str:
    """What nbgrader gives out for a teacher's notebook."""
    from autograder.course.notebooks import learner_notebook, notebook_bytes  # imports nbgrader

    digest = hashlib.sha256(teacher_text.encode()).hexdigest()
    if digest not in _DERIVED:
        teacher = nbformat.reads(teacher_text, as_version=4)
        _DERIVED[digest] = notebook_bytes(learner_notebook(teacher)).decode()
    return _DERIVED[digest]


_DERIVED: dict[str, str] = {}
