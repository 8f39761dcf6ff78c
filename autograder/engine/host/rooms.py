"""The host's handles of rooms: run cells in one, watch it, end it."""

import contextlib
import dataclasses
import json
import os
import secrets
import select
import signal
import socket
import time
from collections.abc import Iterator
from typing import Any

from autograder.engine import frames
from autograder.engine.host import watch
from autograder.engine.host.limits import Limits
from autograder.engine.host.run import CellReport, Status, read_report
from autograder.engine.host.warm import Template, check_sealed

_LOOK_SECONDS = 0.25  # how often a room that keeps us waiting is looked at
LETTER_SECONDS = 5.0  # to send or receive one message whose first byte is there
_LAST_SECONDS = 10.0  # for a killed process to be gone


class RoomEnded(Exception):
    """A room is of no further use; `status` and `reason` say why."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status: Status = status
        self.reason = reason


class RoomHandle:
    """One room. Not thread-safe: a submission is driven by one thread."""

    was_killed = False  # by another than us; known once it is closed

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._control: socket.socket

    def start(self, command: dict[str, Any]) -> str:
        """Have a cell run; returns the nonce that its report must bear. Raises RoomEnded."""
        nonce = secrets.token_hex(16)
        self._tell({"do": "run", **command, "nonce": nonce})
        return nonce

    def report(
        self, nonce: str, deadline: float, partner: "RoomHandle | None" = None
    ) -> CellReport:
        """The report on the cell that was started, while `partner` is watched as well.

        Raises RoomEnded, IsolationError, EngineFault.
        """
        said = self._message(deadline, partner)
        if said.get("nonce") != nonce:
            raise RoomEnded("killed", "the process answered out of turn")
        return read_report(said, self._limits.outputs)

    def is_alive(self) -> bool:
        """Whether its first process runs."""
        raise NotImplementedError

    def meet(self, other: "RoomHandle") -> None:
        """Connect it with another room of its kind, the examiner's. Raises RoomEnded."""
        raise NotImplementedError

    def look(self) -> None:
        """Raises RoomEnded if the room uses more than it may."""

    def kill(self) -> None:
        """Kill the room with all in it; `close` waits until it is gone."""
        raise NotImplementedError

    def close(self) -> float:
        """Kill the room; returns the CPU seconds it used, once it is gone."""
        raise NotImplementedError

    def _tell(self, message: dict[str, Any]) -> None:
        with ends_room():
            body = json.dumps(message).encode()
            frames.send(self._control, body, time.monotonic() + LETTER_SECONDS)

    def _message(self, deadline: float, partner: "RoomHandle | None" = None) -> dict[str, Any]:
        self._await_message(deadline, partner)
        max_bytes = 4 * self._limits.output_bytes + 2**20
        with ends_room():
            body = frames.receive(self._control, max_bytes, time.monotonic() + LETTER_SECONDS)
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise RoomEnded("killed", "the process answered nonsense") from error
        if type(message) is not dict:
            raise RoomEnded("killed", "the process answered nonsense")
        return message

    def _await_message(self, deadline: float, partner: "RoomHandle | None") -> None:
        """Return when there is something to read; look at the rooms while there is not."""
        raise NotImplementedError


class ForkedRoom(RoomHandle):
    """A child of a warm template, sealed."""

    def __init__(self, template: Template, limits: Limits, *, sealed: bool, figures: bool) -> None:
        super().__init__(limits)
        self._template = template
        self._sealed = sealed
        self._heard = False
        self._ended_before: bool | None = None  # before we killed it
        self._control, theirs = socket.socketpair()
        request = {"limits": dataclasses.asdict(limits), "figures": figures}
        try:
            self._pid, self._pidfd = template.fork([theirs.fileno()], request)
        except BaseException:
            self._control.close()
            raise
        finally:
            theirs.close()

    def is_alive(self) -> bool:
        """Whether its first process runs."""
        return not select.select([self._pidfd], [], [], 0)[0]

    def meet(self, other: RoomHandle) -> None:
        """Give each an end of one connection. Raises RoomEnded."""
        ends = socket.socketpair()
        try:
            for room, end in zip((self, other), ends, strict=True):
                room._tell({"do": "peer"})
                with ends_room():
                    socket.send_fds(room._control, [b"!"], [end.fileno()])
        finally:
            for end in ends:
                end.close()

    def report(self, nonce: str, deadline: float, partner: RoomHandle | None = None) -> CellReport:
        """See RoomHandle; the first words of a room say whether it is sealed."""
        if not self._heard:
            check_sealed(self._message(deadline), self._sealed)
            self._heard = True
        return super().report(nonce, deadline, partner)

    def look(self) -> None:
        """Raises RoomEnded if the room uses more than it may."""
        pid = watch.process_of(self._pidfd)
        most = self._limits.processes
        pids = watch.family(pid, most + 1) if pid is not None else []
        if len(pids) > most:
            raise RoomEnded("killed", f"more than {most} processes")
        if watch.memory_bytes(pids) > self._limits.memory:
            raise RoomEnded("memory", f"more than {self._limits.memory // 2**20} MB of memory")

    def kill(self) -> None:
        """Kill the room with all in it; `close` waits until it is gone."""
        if self._ended_before is None:
            self._ended_before = not self.is_alive()
            self._control.close()
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def close(self) -> float:
        """Kill the room; returns the CPU seconds it used, once it is gone."""
        self.kill()
        select.select([self._pidfd], [], [], _LAST_SECONDS)
        os.close(self._pidfd)
        cpu_seconds, status = self._template.reap(self._pid)
        by_signal = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        self.was_killed = bool(self._ended_before) and by_signal
        return cpu_seconds

    def _await_message(self, deadline: float, partner: RoomHandle | None) -> None:
        """Return when there is something to read; look at the rooms while there is not."""
        poller = select.poll()
        poller.register(self._control, select.POLLIN)
        poller.register(self._pidfd, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            ready = poller.poll(max(0.0, min(left, _LOOK_SECONDS)) * 1000)
            if any(descriptor == self._control.fileno() for descriptor, _ in ready):
                return
            if ready:
                raise RoomEnded("killed", "the process ended before the cell did")
            if left <= 0:
                raise RoomEnded("timeout", "out of time")
            for room in (self, partner):
                if room is not None:
                    room.look()


@contextlib.contextmanager
def ends_room() -> Iterator[None]:
    try:
        yield
    except frames.TooLate as error:
        raise RoomEnded("killed", "the process does not listen") from error
    except frames.TooLarge as error:
        raise RoomEnded("output", "a report larger than any output may be") from error
    except OSError as error:
        raise RoomEnded("killed", "the process ended before the cell did") from error
