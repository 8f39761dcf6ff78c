"""Plain `nbgrader autograde`, and the formgrader's button, by the same path as `autograder grade`.

In a class's nbgrader_config.py:

    from autograder.classroom.autograde import AUTOGRADE_PREPROCESSORS, SANITIZE_PREPROCESSORS
    c.Autograde.sanitize_preprocessors = SANITIZE_PREPROCESSORS
    c.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS

`SealedExecute` replaces nbgrader's `Execute`: it grades the file that was handed in, with the
class's limits, by the release that it was made from, and keeps the result in the ledger.
`StrictScores` replaces `SaveAutoGrades`: a test that did not report its completion is worth
nothing. Where the rooms cannot be sealed, nbgrader reports the error and no score.
"""

import atexit
import contextlib
import functools
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Enum

from autograder.classroom.folder import SETTINGS_FILE, Classroom
from autograder.classroom.grader import Grader, scores_in
from autograder.classroom.log import log_file, logging_to
from autograder.classroom.releases import Shelf, learner_text
from autograder.classroom.settings import limits_of
from autograder.disk import only_one
from autograder.engine import Engine, Limits
from autograder.errors import EngineFault
from autograder.grading.grade import grade_one
from autograder.grading.parse import parse_submission
from autograder.grading.release import Release
from autograder.grading.workers import LocalWorkers
from autograder.results import Result

SANITIZE_PREPROCESSORS = ["nbgrader.preprocessors.ClearOutput"]
AUTOGRADE_PREPROCESSORS = [
    "autograder.classroom.autograde.SealedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.classroom.autograde.StrictScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
_SCORES, _TESTS = "autograder_scores", "autograder_tests"


class SealedExecute(NbGraderPreprocessor):
    """Grades a submission in the engine; one engine serves all submissions of a process."""

    isolation = Enum(
        ["bubblewrap", "none"],
        "bubblewrap",
        help="'none' runs learners' code with your rights; every result says so.",
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Grade what was handed in. Raises EngineFault, IsolationError: then there is no score."""
        course, names = CourseDirectory(parent=self), resources["nbgrader"]
        root, chapter = Path(course.root), names["assignment"]
        if (root / SETTINGS_FILE).is_file():
            classroom = Classroom.open(root)
            result = self._in_a_class(classroom, chapter, names["student"])
            current = Shelf(classroom, chapter).current
        else:
            folder = course.format_path(course.source_directory, ".", chapter)
            text = (Path(folder) / f"{names['notebook']}.ipynb").read_text(encoding="utf-8")
            current = Release.of(chapter, text, learner_text(text))
            submission = parse_submission(nbformat.writes(nb).encode())
            result = grade_one(current, submission, _engine(Limits(), self.isolation, 0))
        if result.is_fault:
            raise EngineFault(result.reason)
        resources[_SCORES] = scores_in(result, current)
        resources[_TESTS] = {test.grade_id for test in result.tests}
        notebook = result.notebook or current.learner
        if result.reason:
            self.log.warning("%s, %s: %s", names["student"], chapter, result.reason)
        notebook.metadata["autograder"] = {"isolation": result.isolation, "reason": result.reason}
        return notebook, resources

    def _in_a_class(self, classroom: Classroom, chapter: str, student: str) -> Result:
        limits = limits_of(classroom)
        engine = _engine(limits, self.isolation, classroom.seed)
        with only_one(classroom.state), logging_to(log_file(classroom)):
            grader = Grader(classroom, limits, lambda: LocalWorkers(engine))
            return grader.grade_now(chapter, student, engine)


class StrictScores(SaveAutoGrades):
    """Writes the engine's scores to the gradebook, over older ones.

    The gradebook knows the cells of the current release; the notebook may be of an earlier one.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Write them all at once. Raises EngineFault where nothing was graded before."""
        if _SCORES not in resources:
            raise EngineFault("StrictScores needs SealedExecute before it in the pipeline")
        nb, resources = super().preprocess(nb, resources)
        scores = resources[_SCORES]
        with Gradebook(self.db_url) as gradebook:
            where = (self.notebook_id, self.assignment_id, self.student_id)
            for grade in gradebook.find_submission_notebook(*where).grades:
                if grade.cell.name in scores:
                    grade.auto_score = scores[grade.cell.name]
                    grade.needs_manual_grade = grade.manual_score is not None
            gradebook.db.commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        if cell.metadata.nbgrader.grade_id not in resources[_TESTS]:  # a person grades it
            super()._add_score(cell, resources)

    def _add_comment(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        with contextlib.suppress(MissingEntry):  # of an earlier release
            super()._add_comment(cell, resources)


@functools.cache
def _engine(limits: Limits, isolation: str, seed: int) -> Engine:
    """A warm engine that lasts as long as the process."""
    engine = Engine(workers=1, limits=limits, seed=seed, isolation=isolation).__enter__()
    atexit.register(engine.__exit__)
    return engine
