"""What migrants would do without the scheme: the alternative that gains are held against."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status, units
from migov.core.errors import (
    DataError,
    DimensionError,
    InputError,
    KindError,
    PartitionError,
)
from migov.numeric.streams import normals
from migov.schemes.hazards import RANGE
from migov.schemes.kinds import from_text, is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

ALTERNATIVES = ("home_job", "home_no_job", "other_destination", "same_destination")
"""A job at home, none, another destination, the same destination without the scheme."""


@attrs.frozen(kw_only=True)
class Alternative:
    """The shares of migrants by what they would do without the scheme; they sum to one.

    Parameters
    ----------
    home_job, home_no_job : float
        At home with and without a job.
    other_destination : float
        In another country: the scheme diverts them.
    same_destination : float
        In the same country by another way: they are deadweight.

    Raises
    ------
    DataError
        All that cannot be.

    Examples
    --------
    >>> mix = Alternative(home_job=0.5, home_no_job=0.2, other_destination=0.2,
    ...     same_destination=0.1)
    >>> Alternative.from_json(mix.to_json()) == mix
    True
    """

    home_job: float = 0.0
    home_no_job: float = 0.0
    other_destination: float = 0.0
    same_destination: float = 0.0

    def __attrs_post_init__(self) -> None:
        shares = attrs.asdict(self)
        faults = [
            f"{name}={value!r}, expected a share"
            for name, value in shares.items()
            if not (is_number(value) and 0 <= value <= 1)
        ]
        if not faults and abs(sum(shares.values()) - 1) > 1e-9:
            faults.append(f"the shares sum to {sum(shares.values()):g}, not to 1")
        if faults:
            count = f"{len(faults)} fault" + ("s" if len(faults) > 1 else "")
            raise DataError(
                "Alternative",
                count,
                "nothing was taken; mend these",
                9,
                "alternative",
                tuple(faults),
            )

    def to_json(self) -> str:
        """Return the shares as a JSON text."""
        return json.dumps(attrs.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Alternative:
        """Return the shares that a text of :meth:`to_json` tells.

        Raises
        ------
        DataError
            The shares are none.
        ParameterError
            The text is damaged.
        """
        return from_text(cls, text, {}, "Alternative")


def as_shares(
    given: Alternative | xr.DataArray, members: Sequence[Any] | None, seed: int, where: str
) -> xr.DataArray:
    """Return the shares as an array {alternative, …}, drawn for members where it is a range.

    Three mixtures low, central, high along ``scenario`` become members by one draw each: a
    mixture between two neighbours, so that the shares of a member still sum to one.

    Raises
    ------
    KindError, DimensionError, InputError, PartitionError
        It is no distribution over :data:`ALTERNATIVES`.
    """
    import xarray as xr

    if isinstance(given, Alternative):
        bare = xr.DataArray(
            [getattr(given, name) for name in ALTERNATIVES],
            {"alternative": list(ALTERNATIVES)},
            "alternative",
            attrs={"units": "1"},
        )
        return status.mark(bare, "stylised")
    if not isinstance(given, xr.DataArray):
        raise KindError(
            where,
            f"alternative is a {type(given).__name__}",
            "migov.schemes.Alternative(…) or a DataArray {alternative, …}",
            9,
            "alternative",
        )
    named = [] if "alternative" not in given.dims else list(given.indexes["alternative"])
    if sorted(map(str, named)) != sorted(ALTERNATIVES):
        raise DimensionError(
            where,
            f"alternative is not by {', '.join(ALTERNATIVES)}",
            "give all four, with 0 where there is none",
            8,
            "alternative",
        )
    if "area" in given.dims or "area" in given.coords:
        given = given.rename(area="origin")
    x: xr.DataArray = units.to_unit(given, "1", where, "alternative").sel(
        alternative=list(ALTERNATIVES)
    )
    if not bool(((x >= 0) & (x <= 1 + 1e-9)).all()):
        raise InputError(
            where, "alternative holds what is no share", "shares from 0 to 1", 7, "alternative"
        )
    if not bool((abs(x.sum("alternative", skipna=False) - 1) <= 1e-6).all()):
        raise PartitionError(
            where,
            "alternative does not sum to 1",
            "shares of all that migrants would do otherwise, together 1",
            4,
            "alternative",
        )
    if members is not None and "scenario" in x.dims:
        return _draw(x, list(members), seed)
    return x


def _draw(x: xr.DataArray, members: list[Any], seed: int) -> xr.DataArray:
    """Return mixtures between low, central and high."""
    import xarray as xr
    from scipy.special import ndtr

    if sorted(map(str, x.indexes["scenario"])) != sorted(RANGE):
        raise DimensionError(
            "draw",
            f"alternative has no scenario {', '.join(RANGE)}",
            "scenarios low, central and high",
            8,
            "alternative",
        )
    plain, flags = status.take(x)
    low, central, high = (plain.sel(scenario=name, drop=True) for name in RANGE)
    u = ndtr(normals(seed, "alternative", [""], members, 1)[0, 0])
    below, above = (
        xr.DataArray(w, {"member": members}, "member")
        for w in (np.maximum(1 - 2 * u, 0.0), np.maximum(2 * u - 1, 0.0))
    )
    out = low * below + high * above + central * (1.0 - below - above)
    out.attrs = dict(x.attrs)
    return status.put(out, flags)
