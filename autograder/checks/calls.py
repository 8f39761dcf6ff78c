"""Call a function on cases: here, or wherever it runs.

A learner's function that is graded runs in another room and comes as a proxy with `call_each`;
one that its author checks, in a notebook or in the page, runs right here. What stops it when it
hangs is the business of whoever runs it: the sealed room, a child process, the page's worker.
"""

import time
import warnings
from collections.abc import Callable
from typing import Any

from autograder.kit.compare import Outcome, Raised, Returned
from autograder.kit.exercise import Case


def outcomes_of(function: Callable[..., Any], cases: list[Case]) -> list[Outcome]:
    """What the function does with each case, on arguments of its own."""
    if hasattr(type(function), "call_each"):  # it runs in another room, and takes all at once
        return _outcomes_there(function, cases)
    return [_outcome(function, case) for case in cases]


def _outcome(function: Callable[..., Any], case: Case) -> Outcome:
    args, kwargs = case.fresh()
    started = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an overflow shows in the values
            value = function(*args, **kwargs)
    except Exception as error:
        return _raised(error)
    return Returned(value, args, kwargs, time.process_time() - started)


def _outcomes_there(function: Any, cases: list[Case]) -> list[Outcome]:
    calls = [case.fresh() for case in cases]
    return [
        Returned(value, args, kwargs) if kind == "ok" else _raised(value)
        for (args, kwargs), (kind, value) in zip(calls, function.call_each(calls), strict=True)
    ]


def _raised(error: Exception) -> Raised:
    # NumPy has a MemoryError of its own, by another name
    kind = MemoryError if isinstance(error, MemoryError) else type(error)
    return Raised(kind.__name__, str(error))
