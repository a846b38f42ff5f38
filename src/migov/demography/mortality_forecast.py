"""Forecasts of fitted mortality models: central path and seeded members."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status, times
from migov.core.errors import KindError, ParameterError, TimeError
from migov.demography import kernels_walks as walks
from migov.demography.arguments import (
    dataset,
    labels_of_members,
    lacks,
    one_of,
    put_all,
    refuse,
    seed_of,
    whole,
)
from migov.numeric.streams import stream

_WHERE = "MortalityForecast"
MODELS = ("drift", "autoregressive")
JUMPS = ("fitted", "observed")


def _horizon(instance: Any, attribute: Any, value: Any) -> None:
    whole(value, _WHERE, attribute.name, 1)


def yes_or_no(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse an option that is neither True nor False.

    Raises
    ------
    ParameterError
        With the name of the specification.
    """
    if not isinstance(value, bool):
        where = type(instance).__name__
        raise ParameterError(
            where, f"{attribute.name}={value!r}", "True or False", 9, attribute.name
        )


@attrs.frozen(kw_only=True)
class MortalityForecast:
    """How the index of a fitted model goes on.

    Parameters
    ----------
    horizon : int
        Periods, as long as those of the fit.
    model : {"drift", "autoregressive"}
        A random walk with drift, or an autoregression of order one with a constant, of each
        component on its own.
    drift_uncertainty : bool
        Whether members (and ``index_sd``) hold the standard error of the drift beside the
        deviations of the steps. Without it intervals are too narrow: the drift of a series of
        fifty years adds a quarter to the variance after thirteen, and doubles it after fifty.
        The coefficients of an autoregression are taken as known in either case.
    jump : {"fitted", "observed"}
        Rates start from the last fitted ones, or from the last observed ones (Lee and Miller).

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.demography.lee_carter import LeeCarter
    >>> m = Cells([[0.04, 0.03, 0.02], [0.4, 0.36, 0.3]], age="0-69 70+", period="2018 2019 2020")
    >>> fit = LeeCarter().run(rates=m.array("1/year"))
    >>> ahead = MortalityForecast(horizon=2).run(fit, members=[4, 7], seed=1)
    >>> dict(ahead.death_rate.sizes)
    {'age': 2, 'period': 2, 'member': 2}
    >>> one = MortalityForecast(horizon=2).run(fit, members=[7], seed=1)
    >>> bool((one.death_rate == ahead.death_rate.sel(member=[7])).all())
    True
    """

    horizon: int = attrs.field(default=30, validator=_horizon)
    model: str = attrs.field(default="drift", validator=one_of(*MODELS))
    drift_uncertainty: bool = attrs.field(default=True, validator=yes_or_no)
    jump: str = attrs.field(default="fitted", validator=one_of(*JUMPS))

    def run(
        self,
        fit: xr.Dataset,
        *,
        members: int | Sequence[Any] = 0,
        seed: int | None = None,
    ) -> xr.Dataset:
        """Continue the index and the rates.

        Parameters
        ----------
        fit : Dataset
            Of :meth:`LeeCarter.run`, by three periods or more (four for an autoregression).
        members : int or sequence of labels
            How many (labelled 0, 1, …), or which; none by default.
        seed : int, optional
            From 0; None draws one, which the result holds.

        Returns
        -------
        Dataset
            ``index_mean``, ``index_sd`` {…, component, period}, ``death_rate_central``
            {…, age, period} in 1/year (the path of the mean index, the median of the rates);
            with members ``index`` {…, component, period, member} and ``death_rate``
            {…, age, period, member}. A draw belongs to (seed, component, area, member):
            areas are independent, dimensions such as sex share their draws.

        Raises
        ------
        InputError
            An autoregression that does not die out, or observed rates of zero from which
            ``jump="observed"`` would go on with zero.
        TimeError
            A fit with too few periods.
        """
        names = ("level", "response", "index", "observed", "fitted")
        dataset(_WHERE, fit, "fit", names)
        if "component" not in fit["response"].dims:
            told = "fit has no components: it is of another model"
            raise KindError(_WHERE, told, "LeeCarter().run(…), or LiLee().forecast(fit)", 8, "fit")
        enough_periods(fit["index"], _WHERE, 3 if self.model == "drift" else 4)
        if self.jump == "observed":
            zero = fit["observed"].isel(period=-1, drop=True) <= 0
            refuse(zero, _WHERE, "fit", "has no deaths in the last period", 'jump="fitted"')
        labels, number = labels_of_members(members, _WHERE), seed_of(seed, _WHERE)
        index = fit["index"].transpose(..., "period")
        if labels.size:
            lacks(index, ("member",), _WHERE, "fit")
        walk = self._walk(index)
        last = index.values[..., -1]
        none = np.zeros((self.horizon, *last.shape))
        mean = walks.path(walk, last, none, np.zeros(last.shape))
        spread = walks.path_spread(walk, self.horizon, self.drift_uncertainty)
        period = periods_ahead(index, self.horizon, _WHERE, "fit")
        out = xr.Dataset()
        for name, values, title in (
            ("index_mean", mean, "index of mortality, central path"),
            ("index_sd", spread, "standard deviation of the index"),
        ):
            out[name] = over_periods(index, np.moveaxis(values, 0, -1), period, title)
        out["death_rate_central"] = self._rates(fit, out["index_mean"], index)
        if labels.size:
            drawn = self._draw(index, walk, last, labels, number)
            out["index"] = over_periods(
                index, np.moveaxis(drawn, 0, -2), period, "index of mortality, drawn", labels
            )
            out["death_rate"] = self._rates(fit, out["index"], index)
        out.attrs = {
            "title": "mortality forecast",
            "model": json.dumps({"class": _WHERE, **attrs.asdict(self)}, sort_keys=True),
            "seed": number,
            "draws": "independent between areas and components, common to other dimensions",
        }
        flags = fit.coords.get(status.NAME)
        return put_all(out, None if flags is None else flags.reset_coords(drop=True))

    def _walk(self, index: xr.DataArray) -> walks.Walk:
        if self.model == "drift":
            return walks.random_walk(index.values)
        walk = walks.autoregression(index.values)
        check_returning(walk, index, _WHERE, 'MortalityForecast(model="drift")')
        return walk

    def _draw(
        self,
        index: xr.DataArray,
        walk: walks.Walk,
        last: np.ndarray,
        members: np.ndarray,
        seed: int,
    ) -> np.ndarray:
        """Return drawn paths (horizon, …, member)."""
        dims = [str(dim) for dim in index.dims if dim != "period"]
        named = [d for d in dims if d in ("area", "component")]
        shape = [index.sizes[d] if d in named else 1 for d in dims]
        normal = np.empty((self.horizon + 1, *shape, len(members)))
        fixed = str(index.coords["area"].values) if "area" in index.coords else ""
        for place in np.ndindex(*shape):
            told = {d: str(index.coords[d].values[i]) for d, i in zip(dims, place, strict=True)}
            for j, member in enumerate(members):
                area = told["area"] if "area" in named else fixed
                process = f"mortality index {told['component']}"
                one = stream(seed, process, area, member)
                normal[(slice(None), *place, j)] = one.standard_normal(self.horizon + 1)
        wide = walks.Walk(*(part[..., None] for part in walk))
        full = np.broadcast_to(normal, (self.horizon + 1, *last.shape, len(members)))
        drift = full[0] if self.drift_uncertainty else np.zeros(full.shape[1:])
        return walks.path(wide, last[..., None], full[1:], drift)

    def _rates(self, fit: xr.Dataset, ahead: xr.DataArray, index: xr.DataArray) -> xr.DataArray:
        """Return the rates of an index: the last ones moved by what the index has moved."""
        base = fit["observed" if self.jump == "observed" else "fitted"]
        base = base.isel(period=-1, drop=True).drop_vars("period_end", errors="ignore")
        moved = ahead - index.isel(period=-1, drop=True).drop_vars("period_end", errors="ignore")
        logs = (fit["response"] * moved).sum("component", skipna=False)
        rates = base * np.exp(logs)
        own = fit["fitted"].dims
        order = [*own, *(d for d in ("member",) if d in rates.dims and d not in own)]
        out: xr.DataArray = rates.transpose(*order)
        out.attrs = {"units": "1/year", "long_name": "central death rates, forecast"}
        return out


def enough_periods(index: xr.DataArray, where: str, least: int) -> None:
    """Refuse an index of fewer periods than its model needs.

    Raises
    ------
    TimeError
        With the number of periods.
    """
    if index.sizes["period"] < least:
        raise TimeError(
            where,
            f"fit has {index.sizes['period']} periods, expected {least} or more",
            "a fit to a longer series",
            1,
            "fit",
        )


def check_returning(walk: walks.Walk, index: xr.DataArray, where: str, mend: str) -> None:
    """Refuse an autoregression that does not return to a mean, with its population.

    Raises
    ------
    InputError
        Its persistence is one or more.
    """
    size = np.abs(walk.persistence)
    like = index.isel(period=0, drop=True)
    lasting = like.copy(data=size >= 1)
    what = f"has an index that does not return to a mean: persistence {np.max(size):.3f}"
    refuse(lasting, where, "fit", what, mend, 9)


def periods_ahead(
    x: xr.DataArray, steps: int, where: str, argument: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends of periods that follow those of an array, as long as its last."""
    ends = times.period_end(x, where, argument)
    starts = np.asarray(x.coords["period"].values, "M8[s]")
    day = ends[-1].astype("M8[D]") - ends[-1].astype("M8[M]").astype("M8[D]")
    months = ends[-1].astype("M8[M]") - starts[-1].astype("M8[M]")
    edges = ends[-1].astype("M8[M]") + months * np.arange(steps + 1)
    dates = (edges.astype("M8[D]") + day).astype("M8[s]")
    return dates[:-1], dates[1:]


def over_periods(
    index: xr.DataArray,
    values: np.ndarray,
    period: tuple[np.ndarray, np.ndarray],
    title: str,
    members: np.ndarray | None = None,
) -> xr.DataArray:
    """Return values on the labels of an index with other periods, and members."""
    dims = [str(d) for d in index.dims]
    coords: dict[str, Any] = {
        str(c): v for c, v in index.coords.items() if "period" not in v.dims and c != status.NAME
    }
    coords |= {"period": period[0], "period_end": ("period", period[1])}
    if members is not None:
        dims, coords["member"] = [*dims, "member"], members
    return xr.DataArray(values, coords, dims, attrs={"units": "1", "long_name": title})
