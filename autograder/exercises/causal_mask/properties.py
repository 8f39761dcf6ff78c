"""causal_mask(n): reading left to right, which words has each word seen?"""

from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, same_dtype


def oracle(n: int) -> Array:
    """One query and one key after another: the key may not come later than the query.

    n: the number of words.
    Returns (n, n) booleans: True where query i may attend to key j.
    """
    mask = np.zeros((n, n), dtype=bool)
    for query in range(n):
        for key in range(n):
            mask[query, key] = key <= query
    return mask


exercise = Exercise(oracle, returns=("mask",))


@exercise.property
def three_words(rng: np.random.Generator) -> Iterator[Case]:
    """Row by row: the first word sees itself, the last word sees all.

    Hint: query i may attend to the keys 0 to i, its own included.
    """
    yield call(2)
    yield call(3)


@exercise.property
def any_length(rng: np.random.Generator) -> Iterator[Case]:
    """The same for one word and for many.

    Hint: where in your answer does `n` appear?
    """
    yield call(1)
    yield call(5)
    yield call(int(rng.integers(8, 20)))
    yield call(130)


@exercise.property(check=same_dtype)
def true_or_false(rng: np.random.Generator) -> Iterator[Case]:
    """The mask holds True and False, not numbers.

    Hint: a comparison gives booleans; `dtype=bool` makes them too.
    """
    yield call(1)
    yield call(4)
