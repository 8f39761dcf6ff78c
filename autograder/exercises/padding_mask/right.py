"""padding_mask, right in other ways."""

import numpy as np


def matrix_form(lengths, n):
    """Compare every place with every length."""
    return np.arange(n) < np.asarray(lengths)[:, None, None]


def sentence_by_sentence(lengths, n):
    """A loop over the sentences."""
    mask = np.zeros((len(lengths), 1, n), dtype=bool)
    for sentence, length in enumerate(lengths):
        mask[sentence, :, :length] = True
    return mask


def from_lists(lengths, n):
    """Lists of True and False, made into an array."""
    return np.array([[[place < length for place in range(n)]] for length in lengths])


def outer_comparison(lengths, n):
    """NumPy's outer comparison, and a new axis."""
    return np.expand_dims(np.greater.outer(np.asarray(lengths), np.arange(n)), 1)


def through_torch(lengths, n):
    """The same comparison in the library, brought back to NumPy."""
    import torch

    return (torch.arange(n) < torch.tensor(list(lengths))[:, None, None]).numpy()
