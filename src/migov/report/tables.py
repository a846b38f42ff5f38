"""Tables on the screen: medians with an interval over members, labels in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import status
from migov.core.errors import DimensionError, InputError, KindError
from migov.core.times import check_instants
from migov.core.units import factor, unit_of
from migov.core.vocabulary import check_dimensions, check_numbers
from migov.plot.labels import along
from migov.plot.labels import title as heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr

LEVEL = 0.8


def _cell(low: float, mid: float, high: float, digits: int, sign: str = "") -> str:
    if np.isnan(mid):
        return "–"
    low, mid, high = (0.0 if abs(x) < 0.5 * 10.0**-digits else x for x in (low, mid, high))
    text = f"{mid:{sign},.{digits}f}"
    if low != high and not np.isnan(low):
        text += f"  [{low:{sign},.{digits}f}; {high:{sign},.{digits}f}]"
    return text.replace(",", "\u202f").replace("-", "−")


def written(x: xr.DataArray, level: float = LEVEL, *, sign: bool = False) -> str:
    """Return a single number with its interval over members, at three digits that matter.

    Examples
    --------
    >>> import migov as mg
    >>> written(mg.Cells(31.456).array("percent")), written(mg.Cells(-2.0).array("1"), sign=True)
    ('31.5', '−2.00')
    """
    low, mid, high = (float(part) for part in quantiles(x, level))
    if max(abs(low), abs(mid), abs(high)) < 0.5e-6:
        return "0"
    size = 0.0 if np.isnan(mid) or mid == 0 else np.floor(np.log10(abs(mid)))
    return _cell(low, mid, high, int(min(max(2 - size, 0), 6)), "+" if sign and mid != 0 else "")


def number(value: Any, *, sign: bool = False) -> str:
    """Return one value at three digits that matter; empty where it is missing.

    Examples
    --------
    >>> number(2.5, sign=True), number(float("nan"))
    ('+2.50', '')
    >>> number(1e-17, sign=True)
    '0'
    """
    if value is None or not np.isfinite(float(value)):
        return ""
    import xarray as xr

    return written(xr.DataArray(float(value), attrs={"units": "1"}), sign=sign)


def quantiles(x: xr.DataArray, level: float = LEVEL) -> list[np.ndarray[Any, Any]]:
    """Return the lower end, median and upper end of the central interval over members."""
    if "member" not in x.dims:
        return [np.asarray(x.values, float)] * 3
    tail = (1 - level) / 2
    found = x.quantile([tail, 0.5, 1 - tail], "member", skipna=False)
    return [np.asarray(part, float) for part in found.transpose("quantile", ...).values]


def table(
    x: xr.DataArray,
    *,
    rows: str | Sequence[str] | None = None,
    columns: str | None = None,
    unit: str | None = None,
    digits: int = 0,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return an array as a table of medians with central intervals over members.

    Parameters
    ----------
    x : DataArray {rows, columns, member}
        All other dimensions have to be selected or added up first.
    rows : str or sequence of str
        Dimensions down the side, one at least.
    columns : str, optional
        Dimension across the top.
    unit : str, optional
        Unit of the same dimension to show the numbers in.
    digits : int
        Decimals.
    level : float
        Mass of the central interval, 0.8 for the 10th to the 90th percentile.

    Returns
    -------
    DataFrame
        Texts; ``attrs["title"]`` holds the title, unit, and ``stylised`` where it applies.

    Raises
    ------
    DimensionError
        `x` has other dimensions than those shown.
    KindError
        No rows are named, or what is named is no text.

    Examples
    --------
    >>> import migov as mg
    >>> x = mg.Cells((1.5, 2.5), area="ALB MDA").array("thousand person")
    >>> print(show(x.assign_attrs(long_name="arrivals"), rows="area"))
    Arrivals (thousand person)
    Albania 2
    Moldova 2
    """
    import pandas as pd

    where = "table"
    check_dimensions(x, where, "x")
    check_numbers(x, where, "x")
    check_instants(x, where, "x")
    if not x.size:
        raise DimensionError(where, "x is empty", "select some labels of every dimension", 8, "x")
    if not 0 < level < 1:
        raise InputError(where, f"level={level!r}", "between 0 and 1", 9, "level")
    names: list[Any] = [rows] if isinstance(rows, str) or not np.iterable(rows) else list(rows)
    if not names or not all(isinstance(name, str) for name in (*names, columns or "")):
        raise KindError(
            where,
            f"rows={rows!r:.40}, columns={columns!r:.40} of x with {', '.join(map(str, x.dims))}",
            f"names of dimensions of x, rows={str(next(iter(x.dims), 'area'))!r}",
            8,
            "rows",
        )
    shown = names + ([] if columns is None else [columns])
    other = [str(d) for d in x.dims if d not in shown and d != "member"]
    absent = [name for name in shown if name not in x.dims]
    if other or absent:
        fault = f"has {', '.join(other)} beside {shown}" if other else f"lacks {', '.join(absent)}"
        raise DimensionError(
            where, f"x {fault}", "select or add up first: x.sel(…), migov.total(x, …)", 8, "x"
        )
    given = unit_of(x, where, "x")
    plain, _ = status.take(x)
    by = 1.0 if unit is None else factor(given, unit, where, "x")
    order = ["member"] if "member" in plain.dims else []
    low, mid, high = (part * by for part in quantiles(plain.transpose(*order, *shown), level))
    texts = np.vectorize(lambda a, b, c: _cell(a, b, c, digits), otypes=[object])(low, mid, high)
    index = pd.MultiIndex.from_product([along(x, name) for name in names], names=names)
    data = texts.reshape(len(index), -1)
    heads = [""] if columns is None else along(x, columns)
    found = pd.DataFrame(data, index=index if len(names) > 1 else index.get_level_values(0))
    found.columns = pd.Index(heads)
    found.attrs["title"] = title(x, unit or given, level)
    return found


def title(x: xr.DataArray, unit: str, level: float = LEVEL) -> str:
    """Return the title of a table or figure: name, unit, interval, and ``stylised``."""
    parts = ["" if unit in ("1", "") else unit]
    if "member" in x.dims:
        parts.append(f"median and {level:.0%} interval".replace("%", " %"))
    if status.has(x, "stylised"):
        parts.append("STYLISED: rests on assumptions")
    name = heading(x, None)
    told = "; ".join(part for part in parts if part and part not in name)
    return f"{name} ({told})" if told else name


def show(x: xr.DataArray, *, rows: str | Sequence[str] | None = None, **options: Any) -> str:
    """Return :func:`table` as a text with its title above.

    Examples
    --------
    >>> import migov as mg
    >>> x = mg.Cells(((1, 2), (3, 4)), area="ALB MDA", sex="F M").array("person")
    >>> print(show(x.rename("arrivals"), rows="area", columns="sex"))
    Arrivals (person)
            Female Male
    Albania      1    2
    Moldova      3    4
    """
    found = table(x, rows=rows, **options)
    bare = list(found.columns) == [""]
    found.index.names = [None] * found.index.nlevels
    body = found.to_string(header=not bare)
    if bare:
        body = "\n".join(line for line in body.splitlines() if line.strip())
    return f"{found.attrs['title']}\n{body}"
