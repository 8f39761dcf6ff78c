"""attention_scores(Q, K): every query meets every key."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(Q: Array, K: Array) -> Array:
    """One query, one key, one number after another, in double precision.

    Q: queries, (..., n, d_k), one per row; floats or whole numbers.
    K: keys, (..., m, d_k), with the same leading axes; floats or whole numbers.
    Returns the scores, (..., n, m), float64: entry (i, j) is query i with key j, not scaled.
    """
    n_queries, n_keys = Q.shape[-2], K.shape[-2]
    scores = np.zeros((*Q.shape[:-2], n_queries, n_keys))
    for index in np.ndindex(scores.shape):
        *batch, i, j = index
        q, k = Q[(*batch, i)], K[(*batch, j)]
        scores[index] = math.fsum(float(a) * float(b) for a, b in zip(q, k, strict=True))
    return scores


def _drawn(
    rng: np.random.Generator, batch: tuple[int, ...], n_queries: int, n_keys: int, d_k: int
) -> Case:
    """A call on fresh queries and keys with these sizes."""
    return call(rng.normal(size=(*batch, n_queries, d_k)), rng.normal(size=(*batch, n_keys, d_k)))


exercise = Exercise(oracle, returns=("scores",))


@exercise.property
def small_tables(rng: np.random.Generator) -> Iterator[Case]:
    """Two words ask two words: rows ask, columns answer.

    Hint: entry (i, j) is the dot product of query i and key j.
    """
    yield call(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 3.0], [5.0, 7.0]]))
    yield _drawn(rng, (), 1, 1, 3)
    yield _drawn(rng, (), 4, 4, 4)
    yield _drawn(rng, (), 3, 3, 2)


@exercise.property
def any_table(rng: np.random.Generator) -> Iterator[Case]:
    """There may be more keys than queries, or fewer.

    Hint: n queries and m keys give a table (n, m); one product does it.
    """
    yield _drawn(rng, (), 2, 3, 4)
    yield _drawn(rng, (), 5, 2, 3)
    yield _drawn(rng, (), 1, 6, 2)
    yield _drawn(rng, (), 4, 1, 7)
    yield call(rng.normal(size=(2, 3)) * 1e4, rng.normal(size=(2, 3)))  # no score is too large


@exercise.property
def square_batches(rng: np.random.Generator) -> Iterator[Case]:
    """In a batch, each sentence has a table of its own, also where all sizes are equal.

    Hint: `.T` turns all axes round; which two should change places?
    """
    yield _drawn(rng, (2,), 2, 2, 2)
    yield _drawn(rng, (3,), 3, 3, 3)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading axes (batches, heads) pass through untouched.

    Hint: count axes from the end: -1 and -2.
    """
    yield _drawn(rng, (2,), 3, 4, 5)
    yield _drawn(rng, (1,), 2, 2, 3)
    yield _drawn(rng, (2, 3), 4, 2, 5)


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out; float64 in, float64 out.

    Hint: does a call in your answer make an array of its own, or a number that is float64?
    """
    double = _drawn(rng, (), 2, 3, 4)
    yield call(*(array.astype(np.float32) for array in double.args))
    yield double


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Whole-number queries and keys give exact scores too.

    Hint: a dot product of whole numbers needs no rounding.
    """
    yield call(rng.integers(-5, 6, size=(2, 3)), rng.integers(-5, 6, size=(4, 3)))
    yield call(rng.integers(-5, 6, size=(2, 3)), rng.normal(size=(4, 3)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The queries and keys that came in are still there afterwards.

    Hint: `Q /= …` writes into the caller's array.
    """
    yield _drawn(rng, (), 2, 3, 4)
    yield _drawn(rng, (2,), 3, 3, 3)
