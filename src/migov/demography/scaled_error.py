"""The scaled model of error: members of any rate from a central path and the size of its errors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status, units
from migov.core.align import shown
from migov.core.definition import define, definition_of
from migov.core.errors import AlignmentError, DimensionError, ParameterError, TimeError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.core.times import check_instants, period_end
from migov.demography.area_correlation import AreaCorrelation, refuse_beside
from migov.demography.area_correlation import area_correlation as area_correlation_of
from migov.demography.arguments import (
    labels_of_members,
    lacks,
    loaded,
    option,
    refuse,
    seed_of,
    take,
)
from migov.numeric import streams

_WHERE = "ScaledError"
_CORE = ("sex", "age")


def _share(instance: Any, attribute: Any, value: Any) -> None:
    number(value, _WHERE, attribute.name, 0.0, 1.0)


def _process(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise ParameterError(
            _WHERE, f"process={value!r}", "a word such as 'mortality'", 9, "process"
        )


def _sexes(instance: Any, attribute: Any, value: Any) -> None:
    option(value, ("common", "own"), _WHERE, "sexes")


@attrs.frozen(kw_only=True)
class ScaledError:
    """Relative errors that add up over periods, with a common and a fresh part.

    In period ``t`` the logarithm of a rate is off by ``X(t) = e(1) + … + e(t)`` with
    ``e(t) = S(t) (h + d(t))``: ``S`` the scale, ``h`` an error of the trend with variance
    ``kappa`` that is drawn once, ``d`` fresh errors with variance ``1 - kappa``.

    Parameters
    ----------
    process : str
        What is drawn (``"mortality"``): each has random streams of its own.
    kappa : float
        Correlation of the errors of two periods, 0 (a random walk) to 1 (a wrong slope).
    age_correlation : float
        Between adjacent age groups, falling as its powers with distance.
    area_correlation : float
        Between any two areas.
    sexes : {"common", "own"}
        Whether women and men share their errors.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> rate = Cells((0.1, 0.1), period="2020-2025 2025-2030").array("1/year")
    >>> drawn = ScaledError(process="fertility", kappa=0.0).run(rate, 0.1, members=3, seed=7)
    >>> drawn.sizes["member"], drawn.attrs["units"]
    (3, '1/year')

    References
    ----------
    Alho and Spencer (1997), The practical specification of the expected error of population
    forecasts, Journal of Official Statistics 13(3). Alho and Spencer (2005), Statistical
    Demography and Forecasting, chapter 8.
    """

    process: str = attrs.field(validator=_process)
    kappa: float = attrs.field(default=0.0, validator=_share)
    age_correlation: float = attrs.field(default=1.0, validator=_share)
    area_correlation: float = attrs.field(default=0.0, validator=_share)
    sexes: str = attrs.field(default="common", validator=_sexes)

    def run(
        self,
        rates: xr.DataArray,
        scale: xr.DataArray | float,
        members: int | Sequence[Any] = 200,
        seed: int | None = None,
        *,
        area_correlation: xr.DataArray | None = None,
    ) -> xr.DataArray:
        """Draw members around a central path.

        Parameters
        ----------
        rates : DataArray {period, age, sex, area, …}
            The central path, not negative; further dimensions share their errors.
        scale : DataArray {period, age, sex, area} or float
            Standard deviation of the error of the logarithm that one period adds, "1"; it may
            lack dimensions of `rates`. At most 1: a larger one is percent.
        members : int or sequence
            Number of members, labelled 0, 1 …, or their labels.
        seed : int, optional
            From 0; drawn where None, and written into the attributes.
        area_correlation : DataArray {area, other}, optional
            Correlations between the areas, instead of one for any two; ``other`` is any
            dimension with the same labels. It may hold more areas than `rates`.

        Returns
        -------
        DataArray {…, member}
            Rates times ``exp(X)``: their median is the central path. Unit, definition and
            status of `rates`. A member's draws depend on its label, area and the process alone.

        Raises
        ------
        InputError
            Negative or missing rates or scales.
        AlignmentError, DimensionError, UnitError, ParameterError
            Inputs that do not fit together.
        """
        unit = units.unit_of(rates, _WHERE, "rates") if isinstance(rates, xr.DataArray) else "1"
        contract = Input(title="rates", unit=unit, needs=("period",), kind="flow")
        plain, flags = take(rates, contract, _WHERE, "rates", complete=True)
        lacks(plain, ("member",), _WHERE, "rates")
        check_instants(plain, _WHERE, "rates")
        _adjoin(plain)
        labels, seed = list(labels_of_members(members, _WHERE, 1)), seed_of(seed, _WHERE)
        x = loaded(plain)
        areas = [str(a) for a in x.indexes["area"]] if "area" in x.dims else [_area(x)]
        mixing = None
        if area_correlation is not None:
            if self.area_correlation:
                refuse_beside(
                    area_correlation, _WHERE, "spec.area_correlation", self.area_correlation
                )
            mixing = area_correlation_of(area_correlation, areas, _WHERE)
        added = _scale(scale, x) * self._errors(x, labels, seed, areas, mixing)
        out = x * np.exp(added.cumsum("period").assign_coords(period=x["period"]))
        if "period_end" in x.coords:
            out = out.assign_coords(period_end=x["period_end"])
        out = out.transpose(*x.dims, "member")
        out.name = rates.name
        out.attrs = {
            "units": unit,
            "long_name": rates.attrs.get("long_name", self.process),
            "specification": json.dumps({"class": _WHERE, **attrs.asdict(self)}, sort_keys=True),
            "seed": seed,
            **({} if mixing is None else {"area_correlation": mixing.digest}),
        }
        return status.put(define(out, definition_of(rates)), flags)

    def _errors(
        self,
        x: xr.DataArray,
        members: list[Any],
        seed: int,
        areas: list[str],
        mixing: AreaCorrelation | None,
    ) -> xr.DataArray:
        """Return ``h + d(t)``, of variance one, for each member and area, sex and age."""
        periods = x.sizes["period"]
        ages = x.sizes.get("age", 1)
        own_sex = self.sexes == "own" and "sex" in x.dims
        sexes = [str(s) for s in x.indexes["sex"]] if own_sex else [""]
        parts = []
        for sex in sexes:
            name = f"{self.process} {sex}".strip()
            size = (periods + 1) * ages
            draw = streams.normals if mixing is None else mixing.normals
            mixed = draw(seed, f"{name} error", areas, members, size)
            if mixing is None:
                common = streams.normals(seed, f"{name} common error", [""], members, size)
                rho = self.area_correlation
                mixed = np.sqrt(rho) * common + np.sqrt(1.0 - rho) * mixed
            z = _along_ages(
                mixed.reshape(periods + 1, ages, len(areas), len(members)), self.age_correlation
            )
            parts.append(np.sqrt(self.kappa) * z[:1] + np.sqrt(1.0 - self.kappa) * z[1:])
        values = np.stack(parts, axis=1)
        coords = {"period": x.indexes["period"].values, "member": members}
        keep = ["period", "sex", "age", "area", "member"]
        if own_sex:
            coords["sex"] = x.indexes["sex"].values
        for name in ("age", "area"):
            if name in x.dims:
                coords[name] = x.indexes[name].values
        gone = tuple(i for i, name in enumerate(keep) if name not in coords)
        return xr.DataArray(values.squeeze(gone), coords, [name for name in keep if name in coords])


def _adjoin(x: xr.DataArray) -> None:
    """Refuse periods with gaps between them: errors add up over the years in between too."""
    ends, starts = period_end(x, _WHERE, "rates"), np.asarray(x.coords["period"].values, "M8[s]")
    apart = np.flatnonzero(ends[:-1] != starts[1:])
    if apart.size:
        raise TimeError(
            _WHERE,
            f"the periods of rates do not adjoin: one ends {shown(ends[apart[0]])}, the next "
            f"starts {shown(starts[apart[0] + 1])}",
            "give every period between the first and the last",
            1,
            "rates",
        )


def _area(x: xr.DataArray) -> str:
    return str(x.coords["area"].values[()]) if "area" in x.coords else ""


def _along_ages(z: np.ndarray, correlation: float) -> np.ndarray:
    """Return draws correlated along the second axis as the powers of a number."""
    fresh = np.sqrt(1.0 - correlation**2)
    for i in range(1, z.shape[1]):
        z[:, i] = correlation * z[:, i - 1] + fresh * z[:, i]
    return z


def _scale(scale: Any, x: xr.DataArray) -> xr.DataArray:
    """Return the scale on the labels of the rates."""
    if not isinstance(scale, xr.DataArray):
        value = number(scale, _WHERE, "scale", what="a number from 0 to 1")
        percent = 1.0 < value <= 100.0
        what = f"scale={value / 100:g}, if it is in percent" if percent else ""
        return xr.DataArray(number(value, _WHERE, "scale", 0.0, 1.0, what))
    found, _ = take(scale, Input(title="scale", unit="1"), _WHERE, "scale", complete=True)
    found = loaded(found)
    mend = 'scale.assign_attrs(units="percent"), if it is that'
    refuse(found > 1, _WHERE, "scale", "is above one, more than the rate itself", mend)
    for dim in found.dims:
        if dim not in x.dims:
            raise DimensionError(
                _WHERE, f"scale has {str(dim)!r}, rates has not", "give rates by it", 8, "scale"
            )
        mine, theirs = x.indexes[dim], found.indexes[dim]
        if set(mine) != set(theirs):
            raise AlignmentError(
                _WHERE,
                f"scale has {str(dim)!r} {shown(theirs)}, rates has {shown(mine)}",
                f"give scale for each {dim} of rates",
                2,
                "scale",
            )
        found = found.sel({dim: mine.values})
    beside = [c for c in ("age_width", "period_end") if c in found.coords]
    for name in beside:
        if name in x.coords and not np.array_equal(found[name].values, x[name].values):
            raise AlignmentError(
                _WHERE, f"{name} of scale and rates differ", "give the same groups", 2, "scale"
            )
    return found.drop_vars(beside)
