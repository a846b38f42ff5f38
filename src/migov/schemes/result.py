"""The dataset of a run: every stock and flow with its unit, title and definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import definitions, status
from migov.core.definition import ATTRIBUTE, Definition
from migov.schemes.inputs import CELL, REST
from migov.schemes.kernels_admission import added

if TYPE_CHECKING:
    import xarray as xr

    from migov.schemes.inputs import Grid
    from migov.schemes.kernels_queues import Stage
    from migov.schemes.kernels_setting import Outcome, Setting
    from migov.schemes.programme import Programme

TITLES = {
    "applicants": "first applicants who wait at home",
    "waiting": "returned workers who wait to come again",
    "abroad": "workers abroad on a permit of the scheme",
    "cooling_off": "returned workers whose pause is not over",
    "returned": "returned for good",
    "late": "beyond the permit, returning late",
    "irregular": "beyond the permit, without another status",
    "unknown": "outcome of the stay not recorded",
    "changed_status": "abroad with another lawful status",
    "settled": "settled at destination",
    "died": "died abroad",
    "withdrawn": "left the queue",
    "applications": "first applications",
    "admissions": "admissions",
    "readmissions": "of the admissions: who comes again",
    "renewals": "renewals of a permit",
    "returns_early": "lawful returns before the permit's end",
    "returns_in_time": "returns at the permit's end",
    "overstays_late": "stays beyond the permit that end late",
    "overstays_irregular": "stays beyond the permit without another status",
    "outcomes_unknown": "stays whose outcome is not recorded",
    "returns_late": "late returns",
    "status_changes": "changes to another lawful status",
    "settlements": "settlements",
    "deaths": "deaths abroad",
    "withdrawals": "withdrawals from the queue",
    "person_years": "person-years on a permit of the scheme",
    "person_years_settled": "person-years after settlement or change of status",
    "illnesses": "illnesses and accidents that interrupt work",
    "recoveries": "of them: who recovers and stays on",
    "returns_ill": "of them: who goes home",
    "pregnancies": "pregnancies",
    "leaves_pregnancy": "of them: leave, and the stay goes on",
    "returns_pregnancy": "of them: who goes home by choice",
    "bankruptcies": "workers whose employer ends",
    "new_placements": "of them: who finds another post",
    "returns_bankruptcy": "of them: who goes home",
    "person_years_off_work": "of the person-years: ill, on leave, or between posts",
    "held": "held lawfully at a shut border, without work",
    "prolonged": "at work on a permit prolonged by a shut border",
    "held_back": "of the returns: who is held at a shut border first",
    "returns_held": "who goes home when the border opens",
    "prolongations": "permits prolonged by a shut border",
    "person_years_held": "person-years at a shut border, without work",
    "stage_waiting": "first applicants who wait for a place of the stage",
    "stage_inside": "first applicants in the stage",
    "not_passed": "came to the end of a stage and did not pass",
    "stage_places": "places of the stage",
    "stage_entered": "who comes to wait for the stage",
    "stage_started": "who starts the stage",
    "stage_waited": "time waited for the stage by those who start it",
    "stage_withdrew": "who leaves while waiting for the stage",
    "stage_dropped": "who gives up in the stage",
    "stage_passed": "who passes the stage",
    "stage_failed": "who comes to its end and does not pass",
    "admission_waited": "time waited behind the stages by those who are admitted first",
    "deadweight": "admissions of who would have come without the scheme",
    "diverted": "admissions of who would have gone elsewhere",
    "deadweight_person_years": "person-years of who would have come without the scheme",
    "diverted_person_years": "person-years of who would have gone elsewhere",
    "places": "places of the quota",
    "months_bound": "months in which a limit was used up while people asked",
}
NOTE = "planning tool, not a decision on individuals; nobody and no origin is ranked"


def _is_years(name: str) -> bool:
    """Tell whether a flow is of time lived or waited, and not of heads."""
    return "person_months" in name or "person_years" in name or "_waited" in name


def definition(programme: Programme) -> Definition:
    """Return who is counted in a run."""
    if programme.is_mobility:
        return definitions.SEASONAL_90_IN_180.evolve(
            name=f"{programme.name}: temporary mobility, not migration",
            counts="persons",
            stay_count="cumulative" if programme.window_months else "continuous",
            window_months=programme.window_months or "unknown",
            stay_limit="unknown",
            seasonal_workers="only" if programme.kind == "seasonal" else "unknown",
            purpose="employment",
            source_kind="model",
            estimate="modelled",
        )
    return definitions.LABOUR_MIGRATION.evolve(
        name=f"{programme.name}: labour migration",
        direction="unknown",
        source_kind="model",
        estimate="modelled",
    )


def dataset(
    programme: Programme,
    outcome: Outcome,
    setting: Setting,
    grid: Grid,
    shares: xr.DataArray | None,
    stages: list[str] | None = None,
) -> xr.Dataset:
    """Return the labelled result of the month loop; what is of stages has ``stage``."""
    import xarray as xr

    edges = grid.months[0] + np.arange(0, setting.months + 1, setting.report)
    dates = edges.astype("M8[s]")
    names = [n for n in CELL + REST if n in grid.labels]
    coords: dict[str, Any] = {n: grid.labels[n] for n in names}
    coords |= {"time": dates, "period": dates[:-1], "period_end": ("period", dates[1:])}
    coords["destination"] = programme.destination
    sizes = [len(grid.labels[n]) for n in names]

    coords["stage"] = stages or []

    def labelled(values: np.ndarray, *lead: str) -> xr.DataArray:
        data = values.reshape(*values.shape[: len(lead)], *sizes)
        own = {n: c for n, c in coords.items() if n in (*names, *lead, "destination")}
        if "period" in lead:
            own["period_end"] = coords["period_end"]
        return xr.DataArray(data, own, [*lead, *names])

    out: dict[str, xr.DataArray] = {}
    for dim, told in (("time", outcome.stocks), ("period", outcome.flows)):
        for name, values in told.items():
            if _is_years(name):
                values /= 12.0
            if not name.startswith("stage_"):
                out[name.replace("person_months", "person_years")] = labelled(values, dim)
        for name in {n.split()[0]: None for n in told if n.startswith("stage_")}:
            parts = [told[f"{name} {i}"] for i in range(len(coords["stage"]))]
            out[name] = labelled(np.stack(parts), "stage", dim)
    out |= _without_scheme(out, shares)
    out |= _opened(setting, outcome.bound, grid, coords)
    who = definition(programme)
    for name, x in out.items():
        years = _is_years(name)
        unit = "month" if name == "months_bound" else "person year" if years else "person"
        x.attrs = {
            "units": unit,
            "long_name": TITLES[name],
            ATTRIBUTE: who.to_json(),
        }
    found = xr.Dataset(out)
    found.attrs = {
        "title": programme.name,
        "programme": programme.to_json(),
        "note": NOTE,
        "cautions": "; ".join(programme.cautions),
        "stylised": int(bool(grid.flags & status.FLAGS["stylised"])),
    }
    found.attrs |= {f"{name}_held_from": date for name, date in grid.held.items()}
    if grid.flags:
        found = found.assign_coords({status.NAME: ((), np.uint16(grid.flags), status.ATTRS)})
    return found


def _opened(
    setting: Setting, bound: dict[str, np.ndarray], grid: Grid, coords: dict[str, Any]
) -> dict[str, xr.DataArray]:
    """Return places of the quota and of stages by period, and months in which limits bound."""
    import xarray as xr

    out = {}
    rest = [n for n in REST if n in grid.labels]
    own = {n: coords[n] for n in ("stage", "period", "period_end", *rest)}
    if setting.quota is not None:
        opened = _per_period(setting.quota, setting).reshape(-1, *(len(coords[n]) for n in rest))
        alone = {n: c for n, c in own.items() if n != "stage"}
        out["places"] = xr.DataArray(opened, alone, ["period", *rest])
    if bound:
        shape = (len(bound), len(coords["period"]), *(len(coords[n]) for n in rest))
        alone = {"limit": list(bound), **{n: c for n, c in own.items() if n != "stage"}}
        out["months_bound"] = xr.DataArray(
            np.stack(list(bound.values())).reshape(shape), alone, ["limit", "period", *rest]
        )
    if setting.stages:
        every = [_per_period(_places(one), setting) for one in setting.stages]
        shape = (len(every), len(every[0]), *(len(coords[n]) for n in rest))
        whole = [np.broadcast_to(x, (len(x), setting.shape[3])) for x in every]
        out["stage_places"] = xr.DataArray(
            np.stack(whole).reshape(shape), own, ["stage", "period", *rest]
        )
    return out


def _per_period(monthly: np.ndarray, setting: Setting) -> np.ndarray:
    """Return the sum of each reported stretch of a monthly series ``(T, N)``."""
    parts = monthly.reshape(-1, setting.report, monthly.shape[1])
    opened = np.zeros((parts.shape[0], parts.shape[2]))
    for month in range(setting.report):  # One by one: numpy's order depends on the members.
        opened += parts[:, month]
    return opened


def _places(stage: Stage) -> np.ndarray:
    """Return the places of a stage by month ``(T, N)``, all that share none added up."""
    by_cell = stage.places[:, :, :, 0]
    return added(added(by_cell, 1), 1)[stage.step]


def _without_scheme(
    out: dict[str, xr.DataArray], shares: xr.DataArray | None
) -> dict[str, xr.DataArray]:
    """Return admissions and person-years that the scheme does not add: deadweight, diversion."""
    if shares is None:
        return {}
    found = {}
    for name, label in (("deadweight", "same_destination"), ("diverted", "other_destination")):
        part = shares.sel(alternative=label, drop=True)
        part = part.drop_vars([n for n in part.coords if n not in part.dims])
        for kind, suffix in (("admissions", ""), ("person_years", "_person_years")):
            like = out[kind]
            same = part.sel({n: like.indexes[n] for n in part.dims})
            found[name + suffix] = (like * same).transpose(*like.dims)
    return found
