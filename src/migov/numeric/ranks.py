"""Ranks in which values that differ by less than a stated tolerance are ties."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ranks(
    x: Floats,
    *,
    tolerance: float = 1e-9,
    ties: Literal["min", "max", "average"] = "min",
    descending: bool = False,
) -> Floats:
    """Return the rank of each value along the last axis, 1 for the first.

    Neighbours in sorted order whose difference is at most `tolerance` times the largest
    absolute value of the row are tied; ties chain, so that the relation is transitive.

    Parameters
    ----------
    x : ndarray (..., n)
        NaN for missing values; they have no rank and do not count.
    tolerance : float
        Relative; 0 for ties of equal values only.
    ties : {"min", "max", "average"}
        Rank of tied values: the first place they share, the last, or the mean.
    descending : bool
        Whether the largest value is first.

    Returns
    -------
    ndarray (..., n)
        NaN where `x` is.

    Examples
    --------
    >>> ranks(np.array([3.0, 1.0, 0.1 + 0.2, 0.3]), descending=True)
    array([1., 2., 3., 3.])
    """
    if ties not in ("min", "max", "average"):
        raise ValueError(f"ties={ties!r}: 'min', 'max' or 'average'")
    values = np.asarray(x, np.float64)
    if values.size == 0:
        return values.copy()
    values = -values if descending else values
    order = np.argsort(values, axis=-1, kind="stable")
    in_order = np.take_along_axis(values, order, -1)
    scale = np.max(np.abs(values), axis=-1, keepdims=True, where=~np.isnan(values), initial=0.0)
    n = values.shape[-1]
    place = np.broadcast_to(np.arange(n, dtype=np.float64), values.shape)
    with np.errstate(invalid="ignore"):
        new = ~(np.diff(in_order, axis=-1) <= tolerance * scale)
    whole = np.ones((*values.shape[:-1], 1), np.bool_)
    starts = np.concatenate([whole, new], axis=-1)
    first = np.maximum.accumulate(np.where(starts, place, 0.0), axis=-1)
    if ties == "min":
        found = first + 1.0
    else:
        ends = np.concatenate([new, whole], axis=-1)
        last = np.minimum.accumulate(np.where(ends, place, n)[..., ::-1], axis=-1)[..., ::-1]
        found = last + 1.0 if ties == "max" else (first + last) / 2.0 + 1.0
    out = np.empty_like(values)
    np.put_along_axis(out, order, found, -1)
    out[np.isnan(values)] = np.nan
    return out
