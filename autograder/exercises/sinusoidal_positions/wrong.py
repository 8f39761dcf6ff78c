"""What learners write for sinusoidal_positions."""

import numpy as np


def _pairs(d):
    return (d + 1) // 2


def _speeds(d):
    return 1 / 10000 ** (2 * np.arange(_pairs(d)) / d)


def _table(n, d, speeds, places=None):
    places = np.arange(n) if places is None else places
    angles = np.outer(places, speeds)
    table = np.zeros((n, d))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)[:, : d // 2]
    return table


def cosine_first(n, d):
    """Sine and cosine are exchanged: the sine belongs in the even columns, 0 among them.

    Hint: the first row is (0, 1, 0, 1, …).
    """
    angles = np.outer(np.arange(n), _speeds(d))
    table = np.zeros((n, d))
    table[:, 0::2] = np.cos(angles)
    table[:, 1::2] = np.sin(angles)[:, : d // 2]
    return table


def sines_then_cosines(n, d):
    """All sines come first, then all cosines; here they take turns.

    Hint: pair i owns the columns 2i and 2i + 1.
    """
    angles = np.outer(np.arange(n), _speeds(d))
    return np.concatenate([np.sin(angles), np.cos(angles)[:, : d // 2]], axis=1)


def sines_only(n, d):
    """All columns are sines; the odd ones should be cosines.

    Hint: a clock hand needs two numbers, across and up.
    """
    angles = np.outer(np.arange(n), _speeds(d))
    return np.repeat(np.sin(angles), 2, axis=1)[:, :d]


def every_column_its_own_speed(n, d):
    """Every column has a speed of its own; the two columns of a pair share one.

    Hint: columns 2i and 2i + 1 both use the exponent 2i / d.
    """
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(d) / d)
    return np.where(np.arange(d) % 2 == 0, np.sin(angles), np.cos(angles))


def exponent_doubled(n, d):
    """The exponent is twice too large: the column's number is doubled once more.

    Hint: is your i the number of the pair, or of the column?
    """
    return _table(n, d, 1 / 10000 ** (4 * np.arange(_pairs(d)) / d))


def exponent_halved(n, d):
    """The exponent is half as large as it should be: the factor 2 is missing.

    Hint: pair i has the exponent 2i / d.
    """
    return _table(n, d, 1 / 10000 ** (np.arange(_pairs(d)) / d))


def exponent_not_divided_by_d(n, d):
    """The exponent is not divided by d, so nearly all hands stand still.

    Hint: pair i has the exponent 2i / d.
    """
    return _table(n, d, 1 / 10000.0 ** (2 * np.arange(_pairs(d))))


def slowest_speed_reached(n, d):
    """The exponents run up to 1; those of the paper stop short of it.

    Hint: divide by d, not by the number of the last pair.
    """
    return _table(n, d, 1 / 10000 ** (np.arange(_pairs(d)) / max(_pairs(d) - 1, 1)))


def other_base(n, d):
    """The base of the speeds is 1000; the paper has 10000.

    Hint: count the zeros.
    """
    return _table(n, d, 1 / 1000 ** (2 * np.arange(_pairs(d)) / d))


def one_speed(n, d):
    """All pairs turn at the same speed.

    Hint: where in your answer does the number of the pair appear?
    """
    return _table(n, d, np.ones(_pairs(d)))


def multiplied(n, d):
    """The places are multiplied by the power of 10000; they should be divided by it.

    Hint: later pairs are slower, not faster.
    """
    return _table(n, d, 1 / _speeds(d))


def places_from_one(n, d):
    """The places begin at 1; they begin at 0.

    Hint: the first row is (0, 1, 0, 1, …).
    """
    return _table(n, d, _speeds(d), np.arange(1, n + 1))


def places_as_fractions(n, d):
    """The places are divided by n, so the same place has another row in a longer sentence.

    Hint: the row of place 1 does not depend on n.
    """
    return _table(n, d, _speeds(d), np.arange(n) / n)


def whole_number_division(n, d):
    """The angles are rounded down to whole numbers.

    Hint: `//` or `/`?
    """
    table = _table(n, d, np.ones(_pairs(d)))
    angles = np.arange(n)[:, None] // 10000 ** (2 * np.arange(_pairs(d)) / d)
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)[:, : d // 2]
    return table


def degrees(n, d):
    """The angles are taken for degrees; `np.sin` wants radians, and so does the paper.

    Hint: no conversion is needed.
    """
    return _table(n, d, np.deg2rad(_speeds(d)))


def angles_only(n, d):
    """These are the angles; their sines and cosines are asked for.

    Hint: numbers that grow with the place are what we wanted to avoid.
    """
    return np.repeat(np.outer(np.arange(n), _speeds(d)), 2, axis=1)[:, :d]


def transposed(n, d):
    """Rows and columns are exchanged: a row is a place.

    Hint: the table is (n, d).
    """
    return _table(n, d, _speeds(d)).T


def batch_axis_in_front(n, d):
    """There is an axis too many in front.

    Hint: the table is (n, d); broadcasting does the rest.
    """
    return _table(n, d, _speeds(d))[None]


def odd_width_refused(n, d):
    """It stops when d is odd.

    Hint: how many columns are even, and how many are odd, when d is 5?
    """
    angles = np.outer(np.arange(n), _speeds(d))
    table = np.zeros((n, d))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)
    return table


def odd_width_cut_short(n, d):
    """With an odd d, the last column is missing.

    Hint: the table has d columns, whatever d is.
    """
    return _table(n, d, _speeds(d))[:, : d // 2 * 2]


def odd_width_left_empty(n, d):
    """With an odd d, the last column holds only zeros.

    Hint: it is an even column, so it holds a sine.
    """
    table = _table(n, d, _speeds(d))
    table[:, d // 2 * 2 :] = 0
    return table


def odd_width_from_the_next(n, d):
    """With an odd d, the table of d + 1 is made and cut, so that all speeds are those of d + 1.

    Hint: the exponent is 2i / d, with the d that was asked for.
    """
    width = d + d % 2
    return _table(n, width, _speeds(width))[:, :d]


def float32_numbers(n, d):
    """The numbers are right, but they are float32.

    Hint: which call in your answer makes float32? PyTorch does by itself.
    """
    return _table(n, d, _speeds(d)).astype(np.float32)


def float32_angles(n, d):
    """The angles were float32, so distant places are not exact.

    Hint: which call in your answer makes float32? PyTorch does by itself.
    """
    speeds = _speeds(d).astype(np.float32)
    return _table(n, d, speeds, np.arange(n, dtype=np.float32))


def random_table(n, d):
    """The table is random; that is how *learned* positions begin.

    Hint: every number follows from its place and its column.
    """
    return np.random.default_rng(0).normal(size=(n, d))


def at_most_512_places(n, d):
    """The table is cut out of one for 512 places, and a longer text gets too few rows.

    Hint: how many rows shall the table have, whatever `n` is?
    """
    return _table(512, d, _speeds(d))[:n]
