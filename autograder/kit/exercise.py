"""An exercise: an oracle in plain loops, and the properties that a right answer satisfies.

`autograder/exercises/<function>/properties.py` holds one `exercise = Exercise(oracle)`; each of its
properties is a generator of calls, named and explained by its docstring:

    @exercise.property
    def one_row(rng: np.random.Generator) -> Iterator[Case]:
        '''One row of scores becomes shares that sum to 1.

        Hint: exponentials first, then divide by their sum.
        '''
        yield call(rng.normal(size=5))
"""

import copy
import inspect
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np

from autograder.kit.compare import Check, Names, Raised, same_values


@dataclass(frozen=True)
class Case:
    """One call of the learner's function, and what the oracle returns for it."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    expected: Any = None

    def fresh(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Copies of the arguments, so that no call sees another's changes."""
        return copy.deepcopy(self.args), copy.deepcopy(self.kwargs)

    @property
    def size(self) -> int:
        """How many numbers the call holds: the smallest failing input is shown."""
        values = [*self.args, *self.kwargs.values()]
        return sum(np.size(v) if isinstance(v, np.ndarray | list) else 1 for v in values)


def call(*args: Any, **kwargs: Any) -> Case:
    """A case: the arguments that the function will be called with."""
    return Case(args, kwargs)


MakeCases = Callable[[np.random.Generator], Iterator[Case]]


@dataclass(frozen=True)
class Property:
    """One fact about right answers: its cases, how to compare, its title and its hint."""

    name: str
    title: str
    hint: str
    make_cases: MakeCases
    check: Check


@dataclass
class Exercise:
    """A graded function; `returns` names its results, nested as they are."""

    oracle: Callable[..., Any]
    returns: tuple[Names, ...] = ("result",)
    rtol: float = 1e-6
    atol: float = 1e-9
    properties: dict[str, Property] = field(default_factory=dict)
    make_large: MakeCases | None = None
    _drawn: dict[tuple[str, int], list[Case]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The graded function's name, which is the name of its folder."""
        return self.oracle.__module__.split(".")[-2]

    @overload
    def property(self, make_cases: MakeCases, *, check: Check = ...) -> MakeCases: ...

    @overload
    def property(self, *, check: Check = ...) -> Callable[[MakeCases], MakeCases]: ...

    def property(
        self, make_cases: MakeCases | None = None, *, check: Check = same_values
    ) -> MakeCases | Callable[[MakeCases], MakeCases]:
        """Register a generator of calls as a property; plain, or with another `check`."""
        if make_cases is None:
            return lambda function: self.property(function, check=check)
        title, hint = title_and_hint(make_cases)
        name = make_cases.__name__
        self.properties[name] = Property(name, title, hint, make_cases, check)
        return make_cases

    def cases(self, name: str, seed: int) -> list[Case]:
        """The calls of one property, drawn from the class's seed, with the oracle's answers.

        The same for the whole class, so drawn once; `Case.fresh` gives what may be changed.
        """
        if (name, seed) not in self._drawn:
            stream = zlib.crc32(f"{self.name}.{name}".encode())
            cases = self.properties[name].make_cases(np.random.default_rng([seed, stream]))
            drawn = [Case(c.args, c.kwargs, self._expected(c)) for c in cases]
            self._drawn[name, seed] = drawn
        return self._drawn[name, seed]

    def large(self, make_cases: MakeCases) -> MakeCases:
        """Register a generator of large calls, on which loops are slow: worth a note, no point."""
        self.make_large = make_cases
        return make_cases

    def large_cases(self, seed: int) -> list[Case]:
        """The large calls; none if the exercise has none."""
        return list(self.make_large(np.random.default_rng(seed))) if self.make_large else []

    def _expected(self, case: Case) -> Any:
        """What the oracle returns; a `Raised` where it refuses the call."""
        args, kwargs = case.fresh()
        try:
            return self.oracle(*args, **kwargs)
        except Exception as error:
            return Raised(type(error).__name__, str(error))


def title_and_hint(function: Callable[..., Any]) -> tuple[str, str]:
    """A docstring's first line, and the paragraph that begins with `Hint:`.

    Raises ValueError where there is no docstring.
    """
    text = inspect.getdoc(function)
    if text is None:
        raise ValueError(f"{function.__name__} has no docstring: its first line is the title")
    paragraphs = text.split("\n\n")
    hints = [p.removeprefix("Hint:") for p in paragraphs if p.startswith("Hint:")]
    return " ".join(paragraphs[0].split()), " ".join(" ".join(hints).split())
