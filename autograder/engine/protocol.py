"""The shapes of what travels between the two rooms.

A request is (number, operation, target, arguments, context); the answer carries the same number.
Arguments are a list of distinct objects and the places where they go, so that one array given
twice is still one array on the other side, and arrays that share memory here share it there.
"""

import builtins
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

OPERATIONS = ("names", "call", "getattr", "setattr", "getitem", "setitem", "len", "iter", "next")


def pack_arguments(args: Sequence[Any], kwargs: dict[str, Any]) -> list[Any]:
    """The distinct objects, for each place the index of its object, and the views among them.

    The objects alone where they are the arguments, in order.
    """
    distinct: list[Any] = []
    seen: dict[int, int] = {}

    def index_of(argument: Any) -> int:
        if id(argument) not in seen:
            seen[id(argument)] = len(distinct)
            distinct.append(argument)
        return seen[id(argument)]

    places = [index_of(argument) for argument in args]
    named = {name: index_of(argument) for name, argument in kwargs.items()}
    views = _views(distinct, index_of)
    if not views and not named and len(distinct) == len(places):
        return [distinct]
    for place, *_ in views:
        distinct[place] = None
    return [distinct, places, named, views]


def unpack_arguments(
    distinct: Sequence[Any],
    places: Sequence[int] | None = None,
    named: Mapping[str, int] | None = None,
    views: Sequence[Sequence[Any]] = (),
) -> tuple[list[Any], dict[str, Any]]:
    """The reverse of `pack_arguments`."""
    objects = list(distinct)
    if places is None:
        return objects, {}
    for place, owner, offset, dtype, shape, strides, writeable in views:
        objects[place] = np.ndarray(shape, dtype, objects[owner], offset, strides)
        objects[place].flags.writeable = writeable
    args = [objects[place] for place in places]
    return args, {name: objects[place] for name, place in (named or {}).items()}


def _views(distinct: list[Any], index_of: Callable[[Any], int]) -> list[list[Any]]:
    """Of arrays that share memory: the place of each, its owner's, and what it sees of it."""
    owners = {i: _owner(obj) for i, obj in enumerate(distinct) if type(obj) is np.ndarray}
    users = Counter(map(id, owners.values()))
    views = []
    for place, owner in owners.items():
        array = distinct[place]
        if users[id(owner)] > 1 and array is not owner and owner.flags.c_contiguous:
            offset = array.ctypes.data - owner.ctypes.data
            layout = [array.dtype, array.shape, array.strides, array.flags.writeable]
            views.append([place, index_of(owner), offset, *layout])
    return views


def _owner(array: np.ndarray) -> np.ndarray:
    while type(array.base) is np.ndarray:
        array = array.base
    return array


def describe_exception(error: BaseException, max_text: int = 10_000) -> list[Any]:
    """An exception as plain data: its name, its nearest built-in type, its arguments or text."""
    kind = type(error)
    base = next(cls for cls in kind.__mro__ if cls.__module__ == "builtins")
    text = _text(error)[:max_text]
    plain = [arg for arg in error.args if type(arg) in (str, int, float) and len(str(arg)) < 1000]
    tells_all = len(plain) == len(error.args) <= 10 and _text_of(base, plain) == text
    return [kind.__name__[:200], base.__name__, plain if tells_all else [text]]


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "an error whose text cannot be had"


def _text_of(base: type[BaseException], arguments: list[Any]) -> str | None:
    """What the built-in type makes of the arguments; NumPy's AxisError, say, makes more."""
    try:
        return str(base(*arguments))
    except Exception:
        return None


def rebuild_exception(described: Any) -> BaseException:
    """An exception of a built-in type, or of a new subclass that bears the learner's name.

    Raises TypeError, ValueError for what is not a description.
    """
    name, base_name, arguments = described
    if type(name) is not str or type(base_name) is not str or type(arguments) is not list:
        raise TypeError("no description of an exception")
    base = getattr(builtins, base_name, Exception)
    if not (isinstance(base, type) and issubclass(base, BaseException)):
        base = Exception
    if name != base.__name__ and name.isidentifier():
        base = type(name, (base,), {})
    error: BaseException
    try:
        error = base(*arguments)
    except Exception:  # UnicodeDecodeError wants five, an ExceptionGroup a list of errors
        error = type(base.__name__, (ValueError,), {})(*arguments)
    return error
