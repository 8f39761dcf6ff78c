"""Many submissions at once: tasks in, results out, here or on a cluster."""

import itertools
from collections.abc import Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol, Self, TypeVar

from autograder.engine import Engine
from autograder.grading.grade import grade_one
from autograder.grading.parse import Submission
from autograder.grading.release import Release
from autograder.results import Result

Name = TypeVar("Name", bound=Hashable)  # the caller's own, for a task
Task = tuple[Name, Release, Submission]


class Workers(Protocol):
    """What grades many submissions; used in a `with` statement."""

    def __enter__(self) -> Self:
        """Get ready. Raises IsolationError, EngineFault, MachineError."""

    def __exit__(self, *_: object) -> None:
        """End all that was started."""

    def grade(self, tasks: Iterable[Task[Name]]) -> Iterator[tuple[Name, Result]]:
        """Grade each, a few at a time; yields (name, result) in whatever order they end."""


class LocalWorkers:
    """Grades on this machine, as many at a time as the engine has workers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __enter__(self) -> Self:
        """Start the engine's templates."""
        self.engine.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """End the engine."""
        self.engine.__exit__()

    def grade(self, tasks: Iterable[Task[Name]]) -> Iterator[tuple[Name, Result]]:
        """See Workers. Left before its end, it ends the engine and all that runs."""
        waiting = iter(tasks)
        at_once = self.engine.workers
        pool = ThreadPoolExecutor(at_once, thread_name_prefix="grading")
        try:
            running: dict[Future[Result], Name] = {}
            while True:
                for name, release, submission in itertools.islice(
                    waiting, 2 * at_once - len(running)
                ):
                    running[pool.submit(grade_one, release, submission, self.engine)] = name
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        except BaseException:  # nobody waits for what still runs, up to a minute
            self.engine.__exit__()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
