"""What a script or a notebook can ask for; the command line is thin on it.

    from autograder import api

    classroom = api.open_class("class")
    grading = api.grade(classroom, chapters=["04_softmax"])
    for result in grading:
        print(result.student, result.score, result.max_score)
    api.write_scores(classroom, grading.results)

    print(api.check("notebooks/04_softmax.ipynb").result.score)

Points are floats; a `Result` says what each test gave and what is wrong with each exercise. Errors
that a person can mend are `AutograderError`, with a message that says what to do.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.classroom.folder import Classroom
from autograder.classroom.grader import Change, Grader, Job
from autograder.classroom.log import log_file, logging_to
from autograder.classroom.releases import Shelf
from autograder.classroom.releases import take_over as make_whole
from autograder.classroom.settings import limits_of
from autograder.disk import only_one
from autograder.engine import Engine, Limits
from autograder.errors import AutograderError, IsolationError, UsageError
from autograder.grading.check import Checked, understood
from autograder.grading.grade import Runner, grade_one
from autograder.grading.parse import Submission, parse_submission, read_submission
from autograder.grading.release import Release
from autograder.grading.workers import LocalWorkers, Workers
from autograder.results import Result

__all__ = [
    "AutograderError",
    "Change",
    "Checked",
    "Classroom",
    "Engine",
    "Grading",
    "Limits",
    "Release",
    "Result",
    "Submission",
    "check",
    "create_class",
    "grade",
    "grade_one",
    "local_workers",
    "open_class",
    "parse_submission",
    "read_submission",
    "release",
    "releases_of",
    "take_over",
    "write_scores",
]

Isolation = Literal["bubblewrap", "none"]


def open_class(folder: Path | str, db: str | None = None) -> Classroom:
    """The class in that folder; `db` is another gradebook's address. Raises UsageError."""
    return Classroom.open(Path(folder), db)


def create_class(folder: Path | str, db: str | None = None) -> Classroom:
    """Make a class folder, or open the one that is there; nothing of it is overwritten."""
    return Classroom.create(Path(folder), db)


def releases_of(classroom: Classroom, chapter: str) -> list[Release]:
    """The releases of a chapter, the current one first. Raises UsageError for one unknown."""
    classroom.chosen_chapters([chapter])
    return Shelf(classroom, chapter).releases


def release(
    classroom: Classroom,
    chapters: Sequence[str] = (),
    *,
    update: bool = False,
    agreed: Callable[[Release, list[Change]], bool] = lambda new, changes: True,
    isolation: Isolation = "bubblewrap",
) -> dict[str, str]:
    """Release chapters to a class, all if none is named; what happened to each, in words.

    With `update`, a chapter that has changed since its release is replaced, if `agreed` says yes
    to the new release and to the scores that would change by it.
    """
    from autograder.classroom.releasing import release as release_chapters

    def ask(new: Release) -> bool:
        grader = _grader(classroom, local_workers(limits_of(classroom), classroom.seed, isolation))
        return agreed(new, list(grader.preview(new)))

    with _at_work(classroom):
        return release_chapters(classroom, list(chapters), update=update, agreed=ask)


def take_over(classroom: Classroom, *, strict: bool = True) -> list[str]:
    """Make the releases of a class whole that an earlier version made; what there is to say of it.

    `release` and `grade` do so by themselves, and say nothing. Raises UsageError where a release
    was lost, if `strict`; `release` with `update` replaces such a one.
    """
    with _at_work(classroom):
        return make_whole(classroom, strict=strict)


@dataclass
class Grading:
    """A run that is under way: iterate over it for the results, in whatever order they come.

    What did not change since it was last graded comes first, from the ledger. A result that came
    is in the ledger; stop when you like, and a later run goes on from there.
    """

    grader: Grader
    jobs: list[Job]
    unchanged: list[Result]
    results: list[Result] = field(default_factory=list)  # those that came so far

    def __len__(self) -> int:
        """How many results there will be."""
        return len(self.jobs) + len(self.unchanged)

    def __iter__(self) -> Iterator[Result]:
        """Each result as it comes."""
        with _at_work(self.grader.classroom):
            for source in (self.unchanged, self.grader.grade(self.jobs)):
                for result in source:
                    self.results.append(result)
                    yield result


def grade(
    classroom: Classroom,
    chapters: Sequence[str] = (),
    students: Sequence[str] = (),
    *,
    again: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    isolation: Isolation = "bubblewrap",
) -> Grading:
    """Grade what was handed in for these chapters by these learners; all where none is named.

    again: also what has not changed. workers: submissions at one time. dask: a scheduler's
    address, or `local`. isolation: "none" runs learners' code with your own rights.
    """
    _refuse_seen(classroom)
    limits = limits_of(classroom)
    grader = _grader(classroom, _workers(classroom, limits, workers, dask, isolation))
    chosen = classroom.chosen_chapters(list(chapters))
    take_over(classroom)
    jobs = grader.jobs(chosen, list(students), again=again)
    if strangers := set(students) - {s for chapter in chosen for s in classroom.students(chapter)}:
        raise UsageError(f"nothing was handed in by {', '.join(sorted(strangers))}")
    waiting = {(job.chapter, job.student) for job in jobs}
    unchanged = [
        result
        for chapter in chosen
        for result in grader.ledger.results(chapter)
        if (chapter, result.student) not in waiting and (not students or result.student in students)
    ]
    return Grading(grader, jobs, unchanged)


def write_scores(
    classroom: Classroom, results: Iterable[Result], *, dry_run: bool = False
) -> list[Change]:
    """Make the gradebook say what these results say; what changed, or with `dry_run` would."""
    from autograder.classroom.gradebook import sync

    with _at_work(classroom):
        return sync(classroom, list(results), dry_run=dry_run)


def check(
    notebook: Path | str, classroom: Classroom | None = None, isolation: Isolation = "bubblewrap"
) -> Checked:
    """Grade one notebook without roster and dates, by the course's release or by a class's.

    On a machine that cannot seal, and with `isolation="none"`, it runs in processes of its own
    with the same time limits: for one's own work only.
    """
    if classroom:
        _refuse_seen(classroom)
    limits = limits_of(classroom) if classroom else Limits()
    seed = classroom.seed if classroom else 0
    releases = [
        release
        for chapter in (classroom.chapters() if classroom else [])
        for release in Shelf(classroom, chapter).releases
    ]
    release, submission = understood(Path(notebook), releases)  # before an engine is started
    with _one_engine(limits, seed, isolation, alone=classroom is None) as engine:
        return Checked(grade_one(release, submission, engine), release)


def local_workers(
    limits: Limits | None = None,
    seed: int = 0,
    isolation: Isolation = "bubblewrap",
    workers: int | None = None,
) -> Callable[[], Workers]:
    """What grades many submissions on this machine, when it is asked for."""

    def start() -> Workers:
        engine = Engine(workers=workers, limits=limits, seed=seed, isolation=isolation)
        return LocalWorkers(engine)

    return start


def _workers(
    classroom: Classroom,
    limits: Limits,
    workers: int | None,
    dask: str | None,
    isolation: Isolation,
) -> Callable[[], Workers]:
    if dask is None:
        return local_workers(limits, classroom.seed, isolation, workers)
    from autograder.grading.cluster import Cluster

    address = dask
    return lambda: Cluster(address, workers, limits, classroom.seed, isolation=isolation)


def _grader(classroom: Classroom, workers: Callable[[], Workers]) -> Grader:
    return Grader(classroom, limits_of(classroom), workers)


def _refuse_seen(classroom: Classroom) -> None:
    """A class that stands where a sealed room looks would be read by its learners."""
    from autograder.engine.host.bubblewrap import is_seen

    if is_seen(classroom.folder):
        raise UsageError(
            f"{classroom.folder} stands among the system's files or Python's own, which a sealed "
            "room sees: move the class to another place"
        )


@contextmanager
def _one_engine(
    limits: Limits, seed: int, isolation: Isolation, *, alone: bool
) -> Iterator[Runner]:
    """An engine for one notebook: sealed where this machine can, else plain processes.

    A class's hand-in is somebody else's: `alone` is false, and then it is sealed or not run.
    """
    from autograder.engine.host.processes import ProcessEngine

    engine: Engine | None = None
    if isolation == "bubblewrap":
        try:
            engine = Engine(workers=1, limits=limits, seed=seed).__enter__()
        except IsolationError:
            if not alone:
                raise
    if engine is None:
        yield ProcessEngine(limits, seed)
        return
    try:
        yield engine
    finally:
        engine.__exit__()


@contextmanager
def _at_work(classroom: Classroom) -> Iterator[None]:
    """Alone in a class, with its log open."""
    with only_one(classroom.state), logging_to(log_file(classroom)):
        yield
