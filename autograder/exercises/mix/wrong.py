"""What learners write for mix."""

import numpy as np


def matrix_product_with_piles(weights, X):
    """Right for one sentence; in a pile, every sentence is mixed with everybody's weights.

    Hint: `weights @ X` reads a pile of weights as one matrix. Give the weights of each
    sentence an axis of their own, or multiply and sum.
    """
    return weights @ X


def dot_with_piles(weights, X):
    """Right for one sentence; in a pile, `np.dot` pairs everybody's weights with every sentence.

    Hint: `np.dot` knows no piles. Multiply and sum along the words' axis, or use einsum.
    """
    return np.dot(weights, X)


def transpose_with_piles(weights, X):
    """Right for one sentence; in a pile, `.T` turns all axes around and not only the last two.

    Hint: you need no transpose; the sum runs over the last axis but one.
    """
    return X.T @ weights


def loop_over_the_first_axis(weights, X):
    """Right for one sentence; in a pile, the loop runs over sentences instead of words.

    Hint: count the words' axis from the end: it is the last of the weights.
    """
    return sum(weight * vector for weight, vector in zip(weights, X, strict=True))


def axis_zero(weights, X):
    """Right for one sentence; in a pile, axis 0 adds up sentences instead of words.

    Hint: count the words' axis from the end.
    """
    return (weights[..., None] * X).sum(axis=0)


def einsum_for_one_sentence(weights, X):
    """Right for one sentence; in a pile, there is no room for the axes in front.

    Hint: count axes from the end; in indices and in einsum, `...` stands for all in front.
    """
    return np.einsum("n,nd->d", weights, X)


def loops_over_one_sentence(weights, X):
    """Right for one sentence; in a pile, two loops have no place for the axes in front.

    Hint: multiply whole arrays, and add along the words' axis, counted from the end.
    """
    n, d = X.shape
    mixed = np.zeros(d)
    for i in range(n):
        for j in range(d):
            mixed[j] += weights[i] * X[i, j]
    return mixed


def new_axis_in_front(weights, X):
    """Right for one sentence; in a pile, the new axis of the weights is in the wrong place.

    Hint: the new axis must be the last one; `...` stands for all the others.
    """
    return (weights[:, None] * X).sum(axis=-2)


def weights_on_the_columns(weights, X):
    """Each weight multiplies a column, and it belongs to a word, which is a row.

    Hint: the weights need a new last axis before they line up with the rows.
    """
    return (weights * X).sum(axis=-2)


def numbers_mixed_instead_of_words(weights, X):
    """The numbers inside each word are mixed, and the words should be.

    Hint: `X @ weights` sums over the columns. Which axis of X are the words on?
    """
    return X @ weights


def products_not_added(weights, X):
    """The rows are multiplied by their weights, but not added up.

    Hint: one step is missing; along which axis?
    """
    return weights[..., None] * X


def added_within_each_word(weights, X):
    """The sum runs over the numbers of each word, and it should run over the words.

    Hint: the words are on the last axis but one of X.
    """
    return (weights[..., None] * X).sum(axis=-1)


def everything_added(weights, X):
    """All products are added into one number, and the mix is a vector.

    Hint: `sum` without an axis adds everything.
    """
    return (weights[..., None] * X).sum()


def mean_of_the_products(weights, X):
    """The products are averaged: the mix is too short by the number of words.

    Hint: the weights have done the sharing already; the rest is a sum.
    """
    return (weights[..., None] * X).mean(axis=-2)


def weights_ignored(weights, X):
    """This is the plain mean of the vectors: the weights are not used.

    Hint: where do the weights come in?
    """
    return X.mean(axis=-2)


def vectors_added(weights, X):
    """The vectors are added up without their weights.

    Hint: where do the weights come in?
    """
    return X.sum(axis=-2)


def weights_made_to_sum_to_one(weights, X):
    """The weights are divided by their sum first, and they should be used as they come.

    Hint: `np.average` divides by the sum of its weights.
    """
    return (weights[..., None] * X).sum(axis=-2) / weights.sum(axis=-1)[..., None]


def weights_through_softmax(weights, X):
    """The weights go through a softmax first, and they should be used as they come.

    Hint: what comes in are weights already, and not scores.
    """
    strengths = np.exp(weights)
    shares = strengths / strengths.sum(axis=-1, keepdims=True)
    return (shares[..., None] * X).sum(axis=-2)


def winner_takes_all(weights, X):
    """Only the word with the largest weight comes back, and all should have their part.

    Hint: a weight of .1 is small, and not nothing.
    """
    winners = weights.argmax(axis=-1)
    return np.take_along_axis(X, winners[..., None, None], axis=-2)[..., 0, :]


def weights_back_to_front(weights, X):
    """The first weight meets the last word: their order is turned around.

    Hint: weight i belongs to row i.
    """
    return (weights[..., ::-1, None] * X).sum(axis=-2)


def first_weight_forgotten(weights, X):
    """The first word comes in whole, without its weight.

    Hint: what does your sum start from?
    """
    mixed = X[..., 0, :]
    for i in range(1, X.shape[-2]):
        mixed = mixed + weights[..., i, None] * X[..., i, :]
    return mixed


def last_word_left_out(weights, X):
    """The last word is left out of the mix.

    Hint: a slice `[:-1]`, or a `range(n - 1)`, stops one too early.
    """
    return (weights[..., :-1, None] * X[..., :-1, :]).sum(axis=-2)


def last_word_only(weights, X):
    """Only the last word is left: each product replaces the one before.

    Hint: `=` or `+=`?
    """
    for i in range(X.shape[-2]):
        mixed = weights[..., i, None] * X[..., i, :]
    return mixed


def axis_kept(weights, X):
    """The numbers are right, but an axis of length 1 is left over.

    Hint: the mix of one sentence is a vector (d,), and not a matrix (1, d).
    """
    return weights[..., None, :] @ X


def a_list_of_numbers(weights, X):
    """The mix comes back as a Python list, and an array was asked for.

    Hint: NumPy gives an array by itself; `np.array` makes one of a list.
    """
    return list((weights[..., None] * X).sum(axis=-2))


def nothing_returned(weights, X):
    """The function returns None: computing or printing a result does not hand it back.

    Hint: is there a `return`?
    """
    (weights[..., None] * X).sum(axis=-2)


def the_books_example(weights, X):
    """The same mix comes back whatever goes in.

    Hint: does your answer use both of its arguments?
    """
    return np.array([1.3, 0.5, 0.1])


def adds_into_whole_numbers(weights, X):
    """Vectors of whole numbers break it: a whole number cannot hold a part of a vector.

    Hint: `np.zeros_like(X)` takes over the dtype of X.
    """
    mixed = np.zeros_like(X[..., 0, :])
    for i in range(X.shape[-2]):
        mixed += weights[..., i, None] * X[..., i, :]
    return mixed


def rounded(weights, X):
    """The mix is rounded, so it is no longer exact.

    Hint: round when you print, not when you compute.
    """
    return np.round((weights[..., None] * X).sum(axis=-2), 2)


def always_float64(weights, X):
    """The numbers are right, but float32 comes back as float64.

    Hint: `np.zeros(…)` is float64 unless you say otherwise.
    """
    mixed = np.zeros((*X.shape[:-2], X.shape[-1]))
    for i in range(X.shape[-2]):
        mixed += weights[..., i, None] * X[..., i, :]
    return mixed


def always_float32(weights, X):
    """The numbers have lost digits: float64 comes back as float32.

    Hint: which call in your answer makes float32 out of everything?
    """
    return (weights[..., None] * X).sum(axis=-2).astype(np.float32)


def scales_its_input(weights, X):
    """The mix is right, but the caller's vectors have been multiplied by the weights.

    Hint: `X *= …` writes into the caller's array; `weights * X` makes a new one.
    """
    X *= weights[..., None]
    return X.sum(axis=-2)


def adds_onto_the_first_word(weights, X):
    """The mix is right, but it is added up inside the caller's first vector.

    Hint: `mixed = X[0]` is no copy; `+=` then writes into X.
    """
    mixed = X[..., 0, :]
    mixed *= weights[..., 0, None]
    for i in range(1, X.shape[-2]):
        mixed += weights[..., i, None] * X[..., i, :]
    return mixed


def counts_in_single_precision(weights, X):
    """The mix is right to seven digits only: it is computed in float32 and given back as float64.

    Hint: which call in your answer makes float32 out of everything?
    """
    dtype = np.result_type(weights, X)
    mixed = (weights.astype(np.float32)[..., None] * X.astype(np.float32)).sum(axis=-2)
    return mixed.astype(dtype if dtype.kind == "f" else float)
