"""Answers that nobody wrote beside the tests: the wrong ones lose, the right ones pass."""

import pytest
import torch  # noqa: F401 - so that no answer's time holds its import
from unseen import unseen

from autograder.checks import diagnose
from autograder.exercises import exercise_names

pytestmark = pytest.mark.parametrize("exercise", exercise_names())


def test_a_wrong_answer_from_elsewhere_loses_points(exercise):
    answers = unseen("wrong", exercise)

    assert len(answers) >= 8
    assert not [name for name, answer in answers.items() if diagnose(exercise, answer).passed]


def test_a_right_answer_from_elsewhere_passes(exercise):
    answers = unseen("right", exercise)
    reports = {name: diagnose(exercise, answer) for name, answer in answers.items()}

    assert reports
    assert not {name: said.message for name, said in reports.items() if not said.passed}
