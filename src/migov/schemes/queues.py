"""Stages before admission with places and a time they take: language courses, recognition.

What a stage is (who passes, how long it takes, who gives up) is declared as in
:class:`migov.labour.Stage`; here it has places a year besides, and people wait for them.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import units
from migov.core.errors import DataError, DimensionError, KindError, ParameterError
from migov.core.inputs import Input
from migov.schemes.hazards import as_number, reading
from migov.schemes.inputs import steps, take
from migov.schemes.kernels_queues import Stage as Kernel
from migov.schemes.shocks import number_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from migov.labour.stages import Stage
    from migov.schemes.inputs import Grid

ADMISSION = "admission"
"""What all stages lead to, in the tables of a run."""

_PLACES = Input(title="people who can start a stage", unit="person/year", role="origin")
_WAITING = Input(title="people who wait for a stage at the start", unit="person", role="origin")


@attrs.frozen(kw_only=True, eq=False)
class Queue:
    """A stage that first applicants go through before admission, and the places it has.

    Where more wait than there are places, all who wait get the same part: nobody goes before
    another. Places that nobody takes lapse at the end of the month. While people wait they leave
    the queue as ``Hazards(withdrawal=…)`` says.

    Parameters
    ----------
    stage : str
        Its name: ``"language"``, ``"recognition"``. A stage named as a price of the ledger
        (``language_cost``, ``recognition_cost``) is paid for all who start it.
    places : float, (float, float, float) or DataArray {origin, occupation, time or period, member}
        People who can start it, in person/year. A number is for all together; what an array does
        not tell apart shares its places.
    months : int
        Whole months that it takes, from 1.
    passes : float, range or DataArray {occupation, origin, sex, member}
        Share that passes of those who come to its end; the others do not come again.
    drop_out : float, range or DataArray, optional
        Rate of giving up while it lasts, in 1/year; nobody where absent.
    waiting : DataArray {origin, occupation, sex}, optional
        Who waits for it at the start, in person; nobody where absent.

    Raises
    ------
    DataError
        All that cannot be: no name, negative places, parts of a month, shares over one.

    Examples
    --------
    >>> Queue(stage="language", places=600, months=9, passes=(0.6, 0.7, 0.8)).months
    9
    """

    stage: str
    places: float | tuple[float, ...] | xr.DataArray = attrs.field(converter=as_number, repr=False)
    months: int
    passes: float | tuple[float, ...] | xr.DataArray = attrs.field(converter=as_number, repr=False)
    drop_out: float | tuple[float, ...] | xr.DataArray | None = attrs.field(
        default=None, converter=as_number, repr=False
    )
    waiting: xr.DataArray | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = []
        if not isinstance(self.stage, str) or not self.stage.strip():
            faults.append(f"stage={self.stage!r}, expected a name")
        elif self.stage in ("visa", ADMISSION):
            faults.append(f"stage={self.stage!r}: visas are the last step, simulate(…, capacity=…)")
        elif like := _near_price(self.stage):
            faults.append(f"stage={self.stage!r}: {like!r}? Else {like}_cost is not paid for it")
        whole = isinstance(self.months, int | np.integer) and not isinstance(self.months, bool)
        if not whole or not 1 <= self.months <= 1200:
            faults.append(f"months={self.months!r}, expected whole months from 1")
        for name in ("places", "passes", "drop_out"):
            value = getattr(self, name)
            if not hasattr(value, "dims") and not (value is None and name == "drop_out"):
                faults += number_faults(name, value, name == "passes")
        if faults:
            count = f"{len(faults)} fault" + ("s" if len(faults) > 1 else "")
            raise DataError(
                "Queue", f"{count} in {self.stage!r}", "nothing was taken; mend these", 9,
                "queues", tuple(faults),
            )  # fmt: skip

    @classmethod
    def of(cls, stage: Stage, *, places: Any, waiting: Any = None) -> Queue:
        """Return the queue for a stage of :func:`migov.labour.through_stages`.

        Parameters
        ----------
        stage : migov.labour.Stage
            Its delay is one whole number of months.
        places, waiting
            As above.

        Raises
        ------
        KindError, ParameterError
            No stage, or a delay that is no whole number of months or differs by cell.

        Examples
        --------
        >>> import xarray as xr
        >>> from migov.labour import Stage
        >>> german = Stage(name="language", passes=xr.DataArray(0.8, attrs={"units": "1"}),
        ...     delay=xr.DataArray(0.75, attrs={"units": "year"}))
        >>> Queue.of(german, places=600).months
        9
        """
        from migov.labour.stages import Stage as Declared

        if not isinstance(stage, Declared):
            raise KindError(
                "Queue", f"stage is a {type(stage).__name__}", "migov.labour.Stage(…)", 9, "stage"
            )
        delay = units.to_unit(stage.delay, "month", "Queue", "delay")
        found = np.unique(np.asarray(delay.values, float))
        months = round(float(found[0])) if found.size and np.isfinite(found).all() else 0
        if found.size != 1 or abs(float(found[0]) - months) > 1e-9:
            raise ParameterError(
                "Queue", f"delay of {stage.name} holds {', '.join(f'{x:g}' for x in found[:4])} "
                "months", "one whole number of months for all", 9, "delay",
            )  # fmt: skip
        return cls(
            stage=stage.name, places=places, months=months, passes=stage.passes,
            drop_out=stage.drop_out, waiting=waiting,
        )  # fmt: skip


def _near_price(stage: str) -> str | None:
    """Return the stage with a price that a name is one slip of the pen or a capital away from."""
    from migov.schemes.price_keys import PRICES

    known = [key.removesuffix("_cost") for key in PRICES if key.endswith("_cost")]
    bare = "_".join(stage.strip().casefold().replace("-", " ").split())
    if stage in known:
        return None
    like = get_close_matches(bare, known, 1, 0.85)
    # "language B1" is a stage of its own; "langauge" is none.
    own = bool(like) and bare != like[0] and bare.startswith(f"{like[0]}_")
    return like[0] if like and not own else None


def as_queues(given: Any, where: str) -> tuple[Queue, ...]:
    """Return the stages in their order.

    Raises
    ------
    KindError, ParameterError
        Something else than queues, two of one name.
    """
    if given is None:
        return ()
    queues = tuple(given) if isinstance(given, list | tuple) else (given,)
    odd = [one for one in queues if not isinstance(one, Queue)]
    if odd:
        raise KindError(
            where, f"queues holds a {type(odd[0]).__name__}", "migov.schemes.Queue(…)", 9, "queues"
        )
    names = [one.stage for one in queues]
    if len(set(names)) < len(names):
        raise ParameterError(
            where, f"queues has two of one name: {', '.join(names)}", "a name for each", 9, "queues"
        )
    return queues


def inputs_of(queues: tuple[Queue, ...], grid: Grid) -> dict[str, xr.DataArray]:
    """Return places and those who wait at the start, with units, labels and dates checked."""
    import xarray as xr

    out = {}
    for one in queues:
        name, x = f"places of {one.stage}", one.places
        if not isinstance(x, xr.DataArray):
            x = reading(x, "person/year", grid.where, name)
        out[name] = take(x, name, grid, contract=_PLACES)
        if "sex" in out[name].dims:
            raise DimensionError(
                grid.where, f"{name} has 'sex'; places are open to all",
                'migov.total(places, "sex")', 8, "queues",
            )  # fmt: skip
        if one.waiting is not None:
            name = f"waiting for {one.stage}"
            out[name] = take(one.waiting, name, grid, contract=_WAITING)
    return out


def numbers_of(queues: tuple[Queue, ...], where: str) -> dict[str, xr.DataArray]:
    """Return who passes and who gives up, as arrays by cells with their status."""
    out = {}
    for one in queues:
        for name, unit in (("passes", "1"), ("drop_out", "1/year")):
            value = getattr(one, name)
            argument = f"{name} of {one.stage}"
            out[argument] = reading(0.0 if value is None else value, unit, where, argument)
    return out


def stages_setting(
    queues: tuple[Queue, ...], arrays: Mapping[str, xr.DataArray],
    numbers: Mapping[str, xr.DataArray], grid: Grid,
) -> tuple[Kernel, ...]:  # fmt: skip
    """Return the stages of the month loop."""
    out = []
    for one in queues:
        dated, step = steps(arrays[f"places of {one.stage}"], grid)
        waits = arrays.get(f"waiting for {one.stage}")
        out.append(
            Kernel(
                months=int(one.months),
                passes=grid.spread(numbers[f"passes of {one.stage}"]),
                drop_out=grid.spread(numbers[f"drop_out of {one.stage}"]) / 12.0,
                waiting=np.zeros((1, 1, 1, 1)) if waits is None else grid.spread(waits),
                places=grid.spread(dated, "step") / 12.0,
                step=step,
            )
        )
    return tuple(out)


def told(queues: tuple[Queue, ...]) -> str:
    """Return the stages as a text for the attributes of a run."""
    rows = [
        {
            name: value
            if isinstance(value, str | int | float | tuple) or value is None
            else "array"
            for name, value in attrs.asdict(one).items()
        }
        for one in queues
    ]
    return json.dumps(rows)
