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

from autograder.engine import watch
from autograder.engine.bubblewrap import ROOM, Sandbox, Sight, room_environment
from autograder.engine.errors import EngineFault, IsolationError

_BOOT_SECONDS = 120.0
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
        if not self.examiner:
            return _LEARNER_MODULES
        return [*_EXAMINER_MODULES, *_modules_of_tests()]

    def sight(self, files: Path | None) -> Sight:
        """What its processes see."""
        environment = room_environment()
        if self.examiner:
            environment["AUTOGRADER_SEED"] = str(self.seed)
        return Sight(self.examiner, environment, files)


class Template:
    """A running template. Its methods may be called from any thread."""

    def __init__(self, kind: TemplateKind, sandbox: Sandbox | None, n_processes: int) -> None:
        self._kind = kind
        self._scratch = tempfile.TemporaryDirectory(prefix="autograder-")
        self._lock = threading.Lock()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_BOOT_SECONDS)
        settings = {
            "sealed": sandbox is not None,
            "modules": kind.modules,
            "draw": not kind.examiner,
            "code": str(ROOM) if sandbox else str(Path(__file__).resolve().parents[2]),
            "n_processes": n_processes,
        }
        descriptor = str(theirs.fileno())
        module = "autograder.engine.template"
        program = [sys.executable, "-s", "-m", module, descriptor, json.dumps(settings)]
        self._process = self._start(program, sandbox, theirs)
        theirs.close()

    def _start(
        self, program: list[str], sandbox: Sandbox | None, theirs: socket.socket
    ) -> subprocess.Popen:
        sight = self._kind.sight(self._copied_files())
        environment, folder = None, None
        if sandbox is not None:
            program = sandbox.command(program, Path(self._scratch.name), sight)
        else:
            code = str(Path(__file__).resolve().parents[2])
            environment = {**sight.environment, "PYTHONPATH": code, "HOME": self._scratch.name}
            folder = str(sight.files or self._scratch.name)
        return subprocess.Popen(
            program,
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
            env=environment,
            cwd=folder,
            pass_fds=[theirs.fileno()],
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

    def wait_until_warm(self) -> None:
        """Return once rooms can be made. Raises EngineFault, IsolationError."""
        try:
            message = self._control.recv(_MAX_ANSWER)
            answer = json.loads(message) if message else {}
        except OSError as error:
            raise EngineFault(f"the template does not answer: {error}; {self._said()}") from error
        if "ready" not in answer:
            raise EngineFault(f"the template did not start: {answer.get('fault') or self._said()}")
        self._control.settimeout(_ANSWER_SECONDS)

    def fork(self, descriptors: list[int], request: dict[str, Any]) -> tuple[int, int]:
        """Make a room that owns `descriptors`; returns its pid there, and a pidfd of ours."""
        message = json.dumps({"do": "fork", "examiner": self._kind.examiner, **request}).encode()
        with self._lock:
            try:
                socket.send_fds(self._control, [message], descriptors)
                answer, received, _, _ = socket.recv_fds(self._control, _MAX_ANSWER, 1)
                return json.loads(answer)["pid"], received[0]
            except (OSError, ValueError, IndexError) as error:
                raise EngineFault(f"no room could be made: {error}; {self._said()}") from error

    def reap(self, pid: int) -> tuple[float, int]:
        """Forget a dead room; returns the CPU seconds of it and its children, and its status."""
        with self._lock:
            try:
                self._control.send(json.dumps({"do": "reap", "pid": pid}).encode())
                answer = json.loads(self._control.recv(_MAX_ANSWER))
                return answer["cpu_seconds"], answer["status"]
            except (OSError, ValueError) as error:
                raise EngineFault(f"the template is gone: {error}; {self._said()}") from error

    def cpu_seconds(self) -> float:
        """CPU time of the template and of all rooms that it has made and buried."""
        return watch.cpu_seconds(watch.family(self._process.pid))

    def close(self) -> None:
        """End the template and every room of it; returns when they are gone."""
        handles = [handle for pid in watch.family(self._process.pid) for handle in _open(pid)]
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

    def _said(self) -> str:
        """The last words on the template's stderr; nothing of a learner's gets there."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-2000:].strip() or "it said nothing"


def _open(pid: int) -> list[int]:
    """A pidfd of a process, in a list; an empty one if it has just ended."""
    try:
        return [os.pidfd_open(pid)]
    except ProcessLookupError:
        return []


def _await_ends(handles: list[int], deadline: float) -> None:
    """Wait until all these processes have ended, or the deadline has come."""
    for handle in handles:
        select.select([handle], [], [], max(0.0, deadline - time.monotonic()))


def _modules_of_tests() -> list[str]:
    """What the tests import: the checks, and every exercise's properties."""
    package = Path(__file__).resolve().parents[1]
    properties = sorted((package / "properties").glob("[a-z]*.py"))
    return ["autograder.checks", *(f"autograder.properties.{path.stem}" for path in properties)]


def check_sealed(first_words: dict[str, Any], sealed: bool) -> None:
    """Judge a room's first message. Raises IsolationError if it could not be sealed."""
    if "fault" in first_words:
        raise IsolationError(f"a room could not be sealed: {first_words['fault']}")
    if first_words.get("sealed") is not sealed:
        raise EngineFault(f"a room began with {str(first_words)[:200]}")
