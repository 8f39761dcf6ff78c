"""What learners write for score_bytes."""

import numpy as np


def not_squared(n, n_heads, batch, itemsize):
    """The bytes grow with n; there is one score for every query *and* key.

    Hint: how many rows has the score matrix, and how many columns?
    """
    return n * n_heads * batch * itemsize


def twice_n(n, n_heads, batch, itemsize):
    """n is doubled where it should be squared.

    Hint: how many cells has a table of n rows and n columns?
    """
    return 2 * n * n_heads * batch * itemsize


def heads_forgotten(n, n_heads, batch, itemsize):
    """Only one head is counted.

    Hint: every head has a score matrix of its own.
    """
    return n * n * batch * itemsize


def batch_forgotten(n, n_heads, batch, itemsize):
    """Only one sentence is counted.

    Hint: every sentence of the batch has score matrices of its own.
    """
    return n * n * n_heads * itemsize


def numbers_instead_of_bytes(n, n_heads, batch, itemsize):
    """These are numbers, not bytes: `itemsize` is missing.

    Hint: how many bytes does one number take?
    """
    return n * n * n_heads * batch


def float32_assumed(n, n_heads, batch, itemsize):
    """A number is always taken for 4 bytes long.

    Hint: where in your answer does `itemsize` appear?
    """
    return n * n * n_heads * batch * 4


def bits(n, n_heads, batch, itemsize):
    """These are bits; a byte has eight of them.

    Hint: `itemsize` is in bytes already.
    """
    return n * n * n_heads * batch * itemsize * 8


def megabytes(n, n_heads, batch, itemsize):
    """These are megabytes; bytes are asked for.

    Hint: divide when you print, not when you compute.
    """
    return n * n * n_heads * batch * itemsize / 1e6


def mebibytes(n, n_heads, batch, itemsize):
    """These are units of 1024 × 1024 bytes; bytes are asked for.

    Hint: divide when you print, not when you compute.
    """
    return n * n * n_heads * batch * itemsize / 2**20


def triangle(n, n_heads, batch, itemsize):
    """Only the cells below and on the diagonal are counted; the array holds the others too.

    Hint: a masked score is minus infinity, and takes as many bytes as any other.
    """
    return n * (n + 1) // 2 * n_heads * batch * itemsize


def diagonal_left_out(n, n_heads, batch, itemsize):
    """A word's score with itself is left out.

    Hint: how many cells has a table of n rows and n columns?
    """
    return n * (n - 1) * n_heads * batch * itemsize


def scores_and_weights(n, n_heads, batch, itemsize):
    """Everything is counted twice, scores and weights; the scores alone are asked for.

    Hint: one table for each head of each sentence.
    """
    return 2 * n * n * n_heads * batch * itemsize


def all_squared(n, n_heads, batch, itemsize):
    """The heads are squared as well, as if each looked at each.

    Hint: a head scores words, not heads.
    """
    return (n * n_heads) ** 2 * batch * itemsize


def array_really_made(n, n_heads, batch, itemsize):
    """The array is made in order to be measured, and for a long text there is no such memory.

    Hint: multiply instead.
    """
    return np.empty((batch, n_heads, n, n), dtype=f"V{itemsize}").nbytes


def counted_in_32_bits(n, n_heads, batch, itemsize):
    """The product is taken in 32 bits, and overflows for long texts.

    Hint: Python's whole numbers have no limit; use nothing that has one.
    """
    return int(np.prod([n, n, n_heads, batch, itemsize], dtype=np.int32))


def as_text(n, n_heads, batch, itemsize):
    """A text comes back; a number is asked for.

    Hint: `return` the number, and print it where you need it.
    """
    return f"{n * n * n_heads * batch * itemsize} bytes"


def always_67_megabytes(n, n_heads, batch, itemsize):
    """The same number comes back for every text.

    Hint: where in your answer do the arguments appear?
    """
    return 67108864
