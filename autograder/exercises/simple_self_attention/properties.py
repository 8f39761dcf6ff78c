"""simple_self_attention(X): every word mixes its sentence, by plain dot products."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(X: Array) -> tuple[Array, Array]:
    """One sentence, one word, one number after another, in double precision.

    X: word vectors, (..., n, d), one per row; floats or whole numbers.
    Returns (Y, A), float64: the new vectors, (..., n, d), and the weights, (..., n, n), where
    A[..., i, j] is what word i gives to word j.
    """
    words = np.array(X, dtype=np.float64)
    n_words = words.shape[-2]
    vectors, weights = np.zeros(words.shape), np.zeros((*words.shape[:-1], n_words))
    for sentence in np.ndindex(words.shape[:-2]):
        for i in range(n_words):
            weights[sentence][i] = _shares(words[sentence], i)
            for c in range(words.shape[-1]):
                parts = weights[sentence][i] * words[sentence][:, c]
                vectors[sentence][i, c] = math.fsum(parts)
    return vectors, weights


def _shares(words: Array, i: int) -> list[float]:
    scores = [math.fsum(words[i] * other) for other in words]
    strengths = [math.exp(score - max(scores)) for score in scores]
    return [strength / math.fsum(strengths) for strength in strengths]


exercise = Exercise(oracle, returns=("new vectors", "weights"))


@exercise.property
def few_words(rng: np.random.Generator) -> Iterator[Case]:
    """Two words look at each other and at themselves, and mix.

    Hint: score with plain dot products, take shares row by row, mix the vectors.
    """
    yield call(np.array([[1.0, 0.0], [1.0, 2.0]]))
    yield call(np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]]))
    yield call(rng.normal(size=(1, 3)))


@exercise.property
def any_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """Sentences of any length, with word vectors of any size.

    Hint: the weights have one row and one column per word; which axis sums to 1?
    """
    yield call(rng.normal(size=(3, 2)))
    yield call(rng.normal(size=(4, 4)))
    yield call(rng.normal(size=(2, 9)))
    yield call(rng.normal(size=(7, 1)))


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """In a batch, each sentence attends to itself only.

    Hint: leading axes pass through `@`; turn the last two axes round, and no others.
    """
    yield call(rng.normal(size=(2, 3, 4)))
    yield call(rng.normal(size=(3, 3, 3)))
    yield call(rng.normal(size=(2, 1, 4, 2)))


@exercise.property
def long_vectors(rng: np.random.Generator) -> Iterator[Case]:
    """Long word vectors make large scores, and the weights are still numbers.

    Hint: which number may be taken away from every score of a row, so that no exponential
    overflows?
    """
    yield call(np.array([[40.0, 0.0], [0.0, 40.0]]))
    yield call(rng.normal(size=(3, 4)) * 40)


@exercise.property
def far_apart(rng: np.random.Generator) -> Iterator[Case]:
    """A long vector does not spoil the row of a short one.

    Hint: each row needs its own maximum.
    """
    yield call(np.array([[0.1, 0.2], [50.0, 0.0]]))
    yield call(rng.normal(size=(2, 3, 2)) * np.array([[60.0], [0.1], [0.5]]))
    yield call(np.array([[1.0, 0.0], [1000.0, 0.0]]))  # a word is not its own best match


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out; float64 in, float64 out.

    Hint: which number or call in your answer is always float64?
    """
    yield call(rng.normal(size=(2, 3)).astype(np.float32))
    yield call(rng.normal(size=(2, 3)))


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Whole-number words work too.

    Hint: an array made with `np.zeros_like(X)` cannot hold a share; let NumPy make a new one.
    """
    yield call(np.array([[1, 0], [2, 1]]))
    yield call(rng.integers(-2, 3, size=(2, 3, 4)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The words that came in are still there afterwards.

    Hint: write the new vectors into a fresh array, not over the old ones.
    """
    yield call(rng.normal(size=(2, 3)))
    yield call(rng.normal(size=(2, 3, 4)))
