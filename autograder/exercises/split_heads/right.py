"""split_heads, right in other ways."""

import numpy as np


def matrix_form(X, n_heads):
    """Reshape, then swap words and heads."""
    *batch, n_tokens, width = X.shape
    return np.swapaxes(X.reshape(*batch, n_tokens, n_heads, width // n_heads), -3, -2)


def stacked_slices(X, n_heads):
    """Cut the columns, then stack the pieces."""
    return np.stack(np.split(X, n_heads, axis=-1), axis=-3)


def filled_head_by_head(X, n_heads):
    """An empty array, filled by a loop over the heads."""
    d_head = X.shape[-1] // n_heads
    H = np.empty((*X.shape[:-2], n_heads, X.shape[-2], d_head), dtype=X.dtype)
    for head in range(n_heads):
        H[..., head, :, :] = X[..., head * d_head : (head + 1) * d_head]
    return H


def einsum_of_axes(X, n_heads):
    """The swap of axes as an einsum."""
    return np.einsum("...nhd->...hnd", X.reshape(*X.shape[:-1], n_heads, -1))


def through_torch(X, n_heads):
    """The library's unflatten and transpose, brought back to NumPy."""
    import torch

    return torch.from_numpy(X.copy()).unflatten(-1, (n_heads, -1)).transpose(-3, -2).numpy()
