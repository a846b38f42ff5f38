"""Labour force by skill, and regions of a country brought to the national total."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
import xarray as xr

from migov.core import areas, status, units
from migov.core.align import align
from migov.core.definition import define, definition_of
from migov.core.errors import CodeError, DimensionError, MigovWarning, PartitionError
from migov.core.inputs import Input, check_scale
from migov.core.partition import check_partition
from migov.demography import kernels_labour_rates as kernels
from migov.demography.arguments import further, loaded, option, refuse, take

_CLOSES = 1e-9


def labour_force_by_skill(active: xr.DataArray, shares: xr.DataArray) -> xr.DataArray:
    """Return the labour force by skill, from that by education.

    Parameters
    ----------
    active : DataArray {education, …}
        Persons, such as :func:`labour_force` of a population by education.
    shares : DataArray {education, skill, …}
        Of those of a level of education, the share with each skill; they sum to one. The shares
        may lack every dimension but these two.

    Returns
    -------
    DataArray {skill, …}
        In the unit of `active`, with its definition; the total is unchanged.

    Raises
    ------
    InputError
        Shares that do not sum to one, missing shares, negative persons.
    AlignmentError, DimensionError, UnitError
        Inputs that do not fit together.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> active = Cells((100.0, 50.0), education="0-2 5-8").array("person")
    >>> shares = Cells([[80, 20], [10, 90]], education="0-2 5-8", skill="low high")
    >>> labour_force_by_skill(active, shares.array("percent")).values
    array([85., 65.])
    """
    where = "labour_force_by_skill"
    unit = units.unit_of(active, where, "active") if isinstance(active, xr.DataArray) else ""
    people, people_flags = take(
        active, Input(title="labour force", unit="person", needs=("education",)), where, "active"
    )
    part, part_flags = take(
        shares,
        Input(title="shares", unit="1", needs=("education", "skill"), values="share"),
        where,
        "shares",
        complete=True,
    )
    if "skill" in people.dims:
        raise DimensionError(where, "active has 'skill' already", "leave it out", 8, "active")
    whole = loaded(part.sum("skill", skipna=False))
    rounded = '(shares / shares.sum("skill")).assign_attrs(units="1"), if they are rounded'
    refuse(abs(whole - 1.0) > _CLOSES, where, "shares", "does not sum to 1 over skill", rounded)
    lacking = [d for d in further(people, age=True) if d not in part.dims and d != "education"]
    pair = align(
        where, {"active": people, "shares": part}, ("member", "scenario", "skill", *lacking)
    )
    out = (pair["active"] * pair["shares"]).sum("education", skipna=False)
    out = out.transpose(*[d for d in people.dims if d != "education"], "skill", ...)
    out = out.drop_vars([c for c in ("education",) if c in out.coords])
    out = out * units.factor("person", unit, where, "active")
    out.attrs = {"units": unit, "long_name": "labour force by skill"}
    out = define(out, definition_of(active))
    flags = status.join([people_flags, part_flags])
    return status.put(out, flags)


def bring_to_total(
    regions: xr.DataArray,
    national: xr.DataArray,
    population: xr.DataArray | None = None,
    *,
    how: Literal["proportional", "logit"] = "proportional",
) -> xr.DataArray:
    """Return the persons of the regions of a country so that they add up to the nation's.

    Parameters
    ----------
    regions : DataArray {area, …}
        Persons in each region: a labour force, say, or with ``logit`` the rates of it. No
        country beside its regions, and no region beside its parts.
    national : DataArray {…}
        Persons in the country, by the other dimensions of `regions`.
    population : DataArray {area, …}, optional
        Persons of whom those of `regions` are a part, and who no region may exceed; needed
        with ``logit``.
    how : {"proportional", "logit"}
        Keep the shares of the regions; or move the logits of all rates by one amount in each
        cell, so that no region has more in the labour force than people.

    Returns
    -------
    DataArray {area, …}
        In the unit of `national`; the definition of `regions`, flags joined, ``derived``.

    Raises
    ------
    InputError
        Regions of nobody where the nation has some; a region of more persons than its
        population; with ``logit`` a total beyond what the regions can have.
    PartitionError
        The country or a total beside its regions, or regions of another country.
    AlignmentError, DimensionError, UnitError
        Inputs that do not fit together.

    Warns
    -----
    MigovWarning
        The nation has a thousandth, or a thousand times, of what its regions have together.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> regions = Cells((30.0, 60.0), area="DE1 DE2").array("person")
    >>> bring_to_total(regions, Cells(100.0).array("person")).round(3).values
    array([33.333, 66.667])

    References
    ----------
    Smith, Tayman and Swanson (2013), A Practitioner's Guide to State and Local Population
    Projections, chapter 10.
    """
    where = "bring_to_total"
    option(how, ("proportional", "logit"), where, "how")
    rated = how == "logit"
    if rated and population is None:
        raise DimensionError(
            where, "how='logit' moves rates, and needs population", "population=…", 8, "population"
        )
    contract = Input(
        title="regions",
        unit="1" if rated else "person",
        needs=("area",),
        values="share" if rated else "nonnegative",
    )
    parts, flags = take(regions, contract, where, "regions", complete=True)
    unit = units.unit_of(national, where, "national") if isinstance(national, xr.DataArray) else ""
    if rated:
        check_scale(regions, where, "regions")
    nation, more = take(
        national, Input(title="national total", unit="person"), where, "national", complete=True
    )
    if "area" in nation.dims:
        raise DimensionError(
            where, "national has 'area'", "one country: national.isel(area=0, drop=True)", 8,
            "national",
        )  # fmt: skip
    _check_regions(where, parts, nation)
    given = {"regions": parts, "national": nation.drop_vars("area", errors="ignore")}
    if population is not None:
        given["population"], one = take(
            population, Input(title="population", unit="person", needs=("area",)), where,
            "population", complete=True,
        )  # fmt: skip
        more = status.join([more, one])
    given = {n: loaded(x) for n, x in align(where, given, ("member", "scenario", "area")).items()}
    _tell_scale(where, given["regions"] * given["population"] if rated else given["regions"], given)
    out = _by_logit(given, where) if rated else _by_shares(given, where)
    out = out.transpose(*[d for d in parts.dims if d in out.dims], ...)
    out = out * units.factor("person", unit, where, "national")
    out.attrs = {"units": unit, "long_name": regions.attrs.get("long_name", "persons")}
    out = define(out, definition_of(regions))
    return status.mark(status.put(out, status.join([flags, more])), "derived")


def _check_regions(where: str, parts: xr.DataArray, nation: xr.DataArray) -> None:
    """Refuse regions that overlap, and those of another country than the nation's."""
    check_partition(parts, "area", where, "regions")
    if "area" not in nation.coords:
        return
    told = str(nation.coords["area"].values[()])
    try:
        country = areas.code(told, where)
    except CodeError:
        country = told
    labels = [str(label) for label in parts.coords["area"].values]
    whole = [one for one in labels if one in (told, country)]
    wrong = [one for one in labels if areas.country_of(one) not in (None, country)]
    if len(labels) > 1 and whole:
        text, mend = f"holds {whole[0]}, the nation itself", f"regions.drop_sel(area={whole!r})"
    elif wrong and country in areas.table():
        text = f"holds {wrong[0]}, which is no region of {told}"
        mend = "the total of their own country"
        if len(wrong) < len(labels):
            mend = f"regions.drop_sel(area={wrong!r}), or {mend}"
    else:
        return
    raise PartitionError(where, f"area of regions {text}", mend, 4, "regions")


def _tell_scale(where: str, persons: xr.DataArray, given: dict[str, xr.DataArray]) -> None:
    """Warn where the regions together are a power of a thousand away from the nation."""
    with np.errstate(over="ignore"):
        pair = xr.broadcast(persons.sum("area"), given["national"])
        have, nation = (float(x.sum()) for x in pair)
    told = 0 < have < np.inf and 0 < nation < np.inf
    thousands = (np.log10(nation) - np.log10(have)) / 3.0 if told else 0.0
    if round(thousands) and abs(thousands - round(thousands)) < 0.015:  # a tenth of the number
        warnings.warn(
            f"{where}: national has {nation:g} persons, its regions together {have:g}\n"
            '  → national.assign_attrs(units="thousand person"), or another unit of one of them, '
            "unless the regions are those of a sample",
            MigovWarning,
            stacklevel=3,
        )


def _by_shares(given: dict[str, xr.DataArray], where: str) -> xr.DataArray:
    """Return persons in the proportions of the regions."""
    parts, wanted = given["regions"], given["national"]
    most = parts.max("area", skipna=False)
    refuse(
        (most == 0) & (wanted > 0), where, "regions", "have nobody where the nation has some",
        "what a wider group or another year says of the regions, in these cells",
    )  # fmt: skip
    scaled = parts / most.where(most > 0, 1.0)  # sums of the largest and smallest numbers stay
    whole = scaled.sum("area", skipna=False)
    out = wanted * (scaled / whole.where(whole > 0, 1.0))
    if "population" in given:
        people = given["population"]
        refuse(
            out > people * (1.0 + _CLOSES),
            where, "population", "is below the persons that the region would get",
            'how="logit" with the rates of regions keeps each within its population',
        )  # fmt: skip
    return out


def _by_logit(given: dict[str, xr.DataArray], where: str) -> xr.DataArray:
    """Return persons whose rates have moved by one logit in each cell."""
    persons, rates, wanted = xr.broadcast(
        given["population"], given["regions"], given["national"], exclude=()
    )
    order = ("area", *[d for d in persons.dims if d != "area"])
    persons, rates, wanted = (x.transpose(*order) for x in (persons, rates, wanted))
    goal = wanted.isel(area=0, drop=True)
    sure = (persons * (rates == 1)).sum("area")
    most = (persons * (rates > 0)).sum("area")
    slack = _CLOSES * persons.sum("area")
    refuse(
        (goal > most + slack) | (goal < sure - slack), where, "national",
        "is beyond what rates from 0 to 1 in the regions allow",
        "check that national and population count the same people",
    )  # fmt: skip
    moved = kernels.shift_logits(persons.values, rates.values, np.asarray(goal.values))
    return persons.copy(data=persons.values * moved)
