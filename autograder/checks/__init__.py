"""Check a learner's function and name its mistake: the same words in every place.

    from autograder.checks import diagnose
    report = diagnose("softmax", my_softmax)
    print(report.message)

A hidden test cell calls `require`, which names the properties that it grades.
"""

from collections.abc import Callable
from dataclasses import replace

from autograder.checks.calls import call_directly, call_in_child
from autograder.checks.diagnosis import Findings, Report, find, find_failures
from autograder.checks.exercise import (
    Case,
    Exercise,
    class_seed,
    exercise_names,
    load_answers,
    load_exercise,
)

NOTICEABLE = 0.05  # seconds, under which no speed is worth a word
SLOW = 20  # times slower than the matrix form: worth a note, never a point

_found: dict[str, tuple[Callable, Findings]] = {}  # the last findings of each exercise


def diagnose(name: str, function: Callable, *, seed: int | None = None) -> Report:
    """Check one function in a forked child with limits; a report that says what is wrong.

    Raises KeyError, listing the exercises, where there is none of that name.
    """
    exercise = load_exercise(name)
    if not callable(function):
        return Report(False, f"{name} is not a function: did you give another value that name?")
    seed = class_seed() if seed is None else seed
    report = find(exercise, function, call_in_child, seed).report()
    return replace(report, note=_speed_note(exercise, function, seed)) if report.passed else report


def require(name: str, function: Callable, *properties: str) -> None:
    """In a test cell: raise AssertionError with the diagnosis unless these properties hold."""
    exercise, seed = load_exercise(name), class_seed()
    unknown = [p for p in properties if p not in exercise.properties]
    if unknown or not properties:
        raise KeyError(f"{name} has no property {unknown}; it has {list(exercise.properties)}")
    for chosen in properties:
        cases = {chosen: exercise.cases(chosen, seed)}
        outcomes = {chosen: call_directly(function, cases[chosen])}
        if failures := find_failures(exercise, cases, outcomes):
            whole = _findings(exercise, function, seed)
            again = any(failure.property.name == chosen for failure in whole.failures)
            sentence = failures[0].difference.sentence
            raise AssertionError(whole.report(chosen).message if again else sentence)


def prepare() -> None:
    """Draw the cases of all exercises, before the first answer comes."""
    for name in exercise_names():
        exercise = load_exercise(name)
        for chosen in exercise.properties:
            exercise.cases(chosen, class_seed())


def explain(name: str, function: Callable) -> None:
    """In the examiner, after a test failed: raise AssertionError with the whole diagnosis.

    Its first line is the stored mistake's name, or empty; the message follows.
    """
    report = _findings(load_exercise(name), function, class_seed()).report()
    if not report.passed:
        raise AssertionError(f"{report.mistake or ''}\n{report.message}")


def _findings(exercise: Exercise, function: Callable, seed: int) -> Findings:
    """All that is wrong with a function, found out once for all its tests."""
    known, findings = _found.get(exercise.name, (None, None))
    if known is not function:
        findings = find(exercise, function, call_directly, seed)
        _found[exercise.name] = function, findings
    return findings


def _speed_note(exercise: Exercise, function: Callable, seed: int) -> str:
    """A note where a right answer takes many times what the matrix form takes.

    Both are called on the exercise's `large` calls, if it has any.
    """
    fast = load_answers("right_answers", exercise.name).get("matrix_form")
    cases = exercise.large_cases(seed)
    if fast is None or not cases:
        return ""
    slow, quick = _seconds(function, cases), _seconds(fast, cases)
    if slow < SLOW * quick or slow < NOTICEABLE:
        return ""
    return f"Right, and about {slow / quick:.0f} times slower than matrix form: can the loops go?"


def _seconds(function: Callable, cases: list[Case]) -> float:
    """The processor time of the second round of calls; the first one warms up."""
    second = call_in_child(function, cases * 2)[len(cases) :]
    return max(sum(getattr(outcome, "seconds", 0.0) for outcome in second), 1e-4)
