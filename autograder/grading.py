"""Grade a class: submissions in, results in the ledger; nothing lost, nobody stops another."""

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.canonical import Rejected, read_submission
from autograder.classroom import Classroom
from autograder.engine import Engine, EngineFault, Limits, Run
from autograder.ledger import Ledger
from autograder.merge import Merged, exercises_in, exported_names, merge
from autograder.notebooks import learner_notebook
from autograder.release import release_hash
from autograder.results import Result
from autograder.scoring import AssignmentFault, blank_tests, score_tests

ATTEMPTS = 3  # of our own engine at one submission, before it is called a fault


@dataclass(frozen=True)
class Assignment:
    """A released chapter, as it is graded: pinned in the class's `source` folder."""

    classroom: Classroom
    chapter: str

    @cached_property
    def teacher(self) -> NotebookNode:
        """The notebook with answers and hidden tests."""
        return nbformat.read(self.classroom.notebook("source", self.chapter), as_version=4)

    @cached_property
    def learner(self) -> NotebookNode:
        """The notebook as it was released."""
        return learner_notebook(self.teacher)

    @cached_property
    def exports(self) -> dict[str, list[str]]:
        """The names that each exercise asks for."""
        return exported_names(self.teacher)

    @cached_property
    def release(self) -> str:
        """The identity of this release."""
        return release_hash(self.classroom, self.chapter)

    def result(self, student: str, outcome: str, reason: str = "", **facts) -> Result:
        """A result of this chapter with every test at 0 points."""
        tests = blank_tests(self.teacher)
        total = sum(test.points for test in tests)
        return Result(
            student, self.chapter, outcome, total, reason, tests, release=self.release, **facts
        )


@dataclass(frozen=True)
class Job:
    """One submission that has to be graded."""

    student: str
    assignment: Assignment
    path: Path
    inputs: str


class Grader:
    """Grades the submissions of a class that changed since they were last graded."""

    def __init__(self, classroom: Classroom, limits: Limits, engine: Callable[[], Engine]):
        self.classroom, self.limits, self.open_engine = classroom, limits, engine
        self.ledger = Ledger(classroom)

    def jobs(self, chapters: list[str], students: list[str], *, again: bool = False) -> list[Job]:
        """What has to be graded; with `again`, also what has not changed."""
        jobs = []
        for chapter in chapters:
            assignment = Assignment(self.classroom, chapter)
            for student in self.classroom.students(chapter):
                if not students or student in students:
                    jobs += self._job(assignment, student, again)
        return jobs

    def grade(self, jobs: list[Job]) -> Iterator[Result]:
        """Grade them all, in whatever order they end; a result that comes is in the ledger."""
        runnable: list[tuple[Job, Merged]] = []
        for job in jobs:
            prepared = self._prepare(job)
            if isinstance(prepared, Result):
                yield self._keep(prepared)
            else:
                runnable.append((job, prepared))
        if runnable:
            with self.open_engine() as engine:
                yield from self._run(engine, runnable)

    def _job(self, assignment: Assignment, student: str, again: bool) -> list[Job]:
        path = _submitted_file(self.classroom, assignment.chapter, student)
        inputs = _hash([_file_hash(path), assignment.release, self._policy])
        known = self.ledger.get(assignment.chapter, student)
        done = known and known.inputs == inputs and known.outcome != "engine_fault"
        return [] if done and not again else [Job(student, assignment, path, inputs)]

    def _prepare(self, job: Job) -> Merged | Result:
        """A notebook to run, or a result where there is nothing to run."""
        try:
            submission = read_submission(job.path)
            self._refuse_other_chapter(job, submission)
            merged = merge(job.assignment.teacher, job.assignment.learner, submission)
        except Rejected as rejected:
            return job.assignment.result(
                job.student, "invalid_submission", str(rejected), inputs=job.inputs
            )
        if not merged.answered:
            reason = "Every exercise is still the empty stub."
            return job.assignment.result(job.student, "no_response", reason, inputs=job.inputs)
        return merged

    def _refuse_other_chapter(self, job: Job, submission) -> None:
        """Name the chapter whose notebook was handed in by mistake."""
        named = exercises_in(submission)
        if named & set(job.assignment.exports):
            return
        for chapter in self.classroom.chapters():
            if named & set(Assignment(self.classroom, chapter).exports):
                raise Rejected(
                    f"This is the notebook of {chapter}; {job.assignment.chapter} was due."
                )

    def _run(self, engine: Engine, runnable: list[tuple[Job, Merged]]) -> Iterator[Result]:
        """Through the engine; what fails on our side is tried again, then called a fault."""
        waiting = runnable
        for attempt in range(1, ATTEMPTS + 1):
            failed = []
            tasks = [(n, m.notebook, j.assignment.exports) for n, (j, m) in enumerate(waiting)]
            for number, outcome in engine.map(tasks):
                job, merged = waiting[number]
                if isinstance(outcome, EngineFault) and attempt < ATTEMPTS:
                    failed.append((job, merged))
                else:
                    yield self._keep(self._result(job, merged, outcome))
            waiting = failed
            if not waiting:
                return

    def _result(self, job: Job, merged: Merged, outcome: Run | EngineFault) -> Result:
        if isinstance(outcome, EngineFault):
            return job.assignment.result(job.student, "engine_fault", str(outcome))
        result = job.assignment.result(job.student, "graded", inputs=job.inputs)
        result.isolation, result.seconds = outcome.isolation, round(outcome.seconds, 4)
        result.flags = merged.flags
        result.key = _hash([cell.source for cell in merged.notebook.cells])
        try:
            result.tests = score_tests(job.assignment.teacher, outcome)
        except AssignmentFault as fault:
            result.outcome, result.reason = "assignment_fault", str(fault)
        if result.flags and result.outcome == "graded":
            result.outcome, result.reason = "needs_review", "; ".join(result.flags)
        self._write_autograded(job, outcome.notebook)
        return result

    def _keep(self, result: Result) -> Result:
        self.ledger.put(result)
        return result

    def _write_autograded(self, job: Job, notebook: NotebookNode) -> None:
        """What the formgrader shows: the notebook that was run, with its outputs."""
        path = self.classroom.notebook("autograded", job.assignment.chapter, job.student)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        nbformat.write(notebook, draft)
        draft.replace(path)

    @cached_property
    def _policy(self) -> str:
        """What a score depends on beside the submission and the release."""
        packages = ("numpy", "torch", "matplotlib", "ipython")
        versions = [importlib.metadata.version(package) for package in packages]
        return _hash(
            [platform.python_version(), versions, asdict(self.limits), self.classroom.seed]
        )


def submission_files(folder: Path) -> list[Path]:
    """The notebooks in one learner's folder of a chapter."""
    return sorted(path for path in folder.glob("*.ipynb") if path.is_file())


def _submitted_file(classroom: Classroom, chapter: str, student: str) -> Path:
    """The file to grade: the one of the right name, or the only one that is there."""
    expected = classroom.notebook("submitted", chapter, student)
    others = submission_files(expected.parent)
    return others[0] if not expected.is_file() and len(others) == 1 else expected


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def _hash(parts: Iterable) -> str:
    return hashlib.sha256(json.dumps(list(parts), sort_keys=True).encode()).hexdigest()
