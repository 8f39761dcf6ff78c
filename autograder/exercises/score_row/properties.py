"""score_row(q, K): the dot product of one vector with every row of a matrix."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(q: Array, K: Array) -> Array:
    """One key after another, one number after another, in double precision.

    q: array (d,), the query; floats or whole numbers.
    K: array (..., n, d), one key per row; floats or whole numbers.
    Returns the scores, an array (..., n), float64.
    """
    query, keys = np.array(q, dtype=np.float64), np.array(K, dtype=np.float64)
    scores = np.empty(keys.shape[:-1])
    for index in np.ndindex(scores.shape):
        products = [float(a) * float(b) for a, b in zip(query, keys[index], strict=True)]
        scores[index] = math.fsum(products)
    return scores


exercise = Exercise(oracle, returns=("scores",))

UNTRIED = {"batch axes"}  # one word asks one sentence


@exercise.property
def one_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """Each word gets one score: its dot product with q.

    Hint: multiply number by number, and add up within each word.
    """
    yield call(np.array([1.0, 2.0]), np.array([[3.0, 4.0], [0.0, 5.0]]))
    yield call(np.array([2.0, 2.0]), np.array([[-1.0, 0.0], [2.0, 2.0], [4.0, 0.0]]))
    yield call(rng.normal(size=2), rng.normal(size=(5, 2)))
    yield call(rng.normal(size=6), rng.normal(size=(3, 6)))
    yield call(rng.normal(size=4), rng.normal(size=(4, 4)))


@exercise.property
def smallest_sentences(rng: np.random.Generator) -> Iterator[Case]:
    """One word alone, or vectors of one number, work too.

    Hint: there are as many scores as words, also when there is one.
    """
    yield call(rng.normal(size=3), rng.normal(size=(1, 3)))
    yield call(rng.normal(size=1), rng.normal(size=(4, 1)))


@exercise.property
def length_counts(rng: np.random.Generator) -> Iterator[Case]:
    """A key twice as long gets twice the score; a key of zeros gets 0.

    Hint: nothing is divided here; a length is part of a dot product.
    """
    yield call(np.array([3.0, 4.0]), np.array([[3.0, 4.0], [6.0, 8.0], [0.0, 0.0]]))
    yield call(np.zeros(3), rng.normal(size=(2, 3)))
    yield call(rng.normal(size=3) * 1e4, rng.normal(size=(2, 3)) * 1e-3)
    yield call(rng.normal(size=3) * 1e4, rng.normal(size=(2, 3)))


@exercise.property
def piles_of_sentences(rng: np.random.Generator) -> Iterator[Case]:
    """A pile of sentences gives a pile of rows of scores, all for the same q.

    Hint: the sum runs over the last axis of K, however many stand before it.
    """
    yield call(rng.normal(size=4), rng.normal(size=(2, 3, 4)))
    yield call(rng.normal(size=3), rng.normal(size=(3, 3, 3)))
    yield call(rng.normal(size=5), rng.normal(size=(2, 1, 3, 5)))


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out; float64 in, float64 out.

    Hint: which number or call in your answer has a dtype of its own?
    """
    yield call(rng.normal(size=2).astype(np.float32), rng.normal(size=(3, 2)).astype(np.float32))
    yield call(rng.normal(size=2), rng.normal(size=(3, 2)))


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Vectors of whole numbers work too, also beside a q with a decimal point.

    Hint: an array made like K takes over the dtype of K.
    """
    yield call(np.array([2, 2]), np.array([[-1, 0], [2, 2], [4, 0]]))
    yield call(np.array([0.5, 0.25]), rng.integers(-5, 6, size=(3, 2)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """q and K are still the same afterwards.

    Hint: `K *= q` writes into the caller's array; `K * q` makes a new one.
    """
    yield call(rng.normal(size=2), rng.normal(size=(3, 2)))
    yield call(rng.normal(size=4), rng.normal(size=(2, 3, 4)))
