"""The examiner's side of a call: proxies that stand for the learner's names.

All that comes from the other side is decoded as plain data; nothing of it is ever run here.
"""

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.engine import frames
from autograder.engine.protocol import pack_arguments, rebuild_exception
from autograder.engine.wire import MAX_BYTES, NotPlain, decode, encode

Call = tuple[tuple[Any, ...], dict[str, Any]]  # arguments, by position and by name
Outcome = tuple[str, Any]  # ("ok", value) or ("error", exception)
Answer = tuple[str, Any, list[Any], list[Any]]  # an outcome, changed arguments, printed texts


class LearnerGone(BaseException):
    """The learner's process ended, or spoke nonsense. No `except Exception` may hide it."""


class Peer:
    """The connection to the learner's room; one request at a time."""

    def __init__(self) -> None:
        self._connection: socket.socket | None = None
        self._number = 0
        self._room = 0  # counts the rooms met: an object of a dead one is no other's
        self._objects: dict[int, RemoteObject] = {}  # of this room: one object, one proxy
        self._lock = threading.Lock()

    def connect(self, connection: socket.socket) -> None:
        """Talk to this room from now on."""
        self.disconnect()
        self._connection = connection
        self._room += 1
        self._objects = {}

    def disconnect(self) -> None:
        """Talk to nobody; a socket that has carried nonsense is never read again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def names(self, names: list[str], seed: int) -> dict[str, Any]:
        """What the learner's room has under `names`, after seeding it."""
        if not names:
            return {}
        values = self.ask("names", seed, tuple(names), {})
        if type(values) is not dict or not set(values) <= set(names):
            self.disconnect()
            raise LearnerGone("the learner's process answered out of turn")
        return values

    def ask(
        self, operation: str, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Have one operation done over there; returns its value or raises its exception."""
        ((kind, value),) = self.ask_each(operation, target, [(args, kwargs)])
        if kind == "error":
            raise value
        return value

    def ask_each(self, operation: str, target: Any, calls: list[Call]) -> list[Outcome]:
        """Have it done for each of these arguments; returns ("ok", value) or ("error", exception).

        One request for all: waiting for each answer would cost two switches between processes.
        """
        packed = [pack_arguments(args, kwargs) for args, kwargs in calls]
        with self._lock:
            self._number += 1
            head = [self._number, operation, target, packed, _context()]
            self._send(encode(head, to_handle=self._number_of))
            answers = [self._receive() for _ in calls]
        for (distinct, *_), (_, _, changed, texts) in zip(packed, answers, strict=True):
            _write_back(distinct, changed)
            for name, text in texts:
                print(text, end="", file=sys.stderr if name == "stderr" else sys.stdout)
        return [(kind, value) for kind, value, _, _ in answers]

    def _send(self, request: bytes) -> None:
        connection = self._open_connection()
        with self._gone_on_error():
            frames.send(connection, request)

    def _receive(self) -> Answer:
        connection = self._open_connection()
        with self._gone_on_error():
            answer = frames.receive(connection, MAX_BYTES)
            return self._checked(decode(answer, from_handle=self._object))

    def _open_connection(self) -> socket.socket:
        if self._connection is None:
            raise LearnerGone("the learner's process has ended")
        return self._connection

    @contextlib.contextmanager
    def _gone_on_error(self) -> Iterator[None]:
        try:
            yield
        except (OSError, NotPlain, TypeError, ValueError) as error:
            self.disconnect()
            raise LearnerGone(f"the learner's process has ended: {error}") from None

    def _checked(self, answer: Any) -> Answer:
        """Raises ValueError, TypeError for what is no answer to the last request."""
        number, kind, value, changed, texts = answer
        if number != self._number or kind not in ("ok", "error"):
            raise ValueError("it answered out of turn")
        for name, text in texts:
            if name not in ("stdout", "stderr") or type(text) is not str:
                raise ValueError("it answered with text that is none")
        for index, _ in changed:
            if type(index) is not int or index < 0:
                raise ValueError("it changed an argument that it was not given")
        if kind == "error":
            value = rebuild_exception(value)
            setattr(value, FROM_LEARNER, True)  # an `assert` of theirs is not taken for a test's
        return kind, value, changed, texts

    def _object(self, number: int, name: str) -> "RemoteObject":
        if number not in self._objects:
            self._objects[number] = _proxy_class(name)(self, self._room, number)
        return self._objects[number]

    def _number_of(self, obj: Any) -> tuple[int, str] | None:
        if not issubclass(type(obj), RemoteObject):
            return None
        if obj._room != self._room:
            raise LearnerGone("the learner's process that held this object has ended")
        return obj._number, ""


class RemoteObject:
    """Something in the learner's room that is not plain data: a function, a module, a generator.

    It is equal to itself alone, whatever its own `__eq__` says.
    """

    __slots__ = ("_number", "_peer", "_room")
    _number: int
    _peer: Peer
    _room: int

    def __init__(self, peer: Peer, room: int, number: int) -> None:
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_room", room)
        object.__setattr__(self, "_number", number)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._peer.ask("call", self, args, kwargs)

    def call_each(self, calls: list[Call]) -> list[Outcome]:
        """Call it with each of these arguments; ("ok", value) or ("error", exception) for each."""
        return self._peer.ask_each("call", self, calls)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__") and name not in _ASKED:
            raise AttributeError(name)  # NumPy and IPython probe for these
        return self._peer.ask("getattr", self, (name,), {})

    def __setattr__(self, name: str, value: Any) -> None:
        self._peer.ask("setattr", self, (name, value), {})

    def __getitem__(self, key: Any) -> Any:
        return self._peer.ask("getitem", self, (key,), {})

    def __setitem__(self, key: Any, value: Any) -> None:
        self._peer.ask("setitem", self, (key, value), {})

    def __len__(self) -> int:
        length: int = self._peer.ask("len", self, (), {})
        return length

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        iterator = self._peer.ask("iter", self, (), {})
        while True:
            try:
                yield self._peer.ask("next", iterator, (), {})
            except StopIteration:
                return

    def __next__(self) -> Any:
        return self._peer.ask("next", self, (), {})

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


FROM_LEARNER = "from_learner"
_ASKED = ("__name__", "__doc__")


@lru_cache(maxsize=200)
def _proxy_class(name: str) -> type[RemoteObject]:
    """A class that bears the name of the learner's type, so that errors speak of what it is."""
    plain = name if name.isidentifier() and not name.startswith("__") else "object"
    return type(plain, (RemoteObject,), {"__slots__": ()})


def _context() -> dict[str, Any]:
    """The caller's torch.no_grad() and np.errstate(...), where they are not the default."""
    asked: dict[str, Any] = {}
    errstate = np.geterr()
    if errstate != {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}:
        asked["errstate"] = {k: "warn" if v in ("call", "log") else v for k, v in errstate.items()}
    torch = sys.modules.get("torch")
    if torch is not None and not torch.is_grad_enabled():
        asked["no_grad"] = True
    return asked


def _write_back(arguments: list[Any], changed: list[Any]) -> None:
    """Make the changes that the learner's function made to its arguments."""
    for index, value in changed:
        if index < len(arguments):
            _overwrite(arguments[index], value)


def _overwrite(old: Any, new: Any) -> None:
    """Give `old` the content of `new`, as far as it can take it."""
    torch = sys.modules.get("torch")
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        _overwrite_array(old, new)
    elif torch is not None and isinstance(old, torch.Tensor) and isinstance(new, torch.Tensor):
        if old.shape == new.shape and old.dtype == new.dtype:
            old.data.copy_(new)
    elif type(old) is list and type(new) is list:
        _overwrite_items(old, new)
    elif type(old) is tuple and type(new) is tuple:
        for held, changed in zip(old, new, strict=False):
            _overwrite(held, changed)
    elif type(old) is dict and type(new) is dict:
        kept = {key: _merged(old[key], value) for key, value in new.items() if key in old}
        fresh = {key: kept.get(key, value) for key, value in new.items()}
        old.clear()
        old.update(fresh)
    elif type(old) is set and type(new) is set:
        old.clear()
        old.update(new)


def _overwrite_array(old: np.ndarray, new: np.ndarray) -> None:
    if not old.flags.writeable:
        return
    if old.dtype != new.dtype or old.size != new.size:
        _spoil(old)
        return
    if old.shape != new.shape:
        with contextlib.suppress(ValueError):  # an array in several pieces cannot follow
            old.resize(new.shape, refcheck=False)  # of the same size: no memory moves
    if old.shape == new.shape:
        old[...] = new


def _spoil(array: np.ndarray) -> None:
    """What was resized over there cannot follow here; whoever compares it shall see a change."""
    if array.dtype.kind in "fc":
        array.fill(np.nan)
    elif array.dtype.kind in "biu":
        np.invert(array, out=array)


def _overwrite_items(old: list[Any], new: list[Any]) -> None:
    merged = [_merged(a, b) for a, b in zip(old, new, strict=False)]
    old[:] = merged + new[len(merged) :]


def _merged(old: Any, new: Any) -> Any:
    """`old` itself with new content where it can hold it, else `new`."""
    if type(old) is not type(new) or not isinstance(old, (np.ndarray, list, dict, set)):
        return new
    if isinstance(old, np.ndarray) and (old.shape != new.shape or old.dtype != new.dtype):
        return new
    _overwrite(old, new)
    return old
