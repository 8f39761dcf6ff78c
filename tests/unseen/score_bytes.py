"""Unseen answers to `score_bytes`."""

import math

import numpy as np

from unseen import right, wrong


@wrong
def earlier_words_alone(n, n_heads, batch, itemsize):
    return n * (n + 1) // 2 * n_heads * batch * itemsize


@wrong
def bits(n, n_heads, batch, itemsize):
    return 8 * n**2 * n_heads * batch * itemsize


@wrong
def small_whole_numbers(n, n_heads, batch, itemsize):
    with np.errstate(over="ignore"):
        return int(np.prod(np.array([n, n, n_heads, batch, itemsize], dtype=np.int32), dtype="i4"))


@wrong
def always_four_bytes(n, n_heads, batch, itemsize):
    return n * n * n_heads * batch * 4


@wrong
def batch_squared_too(n, n_heads, batch, itemsize):
    return (n * batch) ** 2 * n_heads * itemsize


@wrong
def heads_share_the_table(n, n_heads, batch, itemsize):
    return n * n // n_heads * n_heads * batch * itemsize


@wrong
def in_kilobytes(n, n_heads, batch, itemsize):
    return n * n * n_heads * batch * itemsize // 1024


@wrong
def measured_by_making_it(n, n_heads, batch, itemsize):
    return np.zeros((batch, n_heads, n, n), dtype=f"f{itemsize}").nbytes


@right
def added_up_sentence_by_sentence(n, n_heads, batch, itemsize):
    return sum(itemsize * n_heads * pow(n, 2) for _ in range(batch))


@right
def product_of_all(n, n_heads, batch, itemsize):
    return math.prod([n, n, n_heads, batch, itemsize])


@right
def as_a_decimal_number(n, n_heads, batch, itemsize):
    """Exact up to 2 to the power of 53 bytes, nine petabytes."""
    return math.pow(n, 2) * n_heads * batch * itemsize


@right
def power_of_a_decimal(n, n_heads, batch, itemsize):
    return int(float(n) ** 2 * n_heads * batch * itemsize)
