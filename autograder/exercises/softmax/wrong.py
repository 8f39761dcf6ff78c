"""What learners write for softmax."""

import math

import numpy as np


def plain_shares(x, axis=-1):
    """These are the scores divided by their sum: the exponential is missing.

    Hint: what share would a negative score get?
    """
    return x / x.sum(axis=axis, keepdims=True)


def exponentials_without_total(x, axis=-1):
    """The exponentials are there, but nothing divides them by their total.

    Hint: what must the shares of a row add up to?
    """
    return np.exp(x - x.max(axis=axis, keepdims=True))


def no_maximum_subtracted(x, axis=-1):
    """Large scores overflow: e to the power of 1000 is not a number that fits.

    Hint: adding the same number to every score of a row changes no share. Which number
    makes the largest exponential harmless?
    """
    strengths = np.exp(x)
    return strengths / strengths.sum(axis=axis, keepdims=True)


def maximum_of_the_whole_array(x, axis=-1):
    """One maximum is taken for the whole array, so rows far below it vanish.

    Hint: each row needs its own maximum.
    """
    strengths = np.exp(x - np.max(x))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def total_of_the_whole_array(x, axis=-1):
    """All shares of the array sum to 1, not those of each row.

    Hint: along which axis does your `sum` run?
    """
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    return strengths / strengths.sum()


def axis_ignored(x, axis=-1):
    """The shares always sum to 1 along the last axis, whatever `axis` says.

    Hint: does every `max` and every `sum` in your answer get `axis=axis`?
    """
    strengths = np.exp(x - x.max(axis=-1, keepdims=True))
    return strengths / strengths.sum(axis=-1, keepdims=True)


def first_axis(x, axis=-1):
    """The columns sum to 1, and the rows do not: the axis is the wrong one.

    Hint: -1 is the last axis; a row of scores lies along it.
    """
    strengths = np.exp(x - x.max(axis=0, keepdims=True))
    return strengths / strengths.sum(axis=0, keepdims=True)


def axis_one(x, axis=-1):
    """The axis is written as 1, which is the last one of a matrix only.

    Hint: name the axis from the end (-1), or better, use the argument `axis`.
    """
    strengths = np.exp(x - x.max(axis=1, keepdims=True))
    return strengths / strengths.sum(axis=1, keepdims=True)


def keepdims_missing(x, axis=-1):
    """The totals lose their axis, so each column is divided by a row's total.

    Hint: `keepdims=True` keeps the summed axis, and the division lines up.
    """
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis)


def keepdims_missing_twice(x, axis=-1):
    """Maximum and total both lose their axis, so rows and columns are mixed up.

    Hint: `keepdims=True` keeps the axis that `max` or `sum` runs over.
    """
    strengths = np.exp(x - x.max(axis=axis))
    return strengths / strengths.sum(axis=axis)


def totals_made_into_a_column(x, axis=-1):
    """`[:, None]` puts the lost axis back for the rows of a matrix, and for nothing else.

    Hint: `keepdims=True` keeps the axis where it was, in an array of any shape.
    """
    strengths = np.exp(x - x.max(axis=axis)[:, None])
    return strengths / strengths.sum(axis=axis)[:, None]


def axis_put_back_at_the_end(x, axis=-1):
    """The lost axis is put back at the end, wherever it was: right for the last axis only.

    Hint: `keepdims=True` keeps the axis where it was.
    """
    strengths = np.exp(x - x.max(axis=axis)[..., None])
    return strengths / strengths.sum(axis=axis)[..., None]


def built_in_sum(x, axis=-1):
    """Python's own `sum` knows no axis: it adds the rows, so the columns sum to 1.

    Hint: `strengths.sum` has the arguments `axis` and `keepdims`.
    """
    strengths = np.exp(x)
    return strengths / sum(strengths)


def built_in_max(x, axis=-1):
    """Python's own `max` knows no axis: it tries to compare whole rows, and gives up.

    Hint: `x.max` has the arguments `axis` and `keepdims`.
    """
    strengths = np.exp(x - max(x))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def one_row_in_a_loop(x, axis=-1):
    """Right for one row of small scores; `math.exp` takes one number, and not a row.

    Hint: `np.exp` takes an array of any shape, and needs no loop.
    """
    strengths = [math.exp(score) for score in x]
    return np.array(strengths) / sum(strengths)


def mean_subtracted(x, axis=-1):
    """The mean is subtracted where the maximum should be: large scores still overflow.

    Hint: after the subtraction, the largest exponent should be 0.
    """
    strengths = np.exp(x - x.mean(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def minimum_subtracted(x, axis=-1):
    """The minimum is subtracted where the maximum should be: large scores still overflow.

    Hint: after the subtraction, the largest exponent should be 0.
    """
    strengths = np.exp(x - x.min(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def scores_divided_by_maximum(x, axis=-1):
    """The scores are divided by their maximum; a division changes the shares.

    Hint: which operation on all scores leaves every share as it was?
    """
    strengths = np.exp(x / x.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def powers_of_two(x, axis=-1):
    """The strengths are powers of 2; softmax takes powers of e.

    Hint: look for `2 **` where `np.exp` should be.
    """
    strengths = 2.0 ** (x - x.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def negative_exponent(x, axis=-1):
    """The sign is turned: the largest score gets the smallest share.

    Hint: maximum minus score, or score minus maximum?
    """
    strengths = np.exp(x.min(axis=axis, keepdims=True) - x)
    return strengths / strengths.sum(axis=axis, keepdims=True)


def winner_takes_all(x, axis=-1):
    """Only the largest score gets a share: that is a maximum, not a soft one.

    Hint: where do the smaller scores go?
    """
    winners = (x == x.max(axis=axis, keepdims=True)).astype(float)
    return winners / winners.sum(axis=axis, keepdims=True)


def logarithm_of_the_shares(x, axis=-1):
    """These are the logarithms of the shares: they are negative and do not sum to 1.

    Hint: one `np.exp` at the end is missing.
    """
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def changes_its_input(x, axis=-1):
    """The answer is right, but it overwrites the caller's scores.

    Hint: `x -= …` writes into the caller's array; `x = x - …` makes a new one.
    """
    if x.dtype.kind != "f":
        x = x.astype(float)
    x -= x.max(axis=axis, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=axis, keepdims=True)
    return x.copy()


def writes_into_integers(x, axis=-1):
    """Shares of whole-number scores are cut to 0 and 1: an integer array cannot hold them.

    Hint: `np.zeros_like(x)` takes over the dtype of `x`.
    """
    shares = np.zeros_like(x)
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    shares[...] = strengths / strengths.sum(axis=axis, keepdims=True)
    return shares


def always_float64(x, axis=-1):
    """The numbers are right, but float32 scores come back as float64.

    Hint: which number or call in your answer is always float64?
    """
    x = np.asarray(x, dtype=np.float64)
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    return strengths / strengths.sum(axis=axis, keepdims=True)


def rounded(x, axis=-1):
    """The shares are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.round(strengths / strengths.sum(axis=axis, keepdims=True), 3)


def the_books_example(x, axis=-1):
    """The same shares come back whatever the scores are.

    Hint: does your answer use its argument?
    """
    return np.array([0.00637746, 0.04712342, 0.94649912])


def small_number_added(x, axis=-1):
    """A small number is added to the total, so the shares no longer sum to 1.

    Hint: after the maximum is subtracted, the total is at least 1; nothing needs protecting.
    """
    strengths = np.exp(x - x.max(axis=axis, keepdims=True))
    return strengths / (strengths.sum(axis=axis, keepdims=True) + 1e-3)
