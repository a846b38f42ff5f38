"""What a life table takes: one kind of input, its ages, and values that can be."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align, scalars
from migov.core.errors import AgeError, KindError, UnitError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.demography.arguments import lazy, refuse, take, without_age

_WHERE = "life_table"
_INPUTS = {
    "rates": Input(title="central death rates", unit="1/year", needs=("age",)),
    "probabilities": Input(
        title="probabilities of death", unit="1", needs=("age",), values="share"
    ),
    "survivors": Input(title="survivors", unit="person", needs=("age",)),
    "deaths": Input(title="deaths", unit="person", needs=("age",), kind="flow"),
    "exposure": Input(title="person-years exposed", unit="person year", needs=("age",)),
}
OLD = 50.0
"""From this age on no population has had more than two deaths per person-year, by the median."""
_YEARS = Input(title="mean years lived by those who die", unit="year", needs=("age",))


def one_input(given: dict[str, Any]) -> tuple[str, xr.DataArray, xr.DataArray | None]:
    """Return the one input that was given, deaths over exposure as rates."""
    names = set(given)
    if (len(names) != 1 and names != {"deaths", "exposure"}) or names in ({"deaths"}, {"exposure"}):
        raise KindError(
            _WHERE,
            f"given: {', '.join(sorted(names)) or 'nothing'}",
            "rates, probabilities, survivors, or deaths and exposure",
            9,
            "rates",
        )
    exposure, people = given.get("exposure"), ("person", "thousand person", "million person")
    if isinstance(exposure, xr.DataArray) and exposure.attrs.get("units") in people:
        raise UnitError(
            _WHERE,
            f"exposure is in {exposure.attrs['units']!r}, expected 'person year'",
            f'exposure.assign_attrs(units="{exposure.attrs["units"]} year"), if they are people in '
            "the middle of the year of the deaths; of two dates, migov.person_years(population)",
            6,
            "exposure",
        )
    taken = {key: take(x, _INPUTS[key], _WHERE, key) for key, x in given.items()}
    if len(taken) == 1:
        name, (x, flags) = next(iter(taken.items()))
        return name, x, without_age(flags)
    _same_groups({key: x for key, (x, _) in taken.items()})
    pair = align(_WHERE, {key: x for key, (x, _) in taken.items()})
    dead, lived = pair["deaths"], pair["exposure"]
    if not lazy(dead) and not lazy(lived):
        refuse(
            lived == 0, _WHERE, "exposure", "is zero", "join ages, so that each has person-years"
        )
    joined = status.join([flags for _, flags in taken.values()])
    return "deaths", (dead / lived).transpose(*dead.dims, ...), without_age(joined)


def _same_groups(given: dict[str, xr.DataArray]) -> None:
    """Refuse ages of which one side is finer, and say how they are joined."""
    groups = {key: set(np.asarray(x.coords["age"].values).tolist()) for key, x in given.items()}
    for fine, coarse in (("deaths", "exposure"), ("exposure", "deaths")):
        if groups[coarse] < groups[fine]:
            raise AgeError(
                _WHERE,
                f"{fine} has {len(groups[fine])} groups of ages, {coarse} {len(groups[coarse])}",
                f"{fine}=migov.regroup_ages({fine}, {coarse}.age.values)",
                3,
                fine,
            )


def check_groups(x: xr.DataArray, name: str, ax: str, youngest: float) -> np.ndarray:
    """Return the widths of the groups, the last of which is open and not too young."""
    lower, width = np.asarray(x.coords["age"].values, float), ages.widths(x, _WHERE, name)
    last = ages.label(lower[-1], width[-1])
    if len(width) < 2 or not np.isinf(width[-1]):
        raise AgeError(
            _WHERE,
            f"{name} ends with age {last}, expected an open group",
            f"rates to the end of life, such as {lower[-1]:g}+; for years lived up to an age, "
            f"a table of an open group and its partial sums of years_lived",
            3,
            name,
        )
    if lower[-1] < number(youngest, _WHERE, "youngest_open", 0.0):
        raise AgeError(
            _WHERE,
            f"the open group {last} of {name} is too young: expected {youngest:g}+ or older",
            f"rates to older ages, or youngest_open={lower[-1]:g} where that is meant",
            3,
            name,
        )
    if lower[0] == 0 and width[0] > 1 and ax not in ("half", "constant_force", "given"):
        raise AgeError(
            _WHERE,
            f"{name} has {ages.label(0, width[0])} as one group; ax={ax!r} needs age 0 alone",
            'give 0 and 1-4, or ax="half" or "constant_force"',
            3,
            name,
        )
    return np.asarray(width, float)


def given_years(
    years_lived: Any, x: xr.DataArray, ax: str, close: str
) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Return the given years lived on the ages of `x`, missing in an open group not given."""
    if years_lived is None or "given" not in (ax, close):
        raise KindError(
            _WHERE,
            f"ax={ax!r}, close={close!r} and years_lived {'absent' if years_lived is None else ''}",
            'years_lived with ax="given" or close="given", and only then',
            9,
            "years_lived",
        )
    told, flags = take(years_lived, _YEARS, _WHERE, "years_lived")
    mine, own = np.asarray(x.coords["age"].values), np.asarray(told.coords["age"].values)
    closed = len(own) == len(mine) - 1 and np.array_equal(own, mine[:-1])
    if close == "given" and closed:
        raise AgeError(_WHERE, "years_lived lacks the open group", 'close="rate"', 3, "years_lived")
    if closed:
        last = told.isel(age=[-1]).assign_coords(age=mine[-1:], age_width=("age", [np.inf]))
        told = xr.concat([told, last * np.nan], "age")
    if not lazy(told):
        outside = told.isel(age=slice(None, len(mine) - 1)) > xr.DataArray(
            ages.widths(x)[:-1] * (1.0 + 1e-9), {"age": mine[:-1]}, "age"
        )
        refuse(
            outside,
            _WHERE,
            "years_lived",
            "is more than the width of its group",
            "years since the lower bound of the group, not the age at death",
        )
    others = [*(str(dim) for dim in x.dims if dim != "age"), *scalars(x)]
    told = align(_WHERE, {"rates": x, "years_lived": told}, others)["years_lived"]
    return told, without_age(flags)


def check_chances(x: xr.DataArray, name: str, ax: str) -> None:
    """Refuse probabilities or survivors that contradict the open group, or the rule.

    A missing probability of the open group is not needed.
    """
    if lazy(x):
        return
    if name == "survivors":
        rises = x.diff("age", label="upper") > 0
        refuse(rises, _WHERE, name, "increases with age", "survivors never increase")
        gone = x.isel(age=slice(1, None)) <= 0
    else:
        refuse(
            x.isel(age=[-1]) < 1.0 - 1e-9,
            _WHERE,
            name,
            "is less than one",
            "the last group is open, and everybody dies in it: 1; or further ages",
        )
        gone = x.isel(age=slice(None, -1)) >= 1
    if ax == "constant_force":
        what = "leaves nobody, which a constant death rate does not"
        refuse(gone, _WHERE, name, what, 'ax="half"')


THOUSANDS = (
    f"gives more than two deaths per person-year at ages from {OLD:g}",
    'rates with the unit they have: per 1,000 they are units="per_thousand/year"',
)
"""What is wrong with rates per 1,000 that are given as rates, and what to do about it."""


def thousands(m: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Tell rates per 1,000 that are given as rates: nobody at an old age lives for months.

    Parameters
    ----------
    m : ndarray (k, ...)
        Per year.
    lower : ndarray (k,)
        Ages.

    Examples
    --------
    >>> thousands(np.array([[5.0, 5.0], [0.1, 60.0], [0.2, 200.0]]), np.array([0, 50, 70]))
    array([False,  True])
    """
    out = np.asarray(m[-1] > 2.0)
    if out.any():
        old = m[lower >= min(OLD, float(lower[-1]))]
        out &= np.median(old, axis=0) > 2.0
    return out


def check_unit(x: xr.DataArray, name: str) -> None:
    """Refuse rates in memory that :func:`thousands` tells."""
    if name in ("rates", "deaths") and not lazy(x):
        ordered = x.transpose("age", ...)
        found = thousands(ordered.values, np.asarray(x.coords["age"].values, float))
        like = ordered.isel(age=0, drop=True)
        refuse(like.copy(data=found), _WHERE, name, THOUSANDS[0], THOUSANDS[1], 6)


def check_rates(m: xr.DataArray, a: xr.DataArray, name: str) -> None:
    """Refuse what no life table can have; lazy arrays are looked at in their blocks."""
    if lazy(m) or lazy(a):
        return
    closed = {"age": slice(None, -1)}
    refuse(
        m.isel(age=[-1]) == 0,
        _WHERE,
        name,
        "has nobody dying in the open group",
        'close="kannisto", or an open group with deaths',
    )
    width = xr.DataArray(ages.widths(m)[:-1], {"age": m.coords["age"].values[:-1]}, "age")
    inner = a.isel(closed)
    outside = ((inner < 0) | (inner > width)) & (m.isel(closed) > 0)
    refuse(
        outside & ((1.0 - inner * m.isel(closed) < -1e-12) | (inner < -1e-6)),
        _WHERE,
        name,
        "is so uneven that the years lived by those who die lie outside the group",
        'ax="constant_force"',
    )
    refuse(
        inner * m.isel(closed) > 1.0 + 1e-12,
        _WHERE,
        name,
        "is above the largest possible death rate, one over the years lived by those who die,",
        'mend the rate, or ax="greville" in groups of five years, or "constant_force"',
    )
