"""concat_heads(H): the heads' results side by side, one row for each word."""

from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(H: Array) -> Array:
    """One number after another: head i, column j goes to column i * d_head + j of its word.

    H: (..., h, n, d_head), the results of all heads; numbers of any dtype.
    Returns (..., n, h * d_head), with the dtype of H.
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    rows = np.zeros((*batch, n_tokens, n_heads * d_head), dtype=H.dtype)
    for index in np.ndindex(*batch):
        for token in range(n_tokens):
            for head in range(n_heads):
                for column in range(d_head):
                    number = H[(*index, head, token, column)]
                    rows[(*index, token, head * d_head + column)] = number
    return rows


exercise = Exercise(oracle, returns=("rows",))


def _labelled(n_heads: int, n_tokens: int, d_head: int) -> Array:
    """Heads whose numbers say where they come from: 100 * head + 10 * word + column."""
    head, token, column = np.indices((n_heads, n_tokens, d_head))
    labels: Array = 100.0 * head + 10.0 * token + column
    return labels


@exercise.property
def two_heads(rng: np.random.Generator) -> Iterator[Case]:
    """A word's row is its result from the first head, then its result from the second.

    Hint: before the reshape, the two numbers that shall lie side by side must be on
    neighbouring axes; which two axes change places?
    """
    yield call(_labelled(2, 3, 2))
    yield call(rng.normal(size=(2, 5, 3)))


@exercise.property
def any_number_of_heads(rng: np.random.Generator) -> Iterator[Case]:
    """All heads stand side by side, in order.

    Hint: the new width is `n_heads * d_head`.
    """
    yield call(_labelled(3, 2, 2))
    yield call(rng.normal(size=(4, 5, 3)))
    yield call(rng.normal(size=(5, 3, 1)))
    yield call(rng.normal(size=(2, 2, 2)) * 1e60)  # too large for float32


@exercise.property
def small_and_square(rng: np.random.Generator) -> Iterator[Case]:
    """One head, one word, and equal sizes work too.

    Hint: does your answer count the words, the heads and the columns apart?
    """
    yield call(_labelled(1, 2, 3))
    yield call(rng.normal(size=(2, 1, 3)))
    yield call(rng.normal(size=(3, 3, 3)))


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading batch axes stay in front: (..., n, h * d_head).

    Hint: name the axes from the end; the heads are axis -3 of H.
    """
    yield call(rng.normal(size=(2, 2, 3, 2)))
    yield call(rng.normal(size=(4, 3, 2, 5)))
    yield call(rng.normal(size=(2, 3, 4, 5, 2)))


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """The numbers move, and keep their dtype.

    Hint: is there an `np.zeros` without `dtype=H.dtype`?
    """
    yield call(rng.normal(size=(2, 3, 2)).astype(np.float32))
    yield call(rng.normal(size=(2, 3, 2)))
    yield call(rng.integers(0, 9, size=(2, 3, 2)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The heads that came in have their old shape and numbers afterwards.

    Hint: `H.shape = …` changes the caller's array; `H.reshape(…)` does not.
    """
    yield call(rng.normal(size=(2, 3, 2)))
    yield call(rng.normal(size=(2, 3, 2, 4)))
