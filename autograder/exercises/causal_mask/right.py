"""causal_mask, right in other ways."""

import numpy as np


def matrix_form(n):
    """Compare every query's place with every key's place."""
    return np.arange(n)[:, None] >= np.arange(n)


def lower_triangle(n):
    """NumPy's own triangle."""
    return np.tril(np.ones((n, n), dtype=bool))


def row_by_row(n):
    """A loop over the queries."""
    mask = np.zeros((n, n), dtype=bool)
    for i in range(n):
        mask[i, : i + 1] = True
    return mask


def running_or(n):
    """Every row has read what the row before had read, and its own word."""
    return np.logical_or.accumulate(np.eye(n, dtype=bool), axis=0)


def from_lists(n):
    """A list of lists, made into an array."""
    return np.array([[key <= query for key in range(n)] for query in range(n)])


def through_torch(n):
    """The library's triangle, brought back to NumPy."""
    import torch

    return torch.ones(n, n, dtype=torch.bool).tril().numpy()
