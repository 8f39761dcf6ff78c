"""mix, right in other ways."""

import numpy as np


def matrix_form(weights, X):
    """The weights as a matrix with one row, times the vectors."""
    return (weights[..., None, :] @ X)[..., 0, :]


def multiply_and_sum(weights, X):
    """The weights get a last axis; multiply; sum over the words."""
    return (weights[..., None] * X).sum(axis=-2)


def einstein(weights, X):
    """The repeated index of einsum is the one that is summed over."""
    return np.einsum("...n,...nd->...d", weights, X)


def turned_around(weights, X):
    """The vectors in columns, times the weights in a column."""
    return (np.swapaxes(X, -1, -2) @ weights[..., None]).squeeze(-1)


def word_by_word(weights, X):
    """Start from nothing, and add one weighted word after another."""
    mixed = 0
    for i in range(X.shape[-2]):
        mixed = mixed + weights[..., i, None] * X[..., i, :]
    return mixed


def sentence_by_sentence(weights, X):
    """A loop over the pile, and a product for each sentence."""
    if X.ndim == 2:
        return weights @ X
    return np.array([sentence_by_sentence(w, x) for w, x in zip(weights, X, strict=True)])


def through_torch(weights, X):
    """The library's own, brought back to NumPy."""
    import torch

    w = torch.from_numpy(weights)
    return torch.einsum("...n,...nd->...d", w, torch.from_numpy(X).to(w.dtype)).numpy()
