"""What learners write for score_row."""

import numpy as np


def cosines(q, K):
    """These are cosines: the dot products are divided by both lengths.

    Hint: a key twice as long should get twice the score.
    """
    with np.errstate(all="ignore"):
        return (K @ q) / (np.linalg.norm(K, axis=-1) * np.linalg.norm(q))


def keys_made_equally_long(q, K):
    """The scores are divided by the length of each key.

    Hint: a key twice as long should get twice the score.
    """
    with np.errstate(all="ignore"):
        return (K @ q) / np.linalg.norm(K, axis=-1)


def query_made_length_one(q, K):
    """The scores are divided by the length of q.

    Hint: a q twice as long should get scores twice as large.
    """
    with np.errstate(all="ignore"):
        return K @ (q / np.linalg.norm(q))


def divided_by_the_root_of_d(q, K):
    """The scores are divided by √d: that step comes in chapter 8.

    Hint: here a score is a sum of products, and nothing else.
    """
    return (K @ q) / np.sqrt(q.shape[-1])


def shares_instead_of_scores(q, K):
    """These are shares that sum to 1: the softmax of chapter 4 is not part of a score.

    Hint: one step less.
    """
    strengths = np.exp(K @ q - (K @ q).max(axis=-1, keepdims=True))
    return strengths / strengths.sum(axis=-1, keepdims=True)


def distances(q, K):
    """These are distances: they are small where words are close, and a score is large.

    Hint: a dot product multiplies; what does a distance do with the two vectors?
    """
    return np.linalg.norm(K - q, axis=-1)


def negative_scores_cut_off(q, K):
    """Negative scores have become 0.

    Hint: an arrow that points away has a score below 0, and it should keep it.
    """
    return np.maximum(K @ q, 0)


def signs_dropped(q, K):
    """The scores have lost their signs.

    Hint: an arrow that points away has a score below 0, and it should keep it.
    """
    return np.abs(K @ q)


def products_not_added(q, K):
    """The numbers are multiplied, but not added up.

    Hint: one word, one score. Which step is missing?
    """
    return K * q


def added_over_the_words(q, K):
    """The products are added over the words, and they should be added within each word.

    Hint: one score for each word: which axis of K must disappear?
    """
    return (K * q).sum(axis=-2)


def everything_added(q, K):
    """All products are added into one number, and every word should have its own score.

    Hint: `sum` without an axis adds everything.
    """
    return (K * q).sum()


def mean_of_the_products(q, K):
    """The products are averaged: each score is too small by the number of axes.

    Hint: sum or mean?
    """
    return (K * q).mean(axis=-1)


def columns_scored(q, K):
    """q meets the columns of K, and the words are its rows.

    Hint: look at the shapes: which axis of K is as long as q in every case?
    """
    return q @ K


def transpose_with_piles(q, K):
    """Right for one sentence; in a pile, `.T` turns all axes around and not only the last two.

    Hint: is there an order of the two factors that needs no transpose?
    """
    return q @ K.T


def loop_over_the_first_axis(q, K):
    """Right for one sentence; in a pile, the loop runs over sentences, and q comes first.

    Hint: which axis of K does a product `q @ k` sum over when k is a matrix?
    """
    return np.array([q @ k for k in K])


def axis_one(q, K):
    """Right for one sentence; in a pile, axis 1 is the words' axis and not the last.

    Hint: name the axis from the end.
    """
    return (K * q).sum(axis=1)


def einsum_for_one_sentence(q, K):
    """Right for one sentence; in a pile, there is no room for the axes in front.

    Hint: count axes from the end; in indices and in einsum, `...` stands for all in front.
    """
    return np.einsum("nd,d->n", K, q)


def loops_over_one_sentence(q, K):
    """Right for one sentence; in a pile, two loops have no place for the axes in front.

    Hint: `K * q`, or a product with `@`, does the work of both loops.
    """
    n, d = K.shape
    scores = np.zeros(n)
    for i in range(n):
        for j in range(d):
            scores[i] += q[j] * K[i, j]
    return scores


def as_many_scores_as_numbers(q, K):
    """There are as many scores as q has numbers: right for square K only.

    Hint: one score for each row of K: how many rows are there?
    """
    d = q.shape[0]
    scores = np.zeros(d, dtype=K.dtype)
    for i in range(d):
        scores[i] = K[i] @ q
    return scores


def first_word_only(q, K):
    """Only the first word gets a score: the function returns inside its loop.

    Hint: is the `return` indented under the loop?
    """
    for k in K:
        return k @ q


def last_word_left_out(q, K):
    """The last word has no score.

    Hint: a slice `[:-1]`, or a `range(n - 1)`, stops one too early.
    """
    return K[..., :-1, :] @ q


def last_number_left_out(q, K):
    """The last number of every vector is left out of the sum.

    Hint: a slice `[:-1]`, or a `range(d - 1)`, stops one too early.
    """
    return K[..., :-1] @ q[:-1]


def scores_in_a_column(q, K):
    """The scores are right, but they stand in a column: an axis of length 1 is left over.

    Hint: q needs no second axis.
    """
    return K @ q[:, None]


def scores_in_a_matrix_of_one_row(q, K):
    """The scores are a matrix with one row, and a plain row was asked for.

    Hint: q needs no second axis.
    """
    return q[None] @ np.swapaxes(K, -1, -2)


def a_list_of_scores(q, K):
    """The scores come back in a Python list, and an array was asked for.

    Hint: NumPy gives an array by itself; `np.array` makes one of a list.
    """
    return list(K @ q)


def nothing_returned(q, K):
    """The function returns None: computing or printing a result does not hand it back.

    Hint: is there a `return`?
    """
    K @ q


def the_books_example(q, K):
    """The same scores come back whatever goes in.

    Hint: does your answer use both of its arguments?
    """
    return np.array([-2.0, 8.0, 8.0])


def cut_to_whole_numbers(q, K):
    """Scores are cut to whole numbers where K holds whole numbers.

    Hint: an array made like K takes over the dtype of K.
    """
    scores = np.zeros(K.shape[:-1], dtype=K.dtype)
    scores[...] = K @ q
    return scores


def rounded(q, K):
    """The scores are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    return np.round(K @ q, 2)


def always_float64(q, K):
    """The numbers are right, but float32 comes back as float64.

    Hint: `np.zeros(…)` is float64 unless you say otherwise.
    """
    scores = np.zeros(K.shape[:-1])
    scores[...] = K @ q
    return scores


def always_float32(q, K):
    """The numbers have lost digits: float64 comes back as float32.

    Hint: which call in your answer makes float32 out of everything?
    """
    return (K @ q).astype(np.float32)


def multiplies_into_its_input(q, K):
    """The scores are right, but the caller's K has been multiplied by q.

    Hint: `K *= q` writes into the caller's array; `K * q` makes a new one.
    """
    K *= q
    return K.sum(axis=-1)
