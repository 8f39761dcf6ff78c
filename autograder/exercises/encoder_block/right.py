"""encoder_block, right in other ways."""

import math

import numpy as np


def _norm(x, gain, shift):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5) * gain + shift


def matrix_form(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Split, attend, merge; add and normalise; feed forward; add and normalise."""
    W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O = attention
    W_1, b_1, W_2, b_2 = feed_forward

    def heads(W, b):
        H = X @ W + b
        return H.reshape(*H.shape[:-1], n_heads, -1).swapaxes(-2, -3)

    Q, K, V = heads(W_Q, b_Q), heads(W_K, b_K), heads(W_V, b_V)
    scores = Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(np.expand_dims(mask, -3), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    H = (weights / weights.sum(axis=-1, keepdims=True) @ V).swapaxes(-2, -3)
    Y = _norm(X + H.reshape(*H.shape[:-2], -1) @ W_O + b_O, *norm_1)
    return _norm(Y + np.maximum(Y @ W_1 + b_1, 0) @ W_2 + b_2, *norm_2)


def one_head_after_another(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """A loop over heads, −1e9 for what is forbidden, and W_O in strips."""
    W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O = attention
    W_1, b_1, W_2, b_2 = feed_forward
    Q, K, V = X @ W_Q + b_Q, X @ W_K + b_K, X @ W_V + b_V
    d_head = Q.shape[-1] // n_heads
    Y = X + b_O
    for start in range(0, n_heads * d_head, d_head):
        part = slice(start, start + d_head)
        scores = np.einsum("...id,...jd->...ij", Q[..., part], K[..., part])
        scores = scores / math.sqrt(d_head)
        scores = scores if mask is None else np.where(mask, scores, scores.dtype.type(-1e9))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = weights / weights.sum(axis=-1, keepdims=True)
        Y = Y + weights @ V[..., part] @ W_O[part]
    Y = _norm(Y, *norm_1)
    hidden = Y @ W_1 + b_1
    return _norm(Y + (hidden * (hidden > 0)) @ W_2 + b_2, *norm_2)


def biases_as_a_column_of_ones(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """Each bias is one more row of its matrix, met by a word that ends in 1."""

    def linear(x, W, b):
        ones = np.ones((*x.shape[:-1], 1), dtype=x.dtype)
        return np.concatenate([x, ones], axis=-1) @ np.concatenate([W, b[None]])

    W_Q, b_Q, _, _, W_V, b_V, W_O, b_O = attention
    split = [
        np.stack(np.split(linear(X, W, b), n_heads, axis=-1), axis=-3)
        for W, b in ((W_Q, b_Q), attention[2:4], (W_V, b_V))
    ]
    scores = np.einsum("...hid,...hjd->...hij", *split[:2]) / math.sqrt(split[0].shape[-1])
    if mask is not None:
        scores = scores + np.where(mask, 0, -np.inf).astype(scores.dtype)[..., None, :, :]
    peak = scores.max(axis=-1, keepdims=True)
    total = peak + np.log(np.exp(scores - peak).sum(axis=-1, keepdims=True))
    H = np.exp(scores - total) @ split[2]
    merged = np.concatenate([H[..., h, :, :] for h in range(n_heads)], axis=-1)
    Y = _norm(X + linear(merged, W_O, b_O), *norm_1)
    W_1, b_1, W_2, b_2 = feed_forward
    return _norm(Y + linear(np.clip(linear(Y, W_1, b_1), 0, None), W_2, b_2), *norm_2)


def the_key_bias_left_out(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """b_K adds the same number to all scores of a row, so softmax never feels it."""
    W_Q, b_Q, W_K, b_K, *others = attention
    attention = (W_Q, b_Q, W_K, b_K * 0, *others)
    return matrix_form(X, attention, norm_1, feed_forward, norm_2, n_heads, mask)


def through_torch(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    """The library's functions, brought back to NumPy."""
    import torch
    import torch.nn.functional as F

    X, *parts = (
        [torch.tensor(array) for array in part] if isinstance(part, tuple) else torch.tensor(part)
        for part in (X, *map(tuple, (attention, norm_1, feed_forward, norm_2)))
    )
    (W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O), norm_1, (W_1, b_1, W_2, b_2), norm_2 = parts
    Q, K, V = (
        (X @ W + b).unflatten(-1, (n_heads, -1)).transpose(-2, -3)
        for W, b in ((W_Q, b_Q), (W_K, b_K), (W_V, b_V))
    )
    allowed = None if mask is None else torch.tensor(mask).unsqueeze(-3)
    H = F.scaled_dot_product_attention(Q, K, V, attn_mask=allowed)
    Y = F.layer_norm(X + H.transpose(-2, -3).flatten(-2) @ W_O + b_O, X.shape[-1:], *norm_1)
    hidden = torch.relu(Y @ W_1 + b_1)
    return F.layer_norm(Y + hidden @ W_2 + b_2, X.shape[-1:], *norm_2).numpy()
