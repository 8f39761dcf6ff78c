"""The shapes of what travels between the two rooms.

A request is (number, operation, target, arguments, context); the answer carries the same number.
Arguments are a list of distinct objects and the places where they go, so that one array given
twice is still one array on the other side.
"""

import builtins
from typing import Any

OPERATIONS = ("names", "call", "getattr", "setattr", "getitem", "setitem", "len", "iter", "next")


def pack_arguments(args: tuple, kwargs: dict[str, Any]) -> tuple[list, list[int], dict[str, int]]:
    """The distinct objects, and for each place the index of its object."""
    distinct: list[Any] = []
    seen: dict[int, int] = {}

    def index_of(argument: Any) -> int:
        if id(argument) not in seen:
            seen[id(argument)] = len(distinct)
            distinct.append(argument)
        return seen[id(argument)]

    places = [index_of(argument) for argument in args]
    named = {name: index_of(argument) for name, argument in kwargs.items()}
    return distinct, places, named


def unpack_arguments(
    distinct: list, places: list[int], named: dict[str, int]
) -> tuple[list, dict[str, Any]]:
    """The reverse of `pack_arguments`."""
    args = [distinct[place] for place in places]
    return args, {name: distinct[place] for name, place in named.items()}


def describe_exception(error: BaseException, max_text: int = 10_000) -> list:
    """An exception as plain data: its name, its nearest built-in type, its arguments or text."""
    kind = type(error)
    base = next(cls.__name__ for cls in kind.__mro__ if cls.__module__ == "builtins")
    try:
        text = str(error)[:max_text]
    except Exception:
        text = "an error whose text cannot be had"
    plain = [arg for arg in error.args if type(arg) in (str, int, float) and len(str(arg)) < 1000]
    arguments = plain if len(plain) == len(error.args) <= 10 else [text]
    return [kind.__name__[:200], base, arguments]


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
    try:
        return base(*arguments)
    except Exception:  # UnicodeDecodeError wants five, an ExceptionGroup a list of errors
        return ValueError(f"{name}: {arguments}")
