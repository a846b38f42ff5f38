"""What a figure says of itself: stylised values, gaps, unit, context and definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.core import status
from migov.plot import amounts, labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr


def marked(title: str, frame: pd.DataFrame, value: str = "value") -> str:
    """Return the title with the word stylised where a drawn value has the flag."""
    drawn = frame["status"][frame[value].notna()]
    if not len(drawn):
        return title
    stylised = drawn.str.contains("stylised")
    if not stylised.any():
        return title
    mark = "stylised" if stylised.all() else "partly stylised"
    return f"{title} ({mark})" if title else labels.capital(mark)


def gaps(frame: pd.DataFrame, names: Sequence[str], value: str = "value") -> str:
    """Return the line on missing values: which or how many, and why as far as the status tells."""
    absent = frame[frame[value].isna()]
    if not len(absent):
        return ""
    reasons: dict[str, None] = {}
    for text in absent["status"]:
        for name in text.split():
            if status.FLAGS[name] & status.ABSENT:
                reasons[name.replace("_", " ")] = None
    why = f" ({', '.join(reasons)})" if reasons else ""
    if len(absent) <= 3:
        cells = [", ".join(str(row[name]) for name in names) for _, row in absent.iterrows()]
        return f"Missing, left as gaps: {'; '.join(cells)}{why}"
    return f"Missing, left as gaps: {len(absent)} of {len(frame)} values{why}"


def stylised(frame: pd.DataFrame, name: str, value: str = "value") -> str:
    """Return the line that says which are stylised, where not all are."""
    drawn = frame[frame[value].notna()]
    flagged = drawn["status"].str.contains("stylised")
    if not len(drawn) or flagged.all() or not flagged.any():
        return ""
    which = list(dict.fromkeys(drawn[name][flagged].astype(str)))
    if len(which) > 4 or set(which) & set(drawn[name][~flagged].astype(str)):
        return f"Stylised: {int(flagged.sum())} of {len(drawn)} values"
    return f"Stylised: {', '.join(which)}"


def subtitle(x: xr.DataArray, unit: str, *more: str) -> str:
    """Return unit, context and definition in one line."""
    parts = [
        labels.capital(amounts.unit_text(unit, x.attrs.get("price_base"))),
        *labels.context(x),
        *more,
        labels.definition(x),
    ]
    return " · ".join(part for part in parts if part)
