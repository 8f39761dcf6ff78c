"""The warm process: imports once what notebooks import, then forks a sealed room per submission.

Run as `python -m autograder.engine.room.template <descriptor> <JSON of settings>`. It is one
thread, has run no line of a learner's, holds no secret, and ends when its host does.
"""

import gc
import json
import os
import platform
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from IPython.core.async_helpers import get_asyncio_loop

from autograder.engine import frames
from autograder.engine.places import HOME
from autograder.engine.room import linux, seccomp
from autograder.engine.room.confine import (
    Confinement,
    confine,
    data_size,
    keep_only,
    make_home,
)
from autograder.engine.room.finder import load
from autograder.engine.room.room import MAX_COMMAND, ExaminerRoom, LearnerRoom, Room
from autograder.engine.room.shell import RoomShell, make_shell

_MAX_REQUEST = 65536
_PLACES = [HOME, HOME.parent, Path("/dev/shm")]  # where a room could write


class Forker:
    """Forks rooms on request and reports what they used once they are gone."""

    def __init__(self, control: socket.socket, settings: dict[str, Any], shell: RoomShell) -> None:
        self._control = control
        self._settings = settings
        self._shell = shell
        self._sealed = settings["sealed"]
        if self._sealed:
            self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._filter = seccomp.packed(platform.machine()) if self._sealed else None

    def serve(self) -> None:
        """Answer requests until the host hangs up."""
        _make_ready_to_fork()
        self._data_bytes = data_size()
        self._control.send(json.dumps({"ready": True}).encode())
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._control, _MAX_REQUEST, 2)
            if not message:
                return
            request = json.loads(message)
            if request["do"] == "fork":
                self._fork(request, descriptors)
            elif request["do"] == "open":
                self._open(descriptors)
            else:
                self._reap(request["pid"])

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> None:
        if self._sealed:
            linux.unshare(linux.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            self._become_room(request, descriptors)
        if self._sealed:
            linux.setns(self._own_pids, linux.CLONE_NEWPID)
        self._hand_over(pid, descriptors)

    def _open(self, descriptors: list[int]) -> None:
        """Fork a template that goes on from what this one has run."""
        pid = os.fork()
        if pid == 0:
            self._become_opened(descriptors)
        self._hand_over(pid, descriptors)

    def _hand_over(self, pid: int, descriptors: list[int]) -> None:
        for descriptor in descriptors:
            os.close(descriptor)
        handle = os.pidfd_open(pid)
        socket.send_fds(self._control, [json.dumps({"pid": pid}).encode()], [handle])
        os.close(handle)

    def _reap(self, pid: int) -> None:
        _, status, usage = os.wait4(pid, 0)
        used = {"cpu_seconds": usage.ru_utime + usage.ru_stime, "status": status}
        self._control.send(json.dumps(used).encode())

    def _become_opened(self, descriptors: list[int]) -> None:
        """In the child; never returns."""
        try:
            self._control.close()
            control, talk = (socket.socket(fileno=descriptor) for descriptor in descriptors)
            self._run_opening(talk)
            talk.close()
            self._control = control
            self.serve()
        finally:
            os._exit(0)

    def _run_opening(self, talk: socket.socket) -> None:
        """Run the teacher's cells, say what came of them, and what would not survive a fork."""
        asked = json.loads(frames.receive(talk, MAX_COMMAND))
        if fault := load(asked["library"]):
            frames.send(talk, json.dumps({"fault": fault}).encode())
            return
        if self._sealed:
            os.chdir(HOME)
        room = self._room(talk, asked)
        before = _surroundings() if asked["cells"] else {}
        reports = [room.run(command) for command in asked["cells"]]
        _forget_the_loop()
        after = _surroundings() if asked["cells"] else {}
        changed = [what for what in before if before[what] != after[what]]
        frames.send(talk, json.dumps({"reports": reports, "changed": changed}).encode())

    def _become_room(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """In the child; never returns."""
        try:
            control = socket.socket(fileno=keep_only(descriptors)[0])
            try:
                self._seal_and_serve(control, request)
            except frames.Closed:
                os._exit(0)  # the host has hung up
        except BaseException:
            os._exit(70)

    def _seal_and_serve(self, control: socket.socket, request: dict[str, Any]) -> None:
        try:
            confine(self._confinement(request["limits"]))
            gc.enable()
        except OSError:
            frames.send(control, json.dumps({"fault": traceback.format_exc()}).encode())
            os._exit(71)
        frames.send(control, json.dumps({"sealed": self._sealed}).encode())
        self._room(control, request).serve()

    def _room(self, control: socket.socket, request: dict[str, Any]) -> Room:
        limits = request["limits"]
        if not request["figures"]:
            self._shell.draw_no_figures()
        kind: type[Room] = ExaminerRoom if self._settings["examiner"] else LearnerRoom
        if kind is LearnerRoom:
            hidden = ("", self._settings["code"])
            sys.path[:] = ["", *(path for path in sys.path if path not in hidden)]
        return kind(control, _passed_socket, self._shell, limits["output_bytes"], limits["outputs"])

    def _confinement(self, limits: dict[str, Any]) -> Confinement:
        return Confinement(
            seccomp=self._filter,
            data_bytes=self._data_bytes + int(limits["memory"]),
            cpu_seconds=int(limits["total_seconds"]) + 1,
            disk_bytes=int(limits["disk"]),
            open_files=int(limits["open_files"]),
            n_processes=int(self._settings["n_processes"]),
        )


def _passed_socket(control: socket.socket, command: dict[str, Any]) -> socket.socket:
    """The end of a connection that the host hands over beside its command."""
    _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    return socket.socket(fileno=descriptors[0])


def preload(modules: list[str], examiner: bool) -> RoomShell:
    """Import what the rooms will need, and make the shell that they will copy."""
    shell = make_shell()
    for module in modules:
        import_module(module)
    if not examiner:
        _draw_a_figure()
    _run_the_first_cells(shell)
    return shell


def _run_the_first_cells(shell: RoomShell) -> None:
    """The first cell and the first error cost milliseconds that no room need pay again."""
    for source in ("1", "1 / 0", "await __import__('asyncio').sleep(0)"):
        shell.run_cell(source, store_history=True)
    shell.reset(new_session=False)
    shell.execution_count = 1
    _forget_the_loop()


def _forget_the_loop() -> None:
    """The event loop's descriptors do not survive a fork; a room makes its own."""
    get_asyncio_loop().close()


def _draw_a_figure() -> None:
    """The first figure costs a second: fonts, colour maps, renderers."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    figure.colorbar(axes.imshow([[0.0, 1.0]]), label="x")
    axes.plot([0, 1], label="$x$")
    axes.set_title("x")
    axes.legend()
    figure.canvas.draw()
    plt.close("all")


def _make_ready_to_fork() -> None:
    """What is alive now is never looked at again by a room's garbage collector."""
    gc.collect()
    gc.freeze()
    gc.disable()


def _surroundings() -> dict[str, list[str]]:
    """What a process has besides its memory, which is all that a fork and a new /tmp keep."""
    process = Path("/proc/self")
    return {
        "threads": [str(len(list((process / "task").iterdir())))],
        "child processes": (process / f"task/{os.getpid()}/children").read_text().split(),
        "open files": sorted(os.listdir(process / "fd")),
        "files": sorted(str(path) for top in _PLACES for path in top.glob("*")),
        "working directory": [os.getcwd()],
    }


def main() -> None:
    """Preload, report, serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    settings = json.loads(sys.argv[2])
    sys.argv = ["notebook"]
    for name in ("PYTHONPATH", "PWD"):  # programs that a cell starts find none of our code
        os.environ.pop(name, None)
    try:
        shell = preload(settings["modules"], settings["examiner"])
        linux.set_dumpable(not settings["sealed"])
        if settings["sealed"]:
            make_home()
        template = Forker(control, settings, shell)
    except Exception:
        control.send(json.dumps({"fault": traceback.format_exc()[-4000:]}).encode())
        raise
    template.serve()
    os._exit(0)


if __name__ == "__main__":
    main()
