"""qkv_projections(X, W_Q, W_K, W_V): three views of every word, one matrix each."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(X: Array, W_Q: Array, W_K: Array, W_V: Array) -> tuple[Array, ...]:
    """One word after another, one number after another, in double precision.

    X: word vectors, (..., n, d_model); floats or whole numbers.
    W_Q, W_K: (d_model, d_k). W_V: (d_model, d_v). Floats or whole numbers.
    Returns (Q, K, V), float64: (..., n, d_k), (..., n, d_k) and (..., n, d_v).
    """
    return tuple(_project(X, W) for W in (W_Q, W_K, W_V))


def _project(X: Array, W: Array) -> Array:
    projected = np.zeros((*X.shape[:-1], W.shape[1]))
    for index in np.ndindex(projected.shape):
        word, column = X[index[:-1]], W[:, index[-1]]
        projected[index] = math.fsum(float(x) * float(w) for x, w in zip(word, column, strict=True))
    return projected


def _drawn(
    rng: np.random.Generator, shape: tuple[int, ...], d_model: int, d_k: int, d_v: int
) -> Case:
    """A call on words of that shape (without d_model), all matrices drawn afresh."""
    matrices = [rng.normal(size=(d_model, size)) for size in (d_k, d_k, d_v)]
    return call(rng.normal(size=(*shape, d_model)), *matrices)


exercise = Exercise(oracle, returns=("queries", "keys", "values"))


@exercise.property
def one_word(rng: np.random.Generator) -> Iterator[Case]:
    """One word gets a query, a key and a value, each from a matrix of its own.

    Hint: the words stand first, the matrix second; which matrix makes which of the three results?
    """
    yield call(
        np.array([[1.0, 2.0]]),
        np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        np.array([[3.0], [0.0]]),
    )
    yield _drawn(rng, (1,), 4, 3, 2)


@exercise.property
def a_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """Every word of a sentence goes through the same three matrices.

    Hint: one row per word, d_k numbers in each: `(n, d_model)` times `(d_model, d_k)` is one
    product, and no loop.
    """
    yield _drawn(rng, (2,), 3, 4, 1)
    yield _drawn(rng, (5,), 4, 3, 2)
    yield _drawn(rng, (3,), 5, 2, 7)


@exercise.property
def square_matrices(rng: np.random.Generator) -> Iterator[Case]:
    """Matrices with as many rows as columns are not turned on their side.

    Hint: where all sizes are equal, a wrong transpose raises no error; follow one number.
    """
    yield _drawn(rng, (2,), 2, 2, 2)
    yield _drawn(rng, (4,), 4, 4, 4)
    yield _drawn(rng, (3,), 4, 4, 2)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading axes (batches, heads) pass through untouched.

    Hint: `@` works on the last two axes; nothing needs a reshape.
    """
    yield _drawn(rng, (2, 3), 4, 2, 1)
    yield _drawn(rng, (2, 1, 3), 4, 5, 2)
    yield _drawn(rng, (4, 4), 4, 4, 4)


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out; float64 in, float64 out.

    Hint: does a call in your answer name a dtype, or make one of its own?
    """
    double = _drawn(rng, (2,), 3, 2, 4)
    yield call(*(array.astype(np.float32) for array in double.args))
    yield double


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Whole-number words give exact results too.

    Hint: let NumPy make the array for the result; one made like X can hold integers only.
    """
    matrices = [rng.normal(size=(3, size)) for size in (2, 2, 4)]
    yield call(rng.integers(-4, 5, size=(2, 3)), *matrices)
    yield call(*(rng.integers(-4, 5, size=shape) for shape in [(4, 3), (3, 2), (3, 2), (3, 1)]))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The words and matrices that came in are still there afterwards.

    Hint: `X @= …` and `out=X` write into the caller's array; `X @ …` makes a new one.
    """
    yield _drawn(rng, (2,), 3, 3, 3)
    yield _drawn(rng, (2, 3), 4, 3, 2)
