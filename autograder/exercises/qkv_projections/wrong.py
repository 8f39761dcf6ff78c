"""What learners write for qkv_projections."""

import math

import numpy as np


def one_matrix_for_all(X, W_Q, W_K, W_V):
    """Queries, keys and values are all made with W_Q: they are one vector three times.

    Hint: three jobs, three matrices.
    """
    return X @ W_Q, X @ W_Q, X @ W_Q


def keys_from_the_query_matrix(X, W_Q, W_K, W_V):
    """The keys are made with W_Q, so each word is found by what it looks for.

    Hint: which matrix makes the second result?
    """
    return X @ W_Q, X @ W_Q, X @ W_V


def values_from_the_key_matrix(X, W_Q, W_K, W_V):
    """The values are made with W_K, so each word hands over its label.

    Hint: which matrix makes the third result?
    """
    return X @ W_Q, X @ W_K, X @ W_K


def values_not_projected(X, W_Q, W_K, W_V):
    """The values are the words themselves: W_V is never used.

    Hint: a word hands over its vector times W_V.
    """
    return X @ W_Q, X @ W_K, X


def keys_not_projected(X, W_Q, W_K, W_V):
    """The keys are the words themselves: W_K is never used.

    Hint: a word is found by its vector times W_K.
    """
    return X @ W_Q, X, X @ W_V


def nothing_projected(X, W_Q, W_K, W_V):
    """The words come back three times: no matrix is used.

    Hint: multiply the words by each of the three matrices.
    """
    return X, X, X


def matrices_turned(X, W_Q, W_K, W_V):
    """The matrices are transposed: right shapes where they are square, wrong numbers.

    Hint: a matrix is `(d_model, d_k)` already; PyTorch's layers store it turned, NumPy need not.
    """
    return X @ W_Q.T, X @ W_K.T, X @ W_V.T


def matrices_first(X, W_Q, W_K, W_V):
    """The matrix stands before the words, so columns of words are mixed, not numbers of a word.

    Hint: a word is a row, and a row stands on the left.
    """
    return W_Q @ X, W_K @ X, W_V @ X


def words_made_columns(X, W_Q, W_K, W_V):
    """`X.T` turns all axes round, the batch too; right for a single sentence only.

    Hint: words are rows already, so nothing has to be turned: the words first, then the matrix.
    """
    return (W_Q.T @ X.T).T, (W_K.T @ X.T).T, (W_V.T @ X.T).T


def element_by_element(X, W_Q, W_K, W_V):
    """`*` multiplies number by number; a projection sums over the numbers of a word.

    Hint: the matrix product is written `@`.
    """
    return X * W_Q, X * W_K, X * W_V


def one_after_the_other(X, W_Q, W_K, W_V):
    """The keys are made from the queries, and the values from the keys.

    Hint: all three start from the words.
    """
    Q = X @ W_Q
    K = Q @ W_K
    return Q, K, K @ W_V


def keys_first(X, W_Q, W_K, W_V):
    """Keys come back before queries: the order is queries, keys, values.

    Hint: the order is that of the function's name.
    """
    return X @ W_K, X @ W_Q, X @ W_V


def values_before_keys(X, W_Q, W_K, W_V):
    """Values come back before keys: the order is queries, keys, values.

    Hint: the order is that of the function's name.
    """
    return X @ W_Q, X @ W_V, X @ W_K


def queries_only(X, W_Q, W_K, W_V):
    """Only the queries come back; three results are asked for.

    Hint: a `return` may list several arrays with commas between them.
    """
    return X @ W_Q


def queries_and_keys_only(X, W_Q, W_K, W_V):
    """Queries and keys come back, and the values are missing.

    Hint: what is mixed in the end?
    """
    return X @ W_Q, X @ W_K


def one_wide_array(X, W_Q, W_K, W_V):
    """Queries, keys and values come back side by side in one array.

    Hint: libraries do it so for speed; here three arrays are asked for.
    """
    return X @ np.concatenate([W_Q, W_K, W_V], axis=-1)


def packed_into_one_array(X, W_Q, W_K, W_V):
    """The three results are packed into one array: they fit only where d_v equals d_k.

    Hint: a `return` may list three arrays with commas between them.
    """
    return np.array([X @ W_Q, X @ W_K, X @ W_V])


def keys_turned_already(X, W_Q, W_K, W_V):
    """The keys come back transposed, one word per column.

    Hint: one word per row, as for queries and values; chapter 7 does the turning.
    """
    return X @ W_Q, np.swapaxes(X @ W_K, -1, -2), X @ W_V


def queries_scaled_already(X, W_Q, W_K, W_V):
    """The queries are divided by √d_k here, and the scores would be divided again later.

    Hint: a projection is a matrix product and no more.
    """
    return X @ W_Q / math.sqrt(W_Q.shape[-1]), X @ W_K, X @ W_V


def length_one(X, W_Q, W_K, W_V):
    """Queries and keys are cut to length 1: that makes cosines of the scores later.

    Hint: the length of a query says how strongly it asks; leave it as it is.
    """
    Q, K = X @ W_Q, X @ W_K
    Q = Q / np.sqrt((Q * Q).sum(axis=-1, keepdims=True))
    K = K / np.sqrt((K * K).sum(axis=-1, keepdims=True))
    return Q, K, X @ W_V


def softmax_of_the_queries(X, W_Q, W_K, W_V):
    """The queries are turned into shares; softmax belongs to scores, and comes later.

    Hint: a projection is a matrix product and no more.
    """
    strengths = np.exp(X @ W_Q)
    return strengths / strengths.sum(axis=-1, keepdims=True), X @ W_K, X @ W_V


def the_notebooks_matrices(X, W_Q, W_K, W_V):
    """It uses fixed matrices, those of the apple watch, not the ones it is given.

    Hint: inside the function, use only its arguments.
    """
    W_Q = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 0.5], [0.0, 0.0]])
    W_K = np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    W_V = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    return X @ W_Q, X @ W_K, X @ W_V


def first_word_only(X, W_Q, W_K, W_V):
    """Only the first row of X is projected; the other words are lost.

    Hint: `X @ W` does all rows at once.
    """
    return X[0] @ W_Q, X[0] @ W_K, X[0] @ W_V


def two_axes_only(X, W_Q, W_K, W_V):
    """`n, d = X.shape` breaks as soon as there is a batch axis.

    Hint: count axes from the end: `X.shape[-1]`.
    """
    n, d = X.shape
    return tuple((X.reshape(n, d) @ W) for W in (W_Q, W_K, W_V))


def batch_axes_merged(X, W_Q, W_K, W_V):
    """All sentences come back as one long list of words: the batch axes are gone.

    Hint: `@` lets leading axes pass; if you reshape, shape the results back.
    """
    words = X.reshape(-1, X.shape[-1])
    return words @ W_Q, words @ W_K, words @ W_V


def first_sentence_only(X, W_Q, W_K, W_V):
    """Of a batch, only the first sentence comes back.

    Hint: which index throws the other sentences away?
    """
    while X.ndim > 2:
        X = X[0]
    return X @ W_Q, X @ W_K, X @ W_V


def always_float64(X, W_Q, W_K, W_V):
    """The numbers are right, but float32 words come back as float64.

    Hint: does a call in your answer name a dtype, or make one of its own?
    """
    X = np.asarray(X, dtype=np.float64)
    return X @ W_Q, X @ W_K, X @ W_V


def always_float32(X, W_Q, W_K, W_V):
    """The results are cut to float32, whatever came in.

    Hint: leave the dtype to NumPy.
    """
    return tuple((X @ W).astype(np.float32) for W in (W_Q, W_K, W_V))


def writes_into_integers(X, W_Q, W_K, W_V):
    """The results are cut to whole numbers: an array made with the dtype of X holds no others.

    Hint: let the product make its own array.
    """
    results = []
    for W in (W_Q, W_K, W_V):
        result = np.zeros((*X.shape[:-1], W.shape[-1]), dtype=X.dtype)
        result[...] = X @ W
        results.append(result)
    return tuple(results)


def queries_written_over_the_words(X, W_Q, W_K, W_V):
    """The queries are written into X, so the caller's words are lost, and the keys are wrong.

    Hint: `X @ W_Q` makes a new array; `X[...] =` and `out=X` write into the old one.
    """
    X[...] = X @ W_Q
    return X.copy(), X @ W_K, X @ W_V


def words_centred_in_place(X, W_Q, W_K, W_V):
    """The mean of each word is taken away, in the caller's own array.

    Hint: a projection is a matrix product and no more.
    """
    X -= X.mean(axis=-1, keepdims=True)
    return X @ W_Q, X @ W_K, X @ W_V


def rounded(X, W_Q, W_K, W_V):
    """The results are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    return tuple(np.round(X @ W, 2) for W in (W_Q, W_K, W_V))
