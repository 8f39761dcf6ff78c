"""Unseen answers to `mix`."""

import numpy as np

from unseen import right, wrong
from unseen.parts import single


@wrong
def numpy_average(weights, X):
    return np.average(X, axis=-2, weights=weights)


@wrong
def transposed_product(weights, X):
    return X.T @ weights


@wrong
def loop_over_the_first_axis(weights, X):
    total = 0
    for w, x in zip(weights, X, strict=True):
        total = total + w * x
    return total


@wrong
def every_sentence_with_every_weight(weights, X):
    return np.tensordot(weights, X, axes=(-1, -2))


@wrong
def pile_added_up_too(weights, X):
    return np.einsum("...i,...ij->j", weights, X)


@wrong
def mean_times_length_of_weights(weights, X):
    return (weights[..., None] * X).mean(axis=-2) * len(weights)


@wrong
def rows_weighed_in_place(weights, X):
    X *= weights[..., None]
    return X.sum(axis=-2)


@wrong
def weights_kept_between_zero_and_one(weights, X):
    return (np.clip(weights, 0, 1)[..., None] * X).sum(axis=-2)


@wrong
def one_row_left_over(weights, X):
    return weights[..., None, :] @ X


@wrong
def squeezed_row(weights, X):
    return np.squeeze(weights[..., None, :] @ X)


@wrong
def diagonal_of_all_pairs(weights, X):
    if X.ndim == 2:
        return weights @ X
    return np.diagonal(weights @ X)


@wrong
def weights_of_the_first_sentence(weights, X):
    return weights.reshape(-1, weights.shape[-1])[0] @ X


@wrong
def one_pile_at_most(weights, X):
    if weights.ndim == 1:
        return weights @ X
    return (weights[:, :, None] * X).sum(axis=1)


@wrong
def single_precision_sum(weights, X):
    dtype = np.result_type(weights, X)
    weights, X = single(weights, X)
    return (weights[..., None] * X).sum(axis=-2).astype(dtype)


@right
def einsum_sum(weights, X):
    return np.einsum("...i,...ij->...j", weights, X)


@right
def column_of_a_product(weights, X):
    return (X.swapaxes(-1, -2) @ weights[..., None])[..., 0]


@right
def recursion_over_the_pile(weights, X):
    if X.ndim == 2:
        return sum(w * x for w, x in zip(weights, X, strict=True))
    pairs = zip(weights, X, strict=True)
    return np.array([recursion_over_the_pile(w, x) for w, x in pairs])
