"""Compare what a learner's function did with what a right one does; words for the difference."""

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from autograder.kit.exercise import Case, Exercise

Array = NDArray[Any]
Names = str | tuple["Names", ...]  # of results, nested as they are


@dataclass(frozen=True)
class Returned:
    """The function came back: its value, its arguments as it left them, and how long it took."""

    value: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seconds: float = 0.0  # of processor time


@dataclass(frozen=True)
class Raised:
    """The function raised: the exception's type and text."""

    kind: str
    text: str


Outcome = Returned | Raised


@dataclass(frozen=True)
class Difference:
    """One sentence on what is wrong, with the two values where they can be shown."""

    sentence: str
    expected: Any = None
    actual: Any = None


# exercise, case, outcome -> the difference, or None where there is none
Check = Callable[["Exercise", "Case", Returned], Difference | None]


def same_values(exercise: "Exercise", case: "Case", outcome: Returned) -> Difference | None:
    """Structure, shape and values equal the oracle's; dtype is another property's business."""
    names = exercise.returns if isinstance(case.expected, tuple) else exercise.returns[0]
    return _same(exercise, names, case.expected, outcome.value)


def same_dtype(exercise: "Exercise", case: "Case", outcome: Returned) -> Difference | None:
    """Results have the dtype of the floating-point inputs, or else the oracle's own."""
    floats = [a.dtype for a in flatten(case.args) + flatten(case.kwargs) if _is_float(a)]
    for name, want, have in _pairs(exercise, case.expected, outcome.value):
        dtype = np.result_type(*floats) if floats and _is_float(want) else np.asarray(want).dtype
        if getattr(have, "dtype", None) != dtype:
            found = getattr(have, "dtype", describe(have))
            sentence = f"The dtype of the {name} is {found}; expected {dtype}."
            return Difference(sentence, dtype, found)
    return None


def inputs_untouched(exercise: "Exercise", case: "Case", outcome: Returned) -> Difference | None:
    """The arguments are what they were before the call."""
    before = flatten(case.args) + flatten(case.kwargs)
    after = flatten(outcome.args) + flatten(outcome.kwargs)
    if len(before) != len(after):
        return Difference("The function took something out of its input, or put something in.")
    for old, new in zip(before, after, strict=True):
        if not same_thing(old, new):
            return Difference("The function changed its input.", old, new)
    return None


def same_outcome(one: Outcome, other: Outcome) -> bool:
    """Did two functions do the same thing: same values and dtypes, or the same exception?"""
    if isinstance(one, Returned) and isinstance(other, Returned):
        parts = flatten(one.value), flatten(other.value)
        arguments = (
            flatten(one.args) + flatten(one.kwargs),
            flatten(other.args) + flatten(other.kwargs),
        )
        return same_things(*parts) and same_things(*arguments)
    return isinstance(one, Raised) and isinstance(other, Raised) and one.kind == other.kind


def same_things(ones: list[Any], others: list[Any]) -> bool:
    """Are two flat lists pairwise the same?"""
    return len(ones) == len(others) and all(map(same_thing, ones, others))


def same_thing(one: Any, other: Any) -> bool:
    """Equal up to rounding, NaN equal to NaN, in shape and dtype too."""
    if isinstance(one, list) != isinstance(other, list):
        return False
    try:
        a, b = np.asarray(one), np.asarray(other)
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        if a.dtype.kind in "fc":
            rtol, atol = (1e-4, 1e-6) if a.dtype.itemsize < 8 else (1e-7, 1e-10)
            with np.errstate(all="ignore"):
                return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))
        return bool(np.array_equal(a, b))
    except Exception:  # whatever a learner's object does when it is looked at, it is not the same
        return False


def flatten(value: Any) -> list[Any]:
    """The leaves of nested tuples, lists of arrays and dicts, in order."""
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in flatten(item)]
    if isinstance(value, tuple) or (
        isinstance(value, list) and any(isinstance(item, np.ndarray) for item in value)
    ):
        return [leaf for item in value for leaf in flatten(item)]
    return [value]


def describe(value: Any) -> str:
    """What a learner's function returned, in a few words; never runs the object's own code."""
    kind = type(value)
    if value is None:
        return "None (is there a `return`?)"
    if issubclass(kind, np.ndarray):
        shape, dtype = (np.ndarray.__getattribute__(value, name) for name in ("shape", "dtype"))
        objects = "Python objects, of " if dtype.hasobject else ""
        return f"an array of {objects}shape {shape}"
    if kind in (tuple, list):
        return f"a {kind.__name__} of {len(value)}"
    if kind.__name__ == "generator":  # in another room, its proxy bears the same name
        return "a generator (did you write `yield` for `return`?)"
    if kind.__module__.partition(".")[0] == "torch" and kind.__name__ == "Tensor":
        return "a torch tensor; graded functions take and return NumPy arrays"
    article = "an" if kind.__name__[0].lower() in "aeiou" else "a"
    return f"{article} {kind.__name__}"


def show(value: Any, most: int = 600) -> str:
    """A value as a reader wants to see it: four digits, long arrays cut."""
    if isinstance(value, tuple | list) and any(isinstance(item, np.ndarray) for item in value):
        return "\n".join(show(item, most) for item in value)
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=4, suppress=True, threshold=40, edgeitems=3):
            value = str(value)
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= most else text[:most] + " …"


def _same(exercise: "Exercise", names: Names, expected: Any, actual: Any) -> Difference | None:
    """Compare one result, or each of several; `names` is nested as the results are."""
    if not isinstance(expected, tuple):
        return _same_array(exercise, str(names), expected, actual)
    if not isinstance(actual, tuple | list) or len(actual) != len(expected):
        wanted = f"a tuple ({', '.join(map(str, names))})"
        return Difference(f"It returned {describe(actual)}; expected {wanted}.")
    for name, want, have in zip(names, expected, actual, strict=True):
        difference = _same(exercise, name, want, have)
        if difference:
            return difference
    return None


def _same_array(exercise: "Exercise", name: str, expected: Any, actual: Any) -> Difference | None:
    if isinstance(expected, Number) and not isinstance(expected, np.generic):
        return _same_number(name, expected, actual)
    if issubclass(type(actual), np.ndarray):
        actual = np.ndarray.view(actual, np.ndarray)  # a subclass has methods of its own
    is_array = type(actual) is np.ndarray or isinstance(actual, np.generic)
    if not is_array or actual.dtype.hasobject:
        found = describe(actual)
        return Difference(f"Expected a NumPy array as the {name}, got {found}.")
    if actual.dtype.kind not in "fiub":
        sentence = f"There are {actual.dtype} values in the {name}; expected real numbers."
        return Difference(sentence)
    if actual.shape != expected.shape:
        sentence = f"The shape of the {name} is {actual.shape}; expected {expected.shape}."
        return Difference(sentence, expected, actual)
    exact = actual.dtype.itemsize >= 8 or actual.dtype.kind != "f"
    rtol, atol = (exercise.rtol, exercise.atol) if exact else (1e-4, 1e-5)
    with np.errstate(all="ignore"):
        close = np.isclose(actual, expected, rtol=rtol, atol=atol)
    if close.all():
        return None
    off, size = (~close).sum(), close.size
    sentence = f"{off} of {size} numbers in the {name} {'is' if off == 1 else 'are'} off."
    if np.isnan(np.asarray(actual, dtype=float)).any():
        sentence = f"There is NaN (not a number) in the {name}."
    return Difference(sentence, expected, actual)


def _same_number(name: str, expected: Number, actual: Any) -> Difference | None:
    plain = isinstance(actual, int | float | np.number) and not isinstance(actual, bool)
    if not plain:
        return Difference(f"The {name} is {describe(actual)}; expected a number.")
    if actual != expected:
        return Difference(f"The {name} is {actual!r}; expected {expected!r}.", expected, actual)
    return None


def _pairs(exercise: "Exercise", expected: Any, actual: Any) -> list[tuple[str, Any, Any]]:
    """(name, expected leaf, actual leaf) for every result."""
    names = flatten(exercise.returns)
    return list(zip(names, flatten(expected), flatten(actual), strict=False))


def _is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f"
