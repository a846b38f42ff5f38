"""Life tables of several decrements: causes of death, or ways of leaving a state."""

from __future__ import annotations

import xarray as xr

from migov.core import ages, status
from migov.core.align import align
from migov.core.errors import DimensionError, InputError, KindError
from migov.core.inputs import Input
from migov.core.partition import check_partition
from migov.demography.arguments import loaded, put_all, refuse, take, without_age
from migov.demography.life_tables import life_table

_WHERE = "multiple_decrement"


def multiple_decrement(
    rates: xr.DataArray | None = None,
    *,
    probabilities: xr.DataArray | None = None,
    by: str,
    ax: str = "greville",
    years_lived: xr.DataArray | None = None,
    close: str = "rate",
    radix: float = 100_000.0,
    youngest_open: float = 65.0,
    longest: float = 100.0,
) -> xr.Dataset:
    """Return a life table with its deaths by cause, or its exits by kind.

    Parameters
    ----------
    rates : DataArray {by, age, …}
        Rates of each decrement in 1/year, the last age open; the decrements are exclusive and
        make up all exits.
    probabilities : DataArray {by, age, …}
        Instead: probabilities to leave within the group by each decrement in the presence of
        the others; they sum to one in the open group, and nowhere to more.
    by : str
        Dimension of the decrements.
    ax, years_lived, close, radix, youngest_open, longest
        Of the table of all decrements, as in :func:`life_table`; with probabilities
        `close` cannot be ``rate``.

    Returns
    -------
    Dataset
        The columns of :func:`life_table` {age, …} of all decrements together, and
        ``probability_by`` {by, age, …} to leave in the group by each, ``deaths_by`` (persons
        of the radix), ``eventually`` (the share of those alive at each age who ever leave by
        it), and ``probability_alone``, the probability if it acted alone, its rate being a
        constant share of the rate of all within the group.

    Raises
    ------
    InputError
        Probabilities that sum to more than one, rates above their maximum, nobody leaving in
        the open group; with age, sex, area and member.
    PartitionError
        A total among the decrements.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> m = Cells([[0.001, 0.06], [0.004, 0.04]], cause="a b", age="0-69 70+").array("1/year")
    >>> table = multiple_decrement(m, by="cause", ax="half")
    >>> table.eventually.isel(age=-1).values.round(9)
    array([0.6, 0.4])
    >>> table.deaths_by.sum().round(6).item()
    100000.0

    References
    ----------
    Chiang (1968), Introduction to Stochastic Processes in Biostatistics. Preston, Heuveline
    and Guillot (2001), Demography, chapter 4.
    """
    name, x, flags = _one(rates, probabilities, by)
    whole = x.sum(by, skipna=False)
    whole.attrs = {"units": "1/year" if name == "rates" else "1"}
    if name == "probabilities":
        refuse(
            whole > 1.0 + 1e-9,
            _WHERE,
            name,
            f"sums to more than one over {by}",
            "probabilities in the presence of the other decrements",
            4,
        )
        refuse(
            abs(whole.isel(age=[-1]) - 1.0) > 1e-9,
            _WHERE,
            name,
            f"does not sum to one over {by} in the open group",
            "everybody leaves the open group",
            4,
        )
        whole = whole.clip(max=1.0).assign_attrs(units="1")
    table = life_table(
        whole if name == "rates" else None,
        probabilities=whole if name == "probabilities" else None,
        ax=ax,
        years_lived=years_lived,
        close=close,
        radix=radix,
        youngest_open=youngest_open,
        longest=longest,
    )
    divisor = whole.where(whole > 0, 1.0)
    share = (x / divisor).transpose(*x.dims)
    return put_all(_columns(table, share, by), flags)


def _one(
    rates: xr.DataArray | None, probabilities: xr.DataArray | None, by: str
) -> tuple[str, xr.DataArray, xr.DataArray | None]:
    """Return the one input, checked, in memory."""
    if not isinstance(by, str) or by in ("age", "sex", "period", "time", "member"):
        raise DimensionError(_WHERE, f"by={by!r}", "the dimension of the decrements", 8, "by")
    given = {"rates": rates, "probabilities": probabilities}
    told = {name: x for name, x in given.items() if x is not None}
    if len(told) != 1:
        raise KindError(
            _WHERE, f"given: {', '.join(told) or 'nothing'}", "rates or probabilities", 9, "rates"
        )
    name, x = next(iter(told.items()))
    contract = Input(
        title="decrements",
        unit="1/year" if name == "rates" else "1",
        needs=("age", by),
        values="nonnegative" if name == "rates" else "share",
    )
    found, flags = take(x, contract, _WHERE, name)
    check_partition(found, by, _WHERE, name)
    return name, loaded(found), without_age(flags, by)


def _columns(table: xr.Dataset, share: xr.DataArray, by: str) -> xr.Dataset:
    """Return the table with the columns by decrement."""
    bare = table.drop_vars(status.NAME, errors="ignore")
    pair = align(_WHERE, {"deaths": bare["deaths"], "share": share}, (by,))
    part = pair["share"]
    dead = part * pair["deaths"]
    chance = part * bare["death_probability"]
    backwards = slice(None, None, -1)
    above = dead.isel(age=backwards).cumsum("age", skipna=False).isel(age=backwards)
    above = above.assign_coords({"age": dead.coords["age"]})
    ever = above / bare["survivors"]
    alive = 1.0 - bare["death_probability"]
    alone = 1.0 - alive.clip(min=0.0) ** part
    parts = {
        "probability_by": (chance, "1", "probability to leave in the group by the decrement"),
        "deaths_by": (dead, "person", "deaths in the group by the decrement"),
        "eventually": (ever, "1", "share of those alive who ever leave by the decrement"),
        "probability_alone": (alone, "1", "probability if the decrement acted alone"),
    }
    out = bare.copy()
    order = [str(d) for d in share.dims]
    for name, (x, unit, title) in parts.items():
        y = x.transpose(*order)
        y.attrs = {"units": unit, "long_name": title}
        out[name] = y.assign_coords(age_width=("age", ages.widths(bare["deaths"])))
    gap = abs(out["deaths_by"].sum(by, skipna=False) - out["deaths"])
    if bool((gap > 1e-9 * float(table.attrs["radix"])).any()):
        raise InputError(
            _WHERE,
            "the decrements do not make up all deaths",
            "rates of all causes, the rest as a cause of its own",
            10,
            "rates",
        )
    out.attrs = {**table.attrs, "title": "multiple-decrement life table", "by": by}
    return out
