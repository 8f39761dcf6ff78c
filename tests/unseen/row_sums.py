"""Unseen answers to `row_sums`."""

import functools
import operator

import numpy as np

from unseen import right, wrong


@wrong
def python_sum_of_each_item(A):
    return np.array([sum(row) for row in A])


@wrong
def product_with_ones_of_double_precision(A):
    return A @ np.ones(A.shape[-1])


@wrong
def add_reduce(A):
    return np.add.reduce(A)


@wrong
def mean_times_second_length(A):
    return (A.mean(axis=-1) * A.shape[1]).astype(A.dtype)


@wrong
def running_total_kept_in_the_table(A):
    for j in range(1, A.shape[-1]):
        A[..., j] += A[..., j - 1]
    return A[..., -1]


@wrong
def rows_of_the_pile_in_one_list(A):
    return np.array([row.sum() for row in A.reshape(-1, A.shape[-1])])


@wrong
def sizes_of_the_numbers(A):
    return np.abs(A).sum(axis=-1)


@wrong
def rounded_for_reading(A):
    return np.round(A.sum(axis=-1), 3)


@wrong
def two_or_three_axes(A):
    return A.sum(axis=1) if A.ndim == 2 else A.sum(axis=2)


@wrong
def squeezed_product(A):
    return np.squeeze(A @ np.ones((A.shape[-1], 1), A.dtype))


@wrong
def half_precision_inside(A):
    return A.astype(np.float16).sum(axis=-1).astype(A.dtype)


@wrong
def empty_rows_forgotten(A):
    total = A[..., 0].copy()
    for j in range(1, min(A.shape[-1], 4)):
        total += A[..., j]
    return total


@right
def einsum_dots(A):
    return np.einsum("...m->...", A)


@right
def ones_of_its_own_dtype(A):
    return A @ np.ones(A.shape[-1], A.dtype)


@right
def columns_reduced(A):
    return functools.reduce(operator.add, np.moveaxis(A, -1, 0))
