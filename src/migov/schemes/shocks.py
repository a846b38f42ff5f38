"""What goes wrong in a stay: illness, pregnancy, an employer's bankruptcy, a shut border.

Nothing has a number of its own: what is not given does not happen. A pregnancy never ends a stay
by a rule; who goes home for it does so by choice, and keeps the right to come again.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core.errors import DataError, KindError, ParameterError
from migov.schemes.consistency import names
from migov.schemes.hazards import RANGE, as_number, reading
from migov.schemes.kinds import from_text, is_number
from migov.schemes.rules import day

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

STAYS = {
    "illness": "illness_stays",
    "pregnancy": "pregnancy_stays",
    "bankruptcy": "bankruptcy_replaced",
}
"""The share that stays on, for each shock that has a rate."""

UNITS = {
    **dict.fromkeys(STAYS, "1/year"),
    **dict.fromkeys(STAYS.values(), "1"),
    "women": "1",
    **{f"{shock}_months": "month" for shock in STAYS},
}
"""Unit of each number; a number or range is in it."""


def _date(value: Any) -> Any:
    return str(value)[:10] if isinstance(value, np.datetime64 | dt.date) else value


def _as_parts(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def number_faults(name: str, value: Any, share: bool) -> list[str]:
    """Return what is wrong with a number or range."""
    ends = value if isinstance(value, tuple) else (value,)
    wrong = isinstance(value, tuple) and len(value) != len(RANGE)
    if wrong or not all(map(is_number, ends)):
        return [f"{name}={value!r}, expected a number or (low, central, high)"]
    if min(ends) < 0 or list(ends) != sorted(ends):
        return [f"{name}={value!r}, expected numbers from 0 that rise"]
    return [f"{name}={value!r} is a share, at most 1"] if share and max(ends) > 1 else []


def _month_faults(name: str, text: Any) -> list[str]:
    """Return what is wrong with the first day of a month."""
    try:
        first = day(text)
    except ValueError as fault:
        return [f"{name}: {fault}"]
    if not re.fullmatch(r"\d{4}-\d{2}-01", str(first)):
        return [f"{name}={text!r} is no first day of a month: {str(first)[:7]}-01"]
    return []


def _told(where: str, argument: str, faults: list[str]) -> None:
    if faults:
        count = f"{len(faults)} fault" + ("s" if len(faults) > 1 else "")
        raise DataError(where, count, "nothing was taken; mend these", 9, argument, tuple(faults))


@attrs.frozen(kw_only=True)
class Closure:
    """Months in which the border between the destination and origins is shut, both ways.

    Parameters
    ----------
    start, end : str
        ISO dates of first days of months: shut from `start` until `end`, which is open again.
    origin : tuple of str
        Whose border; none means all origins of the programme.

    Raises
    ------
    DataError
        Dates that are no first days of months, or an end before the start.

    Examples
    --------
    >>> Closure(start="2027-03-01", end="2027-06-01").origin
    ()
    """

    start: str = attrs.field(converter=_date)
    end: str = attrs.field(converter=_date)
    origin: tuple[str, ...] = attrs.field(default=(), converter=names)

    def __attrs_post_init__(self) -> None:
        faults = _month_faults("start", self.start) + _month_faults("end", self.end)
        if not faults and day(self.end) < day(self.start):
            faults.append(f"end={self.end!r} lies before start={self.start!r}")
        _told("Closure", "border_closure", faults + _word_faults(self, "origin"))


@attrs.frozen(kw_only=True)
class Pulse:
    """A shock that meets a share of all who are abroad at the start of one month.

    Parameters
    ----------
    shock : {"illness", "bankruptcy"}
        An epidemic, or a recession; its outcomes are those of :class:`Shocks`.
    month : str
        ISO date of the first day of the month.
    share : float or (float, float, float)
        Of those abroad, in 1.
    origin, occupation : tuple of str
        Whom it meets; none means all.

    Raises
    ------
    DataError
        Another shock, a date that is no first day of a month, a share over one.

    Examples
    --------
    >>> Pulse(shock="bankruptcy", month="2027-03-01", share=0.2, occupation="9").occupation
    ('9',)
    """

    shock: str
    month: str = attrs.field(converter=_date)
    share: float | tuple[float, ...] = attrs.field(converter=as_number)
    origin: tuple[str, ...] = attrs.field(default=(), converter=names)
    occupation: tuple[str, ...] = attrs.field(default=(), converter=names)

    def __attrs_post_init__(self) -> None:
        faults = _month_faults("month", self.month) + number_faults("share", self.share, True)
        if not isinstance(self.shock, str) or self.shock not in ("illness", "bankruptcy"):
            faults.append(f"shock={self.shock!r}, expected illness or bankruptcy")
        faults += _word_faults(self, "origin") + _word_faults(self, "occupation")
        _told("Pulse", "pulses", faults)


PARTS = {"pulses": Pulse, "border_closure": Closure}
"""Fields that hold specifications of their own."""


def _word_faults(one: Any, name: str) -> list[str]:
    value = getattr(one, name)
    if isinstance(value, tuple) and all(isinstance(x, str) and x.strip() for x in value):
        return []
    return [f"{name}={value!r}, expected codes"]


def _absent() -> Any:
    return attrs.field(default=None, converter=as_number)


@attrs.frozen(kw_only=True)
class Shocks:
    """Shocks to those abroad; each number is a number or a range (low, central, high).

    Parameters
    ----------
    illness : float or (float, float, float), optional
        Illnesses and accidents that interrupt work, 1/year of those abroad.
    illness_stays : float or range, optional
        Share whose permit continues, who recover and stay on; the others go home early.
    illness_months : float or range, optional
        Months without work of those who stay on, counted in full in the month of the event.
    pregnancy : float or range, optional
        Pregnancies, 1/year of the women abroad.
    pregnancy_stays : float or range, optional
        Share who take leave and stay; the others go home by their own choice, and come again
        as others who went home do.
    pregnancy_months : float or range, optional
        Months of leave.
    women : float or range, optional
        Share of women among those abroad, where the inputs have no sex; refused where they have.
    bankruptcy : float or range, optional
        Ends of the employer, 1/year of those abroad.
    bankruptcy_replaced : float or range, optional
        Share who find another post; the others go home in the same month. To be left out where
        the programme lets nobody change the employer: then all go home.
    bankruptcy_months : float or range, optional
        Months between the posts, at most the programme's notice and grace.
    pulses : tuple of Pulse
        Dated illness or bankruptcy of a share of all.
    border_closure : tuple of Closure
        Months in which nobody enters and nobody goes home.
    closure_prolongs_permit : bool, optional
        Whether those whose permit ends at a shut border may work on until it opens; otherwise
        they are held lawfully and without work. Asked for where there is a closure.

    Raises
    ------
    DataError
        All that cannot be: negative numbers, shares over one, a shock without its outcome.

    Examples
    --------
    >>> Shocks(illness=(0.01, 0.02, 0.04), illness_stays=0.6, illness_months=2).illness_months
    2
    >>> Shocks(bankruptcy=0.02).bankruptcy_replaced is None
    True
    """

    illness: float | tuple[float, ...] | None = _absent()
    illness_stays: float | tuple[float, ...] | None = _absent()
    illness_months: float | tuple[float, ...] | None = _absent()
    pregnancy: float | tuple[float, ...] | None = _absent()
    pregnancy_stays: float | tuple[float, ...] | None = _absent()
    pregnancy_months: float | tuple[float, ...] | None = _absent()
    women: float | tuple[float, ...] | None = _absent()
    bankruptcy: float | tuple[float, ...] | None = _absent()
    bankruptcy_replaced: float | tuple[float, ...] | None = _absent()
    bankruptcy_months: float | tuple[float, ...] | None = _absent()
    pulses: tuple[Pulse, ...] = attrs.field(default=(), converter=_as_parts)
    border_closure: tuple[Closure, ...] = attrs.field(default=(), converter=_as_parts)
    closure_prolongs_permit: bool | None = None

    def __attrs_post_init__(self) -> None:
        given = {n: getattr(self, n) for n in UNITS if getattr(self, n) is not None}
        faults = [fault for n, x in given.items() for fault in number_faults(n, x, UNITS[n] == "1")]
        for name, kind in PARTS.items():
            if not all(isinstance(one, kind) for one in getattr(self, name)):
                faults.append(f"{name}={getattr(self, name)!r}, expected {kind.__name__}(…)")
        _told("Shocks", "shocks", faults or [*_lacks(self, given), *_closures(self)])

    def to_json(self) -> str:
        """Return the shocks as a JSON text."""
        return json.dumps(attrs.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Shocks:
        """Return the shocks that a text of :meth:`to_json` tells.

        Raises
        ------
        ParameterError
            The text is damaged.
        """
        return from_text(cls, text, PARTS, "Shocks")


def _lacks(p: Shocks, given: Mapping[str, Any]) -> list[str]:
    """Return the outcomes without a shock, and the shocks without an outcome."""
    faults = []
    for shock, stays in STAYS.items():
        months, told = f"{shock}_months", shock in given or any(x.shock == shock for x in p.pulses)
        alone = [name for name in (stays, months) if name in given]
        if not told and alone:
            faults.append(f"{alone[0]} without {shock}: leave it out, or give {shock}=…")
        if told and stays not in given and shock != "bankruptcy":
            faults.append(f"{shock} without {stays}: the share of them who stay on")
        if told and np.any(given.get(stays, 0.0)) and months not in given:
            faults.append(f"{stays} without {months}: their months without work")
    if "women" in given and "pregnancy" not in given:
        faults.append("women without pregnancy: leave it out")
    return faults


def _closures(p: Shocks) -> list[str]:
    """Return what is wrong with the closures together."""
    faults = []
    told = p.closure_prolongs_permit
    if p.border_closure and not isinstance(told, bool):
        faults.append(
            f"closure_prolongs_permit={told!r}: say True (they work on) or False (they are held)"
        )
    if not p.border_closure and told is not None:
        faults.append("closure_prolongs_permit without border_closure: leave it out")
    for one, other in combinations(p.border_closure, 2):
        same = not one.origin or not other.origin or set(one.origin) & set(other.origin)
        if same and day(one.start) < day(other.end) and day(other.start) < day(one.end):
            faults.append(
                f"border_closure {one.start} to {one.end} and {other.start} to {other.end} overlap"
            )
    return faults


def as_shocks(given: Any, where: str) -> tuple[Shocks, dict[str, xr.DataArray]]:
    """Return the shocks, and their numbers as arrays by cells with status.

    A mapping may hold DataArrays {origin, occupation, sex, member, scenario} in place of numbers;
    in the shocks that are returned they stand as 0 or 1.
    """
    import xarray as xr

    items = attrs.asdict(given, recurse=False) if isinstance(given, Shocks) else given
    if not hasattr(items, "items"):
        raise KindError(
            where, f"shocks is a {type(given).__name__}",
            "migov.schemes.Shocks(…), or a mapping of numbers, ranges and DataArrays", 9, "shocks",
        )  # fmt: skip
    known = [field.name for field in attrs.fields(Shocks)]
    odd = [name for name in items if name not in known]
    if odd:
        raise ParameterError(
            where, f"shocks has {odd[0]!r}", f"one of {', '.join(known)}", 9, "shocks"
        )
    stand: dict[str, Any] = {
        name: float(UNITS.get(name) == "1") if isinstance(x, xr.DataArray) else x
        for name, x in items.items()
    }
    shocks = Shocks(**stand)
    arrays = {}
    for name, unit in UNITS.items():
        value = items.get(name)
        if not isinstance(value, xr.DataArray):
            value = getattr(shocks, name)
        if value is not None:
            arrays[name] = reading(value, unit, where, f"shocks[{name!r}]")
    for i, pulse in enumerate(shocks.pulses):
        arrays[f"pulse {i + 1}"] = reading(pulse.share, "1", where, "pulses")
    return shocks, arrays
