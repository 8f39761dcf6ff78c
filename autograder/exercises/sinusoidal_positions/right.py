"""sinusoidal_positions, right in other ways."""

import math

import numpy as np


def matrix_form(n, d):
    """All angles at once, then sines and cosines in turn."""
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    table = np.empty((n, d))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : d // 2])
    return table


def column_by_column(n, d):
    """A loop over the columns."""
    places = np.arange(n)
    columns = []
    for column in range(d):
        turn = np.cos if column % 2 else np.sin
        columns.append(turn(places / 10000 ** ((column - column % 2) / d)))
    return np.stack(columns, axis=1)


def shifted_sines(n, d):
    """A cosine is a sine a quarter turn ahead."""
    column = np.arange(d)
    angles = np.outer(np.arange(n), np.exp(-(column - column % 2) * math.log(10000) / d))
    return np.sin(angles + column % 2 * math.pi / 2)


def complex_hands(n, d):
    """Clock hands as complex numbers, their two parts side by side."""
    hands = np.exp(1j * np.arange(n)[:, None] * 10000.0 ** (-np.arange(0, d, 2) / d))
    return np.stack([hands.imag, hands.real], axis=-1).reshape(n, -1)[:, :d]


def through_torch(n, d):
    """The usual PyTorch lines in double precision, brought back to NumPy."""
    import torch

    places = torch.arange(n, dtype=torch.float64)[:, None]
    even = torch.arange(0, d, 2, dtype=torch.float64)
    speeds = torch.exp(even * (-math.log(10000.0) / d))
    table = torch.zeros(n, d, dtype=torch.float64)
    table[:, 0::2] = torch.sin(places * speeds)
    table[:, 1::2] = torch.cos(places * speeds)[:, : d // 2]
    return table.numpy()
