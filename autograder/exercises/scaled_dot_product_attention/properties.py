"""scaled_dot_product_attention(Q, K, V, mask=None): the whole equation, with a mask."""

import math
from collections.abc import Iterator

import numpy as np

from autograder.kit import Array, Case, Exercise, call, inputs_untouched, same_dtype


def oracle(Q: Array, K: Array, V: Array, mask: Array | None = None) -> tuple[Array, Array]:
    """One query after another, one number after another, in double precision.

    Q: queries, (..., n_queries, d_k); floats or whole numbers, as are K and V.
    K: keys, (..., n_keys, d_k).
    V: values, (..., n_keys, d_v).
    mask: None, or booleans, True where a query may attend to a key; it has two axes or more and
    broadcasts to (..., n_queries, n_keys).
    Returns (output, weights), float64: (..., n_queries, d_v) and (..., n_queries, n_keys).
    Raises ValueError where a query may attend to no key.
    Source: Vaswani and others, 2017, equation 1.
    """
    batch, n_queries, n_keys = Q.shape[:-2], Q.shape[-2], K.shape[-2]
    allowed = np.broadcast_to(True if mask is None else mask, (*batch, n_queries, n_keys))
    weights = np.zeros((*batch, n_queries, n_keys))
    output = np.zeros((*batch, n_queries, V.shape[-1]))
    for index in np.ndindex(weights.shape[:-1]):
        sentence = index[:-1]
        weights[index] = _shares(Q[index], K[sentence], allowed[index])
        for c in range(V.shape[-1]):
            parts = [w * float(v) for w, v in zip(weights[index], V[sentence][:, c], strict=True)]
            output[(*index, c)] = math.fsum(parts)
    return output, weights


def _shares(q: Array, keys: Array, allowed: Array) -> list[float]:
    root = math.sqrt(len(q))
    scores = [
        math.fsum(float(a) * float(b) for a, b in zip(q, key, strict=True)) / root for key in keys
    ]
    peak = max(score for score, may in zip(scores, allowed, strict=True) if may)
    strengths = [
        math.exp(score - peak) if may else 0.0 for score, may in zip(scores, allowed, strict=True)
    ]
    return [strength / math.fsum(strengths) for strength in strengths]


def _drawn(
    rng: np.random.Generator,
    n_queries: int,
    n_keys: int,
    d_k: int,
    d_v: int,
    batch: tuple[int, ...] = (),
    mask: Array | None = None,
    spread: float = 1.0,
) -> Case:
    """A call on fresh queries, keys and values with these sizes."""
    Q = rng.normal(size=(*batch, n_queries, d_k)) * spread
    K = rng.normal(size=(*batch, n_keys, d_k))
    V = rng.normal(size=(*batch, n_keys, d_v))
    return call(Q, K, V) if mask is None else call(Q, K, V, mask=mask)


def _mask(rng: np.random.Generator, *shape: int) -> Array:
    """A mask in which every row has at least one True and one False."""
    places = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
    mask: Array = (places == 0) | ((places > 1) & (rng.random(shape) < 0.5))
    return mask


exercise = Exercise(oracle, returns=("output", "weights"))


@exercise.property
def one_query(rng: np.random.Generator) -> Iterator[Case]:
    """One query looks at two or three keys, and mixes their values.

    Hint: scores, division by the root, softmax, mixture: in this order.
    """
    yield call(
        np.array([[2.0, 0.0, 0.0, 0.0]]),
        np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]),
        np.array([[1.0], [3.0]]),
    )
    yield _drawn(rng, 1, 3, 2, 2)
    yield _drawn(rng, 1, 1, 3, 2)


@exercise.property
def one_sentence(rng: np.random.Generator) -> Iterator[Case]:
    """As many queries as keys: a sentence that looks at itself.

    Hint: row i of the weights is what query i spends; along which axis does your softmax run?
    """
    yield _drawn(rng, 3, 3, 2, 2)
    yield _drawn(rng, 4, 4, 4, 4)
    yield call(*_drawn(rng, 5, 5, 3, 2).args, None)


@exercise.property
def all_sizes_different(rng: np.random.Generator) -> Iterator[Case]:
    """Queries and keys may differ in number, keys and values in length.

    Hint: the output has a row for each query, and as many numbers as a value.
    """
    yield _drawn(rng, 2, 3, 5, 4)
    yield _drawn(rng, 4, 2, 3, 1)
    yield _drawn(rng, 1, 6, 2, 3)


@exercise.property
def any_key_length(rng: np.random.Generator) -> Iterator[Case]:
    """The scores are divided by the square root of the length of a key.

    Hint: `math.sqrt(Q.shape[-1])`: before the softmax, and once.
    """
    yield _drawn(rng, 2, 3, 1, 2)
    yield _drawn(rng, 2, 3, 8, 2)
    yield _drawn(rng, 3, 2, 64, 5)


@exercise.property
def batch_axes(rng: np.random.Generator) -> Iterator[Case]:
    """In a batch, each sentence attends to itself only.

    Hint: count axes from the end; leading axes pass through `@`.
    """
    yield _drawn(rng, 2, 3, 4, 1, batch=(2,))
    yield _drawn(rng, 3, 3, 3, 3, batch=(3,))
    yield _drawn(rng, 2, 4, 3, 5, batch=(2, 3))


@exercise.property
def masks(rng: np.random.Generator) -> Iterator[Case]:
    """Where the mask is False, the weight is 0, and the others share the 1 among them.

    Hint: True means "may attend"; a hidden score has to be out of the race before the softmax.
    """
    yield _drawn(rng, 1, 2, 2, 1, mask=np.array([[True, False]]))
    yield _drawn(rng, 3, 3, 2, 2, mask=_mask(rng, 3, 3))
    yield _drawn(rng, 4, 6, 5, 3, mask=_mask(rng, 4, 6))
    yield _drawn(rng, 3, 4, 2, 3, mask=np.ones((3, 4), dtype=bool))
    one_by_hand = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 2.0]])  # the first key scores 0
    hides_last = np.array([[True, True, False]])
    yield call(np.array([[1.0, 0.0]]), one_by_hand, rng.normal(size=(3, 2)), mask=hides_last)


@exercise.property
def masks_that_broadcast(rng: np.random.Generator) -> Iterator[Case]:
    """One mask may serve all queries, or all sentences of a batch.

    Hint: NumPy lines axes up from the end; `np.where` does it for you, an index does not.
    """
    yield _drawn(rng, 3, 4, 2, 2, mask=_mask(rng, 1, 4))
    yield _drawn(rng, 3, 4, 2, 5, batch=(2,), mask=_mask(rng, 3, 4))
    yield _drawn(rng, 3, 4, 5, 2, batch=(2,), mask=_mask(rng, 2, 1, 4))
    yield _drawn(rng, 4, 3, 5, 2, batch=(2, 3), mask=_mask(rng, 2, 1, 4, 3))
    yield _drawn(rng, 2, 4, 3, 2, batch=(2, 3), mask=_mask(rng, 2, 3, 2, 4))


@exercise.property
def hidden_keys_that_match_best(rng: np.random.Generator) -> Iterator[Case]:
    """A hidden key has no influence, however well it matches.

    Hint: could a hidden score still be the maximum that you subtract?
    """
    hides_first = np.array([[False, True, True]])
    values = rng.normal(size=(3, 2))
    for reach in (200.0, 40_000.0):  # how well the hidden key matches
        keys = np.array([[reach, 0.0], [1.0, 0.0], [0.0, 1.0]])
        yield call(rng.uniform(1, 2, size=(1, 2)), keys, values, mask=hides_first)
    low = np.array([[0.0, 0.0], [-1.0, 0.0], [0.0, -1.0]])  # those that are seen match badly
    yield call(np.array([[30_000.0, 30_001.0]]), low, values, mask=hides_first)
    loud = values * np.array([[1e14], [1.0], [1.0]])  # no trace of a hidden value either
    yield call(*_drawn(rng, 2, 3, 4, 2).args[:2], loud, mask=hides_first)


@exercise.property
def large_scores(rng: np.random.Generator) -> Iterator[Case]:
    """Scores of a thousand give weights, not NaN.

    Hint: which number may be taken away from every score of a row without changing a weight?
    """
    yield call(np.array([[1000.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 1.0]]), np.eye(2))
    yield _drawn(rng, 3, 4, 5, 2, spread=1000.0)
    yield call(*(a.astype(np.float32) for a in _drawn(rng, 2, 3, 4, 2, spread=100.0).args))


@exercise.property
def rows_far_apart(rng: np.random.Generator) -> Iterator[Case]:
    """A query with large scores does not spoil the row of another.

    Hint: each row needs its own maximum.
    """
    yield call(np.array([[1000.0], [0.5]]), np.array([[2.0], [1.0]]), np.array([[1.0], [3.0]]))
    far = _drawn(rng, 3, 2, 2, 3)
    yield call(far.args[0] * np.array([[3000.0], [1.0], [0.1]]), np.abs(far.args[1]), far.args[2])


@exercise.property(check=same_dtype)
def keeps_dtype(rng: np.random.Generator) -> Iterator[Case]:
    """float32 in, float32 out, with and without a mask.

    Hint: `np.sqrt` of a Python number is a float64; `math.sqrt` is not.
    """
    yield call(*(a.astype(np.float32) for a in _drawn(rng, 5, 6, 40, 3).args))
    single = [a.astype(np.float32) for a in _drawn(rng, 3, 4, 5, 2).args]
    yield call(*single, mask=_mask(rng, 3, 4))
    yield _drawn(rng, 2, 3, 4, 2, mask=_mask(rng, 2, 3))


@exercise.property
def whole_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Whole-number queries, keys and values work too.

    Hint: an integer array cannot hold a share; let NumPy make new arrays for the results.
    """
    whole = [rng.integers(-3, 4, size=shape) for shape in [(2, 3), (4, 3), (4, 2)]]
    yield call(*whole)
    yield call(*whole, mask=_mask(rng, 2, 4))


@exercise.property(check=inputs_untouched)
def leaves_its_input_alone(rng: np.random.Generator) -> Iterator[Case]:
    """Queries, keys, values and mask are still there afterwards.

    Hint: `Q /= …` and `mask[...] =` write into the caller's arrays.
    """
    yield _drawn(rng, 2, 3, 4, 2)
    yield _drawn(rng, 2, 3, 4, 2, mask=_mask(rng, 2, 3))
    yield _drawn(rng, 3, 3, 3, 3)  # where a result fits into an input
