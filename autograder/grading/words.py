"""A result in words, once for every place: a page, Markdown, a platform's comment, a terminal.

`view` decides what is said and in which order; the renderers only dress it. What is wrong with an
exercise is said once, and a test adds only what that did not say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from autograder.findings import Finding
from autograder.results import Result, TestResult


@dataclass(frozen=True)
class TestView:
    """One test: its name in words, and what it says beside the exercise's own finding."""

    title: str
    score: float
    points: float
    lines: list[str]

    @property
    def sign(self) -> str:
        """A mark that needs no colour."""
        return "✓" if self.score == self.points else "✗"

    @property
    def head(self) -> str:
        """The test's own line."""
        return f"{self.sign} {self.title}: {self.score:g} of {self.points:g}"


@dataclass(frozen=True)
class ExerciseView:
    """One exercise: what is wrong with it, as lines or blocks of text, and its tests."""

    name: str
    lines: list[str]
    tests: list[TestView]

    @property
    def score(self) -> float:
        """The sum of its tests' scores."""
        return sum(test.score for test in self.tests)

    @property
    def points(self) -> float:
        """The most that it can give."""
        return sum(test.points for test in self.tests)


@dataclass(frozen=True)
class View:
    """A result as a person reads it."""

    head: str
    reason: str
    exercises: list[ExerciseView]
    stopped: list[str] = field(default_factory=list)


def view(result: Result) -> View:
    """What there is to say on a result, to its learner."""
    exercises = []
    for name, group in groupby(result.tests, key=lambda test: test.exercise):
        tests = list(group)
        finding = result.findings.get(name) or _common(tests)
        lines = _lines(name, finding) if finding else []
        exercises.append(ExerciseView(name, lines, [_test_view(test, finding) for test in tests]))
    head = f"{result.chapter}: {result.score:g} of {result.max_score:g} points"
    return View(head, result.reason, exercises, result.stopped)


def as_markdown(result: Result) -> str:
    """For a text field of a learning platform, and beside the page."""
    shown = view(result)
    lines = [f"**{shown.head}**"]
    lines += ["", shown.reason] if shown.reason else []
    for exercise in shown.exercises:
        lines += ["", f"**{exercise.name}**", ""]
        for text in exercise.lines:
            lines += [*_indented(text), ""]
        for test in exercise.tests:
            lines.append(f"- {test.head}")
            for text in test.lines:
                lines += ["", *_indented(text), ""]
    lines += ["", *(f"- {text}" for text in shown.stopped)] if shown.stopped else []
    return "\n".join(lines) + "\n"


def as_comment(result: Result) -> str:
    """As the HTML of a comment in a learning platform; everything in it is escaped."""
    shown = view(result)
    parts = [f"<p><b>{escape(shown.head)}</b></p>"]
    parts += [f"<p>{escape(shown.reason)}</p>"] if shown.reason else []
    for exercise in shown.exercises:
        if len(shown.exercises) > 1:
            parts.append(f"<p><b>{escape(exercise.name)}</b></p>")
        parts += [f"<pre>{escape(text)}</pre>" for text in exercise.lines]
        for test in exercise.tests:
            parts.append(f"<p>{escape(test.head)}</p>")
            parts += [f"<pre>{escape(text)}</pre>" for text in test.lines]
    parts += [f"<p>{escape(text)}</p>" for text in shown.stopped]
    return "".join(parts)


def as_terminal(result: Result) -> Iterator[tuple[str, str]]:
    """Lines for a terminal, each with its kind: `right`, `wrong`, `name` or `text`."""
    shown = view(result)
    for exercise in shown.exercises:
        yield "name", f"{exercise.name}: {exercise.score:g} of {exercise.points:g}"
        for text in exercise.lines:
            yield from (("text", f"  {line}") for line in text.splitlines())
        for test in exercise.tests:
            yield "right" if test.sign == "✓" else "wrong", f"  {test.head}"
            for text in test.lines:
                yield from (("text", f"      {line}") for line in text.splitlines())


def first_sentences(result: Result) -> list[str]:
    """The first thing that is wrong with each exercise, for a teacher's list."""
    shown = view(result)
    sentences = []
    for exercise in shown.exercises:
        of_tests = [line for test in exercise.tests for line in test.lines]
        said = [*exercise.lines, *of_tests]
        if said:
            sentences.append(f"{exercise.name}: {said[0].splitlines()[0]}")
    return sentences


def title(test: TestResult) -> str:
    """A test's name in words: `softmax_any_axis` becomes "any axis"."""
    return test.grade_id.removeprefix(f"{test.exercise}_").replace("_", " ")


def _lines(exercise: str, finding: Finding) -> list[str]:
    """A finding as it is read; where the fault is an earlier exercise's, that is all."""
    if not finding.follows_from:
        return finding.lines
    causes = " and ".join(f"`{name}`" for name in finding.follows_from)
    return [
        f"This follows from {causes}: on all that was tried, a right `{exercise}` that calls your "
        f"{causes} gives what yours gives. Mend {causes} first."
    ]


def _common(tests: list[TestResult]) -> Finding | None:
    """What all failed tests of an exercise say alike, where there are several."""
    findings = [test.finding for test in tests if test.finding]
    alike = len(findings) > 1 and all(finding == findings[0] for finding in findings)
    return findings[0] if alike else None


def _test_view(test: TestResult, whole: Finding | None) -> TestView:
    said = test.finding.lines if test.finding else []
    if test.finding and whole and _adds_nothing(test.finding, whole):
        said = []
    return TestView(title(test), test.score, test.points, said)


def _adds_nothing(one: Finding, whole: Finding) -> bool:
    """Is what a test found but another face of what is wrong with the whole exercise?"""
    if whole.follows_from or one.raised:  # a wrong piece; a value that the test stumbled over
        return True
    same_mistake = bool(whole.mistake) and one.mistake == whole.mistake
    start = one.sentence.partition(":")[0].rstrip(".")
    return same_mistake or any(text.startswith(start) for text in (whole.sentence, whole.detail))


def _indented(text: str) -> list[str]:
    return [f"      {line}" for line in text.splitlines()]
