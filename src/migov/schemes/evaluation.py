"""What was observed of a scheme against its simulation: row by row, and what explains it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status, units
from migov.core.align import shown
from migov.core.definition import definition_of
from migov.core.errors import (
    AlignmentError,
    DimensionError,
    InputError,
    KindError,
    ParameterError,
    TimeError,
)
from migov.core.inputs import Input, admit, check_values, currency_of
from migov.schemes.evaluation_words import drawn_of, explained
from migov.schemes.inputs import CELL
from migov.schemes.kernels_shocks import SHOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr

    from migov.schemes.ledger_result import Ledger
    from migov.schemes.run import Run

WHERE = "evaluate"

ENDS = (
    "returns_early", "returns_in_time", "overstays_late", "overstays_irregular",
    "outcomes_unknown", "status_changes", "settlements",
    *(returns for _, _, returns in SHOCKS.values()),
)  # fmt: skip
"""The ways in which a stay on the scheme ends while the worker lives; those of shocks only where
the run has them."""

_PERSONS = (
    "applications", "admissions", "readmissions", "renewals", *ENDS, "returns_late", "deaths",
    "withdrawals", *(name for one in SHOCKS.values() for name in one[:2]), "held_back",
    "returns_held", "prolongations",
)  # fmt: skip
_SHARES = {f"share_{name}": name for name in ENDS}
_CONTRACTS = {
    **{name: Input(title=name, unit="person") for name in _PERSONS},
    **{name: Input(title=name, unit="1", values="share") for name in _SHARES},
    "person_years": Input(title="person-years", unit="person year"),
    "mean_stay": Input(title="mean length of stay", unit="month"),
    "wage": Input(title="gross wage", unit="currency/month"),
}
OBSERVED = tuple(_CONTRACTS)
"""What can be held against a run: moves and ends of stays, their shares among all ends,
person-years, months lived for each stay that ended, and the wage that the ledger takes."""

_DIMS = ("cohort", "period", *CELL)
NOTE = "what moves a row in the simulation need not be what made it in the world"


@attrs.frozen(kw_only=True, eq=False)
class Fit:
    """Observed numbers against simulated intervals.

    Parameters
    ----------
    rows : DataFrame
        A row for each observed number: ``what``, ``of``, ``observed``, ``low``, ``median``,
        ``high``, ``unit``, ``inside`` and ``explains``.
    level : float
        Mass of the interval over members.
    notes : tuple of str
        What should be known beside them: definitions that differ, cells without a number.
    """

    rows: pd.DataFrame
    level: float
    notes: tuple[str, ...]

    @property
    def share_inside(self) -> float:
        """Return the share of rows inside their interval; `level` is what a good fit has."""
        return float(self.rows["inside"].mean())

    def show(self) -> str:
        """Return the rows and the notes as a text."""
        head = (
            f"{self.share_inside:.0%} of {len(self.rows)} rows lie inside their {self.level:.0%} "
            "interval"
        )
        table = self.rows.to_string(index=False, float_format=lambda x: f"{x:,.4g}")
        return "\n".join([head, table, *(f"note: {one}" for one in (*self.notes, NOTE))])


def evaluate(
    run: Run | Mapping[str, Run],
    observed: Mapping[str, xr.DataArray],
    *,
    ledger: Ledger | None = None,
    level: float = 0.8,
) -> Fit:
    """Return how what was observed of an existing scheme lies in the simulated intervals.

    Parameters
    ----------
    run : Run or mapping of str to Run
        With members: without them there is no interval. A mapping has a run for each cohort
        of entry, and `observed` is then by ``cohort``.
    observed : mapping of str to DataArray
        By the names of :data:`OBSERVED`; dimensions among ``cohort``, ``period``,
        ``occupation``, ``origin``, ``sex``. What an array has not is added up in the run.
        A cell without a number is left out, and counted in the notes.
    ledger : Ledger, optional
        Of the run, whose wage an observed ``wage`` is held against.
    level : float
        Mass of the central interval over members.

    Returns
    -------
    Fit

    Raises
    ------
    MigovError
        Names that are none, runs without members, periods or labels that the run has not.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.schemes import Hazards, OriginCap, Programme
    >>> cap = OriginCap(origin="MDA", number=1500, date="2024-01-01", source="example")
    >>> harvest = Programme(name="harvest", kind="seasonal", origin="MDA", destination="DEU",
    ...     quota=1500, origin_cap=(cap,), stay="3 month")
    >>> run = harvest.simulate(applicants=Cells((900.0,), origin="MDA").array("person/year"),
    ...     hazards=Hazards(late=(0.0, 0.02, 0.05)), start="2025-01-01", horizon="1 year",
    ...     members=100, seed=1)
    >>> seen = Cells((22.0,), period="2025").array("percent")
    >>> fit = evaluate(run, {"share_overstays_late": seen})
    >>> fit.rows[["inside", "explains"]].values.tolist()
    [[False, 'above: only a higher late than 0 to 0.05 would reach it']]
    """
    runs = _runs(run)
    frame = hasattr(observed, "columns")
    if frame or not hasattr(observed, "items") or not len(observed):
        raise KindError(
            WHERE, f"observed is a {type(observed).__name__}",
            "a mapping of DataArrays by the names of migov.schemes.evaluation.OBSERVED"
            + (
                ', such as {"admissions": migov.from_frame(frame, value="admissions", '
                'unit="person", dims={"year": "period"}, time="year")}' if frame else ""
            ), 9,
            "observed",
        )  # fmt: skip
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        raise ParameterError(WHERE, f"level={level!r}", "between 0 and 1", 9, "level")
    notes: list[str] = []
    rows: list[dict[str, Any]] = []
    for name, given in observed.items():
        x = _admitted(name, given, ledger)
        simulated = _simulated(name, runs, x, ledger)
        rows += _rows(name, x, simulated, runs, level, notes)
        notes += _differences(name, given, runs)
    if not rows:
        raise InputError(
            WHERE, "observed holds no number", "figures of one row or more", 7, "observed"
        )
    import pandas as pd

    first = next(iter(runs.values()))
    if first.dataset.attrs["stylised"]:
        notes.append("stylised: the simulated intervals rest on assumptions")
    return Fit(rows=pd.DataFrame(rows), level=float(level), notes=tuple(dict.fromkeys(notes)))


def _runs(run: Any) -> dict[str, Run]:
    """Return runs by cohort; a single one under an empty name."""
    from migov.schemes.run import Run

    runs = dict(run) if hasattr(run, "items") else {"": run}
    odd = [one for one in runs.values() if not isinstance(one, Run)]
    if odd or not runs:
        kind = type(odd[0]).__name__ if odd else "empty mapping"
        raise KindError(WHERE, f"run is a {kind}", "programme.simulate(…, members=200)", 9, "run")
    for one in runs.values():
        if "member" not in one.dataset.dims or "scenario" in one.dataset.dims:
            raise ParameterError(
                WHERE, "the run has no members: there is no interval to lie in",
                "ranges of hazards and simulate(…, members=200)", 9, "run",
            )  # fmt: skip
    members = [list(one.dataset.indexes["member"]) for one in runs.values()]
    if any(one != members[0] for one in members):
        raise AlignmentError(WHERE, "runs have other members", "the same members", 2, "run")
    return runs


def _admitted(name: str, x: Any, ledger: Ledger | None) -> xr.DataArray:
    """Return observed numbers in their unit."""
    if name not in _CONTRACTS:
        raise ParameterError(
            WHERE, f"observed has {name!r}", f"one of {', '.join(OBSERVED)}", 9, "observed"
        )
    contract, argument = _CONTRACTS[name], f"observed[{name!r}]"
    bare, _ = status.take(admit(x, contract, WHERE, argument))
    currency = None
    if name == "wage":
        if ledger is None:
            raise KindError(WHERE, "a wage is observed", "ledger=run.ledger(…)", 9, "ledger")
        currency, own = ledger.currency, currency_of(str(x.attrs.get("units", "")))
        if own not in (None, currency) or str(x.attrs.get("price_base")) != ledger.price_base:
            raise ParameterError(
                WHERE, f"{argument} is in {own} of {x.attrs.get('price_base')}, the ledger in "
                f"{currency} of {ledger.price_base}", "bring them to one currency and price base",
                6, argument,
            )  # fmt: skip
    unit = contract.unit.replace("currency", currency or "")
    out = check_values(units.to_unit(bare, unit, WHERE, argument), contract.values, WHERE, argument)
    out = out.drop_vars([n for n in out.coords if n not in out.dims and n != "period_end"])
    if "area" in out.dims:
        out = out.rename(area="origin")
    odd = [str(d) for d in out.dims if d not in _DIMS]
    if odd:
        raise DimensionError(
            WHERE, f"{argument} has {odd[0]!r}", f"dimensions among {', '.join(_DIMS)}", 8, argument
        )
    return out.rename(name)


def _simulated(
    name: str, runs: Mapping[str, Run], x: xr.DataArray, ledger: Ledger | None
) -> xr.DataArray:
    """Return the same number {…, member} for the labels of an observed one."""
    import xarray as xr

    argument = f"observed[{name!r}]"
    by_cohort = list(runs) != [""]
    if by_cohort != ("cohort" in x.dims):
        raise DimensionError(
            WHERE, f"{argument} is {'not ' if by_cohort else ''}by cohort, the runs are"
            f"{'' if by_cohort else ' not'}", "a run for each cohort of entry", 8, argument,
        )  # fmt: skip
    parts: list[xr.DataArray] = []
    for label, run in runs.items():
        if by_cohort and label not in list(map(str, x.indexes["cohort"])):
            continue
        part = _of_run(name, run, x, ledger, argument)
        parts.append(part.expand_dims(cohort=[label]) if by_cohort else part)
    if by_cohort:
        absent = [c for c in map(str, x.indexes["cohort"]) if c not in runs]
        if absent:
            raise AlignmentError(
                WHERE, f"{argument} has cohort {shown(absent)}, no run has", "a run for each", 2,
                argument,
            )  # fmt: skip
        joined: xr.DataArray = xr.concat(parts, "cohort", coords="minimal", compat="override")
        return joined
    return parts[0]


def _of_run(
    name: str, run: Run, x: xr.DataArray, ledger: Ledger | None, argument: str
) -> xr.DataArray:
    """Return the number of one run, added up to the dimensions of the observed one."""

    def total(flow: xr.DataArray) -> xr.DataArray:
        bare = _picked(flow, x, argument)
        return bare.sum([d for d in _DIMS if d in bare.dims and d not in x.dims], skipna=False)

    data = {key: status.take(value)[0] for key, value in run.dataset.items()}
    if _SHARES.get(name, name) not in {*data, "mean_stay", "wage"}:
        raise ParameterError(
            WHERE, f"{argument}: the run has no {_SHARES.get(name, name)}",
            f"leave {name} out, or simulate(…, shocks=Shocks(…)) with what makes it", 9, argument,
        )  # fmt: skip
    ends = sum((total(data[key]) for key in ENDS[1:] if key in data), total(data[ENDS[0]]))
    with np.errstate(divide="ignore", invalid="ignore"):
        if name in _SHARES:
            return total(data[_SHARES[name]]) / ends
        if name == "mean_stay":
            return total(data["person_years"]) * 12.0 / ends
        if name == "wage":
            assert ledger is not None
            months = data["person_years"]
            return total(months * _wage(ledger, months)) / total(months)
    return total(data[name])


def _wage(ledger: Ledger, like: xr.DataArray) -> xr.DataArray:
    """Return the ledger's wage on the cells of person-years."""
    names = ["period", *CELL, "member"]
    values = ledger.prepared.values["wage"]
    sizes = [like.sizes.get(n, 1) for n in names]
    full = np.broadcast_to(values, sizes)
    order = [n for n in names if n in like.dims]
    out = like.transpose(*order).copy(data=full.reshape([like.sizes[n] for n in order]))
    return out.transpose(*like.dims)


def _picked(flow: xr.DataArray, x: xr.DataArray, argument: str) -> xr.DataArray:
    """Return a flow for the labels of the observed array, its periods compared to their ends."""
    for dim in [d for d in _DIMS if d in x.dims and d != "cohort"]:
        if dim not in flow.dims:
            raise DimensionError(
                WHERE, f"{argument} is by {dim}, the run is not", f"simulate by {dim}", 8, argument
            )
        known, found = list(flow.indexes[dim]), list(x.indexes[dim])
        absent = [one for one in found if one not in known]
        if absent:
            kind = TimeError if dim == "period" else AlignmentError
            raise kind(
                WHERE, f"{argument} has {dim} {shown(absent)}, the run has {shown(known)}",
                f"the same {dim} in both", 1 if dim == "period" else 2, argument,
            )  # fmt: skip
        flow = flow.sel({dim: found})
    if "period" in x.dims:
        ends = [np.asarray(one["period_end"].values, "M8[s]") for one in (flow, x)]
        if (ends[0] != ends[1]).any():
            raise TimeError(
                WHERE, f"{argument} has periods that end otherwise than the run's",
                "simulate(report=…) as the data are", 1, argument,
            )  # fmt: skip
    return flow.drop_vars([n for n in flow.coords if n not in flow.dims])


def _rows(
    name: str, x: xr.DataArray, simulated: xr.DataArray, runs: Mapping[str, Run], level: float,
    notes: list[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return a row for each observed number."""
    dims = [str(d) for d in x.dims]
    values = np.asarray(x.values, float)
    found = np.asarray(
        simulated.sel({d: x.indexes[d] for d in dims if d in (*CELL, "cohort")})
        .transpose(*dims, "member").values, float,
    )  # fmt: skip
    unit = _CONTRACTS[name].unit.replace("currency/", "")
    drawn = {label: drawn_of(run) for label, run in runs.items()}
    rows, gaps = [], 0
    for at in itertools.product(*(range(n) for n in values.shape)):
        labels = {d: x.indexes[d][i] for d, i in zip(dims, at, strict=True)}
        if np.isnan(values[at]) or not np.isfinite(found[at]).all():
            gaps += 1
            continue
        low, median, high = np.quantile(found[at], [(1 - level) / 2, 0.5, (1 + level) / 2])
        edge = 1e-9 * max(abs(low), abs(high))
        side = int(values[at] > high + edge) - int(values[at] < low - edge)
        run = runs[str(labels.get("cohort", ""))]
        words = explained(name, found[at], side, drawn[str(labels.get("cohort", ""))], run, labels)
        rows.append({
            "what": name, "of": _cell(labels), "observed": float(values[at]), "low": float(low),
            "median": float(median), "high": float(high), "unit": unit, "inside": side == 0,
            "explains": words,
        })  # fmt: skip
    if gaps:
        notes.append(f"{name}: {gaps} cells have no number, observed or simulated")
    return rows


def _cell(labels: Mapping[str, Any]) -> str:
    """Return the labels of a row in words."""
    told = [str(one)[:10] if d == "period" else str(one) for d, one in labels.items()]
    return ", ".join(told) or "all"


def _differences(name: str, x: xr.DataArray, runs: Mapping[str, Run]) -> list[str]:
    """Return where the data count others than the run does."""
    own = definition_of(x)
    ours = definition_of(next(iter(runs.values())).dataset["admissions"])
    if own is None or ours is None:
        return [f"{name}: undeclared who is counted"]
    clash = {
        key: pair for key, pair in own.differences(ours).items()
        if "unknown" not in pair and key != "name" and key not in ("source_kind", "estimate")
    }  # fmt: skip
    return [f"{name}: data count {key} as {a}, the run as {b}" for key, (a, b) in clash.items()]
