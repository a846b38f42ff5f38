"""Search markets side by side: one for each segment, and what comes out over all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from migov.core.errors import AlignmentError, InputError, KindError, ParameterError
from migov.core.inputs import Input
from migov.labour.arguments import marked, numbers
from migov.labour.search import USE, SearchMarket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_FORCE = Input(title="labour force", unit="person")


def segments(markets: Mapping[str, SearchMarket], labour_force: xr.DataArray) -> xr.Dataset:
    """Return the steady states of separate markets, and of all together.

    Nobody moves between them.

    Parameters
    ----------
    markets : mapping of str to SearchMarket
        By label of the dimension of `labour_force`; of one period and kind of time.
    labour_force : DataArray {one dimension}
        In person.

    Returns
    -------
    Dataset {dimension}
        The steady state of each, and ``unemployed`` in person; the attribute
        ``unemployment`` is the rate over all.

    Raises
    ------
    AlignmentError, DimensionError, ParameterError, UnitError
        Labels that differ, several dimensions, periods that differ, no persons.

    Examples
    --------
    >>> import attrs
    >>> from migov.labour.search import PISSARIDES_2009
    >>> force = xr.DataArray([60.0, 40.0], {"occupation": ["2", "9"]}, attrs={"units": "person"})
    >>> worse = attrs.evolve(PISSARIDES_2009, separation=0.06)
    >>> found = segments({"2": PISSARIDES_2009, "9": worse}, force)
    >>> found.unemployed.round(2).values
    array([3.43, 3.8 ])
    """
    where = "segments"
    force = numbers(labour_force, _FORCE, where, "labour_force")
    if force.ndim != 1:
        raise ParameterError(
            where,
            "labour_force has several dimensions",
            "labour_force by the segments alone",
            8,
            "labour_force",
        )
    dim = str(force.dims[0])
    labels = [str(x) for x in force.coords[dim].values]
    if not hasattr(markets, "values") or not all(
        isinstance(market, SearchMarket) for market in markets.values()
    ):
        raise KindError(where, "markets holds no SearchMarket by label", "{…}", None, "markets")
    odd = set(labels) ^ set(markets)
    if odd:
        raise AlignmentError(
            where,
            f"labour_force and markets differ in {min(odd)!r}",
            "the same segments in both",
            2,
            "markets",
        )
    if len({(m.period, m.time) for m in markets.values()}) > 1:
        raise ParameterError(where, "markets of different periods", "one period", 9, "markets")
    each = [markets[label].steady_state() for label in labels]
    out = xr.concat(each, xr.Variable(dim, force.coords[dim].values), join="exact")
    for name in out.data_vars:
        out[name].attrs = dict(each[0][name].attrs)
    persons = np.asarray(force.values, float)
    if not persons.sum() > 0:
        raise InputError(
            where, "labour_force holds nobody", "persons above 0 in some segment", 7, "labour_force"
        )
    alone: NDArray[np.float64] = out["unemployment"].values * persons
    out["unemployed"] = (dim, alone, {"units": "person", "long_name": "unemployed"})
    out.attrs = {
        "title": "steady states of separate markets",
        "use": USE,
        "unemployment": float(alone.sum() / persons.sum()),
    }
    return marked(out, labour_force)
