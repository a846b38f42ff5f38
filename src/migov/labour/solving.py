"""How a market is matched: proposals from either side, by arrays or by compiled loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from migov.core.errors import ParameterError, need
from migov.labour import constraints, ordering
from migov.labour import kernels_loops as loops
from migov.labour import kernels_matching as kernels
from migov.labour.arguments import several
from migov.labour.limits import Limit, Reserve
from migov.labour.market import Engine, Side
from migov.labour.matching import Matching
from migov.numeric import streams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from migov.labour.market import Market

_NUMBA_FROM = 400_000
"""Applications from which compiled loops are taken where numba is installed."""


def deferred_acceptance(
    market: Market,
    seed: int | None,
    side: Side,
    limits: Sequence[Limit],
    reserves: Sequence[Reserve],
    targets: Mapping[str, int] | None,
    engine: Engine,
) -> Matching:
    """Return the matching; see :meth:`Market.deferred_acceptance`."""
    where = "deferred_acceptance"
    if side not in get_args(Side):
        raise ParameterError(where, f"side={side!r}", "'workers' or 'posts'", 9, "side")
    check_engine(engine)
    limits = several(limits, Limit, where, "limits")
    reserves = several(reserves, Reserve, where, "reserves")
    given = None if seed is None and market.ties != "seeded" else check_seed(seed, where)
    drawn = given if market.ties == "seeded" else None
    strict = ordering.strict(market, drawn, where)
    if limits or reserves or targets is not None:
        if side != "workers":
            raise ParameterError(
                where, "limits and reserves with side='posts'", "side='workers'", 9, "side"
            )
        return constraints.solve(strict, drawn, limits, reserves, targets)
    if side == "workers":
        held = _propose(
            market.start, strict.to_post, strict.post_of, strict.ones, market.capacity, engine
        )
        chosen = strict.order[held]
    else:
        held = _propose(
            strict.post_start,
            strict.to_worker,
            strict.worker_of,
            market.capacity,
            strict.ones,
            engine,
        )
        chosen = strict.order[strict.to_worker[held]]
    return Matching.of(market, chosen, seed=drawn, rule=f"deferred acceptance, {side} propose")


def check_seed(seed: int | None, where: str) -> int:
    """Return the seed, or a fresh one."""
    if seed is None:
        return streams.draw_seed()
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ParameterError(where, f"seed={seed!r}", "a whole number from 0, or None", 9, "seed")
    return int(seed)


def check_engine(engine: Any) -> None:
    """Refuse an engine that there is not."""
    if engine not in get_args(Engine):
        raise ParameterError(
            "deferred_acceptance", f"engine={engine!r}", "'auto', 'arrays' or 'numba'", 9, "engine"
        )


def _propose(
    start: Any, place: Any, receiver: Any, quota: Any, seats: Any, engine: Engine
) -> NDArray[np.bool_]:
    """Run the loops of the chosen engine; all give the same matching."""
    fast: Any = None
    single = bool((quota == 1).all())
    if engine == "numba" or (engine == "auto" and len(place) >= _NUMBA_FROM):
        fast = loops.compiled_one() if single else loops.compiled()
        if fast is None and engine == "numba":
            raise need("numba", "fast", "deferred_acceptance")
    if fast is None:
        return kernels.propose(start, place, receiver, quota, seats)
    # No heap is longer than the list of those who apply.
    room = np.minimum(seats, np.bincount(receiver, minlength=len(seats)))
    if not single:
        owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
        return np.asarray(fast(start, place, receiver[place], quota, room, owner))
    found = fast(start, place, receiver[place], room)
    held = np.zeros(len(place), np.bool_)
    held[found[found >= 0]] = True
    return held
