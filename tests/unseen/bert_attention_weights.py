"""Unseen answers to `bert_attention_weights`."""

import math

import numpy as np

from unseen import right, wrong
from unseen.parts import cut, safe


def maps(X, W_Q, b_Q, W_K, b_K, h, scale=None):
    Q, K = cut(X @ W_Q.T + b_Q, h), cut(X @ W_K.T + b_K, h)
    return safe(Q @ K.swapaxes(-1, -2) / (scale or math.sqrt(Q.shape[-1])))


@wrong
def bias_of_queries_forgotten(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_Q, 0, W_K, b_K, n_heads)


@wrong
def used_as_in_the_book(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_Q.T, b_Q, W_K.T, b_K, n_heads)


@wrong
def biases_exchanged(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_Q, b_K, W_K, b_Q, n_heads)


@wrong
def root_of_the_model(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_Q, b_Q, W_K, b_K, n_heads, math.sqrt(X.shape[-1]))


@wrong
def width_of_a_word_over_heads(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_Q, b_Q, W_K, b_K, n_heads, math.sqrt(X.shape[-1] // n_heads))


@wrong
def heads_of_thirty_two(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_Q, b_Q, W_K, b_K, n_heads, math.sqrt(32))


@wrong
def heads_last(X, W_Q, b_Q, W_K, b_K, n_heads):
    return np.moveaxis(maps(X, W_Q, b_Q, W_K, b_K, n_heads), -3, -1)


@wrong
def columns_of_heads_take_turns(X, W_Q, b_Q, W_K, b_K, n_heads):
    Q, K = X @ W_Q.T + b_Q, X @ W_K.T + b_K
    Q, K = (np.stack([P[..., i::n_heads] for i in range(n_heads)], axis=-3) for P in (Q, K))
    return safe(Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1]))


@wrong
def bias_after_the_scores(X, W_Q, b_Q, W_K, b_K, n_heads):
    Q, K = cut(X @ W_Q.T, n_heads), cut(X @ W_K.T, n_heads)
    S = Q @ K.swapaxes(-1, -2) + (b_Q @ b_K)
    return safe(S / math.sqrt(Q.shape[-1]))


@wrong
def keys_ask(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_K, b_K, W_Q, b_Q, n_heads)


@wrong
def shares_by_column(X, W_Q, b_Q, W_K, b_K, n_heads):
    Q, K = cut(X @ W_Q.T + b_Q, n_heads), cut(X @ W_K.T + b_K, n_heads)
    return safe(Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1]), axis=-2)


@wrong
def squeezed_maps(X, W_Q, b_Q, W_K, b_K, n_heads):
    return np.squeeze(maps(X, W_Q, b_Q, W_K, b_K, n_heads))


@wrong
def no_batch_of_batches(X, W_Q, b_Q, W_K, b_K, n_heads):
    if X.ndim == 2:
        return maps(X, W_Q, b_Q, W_K, b_K, n_heads)
    return np.stack([maps(X[0], W_Q, b_Q, W_K, b_K, n_heads)] * len(X))


@wrong
def bias_weighted_by_half(X, W_Q, b_Q, W_K, b_K, n_heads):
    return maps(X, W_Q, b_Q / 2, W_K, 2 * b_K, n_heads)


@right
def key_bias_falls_out_of_the_softmax(X, W_Q, b_Q, W_K, b_K, n_heads):
    d = len(W_Q) // n_heads
    maps = []
    for i in range(n_heads):
        own = slice(i * d, (i + 1) * d)
        S = (X @ W_Q[own].T + b_Q[own]) @ (X @ W_K[own].T).swapaxes(-1, -2)
        maps.append(safe(S / math.sqrt(d)))
    return np.stack(maps, axis=-3)


@right
def einsum_out_in(X, W_Q, b_Q, W_K, b_K, n_heads):
    Q = np.einsum("...nc,oc->...no", X, W_Q) + b_Q
    K = np.einsum("...nc,oc->...no", X, W_K) + b_K
    Q, K = (P.reshape(*P.shape[:-1], n_heads, -1) for P in (Q, K))
    return safe(np.einsum("...ihd,...jhd->...hij", Q, K) / math.sqrt(Q.shape[-1]))
