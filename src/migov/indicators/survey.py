"""Estimates from the rows of a survey, with standard errors and small cells suppressed.

An indicator that surveys measure has ``of_rows``, which says what it is of single persons; its
arguments are the columns to name. It returns a quantity of this module: :class:`Total`,
:class:`Ratio` (a mean or a share: :func:`mean`), :class:`Quantile`, or the :class:`Gap` of two.
Everything else is :func:`estimate`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import norm
from scipy.stats import t as student

from migov.core import status
from migov.core.boundary import RECIPE
from migov.core.definition import Definition
from migov.core.errors import KindError, ParameterError
from migov.core.indicator import Indicator
from migov.indicators._rows import (
    WHERE,
    Asked,
    ask,
    cells_of,
    check_alone,
    plan_of,
    weights_of,
)
from migov.numeric import quantities as what
from migov.numeric import survey as kernel
from migov.numeric.quantities import Floats as Floats
from migov.numeric.quantities import Gap as Gap
from migov.numeric.quantities import Quantile as Quantile
from migov.numeric.quantities import Quantity as Quantity
from migov.numeric.quantities import Ratio as Ratio
from migov.numeric.quantities import Total as Total
from migov.numeric.quantities import mean as mean
from migov.numeric.streams import draw_seed
from migov.numeric.suppression import suppress

Method = Literal["linearisation", "bootstrap", "replicate"]


def estimate(
    statistic: str | Indicator,
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str],
    units: Mapping[str, str] | None = None,
    weight: str | None = None,
    strata: str | None = None,
    cluster: str | None = None,
    fraction: str | None = None,
    by: str | Sequence[str] | Mapping[str, str] | None = None,
    method: Method = "linearisation",
    replicates: int | Sequence[str] | None = None,
    scale: float | None = None,
    seed: int | None = None,
    quantile: float | None = None,
    definition: Definition | None = None,
    level: float = 0.95,
    min_cell: int = 5,
) -> xr.Dataset:
    """Return an estimate from the rows of a survey, with its standard error and interval.

    Parameters
    ----------
    statistic : {"total", "mean", "ratio", "median", "quantile"} or Indicator
        What is estimated; an indicator with the method ``of_rows``.
    frame : DataFrame
        One row for each person in the sample, those outside the groups of interest as well:
        their clusters and strata are part of the design.
    columns : mapping of str to str
        Argument of `statistic` to column: ``value``, or ``numerator`` and ``denominator``, or
        the arguments of ``of_rows``. Rows that lack one are left out, and the coverage tells.
    units : mapping of str to str, optional
        Argument to unit; an indicator's argument has the unit of its contract where absent,
        but money always needs one.
    weight : str, optional
        Column of sampling weights; one each where absent.
    strata, cluster : str, optional
        Columns of strata and of first-stage units.
    fraction : str, optional
        Column with the share of the first-stage units of the stratum that are in the sample.
    by : str, sequence of str, or mapping of column to dimension, optional
        Columns whose values become dimensions; labels of a dimension with codes (sex, area,
        age, period …) are read as :func:`migov.from_frame` reads them, years as ``period``.
    method : {"linearisation", "bootstrap", "replicate"}
        Taylor linearisation (Woodruff's inversion for quantiles); Rao and Wu's rescaled
        bootstrap; or replicate weights of the survey's own.
    replicates : int or sequence of str, optional
        Number of bootstrap replicates, 500 where absent; or the columns of replicate weights.
    scale : float, optional
        Factor of the sum of squared distances of replicates: 1/R where absent, (R - 1)/R for a
        jackknife, 1/(R (1 - k)²) for Fay's balanced repeated replication.
    seed : int, optional
        Of the bootstrap; drawn and written into the result where absent.
    quantile : float, optional
        Share, for ``statistic="quantile"``.
    definition : Definition, optional
        Who is counted, for indicators that ask for it.
    level : float
        Level of the interval; Student's t with units less strata degrees of freedom, the normal
        distribution for replicate weights.
    min_cell : int
        Cells of fewer rows are suppressed, and others so that sums do not give them away.

    Returns
    -------
    Dataset {by…}
        ``value``, ``standard_error``, ``lower``, ``upper`` in the unit of the indicator; ``n``,
        rows behind the estimate; ``coverage``, the share of the cell's rows that have all
        columns; and ``observation_status``, with ``suppressed``, ``missing`` (no rows),
        ``undefined``, ``partial`` and ``low_reliability`` (error or a bound cannot be told).

    Raises
    ------
    MigovError
        Columns, weights, strata of a single unit, units, parameters that cannot be.

    Examples
    --------
    >>> import migov as mg
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"isced": ["6", "7", "5", "6", "8", "3"] * 4,
    ...     "isco": ["2", "5", "3", "9", "2", "7"] * 4, "w": [10.0, 20.0, 10.0] * 8})
    >>> found = estimate(mg.OverqualificationRate(), frame,
    ...     columns={"education": "isced", "occupation": "isco"}, weight="w")
    >>> print(f"{found.value:.1f} ± {found.standard_error:.1f} percent of {found.n:.0f}")
    42.9 ± 12.1 percent of 20
    >>> ages = pd.DataFrame({"age": [20.0, 30.0, 40.0, 50.0, 60.0]})
    >>> one = estimate("mean", ages, columns={"value": "age"}, units={"value": "year"})
    >>> one.value.item(), one.standard_error.item().__round__(3)
    (40.0, 7.071)

    References
    ----------
    Särndal, Swensson and Wretman (1992), sections 5.5 and 5.7; Woodruff (1952), JASA 47(260);
    Rao and Wu (1988), JASA 83(401); Hundepool and others (2012), chapter 4.
    """
    if not isinstance(frame, pd.DataFrame):
        raise KindError(
            WHERE, f"frame is a {type(frame).__name__}", "a pandas DataFrame", None, "frame"
        )
    _check_choices(method, replicates, level, quantile, statistic, scale)
    if isinstance(min_cell, bool) or not isinstance(min_cell, int | np.integer) or min_cell < 0:
        raise ParameterError(WHERE, f"min_cell={min_cell!r}", "0 or more rows", 9, "min_cell")
    asked = ask(statistic, frame, columns, units or {}, quantile, definition)
    weights = weights_of(frame, weight)
    plan = plan_of(frame, strata, cluster, fraction)
    names, cells, coords = cells_of(frame, by)
    shape = tuple(len(coords[name]) for name in names)
    given: list[what.Floats] = []
    if method == "replicate":
        given = [weights_of(frame, one) for one in cast("Sequence[str]", replicates)]
        seed = None
    elif method == "bootstrap":
        seed = draw_seed() if seed is None else seed
    critical = _critical(method, level, plan)
    count = int(np.prod(shape, dtype=int))
    masks = [cells == place for place in range(count)]
    if method == "linearisation":
        check_alone(plan, strata)
        rows = [_linear(asked.quantity, np.where(m, weights, 0.0), plan, critical) for m in masks]
        found = np.array(rows).T
    else:
        many: Iterator[Any] = iter(given)
        if method == "bootstrap":
            check_alone(plan, strata)
            number = 500 if replicates is None else int(cast("int", replicates))
            many = kernel.rao_wu(weights, plan, number, cast("int", seed))
        found = _replicated(asked.quantity, weights, many, masks, scale, critical)
    counts = _counts(asked.quantity, weights > 0, masks).reshape(4, *shape)
    recipe = {**asked.recipe, "method": method, "seed": seed, "weight": weight, "strata": strata}
    told = replicates if replicates is None or isinstance(replicates, int) else list(replicates)
    recipe |= {"cluster": cluster, "level": level, "min_cell": min_cell, "replicates": told}
    return _dataset(asked, found.reshape(4, *shape), counts, names, coords, min_cell, recipe)


def _check_choices(
    method: str,
    replicates: Any,
    level: float,
    quantile: float | None,
    statistic: Any,
    scale: float | None,
) -> None:
    """Refuse parameters that do not belong together."""
    if method not in ("linearisation", "bootstrap", "replicate"):
        options = '"linearisation", "bootstrap" or "replicate"'
        raise ParameterError(WHERE, f"method={method!r}", options, 9, "method")
    columns = (
        isinstance(replicates, Sequence) and not isinstance(replicates, str) and len(replicates) > 1
    )
    number = isinstance(replicates, int) and not isinstance(replicates, bool) and replicates > 1
    fits = {
        "linearisation": replicates is None,
        "bootstrap": replicates is None or number,
        "replicate": columns,
    }[method]
    if not fits:
        wanted = {
            "linearisation": "none",
            "bootstrap": "a number, 2 or more",
            "replicate": "the columns of replicate weights",
        }[method]
        raise ParameterError(
            WHERE, f"replicates={replicates!r} with method={method!r}", wanted, 9, "replicates"
        )
    if not 0.0 < level < 1.0:
        raise ParameterError(WHERE, f"level={level!r}", "between 0 and 1", 9, "level")
    if scale is not None and (method == "linearisation" or not scale > 0):
        raise ParameterError(WHERE, f"scale={scale!r}", "above 0, of replicates", 9, "scale")
    if (statistic == "quantile") != (quantile is not None):
        raise ParameterError(
            WHERE,
            f"statistic={statistic!r} and quantile={quantile!r}",
            'statistic="quantile", quantile=0.8',
            9,
            "quantile",
        )
    if quantile is not None and not 0.0 < quantile < 1.0:
        raise ParameterError(WHERE, f"quantile={quantile!r}", "between 0 and 1", 9, "quantile")


def _critical(method: str, level: float, plan: kernel.Design) -> float:
    share = 0.5 + level / 2.0
    degrees = plan.degrees
    if method == "replicate" or degrees < 1:
        return float(norm.ppf(share))
    return float(student.ppf(share, degrees))


def _linear(
    quantity: what.Quantity, weights: what.Floats, plan: kernel.Design, critical: float
) -> tuple[float, float, float, float]:
    value = quantity.value(weights)
    if not np.isfinite(value):
        return np.nan, np.nan, np.nan, np.nan
    if isinstance(quantity, what.Quantile):
        return value, *kernel.woodruff(quantity, weights, plan, critical)
    influence = quantity.influence(weights)
    if influence is None:
        raise ParameterError(
            WHERE,
            "this statistic has no linear form",
            'method="bootstrap", or "replicate" with the survey\'s weights',
            9,
            "method",
        )
    error = float(np.sqrt(kernel.variance_of_total(weights * influence, plan)))
    return value, error, value - critical * error, value + critical * error


def _replicated(
    quantity: what.Quantity,
    weights: what.Floats,
    many: Iterator[Any],
    masks: list[Any],
    scale: float | None,
    critical: float,
) -> what.Floats:
    """Return value, error, lower and upper of each cell, (4, cells)."""
    places = [np.flatnonzero(m) for m in masks]
    inner = [quantity.within(rows) for rows in places]

    def values(w: what.Floats) -> what.Floats:
        return np.array([one.value(w[rows]) for one, rows in zip(inner, places, strict=True)])

    value, number = values(weights), 0
    squares = np.zeros(len(masks))
    for again in many:
        squares += (values(again) - value) ** 2
        number += 1
    error = np.sqrt(squares * (1.0 / number if scale is None else scale))
    return np.array([value, error, value - critical * error, value + critical * error])


def _counts(quantity: what.Quantity, weighed: Any, masks: list[Any]) -> Any:
    """Return rows of each cell, rows that have all, rows behind, rows of the smaller group."""
    parts = [part & weighed for part in quantity.parts]
    behind, used = np.logical_or.reduce(parts), quantity.used & weighed
    return np.array(
        [
            [(weighed & m).sum() for m in masks],
            [(used & m).sum() for m in masks],
            [(behind & m).sum() for m in masks],
            [min((part & m).sum() for part in parts) for m in masks],
        ],
        np.int64,
    )


def _dataset(
    asked: Asked,
    found: what.Floats,
    counts: Any,
    names: list[str],
    coords: dict[str, Any],
    min_cell: int,
    recipe: dict[str, Any],
) -> xr.Dataset:
    """Return the estimates with status, small cells suppressed."""
    whole, used, n, least = counts
    # a group of the comparison that is too small hides the cell as a small cell does
    table = np.where((least > 0) & (least < min_cell), least, n)
    table = table if names else table.reshape(1)
    hidden = suppress(table, min_cell)[(slice(-1),) * table.ndim].reshape(n.shape)
    undefined = ~np.isfinite(found[0])
    bits = np.where(hidden, status.flag("suppressed"), 0)
    for name, at in {
        "missing": used == 0,
        "undefined": (used > 0) & undefined,
        "partial": (used < whole) & ~undefined,
        "low_reliability": ~undefined & ~np.isfinite(found[1:]).all(axis=0),
    }.items():
        bits |= np.where(at & ~hidden, status.flag(name), 0)
    shown = np.where(hidden, np.nan, found * asked.factor)
    titles = ("", "standard error of ", "lower bound of ", "upper bound of ")
    out = xr.Dataset(
        {
            name: xr.DataArray(
                values, coords, names, attrs={"units": asked.unit, "long_name": title + asked.title}
            )
            for name, values, title in zip(
                ("value", "standard_error", "lower", "upper"), shown, titles, strict=True
            )
        }
    )
    share = np.where(hidden | (whole == 0), np.nan, used / np.where(whole == 0, 1, whole))
    plain = {"units": "1", "long_name": "rows behind the estimate"}
    out["n"] = xr.DataArray(np.where(hidden, np.nan, n), coords, names, attrs=plain)
    about = {"units": "1", "long_name": "share of the rows of the cell that have all it needs"}
    out["coverage"] = xr.DataArray(share, coords, names, attrs=about)
    out[status.NAME] = xr.DataArray(bits.astype(np.uint16), coords, names, attrs=status.ATTRS)
    out["value"].attrs["ancillary_variables"] = f"standard_error n coverage {status.NAME}"
    out.attrs = {"title": asked.title, RECIPE: json.dumps(recipe, sort_keys=True)}
    return out
