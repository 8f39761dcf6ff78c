"""What a sealed child does: run the cells it is told, and in the learner's room answer calls."""

import json
import os
import select
import socket
from collections.abc import Callable
from typing import Any

from autograder.engine import frames
from autograder.engine.room.proxy import LearnerGone, Peer
from autograder.engine.room.service import Service
from autograder.engine.room.shell import Cells, Execution, RoomShell, cpu_seconds
from autograder.engine.seeds import seed_everything
from autograder.engine.wire import MAX_BYTES

MAX_COMMAND = 64 * 2**20  # bytes of one message from the host: a cell's source


class Room:
    """The part that both rooms share: obey the host, one command at a time."""

    def __init__(
        self,
        control: socket.socket,
        meet: Callable[[socket.socket, dict[str, Any]], socket.socket],
        shell: RoomShell,
        max_bytes: int,
        max_outputs: int,
    ) -> None:
        """`meet` takes the host's command to meet the other room, and returns the connection."""
        self.control = control
        self._meet = meet
        self.cells = Cells(shell, max_bytes, max_outputs)
        self._pid = os.getpid()

    def obey(self) -> None:
        """Carry out the host's next command and report."""
        command = json.loads(frames.receive(self.control, MAX_COMMAND))
        if command["do"] == "peer":
            self.connect(self._meet(self.control, command))
            return
        said = self.run(command) if command["do"] == "run" else self.account()
        report = {**said, "nonce": command["nonce"]}
        if os.getpid() != self._pid:
            os._exit(0)  # a child that the cell forked and left running
        frames.send(self.control, json.dumps(report).encode())

    def serve(self) -> None:
        """Obey until the host hangs up."""
        raise NotImplementedError

    def connect(self, peer: socket.socket) -> None:
        """Use this connection to the other room from now on."""
        raise NotImplementedError

    def run(self, command: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; returns the report."""
        raise NotImplementedError

    def account(self) -> dict[str, Any]:
        """What the cells and calls have used so far."""
        return {}


class LearnerRoom(Room):
    """Runs the learner's cells, and calls their functions when the examiner asks."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._peer: socket.socket | None = None
        self._service = Service(self.cells)
        self._cpu_seconds = 0.0

    def connect(self, peer: socket.socket) -> None:
        """Answer this examiner from now on."""
        self._peer = peer

    def serve(self) -> None:
        """Obey until the host hangs up."""
        while True:
            peer = self._peer
            sources = [self.control] if peer is None else [self.control, peer]
            ready, _, _ = select.select(sources, [], [])
            if peer is not None and peer in ready:
                self._answer(peer)
            else:
                self.obey()

    def run(self, command: dict[str, Any]) -> dict[str, Any]:
        """Run one of the learner's cells, or a set-up cell."""
        if command["seed"] is not None:
            seed_everything(command["seed"])
        execution = self.cells.run(command["source"])
        self._cpu_seconds += execution.cpu_seconds
        return _report(execution)

    def account(self) -> dict[str, Any]:
        """The CPU seconds of all cells and calls, without the room's own."""
        return {"learner_cpu_seconds": self._cpu_seconds}

    def _answer(self, peer: socket.socket) -> None:
        try:
            request = frames.receive(peer, 2 * MAX_BYTES)
        except frames.Closed:  # that examiner is gone; the host will bring the next one
            self._peer = None
            return
        before = cpu_seconds()
        for answer in self._service.answers(request):
            frames.send(peer, answer)
        self._cpu_seconds += cpu_seconds() - before


class ExaminerRoom(Room):
    """Runs set-up cells and tests; the learner's names are proxies."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._peer = Peer()

    def connect(self, peer: socket.socket) -> None:
        """Call this learner's room from now on."""
        self._peer.connect(peer)

    def serve(self) -> None:
        """Obey until the host hangs up."""
        while True:
            self.obey()

    def run(self, command: dict[str, Any]) -> dict[str, Any]:
        """Run one cell of ours, with what the learner has defined by now."""
        namespace = self.cells.shell.user_ns
        try:
            found = self._peer.names(command["names"], command["peer_seed"])
        except LearnerGone as gone:
            return {"status": "error", "error": [LearnerGone.__name__, str(gone)]}
        for name in command["names"]:
            namespace.pop(name, None)
        namespace.update(found)
        if command["seed"] is not None:
            seed_everything(command["seed"])
        execution = self.cells.run(command["source"])
        return {
            **_report(execution),
            "value": execution.value,
            "finding": execution.finding,
            "from_learner": execution.from_learner,
        }


def _report(execution: Execution) -> dict[str, Any]:
    return {
        "status": "ok" if execution.ok else "error",
        "outputs": execution.outputs,
        "count": execution.count,
        "seconds": execution.seconds,
        "error": execution.error,
        "truncated": execution.truncated,
    }
