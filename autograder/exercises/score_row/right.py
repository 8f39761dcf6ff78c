"""score_row, right in other ways."""

import numpy as np


def matrix_form(q, K):
    """A matrix times a vector."""
    return K @ q


def multiply_and_sum(q, K):
    """Number by number, then the sum within each word."""
    return (K * q).sum(axis=-1)


def einstein(q, K):
    """The repeated index of einsum is the one that is summed over."""
    return np.einsum("...nd,d->...n", K, q)


def last_axes_turned(q, K):
    """The query in front, and only the last two axes of K turned."""
    return q @ np.swapaxes(K, -1, -2)


def inner(q, K):
    """NumPy's inner product sums over both last axes."""
    return np.inner(q, K)


def key_by_key(q, K):
    """In a loop over all keys of all sentences."""
    scores = np.empty(K.shape[:-1], dtype=np.result_type(q, K))
    for index in np.ndindex(scores.shape):
        scores[index] = sum(a * b for a, b in zip(q, K[index], strict=True))
    return scores


def lengths_and_cosines(q, K):
    """Length times length times cosine, where there is a length."""
    lengths = np.linalg.norm(K, axis=-1) * np.linalg.norm(q)
    safe = np.where(lengths > 0, lengths, 1)
    return (K @ q) / safe * lengths


def through_torch(q, K):
    """The library's own, brought back to NumPy."""
    import torch

    query = torch.from_numpy(q)
    keys = torch.from_numpy(K).to(query.dtype)
    return torch.matmul(keys, query).numpy()
