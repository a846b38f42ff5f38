"""The labelled inputs of training at origin, checked and brought to the same labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import status, units
from migov.core.align import shown
from migov.core.errors import AlignmentError, DimensionError, InputError, ParameterError
from migov.core.inputs import Input, admit, check_values
from migov.core.partition import check_partition
from migov.schemes.hazards import draw

if TYPE_CHECKING:
    import xarray as xr

WHERE = "Partnership"
CELLS = ("occupation", "origin", "member")
_CONTRACTS = {
    "enrolments": Input(
        title="people who begin training", unit="person", kind="flow", role="origin",
        needs=("occupation", "origin", "period"),
    ),
    "training_time": Input(title="length of training", unit="year"),
    "dropout": Input(title="share who drop out", unit="1", values="share"),
    "training_cost": Input(title="cost of a finished training", unit="currency/person"),
}  # fmt: skip


def admitted(
    x: Any, name: str, members: Any, seed: int, currency: str | None = None
) -> tuple[xr.DataArray, int]:
    """Return an input in coherent units, ranges drawn, and the union of its flags."""
    contract = _CONTRACTS[name]
    bare, flag = status.take(admit(x, contract, WHERE, name))
    unit = contract.unit if currency is None else contract.unit.replace("currency", currency)
    out = units.to_unit(check_values(bare, "nonnegative", WHERE, name), unit, WHERE, name)
    check_values(out, contract.values, WHERE, name)
    if bool(out.isnull().any()):
        raise InputError(WHERE, f"{name} has missing cells", "fill them, and say how", 7, name)
    if "scenario" in out.dims:
        if members is None:
            raise ParameterError(
                WHERE, f"{name} is a range, and there are no members", "members=200", 9, "members"
            )
        labels = list(range(members)) if isinstance(members, int) else list(members)
        out = draw(out, labels, seed=seed, process=name)
    allowed = (*CELLS, "period") if name == "enrolments" else CELLS
    odd = [str(dim) for dim in out.dims if dim not in allowed]
    if odd:
        raise DimensionError(
            WHERE, f"{name} has {odd[0]!r}, which no cohort has",
            f'migov.total({name}, "{odd[0]}") or a selection', 8, name,
        )  # fmt: skip
    if "occupation" in out.dims:
        check_partition(out, "occupation", WHERE, name)
    if name == "enrolments" and "period_end" not in out.coords:
        raise DimensionError(
            WHERE,
            "enrolments has periods without their ends",
            "enrolments.assign_coords(period_end=…)",
            1,
            name,
        )
    kept = (*out.dims, "period_end")
    out = out.drop_vars([str(n) for n in out.coords if n not in kept])
    flags = 0 if flag is None else int(np.bitwise_or.reduce(flag.values, axis=None))
    return out, flags


def same_labels(given: dict[str, xr.DataArray]) -> None:
    """Bring labels to the first input's order, or refuse others."""
    first = given["enrolments"]
    for name, x in given.items():
        for dim in [d for d in CELLS if d in x.dims and d in first.dims]:
            known, found = list(first.indexes[dim]), list(x.indexes[dim])
            if len(found) != len(known) or set(found) != set(known):
                raise AlignmentError(
                    WHERE, f"{name} has {dim} {shown(found)}, another input has {shown(known)}",
                    f"select the same {dim} from both", 2, name,
                )  # fmt: skip
            x = x.sel({dim: known})
        given[name] = x
    labels = [list(x.indexes["member"]) for x in given.values() if "member" in x.dims]
    if any(one != labels[0] for one in labels):
        raise AlignmentError(WHERE, "inputs have other members", "the same members", 2, "members")
