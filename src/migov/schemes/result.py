"""The dataset of a run: every stock and flow with its unit, title and definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import definitions, status
from migov.core.definition import ATTRIBUTE, Definition
from migov.schemes.inputs import CELL, REST

if TYPE_CHECKING:
    import xarray as xr

    from migov.schemes.inputs import Grid
    from migov.schemes.kernels import Outcome, Setting
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
    "deadweight": "admissions of who would have come without the scheme",
    "diverted": "admissions of who would have gone elsewhere",
    "deadweight_person_years": "person-years of who would have come without the scheme",
    "diverted_person_years": "person-years of who would have gone elsewhere",
    "places": "places of the quota",
}
NOTE = "planning tool, not a decision on individuals; nobody and no origin is ranked"


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
) -> xr.Dataset:
    """Return the labelled result of the month loop."""
    import xarray as xr

    edges = grid.months[0] + np.arange(0, setting.months + 1, setting.report)
    dates = edges.astype("M8[s]")
    names = [n for n in CELL + REST if n in grid.labels]
    coords: dict[str, Any] = {n: grid.labels[n] for n in names}
    coords |= {"time": dates, "period": dates[:-1], "period_end": ("period", dates[1:])}
    coords["destination"] = programme.destination
    sizes = [len(grid.labels[n]) for n in names]

    def labelled(values: np.ndarray, lead: str) -> xr.DataArray:
        data = values.reshape(values.shape[0], *sizes)
        own = {n: c for n, c in coords.items() if n in (*names, lead, "destination")}
        if lead == "period":
            own["period_end"] = coords["period_end"]
        return xr.DataArray(data, own, [lead, *names])

    out: dict[str, xr.DataArray] = {n: labelled(x, "time") for n, x in outcome.stocks.items()}
    for name, values in outcome.flows.items():
        if name.startswith("person_months"):
            values /= 12.0
            name = name.replace("months", "years")
        out[name] = labelled(values, "period")
    out |= _without_scheme(out, shares)
    if setting.quota is not None:
        monthly = setting.quota.reshape(-1, setting.report, setting.quota.shape[1])
        opened = np.zeros((monthly.shape[0], monthly.shape[2]))
        for month in range(setting.report):  # One by one: numpy's order depends on the members.
            opened += monthly[:, month]
        rest = [n for n in REST if n in grid.labels]
        own = {n: coords[n] for n in ("period", "period_end", *rest)}
        shape = (opened.shape[0], *(len(grid.labels[n]) for n in rest))
        out["places"] = xr.DataArray(opened.reshape(shape), own, ["period", *rest])
    who = definition(programme)
    for name, x in out.items():
        years = "person_years" in name
        x.attrs = {
            "units": "person year" if years else "person",
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
