"""Values and areas that look like slips: codes for no answer, shares among percents, codes."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migov.composite.tree import Node
from migov.core import areas as known
from migov.core.columns import no_answers
from migov.core.errors import CodeError, InputError, MigovWarning

Floats = NDArray[np.float64]
_OWN = re.compile(r"AAA|Q[M-Z][A-Z]|X[A-Z][A-Z]|ZZ[A-Z]")
"""Codes that ISO 3166-1 leaves to users."""


def check_areas(labels: Iterable[Any], where: str, argument: str) -> None:
    """Refuse a code that is none among areas that are ISO 3166-1 alpha-3 codes.

    Raises
    ------
    CodeError
        Most labels are codes of areas, and one of three capitals is none.

    Examples
    --------
    >>> check_areas(["Chüy", "Osh"], "Index.score", "data")
    """
    told, table = [str(label) for label in labels], known.table()
    wrong = [text for text in told if text not in table]
    if not wrong or len(wrong) * 2 >= len(told):
        return
    codes = [t for t in wrong if re.fullmatch("[A-Z]{3}", t) and not _OWN.fullmatch(t)]
    if codes:
        raise CodeError(
            where,
            f"area {codes[0]!r} of {argument} is no ISO 3166-1 code, as the others are",
            f"its code, or a name for an area of your own: XAA to XZZ, or other than three "
            f"capitals, {argument}.assign_coords(area=labels)",
            4,
            argument,
        )


def check_values(
    values: Floats, leaves: Sequence[Node], labels: Any, where: str, argument: str
) -> None:
    """Refuse codes for no answer, and tell single values on another scale than the others.

    Parameters
    ----------
    values : ndarray (i, u, b)
        In the units of the nodes.
    leaves : sequence of Node
    labels : sequence
        Area of each unit.
    where, argument : str

    Raises
    ------
    InputError
        The only negative values of an indicator are codes for no answer.

    Warns
    -----
    MigovWarning
        A single percent looks like a share among percents, or is beyond 100 unlike the others.
    """
    for node, x in zip(leaves, values, strict=True):
        negative = x < 0
        if negative.any() and no_answers(x[negative]).all():
            unit, column = np.argwhere(negative)[0]
            code = x[unit, column]
            raise InputError(
                where,
                f"{argument}, {node.id!r}: {code:g} of {labels[unit]} looks like a code for no "
                "answer, the only negative value",
                f"NaN where there is none: x.where(x != {code:g})",
                7,
                argument,
            )
        if node.unit == "percent":
            _tell_scales(x, node, labels)


def _tell_scales(x: Floats, node: Node, labels: Any) -> None:
    """Warn of one value of a column that is a share, or beyond 100 by a factor."""
    for column in x.T:
        at = np.flatnonzero(np.isfinite(column))
        if at.size < 3:
            continue
        order = at[np.argsort(column[at], kind="stable")]
        low, second, before, high = column[order[[0, 1, -2, -1]]]
        if 0 < low <= 1 and 20 * low < second and second / 2 <= 100 * low <= 2 * high:
            place, what = order[0], "looks like a share among percents"
        elif before <= 100 < high and high > 3 * before:
            place, what = order[-1], "is beyond 100 percent, unlike the others"
        else:
            continue
        warnings.warn(
            f"{node.id!r}: {column[place]:g} of {labels[place]} {what}: mend the value if it is "
            "a slip",
            MigovWarning,
            stacklevel=2,
        )
        return
