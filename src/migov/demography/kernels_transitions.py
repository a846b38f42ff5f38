"""Matrices that move a population between states, from rates or chances, on bare arrays.

With ``M`` the matrix of intensities of one age group (death and all moves out on the diagonal,
minus the moves from the column's state off it) and ``a`` half the step, persons linear within
a step give

    P = (I + a M)^-1 (I - a M),    S_x = (I + a M_(x+1))^-1 (I - a M_x),

the second from one age group to the next, and exposures from which deaths and moves follow by
their own rates, independently of ``S``: ``a`` times the persons at both ends of a cohort's way.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Matrices(NamedTuple):
    """What moves a population, leading axes first.

    Parameters
    ----------
    newborn : ndarray (..., t, 2, r, r)
        From birth during the step to its end; row is the state after, column that before.
    cohort : ndarray (..., t, 2, k, r, r)
        From an age group to the next; both oldest lead to the open one.
    moves : ndarray (..., t, 2, k, r, r)
        Moves per unit of exposure, destination and origin.
    tally : ndarray (..., t + 1, 2, r, 5, k)
        Weights of the persons at each date, by age: deaths of the period that ends then and of
        that which starts then, one, and departures of the period that ends and that starts.
    at_start : ndarray (..., 1) of bool
        Whether exposures are the persons at the start, not the person-years lived.
    """

    newborn: Array
    cohort: Array
    moves: Array
    tally: Array
    at_start: Any


def intensity(deaths: Array, moves: Array) -> Array:
    """Return matrices of intensities from death rates and rates of moving.

    Parameters
    ----------
    deaths : ndarray (..., r)
        Per year.
    moves : ndarray (..., r, r)
        Per year, row is the destination, column the origin; nothing on the diagonal.

    Returns
    -------
    ndarray (..., r, r)
    """
    eye = np.eye(moves.shape[-1])
    return np.asarray((deaths + moves.sum(axis=-2))[..., None, :] * eye - moves)


def transition(m: Array, step: float) -> Array:
    """Return probabilities over an age group, by the linear option.

    Parameters
    ----------
    m : ndarray (..., r, r)
        Intensities of the group.
    step : float
        Years.

    Returns
    -------
    ndarray (..., r, r)
        Row is the state after, column that before.

    References
    ----------
    Rogers and Ledent (1976), Increment-decrement life tables: a comment, Demography 13(2).
    """
    eye, a = np.eye(m.shape[-1]), 0.5 * step
    return np.asarray(np.linalg.solve(eye + a * m, eye - a * m), np.float64)


def by_rates(deaths: Array, moves: Array, step: float) -> Matrices:
    """Return what moves a population by rates of death and of moving.

    Parameters
    ----------
    deaths : ndarray (..., t, 2, k, r)
        Central rates per year.
    moves : ndarray (..., t, 2, k, r, r)
        Rates per year, destination and origin.
    step : float
        Years.

    Returns
    -------
    Matrices
    """
    m, a = intensity(deaths, moves), 0.5 * step
    eye = np.eye(m.shape[-1])
    before, after = eye - a * m, eye + a * m
    cohort = np.empty_like(m)
    cohort[..., :-2, :, :] = np.linalg.solve(after[..., 1:-1, :, :], before[..., :-2, :, :])
    last = before[..., -2, :, :]
    cohort[..., -1, :, :] = np.linalg.solve(last + step * m[..., -1, :, :], last)
    cohort[..., -2, :, :] = cohort[..., -1, :, :]
    newborn = np.linalg.solve(after[..., 0, :, :], np.broadcast_to(eye, m[..., 0, :, :].shape))
    shape = m.shape[:-1]
    gone = [np.broadcast_to(x, shape) for x in (deaths, moves.sum(axis=-2))]
    early, late = np.empty((2, 2, *shape))
    for rate, first, last in zip(gone, early, late, strict=True):
        first[...], last[...] = a * rate, a * rate
        first[..., -1, :] = first[..., -2, :]
        last[..., -1, :] = step * rate[..., -1, :] - first[..., -2, :]
    return _joined(newborn, cohort, np.broadcast_to(moves, m.shape), early, late, False)


def by_probabilities(deaths: Array, chances: Array, step: float) -> Matrices:
    """Return what moves a population by chances of moving over a step, given survival.

    Parameters
    ----------
    deaths : ndarray (..., t, 2, k, r)
        Central rates per year, of the state at the start.
    chances : ndarray (..., t, 2, k, r, r)
        Destination and origin, of those of the age group at the start; columns sum to one.
    step : float
        Years.

    Returns
    -------
    Matrices
    """
    a = 0.5 * step
    shape = np.broadcast_shapes(deaths.shape, chances.shape[:-1])
    rate = np.broadcast_to(deaths, shape)
    kept, dead = np.empty(shape), np.empty(shape)
    under = 1.0 + a * rate[..., 1:-1, :]
    kept[..., :-2, :] = (1.0 - a * rate[..., :-2, :]) / under
    dead[..., :-2, :] = a * (rate[..., :-2, :] + rate[..., 1:-1, :]) / under
    last, oldest = 1.0 - a * rate[..., -2, :], step * rate[..., -1, :]
    kept[..., -2:, :] = (last / (last + oldest))[..., None, :]
    dead[..., -2:, :] = (oldest / (last + oldest))[..., None, :]
    cohort = chances * kept[..., None, :]
    off = cohort * (1.0 - np.eye(shape[-1]))
    newborn = (1.0 / (1.0 + a * rate[..., 0, :]))[..., None, :] * np.eye(shape[-1])
    early, late = np.stack([dead, off.sum(axis=-2)]), np.zeros((2, *shape))
    late[0, ..., 0, :] = a * rate[..., 0, :]
    return _joined(newborn, cohort, off, early, late, True)


def _joined(
    newborn: Any, cohort: Array, moves: Array, early: Array, late: Array, at_start: bool
) -> Matrices:
    """Put the weights of persons at start and end of a period into the layout of their sums."""
    _, *lead, periods, sexes, groups, states = early.shape
    tally = np.zeros((*lead, periods + 1, sexes, states, 5, groups))
    for row, part in zip((0, 3, 1, 4), (*late, *early), strict=True):
        when = slice(1, None) if row in (0, 3) else slice(None, -1)
        tally[..., when, :, :, row, :] = np.swapaxes(part, -1, -2)
    tally[..., 2, :] = 1.0
    flag = np.full((*[1] * len(lead), 1), at_start)
    return Matrices(newborn, np.ascontiguousarray(cohort), moves, tally, flag)
