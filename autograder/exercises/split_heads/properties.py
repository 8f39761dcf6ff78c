"""split_heads(X, n_heads): every head gets its own columns of every word."""

from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(X: Array, n_heads: int) -> Array:
    """One number after another: head i, word t, column j comes from column i * d_head + j.

    X: (..., n, h * d_head), rows of words; numbers of any dtype.
    n_heads: h, the number of heads.
    Returns (..., h, n, d_head), with the dtype of X.
    """
    *batch, n_tokens, width = X.shape
    d_head = width // n_heads
    H = np.zeros((*batch, n_heads, n_tokens, d_head), dtype=X.dtype)
    for index in np.ndindex(*batch):
        for head in range(n_heads):
            for token in range(n_tokens):
                for column in range(d_head):
                    number = X[(*index, token, head * d_head + column)]
                    H[(*index, head, token, column)] = number
    return H


exercise = Exercise(oracle, returns=("heads",))


def _labelled(n_tokens: int, width: int) -> Array:
    """A matrix whose numbers say where they come from: 10 * word + column."""
    return 10.0 * np.arange(n_tokens)[:, None] + np.arange(width)


@exercise.property
def two_heads(rng: np.random.Generator) -> Iterator[Case]:
    """The first head has the first half of the columns, the second head has the rest.

    Hint: reshape to (words, heads, d_head) first; which two axes must then change places?
    """
    yield call(_labelled(3, 4), 2)
    yield call(rng.normal(size=(5, 6)), 2)


@exercise.property
def any_number_of_heads(rng: np.random.Generator) -> Iterator[Case]:
    """The columns are shared out between n_heads heads, in order.

    Hint: a head is `width // n_heads` columns wide.
    """
    yield call(_labelled(2, 6), 3)
    yield call(rng.normal(size=(5, 12)), 3)
    yield call(rng.normal(size=(5, 12)), 4)
    yield call(rng.normal(size=(3, 5)), 5)
    yield call(rng.normal(size=(2, 4)) * 1e60, 2)  # too large for float32


@exercise.property
def small_and_square(rng: np.random.Generator) -> Iterator[Case]:
    """One head, one word, and as many words as columns or heads work too.

    Hint: does your answer count the words, the heads and the columns apart?
    """
    yield call(_labelled(2, 3), 1)
    yield call(rng.normal(size=(1, 6)), 2)
    yield call(rng.normal(size=(4, 4)), 2)
    yield call(rng.normal(size=(3, 9)), 3)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading batch axes stay in front: (..., h, n, d_head).

    Hint: name the axes from the end; the words are axis -2 of X, the columns axis -1.
    """
    yield call(rng.normal(size=(2, 3, 4)), 2)
    yield call(rng.normal(size=(4, 3, 6)), 3)
    yield call(rng.normal(size=(2, 3, 5, 8)), 4)
    yield call(rng.normal(size=(2, 3, 4, 6)), 2)


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """The numbers move, and keep their dtype.

    Hint: is there an `np.zeros` without `dtype=X.dtype`?
    """
    yield call(rng.normal(size=(2, 4)).astype(np.float32), 2)
    yield call(rng.normal(size=(2, 4)), 2)
    yield call(rng.integers(0, 9, size=(2, 4)), 2)


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The X that came in has its old shape and numbers afterwards.

    Hint: `X.shape = …` changes the caller's array; `X.reshape(…)` does not.
    """
    yield call(rng.normal(size=(3, 4)), 2)
    yield call(rng.normal(size=(2, 3, 6)), 3)
