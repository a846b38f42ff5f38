"""From the labelled inputs of a programme to heads by state, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import status
from migov.core.errors import DimensionError, KindError, ParameterError, TimeError
from migov.numeric.streams import draw_seed
from migov.schemes import accounts
from migov.schemes.alternative import Alternative, as_shares
from migov.schemes.hazards import as_arrays
from migov.schemes.inputs import Grid, of_destination, of_origins, take, with_members
from migov.schemes.kernels import run
from migov.schemes.kinds import is_number, labels_of, one_of
from migov.schemes.plausible import check_people, tell_dropped
from migov.schemes.queues import as_queues, inputs_of, numbers_of, stages_setting, told
from migov.schemes.result import dataset
from migov.schemes.rules import month_of, months
from migov.schemes.run import Run
from migov.schemes.setting import setting_of
from migov.schemes.shocks import as_shocks
from migov.schemes.shocks_setting import check_rules, shock_setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from migov.schemes.hazards import Hazards
    from migov.schemes.kernels_setting import Outcome, Setting
    from migov.schemes.programme import Programme
    from migov.schemes.queues import Queue
    from migov.schemes.shocks import Shocks

COUNTED = ("in net migration", "additional")
_WHERE = "simulate"
_NEUTRAL = {"application"}


def simulate(
    programme: Programme,
    *,
    hazards: Hazards | Mapping[str, Any],
    start: str,
    horizon: str,
    applicants: xr.DataArray | None = None,
    origins: xr.DataArray | xr.Dataset | None = None,
    pool: xr.DataArray | None = None,
    shortage: xr.DataArray | xr.Dataset | None = None,
    demand: xr.DataArray | None = None,
    workers: xr.DataArray | None = None,
    residents: xr.DataArray | None = None,
    region_share: xr.DataArray | None = None,
    capacity: xr.DataArray | None = None,
    quota_share: xr.DataArray | float | None = None,
    alternative: Alternative | xr.DataArray | None = None,
    shocks: Shocks | Mapping[str, Any] | None = None,
    queues: Sequence[Queue] | Queue | None = None,
    migrants_counted: str | None = None,
    members: int | Sequence[Any] | None = None,
    report: str = "year",
    seed: int | None = None,
) -> Run:
    """Return what happens under a programme: expected heads by state, and moves.

    Every month people apply, are admitted as far as all limits allow, live abroad under
    constant hazards, and return, renew, settle, change status, stay on, or die. Admission
    ranks nobody: where places are short all who wait get the same part, save that a right to
    come again may go first. A planning tool, not a decision on individuals.

    Parameters
    ----------
    programme : Programme
        The rules.
    hazards : Hazards or mapping
        Rates in 1/year and shares, as numbers, ranges (low, central, high), or DataArrays
        {origin, occupation, sex, member, scenario}.
    start, horizon : str
        First month, as the date of its first day, and length such as ``"20 year"``.
    applicants : DataArray {origin, occupation, sex, period, member}, optional
        New applicants in person/year.
    origins : DataArray {time, origin or area, occupation, sex, age, member}, optional
        People (ages 15 to 64 where by age) of whom ``hazards["application"]`` apply a year;
        or a projection with ``population``. Either this or `applicants`.
    pool : DataArray {origin, occupation, sex}, optional
        Applicants who wait at the start, in person.
    shortage : DataArray {occupation, time, member} or Dataset, optional
        Posts not filled without the scheme; people at work under it never exceed them.
    demand : DataArray {occupation, time, member}, optional
        Posts open to the scheme, where they are not a shortage.
    workers, residents : DataArray {origin, occupation} and {origin, time}, optional
        Workers at home and inhabitants, in person, for the programme's floors.
    region_share : DataArray {region, origin}, optional
        From which regions people leave, for floors of regions; `workers` and `residents` are
        then by ``region`` too.
    capacity : DataArray {origin}, optional
        Visas that can be decided, in person/year; unused ones lapse at the end of the month.
    quota_share : float or DataArray {origin?, member}, optional
        Part of a quota that is shared with origins which are not simulated.
    alternative : Alternative or DataArray {alternative, origin, member}, optional
        What migrants would do without the scheme.
    shocks : Shocks or mapping, optional
        Illness, pregnancy, bankruptcy, a shut border: numbers and ranges, or a mapping with
        DataArrays as for `hazards`. What is not given does not happen.
    queues : sequence of Queue, optional
        Stages that first applicants go through before admission, in their order, each with
        places: language courses, recognition. `pool` stands behind them.
    migrants_counted : {"in net migration", "additional"}, optional
        For stays of twelve months and more, or settlement: whether the projection's net
        migration has these migrants in it. No default; not for shorter stays.
    members : int or sequence, optional
        Members into which ranges are drawn; those of an input where it has some.
    report : {"year", "month"}
        Steps of the result.
    seed : int, optional
        Of the draws; drawn and written into the result where absent.

    Returns
    -------
    Run
        ``run.dataset`` holds stocks {time, …} in person and flows {period, …}.

    Raises
    ------
    MigovError
        Inputs that do not fit; AccountError where heads or person-years do not close.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.schemes import Hazards, OriginCap, Programme
    >>> cap = OriginCap(origin="MDA", number=1500, date="2024-01-01", source="example")
    >>> harvest = Programme(name="harvest", kind="seasonal", origin="MDA", destination="DEU",
    ...     quota=1500, origin_cap=(cap,), stay="90 day in 180 day")
    >>> apply = Cells((9000.0,), origin="MDA").array("person/year")
    >>> run = simulate(harvest, applicants=apply, hazards=Hazards(), start="2025-01-01",
    ...     horizon="2 year")
    >>> run.dataset.admissions[1].round(6).item(), run.person_years()[1].round(2).item()
    (1500.0, 369.62)
    """
    grid, report_months = _grid(start, horizon, report)
    counted = _counted(programme, migrants_counted)
    if programme.valid_from and np.datetime64(start, "D") < np.datetime64(programme.valid_from):
        raise TimeError(
            _WHERE,
            f"start={start} lies before {programme.valid_from}, from which the rules hold",
            f'start="{programme.valid_from}"',
            1,
            "start",
        )
    seed = draw_seed() if seed is None else seed
    given = {
        "applicants": applicants, "origins": origins, "pool": pool, "shortage": shortage,
        "demand": demand, "workers": workers, "residents": residents,
        "region_share": region_share, "capacity": capacity, "quota_share": quota_share,
    }  # fmt: skip
    stages = as_queues(queues, _WHERE)
    waits = any(one.waiting is not None for one in stages)
    arrays = _arrays(programme, given, grid, waits)
    arrays |= {n: _cells(programme, x, grid) for n, x in inputs_of(stages, grid).items()}
    rates = as_arrays(hazards, _WHERE)
    shocked, extra = (None, {}) if shocks is None else as_shocks(shocks, _WHERE)
    if shocked is not None:
        check_rules(programme, shocked, extra)
    extra |= numbers_of(stages, _WHERE)
    rates |= extra
    labels = _members(members, {**arrays, **rates})
    rates = _drawn(programme, arrays, rates, labels, seed, grid)
    shares = None
    if alternative is not None:
        shares, flag = status.take(as_shares(alternative, labels, seed, _WHERE))
        grid.flags |= _bits(flag)
        shares = _cells(programme, shares.rename("share of alternative"), grid)
        grid.note(shares)
    extra = {name: rates.pop(name) for name in extra}
    more = shock_setting(shocked, extra, grid)
    more["stages"] = stages_setting(stages, arrays, extra, grid)
    setting = setting_of(programme, arrays, rates, grid, report_months, **more)
    outcome = run(setting)
    _check(outcome, setting)
    out = dataset(programme, outcome, setting, grid, shares, [one.stage for one in stages])
    out.attrs |= {"hazards": _told(hazards), "seed": str(seed), "migrants_counted": counted}
    out.attrs |= {} if shocks is None else {"shocks": _told(shocks)}
    out.attrs |= {"queues": told(stages)} if stages else {}
    return Run(programme=programme, dataset=out, seed=seed, alternative=shares)


def _drawn(
    programme: Programme, arrays: dict[str, xr.DataArray], rates: dict[str, xr.DataArray],
    labels: list[Any] | None, seed: int, grid: Grid,
) -> dict[str, xr.DataArray]:  # fmt: skip
    """Return the rates of the programme's cells, ranges drawn; ranges of inputs in place."""
    bare = {}
    for name, x in rates.items():
        plain, flag = status.take(x)
        bare[name] = plain.rename(name)
        grid.flags |= 0 if name in _NEUTRAL else _bits(flag)
    ranged = {n: x for n, x in arrays.items() if n == "quota_share" or n.startswith("places of ")}
    arrays |= with_members(ranged, labels, seed)
    drawn = with_members(bare, labels, seed)
    out = {name: _cells(programme, x, grid) for name, x in drawn.items()}
    for x in (*arrays.values(), *out.values()):
        grid.note(x)
    return out


def _bits(flag: xr.DataArray | None) -> int:
    return 0 if flag is None else int(np.bitwise_or.reduce(flag.values, axis=None))


def _grid(start: str, horizon: str, report: str) -> tuple[Grid, int]:
    first = month_of(start)
    try:
        length = months(horizon)
    except (ValueError, OverflowError, TypeError) as fault:
        raise ParameterError(_WHERE, str(fault), 'start="2025-01-01", horizon="20 year"', 9) from (
            fault
        )
    if str(np.datetime64(start, "D")) != f"{first}-01":
        raise TimeError(
            _WHERE, f"start={start} is no first day of a month", f"{first}-01", 1, "start"
        )
    one_of(report, ("year", "month"), _WHERE, "report")
    each = 12 if report == "year" else 1
    if length != int(length) or length <= 0 or int(length) % each:
        raise ParameterError(
            _WHERE,
            f"horizon={horizon!r} is no whole number of {report}s",
            "a horizon of whole periods of the report",
            9,
            "horizon",
        )
    return Grid(_WHERE, first + np.arange(int(length))), each


def _counted(programme: Programme, counted: str | None) -> str:
    """Return how migrants are counted, which only long stays may and must say."""
    if programme.is_mobility:
        if counted is not None:
            raise ParameterError(
                _WHERE,
                f"migrants_counted={counted!r}, but no stay of {programme.name!r} is migration",
                "leave it out: shorter stays move person-years, not residents",
                5,
                "migrants_counted",
            )
        return "temporary mobility, not migration"
    if counted not in COUNTED:
        raise ParameterError(
            _WHERE,
            f"migrants_counted={counted!r}; stays of {programme.name!r} reach twelve months or "
            "settlement",
            " or ".join(f'migrants_counted="{one}"' for one in COUNTED),
            9,
            "migrants_counted",
        )
    return counted


def _members(members: Any, arrays: Mapping[str, xr.DataArray]) -> list[Any] | None:
    found = next((list(x.indexes["member"]) for x in arrays.values() if "member" in x.dims), None)
    return found if members is None else labels_of(members, _WHERE)


def _arrays(
    programme: Programme, given: Mapping[str, Any], grid: Grid, waits: bool
) -> dict[str, xr.DataArray]:
    """Return the inputs in coherent units, for the origins and occupations of the programme."""
    import xarray as xr

    pick = {"shortage": ("shortage",), "origins": ("labour_force", "population")}
    out: dict[str, xr.DataArray] = {}
    for name, x in given.items():
        if x is None:
            continue
        if isinstance(x, xr.Dataset) and name in pick:
            held = next((one for one in pick[name] if one in x), None)
            if held is None:
                raise DimensionError(
                    _WHERE, f"{name} is a Dataset without {' or '.join(pick[name])}",
                    f"give the array of {name}", 8, name,
                )  # fmt: skip
            x = x[held]
        if name == "quota_share" and isinstance(x, int | float) and is_number(x):
            x = status.mark(xr.DataArray(float(x), attrs={"units": "1"}), "stylised")
        found = of_destination(take(x, name, grid), programme.destination, grid)
        out[name] = _cells(programme, found, grid)
    _together(programme, out, waits)
    check_people(out)
    return out


def _cells(programme: Programme, x: xr.DataArray, grid: Grid) -> xr.DataArray:
    """Return an input of the programme's origins and occupations."""
    if "origin" in x.dims or x.name in (
        "applicants", "origins", "pool", "workers", "residents", "region_share",
    ):  # fmt: skip
        x = of_origins(x, programme.origin, grid)
    wanted = list(programme.occupations)
    if "occupation" in x.dims and wanted:
        absent = [code for code in wanted if code not in x.indexes["occupation"]]
        if absent:
            raise DimensionError(
                _WHERE,
                f"{x.name} lacks occupation {', '.join(absent[:4])} of the programme",
                f"give {x.name} for all of them",
                8,
                str(x.name),
            )
        tell_dropped(programme, x)
        x = x.sel(occupation=wanted)
    return x


def _together(programme: Programme, given: Mapping[str, Any], waits: bool) -> None:
    """Refuse inputs of which one is too much, or which the programme's rules ask for."""
    for one, other in (("applicants", "origins"), ("shortage", "demand")):
        if one in given and other in given:
            raise KindError(_WHERE, f"{one} and {other} are given", "give one of them", 9, other)
    if not waits and not {"applicants", "origins", "pool"} & set(given):
        raise KindError(_WHERE, "nobody applies", "give applicants, origins or pool", 9)
    if programme.quota_shared_with and "quota_share" not in given:
        raise KindError(
            _WHERE,
            f"the quota is shared with {', '.join(programme.quota_shared_with)}",
            "quota_share=the part of the origins that are simulated",
            9,
            "quota_share",
        )
    if "quota_share" in given and programme.quota is None:
        raise KindError(_WHERE, "quota_share without a quota", "leave it out", 9, "quota_share")
    if programme.quota_basis == "shortage" and "shortage" not in given:
        raise KindError(
            _WHERE, f"the quota of {programme.name!r} is a share of the shortage",
            "shortage=posts that nobody fills", 9, "shortage",
        )  # fmt: skip
    if programme.quota_basis == "employers" and not {"shortage", "demand"} & set(given):
        raise KindError(
            _WHERE, f"{programme.name!r} has no quota: only the posts of employers bound it",
            "demand=posts open to the scheme", 9, "demand",
        )  # fmt: skip
    asked = ["workers", "residents"] if programme.floors else []
    asked += ["region_share"] if any(rule.region for rule in programme.floors) else []
    lacks = [name for name in asked if name not in given]
    if lacks:
        raise KindError(
            _WHERE,
            f"{programme.name!r} has floors at origin, and {lacks[0]} is absent",
            f"{lacks[0]}=persons by origin" + (" and occupation" if lacks[0] == "workers" else ""),
            9,
            lacks[0],
        )


def _check(outcome: Outcome, setting: Setting) -> None:
    """Check every identity, each term computed on its own."""
    there = sum((stage.waiting for stage in setting.stages), setting.pool)
    accounts.check_heads(outcome.stocks, outcome.flows, there)
    accounts.check_moves(outcome.stocks, outcome.flows)
    accounts.check_months(outcome.flows, outcome.months_by_cohort)
    accounts.check_shocks(outcome.flows)
    accounts.check_stages(outcome.stocks, outcome.flows, len(setting.stages))


def _told(hazards: Any) -> str:
    """Return the rates as a text for the attributes."""
    if hasattr(hazards, "to_json"):
        return str(hazards.to_json())
    parts = {name: "array" if hasattr(value, "dims") else value for name, value in hazards.items()}
    return str(parts)
