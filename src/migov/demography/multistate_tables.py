"""The multistate life table: survivors, person-years and expectancies by state at birth."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from migov.core import ages, status
from migov.core.align import align, shown
from migov.core.errors import AgeError, AlignmentError, InputError
from migov.core.inputs import Input
from migov.core.partition import check_partition
from migov.demography.arguments import lacks, loaded, refuse, take
from migov.demography.kernels_transitions import intensity, transition
from migov.demography.multistate_inputs import roles

_WHERE = "multistate_life_table"


def multistate_life_table(
    mortality: xr.DataArray, transitions: xr.DataArray, *, state: str = "area"
) -> xr.Dataset:
    """Return a life table of people who move between states, by the linear option.

    Parameters
    ----------
    mortality : DataArray {age, state, …}
        Central death rates in 1/year; any widths of ages, the last group open.
    transitions : DataArray {age, origin, destination, …}
        Rates of moving in 1/year, by the ages and further dimensions of `mortality`; for states
        other than areas ``education_before``, ``education_after``.
    state : str
        Dimension of the states.

    Returns
    -------
    Dataset {state, born, age, …}
        ``survivors`` at exact age, per person born; ``person_years`` in the group in year;
        ``expectancy`` in year, at exact age, of those alive anywhere at that age. Each by the
        state now and the state of birth, ``birthplace`` for areas, else ``<state>_at_birth``;
        and ``probability`` {origin, destination, age}, of the closed groups and zero in the
        open one.

    Raises
    ------
    AgeError, AlignmentError, DimensionError, UnitError
        Inputs that do not fit together.
    InputError
        Missing, negative or infinite rates, moves from a state to itself, rates from which a
        negative chance follows, or nobody who leaves the open group.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> deaths = Cells([[0.0, 0.0], [0.1, 0.1]], age="0-4 5+", area="DEU MDA").array("1/year")
    >>> moves = Cells([[[0, 0.2], [0, 0]], [[0, 0], [0, 0]]],
    ...     age="0-4 5+", destination="DEU MDA", origin="DEU MDA").array("1/year")
    >>> table = multistate_life_table(deaths, moves)
    >>> table.expectancy.sel(age=0, birthplace="MDA").round(4).values
    array([8.3333, 6.6667])

    References
    ----------
    Rogers (1975), Introduction to Multiregional Mathematical Demography, chapter 3.
    """
    m, k, flags = _inputs(mortality, transitions, state)
    before, after = roles(state)
    born = "birthplace" if state == "area" else f"{state}_at_birth"
    lacks(m, (born,), _WHERE, "mortality")
    width = ages.widths(m, _WHERE, "mortality")
    if len(width) < 2 or not np.isinf(width[-1]) or np.isinf(width[:-1]).any():
        raise AgeError(_WHERE, "mortality has no open group last", "80+, say", 3, "mortality")
    found = _table(m.values, k.values, width)
    bad = k.copy(data=~(found["probability"] >= -1e-12)).rename({"_after": after})
    refuse(
        bad,
        _WHERE,
        "transitions",
        "gives a negative chance: rates too high for the group",
        "shorter age groups",
    )
    alive = m.isel({roles(state)[0]: 0}, drop=True)
    alive = alive.copy(data=found["survivors"].sum(axis=-2).min(axis=-1) <= 0)
    refuse(alive, _WHERE, "mortality", "leaves nobody alive", "lower rates, or shorter age groups")
    if not np.isfinite(found["expectancy"]).all():
        raise InputError(
            _WHERE,
            "mortality of the open group is zero in a state that nobody leaves",
            "a death rate above zero in the open group",
            7,
            "mortality",
        )
    start = float(m.coords["age"].values[-1])
    old = found["expectancy"][..., -1, :, :].sum(axis=-2).max(axis=-1) + start > 500.0
    refuse(
        m.isel({before: 0, "age": -1}, drop=True).copy(data=old),
        _WHERE,
        "mortality",
        f"gives an open group {start:g}+ that lives beyond 500",
        "the rates times a thousand, if that is what lacks",
        6,
    )
    return _labelled(found, m, (state, born, before, after), flags)


def _inputs(
    mortality: xr.DataArray, transitions: xr.DataArray, state: str
) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray | None]:
    """Return death rates {…, age, before} and moves {…, age, after, before}, and the status."""
    before, after = roles(state)
    contract = Input(title="death rates", unit="1/year", needs=("age", state))
    deaths, flags = take(mortality, contract, _WHERE, "mortality", complete=True)
    check_partition(deaths, state, _WHERE, "mortality")
    contract = Input(title="moves", unit="1/year", needs=("age", before, after))
    moves, more = take(transitions, contract, _WHERE, "transitions", complete=True)
    states = deaths.indexes[state]
    for dim in (before, after):
        if set(moves.indexes[dim]) != set(states):
            raise AlignmentError(
                _WHERE,
                f"transitions has {dim!r} {shown(moves.indexes[dim])}, mortality has {state!r} "
                f"{shown(states)}",
                "give transitions for the states of mortality, each once",
                2,
                "transitions",
            )
        moves = moves.sel({dim: states.values})
    to_itself = loaded(moves != 0) & (moves[before] == moves[after])
    refuse(to_itself, _WHERE, "transitions", "moves a state to itself", "leave out stayers")
    rest = moves.isel({before: 0, after: 0}, drop=True)
    align(_WHERE, {"mortality": deaths.isel({state: 0}, drop=True), "transitions": rest}, ())
    renamed = {
        "mortality": deaths.rename({state: before}),
        "transitions": moves.rename({after: "_after"}),
    }
    together = {n: loaded(x) for n, x in align(_WHERE, renamed, ("_after",)).items()}
    return (
        together["mortality"].transpose(..., "age", before),
        together["transitions"].transpose(
            *[d for d in deaths.dims if d not in ("age", state)], "age", "_after", before
        ),
        status.join([flags, more]),
    )


def _table(deaths: np.ndarray, moves: np.ndarray, width: np.ndarray) -> dict[str, np.ndarray]:
    """Return the columns as {…, age, state, born}."""
    m = intensity(deaths, moves)
    groups = len(width)
    chance, survivors, lived = (np.zeros_like(m) for _ in range(3))
    survivors[..., 0, :, :] = np.eye(m.shape[-1])
    for x in range(groups - 1):
        chance[..., x, :, :] = transition(m[..., x, :, :], float(width[x]))
        survivors[..., x + 1, :, :] = chance[..., x, :, :] @ survivors[..., x, :, :]
        both = survivors[..., x, :, :] + survivors[..., x + 1, :, :]
        lived[..., x, :, :] = 0.5 * width[x] * both
    with np.errstate(all="ignore"):
        try:
            lived[..., -1, :, :] = np.linalg.solve(m[..., -1, :, :], survivors[..., -1, :, :])
        except np.linalg.LinAlgError:
            lived[..., -1, :, :] = np.inf
        later = np.cumsum(lived[..., ::-1, :, :], axis=-3)[..., ::-1, :, :]
        left = later / survivors.sum(axis=-2, keepdims=True)
    return {
        "survivors": survivors,
        "person_years": lived,
        "expectancy": left,
        "probability": chance,
    }


def _labelled(
    found: dict[str, np.ndarray],
    like: xr.DataArray,
    names: tuple[str, str, str, str],
    flags: xr.DataArray | None,
) -> xr.Dataset:
    state, born, before, after = names
    lead = [str(d) for d in like.dims if d not in ("age", before)]
    coords: dict[str, Any] = {
        str(name): coord for name, coord in like.coords.items() if before not in coord.dims
    }
    labels = like.coords[before].values
    texts = {
        "survivors": ("1", "survivors at exact age per person born"),
        "person_years": ("year", "person-years lived in the age group per person born"),
        "expectancy": ("year", "years to be lived in the state"),
        "probability": ("1", "probability to be in the state at the end of the age group"),
    }
    out = {}
    for name, (unit, title) in texts.items():
        rows, columns = (after, before) if name == "probability" else (state, born)
        out[name] = xr.DataArray(
            found[name],
            {**coords, rows: labels, columns: labels},
            [*lead, "age", rows, columns],
            attrs={"units": unit, "long_name": title},
        )
    table = xr.Dataset(out)
    if flags is not None:
        inner = [d for d in flags.dims if d not in lead and d != "age"]
        kept = status.union(flags, inner)
        kept = kept.transpose(*[d for d in (*lead, "age") if d in kept.dims and d != "member"])
        table = table.assign_coords(
            {status.NAME: (kept.dims, np.asarray(kept.values, np.uint16), status.ATTRS)}
        )
    table.attrs = {"title": f"multistate life table by {state}, linear option"}
    return table
