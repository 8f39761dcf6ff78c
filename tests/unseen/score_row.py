"""Unseen answers to `score_row`."""

import numpy as np

from unseen import right, wrong


@wrong
def squeezed_column(q, K):
    return np.squeeze(K @ q[:, None])


@wrong
def negative_distance(q, K):
    return -((K - q) ** 2).sum(axis=-1)


@wrong
def one_key_after_another(q, K):
    return np.array([q @ k for k in K])


@wrong
def pile_flattened(q, K):
    return K.reshape(-1, len(q)) @ q


@wrong
def keys_multiplied_in_place(q, K):
    K *= q
    return K.sum(axis=-1)


@wrong
def only_agreement_counts(q, K):
    return np.maximum(K @ q, 0)


@wrong
def all_transposed(q, K):
    return q @ K.T


@wrong
def mean_of_products(q, K):
    return (K * q).mean(axis=-1)


@wrong
def best_first(q, K):
    return np.sort(K @ q, axis=-1)[..., ::-1]


@wrong
def compared_by_angle(q, K):
    return K @ q / (np.linalg.norm(K, axis=-1) * np.linalg.norm(q))


@wrong
def first_two_numbers(q, K):
    return K[..., 0] * q[0] + K[..., 1] * q[1]


@wrong
def query_scaled_to_unit_length_in_place(q, K):
    scores = K @ q
    q /= np.linalg.norm(q)
    return scores


@wrong
def one_pile_of_keys(q, K):
    return np.einsum("d,nd->n", q, K) if K.ndim == 2 else np.einsum("d,bnd->bn", q, K)


@right
def inner_product(q, K):
    return np.inner(K, q)


@right
def along_an_axis(q, K):
    return np.apply_along_axis(np.dot, -1, K, q)


@right
def tensordot(q, K):
    return np.tensordot(K, q, axes=(-1, 0))
