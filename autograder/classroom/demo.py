"""The sample class: made by code, graded like any other, and checked against what it is for."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.checks import diagnose
from autograder.classroom.folder import Classroom
from autograder.classroom.releases import Shelf
from autograder.course.cells import answered, reference_answers
from autograder.course.notebooks import notebook_bytes
from autograder.errors import UsageError
from autograder.exercises import load_answers
from autograder.grading.corpus import answer_source, stored_answers
from autograder.grading.release import Release
from autograder.results import Result

STAMP = "this-class-is-a-demo"
SHORT_LIMITS = "\n[limits]\nseconds = 3\ntotal_seconds = 15  # the endless loop need not run long\n"
ENDLESS = "# exercise: {name}\ndef {name}(*args, **kwargs):\n    while True:\n        pass"
FORGED = "{answer}\n\nimport numpy as np\nnp.allclose = np.isclose = lambda *args, **kwargs: True"


@dataclass(frozen=True)
class Persona:
    """A sample learner: what they hand in, and what must come of it."""

    student: str
    says: str
    hand_in: Callable[[Release, int], bytes]
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
        release = Shelf(classroom, chapter).current
        for persona in personas():
            path = classroom.notebook("submitted", chapter, persona.student)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(persona.hand_in(release, number))
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


def _filled(release: Release, answers: dict[str, str]) -> bytes:
    return notebook_bytes(answered(release.learner, answers))


def _reference(release: Release, number: int) -> bytes:
    return _filled(release, reference_answers(release.teacher))


def _other_style(release: Release, number: int) -> bytes:
    styles = {name: list(stored_answers("right", name).values()) for name in release.exports}
    answers = {name: texts[-1] for name, texts in styles.items() if texts}
    return _filled(release, reference_answers(release.teacher) | answers)


def _every_second(release: Release, number: int) -> bytes:
    return _reference(release, number) if number % 2 == 0 else _blank(release, number)


def _mistake(grossness: float) -> Callable[[Release, int], bytes]:
    """Hands in a stored mistake in every exercise: 0 the smallest slip, 1 the grossest error."""

    def hand_in(release: Release, number: int) -> bytes:
        answers = {name: _stored_mistake(name, grossness) for name in release.exports}
        return _filled(release, answers)

    return hand_in


@cache
def _stored_mistake(exercise: str, grossness: float) -> str:
    """The stored mistake at this place among all, ordered by how many properties each fails."""
    failed = {
        name: len(diagnose(exercise, function).failed)
        for name, function in load_answers("wrong", exercise).items()
    }
    ranked = sorted(failed, key=failed.__getitem__)
    return answer_source("wrong", exercise, ranked[round(grossness * (len(ranked) - 1))])


def _blank(release: Release, number: int) -> bytes:
    return notebook_bytes(release.learner)


def _truncated(release: Release, number: int) -> bytes:
    whole = _reference(release, number)
    return whole[: len(whole) * 2 // 3]


def _endless(release: Release, number: int) -> bytes:
    first = next(iter(release.exports))
    answers = {first: ENDLESS.format(name=first)}
    return _filled(release, reference_answers(release.teacher) | answers)


def _forged(release: Release, number: int) -> bytes:
    first = next(iter(release.exports))
    wrong = next(iter(stored_answers("wrong", first).values()))
    answers = {first: FORGED.format(answer=wrong)}
    return _filled(release, reference_answers(release.teacher) | answers)


def _full(result: Result) -> bool:
    return result.score == result.max_score > 0


def _zero(result: Result) -> bool:
    return result.score == 0


def _partial(result: Result) -> bool:
    return 0 <= result.score < result.max_score


def _full_or_nothing(result: Result) -> bool:
    return result.outcome in ("graded", "no_response") and result.score in (0, result.max_score)
