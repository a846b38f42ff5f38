"""From labelled limits on quotas to named rows over (occupation, origin, period)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.core.align import shown
from migov.core.errors import AlignmentError, DimensionError, InputError, UnitError
from migov.core.inputs import Input, admit, check_values, currency_of, factor_of
from migov.core.partition import check_partition

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PLACE = ("occupation", "origin", "period")
WHERE = "Design"

CONTRACTS = {
    "gains": Input(title="gain by a place", unit="currency/person", needs=("actor",), values="any"),
    "needs": Input(title="posts to be filled", unit="person", role="destination"),
    "caps": Input(title="caps of the origins", unit="person", role="origin"),
    "absorption": Input(title="people who can be received", unit="person", role="destination"),
    "commitments": Input(title="places agreed already", unit="person"),
    "workers": Input(title="workers at origin", unit="person", role="origin"),
    "floor": Input(title="workers who have to remain", unit="person", role="origin"),
    "cost": Input(title="public cost of a place", unit="currency/person"),
    "budget": Input(title="public budget", unit="currency", role="destination"),
    "claims": Input(title="weights of the origins", unit="1", role="origin"),
}


@attrs.frozen(eq=False)
class Row:
    """A limit: its name in words, its kind, the unit of its ends, and coefficients (O, G, P)."""

    name: str
    kind: str
    unit: str
    coefficients: Floats
    low: float
    high: float


@attrs.frozen(eq=False)
class Places:
    """The labels of places, and their periods."""

    occupation: tuple[Any, ...]
    origin: tuple[str, ...]
    period: Floats
    period_end: Floats

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return the numbers of occupations, origins and periods."""
        return len(self.occupation), len(self.origin), len(self.period)

    def labels(self, dim: str) -> list[Any]:
        """Return the labels of a dimension."""
        return list(getattr(self, dim))

    def year(self, p: int) -> str:
        """Return a period in words: a calendar year, or its start and end.

        Examples
        --------
        >>> start, end = np.array(["2026-01-01"], "M8[s]"), np.array(["2027-01-01"], "M8[s]")
        >>> Places(("9",), ("MDA",), start, end).year(0)
        '2026'
        """
        start, end = str(self.period[p])[:10], str(self.period_end[p])[:10]
        whole = start[4:] == "-01-01" and end == f"{int(start[:4]) + 1}-01-01"
        return start[:4] if whole else f"{start} to {end}"

    def words(self, dims: tuple[str, ...], at: tuple[int, ...]) -> str:
        """Return a cell in words: ``occupation 5, ALB, 2027``."""
        told = []
        for dim, i in zip(dims, at, strict=True):
            if dim == "period":
                told.append(self.year(i))
            else:
                label = self.labels(dim)[i]
                told.append(f"occupation {label}" if dim == "occupation" else str(label))
        return ", ".join(told)


def plain(x: Any, name: str, currency: str | None) -> tuple[xr.DataArray, int]:
    """Return an input in coherent units, without its status, and the union of its flags.

    Raises
    ------
    MigovError
        Structure, units or values that do not fit, or a currency that is not the gains'.
    """
    contract = CONTRACTS[name]
    bare, flag = status.take(admit(x, contract, WHERE, name))
    if currency is not None and "currency" in contract.unit:
        own = currency_of(str(bare.attrs.get("units", "")))
        if own is not None and own != currency:
            raise UnitError(
                WHERE, f"{name} is in {own}, gains are in {currency}",
                "bring both to one currency by a dated rate", 6, name,
            )  # fmt: skip
    if "actor" in bare.dims and not bare.indexes["actor"].is_unique:
        twice = bare.indexes["actor"][bare.indexes["actor"].duplicated()]
        raise AlignmentError(
            WHERE, f"{name} has actor {shown(twice)} twice", "one row for each", 2, name
        )
    by = factor_of(bare, contract, currency, WHERE, name)
    out = check_values(bare, contract.values, WHERE, name) * by
    if bool(out.isnull().any()):
        raise InputError(WHERE, f"{name} has missing cells", "fill them, and say how", 7, name)
    for dim in ("time", "destination"):
        if dim in out.coords and dim not in out.dims:
            out = out.drop_vars(dim)
    for dim in ("actor", *PLACE):
        if dim in out.coords and dim not in out.dims:
            ends = {"period_end"} & set(map(str, out.coords)) if dim == "period" else set()
            held = {end: out.coords[end].values for end in ends}
            out = out.drop_vars(list(ends)).expand_dims(dim)
            out = out.assign_coords({end: (dim, [value]) for end, value in held.items()})
    if "occupation" in out.dims:
        check_partition(out, "occupation", WHERE, name)
    flags = 0 if flag is None else int(np.bitwise_or.reduce(flag.values, axis=None))
    return out, flags


def places_of(gains: xr.DataArray) -> Places:
    """Return the labels of places from the gains.

    Raises
    ------
    DimensionError
        A dimension of places is absent, or one too many is there.
    """
    absent = [dim for dim in PLACE if dim not in gains.dims]
    odd = [str(dim) for dim in gains.dims if dim not in (*PLACE, "actor", "member")]
    if absent or odd:
        fault = f"lacks {absent[0]!r}" if absent else f"has {odd[0]!r}, which no place has"
        mend = "gains by actor, occupation, origin and period; migov.schemes.gains_per_place"
        raise DimensionError(WHERE, f"gains {fault}", mend, 8, "gains")
    if "period_end" not in gains.coords:
        raise DimensionError(
            WHERE, "gains has periods without their ends", "assign_coords(period_end=…)", 1, "gains"
        )
    return Places(
        tuple(gains.indexes["occupation"]), tuple(gains.indexes["origin"]),
        np.asarray(gains["period"].values), np.asarray(gains["period_end"].values),
    )  # fmt: skip


def on_places(x: xr.DataArray, name: str, places: Places, *more: str) -> xr.DataArray:
    """Return a limit in the order of the places, its dimensions and labels checked.

    Raises
    ------
    DimensionError, AlignmentError
        Dimensions that no place has; labels or ends of periods that differ from the gains'.
    """
    odd = [str(dim) for dim in x.dims if dim not in (*PLACE, *more)]
    if odd:
        raise DimensionError(
            WHERE, f"{name} has {odd[0]!r}, which no place has",
            f'migov.total({name}, "{odd[0]}")' if odd[0] != "member" else
            f'decide on one value, such as {name}.quantile(0.1, "member")', 8, name,
        )  # fmt: skip
    for dim in [dim for dim in PLACE if dim in x.dims]:
        known, found = places.labels(dim), list(x.indexes[dim].values)
        if dim == "period":
            found = list(np.asarray(x["period"].values, "M8[s]"))
            known = list(np.asarray(places.period, "M8[s]"))
        if set(found) != set(known) or len(found) != len(known):
            raise _other_labels(name, dim, found, known)
        x = x.sel({dim: known})
    if "period_end" in x.coords and "period" in x.dims:
        ends = np.asarray(x["period_end"].values, "M8[s]")
        if (ends != np.asarray(places.period_end, "M8[s]")).any():
            raise AlignmentError(
                WHERE,
                f"{name} has other ends of periods than gains",
                f"{name} over the periods of gains",
                2,
                name,
            )
    order = [*[dim for dim in more if dim in x.dims], *[dim for dim in PLACE if dim in x.dims]]
    return x.transpose(*order)


def _other_labels(name: str, dim: str, found: list[Any], known: list[Any]) -> AlignmentError:
    """Return the error of labels that are not those of the gains, or of another type."""
    what, mend = f"{name} has {dim} {shown(found)}", f"select the same {dim} from both"
    other = f"gains has {shown(known)}"
    if set(map(str, found)) == set(map(str, known)):
        what += f" as {type(found[0]).__name__}"
        other += f" as {type(known[0]).__name__}"
        mend = f'gains.assign_coords({dim}=gains["{dim}"].astype(str)), and so for {name}'
    return AlignmentError(WHERE, f"{what}, {other}", mend, 2, name)


def sums(x: xr.DataArray, places: Places) -> Iterator[tuple[str, Floats, float]]:
    """Yield words, coefficients and number of each limit on a sum of places.

    A limit without ``occupation`` or ``origin`` is for all of them together, one without
    ``period`` holds in each.
    """
    dims = tuple(map(str, x.dims))
    wanted = tuple(dim for dim in PLACE if dim in dims or dim == "period")
    shape: dict[str, int] = dict(zip(PLACE, places.shape, strict=True))
    for at in np.ndindex(*(shape[dim] for dim in wanted)):
        label = dict(zip(wanted, at, strict=True))
        coefficients = np.zeros(places.shape)
        coefficients[tuple(label.get(dim, slice(None)) for dim in PLACE)] = 1.0
        number = float(x.values[tuple(label[dim] for dim in dims)])
        yield places.words(wanted, at), coefficients, number


def limited(
    kind: str, title: str, x: xr.DataArray, places: Places, *, least: bool = False
) -> list[Row]:
    """Return a row for each number of a limit on places."""
    return [
        Row(f"{title} ({words})", kind, "person", coefficients, *(
            (number, np.inf) if least else (-np.inf, number)))
        for words, coefficients, number in sums(x, places)
    ]  # fmt: skip


def needed(share: float, needs: xr.DataArray, places: Places) -> list[Row]:
    """Return rows that at least a share of the needs is met."""
    if share == 0:
        return []
    return limited(
        "needs_met", f"at least {share:.0%} of the need", needs * share, places, least=True
    )


def floored(
    workers: xr.DataArray, floor: xr.DataArray, away: int | None, places: Places
) -> list[Row]:
    """Return rows that those away at once leave the floor at home.

    Who leaves is away for `away` periods, or for good.
    """
    spare = _full(workers, places) - _full(floor, places)
    o_count, g_count, p_count = places.shape
    rows = []
    for o, g, p in np.ndindex(o_count, g_count, p_count):
        coefficients = np.zeros(places.shape)
        first = 0 if away is None else max(p - away + 1, 0)
        coefficients[o, g, first : p + 1] = 1.0
        words = places.words(PLACE, (o, g, p))
        rows.append(
            Row(f"floor at origin ({words})", "floor", "person", coefficients, -np.inf,
                float(spare[o, g, p]))
        )  # fmt: skip
    return rows


def afforded(cost: xr.DataArray, budget: xr.DataArray, currency: str, places: Places) -> list[Row]:
    """Return rows that costs stay within the budget, for each payer where there are several."""
    payers = list(budget.indexes["actor"]) if "actor" in budget.dims else [None]
    rows = []
    for payer in payers:
        own = budget if payer is None else budget.sel(actor=payer, drop=True)
        price = cost if payer is None or "actor" not in cost.dims else cost.sel(actor=payer)
        prices = _full(price.drop_vars("actor", errors="ignore"), places)
        name = "budget" if payer is None else f"budget of {payer}"
        rows += [
            Row(f"{name} ({words})", "budget", currency, coefficients * prices, -np.inf, number)
            for words, coefficients, number in sums(own, places)
        ]
    return rows


def fair(share: float, claims: xr.DataArray, places: Places) -> list[Row]:
    """Return rows that each origin has at least a part of its share of all places.

    Raises
    ------
    InputError
        All weights are zero.
    """
    weights = np.asarray(claims.values, float)
    if weights.sum() <= 0:
        raise InputError(WHERE, "claims sum to 0", "weights such as applicants", 7, "claims")
    rows = []
    for g, origin in enumerate(places.origin):
        coefficients = np.full(places.shape, -share * weights[g] / weights.sum())
        coefficients[:, g] += 1.0
        rows.append(Row(f"fairness to {origin}", "fairness", "person", coefficients, 0.0, np.inf))
    return rows


def _full(x: xr.DataArray, places: Places) -> Floats:
    """Return values of a limit for every place (O, G, P)."""
    shape = tuple(n if dim in x.dims else 1 for dim, n in zip(PLACE, places.shape, strict=True))
    return np.broadcast_to(np.asarray(x.values, float).reshape(shape), places.shape)
