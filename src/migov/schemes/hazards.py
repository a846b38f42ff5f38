"""How people behave within the rules: rates and shares, as numbers, ranges, or arrays.

A range (low, central, high) becomes members by one draw for each member and rate, common to
all origins, occupations and sexes: what is not known is the level, not who differs from whom.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status, units
from migov.core.errors import (
    AlignmentError,
    DataError,
    DimensionError,
    InputError,
    KindError,
    ParameterError,
)
from migov.numeric.streams import normals
from migov.schemes.kinds import from_text, is_number, labels_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

RATES = (
    "early_return",
    "change_status",
    "settlement",
    "death",
    "late_return",
    "withdrawal",
    "application",
)
"""In 1/year."""

SHARES = ("renewal", "late", "irregular", "unknown", "reentry")
"""Of those at the end of a permit; ``reentry`` of those whose pause is over."""

FASTEST = 12.0
"""Rate in 1/year beyond which people would stay less than a month: percent, most likely."""

RANGE = ("low", "central", "high")
"""Labels of ``scenario`` that make a range."""

_CELLS = ("occupation", "origin", "sex", "member", "scenario")


def as_number(value: Any) -> Any:
    """Return a number or a range as built-in numbers; what is neither as it is.

    Examples
    --------
    >>> as_number(np.array([1, 2, 3])), as_number(np.int64(2)), as_number("much")
    ((1.0, 2.0, 3.0), 2, 'much')
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if not isinstance(value, list | tuple) or not all(map(is_number, value)):
        return value
    return tuple(float(one) for one in value)


def _number() -> Any:
    return attrs.field(default=0.0, converter=as_number)


@attrs.frozen(kw_only=True)
class Hazards:
    """Rates in 1/year and shares; each a number or a range (low, central, high).

    Parameters
    ----------
    early_return : float or (float, float, float)
        Lawful return before the permit ends.
    change_status : float or range
        Change to another lawful status, where the programme allows it.
    settlement : float or range
        Settlement once the stay is long enough for it.
    death : float or range
        Death abroad, during the stay and after settlement.
    late_return : float or range
        Return of those who stayed on a while.
    withdrawal : float or range
        Leaving the queue at home.
    application : float or range
        New applicants among the people of `origins`.
    renewal : float or range
        Share of those at the end of a permit that can be renewed who renew.
    late, irregular, unknown : float or range
        Shares of those whose stay ends who return late, stay without a permit, or are not
        recorded; the rest returns in time.
    reentry : float or range
        Share of those whose pause is over who wish to come again.

    Raises
    ------
    DataError
        All that cannot be: negative numbers, shares over one, ranges that do not rise.

    Examples
    --------
    >>> Hazards(early_return=(0.02, 0.05, 0.1), late=0.03).early_return
    (0.02, 0.05, 0.1)
    """

    early_return: float | tuple[float, ...] = _number()
    change_status: float | tuple[float, ...] = _number()
    settlement: float | tuple[float, ...] = _number()
    death: float | tuple[float, ...] = _number()
    late_return: float | tuple[float, ...] = _number()
    withdrawal: float | tuple[float, ...] = _number()
    application: float | tuple[float, ...] = _number()
    renewal: float | tuple[float, ...] = _number()
    late: float | tuple[float, ...] = _number()
    irregular: float | tuple[float, ...] = _number()
    unknown: float | tuple[float, ...] = _number()
    reentry: float | tuple[float, ...] = _number()

    def __attrs_post_init__(self) -> None:
        faults: list[str] = []
        for name, value in attrs.asdict(self).items():
            ends = value if isinstance(value, tuple) else (value,)
            wrong = isinstance(value, tuple) and len(value) != len(RANGE)
            if wrong or any(isinstance(x, str | bytes) for x in ends):
                faults.append(f"{name}={value!r}, expected a number or (low, central, high)")
            elif not all(map(is_number, ends)) or min(ends) < 0 or list(ends) != sorted(ends):
                faults.append(f"{name}={value!r}, expected numbers from 0 that rise")
            elif name in SHARES and max(ends) > 1:
                faults.append(f"{name}={value!r} is a share, at most 1")
            elif name in RATES and max(ends) > FASTEST:
                faults.append(
                    f"{name}={value!r} is a rate in 1/year, at most {FASTEST:g}; percent? "
                    f"{max(ends):g} % is {max(ends) / 100:g}"
                )
        if not faults:
            most = sum(np.max(getattr(self, name)) for name in ("late", "irregular", "unknown"))
            if most > 1 + 1e-12:
                faults.append(f"late, irregular and unknown sum to {most:g} at most, over 1")
        if faults:
            count = f"{len(faults)} fault" + ("s" if len(faults) > 1 else "")
            raise DataError(
                "Hazards", count, "nothing was taken; mend these", 9, "hazards", tuple(faults)
            )

    def to_json(self) -> str:
        """Return the rates as a JSON text."""
        return json.dumps(attrs.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Hazards:
        """Return the rates that a text of :meth:`to_json` tells.

        Raises
        ------
        DataError
            The rates cannot be.
        ParameterError
            The text is damaged.
        """
        return from_text(cls, text, {}, "Hazards")


def triangular(low: Any, central: Any, high: Any, u: Any) -> Any:
    """Return the quantile `u` of the triangular distribution; a range of no width is its value.

    Examples
    --------
    >>> float(triangular(0.0, 0.5, 1.0, 0.5))
    0.5
    """
    low, central, high, u = (np.asarray(x, float) for x in (low, central, high, u))
    width = high - low
    safe = np.where(width > 0, width, 1.0)
    rising = low + np.sqrt(u * safe * (central - low))
    falling = high - np.sqrt((1.0 - u) * safe * (high - central))
    return np.where(width > 0, np.where(u * safe < central - low, rising, falling), central)


def draw(x: xr.DataArray, members: Sequence[Any], *, seed: int, process: str) -> xr.DataArray:
    """Return members drawn from a range that stands along ``scenario``.

    Parameters
    ----------
    x : DataArray {scenario, …}
        With the labels low, central, high.
    members : sequence
        Labels of the members.
    seed : int
        From 0; the same seed, process and label give the same draw whatever else is drawn.
    process : str
        What is drawn.

    Returns
    -------
    DataArray {…, member}
        Unit and status kept; one quantile of the triangular distribution for each member.

    Raises
    ------
    DimensionError
        The labels of ``scenario`` are others.

    Examples
    --------
    >>> import xarray as xr
    >>> x = xr.DataArray([1.0, 2.0, 3.0], {"scenario": list(RANGE)}, "scenario",
    ...     attrs={"units": "1"})
    >>> bool(draw(x, [5], seed=1, process="cost") == draw(x, [4, 5], seed=1, process="cost")[1])
    True
    """
    import xarray as xr
    from scipy.special import ndtr

    if not isinstance(x, xr.DataArray):
        raise KindError("draw", f"x is a {type(x).__name__}", "a DataArray", 9, "x")
    members = labels_of(members, "draw") or []
    if "scenario" not in x.dims or sorted(map(str, x.indexes["scenario"])) != sorted(RANGE):
        raise DimensionError(
            "draw", f"x has no scenario {', '.join(RANGE)}", "give a range", 8, "x"
        )
    plain, flags = status.take(x)
    low, central, high = (plain.sel(scenario=name, drop=True) for name in RANGE)
    if bool(((low > central) | (central > high)).any()):
        raise InputError(
            "draw",
            "x does not rise from low to high",
            "low <= central <= high in each cell",
            7,
            "x",
        )
    u = xr.DataArray(
        ndtr(normals(seed, process, [""], members, 1)[0, 0]), {"member": list(members)}, "member"
    )
    out = xr.apply_ufunc(triangular, low, central, high, u)
    out.attrs, out.name = dict(x.attrs), x.name
    return status.put(out, flags)


def as_arrays(given: Any, where: str) -> dict[str, xr.DataArray]:
    """Return every rate (1/year) and share (1) as an array with its status.

    A bare number or range is an assumption, and marked ``stylised``.
    """
    import xarray as xr

    if isinstance(given, Hazards):
        given = attrs.asdict(given)
    if not hasattr(given, "items"):
        raise KindError(
            where,
            f"hazards is a {type(given).__name__}",
            "migov.schemes.Hazards(…), or a mapping of numbers, ranges and DataArrays",
            9,
            "hazards",
        )
    items: Mapping[str, Any] = given
    odd = [name for name in items if name not in RATES + SHARES]
    if odd:
        raise ParameterError(
            where, f"hazards has {odd[0]!r}", f"one of {', '.join(RATES + SHARES)}", 9, "hazards"
        )
    bare = {k: v for k, v in items.items() if not isinstance(v, xr.DataArray)}
    checked = attrs.asdict(Hazards(**bare))
    return {
        name: reading(
            items[name] if isinstance(items.get(name), xr.DataArray) else checked[name],
            "1/year" if name in RATES else "1",
            where,
            f"hazards[{name!r}]",
        )
        for name in RATES + SHARES
    }


def reading(value: Any, unit: str, where: str, argument: str) -> xr.DataArray:
    """Return a number, a range or an array by cells in `unit`, with its status.

    Raises
    ------
    MigovError
        Another unit, other dimensions than those of cells, negative numbers, shares over one.
    """
    import xarray as xr

    if isinstance(value, xr.DataArray):
        return _array(value, unit, where, argument)
    ranged = isinstance(value, tuple)
    x = xr.DataArray(
        np.asarray(value, float),
        {"scenario": list(RANGE)} if ranged else {},
        "scenario" if ranged else (),
        attrs={"units": unit},
    )
    return status.mark(x, "stylised") if np.any(x.values) else x


def _array(x: xr.DataArray, unit: str, where: str, argument: str) -> xr.DataArray:
    converted: xr.DataArray = units.to_unit(x, unit, where, argument)
    odd = [str(dim) for dim in converted.dims if dim not in _CELLS]
    if odd:
        raise DimensionError(
            where, f"{argument} has {odd[0]!r}", f"one number for each {', '.join(_CELLS)}", 8,
            argument,
        )  # fmt: skip
    for dim in converted.dims:
        labels = converted.indexes.get(dim)
        if labels is None or not labels.is_unique:
            raise AlignmentError(
                where, f"{argument} has labels of {dim} twice, or none", f"one row for each {dim}",
                2, argument,
            )  # fmt: skip
    values = np.asarray(converted.values, float)
    if not np.isfinite(values).all() or (values < 0).any():
        raise InputError(where, f"{argument} holds what is no rate", "rates from 0", 7, argument)
    if unit == "1/year" and (values > FASTEST + 1e-9).any():
        raise InputError(
            where, f"{argument} holds {values.max():g} a year, over {FASTEST:g}",
            'rates in 1/year; of percents assign_attrs(units="percent/year")', 6, argument,
        )  # fmt: skip
    if unit == "1" and (values > 1 + 1e-9).any():
        raise InputError(
            where, f"{argument} holds {values.max():g}, over one", "shares from 0 to 1", 7, argument
        )
    return converted
