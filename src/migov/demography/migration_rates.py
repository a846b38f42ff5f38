"""Net migration rates that return to a level of each area, with a hierarchy over areas."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core import times
from migov.core.align import shown
from migov.core.errors import AlignmentError, InputError, ParameterError, TimeError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.core.partition import check_partition
from migov.demography import kernels_migration_rates as kernels
from migov.demography import migration_posterior as posteriors
from migov.demography.area_correlation import area_correlation as area_correlation_of
from migov.demography.arguments import (
    dataset,
    labels_of_members,
    loaded,
    refuse,
    seed_of,
    take,
    whole,
)
from migov.demography.migration_balance import with_migrants
from migov.demography.mortality_forecast import periods_ahead
from migov.numeric.streams import key, normals

_WHERE = "MigrationRateModel"
_RATES = Input(
    title="net migration rates", unit="1/year", needs=("period", "area"), kind="flow", values="any"
)
_LONG = {
    "persistence": ("share of a deviation that is left after a period", "1"),
    "level": ("net migration rate to which an area returns", "1/year"),
    "innovation_sd": ("standard deviation of what a period adds", "1/year"),
    "world_level": ("mean of the levels of the areas", "1/year"),
    "world_spread": ("standard deviation of the levels of the areas", "1/year"),
    "shape": ("shape of the inverse gamma of the variances", "1"),
    "mean_variance": ("mean of the variances of the areas", "1/year**2"),
}


def _count(low: int) -> Any:
    def check(instance: Any, attribute: Any, value: Any) -> None:
        whole(value, _WHERE, attribute.name, low)

    return check


def _limit(low: float) -> Any:
    def check(instance: Any, attribute: Any, value: Any) -> None:
        number(value, _WHERE, attribute.name, low, 1e6)

    return check


@attrs.frozen(kw_only=True)
class MigrationRateModel:
    """Autoregressions of net migration rates, one for each area, with common priors.

    The rate of area ``c`` in a period is ``mu(c) + phi(c) (r - mu(c)) + e``, where ``r`` is the
    rate of the period before and ``e`` normal with standard deviation ``sigma(c)``. ``phi(c)``
    is uniform from 0 to 1, ``mu(c)`` normal about a world level, ``sigma(c)²`` inverse gamma;
    the hyperparameters are uniform within limits far outside of what has been observed.

    Parameters
    ----------
    draws, warmup, chains : int
        Of the sampler: draws and warm-up steps of each chain.
    level_limit, spread_limit : float
        Migrants per thousand and year: the world level lies between plus and minus the first,
        the standard deviation of the levels below the second.
    shape_limit : float
        Upper end of the shape of the inverse gamma, which starts at 1.
    variance_limit : float
        Upper end of the mean of the variances, in (migrants per thousand and year) squared.

    Examples
    --------
    >>> import pandas as pd
    >>> from migov.core.cases import Cells
    >>> table = pd.DataFrame({"area": ["DEU", "MDA"], "draw": [0, 0], "phi": [0.5, 0.5],
    ...     "mu": [0.002, -0.004], "sigma": [1e-9, 1e-9]})
    >>> model = MigrationRateModel()
    >>> posterior = model.from_posterior(table, step=5)
    >>> past = Cells([[0.004, -0.008]], period="2015-2020", area="DEU MDA").array("1/year")
    >>> ahead = model.run(posterior, past, periods=2, members=3, seed=7)
    >>> ahead.rate.sel(area="MDA", member=0).round(4).values
    array([-0.006, -0.005])

    References
    ----------
    Azose and Raftery (2015), Bayesian probabilistic projection of international migration,
    Demography 52(5); the limits of the uniform priors are recalled. Azose, Ševčíková and
    Raftery (2016), Proceedings of the National Academy of Sciences 113(23). Azose and Raftery
    (2018), Estimating large correlation matrices for international migration, Annals of Applied
    Statistics 12(2), of correlated errors.
    """

    draws: int = attrs.field(default=1000, validator=_count(4))
    warmup: int = attrs.field(default=1000, validator=_count(1))
    chains: int = attrs.field(default=2, validator=_count(1))
    level_limit: float = attrs.field(default=100.0, validator=_limit(1e-6))
    spread_limit: float = attrs.field(default=100.0, validator=_limit(1e-6))
    shape_limit: float = attrs.field(default=10.0, validator=_limit(1.0 + 1e-6))
    variance_limit: float = attrs.field(default=100.0, validator=_limit(1e-12))

    def fit(self, rates: xr.DataArray, *, seed: int | None = None) -> xr.Dataset:
        """Draw from the posterior of the parameters, by NumPyro's No-U-Turn sampler.

        Parameters
        ----------
        rates : DataArray {period, area}
            Net migrants per person and year ("1/year", or "per_thousand/year"), in adjoining
            periods of one length; the first known rate of an area is taken as given, missing
            ones are left out.
        seed : int, optional
            From 0; None draws one, which the result holds.

        Returns
        -------
        Dataset {draw, area}
            ``persistence``, ``level``, ``innovation_sd``, and {draw} ``world_level``,
            ``world_spread``, ``shape``, ``mean_variance``. Attributes: the greatest split
            R-hat (near 1 where the chains agree; do not use draws above 1.05), the smallest
            effective number of draws, the divergent transitions. Runs in memory, all areas
            together.

        Raises
        ------
        ExtraError
            NumPyro is not installed: ``migov[bayes]``.
        TimeError
            Periods that do not adjoin or differ in length.
        InputError
            An area without two rates in a row, infinite rates.
        """
        x, step = _history(rates)
        word = seed_of(seed, _WHERE)
        values = x.transpose("area", "period").values
        pairs = np.isfinite(values[:, 1:]) & np.isfinite(values[:, :-1])
        bare = x.isel(period=0, drop=True).copy(data=~pairs.any(axis=1))
        refuse(bare, _WHERE, "rates", "has no two known rates in a row", "leave out the area")
        limits = {
            "level": self.level_limit,
            "spread": self.spread_limit,
            "shape": self.shape_limit,
            "variance": self.variance_limit,
        }
        drawn, checks = posteriors.sample(
            values, limits, (self.warmup, self.draws, self.chains), word
        )
        labels = np.arange(self.draws * self.chains)
        out = _posterior([str(a) for a in x.indexes["area"]], labels, drawn, step)
        return out.assign_attrs(
            checks, seed=word, source="NumPyro, No-U-Turn sampler", **self._told()
        )

    def from_posterior(
        self, table: pd.DataFrame, *, step: int, seed: int | None = None
    ) -> xr.Dataset:
        """Read a posterior that was estimated elsewhere.

        Parameters
        ----------
        table : DataFrame
            Draws: columns area, draw, persistence, level, innovation_sd (or phi, mu, sigma),
            one row for each area and draw. Or summaries: area, parameter, mean, sd, from which
            `draws` are drawn, independent of each other: persistence beta, level normal,
            innovation_sd lognormal, each with the mean and standard deviation given. Rates per
            person and year.
        step : int
            Years that a period of the model lasts.
        seed : int, optional
            From 0, for summaries; None draws one, which the result holds.

        Returns
        -------
        Dataset {draw, area}
            ``persistence``, ``level``, ``innovation_sd``.

        Raises
        ------
        KindError
            Columns that are missing.
        InputError
            Cells that are missing, double or impossible, told together with area and draw.
        """
        years, word = whole(step, _WHERE, "step", 1), seed_of(seed, _WHERE)
        areas, labels, values = posteriors.read_table(table, self.draws, word, _WHERE)
        out = _posterior(areas, labels, values, float(years))
        return out.assign_attrs(seed=word, source="a table", **self._told())

    def run(
        self,
        posterior: xr.Dataset,
        rates: xr.DataArray,
        *,
        periods: int,
        members: int | Sequence[Any] = 200,
        seed: int | None = None,
        population: xr.DataArray | None = None,
        balance: str = "none",
        area_correlation: xr.DataArray | None = None,
    ) -> xr.Dataset:
        """Continue the rates of each area.

        Parameters
        ----------
        posterior : Dataset
            Of :meth:`fit` or :meth:`from_posterior`.
        rates : DataArray {period, area}
            As for :meth:`fit`; the last period is where paths start, and as long as a period of
            the posterior.
        periods : int
            How many follow.
        members : int or sequence of labels
            How many (labelled 0, 1, …), or which.
        seed : int, optional
            From 0; None draws one, which the result holds.
        population : DataArray {area} or {period, area}, optional
            Persons, a mean of each period to come, or of one date for all; gives ``migrants``.
        balance : {"none", "shift", "scale"}
            Whether migrants sum to zero over the areas, as in :func:`balance_net_migration`
            with the population as weights; needs `population`.
        area_correlation : DataArray {area, other}, optional
            Correlations between the areas of what a period adds, such as those of the residuals
            of the past; ``other`` is any dimension with the same labels. It may hold more areas
            than `rates`. Without it areas are independent.

        Returns
        -------
        Dataset {period, area, member}
            ``rate`` in 1/year; with `population` ``migrants``, persons in the whole period. A
            member takes one draw of the posterior for all areas; what is drawn belongs to
            (seed, area, member). Balanced numbers depend on all areas.

        Raises
        ------
        AlignmentError
            Areas that the posterior or the matrix lacks, or populations of other areas.
        TimeError
            Periods of another length than those of the posterior.
        InputError
            A missing last rate.
        """
        names = posteriors.PARAMETERS
        dataset(_WHERE, posterior, "posterior", names)
        x, step = _history(rates)
        _same_step(posterior, step)
        last = x.isel(period=-1, drop=True).drop_vars("period_end", errors="ignore")
        unknown = last.isnull()  # noqa: PD003
        refuse(unknown, _WHERE, "rates", "is missing in the last period", "leave out the area")
        steps = whole(periods, _WHERE, "periods", 1)
        labels, word = labels_of_members(members, _WHERE), seed_of(seed, _WHERE)
        if not labels.size:
            raise ParameterError(_WHERE, "members=0", "a number from 1, or labels", 9, "members")
        areas = [str(a) for a in x.indexes["area"]]
        phi, mu, sigma = _chosen(posterior, areas, labels, word)
        draw, between = normals, "independent between areas"
        if area_correlation is not None:
            mixing = area_correlation_of(area_correlation, areas, _WHERE)
            draw, between = mixing.normals, f"correlated between areas, matrix {mixing.digest}"
        normal = draw(word, "net migration rate", areas, list(labels), steps)
        paths = kernels.autoregressive_paths(last.values[:, None], mu, phi, sigma, normal)
        starts, ends = periods_ahead(x, steps, _WHERE, "rates")
        rate = xr.DataArray(
            paths,
            {
                "period": starts,
                "period_end": ("period", ends),
                "area": x.coords["area"].values,
                "member": labels,
            },
            ("period", "area", "member"),
            attrs={"units": "1/year", "long_name": "net migration rate, drawn"},
        )
        out = xr.Dataset({"rate": rate})
        if population is not None:
            out = with_migrants(_WHERE, rate, population, balance, step)
        elif balance != "none":
            told = f"balance={balance!r} without population"
            raise ParameterError(_WHERE, told, "population=…, in persons", 9, "balance")
        out.attrs = {
            "title": "net migration rates",
            "seed": word,
            "balance": balance,
            "draws": f"{between}, one draw of the posterior for each member",
            **self._told(),
        }
        return out

    def _told(self) -> dict[str, str]:
        """Return the specification as it is written into results."""
        return {"model": json.dumps({"class": _WHERE, **attrs.asdict(self)}, sort_keys=True)}


def _history(rates: Any) -> tuple[xr.DataArray, float]:
    """Return rates {period, area} per year, and the years that a period lasts."""
    plain, _ = take(rates, _RATES, _WHERE, "rates")
    x = loaded(plain)
    further = [str(dim) for dim in x.dims if dim not in ("period", "area")]
    if further:
        raise InputError(
            _WHERE, f"rates has {further[0]!r}", "rates by period and area alone", 8, "rates"
        )
    x = x.transpose("period", "area")
    mend = 'rates.assign_attrs(units="per_thousand/year"), if they are per 1,000'
    refuse(abs(x) > 1.0, _WHERE, "rates", "is beyond one person per person and year", mend, 6)
    check_partition(x, "area", _WHERE, "rates")
    lengths = times.year_lengths(x, _WHERE, "rates")
    starts, ends = np.asarray(x["period"].values, "M8[s]"), times.period_end(x, _WHERE, "rates")
    if np.ptp(lengths) > 1e-6 or (ends[:-1] != starts[1:]).any():
        raise TimeError(
            _WHERE,
            f"rates has periods of {shown(np.unique(lengths.round(3)))} years from "
            f"{shown(starts)}; expected one length, each from the end of the one before",
            "give every period, a missing rate where none is known",
            1,
            "rates",
        )
    return x, float(lengths[-1])


def _same_step(posterior: xr.Dataset, step: float) -> None:
    own = float(posterior.attrs.get("step_years", step))
    if abs(own - step) > 1e-6:
        raise TimeError(
            _WHERE,
            f"the periods of rates last {step:g} years, those of posterior {own:g}",
            "rates in periods as long as those of the posterior",
            1,
            "rates",
        )


def _posterior(
    areas: list[str], labels: np.ndarray, values: dict[str, np.ndarray], step: float
) -> xr.Dataset:
    """Return draws as a dataset."""
    out = xr.Dataset(coords={"draw": labels, "area": areas})
    for name, x in values.items():
        title, unit = _LONG[name]
        out[name] = (("draw", "area")[: x.ndim], x, {"units": unit, "long_name": title})
    out.attrs = {"title": "posterior of a migration-rate model", "step_years": step}
    return out


def _chosen(
    posterior: xr.Dataset, areas: list[str], members: np.ndarray, seed: int
) -> tuple[np.ndarray, ...]:
    """Return the parameters (areas, members): one draw for each member, for all areas."""
    rows_of = {str(a): i for i, a in enumerate(posterior.indexes["area"])}
    found_as = {area: area if area in rows_of else posteriors.code_of(area) for area in areas}
    lost = sorted(area for area, name in found_as.items() if name not in rows_of)
    if lost:
        raise AlignmentError(
            _WHERE,
            f"posterior lacks the areas {shown(lost)} of rates",
            "leave them out of rates, or give their parameters",
            2,
            "posterior",
        )
    rows = np.array([rows_of[found_as[area]] for area in areas])
    size = posterior.sizes["draw"]
    taken = np.array([key(seed, "draw of the posterior", str(m)) % size for m in members])
    found = []
    for name in posteriors.PARAMETERS:
        values = np.asarray(posterior[name].transpose("area", "draw").values, float)
        found.append(values[rows][:, taken])
    return tuple(found)
