"""What learners write for attend_with_cache."""

import math

import numpy as np


def _softmax(scores, axis=-1):
    strengths = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def _grown(x, cache, W_K, W_V):
    k, v = (x @ W_K)[None], (x @ W_V)[None]
    if cache is None:
        return k, v
    return np.concatenate([cache[0], k]), np.concatenate([cache[1], v])


def _attend(q, K, V):
    return _softmax(K @ q / math.sqrt(len(q))) @ V


def cache_ignored(x, cache, W_Q, W_K, W_V):
    """The cache is not used: every word is treated as the first one.

    Hint: what should happen if `cache` is not None?
    """
    K, V = _grown(x, None, W_K, W_V)
    return _attend(x @ W_Q, K, V), (K, V)


def earlier_words_not_attended(x, cache, W_Q, W_K, W_V):
    """The cache grows, but the new word looks only at itself.

    Hint: the scores are taken with all keys of the grown cache.
    """
    return x @ W_V, _grown(x, cache, W_K, W_V)


def new_word_left_out(x, cache, W_Q, W_K, W_V):
    """The new word does not look at itself.

    Hint: let the cache grow first, then attend.
    """
    K, V = _grown(x, cache, W_K, W_V)
    if cache is None:
        return _attend(x @ W_Q, K, V), (K, V)
    return _attend(x @ W_Q, *cache), (K, V)


def cache_not_grown(x, cache, W_Q, W_K, W_V):
    """The output is right, but the cache comes back without the new word.

    Hint: the next word will want to look at this one.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V), ((K, V) if cache is None else cache)


def only_the_new_row_kept(x, cache, W_Q, W_K, W_V):
    """The cache that comes back holds the new word alone; the earlier ones are lost.

    Hint: return the keys and values that you attended to.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V), (K[-1:], V[-1:])


def last_row_replaced(x, cache, W_Q, W_K, W_V):
    """The new word takes the place of the last one, instead of a place behind it.

    Hint: the cache is longer by one row afterwards.
    """
    if cache is not None:
        cache = cache[0][:-1], cache[1][:-1]
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V), (K, V)


def new_row_in_front(x, cache, W_Q, W_K, W_V):
    """The new row stands in front; it belongs at the end, in the order of the words.

    Hint: in which order are the two arrays put together?
    """
    K, V = _grown(x, None, W_K, W_V)
    if cache is not None:
        K, V = np.concatenate([K, cache[0]]), np.concatenate([V, cache[1]])
    return _attend(x @ W_Q, K, V), (K, V)


def values_and_keys_exchanged(x, cache, W_Q, W_K, W_V):
    """In the cache that comes back, values stand before keys.

    Hint: the cache is (K, V), going in and coming out.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V), (V, K)


def words_kept_instead_of_keys(x, cache, W_Q, W_K, W_V):
    """The word itself is kept, and not its key and value.

    Hint: what does the next word need of this one? Not x, but what became of it.
    """
    rows = x[None] if cache is None else np.concatenate([cache[0], x[None]])
    return _attend(x @ W_Q, rows @ W_K, rows @ W_V), (rows, rows)


def keys_projected_again(x, cache, W_Q, W_K, W_V):
    """Keys and values from the cache are multiplied by W_K and W_V a second time.

    Hint: the cache holds keys and values; they are finished.
    """
    K, V = _grown(x, cache, W_K, W_V)
    if cache is None:
        return _attend(x @ W_Q, K, V), (K, V)
    again = np.concatenate([cache[0] @ W_K, K[-1:]]), np.concatenate([cache[1] @ W_V, V[-1:]])
    return _attend(x @ W_Q, *again), (K, V)


def query_kept(x, cache, W_Q, W_K, W_V):
    """The query goes into the cache where the key should.

    Hint: nobody asks an old question again; keys and values are what is kept.
    """
    K, V = _grown(x, cache, W_Q, W_V)
    return _attend(x @ W_Q, K, V), (K, V)


def query_not_projected(x, cache, W_Q, W_K, W_V):
    """The word asks without W_Q.

    Hint: the query is x times W_Q.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x, K, V), (K, V)


def not_scaled(x, cache, W_Q, W_K, W_V):
    """The scores are not scaled.

    Hint: by what did chapter 8 divide?
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _softmax(K @ (x @ W_Q)) @ V, (K, V)


def scaled_by_root_of_d_model(x, cache, W_Q, W_K, W_V):
    """The scores are divided by the root of d_model; keys are d_k wide.

    Hint: how many products does one score add up?
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _softmax(K @ (x @ W_Q) / math.sqrt(len(x))) @ V, (K, V)


def scaled_by_root_of_d_v(x, cache, W_Q, W_K, W_V):
    """The scores are divided by the root of d_v; keys are d_k wide.

    Hint: how many products does one score add up?
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _softmax(K @ (x @ W_Q) / math.sqrt(V.shape[1])) @ V, (K, V)


def scaled_by_root_of_length(x, cache, W_Q, W_K, W_V):
    """The scores are divided by the root of the number of words.

    Hint: the scale is the root of d_k; in K that is which axis?
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _softmax(K @ (x @ W_Q) / math.sqrt(len(K))) @ V, (K, V)


def scaled_without_root(x, cache, W_Q, W_K, W_V):
    """The scores are divided by d_k; the square root is missing.

    Hint: by what did chapter 8 divide?
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _softmax(K @ (x @ W_Q) / K.shape[1]) @ V, (K, V)


def no_maximum_subtracted(x, cache, W_Q, W_K, W_V):
    """Large scores overflow: e to the power of 1000 is not a number that fits.

    Hint: shift the scores by the largest one before the exponential.
    """
    K, V = _grown(x, cache, W_K, W_V)
    strengths = np.exp(K @ (x @ W_Q) / math.sqrt(K.shape[1]))
    return strengths / strengths.sum() @ V, (K, V)


def no_softmax(x, cache, W_Q, W_K, W_V):
    """The softmax is missing: the values are mixed with raw scores.

    Hint: scores become weights before they meet the values.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return K @ (x @ W_Q) / math.sqrt(K.shape[1]) @ V, (K, V)


def softmax_over_one_query(x, cache, W_Q, W_K, W_V):
    """The softmax runs along the axis of the query, which has length 1: all shares are 1.

    Hint: the keys share the budget; along which axis do they lie?
    """
    K, V = _grown(x, cache, W_K, W_V)
    scores = (x @ W_Q)[None] @ K.T / math.sqrt(K.shape[1])
    return (_softmax(scores, axis=0) @ V)[0], (K, V)


def first_word_refused(x, cache, W_Q, W_K, W_V):
    """It stops at the first word, where the cache is None.

    Hint: where there is no cache yet, the new rows are all there is.
    """
    K, V = cache
    K, V = np.concatenate([K, (x @ W_K)[None]]), np.concatenate([V, (x @ W_V)[None]])
    return _attend(x @ W_Q, K, V), (K, V)


def query_axis_left(x, cache, W_Q, W_K, W_V):
    """The output has an axis for the query left over, (1, d_v); (d_v,) is asked for.

    Hint: one word goes in as a vector, and comes out as a vector.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V)[None], (K, V)


def rows_glued_end_to_end(x, cache, W_Q, W_K, W_V):
    """The cache is one long vector: the new rows were appended without an axis.

    Hint: `np.append` without `axis` flattens both arrays.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V), (K.ravel(), V.ravel())


_KEPT = []


def remembers_by_itself(x, cache, W_Q, W_K, W_V):
    """The earlier words are kept in a variable outside, and the cache that comes in is not used.

    Hint: two texts may be written in turn; only the cache says which one this word belongs to.
    """
    if cache is None:
        _KEPT.clear()
    _KEPT.append((x @ W_K, x @ W_V))
    K, V = (np.stack(rows) for rows in zip(*_KEPT, strict=True))
    return _attend(x @ W_Q, K, V), (K, V)


def weights_instead_of_output(x, cache, W_Q, W_K, W_V):
    """The weights come back; the mixed values are asked for.

    Hint: one more product, weights times values.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _softmax(K @ (x @ W_Q) / math.sqrt(K.shape[1])), (K, V)


def output_alone(x, cache, W_Q, W_K, W_V):
    """Only the output comes back; without the cache the next word starts from nothing.

    Hint: `return output, (K, V)`.
    """
    return _attend(x @ W_Q, *_grown(x, cache, W_K, W_V))


def three_results(x, cache, W_Q, W_K, W_V):
    """Three results come back; the cache is one result, the pair (K, V).

    Hint: `return output, (K, V)`.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V), K, V


def cache_first(x, cache, W_Q, W_K, W_V):
    """The two results are in the wrong order: the output comes first.

    Hint: `return output, (K, V)`.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return (K, V), _attend(x @ W_Q, K, V)


def empty_cache_in_float64(x, cache, W_Q, W_K, W_V):
    """The first cache is made with `np.zeros`, which is float64, and it stays so.

    Hint: give the empty array the dtype of x, or begin with the new rows.
    """
    if cache is None:
        cache = np.zeros((0, W_K.shape[1])), np.zeros((0, W_V.shape[1]))
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V), (K, V)


def cut_to_the_dtype_of_x(x, cache, W_Q, W_K, W_V):
    """The results get the dtype of x, and lose their fractions when x holds whole numbers.

    Hint: look for the call that makes float64, and leave the results as they come.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _attend(x @ W_Q, K, V).astype(x.dtype), (K.astype(x.dtype), V.astype(x.dtype))


def output_in_float64(x, cache, W_Q, W_K, W_V):
    """The output is float64 where float32 came in.

    Hint: `np.sqrt` of a Python number is always float64; `math.sqrt` is not.
    """
    K, V = _grown(x, cache, W_K, W_V)
    return _softmax(K @ (x @ W_Q) / np.sqrt(K.shape[1])) @ V, (K, V)


def grows_the_callers_cache(x, cache, W_Q, W_K, W_V):
    """The answer is right, but the caller's own cache has grown as well.

    Hint: `np.concatenate` makes a new array; `resize` changes the old one.
    """
    K, V = _grown(x, cache, W_K, W_V)
    if cache is not None:
        for old, new in zip(cache, (K, V), strict=True):
            old.resize(new.shape, refcheck=False)
            old[-1] = new[-1]
    return _attend(x @ W_Q, K, V), (K, V)
