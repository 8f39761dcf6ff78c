"""What learners write for scaled_dot_product_attention."""

import math

import numpy as np


def _turned(K):
    return np.swapaxes(K, -1, -2)


def _scores(Q, K):
    return Q @ _turned(K) / math.sqrt(Q.shape[-1])


def _hide(scores, mask):
    return scores if mask is None else np.where(mask, scores, -np.inf)


def _softmax(scores, axis=-1):
    strengths = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def _attend(scores, V, mask):
    weights = _softmax(_hide(scores, mask))
    return weights @ V, weights


# The scale


def not_scaled(Q, K, V, mask=None):
    """The scores are not divided by √d_k.

    Hint: with keys of 64 numbers, a score is typically 8; what does softmax make of that?
    """
    return _attend(Q @ _turned(K), V, mask)


def scaled_by_d_k(Q, K, V, mask=None):
    """The scores are divided by d_k; its square root is asked for.

    Hint: the spread of a dot product grows with the root of the length.
    """
    return _attend(Q @ _turned(K) / Q.shape[-1], V, mask)


def root_without_brackets(Q, K, V, mask=None):
    """`d_k ** 1 / 2` is d_k divided by 2: the power is taken first.

    Hint: write `math.sqrt(d_k)`, or put the one half into brackets.
    """
    return _attend(Q @ _turned(K) / (Q.shape[-1] ** 1 / 2), V, mask)


def root_cut_to_a_whole_number(Q, K, V, mask=None):
    """The root is cut to a whole number: right for keys of 4, 16 or 64 numbers only.

    Hint: does your answer call `int` or `isqrt`?
    """
    return _attend(Q @ _turned(K) / math.isqrt(Q.shape[-1]), V, mask)


def multiplied_by_the_root(Q, K, V, mask=None):
    """The scores are multiplied by √d_k, so the spread grows where it should shrink.

    Hint: multiply or divide?
    """
    return _attend(Q @ _turned(K) * math.sqrt(Q.shape[-1]), V, mask)


def scaled_by_eight(Q, K, V, mask=None):
    """The scores are divided by a fixed 8, right for keys of 64 numbers only.

    Hint: the length of a key is the last size of K.
    """
    return _attend(Q @ _turned(K) / 8.0, V, mask)


def scaled_by_the_root_of_d_model(Q, K, V, mask=None):
    """The scores are divided by √512, the root of d_model: the sum runs over d_k numbers.

    Hint: how many products are added up in one score?
    """
    return _attend(Q @ _turned(K) / math.sqrt(512), V, mask)


def scaled_by_the_values(Q, K, V, mask=None):
    """The scores are divided by √d_v, the root of a value's length.

    Hint: a score is made of a query and a key; values have no part in it.
    """
    return _attend(Q @ _turned(K) / math.sqrt(V.shape[-1]), V, mask)


def scaled_by_the_number_of_keys(Q, K, V, mask=None):
    """The scores are divided by the root of the number of keys.

    Hint: the last axis of K is the length of a key, the one before counts the keys.
    """
    return _attend(Q @ _turned(K) / math.sqrt(K.shape[-2]), V, mask)


def weights_scaled(Q, K, V, mask=None):
    """The division comes after the softmax, so the weights no longer sum to 1.

    Hint: what must the weights of a row add up to?
    """
    weights = _softmax(_hide(Q @ _turned(K), mask)) / math.sqrt(Q.shape[-1])
    return weights @ V, weights


def output_scaled(Q, K, V, mask=None):
    """The output is divided by √d_k; the scores should be.

    Hint: scores, division, softmax, mixture: in this order.
    """
    weights = _softmax(_hide(Q @ _turned(K), mask))
    return weights @ V / math.sqrt(Q.shape[-1]), weights


# The table of scores


def keys_not_turned(Q, K, V, mask=None):
    """The keys are not turned on their side, so rows of Q meet columns of K.

    Hint: a row of Q should meet a *key*, and keys are rows of K.
    """
    return _attend(Q @ K / math.sqrt(Q.shape[-1]), V, mask)


def everything_turned(Q, K, V, mask=None):
    """`K.T` turns all axes round, the batch too; right for a single sentence only.

    Hint: `np.swapaxes` turns two axes.
    """
    return _attend(Q @ K.T / math.sqrt(Q.shape[-1]), V, mask)


def turned_from_the_front(Q, K, V, mask=None):
    """`swapaxes(1, 2)` counts axes from the front: right with exactly one batch axis only.

    Hint: count axes from the end: -1 and -2.
    """
    return _attend(Q @ np.swapaxes(K, 1, 2) / math.sqrt(Q.shape[-1]), V, mask)


def three_axes_only(Q, K, V, mask=None):
    """`transpose(0, 2, 1)` needs exactly one batch axis.

    Hint: `np.swapaxes(K, -1, -2)` works for any number of axes.
    """
    return _attend(Q @ K.transpose(0, 2, 1) / math.sqrt(Q.shape[-1]), V, mask)


def two_axes_only(Q, K, V, mask=None):
    """`n, d_k = Q.shape` breaks as soon as there is a batch axis.

    Hint: count axes from the end: `Q.shape[-1]`.
    """
    n, d_k = Q.shape
    return _attend(Q.reshape(n, d_k) @ K.T / math.sqrt(d_k), V, mask)


def reshaped_for_turned(Q, K, V, mask=None):
    """The keys are reshaped where they should be turned: the shape fits, the numbers do not.

    Hint: reshape keeps the reading order of the numbers; a transpose changes it.
    """
    turned = K.reshape(*K.shape[:-2], K.shape[-1], K.shape[-2])
    return _attend(Q @ turned / math.sqrt(Q.shape[-1]), V, mask)


def rows_answer(Q, K, V, mask=None):
    """The table lies on its side: rows should be the words that ask.

    Hint: which of the two stands on the left?
    """
    return _attend(_turned(_scores(Q, K)), V, mask)


def cosines(Q, K, V, mask=None):
    """The lengths are divided out, so the scores are cosines, not dot products.

    Hint: divide by √d_k, not by the lengths of the vectors.
    """
    Q = Q / np.sqrt((Q * Q).sum(axis=-1, keepdims=True))
    K = K / np.sqrt((K * K).sum(axis=-1, keepdims=True))
    return _attend(Q @ _turned(K), V, mask)


def attends_across_the_batch(Q, K, V, mask=None):
    """Words look at the words of other sentences: the batch was made one long sentence.

    Hint: a reshape before the scores mixes sentences; let leading axes pass.
    """
    scores = _scores(Q.reshape(-1, Q.shape[-1]), K.reshape(-1, K.shape[-1]))
    weights = _softmax(_hide(scores, mask))
    output = weights @ V.reshape(-1, V.shape[-1])
    return output.reshape(*Q.shape[:-1], V.shape[-1]), weights


# The softmax


def softmax_over_the_queries(Q, K, V, mask=None):
    """The columns sum to 1, and the rows do not: each query has one budget.

    Hint: row i is what query i spends; along which axis should the softmax run?
    """
    weights = _softmax(_hide(_scores(Q, K), mask), axis=-2)
    return weights @ V, weights


def axis_one(Q, K, V, mask=None):
    """The softmax runs along axis 1, which is the last one of a single sentence only.

    Hint: name the axis from the end: -1.
    """
    weights = _softmax(_hide(_scores(Q, K), mask), axis=1)
    return weights @ V, weights


def softmax_over_the_whole_table(Q, K, V, mask=None):
    """All weights of the table sum to 1, not those of each row.

    Hint: along which axis do your `max` and `sum` run?
    """
    scores = _hide(_scores(Q, K), mask)
    strengths = np.exp(scores - scores.max())
    weights = strengths / strengths.sum()
    return weights @ V, weights


def no_maximum_subtracted(Q, K, V, mask=None):
    """Large scores overflow: e to the power of 1000 is not a number that fits.

    Hint: which number may be taken away from every score of a row without changing a weight?
    """
    strengths = np.exp(_hide(_scores(Q, K), mask))
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def maximum_of_the_whole_table(Q, K, V, mask=None):
    """One maximum is taken for the whole table, so rows far below it vanish.

    Hint: each row needs its own maximum.
    """
    scores = _hide(_scores(Q, K), mask)
    strengths = np.exp(scores - scores.max())
    weights = strengths / strengths.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def keepdims_missing(Q, K, V, mask=None):
    """The totals lose their axis, so columns are divided by the totals of rows.

    Hint: a square table raises no error here; `keepdims=True` keeps the summed axis.
    """
    scores = _hide(_scores(Q, K), mask)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = strengths / strengths.sum(axis=-1)
    return weights @ V, weights


def softmax_missing(Q, K, V, mask=None):
    """The scores are used as weights: there is no softmax.

    Hint: a weight is a share of a budget of 1.
    """
    scores = _scores(Q, K)
    scores = scores if mask is None else np.where(mask, scores, 0)
    return scores @ V, scores


def plain_shares(Q, K, V, mask=None):
    """The scores are divided by their sum: the exponential is missing.

    Hint: what weight would a negative score get?
    """
    scores = _scores(Q, K)
    scores = scores if mask is None else np.where(mask, scores, 0)
    weights = scores / scores.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def winner_takes_all(Q, K, V, mask=None):
    """Each query looks at its best key only: that is a maximum, not a soft one.

    Hint: where do the smaller scores go?
    """
    scores = _hide(_scores(Q, K), mask)
    weights = (scores == scores.max(axis=-1, keepdims=True)).astype(V.dtype)
    return weights @ V, weights


# The mask


def mask_ignored(Q, K, V, mask=None):
    """The mask has no effect: hidden keys still get weight.

    Hint: is the argument `mask` used at all?
    """
    return _attend(_scores(Q, K), V, None)


def mask_inverted(Q, K, V, mask=None):
    """The mask is the wrong way round: True means "may attend".

    Hint: which scores should be left as they are: those with True, or those with False?
    """
    return _attend(_scores(Q, K), V, None if mask is None else ~mask)


def mask_on_its_side(Q, K, V, mask=None):
    """The mask is turned on its side: its rows are queries already, as in the scores.

    Hint: mask[i, j] says whether query i may see key j.
    """
    return _attend(_scores(Q, K), V, None if mask is None else _turned(mask))


def mask_added(Q, K, V, mask=None):
    """The mask is added as it is, so True adds 1 to a score and False adds 0.

    Hint: a mask of True and False says where; something else must say how low.
    """
    scores = _scores(Q, K)
    return _attend(scores if mask is None else scores + mask, V, None)


def mask_times_the_scores(Q, K, V, mask=None):
    """A hidden score becomes 0 (or 1e-9), and a score of 0 still gets weight.

    Hint: e to the power of 0 is 1; which exponent gives 0?
    """
    scores = _scores(Q, K)
    return _attend(scores if mask is None else scores * mask, V, None)


def zero_scores_hidden_too(Q, K, V, mask=None):
    """Scores are hidden where they are 0, and an allowed score of 0 is hidden with them.

    Hint: a score of 0 is a score like any other; ask the mask, not the score.
    """
    scores = _scores(Q, K)
    if mask is not None:
        scores = scores * mask
        scores = np.where(scores == 0, -np.inf, scores)
    return _attend(scores, V, None)


def mask_times_the_weights(Q, K, V, mask=None):
    """The mask is applied after the softmax, so the rows no longer sum to 1.

    Hint: hide before the softmax, and the rest share the whole budget.
    """
    weights = _softmax(_scores(Q, K))
    weights = weights if mask is None else weights * mask
    return weights @ V, weights


def mask_times_the_weights_repaired(Q, K, V, mask=None):
    """Hidden keys are removed after the softmax, and where they matched best, nothing is left.

    Hint: a hidden score must not be the maximum; hide before you look for the maximum.
    """
    weights = _softmax(_scores(Q, K))
    if mask is not None:
        weights = weights * mask
        weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def weights_replaced_by_minus_infinity(Q, K, V, mask=None):
    """Minus infinity is put in after the softmax: it belongs into the scores.

    Hint: hide first, then softmax.
    """
    weights = _hide(_softmax(_scores(Q, K)), mask)
    return weights @ V, weights


def mask_too_weak(Q, K, V, mask=None):
    """Hidden scores are set to −100 only: where the others match badly, that is the best.

    Hint: which number is lower than every score?
    """
    scores = _scores(Q, K)
    return _attend(scores if mask is None else np.where(mask, scores, -100), V, None)


def ten_thousand_taken_away(Q, K, V, mask=None):
    """Hidden scores are lowered by 10 000, so a key that matches very well is still seen.

    Hint: a famous program did so; replace the score instead of lowering it.
    """
    scores = _scores(Q, K)
    return _attend(scores if mask is None else scores + np.where(mask, 0, -10_000), V, None)


def infinity_times_zero(Q, K, V, mask=None):
    """`(1 - mask) * -np.inf` is NaN wherever the mask is True: 0 times infinity is no number.

    Hint: choose between two numbers with `np.where`, instead of multiplying.
    """
    scores = _scores(Q, K)
    return _attend(scores if mask is None else scores + (1 - mask) * -np.inf, V, None)


def mask_as_an_index(Q, K, V, mask=None):
    """`scores[~mask] = …` needs a mask of the full shape: one that broadcasts raises an error.

    Hint: `np.where` lines the axes up for you.
    """
    scores = _scores(Q, K)
    if mask is not None:
        scores[~mask] = -np.inf
    return _attend(scores, V, None)


def truth_of_a_whole_mask(Q, K, V, mask=None):
    """`if mask:` asks a whole array whether it is true.

    Hint: the question is whether there is a mask: `if mask is not None`.
    """
    scores = _scores(Q, K)
    if mask:
        scores = np.where(mask, scores, -np.inf)
    return _attend(scores, V, None)


def always_looks_back_only(Q, K, V, mask=None):
    """Later words are hidden always, also where no mask asks for it.

    Hint: the mask alone says what is hidden.
    """
    scores = _hide(_scores(Q, K), mask)
    earlier = np.tri(*scores.shape[-2:], dtype=bool)
    return _attend(np.where(earlier, scores, -1e9), V, None)


def mask_turned_round_in_place(Q, K, V, mask=None):
    """The answer is right, but the caller's mask comes back inverted.

    Hint: `~mask` makes a new array; `out=mask` writes into the old one.
    """
    scores = _scores(Q, K)
    if mask is not None:
        np.logical_not(mask, out=mask)
        scores = np.where(mask, -np.inf, scores)
    return _attend(scores, V, None)


# The mixture and the results


def mixed_with_the_columns(Q, K, V, mask=None):
    """The weights are right, but the values are mixed with their columns.

    Hint: row i of the weights belongs to query i; is a transpose too many?
    """
    weights = _softmax(_hide(_scores(Q, K), mask))
    return _turned(weights) @ V, weights


def keys_mixed(Q, K, V, mask=None):
    """The weights are right, but they mix the keys.

    Hint: keys are for being found; what is handed over?
    """
    weights = _softmax(_hide(_scores(Q, K), mask))
    return weights @ K, weights


def mixed_with_the_scores(Q, K, V, mask=None):
    """The weights are right, but the values are mixed with the scores.

    Hint: which of your two tables has rows that sum to 1?
    """
    return _scores(Q, K) @ V, _softmax(_hide(_scores(Q, K), mask))


def query_added_to_the_output(Q, K, V, mask=None):
    """Each query is added to its mixture.

    Hint: real Transformers add the old vector outside of attention; here the mixture is all.
    """
    output, weights = _attend(_scores(Q, K), V, mask)
    return output + Q, weights


def scores_for_weights(Q, K, V, mask=None):
    """The output is right, but the second result holds the scores before softmax.

    Hint: the second result should be the weights.
    """
    scores = _hide(_scores(Q, K), mask)
    return _softmax(scores) @ V, scores


def weights_first(Q, K, V, mask=None):
    """The weights come back first: the order is output, then weights.

    Hint: look at the line "Returns" of the docstring.
    """
    output, weights = _attend(_scores(Q, K), V, mask)
    return weights, output


def output_only(Q, K, V, mask=None):
    """Only the output comes back; the weights are asked for too.

    Hint: a `return` may list two arrays with a comma between them.
    """
    return _attend(_scores(Q, K), V, mask)[0]


def weights_only(Q, K, V, mask=None):
    """Only the weights come back; nothing has been mixed.

    Hint: the weights still have to mix the values.
    """
    return _attend(_scores(Q, K), V, mask)[1]


def weights_averaged_over_heads(Q, K, V, mask=None):
    """The weights of a batch are averaged into one table.

    Hint: each sentence and each head has a table of its own.
    """
    output, weights = _attend(_scores(Q, K), V, mask)
    return output, weights if weights.ndim == 2 else weights.mean(axis=-3)


def first_sentence_only(Q, K, V, mask=None):
    """Of a batch, only the first sentence comes back.

    Hint: which index throws the other sentences away?
    """
    while Q.ndim > 2:
        Q, K, V = Q[0], K[0], V[0]
        mask = mask[0] if mask is not None and mask.ndim > 2 else mask
    return _attend(_scores(Q, K), V, mask)


def output_shaped_like_queries(Q, K, V, mask=None):
    """The output is made in the shape of Q, but a value may be longer or shorter than a query.

    Hint: the output has a row for each query, and as many numbers as a value.
    """
    mixed, weights = _attend(_scores(Q, K), V, mask)
    output = np.zeros(Q.shape, dtype=mixed.dtype)
    output[...] = mixed
    return output, weights


def as_many_keys_as_queries(Q, K, V, mask=None):
    """The table is square: it is taken for granted that there are as many keys as queries.

    Hint: the columns count the keys: `K.shape[-2]`.
    """
    n = Q.shape[-2]
    columns = [(Q * K[..., j, None, :]).sum(axis=-1) for j in range(n)]
    return _attend(np.stack(columns, axis=-1) / math.sqrt(Q.shape[-1]), V, mask)


# Manners


def queries_scaled_in_place(Q, K, V, mask=None):
    """The queries are divided by √d_k in the caller's own array.

    Hint: `Q /= …` writes into the array that came in; `Q = Q / …` makes a new one.
    """
    Q /= math.sqrt(Q.shape[-1])
    return _attend(Q @ _turned(K), V, mask)


def float64_by_np_sqrt(Q, K, V, mask=None):
    """float32 comes back as float64: `np.sqrt` of a Python number is a float64.

    Hint: `math.sqrt` gives a Python number, and a Python number changes no dtype.
    """
    return _attend(Q @ _turned(K) / np.sqrt(Q.shape[-1]), V, mask)


def always_float64(Q, K, V, mask=None):
    """The numbers are right, but everything is made float64 at the start.

    Hint: does a call in your answer name a dtype, or make an array of its own?
    """
    Q, K, V = (np.asarray(array, dtype=np.float64) for array in (Q, K, V))
    return _attend(_scores(Q, K), V, mask)


def always_float32(Q, K, V, mask=None):
    """The results are cut to float32, whatever came in.

    Hint: leave the dtype to NumPy.
    """
    output, weights = _attend(_scores(Q, K), V, mask)
    return output.astype(np.float32), weights.astype(np.float32)


def writes_into_integers(Q, K, V, mask=None):
    """Outputs of whole-number values are cut: an array made like V holds integers only.

    Hint: let the product make its own array.
    """
    mixed, weights = _attend(_scores(Q, K), V, mask)
    return mixed.astype(V.dtype), weights


def rounded(Q, K, V, mask=None):
    """The weights are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    weights = np.round(_softmax(_hide(_scores(Q, K), mask)), 3)
    return weights @ V, weights


def the_books_example(Q, K, V, mask=None):
    """The same result comes back whatever the arguments are.

    Hint: does your answer use its arguments?
    """
    Q = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]])
    K = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 0.0]])
    return _attend(_scores(Q, K), np.array([[-1.0, 2.0], [1.0, 1.0], [4.0, -2.0]]), None)
