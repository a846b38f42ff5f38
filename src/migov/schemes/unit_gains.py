"""What each actor gains by one place, from the ledgers of schemes of one person.

Heads and money of a programme are linear in those who are admitted, as long as no limit binds;
so a scheme of one person in each occupation, origin and year says what a place is worth.
"""

from __future__ import annotations

import difflib
import inspect
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import status
from migov.core.errors import DimensionError, KindError, MigovWarning, ParameterError
from migov.core.times import years_between
from migov.core.units import factor

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from migov.schemes.programme import Programme

WHERE = "gains_per_place"


def gains_per_place(
    programme: Programme,
    periods: xr.DataArray,
    *,
    prices: Mapping[str, xr.DataArray],
    currency: str,
    price_base: Any,
    discount: str = "0 percent/year",
    horizon: str = "10 year",
    against: str = "home",
    deflators: Mapping[Any, float] | None = None,
    **simulation: Any,
) -> xr.DataArray:
    """Return each actor's gain by a place over no scheme, discounted to the first period.

    A place is a first admission, with all that follows from it within `horizon`: stays,
    readmissions, settlement. Quota, caps and floors are left aside, since they are what a
    design decides on.

    Parameters
    ----------
    programme : Programme
        The rules; its occupations are those of the places.
    periods : DataArray {period}
        The periods of admission, with ``period_end``.
    prices, currency, price_base, discount, deflators
        As in :meth:`Run.ledger`.
    horizon : str
        How long a place is followed.
    against : {"home", "mix"}
        Over a job at home, or over what the migrants would do otherwise (give `alternative`).
    **simulation
        ``hazards``, ``members``, ``seed``, ``alternative``, ``migrants_counted``: as in
        :func:`simulate`. A seed is needed: all places are drawn alike.

    Returns
    -------
    DataArray {actor, occupation, origin, period, member}
        In currency/person; actors are those of a ledger.

    Raises
    ------
    ParameterError
        No occupations or no seed; a simulation without admissions.
    DimensionError
        `periods` has no ends.

    Examples
    --------
    >>> import xarray as xr
    >>> from migov.schemes import Hazards, OriginCap, Programme
    >>> cap = OriginCap(origin="MDA", number=1500, date="2024-01-01", source="example")
    >>> harvest = Programme(name="harvest", kind="seasonal", origin="MDA", destination="DEU",
    ...     occupations="9", quota=1500, origin_cap=(cap,), stay="3 month")
    >>> years = xr.DataArray([0.0], {"period": np.array(["2026-01-01"], "M8[s]"),
    ...     "period_end": ("period", np.array(["2027-01-01"], "M8[s]"))}, "period")
    >>> def wage(value):
    ...     return xr.DataArray(value, attrs={"units": "EUR/month", "price_base": 2026})
    >>> found = gains_per_place(harvest, years, prices={"wage": wage(2000.0),
    ...     "home_wage": wage(400.0)}, currency="EUR", price_base=2026, hazards=Hazards(), seed=1)
    >>> round(found.sel(actor="migrants").item(), 6)
    4800.0
    """
    import xarray as xr

    _checked(programme, periods, simulation)
    starts = np.asarray(periods["period"].values, "M8[s]")
    later = years_between(starts[0], starts)
    rate = _rate(discount)
    parts: list[xr.DataArray] = []
    bits = 0
    for occupation in programme.occupations:
        alone = _without_limits(programme, occupation)
        by_start: list[xr.DataArray] = []
        for start, years in zip(starts, later, strict=True):
            run = alone.simulate(
                pool=_one(programme, occupation),
                start=str(start)[:10],
                horizon=horizon,
                **simulation,
            )
            ledger = run.ledger(
                prices,
                currency=currency,
                price_base=price_base,
                discount=discount,
                deflators=deflators,
            )
            gain, flag = status.take(ledger.against(against))
            bits |= 0 if flag is None else int(np.bitwise_or.reduce(flag.values, axis=None))
            by_start.append(_by_place(gain, run.dataset, start) * (1.0 + rate) ** -float(years))
        joined = xr.concat(by_start, "period", coords="minimal", compat="override")
        parts.append(joined.expand_dims(occupation=[occupation]))
    out: xr.DataArray = xr.concat(parts, "occupation", coords="minimal", compat="override")
    out = out.assign_coords(
        period=("period", periods["period"].values),
        period_end=("period", periods["period_end"].values),
    )
    order = ["actor", "occupation", "origin", "period", "member"]
    out = out.transpose(*[dim for dim in order if dim in out.dims])
    out.attrs = {
        "units": f"{currency}/person", "price_base": str(price_base), "discount": discount,
        "long_name": f"gain by a place against {against}", "horizon": horizon,
        "programme": programme.name,
    }  # fmt: skip
    return status.put(out, xr.DataArray(np.uint16(bits))) if bits else out


def _checked(programme: Programme, periods: Any, simulation: Mapping[str, Any]) -> None:
    """Refuse what no unit scheme can be made of."""
    from migov.schemes.simulation import simulate

    if not hasattr(programme, "occupations"):
        raise KindError(
            WHERE, f"programme is a {type(programme).__name__}", "migov.schemes.Programme(…)", 9,
            "programme",
        )  # fmt: skip
    coords = getattr(periods, "coords", {})
    if "period" not in getattr(periods, "dims", ()) or "period_end" not in coords:
        raise DimensionError(
            WHERE, "periods has no periods with their ends", "period and period_end", 1, "periods"
        )
    if not programme.occupations:
        raise ParameterError(
            WHERE, f"{programme.name!r} names no occupations",
            "programme.evolve(occupations=(…))", 9, "programme",
        )  # fmt: skip
    known = inspect.signature(simulate).parameters
    odd = [name for name in simulation if name not in known]
    if odd:
        near = difflib.get_close_matches(odd[0], list(known), n=1, cutoff=0.6)
        raise ParameterError(
            WHERE, f"{odd[0]!r} is no input of a simulation",
            f"{near[0]}=…" if near else f"among {', '.join(known)}", 9, odd[0],
        )  # fmt: skip
    if simulation.get("seed") is None:
        raise ParameterError(
            WHERE, "no seed: each place would be drawn on its own", "seed=7", 9, "seed"
        )
    taken = {"applicants", "origins", "pool", "start", "horizon", "workers", "residents",
             "quota_share", "shortage", "demand", "capacity", "region_share",
             "queues",
    } & set(simulation)  # fmt: skip
    if taken:
        name = sorted(taken)[0]
        raise ParameterError(
            WHERE, f"{name} is given: a place is one person without limits", "leave it out", 9, name
        )


def _without_limits(programme: Programme, occupation: str) -> Programme:
    """Return the rules without what bounds the number of places."""
    with warnings.catch_warnings():
        # The programme itself has warned already of what an origin has not said.
        warnings.simplefilter("ignore", MigovWarning)
        return programme.evolve(
            occupations=(occupation,), quota=None, quota_months=(), quota_shared_with=(),
            quota_basis="fixed", points_needed=None, quota_first_only=False, origin_cap=(),
            floors=(),
        )  # fmt: skip


def _one(programme: Programme, occupation: str) -> xr.DataArray:
    """Return one applicant in each origin."""
    import xarray as xr

    origins = list(programme.origin)
    return xr.DataArray(
        np.ones((1, len(origins))), {"occupation": [occupation], "origin": origins},
        ["occupation", "origin"], attrs={"units": "person"},
    )  # fmt: skip


def _by_place(gain: xr.DataArray, dataset: xr.Dataset, start: Any) -> xr.DataArray:
    """Return gains by first admission, of both sexes together."""
    if "scenario" in gain.dims:
        raise DimensionError(
            WHERE, "gains have scenarios", "members=… draws from ranges", 8, "members"
        )
    first = status.take(dataset["admissions"])[0] - status.take(dataset["readmissions"])[0]
    heads = first.sum([dim for dim in ("occupation", "period", "sex") if dim in first.dims])
    if not bool((heads > 0).all()):
        raise ParameterError(
            WHERE, f"nobody is admitted after {str(start)[:10]}",
            "a longer horizon, or a start within the rules", 9, "horizon",
        )  # fmt: skip
    summed = gain.sum("sex") if "sex" in gain.dims else gain
    return summed / heads


def _rate(discount: str) -> float:
    """Return the discount rate a year; the ledger says what is wrong with it."""
    number, _, unit = str(discount).strip().partition(" ")
    try:
        return float(number) * factor(unit.strip(), "1/year", WHERE, "discount")
    except ValueError as fault:
        raise ParameterError(
            WHERE, f"discount={discount!r}", 'discount="3 percent/year"', 9, "discount"
        ) from fault
