"""Templates that have already done what every submission of a release begins with.

The examiner's has imported the release's tests, its library. Both have run the opening of the
notebook: its leading cells as we released them, up to the first exercise. They are ours and the
same for all, so they run once, and every room is forked from there. A learner who has changed one
of them gets rooms in which no cell has run.
"""

import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbformat import NotebookNode

from autograder.course.cells import Role, role_of
from autograder.engine import frames
from autograder.engine.host.library import Library, unloadable
from autograder.engine.host.limits import Limits
from autograder.engine.host.warm import StartedTemplate, Template
from autograder.errors import EngineFault

_MOST = 8  # at a time: a class is graded chapter by chapter, and a chapter has a few releases
_BOOT_SECONDS = 30.0
_MAX_ANSWER = 64 * 2**20  # bytes of the reports on all cells

Reports = Mapping[str, dict[str, Any]]  # what a room would have said, by cell id


@dataclasses.dataclass
class Start:
    """Where a submission's two rooms begin, and what the cells run by then came to."""

    learner: Template
    examiner: Template
    reports: Reports
    users: int = 0


class Unfit(Exception):  # never leaves this module
    """An opening that fails, takes too long, or leaves what a fork does not keep."""


class OpenedTemplate(Template):
    """A child of a template that has run some cells of ours."""

    def __init__(self, parent: Template, asked: dict[str, Any], seconds: float) -> None:
        """Raises EngineFault, Unfit."""
        super().__init__()
        self._parent = parent
        talk, theirs = socket.socketpair()
        with talk:
            with theirs, self._theirs:
                ends = [self._theirs.fileno(), theirs.fileno()]
                self._pid, self._pidfd = parent.ask_for_child({"do": "open"}, ends)
            try:
                self.reports = _talk(talk, asked, time.monotonic() + seconds)
                self.wait_until_warm(_BOOT_SECONDS)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """End it; its rooms have ended before."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        select.select([self._pidfd], [], [], _BOOT_SECONDS)
        os.close(self._pidfd)
        with contextlib.suppress(EngineFault):  # its parent is gone too
            self._parent.reap(self._pid)

    def said(self) -> str:
        """What the process that it was forked from complained of."""
        return self._parent.said()


class Openings:
    """A few templates that are opened, those used last; for any number of threads."""

    def __init__(self, learner: StartedTemplate, examiner: StartedTemplate, figures: bool) -> None:
        self._nothing = Start(learner, examiner, {})
        self._figures = figures
        self._lock = threading.Lock()
        self._starts: dict[str, Start] = {}

    @contextlib.contextmanager
    def borrow(
        self, opening: Sequence[NotebookNode], library: Library | None, limits: Limits
    ) -> Iterator[Start]:
        """Where to begin a notebook with this opening. Raises EngineFault, AssignmentFault."""
        cells = [cell for cell in opening if role_of(cell) is not Role.DEMO and cell.source.strip()]
        if not cells and library is None:
            yield self._nothing
            return
        sources = [(cell.id, cell.source) for cell in cells]
        key = json.dumps([library and library.digest, sources])
        with self._lock:
            if key not in self._starts:
                self._make_place()
                self._starts[key] = self._open(cells, library, limits)
            start = self._starts[key] = self._starts.pop(key)  # the last is the one used last
            start.users += 1
        try:
            yield start
        finally:
            with self._lock:
                start.users -= 1

    def close(self) -> None:
        """End them all."""
        with self._lock:
            for start in self._starts.values():
                _close(start)
            self._starts.clear()

    def _make_place(self) -> None:
        idle = [key for key, start in self._starts.items() if not start.users]
        for key in idle[: max(0, len(self._starts) - _MOST + 1)]:
            _close(self._starts.pop(key))

    def _open(self, cells: list[NotebookNode], library: Library | None, limits: Limits) -> Start:
        if not cells:
            try:
                examiner = self._opened(self._nothing.examiner, [], library, limits)
            except Unfit as unfit:
                raise EngineFault(f"a release's tests did not load: {unfit}") from unfit
            return dataclasses.replace(self._nothing, examiner=examiner)
        set_up = [cell for cell in cells if role_of(cell) is Role.SETUP]
        with contextlib.ExitStack() as stack:
            try:
                learner = self._opened(self._nothing.learner, cells, None, limits)
                stack.callback(learner.close)
                examiner = self._opened(self._nothing.examiner, set_up, library, limits)
            except Unfit:
                return self._nothing if library is None else self._open([], library, limits)
            stack.pop_all()
        ids = [cell.id for cell in cells]
        return Start(learner, examiner, dict(zip(ids, learner.reports, strict=True)))

    def _opened(
        self, parent: Template, cells: list[NotebookNode], library: Library | None, limits: Limits
    ) -> "OpenedTemplate":
        asked = {
            "library": library and {"modules": dict(library.modules), "start": library.start},
            "cells": [_command(cell) for cell in cells],
            "limits": dataclasses.asdict(limits),
            "figures": self._figures and parent is self._nothing.learner,
        }
        return OpenedTemplate(parent, asked, limits.total_seconds)


def _command(cell: NotebookNode) -> dict[str, Any]:
    return {"source": cell.source, "seed": None, "names": [], "peer_seed": 0}


def _talk(talk: socket.socket, asked: dict[str, Any], deadline: float) -> list[dict[str, Any]]:
    """Have the cells run; returns a report on each. Raises Unfit, AssignmentFault."""
    try:
        frames.send(talk, json.dumps(asked).encode(), deadline)
        said = json.loads(frames.receive(talk, _MAX_ANSWER, deadline))
    except (OSError, ValueError) as error:
        raise Unfit(f"the opening did not run to its end: {error}") from error
    if "fault" in said:
        raise unloadable(said["fault"])
    failed = [report["error"] for report in said["reports"] if report["status"] != "ok"]
    if failed or said["changed"]:
        raise Unfit(f"errors: {failed}; changed: {said['changed']}")
    reports: list[dict[str, Any]] = said["reports"]
    return reports


def _close(start: Start) -> None:
    for template in (start.learner, start.examiner):
        if isinstance(template, OpenedTemplate):
            template.close()
