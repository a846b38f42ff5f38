"""Economic dependency: by age, by labour force, by productivity, and what parts scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.definition import define, definition_of
from migov.core.errors import AgeError, AlignmentError, InputError, KindError
from migov.core.inputs import Input, check_scale
from migov.core.partition import check_partition
from migov.demography.arguments import apart, loaded, refuse, take
from migov.demography.participation import active as by_rates

_WHERE = "economic_dependency"
_FACTORS = ("population", "participation", "productivity")
_LONG = {
    "age_dependency": "persons outside the ages of work per person of those ages",
    "labour_force_dependency": "persons outside the labour force per person in it",
    "productivity_dependency": "persons outside the labour force per person in it, weighted by "
    "productivity",
}


def economic_dependency(
    population: xr.DataArray,
    participation: xr.DataArray,
    productivity: xr.DataArray | None = None,
    *,
    lower: int = 15,
    upper: int = 65,
) -> xr.Dataset:
    """Return three ratios of dependency: by age, by labour force, by weighted labour force.

    Parameters
    ----------
    population : DataArray {sex, age, education, …}
        Persons of all ages; children at the lowest level of education.
    participation : DataArray {sex, age, education, …}
        Labour-force participation, in percent or "1", by groups of ages of `population`;
        ages left out take no part.
    productivity : DataArray {education}, optional
        Weight of a worker, "1", relative to a level with weight one (earnings, for instance).
    lower, upper : int
        First age of work, and first age after it.

    Returns
    -------
    Dataset {…}
        ``age_dependency``, ``labour_force_dependency`` and, with `productivity`,
        ``productivity_dependency``: all who are not in the labour force over the sum of the
        weights of those who are. In "1", summed over sex, age and education.

    Raises
    ------
    AgeError
        A limit inside a group, groups of participation that cut those of population.
    InputError
        Persons, rates or weights that are missing or cannot be; nobody in the labour force.
    AlignmentError, UnitError, DimensionError
        Inputs that do not fit together.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> people = Cells([[30, 0], [40, 20], [8, 2]], age="0-14 15-64 65+", education="low high")
    >>> rates = Cells([[50, 90]], age="15-64", education="low high").array("percent")
    >>> weights = Cells((1.0, 2.0), education="low high").array("1")
    >>> found = economic_dependency(people.array("person"), rates, weights)
    >>> [round(float(found[name]), 4) for name in found]
    [0.6667, 1.6316, 1.1071]

    References
    ----------
    Marois, Bélanger and Lutz (2020), Population aging, migration, and productivity in Europe,
    PNAS 117(14), where the weights are those of education.
    """
    people, flags = take(
        population, Input(title="population", unit="person", needs=("age",)), _WHERE,
        "population", complete=True,
    )  # fmt: skip
    rates, more = take(
        participation, Input(title="participation", unit="1", needs=("age",), values="share"),
        _WHERE, "participation", complete=True,
    )  # fmt: skip
    check_scale(participation, _WHERE, "participation")
    for dim in ("sex", "age", "education"):
        if dim in people.dims:
            check_partition(people, dim, _WHERE, "population")
    if not lower < upper:
        raise AgeError(
            _WHERE, f"upper={upper} is not above lower={lower}", f"upper above {lower}", 3, "upper"
        )
    for name, limit in (("lower", lower), ("upper", upper)):
        ages.check_limit(people, limit, _WHERE, "population", name)
    people = people.assign_attrs(units="person")
    working, _ = by_rates(people, rates.assign_attrs(units="1"))
    inner = [d for d in people.dims if d in ("sex", "age", "education")]
    in_age = ages.between(people, lower, upper, where=_WHERE, argument="population")
    everyone = people.sum(inner, skipna=False)
    adults = in_age.sum([d for d in inner if d != "age"], skipna=False)
    active = working.sum(inner, skipna=False)
    for name, x in (("population", adults), ("participation", active)):
        refuse(loaded(x) <= 0, _WHERE, name, "leaves nobody of working age in the labour force")
    found = {
        "age_dependency": (everyone - adults) / adults,
        "labour_force_dependency": (everyone - active) / active,
    }
    if productivity is not None:
        found["productivity_dependency"] = (everyone - active) / _weighted(
            working, productivity, inner
        )
    out = xr.Dataset()
    joined = status.join([flags, more])
    if joined is not None:
        joined = status.union(joined, [d for d in joined.dims if d in ("sex", "age", "education")])
    for name, x in found.items():
        bare = x.drop_vars([c for c in ("age", "age_width") if c in x.coords])
        bare.attrs = {"units": "1", "long_name": _LONG[name]}
        out[name] = status.put(define(bare, None), joined)
    out.attrs = {
        "title": "economic dependency",
        "population": str(getattr(definition_of(population), "name", "") or "undeclared"),
    }
    return out


def _weighted(working: xr.DataArray, productivity: xr.DataArray, inner: list[Any]) -> xr.DataArray:
    """Return the sum of the weights of those in the labour force."""
    weights, _ = take(
        productivity, Input(title="productivity", unit="1", needs=("education",)), _WHERE,
        "productivity", complete=True,
    )  # fmt: skip
    if "education" not in working.dims:
        raise AlignmentError(
            _WHERE,
            "productivity is by education, population is not",
            "give population and participation by education",
            2,
            "population",
        )
    refuse(loaded(weights) <= 0, _WHERE, "productivity", "is not above zero")
    least, most = float(weights.min()), float(weights.max())
    if least > 10 or most < 0.1:
        raise InputError(
            _WHERE,
            f"productivity is from {least:g} to {most:g}, relative to a level with weight one",
            f'(productivity / productivity.sel(education="{weights.education.values[0]}", '
            'drop=True)).assign_attrs(units="1")',
            6,
            "productivity",
        )
    scalars = [str(c) for c, v in working.coords.items() if v.ndim == 0]
    lacking = [str(d) for d in working.dims if d != "education"] + scalars
    plain = working.drop_vars(status.NAME, errors="ignore")
    pair = align(_WHERE, {"population": plain, "productivity": weights}, lacking)
    return (pair["population"] * pair["productivity"]).sum(inner, skipna=False)


def dependency_change(
    before: Mapping[str, xr.DataArray],
    after: Mapping[str, xr.DataArray],
    *,
    ratio: str = "",
    lower: int = 15,
    upper: int = 65,
) -> xr.DataArray:
    """Return how much of the difference between two scenarios is due to each of their parts.

    Parameters
    ----------
    before, after : mapping of str to DataArray
        ``population``, ``participation`` and perhaps ``productivity``, as for
        :func:`economic_dependency`, of two scenarios, dates or areas; scalar coordinates that
        differ between the two are left out, and named in the attributes ``before`` and ``after``.
    ratio : str, optional
        One of the variables of :func:`economic_dependency`; by default the last.
    lower, upper : int
        As there.

    Returns
    -------
    DataArray {factor, …}
        In "1": the change of the ratio when one part changes, averaged over all orders in
        which the parts can change. The effects sum to the whole change.

    Raises
    ------
    KindError
        The two have other parts.
    MigovError
        As :func:`economic_dependency`.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> people = Cells((30, 60, 10), age="0-14 15-64 65+").array("person")
    >>> older = Cells((20, 55, 25), age="0-14 15-64 65+").array("person")
    >>> low, high = (Cells((r,), age="15-64").array("percent") for r in (50, 60))
    >>> change = dependency_change(
    ...     {"population": people, "participation": low},
    ...     {"population": older, "participation": high},
    ... )
    >>> change.round(4).values
    array([ 0.2778, -0.5808])

    References
    ----------
    Das Gupta (1993), Standardization and Decomposition of Rates, US Bureau of the Census.
    """
    where = "dependency_change"
    names = tuple(name for name in _FACTORS if name in before)
    for label, given in (("before", before), ("after", after)):
        whole = isinstance(given, Mapping) and set(given) == set(names) and len(names) >= 2
        if not whole:
            raise KindError(
                where,
                f"{label} has {', '.join(map(str, given))}, expected the same parts in both",
                "population, participation and perhaps productivity",
                8,
                label,
            )
    wanted = ratio or ("productivity_dependency" if len(names) == 3 else "labour_force_dependency")
    if wanted not in _LONG or (wanted == "productivity_dependency" and len(names) < 3):
        raise KindError(
            where, f"ratio={ratio!r} does not follow from {', '.join(names)}",
            f"one of {', '.join(_LONG)}", 8, "ratio",
        )  # fmt: skip
    found: dict[frozenset[str], xr.DataArray] = {}
    for given in (before, after):  # each for itself, before their parts are mixed
        economic_dependency(**given, lower=lower, upper=upper)
    bare, told, _ = apart({"before": before, "after": after})

    def value(changed: frozenset[str]) -> xr.DataArray:
        if changed not in found:
            parts = {n: bare["after" if n in changed else "before"][n] for n in names}
            table = economic_dependency(**parts, lower=lower, upper=upper)
            found[changed] = table[wanted].drop_vars(status.NAME, errors="ignore")
        return found[changed]

    orders = list(permutations(names))
    effects = []
    for name in names:
        steps = [frozenset(order[: order.index(name)]) for order in orders]
        moved = [value(first | {name}) - value(first) for first in steps]
        effects.append(sum(moved[1:], moved[0]) / len(orders))
    out = xr.concat(effects, dim="factor").assign_coords(factor=np.array(names))
    out.name = None
    out.attrs = {"units": "1", "long_name": f"effect on {wanted.replace('_', ' ')}", **told}
    return out
