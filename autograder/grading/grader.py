"""Grade a class: submissions in, results in the ledger; nothing lost, nobody stops another."""

import hashlib
import json
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.classroom.folder import Classroom
from autograder.classroom.ledger import Ledger
from autograder.disk import FULL, json_bytes, write_whole
from autograder.engine import Engine, EngineFault, Limits, Run
from autograder.errors import AutograderError
from autograder.grading.assignment import Assignment
from autograder.grading.canonical import Rejected, Submission, read_submission
from autograder.grading.merge import Merged, exercises_in, merge
from autograder.grading.results import Result
from autograder.grading.scoring import AssignmentFault, score_tests
from autograder.grading.settings import environment

ATTEMPTS = 3  # of our own engine at one submission, before it is called a fault


@dataclass(frozen=True)
class Job:
    """One submission that has to be graded."""

    student: str
    assignment: Assignment
    path: Path
    inputs: str


@dataclass(frozen=True)
class Prepared:
    """A submission as it goes into the engine: merged into the release it was made from."""

    job: Job
    release: Assignment
    merged: Merged


class Grader:
    """Grades the submissions of a class that changed since they were last graded.

    `open_engine` makes what runs notebooks: an Engine, or anything with its `map`.
    """

    def __init__(self, classroom: Classroom, limits: Limits, open_engine: Callable[[], Engine]):
        self.classroom, self.limits, self.open_engine = classroom, limits, open_engine
        self.ledger = Ledger(classroom)
        self._assignments: dict[str, Assignment] = {}

    def jobs(self, chapters: list[str], students: list[str], *, again: bool = False) -> list[Job]:
        """What has to be graded; with `again`, also what has not changed."""
        self._assignments = {}  # a release may have changed since the last call
        jobs = []
        for chapter in chapters:
            assignment = self._assignment(chapter)
            for student in self.classroom.students(chapter):
                if not students or student in students:
                    jobs += self._job(assignment, student, again)
        return jobs

    def grade(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Grade them all, in whatever order they end; a result that comes is in the ledger.

        A few are in hand at a time, however many there are. The engine starts when the first
        one needs it.
        """
        settled: deque[Result] = deque()  # what needed no engine
        prepared = self._prepare_all(jobs, settled)
        first = next(prepared, None)
        yield from _drained(settled)
        if first is not None:
            with self.open_engine() as engine:
                yield from self._run(engine, chain([first], prepared), settled)

    def _assignment(self, chapter: str) -> Assignment:
        if chapter not in self._assignments:
            self._assignments[chapter] = Assignment(self.classroom, chapter)
        return self._assignments[chapter]

    def _job(self, assignment: Assignment, student: str, again: bool) -> list[Job]:
        path = _submitted_file(self.classroom, assignment.chapter, student)
        releases = [release.release for release in assignment.releases]
        inputs = _hash([_file_hash(path), *releases, self._policy])
        known = self.ledger.get(assignment.chapter, student)
        done = known and known.inputs == inputs and known.outcome != "engine_fault"
        return [] if done and not again else [Job(student, assignment, path, inputs)]

    def _prepare_all(self, jobs: Iterable[Job], settled: deque[Result]) -> Iterator[Prepared]:
        """One after the other, as they are asked for; results without a run go to `settled`."""
        for job in jobs:
            prepared = self._guarded(job, self._prepare, job)
            if isinstance(prepared, Prepared):
                yield prepared
            else:
                settled.append(self._keep(prepared))

    def _prepare(self, job: Job) -> Prepared | Result:
        """A notebook to run, or a result where there is nothing to run."""
        release = job.assignment
        try:
            submission = read_submission(job.path)
            self._refuse_other_chapter(job, submission)
            release = job.assignment.made_from(submission)
            merged = merge(release.teacher, release.learner, submission)
        except Rejected as rejected:
            return release.result(
                job.student, "invalid_submission", str(rejected), inputs=job.inputs
            )
        if not merged.answered:
            reason = "Every exercise is still the empty stub."
            return release.result(job.student, "no_response", reason, inputs=job.inputs)
        return Prepared(job, release, merged)

    def _refuse_other_chapter(self, job: Job, submission: Submission) -> None:
        """Name the chapter whose notebook was handed in by mistake."""
        named = exercises_in(submission)
        if named & {name for release in job.assignment.releases for name in release.exports}:
            return
        for chapter in self.classroom.chapters():
            if named & set(self._assignment(chapter).exports):
                raise Rejected(
                    f"This is the notebook of {chapter}; {job.assignment.chapter} was due."
                )

    def _run(
        self, engine: Engine, waiting: Iterable[Prepared], settled: deque[Result]
    ) -> Iterator[Result]:
        """Through the engine; what fails on our side is tried again, then called a fault."""
        for attempt in range(1, ATTEMPTS + 1):
            in_hand: dict[int, Prepared] = {}
            failed = []
            for number, outcome in engine.map(_tasks(waiting, in_hand)):
                prepared = in_hand.pop(number)
                if isinstance(outcome, EngineFault) and attempt < ATTEMPTS:
                    failed.append(prepared)
                else:
                    result = self._guarded(prepared.job, self._result, prepared, outcome)
                    yield self._keep(result)
                yield from _drained(settled)
            yield from _drained(settled)
            waiting = failed

    def _result(self, prepared: Prepared, outcome: Run | EngineFault) -> Result:
        job, release, merged = prepared.job, prepared.release, prepared.merged
        if isinstance(outcome, EngineFault):
            return release.result(job.student, "engine_fault", str(outcome))
        result = release.result(job.student, "graded", inputs=job.inputs)
        result.isolation, result.seconds = outcome.isolation, round(outcome.seconds, 4)
        result.flags = merged.flags
        result.key = _hash([cell.source for cell in merged.notebook.cells])
        try:
            result.tests = score_tests(release.teacher, outcome)
        except AssignmentFault as fault:
            result.outcome, result.reason = "assignment_fault", str(fault)
        if result.flags and result.outcome == "graded":
            result.outcome, result.reason = "needs_review", "; ".join(result.flags)
        self._write_autograded(job, outcome.notebook)
        return result

    def _guarded(self, job: Job, step: Callable, *arguments):
        """Do a step; an error of ours that nobody foresaw costs this submission alone a retry."""
        try:
            return step(*arguments)
        except (AutograderError, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"our own code failed: {error!r} ({Path(where.filename).name}:{where.lineno})"
            return job.assignment.result(job.student, "engine_fault", reason)

    def _keep(self, result: Result) -> Result:
        self.ledger.put(result)
        return result

    def _write_autograded(self, job: Job, notebook: NotebookNode) -> None:
        """What the formgrader shows: the notebook that was run, with its outputs."""
        path = self.classroom.notebook("autograded", job.assignment.chapter, job.student)
        write_whole(path, json_bytes(notebook))

    @cached_property
    def _policy(self) -> str:
        """What a score depends on beside the submission and the release."""
        return _hash([*environment(), asdict(self.limits), self.classroom.seed])


def _tasks(waiting: Iterable[Prepared], in_hand: dict[int, Prepared]) -> Iterator[tuple]:
    """What the engine asks for, as it asks; until it is done, a submission stays in hand."""
    for number, prepared in enumerate(waiting):
        in_hand[number] = prepared
        merged = prepared.merged
        yield number, merged.notebook, prepared.release.exports, merged.opening


def _drained(settled: deque[Result]) -> Iterator[Result]:
    while settled:
        yield settled.popleft()


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
