"""Which share of stays lasts how long: what a threshold of stay leaves out."""

from __future__ import annotations

import itertools
import math
from typing import Any

import attrs
import numpy as np

from migov.core.errors import ParameterError


def _tuple(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


@attrs.frozen(kw_only=True)
class Survival:
    """The share of stays that last at least so many months, with its range.

    Between two points the rate of leaving is constant; beyond the last nothing is assumed.

    Parameters
    ----------
    months : tuple of float
        Increasing, two or more.
    share : tuple of float
        Share of stays that last so long, above 0, at most 1, not increasing.
    lowest, highest : tuple of float
        The same where people leave soonest and latest: two whole curves around `share`.

    Raises
    ------
    ParameterError
        Lengths differ, a curve rises, or `share` is not between the two others.

    Examples
    --------
    >>> stays = Survival(months=(3, 12), share=(0.9, 0.6), lowest=(0.9, 0.5), highest=(0.9, 0.7))
    >>> {name: round(value, 4) for name, value in stays.ratio(3, 12).items()}
    {'value': 0.6667, 'lowest': 0.5556, 'highest': 0.7778}
    """

    months: tuple[float, ...] = attrs.field(converter=_tuple)
    share: tuple[float, ...] = attrs.field(converter=_tuple)
    lowest: tuple[float, ...] = attrs.field(converter=_tuple)
    highest: tuple[float, ...] = attrs.field(converter=_tuple)

    def __attrs_post_init__(self) -> None:
        where, count = "Survival", len(self.months)
        rising = all(a < b for a, b in itertools.pairwise(self.months))
        if count < 2 or not rising or not self.months[0] >= 0 or math.isinf(self.months[-1]):
            raise ParameterError(
                where, f"months={self.months}", "two or more, increasing, from 0", 9, "months"
            )
        for name in ("share", "lowest", "highest"):
            curve = getattr(self, name)
            falls = all(a >= b for a, b in itertools.pairwise(curve))
            if len(curve) != count or not falls or not all(0 < value <= 1 for value in curve):
                raise ParameterError(
                    where,
                    f"{name}={curve}",
                    f"{count} shares above 0 and at most 1 that do not rise",
                    9,
                    name,
                )
        ordered = zip(self.lowest, self.share, self.highest, strict=True)
        if not all(low <= mid <= high for low, mid, high in ordered):
            raise ParameterError(
                where,
                "share is not between lowest and highest",
                "lowest <= share <= highest at each month",
                9,
                "share",
            )

    @classmethod
    def constant(
        cls, *, rate: float, lowest: float, highest: float, until: float = 120
    ) -> Survival:
        """Return the survival of stays that end at a constant rate.

        Parameters
        ----------
        rate, lowest, highest : float
            Ends of stays per person and year: the value and its range.
        until : float
            Months up to which the rate is taken to hold.

        Raises
        ------
        ParameterError
            The rates are negative or out of order.

        Examples
        --------
        >>> stays = Survival.constant(rate=0.7, lowest=0.5, highest=1.0)
        >>> round(stays.ratio(3, 12)["value"], 4)  # exp(-0.7 * 9 / 12)
        0.5916
        """
        if not 0 <= lowest <= rate <= highest < math.inf:
            raise ParameterError(
                "Survival.constant",
                f"rate={rate}, lowest={lowest}, highest={highest}",
                "0 ≤ lowest ≤ rate ≤ highest",
                9,
                "rate",
            )
        ends = [(1.0, math.exp(-value * until / 12)) for value in (rate, highest, lowest)]
        return cls(months=(0.0, until), share=ends[0], lowest=ends[1], highest=ends[2])

    def ratio(self, have: float, want: float) -> dict[str, float]:
        """Return S(want) / S(have), and its smallest and largest value over the three curves.

        Parameters
        ----------
        have, want : float
            Months.

        Raises
        ------
        ParameterError
            A threshold lies outside the months that are stated.
        """
        for name, value in (("have", have), ("want", want)):
            if not self.months[0] <= value <= self.months[-1]:
                raise ParameterError(
                    "Survival",
                    f"{value:g} months lie outside {self.months[0]:g} to {self.months[-1]:g}",
                    "state the share of stays that last so long",
                    9,
                    name,
                )
        ratios = []
        for curve in (self.share, self.lowest, self.highest):
            logs = np.interp([have, want], self.months, np.log(curve))
            ratios.append(float(np.exp(logs[1] - logs[0])))
        return {"value": ratios[0], "lowest": min(ratios), "highest": max(ratios)}
