"""Unseen answers to `padding_mask`."""

import numpy as np

from unseen import right, wrong


@wrong
def columns_of_the_longest(lengths, n):
    return np.arange(max(lengths)) < np.asarray(lengths)[:, None, None]


@wrong
def one_place_too_many(lengths, n):
    return np.arange(n) <= np.asarray(lengths)[:, None, None]


@wrong
def queries_too(lengths, n):
    words = np.arange(n) < np.asarray(lengths)[:, None]
    return words[:, :, None] & words[:, None, :]


@wrong
def lists_have_no_new_axis(lengths, n):
    return np.arange(n) < lengths[:, None, None]


@wrong
def padding_in_front(lengths, n):
    return np.arange(n)[::-1] < np.asarray(lengths)[:, None, None]


@wrong
def a_column_for_each_key(lengths, n):
    return (np.arange(n) < np.asarray(lengths)[:, None])[:, :, None]


@wrong
def zeros_and_ones(lengths, n):
    mask = np.zeros((len(lengths), 1, n))
    for i, length in enumerate(lengths):
        mask[i, 0, :length] = 1
    return mask


@wrong
def last_word_hidden(lengths, n):
    mask = np.ones((len(lengths), 1, n), dtype=bool)
    for i, length in enumerate(lengths):
        mask[i, 0, length - 1 :] = False
    return mask


@wrong
def cut_from_the_end(lengths, n):
    mask = np.ones((len(lengths), 1, n), dtype=bool)
    for i, length in enumerate(lengths):
        mask[i, 0, -(n - length) :] = False
    return mask


@wrong
def longest_sentence_first(lengths, n):
    return np.arange(n) < np.sort(np.asarray(lengths))[::-1][:, None, None]


@wrong
def squeezed_mask(lengths, n):
    return np.squeeze(np.arange(n) < np.asarray(lengths)[:, None, None])


@wrong
def array_filled_in(lengths, n):
    lengths = np.asarray(lengths)
    lengths[lengths > n - 1] = n - 1
    return np.arange(n) < lengths[:, None, None]


@right
def slices_of_a_false_table(lengths, n):
    mask = np.zeros((len(lengths), 1, n), dtype=bool)
    for i, length in enumerate(lengths):
        mask[i, :, :length] = True
    return mask


@right
def rows_of_a_triangle(lengths, n):
    return np.tri(n + 1, n, -1, dtype=bool)[np.array(lengths)][:, None]
