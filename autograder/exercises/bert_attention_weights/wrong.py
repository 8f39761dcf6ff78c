"""What learners write for bert_attention_weights."""

import math

import numpy as np


def _softmax(scores, axis=-1):
    strengths = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def _split(H, n_heads):
    return H.reshape(*H.shape[:-1], n_heads, -1).swapaxes(-2, -3)


def _both(X, W_Q, b_Q, W_K, b_K, n_heads):
    return _split(X @ W_Q.T + b_Q, n_heads), _split(X @ W_K.T + b_K, n_heads)


def _scores(Q, K):
    return Q @ K.swapaxes(-1, -2)


def _weights(Q, K):
    return _softmax(_scores(Q, K) / math.sqrt(Q.shape[-1]))


def matrices_not_transposed(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The matrices are used as x @ W; this file stores them the other way round.

    Hint: PyTorch and BERT store (out, in), so y = x Wᵀ + b. With a square matrix nothing
    complains.
    """
    return _weights(_split(X @ W_Q + b_Q, n_heads), _split(X @ W_K + b_K, n_heads))


def query_bias_left_out(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The bias of the queries is not used.

    Hint: y = x Wᵀ + b. Only one of the two biases can be left out, and it is not this one.
    """
    return _weights(*_both(X, W_Q, b_Q * 0, W_K, b_K, n_heads))


def biases_exchanged(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The queries get the bias of the keys.

    Hint: b_Q belongs to W_Q.
    """
    return _weights(*_both(X, W_Q, b_K, W_K, b_Q, n_heads))


def queries_and_keys_exchanged(X, W_Q, b_Q, W_K, b_K, n_heads):
    """Queries and keys are exchanged: each map is that of the words looked at.

    Hint: row i belongs to the query of word i.
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _weights(K, Q)


def queries_twice(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The queries meet the queries: W_K is not used.

    Hint: which matrix makes the keys?
    """
    Q, _ = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _weights(Q, Q)


def not_scaled(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The scores are not divided by √d_head.

    Hint: which division did chapter 8 put between the scores and the softmax?
    """
    return _softmax(_scores(*_both(X, W_Q, b_Q, W_K, b_K, n_heads)))


def scaled_by_d_head(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The scores are divided by d_head; it should be its square root.

    Hint: the spread of a dot product grows with √d.
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _softmax(_scores(Q, K) / Q.shape[-1])


def scaled_by_the_model_width(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The scores are divided by √d_model; a head has only d_head numbers.

    Hint: how many numbers meet in one score?
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _softmax(_scores(Q, K) / math.sqrt(X.shape[-1]))


def scaled_by_all_heads(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The scores are divided by the root of all heads' columns together.

    Hint: how many numbers meet in one score?
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _softmax(_scores(Q, K) / math.sqrt(len(W_Q)))


def scaled_after_softmax(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The weights are divided by √d_head, so they no longer sum to 1.

    Hint: divide the scores, before the softmax.
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _softmax(_scores(Q, K)) / math.sqrt(Q.shape[-1])


def scores_without_softmax(X, W_Q, b_Q, W_K, b_K, n_heads):
    """These are scores: the softmax is missing.

    Hint: what must each row add up to?
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _scores(Q, K) / math.sqrt(Q.shape[-1])


def softmax_over_the_queries(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The columns sum to 1, and the rows do not: the softmax runs over the queries.

    Hint: each query shares its attention over the keys.
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _softmax(_scores(Q, K) / math.sqrt(Q.shape[-1]), axis=-2)


def softmax_over_the_heads(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The softmax runs over the heads.

    Hint: each query shares its attention over the keys, in each head by itself.
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _softmax(_scores(Q, K) / math.sqrt(Q.shape[-1]), axis=-3)


def no_maximum_subtracted(X, W_Q, b_Q, W_K, b_K, n_heads):
    """Large scores overflow: e to the power of 1000 is not a number that fits.

    Hint: shift each row by its maximum before the exponential.
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    strengths = np.exp(_scores(Q, K) / math.sqrt(Q.shape[-1]))
    return strengths / strengths.sum(axis=-1, keepdims=True)


def heads_by_reshape_alone(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The heads are cut by a reshape alone, so one head gets numbers of several words.

    Hint: split the last axis first, then swap the axis of heads with that of words.
    """

    def cut(H):
        return H.reshape(*H.shape[:-2], n_heads, H.shape[-2], -1)

    return _weights(cut(X @ W_Q.T + b_Q), cut(X @ W_K.T + b_K))


def heads_interleaved(X, W_Q, b_Q, W_K, b_K, n_heads):
    """Each head takes every n_heads-th column; it should take neighbouring ones.

    Hint: in the reshape, the axis of heads comes before the columns of a head.
    """

    def cut(H):
        return np.moveaxis(H.reshape(*H.shape[:-1], -1, n_heads), -1, -3)

    return _weights(cut(X @ W_Q.T + b_Q), cut(X @ W_K.T + b_K))


def heads_after_the_words(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The axis of heads stands after that of the queries: (n, h, n).

    Hint: the result is (..., h, n, n), one whole map after another.
    """
    return _weights(*_both(X, W_Q, b_Q, W_K, b_K, n_heads)).swapaxes(-2, -3)


def heads_averaged(X, W_Q, b_Q, W_K, b_K, n_heads):
    """One map comes back, averaged over the heads, as `nn.MultiheadAttention` returns it.

    Hint: keep one map for each head.
    """
    return _weights(*_both(X, W_Q, b_Q, W_K, b_K, n_heads)).mean(axis=-3)


def heads_ignored(X, W_Q, b_Q, W_K, b_K, n_heads):
    """n_heads is not used: all columns form one head.

    Hint: the result is (..., h, n, n).
    """
    return _weights(X @ W_Q.T + b_Q, X @ W_K.T + b_K)


def heads_in_a_list(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The maps come in a list; one array (..., h, n, n) is asked for.

    Hint: `np.stack` makes one array of several.
    """
    maps = _weights(*_both(X, W_Q, b_Q, W_K, b_K, n_heads))
    return [maps[..., head, :, :] for head in range(n_heads)]


def twelve_heads(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The number of heads is written as 12, which is right for one model only.

    Hint: use the argument `n_heads`.
    """
    return _weights(*_both(X, W_Q, b_Q, W_K, b_K, 12))


def width_from_the_words(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The width of a head is taken from X; the matrix decides it.

    Hint: how many rows does W_Q have for each head?
    """
    width = X.shape[-1] // n_heads

    def cut(H):
        return H.reshape(*H.shape[:-1], n_heads, width).swapaxes(-2, -3)

    return _weights(cut(X @ W_Q.T + b_Q), cut(X @ W_K.T + b_K))


def keys_turned_by_all_axes(X, W_Q, b_Q, W_K, b_K, n_heads):
    """`.T` turns all axes of the keys around, also those of heads and batch.

    Hint: swap the last two axes only.
    """
    Q, K = _both(X, W_Q, b_Q, W_K, b_K, n_heads)
    return _softmax(Q @ K.T / math.sqrt(Q.shape[-1]))


def one_sentence_only(X, W_Q, b_Q, W_K, b_K, n_heads):
    """It is right for one sentence, and not for a batch.

    Hint: name the axes from the end, so that leading ones can come along.
    """

    def cut(H):
        return H.reshape(len(X), n_heads, -1).transpose(1, 0, 2)

    return _weights(cut(X @ W_Q.T + b_Q), cut(X @ W_K.T + b_K))


def changes_its_input(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The answer is right, but the caller's words are overwritten.

    Hint: `X -= …` writes into the caller's array; `X = X - …` makes a new one.
    """
    weights = _weights(*_both(X, W_Q, b_Q, W_K, b_K, n_heads))
    X -= X.mean(axis=-1, keepdims=True)
    return weights


def always_float64(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The numbers are right, but float32 words come back as float64.

    Hint: `math.sqrt` of a size is a Python number and keeps the dtype; `np.sqrt` does not.
    """
    return _weights(*_both(X, W_Q, b_Q, W_K, b_K, n_heads)).astype(np.float64)


def rounded(X, W_Q, b_Q, W_K, b_K, n_heads):
    """The weights are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    return np.round(_weights(*_both(X, W_Q, b_Q, W_K, b_K, n_heads)), 3)
