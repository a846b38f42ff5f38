"""From shocks and the rules of a programme to the bare arrays of the month loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core.align import shown
from migov.core.errors import AlignmentError, DimensionError, InputError, ParameterError, TimeError
from migov.core.partition import is_total
from migov.schemes.kernels_shocks import Pulse, Shock
from migov.schemes.rules import months
from migov.schemes.shocks import STAYS, UNITS

if TYPE_CHECKING:
    import xarray as xr

    from migov.schemes.inputs import Grid
    from migov.schemes.programme import Programme
    from migov.schemes.shocks import Closure, Shocks

WHERE = "simulate"
WOMEN = "F"


def check_rules(programme: Programme, shocks: Shocks, arrays: dict[str, xr.DataArray]) -> None:
    """Refuse outcomes that the programme's own rules do not allow.

    Raises
    ------
    ParameterError
        A new post where the employer cannot be changed, months that no rule grants.
    """
    told = "bankruptcy" in arrays or any(one.shock == "bankruptcy" for one in shocks.pulses)
    changes = programme.employer_change != "none" or programme.new_placement
    if told and changes and "bankruptcy_replaced" not in arrays:
        raise ParameterError(
            WHERE, f"bankruptcy without bankruptcy_replaced, and {programme.name!r} lets workers "
            "change the employer", "bankruptcy_replaced=the share who find another post", 9,
            "bankruptcy_replaced",
        )  # fmt: skip
    if not changes and bool((arrays.get("bankruptcy_replaced", np.zeros(1)) > 0).any()):
        raise ParameterError(
            WHERE, f"bankruptcy_replaced, but {programme.name!r} has employer_change='none' and no "
            "new placement", "leave it out: all go home; or "
            'programme.evolve(new_placement=True)', 9, "bankruptcy_replaced",
        )  # fmt: skip
    grace = months(programme.unemployment_grace)
    grace += months(programme.notice) if programme.notice else 0.0
    for shock in STAYS:
        name = f"{shock}_months"
        if name not in arrays:
            continue
        most = float(arrays[name].max())
        if shock == "bankruptcy" and most > grace + 1e-9:
            raise ParameterError(
                WHERE, f"{name} reaches {most:g}, over the {grace:.3g} months of notice and grace "
                f"of {programme.name!r}", f"{name}={grace:.3g} at most, or another "
                "unemployment_grace", 9, name,
            )  # fmt: skip
        if most > programme.longest_months + 1e-9:
            raise ParameterError(
                WHERE, f"{name} reaches {most:g}, longer than the longest stay of "
                f"{programme.longest_months:.3g} months", "months that fit into a stay", 9, name,
            )  # fmt: skip


def shock_setting(
    shocks: Shocks | None, arrays: dict[str, xr.DataArray], grid: Grid
) -> dict[str, Any]:
    """Return shocks, pulses and shut borders of the month loop."""
    if shocks is None:
        return {}
    own = [name for name in arrays if name in UNITS or name.startswith("pulse ")]
    spread = {name: grid.spread(arrays[name]) for name in own}
    zero = np.zeros((1, 1, 1, 1))
    rates = {name: spread[name] / 12.0 for name in STAYS if name in spread}
    if "pregnancy" in rates:
        rates["pregnancy"] = _women(rates["pregnancy"], spread.get("women"), arrays, grid)
    told = [n for n in STAYS if n in rates or any(x.shock == n for x in shocks.pulses)]
    found = {
        name: Shock(
            rates.get(name, zero), spread.get(STAYS[name], zero),
            spread.get(f"{name}_months", zero),
        )
        for name in told
    }  # fmt: skip
    off = sum((x.rate * x.stays * x.months for x in found.values()), zero)
    if np.any(off > 1.0):
        raise InputError(
            WHERE, f"people would be without work {off.max():.3g} months a month, over one",
            "rates of 1/year and months of one event", 9, "shocks",
        )  # fmt: skip
    out: dict[str, Any] = {"shocks": found}
    out["pulses"] = tuple(
        Pulse(
            _month(one.month, grid, "pulses", "month", False), one.shock,
            spread[f"pulse {i + 1}"] * _of(one.origin, "origin", 1, "pulses", grid)
            * _of(one.occupation, "occupation", 0, "pulses", grid),
        )
        for i, one in enumerate(shocks.pulses)
    )  # fmt: skip
    if shocks.border_closure:
        out["closed"] = _closed(shocks.border_closure, grid)
        out["prolongs"] = bool(shocks.closure_prolongs_permit)
    return out


def _women(
    rate: np.ndarray, women: np.ndarray | None, arrays: dict[str, xr.DataArray], grid: Grid
) -> np.ndarray:
    """Return the hazard of all from that of women."""
    labels = grid.labels.get("sex")
    if labels is None or all(is_total("sex", label) for label in labels):
        if women is None:
            raise DimensionError(
                WHERE, "pregnancy, and no input has 'sex'",
                "applicants by sex (F, M), or shocks with women=their share of those abroad", 8,
                "women",
            )  # fmt: skip
        return np.asarray(rate * women)
    if women is not None:
        raise ParameterError(
            WHERE, "women, and the inputs have 'sex'", "leave women out", 9, "women"
        )
    if WOMEN not in labels:
        raise AlignmentError(
            WHERE, f"pregnancy, and sex is {shown(labels)}: none of them is {WOMEN!r}",
            "sex as F and M", 2, "pregnancy",
        )  # fmt: skip
    is_woman = np.array([label == WOMEN for label in labels], float)[None, None, :, None]
    if "sex" in arrays["pregnancy"].dims and np.any(rate * (1.0 - is_woman)):
        raise InputError(
            WHERE, "pregnancy holds a rate for another sex than F",
            'pregnancy=rate.sel(sex="F", drop=True)  # of women alone', 7, "pregnancy",
        )  # fmt: skip
    return np.asarray(rate * is_woman)


def _of(codes: tuple[str, ...], dim: str, axis: int, argument: str, grid: Grid) -> np.ndarray:
    """Return 1 for cells of these codes, of all where there are none."""
    shape = [1, 1, 1, 1]
    if not codes:
        return np.ones(shape)
    labels = grid.labels.get(dim, [])
    odd = [code for code in codes if code not in labels]
    if odd:
        raise AlignmentError(
            WHERE, f"{argument} has {dim} {shown(odd)}, the simulation {shown(labels)}",
            f"one of the {dim}s of the simulation", 2, argument,
        )  # fmt: skip
    shape[axis] = len(labels)
    return np.array([label in codes for label in labels], float).reshape(shape)


def _month(text: str, grid: Grid, argument: str, name: str, end: bool) -> int:
    """Return the place of a month on the grid, or one after the last for an end."""
    place = int((np.datetime64(text, "M") - grid.months[0].astype("M8[M]")).astype(int))
    if not 0 <= place < len(grid.months) + end:
        last = grid.months[-1] + np.timedelta64(1, "M")
        raise TimeError(
            WHERE, f"{argument} has {name}={text}, outside {grid.months[0]}-01 to {last}-01",
            "dates within start and horizon, or a longer horizon", 1, argument,
        )  # fmt: skip
    return place


def _closed(closures: tuple[Closure, ...], grid: Grid) -> np.ndarray:
    """Return the months in which the border of each origin is shut, (T, G)."""
    out = np.zeros((len(grid.months), grid.cells[1]), bool)
    for one in closures:
        first = _month(one.start, grid, "border_closure", "start", True)
        last = _month(one.end, grid, "border_closure", "end", True)
        of = _of(one.origin, "origin", 1, "border_closure", grid)[0, :, 0, 0] > 0
        out[first:last] |= of
    return out
