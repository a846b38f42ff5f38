"""What the labour themes share: optional inputs that a choice needs, code lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.core import codes
from migov.core.errors import KindError, PartitionError
from migov.indicators._apply import parted, summed
from migov.indicators.kernels_labour import normative

T = TypeVar("T")
Standard = Literal["as_declared", "13th ICLS", "19th ICLS", "none"]
STANDARD_HELP = (
    "standard of labour statistics of the inputs: as each one's definition says, or stated here "
    "for those that do not say it; 'none' for registered unemployment and the like"
)


def wanted(x: T | None, where: str, argument: str, choice: str) -> T:
    """Return an optional input that a choice of a field asks for.

    Raises
    ------
    KindError
        It is absent.
    """
    if x is None:
        raise KindError(where, f"{choice} needs {argument}", f"give {argument}", 9, argument)
    return x


def major_group(label: object, argument: str) -> str:
    """Return the major group of ISCO-08, or the special code, of a label.

    Raises
    ------
    CodeError
        The label is no code of ISCO-08.
    """
    code = codes.occupation(label, "ISCO-08", argument)
    return code[0] if code[0].isdigit() else code


def in_majors(x: xr.DataArray, majors: str, argument: str) -> xr.DataArray:
    """Return those in some major groups of ISCO-08, added up."""
    labels = x.coords["occupation"].values
    those = x.sel(occupation=[one for one in labels if major_group(one, argument) in majors])
    return summed(those, "occupation", argument)


def levels_of(labels: Iterable[Any], argument: str) -> list[tuple[int, int] | None]:
    """Return the lowest and highest level of ISCED 2011 of labels; None for special codes.

    Raises
    ------
    CodeError
        A label is no level of ISCED 2011.
    """
    return [codes.levels(codes.education(one, argument)) for one in labels]


def with_tertiary(x: xr.DataArray, argument: str) -> xr.DataArray:
    """Return those with tertiary education, ISCED 2011 levels 5 to 8, added up.

    Raises
    ------
    PartitionError
        A band straddles level 5, or no level is tertiary.
    """
    labels = x.coords["education"].values
    spans = levels_of(labels, argument)
    mixed = [one for one, s in zip(labels, spans, strict=True) if s and s[0] < 5 <= s[1]]
    kept = [one for one, s in zip(labels, spans, strict=True) if s and s[0] >= 5]
    if mixed or not kept:
        told = f"{mixed[0]!s} is partly tertiary" if mixed else "no level is tertiary"
        raise PartitionError(
            "with_tertiary", f"education of {argument}: {told}", "give ISCED 5-8 apart", 4, argument
        )
    return (
        parted(x, "education", argument=argument).sel(education=kept).sum("education", skipna=False)
    )


def norm_of(x: xr.DataArray, argument: str) -> NDArray[np.float64]:
    """Return who is over- (1) and undereducated (-1) by the norm, (occupation, education)."""
    majors = [major_group(one, argument) for one in x.coords["occupation"].values]
    return normative(majors, levels_of(x.coords["education"].values, argument))
