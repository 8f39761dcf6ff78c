"""What learners write for multi_head_attention: one right answer, each time with one slip."""

import math

import numpy as np


def _split(X, n_heads):
    return np.swapaxes(X.reshape(*X.shape[:-1], n_heads, -1), -3, -2)


def _merge(H):
    return np.swapaxes(H, -3, -2).reshape(*H.shape[:-3], H.shape[-2], -1)


def _softmax(scores, axis=-1):
    strengths = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def _scores(Q, K):
    return Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])


def _allow(scores, mask):
    return scores if mask is None else np.where(mask[..., None, :, :], scores, -np.inf)


def _heads(X, W_Q, W_K, W_V, n_heads):
    return _split(X @ W_Q, n_heads), _split(X @ W_K, n_heads), _split(X @ W_V, n_heads)


def _weights(X, W_Q, W_K, n_heads, mask):
    return _softmax(_allow(_scores(_split(X @ W_Q, n_heads), _split(X @ W_K, n_heads)), mask))


def reshape_without_transpose(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The split is a reshape alone: a head gets pieces of different words.

    Hint: use your `split_heads`, or swap words and heads after the reshape.
    """
    Q, K, V = (
        P.reshape(*P.shape[:-2], n_heads, P.shape[-2], -1) for P in (X @ W_Q, X @ W_K, X @ W_V)
    )
    A = _softmax(_allow(_scores(Q, K), mask))
    return _merge(A @ V) @ W_O, A


def merged_without_transpose(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The heads are merged without the transpose: a row holds pieces of different words.

    Hint: use your `concat_heads`, or swap heads and words before the reshape.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask))
    H = A @ V
    return H.reshape(*H.shape[:-3], H.shape[-2], -1) @ W_O, A


def reshapes_both_ways(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Split and merge are both a reshape alone: they undo each other, and every head is wrong.

    Hint: a head needs all words, and some columns of each.
    """
    Q, K, V = (
        P.reshape(*P.shape[:-2], n_heads, P.shape[-2], -1) for P in (X @ W_Q, X @ W_K, X @ W_V)
    )
    A = _softmax(_allow(_scores(Q, K), mask))
    H = A @ V
    return H.reshape(*H.shape[:-3], H.shape[-2], -1) @ W_O, A


def interleaved_split(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Each head gets every n_heads-th column instead of columns that lie side by side.

    Hint: head 0 owns the first d_head columns of W_Q, W_K and W_V.
    """
    Q, K, V = (
        np.moveaxis(P.reshape(*P.shape[:-1], -1, n_heads), -1, -3)
        for P in (X @ W_Q, X @ W_K, X @ W_V)
    )
    A = _softmax(_allow(_scores(Q, K), mask))
    return _merge(A @ V) @ W_O, A


def interleaved_merge(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The merge interleaves the heads: column 0 of each head first, then column 1 of each.

    Hint: head 0 owns the first d_head rows of W_O.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask))
    H = A @ V
    return np.moveaxis(H, -3, -1).reshape(*X.shape[:-1], -1) @ W_O, A


def one_wide_head(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """`n_heads` is not used: this is one head as wide as all of them.

    Hint: Q, K and V must be split before the scores.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, 1)
    A = _softmax(_allow(_scores(Q, K), mask))
    return _merge(A @ V) @ W_O, A


def first_head_for_all(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Every head uses the weights of the first one.

    Hint: one softmax for each head, over scores of its own.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask))
    A = np.repeat(A[..., :1, :, :], n_heads, axis=-3)
    return _merge(A @ V) @ W_O, A


def W_O_forgotten(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """W_O is forgotten: the heads stand side by side and nothing mixes them.

    Hint: what brings the output back to d_model columns?
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask))
    return _merge(A @ V), A


def W_O_transposed(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """W_O is transposed: PyTorch stores it so, this exercise does not.

    Hint: W_O has h * d_head rows and d_model columns; a row of heads meets it from the left.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask))
    return _merge(A @ V) @ W_O.T, A


def heads_averaged(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The heads are averaged before W_O; they should stand side by side.

    Hint: averaging throws away what makes the heads differ.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask))
    mean = (A @ V).mean(axis=-3)
    return np.concatenate([mean] * n_heads, axis=-1) @ W_O, A


def parts_averaged(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The heads' parts of the output are averaged; W_O adds them up.

    Hint: is there a `mean` where a sum belongs?
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return _merge(A @ _split(X @ W_V, n_heads)) @ W_O / n_heads, A


def weights_averaged(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The weights come back averaged over the heads, as PyTorch returns them by default.

    Hint: the weights are (..., h, n, n): keep the axis of the heads.
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return _merge(A @ _split(X @ W_V, n_heads)) @ W_O, A.mean(axis=-3)


def scaled_by_root_of_d_model(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The scores are divided by the root of d_model; each head is only d_head wide.

    Hint: how many products does one dot product of a head add up?
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ np.swapaxes(K, -1, -2) / math.sqrt(X.shape[-1]), mask))
    return _merge(A @ V) @ W_O, A


def scaled_by_root_of_all_heads(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The scores are divided by the root of the width of all heads together.

    Hint: take d_head after the split, from the last axis of a head.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ np.swapaxes(K, -1, -2) / math.sqrt(W_Q.shape[-1]), mask))
    return _merge(A @ V) @ W_O, A


def scaled_without_root(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The scores are divided by d_head; the square root is missing.

    Hint: by what did chapter 8 divide?
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ np.swapaxes(K, -1, -2) / Q.shape[-1], mask))
    return _merge(A @ V) @ W_O, A


def not_scaled(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The scores are not scaled.

    Hint: by what did chapter 8 divide?
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ np.swapaxes(K, -1, -2), mask))
    return _merge(A @ V) @ W_O, A


def scaled_after_softmax(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The weights are divided after the softmax, so their rows no longer sum to 1.

    Hint: the scale belongs to the scores.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ np.swapaxes(K, -1, -2), mask)) / math.sqrt(Q.shape[-1])
    return _merge(A @ V) @ W_O, A


def softmax_over_queries(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The softmax runs over the queries: the columns sum to 1, and the rows do not.

    Hint: a row holds the budget of one query; its keys lie along the last axis.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask), axis=-2)
    return _merge(A @ V) @ W_O, A


def softmax_over_heads(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The softmax runs over the heads, so that they compete for a word.

    Hint: each head has a budget of its own; its keys lie along the last axis.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(Q, K), mask), axis=-3)
    return _merge(A @ V) @ W_O, A


def no_softmax(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The softmax is missing: the values are mixed with raw scores.

    Hint: scores become weights before they meet the values.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _allow(_scores(Q, K), mask)
    return _merge(A @ V) @ W_O, A


def no_maximum_subtracted(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Large scores overflow: e to the power of 1000 is not a number that fits.

    Hint: shift each row of scores by its largest one before the exponential.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    strengths = np.exp(_allow(_scores(Q, K), mask))
    A = strengths / strengths.sum(axis=-1, keepdims=True)
    return _merge(A @ V) @ W_O, A


def queries_and_keys_swapped(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Queries and keys have changed roles: row i asks with the key of word i.

    Hint: Q stands on the left of the product, K transposed on the right.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(_scores(K, Q), mask))
    return _merge(A @ V) @ W_O, A


def keys_with_all_axes_reversed(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """`.T` reverses all the axes, those of heads and batch too.

    Hint: turn only the last two axes, the words and the columns of a head.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ K.T / math.sqrt(Q.shape[-1]), mask))
    return _merge(A @ V) @ W_O, A


def keys_not_transposed(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The keys are not transposed, so the product does not compare queries with keys.

    Hint: (n, d_head) times (d_head, n) gives (n, n).
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ K / math.sqrt(Q.shape[-1]), mask))
    return _merge(A @ V) @ W_O, A


def keys_instead_of_values(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The keys are mixed where the values should be: W_V is not used.

    Hint: queries and keys choose, values are what is handed over.
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return _merge(A @ _split(X @ W_K, n_heads)) @ W_O, A


def mask_ignored(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The mask is not used.

    Hint: what should a score be where the mask is False?
    """
    A = _weights(X, W_Q, W_K, n_heads, None)
    return _merge(A @ _split(X @ W_V, n_heads)) @ W_O, A


def mask_inverted(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The mask is turned round: True means "may attend" here.

    Hint: which of the two choices of your `np.where` is used where the mask is True?
    """
    mask = None if mask is None else ~mask
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return _merge(A @ _split(X @ W_V, n_heads)) @ W_O, A


def mask_added(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """True and False are added to the scores as 1 and 0: that shifts a score, it hides none.

    Hint: what must a score be so that its exponential is 0?
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    A = _softmax(scores if mask is None else scores + mask[..., None, :, :])
    return _merge(A @ V) @ W_O, A


def mask_multiplied(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The scores are multiplied by the mask: a score of 0 still gets a share.

    Hint: what must a score be so that its exponential is 0?
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    A = _softmax(scores if mask is None else scores * mask[..., None, :, :])
    return _merge(A @ V) @ W_O, A


def zero_scores_hidden_too(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Scores are hidden where they are 0, and an allowed score of 0 is hidden with them.

    Hint: a score of 0 is a score like any other; ask the mask, not the score.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    if mask is not None:
        scores = scores * mask[..., None, :, :]
        scores = np.where(scores == 0, -np.inf, scores)
    A = _softmax(scores)
    return _merge(A @ V) @ W_O, A


def mask_after_softmax(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The weights are multiplied by the mask after the softmax, so rows do not sum to 1.

    Hint: hide the scores, then take the shares.
    """
    A = _weights(X, W_Q, W_K, n_heads, None)
    A = A if mask is None else A * mask[..., None, :, :]
    return _merge(A @ _split(X @ W_V, n_heads)) @ W_O, A


def mask_with_small_penalty(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Hidden scores become −10: too little to hide them when the other scores are low as well.

    Hint: `-np.inf` is safe for every score.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    A = _softmax(scores if mask is None else np.where(mask[..., None, :, :], scores, -10.0))
    return _merge(A @ V) @ W_O, A


def mask_without_head_axis(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The mask has no axis for the heads, so its batch axis meets the heads.

    Hint: put a new axis of length 1 in front of the last two, those of queries and keys.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    A = _softmax(scores if mask is None else np.where(mask, scores, -np.inf))
    return _merge(A @ V) @ W_O, A


def mask_axis_behind_the_first(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """`mask[:, None]` puts the new axis behind the first: right with exactly one batch axis only.

    Hint: count from the end: the new axis stands in front of the last two.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    A = _softmax(scores if mask is None else np.where(mask[:, None], scores, -np.inf))
    return _merge(A @ V) @ W_O, A


def mask_axis_before_keys(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The new axis of the mask stands between queries and keys, so the queries meet the heads.

    Hint: scores are (..., heads, queries, keys); give the mask its axes in the same order.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    A = _softmax(scores if mask is None else np.where(mask[..., None, :], scores, -np.inf))
    return _merge(A @ V) @ W_O, A


def output_alone(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """Only the output comes back; the weights are asked for as well.

    Hint: `return output, weights`.
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return _merge(A @ _split(X @ W_V, n_heads)) @ W_O


def weights_first(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The two results are in the wrong order: the output comes first.

    Hint: `return output, weights`.
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return A, _merge(A @ _split(X @ W_V, n_heads)) @ W_O


def scores_instead_of_weights(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The second result holds the scores; the weights, after the softmax, are asked for.

    Hint: which of the two sums to 1 along a row?
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _allow(_scores(Q, K), mask)
    return _merge(_softmax(scores) @ V) @ W_O, scores


def heads_before_batch(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """In the weights, the axis of the heads stands before the batch.

    Hint: the weights are (..., h, n, n).
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return _merge(A @ _split(X @ W_V, n_heads)) @ W_O, np.moveaxis(A, -3, 0)


def one_sentence_only(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """It works for one sentence, and stops when there is a batch of them.

    Hint: `*batch, n_tokens, d_model = X.shape` leaves room for any number of axes in front.
    """
    n_tokens, _d_model = X.shape
    Q, K, V = (
        P.reshape(n_tokens, n_heads, -1).transpose(1, 0, 2) for P in (X @ W_Q, X @ W_K, X @ W_V)
    )
    A = _softmax(_allow(_scores(Q, K), mask))
    return (A @ V).transpose(1, 0, 2).reshape(n_tokens, -1) @ W_O, A


def one_batch_axis_only(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """It works with exactly one batch axis, and stops without one or with two.

    Hint: name the axes from the end: -3 and -2 change places, whatever stands before them.
    """
    batch, n_tokens, _d_model = X.shape
    Q, K, V = (
        P.reshape(batch, n_tokens, n_heads, -1).transpose(0, 2, 1, 3)
        for P in (X @ W_Q, X @ W_K, X @ W_V)
    )
    A = _softmax(_allow(_scores(Q, K), mask))
    return (A @ V).transpose(0, 2, 1, 3).reshape(batch, n_tokens, -1) @ W_O, A


def input_added(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The input is added to the output: that is the residual path, which chapter 16 adds.

    Hint: the output is what W_O gives, and no more.
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    return X + _merge(A @ _split(X @ W_V, n_heads)) @ W_O, A


def always_float64(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The numbers are right, but float32 comes back as float64.

    Hint: `np.sqrt` of a Python number is always float64; `math.sqrt` is not.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1]), mask))
    return _merge(A @ V) @ W_O, A


def cut_to_the_dtype_of_X(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The results get the dtype of X, and lose their fractions when X holds whole numbers.

    Hint: look for the call that makes float64, and leave the results as they come.
    """
    A = _weights(X, W_Q, W_K, n_heads, mask)
    output = _merge(A @ _split(X @ W_V, n_heads)) @ W_O
    return output.astype(X.dtype), A.astype(X.dtype)


def float64_where_masked(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """With a mask, float32 comes back as float64: an array of infinities is always float64.

    Hint: a plain `-np.inf` takes over the dtype of its neighbours; an array does not.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    if mask is not None:
        scores = scores + np.where(mask[..., None, :, :], np.zeros(1), np.full(1, -np.inf))
    A = _softmax(scores)
    return _merge(A @ V) @ W_O, A


def scales_the_callers_W_Q(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The answer is right, but the scale is written into the caller's W_Q.

    Hint: `W_Q /= …` writes into the caller's array; `W_Q / …` makes a new one.
    """
    W_Q /= math.sqrt(W_Q.shape[-1] // n_heads)
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    A = _softmax(_allow(Q @ np.swapaxes(K, -1, -2), mask))
    return _merge(A @ V) @ W_O, A


def turns_the_callers_mask(X, W_Q, W_K, W_V, W_O, n_heads, mask=None):
    """The answer is right, but the caller's mask is turned round afterwards.

    Hint: `np.logical_not(mask, out=mask)` writes into the caller's array; `~mask` does not.
    """
    Q, K, V = _heads(X, W_Q, W_K, W_V, n_heads)
    scores = _scores(Q, K)
    if mask is not None:
        np.logical_not(mask, out=mask)
        scores = np.where(mask[..., None, :, :], -np.inf, scores)
    A = _softmax(scores)
    return _merge(A @ V) @ W_O, A
