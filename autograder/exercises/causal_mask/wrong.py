"""What learners write for causal_mask."""

import numpy as np


def looks_ahead(n):
    """Each word sees itself and what comes later: that is reading from right to left.

    Hint: rows are queries; in row 0 only the first key is True.
    """
    return np.triu(np.ones((n, n), dtype=bool))


def true_means_hidden(n):
    """The mask is turned round: here True means "may attend".

    Hint: which convention does the table of this chapter give for the book?
    """
    return np.triu(np.ones((n, n), dtype=bool), k=1)


def own_word_hidden(n):
    """A word may not see itself, so the first word sees nothing at all.

    Hint: query i may attend to the keys 0 to i, its own included.
    """
    return np.tril(np.ones((n, n), dtype=bool), k=-1)


def one_word_ahead(n):
    """Each word sees one word too many: the next one.

    Hint: in row 0 only the first key is True.
    """
    return np.tril(np.ones((n, n), dtype=bool), k=1)


def own_word_only(n):
    """Each word sees only itself.

    Hint: a word has also read all words before it.
    """
    return np.eye(n, dtype=bool)


def one_word_back_only(n):
    """Each word sees itself and the one before, and has forgotten the rest.

    Hint: the last word has read all the others.
    """
    distance = np.arange(n)[:, None] - np.arange(n)
    return (distance >= 0) & (distance <= 1)


def everything_allowed(n):
    """Nothing is hidden.

    Hint: which keys come later than query 0?
    """
    return np.ones((n, n), dtype=bool)


def last_row_hidden(n):
    """The last word sees nothing: a loop ends one row early.

    Hint: how many rows does `range(n - 1)` visit?
    """
    mask = np.zeros((n, n), dtype=bool)
    for i in range(n - 1):
        mask[i, : i + 1] = True
    return mask


def floats(n):
    """The mask holds 1.0 and 0.0 instead of True and False.

    Hint: a comparison gives booleans; `dtype=bool` makes them too.
    """
    return np.tril(np.ones((n, n)))


def integers(n):
    """The mask holds 1 and 0 instead of True and False; `~` turns them into -2 and -1.

    Hint: a comparison gives booleans; `dtype=bool` makes them too.
    """
    return np.tril(np.ones((n, n), dtype=int))


def zero_and_minus_infinity(n):
    """These numbers are meant to be added to the scores; the mask asked for is True or False.

    Hint: True where the query may attend.
    """
    return np.where(np.tril(np.ones((n, n), dtype=bool)), 0.0, -np.inf)


def batch_axis_in_front(n):
    """There is an axis too many in front.

    Hint: the mask of one sentence is (n, n); broadcasting does the rest.
    """
    return np.tril(np.ones((n, n), dtype=bool))[None]


def list_of_lists(n):
    """A list of lists comes back; an array is asked for.

    Hint: `np.array(…)` makes one.
    """
    return [[key <= query for key in range(n)] for query in range(n)]


def three_words_always(n):
    """The mask of three words comes back, whatever `n` is.

    Hint: where in your answer does `n` appear?
    """
    return np.array([[True, False, False], [True, True, False], [True, True, True]])


def cut_from_64_words(n):
    """The mask is cut out of one for 64 words, and a longer sentence gets too small a mask.

    Hint: make the mask as large as `n` asks for.
    """
    return np.tril(np.ones((64, 64), dtype=bool))[:n, :n]
