"""spread(X): how far the words of a sentence lie from their middle, squared, on average."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(X: Array) -> Array:
    """One sentence after another, one number after another, in double precision.

    X: array (..., n, d), a row is a word; floats or whole numbers.
    Returns an array (...), float64.
    """
    words = np.array(X, dtype=np.float64)
    n_words, d = words.shape[-2:]
    spreads = np.empty(words.shape[:-2])
    for index in np.ndindex(spreads.shape):
        rows = [[float(number) for number in row] for row in words[index]]
        middle = [math.fsum(column) / n_words for column in zip(*rows, strict=True)]
        squares = [(row[j] - middle[j]) ** 2 for row in rows for j in range(d)]
        spreads[index] = math.fsum(squares) / n_words
    return spreads


exercise = Exercise(oracle, returns=("spread",))


@exercise.property
def one_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """The squared distances to the middle are averaged over the words.

    Hint: add up the squares within each word, then average over the words.
    """
    yield call(np.array([[4.0, 0.0], [0.0, 8.0]]))
    yield call(rng.normal(size=(5, 2)))
    yield call(rng.normal(size=(2, 6)))


@exercise.property
def one_word(rng: np.random.Generator) -> Iterator[Case]:
    """One word alone is its own middle, wherever it stands.

    Hint: the distances are measured from the middle of the words, and not from 0.
    """
    yield call(np.array([[3.0, 4.0]]))
    yield call(rng.normal(size=(1, 5)))


@exercise.property
def piles_of_sentences(rng: np.random.Generator) -> Iterator[Case]:
    """A pile of sentences gives a spread for each, from a middle of its own.

    Hint: count the words' axis from the end.
    """
    yield call(rng.normal(size=(2, 3, 4)))
    yield call(rng.normal(size=(3, 3, 3)))
    yield call(rng.normal(size=(2, 1, 3, 5)))


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out; float64 in, float64 out.

    Hint: which number or call in your answer has a dtype of its own?
    """
    yield call(rng.normal(size=(2, 3, 2)).astype(np.float32))
    yield call(rng.normal(size=(3, 2)))


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Vectors of whole numbers have a spread with a decimal point.

    Hint: the middle of whole numbers is hardly ever a whole number.
    """
    yield call(np.array([[0, 0], [1, 1], [2, 0]]))
    yield call(rng.integers(-5, 5, size=(2, 3, 4)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The vectors are still the same afterwards.

    Hint: `X -= …` writes into the caller's array; `X - …` makes a new one.
    """
    yield call(rng.normal(size=(3, 2)))
    yield call(rng.normal(size=(2, 3, 4)))
