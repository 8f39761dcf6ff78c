"""bert_attention_weights, right in other ways."""

import math

import numpy as np


def matrix_form(X, W_Q, b_Q, W_K, b_K, n_heads):
    """Project, split, score, share."""

    def heads(W, b):
        H = X @ W.T + b
        return H.reshape(*H.shape[:-1], n_heads, -1).swapaxes(-2, -3)

    Q, K = heads(W_Q, b_Q), heads(W_K, b_K)
    scores = Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return strengths / strengths.sum(axis=-1, keepdims=True)


def one_head_after_another(X, W_Q, b_Q, W_K, b_K, n_heads):
    """A loop over rows of the matrices, stacked at the end."""
    maps = []
    for rows in np.split(np.arange(len(W_Q)), n_heads):
        Q = np.einsum("...d,ed->...e", X, W_Q[rows]) + b_Q[rows]
        K = np.einsum("...d,ed->...e", X, W_K[rows]) + b_K[rows]
        scores = np.einsum("...ie,...je->...ij", Q, K) / math.sqrt(len(rows))
        peak = scores.max(axis=-1, keepdims=True)
        total = peak + np.log(np.exp(scores - peak).sum(axis=-1, keepdims=True))
        maps.append(np.exp(scores - total))
    return np.stack(maps, axis=-3)


def the_key_bias_left_out(X, W_Q, b_Q, W_K, b_K, n_heads):
    """b_K adds the same number to all scores of a row, and softmax takes no notice."""
    return matrix_form(X, W_Q, b_Q, W_K, b_K * 0, n_heads)


def through_torch(X, W_Q, b_Q, W_K, b_K, n_heads):
    """With the library's linear layer and softmax, brought back to NumPy."""
    import torch
    import torch.nn.functional as F

    words = torch.tensor(X)
    Q, K = (
        F.linear(words, torch.tensor(W), torch.tensor(b)).unflatten(-1, (n_heads, -1))
        for W, b in ((W_Q, b_Q), (W_K, b_K))
    )
    scores = torch.einsum("...ihd,...jhd->...hij", Q, K) / math.sqrt(Q.shape[-1])
    return torch.softmax(scores, dim=-1).numpy()
