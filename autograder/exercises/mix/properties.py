"""mix(weights, X): add up the rows of X, each multiplied by its weight."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(weights: Array, X: Array) -> Array:
    """One sentence after another, one number after another, in double precision.

    weights: array (..., n), used as they are; floats.
    X: array (..., n, d), a row is a word; floats or whole numbers.
    Returns an array (..., d), float64.
    """
    W, V = np.array(weights, dtype=np.float64), np.array(X, dtype=np.float64)
    n_tokens, d = V.shape[-2:]
    mixed = np.empty((*V.shape[:-2], d))
    for index in np.ndindex(mixed.shape):
        *batch, j = index
        parts = [float(W[(*batch, i)]) * float(V[(*batch, i, j)]) for i in range(n_tokens)]
        mixed[index] = math.fsum(parts)
    return mixed


exercise = Exercise(oracle, returns=("mix",))


def _shares(rng: np.random.Generator, *shape: int) -> Array:
    """Random weights that are positive and sum to 1 along the last axis."""
    return rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])


@exercise.property
def one_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """The mix is one vector: every word's vector times its weight, added up.

    Hint: each weight multiplies one whole row, and then the rows are added.
    """
    yield call(np.array([0.25, 0.75]), np.array([[4.0, 0.0], [0.0, 8.0]]))
    yield call(np.array([0.1, 0.5, 0.4]), np.array([[0.0, 0, 1], [1, 1, 0], [2, 0, 0]]))
    yield call(_shares(rng, 5), rng.normal(size=(5, 2)))
    yield call(_shares(rng, 2), rng.normal(size=(2, 6)))
    yield call(_shares(rng, 4), rng.normal(size=(4, 4)))


@exercise.property
def smallest_sentences(rng: np.random.Generator) -> Iterator[Case]:
    """One word alone, or vectors of one number, work too.

    Hint: the result has as many numbers as one word's vector has.
    """
    yield call(np.array([1.0]), rng.normal(size=(1, 3)))
    yield call(_shares(rng, 4), rng.normal(size=(4, 1)))


@exercise.property
def weights_as_they_are(rng: np.random.Generator) -> Iterator[Case]:
    """The weights are used as they come, also where they do not sum to 1.

    Hint: whoever calls `mix` chooses the weights; it does not repair them.
    """
    yield call(np.array([3.0, -1.0]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    yield call(np.array([1.0, -1.0]), np.array([[2.0**24 + 1, 1.0], [2.0**24, 0.0]]))
    yield call(rng.normal(size=3) * 5, rng.normal(size=(3, 4)))


@exercise.property
def piles_of_sentences(rng: np.random.Generator) -> Iterator[Case]:
    """A pile of sentences gives a pile of mixes, each with weights of its own.

    Hint: a sum over the words is a sum over the last axis but one of X; the axes before it
    are not yours to touch.
    """
    yield call(_shares(rng, 2, 3), rng.normal(size=(2, 3, 4)))
    yield call(_shares(rng, 3, 3), rng.normal(size=(3, 3, 3)))
    yield call(_shares(rng, 2, 1, 3), rng.normal(size=(2, 1, 3, 5)))


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out; float64 in, float64 out.

    Hint: which number or call in your answer has a dtype of its own?
    """
    shares, X = _shares(rng, 3), rng.normal(size=(3, 2))
    yield call(shares.astype(np.float32), X.astype(np.float32))
    yield call(shares, X)


@exercise.property
def whole_number_vectors(rng: np.random.Generator) -> Iterator[Case]:
    """Vectors of whole numbers are mixed into numbers with a decimal point.

    Hint: `np.zeros_like(X)` takes over the dtype of X, and a whole number cannot hold 1.3.
    """
    yield call(np.array([0.1, 0.5, 0.4]), np.array([[0, 0, 1], [1, 1, 0], [2, 0, 0]]))
    yield call(_shares(rng, 2, 3), rng.integers(-5, 5, size=(2, 3, 4)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The weights and the vectors are still the same afterwards.

    Hint: `X *= …` and `mixed = X[0]; mixed += …` write into the caller's array.
    """
    yield call(_shares(rng, 3), rng.normal(size=(3, 2)))
    yield call(_shares(rng, 2, 3), rng.normal(size=(2, 3, 4)))
