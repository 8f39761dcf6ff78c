"""The engine: a pair of warm templates, and as many submissions at once as there are cores."""

import os
import platform
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, Self

from nbformat import NotebookNode

from autograder.engine.host.bubblewrap import HELP, Sandbox, find_sandbox
from autograder.engine.host.keeper import Keeper
from autograder.engine.host.library import Library
from autograder.engine.host.limits import Limits
from autograder.engine.host.one_room import run_in_one_room
from autograder.engine.host.pair import Pair
from autograder.engine.host.rooms import ForkedRoom
from autograder.engine.host.run import Run
from autograder.engine.host.two_rooms import Exports, TwoRooms
from autograder.engine.host.warm import TemplateKind
from autograder.errors import EngineFault, IsolationError, RoomKilled

_OVERRIDE = "NONE: deliberate override; two processes, but learners' code could do what you can"


class Engine:
    """Runs notebooks in two sealed rooms each. Use it in a `with` statement.

    `run` may be called from any number of threads; `workers` is how many keep the machine busy.
    `files` is a folder whose entries every room finds, read-only, in its working directory.
    """

    def __init__(
        self,
        workers: int | None = None,
        limits: Limits | None = None,
        seed: int = 0,
        *,
        isolation: Literal["bubblewrap", "none"] = "bubblewrap",
        figures: bool = True,
        files: Path | None = None,
    ) -> None:
        self.workers = workers or _n_cores()
        self.limits = limits or Limits()
        self.seed = seed
        self._asked_isolation = isolation
        self._figures = figures
        self._files = files
        self._sandbox: Sandbox | None = None
        self._lock = threading.Lock()
        self._keeper: Keeper | None = None

    def __enter__(self) -> Self:
        """Start the templates. Raises IsolationError, EngineFault."""
        if sys.platform != "linux":
            raise IsolationError(f"the engine needs Linux; this is {sys.platform}. {HELP}")
        with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
            sealed = self._asked_isolation != "none"
            self._sandbox = find_sandbox(Path(scratch)) if sealed else None
        self._keeper = self._start_templates()
        return self

    def __exit__(self, *_: object) -> None:
        """End the templates and every room; returns when they are gone."""
        with self._lock:
            keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.close()

    @property
    def isolation(self) -> str:
        """What is recorded with every result."""
        return self._sandbox.description if self._sandbox else _OVERRIDE

    @property
    def cpu_seconds(self) -> float:
        """CPU time of the templates, their start included, and of all rooms that have ended."""
        return sum(template.cpu_seconds() for template in self._running_keeper().templates)

    def run(
        self,
        notebook: NotebookNode,
        exports: Exports,
        opening: Sequence[str] = (),
        *,
        library: Library | None = None,
        demo: bool = False,
        limits: Limits | None = None,
        forgiving: bool = True,
    ) -> Run:
        """Run one notebook, once; cells tagged `demo` only if asked.

        `exports`: for the grade_id of an answer, the top-level names that it should define.
        `opening`: ids of leading cells that are ours to the letter; notebooks that share them
        share one run of them. Never name a cell that a learner wrote: it would run in a template.
        `library`: the modules that test cells import. `limits`: for a chapter that asks for more
        than the others. `forgiving`: a room that was killed from outside is our fault; when it
        happens again in the same work, it is a limit, or what the work does.

        Raises EngineFault: then the engine has mended itself, and the caller may ask once more.
        Raises IsolationError, AssignmentFault: asking again would not help.
        """
        sealed = self._sandbox is not None
        limits = limits or self.limits
        shared = [cell for cell in notebook.cells if cell.id in set(opening)]
        shared = shared if sealed and not demo else []

        def in_two_rooms(keeper: Keeper) -> Run:
            with keeper.openings.borrow(shared, library, limits) as start:
                rooms = [
                    partial(ForkedRoom, template, limits, sealed=sealed, figures=figures)
                    for template, figures in (
                        (start.learner, self._figures),
                        (start.examiner, False),
                    )
                ]
                pair = Pair(*rooms, forgiving=forgiving)
                work = (pair, notebook, exports, start.reports)
                return TwoRooms(*work, self.seed, self.isolation).run(limits, demo)

        return self._with_templates(in_two_rooms)

    def run_trusted(
        self,
        notebook: NotebookNode,
        limits: Limits | None = None,
        library: Library | None = None,
    ) -> Run:
        """Run a whole notebook of ours in one sealed room, figures drawn, no proxies."""
        limits = limits or self.limits
        sealed = self._sandbox is not None

        def in_one_room(keeper: Keeper) -> Run:
            with keeper.openings.borrow([], library, limits) as start:
                how = (limits, sealed, self.seed, self.isolation)
                return run_in_one_room(start.examiner, notebook, *how)

        return self._with_templates(in_one_room)

    def _with_templates(self, job: Callable[[Keeper], Run]) -> Run:
        """Do a job; after a fault of the templates there are new ones for the next."""
        keeper = self._running_keeper()
        try:
            return job(keeper)
        except RoomKilled:
            raise
        except EngineFault:
            self._replace(keeper)
            raise

    def _replace(self, broken: Keeper) -> None:
        """Start new templates, unless another thread already has."""
        with self._lock:
            if self._keeper is broken:
                broken.close()
                self._keeper = self._start_templates()

    def _start_templates(self) -> Keeper:
        kinds = [
            TemplateKind(examiner=False, files=self._files),
            TemplateKind(examiner=True, seed=self.seed, files=self._files),
        ]
        return Keeper(kinds, self._sandbox, self._process_limit(), self._figures)

    def _running_keeper(self) -> Keeper:
        if self._keeper is None:
            raise EngineFault("the engine is not running: use it in a `with` statement")
        return self._keeper

    def _process_limit(self) -> int:
        """RLIMIT_NPROC for the rooms of one template: it counts threads, and all rooms together.

        Before Linux 5.14 it counted all of a user's processes on the machine: then it is left.
        """
        import resource  # not on Windows, where a learner's own notebook needs none of this

        release = tuple(int(part) for part in platform.release().split(".")[:2])
        if release < (5, 14):
            return resource.getrlimit(resource.RLIMIT_NPROC)[1]
        return (self.workers + 1) * self.limits.processes


def _n_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
