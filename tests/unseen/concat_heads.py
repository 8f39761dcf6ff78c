"""Unseen answers to `concat_heads`."""

import numpy as np

from unseen import right, wrong
from unseen.parts import glue


@wrong
def concatenated_along_the_first_axis(H):
    return np.concatenate(H, axis=-1)


@wrong
def hstack(H):
    return np.hstack(list(H))


@wrong
def columns_take_turns(H):
    return np.moveaxis(H, -3, -1).reshape(*H.shape[:-3], H.shape[-2], -1)


@wrong
def heads_below_each_other(H):
    return H.reshape(*H.shape[:-3], -1, H.shape[-1])


@wrong
def three_axes_by_number(H):
    return H.transpose(1, 0, 2).reshape(H.shape[1], -1)


@wrong
def melted_at_once(H):
    h, n, d = H.shape[-3:]
    return H.reshape(*H.shape[:-3], n, h * d)


@wrong
def sentences_run_together(H):
    h, _n, d = H.shape[-3:]
    return H.swapaxes(-2, -3).reshape(-1, h * d)


@wrong
def columns_of_a_head_turned(H):
    return glue(H[..., ::-1])


@wrong
def added_up(H):
    return H.sum(axis=-3)


@wrong
def two_heads_only(H):
    return np.concatenate([H[..., 0, :, :], H[..., -1, :, :]], axis=-1)


@wrong
def one_head_kept_as_it_is(H):
    return H if H.shape[-3] == 1 else glue(H)


@wrong
def squeezed_words(H):
    return np.squeeze(glue(H))


@right
def concatenated_by_index(H):
    return np.concatenate([H[..., i, :, :] for i in range(H.shape[-3])], axis=-1)


@right
def filled_columns(H):
    h, n, d = H.shape[-3:]
    X = np.empty((*H.shape[:-3], n, h * d), H.dtype)
    for i in range(h):
        X[..., i * d : (i + 1) * d] = H[..., i, :, :]
    return X
