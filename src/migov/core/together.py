"""What the inputs of one call have to agree in: who is counted, money, dates, part and whole."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import prices, units
from migov.core.align import BROADCAST, shown
from migov.core.definition import (
    ATTRIBUTE,
    CHOICES,
    GROUPS,
    UNKNOWN,
    Definition,
    define,
    definition_of,
)
from migov.core.errors import AlignmentError, DefinitionError, InputError, UnitError
from migov.core.inputs import CURRENCY, Input, currency_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import xarray as xr

    from migov.core.indicator import Indicator

PEOPLE = ("residence_rule", "population_base", "territory", "labour_standard")
"""Fields that say of whose population a figure is: what a ratio's two sides may not differ in."""
THRESHOLD = ("stay_months", "stay_limit", "stay_count")
"""Fields that part residents from visitors, which a part and its whole share beside these."""
_OF_A_MODEL = ("residence_rule", "population_base")
"""Not compared between two modelled figures: international estimates are fitted to the totals of
one population (the United Nations'), whatever the residence rule of their sources."""
SLACK = 1e-9
"""Parts that were rounded apart from their whole may exceed it by as much."""


def stated(made: Indicator, x: Any, contract: Input) -> Any:
    """Return an undeclared input as the indicator's own fields state it, others as they are.

    A field of the class that is named as a field of the definition that the contract asks for
    (``labour_standard``) speaks for inputs that say nothing of it themselves.
    """
    if not contract.asks or ATTRIBUTE in getattr(x, "attrs", {ATTRIBUTE: ""}):
        return x
    own = _own(made, contract)
    return define(x, Definition(**own)) if own else x


def _own(made: Indicator, contract: Input) -> dict[str, Any]:
    """Return what the fields of an indicator state of the definition that a contract asks for."""
    found = {field: getattr(made, field, None) for field in contract.asks}
    return {field: value for field, value in found.items() if value in CHOICES[field]}


def undeclared(
    made: Indicator, given: Mapping[str, Any], contracts: Mapping[str, Input]
) -> DefinitionError | None:
    """Return the error for all inputs that lack a definition, with the one line to type."""
    bare = [
        name
        for name, x in given.items()
        if contracts[name].definition == "needed"
        and ATTRIBUTE not in getattr(x, "attrs", {ATTRIBUTE: ""})
    ]
    if not bare:
        return None
    where, first = type(made).__name__, bare[0]
    asks = contracts[first].asks
    options = {field: _options(field, given) for field in asks}
    mend = _define(bare, {field: found[0] for field, found in options.items()})
    if asks and hasattr(made, asks[0]):
        mend = f'{where}({asks[0]}="{options[asks[0]][0]}")(…)'
    if asks:
        mend += "  # or " + ", ".join(f'"{one}"' for one in options[asks[0]][1:])
    verb = "is" if len(bare) == 1 else "are"
    told = f"{' and '.join(bare)} {verb} undeclared; who is counted decides this figure"
    return DefinitionError(where, told, mend, 5, first)


def _options(field: str, given: Mapping[str, Any]) -> list[str]:
    """Return what a field may say, first what another input's definition says."""
    told = []
    for x in given.values():
        with suppress(DefinitionError):  # one that cannot be read is told in its turn
            found = definition_of(x) if ATTRIBUTE in getattr(x, "attrs", {}) else None
            told.append(getattr(found, field, UNKNOWN))
    return list(dict.fromkeys([*(one for one in told if one != UNKNOWN), *CHOICES[field]]))


def _define(names: list[str], fields: Mapping[str, str]) -> str:
    """Return the line that declares one input or several."""
    told = "migov.definitions.…"
    if fields:
        stated = ", ".join(f'{field}="{value}"' for field, value in fields.items())
        told = f"migov.Definition({stated})"
    if len(names) == 1:
        return f"{names[0]} = migov.define({names[0]}, {told})"
    several = ", ".join(names)
    return f"{several} = (migov.define(x, {told}) for x in ({several}))"


def check_definitions(
    made: Indicator, arrays: Mapping[str, xr.DataArray], contracts: Mapping[str, Input]
) -> None:
    """Refuse inputs whose definitions contradict where they are of one population.

    Inputs that one State collects, and a part with its whole, may not contradict in the fields
    that the indicator names (``alike``), part and whole besides not in the threshold of stay, nor
    may the whole exclude a group that the part counts. What one side does not know contradicts
    nothing, except in a field that both contracts ask for: there unknown equals only unknown.

    Raises
    ------
    DefinitionError
        They contradict, or one contradicts a field of the indicator.
    """
    told = {
        name: _completed(made, name, found, contracts[name])
        for name, x in arrays.items()
        if (found := definition_of(x)) is not None
    }
    if len(told) < 2:
        return
    pairs = {(part, whole) for text, whole in made.info.within for part in text.split(" + ")}
    for a, b in combinations(told, 2):
        if told[a] is told[b]:
            continue
        nested = (a, b) if (a, b) in pairs else (b, a) if (b, a) in pairs else None
        if nested or set(contracts[a].collector) & set(contracts[b].collector):
            fields = (*made.info.alike, *(THRESHOLD if nested and made.info.alike else ()))
            asked = set(contracts[a].asks) & set(contracts[b].asks)
            apart = _apart(told[a], told[b], fields, asked)
            if nested:
                apart |= _left_out(told, nested, a)
            if apart:
                raise _unlike(type(made).__name__, a, b, apart)


def _completed(made: Indicator, name: str, one: Definition, contract: Input) -> Definition:
    """Return a definition with what the indicator's fields state, which it may not contradict."""
    own = _own(made, contract)
    for field, value in own.items():
        other = getattr(one, field)
        if other not in (UNKNOWN, value):
            raise DefinitionError(
                type(made).__name__,
                f"{field}={value!r}, and {name} is by {other!r}",
                f"{type(made).__name__}({field}={other!r})(…), or inputs of the other",
                5,
                name,
            )
    return one.evolve(**own) if own else one


def _apart(
    a: Definition, b: Definition, fields: Iterable[str], asked: Iterable[str]
) -> dict[str, tuple[Any, Any]]:
    free = _OF_A_MODEL if a.estimate == b.estimate == "modelled" else ()
    pairs = {field: (getattr(a, field), getattr(b, field)) for field in (*fields, *asked)}
    return {
        field: pair
        for field, pair in pairs.items()
        if pair[0] != pair[1] and field not in free and (UNKNOWN not in pair or field in asked)
    }


def _left_out(
    told: Mapping[str, Definition], nested: tuple[str, str], first: str
) -> dict[str, tuple[Any, Any]]:
    """Return the groups that a part counts and its whole excludes, in the order of the inputs."""
    part, whole = (told[name] for name in nested)
    return {
        group: pair if nested[0] == first else pair[::-1]
        for group in GROUPS
        if (pair := (getattr(part, group), getattr(whole, group)))[1] == "excluded"
        and pair[0] in ("included", "only")
    }


def _unlike(where: str, a: str, b: str, apart: Mapping[str, tuple[Any, Any]]) -> DefinitionError:
    told = "; ".join(f"{field}: {mine} and {theirs}" for field, (mine, theirs) in apart.items())
    name, side = (b, 0) if all(pair[0] != UNKNOWN for pair in apart.values()) else (a, 1)
    # Who counts a group alone is told of a whole that includes it, not of one that is it.
    given = {field: pair[side] for field, pair in apart.items()}
    given |= {group: "included" for group in GROUPS if given.get(group) == "only"}
    fields = ", ".join(f"{field}={value!r}" for field, value in given.items())
    mend = (
        f"{name} = migov.define({name}, migov.definition_of({name}).evolve({fields})) if it is "
        "so; migov.compare.comparable tells what the difference does"
    )
    return DefinitionError(where, f"{a} and {b} count by unlike rules ({told})", mend, 5, b)


def check_within(
    made: Indicator, arrays: dict[str, xr.DataArray], contracts: Mapping[str, Input]
) -> None:
    """Refuse a part, or parts together, beyond their whole; lazily where they are lazy.

    Dimensions that a part may lack by its contract are added up in the whole.

    Raises
    ------
    InputError
        A part exceeds its whole; for lazy arrays when computed.
    """
    for text, whole in made.info.within:
        parts = [name for name in text.split(" + ") if name in arrays]
        if parts and whole in arrays:
            over = {dim for name in parts for dim in contracts[name].lacks}
            arrays[parts[0]] = within(type(made).__name__, arrays, parts, whole, over)


def within(
    where: str,
    arrays: Mapping[str, xr.DataArray],
    parts: Sequence[str],
    whole: str,
    over: Collection[str] = (),
) -> xr.DataArray:
    """Return the first of some parts after a look that together they are within their whole.

    Parameters
    ----------
    where : str
        The call that an error names.
    arrays : mapping of str to DataArray
        Aligned arrays by the names that an error gives them.
    parts : sequence of str
        Names of the parts, which are added.
    whole : str
        Name of the whole.
    over : collection of str
        Dimensions that are added up in the whole where the parts lack them.

    Raises
    ------
    InputError
        A part exceeds its whole; for lazy arrays when computed.

    Examples
    --------
    >>> import xarray as xr
    >>> one = {"women": xr.DataArray(30.0), "all": xr.DataArray(50.0)}
    >>> within("call", one, ["women"], "all").item()
    30.0
    """
    import xarray as xr

    first, limit = arrays[parts[0]], arrays[whole]
    part = sum((arrays[name] for name in parts[1:]), start=first)
    added = [dim for dim in limit.dims if dim in set(over).difference(BROADCAST, part.dims)]
    if added:
        limit = limit.sum(added, skipna=False)
    if part.dims != limit.dims:
        part, limit = xr.broadcast(part, limit)
    names = " + ".join(parts), whole
    if isinstance(part.data, np.ndarray) and isinstance(limit.data, np.ndarray):
        bad = part.values > limit.values * (1 + SLACK)
        if bad.any():
            place = np.unravel_index(int(np.argmax(bad)), bad.shape)
            values = float(part.values[place]), float(limit.values[place])
            raise _beyond(where, names, values, _at(part, place))
        return first
    excess = (part - limit * (1 + SLACK)).max([dim for dim in part.dims if dim not in first.dims])
    checked = xr.apply_ufunc(
        _within_block,
        first,
        excess,
        kwargs={"where": where, "names": names},
        dask="parallelized",
        output_dtypes=[float],
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    return first.copy(data=checked.transpose(*first.dims).data)


def _within_block(
    part: np.ndarray, excess: np.ndarray, where: str, names: tuple[str, str]
) -> np.ndarray:
    if (excess > 0).any():
        raise _beyond(where, names, (), "")
    return part


def _beyond(where: str, names: tuple[str, str], values: tuple[float, ...], at: str) -> InputError:
    part, whole = names
    told = f"{part} is beyond {whole}"
    if values:
        told = f"{part} holds {values[0]:g} where {whole} is {values[1]:g}"
    return InputError(
        where,
        f"{told}{at}: a part beyond its whole",
        "the same people, ages, place and date in both",
        7,
        part.split(" + ")[0],
    )


def _at(x: xr.DataArray, place: tuple[Any, ...]) -> str:
    labels = [
        f"{dim} {shown(x.coords[dim].values[int(i)])}"
        for dim, i in zip(x.dims, place, strict=True)
        if dim in x.coords
    ]
    return f", at {', '.join(labels)}" if labels else ""


def check_lacks(
    where: str, arrays: Mapping[str, Any], contracts: Mapping[str, Input], lacking: set[str]
) -> None:
    """Refuse that an input lacks a dimension which only another input may lack."""
    for dim in lacking.difference(BROADCAST):
        having = [name for name, x in arrays.items() if dim in x.dims or dim in x.coords]
        for name in arrays:
            if having and name not in having and dim not in contracts[name].lacks:
                labels = arrays[having[0]].coords[dim].values
                raise AlignmentError(
                    where,
                    f"{having[0]} has {dim!r} ({shown(labels)}), {name} has not",
                    f"give {name} by {dim}",
                    2,
                    name,
                )


def money(
    where: str, arrays: Mapping[str, Any], contracts: Mapping[str, Input]
) -> tuple[str | None, Any]:
    """Return the one currency and the one price base of the inputs."""
    found: dict[str, str] = {}
    bases: dict[str, Any] = {}
    index = prices.base_of(where, arrays, contracts)
    for name, x in arrays.items():
        if CURRENCY not in contracts[name].unit:
            continue
        one = currency_of(units.unit_of(x, where, name))
        if one is not None:
            found[name] = one
            bases[name] = prices.base(x, contracts[name])
    for label, values in (("currency", found), ("price base", bases)):
        first = next(iter(values), "")
        for name, value in values.items():
            if value != values[first]:
                raise UnitError(
                    where,
                    f"the {label} of {first} is {values[first]}, of {name} {value}",
                    "convert one of them at a dated rate first",
                    6,
                    name,
                )
    first = next(iter(found), "")
    return found.get(first), index or bases.get(first)


def join_dates(
    where: str, arrays: dict[str, Any], contracts: Mapping[str, Input]
) -> dict[str, Any]:
    """Give inputs that may bear another date of the year the first one's; return theirs."""
    kept: dict[str, Any] = {}
    first = next(iter(arrays), "")
    for name, x in arrays.items():
        if contracts[name].join != "year" or "time" not in x.coords or name == first:
            continue
        target = arrays[first].coords.get("time")
        if target is None or target.ndim != x.coords["time"].ndim:
            continue
        mine, theirs = np.atleast_1d(target.values), np.atleast_1d(x.coords["time"].values)
        if np.array_equal(mine, theirs):
            continue
        years, other = mine.astype("M8[Y]"), theirs.astype("M8[Y]")
        absent = np.setdiff1d(years, other)
        if absent.size or np.setdiff1d(other, years).size or len(set(other)) != len(other):
            raise AlignmentError(
                where,
                f"{first} is for {shown(years.astype(str))}, {name} for {shown(other.astype(str))}",
                f"one date a year in each, the same years; select them from {name}",
                2,
                name,
            )
        order = np.argsort(other)[np.searchsorted(np.sort(other), years)]
        joined = x.isel(time=order) if target.dims else x
        kept[f"{name}_time"] = (target.dims, theirs[order] if target.dims else theirs[0])
        arrays[name] = joined.assign_coords({"time": target.values}).assign_coords(
            {f"{name}_time": kept[f"{name}_time"]}
        )
    return kept
