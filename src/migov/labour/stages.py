"""Stages before a placement: language, recognition of a qualification, with time and drop-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status, times
from migov.core.align import BROADCAST, align
from migov.core.errors import (
    AccountError,
    InputError,
    ParameterError,
    TimeError,
)
from migov.core.inputs import Input, admit, check_scale, check_values, factor_of
from migov.labour import kernels_stages as kernels
from migov.labour.arguments import several

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENTRANTS = Input(title="people who start", unit="person", needs=("period",), kind="flow")
_INPUTS = {
    "passes": Input(title="share that passes", unit="1", values="share"),
    "delay": Input(title="how long it takes", unit="year"),
    "drop_out": Input(title="rate of giving up", unit="1/year"),
}


_MOST = 5.0
"""Rate of giving up above which it is taken for one in percent."""


@attrs.frozen(kw_only=True, eq=False)
class Stage:
    """One stage: language before placement, or recognition by occupation and origin.

    Parameters
    ----------
    name : str
        Its name.
    passes : DataArray {occupation, origin, …}
        Share that passes of those who come to its end.
    delay : DataArray {occupation, origin, …}
        How long it takes, in month or year.
    drop_out : DataArray {occupation, origin, …}, optional
        Rate at which people give up while it lasts, in 1/year or percent/year, at most 5 a
        year; nobody where absent.

    Examples
    --------
    >>> Stage(name="german B1", passes=xr.DataArray(0.8, attrs={"units": "1"}),
    ...     delay=xr.DataArray(9.0, attrs={"units": "month"})).name
    'german B1'
    """

    name: str
    passes: xr.DataArray = attrs.field(repr=False)
    delay: xr.DataArray = attrs.field(repr=False)
    drop_out: xr.DataArray | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise ParameterError("Stage", f"name={self.name!r}", "a text", 9, "name")


def through_stages(entrants: xr.DataArray, stages: Sequence[Stage]) -> xr.Dataset:
    """Return who comes through stages one after another, period by period.

    People enter each period evenly. Who gives up does so while waiting; of those who come to
    the end of a stage a share passes and enters the next one, the others leave.

    Parameters
    ----------
    entrants : DataArray {period, occupation, origin, …}
        People who start the first stage, in person; periods of equal length that adjoin.
    stages : sequence of Stage
        In their order; their arrays may lack dimensions of `entrants`, and have no others but
        member and scenario.

    Returns
    -------
    Dataset {stage, period, …}
        Flows in person: ``entered``, ``passed``, ``failed``, ``dropped``; ``candidates``
        {period, …}, those through the last stage; the stock ``waiting`` {stage, time, …} at the
        end of each period.
        The status is the union of the inputs'.

    Raises
    ------
    TimeError
        Periods of different lengths, or with gaps.
    ParameterError, KindError
        No stages, two of one name, something else than stages.
    DimensionError, AlignmentError, UnitError, InputError
        Labels, units or numbers that cannot be.
    AccountError
        Those who entered are not those who passed, failed, gave up or wait.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> start = Cells((100.0, 0.0), period="2025 2026").array("person")
    >>> half = Stage(name="recognition", passes=xr.DataArray(0.5, attrs={"units": "1"}),
    ...     delay=xr.DataArray(6.0, attrs={"units": "month"}))
    >>> through_stages(start, [half]).candidates.values
    array([25., 25.])
    """
    where = "through_stages"
    names = _names(stages, where)
    people, flags = _admit(entrants, _ENTRANTS, where, "entrants")
    width = _width(people, where)
    kept = [flags]
    parts: list[xr.Dataset] = []
    flow = people
    for stage in stages:
        given = {"entrants": flow}
        for name, contract in _INPUTS.items():
            x = getattr(stage, name)
            if x is None:
                x = xr.DataArray(0.0, attrs={"units": "1/year"})
            given[name], flag = _admit(x, contract, where, f"{name} of {stage.name}")
            kept.append(flag)
        extra = {str(d) for x in given.values() for d in x.dims} - set(map(str, people.dims))
        odd = extra - set(BROADCAST)
        if odd:
            raise ParameterError(
                where,
                f"stage {stage.name!r} has {min(odd)!r}, entrants has not",
                f"give entrants by {min(odd)}",
                2,
                "stages",
            )
        found = _run(align(where, given, {*map(str, people.dims), *BROADCAST}), width)
        check_people(found, where)
        parts.append(found)
        flow = found["passed"]
    every = xr.Variable("stage", names)
    out = xr.concat(parts, every, join="exact", data_vars="all")
    return _told(out, flow, status.join(kept))


def _names(stages: Sequence[Stage], where: str) -> list[str]:
    several(stages, Stage, where, "stages")
    names = [stage.name for stage in stages]
    if not names or len(set(names)) < len(names):
        raise ParameterError(
            where, "no stage, or two of one name", "stages with names of their own", 9, "stages"
        )
    return names


def _admit(
    x: Any, contract: Input, where: str, name: str
) -> tuple[xr.DataArray, xr.DataArray | None]:
    plain, flag = status.take(admit(x, contract, where, name))
    if contract.values == "share":
        check_scale(plain, where, "passes")
    by = factor_of(plain, contract, None, where, name)
    values = check_values(plain * by, contract.values, where, name)
    if bool(values.isnull().any()):
        raise InputError(where, f"{name} has missing cells", "fill them with a status", 7, name)
    if contract is _INPUTS["drop_out"] and float(values.max()) > _MOST:
        raise InputError(
            where,
            f"{name} holds {float(values.max()):g} in a year: all but {np.exp(-_MOST):.0%} would "
            "give up",
            'drop_out.assign_attrs(units="percent/year") if these are percent',
            7,
            "drop_out",
        )
    return values.rename(None), flag


def _width(people: xr.DataArray, where: str) -> float:
    """Return the length of the periods in years."""
    ends = times.period_end(people, where, "entrants")
    starts = np.asarray(people.coords["period"].values, "M8[s]")
    lengths = np.asarray(times.years_between(starts, ends))
    if (ends[:-1] != starts[1:]).any() or np.abs(lengths - lengths[0]).max() > 1e-9:
        raise TimeError(
            where, "periods of different lengths, or with gaps", "equal adjoining periods", 1
        )
    return float(lengths[0])


def _run(given: dict[str, xr.DataArray], width: float) -> xr.Dataset:
    """Run one stage; every account of people is kept apart."""
    periods = given["entrants"].sizes["period"]
    delay, drop_out = xr.broadcast(given["delay"], given["drop_out"])
    by_lag = xr.apply_ufunc(
        lambda d, m: tuple(np.moveaxis(x, 0, -1) for x in kernels.shares(d, m, width, periods)),
        delay,
        drop_out,
        output_core_dims=[["lag"], ["lag"], ["lag"]],
    )
    ended, gone, waits = (_convolve(given["entrants"], x) for x in by_lag)
    ended, gone = (_per_period(x) for x in (ended, gone))
    passes = given["passes"]
    # All flows and the stock get the dimensions of all inputs.
    ended = ended + 0.0 * passes
    gone, waits = gone + 0.0 * ended, waits + 0.0 * ended
    out = {
        "entered": given["entrants"] + 0.0 * ended,
        "passed": ended * passes,
        "failed": ended * (1.0 - passes),
        "dropped": gone,
        "waiting": waits,
    }
    order = ["period", *(str(d) for d in out["passed"].dims if d != "period")]
    return xr.Dataset({name: x.transpose(*order) for name, x in out.items()})


def _convolve(people: xr.DataArray, share: xr.DataArray) -> xr.DataArray:
    """Return the sum over earlier periods of those who entered, by the share at their lag."""
    total = None
    count = people.sizes["period"]
    for lag in range(count):
        # Added lag by lag: the order of the sum does not depend on how many periods there are.
        moved = people.shift(period=lag, fill_value=0.0) * share.isel(lag=lag, drop=True)
        total = moved if total is None else total + moved
    assert total is not None
    return total


def _per_period(stock: xr.DataArray) -> xr.DataArray:
    """Return the increase within each period of what has added up since the start."""
    return stock - stock.shift(period=1, fill_value=0.0)


def check_people(found: xr.Dataset, where: str) -> None:
    """Check that whoever entered has passed, failed, given up, or waits.

    Raises
    ------
    AccountError
        Somebody is lost or counted twice.
    """
    entered = found["entered"].cumsum("period")
    accounted = found["passed"] + found["failed"] + found["dropped"]
    off = np.abs(entered - accounted.cumsum("period") - found["waiting"]).max().item()
    if not off <= 1e-9 * (1.0 + float(entered.max())):
        raise AccountError(
            where,
            f"{off:.3g} persons are lost or counted twice",
            "report it with the inputs: heads do not close",
            10,
        )


def _told(out: xr.Dataset, candidates: xr.DataArray, flags: xr.DataArray | None) -> xr.Dataset:
    titles = {
        "entered": "people who start the stage",
        "passed": "people who pass it",
        "failed": "people who come to its end and do not pass",
        "dropped": "people who give up",
        "waiting": "people in the stage at the end of the period",
        "candidates": "people through all stages",
    }
    out["candidates"] = candidates
    ends = out["period_end"].values
    stock = out["waiting"].drop_vars("period_end").rename(period="time")
    out = out.drop_vars("waiting").assign(waiting=stock.assign_coords(time=ends))
    for name, title in titles.items():
        x = out[name]
        x.attrs = {"units": "person", "long_name": title}
        if flags is not None:
            out[name] = status.put(x, flags)
    out.attrs = {"title": "people through stages before placement"}
    return out
