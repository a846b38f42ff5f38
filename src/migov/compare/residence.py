"""Residents and moves, by the crossings of each person, under any definition of residence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from migov.compare import kernels_histories as kernels
from migov.compare import tables
from migov.compare.events import Histories
from migov.compare.rules import (
    OpenStay,
    ShortStays,
    at_least,
    choice,
    dates,
    months_before,
    settle_open,
    taken,
    told,
)
from migov.core import status
from migov.core.definition import UNKNOWN, Definition, define
from migov.core.errors import DefinitionError, ParameterError

Marks = NDArray[np.bool_]


@attrs.frozen(kw_only=True)
class Residence:
    """Usual residence by stays in a row, or by months in all within a window.

    In a row: entering makes a resident where a stay of `stay_months` follows, leaving ends it
    where an absence of `exit_months` follows; the change is dated at the crossing. In all
    (cumulative): a resident spent at least `stay_months` of the last `window_months` in the
    country, or more than half of them where the months are half the window ("most of").

    Parameters
    ----------
    stay_months, exit_months : int
        Calendar months completed of a stay, and of an absence, that change residence.
    count : {"continuous", "cumulative"}
        In a row, or in all.
    window_months : int
        Window of the cumulative count; months in it are its share of days.
    open_stay : {"to reference", "long enough", "left out"}
        The last stay or absence, which no crossing ends: runs to the last day known; counts
        whatever its length so far (as intended); or does not count. Continuous count only.
    short_stays : {"remove", "keep"}
        A shorter stay or absence is removed with the crossing that ends it, earliest first,
        and its neighbours become one; or each is judged alone. Continuous count only.
    hindsight : bool
        Whether stays are judged by all that the source knows until its last day, or by what
        was known at the reference date. Continuous count only.
    days : {"nights", "both"}
        A stay counts its nights, or the day of leaving too. Cumulative count only.
    never_crossed : {"outside", "inside"}
        Where persons without crossings are.
    min_cell : int
        Smallest count that a table shows.

    Examples
    --------
    >>> from migov.core import definitions
    >>> Residence.of(definitions.MDA_USUAL_RESIDENCE).count
    'cumulative'
    >>> from migov.compare.events import crossings
    >>> frame = pd.DataFrame({"person": ["a", "a", "b"], "direction": ["in", "out", "in"],
    ...     "date": ["2020-01-01", "2022-06-01", "2023-01-01"]})
    >>> histories = crossings(frame, until="2024-12-31")
    >>> Residence(min_cell=0).run(histories, ["2021-12-31", "2024-12-31"]).values
    array([1., 1.])
    >>> Residence(min_cell=0).moves(histories, ["2020-01-01", "2024-01-01"]).arrivals.item()
    2.0
    """

    stay_months: int = attrs.field(default=12, validator=at_least(0))
    exit_months: int = attrs.field(default=12, validator=at_least(0))
    count: Literal["continuous", "cumulative"] = attrs.field(
        default="continuous", validator=choice("continuous", "cumulative")
    )
    window_months: int = attrs.field(default=12, validator=at_least(1))
    open_stay: OpenStay = attrs.field(
        default="to reference", validator=choice("to reference", "long enough", "left out")
    )
    short_stays: ShortStays = attrs.field(default="remove", validator=choice("remove", "keep"))
    hindsight: bool = attrs.field(default=True)
    days: Literal["nights", "both"] = attrs.field(
        default="nights", validator=choice("nights", "both")
    )
    never_crossed: Literal["outside", "inside"] = attrs.field(
        default="outside", validator=choice("outside", "inside")
    )
    min_cell: int = attrs.field(default=5, validator=at_least(0))

    def __attrs_post_init__(self) -> None:
        if self.count == "cumulative" and self.stay_months > self.window_months:
            raise ParameterError(
                "Residence",
                f"stay_months={self.stay_months} are more than window_months={self.window_months}",
                f"window_months={self.stay_months:g} or more",
                9,
                "stay_months",
            )

    @classmethod
    def of(cls, definition: Definition, **options: Any) -> Residence:
        """Return the rule of a definition.

        Parameters
        ----------
        definition : Definition
            With ``stay_months`` and ``stay_count``; where ``exit_months`` is unknown, the
            months of stay are taken.
        **options
            Other fields of the class.

        Raises
        ------
        DefinitionError
            The definition does not say which stay makes a resident.
        """
        absent = [
            name for name in ("stay_months", "stay_count") if getattr(definition, name) == UNKNOWN
        ]
        if definition.stay_count == "cumulative" and definition.window_months == UNKNOWN:
            absent.append("window_months")
        if absent:
            raise DefinitionError(
                "Residence",
                f"{definition.name or 'the definition'} does not say {', '.join(absent)}",
                f"definition.evolve({absent[0]}=…)",
                5,
                "definition",
            )
        leaves = definition.exit_months
        given: dict[str, Any] = {
            "stay_months": definition.stay_months,
            "exit_months": definition.stay_months if leaves == UNKNOWN else leaves,
            "count": definition.stay_count,
        }
        if definition.window_months != UNKNOWN:
            given["window_months"] = definition.window_months
        return cls(**(given | options))

    def definition(self, histories: Histories) -> Definition:
        """Return who is counted: the rule, judged by crossings or by the validity of permits."""
        cumulative = self.count == "cumulative"
        return Definition(
            name=f"residents, {self.stay_months} months {self.count}",
            criterion="everyone",
            residence_rule="usual" if histories.source == "crossings" else "legal",
            stay_months=self.stay_months,
            exit_months=UNKNOWN if cumulative else self.exit_months,
            stay_count=self.count,
            window_months=self.window_months if cumulative else UNKNOWN,
            stay_basis="actual" if histories.source == "crossings" else "permit_validity",
            stock_basis="at_date",
            counts="persons",
            population_base="residents",
            source_kind="administrative",
        )

    def _kept(self, known: Histories, last: int | None) -> Marks:
        """Return which crossings change residence; None takes all that the source knows."""
        day, inward, first = known.day, known.inward, known.first
        upto = np.ones(len(day), bool) if last is None else day <= last
        if not upto.all():
            counts = kernels.counts_by_person(upto, first)
            day, inward = day[upto], inward[upto]
            first = np.concatenate([[0], np.cumsum(counts)])
        until = int(known.until.astype(np.int64)) if last is None else last
        ends = kernels.stay_ends(day, first, until)
        needed = np.where(inward, self.stay_months, self.exit_months)
        short = kernels.months_completed(day, ends) < needed
        settle_open(short, first, self.open_stay)
        out = np.zeros(len(upto), bool)
        out[upto] = kernels.whole_stays(short, first) if self.short_stays == "remove" else ~short
        return out

    def _resident(self, known: Histories, days: list[Any]) -> list[Marks]:
        """Return who is resident at each day."""
        if self.count == "cumulative":
            found = [self._by_months(known, day) for day in days]
        else:
            found = self._in_a_row(known, days)
        if self.never_crossed == "inside":
            never = known.first[1:] == known.first[:-1]
            found = [marks | never for marks in found]
        return found

    def _by_months(self, known: Histories, day: Any) -> Marks:
        start = int(months_before(day, int(self.window_months)).astype(np.int64))
        end = int(day.astype(np.int64))
        spent = kernels.days_inside(
            known.day, known.inward, known.first, start, end, self.days == "both"
        )
        # In whole numbers: a share of days against a share of months.
        have, need = spent * self.window_months, self.stay_months * (end - start)
        return np.asarray(
            have > need if 2 * self.stay_months == self.window_months else have >= need, bool
        )

    def _in_a_row(self, known: Histories, days: list[Any]) -> list[Marks]:
        whole = self._kept(known, None) if self.hindsight else None
        out = []
        for day in days:
            last = int(day.astype(np.int64))
            kept = self._kept(known, last) if whole is None else whole
            out.append(kernels.inside_at(known.day, known.inward, known.first, kept, last))
        return out

    def run(
        self, histories: Histories, at: Any = None, by: str | Sequence[str] = ()
    ) -> xr.DataArray:
        """Return how many persons are resident at each date.

        Persons who are not in the histories are not counted: a population needs those who
        never crossed beside these.

        Parameters
        ----------
        histories : Histories
            The events.
        at : str, datetime64 or sequence of them, optional
            Reference dates; the last day of the source by default.
        by : str or sequence of str, optional
            Classes that the histories were read with.

        Returns
        -------
        DataArray {time, then the dimensions of `by`}
            Persons, with their definition; each date is suppressed on its own.

        Raises
        ------
        DimensionError
            `by` names an unknown class.
        TimeError
            `at` is no day that the source covers, or does not increase.
        """
        where = type(self).__name__
        known = taken(histories, where)
        groups = tables.classes(known, by, where)
        days = dates(known.until if at is None else at, known, where)
        marks = {
            str(day): found for day, found in zip(days, self._resident(known, days), strict=True)
        }
        counted = tables.count(marks, "time", groups)
        out = tables.protect(counted, self.min_cell, apart=("time",))
        out = out.assign_coords(time=np.array(days, "M8[s]"))
        return define(
            told(out, "residents among persons who crossed", self, known), self.definition(known)
        )

    def moves(self, histories: Histories, edges: Any, by: str | Sequence[str] = ()) -> xr.Dataset:
        """Return how many persons moved in and out, by changes of residence.

        Parameters
        ----------
        histories : Histories
            The events.
        edges : sequence of str or datetime64
            Days that bound the intervals; a move on an edge belongs to the interval it starts.
        by : str or sequence of str, optional
            Classes that the histories were read with.

        Returns
        -------
        Dataset
            ``arrivals`` and ``departures`` {period, then those of `by`} in persons; who
            moves twice in an interval counts twice. A cell's status is that of either.

        Raises
        ------
        ParameterError
            The count is cumulative, which dates no change of residence.
        """
        where = "Residence.moves"
        known = taken(histories, where)
        if self.count == "cumulative":
            raise ParameterError(
                where,
                "months in all make residents at a date, but date no move",
                'count="continuous", or the difference of two dates',
                9,
                "count",
            )
        groups = tables.classes(known, by, where)
        days = dates(edges, known, where)
        if len(days) < 2:
            raise ParameterError(where, "edges bound no interval", "two days or more", 9, "edges")
        kept = self._kept(known, None)
        changed = kept & (known.inward != kernels.side_before(known.inward, known.first, kept))
        found = {}
        for name, side in (("arrivals", True), ("departures", False)):
            table = _by_period(known, changed & (known.inward == side), days, groups)
            out = tables.protect(table, self.min_cell, apart=("period",))
            out = out.assign_coords(
                period=np.array(days[:-1], "M8[s]"),
                period_end=("period", np.array(days[1:], "M8[s]")),
            )
            who = self.definition(known).evolve(
                name=f"{name}, {self.stay_months if side else self.exit_months} months",
                criterion="previous_residence" if side else "next_residence",
                direction="in" if side else "out",
                stock_basis=UNKNOWN,
                population_base=UNKNOWN,
            )
            found[name] = define(told(out, name, self, known), who)
        # One of the two alone may have few persons in a cell, and a dataset has one status.
        apart = {name: status.take(x) for name, x in found.items()}
        flags = status.join(one for _, one in apart.values())
        both = xr.Dataset({name: x for name, (x, _) in apart.items()})
        if flags is None:
            return both
        return both.assign_coords({status.NAME: (flags.dims, flags.values, status.ATTRS)})

    def persons(self, histories: Histories, at: Any = None) -> pd.DataFrame:
        """Return the rows of persons: whether each is resident at each date.

        This is personal data; tables for others come from :meth:`run`.

        Returns
        -------
        DataFrame
            ``person`` and one column each date.
        """
        where = type(self).__name__
        known = taken(histories, where)
        days = dates(known.until if at is None else at, known, where)
        columns = dict(zip(map(str, days), self._resident(known, days), strict=True))
        return pd.DataFrame({"person": known.persons, **columns})


def _by_period(
    known: Histories,
    chosen: Marks,
    days: list[Any],
    groups: Mapping[str, pd.Categorical[Any]],
) -> xr.DataArray:
    """Return how many of the chosen crossings fall in each interval, by classes."""
    owner = np.repeat(np.arange(len(known.persons)), np.diff(known.first))[chosen]
    edges = np.array([int(day.astype(np.int64)) for day in days])
    place = np.searchsorted(edges, known.day[chosen], "right") - 1
    marks = {str(day): place == i for i, day in enumerate(days[:-1])}
    return tables.count(marks, "period", {name: kind[owner] for name, kind in groups.items()})
