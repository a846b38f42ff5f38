"""Shares of a whole, and a whole spread by shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.core import status
from migov.core.definition import define, definition_of
from migov.core.errors import AlignmentError, InputError
from migov.core.inputs import Input, admit, check_values
from migov.core.partition import check_additive, check_partition, total
from migov.core.units import to_unit
from migov.core.vocabulary import check_dimensions, full_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

_SHARE = Input(title="share", unit="1", values="share")
SLACK = 1e-6
"""Shares that were rounded for print may sum to a little more than one."""


def share(x: xr.DataArray, dims: str | Sequence[str]) -> xr.DataArray:
    """Return the share of each class in the whole over some dimensions.

    Parameters
    ----------
    x : DataArray {dims, …}
        Counts, money or person-years over a partition.
    dims : str or sequence of str
        Dimensions whose classes make up the whole.

    Returns
    -------
    DataArray
        Same dimensions, in "1"; missing where the whole is zero. Status kept, no definition.

    Raises
    ------
    PartitionError
        `x` is a rate, or its classes overlap.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1.0, 3.0], {"sex": ["F", "M"]}, "sex", attrs={"units": "person"})
    >>> share(x, "sex").values
    array([0.25, 0.75])
    """
    whole = total(x, dims)
    plain, flags = status.take(full_width(x))
    bare, _ = status.take(whole)
    out = plain / bare.where(bare != 0)
    out.attrs = {"units": "1", "long_name": f"share of {x.attrs.get('long_name') or x.name or ''}"}
    for key in ("references", "edition"):
        if key in x.attrs:
            out.attrs[key] = x.attrs[key]
    return status.put(out.rename(None), flags)


def spread(amount: xr.DataArray, *shares: xr.DataArray) -> xr.DataArray:
    """Return an amount distributed by shares, each over classes of its own.

    Parameters
    ----------
    amount : DataArray
        Persons, money or person-years.
    *shares : DataArray
        In percent or "1". Over the dimensions that a share adds it sums to one, or to less
        where only a part is meant (one origin of several); dimensions that both have are
        matched by label.

    Returns
    -------
    DataArray
        In the unit of `amount`, with its definition and the joined status.

    Raises
    ------
    InputError
        A share below 0 or above 1, or shares that sum to more than one.
    AlignmentError
        Labels that both have differ.
    PartitionError
        The classes of a share overlap, or `amount` is a rate.

    Examples
    --------
    >>> import migov as mg
    >>> cap = mg.Cells(1000.0).array("person/year")
    >>> sexes = mg.Cells((40.0, 60.0), sex="F M").array("percent")
    >>> spread(cap, mg.Cells((0.25,), origin="ALB").array("1"), sexes).values
    array([[100., 150.]])
    """
    where = "spread"
    check_dimensions(amount, where, "amount")
    check_additive(amount, where, "amount")
    out, flags = status.take(amount)
    joined = [flags]
    for place, one in enumerate(shares):
        name = f"shares[{place}]"
        plain, flag = status.take(to_unit(admit(one, _SHARE, where, name), "1", where, name))
        plain = check_values(plain, "share", where, name).drop_vars(
            [key for key, coord in plain.coords.items() if coord.ndim == 0]
        )
        own = [str(dim) for dim in plain.dims if dim not in out.dims and dim != "member"]
        for dim in own:
            check_partition(plain, dim, where, name)
        sums = plain.sum(own, skipna=False)
        if bool((sums > 1 + SLACK).any()):
            most = float(sums.max())
            raise InputError(
                where,
                f"{name} sums to {most:.6g} over {', '.join(own)}",
                "migov.share(x, …)",
                4,
                name,
            )
        out, plain = _matched(out, plain, where, name)
        out = out * plain
        joined.append(None if flag is None else flag.reset_coords(drop=True))
    result = define(out, definition_of(amount))
    result.attrs = {**amount.attrs}
    result.name = amount.name
    return status.put(result, _union(joined, result))


def _matched(
    a: xr.DataArray, b: xr.DataArray, where: str, name: str
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return both with the labels that they share in the first one's order."""
    for dim in (str(d) for d in a.dims if d in b.dims):
        mine, theirs = a.indexes[dim], b.indexes[dim]
        if mine.equals(theirs):
            continue
        if set(mine) != set(theirs):
            raise AlignmentError(
                where, f"{name} has other labels of {dim!r}", f"select the same {dim}", 2, name
            )
        b = b.sel({dim: mine})
    return a, b


def _union(flags: Sequence[xr.DataArray | None], like: xr.DataArray) -> xr.DataArray | None:
    """Return the union of the statuses over the dimensions that each has."""
    known = [flag.reset_coords(drop=True) for flag in flags if flag is not None]
    if not known:
        return None
    ordered = [
        flag.sel({dim: like.indexes[dim] for dim in flag.dims if dim in like.indexes})
        for flag in known
    ]
    return status.join(ordered)
