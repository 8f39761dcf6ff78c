"""The graded functions, a folder each: `properties.py`, `wrong.py` and, if wanted, `right.py`.

`properties.py` holds the oracle and what a right answer satisfies; every function in `wrong.py` is
a mistake that learners make, named and explained by its docstring; every one in `right.py` is a
right answer in an unusual style.
"""

import importlib
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from autograder.kit.exercise import Exercise

Kind = Literal["wrong", "right"]


@cache
def exercise_names() -> list[str]:
    """Every exercise of the course, by its folder."""
    files = [file for folder in __path__ for file in Path(folder).glob("*/properties.py")]
    return sorted(file.parent.name for file in files)


@cache
def load_exercise(name: str) -> Exercise:
    """The exercise of that function; an unknown name raises KeyError listing them all."""
    try:
        module = importlib.import_module(f"{__name__}.{name}.properties")
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(__name__):
            raise
        known = ", ".join(exercise_names())
        raise KeyError(f"no exercise {name!r}; there are: {known}") from error
    exercise: Exercise = module.exercise
    return exercise


@cache
def load_answers(kind: Kind, name: str) -> dict[str, Callable[..., Any]]:
    """The public functions of an exercise's `wrong.py` or `right.py`, by name; {} without one."""
    try:
        module = importlib.import_module(f"{__name__}.{name}.{kind}")
    except ModuleNotFoundError:
        return {}
    return {key: value for key, value in vars(module).items() if _is_public(module, key, value)}


def _is_public(module: ModuleType, key: str, value: object) -> bool:
    written_here = inspect.isfunction(value) and value.__module__ == module.__name__
    return written_here and not key.startswith("_")
