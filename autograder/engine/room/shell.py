"""An IPython shell that keeps what cells print, show and raise, as a notebook server would."""

import builtins
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.engine.room.outputs import Output, Outputs, Stream, jsonable

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # a name is a module or it is not

_NO_INPUT = "raw_input was called, but this frontend does not support input requests."


class StdinNotImplementedError(RuntimeError):
    """Raised by input(), as ipykernel does where nobody can answer."""


@dataclass
class Execution:
    """What became of one cell. Times in seconds."""

    ok: bool
    outputs: list[Output]
    count: int
    seconds: float
    cpu_seconds: float
    error: tuple[str, str] | None = None  # type and text
    finding: dict[str, Any] | None = None  # what the exception says as data
    from_learner: bool = False  # the exception came out of a call to the other room
    value: float | None = None  # the last expression, if it is a plain finite number
    truncated: bool = field(default=False)


class RoomDisplayHook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    shell: "RoomShell"

    def start_displayhook(self) -> None:
        """Nothing is printed before a result."""

    def write_output_prompt(self) -> None:
        """The prompt is not part of a notebook."""

    def write_format_data(self, format_dict: Output, md_dict: Output | None = None) -> None:
        """Keep the representations of the value."""
        self.shell.current.result(jsonable(format_dict), md_dict or {}, self.prompt_count)

    def finish_displayhook(self) -> None:
        """Nothing is printed after a result."""


class RoomDisplayPublisher(DisplayPublisher):
    """Keeps figures and whatever else a cell shows."""

    def publish(
        self,
        data: Output,
        metadata: Output | None = None,
        source: object = None,  # which IPython no longer uses
        *,
        transient: Output | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Keep one rich display."""
        display_id = (transient or {}).get("display_id")
        outputs = self.shell.current
        if update and display_id:
            outputs.update(jsonable(data), metadata or {}, display_id)
        else:
            outputs.display(jsonable(data), metadata or {}, display_id)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown."""
        self.shell.current.clear(wait)


class RoomShell(InteractiveShell):
    """InteractiveShell with our displays; `current` holds the outputs of the running cell."""

    displayhook_class = Type(RoomDisplayHook)
    display_pub_class = Type(RoomDisplayPublisher)
    current: Outputs
    streams: list[Stream]

    def init_io(self) -> None:
        """Nothing: the room sets its own streams once it is forked."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: figures are drawn into the notebook."""

    def draw_no_figures(self) -> None:
        """Leave the picture out of what shows a figure: drawing takes time."""
        assert self.display_formatter is not None
        self.display_formatter.formatters["image/png"].enabled = False

    def system(self, cmd: str) -> None:
        """`!command`: IPython's own way wants a terminal, and there is none."""
        command = self.var_expand(cmd, depth=1)
        done = subprocess.run(command, shell=True, check=False, stdout=subprocess.PIPE, stderr=2)
        self.user_ns["_exit_code"] = done.returncode
        sys.stdout.write(done.stdout.decode("utf-8", "replace"))

    def _showtraceback(self, etype: type, evalue: BaseException, stb: Sequence[str]) -> None:
        self.current.error(str(etype.__name__), _text_of(evalue), [str(line) for line in stb])


def make_shell() -> RoomShell:
    """The shell of a template; every room forked from it has its own copy."""
    # or it starts a thread
    HistoryManager.enabled = False  # type: ignore[assignment]  # a trait takes a plain value
    config = Config()
    config.InteractiveShell.xmode = "Plain"  # context tracebacks cost 40-100 ms each
    config.InteractiveShell.colors = "nocolor"
    shell = RoomShell.instance(config=config)
    shell.current = Outputs(0, 0)
    shell.streams = [Stream("stdout"), Stream("stderr")]
    builtins.input = _no_input
    return shell


class Cells:
    """Runs cells in a shell and returns what they produced."""

    def __init__(self, shell: RoomShell, max_bytes: int, max_outputs: int) -> None:
        self.shell = shell
        self._bounds = (max_bytes, max_outputs)
        self._raw = RawOutput()
        sys.stdout, sys.stderr = shell.streams

    def begin(self) -> Outputs:
        """Fresh outputs for a cell, or for a call, and the streams that lead there."""
        outputs = Outputs(*self._bounds)
        self.shell.current = outputs
        for stream in self.shell.streams:
            stream.outputs = outputs
            if getattr(sys, stream.name) is None:  # IPython cannot run a cell without
                setattr(sys, stream.name, stream)
        return outputs

    def collect_raw(self, outputs: Outputs) -> None:
        """Add what was written past Python, by C code or by other programs."""
        for name, text in self._raw.read():
            outputs.stream(name, text)

    def _outcome(self, source: str) -> ExecutionResult:
        """IPython's result, also where a cell has broken IPython itself."""
        try:
            result: ExecutionResult = self.shell.run_cell(source, store_history=True)
        except BaseException as error:
            self.shell.current.error(type(error).__name__, _text_of(error), [])
            result = ExecutionResult(None)
            result.error_in_exec = error
        return result

    def run(self, source: str) -> Execution:
        """Run one cell to its end, whatever it raises."""
        outputs = self.begin()
        started, cpu_before = time.monotonic(), cpu_seconds()
        result = self._outcome(source)
        seconds = time.monotonic() - started
        used = cpu_seconds() - cpu_before
        self.collect_raw(outputs)
        error = result.error_before_exec or result.error_in_exec
        return Execution(
            ok=bool(result.success),
            outputs=outputs.finish(),
            count=self.shell.execution_count - 1,
            seconds=seconds,
            cpu_seconds=used,
            error=None if error is None else (type(error).__name__, _text_of(error)),
            finding=_finding_of(error),
            from_learner=getattr(error, "from_learner", False),
            value=plain_number(result.result),
            truncated=outputs.truncated,
        )


class RawOutput:
    """Descriptors 1 and 2 as files in memory, read after each cell."""

    def __init__(self) -> None:
        self._files = {"stdout": 1, "stderr": 2}
        self._seen = dict.fromkeys(self._files, 0)
        for name, descriptor in self._files.items():
            memory = _file_without_a_name(name)
            os.set_inheritable(memory, True)
            os.dup2(memory, descriptor)
            os.close(memory)

    def read(self) -> list[tuple[str, str]]:
        """What was written since the last time: pairs of stream name and text."""
        written = []
        for name, descriptor in self._files.items():
            try:
                size = os.fstat(descriptor).st_size - self._seen[name]
                chunk = _read_at(descriptor, min(max(size, 0), 1 << 24), self._seen[name])
            except OSError:  # the cell closed it
                continue
            if chunk:
                self._seen[name] += size
                written.append((name, chunk.decode("utf-8", "replace")))
        return written


def _file_without_a_name(name: str) -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create(name)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _read_at(descriptor: int, n_bytes: int, position: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(descriptor, n_bytes, position)
    here = os.lseek(descriptor, position, os.SEEK_SET)
    try:
        return os.read(descriptor, n_bytes)
    finally:
        os.lseek(descriptor, here, os.SEEK_END)


def cpu_seconds() -> float:
    """CPU time of this process so far; time.process_time() moves in ticks under RLIMIT_CPU."""
    if resource is None:
        return time.process_time()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def plain_number(value: Any) -> float | None:
    """The number that a test gives as its partial credit; True and nan are none."""
    if type(value) not in (int, float) and not isinstance(value, (np.integer, np.floating)):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return f"<{type(error).__name__} whose text cannot be had>"


def _finding_of(error: BaseException | None) -> dict[str, Any] | None:
    """The finding that a test of ours raised, as plain data."""
    said: Any = getattr(error, "finding", None)
    return said.to_json() if hasattr(said, "to_json") else None


def _no_input(prompt: object = "") -> str:
    raise StdinNotImplementedError(_NO_INPUT)
