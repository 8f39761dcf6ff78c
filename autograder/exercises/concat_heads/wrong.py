"""What learners write for concat_heads."""

import numpy as np


def reshape_without_transpose(H):
    """The heads are merged without the transpose: a row holds pieces of different words.

    Hint: before the reshape, words and heads must change places.
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    return H.reshape(*batch, n_tokens, n_heads * d_head)


def interleaved(H):
    """The heads are interleaved: column 0 of each head first, then column 1 of each.

    Hint: a head's columns stay side by side; which axis must be last before the reshape?
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    return np.moveaxis(H, -3, -1).reshape(*batch, n_tokens, n_heads * d_head)


def averaged(H):
    """The heads are averaged; they should stand side by side.

    Hint: the new width is `n_heads * d_head`, so no number is lost.
    """
    return H.mean(axis=-3)


def summed(H):
    """The heads are added up; they should stand side by side.

    Hint: the new width is `n_heads * d_head`, so no number is lost.
    """
    return H.sum(axis=-3)


def heads_under_each_other(H):
    """The heads stand under each other, as if there were more words.

    Hint: the rows are the words; the heads make them wider, not more.
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    return H.reshape(*batch, n_heads * n_tokens, d_head)


def not_merged(H):
    """Words and heads have changed places, but two axes are still there instead of one.

    Hint: a reshape makes one axis of the heads and their columns.
    """
    return np.swapaxes(H, -3, -2)


def first_axis_taken_for_heads(H):
    """The pieces are cut along the first axis, which is the batch when there is one.

    Hint: the heads are axis -3.
    """
    return np.concatenate(list(H), axis=-1)


def first_two_axes_swapped(H):
    """The axes 0 and 1 change places; with a batch in front those are not heads and words.

    Hint: name the axes from the end: -3 and -2.
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    return np.swapaxes(H, 0, 1).reshape(*batch, n_tokens, n_heads * d_head)


def one_batch_axis_only(H):
    """It works with exactly one batch axis, and stops without one or with two.

    Hint: name the axes from the end: -3 and -2 change places, whatever stands before them.
    """
    batch, n_heads, n_tokens, d_head = H.shape
    return H.transpose(0, 2, 1, 3).reshape(batch, n_tokens, n_heads * d_head)


def one_sentence_only(H):
    """It works for one sentence, and stops when there is a batch of them.

    Hint: `*batch, n_heads, n_tokens, d_head = H.shape` leaves room for axes in front.
    """
    n_heads, n_tokens, d_head = H.shape
    return H.transpose(1, 0, 2).reshape(n_tokens, n_heads * d_head)


def batch_melted_into_words(H):
    """All sentences of the batch are melted into one long sentence.

    Hint: -1 in a reshape swallows the batch axes; keep `H.shape[:-3]`.
    """
    return np.swapaxes(H, -3, -2).reshape(-1, H.shape[-3] * H.shape[-1])


def first_head_only(H):
    """Only the first head is there.

    Hint: the new width is `n_heads * d_head`.
    """
    return H[..., 0, :, :]


def two_heads_only(H):
    """Only the first and the last head are there.

    Hint: how many heads does `H.shape[-3]` count?
    """
    return np.concatenate([H[..., 0, :, :], H[..., -1, :, :]], axis=-1)


def heads_in_reverse(H):
    """The last head comes first.

    Hint: head 0 gives the first columns.
    """
    heads = np.moveaxis(H, -3, 0)[::-1]
    return np.concatenate(list(heads), axis=-1)


def words_and_columns_swapped(H):
    """Columns have become rows: a row of the result is not one word.

    Hint: which axes change places, -3 and -2, or -2 and -1?
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    return np.swapaxes(H, -2, -1).reshape(*batch, n_tokens, n_heads * d_head)


def always_float64(H):
    """The numbers are right, but float32 comes back as float64.

    Hint: is there an `np.zeros` without `dtype=H.dtype`?
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    rows = np.zeros((*batch, n_tokens, n_heads * d_head))
    for head in range(n_heads):
        rows[..., head * d_head : (head + 1) * d_head] = H[..., head, :, :]
    return rows


def changes_the_callers_shape(H):
    """The answer is right, but the caller's H is another array afterwards.

    Hint: `H.shape = …` changes the caller's array; `H.reshape(…)` does not.
    """
    *batch, n_heads, n_tokens, d_head = H.shape
    rows = np.swapaxes(H, -3, -2).reshape(*batch, n_tokens, n_heads * d_head).copy()
    H.resize(rows.shape, refcheck=False)
    H[...] = rows
    return rows
