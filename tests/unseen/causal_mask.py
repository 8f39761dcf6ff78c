"""Unseen answers to `causal_mask`."""

import itertools

import numpy as np

from unseen import right, wrong


@wrong
def window_of_four(n):
    i, j = np.ogrid[:n, :n]
    return (j <= i) & (i - j < 4)


@wrong
def earlier_words_only(n):
    return np.array([[j < i for j in range(n)] for i in range(n)])


@wrong
def numbers_of_a_triangle(n):
    return np.tri(n)


@wrong
def a_list_of_lists(n):
    return [[j <= i for j in range(n)] for i in range(n)]


@wrong
def with_a_batch_axis(n):
    return np.tril(np.ones((1, n, n), dtype=bool))


@wrong
def ready_to_add(n):
    return np.triu(np.full((n, n), -np.inf), k=1)


@wrong
def counted_from_the_end(n):
    return np.fliplr(np.tri(n, dtype=bool))


@wrong
def last_row_missing(n):
    mask = np.zeros((n, n), dtype=bool)
    for i in range(1, n):
        mask[i - 1, :i] = True
    return mask


@wrong
def bytes_not_booleans(n):
    return np.tri(n, dtype=np.uint8)


@wrong
def objects_not_booleans(n):
    return np.tri(n).astype(object) == 1.0 if n > 1 else np.array([[1]])


@wrong
def no_table_for_one_word(n):
    return np.squeeze(np.tri(n, dtype=bool))


@wrong
def eight_words_at_most(n):
    mask = np.zeros((n, n), dtype=bool)
    mask[:8, :8] = np.tri(8, dtype=bool)[:n, :n]
    return mask


@right
def less_equal_outer(n):
    return np.greater_equal.outer(np.arange(n), np.arange(n))


@right
def by_hand(n):
    mask = np.zeros((n, n), dtype=bool)
    for i, j in itertools.product(range(n), repeat=2):
        mask[i, j] = not j > i
    return mask


@right
def running_or(n):
    return np.logical_or.accumulate(np.eye(n, dtype=bool), axis=0)
