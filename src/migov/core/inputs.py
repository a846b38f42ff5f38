"""What an argument has to be: the contract that an annotation carries, and how it is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import attrs
import numpy as np

from migov.core import ages, times, units
from migov.core.definition import UNKNOWN, definition_of
from migov.core.errors import (
    DefinitionError,
    DimensionError,
    InputError,
    KindError,
    TimeError,
    UnitError,
)
from migov.core.vocabulary import ROLES, check_dimensions, require

if TYPE_CHECKING:
    import xarray as xr

    from migov.core.definition import Definition

CURRENCY = "currency"
"""Stands in a declared unit for whichever one currency the inputs are in."""

_OF_PERSONS = ("persons", "permits")
_COUNTED = {
    ("person", "stock"): _OF_PERSONS,
    ("person", "flow"): (*_OF_PERSONS, "moves", "contracts", "detections"),
    ("post", ""): ("posts",),
    ("event", ""): ("persons", "moves", "permits", "detections", "contracts"),
}
"""What a definition may count, by unit and kind of the contract; those of neither stock nor flow
take persons and posts alike."""

Values = Literal["nonnegative", "share", "any"]


@attrs.frozen(kw_only=True)
class Input:
    """The contract of an argument, read from ``Annotated[xr.DataArray, Input(...)]``.

    Parameters
    ----------
    title : str
        What it is, in the field's terms.
    unit : str
        Unit that the argument is converted from; ``currency`` stands for any one currency.
    needs : tuple of str
        Dimensions that it must have.
    kind : {"stock", "flow", ""}
        A stock has ``time``, a flow ``period``; a rate may have either.
    role : str
        The role that its areas play; ``area`` is renamed to it.
    collector : tuple of {"origin", "transit", "destination"}
        The States that collect it.
    definition : {"", "needed"}
        Whether an undeclared definition is refused.
    asks : tuple of str
        Fields that the definition has to tell as those of the other inputs tell them, where
        unknown equals only unknown (``labour_standard``).
    values : {"nonnegative", "share", "any"}
        What the numbers may be; a share lies between 0 and 1.
    prices : {"", "current", "index"}
        ``current``: money that the body deflates, refused where it bears a base year already.
        ``index``: the price level that deflates, whose attribute ``price_base`` becomes that of
        the result.
    join : {"", "year"}
        ``year``: may bear another date of the same calendar year than the first argument.
    lacks : tuple of str
        Dimensions that it may lack although others have them, beside member and scenario.
    missing : {"propagate", "skip"}
        ``skip``: the official method leaves missing cells out; the coverage tells how many,
        and ``report`` marks the result ``partial``.
    sources : str
        Where it usually comes from.

    Examples
    --------
    >>> Input(title="population by age", unit="person", needs=("age",), kind="stock").needs
    ('age',)
    """

    title: str
    unit: str
    needs: tuple[str, ...] = ()
    kind: Literal["stock", "flow", ""] = ""
    role: str = ""
    collector: tuple[str, ...] = ("destination",)
    definition: Literal["", "needed"] = ""
    asks: tuple[str, ...] = ()
    values: Values = "nonnegative"
    prices: Literal["", "current", "index"] = ""
    join: Literal["", "year"] = ""
    lacks: tuple[str, ...] = ()
    missing: Literal["propagate", "skip"] = "propagate"
    sources: str = ""


def admit(x: Any, contract: Input, where: str, argument: str) -> xr.DataArray:
    """Return an argument with its structure checked and its areas in their role.

    Units are not converted and values not looked at; see :func:`factor_of` and
    :func:`check_values`.

    Raises
    ------
    MigovError
        The kind that fits the fault, naming the argument and the way out.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1.0], {"area": ["MDA"]}, "area", attrs={"units": "person"})
    >>> admit(x, Input(title="refugees", unit="person", role="origin"), "call", "x").dims
    ('origin',)
    """
    check_dimensions(x, where, argument)
    if x.dtype.kind not in "iuf":
        raise KindError(
            where,
            f"{argument} holds {x.dtype}, expected numbers",
            f"{argument}.astype(float)",
            8,
            argument,
        )
    if contract.role and contract.role != "area":
        x = _in_role(x, contract.role, where, argument)
    if contract.needs:
        require(x, contract.needs, where, argument)
    _check_kind(x, contract, where, argument)
    if "time" in x.coords or "period" in x.coords:
        times.check_instants(x, where, argument)
    if "age" in x.dims:
        ages.check_ages(x, where, argument)
    _check_filled(x, where, argument)
    declared = _declared(x, where, argument)
    if contract.definition == "needed" and (declared is None or not declared.known()):
        says = "undeclared" if declared is None else "declared without one field that is known"
        raise DefinitionError(
            where,
            f"{argument} is {says}; who is counted decides this figure",
            f"{argument} = migov.define({argument}, migov.definitions.…)",
            5,
            argument,
        )
    if contract.definition == "needed":
        check_counted(declared, contract, where, argument)
    return cast("xr.DataArray", x)


def check_counted(declared: Definition | None, contract: Input, where: str, argument: str) -> None:
    """Refuse a definition that counts another kind of unit than the contract: posts as persons.

    Among units of one kind a narrower population is admitted (refugees for migrants): it goes
    with the result, and :func:`migov.explain` names it.

    Raises
    ------
    DefinitionError
        The definition counts posts, moves or the like where the contract counts persons.

    Examples
    --------
    >>> from migov.core.definition import Definition
    >>> stock = Input(title="migrants", unit="person", kind="stock")
    >>> check_counted(Definition(counts="persons"), stock, "call", "migrants")
    """
    if declared is None or declared.counts == UNKNOWN:
        return
    # A post has the dimension of a person, and is told from one by its own word alone.
    own = [contract.unit] if contract.unit == "post" else []
    for base in own or units.powers(contract.unit.replace(CURRENCY, "EUR")):
        allowed = _COUNTED.get((base, contract.kind)) or _COUNTED.get((base, ""))
        if allowed is not None and declared.counts not in allowed:
            called = declared.name or "its definition"
            raise DefinitionError(
                where,
                f"{argument} ({contract.title}) is in {contract.unit!r}; {called} counts "
                f"{declared.counts}, expected {' or '.join(allowed)}",
                f"{argument} = migov.define({argument}, migov.definitions.…)  # of what it counts",
                5,
                argument,
            )


def _check_filled(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse an array of no cells: a sum over nothing would be a zero that nobody counted."""
    empty = next((str(dim) for dim in x.dims if not x.sizes[dim]), None)
    if empty is not None:
        raise DimensionError(
            where,
            f"{argument} is empty: it has no label along {empty!r}",
            f"select some {empty}; was the selection meant?",
            8,
            argument,
        )


def _declared(x: xr.DataArray, where: str, argument: str) -> Definition | None:
    try:
        return definition_of(x)
    except DefinitionError as fault:
        told = f"{argument} has a definition that cannot be read: {fault.what}"
        mend = f"{argument} = migov.define({argument}, migov.definitions.…)"
        raise DefinitionError(where, told, mend, 5, argument) from fault


def _in_role(x: xr.DataArray, role: str, where: str, argument: str) -> xr.DataArray:
    if role in x.dims or role in x.coords or "area" not in x.coords:
        return x
    other = [name for name in ROLES if name != "area" and name in x.dims]
    if other:
        raise DimensionError(
            where,
            f"{argument} has 'area' and {other[0]!r}; which of them is the {role}?",
            f"{argument}.rename(area={role!r})",
            8,
            argument,
        )
    return x.rename(area=role)


def _check_kind(x: xr.DataArray, contract: Input, where: str, argument: str) -> None:
    if contract.kind == "stock" and "period" in x.dims:
        raise TimeError(
            where,
            f"{argument} is a stock and has a period; a stock has time",
            f"give {argument} at instants",
            1,
            argument,
        )
    if contract.kind == "flow" and "time" in x.dims:
        raise TimeError(
            where,
            f"{argument} is a flow and has time; a flow has a period and its end",
            f"migov.person_years({argument})  # the bridge from a stock, if that is meant",
            1,
            argument,
        )


def currency_of(unit: str) -> str | None:
    """Return the currency of a unit, or None.

    Examples
    --------
    >>> currency_of("thousand EUR/month"), currency_of("person")
    ('EUR', None)
    """
    for base in units.powers(unit):
        if base.startswith("currency_"):
            return base.removeprefix("currency_")
    return None


def factor_of(
    x: xr.DataArray, contract: Input, currency: str | None, where: str, argument: str
) -> float:
    """Return the number that brings `x` to the coherent unit of its contract.

    Raises
    ------
    UnitError
        No unit, another dimension, or another currency.
    """
    given = units.unit_of(x, where, argument)
    declared = contract.unit
    if CURRENCY in declared:
        if currency is None:
            raise UnitError(
                where,
                f"{argument} is in {given!r}, expected money in {declared!r}",
                "a currency code, for instance 'EUR/month'",
                6,
                argument,
            )
        declared = declared.replace(CURRENCY, currency)
    try:
        return units.factor(given, units.coherent(declared), where, argument)
    except UnitError:
        raise _unlike(given, declared, where, argument) from None


def _unlike(given: str, declared: str, where: str, argument: str) -> UnitError:
    """Return the error for another dimension, with the bridge where there is one."""
    mend = f"give {argument} in {declared!r} or a multiple of it"
    have, want = units.powers(given), units.powers(declared)
    if have == {"person": 1.0} and want == {"person": 1.0, "time": 1.0}:
        mend = f"migov.person_years({argument})  # the bridge from a stock to a flow"
    elif have == {"person": 1.0} and want == {"person": 1.0, "time": -1.0}:
        mend = f'{argument}.attrs["units"] = "person/year" if these are the moves of one year'
    return UnitError(where, f"{argument} is in {given!r}, expected {declared!r}", mend, 6, argument)


def _fault(values: np.ndarray, allowed: Values) -> tuple[np.ndarray, str] | None:
    """Return where numbers cannot be, and why, or None."""
    if values.dtype.kind == "f":
        bad = np.isinf(values)
        if bad.any():
            return bad, "infinite"
    if allowed == "any":
        return None
    bad = values < 0
    if bad.any():
        return bad, "negative"
    if allowed == "share":
        bad = values > 1 + 1e-9
        if bad.any():
            return bad, "more than one"
    return None


_SHOWS = {"infinite": "np.isinf({})", "negative": "{} < 0", "more than one": "{} > 1"}
"""What shows the cells at fault, in coherent units."""


def _check_block(values: np.ndarray, allowed: Values, where: str, argument: str) -> np.ndarray:
    found = _fault(values, allowed)
    if found is not None:
        first = values[found[0]].flat[0]
        shows = _SHOWS[found[1]].format(argument)
        raise InputError(
            where,
            f"{argument} holds {first:g}, {found[1]}",
            f"{argument}.where(({shows}).compute(), drop=True).compute()",
            7,
            argument,
        )
    return values


def check_values(x: xr.DataArray, allowed: Values, where: str, argument: str) -> xr.DataArray:
    """Return `x` after a look at its numbers, or with the look put before their computation.

    Raises
    ------
    InputError
        Negative or infinite numbers, shares over one; for lazy arrays when computed.
    """
    data = x.data
    if not isinstance(data, np.ndarray):
        return x.copy(
            data=data.map_blocks(
                _check_block, dtype=data.dtype, allowed=allowed, where=where, argument=argument
            )
        )
    found = _fault(data, allowed)
    if found is None:
        return x
    bad, why = found
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
    labels = ", ".join(
        f"{dim} {str(x.coords[dim].values[i])[:10]}"
        for dim, i in zip(x.dims, place, strict=True)
        if dim in x.coords
    )
    raise InputError(
        where,
        f"{argument} holds {data[place]:g}, {why}" + (f", at {labels}" if labels else ""),
        "mend the value at its source; a missing one is NaN with its status",
        7,
        argument,
    )


def check_scale(x: xr.DataArray, where: str, argument: str) -> None:
    """Refuse shares in percent that are nowhere above one: fractions of one, by all appearance.

    For shares that are never so small throughout, such as participation. Lazy arrays pass.

    Raises
    ------
    UnitError
        The unit is percent and the largest number is one or less, and not zero.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> check_scale(Cells((40.0, 80.0), age="15-24 25-64").array("percent"), "call", "rates")
    """
    if not isinstance(x.data, np.ndarray) or not x.size or x.attrs.get("units") not in _PERCENT:
        return
    largest = float(np.fmax.reduce(np.asarray(x.data, float), axis=None))
    if 0 < largest <= 1:
        raise UnitError(
            where,
            f"{argument} is in percent and nowhere above {largest:g}",
            f'{argument}.assign_attrs(units="1") if these are shares of one',
            6,
            argument,
        )


_PERCENT = ("percent", "%")
