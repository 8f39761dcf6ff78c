"""encoder_block(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None).

One block of a Transformer encoder, post-norm with ReLU: what `nn.TransformerEncoderLayer`
computes in eval mode. Vaswani et al., 2017, section 3.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype

EPS = 1e-5  # PyTorch's own
Part = tuple[Array, ...]  # the parameters of one part of the block


def oracle(
    X: Array,
    attention: Part,
    norm_1: Part,
    feed_forward: Part,
    norm_2: Part,
    n_heads: int,
    mask: Array | None = None,
) -> Array:
    """One sentence, one head, one word, one number after another, in double precision.

    X: (..., n, d_model), a word per row; floats, as are all parts.
    attention: (W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O), matrices (d_model, d_model),
        biases (d_model,); each head has d_model / n_heads columns.
    norm_1: (gain, shift), each (d_model,), of the norm after attention.
    feed_forward: (W_1, b_1, W_2, b_2), of shapes (d_model, d_ff), (d_ff,),
        (d_ff, d_model) and (d_model,).
    norm_2: (gain, shift), each (d_model,), of the norm after the feed-forward part.
    n_heads: how many heads.
    mask: None, or booleans, True where a query may attend, at least two axes, broadcast to
        (..., n, n); no axis for heads.
    Returns an array of the shape of X, float64.
    Source: Vaswani and others, 2017, sections 3.1 and 3.3; EPS is PyTorch's own.
    """
    attention, norm_1, feed_forward, norm_2 = (
        _double(part) for part in (attention, norm_1, feed_forward, norm_2)
    )
    X = np.array(X, dtype=np.float64)
    n = X.shape[-2]
    allowed = np.broadcast_to(True if mask is None else mask, (*X.shape[:-2], n, n))
    blocks = np.empty_like(X)
    for index in np.ndindex(X.shape[:-2]):
        blocks[index] = _one_sentence(
            X[index], attention, norm_1, feed_forward, norm_2, n_heads, allowed[index]
        )
    return blocks


def _double(part: Part) -> Part:
    return tuple(np.array(array, dtype=np.float64) for array in part)


def _one_sentence(
    X: Array,
    attention: Part,
    norm_1: Part,
    feed_forward: Part,
    norm_2: Part,
    n_heads: int,
    allowed: Array,
) -> Array:
    W_1, b_1, W_2, b_2 = feed_forward
    rows = []
    for x, attended in zip(X, _attended(X, attention, n_heads, allowed), strict=True):
        middle = _normalised(x + attended, *norm_1)
        hidden = [max(0.0, number) for number in _linear(middle, W_1, b_1)]
        rows.append(_normalised(middle + _linear(np.array(hidden), W_2, b_2), *norm_2))
    return np.array(rows)


def _linear(x: Array, W: Array, b: Array) -> Array:
    return np.array([math.fsum(x * W[:, j]) + b[j] for j in range(W.shape[1])])


def _normalised(x: Array, gain: Array, shift: Array) -> Array:
    mean = math.fsum(x) / len(x)
    variance = math.fsum((x - mean) ** 2) / len(x)
    return (x - mean) / math.sqrt(variance + EPS) * gain + shift


def _attended(X: Array, attention: Part, n_heads: int, allowed: Array) -> list[Array]:
    W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O = attention
    Q, K, V = (
        np.array([_linear(x, W, b) for x in X]) for W, b in ((W_Q, b_Q), (W_K, b_K), (W_V, b_V))
    )
    d_head = Q.shape[1] // n_heads
    merged = np.zeros((len(X), V.shape[1]))
    for head in range(n_heads):
        part = slice(head * d_head, (head + 1) * d_head)
        for i, q in enumerate(Q[:, part]):
            seen = [j for j in range(len(X)) if allowed[i, j]]
            scores = [math.fsum(q * K[j, part]) / math.sqrt(d_head) for j in seen]
            strengths = [math.exp(score - max(scores)) for score in scores]
            for j, strength in zip(seen, strengths, strict=True):
                merged[i, part] += strength / math.fsum(strengths) * V[j, part]
    return [_linear(row, W_O, b_O) for row in merged]


exercise = Exercise(oracle, returns=("block's output",))

UNTRIED = {"whole numbers"}  # a model's own numbers have a point


def _draw(
    rng: np.random.Generator,
    *batch: int,
    n: int = 3,
    d_model: int = 4,
    d_ff: int = 6,
    n_heads: int = 2,
    mask: Array | None = None,
    scale: float = 1.0,
) -> Case:
    """A case with random parameters; every bias, gain and shift counts."""

    def matrix(rows: int, columns: int) -> Array:
        return rng.normal(size=(rows, columns)) / math.sqrt(rows)

    attention: list[Array] = []
    for _ in range(4):
        attention += [matrix(d_model, d_model), rng.normal(size=d_model) / 2]
    norms = [(1 + rng.normal(size=d_model) / 2, rng.normal(size=d_model)) for _ in range(2)]
    feed_forward = (
        2 * matrix(d_model, d_ff),
        rng.normal(size=d_ff),
        2 * matrix(d_ff, d_model),
        rng.normal(size=d_model),
    )
    X = scale * rng.normal(size=(*batch, n, d_model))
    args = (X, tuple(attention), norms[0], feed_forward, norms[1], n_heads)
    return call(*args) if mask is None else call(*args, mask=mask)


def _plain(rng: np.random.Generator, silent: tuple[str, ...] = (), **sizes: Any) -> Case:
    """A case with all biases and shifts 0 and all gains 1; `silent` matrices are zero."""
    X, attention, _, (W_1, _, W_2, _), _, n_heads = _draw(rng, **sizes).args
    attention = [array * (array.ndim == 2) for array in attention]
    attention[6] = attention[6] * ("attention" not in silent)
    W_2 = W_2 * ("feed_forward" not in silent)
    d_model, d_ff = W_1.shape
    feed_forward = W_1, np.zeros(d_ff), W_2, np.zeros(d_model)
    norm = np.ones(d_model), np.zeros(d_model)
    return call(X, tuple(attention), norm, feed_forward, norm, n_heads)


@exercise.property
def residuals_and_norms(rng: np.random.Generator) -> Iterator[Case]:
    """With attention and feed-forward silent, each word is only added to 0 and normalised.

    Hint: twice, what a part puts out is added to what went into it, and the sum is normalised.
    """
    yield _plain(rng, ("attention", "feed_forward"), n=1, d_model=2, d_ff=2, n_heads=1)
    yield _plain(rng, ("attention", "feed_forward"), n=3, d_model=4)


@exercise.property
def feed_forward_alone(rng: np.random.Generator) -> Iterator[Case]:
    """With attention silent, each word passes the feed-forward part by itself.

    Hint: x, then W_1 and b_1, then ReLU, then W_2 and b_2, then the residual.
    """
    yield _plain(rng, ("attention",), n=1, d_model=2, d_ff=3, n_heads=1)
    yield _plain(rng, ("attention",), n=3, d_model=4, d_ff=4)


@exercise.property
def attention_alone(rng: np.random.Generator) -> Iterator[Case]:
    """With the feed-forward part silent, the block is multi-head attention and two norms.

    Hint: paste your multi_head_attention of chapter 9 and check it first.
    """
    yield _plain(rng, ("feed_forward",), n=2, d_model=2, d_ff=2, n_heads=1)
    yield _plain(rng, ("feed_forward",), n=3, d_model=6, n_heads=3)
    yield _plain(rng, ("feed_forward",), n=4, d_model=4, n_heads=2)


@exercise.property
def whole_block(rng: np.random.Generator) -> Iterator[Case]:
    """Everything together, with biases, gains and shifts.

    Hint: eight arrays belong to attention, four to the feed-forward part, two to each norm.
    """
    yield _draw(rng, n=2, d_model=2, d_ff=3, n_heads=1)
    yield _draw(rng, n=3, d_model=4, d_ff=6, n_heads=2)
    yield _draw(rng, n=4, d_model=4, d_ff=4, n_heads=4)
    yield _draw(rng, n=1, d_model=6, d_ff=5, n_heads=3)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """Leading axes pass through: no sentence sees another.

    Hint: name axes from the end, and swap axes instead of `.T`.
    """
    yield _draw(rng, 2, n=3, d_model=4, d_ff=5, n_heads=2)
    yield _draw(rng, 2, 3, n=2, d_model=6, d_ff=4, n_heads=3)


@exercise.property
def small_and_large_words(rng: np.random.Generator) -> Iterator[Case]:
    """Words of tiny numbers are normalised with a little care, large ones do not overflow.

    Hint: 1e-5 is added to the variance, before the root.
    """
    yield _plain(rng, n=2, d_model=2, d_ff=2, n_heads=1, scale=1e-3)
    yield _draw(rng, n=3, d_model=4, scale=200.0)


@exercise.property
def masks(rng: np.random.Generator) -> Iterator[Case]:
    """The mask says who may attend to whom: True means may; it has no axis for heads.

    Hint: set forbidden scores to minus infinity before the softmax; add the axis of heads
    yourself.
    """
    causal = np.tril(np.ones((3, 3), dtype=bool))
    yield _draw(rng, n=2, d_model=2, d_ff=2, n_heads=1, mask=np.tril(np.ones((2, 2), bool)))
    yield _draw(rng, n=3, n_heads=2, mask=causal)
    padding = np.arange(4) < np.array([2, 4])[:, None, None]  # (b, 1, n)
    yield _draw(rng, 2, n=4, n_heads=2, mask=padding)
    seen = (rng.random((2, 3, 4, 4)) < 0.5) | np.eye(4, dtype=bool)  # a mask for each sentence
    yield _draw(rng, 2, 3, n=4, n_heads=2, mask=seen)


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out.

    Hint: `math.sqrt` of a size is a Python number and keeps the dtype.
    """
    case = _draw(rng, n=3)
    X, *parts, n_heads = case.args
    narrow = [tuple(array.astype(np.float32) for array in part) for part in parts]
    yield call(X.astype(np.float32), *narrow, n_heads)
    yield case


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """Words and parameters are still there afterwards.

    Hint: `X += …` writes into the caller's array; `X = X + …` makes a new one.
    """
    yield _draw(rng, n=2, d_model=2, d_ff=3, n_heads=1)
    yield _draw(rng, n=3, mask=np.tril(np.ones((3, 3), dtype=bool)))
