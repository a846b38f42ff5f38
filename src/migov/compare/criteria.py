"""Persons told by birth as told by citizenship, by a cross table of the two."""

from __future__ import annotations

import xarray as xr

from migov.compare.figures import Figures, declared, parts_of, result
from migov.core import status
from migov.core.align import align
from migov.core.errors import DefinitionError, DimensionError, InputError, ParameterError
from migov.core.inputs import check_values
from migov.core.partition import check_additive, check_partition
from migov.core.vocabulary import check_dimensions, require

CRITERIA = {"birthplace": "birth", "citizenship": "citizenship"}
"""Criterion of a definition by the dimension that holds it."""


def by_criterion(x: Figures, cross: xr.DataArray, *, to: str, changed: float) -> xr.Dataset:
    """Return a population told by birth as told by citizenship, or the other way round.

    Parameters
    ----------
    x : DataArray or Dataset {birthplace or citizenship, …}
        Persons, with their definition.
    cross : DataArray {birthplace, citizenship, …}
        The same population by both, at another date or from another source; every other
        dimension is one of `x`.
    to : {"citizenship", "birthplace"}
        The dimension wanted.
    changed : float
        Share of each row of `cross` that may have gone to other columns since it was taken,
        by naturalisation for instance; 0 where it is of the same date and source.

    Returns
    -------
    Dataset {…, to}
        ``value`` spreads `x` by the rows of `cross`, so its sum is that of `x`. For a row with
        the share s the range goes from s (1 - changed) to s + changed (1 - s).

    Raises
    ------
    DimensionError
        `cross` has not both dimensions, or others than `x`.
    DefinitionError
        `x` is undeclared or told by something else.
    InputError
        A row of `cross` is empty where `x` has persons.

    Examples
    --------
    >>> import migov as mg
    >>> born = ["DEU", "MDA"]
    >>> x = xr.DataArray([900.0, 100.0], {"birthplace": born}, "birthplace",
    ...     attrs={"units": "person"})
    >>> x = mg.define(x, mg.Definition(criterion="birth"))
    >>> cross = xr.DataArray([[8.0, 1.0], [1.0, 1.0]], {"birthplace": born, "citizenship": born},
    ...     ("birthplace", "citizenship"), attrs={"units": "person"})
    >>> by_criterion(x, cross, to="citizenship", changed=0.1).value.values
    array([850., 150.])
    """
    where = "by_criterion"
    parts, done = parts_of(x, where)
    check_dimensions(cross, where, "cross")
    check_additive(cross, where, "cross")
    cross = check_values(cross, "nonnegative", where, "cross")
    known, given = _sides(parts["value"], cross, to, changed, where)
    definition = declared(parts["value"], where)
    if definition.criterion != CRITERIA[known]:
        raise DefinitionError(
            where,
            f"x is told by {definition.criterion}, the table starts from {known}",
            f"x by {known}",
            5,
            "x",
        )
    wide = align(where, {"x": parts["value"], "cross": given.sum(to, skipna=False)}, lacking=())
    rows = wide["cross"]
    empty = (rows == 0) & (wide["x"] > 0)
    if bool(empty.any()) or bool(rows.isnull().any()):
        raise InputError(
            where,
            f"a row of cross is empty where x has persons ({known})",
            "a cross table of the whole population",
            7,
            "cross",
        )
    sums = given.sum(to, skipna=False)
    share = status.take(given)[0] / sums.where(sums > 0, 1.0)
    share = share.sel({dim: parts["value"].coords[dim] for dim in sums.dims})
    bounds = {
        "value": share,
        "lowest": share * (1.0 - changed),
        "highest": share + changed * (1.0 - share),
    }
    new = {}
    for name, part in parts.items():
        plain = status.take(part)[0]
        new[name] = (plain * bounds[name]).sum(known, skipna=False)
    ends = definition.evolve(
        name=f"{definition.name}, brought to {to}",
        criterion=CRITERIA[to],
        estimate="adjusted",
    )
    step = {"adjustment": where, "from": known, "to": to, "changed": changed}
    return result(new, parts["value"], ends, done, step)


def _sides(
    x: xr.DataArray, cross: xr.DataArray, to: str, changed: float, where: str
) -> tuple[str, xr.DataArray]:
    """Return the dimension that `x` is told by, and the cross table with its rows in order."""
    if not isinstance(to, str) or to not in CRITERIA:
        raise ParameterError(where, f"to={to!r}", "'citizenship' or 'birthplace'", 9, "to")
    if isinstance(changed, bool) or not 0 <= changed <= 1:
        raise ParameterError(where, f"changed={changed!r}", "a share from 0 to 1", 9, "changed")
    known = next(name for name in CRITERIA if name != to)
    require(x, [known], where, "x")
    require(cross, [known, to], where, "cross")
    others = set(cross.dims) - {to}
    if not others <= set(x.dims):
        extra = ", ".join(sorted(map(str, others - set(x.dims))))
        raise DimensionError(
            where,
            f"cross has {extra}, x has not",
            f"migov.total(cross, {sorted(map(str, others - set(x.dims)))})",
            2,
            "cross",
        )
    for name in (known, to):
        check_partition(cross, name, where, "cross")
    check_partition(x, known, where, "x")
    spread = {name: x.coords[name] for name in x.dims if name not in cross.dims}
    return known, cross.expand_dims(spread) if spread else cross
