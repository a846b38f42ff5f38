"""The decline of total fertility: a double logistic, and what comes after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core.errors import ParameterError
from migov.core.parameters import number
from migov.demography import kernels_schedules as kernels
from migov.demography.arguments import (
    labels_of_members,
    lacks,
    loaded,
    put_all,
    refuse,
    seed_of,
    take,
    whole,
)
from migov.demography.fertility import TOTAL, check_total
from migov.demography.mortality_forecast import periods_ahead
from migov.numeric.streams import stream


def _width(instance: Any, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and len(value) == 4
    if not good or any(isinstance(v, bool) or not isinstance(v, int | float) for v in value):
        raise ParameterError(
            "FertilityDecline", f"delta={value!r}", "four numbers above 0, in a tuple", 9, "delta"
        )
    if not all(0 < v < np.inf for v in value):
        raise ParameterError(
            "FertilityDecline", f"delta={value!r}", "finite numbers above 0", 9, "delta"
        )


def _within(low: float, high: float) -> Any:
    def check(instance: Any, attribute: Any, value: Any) -> None:
        number(value, "FertilityDecline", attribute.name, low, high)

    return check


@attrs.frozen(kw_only=True)
class FertilityDecline:
    """The double-logistic decline of total fertility, and what comes after it.

    While fertility is above `ultimate` it falls in each period by the double logistic of its
    level, with a normal deviation; once it has come down to it, it goes on as an
    autoregression about `ultimate`. The defaults are stylised, not estimated.

    Parameters
    ----------
    delta : tuple of four float
        Children per woman: widths of the ranges in which the fall gathers pace, goes on, slows
        down, and what is left at its end. Their sum is about the fertility before the decline.
    pace : float
        Greatest fall in a period, children per woman.
    spread : float
        Standard deviation of a period's deviation during the decline.
    ultimate : float
        Level about which fertility settles.
    persistence, late_spread : float
        Of the autoregression: share of a deviation left after a period, and the standard
        deviation of what comes anew.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> path = FertilityDecline().run(Cells((6.0, 1.6), area="KEN DEU").array("1"), periods=3)
    >>> path.total_fertility.sel(area="DEU").values.round(3)
    array([1.625, 1.648, 1.668])

    References
    ----------
    Alkema and others (2011), Demography 48(3). United Nations (2022), World Population
    Prospects: Methodology.
    """

    delta: tuple[float, float, float, float] = attrs.field(
        default=(2.0, 1.5, 1.5, 1.5), validator=_width
    )
    pace: float = attrs.field(default=0.4, validator=_within(0.0, 10.0))
    spread: float = attrs.field(default=0.1, validator=_within(0.0, 10.0))
    ultimate: float = attrs.field(default=1.85, validator=_within(0.1, 10.0))
    persistence: float = attrs.field(default=0.9, validator=_within(0.0, 1.0))
    late_spread: float = attrs.field(default=0.08, validator=_within(0.0, 10.0))

    def fall(self, total: np.ndarray | float) -> np.ndarray:
        """Return by how much total fertility falls in a period, on average."""
        return kernels.double_logistic(np.asarray(total, float), self.delta, self.pace)

    def run(
        self,
        start: xr.DataArray,
        *,
        periods: int,
        members: int | Sequence[Any] = 0,
        seed: int | None = None,
    ) -> xr.Dataset:
        """Follow total fertility from its last value.

        Parameters
        ----------
        start : DataArray {…}
            Total fertility in the last period, children per woman; without the dimensions time
            and period. Where it says which period it is of, by the scalar coordinates ``period``
            and ``period_end``, the periods that follow are named.
        periods : int
            How many follow, of the length that the parameters are for (five years, mostly).
        members : int or sequence of labels
            How many, or which; none by default.
        seed : int, optional
            From 0; None draws one, which the result holds.

        Returns
        -------
        Dataset
            ``total_fertility`` {…, step}: without deviations; with members also ``drawn``
            {…, step, member}. ``step`` counts periods from 1; in its place stands ``period``
            where that of `start` is known, as a projection takes it. A draw belongs to (seed,
            area, member); other dimensions share it.

        Raises
        ------
        InputError
            A path that reaches zero: the spread is too wide for the level.
        """
        where = "FertilityDecline"
        x, flags = take(start, TOTAL, where, "start", complete=True)
        x = loaded(x)
        lacks(x, ("member", "step"), where, "start")
        check_total(x, where, "start")
        for dim in ("time", "period"):
            if dim in x.dims:
                raise ParameterError(
                    where, f"start has {dim!r}", f"start.isel({dim}=-1)", 8, "start"
                )
        steps = whole(periods, where, "periods", 1)
        labels, word = labels_of_members(members, where), seed_of(seed, where)
        along, ahead = _following(x, steps, where)
        out = xr.Dataset()
        for name, drawn in (("total_fertility", labels[:0]), ("drawn", labels)):
            if name == "drawn" and not labels.size:
                continue
            normal = self._normals(x, steps, drawn, word)
            values = self._path(np.asarray(x.values, float)[..., None], normal)
            y = xr.DataArray(
                np.moveaxis(values, 0, -2),
                {**x.coords, **ahead, "member": drawn if drawn.size else [0]},
                (*x.dims, along, "member"),
                attrs={"units": "1", "long_name": "total fertility"},
            )
            out[name] = y if drawn.size else y.isel(member=0, drop=True)
            refuse(out[name] <= 0, where, "start", "leads to a fertility of zero", "spread=0.05")
        out.attrs = {
            "title": "decline of total fertility",
            "seed": word,
            "model": json.dumps({"class": where, **attrs.asdict(self)}, sort_keys=True),
        }
        return put_all(out, flags)

    def _normals(self, x: xr.DataArray, steps: int, members: np.ndarray, seed: int) -> np.ndarray:
        """Return standard normal draws (steps, …, member), zero without members."""
        if not members.size:
            return np.zeros((steps, *x.shape, 1))
        shape = [x.sizes[d] if d == "area" else 1 for d in x.dims]
        out = np.empty((steps, *shape, len(members)))
        fixed = str(x.coords["area"].values) if "area" in x.coords and "area" not in x.dims else ""
        for place in np.ndindex(*shape):
            told = dict(zip(x.dims, place, strict=True))
            area = str(x.coords["area"].values[told["area"]]) if "area" in x.dims else fixed
            for j, member in enumerate(members):
                one = stream(seed, "total fertility", area, member)
                out[(slice(None), *place, j)] = one.standard_normal(steps)
        return np.broadcast_to(out, (steps, *x.shape, len(members)))

    def _path(self, start: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """Return total fertility (steps, …, member)."""
        level = np.broadcast_to(start, normal.shape[1:]).astype(float)
        late = level <= self.ultimate
        out = np.empty(normal.shape)
        for i, z in enumerate(normal):
            falling = level - self.fall(level) + self.spread * z
            settling = self.ultimate + self.persistence * (level - self.ultimate)
            level = np.where(late, settling + self.late_spread * z, falling)
            late = late | (level <= self.ultimate)
            out[i] = level
        return out


def _following(x: xr.DataArray, steps: int, where: str) -> tuple[str, dict[str, Any]]:
    """Return the dimension of the periods to come, and its labels."""
    if not {"period", "period_end"} <= set(x.coords):
        return "step", {"step": np.arange(1, steps + 1)}
    last = x.drop_vars("period_end").expand_dims("period")
    last = last.assign_coords(period_end=("period", x.coords["period_end"].values.reshape(1)))
    starts, ends = periods_ahead(last, steps, where, "start")
    return "period", {"period": starts, "period_end": ("period", ends)}
