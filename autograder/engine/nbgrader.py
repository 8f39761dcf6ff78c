"""Plain `nbgrader autograde`, and the formgrader's button, through the sealed engine.

In a class's nbgrader_config.py:

    from autograder.engine.nbgrader import AUTOGRADE_PREPROCESSORS
    c.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS

`SealedExecute` replaces nbgrader's `Execute`: our release and the learner's answers run in two
sealed rooms. `StrictScores` replaces `SaveAutoGrades`: a test that did not report its completion
is worth nothing. Where the rooms cannot be sealed, nbgrader reports the error and no score.
"""

import atexit
import functools
import os
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Enum, Integer

from autograder.engine.errors import EngineFault
from autograder.engine.pool import Engine
from autograder.grading.canonical import parse_submission
from autograder.grading.merge import exported_names, merge
from autograder.grading.scoring import score_tests
from autograder.notebooks import learner_notebook

AUTOGRADE_PREPROCESSORS = [
    "autograder.engine.nbgrader.SealedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.engine.nbgrader.StrictScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
_SCORES = "autograder_scores"


class SealedExecute(NbGraderPreprocessor):
    """Runs a submission in the engine; one engine serves all submissions of a process."""

    workers = Integer(1, help="Submissions at a time; nbgrader gives one at a time.").tag(
        config=True
    )
    isolation = Enum(
        ["bubblewrap", "none"],
        "bubblewrap",
        help="'none' runs learners' code with your rights; every result says so.",
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Merge, run and score. Raises Rejected, EngineFault, IsolationError."""
        teacher = self._teacher(resources)
        submission = parse_submission(nbformat.writes(nb).encode())
        merged = merge(teacher, learner_notebook(teacher), submission)
        engine = _engine(self.workers, self.isolation, int(os.environ.get("AUTOGRADER_SEED", "0")))
        run = engine.run(merged.notebook, exported_names(teacher), merged.opening)
        scores = {test.grade_id: test.score for test in score_tests(teacher, run)}
        resources[_SCORES] = scores
        run.notebook.metadata["autograder"] = {"isolation": run.isolation}
        return run.notebook, resources

    def _teacher(self, resources: ResourcesDict) -> NotebookNode:
        """The notebook with answers and hidden tests, from the course's source folder."""
        course = CourseDirectory(parent=self)
        names = resources["nbgrader"]
        folder = course.format_path(course.source_directory, ".", names["assignment"])
        return nbformat.read(Path(folder) / f"{names['notebook']}.ipynb", as_version=4)


class StrictScores(SaveAutoGrades):
    """Writes the engine's scores to the gradebook, over older ones."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        if _SCORES not in resources:
            raise EngineFault("StrictScores needs SealedExecute before it in the pipeline")
        grade_id = cell.metadata.nbgrader.grade_id
        scores = resources[_SCORES]
        if grade_id not in scores:  # a cell that a person grades
            super()._add_score(cell, resources)
            return
        gradebook: Gradebook = self.gradebook
        grade = gradebook.find_grade(
            grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = scores[grade_id]
        grade.needs_manual_grade = grade.manual_score is not None
        gradebook.db.commit()


@functools.cache
def _engine(workers: int, isolation: str, seed: int) -> Engine:
    """A warm engine that lasts as long as the process."""
    engine = Engine(workers=workers, seed=seed, isolation=isolation).__enter__()
    atexit.register(engine.__exit__)
    return engine
