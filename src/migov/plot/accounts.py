"""What each actor gains and pays: signed amounts against home and against the alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from migov.core import partition, units
from migov.core.errors import AlignmentError, DimensionError, PartitionError
from migov.core.vocabulary import check_dimensions, require
from migov.plot import amounts, checked, labels, notes, rows, sheet, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from matplotlib.axes import Axes

_AGAINST = {
    "home": "Against the job at home",
    "mix": "Against the mix of alternatives",
}
_NARROW = 5.0


def balance(
    ledger: xr.DataArray | xr.Dataset | Mapping[str, xr.DataArray],
    *,
    across: str = "actor",
    against: str = "against",
    intervals: float | None = 0.8,
    title: str | None = None,
    axes: Any = None,
) -> tuple[tuple[Axes, ...], pd.DataFrame]:
    """Draw signed amounts by actor side by side, against home and against the alternatives.

    Actors are never added up: a sum across them needs weights that someone has to state.

    Parameters
    ----------
    ledger : DataArray {actor, against, member} or mapping or Dataset of {actor, member}
        Amounts in one unit, positive what an actor gains. The labels along `against`, or the
        names, are ``home`` and ``mix`` (also ``against_home``, ``against_mix``); others stand
        for themselves. At most three.
    across : str
        Dimension of the rows.
    against : str
        Dimension of the panels, where `ledger` is one array; without it there is one panel.
    intervals : float, optional
        Share that the whiskers cover; None for no whiskers.
    title : str, optional
        None for the ``long_name``.
    axes : sequence of Axes, optional
        One for each panel; None for a figure of its own.

    Returns
    -------
    axes : tuple of Axes
        One for each panel.
    drawn : DataFrame
        A row for each panel and actor: ``against, actor, name, value, low, high, unit, status``.

    Raises
    ------
    MigovError
        A missing or other dimension, another currency or price base, a total among the
        actors, actors that differ between panels, infinite amounts.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([[3e6, -1e6], [2e6, -5e5]], {"against": ["home", "mix"],
    ...     "actor": ["migrants", "origin"]}, ("against", "actor"), attrs={"units": "EUR"})
    >>> axes, drawn = balance(x, title="Who gains")
    >>> print(drawn[["name", "value", "unit"]].tail(1).to_string(index=False, header=False))
    Country of origin -0.5 million EUR
    """
    where = "balance"
    share = None if intervals is None else checked.level(intervals, where, "intervals")
    panels = _panels(ledger, across, against, where)
    first = next(iter(panels.values()))
    unit = _unit(panels, where)
    parts = []
    for name, one in panels.items():
        parts.append(_frame(name, one, across, unit, share, where))
    frame = pd.concat(parts, ignore_index=True)
    count = first.sizes[across]
    stacked = theme.current().width < _NARROW
    height = rows.height_for(count * (len(panels) if stacked else 1), theme.current())
    paper = sheet.open_sheet(
        where,
        axes,
        len(panels) if stacked else 1,
        1 if stacked else len(panels),
        height=height + (len(panels) * 0.3 if stacked else 0.0),
    )
    paper.header = theme.current().font * 1.8
    _draw(paper, frame, list(panels), first.sizes[across], stacked)
    spread = any(dim in one.dims for one in panels.values() for dim in checked.SPREAD) and share
    sheet.close_sheet(
        paper,
        frame,
        title=notes.marked(labels.title(first, title), frame),
        subtitle=notes.subtitle(first, unit, "positive: gains, negative: pays"),
        foot=[
            f"Bars: medians; whiskers: central {100 * (share or 0):g} % of members"
            if spread
            else "",
            notes.stylised(frame, "name"),
            notes.gaps(frame, ["name", "against"]),
            labels.source(panels.values()),
        ],
    )
    return tuple(paper.axes), frame


def _panels(ledger: Any, across: str, against: str, where: str) -> dict[str, xr.DataArray]:
    given = checked.several(ledger, where, "ledger", "a DataArray, a Dataset or a mapping")
    if "" in given:
        check_dimensions(ledger, where, "ledger")
        checked.check_labels(ledger, where, "ledger")
        if against in ledger.dims:
            given = {
                str(name): ledger.isel({against: i}, drop=True)
                for i, name in enumerate(ledger.indexes[against])
            }
    if len(given) > 3:
        raise DimensionError(
            where, f"{len(given)} panels, expected at most three", "select some", 8, "ledger"
        )
    panels: dict[str, xr.DataArray] = {}
    for name, one in given.items():
        argument = f"ledger[{name!r}]" if name else "ledger"
        found = checked.array(one, where, argument, (across,))
        _no_totals(found, across, where, argument)
        key = name.removeprefix("against_")
        panels[_AGAINST.get(key, labels.capital(name.replace("_", " ")))] = found
    return _alike(panels, across, where)


def _no_totals(x: xr.DataArray, across: str, where: str, argument: str) -> None:
    require(x, [across], where, argument)
    sums = [label for label in x.indexes[across] if partition.is_total(across, label)]
    if sums:
        raise PartitionError(
            where,
            f"{argument} holds the total {sums[0]}; a sum across actors needs stated weights",
            f"{argument}.drop_sel({across}={[str(label) for label in sums]!r})",
            4,
            "ledger",
        )


def _alike(panels: dict[str, xr.DataArray], across: str, where: str) -> dict[str, xr.DataArray]:
    """Return the panels in the order of the first one's actors."""
    first = next(iter(panels.values()))
    wanted = first.indexes[across]
    for name, one in panels.items():
        index = one.indexes[across]
        if len(index) != len(wanted) or not index.isin(wanted).all():
            raise AlignmentError(
                where,
                f"the panels have different labels of {across!r}",
                "give the same in each",
                2,
                "ledger",
            )
        panels[name] = one.sel({across: wanted})
    return panels


def _unit(panels: Mapping[str, xr.DataArray], where: str) -> str:
    from migov.core.errors import UnitError

    first = next(iter(panels.values()))
    given, base = units.unit_of(first), first.attrs.get("price_base")
    largest = 0.0
    for one in panels.values():
        if one.attrs.get("price_base") != base:
            raise UnitError(
                where,
                f"the panels are at prices of {base} and {one.attrs.get('price_base')}",
                "bring them to one price base first",
                6,
                "ledger",
            )
        by = units.factor(units.unit_of(one), given, where, "ledger")
        largest = max(largest, float(np.nanmax(np.abs(one.values))) * by)
    return amounts.readable(given, largest)


def _frame(
    name: str, x: xr.DataArray, across: str, unit: str, share: float | None, where: str
) -> pd.DataFrame:
    scaled, _ = checked.converted(x, unit, where, "ledger")
    found = checked.spread(scaled, [share] if share else [], where, "ledger")
    ends = [each[share].values if share and each else np.nan for each in (found.low, found.high)]
    return pd.DataFrame(
        {
            "against": name,
            across: x.coords[across].values,
            "name": labels.along(x, across),
            "value": found.middle.values,
            "low": ends[0],
            "high": ends[1],
            "unit": unit,
            "status": checked.told(checked.flags(x, found.middle)),
        }
    )


def _draw(
    paper: sheet.Sheet, frame: pd.DataFrame, names: list[str], count: int, stacked: bool
) -> None:
    style = paper.style
    columns = [frame[name].to_numpy(float) for name in ("value", "low", "high")]
    reach = rows.limits(columns[0], columns[1], columns[2], style, [], width=paper.width)
    stylised = frame["status"].str.contains("stylised").to_numpy()
    digits = amounts.decimals(columns[0])
    for i, (axes, name) in enumerate(zip(paper.axes, names, strict=True)):
        part = slice(i * count, (i + 1) * count)
        value, low, high = (column[part] for column in columns)
        sheet.bare(axes, style, grid="x")
        rows.draw(
            axes,
            style,
            np.arange(count, dtype=float),
            value,
            low,
            high,
            thick=0.6,
            colours=np.array([theme.OKABE_ITO["blue" if v >= 0 else "vermillion"] for v in value]),
            hatched=stylised[part] & ~stylised.all(),
            digits=digits,
        )
        axes.axvline(0, color=theme.INK, linewidth=0.8)
        axes.spines["left"].set_visible(False)
        axes.set_xlim(*reach)
        sheet.numbered(axes.xaxis, most=min(sheet.most_ticks(paper), 4))
        axes.set_ylim(count - 0.45, -0.55)
        if i == 0 or stacked:
            texts = frame["name"].iloc[part].tolist()
            rows.names(axes, style, range(count), texts, (0.22 if stacked else 0.4) * paper.width)
        else:
            axes.set_yticks([])
        if name:
            head = axes.annotate(
                sheet.wrapped(name, 0.9 * paper.width, style.font),
                (0, 1),
                (0, 4),
                xycoords="axes fraction",
                textcoords="offset points",
                size=style.font,
                weight="bold",
                color=theme.INK,
                va="bottom",
            )
            paper.heads.append(head)
