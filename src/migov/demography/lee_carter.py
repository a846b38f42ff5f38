"""Lee-Carter models of mortality: level, response and index, fitted to many populations."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import ages
from migov.core.errors import InputError, KindError, ParameterError
from migov.demography import kernels_leecarter as kernels
from migov.demography.arguments import (
    letters,
    one_of,
    refuse,
    whole,
)
from migov.demography.kernels import AX_RULES
from migov.demography.kernels_lifetable import expectation, years_lived
from migov.demography.mortality_inputs import Populations, populations

_WHERE = "LeeCarter"
METHODS = ("svd", "poisson")
ADJUSTMENTS = ("none", "deaths", "deviance", "life_expectancy")


def _rank(instance: Any, attribute: Any, value: Any) -> None:
    whole(value, type(instance).__name__, attribute.name, 1)


@attrs.frozen(kw_only=True)
class LeeCarter:
    """The model ``log m(x, t) = a(x) + b(x) k(t)`` of death rates by age and period.

    Parameters
    ----------
    method : {"svd", "poisson"}
        Least squares on the logarithms, or Poisson likelihood of deaths.
    adjust : {"none", "deaths", "deviance", "life_expectancy"}
        After a fit by least squares, the index is moved so that it meets the deaths of each
        period (Lee and Carter), the least deviance of deaths by age (Booth, Maindonald and
        Smith), or the life expectancy at the first age (Lee and Miller).
    rank : int
        Components ``b k``; more than one only by ``svd`` and without adjustment.
    ax : str
        Rule for the years lived, for ``life_expectancy``: of
        :data:`migov.demography.kernels.AX_RULES`.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> m = Cells([[0.04, 0.03, 0.02], [0.4, 0.36, 0.3]], age="0-69 70+", period="2018 2019 2020")
    >>> fit = LeeCarter().run(rates=m.array("1/year"))
    >>> fit.response.sum().round(12).item(), fit.index.values.round(2).tolist()
    (1.0, [[0.46, 0.06, -0.52]])

    References
    ----------
    Lee and Carter (1992), Journal of the American Statistical Association 87(419). Brouhns,
    Denuit and Vermunt (2002), Insurance: Mathematics and Economics 31(3). Lee and Miller
    (2001), Demography 38(4). Booth, Maindonald and Smith (2002), Population Studies 56(3).
    """

    method: str = attrs.field(default="svd", validator=one_of(*METHODS))
    adjust: str = attrs.field(default="none", validator=one_of(*ADJUSTMENTS))
    rank: int = attrs.field(default=1, validator=_rank)
    ax: str = attrs.field(default="half", validator=one_of(*AX_RULES))

    def __attrs_post_init__(self) -> None:
        if self.rank > 1 and (self.method != "svd" or self.adjust != "none"):
            raise ParameterError(
                _WHERE,
                f"rank={self.rank} with method={self.method!r}, adjust={self.adjust!r}",
                'rank=1, or method="svd" and adjust="none"',
                9,
                "rank",
            )
        if self.method == "poisson" and self.adjust != "none":
            raise ParameterError(
                _WHERE, f"adjust={self.adjust!r} with 'poisson'", 'adjust="none"', 9, "adjust"
            )

    def run(
        self,
        deaths: xr.DataArray | None = None,
        exposure: xr.DataArray | None = None,
        *,
        rates: xr.DataArray | None = None,
    ) -> xr.Dataset:
        """Fit the model to each population.

        Parameters
        ----------
        deaths, exposure : DataArray {period, age, …}
            Deaths in person and person-years; every other dimension is a population.
        rates : DataArray {period, age, …}
            Instead of deaths: central death rates in 1/year, with `exposure` where deaths have
            to be met.

        Returns
        -------
        Dataset
            ``level`` {…, age}, ``response`` {…, component, age} (the first sums to one),
            ``index`` {…, component, period}, ``explained`` {…, component}, ``observed`` and
            ``fitted`` {…, age, period} in 1/year; where deaths are known ``deviance`` and
            ``log_likelihood`` {…} of Poisson deaths. Runs in memory.

        Raises
        ------
        InputError
            Death rates of zero where logarithms are taken, missing cells, no exposure; an
            adjustment that no index meets.
        TimeError
            Periods that leave a gap or differ in length.
        """
        given = {"rates": rates, "deaths": deaths, "exposure": exposure}
        data = populations(_WHERE, {name: x for name, x in given.items() if x is not None})
        self._check(data)
        if (data.rates <= 0).any():
            if self.method == "svd":
                name = "rates" if rates is not None else "deaths"
                bad = data.like.copy(data=(data.rates <= 0).reshape(data.like.shape))
                refuse(bad, _WHERE, name, "gives a rate of zero", 'method="poisson", or join ages')
            dead = data.like.copy(data=data.rates.reshape(data.like.shape))
            for dim, told in (("age", "a period"), ("period", "an age")):
                none = dead.sum(dim) <= 0
                refuse(none, _WHERE, "deaths", f"has {told} without deaths", "join ages")
        return _results(self, data, self._fit(data))

    def _check(self, data: Populations) -> None:
        most = min(data.rates.shape[1:]) - 1
        if self.rank > most:
            raise ParameterError(
                _WHERE, f"rank={self.rank}, the data allow {most}", "fewer components", 9, "rank"
            )
        needs = self.method == "poisson" or self.adjust in ("deaths", "deviance")
        if needs and data.exposure is None:
            raise KindError(_WHERE, "exposure is absent", "deaths and exposure", 9, "exposure")

    def _fit(self, data: Populations) -> kernels.Fit:
        """Return the fit of all populations."""
        least = np.where(data.rates > 0, data.rates, np.inf).min(axis=(1, 2), keepdims=True)
        safe = np.where(data.rates > 0, data.rates, 0.1 * least)  # only where Poisson starts
        fit = kernels.fit_svd(np.log(np.ascontiguousarray(safe)), self.rank)
        if self.method == "poisson":
            assert data.deaths is not None
            assert data.exposure is not None
            fit, settled = kernels.fit_poisson(data.deaths, data.exposure, fit)
            bad = np.flatnonzero(~settled)
            if bad.size:
                unsettled = data.like.isel(age=0, period=0, drop=True)
                refuse(
                    unsettled.copy(data=(~settled).reshape(unsettled.shape)),
                    _WHERE,
                    "deaths",
                    f"has a likelihood that has not settled in {bad.size} populations, the first",
                    'method="svd", or join sparse ages',
                    9,
                )
        if self.adjust in ("deaths", "deviance"):
            assert data.deaths is not None
            assert data.exposure is not None
            every = self.adjust == "deaths"
            meet = kernels.match_deaths if every else kernels.match_deviance
            met = meet(fit, data.deaths, data.exposure)
            weight = np.ones(fit.level.shape) if every else fit.response[:, 0]
            self._refuse_missed(data, kernels.missed(met, data.deaths, data.exposure, weight))
            return met
        if self.adjust == "life_expectancy":
            met, gap = _meet_expectation(fit, data, self.ax)
            self._refuse_missed(data, gap)
            return met
        return fit

    def _refuse_missed(self, data: Populations, gap: np.ndarray) -> None:
        """Refuse an index that does not meet what it is adjusted to, as no index does."""
        like = data.like.isel(age=0, drop=True)
        refuse(
            like.copy(data=~(gap <= 1e-6).reshape(like.shape)),
            _WHERE,
            "rates" if data.deaths is None else "deaths",
            f"has no index that meets the {self.adjust.replace('_', ' ')}, since ages respond in "
            "opposite directions,",
            'adjust="none", or join ages',
            9,
        )


def _meet_expectation(
    fit: kernels.Fit, data: Populations, ax: str
) -> tuple[kernels.Fit, np.ndarray]:
    """Return the fit whose index meets the life expectancies observed, and what it misses."""
    lower = np.asarray(data.like.coords["age"].values, float)
    width = ages.widths(data.like, _WHERE, "rates")
    if not np.isinf(width[-1]):
        raise InputError(
            _WHERE, "rates has no open group, life expectancy needs one", "open_age=100", 3, "rates"
        )
    sexes = letters(data.like, _WHERE, "rates")
    shape = data.like.shape
    axis = data.others.index("sex") if "sex" in data.others else None
    m = data.rates.reshape(shape)
    m = np.moveaxis(m, -2, 0)  # age, others…, period
    m = m[:, None] if axis is None else np.moveaxis(m, axis + 1, 1)
    closed = years_lived(m, width, sexes, ax, bool(lower[0] == 0))
    a = np.concatenate([closed, 1.0 / m[-1:]])
    a = a[:, 0] if axis is None else np.moveaxis(a, 1, axis + 1)
    years = np.moveaxis(a, 0, -2).reshape(data.rates.shape)
    wanted = expectation(np.moveaxis(data.rates, 1, 0), np.moveaxis(years, 1, 0), width)
    return kernels.match_expectation(fit, wanted, years, width)


def _results(spec: LeeCarter, data: Populations, fit: kernels.Fit) -> xr.Dataset:
    """Return the dataset of a fit."""
    age, period = data.like.coords["age"], data.like.coords["period"]
    component = np.arange(1, fit.trend.shape[1] + 1)
    rates = kernels.fitted(fit)
    both = {"age": age, "period": period}
    out = xr.Dataset(
        {
            "level": data.labelled(fit.level, {"age": age}, "1", "level of log death rates, a"),
            "response": data.labelled(
                fit.response, {"component": component, "age": age}, "1", "response of ages, b"
            ),
            "index": data.labelled(
                fit.trend, {"component": component, "period": period}, "1", "index of mortality, k"
            ),
            "explained": data.labelled(
                fit.explained, {"component": component}, "1", "share of squares explained"
            ),
            "observed": data.labelled(data.rates, both, "1/year", "central death rates"),
            "fitted": data.labelled(rates, both, "1/year", "central death rates, fitted"),
        }
    )
    if data.deaths is not None and data.exposure is not None:
        expected = data.exposure * rates
        found = {
            "deviance": kernels.deviance(data.deaths, expected),
            "log_likelihood": kernels.log_likelihood(data.deaths, expected),
        }
        for name, values in found.items():
            out[name] = data.labelled(values, {}, "1", f"Poisson {name.replace('_', '-')}")
    out.attrs = {
        "title": "Lee-Carter model",
        "model": json.dumps({"class": "LeeCarter", **attrs.asdict(spec)}, sort_keys=True),
    }
    return data.finished(out)
