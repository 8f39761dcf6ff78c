"""`diagnose` names the mistake, never crashes, and never lets a wrong answer pass."""

import importlib
from dataclasses import replace

import numpy as np
import pytest
import torch  # noqa: F401 - so that no answer's time holds its import

from autograder.checks import diagnose, require
from autograder.checks.calls import outcomes_of
from autograder.checks.diagnosis import PASSED
from autograder.exercises import exercise_names, load_answers, load_exercise

EXERCISES = exercise_names()


def right_softmax(x, axis=-1):
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def test_an_unknown_exercise_raises_key_error_listing_them():
    with pytest.raises(KeyError, match="softmax"):
        diagnose("softmaxx", right_softmax)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_right_answer_passes(exercise):
    for name, function in load_answers("right", exercise).items():
        report = diagnose(exercise, function)
        assert report.passed, f"{name}: {report.message}"
        assert report.message == PASSED
        assert report.mistake is None


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_stored_mistake_fails_and_is_named(exercise):
    wrong = load_answers("wrong", exercise)
    reports = {name: diagnose(exercise, function) for name, function in wrong.items()}

    assert not [name for name, report in reports.items() if report.passed]
    named = [name for name, report in reports.items() if report.mistake == name]
    assert len(named) >= 0.95 * len(wrong), sorted(set(wrong) - set(named))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_diagnosis_does_not_depend_on_the_seed(exercise):
    for name, function in load_answers("wrong", exercise).items():
        assert not diagnose(exercise, function, seed=20261121).passed, name
    for name, function in load_answers("right", exercise).items():
        assert diagnose(exercise, function, seed=20261121).passed, name


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_answer_changes_the_cases_of_the_next_one(exercise):
    """They are drawn once for the whole class."""
    loaded = load_exercise(exercise)
    drawn = [case for name in loaded.properties for case in loaded.cases(name, 1)]
    for function in load_answers("wrong", exercise).values():
        outcomes_of(function, drawn)
    anew = replace(loaded, _drawn={})
    again = [case for name in loaded.properties for case in anew.cases(name, 1)]
    for one, other in zip(drawn, again, strict=True):
        assert one is not other
        np.testing.assert_equal(one.args, other.args)
        np.testing.assert_equal(one.kwargs, other.kwargs)
        np.testing.assert_equal(one.expected, other.expected)


def arrays_in(value):
    """Every array in a call's arguments."""
    if isinstance(value, np.ndarray):
        return [value]
    held = list(value.values()) if isinstance(value, dict) else value
    return [a for v in held for a in arrays_in(v)] if isinstance(held, list | tuple) else []


def untried(exercise):
    """The kinds of input that the exercise's own file says it does not try."""
    module = importlib.import_module(f"autograder.exercises.{exercise}.properties")
    return getattr(module, "UNTRIED", set())


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_is_tested_on_every_kind_of_input(exercise):
    """Single and double precision, whole numbers, batch axes; and the input is left alone.

    One that takes no array of numbers with a point is about something else.
    """
    loaded = load_exercise(exercise)
    cases = [case for name in loaded.properties for case in loaded.cases(name, 0)]
    given = [arrays_in([*case.args, *case.kwargs.values()]) for case in cases]
    dtypes = {array.dtype.name for arrays in given for array in arrays}
    if not any(name.startswith("float") for name in dtypes):
        return
    n_axes = {arrays[0].ndim for arrays in given if arrays}
    tried = {
        "single precision": "float32" in dtypes,
        "double precision": "float64" in dtypes,
        "whole numbers": "int64" in dtypes,
        "batch axes": len(n_axes) >= 3,
    }
    checks = {chosen.check.__name__ for chosen in loaded.properties.values()}

    assert {kind for kind, is_tried in tried.items() if not is_tried} == untried(exercise)
    assert {"same_values", "same_dtype", "inputs_untouched"} <= checks


def generator(x, axis=-1):
    yield from x


class Liar:
    """Equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __array__(self, *args, **kwargs):
        raise RuntimeError("you looked")


class ArrayThatLies(np.ndarray):
    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x, axis=-1: None, "None (is there a `return`?)"),
        (lambda x, axis=-1: x[:0], "shape"),
        (lambda x, axis=-1: np.array(None), "got an array of Python objects"),
        (lambda x, axis=-1: x.astype(str), "expected real numbers"),
        (lambda x, axis=-1: x * 1j, "expected real numbers"),
        (lambda x, axis=-1: list(right_softmax(x)), "a list"),
        (lambda x, axis=-1: (x, x), "a tuple of 2"),
        (lambda x, axis=-1: "0.5", "a str"),
        (lambda x, axis=-1: Liar(), "a Liar"),
        (lambda x, axis=-1: np.ones(x.shape).view(ArrayThatLies), "off"),
        (lambda x, axis=-1: np.full(x.shape, np.nan), "NaN"),
        (lambda: 1, "TypeError"),
        (lambda x, axis=-1: 1 / 0, "ZeroDivisionError"),
        (generator, "generator"),
    ],
)
def test_whatever_a_function_does_it_gets_a_sentence_of_its_own(function, words):
    report = diagnose("softmax", function)

    assert not report.passed
    assert words in report.message, report.message


def test_what_is_no_function_is_said():
    assert "not a function" in diagnose("softmax", 3).message


def test_an_empty_stub_is_called_empty():
    def softmax(x, axis=-1):
        raise NotImplementedError

    assert "still empty" in diagnose("softmax", softmax).message


def test_the_message_shows_expected_and_actual_side_by_side_on_a_small_input():
    report = diagnose("softmax", lambda x, axis=-1: x / x.sum(axis=axis, keepdims=True))

    assert report.mistake == "plain_shares"
    assert "the exponential is missing" in report.message
    assert "Hint: " in report.message
    assert "expected\n[0.0064 0.0471 0.9465]" in report.message
    assert "but got\n[0.1 0.3 0.6]" in report.message


def test_mistakes_that_were_not_written_beside_the_tests_lose_too():
    def sorts_first(x, axis=-1):
        return np.sort(right_softmax(x, axis), axis=axis)

    def float16_inside(x, axis=-1):
        return right_softmax(x.astype(np.float16), axis).astype(x.dtype)

    def sigmoid(x, axis=-1):
        strengths = 1 / (1 + np.exp(-x))
        return strengths / strengths.sum(axis=axis, keepdims=True)

    def clipped(x, axis=-1):
        return right_softmax(np.clip(x, -100, 100), axis)

    def first_call_remembered(x, axis=-1, memory={}):  # noqa: B006
        return memory.setdefault(x.shape, right_softmax(x, axis))

    for function in (sorts_first, float16_inside, sigmoid, clipped, first_call_remembered):
        assert not diagnose("softmax", function).passed, function.__name__


def test_require_raises_with_the_diagnosis_and_passes_silently():
    require("softmax", right_softmax, "one_row", "large_scores")
    with pytest.raises(AssertionError, match="Large scores overflow"):
        require(
            "softmax",
            load_answers("wrong", "softmax")["no_maximum_subtracted"],
            "large_scores",
        )


def test_require_refuses_a_property_that_does_not_exist():
    with pytest.raises(KeyError, match="one_rov"):
        require("softmax", right_softmax, "one_rov")
