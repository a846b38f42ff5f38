"""Model ages of migrants: published schedules by name, and totals spread over sex and age."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import xarray as xr

from migov.core import status
from migov.core.definition import define, definition_of
from migov.core.errors import AgeError, DimensionError, ParameterError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.demography import kernels_schedules as kernels
from migov.demography.arguments import option, take
from migov.demography.migration_schedules import RogersCastro

_WHERE = "migrants_by_age"
_NAMES = ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "c")
_PROJECTIONS = "United Nations, Population Division, model families of net migration"
_MANUAL = "United Nations (1992), Preparing Migration Data for Subnational Population Projections"

# Women and men, as shares of all net migrants of single ages 0 to 120; the parameters reproduce
# the published numbers of each age to 1e-9 of the total.
_SHARED = {
    "family": (
        (0.007855148907, 0.16599694113, 0.046759045356, 0.094882613811, 19.746736997573,
         0.197265947083, 9.3772832e-05),
        (0.007849788539, 0.16579512597, 0.042749718902, 0.086960124496, 19.726005346898,
         0.198129044037, 0.000116054851),
    ),
    "male_labour": (
        (0.005413093043, 0.165717376464, 0.032189491109, 0.094890419591, 19.750292937481,
         0.197124389492, 6.5142714e-05),
        (0.00516941587, 0.167720059846, 0.059262375515, 0.087047244162, 19.741102328662,
         0.197665547407, 0.000163532777),
    ),
    "female_labour": (
        (0.010115482259, 0.165175843514, 0.060357313262, 0.094926031337, 19.75460983795,
         0.197016578109, 0.000125195359),
        (0.010284372905, 0.165122952827, 0.027367239702, 0.086967057161, 19.734054391616,
         0.198124109251, 7.4188456e-05),
    ),
}  # fmt: skip
# Rates of women and men, each for itself.
_APART = {
    "western_standard": (
        (0.0233, 0.107, 0.0766, 0.1436, 20.632, 0.4003, 0.0036),
        (0.0215, 0.105, 0.0694, 0.112, 20.04, 0.391, 0.0028),
    ),
    "low_dependency": (
        (0.0149, 0.107, 0.09, 0.1436, 20.632, 0.4003, 0.0036),
        (0.0128, 0.105, 0.0804, 0.112, 20.04, 0.391, 0.0028),
    ),
    "high_dependency": (
        (0.0318, 0.107, 0.0632, 0.1436, 20.04, 0.4003, 0.0036),
        (0.0303, 0.105, 0.0582, 0.112, 20.04, 0.391, 0.0028),
    ),
    "young_entry": (
        (0.0233, 0.107, 0.0766, 0.1436, 17.132, 0.4003, 0.0036),
        (0.0215, 0.105, 0.0691, 0.112, 16.09, 0.391, 0.0028),
    ),
    "old_entry": (
        (0.0233, 0.107, 0.0766, 0.1436, 24.132, 0.4003, 0.0036),
        (0.0215, 0.105, 0.0691, 0.112, 23.99, 0.391, 0.0028),
    ),
    "low_dependency_young_entry": (
        (0.0149, 0.107, 0.09, 0.1436, 17.132, 0.4003, 0.0036),
        (0.0128, 0.105, 0.08, 0.112, 16.09, 0.391, 0.0028),
    ),
}
MIGRATION_FAMILIES = MappingProxyType(
    {
        name: MappingProxyType(
            {
                sex: RogersCastro(**dict(zip(_NAMES, given, strict=True)))
                for sex, given in zip("FM", both, strict=True)
            }
        )
        for name, both in {**_SHARED, **_APART}.items()
    }
)
"""Published schedules of migration by name and sex, each a :class:`RogersCastro`."""

LAST = 120
"""Last single age of a schedule; the open group ends with it."""

_TOTAL = Input(title="net migrants", unit="person", values="any")


def migrants_by_age(
    total: xr.DataArray,
    family: str = "family",
    *,
    lower: Sequence[int] = tuple(range(0, 101, 5)),
    women: float | None = None,
) -> xr.DataArray:
    """Return net migrants by sex and age from their total, by a published model pattern.

    Parameters
    ----------
    total : DataArray {…}
        Net migrants in persons, without sex and age; losses have the pattern of gains.
    family : str
        ``family``, ``male_labour``, ``female_labour``: model families of the United Nations'
        Population Division, with their own share of women. ``western_standard``,
        ``low_dependency``, ``high_dependency``, ``young_entry``, ``old_entry``,
        ``low_dependency_young_entry``: patterns of each sex for itself, of the manual of 1992.
    lower : sequence of int
        Lower bounds of the ages in years, from 0, rising; the last group is open.
    women : float, optional
        Share of women, from 0 to 1; needed by the patterns of each sex for itself, replaces
        their own share in the others.

    Returns
    -------
    DataArray {…, sex, age}
        Persons; over sex and age they sum to `total`. A pattern of net migration hides that
        arrivals and departures differ in age: where both are known, spread each.

    Raises
    ------
    ParameterError
        An unknown family, or a share of women that is missing.
    AgeError
        Ages that do not rise from 0.
    DimensionError
        A total with sex or age.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> total = Cells(1000.0).array("person")
    >>> migrants_by_age(total, lower=[0, 15, 65]).sum("sex").values.round(1)
    array([110.7, 860.6,  28.7])

    References
    ----------
    United Nations, Population Division, model families of net migration by age and sex, as in
    Riffe and others (2019), DemoTools, ``mig_un_fam``. United Nations (1992), Preparing
    Migration Data for Subnational Population Projections. Rogers and Castro (1981), Model
    Migration Schedules.
    """
    option(family, tuple(MIGRATION_FAMILIES), _WHERE, "family")
    plain, flags = take(total, _TOTAL, _WHERE, "total")
    for dim in ("sex", "age"):
        if dim in plain.dims:
            raise DimensionError(
                _WHERE, f"total has {dim!r} already", f'mg.total(total, "{dim}")', 8, "total"
            )
    bounds = _bounds(lower)
    shares = _shares(family, bounds, women)
    pattern = xr.DataArray(
        shares,
        {
            "sex": ["F", "M"],
            "age": bounds,
            "age_width": ("age", np.append(np.diff(bounds), np.inf).astype(float)),
        },
        ("sex", "age"),
    )
    out = plain.drop_vars([c for c in ("sex", "age") if c in plain.coords]) * pattern
    out = out.transpose(*plain.dims, "sex", "age")
    out.name = total.name
    source = _PROJECTIONS if family in _SHARED else _MANUAL
    told = {"family": family, "pattern": source}
    out.attrs = {"units": "person", "long_name": "net migrants by model pattern of age", **told}
    return status.put(define(out, definition_of(total)), flags)


def _bounds(lower: Sequence[int]) -> np.ndarray:
    bounds = np.asarray(list(lower), float)
    good = bounds.ndim == 1 and bounds.size >= 2 and bounds[0] == 0
    if not good or (np.diff(bounds) < 1).any() or bounds[-1] > LAST or (bounds % 1).any():
        raise AgeError(
            _WHERE, f"lower={lower!r}", f"whole ages that rise from 0 to {LAST} at most", 3, "lower"
        )
    return bounds.astype(np.int64)


def _shares(family: str, bounds: np.ndarray, women: float | None) -> np.ndarray:
    """Return the share of each sex and age in all migrants, women first."""
    single = np.arange(LAST + 1.0)
    rates = np.stack(
        [kernels.migration(single, MIGRATION_FAMILIES[family][sex].parameters()) for sex in "FM"]
    )
    whole = rates.sum(axis=1, keepdims=True)
    if women is None and family in _APART:
        told = f"women=None, but {family!r} says nothing about the sexes of migrants"
        raise ParameterError(_WHERE, told, "women=0.5, or another share from 0 to 1", 9, "women")
    if women is None:
        part = whole / whole.sum()
    else:
        share = number(women, _WHERE, "women", 0.0, 1.0)
        part = np.array([[share], [1.0 - share]])
    return np.asarray(np.add.reduceat(rates / whole * part, bounds, axis=1))
