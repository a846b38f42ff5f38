"""Search markets side by side: one for each segment, and what comes out over all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from migov.core import units
from migov.core.errors import AlignmentError, ParameterError
from migov.core.vocabulary import require
from migov.labour.search import USE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from migov.labour.search import SearchMarket


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
    by = units.factor(units.unit_of(labour_force, where, "labour_force"), "person", where)
    if labour_force.ndim != 1:
        require(labour_force, ["occupation"], where, "labour_force")
        raise ParameterError(where, "labour_force has several dimensions", "", 8, "labour_force")
    dim = str(labour_force.dims[0])
    labels = [str(x) for x in labour_force.coords[dim].values]
    odd = set(labels) ^ set(markets)
    if odd:
        raise AlignmentError(
            where, f"labour_force and markets differ in {min(odd)!r}", "", 2, "markets"
        )
    if len({(m.period, m.time) for m in markets.values()}) > 1:
        raise ParameterError(where, "markets of different periods", "one period", 9, "markets")
    each = [markets[label].steady_state() for label in labels]
    out = xr.concat(each, xr.Variable(dim, labour_force.coords[dim].values), join="exact")
    for name in out.data_vars:
        out[name].attrs = dict(each[0][name].attrs)
    persons = np.asarray(labour_force.values, float) * by
    alone: NDArray[np.float64] = out["unemployment"].values * persons
    out["unemployed"] = (dim, alone, {"units": "person", "long_name": "unemployed"})
    out.attrs = {
        "title": "steady states of separate markets",
        "use": USE,
        "unemployment": float(alone.sum() / persons.sum()),
    }
    return out
