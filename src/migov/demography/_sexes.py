"""Sexes as the letters that rules by sex need."""

from __future__ import annotations

import numpy as np
import xarray as xr

from migov.core.errors import DimensionError
from migov.core.partition import is_total


def letters(x: xr.DataArray, where: str, argument: str) -> str:
    """Return a letter for each label of ``sex``: F, M, or T for both sexes together.

    An array without sexes is for both together.

    Raises
    ------
    DimensionError
        A label is none of F, M, _T.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> letters(Cells((1, 2), sex="M F").array("1"), "call", "x")
    'MF'
    """
    if "sex" not in x.coords:
        return "T"
    labels = [str(label) for label in np.atleast_1d(x.coords["sex"].values)]
    wrong = [label for label in labels if label not in ("F", "M") and not is_total("sex", label)]
    if wrong:
        raise DimensionError(
            where,
            f"{argument} has sex {wrong[0]!r}, expected F, M or _T",
            "the codes of SDMX: F and M",
            8,
            argument,
        )
    return "".join(label if label in ("F", "M") else "T" for label in labels)
