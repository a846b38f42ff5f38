"""Migration by age as a sum of exponentials, after Rogers and Castro."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.errors import InputError, ParameterError
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.demography import kernels_schedules as kernels
from migov.demography.arguments import lacks, loaded, put_all, refuse, take, without_age


def _positive(instance: Any, attribute: Any, value: Any) -> None:
    if value is not None:
        number(value, "RogersCastro", attribute.name, 0.0, 1e6, "a number from 0, or None")


def _field(default: float | None = None) -> Any:
    return attrs.field(default=default, validator=_positive)


@attrs.frozen(kw_only=True)
class RogersCastro:
    """A multi-exponential schedule of migration by age.

    Parameters
    ----------
    a1, alpha1 : float, optional
        Level and fall of the childhood component.
    a2, alpha2, mu2, lambda2 : float, optional
        Level, fall, place (years) and rise of the labour-force component.
    a3, alpha3, mu3, lambda3 : float, optional
        The same of the retirement component.
    a4, lambda4 : float, optional
        Level and rise of the component of the oldest.
    c : float
        Constant. Levels are in the unit of the rates, falls and rises per year of age.

    Examples
    --------
    >>> RogersCastro().rates(lower=[0, 20, 40], at="lower").values.round(4)
    array([0.023 , 0.0278, 0.0115])

    References
    ----------
    Rogers and Castro (1981), Model Migration Schedules, IIASA RR-81-30, whose fundamental
    parameters of the labour-force profile are the defaults.
    """

    a1: float | None = _field(0.02)
    alpha1: float | None = _field(0.1)
    a2: float | None = _field(0.06)
    alpha2: float | None = _field(0.1)
    mu2: float | None = _field(20.0)
    lambda2: float | None = _field(0.4)
    a3: float | None = _field()
    alpha3: float | None = _field()
    mu3: float | None = _field()
    lambda3: float | None = _field()
    a4: float | None = _field()
    lambda4: float | None = _field()
    c: float = _field(0.003)

    def __attrs_post_init__(self) -> None:
        for names in kernels.COMPONENTS.values():
            given = [name for name in names if getattr(self, name) is not None]
            if given and len(given) < len(names):
                lost = next(name for name in names if name not in given)
                raise ParameterError(
                    "RogersCastro",
                    f"{', '.join(given)} without {lost}",
                    f"all of {', '.join(names)}, or none",
                    9,
                    lost,
                )

    def parameters(self) -> dict[str, float]:
        """Return the parameters that are given."""
        return {name: value for name, value in attrs.asdict(self).items() if value is not None}

    def rates(
        self,
        lower: Sequence[float] = tuple(range(101)),
        *,
        at: str | None = None,
        unit: str = "1/year",
    ) -> xr.DataArray:
        """Return the rates by age.

        Parameters
        ----------
        lower : sequence of float
            Lower bounds of the ages in years, rising.
        at : {"lower", "middle"}, optional
            Exact age at which the schedule is read: the lower bound of single years, as model
            schedules are printed, and the middle of wider groups, unless one is named for all.
        unit : str
            Unit of the levels.

        Returns
        -------
        DataArray {age}
            The last group is as wide as the one before it.
        """
        bounds = np.asarray(list(lower), float)
        if bounds.ndim != 1 or bounds.size < 2 or (np.diff(bounds) <= 0).any():
            raise ParameterError(
                "RogersCastro", f"lower={lower!r}", "two or more rising ages", 3, "lower"
            )
        width = np.append(np.diff(bounds), bounds[-1] - bounds[-2])
        exact = _exact(bounds, width, at, "RogersCastro")
        return xr.DataArray(
            kernels.migration(exact, self.parameters()),
            {"age": bounds.astype(np.int64), "age_width": ("age", width)},
            "age",
            attrs={
                "units": unit,
                "long_name": "migration rate, multi-exponential schedule",
                "model": json.dumps({"class": "RogersCastro", **self.parameters()}),
            },
        )


def _exact(lower: np.ndarray, width: np.ndarray, at: str | None, where: str) -> np.ndarray:
    """Return the exact ages for which the rates of groups stand."""
    if at not in (None, "lower", "middle"):
        raise ParameterError(where, f"at={at!r}", "'lower' or 'middle'", 9, "at")
    middle = width > 1 if at is None else np.full(len(width), at == "middle")
    return np.asarray(lower + np.where(middle, width / 2, 0.0))


def fit_rogers_castro(
    rates: xr.DataArray,
    *,
    components: Sequence[str] = ("childhood", "labour", "constant"),
    robust: bool = True,
    at: str | None = None,
) -> xr.Dataset:
    """Fit multi-exponential schedules to migration rates by age.

    Parameters
    ----------
    rates : DataArray {age, …}
        Rates of any unit, by closed groups of age; an open group is left out.
    components : sequence of str
        Of childhood, labour, retirement, elderly, constant.
    robust : bool
        Whether ages far off count less (soft L1 beyond twice the usual residual).
    at : {"lower", "middle"}, optional
        Exact age for which the rate of a group stands: the lower bound of single years and the
        middle of wider groups, unless one is named for all.

    Returns
    -------
    Dataset
        ``estimate`` and ``standard_error`` {…, parameter} (the coordinate names them),
        ``fitted`` {…, age}, ``residual_scale`` {…}, and ``converged`` {…}. Standard errors
        treat residuals as independent of equal spread; they are missing where the ages do not
        tell parameters apart. Runs in memory.

    Raises
    ------
    InputError
        A missing rate, a population without migrants, or fewer ages than parameters.
    ParameterError
        An unknown component.

    Examples
    --------
    >>> fit = fit_rogers_castro(RogersCastro(c=0.004).rates())
    >>> fit.estimate.sel(parameter="mu2").round(6).item(), fit.converged.item()
    (20.0, True)

    References
    ----------
    Rogers and Castro (1981), Model Migration Schedules. Little and Dorrington (2013), The
    multi-exponential model migration schedule, in Moultrie and others, Tools for Demographic
    Estimation.
    """
    where = "fit_rogers_castro"
    chosen = [components] if isinstance(components, str) else [str(c) for c in components]
    unknown = [c for c in chosen if c not in kernels.COMPONENTS]
    if unknown or not chosen or len(set(chosen)) < len(chosen):
        raise ParameterError(
            where,
            f"components={chosen}",
            f"of {', '.join(kernels.COMPONENTS)}, each once",
            9,
            "components",
        )
    unit = rates.attrs.get("units", "1/year") if isinstance(rates, xr.DataArray) else "1/year"
    x, flags = take(rates, Input(title="rates", unit=unit, needs=("age",)), where, "rates")
    x = loaded(x)
    lacks(x, ("parameter",), where, "rates")
    width = ages.widths(x, where, "rates")
    x = x.isel(age=np.flatnonzero(np.isfinite(width)))
    refuse(x.isnull(), where, "rates", "is missing", "leave out the age, or estimate it")
    refuse((x == 0).all("age"), where, "rates", "has no migrants", "leave out the population")
    names = tuple(n for c in kernels.COMPONENTS if c in chosen for n in kernels.COMPONENTS[c])
    if x.sizes["age"] <= len(names):
        raise InputError(
            where,
            f"rates has {x.sizes['age']} ages, the schedule {len(names)} parameters",
            "finer ages or fewer components",
            9,
            "rates",
        )
    lower = np.asarray(x.coords["age"].values, float)
    exact = _exact(lower, ages.widths(x, where, "rates"), at, where)
    return put_all(_fits(x, exact, names, robust, unit), without_age(flags))


def _fits(
    x: xr.DataArray, exact: np.ndarray, names: tuple[str, ...], robust: bool, unit: str
) -> xr.Dataset:
    """Return the fits of all populations, each on its own."""
    others = [d for d in x.dims if d != "age"]
    shape = [x.sizes[d] for d in others]
    flat = x.transpose(*others, "age").values.reshape(-1, x.sizes["age"])
    fits = [kernels.fit_migration(exact, np.array(m), names, robust) for m in flat]
    coords = {
        c: v for c, v in x.coords.items() if "age" not in v.dims and c not in ("age", status.NAME)
    }
    parts: dict[str, tuple[Any, tuple[str, ...], str]] = {
        "estimate": ([f.parameters for f in fits], ("parameter",), "1"),
        "standard_error": ([f.errors for f in fits], ("parameter",), "1"),
        "fitted": ([f.rates for f in fits], ("age",), unit),
        "residual_scale": ([f.scale for f in fits], (), unit),
        "converged": ([f.settled for f in fits], (), "1"),
    }
    own: dict[str, dict[str, Any]] = {
        "parameter": {"parameter": list(names)},
        "age": {"age": x.coords["age"].values, "age_width": ("age", ages.widths(x))},
    }
    out = xr.Dataset()
    for name, (values, last, units) in parts.items():
        bare = np.asarray(values)
        labels: dict[Any, Any] = {**coords, **(own[last[0]] if last else {})}
        y = xr.DataArray(bare.reshape((*shape, *bare.shape[1:])), labels, (*others, *last))
        y.attrs = {"units": units, "long_name": name.replace("_", " ")}
        out[name] = y
    out["estimate"].attrs["note"] = f"a1, a2, a3, a4, c in {unit}; mu in year; others per year"
    out.attrs = {"title": "multi-exponential migration schedule", "robust": int(robust)}
    return out
