"""scaled_dot_product_attention, right in other ways."""

import math

import numpy as np


def matrix_form(Q, K, V, mask=None):
    """Scores, division, minus infinity, softmax, mixture."""
    scores = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def minus_a_billion(Q, K, V, mask=None):
    """With −1e9 for hidden scores, as much old code has it, and a list."""
    scores = np.einsum("...id,...jd->...ij", Q, K) * Q.shape[-1] ** -0.5
    scores = scores if mask is None else np.where(mask, scores, -1e9)
    strengths = np.exp(scores - np.max(scores, axis=-1)[..., None])
    weights = strengths / np.sum(strengths, axis=-1)[..., None]
    return [np.einsum("...ij,...jc->...ic", weights, V), weights]


def added_mask(Q, K, V, mask=None):
    """The mask made into a table of 0 and minus infinity, and added."""
    scores = (Q / math.sqrt(Q.shape[-1])) @ np.swapaxes(K, -1, -2)
    if mask is not None:
        lowered = np.zeros(mask.shape, dtype=scores.dtype)
        lowered[~mask] = -np.inf
        scores = scores + lowered
    total = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    weights = np.exp(scores - total)
    return weights @ V, weights


def zeroed_strengths(Q, K, V, mask=None):
    """Hidden strengths set to 0, the maximum taken over the others."""
    scores = Q @ np.moveaxis(K, -2, -1) / math.sqrt(K.shape[-1])
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    peak = np.max(scores, axis=-1, keepdims=True, where=allowed, initial=-np.inf)
    strengths = np.zeros_like(scores)
    np.exp(scores - peak, out=strengths, where=allowed)
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return np.matmul(weights, V), weights


def query_by_query(Q, K, V, mask=None):
    """Loops over queries and keys; hidden keys are skipped."""
    shape = (*Q.shape[:-1], K.shape[-2])
    allowed = np.ones(shape, bool) if mask is None else np.broadcast_to(mask, shape)
    weights = np.zeros(shape, dtype=Q.dtype if Q.dtype.kind == "f" else float)
    for index in np.ndindex(shape[:-1]):
        seen = np.flatnonzero(allowed[index])
        scores = [float(Q[index] @ K[(*index[:-1], j)]) / math.sqrt(Q.shape[-1]) for j in seen]
        strengths = np.array([math.exp(score - max(scores)) for score in scores])
        weights[index][seen] = strengths / strengths.sum()
    return weights @ V, weights


def through_torch(Q, K, V, mask=None):
    """The library's own, brought back to NumPy; the weights from the values of an identity."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention as attend

    dtype = torch.float32 if Q.dtype == np.float32 else torch.float64
    q, k, v = (torch.tensor(array, dtype=dtype) for array in (Q, K, V))
    allowed = None if mask is None else torch.tensor(mask)
    each = torch.eye(k.shape[-2], dtype=dtype).expand(*k.shape[:-1], k.shape[-2])
    return attend(q, k, v, allowed).numpy(), attend(q, k, each, allowed).numpy()
