"""Unseen answers to `softmax`."""

import numpy as np

from unseen import right, wrong
from unseen.parts import safe


@wrong
def axis_or_last(x, axis=-1):
    return safe(x, axis or -1)


@wrong
def columns_or_last(x, axis=-1):
    if axis == 0:
        e = np.exp(x - x.max(axis=0))
        return e / e.sum(axis=0)
    return safe(x, -1)


@wrong
def one_maximum_for_all_rows(x, axis=-1):
    e = np.exp(x - np.max(x))
    return e / np.sum(e, axis=axis, keepdims=True)


@wrong
def shifted_by_the_mean(x, axis=-1):
    e = np.exp(x - x.mean(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@wrong
def divided_by_the_largest(x, axis=-1):
    e = np.exp(x / np.abs(x).max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@wrong
def a_little_in_the_denominator(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / (e.sum(axis=axis, keepdims=True) + 1e-5)


@wrong
def powers_of_two(x, axis=-1):
    e = np.exp2(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@wrong
def written_into_an_array_like_x(x, axis=-1):
    result = np.zeros_like(x)
    result[...] = safe(x, axis)
    return result


@wrong
def transposed_to_line_up(x, axis=-1):
    e = np.exp(x - x.max())
    return (e.T / e.sum(axis=axis)).T


@wrong
def bounded_below(x, axis=-1):
    e = np.exp(np.maximum(x - x.max(axis=axis, keepdims=True), -10))
    return e / e.sum(axis=axis, keepdims=True)


@wrong
def four_digits(x, axis=-1):
    return np.round(safe(x, axis), 4)


@wrong
def row_after_row_of_a_table(x, axis=-1):
    if x.ndim == 1:
        return safe(x)
    rows = x if axis in (-1, 1) else x.T
    rows = np.array([safe(row) for row in rows])
    return rows if axis in (-1, 1) else rows.T


@wrong
def torch_in_single_precision(x, axis=-1):
    import torch

    return torch.softmax(torch.tensor(x).float(), dim=axis).numpy()


@wrong
def back_to_the_whole(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum()


@wrong
def single_precision_inside(x, axis=-1):
    return safe(x.astype(np.float32), axis).astype(np.result_type(x, np.float16))


@wrong
def no_axis_below_minus_one(x, axis=-1):
    return safe(x, max(axis, -1))


@wrong
def numbers_that_are_not_finite_made_zero(x, axis=-1):
    e = np.exp(x)
    e = np.where(np.isinf(e), 0, e)
    return np.nan_to_num(e / e.sum(axis=axis, keepdims=True))


@right
def through_logaddexp(x, axis=-1):
    return np.exp(x - np.logaddexp.reduce(x, axis=axis, keepdims=True))


@right
def through_scipy_free_slices(x, axis=-1):
    return np.apply_along_axis(lambda row: safe(row), axis, x)


@right
def axis_moved_and_back(x, axis=-1):
    moved = np.moveaxis(x, axis, 0)
    e = np.exp(moved - np.max(moved, 0))
    return np.moveaxis(e / np.sum(e, 0), 0, axis)


@right
def ratios_to_each_other(x, axis=-1):
    moved = np.moveaxis(x, axis, -1)
    with np.errstate(over="ignore"):
        shares = 1 / np.exp(moved[..., None, :] - moved[..., :, None]).sum(-1)
    return np.moveaxis(shares, -1, axis)
