"""bert_attention_weights(X, W_Q, b_Q, W_K, b_K, n_heads): the maps of one layer, as BERT has them.

The matrices are stored as PyTorch and BERT store them, (out, in): y = x Wᵀ + b.
"""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(X: Array, W_Q: Array, b_Q: Array, W_K: Array, b_K: Array, n_heads: int) -> Array:
    """One sentence, one head, one pair of words after another, in double precision.

    X: (..., n, d_model), a word per row; floats, as are matrices and biases.
    W_Q, W_K: (n_heads * d_head, d_model), stored (out, in): y = x Wᵀ + b.
    b_Q, b_K: (n_heads * d_head,).
    n_heads: how many heads; each owns d_head neighbouring columns of Q and K.
    Returns (..., n_heads, n, n), float64, each row summing to 1.
    Source: Vaswani and others, 2017, section 3.2.2.
    """
    X, W_Q, b_Q, W_K, b_K = (np.array(array, dtype=np.float64) for array in (X, W_Q, b_Q, W_K, b_K))
    n, width = X.shape[-2], len(W_Q) // n_heads
    maps = np.empty((*X.shape[:-2], n_heads, n, n))
    for index in np.ndindex(X.shape[:-2]):
        Q = [_linear(x, W_Q, b_Q) for x in X[index]]
        K = [_linear(x, W_K, b_K) for x in X[index]]
        for head in range(n_heads):
            part = slice(head * width, (head + 1) * width)
            for i, q in enumerate(Q):
                scores = [math.fsum(q[part] * k[part]) / math.sqrt(width) for k in K]
                strengths = [math.exp(score - max(scores)) for score in scores]
                maps[index][head, i] = [s / math.fsum(strengths) for s in strengths]
    return maps


def _linear(x: Array, W: Array, b: Array) -> Array:
    """One word through a layer that is stored as rows of weights."""
    return np.array([math.fsum(x * row) + shift for row, shift in zip(W, b, strict=True)])


exercise = Exercise(oracle, returns=("weights",))

UNTRIED = {"whole numbers"}  # a model's own numbers have a point


def _draw(
    rng: np.random.Generator,
    *batch: int,
    n: int = 3,
    d_model: int = 4,
    d_head: int = 2,
    n_heads: int = 1,
    biases: bool = True,
    scale: float = 1.0,
) -> Case:
    """A case: n words of d_model numbers, n_heads of d_head numbers."""
    width = n_heads * d_head
    W_Q, W_K = rng.normal(size=(2, width, d_model)) / math.sqrt(d_model)
    b_Q, b_K = rng.normal(size=(2, width)) * biases
    X = 2 * scale * rng.normal(size=(*batch, n, d_model))
    return call(X, W_Q, b_Q, W_K, b_K, n_heads)


@exercise.property
def one_head_no_bias(rng: np.random.Generator) -> Iterator[Case]:
    """With one head and biases of 0, these are the weights of chapter 8.

    Hint: the file stores matrices as (out, in), so y = x Wᵀ + b.
    """
    yield _draw(rng, n=2, d_model=2, d_head=2, biases=False)
    yield _draw(rng, n=3, d_model=4, d_head=4, biases=False)
    yield _draw(rng, n=4, d_model=3, d_head=2, biases=False)


@exercise.property
def biases(rng: np.random.Generator) -> Iterator[Case]:
    """Queries and keys get their biases, before the scores.

    Hint: b_Q belongs to the queries, b_K to the keys.
    """
    yield _draw(rng, n=2, d_model=2, d_head=2)
    yield _draw(rng, n=3, d_model=3, d_head=3)


@exercise.property
def several_heads(rng: np.random.Generator) -> Iterator[Case]:
    """Each head has neighbouring columns of its own, and a map of its own.

    Hint: split the columns into (heads, columns of a head), then bring the heads to the front.
    """
    yield _draw(rng, n=2, d_model=4, d_head=2, n_heads=2)
    yield _draw(rng, n=3, d_model=6, d_head=2, n_heads=3)
    yield _draw(rng, n=4, d_model=4, d_head=1, n_heads=4)
    yield _draw(rng, n=1, d_model=6, d_head=3, n_heads=2)


@exercise.property
def other_widths(rng: np.random.Generator) -> Iterator[Case]:
    """The heads together may be wider or narrower than the words.

    Hint: the width of a head comes from the matrix, not from X.
    """
    yield _draw(rng, n=3, d_model=5, d_head=2, n_heads=2)
    yield _draw(rng, n=2, d_model=4, d_head=4, n_heads=3)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading axes pass through; the axis of heads comes after them.

    Hint: name the axes from the end, and swap two of them instead of `.T`.
    """
    yield _draw(rng, 2, n=3, d_model=4, d_head=2, n_heads=2)
    yield _draw(rng, 2, 3, n=2, d_model=3, d_head=3, n_heads=2)


@exercise.property
def large_scores(rng: np.random.Generator) -> Iterator[Case]:
    """Scores of a thousand give weights, not NaN.

    Hint: shift each row by its maximum before the exponential, as in chapter 4.
    """
    yield _draw(rng, n=2, d_model=2, d_head=2, scale=40.0)
    yield _draw(rng, n=3, d_model=4, d_head=2, n_heads=2, scale=40.0)


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out.

    Hint: `math.sqrt` of a size is a Python number and keeps the dtype; `np.sqrt` does not.
    """
    case = _draw(rng, n=3, n_heads=2)
    *arrays, n_heads = case.args
    yield call(*(array.astype(np.float32) for array in arrays), n_heads)
    yield case


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """Words, matrices and biases are still there afterwards.

    Hint: `x += b` writes into an array that may be the caller's; `x = x + b` makes a new one.
    """
    yield _draw(rng, n=2, d_model=2, d_head=2)
    yield _draw(rng, n=3, n_heads=2)
