"""Unseen answers to `encoder_block`."""

import math

import numpy as np

from unseen import right, wrong
from unseen.parts import attend, cut, glue


def norm(x, gain, shift, eps=1e-5, ddof=0):
    centred = x - x.mean(axis=-1, keepdims=True)
    return gain * centred / np.sqrt(x.var(axis=-1, keepdims=True, ddof=ddof) + eps) + shift


def look(X, attention, h, mask=None):
    W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O = attention
    Q, K, V = cut(X @ W_Q + b_Q, h), cut(X @ W_K + b_K, h), cut(X @ W_V + b_V, h)
    if mask is not None:
        mask = mask[..., None, :, :]
    return glue(attend(Q, K, V, mask)[0]) @ W_O + b_O


def think(x, W_1, b_1, W_2, b_2):
    return np.maximum(x @ W_1 + b_1, 0) @ W_2 + b_2


@wrong
def gelu(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    W_1, b_1, W_2, b_2 = feed_forward
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    inner = Y @ W_1 + b_1
    inner = inner / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (inner + 0.044715 * inner**3)))
    return norm(Y + inner @ W_2 + b_2, *norm_2)


@wrong
def norm_before(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = X + look(norm(X, *norm_1), attention, n_heads, mask)
    return Y + think(norm(Y, *norm_2), *feed_forward)


@wrong
def first_word_added_twice(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    return norm(X + think(Y, *feed_forward), *norm_2)


@wrong
def sample_variance(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1, ddof=1)
    return norm(Y + think(Y, *feed_forward), *norm_2, ddof=1)


@wrong
def tiny_epsilon(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1, eps=1e-12)
    return norm(Y + think(Y, *feed_forward), *norm_2, eps=1e-12)


@wrong
def epsilon_behind_the_root(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    def outside(x, gain, shift):
        centred = x - x.mean(axis=-1, keepdims=True)
        return gain * centred / (x.std(axis=-1, keepdims=True) + 1e-5) + shift

    Y = outside(X + look(X, attention, n_heads, mask), *norm_1)
    return outside(Y + think(Y, *feed_forward), *norm_2)


@wrong
def epsilon_in_one_norm_only(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    return norm(Y + think(Y, *feed_forward), *norm_2, eps=0)


@wrong
def whole_sentence_normalised(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    def over_all(x, gain, shift):
        mean, var = x.mean(axis=(-1, -2), keepdims=True), x.var(axis=(-1, -2), keepdims=True)
        return gain * (x - mean) / np.sqrt(var + 1e-5) + shift

    Y = over_all(X + look(X, attention, n_heads, mask), *norm_1)
    return over_all(Y + think(Y, *feed_forward), *norm_2)


@wrong
def shifted_before_the_gain(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    def early(x, gain, shift):
        return gain * norm(x, 1, shift)

    Y = early(X + look(X, attention, n_heads, mask), *norm_1)
    return early(Y + think(Y, *feed_forward), *norm_2)


@wrong
def leaky(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    W_1, b_1, W_2, b_2 = feed_forward
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    inner = Y @ W_1 + b_1
    return norm(Y + np.where(inner > 0, inner, 0.01 * inner) @ W_2 + b_2, *norm_2)


@wrong
def norms_exchanged(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_2)
    return norm(Y + think(Y, *feed_forward), *norm_1)


@wrong
def mask_of_the_first_sentence(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    if mask is not None:
        mask = mask.reshape(-1, *mask.shape[-2:])[0]
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    return norm(Y + think(Y, *feed_forward), *norm_2)


@wrong
def value_bias_forgotten(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    attention = (*attention[:5], 0, *attention[6:])
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    return norm(Y + think(Y, *feed_forward), *norm_2)


@wrong
def feed_forward_without_its_last_bias(
    X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None
):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    return norm(Y + think(Y, *feed_forward[:3], 0), *norm_2)


@wrong
def input_overwritten(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    X += look(X, attention, n_heads, mask)
    Y = norm(X, *norm_1)
    return norm(Y + think(Y, *feed_forward), *norm_2)


@wrong
def smaller_epsilon(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1, eps=1e-6)
    return norm(Y + think(Y, *feed_forward), *norm_2, eps=1e-6)


@wrong
def larger_epsilon_first(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1, eps=2e-5)
    return norm(Y + think(Y, *feed_forward), *norm_2)


@wrong
def mask_ignored_in_a_batch(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    if X.ndim > 2:
        mask = None
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    return norm(Y + think(Y, *feed_forward), *norm_2)


@wrong
def one_gain_for_both(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    return norm(Y + think(Y, *feed_forward), norm_1[0], norm_2[1])


@wrong
def dropout_left_on(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    rng = np.random.default_rng(0)
    Y = norm(X + look(X, attention, n_heads, mask), *norm_1)
    inner = think(Y, *feed_forward)
    return norm(Y + inner * (rng.random(inner.shape) > 0.1) / 0.9, *norm_2)


@right
def torch_layers(X, attention, norm_1, feed_forward, norm_2, n_heads, mask=None):
    import torch
    import torch.nn.functional as F

    def t(arrays):
        return [torch.tensor(np.asarray(a)) for a in arrays]

    x, *_ = t([X])
    W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O = t(attention)
    heads = [
        P.unflatten(-1, (n_heads, -1)).transpose(-2, -3)
        for P in (x @ W_Q + b_Q, x @ W_K + b_K, x @ W_V + b_V)
    ]
    where = None if mask is None else torch.tensor(np.asarray(mask)).unsqueeze(-3)
    S = heads[0] @ heads[1].mT / math.sqrt(heads[0].shape[-1])
    S = S if where is None else S.masked_fill(~where, -torch.inf)
    looked = (torch.softmax(S, -1) @ heads[2]).transpose(-2, -3).flatten(-2) @ W_O + b_O
    x = F.layer_norm(x + looked, x.shape[-1:], *t(norm_1))
    W_1, b_1, W_2, b_2 = t(feed_forward)
    x = F.layer_norm(x + torch.relu(x @ W_1 + b_1) @ W_2 + b_2, x.shape[-1:], *t(norm_2))
    return x.numpy()
