"""attention_backward, right in other ways."""

import math

import numpy as np


def matrix_form(dO, Q, K, V):
    """Back through values, weights, scores, and at last queries and keys."""
    scale = 1 / math.sqrt(Q.shape[-1])
    scores = Q @ np.swapaxes(K, -1, -2) * scale
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    d_weights = dO @ np.swapaxes(V, -1, -2)
    centred = d_weights - (weights * d_weights).sum(axis=-1, keepdims=True)
    d_scores = weights * centred * scale
    dK, dV = (np.swapaxes(a, -1, -2) @ b for a, b in ((d_scores, Q), (weights, dO)))
    return d_scores @ K, dK, dV


def average_from_the_output(dO, Q, K, V):
    """The row's average is dO · output, as FlashAttention computes it."""
    scale = 1 / math.sqrt(Q.shape[-1])
    scores = np.einsum("...nd,...md->...nm", Q, K) * scale
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    average = (dO * (weights @ V)).sum(axis=-1, keepdims=True)
    d_scores = weights * (np.einsum("...nd,...md->...nm", dO, V) - average) * scale
    return [
        np.einsum("...nm,...md->...nd", d_scores, K),
        np.einsum("...nm,...nd->...md", d_scores, Q),
        np.einsum("...nm,...nd->...md", weights, dO),
    ]


def whole_jacobian(dO, Q, K, V):
    """With the matrix diag(w) − w wᵀ of each row, spelt out."""
    root = math.sqrt(Q.shape[-1])
    scores = Q @ np.swapaxes(K, -1, -2) / root
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    eye = np.eye(K.shape[-2], dtype=weights.dtype)
    jacobian = weights[..., :, None] * (eye - weights[..., None, :])
    d_weights = dO @ np.swapaxes(V, -1, -2)
    d_scores = np.einsum("...ni,...nij->...nj", d_weights, jacobian) / root
    return (
        d_scores @ K,
        np.swapaxes(d_scores, -1, -2) @ Q,
        np.swapaxes(weights, -1, -2) @ dO,
    )


def through_autograd(dO, Q, K, V):
    """PyTorch walks back, and NumPy gets the result."""
    import torch
    import torch.nn.functional as F

    leaves = [torch.tensor(array, requires_grad=True) for array in (Q, K, V)]
    F.scaled_dot_product_attention(*leaves).backward(torch.tensor(dO))
    return tuple(leaf.grad.numpy() for leaf in leaves)
