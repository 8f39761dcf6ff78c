"""score_bytes(n, n_heads, batch, itemsize): how much memory do the scores take?"""

from collections.abc import Iterator

import numpy as np

from autograder.kit import Case, Exercise, call


def oracle(n: int, n_heads: int, batch: int, itemsize: int) -> int:
    """Row by row: every query has one score for each key, in each head of each sentence.

    n: words in each sentence.
    n_heads: heads of the layer.
    batch: sentences at once.
    itemsize: bytes of one number.
    Returns a whole number of bytes.
    """
    scores_of_one_head = sum(n for _ in range(n))
    return scores_of_one_head * n_heads * batch * itemsize


exercise = Exercise(oracle, returns=("number of bytes",))


@exercise.property
def one_head(rng: np.random.Generator) -> Iterator[Case]:
    """One head of one sentence: a score for every query and key.

    Hint: how many rows has the score matrix, and how many columns?
    """
    yield call(3, 1, 1, 4)
    yield call(7, 1, 1, 8)


@exercise.property
def heads_and_sentences(rng: np.random.Generator) -> Iterator[Case]:
    """Every head of every sentence has a score matrix of its own.

    Hint: how many score matrices are there?
    """
    yield call(3, 2, 1, 4)
    yield call(3, 1, 5, 4)
    yield call(5, 3, 2, 4)
    yield call(*(int(k) for k in rng.integers(2, 30, size=3)), 4)


@exercise.property
def size_of_a_number(rng: np.random.Generator) -> Iterator[Case]:
    """A number takes `itemsize` bytes: 2 for float16, 4 for float32, 8 for float64.

    Hint: does your answer count numbers or bytes?
    """
    yield call(3, 2, 2, 2)
    yield call(4, 2, 3, 8)
    yield call(n=5, n_heads=2, batch=3, itemsize=1)


@exercise.property
def long_texts(rng: np.random.Generator) -> Iterator[Case]:
    """It is exact for long texts too.

    Hint: Python's whole numbers have no limit; use nothing that has one.
    """
    yield call(4096, 1, 1, 4)
    yield call(131072, 96, 64, 2)
    yield call(20_003, 97, 63, 1)  # more digits than float32 holds
