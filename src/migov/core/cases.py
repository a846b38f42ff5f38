"""Worked cases: small inputs and the result that a reader can redo by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import ages, times
from migov.core.definition import Definition, define
from migov.core.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr


def _labels(dimension: str, text: str) -> dict[str, Any]:
    """Return the coordinates that a text of labels, parted by blanks, stands for."""
    words = text.split()
    if dimension == "age":
        read = [ages.parse(word) for word in words]
        if any(one is None for one in read):
            raise ParameterError("Cells", f"age={text!r}", "for instance '0-14 15-64 65+'", 3)
        pairs = [(one[0], 1.0 if one[1] is None else one[1]) for one in read if one is not None]
        return {
            "age": [lower for lower, _ in pairs],
            "age_width": ("age", [width for _, width in pairs]),
        }
    if dimension in ("time", "period"):
        meaning = None if dimension == "time" else "year"
        _, starts, ends, faults = times.read(words, meaning, "Cells")
        if faults:
            mend = "dates as in time='2020-07-01', period='2020 2021' or period='2020-2025'"
            raise ParameterError("Cells", faults[0][1], mend, 1, dimension)
        found: dict[str, Any] = {dimension: starts}
        if dimension == "period":
            found["period_end"] = ("period", ends)
        return found
    if all(word.lstrip("-").isdigit() for word in words) and dimension in ("member", "duration"):
        return {dimension: [int(word) for word in words]}
    return {dimension: words}


class Cells:
    """Numbers on labels, written down: dimensions are keywords, labels parted by blanks.

    Parameters
    ----------
    values : float or nested tuple of float
        In the order of the keywords; ``nan`` for a missing one.
    unit : str, optional
        The contract's unit where absent.
    definition : Definition, optional
        Who is counted.
    price_base : str, optional
        Base year, of money in constant prices or of a price index.
    **labels : str
        ``age="0-14 15-64 65+"``, ``time="2020-07-01"``, ``period="2020 2021"`` (calendar
        years) or ``period="2020-2025"``, ``origin="ALB MDA"``.

    Examples
    --------
    >>> Cells((20, 60, 15), age="0-14 15-64 65+").array("person").sizes["age"]
    3
    """

    def __init__(
        self,
        values: Any,
        unit: str = "",
        definition: Definition | None = None,
        *,
        price_base: str = "",
        **labels: str,
    ) -> None:
        self.values = values
        self.unit = unit
        self.definition = definition
        self.price_base = price_base
        self.labels = labels

    def array(self, unit: str = "") -> xr.DataArray:
        """Return the labelled array, in `unit` where the cells name none."""
        import xarray as xr

        coords: dict[str, Any] = {}
        for name, text in self.labels.items():
            coords.update(_labels(name, text))
        values = np.asarray(self.values, float)
        sizes = tuple(len(coords[name]) for name in self.labels)
        if values.shape != sizes:
            told = ", ".join(
                f"{name} {size}" for name, size in zip(self.labels, sizes, strict=True)
            )
            raise ParameterError(
                "Cells",
                f"the values have the shape {values.shape}, the labels {told or 'nothing'}",
                "values in the order of the keywords, nested by dimension",
                9,
                "values",
            )
        x = xr.DataArray(
            values,
            coords=coords,
            dims=tuple(self.labels),
            attrs={"units": self.unit or unit},
        )
        if self.price_base:
            x.attrs["price_base"] = self.price_base
        return x if self.definition is None else define(x, self.definition)


@attrs.frozen(eq=False)
class Case:
    """A worked case of an indicator.

    Parameters
    ----------
    result : float or Cells
        What comes out, in the indicator's unit.
    working : str
        The arithmetic in one line.
    given : mapping of str to Cells
        The inputs by argument.
    parameters : mapping of str to object, optional
        Fields of the indicator that differ from their defaults.
    source : str, optional
        Publication, where the case is a published one.
    relative : float
        Relative tolerance; 1e-9 unless the published result is rounded.

    Examples
    --------
    >>> case = Case(25.0, "15 / 60", {"population": Cells((15, 60), age="0-14 15+")})
    >>> case.working
    '15 / 60'
    """

    result: float | Cells
    working: str
    given: Mapping[str, Cells]
    parameters: Mapping[str, Any] = attrs.field(factory=dict)
    source: str = ""
    relative: float = 1e-9
