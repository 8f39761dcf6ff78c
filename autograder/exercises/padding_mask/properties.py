"""padding_mask(lengths, n): which keys are words, and which only fill up the row?"""

from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(lengths: Array | list[int], n: int) -> Array:
    """One sentence and one key after another; an axis of length 1 for the queries.

    lengths: (b,) whole numbers, array or list: the number of words of each sentence.
    n: the number of places, words and padding together.
    Returns (b, 1, n) booleans: True where a key is a word.
    """
    mask = np.zeros((len(lengths), 1, n), dtype=bool)
    for sentence, length in enumerate(lengths):
        for key in range(n):
            mask[sentence, 0, key] = key < length
    return mask


exercise = Exercise(oracle, returns=("mask",))


def _lengths(rng: np.random.Generator, b: int, n: int) -> Array:
    """b lengths between 1 and n."""
    return rng.integers(1, n + 1, size=b)


@exercise.property
def one_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """The words of a sentence are True, the padding behind them is False.

    Hint: the places are 0 to n - 1; a place is a word if it is smaller than the length.
    """
    yield call(np.array([2]), 3)
    yield call(np.array([4]), 7)
    yield call(np.array([3]), 3)


@exercise.property
def several_sentences(rng: np.random.Generator) -> Iterator[Case]:
    """Every sentence of the batch has its own row: (b, 1, n).

    Hint: give the lengths the axes (b, 1, 1), and the places come out along the last one.
    """
    yield call(np.array([3, 1]), 3)
    yield call(np.array([1, 4, 2, 3]), 4)
    yield call(_lengths(rng, 5, 6), 6)


@exercise.property
def room_to_spare(rng: np.random.Generator) -> Iterator[Case]:
    """n may be larger than the longest sentence.

    Hint: how many columns shall the mask have, whatever the lengths are?
    """
    yield call(np.array([2, 1]), 5)
    yield call(_lengths(rng, 3, 4), 9)
    yield call(np.array([129, 2]), 200)


@exercise.property
def lengths_in_a_list(rng: np.random.Generator) -> Iterator[Case]:
    """The lengths may be a list, too.

    Hint: `np.asarray` makes an array of a list and leaves an array as it is.
    """
    yield call([2, 3], 3)
    yield call([1], 2)


@exercise.property(check=same_dtype)
def true_or_false(rng: np.random.Generator) -> Iterator[Case]:
    """The mask holds True and False, not numbers.

    Hint: a comparison gives booleans.
    """
    yield call(np.array([2]), 3)
    yield call(_lengths(rng, 4, 5), 5)


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The lengths are afterwards what they were before.

    Hint: `lengths -= 1` writes into the caller's array.
    """
    yield call(np.array([2, 1]), 3)
