"""What learners write for row_sums."""

import numpy as np


def columns_added(A):
    """This adds up the columns, and the rows were asked for.

    Hint: which axis does one row lie along? Count it from the end.
    """
    return A.sum(axis=0)


def last_axis_but_one(A):
    """This adds down the columns of each table: axis −2 is the last but one.

    Hint: which number, counted from the end, is the last axis?
    """
    return A.sum(axis=-2)


def axis_one(A):
    """Right for one table; in a pile, axis 1 is no longer the one that a row lies along.

    Hint: a loop over `A`, or `axis=1`, fits one table only. Name the axis from the end.
    """
    return A.sum(axis=1)


def loops_over_one_table(A):
    """Right for one table; in a pile, two loops have no place for the axes in front.

    Hint: `sum` has an argument `axis`, and does the work of both loops.
    """
    n_rows, n_columns = A.shape
    sums = np.zeros(n_rows)
    for i in range(n_rows):
        for j in range(n_columns):
            sums[i] += A[i, j]
    return sums


def always_three_columns(A):
    """Three columns are added, and a row may be longer or shorter.

    Hint: how long is a row? `A.shape[-1]` knows.
    """
    return A[..., 0] + A[..., 1] + A[..., 2]


def total_of_everything(A):
    """All numbers are added into one, and every row should have a sum of its own.

    Hint: `sum` without an axis adds everything; it has an argument that says along which axis.
    """
    return A.sum()


def one_sum_per_table(A):
    """Each table of the pile gets one sum, and each of its rows should have one.

    Hint: only the last axis should disappear.
    """
    return A.sum(axis=(-2, -1))


def return_inside_the_loop(A):
    """Only the first row is added up: the function returns before it reaches the second.

    Hint: is the `return` indented under the loop?
    """
    for row in A:
        return row.sum()


def total_never_reset(A):
    """Each sum also holds the rows before it: the total is not set back to 0.

    Hint: where should a new row's total start, and in which line?
    """
    return np.cumsum(A.sum(axis=-1)).reshape(A.shape[:-1])


def loops_as_if_square(A):
    """The loop over columns runs as often as there are rows: right for square tables only.

    Hint: how long is a row? `A.shape[-1]` knows.
    """
    n_rows = A.shape[-2]
    sums = np.zeros(A.shape[:-1], dtype=A.dtype)
    for j in range(n_rows):
        sums += A[..., j]
    return sums


def last_number_left_out(A):
    """The last number of each row is left out.

    Hint: a slice `[:-1]`, or a `range(m - 1)`, stops one too early.
    """
    return A[..., :-1].sum(axis=-1)


def first_number_left_out(A):
    """The first number of each row is left out.

    Hint: Python counts from 0.
    """
    return A[..., 1:].sum(axis=-1)


def means_instead_of_sums(A):
    """These are the means of the rows: they are divided by the length of a row.

    Hint: three shares of a third should give 1.
    """
    return A.mean(axis=-1)


def running_sums(A):
    """These are running totals, one per number; only the last of each row is the row's sum.

    Hint: `cumsum` keeps every step on the way.
    """
    return A.cumsum(axis=-1)


def axis_kept(A):
    """The sums are right, but each sits in a row of its own: the last axis is still there.

    Hint: do you need `keepdims` here?
    """
    return A.sum(axis=-1, keepdims=True)


def shares_of_each_row(A):
    """Each row is divided by its sum, and the sum itself was asked for.

    Hint: one step less.
    """
    return A / A.sum(axis=-1, keepdims=True)


def a_list_of_sums(A):
    """The sums come back in a Python list, and an array was asked for.

    Hint: `np.array` makes an array of a list; `sum` with an axis makes one by itself.
    """
    return A.sum(axis=-1).tolist()


def nothing_returned(A):
    """The function returns None: computing or printing a result does not hand it back.

    Hint: is there a `return`?
    """
    A.sum(axis=-1)


def the_books_example(A):
    """The same sums come back whatever the table is.

    Hint: does your answer use its argument?
    """
    return np.array([10.0, 2.0])


def cut_to_whole_numbers(A):
    """The sums are cut to whole numbers: an integer array cannot hold what lies between.

    Hint: which dtype does the array have that you write the sums into?
    """
    return A.sum(axis=-1).astype(int)


def rounded(A):
    """The sums are rounded, so they are no longer exact.

    Hint: round when you print, not when you compute.
    """
    return np.round(A.sum(axis=-1), 2)


def always_float64(A):
    """The numbers are right, but float32 comes back as float64.

    Hint: `np.zeros(…)` and `np.ones(…)` are float64 unless you say otherwise.
    """
    sums = np.zeros(A.shape[:-1])
    for j in range(A.shape[-1]):
        sums += A[..., j]
    return sums


def always_float32(A):
    """The numbers have lost digits: float64 comes back as float32.

    Hint: which call in your answer makes float32 out of everything?
    """
    return A.astype(np.float32).sum(axis=-1)


def adds_into_its_input(A):
    """The sums are right, but they are written into the caller's table.

    Hint: `A[...] = …` and `A += …` write into the caller's table.
    """
    for j in range(1, A.shape[-1]):
        A[..., 0] += A[..., j]
    return A[..., 0]
