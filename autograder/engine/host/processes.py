"""Runs one's own notebook on any computer: the same two rooms as plain processes, no seal.

What a learner's function does is limited in time alone, and a cell that hangs or ends its process
costs what it costs in the sealed engine.
"""

import dataclasses
import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.engine.host.library import Library, unloadable
from autograder.engine.host.limits import Limits
from autograder.engine.host.pair import Pair
from autograder.engine.host.rooms import LETTER_SECONDS, RoomEnded, RoomHandle
from autograder.engine.host.run import Run
from autograder.engine.host.two_rooms import Exports, TwoRooms
from autograder.engine.room.plain import accept, listen
from autograder.errors import EngineFault

ISOLATION = "plain processes with a time limit, which your own code does not need to be safe from"
BOOT_SECONDS = 120.0
_SLOW_MODULES = ("numpy", "torch", "matplotlib.pyplot")  # loaded before any cell's time begins
_CODE = str(Path(__file__).resolve().parents[3])


class ProcessEngine:
    """Runs a notebook as `Engine` does, without templates and without a sandbox."""

    isolation = ISOLATION

    def __init__(self, limits: Limits | None = None, seed: int = 0) -> None:
        self.limits, self.seed = limits or Limits(), seed

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
        """See `Engine.run`; an opening is run like every other cell."""
        limits = limits or self.limits
        with tempfile.TemporaryDirectory(
            prefix="autograder-", ignore_cleanup_errors=True
        ) as folder:
            modules = _mentioned(notebook)
            make = partial(ProcessRoom, limits, Path(folder), self.seed, modules)
            pair = Pair(
                partial(make, examiner=False, library=None),
                partial(make, examiner=True, library=library),
                forgiving=forgiving,
            )
            rooms = TwoRooms(pair, notebook, exports, {}, self.seed, self.isolation)
            try:
                pair.ready(time.monotonic() + BOOT_SECONDS)  # before the submission's time begins
                return rooms.run(limits, demo)
            finally:
                pair.close()


class ProcessRoom(RoomHandle):
    """One plain process."""

    def __init__(
        self,
        limits: Limits,
        folder: Path,
        seed: int,
        modules: list[str],
        *,
        examiner: bool,
        library: Library | None,
    ) -> None:
        """Start it and wait until it has loaded. Raises EngineFault, AssignmentFault."""
        super().__init__(limits)
        settings: dict[str, Any] = {
            "token": secrets.token_hex(16),
            "examiner": examiner,
            "library": library and {"modules": dict(library.modules), "start": library.start},
            "limits": dataclasses.asdict(limits),
            "figures": not examiner,
            "modules": modules,
        }
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        with listen() as listener:
            settings["port"] = listener.getsockname()[1]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autograder.engine.room.plain"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd=folder,
                env=_environment(seed),
            )
            try:
                self._send_settings(settings)
                self._control = accept(listener, settings["token"])
                said = self._message(time.monotonic() + BOOT_SECONDS)
            except (OSError, RoomEnded) as error:
                fault = EngineFault(f"a process could not be started: {error}; {self._said()}")
                self._end()
                raise fault from error
        if said["fault"]:
            self.close()
            raise unloadable(said["fault"])

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def meet(self, other: RoomHandle) -> None:
        """The examiner's room listens, and this one is told where. Raises RoomEnded."""
        other._tell({"do": "peer"})
        self._tell({"do": "peer", **other._message(time.monotonic() + LETTER_SECONDS)})

    def kill(self) -> None:
        """End it now."""
        self._control.close()
        self._end()

    def close(self) -> float:
        """End it; how long it computed is not known."""
        self.kill()
        return 0.0

    def _await_message(self, deadline: float, partner: RoomHandle | None) -> None:
        left = max(0.0, deadline - time.monotonic())
        if not select.select([self._control], [], [], left)[0]:
            raise RoomEnded("timeout", "out of time")

    def _send_settings(self, settings: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with self._process.stdin as stdin:
            stdin.write(json.dumps(settings).encode() + b"\n")

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def _said(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-2000:].strip() or "it said nothing"


def _mentioned(notebook: NotebookNode) -> list[str]:
    """Of the modules that take long to load, those that a cell names."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return [module for module in _SLOW_MODULES if module.partition(".")[0] in text]


def _environment(seed: int) -> dict[str, str]:
    ours = {
        "AUTOGRADER_SEED": str(seed),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join([_CODE, *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PYTHONHASHSEED": "0",
    }
    return {**os.environ, **ours}
