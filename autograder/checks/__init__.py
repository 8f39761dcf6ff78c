"""Check a learner's function and name its mistake: the same words in every place.

    from autograder.checks import diagnose
    report = diagnose("softmax", my_softmax)
    print(report.message)

A hidden test cell calls `require`, which names the properties that it grades.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from autograder.checks.calls import outcomes_of
from autograder.checks.diagnosis import Findings, Report, find, find_failures
from autograder.exercises import load_answers, load_exercise
from autograder.findings import Finding
from autograder.kit.exercise import Case, Exercise

NOTICEABLE = 0.05  # seconds, under which no speed is worth a word
SLOW = 20  # times slower than the matrix form: worth a note, never a point

_found: dict[str, tuple[Callable[..., Any], Findings]] = {}  # the last findings of each exercise


class CheckFailed(AssertionError):
    """What a test of ours raises: the finding as data, and as its text."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def diagnose(name: str, function: Callable[..., Any], *, seed: int | None = None) -> Report:
    """Check one function, right here; a report that says what is wrong.

    Raises KeyError, listing the exercises, where there is none of that name.
    """
    exercise = load_exercise(name)
    if not callable(function):
        what = f"{name} is not a function: did you give another value that name?"
        return Report(Finding(what))
    seed = class_seed() if seed is None else seed
    report = Report(find(exercise, function, seed).finding())
    return replace(report, note=_speed_note(exercise, function, seed)) if report.passed else report


def require(name: str, function: Callable[..., Any], *properties: str) -> None:
    """In a test cell: raise CheckFailed with the diagnosis unless these properties hold."""
    exercise, seed = load_exercise(name), class_seed()
    unknown = [p for p in properties if p not in exercise.properties]
    if unknown or not properties:
        raise KeyError(f"{name} has no property {unknown}; it has {list(exercise.properties)}")
    for chosen in properties:
        cases = {chosen: exercise.cases(chosen, seed)}
        outcomes = {chosen: outcomes_of(function, cases[chosen])}
        if failures := find_failures(exercise, cases, outcomes):
            whole = _findings(exercise, function, seed)
            again = any(failure.property.name == chosen for failure in whole.failures)
            finding = whole.finding(chosen) if again else None
            raise CheckFailed(finding or Finding(failures[0].difference.sentence))


def explain(
    name: str,
    function: Callable[..., Any],
    reference: str = "",
    parts: Mapping[str, str] | None = None,
    scope: Mapping[str, Any] | None = None,
) -> None:
    """In the examiner, after a test failed: raise CheckFailed with the whole diagnosis.

    reference: the source of the right answer, which uses the answers to earlier exercises; parts:
    the right sources of those; scope: the namespace with the learner's own. Where the right answer
    does with the learner's parts exactly what the learner's function does, the fault is in the
    parts: the finding follows from each whose right source, in its place alone, changes something.
    """
    findings = _findings(load_exercise(name), function, class_seed())
    finding = findings.finding()
    if finding is None:
        return
    parts, theirs = parts or {}, dict(scope or {})

    def with_right(*mended: str) -> Callable[..., Any]:
        """The right answer with the learner's parts, but for those."""
        namespace = dict(theirs)
        for source in (*(parts[part] for part in mended), reference):
            exec(source, namespace)
        right: Callable[..., Any] = namespace[name]
        return right

    if parts and parts.keys() <= theirs.keys() and findings.did_the_same_as(with_right()):
        causes = [part for part in parts if not findings.did_the_same_as(with_right(part))]
        finding = replace(finding, follows_from=tuple(causes))
    raise CheckFailed(finding)


def prepare(names: Iterable[str]) -> None:
    """Draw the cases of these exercises, and load their mistakes, before the first answer comes."""
    for name in names:
        exercise = load_exercise(name)
        load_answers("wrong", name)
        for chosen in exercise.properties:
            exercise.cases(chosen, class_seed())


def class_seed() -> int:
    """The seed of the class that is being graded; 0 for a lone learner."""
    return int(os.environ.get("AUTOGRADER_SEED", "0"))


def _findings(exercise: Exercise, function: Callable[..., Any], seed: int) -> Findings:
    """All that is wrong with a function, found out once for all its tests."""
    known, findings = _found.get(exercise.name, (None, None))
    if known is not function or findings is None:
        findings = find(exercise, function, seed)
        _found[exercise.name] = function, findings
    return findings


def _speed_note(exercise: Exercise, function: Callable[..., Any], seed: int) -> str:
    """A note where a right answer takes many times what the matrix form takes.

    Both are called on the exercise's `large` calls, if it has any.
    """
    fast = load_answers("right", exercise.name).get("matrix_form")
    cases = exercise.large_cases(seed)
    if fast is None or not cases:
        return ""
    slow, quick = _seconds(function, cases), _seconds(fast, cases)
    if slow < SLOW * quick or slow < NOTICEABLE:
        return ""
    return f"Right, and about {slow / quick:.0f} times slower than matrix form: can the loops go?"


def _seconds(function: Callable[..., Any], cases: list[Case]) -> float:
    """The processor time of the second round of calls; the first one warms up."""
    second = outcomes_of(function, cases * 2)[len(cases) :]
    return max(sum(getattr(outcome, "seconds", 0.0) for outcome in second), 1e-4)
