"""Unseen answers to `multi_head_attention`."""

import math

import numpy as np

from unseen import right, wrong
from unseen.parts import attend, cut, glue, safe


def many(X, W_Q, W_K, W_V, n_heads, mask=None, scale=None):
    Q, K, V = (cut(X @ W, n_heads) for W in (W_Q, W_K, W_V))
    return attend(Q, K, V, mask, scale)


def for_heads(mask):
    return None if mask is None else mask[..., None, :, :]


def maps(X, W_Q, b_Q, W_K, b_K, h, scale=None):
    Q, K = cut(X @ W_Q.T + b_Q, h), cut(X @ W_K.T + b_K, h)
    return safe(Q @ K.swapaxes(-1, -2) / (scale or math.sqrt(Q.shape[-1])))


@wrong
def mask_meets_the_heads(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads, mask)
    return glue(H) @ W_O, A


@wrong
def mask_axis_after_the_first(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads, None if mask is None else mask[:, None])
    return glue(H) @ W_O, A


@wrong
def root_of_all_columns(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask), math.sqrt(W_Q.shape[1]))
    return glue(H) @ W_O, A


@wrong
def root_of_the_number_of_heads(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask), math.sqrt(n_heads))
    return glue(H) @ W_O, A


@wrong
def width_from_the_word(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    scale = math.sqrt(X.shape[-1] / n_heads)
    H, A = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask), scale)
    return glue(H) @ W_O, A


@wrong
def heads_averaged_in_the_map(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask))
    return glue(H) @ W_O, A.mean(axis=-3)


@wrong
def the_word_itself_added(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask))
    return X + glue(H) @ W_O, A


@wrong
def mask_for_the_first_head(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads)
    if mask is not None:
        first, its = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask))
        H[..., 0, :, :], A[..., 0, :, :] = first[..., 0, :, :], its[..., 0, :, :]
    return glue(H) @ W_O, A


@wrong
def keys_of_the_first_head(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    Q, K, V = (cut(X @ W, n_heads) for W in (W_Q, W_K, W_V))
    H, A = attend(Q, K[..., :1, :, :], V, for_heads(mask))
    return glue(H) @ W_O, A


@wrong
def heads_compete(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    Q, K, V = (cut(X @ W, n_heads) for W in (W_Q, W_K, W_V))
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        S = np.where(for_heads(mask), S, -1e9)
    A = safe(S, axis=-3)
    return glue(A @ V) @ W_O, A


@wrong
def one_wide_head(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    out, A = attend(X @ W_Q, X @ W_K, X @ W_V, mask)
    return out @ W_O, np.stack([A] * n_heads, axis=-3)


@wrong
def out_matrix_turned(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    H, A = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask))
    return np.einsum("...i,oi->...o", glue(H), W_O), A


@wrong
def mask_only_if_two_axes(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    if mask is not None and mask.ndim > 2:
        mask = None
    H, A = many(X, W_Q, W_K, W_V, n_heads, mask)
    return glue(H) @ W_O, A


@wrong
def mask_repeated_by_shape(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    if mask is not None:
        n = X.shape[-2]
        mask = mask.reshape(*X.shape[:-2], 1, n, n)
    H, A = many(X, W_Q, W_K, W_V, n_heads, mask)
    return glue(H) @ W_O, A


@wrong
def words_are_as_wide_as_heads(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    _n, d = X.shape[-2:]
    Q, K, V = (
        (X @ W).reshape(*X.shape[:-1], n_heads, d // n_heads).swapaxes(-2, -3)
        for W in (W_Q, W_K, W_V)
    )
    H, A = attend(Q, K, V, for_heads(mask))
    return H.swapaxes(-2, -3).reshape(X.shape) @ W_O, A


@wrong
def no_shift_by_the_maximum(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    Q, K, V = (cut(X @ W, n_heads) for W in (W_Q, W_K, W_V))
    e = np.exp(Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1]))
    if mask is not None:
        e = e * for_heads(mask)
    A = e / e.sum(axis=-1, keepdims=True)
    return glue(A @ V) @ W_O, A


@wrong
def mask_turned_round(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    if mask is not None and mask.shape[-1] == mask.shape[-2]:
        mask = mask.swapaxes(-1, -2) | np.eye(mask.shape[-1], dtype=bool)
    H, A = many(X, W_Q, W_K, W_V, n_heads, for_heads(mask))
    return glue(H) @ W_O, A


@right
def a_loop_over_heads_each_with_its_part_of_the_out_matrix(
    X, W_Q, W_K, W_V, W_O, n_heads, mask=None
):
    d = W_Q.shape[1] // n_heads
    out, maps = 0, []
    for i in range(n_heads):
        own = slice(i * d, (i + 1) * d)
        S = (X @ W_Q[:, own]) @ (X @ W_K[:, own]).swapaxes(-1, -2) / math.sqrt(d)
        A = safe(S if mask is None else np.where(mask, S, -np.inf))
        out = out + A @ (X @ W_V[:, own]) @ W_O[own]
        maps.append(A)
    return out, np.stack(maps, axis=-3)


@right
def one_einsum_for_each_step(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    Q, K, V = (
        np.einsum("...nc,chd->...hnd", X, W.reshape(len(W), n_heads, -1)) for W in (W_Q, W_K, W_V)
    )
    S = np.einsum("...hnd,...hmd->...hnm", Q, K) / Q.shape[-1] ** 0.5
    if mask is not None:
        S = np.where(np.expand_dims(mask, -3), S, -np.inf)
    A = safe(S)
    per_head = W_O.reshape(n_heads, -1, W_O.shape[1])
    return np.einsum("...hnm,...hmd,hdc->...nc", A, V, per_head), A
