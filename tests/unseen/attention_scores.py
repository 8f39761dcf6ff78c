"""Unseen answers to `attention_scores`."""

import numpy as np

from unseen import right, wrong


@wrong
def inner(Q, K):
    return np.inner(Q, K)


@wrong
def keys_reshaped(Q, K):
    return Q @ K.reshape(*K.shape[:-2], K.shape[-1], K.shape[-2])


@wrong
def rows_are_keys(Q, K):
    return np.einsum("...nd,...md->...mn", Q, K)


@wrong
def last_axis_to_the_front(Q, K):
    return Q @ np.moveaxis(K, -1, 0)


@wrong
def three_axes_always(Q, K):
    return Q @ K.transpose(0, 2, 1)


@wrong
def distances(Q, K):
    return np.linalg.norm(Q[..., :, None, :] - K[..., None, :, :], axis=-1)


@wrong
def query_i_with_key_i(Q, K):
    return (Q * K[..., : Q.shape[-2], :]).sum(axis=-1)


@wrong
def one_axis_too_many(Q, K):
    Q = np.atleast_3d(Q) if Q.ndim > 2 else Q[None]
    K = K if K.ndim > 2 else K[None]
    return Q @ K.swapaxes(-1, -2)


@wrong
def keys_loop_over_the_first_axis(Q, K):
    return np.stack([(Q * k).sum(axis=-1) for k in K], axis=-1)


@wrong
def halved(Q, K):
    return Q @ K.swapaxes(-1, -2) / 2


@wrong
def no_negative_scores(Q, K):
    return np.abs(Q @ K.swapaxes(-1, -2))


@wrong
def squeezed_scores(Q, K):
    return np.squeeze(Q @ K.swapaxes(-1, -2))


@wrong
def one_axis_of_sentences(Q, K):
    if Q.ndim == 2:
        return Q @ K.T
    return np.stack([q @ k.T for q, k in zip(Q, K, strict=True)])


@wrong
def as_many_keys_as_queries(Q, K):
    n = Q.shape[-2]
    scores = np.zeros((*Q.shape[:-1], n))
    scores[..., : K.shape[-2]] = (Q @ K.swapaxes(-1, -2))[..., :n]
    return scores


@right
def all_pairs_added(Q, K):
    return (Q[..., :, None, :] * K[..., None, :, :]).sum(-1)


@right
def turned_twice(Q, K):
    return np.swapaxes(K @ np.swapaxes(Q, -2, -1), -2, -1)


@right
def rolled(Q, K):
    return Q @ np.rollaxis(K, K.ndim - 1, K.ndim - 2)
