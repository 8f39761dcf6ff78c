"""Unseen answers to `sinusoidal_positions`."""

import math

import numpy as np

from unseen import right, wrong


@wrong
def speed_of_each_column(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(d) / d)
    return np.where(np.arange(d) % 2 == 0, np.sin(angles), np.cos(angles))


@wrong
def even_columns_only(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)


@wrong
def odd_width_rounded_up(n, d):
    wide = d + d % 2
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, wide, 2) / wide)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, wide)[:, :d]


@wrong
def speeds_from_one_to_the_last(n, d):
    speeds = np.logspace(0, -4, (d + 1) // 2)
    angles = np.arange(n)[:, None] * speeds
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)[:, :d]


@wrong
def exponents_in_whole_numbers(n, d):
    angles = np.arange(n)[:, None] / 10000.0 ** (np.arange(0, d, 2) // d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)[:, :d]


@wrong
def sines_then_cosines(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)[:, :d]


@wrong
def places_counted_from_one(n, d):
    angles = np.arange(1, n + 1)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)[:, :d]


@wrong
def half_as_fast(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange((d + 1) // 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)[:, :d]


@wrong
def turned_by_a_quarter(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.sin(angles - np.pi / 2)], axis=-1).reshape(n, -1)[:, :d]


@wrong
def modulo_a_full_turn_in_degrees(n, d):
    angles = np.rad2deg(np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)) % 360
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)[:, :d]


@wrong
def base_of_one_thousand(n, d):
    angles = np.arange(n)[:, None] / 1000 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)[:, :d]


@wrong
def angles_in_single_precision(n, d):
    angles = np.arange(n)[:, None] * (10000 ** (-np.arange(0, d, 2) / d)).astype(np.float32)
    table = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, -1)[:, :d]
    return table.astype(np.float64)


@wrong
def odd_width_without_its_last_sine(n, d):
    table = np.zeros((n, d))
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d - 1, 2) / d)
    table[:, 0 : 2 * angles.shape[1] : 2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)[:, : d // 2]
    return table


@right
def complex_hands(n, d):
    hands = np.exp(-math.log(10000) * np.arange(0, d, 2) / d)
    turned = np.exp(1j * np.outer(np.arange(n), hands))
    table = np.empty((n, d))
    table[:, 0::2], table[:, 1::2] = turned.imag, turned.real[:, : d // 2]
    return table


@right
def cell_by_cell(n, d):
    def cell(i, j):
        angle = i / 10000 ** ((j - j % 2) / d)
        return math.cos(angle) if j % 2 else math.sin(angle)

    return np.array([[cell(i, j) for j in range(d)] for i in range(n)]).reshape(n, d)
