"""The sample class: made by code, graded like any other, and checked against what it is for."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.checks import diagnose
from autograder.checks.corpus import answer_source, answered, reference_answers, stored_answers
from autograder.checks.exercise import load_answers
from autograder.classroom.folder import Classroom
from autograder.errors import UsageError
from autograder.grading.grader import Assignment
from autograder.grading.results import Result
from autograder.notebooks import notebook_bytes

STAMP = "this-class-is-a-demo"
SHORT_LIMITS = "\n[limits]\nseconds = 3\ntotal_seconds = 15  # the endless loop need not run long\n"
ENDLESS = "# exercise: {name}\ndef {name}(*args, **kwargs):\n    while True:\n        pass"
FORGED = "{answer}\n\nimport numpy as np\nnp.allclose = np.isclose = lambda *args, **kwargs: True"


@dataclass(frozen=True)
class Persona:
    """A sample learner: what they hand in, and what must come of it."""

    student: str
    says: str
    hand_in: Callable[[Assignment, int], bytes]
    outcome: str
    expected: Callable[[Result], bool]


def personas() -> list[Persona]:
    """The sample class."""
    return [
        Persona("ada", "knows every answer", _reference, "graded", _full),
        Persona("ben", "answers in a style of his own", _other_style, "graded", _full),
        Persona("cleo", "has half of the course done", _every_second, "", _full_or_nothing),
        Persona("dan", "makes gross mistakes", _mistake(1.0), "graded", _partial),
        Persona("eve", "makes typical mistakes", _mistake(0.3), "graded", _partial),
        Persona("finn", "makes small slips", _mistake(0.0), "graded", _partial),
        Persona("gil", "hands in a blank notebook", _blank, "no_response", _zero),
        Persona("hal", "uploads a file that breaks off", _truncated, "invalid_submission", _zero),
        Persona("ida", "has an endless loop", _endless, "graded", _partial),
        Persona("jack", "patches NumPy to forge a pass", _forged, "graded", _partial),
    ]


def make_demo(folder: Path) -> Classroom:
    """A fresh sample class in that folder; refuses a folder that it did not make."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / ".autograder" / STAMP).is_file():
            raise UsageError(
                f"{folder} is not a sample class; name another folder, or move it away"
            )
        shutil.rmtree(folder)
    classroom = Classroom.create(folder)
    classroom.settings_file.write_text(classroom.settings_file.read_text() + SHORT_LIMITS)
    (classroom.state / STAMP).touch()
    return classroom


def hand_in(classroom: Classroom) -> Iterator[Path]:
    """Write every persona's submission of every released chapter."""
    for number, chapter in enumerate(classroom.chapters()):
        assignment = Assignment(classroom, chapter)
        for persona in personas():
            path = classroom.notebook("submitted", chapter, persona.student)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(persona.hand_in(assignment, number))
            yield path


def surprises(results: list[Result]) -> list[str]:
    """What did not come out as its persona was made for; empty when all is well."""
    known = {persona.student: persona for persona in personas()}
    problems = []
    for result in results:
        persona = known[result.student]
        wrong_outcome = persona.outcome and result.outcome != persona.outcome
        if wrong_outcome or not persona.expected(result):
            problems.append(
                f"{result.student} ({persona.says}) in {result.chapter}: "
                f"{result.outcome}, {result.score:g} of {result.max_score:g} {result.reason}"
            )
    return problems


def _filled(assignment: Assignment, answers: dict[str, str]) -> bytes:
    return notebook_bytes(answered(assignment.learner, answers))


def _reference(assignment: Assignment, number: int) -> bytes:
    return _filled(assignment, reference_answers(assignment.teacher))


def _other_style(assignment: Assignment, number: int) -> bytes:
    styles = {
        name: list(stored_answers("right_answers", name).values()) for name in assignment.exports
    }
    answers = {name: texts[-1] for name, texts in styles.items() if texts}
    return _filled(assignment, reference_answers(assignment.teacher) | answers)


def _every_second(assignment: Assignment, number: int) -> bytes:
    return _reference(assignment, number) if number % 2 == 0 else _blank(assignment, number)


def _mistake(grossness: float) -> Callable[[Assignment, int], bytes]:
    """Hands in a stored mistake in every exercise: 0 the smallest slip, 1 the grossest error."""

    def hand_in(assignment: Assignment, number: int) -> bytes:
        answers = {name: _stored_mistake(name, grossness) for name in assignment.exports}
        return _filled(assignment, answers)

    return hand_in


@cache
def _stored_mistake(exercise: str, grossness: float) -> str:
    """The stored mistake at this place among all, ordered by how many properties each fails."""
    failed = {
        name: len(diagnose(exercise, function).failed)
        for name, function in load_answers("wrong_answers", exercise).items()
    }
    ranked = sorted(failed, key=failed.__getitem__)
    return answer_source("wrong_answers", exercise, ranked[round(grossness * (len(ranked) - 1))])


def _blank(assignment: Assignment, number: int) -> bytes:
    return notebook_bytes(assignment.learner)


def _truncated(assignment: Assignment, number: int) -> bytes:
    whole = _reference(assignment, number)
    return whole[: len(whole) * 2 // 3]


def _endless(assignment: Assignment, number: int) -> bytes:
    first = next(iter(assignment.exports))
    answers = {first: ENDLESS.format(name=first)}
    return _filled(assignment, reference_answers(assignment.teacher) | answers)


def _forged(assignment: Assignment, number: int) -> bytes:
    first = next(iter(assignment.exports))
    wrong = next(iter(stored_answers("wrong_answers", first).values()))
    answers = {first: FORGED.format(answer=wrong)}
    return _filled(assignment, reference_answers(assignment.teacher) | answers)


def _full(result: Result) -> bool:
    return result.score == result.max_score > 0


def _zero(result: Result) -> bool:
    return result.score == 0


def _partial(result: Result) -> bool:
    return 0 <= result.score < result.max_score


def _full_or_nothing(result: Result) -> bool:
    return result.outcome in ("graded", "no_response") and result.score in (0, result.max_score)
