"""Unseen answers to `scaled_dot_product_attention`."""

import math

import numpy as np

from unseen import right, wrong
from unseen.parts import attend, safe, single, squeezed


@wrong
def whole_root(Q, K, V, mask=None):
    return attend(Q, K, V, mask, math.isqrt(K.shape[-1]))


@wrong
def half_the_length(Q, K, V, mask=None):
    return attend(Q, K, V, mask, K.shape[-1] / 2)


@wrong
def root_of_the_number_of_keys(Q, K, V, mask=None):
    return attend(Q, K, V, mask, math.sqrt(K.shape[-2]))


@wrong
def length_of_values(Q, K, V, mask=None):
    return attend(Q, K, V, mask, math.sqrt(V.shape[-1]))


@wrong
def a_thousand_below(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(K.shape[-1])
    A = safe(S if mask is None else np.where(mask, S, -1000.0))
    return A @ V, A


@wrong
def a_hundred_taken_away(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(K.shape[-1])
    if mask is not None:
        S = S - 100 * ~mask
    A = safe(S)
    return A @ V, A


@wrong
def shared_out_again_after_the_mask(Q, K, V, mask=None):
    _, A = attend(Q, K, V)
    if mask is not None:
        A = A * mask
        A = A / A.sum(axis=-1, keepdims=True)
    return A @ V, A


@wrong
def maximum_of_hidden_scores_too(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(K.shape[-1])
    S = S - S.max(axis=-1, keepdims=True)
    e = np.exp(S) if mask is None else np.where(mask, np.exp(S), 0)
    A = e / e.sum(axis=-1, keepdims=True)
    return A @ V, A


@wrong
def index_with_the_mask(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(K.shape[-1])
    if mask is not None:
        S[~mask] = -np.inf
    A = safe(S)
    return A @ V, A


@wrong
def if_mask(Q, K, V, mask=None):
    return attend(Q, K, V, mask if mask else None)


@wrong
def values_hidden_instead(Q, K, V, mask=None):
    _, A = attend(Q, K, V)
    return (A if mask is None else A * mask) @ V, A


@wrong
def queries_scaled_in_place(Q, K, V, mask=None):
    Q /= math.sqrt(Q.shape[-1])
    return attend(Q, K, V, mask, 1)


@wrong
def never_ahead(Q, K, V, mask=None):
    n, m = Q.shape[-2], K.shape[-2]
    seen = np.tri(n, m, dtype=bool)
    return attend(Q, K, V, seen if mask is None else mask & seen)


@wrong
def numpy_masked_array(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(K.shape[-1])
    hidden = False if mask is None else ~np.broadcast_to(mask, S.shape)
    S = np.ma.masked_array(S, hidden)
    e = np.exp(S - S.max(axis=-1, keepdims=True))
    A = e / e.sum(axis=-1, keepdims=True)
    return np.ma.dot(A, V) if V.ndim == 2 else A @ V, A


@wrong
def mask_flattened_over_the_batch(Q, K, V, mask=None):
    if mask is not None and mask.ndim > 2:
        mask = mask.reshape(-1, *mask.shape[-2:])[0]
    return attend(Q, K, V, mask)


@wrong
def mask_in_the_shape_of_scores(Q, K, V, mask=None):
    if mask is not None:
        mask = mask.reshape(*Q.shape[:-1], K.shape[-2])
    return attend(Q, K, V, mask)


@wrong
def weights_before_the_mask(Q, K, V, mask=None):
    return attend(Q, K, V, mask)[0], attend(Q, K, V)[1]


@wrong
def queries_count_as_keys(Q, K, V, mask=None):
    Q, K = K, Q
    return attend(Q, K, V, mask)


@wrong
def squeezed_output(Q, K, V, mask=None):
    return squeezed(*attend(Q, K, V, mask))


@wrong
def masks_of_two_axes_only(Q, K, V, mask=None):
    if mask is not None and mask.ndim == 2:
        return attend(Q, K, V, mask)
    return attend(Q, K, V)


@wrong
def mask_read_by_its_first_row(Q, K, V, mask=None):
    return attend(Q, K, V, None if mask is None else mask[..., :1, :])


@wrong
def single_precision_within(Q, K, V, mask=None):
    dtype = np.result_type(Q, K, V)
    out, A = attend(*single(Q, K, V), mask)
    return out.astype(dtype), A.astype(dtype)


@wrong
def a_trace_for_the_hidden(Q, K, V, mask=None):
    _, A = attend(Q, K, V, mask)
    A = A + 1e-4
    A = A / A.sum(axis=-1, keepdims=True)
    return A @ V, A


@wrong
def no_mask_means_causal_if_square(Q, K, V, mask=None):
    if mask is None and Q.shape[-2] == K.shape[-2]:
        mask = np.tri(Q.shape[-2], dtype=bool)
    return attend(Q, K, V, mask)


@right
def each_scaled_by_the_fourth_root(Q, K, V, mask=None):
    root = Q.shape[-1] ** 0.25
    S = (Q / root) @ (K / root).swapaxes(-1, -2)
    if mask is not None:
        S = np.where(mask, S, -np.inf)
    A = safe(S)
    return A @ V, A


@right
def very_far_below(Q, K, V, mask=None):
    S = np.einsum("...id,...jd->...ij", Q, K) * Q.shape[-1] ** -0.5
    S = S if mask is None else np.where(np.logical_not(mask), -1e9, S).astype(S.dtype)
    A = safe(S)
    return np.einsum("...ij,...jd->...id", A, V), A


@right
def logarithm_of_the_mask_added(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        with np.errstate(divide="ignore"):
            S = S + np.log(mask.astype(S.dtype))
    A = safe(S)
    return A @ V, A


@right
def torch_does_it(Q, K, V, mask=None):
    import torch

    dtype = np.result_type(Q, np.float32)
    Q, K, V = (torch.tensor(P.astype(dtype)) for P in (Q, K, V))
    S = Q @ K.mT / math.sqrt(Q.shape[-1])
    if mask is not None:
        S = S.masked_fill(~torch.tensor(np.asarray(mask)), -torch.inf)
    A = torch.softmax(S, dim=-1)
    return (A @ V).numpy(), A.numpy()


@right
def written_through_broadcast_to(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        np.copyto(S, -np.inf, where=~np.broadcast_to(mask, S.shape))
    A = np.exp(S - np.logaddexp.reduce(S, axis=-1, keepdims=True))
    return A @ V, A
