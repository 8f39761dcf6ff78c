"""qkv_projections, right in other ways."""

import numpy as np


def matrix_form(X, W_Q, W_K, W_V):
    """Three matrix products."""
    return X @ W_Q, X @ W_K, X @ W_V


def einsum_list(X, W_Q, W_K, W_V):
    """With einsum, as a list."""
    return [np.einsum("...nd,dk->...nk", X, W) for W in (W_Q, W_K, W_V)]


def one_product_then_cut(X, W_Q, W_K, W_V):
    """One wide product, cut into three, as libraries do it."""
    wide = X @ np.concatenate([W_Q, W_K, W_V], axis=-1)
    d_k = W_Q.shape[-1]
    return tuple(np.split(wide, [d_k, 2 * d_k], axis=-1))


def word_by_word(X, W_Q, W_K, W_V):
    """A loop over words, the leading axes put back."""
    words = X.reshape(-1, X.shape[-1])
    results = [np.array([word @ W for word in words]) for W in (W_Q, W_K, W_V)]
    return tuple(r.reshape(*X.shape[:-1], r.shape[-1]) for r in results)


def with_tensordot(X, W_Q, W_K, W_V):
    """tensordot over the last axis of the words and the first of each matrix."""
    return tuple(np.tensordot(X, W, axes=1) for W in (W_Q, W_K, W_V))


def through_torch(X, W_Q, W_K, W_V):
    """The library's linear layer, brought back to NumPy."""
    import torch
    from torch.nn.functional import linear

    dtype = torch.float32 if X.dtype == np.float32 else torch.float64
    words = torch.tensor(X, dtype=dtype)
    return tuple(linear(words, torch.tensor(W.T, dtype=dtype)).numpy() for W in (W_Q, W_K, W_V))
