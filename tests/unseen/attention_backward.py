"""Unseen answers to `attention_backward`."""

import math

import numpy as np

from unseen import right, wrong
from unseen.parts import attend, safe


def back(dO, Q, K, V, inner, root):
    A = safe(Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1]))
    dS = inner(A, dO @ V.swapaxes(-1, -2))
    return dS @ K / root, dS.swapaxes(-1, -2) @ Q / root, A.swapaxes(-1, -2) @ dO


def through_softmax(A, dA):
    return A * (dA - (A * dA).sum(axis=-1, keepdims=True))


def step(x, cache, W_Q, W_K, W_V, scale=None):
    q, k, v = x @ W_Q, x @ W_K, x @ W_V
    K = k[None] if cache is None else np.vstack([cache[0], k])
    V = v[None] if cache is None else np.vstack([cache[1], v])
    return safe(K @ q / (scale or math.sqrt(len(q)))) @ V, (K, V)


@wrong
def each_share_alone(dO, Q, K, V):
    return back(dO, Q, K, V, lambda A, dA: A * (1 - A) * dA, math.sqrt(Q.shape[-1]))


@wrong
def plain_average_taken_away(dO, Q, K, V):
    def inner(A, dA):
        return A * (dA - dA.mean(axis=-1, keepdims=True))

    return back(dO, Q, K, V, inner, math.sqrt(Q.shape[-1]))


@wrong
def root_of_the_length_of_values(dO, Q, K, V):
    return back(dO, Q, K, V, through_softmax, math.sqrt(V.shape[-1]))


@wrong
def divided_by_the_whole_length(dO, Q, K, V):
    return back(dO, Q, K, V, through_softmax, Q.shape[-1])


@wrong
def query_gets_it_from_queries(dO, Q, K, V):
    dQ, dK, dV = back(dO, Q, K, V, through_softmax, math.sqrt(Q.shape[-1]))
    return dK, dQ, dV


@wrong
def average_over_the_queries(dO, Q, K, V):
    def inner(A, dA):
        return A * (dA - (A * dA).sum(axis=-2, keepdims=True))

    return back(dO, Q, K, V, inner, math.sqrt(Q.shape[-1]))


@wrong
def coarse_differences(dO, Q, K, V):
    step, result = 1e-2, []
    for P in (Q, K, V):
        gradient = np.zeros(P.shape)
        for place in np.ndindex(P.shape):
            kept = P[place]
            P[place] = kept + step
            more = (attend(Q, K, V)[0] * dO).sum()
            P[place] = kept
            gradient[place] = (more - (attend(Q, K, V)[0] * dO).sum()) / step
        result.append(gradient)
    return tuple(result)


@wrong
def upstream_left_out(dO, Q, K, V):
    return back(np.ones_like(dO), Q, K, V, through_softmax, math.sqrt(Q.shape[-1]))


@wrong
def values_by_mean_weight(dO, Q, K, V):
    dQ, dK, dV = back(dO, Q, K, V, through_softmax, math.sqrt(Q.shape[-1]))
    return dQ, dK, dV / Q.shape[-2]


@wrong
def keys_get_the_last_query(dO, Q, K, V):
    A = safe(Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1]))
    dS = through_softmax(A, dO @ V.swapaxes(-1, -2)) / math.sqrt(Q.shape[-1])
    dK = dS[..., -1, :, None] * Q[..., -1, None, :]
    return dS @ K, dK, A.swapaxes(-1, -2) @ dO


@wrong
def shares_without_a_shift(dO, Q, K, V):
    root = math.sqrt(Q.shape[-1])
    e = np.exp(Q @ K.swapaxes(-1, -2) / root)
    A = e / e.sum(axis=-1, keepdims=True)
    dS = through_softmax(A, dO @ V.swapaxes(-1, -2)) / root
    return dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ dO


@wrong
def sentences_added_up(dO, Q, K, V):
    dQ, dK, dV = back(dO, Q, K, V, through_softmax, math.sqrt(Q.shape[-1]))
    while dK.ndim > 2:
        dK, dV = dK.sum(axis=0), dV.sum(axis=0)
    return dQ, dK, dV


@wrong
def scores_turned_back_without_a_root_for_keys(dO, Q, K, V):
    dQ, dK, dV = back(dO, Q, K, V, through_softmax, math.sqrt(Q.shape[-1]))
    return dQ, dK * math.sqrt(Q.shape[-1]), dV


@right
def whole_jacobian_of_the_softmax(dO, Q, K, V):
    root = math.sqrt(K.shape[-1])
    A = safe(Q @ K.swapaxes(-1, -2) / root)
    J = A[..., None] * (np.eye(A.shape[-1], dtype=A.dtype) - A[..., None, :])
    dS = np.einsum("...ij,...ijk->...ik", dO @ V.swapaxes(-1, -2), J) / root
    return dS @ K, np.einsum("...ij,...ik->...jk", dS, Q), np.einsum("...ij,...ik->...jk", A, dO)


@right
def torch_walks_back(dO, Q, K, V):
    import torch

    leaves = [torch.tensor(P, requires_grad=True) for P in (Q, K, V)]
    q, k, v = leaves
    out = torch.softmax(q @ k.mT / math.sqrt(q.shape[-1]), -1) @ v
    return tuple(g.numpy() for g in torch.autograd.grad(out, leaves, torch.tensor(dO)))
