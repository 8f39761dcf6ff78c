"""Find out what is wrong with an answer: every property's failures, and the mistake's name."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograder.checks.calls import outcomes_of
from autograder.exercises import load_answers
from autograder.findings import Finding
from autograder.kit.compare import Difference, Outcome, Raised, same_outcome, show
from autograder.kit.exercise import Case, Exercise, Property, title_and_hint

PASSED = "All checks passed."
Function = Callable[..., Any]
Row = tuple[Property, Case, Outcome, bool]  # the last: did it fail?


@dataclass(frozen=True)
class Report:
    """What `diagnose` found: nothing, or what is wrong; `note` is a remark that costs nothing."""

    finding: Finding | None = None
    note: str = ""

    @property
    def passed(self) -> bool:
        """Is the answer right?"""
        return self.finding is None

    @property
    def message(self) -> str:
        """The report as a person reads it."""
        return str(self.finding) if self.finding else PASSED

    @property
    def mistake(self) -> str | None:
        """The name of the stored mistake that it is, if it is one."""
        return (self.finding and self.finding.mistake) or None

    @property
    def failed(self) -> tuple[str, ...]:
        """The properties that do not hold."""
        return self.finding.failed if self.finding else ()


@dataclass(frozen=True)
class Failure:
    """One call that a property's check refuses, and why."""

    property: Property
    case: Case
    difference: Difference


@dataclass(frozen=True)
class Findings:
    """What a function did on every case of an exercise."""

    exercise: Exercise
    cases: dict[str, list[Case]]
    outcomes: dict[str, list[Outcome]]

    @cached_property
    def failures(self) -> list[Failure]:
        """Every failing call, in the properties' order."""
        return find_failures(self.exercise, self.cases, self.outcomes)

    @cached_property
    def mistake(self) -> str | None:
        """The stored mistake that this is, if it is one."""
        return _name_mistake(self)

    def did_the_same_as(self, function: Function) -> bool:
        """Does another function do the same on every case? Those that fail are tried first."""
        return all(
            same_outcome(mine, other)
            for _, case, mine, _ in _rows_that_tell_most(self)
            for other in outcomes_of(function, [case])
        )

    def finding(self, shown: str = "") -> Finding | None:
        """The diagnosis; its example is from the property `shown`, or the first that fails."""
        if not self.failures:
            return None
        return _finding(self, shown or self.failures[0].property.name)


def find(exercise: Exercise, function: Function, seed: int) -> Findings:
    """Call the function on every case of every property, in order."""
    cases = {name: exercise.cases(name, seed) for name in exercise.properties}
    every = [case for group in cases.values() for case in group]
    results = iter(outcomes_of(function, every))
    outcomes = {name: [next(results) for _ in group] for name, group in cases.items()}
    return Findings(exercise, cases, outcomes)


def find_failures(
    exercise: Exercise, cases: dict[str, list[Case]], outcomes: dict[str, list[Outcome]]
) -> list[Failure]:
    """Every case that its property's check refuses, in the properties' order."""
    failures = []
    for name, outcomes_here in outcomes.items():
        chosen = exercise.properties[name]
        for case, outcome in zip(cases[name], outcomes_here, strict=True):
            difference = _difference(exercise, chosen, case, outcome)
            if difference:
                failures.append(Failure(chosen, case, difference))
    return failures


def _difference(
    exercise: Exercise, chosen: Property, case: Case, outcome: Outcome
) -> Difference | None:
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
    if outcome.kind == "NotImplementedError" and not outcome.text:  # a library's own has words
        return f"{exercise.name} is still empty: write your answer where the stub raises."
    if outcome.kind == "MemoryError":
        return "It asked for more memory than there is: is an array built with a wrong shape?"
    if outcome.kind == "AssertionError":
        return f"An `assert` in your code failed{f': {outcome.text}' if outcome.text else '.'}"
    return f"It raised {outcome.kind}: {outcome.text.rstrip('.') or 'no message'}."


def _name_mistake(findings: Findings) -> str | None:
    """The stored mistake that did the same on every failing case, and fails no other case.

    Among several, the one that did the same most often elsewhere too.
    """
    rows = _rows_that_tell_most(findings)
    likeness = {
        name: _likeness(findings.exercise, rows, function)
        for name, function in load_answers("wrong", findings.exercise.name).items()
    }
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best and likeness[best] >= 0 else None


def _rows_that_tell_most(findings: Findings) -> list[Row]:
    """Every case; small failing ones come first, where most mistakes part."""
    failing = {id(failure.case) for failure in findings.failures}
    rows = [
        (findings.exercise.properties[name], case, outcome, id(case) in failing)
        for name, cases in findings.cases.items()
        for case, outcome in zip(cases, findings.outcomes[name], strict=True)
    ]
    return sorted(rows, key=lambda row: (not row[3], row[1].size))


def _likeness(exercise: Exercise, rows: list[Row], mistake: Function) -> float:
    """On how many cases a stored mistake did the same; -inf if it cannot be this one."""
    score = 0
    for chosen, case, mine, failed in rows:
        (other,) = outcomes_of(mistake, [case])
        if same_outcome(mine, other):
            score += 1
        elif failed or _difference(exercise, chosen, case, other):
            return -math.inf
    return score


def _finding(findings: Findings, shown: str) -> Finding:
    """What is wrong, a hint, and the smallest input that shows it, expected beside actual."""
    smallest = min(
        (failure for failure in findings.failures if failure.property.name == shown),
        key=lambda failure: failure.case.size,
    )
    difference = smallest.difference
    failed = dict.fromkeys(failure.property.name for failure in findings.failures)
    finding = Finding(
        sentence=difference.sentence,
        hint=smallest.property.hint,
        call=_call_text(findings.exercise, smallest.case),
        failed=tuple(failed),
    )
    if findings.mistake:
        stored = load_answers("wrong", findings.exercise.name)[findings.mistake]
        sentence, hint = title_and_hint(stored)
        finding = replace(
            finding, sentence=sentence, hint=hint or finding.hint, mistake=findings.mistake
        )
    if difference.actual is not None:
        expected, actual = show(difference.expected), show(difference.actual)
        return replace(finding, expected=expected, actual=actual)
    said_already = difference.sentence == finding.sentence
    return finding if said_already else replace(finding, detail=difference.sentence)


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
