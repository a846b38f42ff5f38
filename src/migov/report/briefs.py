"""One page each for the destination, the origins and the migrants, from the same numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import areas, status
from migov.core.columns import counted
from migov.core.errors import KindError, ParameterError
from migov.report.page import Block, Page, Table, Text
from migov.report.sheet import Sheet
from migov.report.tables import LEVEL, written
from migov.schemes.price_keys import PRICES

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import xarray as xr

    from migov.schemes import Ledger, Run

WHERE = "scheme_briefs"
ZERO = "0"
Sections = tuple[tuple[str, tuple[Block, ...]], ...]
READERS = ("destination", "origin", "migrants")
ACTORS = {
    "destination_state": "State of destination",
    "destination_employers": "employers at destination",
    "destination_workers": "resident workers at destination",
    "origin_state": "State of origin",
    "origin_households": "households at origin",
    "origin_employers": "employers at origin",
    "migrants": "migrants",
    "intermediaries": "recruiters, schools, carriers, lenders and transfer firms",
    "elsewhere": "payers of wages in other countries",
}
OWN = {
    "destination": ("destination_state", "destination_employers", "destination_workers"),
    "origin": ("origin_state", "origin_households", "origin_employers"),
    "migrants": ("migrants",),
}
"""Whose items a page goes into, beside the amounts of all."""

COMPARISONS = {"home": "over a job at home", "mix": "over what they would do otherwise"}

HEADS = {
    "admissions": "admitted",
    "stage_failed": "did not pass a stage before admission",
    "readmissions": "of these, who came before",
    "person_years": "person-years of work on the scheme",
    "returns_in_time": "returned in time",
    "returns_early": "returned early",
    "returns_ill": "went home ill",
    "returns_pregnancy": "went home with a pregnancy, by choice",
    "returns_bankruptcy": "went home after the employer's end",
    "held_back": "of these, who was held at a shut border first",
    "settlements": "settled",
    "overstays_late": "returned late",
    "overstays_irregular": "stayed without a permit",
    "outcomes_unknown": "outcome not recorded",
    "deaths": "died during the stay or after settlement",
}


@attrs.frozen(kw_only=True, eq=False)
class Briefs:
    """Three pages that tell the same numbers to three readers.

    Parameters
    ----------
    destination, origin, migrants : Page
        Each with ``html()``, ``markdown()`` and ``write(path)``.
    numbers : DataFrame
        What all three tell: a row for each number with its unit, by what it is of.
    """

    destination: Page
    origin: Page
    migrants: Page
    numbers: pd.DataFrame

    def __repr__(self) -> str:
        return f"Briefs({self.origin.title.split(': brief')[0]!r}: {', '.join(READERS)})"

    def write(self, folder: str | Path, form: str = "html") -> tuple[Path, ...]:
        """Write the three pages into a folder, made where it is absent, as ``html`` or ``md``.

        Raises
        ------
        ParameterError
            Another form, or what can be no folder.
        """
        from pathlib import Path

        if form not in ("html", "md"):
            raise ParameterError(WHERE, f"form={form!r}", '"html" or "md"', 9, "form")
        try:
            target = Path(folder)
            target.mkdir(parents=True, exist_ok=True)
        except (TypeError, OSError) as fault:
            raise ParameterError(
                WHERE, f"folder={str(folder)!r} is no folder", "the path of a folder", 9, "folder"
            ) from fault
        return tuple(getattr(self, name).write(target / f"{name}.{form}") for name in READERS)


def scheme_briefs(run: Run, ledger: Ledger, *, level: float = LEVEL) -> Briefs:
    """Return a page for each reader: what happens, who gains, and what it rests on.

    All three hold the same table of heads and the same table of gains by actor, over a job at
    home and, where the run has an alternative, over what the migrants would do otherwise. Only
    the items in money differ: each page goes into those of its own reader.

    Parameters
    ----------
    run : Run
        What happened under the programme.
    ledger : Ledger
        Of this run.
    level : float
        Mass of the central interval over members, beside the median.

    Returns
    -------
    Briefs

    Raises
    ------
    ParameterError
        The ledger is of another run; `level` is no share.
    KindError
        No run, or no ledger.

    Examples
    --------
    >>> import xarray as xr
    >>> from migov.core.cases import Cells
    >>> from migov.schemes import Hazards, OriginCap, Programme
    >>> cap = OriginCap(origin="MDA", number=1500, date="2024-01-01", source="example")
    >>> harvest = Programme(name="harvest", kind="seasonal", origin="MDA", destination="DEU",
    ...     quota=1500, origin_cap=(cap,), stay="3 month")
    >>> run = harvest.simulate(applicants=Cells((900.0,), origin="MDA").array("person/year"),
    ...     hazards=Hazards(), start="2025-01-01", horizon="1 year", seed=1)
    >>> def wage(value):
    ...     return xr.DataArray(value, attrs={"units": "EUR/month", "price_base": 2025})
    >>> ledger = run.ledger({"wage": wage(2000.0), "home_wage": wage(400.0)}, currency="EUR",
    ...     price_base=2025)
    >>> pages = scheme_briefs(run, ledger)
    >>> print(pages.origin.markdown().splitlines()[0])
    # harvest: brief for Moldova
    """
    _checked(run, ledger, level)
    heads = _heads(run, level)
    gains = _gains(ledger, level)
    shared: Sections = (
        ("What happens", _shown(heads[["number"]], _caption(
            run.dataset["admissions"], "heads over all periods, all origins together", level))),
        ("Who gains and who pays", (
            *_shown(gains, _caption(ledger.by_actor(), f"million {ledger.currency} at prices of "
                                    f"{ledger.price_base}, discounted by {ledger.discount}",
                                    level)),
            Text(_each_year(run, ledger, level)),
            Text("Amounts are kept apart by actor: there is no sum over them, since a unit of "
                 "money is not the same to everybody.", note=True),
        )),
    )  # fmt: skip
    pages = {}
    for reader in READERS:
        own: Sections = (("Your amounts by item", _items(ledger, reader, level)),)
        sections = (*_opening(run, reader), *shared, *own, *_basis(run, ledger))
        pages[reader] = Sheet(_title(run, reader), sections)
    return Briefs(**pages, numbers=_numbers(heads, gains, ledger.currency))


def _shown(frame: pd.DataFrame, caption: str) -> tuple[Block, ...]:
    """Return a table of the rows that are not zero, and the names of those that are."""
    none = (frame == ZERO).all(axis=1)
    told = [Table(frame[~none], caption)] if not none.all() else []
    zeros = ", ".join(map(str, frame.index[none]))
    return (*told, *([Text(f"Zero: {zeros}.", note=True)] if zeros else []))


def _checked(run: Any, ledger: Any, level: Any) -> None:
    from migov.schemes import Ledger, Run

    if not isinstance(run, Run):
        raise KindError(WHERE, f"run is a {type(run).__name__}", "programme.simulate(…)", 9, "run")
    if not isinstance(ledger, Ledger):
        raise KindError(WHERE, f"ledger is a {type(ledger).__name__}", "run.ledger(…)", 9, "ledger")
    if ledger.run is not run and not ledger.run.identical(run):
        raise ParameterError(WHERE, "ledger is of another run", "run.ledger(…)", 9, "ledger")
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        raise ParameterError(WHERE, f"level={level!r}", "between 0 and 1", 9, "level")


def _names(run: Run) -> tuple[str, str]:
    """Return the names of destination and origins."""
    origins = [areas.name(code) for code in run.programme.origin]
    joined = origins[0] if len(origins) == 1 else ", ".join(origins[:-1]) + f" and {origins[-1]}"
    return areas.name(run.programme.destination), joined


def _title(run: Run, reader: str) -> str:
    destination, origins = _names(run)
    whom = {"destination": destination, "origin": origins, "migrants": "migrants"}[reader]
    return f"{run.programme.name}: brief for {whom}"


def _opening(run: Run, reader: str) -> Sections:
    """Return what the programme is, and what this reader should look at first."""
    p = run.programme
    destination, origins = _names(run)
    periods = run.dataset["period"].values
    ends = run.dataset["period_end"].values
    spell = f"{str(periods[0])[:10]} to {str(ends[-1])[:10]}"
    what = (
        f"{origins} to {destination}, {spell}; stay {_lasting(p.stay)}"
        + ("" if not p.renewals else f", renewable {counted(p.renewals, 'time')}")
        + f"; {_counted(str(run.dataset.attrs['migrants_counted']))}."
    )
    if reader == "destination":
        own = [
            f"Quota: {_quota(p.quota)}, basis: {p.quota_basis}.",
            f"Change of employer: {_said(p.employer_change)}. Workplaces inspected in a year: "
            f"{'not stated' if p.inspected_share is None else f'{p.inspected_share:.0%}'}.",
        ]
    elif reader == "origin":
        caps = [f"{c.origin} {c.number:g} from {c.date} ({c.source})" for c in p.origin_cap]
        floors = [f"{f.occupation} in {f.origin}: {f.density:g} per 10,000" for f in p.floors]
        own = [f"Caps set by the origins: {'; '.join(caps) or 'none'}.",
               f"Floors at origin: {'; '.join(floors) or 'none'}."]  # fmt: skip
    else:
        costs = [f"{_said(cost.item)}: {_said(cost.payer)}" for cost in p.costs]
        own = [f"Who pays which cost: {'; '.join(costs) or 'not stated'}.",
               f"Family: {p.family}. Change of employer: {_said(p.employer_change)}, of sector: "
               f"{_said(p.sector_change or 'as of employer')}. Notice: "
               f"{_said(_lasting(p.notice))}; time to find another post: "
               f"{_said(_lasting(p.unemployment_grace))}; placed in another: "
               f"{'a right' if p.new_placement else 'no right'}. Coming again: "
               f"{'a right' if p.reentry else 'no right'}.",
               f"A complaint leaves the stay untouched; heard by: "
               f"{', '.join(p.complaint_to) or 'not stated'}."]  # fmt: skip
    return (("The programme", (Text(what), *map(Text, own))),)


def _said(rule: str) -> str:
    """Return a rule in words."""
    return rule.replace("_", " ") or "not stated"


def _lasting(text: str) -> str:
    """Return a length such as ``90 day in 180 day`` with its plurals."""
    return re.sub(r"\b(\d[\d.]*) (day|week|month|year)\b",
                  lambda m: m[0] if m[1] == "1" else f"{m[0]}s", text)  # fmt: skip


def _counted(text: str) -> str:
    """Return in words how the migrants stand to a projected net migration."""
    return {
        "additional": "its migrants come in addition to the projected net migration",
        "in net migration": "its migrants are in the projected net migration",
    }.get(text, text)


def _quota(quota: Any) -> str:
    if quota is None:
        return "none"
    if isinstance(quota, tuple):
        return ", ".join(f"{number:g} from {date}" for date, number in quota)
    return f"{quota:g}"


def _heads(run: Run, level: float) -> pd.DataFrame:
    """Return heads over all periods, all cells together."""
    import pandas as pd

    rows = {}
    for name, title in HEADS.items():
        if name not in run.dataset:
            continue
        x = _summed(run.dataset[name])
        unit = str(run.dataset[name].attrs["units"])
        rows[title] = {"number": written(x, level), "unit": unit}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("heads")


def _gains(ledger: Ledger, level: float) -> pd.DataFrame:
    """Return gains by actor in millions, over each comparison that the run allows."""
    import pandas as pd

    kinds = ["home"] if ledger.run.alternative is None else ["home", "mix"]
    columns = {}
    for what in kinds:
        gain = _summed(ledger.against(what)) / 1e6
        columns[COMPARISONS[what]] = {
            title: written(gain.sel(actor=actor), level, sign=True)
            for actor, title in ACTORS.items()
        }
    return pd.DataFrame(columns).rename_axis("actor")


def _each_year(run: Run, ledger: Ledger, level: float) -> str:
    """Return in words what migrants gain for each year of work at destination."""
    years = _summed(run.person_years(settled=True))
    told = []
    for what, words in COMPARISONS.items():
        if what == "home" or run.alternative is not None:
            gain = _summed(ledger.against(what).sel(actor="migrants", drop=True))
            each = (gain / years.where(years > 0)).fillna(0.0)
            told.append(f"{written(each, level, sign=True)} {ledger.currency} {words}")
    return f"Migrants gain, for each year of work at destination: {', '.join(told)}."


def _items(ledger: Ledger, reader: str, level: float) -> tuple[Block, ...]:
    """Return the items of the reader's own actors, with the scheme, in one table."""
    import pandas as pd

    amounts = _summed(ledger.by_item()) / 1e6
    some = {
        actor: [
            str(item) for item in amounts.indexes["item"]
            if bool((amounts.sel(actor=actor, item=item) != 0).any())
        ]
        for actor in OWN[reader]
    }  # fmt: skip
    columns = {
        ACTORS[actor]: {
            item: written(amounts.sel(actor=actor, item=item), level, sign=True) for item in items
        }
        for actor, items in some.items()
        if items
    }
    without = [ACTORS[actor] for actor, items in some.items() if not items]
    nothing = [Text(f"{', '.join(without)}: no amounts with the scheme", note=True)]
    if not columns:
        return tuple(nothing)
    order = [str(item) for item in amounts.indexes["item"] if any(item in x for x in some.values())]
    frame = pd.DataFrame(columns).reindex(order).fillna("").rename_axis("item")
    title = f"{', '.join(columns)}, with the scheme, million {ledger.currency}, discounted"
    caption = _caption(ledger.by_item(), title, level)
    return (Table(frame, caption), *(nothing if without else []))


def _basis(run: Run, ledger: Ledger) -> Sections:
    """Return what the numbers rest on: rules, assumptions, what has no price."""
    told = [one.removeprefix(f"{run.programme.name}: ") for one in run.programme.cautions]
    if ledger.paid_by_workers:
        paid = [PRICES[key].title.split(",")[0] for key in ledger.paid_by_workers]
        told.append("paid by workers: " + "; ".join(paid))
    apart = _summed(ledger.time_apart()) / 1e6
    told.append(f"million hours apart from the family, not priced: {written(apart)}")
    told += ledger.assumptions
    if ledger.absent:
        titles = [PRICES[key].title.split(",")[0] for key in ledger.absent]
        told.append(f"without a price, and so zero or as said above: {'; '.join(titles)}")
    told += [f"source: {one}" for one in run.programme.sources]
    use = "A planning tool, not a decision on individuals; no ranking of origins."
    return (("What it rests on", tuple(
        Text(one[:1].upper() + one[1:], note=True) for one in (*told, use))),)  # fmt: skip


def _summed(x: xr.DataArray) -> xr.DataArray:
    """Return amounts with all cells but actor, item and member added up."""
    bare, _ = status.take(x)
    if "scenario" in bare.dims:
        raise ParameterError(WHERE, "the run has scenarios", "members=… draws from them", 9, "run")
    over = [d for d in bare.dims if d not in ("actor", "item", "member")]
    return bare.sum(over, skipna=False)


def _caption(x: xr.DataArray, title: str, level: float) -> str:
    """Return a caption with the interval, and ``stylised`` where it applies."""
    flags = status.take(x)[1]
    bits = 0 if flags is None else int(np.bitwise_or.reduce(flags.values, axis=None))
    parts = [title]
    if "member" in x.dims:
        parts.append(f"median and {level:.0%} interval")
    if bits & status.FLAGS["stylised"]:
        parts.append("STYLISED: rests on assumptions")
    return "; ".join(parts)


def _numbers(heads: pd.DataFrame, gains: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return what all pages tell as one tidy table."""
    import pandas as pd

    rows = [("heads", name, row["unit"], row["number"]) for name, row in heads.iterrows()]
    rows += [
        (f"gain {column}", name, f"million {currency}", gains.loc[str(name), column])
        for column in gains.columns
        for name in gains.index
    ]
    return pd.DataFrame(rows, columns=["what", "of", "unit", "number"])
