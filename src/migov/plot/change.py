"""Before and after, indicator by indicator, each in its own unit and on its own scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core import units
from migov.core.errors import AlignmentError, KindError, ParameterError
from migov.plot import amounts, checked, labels, notes, sheet, theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import xarray as xr
    from matplotlib.axes import Axes

NOT_AFFECTED = "not affected by construction"
"""What stands in the panel of an indicator that the definition keeps apart from the change."""

_MOST = 12


@attrs.frozen(eq=False)
class _Panel:
    """One indicator: its title, its unit in words, its rows of the frame."""

    title: str
    unit: str
    rows: pd.DataFrame
    reason: str | None


def slopes(
    before: Mapping[str, xr.DataArray] | xr.Dataset,
    after: Mapping[str, xr.DataArray] | xr.Dataset,
    *,
    unaffected: Mapping[str, str] | Iterable[str] = (),
    names: tuple[str, str] = ("before", "after"),
    intervals: float | None = 0.8,
    title: str | None = None,
    axes: Any = None,
) -> tuple[tuple[Axes, ...], pd.DataFrame]:
    """Draw indicators before and after a change, a panel each, in the order given.

    Scales differ between panels and no colour says better or worse: whether a rise is
    progress is for the reader, and for many indicators nobody can say.

    Parameters
    ----------
    before, after : mapping of str to DataArray, or Dataset
        Indicators by name, scalar but for ``member`` or ``quantile``; at most twelve.
    unaffected : mapping of str to str, or iterable of str
        Indicators whose definition does not admit the change, with the reason: drawn without
        an after, ``not affected by construction`` in the panel.
    names : tuple of str
        What the two are called.
    intervals : float, optional
        Share that the whiskers cover; None for no whiskers.
    title : str, optional
        Title of the figure; None for ``Before and after`` in these names.
    axes : sequence of Axes, optional
        One for each indicator; None for a figure of its own.

    Returns
    -------
    axes : tuple of Axes
        One for each indicator.
    drawn : DataFrame
        Two rows for each indicator, one for those not affected: ``indicator, title, moment,
        value, low, high, unit, status, affected, reason``.

    Raises
    ------
    MigovError
        An indicator on one side only that is not named in `unaffected`, dimensions left over,
        units of another kind, infinite values.

    Examples
    --------
    >>> import xarray as xr
    >>> ratio = xr.DataArray(31.0, attrs={"units": "percent", "long_name": "old-age ratio"})
    >>> axes, drawn = slopes({"ratio": ratio}, {"ratio": ratio.copy(data=29.5)})
    >>> drawn[["moment", "value", "unit"]].to_numpy().tolist()
    [['before', 31.0, 'percent'], ['after', 29.5, 'percent']]
    """
    where = "slopes"
    share = None if intervals is None else checked.level(intervals, where, "intervals")
    pair = _pair(names, where)
    first = checked.several(before, where, "before", "a mapping of DataArrays")
    second = checked.several(after, where, "after", "a mapping of DataArrays")
    apart = _unaffected(unaffected, first, where)
    _same_indicators(first, second, apart, where)
    panels = [
        _panel(name, one, second.get(name), apart.get(name), pair, share, where)
        for name, one in first.items()
    ]
    frame = pd.concat([panel.rows for panel in panels], ignore_index=True)
    style = theme.current()
    columns = min(len(panels), 3 if style.width >= 5 else 2)
    lines = math.ceil(len(panels) / columns)
    height = lines * 15 * style.font / 72 + 8 * style.font / 72
    paper = _open(where, axes, len(panels), lines, columns, height)
    for drawn_on, panel in zip(paper.axes, panels, strict=True):
        _draw(drawn_on, style, panel, pair, paper.width)
    paper.header = style.font * 4.2
    spread = frame["low"].notna().any()
    sheet.close_sheet(
        paper,
        frame,
        title=notes.marked(
            title if title is not None else f"{labels.capital(pair[0])} and {pair[1]}", frame
        ),
        subtitle=_subtitle(first),
        foot=[
            f"Points: medians; whiskers: central {100 * (share or 0):g} % of members"
            if spread
            else "",
            *(f"{p.title}: {NOT_AFFECTED} ({p.reason})" for p in panels if p.reason),
            notes.stylised(frame, "title"),
            notes.gaps(frame, ["title", "moment"]),
            labels.source([*first.values(), *second.values()]),
        ],
    )
    return tuple(paper.axes), frame


def _pair(names: Any, where: str) -> tuple[str, str]:
    pair = tuple(names) if isinstance(names, tuple | list) else ()
    if len(pair) != 2 or not all(isinstance(name, str) for name in pair) or pair[0] == pair[1]:
        raise ParameterError(
            where, f"names={names!r}", 'two different texts, ("before", "after")', 9, "names"
        )
    return pair[0], pair[1]


def _unaffected(given: Any, first: Mapping[str, Any], where: str) -> dict[str, str]:
    if isinstance(given, str):
        raise KindError(
            where, f"unaffected={given!r} is one text", f"unaffected=[{given!r}]", 9, "unaffected"
        )
    apart = dict(given) if hasattr(given, "items") else dict.fromkeys(given, "")
    unknown = [name for name in apart if name not in first]
    if unknown:
        raise ParameterError(
            where,
            f"unaffected names {unknown[0]!r}, which before has not",
            f"one of {', '.join(first)}",
            9,
            "unaffected",
        )
    return {str(name): str(reason) for name, reason in apart.items()}


def _same_indicators(
    first: Mapping[str, Any], second: Mapping[str, Any], apart: Mapping[str, str], where: str
) -> None:
    for argument, have, lack in (("after", first, second), ("before", second, first)):
        absent = [name for name in have if name not in lack and name not in apart]
        if absent:
            raise AlignmentError(
                where,
                f"{argument} lacks {', '.join(absent)}",
                f"give it, or unaffected={{{absent[0]!r}: 'why'}}",
                2,
                argument,
            )
    if len(first) > _MOST:
        raise ParameterError(
            where,
            f"{len(first)} indicators, expected at most {_MOST}",
            "several figures",
            9,
            "before",
        )


def _open(
    where: str, axes: Any, count: int, lines: int, columns: int, height: float
) -> sheet.Sheet:
    if axes is not None:
        return sheet.open_sheet(where, axes, 1, count)
    paper = sheet.open_sheet(where, None, lines, columns, height=height)
    for spare in paper.axes[count:]:
        spare.remove()
    paper.axes = paper.axes[:count]
    return paper


def _panel(
    name: str,
    one: Any,
    other: Any,
    reason: str | None,
    pair: tuple[str, str],
    share: float | None,
    where: str,
) -> _Panel:
    """Return the panel of one indicator; what is not affected has its value before only."""
    shown = checked.array(one, where, f"before[{name!r}]", empty=True)
    given = units.unit_of(shown)
    sides = [(pair[0], shown)]
    if reason is None:
        second = checked.array(other, where, f"after[{name!r}]", empty=True)
        units.factor(units.unit_of(second), given, where, f"after[{name!r}]")
        sides.append((pair[1], second))
    sizes = np.concatenate([np.abs(np.asarray(x.values, float)).ravel() for _, x in sides])
    sizes = sizes[~np.isnan(sizes)]
    unit = amounts.readable(given, float(sizes.max()) if sizes.size else 0.0)
    title = labels.title(shown, None) or labels.capital(name.replace("_", " "))
    parts = []
    for moment, x in sides:
        argument = ("before" if moment == pair[0] else "after") + f"[{name!r}]"
        scaled, bits = checked.converted(x, unit, where, argument)
        found = checked.spread(scaled, [share] if share else [], where, argument)
        low, high = (
            float(each[share]) if share and each else np.nan for each in (found.low, found.high)
        )
        parts.append(
            {
                "indicator": name,
                "title": title,
                "moment": moment,
                "value": float(found.middle),
                "low": low,
                "high": high,
                "unit": unit,
                "status": checked.told(bits)[0],
                "affected": reason is None,
                "reason": reason or "",
            }
        )
    text = amounts.unit_text(unit, shown.attrs.get("price_base"))
    return _Panel(title, labels.capital(text), pd.DataFrame(parts), reason)


def _subtitle(first: Mapping[str, xr.DataArray]) -> str:
    contexts = [labels.context(x) for x in first.values()]
    shared = [text for text in contexts[0] if all(text in other for other in contexts)]
    told = {labels.definition(x) for x in first.values()} - {"", "definition undeclared"}
    definitions = ["definitions differ"] if len(told) > 1 else list(told)
    texts = ["Each in its unit, scales differ", *shared, *definitions]
    return " · ".join(text for text in texts if text)


def _draw(
    axes: Axes, style: theme.Style, panel: _Panel, pair: tuple[str, str], width: float
) -> None:
    sheet.bare(axes, style, grid="")
    frame = panel.rows
    colour = theme.OKABE_ITO["blue"]
    value, low, high = (frame[name].to_numpy(float) for name in ("value", "low", "high"))
    places = np.arange(len(frame), dtype=float)
    if panel.reason is not None:
        axes.plot([0, 1], [value[0]] * 2, color=theme.OKABE_ITO["grey"], linestyle=":")
        colour = theme.OKABE_ITO["grey"]
    axes.plot(places, value, color=colour, linewidth=style.font / 5, marker="o", markersize=4)
    axes.vlines(places, low, high, color=colour, linewidth=style.font / 3, alpha=0.35)
    digits = amounts.decimals(value)
    for place, number in zip(places, value, strict=True):
        gone = bool(np.isnan(number))
        axes.annotate(
            "no value" if gone else amounts.written(number, digits),
            (place, 0.5 if gone else number),
            (-5 if place == 0 else 5, 0),
            xycoords=axes.get_xaxis_transform() if gone else "data",
            textcoords="offset points",
            ha="right" if place == 0 else "left",
            va="center_baseline",
            size=style.font,
            color=theme.INK,
        )
    _frame_panel(axes, style, panel, pair, width)


def _frame_panel(
    axes: Axes, style: theme.Style, panel: _Panel, pair: tuple[str, str], width: float
) -> None:
    """Give a panel its limits, its moments and its head."""
    numbers = panel.rows[["value", "low", "high"]].to_numpy(float)
    numbers = numbers[~np.isnan(numbers)]
    if numbers.size:
        middle = float(numbers.min() + numbers.max()) / 2
        # A change of a hundredth must not fill the panel: it shows at least a tenth of the level.
        half = max(float(np.ptp(numbers)) * 0.75, abs(middle) * 0.1, 1e-12)
        axes.set_ylim(middle - half, middle + half)
    axes.set_xlim(-0.95, 1.95)
    axes.set_yticks([])
    axes.set_xticks([0, 1], list(pair) if panel.reason is None else [pair[0], ""])
    broad = 0.88 * width
    if panel.reason is not None:
        axes.annotate(
            sheet.wrapped(NOT_AFFECTED, broad * 0.9, style.small),
            (0.5, 0.1),
            xycoords="axes fraction",
            ha="center",
            va="bottom",
            size=style.small,
            style="italic",
            color=theme.QUIET,
        )
    unit = sheet.wrapped(panel.unit, broad, style.small)
    axes.annotate(
        unit,
        (0, 1),
        (0, 3),
        xycoords="axes fraction",
        textcoords="offset points",
        size=style.small,
        color=theme.QUIET,
        va="bottom",
    )
    axes.annotate(
        sheet.wrapped(panel.title, broad, style.font, "bold"),
        (0, 1),
        (0, 4 + (unit.count("\n") + 1) * style.small * 1.25),
        xycoords="axes fraction",
        textcoords="offset points",
        size=style.font,
        weight="bold",
        color=theme.INK,
        va="bottom",
        linespacing=1.15,
    )
