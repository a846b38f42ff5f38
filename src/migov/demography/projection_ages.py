"""The ages of a projection: groups as wide as a step, of all inputs alike."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import ages
from migov.core.errors import AgeError


def own_ages(
    where: str, x: xr.DataArray, step: int, youngest_open: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return lower bounds and widths of the population's groups, each as wide as a step.

    Raises
    ------
    AgeError
        Groups of other widths, no open one, or one that starts too young.
    """
    lower, width = np.asarray(x.coords["age"].values, float), ages.widths(x, where, "population")
    wanted = np.append(np.full(len(lower) - 1, float(step)), np.inf)
    if lower[0] == 0 and len(lower) >= 3 and np.array_equal(width, wanted):
        _open_late(where, lower, youngest_open)
        return lower, width
    bad = np.flatnonzero(width != wanted)
    i = int(bad[0]) if bad.size else 0
    last = int(lower[-1] // step * step)
    mend = f"migov.regroup_ages(population, range(0, {last + 1}, {step})), or another step"
    if not np.isinf(width[-1]):
        mend = "an open group last, all persons of its age and over"
    elif lower[0] != 0 or len(lower) < 3 or not set(range(0, last + 1, step)) <= set(lower):
        mend = f"persons by groups of {step} years from birth on, or a step as wide as the groups"
    raise AgeError(
        where,
        f"population has {len(lower)} age groups from {ages.label(lower[0], width[0])}, "
        f"among them {ages.label(lower[i], width[i])}; a step of {step} years needs groups "
        f"of {step} from 0 and an open one last",
        mend,
        3,
        "population",
    )


def _open_late(where: str, lower: np.ndarray, youngest_open: float) -> None:
    """Refuse an open group of which the deaths depend on who of it are how old."""
    if lower[-1] >= youngest_open:
        return
    raise AgeError(
        where,
        f"population has the open group {ages.label(lower[-1], np.inf)}, whose deaths are those of "
        "a life table whatever the ages in it",
        f"persons and rates to older ages, or youngest_open={lower[-1]:g} where that is meant",
        3,
        "population",
    )


def all_ages(
    where: str, arrays: dict[str, xr.DataArray], step: int, ax: str, youngest_open: float
) -> tuple[int, int]:
    """Check the ages of all inputs, and return the place of the mothers.

    Raises
    ------
    AgeError
        Ages that do not fit together.
    """
    lower, width = own_ages(where, arrays["population"], step, youngest_open)
    same_ages(where, "migration", arrays["migration"], lower, width)
    rates = arrays["mortality"]
    own = np.asarray(rates.coords["age"].values, float)
    split = np.insert(lower, 1, 1.0) if step > 1 else lower
    if not np.array_equal(own, split):
        finer_rates(where, rates, split if step > 1 and 1.0 in own else lower)
    if len(own) == len(split) and step > 1:
        same_ages(where, "mortality", rates, split, np.append(np.diff(split), np.inf))
    else:
        same_ages(where, "mortality", rates, lower, width)
        if step > 1 and ax not in ("half", "constant_force"):
            raise AgeError(
                where,
                f"mortality has {ages.label(own[0], step)} as one group; the rule ax={ax!r} "
                f"needs 0 and 1-{step - 1}",
                'give both, or CohortComponent(ax="half") or ax="constant_force"',
                3,
                "mortality",
            )
    return mothers(where, arrays["fertility"], lower, width)


def finer_rates(where: str, x: xr.DataArray, lower: np.ndarray) -> None:
    """Refuse death rates by finer ages, or beyond the open group, and say how they are joined.

    Deaths and person-years of a life table add up: the rate of an open group so made is the
    inverse of the expectation of life at its start.

    Parameters
    ----------
    where : str
        Name of the call.
    x : DataArray {age, …}
        Death rates.
    lower : ndarray
        Lower bounds of the ages that are expected.

    Raises
    ------
    AgeError
        The ages of the rates are finer.
    """
    own = np.asarray(x.coords["age"].values, float)
    if len(own) <= len(lower) or not set(lower) <= set(own):
        return
    if not np.isinf(ages.widths(x, where, "mortality")[-1]):
        return
    bounds = ", ".join(f"{age:g}" for age in lower[:3])
    step = lower[-1] - lower[-2]
    if len(lower) > 3:
        bounds += f", *range({lower[3]:g}, {lower[-1] + 1:g}, {step:g})"
    joined = " / ".join(
        f"migov.regroup_ages(migov.demography.life_table(mortality).{name}, [{bounds}])"
        for name in ("deaths", "years_lived")
    )
    raise AgeError(
        where,
        f"mortality goes on to {ages.label(own[-1], np.inf)}, population ends in "
        f"{ages.label(lower[-1], np.inf)}"
        if own[-1] > lower[-1]
        else f"mortality has {len(own)} ages, expected {len(lower)}, those of population",
        f'({joined}).assign_attrs(units="1/year")',
        3,
        "mortality",
    )


def same_ages(where: str, name: str, x: xr.DataArray, lower: np.ndarray, width: np.ndarray) -> None:
    """Refuse an input whose ages are others than these."""
    own, wide = np.asarray(x.coords["age"].values, float), ages.widths(x, where, name)
    if np.array_equal(own, lower) and np.array_equal(wide, width):
        return

    def told(a: np.ndarray, b: np.ndarray) -> str:
        few = [ages.label(a[i], b[i]) for i in range(min(3, len(a)))]
        return f"{', '.join(few)} … {ages.label(a[-1], b[-1])}"

    raise AgeError(
        where,
        f"{name} has ages {told(own, wide)}, expected {told(lower, width)}",
        f"give {name} by the ages of population",
        3,
        name,
    )


def mothers(where: str, x: xr.DataArray, lower: np.ndarray, width: np.ndarray) -> tuple[int, int]:
    """Return the first and one past the last group of mothers."""
    own, wide = np.asarray(x.coords["age"].values, float), ages.widths(x, where, "fertility")
    low = int(np.searchsorted(lower, own[0])) if own.size else 0
    high = low + len(own)
    fits = low > 0 and high < len(lower)
    if (
        not fits
        or not np.array_equal(own, lower[low:high])
        or not np.array_equal(wide, width[low:high])
    ):
        first = ages.label(own[0], wide[0]) if own.size else "none"
        last = ages.label(own[-1], wide[-1]) if own.size else "none"
        raise AgeError(
            where,
            f"fertility has ages {first} to {last}; mothers are in groups of population, neither "
            "in its first nor in its open one",
            "give fertility by the groups of population, for instance 15-19 to 45-49",
            3,
            "fertility",
        )
    return low, high
