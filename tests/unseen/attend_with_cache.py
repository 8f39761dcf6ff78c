"""Unseen answers to `attend_with_cache`."""

import math

import numpy as np

from unseen import right, wrong
from unseen.parts import safe


def step(x, cache, W_Q, W_K, W_V, scale=None):
    q, k, v = x @ W_Q, x @ W_K, x @ W_V
    K = k[None] if cache is None else np.vstack([cache[0], k])
    V = v[None] if cache is None else np.vstack([cache[1], v])
    return safe(K @ q / (scale or math.sqrt(len(q)))) @ V, (K, V)


@wrong
def newest_on_top(x, cache, W_Q, W_K, W_V):
    q, K, V = x @ W_Q, (x @ W_K)[None], (x @ W_V)[None]
    if cache is not None:
        K, V = np.vstack([K, cache[0]]), np.vstack([V, cache[1]])
    return safe(K @ q / math.sqrt(len(q))) @ V, (K, V)


@wrong
def looks_back_before_it_grows(x, cache, W_Q, W_K, W_V):
    out, grown = step(x, cache, W_Q, W_K, W_V)
    if cache is not None:
        q = x @ W_Q
        out = safe(cache[0] @ q / math.sqrt(len(q))) @ cache[1]
    return out, grown


@wrong
def four_words_of_memory(x, cache, W_Q, W_K, W_V):
    if cache is not None:
        cache = cache[0][-4:], cache[1][-4:]
    return step(x, cache, W_Q, W_K, W_V)


@wrong
def root_of_words_so_far(x, cache, W_Q, W_K, W_V):
    t = 1 if cache is None else len(cache[0]) + 1
    return step(x, cache, W_Q, W_K, W_V, math.sqrt(t))


@wrong
def a_table_of_one_row(x, cache, W_Q, W_K, W_V):
    out, grown = step(x, cache, W_Q, W_K, W_V)
    return out[None], grown


@wrong
def flat_append(x, cache, W_Q, W_K, W_V):
    if cache is None:
        return step(x, None, W_Q, W_K, W_V)
    K, V = np.append(cache[0], x @ W_K), np.append(cache[1], x @ W_V)
    return step(x, cache, W_Q, W_K, W_V)[0], (K, V)


@wrong
def cache_of_words(x, cache, W_Q, W_K, W_V):
    K, V = (x[None], x[None]) if cache is None else (np.vstack([c, x]) for c in cache)
    out = step(x, cache, W_Q, W_K, W_V)[0]
    return out, (K, V)


@wrong
def if_cache(x, cache, W_Q, W_K, W_V):
    out, grown = step(x, cache, W_Q, W_K, W_V)
    return out, (grown if cache is None else cache)


@wrong
def values_then_keys(x, cache, W_Q, W_K, W_V):
    out, (K, V) = step(x, cache, W_Q, W_K, W_V)
    return out, (V, K)


@wrong
def plain_exponentials(x, cache, W_Q, W_K, W_V):
    _, (K, V) = step(x, cache, W_Q, W_K, W_V)
    e = np.exp(K @ (x @ W_Q) / math.sqrt(K.shape[1]))
    return e / e.sum() @ V, (K, V)


@wrong
def root_of_a_word(x, cache, W_Q, W_K, W_V):
    return step(x, cache, W_Q, W_K, W_V, math.sqrt(len(x)))


@wrong
def last_row_written_over(x, cache, W_Q, W_K, W_V):
    if cache is not None:
        cache[0][-1] += 0 * cache[0][-1]
        cache[1][0] = cache[1].mean(axis=0)
    return step(x, cache, W_Q, W_K, W_V)


@wrong
def one_cache_for_all_texts(x, cache, W_Q, W_K, W_V, kept=[]):  # noqa: B006
    if kept and kept[-1][0].shape[1] != W_K.shape[1]:
        kept.clear()
    out, grown = step(x, kept[-1] if kept else cache, W_Q, W_K, W_V)
    kept.append(grown)
    return out, grown


@wrong
def empty_cache_of_double_precision(x, cache, W_Q, W_K, W_V):
    K, V = cache or (np.zeros((0, W_K.shape[1])), np.zeros((0, W_V.shape[1])))
    return step(x, (K, V), W_Q, W_K, W_V)


@right
def empty_tables_first(x, cache, W_Q, W_K, W_V):
    K, V = cache or (np.empty((0, W_K.shape[1]), x.dtype), np.empty((0, W_V.shape[1]), x.dtype))
    K, V = np.r_[K, [x @ W_K]], np.r_[V, [x @ W_V]]
    S = K @ (W_Q.T @ x) / math.sqrt(W_K.shape[1])
    return safe(S) @ V, (K, V)


@right
def lists_of_rows(x, cache, W_Q, W_K, W_V):
    keys, values = ([], []) if cache is None else map(list, cache)
    keys, values = [*keys, x @ W_K], [*values, x @ W_V]
    scores = [float(x @ W_Q @ k) / math.sqrt(len(k)) for k in keys]
    e = [math.exp(s - max(scores)) for s in scores]
    out = sum((a / sum(e)) * v for a, v in zip(e, values, strict=True))
    return [out, [np.array(keys), np.array(values)]]
