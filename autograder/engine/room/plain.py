"""A room that is a plain process: for one's own notebook, on any computer. Nothing is sealed.

Run as `python -m autograder.engine.room.plain`; its settings are one line of JSON on stdin. It
talks to its host, and to the other room, over this machine's loopback, with a token that only
they know.
"""

import contextlib
import hmac
import json
import os
import secrets
import socket
import sys
from importlib import import_module
from typing import Any

from autograder.engine import frames
from autograder.engine.room.finder import load
from autograder.engine.room.room import ExaminerRoom, LearnerRoom, Room
from autograder.engine.room.shell import make_shell

LOOPBACK = "127.0.0.1"
SECONDS = 30.0  # for the other side to connect


def connect(port: int, token: str) -> socket.socket:
    """A connection to whoever listens there and knows the token. Raises OSError."""
    connection = socket.create_connection((LOOPBACK, port), SECONDS)
    connection.settimeout(None)
    frames.send(connection, token.encode())
    return connection


def accept(listener: socket.socket, token: str) -> socket.socket:
    """The first that connects and knows the token. Raises OSError where nobody does in time."""
    listener.settimeout(SECONDS)
    while True:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError):
            connection.settimeout(SECONDS)
            if hmac.compare_digest(frames.receive(connection, 200), token.encode()):
                connection.settimeout(None)
                return connection
        connection.close()


def listen() -> socket.socket:
    """A place on the loopback."""
    listener = socket.socket()
    listener.bind((LOOPBACK, 0))
    listener.listen(4)
    return listener


def _meet(control: socket.socket, command: dict[str, Any]) -> socket.socket:
    """Connect with the other room: the examiner's listens, and the learner's is told where."""
    if "port" in command:
        return connect(command["port"], command["token"])
    token = secrets.token_hex(16)
    with listen() as listener:
        place = {"port": listener.getsockname()[1], "token": token}
        frames.send(control, json.dumps(place).encode())
        return accept(listener, token)


def main() -> None:
    """Load, say so, obey."""
    settings = json.loads(sys.stdin.readline())
    control = connect(settings["port"], settings["token"])
    sys.argv = ["notebook"]
    shell = make_shell()
    for module in settings["modules"]:
        with contextlib.suppress(ImportError):
            import_module(module)
    fault = load(settings["library"])
    frames.send(control, json.dumps({"fault": fault}).encode())
    if not settings["figures"]:
        shell.draw_no_figures()
    kind: type[Room] = ExaminerRoom if settings["examiner"] else LearnerRoom
    limits = settings["limits"]
    room = kind(control, _meet, shell, limits["output_bytes"], limits["outputs"])
    with contextlib.suppress(frames.Closed):
        room.serve()
    os._exit(0)


if __name__ == "__main__":
    main()
