"""Unseen answers to `split_heads`."""

import numpy as np

from unseen import right, wrong
from unseen.parts import cut


@wrong
def heads_before_the_batch(X, n_heads):
    return np.stack(np.split(X, n_heads, axis=-1))


@wrong
def second_axis_always(X, n_heads):
    return np.stack(np.split(X, n_heads, axis=-1), axis=1)


@wrong
def every_nth_column(X, n_heads):
    return np.stack([X[..., i::n_heads] for i in range(n_heads)], axis=-3)


@wrong
def width_and_number_confused(X, n_heads):
    return X.reshape(*X.shape[:-1], -1, n_heads).swapaxes(-2, -3)


@wrong
def a_list_of_heads(X, n_heads):
    return np.split(X, n_heads, axis=-1)


@wrong
def one_batch_axis_always(X, n_heads):
    n, d = X.shape[-2:]
    return X.reshape(-1, n, n_heads, d // n_heads).transpose(0, 2, 1, 3)


@wrong
def last_head_first(X, n_heads):
    return np.flip(cut(X, n_heads), axis=-3)


@wrong
def words_and_columns_swapped(X, n_heads):
    return cut(X, n_heads).swapaxes(-1, -2)


@wrong
def words_dealt_out(X, n_heads):
    n, d = X.shape[-2:]
    return X.reshape(*X.shape[:-2], n_heads, n, d // n_heads)


@wrong
def at_most_two_heads(X, n_heads):
    d = X.shape[-1] // n_heads
    return np.stack([X[..., :d], X[..., -d:]], axis=-3)


@wrong
def no_axis_for_one_head(X, n_heads):
    return X if n_heads == 1 else cut(X, n_heads)


@wrong
def squeezed_heads(X, n_heads):
    return np.squeeze(cut(X, n_heads))


@right
def stacked_cuts(X, n_heads):
    return np.stack(np.array_split(X, n_heads, axis=-1), axis=-3)


@right
def slices(X, n_heads):
    d = X.shape[-1] // n_heads
    heads = [X[..., i * d : i * d + d] for i in range(n_heads)]
    return np.moveaxis(np.array(heads), 0, -3)
