"""What the labour indicators are on the rows of a survey, for estimates with standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from migov.core.errors import KindError
from migov.indicators._labour import levels_of, major_group
from migov.indicators.kernels_labour import normative, thresholds
from migov.numeric.quantities import (
    Constant,
    Floats,
    Gap,
    Mask,
    Quantile,
    Quantity,
    Ratio,
    Recomputed,
    mean,
)


def _present(labels: Sequence[object]) -> Mask:
    return np.array([one is not None and one == one for one in labels], bool)


def _coded(labels: Sequence[object]) -> tuple[NDArray[np.intp], list[object]]:
    """Return the code of each label, -1 where missing, and the labels."""
    there = _present(labels)
    names = list(dict.fromkeys(one for one, has in zip(labels, there, strict=True) if has))
    codes = {one: i for i, one in enumerate(names)}
    return np.array([codes.get(one, -1) for one in labels], np.intp), names


def overqualification_of_rows(
    education: Sequence[object],
    occupation: Sequence[object],
    age: Floats | None,
    lower: float,
    upper: float,
) -> Quantity:
    """Return the over-qualification rate of employed persons.

    Parameters
    ----------
    education, occupation : sequence (rows,)
        Codes of ISCED 2011 and ISCO-08.
    age : ndarray (rows,), optional
        Completed years; rows outside `lower` to below `upper` are left out.
    lower, upper : float
        Limits of age.
    """
    levels, which = _coded(education)
    jobs, names = _coded(occupation)
    tertiary = np.array([s is not None and s[0] >= 5 for s in levels_of(which, "education")])
    majors = np.array([major_group(one, "occupation") for one in names])
    graduate = np.append(tertiary, False)[levels]
    major = np.append(majors, "_U")[jobs]
    counted = graduate & np.isin(major, list("123456789"))
    if age is not None:
        counted &= (age >= lower) & (age < upper)
    over = np.isin(major, list("456789")).astype(float)
    known = _present(education) & _present(occupation)
    base = np.where(known, counted.astype(float), np.nan)
    return Ratio(base * over, base)


def mismatch_of_rows(
    occupation: Sequence[object],
    education: Sequence[object] | None,
    years: Floats | None,
    method: Literal["normative", "mean", "mode"],
    outcome: Literal["over", "under", "any"],
) -> Quantity:
    """Return the share of employed persons whose education is unlike their occupation's.

    Parameters
    ----------
    occupation : sequence (rows,)
        Codes of ISCO-08 for the norm; otherwise any labels.
    education : sequence (rows,), optional
        Codes of ISCED 2011, for the norm.
    years : ndarray (rows,), optional
        Years of schooling, for the mean and the mode.
    method, outcome : str
        As in the class.

    Raises
    ------
    KindError
        The method needs what is not given.
    """
    jobs, names = _coded(occupation)
    needed, given = ("education", education) if method == "normative" else ("years", years)
    if given is None:
        raise KindError(
            "EducationMismatchRate",
            f"method={method!r} needs a column for {needed}",
            f'columns={{"{needed}": …}}',
            9,
            needed,
        )
    if method == "normative" and education is not None:
        levels, which = _coded(education)
        table = normative(
            [major_group(one, "occupation") for one in names], levels_of(which, "education")
        )
        known = (jobs >= 0) & (levels >= 0)
        side = np.where(known, table[jobs, levels], np.nan)
        return _share(side, outcome)
    schooling = np.asarray(years, float)
    used = (jobs >= 0) & np.isfinite(schooling)

    def make(weights: Floats) -> Quantity:
        side = np.full(len(schooling), np.nan)
        for job in range(len(names)):
            rows = np.flatnonzero(used & (jobs == job))
            low, high = thresholds(weights[rows], schooling[rows], method)
            side[rows] = (schooling[rows] > high).astype(float) - (schooling[rows] < low)
        return _share(side, outcome)

    return Recomputed(make, used, (used,))


def _share(side: Floats, outcome: str) -> Ratio:
    chosen = {"over": side > 0, "under": side < 0, "any": side != 0}[outcome]
    return mean(np.where(np.isfinite(side), chosen.astype(float), np.nan))


def wage_gap_of_rows(
    wage: Floats,
    migrant: Floats,
    subgroup: Sequence[object] | None,
    statistic: Literal["mean", "median"],
) -> Quantity:
    """Return the relative wage gap of employees.

    Parameters
    ----------
    wage : ndarray (rows,)
        Hourly wages.
    migrant : ndarray (rows,)
        1 for migrants, 0 for nationals.
    subgroup : sequence (rows,), optional
        Subgroups whose gaps are averaged by their size; those without one of the two groups are
        left out.
    statistic : {"mean", "median"}
        Of the wages.
    """
    known = np.isfinite(wage) & np.isfinite(migrant)

    def part(rows: Mask) -> Quantity:
        own = np.where(rows, wage, np.nan)
        return mean(own) if statistic == "mean" else Quantile(own, 0.5)

    def gap(rows: Mask) -> Gap:
        return Gap(part(rows & (migrant == 0)), part(rows & (migrant == 1)), rows)

    if subgroup is None:
        return gap(np.ones(len(wage), bool))
    cells, names = _coded(subgroup)
    known &= cells >= 0

    def make(weights: Floats) -> Quantity:
        above = below = 0.0
        for cell in range(len(names)):
            rows = known & (cells == cell)
            found, size = gap(rows).value(weights), float(weights[rows].sum())
            if np.isfinite(found):
                above, below = above + found * size, below + size
        return Constant(above / below if below > 0 else np.nan, known)

    groups = (known & (migrant == 0), known & (migrant == 1))
    return Recomputed(make, known, groups, linear=False)
