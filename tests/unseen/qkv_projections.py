"""Unseen answers to `qkv_projections`."""

import math

import numpy as np

from unseen import right, wrong
from unseen.parts import squeezed


@wrong
def cut_into_thirds(X, W_Q, W_K, W_V):
    together = X @ np.concatenate([W_Q, W_K, W_V], axis=1)
    d = together.shape[-1] // 3
    return together[..., :d], together[..., d : 2 * d], together[..., 2 * d :]


@wrong
def one_array_of_three(X, W_Q, W_K, W_V):
    return np.array([X @ W_Q, X @ W_K, X @ W_V])


@wrong
def values_by_the_keys_matrix(X, W_Q, W_K, W_V):
    return X @ W_Q, X @ W_K, X @ W_K


@wrong
def sentences_melted(X, W_Q, W_K, W_V):
    words = X.reshape(-1, X.shape[-1])
    return words @ W_Q, words @ W_K, words @ W_V


@wrong
def queries_shrunk(X, W_Q, W_K, W_V):
    return X @ W_Q / math.sqrt(W_Q.shape[1]), X @ W_K, X @ W_V


@wrong
def by_name(X, W_Q, W_K, W_V):
    return {"Q": X @ W_Q, "K": X @ W_K, "V": X @ W_V}


@wrong
def words_centred(X, W_Q, W_K, W_V):
    X = X - X.mean(axis=-2, keepdims=True)
    return X @ W_Q, X @ W_K, X @ W_V


@wrong
def lazily(X, W_Q, W_K, W_V):
    return (X @ W for W in (W_Q, W_K, W_V))


@wrong
def values_of_keys_and_queries(X, W_Q, W_K, W_V):
    Q, K, V = X @ W_Q, X @ W_K, X @ W_V
    return K, Q, V


@wrong
def numpy_dot_from_the_left(X, W_Q, W_K, W_V):
    return tuple(np.dot(W.T, X.T).T for W in (W_Q, W_K, W_V))


@wrong
def squeezed_projections(X, W_Q, W_K, W_V):
    return squeezed(X @ W_Q, X @ W_K, X @ W_V)


@wrong
def values_as_wide_as_keys(X, W_Q, W_K, W_V):
    return X @ W_Q, X @ W_K, (X @ W_V)[..., : W_K.shape[1]]


@wrong
def written_like_the_words(X, W_Q, W_K, W_V):
    results = []
    for W in (W_Q, W_K, W_V):
        made = np.zeros((*X.shape[:-1], W.shape[1]), dtype=X.dtype)
        made[...] = X @ W
        results.append(made)
    return tuple(results)


@right
def cut_where_the_widths_say(X, W_Q, W_K, W_V):
    ends = np.cumsum([W_Q.shape[1], W_K.shape[1]])
    return np.split(X @ np.hstack([W_Q, W_K, W_V]), ends, axis=-1)


@right
def by_tensordot(X, W_Q, W_K, W_V):
    return tuple(np.tensordot(X, W, 1) for W in (W_Q, W_K, W_V))
