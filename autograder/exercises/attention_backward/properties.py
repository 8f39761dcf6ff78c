"""attention_backward(dO, Q, K, V): gradients of softmax(Q Kᵀ / √d_k) V, with no mask."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.kit import (
    Array,
    Case,
    Check,
    Difference,
    Exercise,
    Returned,
    call,
    inputs_untouched,
    same_dtype,
    same_values,
)


def oracle(dO: Array, Q: Array, K: Array, V: Array) -> tuple[Array, Array, Array]:
    """One sentence after another, one pair of words after another, in double precision.

    dO: (..., n, d_v), how much one unit more of each output is worth; floats, as are the others.
    Q: (..., n, d_k), one query per row.
    K: (..., m, d_k), one key per row.
    V: (..., m, d_v), one value per row.
    Returns (dQ, dK, dV), float64, each with the shape of its input.
    """
    dO, Q, K, V = (np.array(array, dtype=np.float64) for array in (dO, Q, K, V))
    grads = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
    for index in np.ndindex(Q.shape[:-2]):
        _one_sentence(*(array[index] for array in (dO, Q, K, V, *grads)))
    return grads


def _one_sentence(dO: Array, Q: Array, K: Array, V: Array, dQ: Array, dK: Array, dV: Array) -> None:
    """Add up what every query tells every key: the chain rule with the whole Jacobian."""
    root = math.sqrt(Q.shape[-1])
    for q, d_output, dq in zip(Q, dO, dQ, strict=True):
        scores = [math.fsum(q * k) / root for k in K]
        strengths = [math.exp(score - max(scores)) for score in scores]
        weights = [strength / math.fsum(strengths) for strength in strengths]
        worths = [math.fsum(d_output * v) for v in V]
        for j, k in enumerate(K):
            terms = [
                worths[i] * weights[i] * ((1.0 if i == j else 0.0) - weights[j])
                for i in range(len(K))
            ]
            d_score = math.fsum(terms)
            dq += d_score * k / root
            dK[j] += d_score * q / root
            dV[j] += weights[j] * d_output


exercise = Exercise(oracle, returns=("dQ", "dK", "dV"))

UNTRIED = {"whole numbers"}  # a gradient needs numbers with a point


def _only(position: int) -> Check:
    """Compare one of the three gradients, so that each can earn its own points."""

    def check(exercise: Exercise, case: Case, outcome: Returned) -> Difference | None:
        value = outcome.value
        if not isinstance(value, tuple | list) or len(value) != 3:
            return same_values(exercise, case, outcome)
        alone = replace(exercise, returns=exercise.returns[position : position + 1])
        expected = replace(case, expected=case.expected[position])
        return same_values(alone, expected, Returned(value[position], (), {}))

    return check


def _draw(
    rng: np.random.Generator,
    *batch: int,
    n: int = 2,
    m: int = 3,
    d_k: int = 2,
    d_v: int = 2,
    scale: float = 1.0,
) -> Case:
    """A case with n queries and m keys, of widths d_k and d_v."""
    shapes = [(n, d_v), (n, d_k), (m, d_k), (m, d_v)]
    dO, Q, K, V = (rng.normal(size=batch + shape) for shape in shapes)
    return call(dO, scale * Q, scale * K, V)


@exercise.property(check=_only(2))
def gradient_of_the_values(rng: np.random.Generator) -> Iterator[Case]:
    """A value counts as much as its weight, times what the output is worth, over all queries.

    Hint: a value serves every query. Which side of the product must be transposed?
    """
    yield _draw(rng, n=1, m=2)
    yield _draw(rng, n=2, m=3, d_v=4)
    yield _draw(rng, n=3, m=3, d_k=3, d_v=3)


@exercise.property(check=_only(0))
def gradient_of_the_queries(rng: np.random.Generator) -> Iterator[Case]:
    """The gradient of the queries goes back through the softmax, row by row.

    Hint: in the softmax step each row subtracts an average of its own, weighted by its
    weights; then the keys carry the result back.
    """
    yield _draw(rng, n=1, m=2)
    yield _draw(rng, n=2, m=3, d_k=4, d_v=5)
    yield _draw(rng, n=3, m=3, d_k=3, d_v=3)
    yield _draw(rng, n=4, m=2, d_k=3, d_v=1)


@exercise.property(check=_only(1))
def gradient_of_the_keys(rng: np.random.Generator) -> Iterator[Case]:
    """Every query adds its part to the gradient of each key.

    Hint: a matrix product sums. Over which axis must it sum here?
    """
    yield _draw(rng, n=1, m=2)
    yield _draw(rng, n=2, m=3, d_k=4, d_v=5)
    yield _draw(rng, n=3, m=3, d_k=3, d_v=3)
    yield _draw(rng, n=4, m=2, d_k=3, d_v=1)


@exercise.property
def all_three(rng: np.random.Generator) -> Iterator[Case]:
    """Three gradients come back, in the order (dQ, dK, dV).

    Hint: each gradient has the shape of its input.
    """
    yield _draw(rng, n=2, m=3, d_k=4, d_v=5)
    yield _draw(rng, n=3, m=3, d_k=3, d_v=3)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading axes (batches, heads) pass through: no sentence hears from another.

    Hint: to transpose with batch axes, swap the last two; never use `.T`.
    """
    yield _draw(rng, 2, n=2, m=2)
    yield _draw(rng, 2, n=3, m=4, d_k=2, d_v=5)
    yield _draw(rng, 2, 3, n=2, m=2, d_k=3, d_v=3)


@exercise.property
def one_key(rng: np.random.Generator) -> Iterator[Case]:
    """With one key its weight is always 1, so queries and keys have no gradient.

    Hint: does your row subtract its average after the weights are known?
    """
    yield _draw(rng, n=1, m=1)
    yield _draw(rng, n=3, m=1, d_k=2, d_v=4)


@exercise.property
def large_scores(rng: np.random.Generator) -> Iterator[Case]:
    """Scores of a thousand give finite gradients.

    Hint: shift each row by its maximum before the exponential, as in chapter 4.
    """
    keys = np.array([[40.0, 0.0], [39.0, 1.0]])
    yield call(np.ones((1, 2)) * [[1.0, -1.0]], np.array([[40.0, 40.0]]), keys, np.eye(2))
    yield _draw(rng, n=2, m=3, d_k=4, d_v=2, scale=30.0)


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out.

    Hint: `math.sqrt` gives a Python number, which keeps the dtype; `np.sqrt` does not.
    """
    case = _draw(rng, n=2, m=3)
    yield call(*(array.astype(np.float32) for array in case.args))
    yield case


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """The arrays that came in are still there afterwards.

    Hint: `x -= …` writes into the caller's array; `x = x - …` makes a new one.
    """
    yield _draw(rng, n=2, m=3)
