"""Labels of a closed list: one that is not in it would be left out without a word."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from migov.core.align import shown
from migov.core.errors import AlignmentError


def all_of(x: xr.DataArray, dim: str, known: Sequence[str], argument: str) -> list[str]:
    """Return the labels of a dimension, all of them from a list.

    Parameters
    ----------
    x : DataArray {dim, …}
        Labels may be fewer than the list.
    dim : str
        Dimension.
    known : sequence of str
        The list.
    argument : str
        Name of `x` in the call.

    Raises
    ------
    AlignmentError
        A label is not in the list.
    """
    labels = [str(label) for label in x.coords[dim].values]
    wrong = sorted(set(labels) - set(known))
    if wrong:
        raise AlignmentError(
            "all_of",
            f"{argument} has {dim} {shown(wrong)}, expected {', '.join(known)}",
            "rename or drop them, so that nobody is left out without a word",
            2,
            argument,
        )
    return labels
