"""What learners write for spread."""

import numpy as np


def measured_from_zero(X):
    """The distances are measured from 0, and they should be measured from the middle.

    Hint: what is the middle of the words?
    """
    return (X**2).sum(axis=-1).mean(axis=-1)


def not_squared(X):
    """The differences to the middle are added up as they are, and they cancel.

    Hint: a difference of −2 is as far as one of 2.
    """
    return (X - X.mean(axis=-2, keepdims=True)).sum(axis=-1).mean(axis=-1)


def squares_averaged_within_words(X):
    """The squares are averaged within each word too, and there they should be added up.

    Hint: which of the two averages runs over the words?
    """
    return ((X - X.mean(axis=-2, keepdims=True)) ** 2).mean(axis=(-2, -1))


def squares_added_over_words(X):
    """The squares are added up over the words, and they should be averaged there.

    Hint: a longer sentence is not a wider one.
    """
    return ((X - X.mean(axis=-2, keepdims=True)) ** 2).sum(axis=(-2, -1))


def middle_of_each_word(X):
    """The middle is that of the numbers of each word, and it should be that of the words.

    Hint: the words are on the last axis but one.
    """
    return ((X - X.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1).mean(axis=-1)


def first_axis(X):
    """Right for one sentence; in a pile, axis 0 holds the sentences and not the words.

    Hint: count the words' axis from the end.
    """
    return ((X - X.mean(axis=0)) ** 2).sum(axis=-1).mean(axis=0)


def one_number_for_the_pile(X):
    """Right for one sentence; in a pile, each sentence should have a spread of its own.

    Hint: a `mean` without an axis averages everything.
    """
    return ((X - X.mean(axis=-2, keepdims=True)) ** 2).sum(axis=-1).mean()


def always_float64(X):
    """The numbers are right, but float32 comes back as float64.

    Hint: which call in your answer makes float64 out of everything?
    """
    X = X.astype(np.float64)
    return ((X - X.mean(axis=-2, keepdims=True)) ** 2).sum(axis=-1).mean(axis=-1)


def moves_its_input(X):
    """The spread is right, but the caller's words have been moved to the middle.

    Hint: `X -= …` writes into the caller's array.
    """
    if X.dtype.kind != "f":
        X = X.astype(float)
    X -= X.mean(axis=-2, keepdims=True)
    return (X**2).sum(axis=-1).mean(axis=-1)
