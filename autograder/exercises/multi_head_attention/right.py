"""multi_head_attention, right in other ways."""

import math

import numpy as np


def _softmax(scores):
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return strengths / strengths.sum(axis=-1, keepdims=True)


def matrix_form(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Project, split, attend, merge, project."""

    def split(P):
        return np.swapaxes(P.reshape(*P.shape[:-1], n_heads, P.shape[-1] // n_heads), -3, -2)

    Q, K, V = split(X @ W_Q), split(X @ W_K), split(X @ W_V)
    scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask[..., None, :, :], scores, -np.inf)
    weights = _softmax(scores)
    H = np.swapaxes(weights @ V, -3, -2)
    return H.reshape(*X.shape[:-1], W_O.shape[0]) @ W_O, weights


def list_of_heads(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """A loop over the heads with slices of the matrices; a list comes back."""
    d_head = W_Q.shape[1] // n_heads
    rows, maps = [], []
    for head in range(n_heads):
        own = slice(head * d_head, (head + 1) * d_head)
        Q, K, V = X @ W_Q[:, own], X @ W_K[:, own], X @ W_V[:, own]
        scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(d_head)
        weights = _softmax(scores if mask is None else np.where(mask, scores, -np.inf))
        rows.append(weights @ V)
        maps.append(weights)
    return [np.concatenate(rows, axis=-1) @ W_O, np.stack(maps, axis=-3)]


def sum_of_heads(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Each head through its own rows of W_O, added up; hidden scores are lowered by 1e9."""
    d_head = W_Q.shape[1] // n_heads
    output, maps = 0, []
    for head in range(n_heads):
        own = slice(head * d_head, (head + 1) * d_head)
        scores = (X @ W_Q[:, own]) @ np.swapaxes(X @ W_K[:, own], -1, -2) / d_head**0.5
        weights = _softmax(scores if mask is None else np.where(mask, scores, scores - 1e9))
        output = output + weights @ (X @ W_V[:, own] @ W_O[own])
        maps.append(weights)
    return output, np.stack(maps, axis=-3)


def einsum_of_everything(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The matrices reshaped to (d_model, h, d_head), and einsum for every product."""
    d_model, width = W_Q.shape
    W_Q, W_K, W_V = (W.reshape(d_model, n_heads, width // n_heads) for W in (W_Q, W_K, W_V))
    Q, K, V = (np.einsum("...nm,mhd->...hnd", X, W) for W in (W_Q, W_K, W_V))
    scores = np.einsum("...qd,...kd->...qk", Q, K) / math.sqrt(width // n_heads)
    if mask is not None:
        scores = np.where(np.expand_dims(mask, -3), scores, np.finfo(scores.dtype).min)
    weights = _softmax(scores)
    H = np.einsum("...hqk,...hkd->...qhd", weights, V)
    return H.reshape(*H.shape[:-2], width) @ W_O, weights


def through_torch(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """PyTorch's own softmax and split, brought back to NumPy."""
    import torch

    X, W_Q, W_K, W_V, W_O = (torch.from_numpy(A.copy()) for A in (X, W_Q, W_K, W_V, W_O))
    X = X.to(W_Q.dtype)
    Q, K, V = ((X @ W).unflatten(-1, (n_heads, -1)).transpose(-3, -2) for W in (W_Q, W_K, W_V))
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        hidden = ~torch.from_numpy(mask.copy())
        scores = scores.masked_fill(hidden.unsqueeze(-3), -math.inf)
    weights = torch.softmax(scores, dim=-1)
    output = (weights @ V).transpose(-3, -2).flatten(-2) @ W_O
    return output.numpy(), weights.numpy()
