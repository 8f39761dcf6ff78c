"""Grade a class: submissions in, results in the ledger; nothing lost, nobody stops another."""

import hashlib
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.classroom.folder import Classroom
from autograder.classroom.ledger import Ledger
from autograder.classroom.log import log_file
from autograder.classroom.releases import Shelf
from autograder.disk import FULL, json_bytes, write_whole
from autograder.engine import Limits
from autograder.errors import AutograderError, UsageError
from autograder.grading.grade import Runner, environment, grade_one
from autograder.grading.merge import exercises_in
from autograder.grading.parse import Rejected, Submission, read_submission
from autograder.grading.release import Release, blank_tests, carried_over, made_from
from autograder.grading.workers import Task, Workers
from autograder.results import Result

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """One submission that has to be graded."""

    student: str
    chapter: str
    path: Path
    inputs: str


@dataclass(frozen=True)
class Change:
    """One learner's score of one chapter, before and after; None is no score yet."""

    student: str
    chapter: str
    old: float | None
    new: float


class Grader:
    """Grades the submissions of a class that changed since they were last graded.

    `open_workers` makes what grades many at once; it is asked when the first one needs it.
    """

    def __init__(
        self, classroom: Classroom, limits: Limits, open_workers: Callable[[], Workers]
    ) -> None:
        self.classroom, self.limits, self.open_workers = classroom, limits, open_workers
        self.ledger = Ledger(classroom)
        self._shelves: dict[str, Shelf] = {}

    def jobs(self, chapters: list[str], students: list[str], *, again: bool = False) -> list[Job]:
        """What has to be graded; with `again`, also what has not changed."""
        self._shelves = {}  # a release may have changed since the last call
        return [
            job
            for chapter in chapters
            for student in self.classroom.students(chapter)
            if not students or student in students
            for job in [self._job(chapter, student)]
            if again or not self._is_done(job)
        ]

    def grade(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Grade them all, in whatever order they end; a result that comes is in the ledger.

        A few are in hand at a time, however many there are.
        """
        settled: deque[Result] = deque()  # what needed no engine
        in_hand: dict[int, Job] = {}
        tasks = self._tasks(jobs, in_hand, settled)
        first = next(tasks, None)
        yield from _drained(settled)
        if first is None:
            return
        with self.open_workers() as workers:
            for number, result in workers.grade(chain([first], tasks)):
                job = in_hand.pop(number)
                yield self._keep(job, result)
                yield from _drained(settled)
        yield from _drained(settled)

    def grade_now(self, chapter: str, student: str, engine: Runner) -> Result:
        """Grade one submission, changed or not, with an engine that runs already."""
        job = self._job(chapter, student)
        try:
            release, submission = self._chosen(job)
        except Rejected as rejected:
            return self._keep(job, self._refused(job, rejected))
        return self._keep(job, grade_one(release, submission, engine))

    def preview(self, new: Release) -> Iterator[Change]:
        """Whose score of a chapter would change if this became its current release."""
        shelf = self._shelf(new.chapter)
        releases = [new, *(r for r in shelf.releases if r.identity != new.identity)]
        before = {result.student: result for result in self.ledger.results(new.chapter)}
        after: dict[str, Result] = {}
        tasks: list[Task[str]] = []
        for student in self.classroom.students(new.chapter):
            try:
                submission = read_submission(self._job(new.chapter, student).path)
            except Rejected:
                continue
            if made_from(releases, submission) is new:
                tasks.append((student, new, submission))
            elif student in before:
                after[student] = before[student]
        if tasks:
            with self.open_workers() as workers:
                after |= dict(workers.grade(tasks))
        for student, result in sorted(after.items()):
            if result.is_fault:
                raise UsageError(
                    f"{new.chapter}: the new release could not grade {student}: {result.reason}. "
                    "The class keeps the release that it has."
                )
            known = before.get(student)
            old = None if known is None or known.is_fault else _total(known, shelf.current)
            score = _total(result, new)
            if old is not None and old != score:
                yield Change(student, new.chapter, old, score)

    def _shelf(self, chapter: str) -> Shelf:
        if chapter not in self._shelves:
            self._shelves[chapter] = Shelf(self.classroom, chapter)
        return self._shelves[chapter]

    def _job(self, chapter: str, student: str) -> Job:
        path = submitted_file(self.classroom, chapter, student)
        releases = [release.identity for release in self._shelf(chapter).releases]
        inputs = _hash([_file_hash(path), *releases, self._policy])
        return Job(student, chapter, path, inputs)

    def _is_done(self, job: Job) -> bool:
        known = self.ledger.get(job.chapter, job.student)
        if known is None or known.inputs != job.inputs or known.outcome == "engine_fault":
            return False
        ran = self.classroom.notebook("autograded", job.chapter, job.student)
        return known.outcome == "invalid_submission" or ran.is_file()

    def _tasks(
        self, jobs: Iterable[Job], in_hand: dict[int, Job], settled: deque[Result]
    ) -> Iterator[Task[int]]:
        """One after the other, as they are asked for; what needs no engine goes to `settled`."""
        for number, job in enumerate(jobs):
            try:
                release, submission = self._chosen(job)
            except Rejected as rejected:
                settled.append(self._keep(job, self._refused(job, rejected)))
            except Exception as error:  # an error of ours that nobody foresaw costs one submission
                if isinstance(error, AutograderError) or getattr(error, "errno", None) in FULL:
                    raise
                log.exception("%s, %s", job.student, job.chapter)
                reason = f"our own code failed: {error!r}"
                release = self._shelf(job.chapter).current
                settled.append(self._keep(job, release.result("engine_fault", reason)))
            else:
                in_hand[number] = job
                yield number, release, submission

    def _chosen(self, job: Job) -> tuple[Release, Submission]:
        """A submission and the release that it was made from. Raises Rejected."""
        submission = read_submission(job.path)
        releases = self._shelf(job.chapter).releases
        named = exercises_in(submission)
        if not named & {name for release in releases for name in release.exports}:
            for chapter in self.classroom.chapters():
                if named & set(self._shelf(chapter).current.exports):
                    raise Rejected(f"This is the notebook of {chapter}; {job.chapter} was due.")
        return made_from(releases, submission), submission

    def _refused(self, job: Job, rejected: Rejected) -> Result:
        return self._shelf(job.chapter).current.result("invalid_submission", str(rejected))

    def _keep(self, job: Job, result: Result) -> Result:
        """Make it this learner's, and write it down."""
        result.student, result.chapter = job.student, job.chapter
        if result.is_fault:
            result.reason += f"; the whole story is in {log_file(self.classroom)}"
        else:
            result.inputs = job.inputs
        if result.notebook is not None:
            self._write_autograded(job, result.notebook)
        self.ledger.put(result)
        return result

    def _write_autograded(self, job: Job, notebook: NotebookNode) -> None:
        """What the formgrader shows: the notebook that was run, with its outputs."""
        path = self.classroom.notebook("autograded", job.chapter, job.student)
        write_whole(path, json_bytes(notebook))

    @cached_property
    def _policy(self) -> str:
        """What a score depends on beside the submission and the release."""
        return _hash([*environment(), asdict(self.limits), self.classroom.seed])


def scores_in(result: Result, current: Release) -> dict[str, float]:
    """A result's scores in the tests of the chapter's current release: test -> points."""
    if result.release == current.identity:
        return {test.grade_id: test.score for test in result.tests}
    return carried_over(result, blank_tests(current.teacher))


def submission_files(folder: Path) -> list[Path]:
    """The notebooks in one learner's folder of a chapter."""
    return sorted(path for path in folder.glob("*.ipynb") if path.is_file())


def submitted_file(classroom: Classroom, chapter: str, student: str) -> Path:
    """The file to grade: the one of the right name, or the only one that is there."""
    expected = classroom.notebook("submitted", chapter, student)
    others = submission_files(expected.parent)
    return others[0] if not expected.is_file() and len(others) == 1 else expected


def _total(result: Result, current: Release) -> float:
    return sum(scores_in(result, current).values())


def _drained(settled: deque[Result]) -> Iterator[Result]:
    while settled:
        yield settled.popleft()


def _file_hash(path: Path) -> str:
    try:
        if not path.is_file():  # a pipe would wait for ever
            return "unreadable"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def _hash(parts: Iterable[Any]) -> str:
    return hashlib.sha256(json.dumps(list(parts), sort_keys=True).encode()).hexdigest()
