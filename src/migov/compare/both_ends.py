"""Mirror statistics: what both ends of a flow report, how far apart, and what may be why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd
import xarray as xr

from migov.compare.differences import comparable
from migov.core import status
from migov.core.align import align
from migov.core.definition import UNKNOWN, Definition, definition_of
from migov.core.errors import DefinitionError, DimensionError, KindError
from migov.core.inputs import check_values
from migov.core.partition import check_additive, check_partition
from migov.core.units import to_unit, unit_of
from migov.core.vocabulary import check_dimensions, require

_COLUMNS = [
    "origin",
    "destination",
    "field",
    "at_destination",
    "at_origin",
    "larger",
    "why",
    "bridge",
]
LEAVING = (
    "departures are reported less than arrivals: who leaves has no gain from telling, so "
    "registers of the origin keep people who left (Poulain, Perrin and Singleton 2006)"
)


def _report(x: xr.DataArray, argument: str) -> xr.DataArray:
    where = "mirror"
    check_dimensions(x, where, argument)
    require(x, ["origin", "destination"], where, argument)
    check_additive(x, where, argument)
    for name in ("origin", "destination"):
        check_partition(x, name, where, argument)
    if "time" in x.dims:
        raise DimensionError(
            where,
            f"{argument} has time; moves have a period",
            f"{argument} with period and period_end",
            1,
            argument,
        )
    return check_values(x, "nonnegative", where, argument)


def as_mirrored(arrivals: Definition, departures: Definition) -> tuple[Definition, Definition]:
    """Return two definitions without what always differs between the ends of a flow.

    Arrivals are told by a stay and previous residence, departures by an absence and next
    residence: the absence takes the place of the stay, and direction goes.

    Examples
    --------
    >>> from migov.core import definitions
    >>> a, b = as_mirrored(definitions.EU_862_2007, definitions.EU_862_2007_EMIGRATION)
    >>> a == b
    True
    """
    absence = departures.exit_months
    stay = departures.stay_months if absence == UNKNOWN else absence
    same = {"criterion": "previous_residence", "direction": "both", "exit_months": UNKNOWN}
    return arrivals.evolve(**same), departures.evolve(**same, stay_months=stay)


def mirror_reasons(definitions: Mapping[str, Definition]) -> pd.DataFrame:
    """Return for each pair of reporters in what their definitions differ.

    Parameters
    ----------
    definitions : mapping of str to Definition
        Definition of moves of each area that reports, for arrivals and departures: its
        ``stay_months`` for the first, its ``exit_months`` for the second.

    Returns
    -------
    DataFrame
        ``origin, destination, field, at_destination, at_origin, larger, why, bridge``; `larger`
        is the end whose report is the larger for it: destination, origin, either, not known.

    Raises
    ------
    DefinitionError
        An item is no definition.

    Examples
    --------
    >>> from migov.core import definitions as d
    >>> table = mirror_reasons(
    ...     {"DEU": d.EU_862_2007.evolve(stay_months=3, exit_months=3), "MDA": d.EU_862_2007})
    >>> table.loc[table.field == "stay_months", ["origin", "destination", "larger"]].values.tolist()
    [['DEU', 'MDA', 'origin'], ['MDA', 'DEU', 'destination']]
    """
    if not isinstance(definitions, Mapping):
        told = f"definitions is a {type(definitions).__name__}"
        raise KindError("mirror_reasons", told, "a mapping of areas", 5, "definitions")
    rows = []
    for name, given in definitions.items():
        if not isinstance(given, Definition):
            raise DefinitionError(
                "mirror_reasons",
                f"{name} has a {type(given).__name__}",
                "migov.Definition(…)",
                5,
                "definitions",
            )
    for origin, leaving in definitions.items():
        for destination, arriving in definitions.items():
            if origin != destination:
                rows += _rows(origin, destination, arriving, leaving)
    return pd.DataFrame(rows, columns=_COLUMNS)


def _rows(
    origin: str, destination: str, arriving: Definition, leaving: Definition
) -> list[tuple[object, ...]]:
    ends = {"a": "destination", "b": "origin"}
    return [
        (
            origin,
            destination,
            item.field,
            item.a,
            item.b,
            ends.get(item.larger, item.larger),
            item.why,
            item.bridge,
        )
        for item in comparable(*as_mirrored(arriving, leaving)).differences
    ]


def _expected(reasons: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the sign that the definitions of a pair suggest, where all that say one agree."""
    signs = reasons["larger"].map({"destination": 1.0, "origin": -1.0})
    told = reasons.assign(sign=signs).dropna(subset="sign").groupby(["origin", "destination"])
    found = {}
    for pair, part in told:
        first = float(part["sign"].iloc[0])
        if (part["sign"] == first).all():
            found[cast("tuple[str, str]", pair)] = first
    return found


def mirror(
    arrivals: xr.DataArray,
    departures: xr.DataArray,
    definitions: Mapping[str, Definition] | None = None,
) -> xr.Dataset:
    """Put the reports of both ends of each flow side by side.

    Parameters
    ----------
    arrivals : DataArray {origin, destination, …}
        Moves as the destinations report them, in persons.
    departures : DataArray {origin, destination, …}
        The same moves as the origins report them. Who reports nothing is missing.
    definitions : mapping of str to Definition, optional
        Of each area that reports, see :func:`mirror_reasons`. Without it the definitions of
        the two arrays stand for all.

    Returns
    -------
    Dataset {origin, destination, …}
        ``arrivals`` and ``departures``; ``difference`` in persons, arrivals less departures;
        ``asymmetry`` in percent, 200 (I - E) / (I + E), 0 where both report none;
        ``suggested``: 1 where the definitions let the destination's report be the larger, -1
        the origin's, 0 where they say neither or contradict each other; ``as_suggested``: the
        sign of the difference is the suggested one, missing where none is. A pair within one
        area is not applicable.

    Raises
    ------
    DimensionError
        A report lacks origin or destination, or has time.
    AlignmentError
        The reports have not the same labels.

    Examples
    --------
    >>> import migov as mg
    >>> pair = {"origin": ["DEU", "POL"], "destination": ["DEU", "POL"]}
    >>> x = xr.DataArray([[0.0, 60.0], [150.0, 0.0]], pair, ("origin", "destination"),
    ...     attrs={"units": "person"})
    >>> found = mirror(x, x.copy(data=[[0.0, 100.0], [50.0, 0.0]]))
    >>> found.asymmetry.values
    array([[ nan, -50.], [100.,  nan]])

    References
    ----------
    Kelly (1987), Improving the comparability of international migration statistics,
    International Migration Review 21(4); Poulain, Perrin and Singleton (2006), THESIM: Towards
    Harmonised European Statistics on International Migration. Both from memory.
    """
    where = "mirror"
    ours, theirs = _report(arrivals, "arrivals"), _report(departures, "departures")
    theirs = to_unit(theirs, unit_of(ours, where, "arrivals"), where, "departures")
    ready = align(where, {"arrivals": ours, "departures": theirs}, lacking=())
    (one, flags_one), (two, flags_two) = (status.take(ready[name]) for name in ready)
    within = one.coords["origin"] == one.coords["destination"].astype(one.coords["origin"].dtype)
    one, two = one.where(~within), two.where(~within)
    both = one + two
    difference = one - two
    asymmetry = (200.0 * difference / both.where(both != 0)).where(both != 0, both)
    suggested, reasons = _suggested(arrivals, departures, one, definitions)
    agrees = (np.sign(difference) == suggested).astype(float)
    agrees = agrees.where((suggested != 0) & ~np.isnan(difference))
    flags = status.join([flags_one, flags_two])
    unit = str(arrivals.attrs["units"])
    out = {}
    for name, values, named, title in (
        ("arrivals", one, unit, "reported by the destination"),
        ("departures", two, unit, "reported by the origin"),
        ("difference", difference, unit, "arrivals less departures"),
        ("asymmetry", asymmetry, "percent", "200 (I - E) / (I + E)"),
        ("suggested", suggested, "1", "which report the definitions let be the larger"),
        ("as_suggested", agrees, "1", "whether the difference has the suggested sign"),
    ):
        plain = values.copy(deep=False)
        plain.attrs = {"units": named, "long_name": title}
        told = status.put(plain, flags) if name not in ("suggested",) else plain
        mark = name != "suggested" and bool(within.any())
        out[name] = status.mark(told, "not_applicable", at=within) if mark else told
    return xr.Dataset(out, attrs={"reasons": reasons, "note": LEAVING})


def _suggested(
    arrivals: xr.DataArray,
    departures: xr.DataArray,
    like: xr.DataArray,
    definitions: Mapping[str, Definition] | None,
) -> tuple[xr.DataArray, str]:
    """Return the suggested sign of each pair, and the reasons as text."""
    labels = [
        [str(label) for label in like.coords[name].values] for name in ("origin", "destination")
    ]
    signs = np.zeros([len(part) for part in labels])
    reasons = ""
    if definitions is not None:
        expected = _expected(mirror_reasons(definitions))
        for i, origin in enumerate(labels[0]):
            for j, destination in enumerate(labels[1]):
                signs[i, j] = expected.get((origin, destination), 0.0)
        reasons = "see migov.compare.mirror_reasons"
    else:
        ends = definition_of(arrivals), definition_of(departures)
        if ends[0] is not None and ends[1] is not None:
            rows = _rows("origin", "destination", ends[0], ends[1])
            table = pd.DataFrame(rows, columns=_COLUMNS)
            signs[:] = _expected(table).get(("origin", "destination"), 0.0)
            reasons = "; ".join(f"{row.field}: {row.why}" for row in table.itertuples())
        else:
            reasons = "the reports are undeclared: nothing is known of what they count"
    coords = {name: like.coords[name].values for name in ("origin", "destination")}
    return xr.DataArray(signs, coords, ("origin", "destination")), reasons
