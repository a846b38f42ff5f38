"""Shares of countries by class in regions, over those that answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import xarray as xr

from migov.core import areas, status, units
from migov.core.errors import AlignmentError, CodeError, DimensionError, InputError, KindError
from migov.core.vocabulary import check_dimensions
from migov.governance.instrument import Classes
from migov.governance.library import load
from migov.governance.results import instrument_of

WHERE = "governance.shares"


def shares(
    scored: xr.Dataset | xr.DataArray,
    groups: Mapping[str, Sequence[str]] | Sequence[str] = (),
    *,
    node: str | None = None,
    population: xr.DataArray | None = None,
    classes: Classes | None = None,
) -> xr.Dataset:
    """Return the shares of the countries of each region by class, and who is behind them.

    Each country that answered counts once whatever its population; who did not answer is left
    out, and nothing is imputed.

    Parameters
    ----------
    scored : Dataset or DataArray of int {area, …}
        From :meth:`Instrument.score`, or classes as published, 0 or NaN where there is none,
        with the reason in ``observation_status``.
    groups : mapping of str to sequence of str, or sequence of str
        Members of each region, or names of :func:`migov.core.areas.groups`; all areas together
        come first as ``World`` where it is empty.
    node : str, optional
        The root where absent.
    population : DataArray {area, …}
        Persons, of one date or at the dates of `scored`; NaN where unknown.
    classes : Classes, optional
        Of published classes; those of SDG 10.7.2 where absent.

    Returns
    -------
    Dataset {region, class, …}
        ``share`` and ``group_share {region, group, …}`` in percent of the responders;
        ``count``, ``responders`` and ``members``, without those whom the question does not
        concern; ``population_covered``, responders' share in the known population of the members.

    Raises
    ------
    CodeError
        A member is not among the areas, or a class is none.
    InputError
        A region without members, negative population.

    Examples
    --------
    >>> given = xr.DataArray([4, 2, 0], coords={"area": ["DEU", "MDA", "ALB"]}, dims="area")
    >>> shares(given, {"region": ["DEU", "MDA", "ALB"]}).group_share.values
    array([[50., 50.,  0.]])

    References
    ----------
    UN DESA and IOM (2021). SDG indicator metadata 10.7.2, section on regional aggregates.
    """
    given, scheme = _classes(scored, node, classes)
    number = _numbers(given, scheme)
    flags = given.coords[status.NAME].values if status.NAME in given.coords else None
    absent = np.zeros(number.shape, np.uint16) if flags is None else np.asarray(flags)
    concerned = (number > 0) | ((absent & status.flag("not_applicable")) == 0)
    people = _population(population, given)
    regions = _regions(groups, [str(a) for a in given.area.values])
    rest = [str(dim) for dim in given.dims if dim != "area"]
    whole = [_region(number, concerned, people, members, scheme) for members in regions.values()]
    stacked = [np.stack(parts) for parts in zip(*whole, strict=True)]
    coords: dict[str, Any] = {
        "region": list(regions),
        "class": np.arange(1, len(scheme.labels) + 1),
        "label": ("class", list(scheme.labels)),
        "group": [label for label, _ in scheme.groups],
        **{dim: given.coords[dim].values for dim in rest if dim in given.coords},
    }
    dims = ("region", *rest)
    percent = {"units": "percent", "long_name": "share of the countries that answered"}
    count = {"units": "1", "long_name": "countries"}
    data: dict[str, Any] = {
        "share": (("region", "class", *rest), stacked[0], percent),
        "group_share": (("region", "group", *rest), stacked[1], percent),
        "count": (("region", "class", *rest), stacked[2], count),
        "responders": (dims, stacked[3], {**count, "long_name": "countries that answered"}),
        "members": (dims, stacked[4], {**count, "long_name": "countries concerned"}),
    }
    if population is not None:
        data["population_covered"] = (
            dims,
            stacked[5],
            {"units": "percent", "long_name": "responders' share in the known population"},
        )
    return xr.Dataset(data, coords=coords, attrs={"title": "shares of countries by class"})


def _classes(
    scored: Any, node: str | None, classes: Classes | None
) -> tuple[xr.DataArray, Classes]:
    """Return classes over area first, and their scheme."""
    if isinstance(scored, xr.Dataset):
        instrument = instrument_of(scored, WHERE)
        name = instrument.root if node is None else node
        scheme = instrument.classes_of(name)
        if scheme is None:
            raise CodeError(
                WHERE,
                f"{name!r} of {instrument.name} has no classes",
                "node= one with classes, such as the root",
                9,
                "node",
            )
        one = scored.sel(node=name)
        given = one["class"].assign_coords({status.NAME: one[status.NAME]})
    else:
        check_dimensions(scored, WHERE, "scored")
        given = scored
        scheme = classes or load("sdg-10.7.2", edition="2021").classes[0]
        if not isinstance(scheme, Classes):
            raise KindError(WHERE, "classes is no Classes", "governance.Classes(…)", 9, "classes")
    if "area" not in given.dims or "area" not in given.indexes:
        raise DimensionError(
            WHERE, "scored has no labelled 'area'", "scored.assign_coords(area=codes)", 8, "scored"
        )
    if not given.indexes["area"].is_unique:
        raise DimensionError(WHERE, "scored has an area twice", "each area once", 8, "scored")
    return given.transpose("area", ...), scheme


def _numbers(given: xr.DataArray, scheme: Classes) -> Any:
    if given.dtype.kind not in "iuf":
        raise InputError(WHERE, f"scored holds {given.dtype}", "numbers of classes", 9, "scored")
    values = np.nan_to_num(given.values.astype(float), nan=0.0)
    if not np.isin(values, np.arange(len(scheme.labels) + 1)).all():
        wrong = values[~np.isin(values, np.arange(len(scheme.labels) + 1))][0]
        raise InputError(WHERE, f"{wrong:g} is no class", f"1 to {len(scheme.labels)}", 9, "scored")
    return values.astype(int)


def _population(population: xr.DataArray | None, given: xr.DataArray) -> Any:
    shape = given.shape
    if population is None:
        return np.full(shape, np.nan)
    check_dimensions(population, WHERE, "population")
    foreign = [dim for dim in population.dims if dim not in given.dims]
    if "area" not in population.dims or foreign:
        raise DimensionError(
            WHERE,
            f"population has {population.dims}",
            f"population.sel({foreign[0]}=…): of one" if foreign else "population by area",
            8,
            "population",
        )
    if "units" in population.attrs:
        units.factor(population.attrs["units"], "person", WHERE, "population")
    for dim in population.dims:
        lacking = sorted(set(given[dim].values) - set(population[dim].values))
        if lacking:
            raise AlignmentError(
                WHERE,
                f"population lacks {dim} {', '.join(str(label)[:10] for label in lacking[:4])}",
                "NaN where it is unknown",
                2,
                "population",
            )
    here = population.sel({dim: given[dim].values for dim in population.dims})
    here = here.transpose(*(dim for dim in given.dims if dim in here.dims))
    values = here.values.astype(float)
    if np.isinf(values).any() or (values < 0).any():
        raise InputError(
            WHERE,
            "population is negative or infinite",
            "persons from 0 for each area",
            None,
            "population",
        )
    sizes = dict(zip(given.dims, shape, strict=True))
    wide = values.reshape([sizes[dim] if dim in here.dims else 1 for dim in given.dims])
    return np.broadcast_to(wide, shape)


def _regions(groups: Any, known: list[str]) -> dict[str, list[int]]:
    if isinstance(groups, str):
        groups = [groups]
    if not groups:
        groups = {"World": known}
    if not isinstance(groups, Mapping):
        groups = {name: [a for a in areas.members(name) if a in known] for name in groups}
    found = {}
    for name, members in groups.items():
        foreign = [one for one in members if one not in known]
        if foreign:
            raise CodeError(
                WHERE,
                f"{foreign[0]!r} of {name!r} is not among the areas",
                "members that scored has",
                4,
                "groups",
            )
        if not members or len(set(members)) < len(members):
            raise InputError(
                WHERE,
                f"{name!r} has no members, or one twice",
                "members of each group, each once",
                4,
                "groups",
            )
        found[str(name)] = [known.index(one) for one in members]
    return found


def _region(
    number: Any, concerned: Any, people: Any, members: list[int], scheme: Classes
) -> tuple[Any, ...]:
    """Return share, group share, count, responders, members and population covered."""
    own, here = number[members], concerned[members]
    counts = np.stack([(own == k + 1).sum(axis=0) for k in range(len(scheme.labels))])
    heard = counts.sum(axis=0)
    share = _percent(counts, heard)
    grouped = (
        np.stack([counts[[k - 1 for k in of]].sum(axis=0) for _, of in scheme.groups])
        if (scheme.groups)
        else np.zeros((0, *heard.shape))
    )
    known = np.where(here, people[members], np.nan)
    whole = np.nansum(known, axis=0)
    answered = np.nansum(np.where(own > 0, known, np.nan), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        covered = np.where(whole > 0, 100.0 * answered / whole, np.nan)
    return share, _percent(grouped, heard), counts, heard, here.sum(axis=0), covered


def _percent(counts: Any, heard: Any) -> Any:
    """Return exact percentages as the nearest floats, NaN where nobody answered."""
    out = np.full(counts.shape, np.nan)
    for place in np.ndindex(counts.shape):
        below = int(heard[place[1:]])
        if below:
            out[place] = float(Fraction(100 * int(counts[place]), below))
    return out
