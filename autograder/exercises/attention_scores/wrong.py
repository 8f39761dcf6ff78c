"""What learners write for attention_scores."""

import math

import numpy as np


def _turned(K):
    return np.swapaxes(K, -1, -2)


def keys_not_turned(Q, K):
    """The keys are not turned on their side, so rows of Q meet columns of K.

    Hint: a row of Q should meet a *key*, and keys are rows of K.
    """
    return Q @ K


def everything_turned(Q, K):
    """`K.T` turns all axes round, the batch too; right for a single sentence only.

    Hint: `np.swapaxes` turns two axes.
    """
    return Q @ K.T


def first_two_axes_turned(Q, K):
    """The first two axes are swapped; with a batch, those are not the last two.

    Hint: count axes from the end: -1 and -2.
    """
    return Q @ np.swapaxes(K, 0, 1)


def turned_from_the_front(Q, K):
    """`swapaxes(1, 2)` counts axes from the front: right with exactly one batch axis only.

    Hint: count axes from the end: -1 and -2.
    """
    return Q @ np.swapaxes(K, 1, 2)


def three_axes_only(Q, K):
    """`transpose(0, 2, 1)` needs exactly one batch axis.

    Hint: `np.swapaxes(K, -1, -2)` works for any number of axes.
    """
    return Q @ K.transpose(0, 2, 1)


def two_axes_only(Q, K):
    """`n, d = Q.shape` breaks as soon as there is a batch axis.

    Hint: count axes from the end: `Q.shape[-2]` queries, `Q.shape[-1]` numbers each.
    """
    n, d = Q.shape
    m, d = K.shape
    return Q.reshape(n, d) @ K.reshape(m, d).T


def reshaped_for_turned(Q, K):
    """The keys are reshaped where they should be turned: the shape fits, the numbers do not.

    Hint: reshape keeps the reading order of the numbers; a transpose changes it.
    """
    return Q @ K.reshape(*K.shape[:-2], K.shape[-1], K.shape[-2])


def rows_answer(Q, K):
    """The table lies on its side: rows should be the words that ask.

    Hint: which of the two stands on the left?
    """
    return K @ _turned(Q)


def queries_with_queries(Q, K):
    """The queries are compared with the queries; the keys are not used.

    Hint: which of the two is turned?
    """
    return Q @ _turned(Q)


def keys_with_keys(Q, K):
    """The keys are compared with the keys; the queries are not used.

    Hint: which of the two stands on the left?
    """
    return K @ _turned(K)


def every_word_with_itself(Q, K):
    """Each word is compared with itself only: `*` pairs row with row.

    Hint: every query meets every key; the matrix product is written `@`.
    """
    return (Q * K).sum(axis=-1)


def not_summed(Q, K):
    """Query and key are multiplied number by number, and nothing is summed.

    Hint: a score is one number for each pair of words.
    """
    return Q[..., :, None, :] * K[..., None, :, :]


def numbers_with_numbers(Q, K):
    """The table compares the numbers of a word, not the words: it is d_k by d_k.

    Hint: which two sizes should be left over: n and m, or d_k and d_k?
    """
    return _turned(Q) @ K


def all_sentences_with_all(Q, K):
    """Every sentence of a batch is compared with every other: `np.dot` pairs the batch axes.

    Hint: `@` lets leading axes pass; `np.dot` and `np.inner` do not.
    """
    return np.inner(Q, K)


def loops_over_the_first_axis(Q, K):
    """The loops run over the first axis, which is the batch as soon as there is one.

    Hint: one product does all queries, all keys and all sentences, and needs no loop.
    """
    return np.array([[q @ k for k in K] for q in Q])


def batch_as_one_sentence(Q, K):
    """The batch is made one long sentence, so words meet the words of other sentences.

    Hint: a reshape before the product mixes sentences.
    """
    return Q.reshape(-1, Q.shape[-1]) @ K.reshape(-1, K.shape[-1]).T


def as_many_keys_as_queries(Q, K):
    """The table is square: it is taken for granted that there are as many keys as queries.

    Hint: the columns count the keys: `K.shape[-2]`.
    """
    n = Q.shape[-2]
    columns = [(Q * K[..., j, None, :]).sum(axis=-1) for j in range(n)]
    return np.stack(columns, axis=-1)


def scaled_by_the_root(Q, K):
    """The scores are divided by √d_k already; that comes in chapter 8.

    Hint: this function is the product alone.
    """
    return Q @ _turned(K) / math.sqrt(Q.shape[-1])


def mean_for_sum(Q, K):
    """The scores are divided by d_k: a mean of products, where a sum is asked for.

    Hint: a dot product is a sum.
    """
    return Q @ _turned(K) / Q.shape[-1]


def scaled_in_place(Q, K):
    """The queries are divided by √d_k, in the caller's own array.

    Hint: nothing is scaled here, and `/=` writes into the array that came in.
    """
    Q /= math.sqrt(Q.shape[-1])
    return Q @ _turned(K)


def cosines(Q, K):
    """The lengths are divided out, so these are cosines, not dot products.

    Hint: a long query asks more strongly; leave its length in.
    """
    Q = Q / np.sqrt((Q * Q).sum(axis=-1, keepdims=True))
    K = K / np.sqrt((K * K).sum(axis=-1, keepdims=True))
    return Q @ _turned(K)


def distances(Q, K):
    """These are distances between query and key; a score grows with agreement.

    Hint: a score is a dot product.
    """
    gaps = Q[..., :, None, :] - K[..., None, :, :]
    return np.sqrt((gaps * gaps).sum(axis=-1))


def weights_for_scores(Q, K):
    """These are weights: a softmax has been taken already.

    Hint: scores come before the softmax, and may be negative.
    """
    scores = Q @ _turned(K)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return strengths / strengths.sum(axis=-1, keepdims=True)


def looks_back_only(Q, K):
    """The scores of later words are set to 0; nothing is hidden here.

    Hint: every query meets every key; masks come in chapter 10.
    """
    return np.tril(Q @ _turned(K))


def a_list_of_tables(Q, K):
    """A list comes back; one array with all leading axes is asked for.

    Hint: `@` does all sentences of a batch at once, without a loop.
    """
    return [q @ k.T for q, k in zip(Q, K, strict=False)]


def first_sentence_only(Q, K):
    """Of a batch, only the first sentence comes back.

    Hint: which index throws the other sentences away?
    """
    while Q.ndim > 2:
        Q, K = Q[0], K[0]
    return Q @ K.T


def always_float64(Q, K):
    """The numbers are right, but float32 comes back as float64.

    Hint: does a call in your answer make an array of its own, such as `np.zeros`?
    """
    return np.asarray(Q, dtype=np.float64) @ _turned(np.asarray(K, dtype=np.float64))


def always_float32(Q, K):
    """The scores are cut to float32, whatever came in.

    Hint: leave the dtype to NumPy.
    """
    return (Q @ _turned(K)).astype(np.float32)


def cut_to_whole_numbers(Q, K):
    """Where the queries are whole numbers, the scores are cut: the table was made like Q.

    Hint: let the product make its own array.
    """
    return (Q @ _turned(K)).astype(Q.dtype)


def rounded(Q, K):
    """The scores are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    return np.round(Q @ _turned(K), 2)


def the_books_example(Q, K):
    """The same table comes back whatever the queries and keys are.

    Hint: does your answer use its arguments?
    """
    return np.array([[0.0, 0.5, 0.0], [0.0, 0.0, 2.0], [0.0, 0.5, 1.0]])
