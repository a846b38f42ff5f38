"""The population pyramid: one population by sex and age, with the outline of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from migov.core import ages, align, units
from migov.core.errors import AgeError, AlignmentError, DimensionError, KindError
from migov.plot import amounts, checked, labels, notes, sheet, theme

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_SEXES: tuple[str, ...] = ("M", "F")
_LEVEL = 0.8


def pyramid(
    population: xr.DataArray,
    *,
    compare: xr.DataArray | None = None,
    names: tuple[str, str] | None = None,
    title: str | None = None,
    axes: Axes | None = None,
) -> tuple[Axes, pd.DataFrame]:
    """Draw a population by sex and age, males on the left.

    Parameters
    ----------
    population : DataArray {sex, age}
        Persons at one time, sexes F and M, ages of one width and perhaps an open last group;
        with ``member`` or ``quantile`` the median is drawn with its central 80 % interval.
    compare : DataArray {sex, age}, optional
        Another date, scenario or source by the same ages, drawn as an outline.
    names : tuple of str, optional
        What the two are called; by default what tells them apart (time, scenario, area).
    title : str, optional
        None for the ``long_name`` of `population`.
    axes : Axes, optional
        Where to draw; None for a figure of its own.

    Returns
    -------
    axes : Axes
        What was drawn on.
    drawn : DataFrame
        A row for each sex and age: ``sex, age, label, value, low, high, compared, unit, status``.

    Raises
    ------
    MigovError
        A missing or other dimension, a unit that counts no persons, ages of several widths,
        `compare` by other ages, negative or infinite counts.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([[60e3, 40e3], [58e3, 30e3]], {"sex": ["F", "M"], "age": [0, 50],
    ...     "age_width": ("age", [50, float("inf")])}, ("sex", "age"), attrs={"units": "person"})
    >>> axes, drawn = pyramid(x, title="Population")
    >>> print(drawn[["sex", "label", "value", "unit"]].head(1).to_string(index=False))
    sex label  value            unit
      M  0-49   58.0 thousand person
    """
    where = "pyramid"
    shown = _admitted(population, where, "population")
    other = None if compare is None else _admitted(compare, where, "compare")
    if other is not None:
        _same_ages(shown, other, where)
    called = _names(shown, other, names, where)
    frame, unit = _frame(shown, other, where)
    paper = sheet.open_sheet(where, axes)
    _draw(paper, frame, called)
    texts = _texts(shown, other, called, frame)
    sheet.close_sheet(
        paper,
        frame,
        title=_marked(labels.title(shown, title), frame),
        subtitle=notes.subtitle(shown, unit),
        foot=(*texts, *_gaps(frame), labels.source([shown] if other is None else [shown, other])),
        settle=None,
    )
    return paper.first, frame


def _admitted(x: Any, where: str, argument: str) -> xr.DataArray:
    found = checked.array(x, where, argument, ("sex", "age"), nonnegative=True)
    units.factor(units.unit_of(found), "person", where, argument)
    sexes = sorted(map(str, found.indexes["sex"]))
    if sexes != sorted(_SEXES):
        raise DimensionError(
            where,
            f"{argument} has sex {', '.join(sexes)}, expected F and M",
            f'{argument}.sel(sex=["F", "M"])',
            4,
            argument,
        )
    widths = ages.widths(found, where, argument)
    closed = widths[np.isfinite(widths)]
    if closed.size and not np.all(closed == closed[0]):
        raise AgeError(
            where,
            f"{argument} has ages of several widths, whose bars cannot be compared",
            f"migov.regroup_ages({argument}, range(0, 100, 5))",
            3,
            argument,
        )
    return found.sel(sex=list(_SEXES))


def _same_ages(shown: xr.DataArray, other: xr.DataArray, where: str) -> None:
    same = np.array_equal(shown.age.values, other.age.values)
    if not same or not np.array_equal(ages.widths(shown), ages.widths(other)):
        raise AlignmentError(
            where,
            "population and compare have different ages",
            "migov.regroup_ages both to ages that they share",
            2,
            "compare",
        )


def _names(
    shown: xr.DataArray, other: xr.DataArray | None, given: Any, where: str
) -> tuple[str, str]:
    if given is not None:
        pair = tuple(given) if isinstance(given, tuple | list) else ()
        if len(pair) != 2 or not all(isinstance(name, str) for name in pair):
            raise KindError(where, f"names={given!r}", "two texts, (bars, outline)", 9, "names")
        return pair[0], pair[1]
    if other is None:
        return "", ""
    mine, theirs = align.scalars(shown), align.scalars(other)
    apart = [name for name in mine if name in theirs and mine[name] != theirs[name]]
    if apart:
        pairs = [[labels.one(name, told[name]) for name in apart] for told in (mine, theirs)]
        return ", ".join(pairs[0]), ", ".join(pairs[1])
    return "shown", "compared"


def _frame(shown: xr.DataArray, other: xr.DataArray | None, where: str) -> tuple[pd.DataFrame, str]:
    """Return the tidy frame in a readable unit, and that unit."""
    given = units.unit_of(shown)
    largest = [float(np.nanmax(shown.values))]
    if other is not None:
        by = units.factor(units.unit_of(other), given, where, "compare")
        largest.append(float(np.nanmax(other.values)) * by)
    unit = amounts.readable(given, max(largest))
    scaled, bits = checked.converted(shown, unit, where, "population")
    found = checked.spread(scaled, [_LEVEL], where, "population")
    middle = found.middle.transpose("sex", "age")
    shape = middle.shape
    empty = np.full(shape, np.nan)
    ends = [
        each[_LEVEL].transpose("sex", "age").values if each else empty
        for each in (found.low, found.high)
    ]
    compared, other_bits = empty, np.zeros(shape, np.uint16)
    if other is not None:
        rescaled, raw = checked.converted(other, unit, where, "compare")
        outline = checked.spread(rescaled, [_LEVEL], where, "compare").middle
        compared = outline.transpose("sex", "age").values
        other_bits = _ordered(raw, outline)
    width = ages.widths(shown)
    frame = pd.DataFrame(
        {
            "sex": np.repeat(middle.sex.values.astype(str), shape[1]),
            "age": np.tile(middle.age.values, shape[0]),
            "age_width": np.tile(width, shape[0]),
            "label": np.tile(labels.along(shown, "age"), shape[0]),
            "value": middle.values.ravel(),
            "low": ends[0].ravel(),
            "high": ends[1].ravel(),
            "compared": compared.ravel(),
            "unit": unit,
            "status": checked.told(_ordered(bits, found.middle)),
            "compared_status": checked.told(other_bits),
        }
    )
    return frame, unit


def _ordered(bits: np.ndarray, like: xr.DataArray) -> np.ndarray:
    """Return status bits over the dimensions of `like` as sex by age."""
    return bits if like.dims == ("sex", "age") else bits.T


def _marked(title: str, frame: pd.DataFrame) -> str:
    """Return the title, marked where a bar or the outline is stylised."""
    both = pd.concat(
        [
            frame[["value", "status"]],
            frame[["compared", "compared_status"]].set_axis(["value", "status"], axis=1),
        ]
    )
    return notes.marked(title, both)


def _gaps(frame: pd.DataFrame) -> list[str]:
    lines = [notes.gaps(frame, ["sex", "label"])]
    if frame["compared"].notna().any():
        other = frame.assign(status=frame["compared_status"])
        absent = notes.gaps(other, ["sex", "label"], "compared")
        lines.append(absent.replace("Missing,", "Missing in the outline,", 1))
    return lines


def _texts(
    shown: xr.DataArray, other: xr.DataArray | None, called: tuple[str, str], frame: pd.DataFrame
) -> list[str]:
    lines = []
    flagged = [
        name
        for name, value, told in (
            (f"bars ({called[0]})", "value", "status"),
            (f"outline ({called[1]})", "compared", "compared_status"),
        )
        if frame[told][frame[value].notna()].str.contains("stylised").any()
    ]
    if len(flagged) == 1 and other is not None:
        lines.append(f"Stylised: {flagged[0]}")
    if "member" in shown.dims or "quantile" in shown.dims:
        lines.append("Bars: medians; whiskers: central 80 % of members")
    if other is not None and labels.definition(other) != labels.definition(shown):
        lines.append(f"Outline ({called[1]}): {labels.definition(other)}")
    return lines


def _draw(paper: sheet.Sheet, frame: pd.DataFrame, called: tuple[str, str]) -> None:
    axes = paper.first
    steps = frame["age_width"][np.isfinite(frame["age_width"])]
    step = float(steps.iloc[0]) if len(steps) else 5.0
    outlined = bool(frame["compared"].notna().any())
    colours: dict[str, str] = dict(
        zip(_SEXES, (theme.OKABE_ITO["blue"], theme.OKABE_ITO["orange"]), strict=True)
    )
    for sex, sign in (("M", -1.0), ("F", 1.0)):
        part = frame[frame["sex"] == sex]
        low = part["age"].to_numpy(float)
        value = part["value"].to_numpy()
        axes.barh(
            low + step / 2, sign * value, step * 0.92, color=colours[sex], alpha=0.85, linewidth=0
        )
        if part["low"].notna().any():
            ends = sign * part[["low", "high"]].to_numpy().T
            axes.hlines(low + step / 2, ends[0], ends[1], color=theme.INK, linewidth=0.9)
        if outlined:
            edges = np.append(low, low[-1] + step)
            axes.stairs(
                sign * part["compared"].to_numpy(),
                edges,
                orientation="horizontal",
                color=theme.INK,
                linewidth=paper.style.font / 8,
                baseline=None,
            )
    axes.axvline(0, color="white", linewidth=1.0, zorder=1.5)
    _axes(paper, frame, step)
    _headers(paper, colours, called, outlined)


def _axes(paper: sheet.Sheet, frame: pd.DataFrame, step: float) -> None:
    axes, style = paper.first, paper.style
    sheet.bare(axes, style, grid="x")
    reach = np.nanmax(frame[["value", "high", "compared"]].to_numpy()) * 1.04 or 1.0
    axes.set_xlim(-reach, reach)
    sheet.numbered(axes.xaxis, absolute=True, most=sheet.most_ticks(paper) + 1)
    part = frame[frame["sex"] == "M"]
    low = part["age"].to_numpy(float)
    axes.set_ylim(low[0], low[-1] + step)
    # A label needs its line: where bars are thinner, every second, fifth or tenth has one.
    room = 0.6 * paper.height * 72 / (style.font * 1.15)
    every = next(n for n in (1, 2, 5, 10, 20, 50) if len(low) / n <= room or n == 50)
    chosen = list(range(0, len(low), every))
    if len(low) - 1 not in chosen and len(low) - 1 - chosen[-1] >= every / 2:
        chosen.append(len(low) - 1)
    axes.set_yticks(low[chosen] + step / 2, part["label"].iloc[chosen].tolist())


def _headers(
    paper: sheet.Sheet, colours: dict[str, str], called: tuple[str, str], outlined: bool
) -> None:
    """Write the sexes above their sides, and what bars and outline are between them."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.transforms import ScaledTranslation

    axes, style = paper.first, paper.style
    paper.header = style.font * 1.6
    for sex, at, side in (("M", 0.0, "left"), ("F", 1.0, "right")):
        head = axes.annotate(
            labels.one("sex", sex),
            (at, 1),
            (0, 4),
            xycoords="axes fraction",
            textcoords="offset points",
            ha=side,
            va="bottom",
            size=style.font,
            weight="bold",
            color=theme.INK,
        )
        paper.heads.append(head)
    if not outlined:
        return
    # On small Axes of others the names of bars and outline have a row of their own.
    lift = 0.0 if paper.own else style.font * 1.4 / 72
    paper.header += lift * 72
    handles = [
        Patch(facecolor=theme.OKABE_ITO["grey"], alpha=0.85, label=called[0]),
        Line2D([], [], color=theme.INK, linewidth=style.font / 8, label=called[1]),
    ]
    legend = axes.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        bbox_transform=axes.transAxes + ScaledTranslation(0, lift, paper.figure.dpi_scale_trans),
        ncols=2,
        frameon=False,
        fontsize=style.small,
        labelcolor=theme.INK,
        handlelength=1.4,
        columnspacing=1.2,
        borderaxespad=0.2,
        borderpad=0.1,
    )
    paper.heads.append(legend)
