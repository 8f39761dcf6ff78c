"""Call a learner's function on cases: directly, or in a forked child with limits."""

import os
import resource
import select
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.checks.compare import Odd, Outcome, Raised, Returned, Stopped, describe
from autograder.checks.exercise import Case
from autograder.engine import wire

SECONDS = 2.0  # of processor time for one call, so that a busy machine fails nobody
PATIENCE = 20.0  # seconds of wall time, for a call that waits instead of working
TICK = 0.05  # seconds between two looks at the child
BYTES = 2**30  # that one call may add to what the process already holds
NOT_RUN = Stopped("It was not called again after one call had to be stopped.")


def call_directly(function: Callable, cases: list[Case]) -> list[Outcome]:
    """Call in this process: for code that is ours, or that runs in another room already."""
    if hasattr(type(function), "call_each"):  # it runs in another room, and takes all at once
        return _outcomes_there(function, cases)
    return [_outcome(function, case) for case in cases]


def call_in_child(function: Callable, cases: list[Case]) -> list[Outcome]:
    """Call in a forked child, 2 s and 1 GB a call; directly where the platform has no fork."""
    if not hasattr(os, "fork"):
        return call_directly(function, cases)
    outcomes: list[Outcome] = []
    with _child(function, cases) as (child, pipe):
        while len(outcomes) < len(cases):
            outcome = _receive(pipe, child)
            outcomes.append(outcome)
            if isinstance(outcome, Stopped):
                break
    return outcomes + [NOT_RUN] * (len(cases) - len(outcomes))


def _outcome(function: Callable, case: Case) -> Outcome:
    args, kwargs = case.fresh()
    started = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an overflow shows in the values
            value = function(*args, **kwargs)
    except Exception as error:
        return _raised(error)
    return Returned(value, args, kwargs, time.process_time() - started)


def _outcomes_there(function: Any, cases: list[Case]) -> list[Outcome]:
    calls = [case.fresh() for case in cases]
    return [
        Returned(value, args, kwargs) if kind == "ok" else _raised(value)
        for (args, kwargs), (kind, value) in zip(calls, function.call_each(calls), strict=True)
    ]


def _raised(error: Exception) -> Raised:
    # NumPy has a MemoryError of its own, by another name
    kind = MemoryError if isinstance(error, MemoryError) else type(error)
    return Raised(kind.__name__, str(error)[:500])


@contextmanager
def _child(function: Callable, cases: list[Case]) -> Iterator[tuple[int, int]]:
    """A forked child (pid, pipe) that writes one frame a case; killed when enough was read."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: fork beside threads
        pid = os.fork()
    if pid == 0:
        os.close(reading)
        _serve(function, cases, writing)
    os.close(writing)
    try:
        yield pid, reading
    finally:
        os.close(reading)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _serve(function: Callable, cases: list[Case], pipe: int) -> None:
    """In the child: call, encode, write; never return to the caller's code."""
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        resource.setrlimit(resource.RLIMIT_DATA, (_data_bytes() + BYTES,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if "torch" in sys.modules:
            sys.modules["torch"].set_num_threads(1)  # its thread pool does not survive a fork
        for case in cases:
            frame = _encode(_outcome(function, case))
            os.write(pipe, struct.pack("<Q", len(frame)))
            for start in range(0, len(frame), 1 << 16):
                os.write(pipe, frame[start : start + (1 << 16)])
    finally:
        os._exit(0)


def _data_bytes() -> int:
    """The data segment of this process now, in bytes."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[5]) * resource.getpagesize()


def _encode(outcome: Outcome) -> bytes:
    if isinstance(outcome, Raised):
        return wire.encode(("raised", outcome.kind, outcome.text))
    try:
        return wire.encode(("returned", *vars(outcome).values()))
    except wire.NotPlain:
        return wire.encode(("odd", describe(outcome.value)))


def _receive(pipe: int, child: int) -> Outcome:
    clock = _Clock(child)
    try:
        (length,) = struct.unpack("<Q", _read(pipe, 8, clock))
        frame = wire.decode(_read(pipe, min(length, wire.MAX_BYTES + 1), clock))
    except TimeoutError:
        return Stopped(f"It did not finish within {SECONDS:g} seconds: is there an endless loop?")
    except (EOFError, wire.NotPlain):
        return Stopped("The function ended the whole Python process, so nothing came back.")
    return _from_frame(frame)


class _Clock:
    """How long one call has taken: processor time where the platform tells, else wall time."""

    def __init__(self, child: int):
        self.child, self.start = child, time.monotonic()
        self.before = self._work()

    def check(self) -> None:
        """Raise TimeoutError when the call has had its time."""
        waited, worked = time.monotonic() - self.start, self._work() - self.before
        if worked > SECONDS or waited > PATIENCE:
            raise TimeoutError

    def _work(self) -> float:
        """Processor seconds of the child so far."""
        try:
            with open(f"/proc/{self.child}/stat") as stat:
                user, system = stat.read().rpartition(")")[2].split()[11:13]
        except OSError:
            return time.monotonic() - self.start
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _from_frame(frame: Any) -> Outcome:
    match frame:
        case ("raised", str(kind), str(text)):
            return Raised(kind, text)
        case ("returned", value, tuple(args), dict(kwargs), float(seconds)):
            return Returned(value, args, kwargs, seconds)
        case ("odd", str(description)):
            return Returned(Odd(description), (), {})
    return Stopped("The function wrote something that is not a result.")


def _read(pipe: int, count: int, clock: _Clock) -> bytes:
    chunks = b""
    while len(chunks) < count:
        if not select.select([pipe], [], [], TICK)[0]:
            clock.check()
            continue
        chunk = os.read(pipe, min(count - len(chunks), 1 << 20))
        if not chunk:
            raise EOFError
        chunks += chunk
    return chunks
