"""Circular migrants, by the crossings of each person."""

from __future__ import annotations

from collections.abc import Sequence
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

FORMS = ("circular_long_term", "circular_temporary_form", "not_circular")


@attrs.frozen(kw_only=True)
class Circularity:
    """Circular migrants, long-term and in the temporary form, by their crossings.

    A person is circular who crossed the border of the country at least `crossings` times in
    `years`, each time with a stay, abroad or in the country, of at least `months`, or of `days`
    for the temporary form. Where the text is silent, fields say what is done.

    Parameters
    ----------
    years : int
        Length of the window before the reference date.
    crossings : int
        Crossings that make a person circular.
    months : int
        Calendar months completed that a stay takes, long-term.
    days : int
        Days of a stay in the temporary form: the difference of its dates.
    open_stay : {"to reference", "long enough", "left out"}
        The last stay, which no crossing ends: runs to the reference date; counts whatever its
        length so far; or does not count.
    window_edge : {"after", "on"}
        Whether the window begins after the day `years` before the reference date, or on it.
    short_stays : {"remove", "keep"}
        A shorter stay is removed with the crossing that ends it, earliest first, and its
        neighbours become one stay; or it only does not count. Removal looks at the whole
        history, also before the window.
    min_cell : int
        Smallest count that a table shows.

    Examples
    --------
    >>> from migov.compare.events import crossings
    >>> frame = pd.DataFrame({"person": ["a"] * 3, "date": ["2016-02-01", "2018-03-01",
    ...     "2020-04-01"], "direction": ["out", "in", "out"]})
    >>> table = Circularity(min_cell=1).run(crossings(frame, until="2024-12-31"))
    >>> table.sel(form="circular_long_term").item()
    1.0

    References
    ----------
    UNECE (2016), Defining and Measuring Circular Migration, ECE/CES/BUR/2016/OCT/18/Add.1.
    """

    years: int = attrs.field(default=10, validator=at_least(1))
    crossings: int = attrs.field(default=3, validator=at_least(1))
    months: int = attrs.field(default=12, validator=at_least(1))
    days: int = attrs.field(default=90, validator=at_least(1))
    open_stay: OpenStay = attrs.field(
        default="to reference", validator=choice("to reference", "long enough", "left out")
    )
    window_edge: Literal["after", "on"] = attrs.field(
        default="after", validator=choice("after", "on")
    )
    short_stays: ShortStays = attrs.field(default="remove", validator=choice("remove", "keep"))
    min_cell: int = attrs.field(default=5, validator=at_least(0))

    def qualifying(
        self, histories: Histories, at: Any = None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return each person's qualifying crossings, long-term and in the temporary form.

        Parameters
        ----------
        histories : Histories
            From :func:`migov.compare.crossings` or :func:`migov.compare.permits`.
        at : str or datetime64, optional
            Reference date; the last day of the source by default.

        Returns
        -------
        long, temporary : ndarray (persons,)
            Numbers of crossings in the window.
        """
        where = type(self).__name__
        known = taken(histories, where)
        reference = dates(known.until if at is None else at, known, where)[0]
        last = int(reference.astype(np.int64))
        day, first = known.day, known.first
        upto = day <= last
        if not upto.all():
            day, first = (
                day[upto],
                np.concatenate([[0], np.cumsum(kernels.counts_by_person(upto, first))]),
            )
        ends = kernels.stay_ends(day, first, last)
        start = int(months_before(reference, 12 * self.years).astype(np.int64))
        inside = day >= start if self.window_edge == "on" else day > start
        found = []
        for short in (
            kernels.months_completed(day, ends) < self.months,
            ends - day < self.days,
        ):
            settle_open(short, first, self.open_stay)
            kept = kernels.whole_stays(short, first) if self.short_stays == "remove" else ~short
            found.append(kernels.counts_by_person(kept & inside, first))
        return found[0], found[1]

    def _forms(self, histories: Histories, at: Any) -> dict[str, NDArray[np.bool_]]:
        long, temporary = self.qualifying(histories, at)
        is_long = long >= self.crossings
        is_temporary = (temporary >= self.crossings) & ~is_long
        return dict(zip(FORMS, (is_long, is_temporary, ~(is_long | is_temporary)), strict=True))

    def run(
        self, histories: Histories, at: Any = None, by: str | Sequence[str] = ()
    ) -> xr.DataArray:
        """Return how many persons are circular, by form.

        Parameters
        ----------
        histories : Histories
            The events.
        at : str or datetime64, optional
            Reference date; the last day of the source by default.
        by : str or sequence of str, optional
            Classes that the histories were read with.

        Returns
        -------
        DataArray {form, then the dimensions of `by`}
            Persons, small cells suppressed, with ``time`` as a scalar. Long-term wins over the
            temporary form.

        Raises
        ------
        DimensionError
            `by` names an unknown class.
        TimeError
            `at` is no day that the source covers.
        """
        where = type(self).__name__
        known = taken(histories, where)
        groups = tables.classes(known, by, where)
        reference = dates(known.until if at is None else at, known, where)[0]
        counted = tables.count(self._forms(known, reference), "form", groups)
        out = tables.protect(counted, self.min_cell)
        out = out.assign_coords(time=reference.astype("M8[s]"))
        return told(out, "persons by form of circularity", self, known)

    def persons(self, histories: Histories, at: Any = None) -> pd.DataFrame:
        """Return the rows of persons: form and qualifying crossings of each.

        This is personal data; tables for others come from :meth:`run`.

        Returns
        -------
        DataFrame
            ``person, qualifying_long_term, qualifying_temporary, form``.
        """
        known = taken(histories, type(self).__name__)
        long, temporary = self.qualifying(known, at)
        forms = self._forms(known, at)
        return pd.DataFrame(
            {
                "person": known.persons,
                "qualifying_long_term": long,
                "qualifying_temporary": temporary,
                "form": np.select(list(forms.values()), list(forms), ""),
            }
        )
