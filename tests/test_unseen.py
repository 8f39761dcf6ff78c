"""Answers that nobody wrote beside the tests: the wrong ones lose, the right ones pass.

An exercise has some where there is a `tests/unseen/<exercise>.py`.
"""

import pytest
import torch  # noqa: F401 - so that no answer's time holds its import
from unseen import answered_unseen, unseen

from autograder.checks import diagnose
from autograder.exercises import exercise_names

each_exercise = pytest.mark.parametrize("exercise", answered_unseen())


def test_unseen_answers_belong_to_exercises():
    assert set(answered_unseen()) <= set(exercise_names())


@each_exercise
def test_a_wrong_answer_from_elsewhere_loses_points(exercise):
    answers = unseen("wrong", exercise)

    assert len(answers) >= 8
    assert not [name for name, answer in answers.items() if diagnose(exercise, answer).passed]


@each_exercise
def test_a_right_answer_from_elsewhere_passes(exercise):
    answers = unseen("right", exercise)
    reports = {name: diagnose(exercise, answer) for name, answer in answers.items()}

    assert reports
    assert not {name: said.message for name, said in reports.items() if not said.passed}
