"""sinusoidal_positions(n, d): one row of sines and cosines for each place."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, same_dtype


def oracle(n: int, d: int) -> Array:
    """One place and one column after another, in double precision.

    n: the number of places, counted from 0.
    d: the number of columns, even or odd.
    Returns (n, d), float64: sines in the even columns, cosines in the odd ones.
    Source: Vaswani and others, 2017, section 3.5.
    """
    table = np.zeros((n, d))
    for place in range(n):
        for column in range(d):
            pair = column // 2
            angle = place / 10000 ** (2 * pair / d)
            table[place, column] = math.cos(angle) if column % 2 else math.sin(angle)
    return table


exercise = Exercise(oracle, returns=("positions",))


@exercise.property
def one_pair(rng: np.random.Generator) -> Iterator[Case]:
    """With two columns, a row is the sine and the cosine of its place.

    Hint: the places begin at 0, so the first row is (sin 0, cos 0) = (0, 1).
    """
    yield call(2, 2)
    yield call(1, 2)
    yield call(7, 2)


@exercise.property
def two_pairs(rng: np.random.Generator) -> Iterator[Case]:
    """With four columns, the second pair is 100 times slower.

    Hint: both columns of a pair have the same speed; what is 2i / d for the second pair?
    """
    yield call(2, 4)
    yield call(5, 4)
    yield call(4, 4)


@exercise.property
def many_pairs(rng: np.random.Generator) -> Iterator[Case]:
    """Each pair is slower than the one before, by the same factor.

    Hint: pair i owns the columns 2i and 2i + 1, and its speed is 1 / 10000 ** (2i / d).
    """
    yield call(2, 6)
    yield call(5, 8)
    yield call(12, 32)


@exercise.property
def distant_places(rng: np.random.Generator) -> Iterator[Case]:
    """A place far away has a row like any other.

    Hint: is a place divided or multiplied, and are the angles exact?
    """
    yield call(60, 4)
    yield call(int(rng.integers(200, 300)), 6)
    yield call(5001, 2)


@exercise.property
def odd_width(rng: np.random.Generator) -> Iterator[Case]:
    """With an odd number of columns, the last one is a sine without its cosine.

    Hint: how many columns are even, and how many are odd, when d is 5?
    """
    yield call(2, 3)
    yield call(3, 1)
    yield call(5, 7)


@exercise.property(check=same_dtype)
def float64_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """The table holds float64 numbers.

    Hint: which call in your answer makes float32 or integers?
    """
    yield call(2, 4)
    yield call(3, 5)
