"""Answers written from the chapters' words alone, without a look at the tests.

One module for each exercise that has some; a decorator says which answers should lose points and
which should pass. `parts` holds pieces that several of them use.
"""

import importlib
from collections.abc import Callable
from pathlib import Path

PARTS = "parts"


def wrong(answer: Callable) -> Callable:
    """It should lose points."""
    answer.kind = "wrong"
    return answer


def right(answer: Callable) -> Callable:
    """It should pass."""
    answer.kind = "right"
    return answer


def unseen(kind: str, exercise: str) -> dict[str, Callable]:
    """The answers of one kind to an exercise, by name."""
    answers = vars(importlib.import_module(f"unseen.{exercise}"))
    return {name: a for name, a in answers.items() if getattr(a, "kind", None) == kind}


def answered_unseen() -> list[str]:
    """The exercises that have such answers."""
    modules = [path.stem for path in Path(__file__).parent.glob("[!_]*.py")]
    return sorted(set(modules) - {PARTS})
