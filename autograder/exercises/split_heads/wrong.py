"""What learners write for split_heads."""

import numpy as np


def reshape_without_transpose(X, n_heads):
    """The reshape alone cuts the words apart: a head gets pieces of different words in a row.

    Hint: reshape to (words, heads, d_head) first; which two axes must then change places?
    """
    *batch, n_tokens, width = X.shape
    return X.reshape(*batch, n_heads, n_tokens, width // n_heads)


def heads_behind_words(X, n_heads):
    """The axes are (words, heads, d_head): the head axis still has to move before the words.

    Hint: after the reshape, swap the axes -3 and -2.
    """
    *batch, n_tokens, width = X.shape
    return X.reshape(*batch, n_tokens, n_heads, width // n_heads)


def interleaved(X, n_heads):
    """Each head gets every n_heads-th column instead of columns that lie side by side.

    Hint: in the reshape, do the heads or the columns of a head come first?
    """
    *batch, n_tokens, width = X.shape
    return np.moveaxis(X.reshape(*batch, n_tokens, width // n_heads, n_heads), -1, -3)


def head_axis_last(X, n_heads):
    """The head axis comes last; it belongs before the words.

    Hint: the result is (..., h, n, d_head).
    """
    *batch, n_tokens, width = X.shape
    return np.moveaxis(X.reshape(*batch, n_tokens, n_heads, width // n_heads), -2, -1)


def words_and_columns_swapped(X, n_heads):
    """Inside each head, words and columns have changed places.

    Hint: a head is a table with one row for each word.
    """
    *batch, n_tokens, width = X.shape
    H = X.reshape(*batch, n_tokens, n_heads, width // n_heads)
    return np.swapaxes(np.swapaxes(H, -3, -2), -2, -1)


def width_taken_for_heads(X, n_heads):
    """`n_heads` is used as the width of a head; it is the number of heads.

    Hint: a head is `width // n_heads` columns wide.
    """
    *batch, n_tokens, width = X.shape
    return np.swapaxes(X.reshape(*batch, n_tokens, width // n_heads, n_heads), -3, -2)


def heads_before_batch(X, n_heads):
    """The head axis stands before the batch axes; it belongs after them.

    Hint: `axis=-3` puts a new axis in front of the words, and behind the batch.
    """
    return np.stack(np.split(X, n_heads, axis=-1))


def a_list_of_heads(X, n_heads):
    """The heads come back as separate arrays; they belong in one array with a head axis.

    Hint: `np.stack` makes one array of a list of equal ones; which axis is the new one?
    """
    return np.split(X, n_heads, axis=-1)


def every_head_gets_all_columns(X, n_heads):
    """Every head gets a copy of all the columns; the heads share them out.

    Hint: a head is `width // n_heads` columns wide.
    """
    return np.stack([X] * n_heads, axis=-3)


def words_shared_out(X, n_heads):
    """The words are shared out between the heads; each head needs all words and some columns.

    Hint: which axis of X do you cut, -2 (the words) or -1 (the columns)?
    """
    return np.stack(np.split(X, n_heads, axis=-2), axis=-3)


def always_two_heads(X, n_heads):
    """There are always two heads, whatever `n_heads` says.

    Hint: where in your answer does `n_heads` appear?
    """
    half = X.shape[-1] // 2
    return np.stack([X[..., :half], X[..., half:]], axis=-3)


def heads_in_reverse(X, n_heads):
    """The last head comes first.

    Hint: head 0 takes the first columns.
    """
    return np.stack(np.split(X, n_heads, axis=-1)[::-1], axis=-3)


def one_sentence_only(X, n_heads):
    """It works for one sentence, and stops when there is a batch of them.

    Hint: `*batch, n_tokens, width = X.shape` leaves room for any number of axes in front.
    """
    n_tokens, width = X.shape
    return X.reshape(n_tokens, n_heads, width // n_heads).transpose(1, 0, 2)


def one_batch_axis_only(X, n_heads):
    """It works with exactly one batch axis, and stops without one or with two.

    Hint: name the axes from the end: -3 and -2 change places, whatever stands before them.
    """
    batch, n_tokens, width = X.shape
    return X.reshape(batch, n_tokens, n_heads, width // n_heads).transpose(0, 2, 1, 3)


def batch_melted_into_words(X, n_heads):
    """All sentences of the batch are melted into one long sentence.

    Hint: -1 in a reshape swallows the batch axes; keep `X.shape[:-1]`.
    """
    return np.swapaxes(X.reshape(-1, n_heads, X.shape[-1] // n_heads), 0, 1)


def first_two_axes_swapped(X, n_heads):
    """The axes 0 and 1 change places; with a batch in front those are not words and heads.

    Hint: name the axes from the end: -3 and -2.
    """
    return np.swapaxes(X.reshape(*X.shape[:-1], n_heads, X.shape[-1] // n_heads), 0, 1)


def always_float64(X, n_heads):
    """The numbers are right, but float32 comes back as float64.

    Hint: is there an `np.zeros` without `dtype=X.dtype`?
    """
    *batch, n_tokens, width = X.shape
    d_head = width // n_heads
    H = np.zeros((*batch, n_heads, n_tokens, d_head))
    for head in range(n_heads):
        H[..., head, :, :] = X[..., head * d_head : (head + 1) * d_head]
    return H


def changes_the_callers_shape(X, n_heads):
    """The answer is right, but the caller's X has another shape afterwards.

    Hint: `X.shape = …` changes the caller's array; `X.reshape(…)` does not.
    """
    X.resize((*X.shape[:-1], n_heads, X.shape[-1] // n_heads), refcheck=False)
    return np.swapaxes(X, -3, -2).copy()


def numbers_made_up(X, n_heads):
    """The shape is right and the numbers are not those of X.

    Hint: does your answer fill the array that it makes?
    """
    return np.zeros((*X.shape[:-2], n_heads, X.shape[-2], X.shape[-1] // n_heads), dtype=X.dtype)
