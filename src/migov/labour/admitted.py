"""An argument of this room in its unit, with structure, labels and numbers checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migov.core import status
from migov.core.errors import DimensionError, InputError
from migov.core.inputs import Input, admit, check_values, factor_of
from migov.core.partition import check_partition

if TYPE_CHECKING:
    import xarray as xr


def numbers(
    x: Any, contract: Input, where: str, argument: str, *, missing: bool = False
) -> xr.DataArray:
    """Return an argument in the unit of its contract, without status, name and attributes.

    Parameters
    ----------
    x : DataArray
        What was given.
    contract : Input
        Unit, dimensions and numbers that it may have.
    where, argument : str
        The call and the name of the argument.
    missing : bool
        Whether cells may be missing.

    Raises
    ------
    MigovError
        The kind that fits the fault, naming the argument.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((2.0, 1.0), occupation="2 9").array("thousand person")
    >>> numbers(x, Input(title="people", unit="person"), "call", "x").values
    array([2000., 1000.])
    """
    admitted, _ = status.take(admit(x, contract, where, argument))
    by = factor_of(admitted, contract, None, where, argument)
    values = check_values(admitted, contract.values, where, argument)
    if not missing and bool(values.isnull().any()):
        raise InputError(where, f"{argument} has missing cells", "give every cell", 7, argument)
    for dim in values.dims:
        if dim not in values.indexes:
            raise DimensionError(
                where,
                f"{argument} has no labels along {dim!r}",
                f"{argument}.assign_coords({dim}=labels)",
                2,
                argument,
            )
        check_partition(values, str(dim), where, argument)
    plain: xr.DataArray = (values * by).rename(None)
    return plain.drop_attrs()
