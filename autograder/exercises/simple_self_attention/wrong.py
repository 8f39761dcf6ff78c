"""What learners write for simple_self_attention."""

import math

import numpy as np


def _softmax(scores, axis=-1):
    strengths = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def _scores(X):
    return X @ np.swapaxes(X, -1, -2)


def softmax_over_the_columns(X):
    """The columns sum to 1, and the rows do not: each word that looks has one budget.

    Hint: row i is what word i spends; along which axis should the softmax run?
    """
    A = _softmax(_scores(X), axis=-2)
    return A @ X, A


def softmax_over_the_whole_table(X):
    """All weights of the table sum to 1, not those of each row.

    Hint: along which axis do your `max` and `sum` run?
    """
    strengths = np.exp(_scores(X) - _scores(X).max())
    A = strengths / strengths.sum()
    return A @ X, A


def first_axis(X):
    """The softmax runs along axis 0, which is the batch as soon as there is one.

    Hint: count axes from the end: the last is -1.
    """
    A = _softmax(_scores(X), axis=0)
    return A @ X, A


def axis_one(X):
    """The axis is written as 1, which is the last one of a single sentence only.

    Hint: name the axis from the end: -1.
    """
    A = _softmax(_scores(X), axis=1)
    return A @ X, A


def no_maximum_subtracted(X):
    """Large scores overflow: e to the power of 1600 does not fit.

    Hint: which number may be taken away from every score of a row without changing a share?
    """
    strengths = np.exp(_scores(X))
    A = strengths / strengths.sum(axis=-1, keepdims=True)
    return A @ X, A


def mean_subtracted(X):
    """The mean of each row is subtracted where the maximum should be: large scores still overflow.

    Hint: after the subtraction, the largest exponent of a row should be 0.
    """
    scores = _scores(X)
    strengths = np.exp(scores - scores.mean(axis=-1, keepdims=True))
    A = strengths / strengths.sum(axis=-1, keepdims=True)
    return A @ X, A


def large_scores_cut(X):
    """Large scores are cut to a limit: nothing overflows, but scores above it become equal.

    Hint: a shift of the whole row changes no share; a cut does.
    """
    A = _softmax(np.minimum(_scores(X), 100))
    return A @ X, A


def maximum_of_the_whole_table(X):
    """One maximum is taken for the whole table, so rows far below it vanish.

    Hint: each row needs its own maximum.
    """
    strengths = np.exp(_scores(X) - _scores(X).max())
    A = strengths / strengths.sum(axis=-1, keepdims=True)
    return A @ X, A


def own_score_for_the_maximum(X):
    """A word's own score is subtracted as if it were the largest; a longer word's is larger.

    Hint: which score is the largest of a row? Ask the row.
    """
    scores = _scores(X)
    strengths = np.exp(scores - np.sum(X * X, axis=-1, keepdims=True))
    A = strengths / strengths.sum(axis=-1, keepdims=True)
    return A @ X, A


def keepdims_missing(X):
    """The totals lose their axis, so each column is divided by a row's total.

    Hint: the table is square, so no error is raised; `keepdims=True` keeps the summed axis.
    """
    scores = _scores(X)
    strengths = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A = strengths / strengths.sum(axis=-1)
    return A @ X, A


def softmax_missing(X):
    """The scores are used as weights: there is no softmax.

    Hint: a weight is a share of a budget of 1.
    """
    return _scores(X) @ X, _scores(X)


def plain_shares(X):
    """The scores are divided by their sum: the exponential is missing.

    Hint: what share would a negative score get?
    """
    scores = _scores(X)
    A = scores / scores.sum(axis=-1, keepdims=True)
    return A @ X, A


def scaled_too_early(X):
    """The scores are divided by the square root of d; this first version does not scale.

    Hint: chapter 8 will; here the scores are plain dot products.
    """
    A = _softmax(_scores(X) / math.sqrt(X.shape[-1]))
    return A @ X, A


def cosines_for_dot_products(X):
    """The vectors are cut to length 1 first, so the scores are cosines.

    Hint: a dot product counts the lengths too.
    """
    U = X / np.sqrt((X * X).sum(axis=-1, keepdims=True))
    A = _softmax(_scores(U))
    return A @ X, A


def own_word_left_out(X):
    """Each word looks at the others only: its own weight is 0.

    Hint: a word is one of the words of its sentence.
    """
    A = _softmax(np.where(np.eye(X.shape[-2], dtype=bool), -1e9, _scores(X)))
    return A @ X, A


def looks_back_only(X):
    """Each word looks at the words before it only.

    Hint: nothing is hidden here; every word may look at every word.
    """
    A = _softmax(np.where(np.tri(X.shape[-2], dtype=bool), _scores(X), -1e9))
    return A @ X, A


def everybody_alike(X):
    """Every word gets the same weight: the scores are not used.

    Hint: a mean is a mixture too, but nobody has been asked.
    """
    n = X.shape[-2]
    A = np.full((*X.shape[:-1], n), 1 / n)
    return A @ X, A


def winner_takes_all(X):
    """Each word looks at its best match only: that is a maximum, not a soft one.

    Hint: where do the smaller scores go?
    """
    scores = _scores(X)
    A = (scores == scores.max(axis=-1, keepdims=True)).astype(float)
    return A @ X, A


def scores_for_weights(X):
    """The new vectors are right, but the second result holds the scores before softmax.

    Hint: the second result should be the weights.
    """
    return _softmax(_scores(X)) @ X, _scores(X)


def mixed_with_the_scores(X):
    """The weights are right, but the vectors are mixed with the scores.

    Hint: which of your two tables has rows that sum to 1?
    """
    return _scores(X) @ X, _softmax(_scores(X))


def mixed_with_the_columns(X):
    """The weights are right, but each new vector is mixed with a column of them.

    Hint: row i of the weights belongs to word i; is a transpose too many?
    """
    A = _softmax(_scores(X))
    return np.swapaxes(A, -1, -2) @ X, A


def weights_first(X):
    """The weights come back first: the order is new vectors, then weights.

    Hint: look at the line "Returns" of the docstring.
    """
    A = _softmax(_scores(X))
    return A, A @ X


def vectors_only(X):
    """Only the new vectors come back; the weights are asked for too.

    Hint: a `return` may list two arrays with a comma between them.
    """
    return _softmax(_scores(X)) @ X


def weights_only(X):
    """Only the weights come back; nothing has been mixed.

    Hint: the weights still have to mix the word vectors.
    """
    return _softmax(_scores(X))


def second_word_only(X):
    """Only one word attends, the one in row 1: a row for every word is asked for.

    Hint: chapter 4 did it for apple; now every word has its turn.
    """
    weights = _softmax(X @ X[1])
    return weights @ X, weights


def words_overwritten(X):
    """Each new vector is written over the old one, so later words see another sentence.

    Hint: write the new vectors into a fresh array.
    """
    A = np.zeros((*X.shape[:-1], X.shape[-2]), dtype=np.result_type(X.dtype, np.float32))
    for i in range(X.shape[-2]):
        A[..., i, :] = _softmax((X @ X[..., i, :, None])[..., 0])
        X[..., i, :] = (A[..., None, i, :] @ X)[..., 0, :]
    return X.copy(), A


def later_words_see_new_ones(X):
    """Words take turns and see those before them changed already.

    Hint: all new vectors are mixed from the old ones, so read from X, and write elsewhere.
    """
    Y = X.astype(np.result_type(X.dtype, np.float32))
    A = np.zeros((*X.shape[:-1], X.shape[-2]), dtype=Y.dtype)
    for i in range(X.shape[-2]):
        A[..., i, :] = _softmax((Y @ Y[..., i, :, None])[..., 0])
        Y[..., i, :] = (A[..., None, i, :] @ Y)[..., 0, :]
    return Y, A


def word_added_to_its_mixture(X):
    """Each word's old vector is added to its mixture.

    Hint: real Transformers do so outside of attention (chapter 16); here the mixture is all.
    """
    A = _softmax(_scores(X))
    return X + A @ X, A


def everything_transposed(X):
    """`X.T` turns all axes round, the batch too; right for a single sentence only.

    Hint: `np.swapaxes` turns two axes.
    """
    A = _softmax(X @ X.T)
    return A @ X, A


def turned_from_the_front(X):
    """`swapaxes(1, 2)` counts axes from the front: right with exactly one batch axis only.

    Hint: count axes from the end: -1 and -2.
    """
    A = _softmax(X @ np.swapaxes(X, 1, 2))
    return A @ X, A


def two_axes_only(X):
    """`n, d = X.shape` breaks as soon as there is a batch axis.

    Hint: count axes from the end: `X.shape[-2]` words, `X.shape[-1]` numbers each.
    """
    n, d = X.shape
    A = _softmax(_scores(X.reshape(n, d)))
    return A @ X, A


def attends_across_the_batch(X):
    """Words look at the words of other sentences: the batch was made one long sentence.

    Hint: a reshape before the scores mixes sentences; let leading axes pass.
    """
    words = X.reshape(-1, X.shape[-1])
    A = _softmax(_scores(words))
    return (A @ words).reshape(X.shape), A


def compares_the_numbers(X):
    """The table compares the numbers of a word, not the words: it is d by d.

    Hint: should n words give a table with n rows; which factor is turned round?
    """
    A = _softmax(np.swapaxes(X, -1, -2) @ X)
    return X @ A, A


def always_float64(X):
    """The numbers are right, but float32 words come back as float64.

    Hint: which number or call in your answer is always float64?
    """
    X = np.asarray(X, dtype=np.float64)
    A = _softmax(_scores(X))
    return A @ X, A


def writes_into_integers(X):
    """Results for whole-number words are cut: an array made like X holds integers only.

    Hint: `np.zeros_like(X)` takes over the dtype of X.
    """
    A = _softmax(_scores(X))
    Y = np.zeros_like(X)
    Y[...] = A @ X
    return Y, A


def rounded(X):
    """The weights are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    A = np.round(_softmax(_scores(X)), 3)
    return A @ X, A


def the_books_example(X):
    """The same result comes back whatever the words are.

    Hint: does your answer use its argument?
    """
    X = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]])
    A = _softmax(_scores(X))
    return A @ X, A
