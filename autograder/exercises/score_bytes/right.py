"""score_bytes, right in other ways."""

import math


def matrix_form(n, n_heads, batch, itemsize):
    """One product."""
    return batch * n_heads * n**2 * itemsize


def product_of_the_shape(n, n_heads, batch, itemsize):
    """The product of the shape of the scores, times the size of a number."""
    return math.prod((batch, n_heads, n, n)) * itemsize


def in_floats(n, n_heads, batch, itemsize):
    """A float, exact as long as it stays below 2 to the power of 53."""
    return float(n) * n * n_heads * batch * itemsize
