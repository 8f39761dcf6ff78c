"""simple_self_attention, right in other ways."""

import math

import numpy as np


def matrix_form(X):
    """Scores, softmax by rows, mixture."""
    scores = X @ np.swapaxes(X, -1, -2)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A = strengths / strengths.sum(axis=-1, keepdims=True)
    return A @ X, A


def einsum_and_log_sum_exp(X):
    """With einsum and the logarithm of the sum, as a list."""
    scores = np.einsum("...ic,...jc->...ij", X, X)
    peak = scores.max(axis=-1, keepdims=True)
    total = peak + np.log(np.exp(scores - peak).sum(axis=-1, keepdims=True))
    A = np.exp(scores - total)
    return [np.einsum("...ij,...jc->...ic", A, X), A]


def word_by_word(X):
    """Plain loops over words; sentences of a batch one after another."""
    if X.ndim > 2:
        results = [word_by_word(sentence) for sentence in X]
        return np.array([Y for Y, _ in results]), np.array([A for _, A in results])
    rows = []
    for x in X:
        scores = [float(x @ other) for other in X]
        strengths = [math.exp(score - max(scores)) for score in scores]
        rows.append([strength / sum(strengths) for strength in strengths])
    A = np.array(rows, dtype=X.dtype if X.dtype.kind == "f" else float)
    return A @ X, A


def through_torch(X):
    """The library's softmax, brought back to NumPy."""
    import torch

    words = torch.tensor(X, dtype=torch.float32 if X.dtype == np.float32 else torch.float64)
    A = torch.softmax(words @ words.transpose(-1, -2), dim=-1)
    return (A @ words).numpy(), A.numpy()
