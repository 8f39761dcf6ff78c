"""What learners write for padding_mask."""

import numpy as np


def _words(lengths, n):
    return np.arange(n) < np.asarray(lengths)[:, None]


def true_means_padding(lengths, n):
    """The mask is turned round: here True marks a word, not the padding.

    Hint: which convention does the table of this chapter give for the book?
    """
    return ~_words(lengths, n)[:, None, :]


def query_axis_missing(lengths, n):
    """The axis of the queries is missing: with (b, n), NumPy takes the batch for the queries.

    Hint: the mask is (b, 1, n); the 1 stands for all queries.
    """
    return _words(lengths, n)


def query_axis_last(lengths, n):
    """The axis of length 1 stands last, so that the queries are hidden and not the keys.

    Hint: (b, 1, n): sentence, query, key.
    """
    return _words(lengths, n)[:, :, None]


def query_axis_first(lengths, n):
    """The axis of length 1 stands first, so that the sentences are taken for queries.

    Hint: (b, 1, n): sentence, query, key.
    """
    return _words(lengths, n)[None]


def head_axis_too(lengths, n):
    """There is an axis for the heads; in this book `multi_head_attention` puts it in.

    Hint: (b, 1, n): sentence, query, key.
    """
    return _words(lengths, n)[:, None, None, :]


def copied_for_every_query(lengths, n):
    """The row is copied for every query; one row is enough, broadcasting does the rest.

    Hint: (b, 1, n): the 1 stands for all queries.
    """
    return np.repeat(_words(lengths, n)[:, None, :], n, axis=1)


def padding_may_not_ask(lengths, n):
    """The padding is hidden as a query as well: its rows hide everything, and become NaN.

    Hint: nobody reads the padding's own results; hide it as a key only.
    """
    words = _words(lengths, n)
    return words[:, :, None] & words[:, None, :]


def one_too_many(lengths, n):
    """One place too many is True: counting begins at 0.

    Hint: a sentence of 2 words fills the places 0 and 1.
    """
    return (np.arange(n) <= np.asarray(lengths)[:, None])[:, None, :]


def one_too_few(lengths, n):
    """The last word is hidden.

    Hint: a sentence of 2 words fills the places 0 and 1.
    """
    return (np.arange(n) < np.asarray(lengths)[:, None] - 1)[:, None, :]


def padding_in_front(lengths, n):
    """The padding is taken to stand in front of the words; here it stands behind them.

    Hint: which places does a sentence of 2 words fill?
    """
    return _words(lengths, n)[:, None, ::-1]


def longest_instead_of_n(lengths, n):
    """The mask is as wide as the longest sentence; it should have n columns.

    Hint: where in your answer does `n` appear?
    """
    return _words(lengths, max(lengths))[:, None, :]


def first_length_for_all(lengths, n):
    """All sentences get the length of the first one.

    Hint: each sentence has its own row.
    """
    return np.repeat(_words(lengths[:1], n)[:, None, :], len(lengths), axis=0)


def last_word_only(lengths, n):
    """Only the last word of each sentence is True.

    Hint: smaller than the length, or equal to something?
    """
    return (np.arange(n) == np.asarray(lengths)[:, None] - 1)[:, None, :]


def everything_allowed(lengths, n):
    """Nothing is hidden.

    Hint: which places lie behind the last word?
    """
    return np.ones((len(lengths), 1, n), dtype=bool)


def arrays_only(lengths, n):
    """It stops when the lengths come as a list.

    Hint: `np.asarray` makes an array of a list and leaves an array as it is.
    """
    return np.arange(n) < lengths[:, None, None]


def floats(lengths, n):
    """The mask holds 1.0 and 0.0 instead of True and False.

    Hint: a comparison gives booleans; `np.zeros` needs `dtype=bool`.
    """
    return _words(lengths, n)[:, None, :].astype(float)


def integers(lengths, n):
    """The mask holds 1 and 0 instead of True and False; `~` turns them into -2 and -1.

    Hint: a comparison gives booleans; `np.zeros` needs `dtype=bool`.
    """
    return _words(lengths, n)[:, None, :].astype(int)


def zero_and_minus_infinity(lengths, n):
    """These numbers are meant to be added to the scores; the mask asked for is True or False.

    Hint: True where a key is a word.
    """
    return np.where(_words(lengths, n)[:, None, :], 0.0, -np.inf)


def causal_as_well(lengths, n):
    """The words behind a query are hidden too: that is the other mask.

    Hint: this mask hides padding and nothing else; `&` puts two masks together.
    """
    return _words(lengths, n)[:, None, :] & (np.arange(n)[:, None] >= np.arange(n))


def changes_the_lengths(lengths, n):
    """The answer is right, but the caller's lengths are smaller afterwards.

    Hint: `lengths -= 1` writes into the caller's array.
    """
    lengths = np.asarray(lengths)
    lengths -= 1
    return np.arange(n) <= lengths[:, None, None]
