"""Arguments of this room: arrays in their unit, truth values, sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from migov.core import status
from migov.core.align import check_labelled
from migov.core.columns import NO_ANSWER, Faults
from migov.core.columns import numbers as read_numbers
from migov.core.errors import InputError, KindError, ParameterError
from migov.core.inputs import Input, admit, check_values, factor_of
from migov.core.partition import check_partition

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    _Result = TypeVar("_Result", xr.DataArray, xr.Dataset)


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
    values = check_values(admitted * by, contract.values, where, argument)
    if not missing and bool(values.isnull().any()):
        raise InputError(where, f"{argument} has missing cells", "give every cell", 7, argument)
    check_labelled(values, where, argument)
    for dim in values.dims:
        check_partition(values, str(dim), where, argument)
    return values.rename(None).drop_attrs()


def figures(column: Any, faults: Faults) -> NDArray[Any]:
    """Return numbers of a column, NaN where empty; decimal commas are one fault for all rows.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"points": ["31,5", "40,0", "-999"]})
    >>> faults = Faults("call", table)
    >>> figures(table["points"], faults)
    array([nan, nan, nan])
    >>> faults.found[0]
    "'points': '31,5' has a decimal comma (rows 0 and 1): pd.read_csv(path, decimal=',')"
    """
    if column.dtype.kind not in "biuf":
        texts = column.map(lambda x: str(x).strip() if isinstance(x, str) else "")
        commas = np.flatnonzero(texts.str.fullmatch(r"[+-]?\d+,\d+").to_numpy(bool))
        if commas.size:
            told = f"'{column.name}': {texts.iloc[commas[0]]!r} has a decimal comma"
            faults.add(f"{told}: pd.read_csv(path, decimal=',')", commas)
            column = column.astype(object).copy()
            column.iloc[commas] = np.nan
    found = np.asarray(read_numbers(column, faults)[0], np.float64)
    codes = np.flatnonzero(np.isin(found, NO_ANSWER))
    if codes.size:
        told = f"'{column.name}': {found[codes[0]]:g} is a code for no answer: leave the cell empty"
        faults.add(told, codes)
        found[codes] = np.nan
    return found


def flag(value: Any, where: str, argument: str) -> bool:
    """Return a truth value.

    Raises
    ------
    ParameterError
        Anything else: a text counts as true otherwise, also "no".

    Examples
    --------
    >>> flag(True, "call", "alone")
    True
    """
    if not isinstance(value, bool | np.bool_):
        raise ParameterError(where, f"{argument}={value!r}", "True or False", 9, argument)
    return bool(value)


def between(low: float, high: float, closed: bool = False) -> Any:
    """Return a validator of a field of a specification: a number between two others.

    Examples
    --------
    >>> between(0.0, 1.0).__name__
    'check'
    """

    def check(instance: Any, attribute: Any, value: Any) -> None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        inside = number and (low <= value <= high if closed else low < value < high)
        if not inside:
            raise ParameterError(
                type(instance).__name__,
                f"{attribute.name}={value!r}",
                f"between {low:g} and {high:g}",
                9,
                attribute.name,
            )

    return check


def several(given: Any, kind: type, where: str, argument: str) -> tuple[Any, ...]:
    """Return a sequence of things of one kind as a tuple.

    Raises
    ------
    KindError
        No sequence, or something else in it.

    Examples
    --------
    >>> several(["origin"], str, "call", "groups")
    ('origin',)
    """
    odd = (
        [x for x in given if not isinstance(x, kind)]
        if isinstance(given, list | tuple)
        else [given]
    )
    if odd:
        raise KindError(
            where,
            f"{argument} is or holds {odd[0]!r:.80}",
            f"a list or tuple of {kind.__name__}",
            9,
            argument,
        )
    return tuple(given)


def marked(out: _Result, *inputs: Any) -> _Result:
    """Return a result with the union of the status of its inputs: each cell rests on all.

    Parameters
    ----------
    out : DataArray or Dataset
        The result.
    *inputs : DataArray, Dataset or None
        What was given.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> x = Cells((2.0, 1.0), occupation="2 9").array("person")
    >>> int(marked(x, status.mark(x, "stylised"), None).observation_status)
    256
    """
    bits = 0
    for x in inputs:
        flags = None if x is None else x.coords.get(status.NAME)
        if flags is not None:
            bits |= int(np.bitwise_or.reduce(np.asarray(flags.values), axis=None))
    if not bits:
        return out
    own = out.coords.get(status.NAME)
    dims = () if own is None else own.dims
    both = np.asarray((0 if own is None else own.values) | np.uint16(bits), np.uint16)
    return out.assign_coords({status.NAME: (dims, both, status.ATTRS)})
