"""Coherent mortality of several populations: a common index, and deviations that die out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status
from migov.core.errors import DimensionError
from migov.core.partition import check_partition
from migov.core.vocabulary import DIMENSIONS
from migov.demography import kernels_leecarter as kernels
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
from migov.demography.mortality_forecast import (
    check_returning,
    enough_periods,
    over_periods,
    periods_ahead,
    yes_or_no,
)
from migov.demography.mortality_inputs import Populations, populations
from migov.numeric.streams import stream

_WHERE = "LiLee"
DEVIATIONS = ("autoregressive", "walk")


def _name(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, str):
        raise DimensionError(_WHERE, f"over={value!r}", "the name of a dimension", 9, "over")


@attrs.frozen(kw_only=True)
class LiLee:
    """The model ``log m_i = a_i(x) + B(x) K(t) + b_i(x) k_i(t)`` of a group of populations.

    ``B K`` is the first component of the whole group, ``b_i k_i`` that of what is left of each
    population. In a forecast ``K`` is a random walk with drift and every ``k_i`` returns to a
    mean, or walks without drift, so that the populations keep their distance.

    Parameters
    ----------
    over : str
        Dimension along which the populations of a group lie, such as area or sex.
    drift_uncertainty : bool
        Whether drawn members hold the standard error of the drift of ``K``.
    deviations : {"autoregressive", "walk"}
        How every ``k_i`` goes on: an autoregression of order one with a constant, which has to
        return to a mean, or a random walk without drift, which stays where it is on average.
        Their coefficients are taken as known.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> m = Cells([[[0.04, 0.03, 0.021], [0.4, 0.36, 0.3]], [[0.05, 0.04, 0.029],
    ...     [0.5, 0.41, 0.39]]], area="DEU MDA", age="0-69 70+", period="2018 2019 2020")
    >>> fit = LiLee().run(rates=m.array("1/year"))
    >>> fit.explained_common.values.round(3), fit.explained.values.round(3)
    (array([0.992, 0.963]), array([0.999, 0.992]))

    References
    ----------
    Li and Lee (2005), Demography 42(3).
    """

    over: str = attrs.field(default="area", validator=_name)
    drift_uncertainty: bool = attrs.field(default=True, validator=yes_or_no)
    deviations: str = attrs.field(default="autoregressive", validator=one_of(*DEVIATIONS))

    def run(
        self,
        deaths: xr.DataArray | None = None,
        exposure: xr.DataArray | None = None,
        *,
        rates: xr.DataArray | None = None,
    ) -> xr.Dataset:
        """Fit the common index and the deviations.

        Parameters
        ----------
        deaths, exposure : DataArray {period, age, `over`, …}
            Deaths in person and person-years.
        rates : DataArray {period, age, `over`, …}
            Instead of deaths: central death rates in 1/year. With `exposure` the rates of the
            group are those of all its people together, without it geometric means.

        Returns
        -------
        Dataset
            ``level`` {…, age}, ``common_response`` {age}, ``common_index`` {period},
            ``response`` {…, age}, ``index`` {…, period}, ``explained_common`` and
            ``explained`` {…} (shares of the squares about the level that the common index, and
            both together, explain), ``observed`` and ``fitted`` {…, age, period} in 1/year.
            Common parts have the dimensions beside `over`.

        Raises
        ------
        InputError
            Death rates of zero, missing cells, no exposure.
        PartitionError
            A total in the group beside its parts.
        """
        given = {"rates": rates, "deaths": deaths, "exposure": exposure}
        data = populations(_WHERE, {name: x for name, x in given.items() if x is not None})
        argument = "rates" if rates is not None else "deaths"
        if self.over not in data.others or data.like.sizes[self.over] < 2:
            raise DimensionError(
                _WHERE,
                f"{argument} needs {self.over!r} with two or more populations",
                'LiLee(over="…") names the dimension of the group',
                8,
                argument,
            )
        check_partition(data.like, self.over, _WHERE, argument)
        bad = data.like.copy(data=(data.rates <= 0).reshape(data.like.shape))
        refuse(bad, _WHERE, argument, "gives a rate of zero", "join ages or periods")
        return self._results(data, *self._fit(data))

    def _fit(self, data: Populations) -> tuple[kernels.Fit, kernels.Fit, np.ndarray]:
        """Return the fit of the group, that of what is left, and the common part of each."""
        sizes = [data.like.sizes[dim] for dim in data.others]
        axis = data.others.index(self.over)
        logs = np.log(data.rates)
        shape = (*sizes, *data.rates.shape[1:])
        if data.exposure is None:
            pooled = logs.reshape(shape).mean(axis=axis)
        else:
            assert data.deaths is not None
            dead = data.deaths.reshape(shape).sum(axis=axis)
            pooled = np.log(dead / data.exposure.reshape(shape).sum(axis=axis))
        group = kernels.fit_svd(np.ascontiguousarray(pooled.reshape(-1, *shape[-2:])))
        common = group.response[:, 0, :, None] * group.trend[:, 0, None, :]
        common = np.expand_dims(common.reshape(pooled.shape), axis)
        common = np.broadcast_to(common, shape).reshape(data.rates.shape)
        level = logs.mean(axis=2)
        rest = logs - level[:, :, None] - common
        own = kernels.fit_svd(np.ascontiguousarray(rest), summing=False)
        return group, own._replace(level=level), common

    def _results(
        self, data: Populations, group: kernels.Fit, own: kernels.Fit, common: np.ndarray
    ) -> xr.Dataset:
        age, period = data.like.coords["age"], data.like.coords["period"]
        both = {"age": age, "period": period}
        specific = own.response[:, 0, :, None] * own.trend[:, 0, None, :]
        logs = np.log(data.rates)
        about = ((logs - own.level[:, :, None]) ** 2).sum(axis=(1, 2))
        fitted = own.level[:, :, None] + common + specific
        left = [((logs - x) ** 2).sum(axis=(1, 2)) for x in (fitted - specific, fitted)]
        few = attrs.evolve(data, like=data.like.isel({self.over: 0}, drop=True))
        parts = {
            "level": (data, own.level, {"age": age}, "1", "level of log death rates"),
            "common_response": (few, group.response[:, 0], {"age": age}, "1", "response, group"),
            "common_index": (few, group.trend[:, 0], {"period": period}, "1", "index, group"),
            "response": (data, own.response[:, 0], {"age": age}, "1", "response, own"),
            "index": (data, own.trend[:, 0], {"period": period}, "1", "index, own"),
            "explained_common": (data, 1 - left[0] / about, {}, "1", "share explained, group"),
            "explained": (data, 1 - left[1] / about, {}, "1", "share explained, both"),
            "observed": (data, data.rates, both, "1/year", "central death rates"),
            "fitted": (data, np.exp(fitted), both, "1/year", "central death rates, fitted"),
        }
        out = xr.Dataset(
            {
                name: source.labelled(np.asarray(values), dims, unit, title)
                for name, (source, values, dims, unit, title) in parts.items()
            }
        )
        out.attrs = {
            "title": "Li-Lee model",
            "model": json.dumps({"class": _WHERE, **attrs.asdict(self)}, sort_keys=True),
        }
        return data.finished(out)

    def forecast(
        self,
        fit: xr.Dataset,
        *,
        horizon: int = 30,
        members: int | Sequence[Any] = 0,
        seed: int | None = None,
    ) -> xr.Dataset:
        """Continue the indices and the rates.

        Parameters
        ----------
        fit : Dataset
            Of :meth:`run`.
        horizon : int
            Periods, as long as those of the fit.
        members : int or sequence of labels
            How many, or which; none by default.
        seed : int, optional
            From 0; None draws one, which the result holds.

        Returns
        -------
        Dataset
            ``death_rate_central`` {…, age, period} in 1/year, and with members ``death_rate``
            {…, age, period, member}. A draw belongs to (seed, index, labels, member): the
            labels of the population, or for the common index those of the group.

        Raises
        ------
        InputError
            A population whose own index does not return to a mean.
        TimeError
            A fit with fewer than four periods, or three where deviations walk.
        """
        names = ("level", "common_response", "common_index", "response", "index", "fitted")
        dataset(_WHERE, fit, "fit", names)
        steps = whole(horizon, _WHERE, "horizon", 1)
        labels, number = labels_of_members(members, _WHERE), seed_of(seed, _WHERE)
        together, own = (fit[name].transpose(..., "period") for name in ("common_index", "index"))
        if labels.size:
            lacks(own, ("member",), _WHERE, "fit")
        enough_periods(own, _WHERE, 3 if self.deviations == "walk" else 4)
        both = walks.random_walk(together.values), self._returning(own)
        period = periods_ahead(own, steps, _WHERE, "fit")
        out = xr.Dataset()
        for name, drawn in (("death_rate_central", labels[:0]), ("death_rate", labels)):
            if name == "death_rate" and not labels.size:
                continue
            moved = []
            for index, walk, what in zip((together, own), both, ("group", "own"), strict=True):
                last = index.values[..., -1]
                normal = _normals(index, what, number, drawn, steps)
                wide = walks.Walk(*(np.asarray(part)[..., None] for part in walk))
                drift = normal[0] * float(self.drift_uncertainty)
                paths = np.moveaxis(walks.path(wide, last[..., None], normal[1:], drift), 0, -2)
                if not drawn.size:
                    still = paths[..., 0] - last[..., None]
                    moved.append(over_periods(index, still, period, what))
                else:
                    shift = paths - last[..., None, None]
                    moved.append(over_periods(index, shift, period, what, drawn))
            out[name] = _moved(fit, *moved)
        out.attrs = {**fit.attrs, "title": "Li-Lee forecast", "seed": number}
        flags = fit.coords.get(status.NAME)
        return put_all(out, None if flags is None else flags.reset_coords(drop=True))

    def _returning(self, index: xr.DataArray) -> walks.Walk:
        """Return how the deviations go on: they die out, or stay on average where they are."""
        if self.deviations == "walk":
            still = np.zeros(index.shape[:-1])
            spread = np.sqrt((np.diff(index.values, axis=-1) ** 2).mean(axis=-1))
            return walks.Walk(still, still, spread, still + 1.0)
        walk = walks.autoregression(index.values)
        check_returning(
            walk,
            index,
            _WHERE,
            'LiLee(deviations="walk"), or leave the population out of the group',
        )
        return walk


def _normals(
    index: xr.DataArray, what: str, seed: int, members: np.ndarray, steps: int
) -> np.ndarray:
    """Return draws (steps + 1, …, members), zero for the central path.

    They belong to the labels of a population, whatever the order of its dimensions and whether
    one of them is a scalar coordinate.
    """
    sizes = index.shape[:-1]
    if not members.size:
        return np.zeros((steps + 1, *sizes, 1))
    out = np.empty((steps + 1, *sizes, len(members)))
    fixed = {
        str(c): v.values[()] for c, v in index.coords.items() if v.ndim == 0 and c in DIMENSIONS
    }
    for place in np.ndindex(*sizes):
        mine = zip(index.dims, place, strict=False)
        told = {**fixed, **{str(d): index.coords[d].values[i] for d, i in mine}}
        area = str(told.pop("area", ""))
        words = [f"coherent mortality {what}", *(f"{d} {told[d]}" for d in sorted(told))]
        for j, member in enumerate(members):
            one = stream(seed, ", ".join(words), area, member)
            out[(slice(None), *place, j)] = one.standard_normal(steps + 1)
    return out


def _moved(fit: xr.Dataset, common: xr.DataArray, own: xr.DataArray) -> xr.DataArray:
    """Return the last fitted rates, moved by what both indices have moved."""
    base = fit["fitted"].isel(period=-1, drop=True).drop_vars("period_end", errors="ignore")
    logs = fit["common_response"] * common + fit["response"] * own
    rates = base * np.exp(logs)
    own_dims = fit["fitted"].dims
    order = [*own_dims, *(d for d in ("member",) if d in rates.dims and d not in own_dims)]
    out: xr.DataArray = rates.transpose(*order)
    out.attrs = {"units": "1/year", "long_name": "central death rates, forecast"}
    return out
