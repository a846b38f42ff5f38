"""What a check works on: an indicator class with the inputs of its worked case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from migov.core.cases import Cells
from migov.core.errors import MigovError
from migov.core.inputs import CURRENCY, currency_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from migov.core.indicator import Indicator


class DoesNotApply(Exception):  # noqa: N818 - an answer, not an error
    """The declaration leaves this check nothing to ask."""


class Subject:
    """An indicator class with the inputs of its worked case."""

    def __init__(self, cls: type[Indicator]) -> None:
        self.cls = cls
        self.info = cls.info
        self.contracts = cls.contracts()
        if self.info.case is None:
            raise MigovError(cls.__name__, "has no worked case", "case=Case(…)", 9, "case")
        kind: Any = cls
        self.made = kind(**self.info.case.parameters)
        self.inputs = {
            name: self._array(name, cells) for name, cells in self.info.case.given.items()
        }
        money = (currency_of(x.attrs["units"]) for x in self.inputs.values())
        self.currency = next((one for one in money if one is not None), "EUR")

    def _array(self, name: str, cells: Cells) -> xr.DataArray:
        return cells.array(self.contracts[name].unit.replace(CURRENCY, "EUR"))

    def call(self, made: Any = None, **changed: xr.DataArray) -> xr.DataArray:
        """Return the result for the case's inputs, some of them changed."""
        out: xr.DataArray = (made or self.made)(**{**self.inputs, **changed})
        return out

    def every(self, change: Callable[[xr.DataArray], xr.DataArray]) -> xr.DataArray:
        """Return the result for all inputs changed in one way."""
        return self.call(**{name: change(x) for name, x in self.inputs.items()})


def scaled(x: xr.DataArray, by: float) -> xr.DataArray:
    """Return an input times a number, with its attributes whatever xarray does with them.

    Arithmetic keeps attributes in new releases of xarray and drops them in older ones.
    """
    return x.copy(data=x.data * by)


def waves(x: xr.DataArray) -> xr.DataArray:
    """Return an input twice, along a further dimension that no vocabulary knows."""
    return xr.concat([x, x], xr.DataArray(["a", "b"], dims="wave"))


def unlike(a: xr.DataArray, b: xr.DataArray, rtol: float = 1e-12) -> bool:
    """Whether two arrays hold other numbers, missing ones apart."""
    return not np.allclose(a.values, b.values, rtol=rtol, atol=1e-300, equal_nan=True)
