"""Search and matching: steady state, elasticities, paths, calibration, segments.

The model of Diamond, Mortensen and Pissarides with free entry of vacancies and wages by Nash
bargaining. What it may not be used for: effects of immigration on residents. Its published
calibrations are American, its workers are all alike, and a change of the labour force changes
no rate in it. For effects see :mod:`migov.labour.effects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs
import numpy as np
import xarray as xr

from migov.core.errors import ParameterError
from migov.core.parameters import number
from migov.labour import kernels_search as kernels
from migov.labour.arguments import between, several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USE = "no effects of immigration on residents: workers are alike and returns to scale constant"
_FOUND = ("cost", "efficiency")
PERIODS = {"week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}


def _field(low: float, high: float, closed: bool = False, default: Any = attrs.NOTHING) -> Any:
    """Return a parameter that is a number between two others."""
    return attrs.field(
        default=default,
        converter=lambda x: x.item() if isinstance(x, np.number) else x,
        validator=between(low, high, closed),
    )


@attrs.frozen(kw_only=True)
class SearchMarket:
    """A labour market with search.

    Parameters
    ----------
    leisure : float
        Value of unemployment, relative to `product`.
    separation : float
        Rate at which jobs end, per period, 0.036 for 3.6 percent; a probability where time is
        discrete.
    bargaining : float
        The worker's share of the surplus.
    cost : float
        Of keeping a vacancy for a period, relative to `product`.
    discount : float
        Interest per period.
    elasticity : float
        Of matches with respect to unemployment; the exponent ``l`` of ``den_haan``.
    efficiency : float
        Of Cobb–Douglas matching.
    product : float
        Of a job per period.
    matching : {"cobb_douglas", "capped", "den_haan", "urn_ball"}
        The matching function.
    time : {"continuous", "discrete"}
        Whether rates or probabilities.
    period : {"week", "month", "quarter", "year"}
        What a period is.

    Examples
    --------
    >>> found = SHIMER_2005.steady_state()
    >>> found.unemployment.round(4).item(), found.tightness.round(4).item()
    (0.0691, 0.9821)

    References
    ----------
    Shimer (2005), American Economic Review 95(1), table 2; Hagedorn and Manovskii (2008), the
    same 98(4); Pissarides (2009), Econometrica 77(5), table I.
    """

    leisure: float = _field(-np.inf, np.inf)
    separation: float = _field(0.0, 2.0)
    bargaining: float = _field(0.0, 1.0)
    cost: float = _field(0.0, np.inf)
    discount: float = _field(0.0, 1.0, closed=True)
    elasticity: float = _field(0.0, np.inf, default=0.5)
    efficiency: float = _field(0.0, np.inf, default=1.0)
    product: float = _field(0.0, np.inf, default=1.0)
    matching: kernels.Kind = "cobb_douglas"
    time: Literal["continuous", "discrete"] = "continuous"
    period: Literal["week", "month", "quarter", "year"] = "month"

    def __attrs_post_init__(self) -> None:
        where = "SearchMarket"
        for name, value, known in (
            ("matching", self.matching, kernels.KINDS),
            ("time", self.time, ("continuous", "discrete")),
            ("period", self.period, tuple(PERIODS)),
        ):
            if value not in known:
                raise ParameterError(where, f"{name}={value!r}", f"one of {known}", 9, name)
        if not self.product > self.leisure:
            raise ParameterError(
                where,
                "leisure is worth as much as work: nobody works",
                "leisure below the product of work",
                9,
                "leisure",
            )
        if self.matching in ("cobb_douglas", "capped") and self.elasticity >= 1:
            raise ParameterError(where, "elasticity of one or more", "below 1", 9, "elasticity")
        if self.time == "discrete" and not self.separation < 1:
            raise ParameterError(where, "separation is no probability", "below 1", 9, "separation")

    def _wait(self) -> float:
        if self.time == "continuous":
            return self.discount + self.separation
        delta = 1.0 / (1.0 + self.discount)
        return (1.0 - delta * (1.0 - self.separation)) / delta

    def tightness(self) -> float:
        """Return vacancies per unemployed in the steady state."""
        return kernels.tightness(
            self.matching,
            self.efficiency,
            self.elasticity,
            self.product - self.leisure,
            self.bargaining,
            self.cost,
            self._wait(),
        )

    def _numbers(self) -> dict[str, float]:
        theta = self.tightness()
        q = kernels.filling(self.matching, theta, self.efficiency, self.elasticity)
        finding = theta * q
        if self.time == "discrete" and max(finding, q) > 1.0:
            raise ParameterError(
                "SearchMarket",
                f"{max(finding, q):.4g} meetings per {self.period}: more than one",
                "a shorter period, matching='capped' or time='continuous'",
                9,
                "efficiency",
            )
        unemployment = self.separation / (self.separation + finding)
        wage = (
            self.bargaining * self.product
            + (1.0 - self.bargaining) * self.leisure
            + self.bargaining * self.cost * theta
        )
        return {
            "tightness": theta,
            "job_finding": finding,
            "vacancy_filling": q,
            "unemployment": unemployment,
            "vacancies": theta * unemployment,
            "wage": wage,
        }

    def steady_state(self) -> xr.Dataset:
        """Return the steady state.

        Returns
        -------
        Dataset {}
            ``tightness``, ``unemployment``, ``vacancies`` (shares of the labour force),
            ``wage`` (relative to the unit of `product`), ``job_finding`` and
            ``vacancy_filling``: rates in 1/year where time is continuous, probabilities per
            period where it is discrete.

        Raises
        ------
        ParameterError
            Probabilities above one.
        """
        return self._dataset(self._numbers(), "steady state of a market with search")

    def _dataset(self, numbers: Mapping[str, Any], title: str) -> xr.Dataset:
        told = {
            "tightness": "vacancies per unemployed",
            "job_finding": "rate at which the unemployed find a job",
            "vacancy_filling": "rate at which vacancies are filled",
            "unemployment": "share of the labour force that is unemployed",
            "vacancies": "vacancies per person of the labour force",
            "wage": "wage",
        }
        out = xr.Dataset()
        for name, value in numbers.items():
            rate = name in ("job_finding", "vacancy_filling")
            yearly = rate and self.time == "continuous"
            scaled = value * PERIODS[self.period] if yearly else value
            unit = "1/year" if yearly else "1"
            per = f", per {self.period}" if rate and not yearly else ""
            out[name] = xr.DataArray(scaled, attrs={"units": unit, "long_name": told[name] + per})
        out.attrs = {"title": title, "use": USE, "period": self.period, "time": self.time}
        return out

    def elasticities(
        self, of: Sequence[str] = ("tightness", "unemployment"), step: float = 1e-4
    ) -> xr.DataArray:
        """Return elasticities of the steady state with respect to the parameters.

        Parameters
        ----------
        of : sequence of str
            Names of the steady state.
        step : float
            Relative step to both sides.

        Returns
        -------
        DataArray {result, parameter}
            For ``product``, ``leisure``, ``separation`` and ``cost``.

        Examples
        --------
        >>> SHIMER_2005.elasticities().sel(result="tightness", parameter="product").round(3).item()
        1.716
        """
        number(step, "SearchMarket", "step", low=1e-8, high=0.1)
        of = several([of] if isinstance(of, str) else of, str, "SearchMarket", "of")
        names = ("product", "leisure", "separation", "cost")
        table = np.empty((len(of), len(names)))
        for j, name in enumerate(names):
            value = getattr(self, name)
            up = attrs.evolve(self, **{name: value * (1 + step)})._numbers()
            down = attrs.evolve(self, **{name: value * (1 - step)})._numbers()
            for i, result in enumerate(of):
                if result not in up:
                    raise ParameterError(
                        "SearchMarket", f"of={result!r}", f"among {', '.join(up)}", 9, "of"
                    )
                table[i, j] = np.log(up[result] / down[result]) / np.log((1 + step) / (1 - step))
        return xr.DataArray(
            table,
            {"result": list(of), "parameter": list(names)},
            attrs={"units": "1", "long_name": "elasticity of the steady state", "use": USE},
        )

    def path(self, start: float, periods: int) -> xr.DataArray:
        """Return unemployment on the way to the steady state, tightness having jumped there.

        Parameters
        ----------
        start : float
            Share of the labour force that is unemployed at the start.
        periods : int
            How many.

        Returns
        -------
        DataArray {duration}
            Share unemployed; the duration is in periods.

        Raises
        ------
        ParameterError
            `start` is no share, `periods` no number.

        Examples
        --------
        >>> SHIMER_2005.path(0.1, 2).round(4).values
        array([0.1   , 0.0763, 0.0708])
        """
        where = "SearchMarket.path"
        number(start, where, "start", low=0.0, high=1.0)
        if isinstance(periods, bool) or not isinstance(periods, int) or periods < 0:
            raise ParameterError(where, f"periods={periods!r}", "0 or more", 9, "periods")
        finding = self._numbers()["job_finding"]
        if self.time == "continuous":
            found = kernels.continuous_path(start, self.separation, finding, np.arange(periods + 1))
        else:
            found = kernels.discrete_path(start, self.separation, finding, periods)
        return xr.DataArray(
            np.asarray(found),
            {"duration": np.arange(periods + 1)},
            attrs={"units": "1", "long_name": f"unemployment by {self.period}", "use": USE},
        )

    def beveridge_curve(self, vacancies: Sequence[float]) -> xr.DataArray:
        """Return the unemployment at which as many find a job as lose one.

        Parameters
        ----------
        vacancies : sequence of float
            Vacancies per person of the labour force, above zero.

        Returns
        -------
        DataArray {vacancies}

        Examples
        --------
        >>> SHIMER_2005.beveridge_curve([0.03]).round(5).item()
        0.09165
        """
        try:
            rates = np.atleast_1d(np.asarray(vacancies, float))
        except (TypeError, ValueError):
            rates = np.zeros(0)
        if not rates.size or not (np.isfinite(rates) & (rates > 0)).all():
            where, told = "SearchMarket.beveridge_curve", f"vacancies={vacancies!r:.80}"
            raise ParameterError(where, told, "numbers above zero", 9, "vacancies")
        found = [
            kernels.balanced(
                self.matching, float(v), self.separation, self.efficiency, self.elasticity
            )
            for v in rates
        ]
        return xr.DataArray(
            found,
            {"vacancies": rates},
            attrs={"units": "1", "long_name": "unemployment in flow balance", "use": USE},
        )

    @classmethod
    def calibrate(cls, *, job_finding: float, tightness: float, **fixed: Any) -> SearchMarket:
        """Return the market with Cobb–Douglas matching that has a given steady state.

        Parameters
        ----------
        job_finding : float
            Rate or probability per period that is to come out.
        tightness : float
            Vacancies per unemployed that is to come out.
        **fixed
            All other parameters but `efficiency` and `cost`, which follow.

        Raises
        ------
        ParameterError
            Targets at or below zero, or parameters that do not fit.

        Examples
        --------
        >>> market = SearchMarket.calibrate(job_finding=0.6, tightness=0.72, leisure=0.71,
        ...     separation=0.036, bargaining=0.5, discount=0.004, elasticity=0.5)
        >>> round(market.efficiency, 4), round(market.cost, 4)
        (0.7071, 0.3554)
        """
        where = "SearchMarket.calibrate"
        for name, value in (("job_finding", job_finding), ("tightness", tightness)):
            number(value, where, name, low=0.0, ends=False)
        for name in _FOUND:
            if name in fixed:
                raise ParameterError(
                    where, f"{name} follows from the targets", f"leave out {name}", 9, name
                )
        named = {field.name: field.default for field in attrs.fields(cls)}
        odd = [name for name in fixed if name not in named]
        odd += [n for n, x in named.items() if x is attrs.NOTHING and n not in (*fixed, "cost")]
        if odd:
            raise ParameterError(
                where,
                f"{odd[0]} is {'no parameter' if odd[0] in fixed else 'missing'}",
                f"the parameters {', '.join(name for name in named if name not in _FOUND)}",
                9,
                odd[0],
            )
        # Any cost and efficiency pass the checks: both are then replaced.
        draft = cls(cost=1.0, efficiency=1.0, **fixed)
        if draft.matching not in ("cobb_douglas", "capped"):
            raise ParameterError(
                where, "Cobb–Douglas matching only", 'matching="cobb_douglas"', 9, "matching"
            )
        efficiency = job_finding * tightness ** (draft.elasticity - 1.0)
        q = job_finding / tightness
        gain = (1.0 - draft.bargaining) * (draft.product - draft.leisure)
        cost = gain / (draft.bargaining * tightness + draft._wait() / q)
        return attrs.evolve(draft, efficiency=efficiency, cost=cost)


SHIMER_2005 = SearchMarket(
    leisure=0.4, separation=0.1, bargaining=0.72, cost=0.213, discount=0.012,
    elasticity=0.72, efficiency=1.355, period="quarter",
)  # fmt: skip
"""Shimer (2005), table 2: United States, quarterly. For validation.

The parameters were read in two replications, not at the table itself.
"""

PISSARIDES_2009 = SearchMarket(
    leisure=0.71, separation=0.036, bargaining=0.5, cost=0.356, discount=0.004,
    elasticity=0.5, efficiency=0.7, period="month",
)  # fmt: skip
"""Pissarides (2009), table I: United States, monthly. For validation; parameters recalled."""

HAGEDORN_MANOVSKII_2008 = SearchMarket(
    leisure=0.955, separation=0.0081, bargaining=0.052, cost=0.584,
    discount=1.0 / 0.99 ** (1.0 / 12.0) - 1.0, elasticity=0.407, matching="den_haan",
    time="discrete", period="week",
)  # fmt: skip
"""Hagedorn and Manovskii (2008), table 2: United States, weekly. For validation.

The parameters were read in a replication that cites the table, not at the table itself; the cost
of a vacancy there is ``0.474 p + 0.110 p ** 0.449`` at a product ``p``, and its value at one is
taken here for any product.
"""
