"""Check a learner's function and name its mistake: the same words in every place.

    from autograder.checks import diagnose
    report = diagnose("softmax", my_softmax)
    print(report.message)

A hidden test cell calls `require`, which names the properties that it grades.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograder.calls import NOT_RUN, call_directly, call_in_child
from autograder.compare import Difference, Outcome, Raised, Stopped, same_outcome, show
from autograder.exercise import (
    Case,
    Exercise,
    Property,
    class_seed,
    load_answers,
    load_exercise,
    title_and_hint,
)

PASSED = "All checks passed."
NOTICEABLE = 0.05  # seconds, under which no speed is worth a word
SLOW = 20  # times slower than the matrix form: worth a note, never a point


@dataclass(frozen=True)
class Report:
    """What `diagnose` found; `mistake` is the name of a stored one, if it was recognised."""

    passed: bool
    message: str
    mistake: str | None = None
    failed: tuple[str, ...] = ()
    hint: str = ""
    call: str = ""
    expected: Any = None
    actual: Any = None
    note: str = ""


@dataclass(frozen=True)
class _Failure:
    property: Property
    case: Case
    difference: Difference


def diagnose(name: str, function: Callable, *, seed: int | None = None) -> Report:
    """Check one function in a forked child with limits; a report that says what is wrong.

    Raises KeyError, listing the exercises, where there is none of that name.
    """
    exercise = load_exercise(name)
    if not callable(function):
        return Report(False, f"{name} is not a function: did you give another value that name?")
    return _report(exercise, function, call_in_child, class_seed() if seed is None else seed)


def require(name: str, function: Callable, *properties: str) -> None:
    """In a test cell: raise AssertionError with the diagnosis unless these properties hold."""
    exercise, seed = load_exercise(name), class_seed()
    unknown = [p for p in properties if p not in exercise.properties]
    if unknown or not properties:
        raise KeyError(f"{name} has no property {unknown}; it has {list(exercise.properties)}")
    for chosen in properties:
        cases = exercise.cases(chosen, seed)
        outcomes = call_directly(function, cases)
        if _failures(exercise, {chosen: cases}, {chosen: outcomes}):
            report = _report(exercise, function, call_directly, seed, first=chosen)
            raise AssertionError(report.message)


def explain(name: str, function: Callable) -> None:
    """In the examiner, after a test failed: raise AssertionError with the whole diagnosis.

    Its first line is the stored mistake's name, or empty; the message follows.
    """
    report = _report(load_exercise(name), function, call_directly, class_seed())
    if not report.passed:
        raise AssertionError(f"{report.mistake or ''}\n{report.message}")


def _report(
    exercise: Exercise, function: Callable, caller: Callable, seed: int, first: str = ""
) -> Report:
    """Run every property in order, `first` before the others; name the mistake of a failure."""
    order = sorted(exercise.properties, key=lambda name: name != first)
    cases = {name: exercise.cases(name, seed) for name in order}
    flat = [case for name in order for case in cases[name]]
    results = iter(caller(function, flat))
    outcomes = {name: [next(results) for _ in cases[name]] for name in order}
    failures = _failures(exercise, cases, outcomes)
    if not failures:
        return Report(True, PASSED, note=_speed_note(exercise, function, caller, seed))
    smallest = _smallest(failures)
    mistake = _name_mistake(exercise, cases, outcomes, failures, seed)
    return _failed_report(exercise, failures, smallest, mistake)


def _failures(exercise: Exercise, cases: dict, outcomes: dict) -> list[_Failure]:
    """Every case that its property's check refuses, in the properties' order."""
    failures = []
    for name, outcomes_here in outcomes.items():
        chosen = exercise.properties[name]
        for case, outcome in zip(cases[name], outcomes_here, strict=True):
            difference = _difference(exercise, chosen, case, outcome)
            if difference:
                failures.append(_Failure(chosen, case, difference))
    return failures


def _difference(
    exercise: Exercise, chosen: Property, case: Case, outcome: Outcome
) -> Difference | None:
    if outcome is NOT_RUN:
        return None  # an earlier call was stopped, and that one is the failure
    if isinstance(outcome, Stopped):
        return Difference(outcome.reason)
    if isinstance(case.expected, Raised):
        return _refusal(case.expected, outcome)
    if isinstance(outcome, Raised):
        return Difference(_raised_sentence(exercise, outcome), case.expected)
    return chosen.check(exercise, case, outcome)


def _refusal(expected: Raised, outcome: Outcome) -> Difference | None:
    """Where a right answer raises: did this one, and the same exception?"""
    if isinstance(outcome, Raised) and outcome.kind == expected.kind:
        return None
    did = f"it raised {outcome.kind}" if isinstance(outcome, Raised) else "it returned something"
    return Difference(f"This call should raise {expected.kind}; {did}.")


def _raised_sentence(exercise: Exercise, outcome: Raised) -> str:
    if outcome.kind == "NotImplementedError":
        return f"{exercise.name} is still empty: write your answer where the stub raises."
    if outcome.kind == "MemoryError":
        return "It asked for more than 1 GB of memory: is an array built with a wrong shape?"
    return f"It raised {outcome.kind}: {outcome.text or 'no message'}."


def _smallest(failures: list[_Failure]) -> _Failure:
    """Of the first property that fails, the case with the fewest numbers."""
    first = failures[0].property
    return min((f for f in failures if f.property is first), key=lambda f: f.case.size)


def _name_mistake(
    exercise: Exercise, cases: dict, outcomes: dict, failures: list[_Failure], seed: int
) -> str | None:
    """The stored mistake that did the same on every failing case, and fails no other case.

    Among several, the one that did the same most often elsewhere too.
    """
    failing = {id(failure.case) for failure in failures}
    best, best_score = None, -1
    for mistake, theirs in _mistakes(exercise.name, seed).items():
        score = 0
        for name in cases:
            rows = zip(cases[name], outcomes[name], theirs[name], strict=True)
            for case, mine, other in rows:
                same = same_outcome(mine, other)
                score += same
                chosen = exercise.properties[name]
                alike = same or (
                    id(case) not in failing and not _difference(exercise, chosen, case, other)
                )
                score = score if alike else -math.inf
        if score > best_score:
            best, best_score = mistake, score
    return best


@cache
def _mistakes(name: str, seed: int) -> dict[str, dict[str, list[Outcome]]]:
    """What every stored mistake does on every case: mistake -> property -> outcomes."""
    exercise = load_exercise(name)
    return {
        mistake: {
            chosen: call_directly(function, exercise.cases(chosen, seed))
            for chosen in exercise.properties
        }
        for mistake, function in load_answers("wrong_answers", name).items()
    }


def _failed_report(
    exercise: Exercise, failures: list[_Failure], smallest: _Failure, mistake: str | None
) -> Report:
    sentence, hint = smallest.difference.sentence, smallest.property.hint
    if mistake:
        sentence, its_hint = title_and_hint(load_answers("wrong_answers", exercise.name)[mistake])
        hint = its_hint or hint
    shown = _call_text(exercise, smallest.case)
    parts = [sentence, f"Hint: {hint}" if hint else "", f"Smallest example: {shown}"]
    if smallest.difference.actual is not None:
        parts += [f"expected\n{show(smallest.difference.expected)}"]
        parts += [f"but got\n{show(smallest.difference.actual)}"]
    elif mistake:
        parts += [smallest.difference.sentence]
    return Report(
        passed=False,
        message="\n".join(part for part in parts if part),
        mistake=mistake,
        failed=tuple(dict.fromkeys(failure.property.name for failure in failures)),
        hint=hint,
        call=shown,
        expected=smallest.difference.expected,
        actual=smallest.difference.actual,
    )


def _call_text(exercise: Exercise, case: Case) -> str:
    """The call as the learner would write it, arrays as lists when they are short."""
    arguments = [_argument(value) for value in case.args]
    arguments += [f"{key}={_argument(value)}" for key, value in case.kwargs.items()]
    return f"{exercise.name}({', '.join(arguments)})"


def _argument(value: Any) -> str:
    if not hasattr(value, "shape"):
        return show(value, most=120)
    if value.size > 12:
        return f"<array of shape {value.shape}, {value.dtype}>"
    return show(repr(value.round(3) if value.dtype.kind == "f" else value), most=200)


def _speed_note(exercise: Exercise, function: Callable, caller: Callable, seed: int) -> str:
    """A note where a right answer takes many times what the matrix form takes.

    Both are called in the same way on the exercise's `large` call, if it has one.
    """
    fast = load_answers("right_answers", exercise.name).get("matrix_form")
    cases = exercise.large_cases(seed)
    if fast is None or not cases:
        return ""
    slow, quick = _seconds(caller, function, cases), _seconds(caller, fast, cases)
    if slow < SLOW * quick or slow < NOTICEABLE:
        return ""
    return f"Right, and about {slow / quick:.0f} times slower than matrix form: can the loops go?"


def _seconds(caller: Callable, function: Callable, cases: list[Case]) -> float:
    """The processor time of the second round of calls; the first one warms up."""
    second = caller(function, cases * 2)[len(cases) :]
    return max(sum(getattr(outcome, "seconds", 0.0) for outcome in second), 1e-4)
