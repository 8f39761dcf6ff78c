"""softmax(x, axis=-1): scores become shares that are positive and sum to 1 along an axis."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(x: Array, axis: int = -1) -> Array:
    """One slice after another, one number after another, in double precision.

    x: array of scores, any shape; floats or whole numbers.
    axis: the axis along which the shares sum to 1.
    Returns an array of the shape of x, float64.
    Raises AxisError for an axis that x does not have.
    """
    scores = np.moveaxis(np.array(x, dtype=np.float64), axis, -1)
    shares = np.empty_like(scores)
    for index in np.ndindex(scores.shape[:-1]):
        row = [float(score) for score in scores[index]]
        strengths = [math.exp(score - max(row)) for score in row]
        shares[index] = [strength / math.fsum(strengths) for strength in strengths]
    return np.moveaxis(shares, -1, axis)


exercise = Exercise(oracle, returns=("shares",))


@exercise.property
def one_row(rng: np.random.Generator) -> Iterator[Case]:
    """One row of scores becomes shares that sum to 1.

    Hint: make every score positive with an exponential, then divide by the total.
    """
    yield call(np.array([1.0, 3.0, 6.0]))
    yield call(np.array([-2.0, 8.0, 8.0]))
    yield call(rng.normal(size=1))
    yield call(rng.normal(size=7))


@exercise.property
def each_row_by_itself(rng: np.random.Generator) -> Iterator[Case]:
    """In a matrix of scores, every row gets shares of its own.

    Hint: sum along the last axis, and keep that axis (`keepdims=True`) so that the
    division lines up.
    """
    yield call(rng.normal(size=(2, 3)))
    yield call(rng.normal(size=(4, 4)))
    yield call(rng.normal(size=(5, 2)))


@exercise.property
def any_axis(rng: np.random.Generator) -> Iterator[Case]:
    """The argument `axis` says along which axis the shares sum to 1.

    Hint: does every `max` and every `sum` get `axis=axis`?
    """
    yield call(rng.normal(size=(2, 3)), axis=0)
    yield call(rng.normal(size=(3, 2, 4)), axis=1)
    yield call(rng.normal(size=(3, 2, 4)), axis=-2)
    yield call(rng.normal(size=(2, 3)), 0)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading axes (batches, heads) pass through untouched.

    Hint: name the axis from the end (-1), never as 1.
    """
    yield call(rng.normal(size=(2, 3, 4)))
    yield call(rng.normal(size=(2, 1, 3, 5)))


@exercise.property
def large_scores(rng: np.random.Generator) -> Iterator[Case]:
    """Scores of a thousand give shares, not NaN.

    Hint: adding the same number to every score of a row changes no share. Which number
    makes the largest exponential harmless?
    """
    yield call(np.array([1000.0, 1001.0, 1003.0]))
    yield call(np.array([-1000.0, -1001.0, -1003.0]))
    yield call(rng.normal(size=(2, 3)) * 2000)
    yield call(np.array([40_000.0, 40_001.0]))  # too large for a long double, too


@exercise.property
def rows_far_apart(rng: np.random.Generator) -> Iterator[Case]:
    """A row of large scores does not spoil a row of small ones.

    Hint: each row needs its own maximum.
    """
    yield call(np.array([[1000.0, 1001.0], [-1000.0, -1002.0]]))
    yield call(rng.normal(size=(3, 4)) + np.array([[900.0], [0.0], [-900.0]]))


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out.

    Hint: which number or call in your answer is always float64?
    """
    yield call(rng.normal(size=(2, 3)).astype(np.float32))
    yield call(rng.normal(size=(2, 3)))


@exercise.property
def integer_scores(rng: np.random.Generator) -> Iterator[Case]:
    """Whole-number scores work too.

    Hint: an integer array cannot hold a share; let NumPy make a new array for the result.
    """
    yield call(np.array([1, 3, 6]))
    yield call(rng.integers(-5, 5, size=(2, 3)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The scores that came in are still there afterwards.

    Hint: `x -= …` writes into the caller's array; `x = x - …` makes a new one.
    """
    yield call(rng.normal(size=3))
    yield call(rng.normal(size=(2, 3)))


@exercise.large
def many_rows(rng: np.random.Generator) -> Iterator[Case]:
    """What one layer of a tiny model asks for."""
    yield call(rng.normal(size=(4, 64, 64)))
