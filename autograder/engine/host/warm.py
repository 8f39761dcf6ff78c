"""The host's handle of a template: starts it, asks it for rooms, ends it."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograder.engine.host import watch
from autograder.engine.host.bubblewrap import Sandbox, Sight, room_environment
from autograder.engine.places import ROOM
from autograder.errors import EngineFault, IsolationError

BOOT_SECONDS = 120.0
_ANSWER_SECONDS = 30.0
_CLOSE_SECONDS = 5.0
_MAX_ANSWER = 65536

_LEARNER_MODULES = ["numpy", "torch", "torch._dynamo", "matplotlib.pyplot"]
_EXAMINER_MODULES = ["numpy", "torch", "matplotlib.pyplot"]


@dataclass(frozen=True)
class TemplateKind:
    """Which rooms a template makes."""

    examiner: bool
    seed: int = 0  # the class's; only the examiner is told
    files: Path | None = None  # a folder whose entries each room finds in its working directory

    @property
    def modules(self) -> list[str]:
        """What it imports before the first fork."""
        return _EXAMINER_MODULES if self.examiner else _LEARNER_MODULES

    def sight(self, files: Path | None) -> Sight:
        """What its processes see."""
        environment = room_environment()
        if self.examiner:
            environment["AUTOGRADER_SEED"] = str(self.seed)
        return Sight(environment, files)


class Template:
    """What rooms are forked from. Its methods may be called from any thread.

    `_theirs` is the other end of the connection; whoever starts the process gives it away.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def wait_until_warm(self, seconds: float) -> None:
        """Return once rooms can be made. Raises EngineFault."""
        self._control.settimeout(seconds)
        try:
            message = self._control.recv(_MAX_ANSWER)
            answer = json.loads(message) if message else {}
        except OSError as error:
            raise EngineFault(f"the template does not answer: {error}; {self.said()}") from error
        if "ready" not in answer:
            raise EngineFault(f"the template did not start: {answer.get('fault') or self.said()}")
        self._control.settimeout(_ANSWER_SECONDS)

    def fork(self, descriptors: list[int], request: dict[str, Any]) -> tuple[int, int]:
        """Make a room that owns `descriptors`; returns its pid there, and a pidfd of ours."""
        return self.ask_for_child({"do": "fork", **request}, descriptors)

    def reap(self, pid: int) -> tuple[float, int]:
        """Forget a dead room; returns the CPU seconds of it and its children, and its status."""
        with self._lock:
            try:
                self._control.send(json.dumps({"do": "reap", "pid": pid}).encode())
                answer = json.loads(self._control.recv(_MAX_ANSWER))
                return answer["cpu_seconds"], answer["status"]
            except (OSError, ValueError) as error:
                raise EngineFault(f"the template is gone: {error}; {self.said()}") from error

    def ask_for_child(self, request: dict[str, Any], descriptors: list[int]) -> tuple[int, int]:
        """Have it fork; returns the child's pid there, and a pidfd of ours."""
        message = json.dumps(request).encode()
        with self._lock:
            try:
                socket.send_fds(self._control, [message], descriptors)
                answer, received, _, _ = socket.recv_fds(self._control, _MAX_ANSWER, 1)
                return json.loads(answer)["pid"], received[0]
            except (OSError, ValueError, IndexError) as error:
                raise EngineFault(f"no room could be made: {error}; {self.said()}") from error

    def said(self) -> str:
        """What it complained of."""
        raise NotImplementedError


class StartedTemplate(Template):
    """A template with a process and a sandbox of its own; it has imported, and run no cell."""

    def __init__(self, kind: TemplateKind, sandbox: Sandbox | None, n_processes: int) -> None:
        super().__init__()
        self._kind = kind
        self._scratch = tempfile.TemporaryDirectory(prefix="autograder-")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        settings = {
            "sealed": sandbox is not None,
            "examiner": kind.examiner,
            "modules": kind.modules,
            "code": str(ROOM) if sandbox else str(Path(__file__).resolve().parents[3]),
            "n_processes": n_processes,
        }
        descriptor = str(self._theirs.fileno())
        module = "autograder.engine.room.template"
        program = [sys.executable, "-s", "-m", module, descriptor, json.dumps(settings)]
        self._process = self._start(program, sandbox)
        self._theirs.close()

    def _start(self, program: list[str], sandbox: Sandbox | None) -> subprocess.Popen[bytes]:
        sight = self._kind.sight(self._copied_files())
        environment, folder = None, None
        if sandbox is not None:
            program = sandbox.command(program, Path(self._scratch.name), sight)
        else:
            code = str(Path(__file__).resolve().parents[3])
            environment = {**sight.environment, "PYTHONPATH": code, "HOME": self._scratch.name}
            folder = str(sight.files or self._scratch.name)
        return subprocess.Popen(
            program,
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
            env=environment,
            cwd=folder,
            pass_fds=[self._theirs.fileno()],
            start_new_session=True,  # a Ctrl-C at the terminal is for the host alone
        )

    def _copied_files(self) -> Path | None:
        """The teacher's files where the sandbox's user may read them."""
        if self._kind.files is None:
            return None
        copy = Path(self._scratch.name) / "files"
        shutil.copytree(self._kind.files, copy)
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        return copy

    def cpu_seconds(self) -> float:
        """CPU time of the template and of all rooms that it has made and buried."""
        return watch.cpu_seconds(watch.family(self._process.pid))

    def close(self) -> None:
        """End the template and every room of it; returns when they are gone."""
        handles = [handle for pid in watch.family(self._process.pid) for handle in _handle_of(pid)]
        self._control.close()
        try:
            _await_ends(handles, time.monotonic() + _CLOSE_SECONDS)
            for handle in handles:  # they are gone by now, but for one that hangs
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
            _await_ends(handles, time.monotonic() + _CLOSE_SECONDS)
        finally:
            for handle in handles:
                os.close(handle)
        self._process.wait()
        self._errors.close()
        self._scratch.cleanup()

    def said(self) -> str:
        """The last words on its stderr; nothing of a learner's gets there."""
        if self._errors.closed:
            return "it was closed"
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-2000:].strip() or "it said nothing"


def _handle_of(pid: int) -> list[int]:
    """A pidfd of a process, in a list; an empty one if it has just ended."""
    try:
        return [os.pidfd_open(pid)]
    except ProcessLookupError:
        return []


def _await_ends(handles: list[int], deadline: float) -> None:
    """Wait until all these processes have ended, or the deadline has come."""
    for handle in handles:
        select.select([handle], [], [], max(0.0, deadline - time.monotonic()))


def check_sealed(first_words: dict[str, Any], sealed: bool) -> None:
    """Judge a room's first message. Raises IsolationError if it could not be sealed."""
    if "fault" in first_words:
        raise IsolationError(f"a room could not be sealed: {first_words['fault']}")
    if first_words.get("sealed") is not sealed:
        raise EngineFault(f"a room began with {str(first_words)[:200]}")
