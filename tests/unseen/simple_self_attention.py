"""Unseen answers to `simple_self_attention`."""

import numpy as np

from unseen import right, wrong
from unseen.parts import safe, squeezed


@wrong
def nobody_looks_at_itself(X):
    S = X @ X.swapaxes(-1, -2)
    S = np.where(np.eye(X.shape[-2], dtype=bool), -np.inf, S)
    A = safe(S)
    return A @ X, A


@wrong
def one_maximum_for_the_table(X):
    e = np.exp((S := X @ X.swapaxes(-1, -2)) - S.max())
    A = e / e.sum(axis=-1, keepdims=True)
    return A @ X, A


@wrong
def given_by_columns(X):
    A = safe(X @ X.swapaxes(-1, -2))
    return A.swapaxes(-1, -2) @ X, A


@wrong
def added_to_the_word(X):
    A = safe(X @ X.swapaxes(-1, -2))
    return X + A @ X, A


@wrong
def budget_of_the_whole_sentence(X):
    S = X @ X.swapaxes(-1, -2)
    e = np.exp(S - S.max(axis=(-1, -2), keepdims=True))
    A = e / e.sum(axis=(-1, -2), keepdims=True)
    return A @ X, A


@wrong
def words_of_the_first_sentence(X):
    if X.ndim == 2:
        A = safe(X @ X.T)
        return A @ X, A
    A = np.array([safe(x @ x.T) for x in X])
    return np.array([a @ X[0] for a in A]), A


@wrong
def reads_left_to_right(X):
    n = X.shape[-2]
    A = safe(np.where(np.tri(n, dtype=bool), X @ X.swapaxes(-1, -2), -np.inf))
    return A @ X, A


@wrong
def the_best_match_takes_all(X):
    S = X @ X.swapaxes(-1, -2)
    A = (S.max(axis=-1, keepdims=True) == S).astype(X.dtype)
    return A @ X, A


@wrong
def weights_first(X):
    A = safe(X @ X.swapaxes(-1, -2))
    return A, A @ X


@wrong
def mixed_twice(X):
    A = safe(X @ X.swapaxes(-1, -2))
    return A @ (A @ X), A


@wrong
def unit_words(X):
    U = X / np.linalg.norm(X, axis=-1, keepdims=True)
    A = safe(U @ U.swapaxes(-1, -2))
    return A @ X, A


@wrong
def scores_returned(X):
    S = X @ X.swapaxes(-1, -2)
    return safe(S) @ X, S


@wrong
def squeezed_results(X):
    A = safe(X @ X.swapaxes(-1, -2))
    return squeezed(A @ X, A)


@wrong
def one_batch_axis(X):
    S = np.einsum("bid,bjd->bij", X, X) if X.ndim == 3 else X @ X.T
    A = safe(S)
    return A @ X, A


@wrong
def first_weights_of_each_size_remembered(X, seen={}):  # noqa: B006
    A = seen.setdefault(X.shape, safe(X @ X.swapaxes(-1, -2)))
    return A @ X, A


@wrong
def scores_bounded(X):
    A = safe(np.clip(X @ X.swapaxes(-1, -2), -50, 50))
    return A @ X, A


@right
def a_list_comes_back(X):
    S = np.einsum("...id,...jd->...ij", X, X)
    A = safe(S)
    return [np.einsum("...ij,...jd->...id", A, X), A]


@right
def columns_of_a_symmetric_table(X):
    A = safe(X @ np.moveaxis(X, -1, -2), axis=-2).swapaxes(-1, -2)
    return A @ X, A


@right
def sentence_by_sentence(X):
    flat = X.reshape(-1, *X.shape[-2:])
    A = np.stack([safe(x @ x.T) for x in flat])
    Y = np.stack([a @ x for a, x in zip(A, flat, strict=True)])
    return Y.reshape(X.shape), A.reshape(*X.shape[:-1], -1)
