"""Members: paths of mortality, fertility and migration around a median path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import attrs
import numpy as np
import xarray as xr

from migov.core import status, times, units
from migov.core.errors import InputError, KindError, ParameterError
from migov.core.inputs import admit, check_values
from migov.core.parameters import number
from migov.core.times import years_between
from migov.demography.arguments import labels_of_members, one_of, seed_of
from migov.demography.projection_inputs import CONTRACTS
from migov.numeric.streams import normals

_WHERE = "draw_paths"
NAMES = ("mortality", "fertility", "migration")
_LONG = {
    "mortality": "central death rate, drawn",
    "fertility": "births per woman-year, drawn",
    "migration": "net migrants, drawn",
}


def _spread(instance: Any, attribute: Any, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < np.inf:
        raise ParameterError(
            "PathModel",
            f"{attribute.name}={value!r}",
            "a number from 0, such as 0.02; 0 leaves the median path",
            9,
            attribute.name,
        )


def _relative(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse percent: the spread of a logarithm above one, that of migration above ten."""
    _spread(instance, attribute, value)
    migrants = attribute.name == "migration_sd"
    if value > (10 if migrants else 1):
        does = "is ten times net migration" if migrants else "would double or halve a rate"
        raise ParameterError(
            "PathModel",
            f"{attribute.name}={value!r} {does} or more, every year",
            f"{attribute.name}={value / 100:g}, if it is in percent",
            9,
            attribute.name,
        )


def _tuple(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


def _correlation(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no matrix of correlations, with the nearest of its direction that is one."""
    if not isinstance(value, tuple) or len(value) != 3:
        mend = "three numbers from -1 to 1, such as correlation=(0.0, 0.0, 0.5)"
        raise ParameterError("PathModel", f"correlation={value!r}", mend, 9, "correlation")
    for one in value:
        number(one, "PathModel", "correlation", -1.0, 1.0)
    least = float(np.linalg.eigvalsh(_matrix(value))[0])
    if least < -1e-12:
        nearest = tuple(np.trunc(np.array(value) / (1.0 - least) * 1000) / 1000)
        raise ParameterError(
            "PathModel",
            f"correlation={value!r} cannot be of three numbers at once: their matrix has the "
            f"negative eigenvalue {least:.3g}",
            f"correlation={tuple(map(float, nearest))}, say",
            9,
            "correlation",
        )


def _matrix(value: tuple[float, float, float]) -> np.ndarray:
    one, two, three = value
    return np.array([[1.0, one, two], [one, 1.0, three], [two, three, 1.0]])


def _persistence(instance: Any, attribute: Any, value: Any) -> None:
    _spread(instance, attribute, value)
    if value >= 1:
        raise ParameterError(
            "PathModel",
            f"{attribute.name}={value!r} lets deviations never die out",
            "from 0 to below 1",
            9,
            attribute.name,
        )


@attrs.frozen(kw_only=True)
class PathModel:
    """How far paths stray from the median; every default is stylised, not estimated.

    One factor for each process moves all ages and both sexes together: within a process ages
    are perfectly correlated, between processes as `correlation` says. Deviations are zero at
    the start of the first period and are taken at the middle of each, so that periods of one
    and of five years have the same law.

    Parameters
    ----------
    mortality_sd : float
        Standard deviation of a year's step of the log death rate, a random walk.
    mortality_drift_sd : float
        Standard deviation of its drift, per year, drawn once for each member.
    fertility_sd, fertility_persistence : float
        Of the log total fertility: a year's innovation, and the share of a deviation that is
        left after a year (autoregression of order one).
    migration_sd, migration_persistence : float
        The same of net migration, added to it, relative to the mean absolute net migration of
        its sex and age over the periods.
    areas : {"independent", "common"}
        Whether each area has draws of its own or all share theirs.
    correlation : tuple of three float
        Between what a period adds to mortality and to fertility, to mortality and to migration,
        to fertility and to migration; the drift of mortality is drawn apart.

    Examples
    --------
    >>> PathModel(fertility_sd=0.0) == PathModel(fertility_sd=0.0)
    True
    """

    mortality_sd: float = attrs.field(default=0.015, validator=_relative)
    mortality_drift_sd: float = attrs.field(default=0.003, validator=_relative)
    fertility_sd: float = attrs.field(default=0.03, validator=_relative)
    fertility_persistence: float = attrs.field(default=0.97, validator=_persistence)
    migration_sd: float = attrs.field(default=0.3, validator=_relative)
    migration_persistence: float = attrs.field(default=0.8, validator=_persistence)
    areas: str = attrs.field(default="independent", validator=one_of("independent", "common"))
    correlation: tuple[float, float, float] = attrs.field(
        default=(0.0, 0.0, 0.0), converter=_tuple, validator=_correlation
    )

    def weights(self, process: str) -> dict[str, float]:
        """Return the share of each process's own draws in those of one process.

        Parameters
        ----------
        process : {"mortality", "fertility", "migration"}
            Which; the factor of Cholesky of the correlations, in this order.
        """
        one, two, three = self.correlation
        rest = np.sqrt(1.0 - one**2)
        cross = (three - one * two) / rest if rest > 0 else 0.0
        last = np.sqrt(max(0.0, 1.0 - two**2 - cross**2))
        rows = {"mortality": (1.0,), "fertility": (one, rest), "migration": (two, cross, last)}
        found = zip(NAMES, rows[process], strict=False)
        return {name: float(share) for name, share in found if share != 0}

    def deviations(self, process: str, gaps: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """Return the deviations of a process at the middle of each period.

        Parameters
        ----------
        process : {"mortality", "fertility", "migration"}
            Which.
        gaps : ndarray (t,)
            Years from the start to the first middle, then from each middle to the next.
        drawn : ndarray (t + 1, ...)
            Standard normal draws; the first is the drift's.

        Returns
        -------
        ndarray (t, ...)
            Of the log rate, or of net migration relative to its scale.
        """
        wide = gaps.reshape((-1,) + (1,) * (drawn.ndim - 1))
        if process == "mortality":
            steps = self.mortality_drift_sd * drawn[0] * wide
            return np.cumsum(steps + self.mortality_sd * np.sqrt(wide) * drawn[1:], axis=0)
        left = self.fertility_persistence if process == "fertility" else self.migration_persistence
        yearly = self.fertility_sd if process == "fertility" else self.migration_sd
        out = np.empty_like(drawn[1:])
        state = np.zeros_like(drawn[0])
        for t, gap in enumerate(gaps):
            kept = left**gap
            spread = yearly * np.sqrt((1 - kept**2) / (1 - left**2))
            state = kept * state + spread * drawn[t + 1]
            out[t] = state
        return out


@attrs.frozen(eq=False)
class Paths(Mapping[str, xr.DataArray]):
    """Drawn rates and net migration, a mapping whose arrays keep their own ages.

    Parameters
    ----------
    mortality : DataArray {period, sex, age, …, member}
        Central death rates.
    fertility : DataArray {period, age, …, member}
        Births per woman-year.
    migration : DataArray {period, sex, age, …, member}
        Net migrants.
    seed : int
        Drawn from, or given.
    """

    mortality: xr.DataArray
    fertility: xr.DataArray
    migration: xr.DataArray
    seed: int

    def __getitem__(self, name: str) -> xr.DataArray:
        """Return one of the arrays."""
        if name not in NAMES:
            raise KeyError(name)
        return cast("xr.DataArray", getattr(self, name))

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(NAMES)

    def __len__(self) -> int:
        """Return the number of arrays."""
        return len(NAMES)

    def identical(self, other: object) -> bool:
        """Tell whether values, labels, attributes and seed are all the same."""
        return (
            isinstance(other, Paths)
            and self.seed == other.seed
            and all(self[name].identical(other[name]) for name in NAMES)
        )


def draw_paths(
    inputs: Any,
    *,
    members: int | Sequence[Any],
    seed: int | None = None,
    model: PathModel | None = None,
) -> Paths:
    """Draw paths of mortality, fertility and net migration around the median path.

    Parameters
    ----------
    inputs : mapping or object
        With ``mortality`` {period, sex, age, …}, ``fertility`` {period, age, …} and
        ``migration`` {period, sex, age, …}, as :meth:`CohortComponent.run` takes them: the
        median path.
    members : int or sequence of labels
        How many (labelled 0, 1, …), or which.
    seed : int, optional
        From 0; None draws one, which the result holds.
    model : PathModel, optional
        How far paths stray; stylised by default.

    Returns
    -------
    Paths
        Each array with the dimension ``member`` last and the status ``stylised``. A draw
        belongs to (seed, process, area, member): a member is the same whichever others are
        drawn, an area whichever others are there. Dimensions other than ``area`` (scenarios)
        share their draws.

    Raises
    ------
    MigovError
        An input that is no rate by period and age, members given twice, a seed below 0.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> inputs = {
    ...     "mortality": Cells([[[0.01, 0.3]] * 2], period="2020", sex="F M", age="0-79 80+"),
    ...     "fertility": Cells([[0.05]], period="2020", age="15-49"),
    ...     "migration": Cells([[[9.0, 1.0]] * 2], period="2020", sex="F M", age="0-79 80+"),
    ... }
    >>> units = {"mortality": "1/year", "fertility": "1/year", "migration": "person"}
    >>> inputs = {name: cells.array(units[name]) for name, cells in inputs.items()}
    >>> paths = draw_paths(inputs, members=3, seed=7)
    >>> dict(paths.mortality.sizes)
    {'period': 1, 'sex': 2, 'age': 2, 'member': 3}
    >>> few = draw_paths(inputs, members=[2], seed=7)
    >>> bool((few.fertility == paths.fertility.sel(member=[2])).all())
    True
    """
    rule = PathModel() if model is None else model
    if not isinstance(rule, PathModel):
        raise KindError(_WHERE, f"model is a {type(rule).__name__}", "a PathModel", 9, "model")
    labels, word = labels_of_members(members, _WHERE, 1), seed_of(seed, _WHERE)
    drawn = {}
    for name in NAMES:
        x = check_values(
            admit(_given(inputs, name), CONTRACTS[name], _WHERE, name),
            "any" if name == "migration" else "nonnegative",
            _WHERE,
            name,
        )
        _check_unit(name, x)
        drawn[name] = _draw(name, x, labels, word, rule)
    return Paths(**drawn, seed=word)


def _check_unit(name: str, x: xr.DataArray) -> None:
    """Refuse another unit than that of a projection, for which migrants may be of a year."""
    own = units.unit_of(x, _WHERE, name)
    if name != "migration" or units.powers(own) != {"person": 1.0, "time": -1.0}:
        units.factor(own, CONTRACTS[name].unit, _WHERE, name)


def _given(inputs: Any, name: str) -> Any:
    found = inputs.get(name) if isinstance(inputs, Mapping) else getattr(inputs, name, None)
    if found is None:
        raise KindError(
            _WHERE,
            f"inputs has no {name!r}",
            "a mapping or object with mortality, fertility and migration",
            9,
            "inputs",
        )
    return found


def _draw(
    name: str, x: xr.DataArray, members: np.ndarray, seed: int, model: PathModel
) -> xr.DataArray:
    """Return one input by member."""
    if "member" in x.dims or "member" in x.coords:
        raise InputError(
            _WHERE,
            f"{name} has members already; the median path has none",
            f'{name}.median("member")',
            8,
            name,
        )
    plain, flags = status.take(x)
    starts = np.asarray(plain.coords["period"].values, "M8[s]")
    lengths = times.year_lengths(plain, _WHERE, name)
    middle = np.asarray(years_between(starts[0], starts), float) + lengths / 2
    areas = _area_labels(plain, name)
    shared = [""] if model.areas == "common" else areas
    drawn = _normals(name, shared, members, len(starts) + 1, seed, model)
    values = model.deviations(name, np.diff(middle, prepend=0.0), drawn)
    by_area = "area" in plain.dims
    if by_area:
        values = np.broadcast_to(values, (len(starts), len(areas), len(members)))
    moved = xr.DataArray(
        values if by_area else values[:, 0],
        {
            "period": starts,
            **({"area": plain.coords["area"].values} if by_area else {}),
            "member": members,
        },
        ("period", "area", "member") if by_area else ("period", "member"),
    )
    out = _around(name, plain, moved)
    out.name = None
    out.attrs = {
        **{key: plain.attrs[key] for key in plain.attrs if key in ("units", "migov_definition")},
        "long_name": _LONG[name],
        "draws": "one factor for all ages and both sexes; "
        + ("correlated" if any(model.correlation) else "independent")
        + " between processes; "
        + ("common to all areas" if model.areas == "common" else "independent between areas"),
        "seed": seed,
        "model": json.dumps({"class": "PathModel", **attrs.asdict(model)}, sort_keys=True),
    }
    return status.mark(status.put(out, flags), "stylised")


def _normals(
    name: str, areas: list[str], members: np.ndarray, size: int, seed: int, model: PathModel
) -> np.ndarray:
    """Return draws (size, area, member): the first, of a drift, of the process alone."""
    own = {
        one: normals(seed, one, areas, list(members), size) for one in {name, *model.weights(name)}
    }
    if list(model.weights(name)) == [name]:
        return own[name]
    mixed = sum(share * own[one] for one, share in model.weights(name).items())
    return np.concatenate([own[name][:1], np.asarray(mixed)[1:]])


def _around(name: str, median: xr.DataArray, moved: xr.DataArray) -> xr.DataArray:
    """Return the median path moved: rates by a factor, net migration by an addition."""
    dims = (*median.dims, "member")
    if name != "migration":
        return (median * np.exp(moved)).transpose(*dims)
    scale = abs(median).mean("period", skipna=False)
    return (median + scale * moved).transpose(*dims)


def _area_labels(x: xr.DataArray, name: str) -> list[str]:
    if "area" in x.dims and "area" not in x.indexes:
        raise InputError(
            _WHERE, f"{name} has areas without labels", f"{name}.assign_coords(area=…)", 2, name
        )
    if "area" not in x.coords:
        return [""]
    return [str(label) for label in np.atleast_1d(x.coords["area"].values)]
