"""attention_scores, right in other ways."""

import numpy as np


def matrix_form(Q, K):
    """One product, the last two axes of the keys swapped."""
    return Q @ np.swapaxes(K, -1, -2)


def einsum(Q, K):
    """With the axes named by letters."""
    return np.einsum("...nd,...md->...nm", Q, K)


def broadcast_and_sum(Q, K):
    """Every pair multiplied number by number, then summed."""
    return (Q[..., :, None, :] * K[..., None, :, :]).sum(axis=-1)


def pair_by_pair(Q, K):
    """Loops over all pairs."""
    shape = (*Q.shape[:-1], K.shape[-2])
    scores = np.zeros(shape, dtype=np.result_type(Q, K))
    for index in np.ndindex(shape):
        scores[index] = Q[index[:-1]] @ K[(*index[:-2], index[-1])]
    return scores


def turned_twice(Q, K):
    """Keys by queries, turned on its side at the end."""
    return np.swapaxes(K @ np.moveaxis(Q, -1, -2), -1, -2)


def through_torch(Q, K):
    """The library's product, brought back to NumPy."""
    import torch

    dtype = torch.float32 if Q.dtype == np.float32 else torch.float64
    return (torch.tensor(Q, dtype=dtype) @ torch.tensor(K, dtype=dtype).mT).numpy()
