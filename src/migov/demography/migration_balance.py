"""Net migration whose sum over the areas of a closed world is zero."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core import status
from migov.core.align import align
from migov.core.definition import define, definition_of
from migov.core.errors import AccountError, InputError, ParameterError, TimeError
from migov.core.inputs import Input
from migov.core.partition import check_partition
from migov.demography import kernels_migration_rates as kernels
from migov.demography.arguments import loaded, option, place_of, refuse, take

METHODS = ("shift", "scale")
_NET = Input(title="net migration", unit="person", needs=("area",), values="any")
_POPULATION = Input(title="population", unit="person", needs=("area",))
_WEIGHTS = Input(title="weights", unit="person", needs=("area",))
_WHERE = "balance_net_migration"


def balance_net_migration(
    net: xr.DataArray, *, how: str = "shift", weights: xr.DataArray | None = None
) -> xr.DataArray:
    """Return net migration brought to zero over all areas.

    Parameters
    ----------
    net : DataArray {area, …}
        Net migrants in persons of all areas of a world that nobody leaves; each cell of the
        further dimensions (period, sex, age, member) is balanced on its own.
    how : {"shift", "scale"}
        ``shift`` takes the surplus from all areas in proportion to `weights`, so that an area
        may change its sign; ``scale`` makes gains and losses both the mean of what the two
        were, so that none does.
    weights : DataArray {area, …}, optional
        With ``shift``: persons, the population mostly; it may lack dimensions of `net`. Without
        it all areas take the same number.

    Returns
    -------
    DataArray {area, …}
        Persons; in memory. Every area's number depends on all others.

    Raises
    ------
    InputError
        Missing numbers, weights below zero or all zero, only gains or only losses to scale.
    AlignmentError, UnitError, DimensionError, ParameterError
        Inputs that do not fit together.
    AccountError
        The sum is not zero.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> net = Cells((30.0, -10.0), area="DEU MDA").array("person")
    >>> people = Cells((80.0, 20.0), area="DEU MDA").array("person")
    >>> balance_net_migration(net, weights=people).values
    array([ 14., -14.])
    >>> balance_net_migration(net, how="scale").values
    array([ 20., -20.])

    References
    ----------
    Azose, Ševčíková and Raftery (2016), Proceedings of the National Academy of Sciences 113(23),
    on projections of all countries whose net migration sums to zero.
    """
    option(how, METHODS, _WHERE, "how")
    plain, flags = take(net, _NET, _WHERE, "net", complete=True)
    x = loaded(plain).transpose("area", ...)
    check_partition(x, "area", _WHERE, "net")
    refuse(x.isnull(), _WHERE, "net", "is missing", "estimate it, or leave out the area")
    if how == "scale":
        if weights is not None:
            told = "weights is given with how='scale', which uses none"
            raise ParameterError(_WHERE, told, 'how="shift"', 9, "weights")
        balanced = kernels.scaled_to_zero(x.values)
    else:
        balanced = kernels.shifted_to_zero(x.values, _weights(weights, x))
    out: xr.DataArray = x.copy(data=balanced)
    _check(out, x)
    out = out.transpose(*plain.dims)
    out.name = net.name
    out.attrs = {"units": "person", "long_name": f"net migration, zero over areas by {how}"}
    return status.put(define(out, definition_of(net)), flags)


def with_migrants(
    where: str, rate: xr.DataArray, population: xr.DataArray, balance: str, step: float
) -> xr.Dataset:
    """Return rates and migrants, brought to zero over the areas where that is asked.

    Raises
    ------
    MigovError
        Populations that do not fit the rates.
    """
    if balance not in ("none", *METHODS):
        raise ParameterError(
            where, f"balance={balance!r}", "'none', 'shift' or 'scale'", 9, "balance"
        )
    plain, flags = take(population, _POPULATION, where, "population", complete=True)
    people = loaded(plain)
    refuse(people <= 0, where, "population", "is zero or less", "leave out the area")
    if people.sizes.get("time", 1) > 1:
        told = f"population has {people.sizes['time']} dates"
        mend = "population.isel(time=-1, drop=True), or a mean of each period to come"
        raise TimeError(where, told, mend, 1, "population")
    if "time" in people.coords:
        people = people.isel(time=0, drop=True) if "time" in people.dims else people
        people = people.drop_vars("time", errors="ignore")
    given = align(where, {"rate": rate, "population": people}, ("member", "period"))
    weight = given["population"].transpose(*[d for d in rate.dims if d in given["population"].dims])
    net = (rate * weight * step).transpose(*rate.dims)
    net.attrs = {"units": "person"}
    if balance != "none":
        size = weight.assign_attrs(units="person") if balance == "shift" else None
        net = balance_net_migration(net, how=balance, weights=size)
        rate = (net / (weight * step)).transpose(*rate.dims)
    rate.attrs = {"units": "1/year", "long_name": "net migration rate, drawn"}
    net.attrs = {"units": "person", "long_name": "net migrants of the period, drawn"}
    return xr.Dataset({"rate": rate, "migrants": status.put(net, flags)})


def _weights(weights: xr.DataArray | None, x: xr.DataArray) -> np.ndarray:
    """Return weights on the labels of the numbers."""
    if weights is None:
        return np.ones(x.shape)
    plain, _ = take(weights, _WEIGHTS, _WHERE, "weights", complete=True)
    found = loaded(plain)
    lacks = tuple(str(d) for d in x.dims if d not in found.dims and d != "area")
    pair = align(_WHERE, {"net": x, "weights": found}, ("member", "scenario", *lacks))
    given = pair["weights"].transpose(*[d for d in x.dims if d in pair["weights"].dims])
    nobody = given.sum("area", skipna=False) == 0
    refuse(nobody, _WHERE, "weights", "is zero in all areas", "the population of the areas")
    return np.asarray(given.broadcast_like(pair["net"]).transpose(*x.dims).values)


def _check(out: xr.DataArray, given: xr.DataArray) -> None:
    """Refuse what does not sum to zero, as gains or losses alone cannot by scaling."""
    left = out.sum("area", skipna=False)
    bad = abs(left) > 1e-9 * (1.0 + abs(given).sum("area"))
    if not bool(bad.any()):
        return
    one_sided = ((given >= 0).all("area") | (given <= 0).all("area")) & (given != 0).any("area")
    if bool(one_sided.any()):
        at = place_of(one_sided)
        raise InputError(
            _WHERE,
            f"net has gains or losses alone{f' at {at}' if at else ''}; no scale makes them zero",
            'how="shift"',
            10,
            "net",
        )
    raise AccountError(
        _WHERE,
        f"the sum is not zero at {place_of(bad)}",
        "report it: the balancing has not closed",
        10,
        "net",
    )
