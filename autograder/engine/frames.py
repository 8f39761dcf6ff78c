"""Messages over a stream socket: four bytes of length, then the body."""

import socket
import struct
import time

_LENGTH = struct.Struct(">I")


class Closed(ConnectionError):
    """The other end is gone, or said something that is no message."""


class TooLarge(Closed):
    """The other end announced a message larger than is taken."""


class TooLate(TimeoutError):
    """No whole message came before the deadline."""


def send(connection: socket.socket, body: bytes, deadline: float | None = None) -> None:
    """Send one message by `deadline` (of time.monotonic). Raises Closed, TooLate."""
    _set_timeout(connection, deadline)
    try:
        connection.sendall(_LENGTH.pack(len(body)) + body)
    except TimeoutError as error:
        raise TooLate("the other end does not listen") from error
    except OSError as error:
        raise Closed(f"cannot send: {error}") from error


def receive(connection: socket.socket, max_bytes: int, deadline: float | None = None) -> bytes:
    """Receive one message by `deadline` (of time.monotonic). Raises Closed, TooLarge, TooLate."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, deadline))
    if length > max_bytes:
        raise TooLarge(f"a message of {length} bytes: at most {max_bytes} are taken")
    return _exactly(connection, length, deadline)


def _exactly(connection: socket.socket, n_bytes: int, deadline: float | None) -> bytes:
    chunks = []
    while n_bytes:
        chunk = _some(connection, n_bytes, deadline)
        if not chunk:
            raise Closed("the other end has closed")
        chunks.append(chunk)
        n_bytes -= len(chunk)
    return b"".join(chunks)


def _some(connection: socket.socket, n_bytes: int, deadline: float | None) -> bytes:
    _set_timeout(connection, deadline)
    try:
        return connection.recv(min(n_bytes, 1 << 20))
    except TimeoutError as error:
        raise TooLate("no answer in time") from error
    except OSError as error:
        raise Closed(f"cannot receive: {error}") from error


def _set_timeout(connection: socket.socket, deadline: float | None) -> None:
    """Until the deadline, and above 0: a timeout of 0 would mean "do not block"."""
    if deadline is not None:
        connection.settimeout(max(deadline - time.monotonic(), 1e-6))
    elif connection.gettimeout() is not None:
        connection.settimeout(None)
