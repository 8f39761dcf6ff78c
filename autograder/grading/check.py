"""Grade one notebook for a lone learner: no class, the same path, the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.cells import exported_names, is_answer, reference_answers
from autograder.errors import UsageError
from autograder.grading.grade import STUB, Runner, grade_one
from autograder.grading.merge import exercises_in
from autograder.grading.parse import Rejected, Submission, read_submission
from autograder.grading.release import Release, blank_tests, made_from, read_notebook
from autograder.paths import project_root
from autograder.results import Result

HIDDEN_LATER = "Hidden checks run after you hand in."


@dataclass(frozen=True)
class Checked:
    """What the grader will see of one notebook, and by which release it was judged."""

    result: Result
    release: Release


def check(path: Path, engine: Runner, releases: Sequence[Release] = ()) -> Checked:
    """Grade one notebook by the release that it was made from.

    releases: those of a class; without them the course's own, where it is at hand, and else the
    notebook's own visible tests. Raises UsageError where it is not one of ours.
    """
    release, submission = understood(path, releases)
    return Checked(grade_one(release, submission, engine), release)


def understood(path: Path, releases: Sequence[Release] = ()) -> tuple[Release, Submission]:
    """A notebook and the release that it was made from, before anything is run."""
    try:
        submission = read_submission(path)
    except Rejected as rejected:
        raise UsageError(f"{path}: {rejected}") from rejected
    named = exercises_in(submission)
    candidates = releases or _of_the_course(named)
    known = [release for release in candidates if named & set(release.exports)]
    if releases and not named:
        known = list(releases)  # its metadata was stripped: `merge` finds cells by more than that
    if releases and not known:
        raise UsageError(f"{path}: no exercise of a chapter that is released to this class")
    release = made_from(known, submission) if known else _of_itself(path)
    return release, submission


def course_release(chapter: str) -> Release:
    """A chapter as it stands in the checkout. Raises UsageError where it was not generated."""
    folders = [project_root() / name for name in ("solutions", "notebooks")]
    teacher, learner = (folder / f"{chapter}.ipynb" for folder in folders)
    if not (teacher.is_file() and learner.is_file()):
        raise UsageError(f"no solutions/{chapter}.ipynb; run make notebooks")
    return Release.of(chapter, *(path.read_text(encoding="utf-8") for path in (teacher, learner)))


def _of_the_course(exercises: set[str]) -> list[Release]:
    """The chapters of this checkout that have one of these exercises.

    Where the answers are kept elsewhere, there are the visible tests alone.
    """
    try:
        root = project_root()
    except UsageError:
        return []
    releases = []
    for learner in sorted((root / "notebooks").glob("*.ipynb")):
        text = learner.read_text(encoding="utf-8")
        if exercises & reference_answers(read_notebook(text)).keys():
            teacher = root / "solutions" / learner.name
            full = teacher.read_text(encoding="utf-8") if teacher.is_file() else text
            releases.append(Release.of(learner.stem, full, text))
    return releases


def _of_itself(path: Path) -> Release:
    """The notebook as it is, for a learner who has nothing but this file."""
    try:
        teacher = nbformat.read(path, as_version=4)
        is_ours = exported_names(teacher) and blank_tests(teacher)
    except Exception as error:  # nbformat raises whatever an odd shape leads to
        raise UsageError(f"{path}: no notebook that Jupyter can open; save it anew") from error
    if not is_ours:
        raise UsageError(f"{path}: no exercise of this course in it, or its metadata was stripped")
    learner = nbformat.from_dict(teacher)
    return Release(path.stem, nbformat.writes(teacher), nbformat.writes(_emptied(learner)), {})


def _emptied(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if is_answer(cell):
            cell.source = f"# exercise: {cell.metadata.nbgrader.grade_id}\n{STUB}"
    return notebook
