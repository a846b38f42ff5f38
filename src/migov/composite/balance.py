"""The balance: four goals side by side, with what moves against what, and no total.

Border control, demographic change, economic development and the skills that labour markets
need are kept in balance by people who see them together. An indicator without a direction is
a level and nothing else; a total exists only where somebody states the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.composite.balance_checks import check_members, check_single, check_weighing, checked
from migov.core import catalogue
from migov.core.errors import CodeError, KindError, ParameterError
from migov.core.times import years_between
from migov.numeric.comovement import comovement, trend_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

GOALS: dict[str, tuple[str, ...]] = {
    "border control": ("border", "asylum", "protection", "safety"),
    "demographic change": (
        "ageing", "growth", "fertility_mortality", "stocks", "emigrants", "flows",
        "migration_intensity", "migration_age", "integration",
    ),
    "economic development": ("remittances", "income", "development", "health", "skills_at_origin"),
    "skills and labour needs": (
        "labour_market", "mismatch", "shortage", "shortage_indicators", "vacancies",
        "recognition", "schemes", "scheme_outcomes",
    ),
}  # fmt: skip
"""The four goals, each with the catalogue's themes that bear on it."""


def goal_of(id: str) -> str:  # noqa: A002 - the catalogue's word
    """Return the goal that an indicator bears on, by its theme.

    Raises
    ------
    CodeError
        No such indicator, or its theme bears on none of the four.

    Examples
    --------
    >>> goal_of("old_age_dependency_ratio")
    'demographic change'
    """
    theme = catalogue.get(id).info.theme
    for goal, themes in GOALS.items():
        if theme in themes:
            return goal
    raise CodeError(
        "Balance", f"{id!r} of the theme {theme!r} bears on none of the goals", "goals=…", 9, "id"
    )


@attrs.frozen(kw_only=True)
class Balance:
    """Which indicators stand for which goal, with targets where there are any.

    Parameters
    ----------
    goals : tuple of (str, tuple of str)
        Goals with the ids of their indicators; empty takes each indicator's own goal.
    targets : tuple of (str, float)
        Ids with their targets, in the indicator's unit.
    reference : tuple of str
        Areas whose median is shown beside a level.

    Raises
    ------
    ParameterError
        An id under two goals, or a target for a level without direction.

    Examples
    --------
    >>> import migov as mg
    >>> people = mg.Cells((200, 600, 150), age="0-14 15-64 65+").array("person")
    >>> old = mg.OldAgeDependencyRatio()(people)
    >>> mg.Balance().profile({"old_age_dependency_ratio": old}).level.tolist()
    [25.0]
    """

    goals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    targets: tuple[tuple[str, float], ...] = ()
    reference: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        ids = [one for _, members in self.goals for one in members]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ParameterError(
                "Balance", f"{', '.join(twice)} stands under two goals", "choose one", 9, "goals"
            )
        for one, _ in self.targets:
            if catalogue.get(one).info.direction == "none":
                raise ParameterError(
                    "Balance",
                    f"{one} has no direction and so no target",
                    "leave it out of targets; it stays in the profile as a level",
                    9,
                    "targets",
                )

    def goal(self, id: str) -> str:  # noqa: A002 - the catalogue's word
        """Return the goal of an indicator under this balance."""
        for name, members in self.goals:
            if id in members:
                return name
        if self.goals:
            raise ParameterError("Balance", f"{id!r} stands under no goal", "goals=…", 9, "goals")
        return goal_of(id)

    def profile(self, results: Mapping[str, xr.DataArray]) -> pd.DataFrame:
        """Return levels, trends, gaps to targets and the reference group, by goal.

        Parameters
        ----------
        results : mapping of str to DataArray {time or period, area, member}
            Results by catalogue id; the last date is the level, all dates the trend.

        Returns
        -------
        DataFrame
            One row an indicator and area, in the order of the goals and never of the values:
            ``goal, id, area, unit, level, trend`` (per year, least squares), ``trend_error``
            (its standard error), ``target, gap, reference`` (median of the reference areas)
            and ``sense``: towards, away, or "not clear" where the trend is less than two of its
            standard errors from zero or has none (fewer than three dates); empty where there is
            no direction.
        """
        import pandas as pd

        rows = []
        for ident, x in checked(results).items():
            rows += self._rows(ident, x)
        order = list(dict(self.goals) or GOALS)
        frame = pd.DataFrame(rows)
        place = frame["goal"].map({name: i for i, name in enumerate(order)})
        return frame.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)

    def _rows(self, ident: str, x: xr.DataArray) -> list[dict[str, Any]]:
        info = catalogue.get(ident).info
        axis = next((dim for dim in ("time", "period") if dim in x.dims), None)
        areas = [str(a) for a in x.indexes["area"]] if "area" in x.dims else [""]
        middle = x.median("member", skipna=False) if "member" in x.dims else x
        target = dict(self.targets).get(ident, np.nan)
        known = [a for a in self.reference if a in areas]
        rows = []
        for area in areas:
            one = middle.sel(area=area) if area else middle
            values = np.atleast_1d(np.asarray(one.values, float))
            years = _years(one, axis)
            trend, error = trend_of(years, values)
            peers = middle.sel(area=known) if known else None
            if peers is not None and axis:
                peers = peers.isel({axis: -1})
            gap = values[-1] - target
            sense = "" if np.isnan(trend) else _sense(info.direction, *_around(trend, error))
            rows.append({
                "goal": self.goal(ident), "id": ident, "area": area, "unit": x.attrs["units"],
                "level": values[-1], "trend": trend, "trend_error": error,
                "target": target, "gap": gap, "sense": sense,
                "reference": np.nan if peers is None else float(np.median(peers.values)),
            })  # fmt: skip
        return rows

    def tradeoffs(self, results: Mapping[str, xr.DataArray], *, level: float = 0.8) -> pd.DataFrame:
        """Return which indicators of different goals rise and fall together.

        Yearly changes are turned so that up is better; indicators without a direction are
        left out. A negative number is a trade-off: one goal moved away when the other came
        nearer.

        Parameters
        ----------
        results : mapping of str to DataArray {time or period, area}
            As in :meth:`profile`; three dates at least.
        level : float
            Of the interval.

        Returns
        -------
        DataFrame
            ``area, first, second, goals, comovement`` (correlation of changes), ``low, high``
            (Fisher's interval at `level`), ``n``, ``told``: trade-off, together, or not clear.
        """
        import pandas as pd

        given = {
            ident: x
            for ident, x in checked(results).items()
            if catalogue.get(ident).info.direction != "none"
        }
        rows = []
        names = list(given)
        for i, first in enumerate(names):
            for second in names[i + 1 :]:
                if self.goal(first) != self.goal(second):
                    rows += self._pair(first, second, given, level)
        columns = ["area", "first", "second", "goals", "comovement", "low", "high", "n", "told"]
        return pd.DataFrame(rows, columns=columns)

    def _pair(
        self, first: str, second: str, given: Mapping[str, xr.DataArray], level: float
    ) -> list[dict[str, Any]]:
        a, b = (_oriented(name, given[name]) for name in (first, second))
        axis = next((dim for dim in ("time", "period") if dim in a.dims and dim in b.dims), None)
        if axis is None:
            return []
        dates = [date for date in a.indexes[axis] if date in set(b.indexes[axis])]
        areas = [str(x) for x in a.indexes["area"]] if "area" in a.dims else [""]
        rows = []
        for area in areas:
            if area and ("area" not in b.dims or area not in b.indexes["area"]):
                continue
            one, two = (x.sel(area=area) if area else x for x in (a, b))
            apart = np.diff(_years(one.sel({axis: dates}), axis))
            value, low, high, n = comovement(
                np.diff(np.asarray(one.sel({axis: dates}).values, float)) / apart,
                np.diff(np.asarray(two.sel({axis: dates}).values, float)) / apart,
                level,
            )
            told = "trade-off" if high < 0 else "together" if low > 0 else "not clear"
            rows.append({
                "area": area, "first": first, "second": second, "comovement": value,
                "goals": f"{self.goal(first)} and {self.goal(second)}",
                "low": low, "high": high, "n": n, "told": told,
            })  # fmt: skip
        return rows

    @classmethod
    def compare(
        cls,
        *,
        before: Mapping[str, xr.DataArray],
        after: Mapping[str, xr.DataArray],
        policy: Any = None,
    ) -> pd.DataFrame:
        """Return the four goals before and after, with a policy's class as context.

        Parameters
        ----------
        before, after : mapping of str to DataArray {member}
            One number an indicator, or the same members on both sides; one that is not in
            `after` is not affected.
        policy : Dataset, optional
            A scored instrument: its class stands beside as context, never as an outcome.

        Returns
        -------
        DataFrame
            ``goal, id, unit, before, after, low, high`` (the change's 80 % interval over
            members) and ``sense``; no total.

        Raises
        ------
        ParameterError
            `after` has an indicator that `before` has not.
        DimensionError, AlignmentError
            An indicator has several areas or dates, or other members before than after.
        """
        import pandas as pd

        rows = []
        first = checked(before, "before")
        second = checked(after, "after") if after or not isinstance(after, Mapping) else {}
        extra = [name for name in second if name not in first]
        if extra:
            raise ParameterError(
                "Balance",
                f"after has {extra[0]!r}, before has not",
                f"before={{{extra[0]!r}: …}}, or leave it out of after",
                9,
                "after",
            )
        for ident, x in first.items():
            check_single(ident, x, "before")
            if ident in second:
                check_single(ident, second[ident], "after")
                check_members(ident, x, second[ident])
        for ident, x in first.items():
            info = catalogue.get(ident).info
            row: dict[str, Any] = {"goal": goal_of(ident), "id": ident, "unit": x.attrs["units"]}
            row["before"] = float(x.median())
            if ident in second:
                gain = np.atleast_1d((second[ident] - x).values)
                low, high = np.quantile(gain, [0.1, 0.9])
                row |= {"after": float(second[ident].median()), "low": low, "high": high}
                row["sense"] = _sense(info.direction, low, high)
            else:
                row |= {"after": np.nan, "low": np.nan, "high": np.nan}
                row["sense"] = "not affected by construction"
            rows.append(row)
        frame = pd.DataFrame(rows).sort_values(
            "goal",
            key=lambda column: column.map({name: i for i, name in enumerate(GOALS)}),
            kind="stable",
        )
        if policy is not None:
            frame.attrs["policy"] = policy
        return frame.reset_index(drop=True)

    @staticmethod
    def total(
        frame: pd.DataFrame,
        *,
        weights: Mapping[str, float] | None = None,
        scales: Mapping[str, float] | None = None,
    ) -> float:
        """Return a weighted sum of changes, for those who state every weight and scale.

        Parameters
        ----------
        frame : DataFrame
            Of :meth:`compare`.
        weights : mapping of str to float
            Not negative, one for each affected indicator with a direction; they sum to one.
            There is no default: without them there is no total.
        scales : mapping of str to float
            The change, in the indicator's unit, that counts as one; above zero.

        Raises
        ------
        ParameterError
            A weight or scale is missing, or belongs to a level without direction.
        KindError
            `frame` is not of :meth:`compare`.
        """
        if not {"id", "before", "after"} <= set(getattr(frame, "columns", ())):
            told = f"frame is a {type(frame).__name__} without id, before and after"
            raise KindError(
                "Balance.total", told, "frame=migov.Balance.compare(before=…, after=…)", 9, "frame"
            )
        lines: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
        used = {
            str(line["id"]): line
            for line in lines
            if catalogue.get(str(line["id"])).info.direction != "none"
            and not np.isnan(line["after"])
        }
        weights, scales = check_weighing(weights, scales, used)
        found = 0.0
        for ident, line in used.items():
            better = 1.0 if catalogue.get(ident).info.direction == "up" else -1.0
            found += weights[ident] * better * (line["after"] - line["before"]) / scales[ident]
        return found


def _around(trend: float, error: float) -> tuple[float, float]:
    """Return the trend less and plus two standard errors; everything where there is no error."""
    half = np.inf if np.isnan(error) else 2 * error
    return trend - half, trend + half


def _sense(direction: str, low: float, high: float) -> str:
    if direction == "none":
        return ""
    if low > 0:
        return "towards" if direction == "up" else "away"
    if high < 0:
        return "away" if direction == "up" else "towards"
    return "not clear"


def _oriented(ident: str, x: xr.DataArray) -> xr.DataArray:
    middle = x.median("member", skipna=False) if "member" in x.dims else x
    return middle if catalogue.get(ident).info.direction == "up" else -middle


def _years(x: xr.DataArray, axis: str | None) -> np.ndarray:
    if axis is None:
        return np.zeros(1)
    dates = x.coords[axis].values
    return np.asarray(years_between(np.full(dates.shape, dates[0]), dates), float)
