"""What the labour themes share: optional inputs that a choice needs, code lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeVar

import xarray as xr

from migov.core import codes
from migov.core.errors import KindError, PartitionError

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


def of_majors(x: xr.DataArray, majors: str, argument: str) -> xr.DataArray:
    """Return the cells of some major groups of ISCO-08."""
    labels = x.coords["occupation"].values
    return x.sel(occupation=[one for one in labels if major_group(one, argument) in majors])


def levels_of(labels: Iterable[Any], argument: str) -> list[tuple[int, int] | None]:
    """Return the lowest and highest level of ISCED 2011 of labels; None for special codes.

    Raises
    ------
    CodeError
        A label is no level of ISCED 2011.
    """
    return [codes.levels(codes.education(one, argument)) for one in labels]


def of_tertiary(x: xr.DataArray, argument: str) -> xr.DataArray:
    """Return the cells of those with tertiary education, ISCED 2011 levels 5 to 8.

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
            "of_tertiary", f"education of {argument}: {told}", "give ISCED 5-8 apart", 4, argument
        )
    return x.sel(education=kept)
