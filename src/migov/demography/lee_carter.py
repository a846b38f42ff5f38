"""Lee-Carter models of mortality: level, response and index, fitted to many populations."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import ages, status, times
from migov.core.align import align, shown
from migov.core.errors import InputError, KindError, ParameterError, TimeError
from migov.core.inputs import Input
from migov.demography import kernels_leecarter as kernels
from migov.demography.arguments import (
    check_death_rates,
    letters,
    loaded,
    one_of,
    put_all,
    refuse,
    take,
    whole,
    without_age,
)
from migov.demography.kernels import AX_RULES
from migov.demography.kernels_lifetable import expectation, years_lived

_WHERE = "LeeCarter"
METHODS = ("svd", "poisson")
ADJUSTMENTS = ("none", "deaths", "deviance", "life_expectancy")
CONTRACTS = {
    "rates": Input(
        title="central death rates", unit="1/year", needs=("period", "age"), kind="flow"
    ),
    "deaths": Input(title="deaths", unit="person", needs=("period", "age"), kind="flow"),
    "exposure": Input(
        title="person-years exposed", unit="person year", needs=("period", "age"), kind="flow"
    ),
}


def _rank(instance: Any, attribute: Any, value: Any) -> None:
    whole(value, type(instance).__name__, attribute.name, 1)


@attrs.frozen(eq=False)
class Populations:
    """Rates by population, age and period, taken out of labelled arrays.

    Parameters
    ----------
    rates : ndarray (p, x, t)
        Central death rates per year.
    deaths, exposure : ndarray (p, x, t) or None
        Persons and person-years.
    like : DataArray {…, age, period}
        Labels; other dimensions first, in the order of the populations.
    flags : DataArray or None
        The joined status without ages and periods.
    """

    rates: np.ndarray
    deaths: np.ndarray | None
    exposure: np.ndarray | None
    like: xr.DataArray
    flags: xr.DataArray | None

    @property
    def others(self) -> list[str]:
        """Return the dimensions beside age and period."""
        return [str(dim) for dim in self.like.dims[:-2]]

    def labelled(self, values: np.ndarray, dims: dict[str, Any], unit: str, title: str) -> Any:
        """Return values (p, …) as an array over the other dimensions and those named."""
        shape = [self.like.sizes[dim] for dim in self.others]
        coords = {dim: self.like.coords[dim] for dim in self.others}
        coords |= {name: labels for name, labels in dims.items() if labels is not None}
        for name, beside in (("age", "age_width"), ("period", "period_end")):
            if name in dims and beside in self.like.coords:
                coords[beside] = (name, np.asarray(self.like.coords[beside].values))
        bare = {
            name: coord.drop_vars([c for c in coord.coords if c != name])
            if isinstance(coord, xr.DataArray)
            else coord
            for name, coord in coords.items()
        }
        return xr.DataArray(
            np.asarray(values).reshape((*shape, *values.shape[1:])),
            bare,
            (*self.others, *dims),
            attrs={"units": unit, "long_name": title},
        )


def populations(where: str, given: dict[str, Any]) -> Populations:
    """Return the inputs of a mortality model, aligned and complete.

    Raises
    ------
    MigovError
        Of the kind that fits: periods that differ in length or leave a gap, no exposure,
        missing or impossible values, each with its cell.
    """
    if "rates" not in given and not {"deaths", "exposure"} <= set(given):
        raise KindError(
            where,
            f"given: {', '.join(given) or 'nothing'}",
            "rates (with exposure where deaths are to be met), or deaths and exposure",
            9,
            "rates",
        )
    if {"rates", "deaths"} <= set(given):
        raise KindError(where, "rates and deaths are given", "one of them", 9, "rates")
    taken = {
        name: take(x, CONTRACTS[name], where, name, complete=True) for name, x in given.items()
    }
    arrays = {name: loaded(x) for name, (x, _) in taken.items()}
    for name, x in arrays.items():
        refuse(x.isnull(), where, name, "is missing", "estimate what is missing first")
    arrays = align(where, arrays)
    first = next(iter(arrays.values()))
    check_periods(first, where, next(iter(arrays)))
    others = [dim for dim in first.dims if dim not in ("age", "period")]
    ordered = {
        name: x.broadcast_like(first).transpose(*others, "age", "period")
        for name, x in arrays.items()
    }
    if "exposure" in ordered:
        refuse(ordered["exposure"] == 0, where, "exposure", "is zero", "join ages or periods")
    sizes = (-1, first.sizes["age"], first.sizes["period"])
    bare = {
        name: np.ascontiguousarray(x.values, float).reshape(sizes) for name, x in ordered.items()
    }
    rates = bare["rates"] if "rates" in bare else bare["deaths"] / bare["exposure"]
    exposure = bare.get("exposure")
    deaths = bare.get("deaths", None if exposure is None else rates * exposure)
    flags = status.join([without_age(flag, "period") for _, flag in taken.values()])
    data = Populations(rates, deaths, exposure, next(iter(ordered.values())), flags)
    _check_rates(data, where, "rates" if "rates" in given else "deaths")
    return data


def _check_rates(data: Populations, where: str, argument: str) -> None:
    """Refuse rates of another unit, and such as never change."""
    like = data.like.copy(data=data.rates.reshape(data.like.shape))
    mends = (
        ('rates.assign_attrs(units="per_thousand/year")', "the rates times a thousand")
        if argument == "rates"
        else (
            'exposure.assign_attrs(units="thousand person year"), if that is its unit',
            'deaths.assign_attrs(units="thousand person"), if that is their unit',
        )
    )
    check_death_rates(like, where, argument, mends)
    still = (like == like.isel(period=0, drop=True)).all(["age", "period"])
    refuse(still, where, argument, "never changes", "leave out the population")


def check_periods(x: xr.DataArray, where: str, argument: str) -> float:
    """Return the length in years that all periods share; they have to adjoin."""
    if x.sizes["period"] < 3:
        raise TimeError(
            where,
            f"{argument} has {x.sizes['period']} periods, expected three or more",
            "a longer series",
            1,
            argument,
        )
    lengths = times.year_lengths(x, where, argument)
    ends = times.period_end(x, where, argument)
    starts = np.asarray(x.coords["period"].values, "M8[s]")
    odd = np.flatnonzero(np.abs(lengths - lengths[0]) > 1e-9)
    apart = np.flatnonzero(ends[:-1] != starts[1:])
    if odd.size or apart.size:
        i = int(odd[0]) if odd.size else int(apart[0]) + 1
        raise TimeError(
            where,
            f"periods of {argument} are not equally long and adjoining, at {shown(starts[i])}",
            "a complete series of equal periods",
            1,
            argument,
        )
    return float(lengths[0])


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
            Death rates of zero where logarithms are taken, missing cells, no exposure.
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
            meet = kernels.match_deaths if self.adjust == "deaths" else kernels.match_deviance
            return meet(fit, data.deaths, data.exposure)
        if self.adjust == "life_expectancy":
            return _meet_expectation(fit, data, self.ax)
        return fit


def _meet_expectation(fit: kernels.Fit, data: Populations, ax: str) -> kernels.Fit:
    """Return the fit whose index meets the life expectancies observed."""
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
    kept = {
        c: v
        for c, v in data.like.coords.items()
        if c not in out.coords and v.ndim == 0 and c != status.NAME
    }
    return put_all(out.assign_coords(kept), data.flags)
