"""Members: paths of mortality, fertility and migration around a median path."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import attrs
import numpy as np
import xarray as xr

from migov.core import status, times, units
from migov.core.errors import InputError, KindError, ParameterError
from migov.core.inputs import admit, check_values
from migov.core.times import years_between
from migov.demography.area_correlation import AreaCorrelation, refuse_beside
from migov.demography.area_correlation import area_correlation as area_correlation_of
from migov.demography.arguments import labels_of_members, seed_of
from migov.demography.path_model import NAMES, PathModel
from migov.demography.projection_inputs import CONTRACTS
from migov.numeric.streams import normals

_WHERE = "draw_paths"
_LONG = {
    "mortality": "central death rate, drawn",
    "fertility": "births per woman-year, drawn",
    "migration": "net migrants, drawn",
}


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
    area_correlation: xr.DataArray | Mapping[str, xr.DataArray] | None = None,
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
    area_correlation : DataArray {area, other}, or mapping of process to one, optional
        Correlations of the draws of areas, of every process or of those named; ``other`` is any
        dimension with the same labels. It may hold more areas than `inputs`.

    Returns
    -------
    Paths
        Each array with the dimension ``member`` last and the status ``stylised``. A draw
        belongs to (seed, process, area, member), and with a matrix to that: a member is the
        same whichever others are drawn, an area whichever others are there. Dimensions other
        than ``area`` (scenarios) share their draws.

    Raises
    ------
    MigovError
        An input that is no rate by period and age, members given twice, a seed below 0,
        correlations that cannot be.

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
    matrices = _matrices(area_correlation, rule)
    drawn = {}
    for name in NAMES:
        x = check_values(
            admit(_given(inputs, name), CONTRACTS[name], _WHERE, name),
            "any" if name == "migration" else "nonnegative",
            _WHERE,
            name,
        )
        _check_unit(name, x)
        drawn[name] = _draw(name, x, labels, word, rule, matrices.get(name))
    return Paths(**drawn, seed=word)


def _matrices(given: Any, model: PathModel) -> dict[str, Any]:
    """Return the matrix of correlations of each process that has one."""
    if given is None:
        return {}
    if model.areas == "common":
        refuse_beside(given, _WHERE, "model.areas", "common")
    if not isinstance(given, Mapping) or isinstance(given, xr.Dataset):
        return dict.fromkeys(NAMES, given)
    unknown = [name for name in given if name not in NAMES]
    if unknown or not given:
        told = f"area_correlation names {unknown[0]!r}" if unknown else "area_correlation is empty"
        raise ParameterError(_WHERE, told, f"of {', '.join(NAMES)}", 9, "area_correlation")
    if any(model.correlation):
        raise ParameterError(
            _WHERE,
            "area_correlation differs between processes, which model.correlation ties together",
            "one matrix for all, or PathModel(correlation=(0.0, 0.0, 0.0))",
            9,
            "area_correlation",
        )
    return dict(given)


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
    name: str, x: xr.DataArray, members: np.ndarray, seed: int, model: PathModel, matrix: Any
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
    mixing = None if matrix is None else area_correlation_of(matrix, areas, _WHERE)
    draw = normals if mixing is None else mixing.normals
    drawn = _normals(draw, name, shared, members, len(starts) + 1, seed, model)
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
        + _between_areas(model, mixing),
        "seed": seed,
        "model": json.dumps({"class": "PathModel", **attrs.asdict(model)}, sort_keys=True),
    }
    return status.mark(status.put(out, flags), "stylised")


def _between_areas(model: PathModel, mixing: AreaCorrelation | None) -> str:
    if mixing is not None:
        return f"correlated between areas, matrix {mixing.digest}"
    return "common to all areas" if model.areas == "common" else "independent between areas"


def _normals(
    draw: Callable[..., np.ndarray],
    name: str,
    areas: list[str],
    members: np.ndarray,
    size: int,
    seed: int,
    model: PathModel,
) -> np.ndarray:
    """Return draws (size, area, member): the first, of a drift, of the process alone."""
    own = {one: draw(seed, one, areas, list(members), size) for one in {name, *model.weights(name)}}
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
