"""What a ledger's result hangs on: each price a little higher, and what moves with the members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.core.errors import ParameterError
from migov.schemes.entries import ACTORS
from migov.schemes.evaluation_words import drawn_of, ranked
from migov.schemes.inputs import REST
from migov.schemes.kinds import is_number, one_of
from migov.schemes.price_keys import PRICES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from migov.schemes.ledger_result import Ledger

    Cells = NDArray[np.float64]

WHERE = "ledger.drivers"


def drivers(ledger: Ledger, actor: str, *, what: str = "home", by: float = 0.1) -> pd.DataFrame:
    """Return by how much an actor's gain changes with each price; see :meth:`Ledger.drivers`."""
    import pandas as pd

    one_of(actor, ACTORS, WHERE, "actor")
    if not (is_number(by) and by > 0):
        raise ParameterError(WHERE, f"by={by!r:.60}", "0.1 for ten percent more", 9, "by")
    gain = _by_member(ledger, actor, what)
    mean = float(gain.mean())
    rows = []
    for key, values in ledger.prepared.values.items():
        change = float(_by_member(_dearer(ledger, key, by), actor, what).mean()) - mean
        rows.append((
            PRICES[key].title, key, "price", change, change / abs(mean) if mean else np.nan,
            _moves(gain, _member_means(ledger, values)),
        ))  # fmt: skip
    rows.sort(key=lambda row: -abs(row[3]))
    if "member" in ledger.prepared.grid.labels:
        drawn = [(name, name, "hazard", np.nan, np.nan, _moves(gain, draws))
                 for name, (draws, _, _) in drawn_of(ledger.run).items()]  # fmt: skip
        rows += sorted(drawn, key=lambda row: -abs(np.nan_to_num(row[5])))
    columns = ["title", "key", "kind", "change", "share", "rank_correlation"]
    out = pd.DataFrame(rows, columns=columns).set_index("title")
    out.attrs = {"actor": actor, "what": what, "by": by, "gain": mean, "units": ledger.currency}
    return out


def _dearer(ledger: Ledger, key: str, by: float) -> Ledger:
    """Return the ledger at one price that is a part higher."""
    from migov.schemes.ledger import books_of

    values = ledger.prepared.values | {key: ledger.prepared.values[key] * (1.0 + by)}
    prepared = attrs.evolve(ledger.prepared, values=values)
    books = books_of(ledger.run, prepared, ledger.training)
    return attrs.evolve(ledger, prepared=prepared, books=books)


def _by_member(ledger: Ledger, actor: str, what: str) -> Cells:
    """Return an actor's gain, all cells together, by member or scenario (N,)."""
    gain = status.take(ledger.against(what).sel(actor=actor, drop=True))[0]
    rest = [dim for dim in REST if dim in gain.dims]
    summed = gain.sum([dim for dim in gain.dims if dim not in rest], skipna=False)
    return np.asarray(summed.transpose(*rest).values, float).reshape(-1)


def _member_means(ledger: Ledger, values: Cells) -> Cells:
    """Return the mean of a price over all but members (N,)."""
    return np.asarray(values.mean(axis=tuple(range(values.ndim - 1))), float)


def _moves(gain: Cells, draws: Any) -> float:
    """Return the rank correlation over members, NaN where it says nothing."""
    draws = np.asarray(draws, float)
    if draws.shape != gain.shape or len(gain) < 3 or np.ptp(draws) == 0:
        return np.nan
    return ranked(gain, draws)
