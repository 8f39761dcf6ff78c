"""row_sums(A): one sum per row of a table, or of a pile of tables."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(A: Array) -> Array:
    """One row after another, in double precision.

    A: array of numbers, (..., n, m); floats or whole numbers.
    Returns an array (..., n), float64: one sum per row.
    """
    numbers = np.array(A, dtype=np.float64)
    sums = np.empty(numbers.shape[:-1])
    for index in np.ndindex(numbers.shape[:-1]):
        sums[index] = math.fsum(float(number) for number in numbers[index])
    return sums


exercise = Exercise(oracle, returns=("sums",))


@exercise.property
def one_sum_per_row(rng: np.random.Generator) -> Iterator[Case]:
    """Every row of a table gets its own sum, whatever the table's shape.

    Hint: which axis does one row lie along? Count it from the end.
    """
    yield call(np.array([[1.0, 3.0, 6.0], [2.0, 0.0, 0.0]]))
    yield call(rng.normal(size=(3, 3)))
    yield call(rng.normal(size=(4, 2)))
    yield call(rng.normal(size=(1, 7)))
    yield call(rng.normal(size=(7, 1)))
    yield call(rng.normal(size=(2, 7)) * 1e6)
    yield call(np.array([[1e9, 1.0, -1e9], [2.0, -1e9, 1e9]]))  # float32 would lose the 1


@exercise.property
def piles_of_tables(rng: np.random.Generator) -> Iterator[Case]:
    """A pile of tables gives a pile of sums: only the last axis disappears.

    Hint: name the axis from the end, so that it means the same however many axes there are.
    """
    yield call(rng.normal(size=(2, 3, 4)))
    yield call(rng.normal(size=(3, 3, 3)))
    yield call(rng.normal(size=(2, 1, 3, 5)))


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out; float64 in, float64 out.

    Hint: which number or call in your answer has a dtype of its own?
    """
    yield call(rng.normal(size=(2, 3)).astype(np.float32))
    yield call(rng.normal(size=(2, 3)))
    yield call(rng.normal(size=(2, 3, 4)).astype(np.float32))


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Whole numbers work too.

    Hint: does your answer need the numbers to have a decimal point?
    """
    yield call(np.array([[1, 3, 6], [2, 0, 0]]))
    yield call(rng.integers(-5, 5, size=(3, 2, 4)))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The table that came in is still the same afterwards.

    Hint: `A[...] = …` and `A += …` write into the caller's table.
    """
    yield call(rng.normal(size=(2, 3)))
    yield call(rng.normal(size=(2, 3, 4)))
