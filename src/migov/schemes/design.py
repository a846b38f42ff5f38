"""Quotas by occupation, origin and year that serve a stated aim and leave nobody worse off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core.errors import DataError, KindError, ParameterError
from migov.core.inputs import currency_of
from migov.core.units import CURRENCIES
from migov.schemes import design_rows as lines
from migov.schemes.design_checks import (
    GROUPS,
    price_bases,
    shapes,
    together,
    wrong_guards,
    wrong_numbers,
    wrong_objective,
)
from migov.schemes.design_problem import (
    grouped_of,
    guards_of,
    mean_gain,
    owner,
    problem_of,
    rows_of,
    told,
)
from migov.schemes.design_result import DesignResult, answer
from migov.schemes.kernels_blame import blocking
from migov.schemes.kernels_design import Blocked, Problem, Unfinished, optimise

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WHERE = lines.WHERE
LIMITS = (
    "needs", "caps", "workers", "floor", "cost", "budget", "absorption", "commitments", "claims",
)  # fmt: skip


def _pairs(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if hasattr(value, "items"):
        value = value.items()
    elif not isinstance(value, list | tuple):
        return value
    return tuple(tuple(one) if isinstance(one, list | tuple) else one for one in value)


@attrs.frozen(kw_only=True)
class Design:
    """What quotas are to serve, and what they must not do to anybody.

    By default no actor is worse off than without the scheme: neither the destination, nor any
    origin, nor the migrants of any origin loses in more than `quantile` of the members; and no
    occupation at origin falls below its floor. Less than that has to be written out in `relax`,
    with the reason, and is printed with every result. Destination and origin hold their State,
    employers and workers or households together: what one of them loses another may make up
    for, unless `protect_also` guards it by itself.

    Parameters
    ----------
    objective : str or tuple of (actor, weight)
        What is made as large as possible: ``"needs"`` (places filled), an actor's mean gain
        over members, or a sum of them with stated weights. No default.
    quantile : float
        Largest share of members in which an actor may lose, from 0 to below 0.5.
    relax : tuple of (str, str)
        Guards that are given up (``"destination"``, ``"origin"``, ``"migrants"`` or
        ``"floor"``), each with the reason.
    protect_also : tuple of str
        Actors of the ledger that must not lose either, such as ``"destination_workers"``, or
        ``"origin_state"`` for the public purse of each origin.
    away : int, optional
        Periods for which a person is missing at home; None for good.
    needs_met : float
        Share of every need that has to be filled.
    fairness : float
        Part of its proportional share (by `claims`) that every origin has at least; 1 is
        strict proportion.
    whole : bool
        Whether places are whole numbers.
    nodes : int
        Most nodes of a search: it ends by its own steps and not by the clock, so that the same
        inputs give the same quotas on every machine. Where it ends before it is finished, the
        result states what no quotas exceed.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> gain = Cells(((900.0, 500.0), (-100.0, 50.0), (700.0, 600.0)),
    ...     actor="destination origin migrants", origin="ALB MDA").array("EUR/person")
    >>> gain = gain.expand_dims(occupation=["9"]).expand_dims(
    ...     period=np.array(["2026-01-01"], "M8[s]"))
    >>> gain = gain.assign_coords(period_end=("period", np.array(["2027-01-01"], "M8[s]")))
    >>> need = Cells((100.0,), occupation="9").array("person")
    >>> home = Cells((500.0, 500.0), origin="ALB MDA").array("person")
    >>> half = Cells((250.0, 250.0), origin="ALB MDA").array("person")
    >>> found = Design(objective="destination", quantile=0.0).solve(
    ...     gain, needs=need, workers=home, floor=half)
    >>> found.quotas.squeeze().values
    array([  0., 100.])

    Albania would lose by every place: it has none, although the destination would gain more.

    References
    ----------
    J. Luedtke, S. Ahmed and G. Nemhauser (2010), An integer programming approach for linear
    programs with probabilistic constraints, Mathematical Programming 122, 247-272: the
    condition on equally likely members with one switch for each.
    """

    objective: str | tuple[tuple[str, float], ...] = attrs.field(converter=_pairs)
    quantile: float = 0.1
    relax: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs)
    protect_also: tuple[str, ...] = attrs.field(default=(), converter=_pairs)
    away: int | None = None
    needs_met: float = 0.0
    fairness: float = 0.0
    whole: bool = False
    nodes: int = 500

    def __attrs_post_init__(self) -> None:
        found = [*wrong_objective(self), *wrong_guards(self), *wrong_numbers(self)]
        if found:
            count = f"{len(found)} fault" + ("s" if len(found) > 1 else "")
            raise DataError(
                WHERE, count, "no design was made; mend these", 9, "design", tuple(found)
            )

    @property
    def weights(self) -> dict[str, float]:
        """Return the weight of each actor in the objective; empty where it is the needs."""
        if self.objective == "needs":
            return {}
        if isinstance(self.objective, str):
            return {self.objective: 1.0}
        return dict(self.objective)

    def evolve(self, **changes: Any) -> Design:
        """Return the design with some fields changed, checked anew."""
        return attrs.evolve(self, **changes)

    def solve(
        self,
        gains: xr.DataArray,
        *,
        needs: xr.DataArray,
        caps: xr.DataArray | None = None,
        workers: xr.DataArray | None = None,
        floor: xr.DataArray | None = None,
        cost: xr.DataArray | None = None,
        budget: xr.DataArray | None = None,
        absorption: xr.DataArray | None = None,
        commitments: xr.DataArray | None = None,
        claims: xr.DataArray | None = None,
    ) -> DesignResult:
        """Return the best quotas within all limits.

        A limit without ``occupation`` or ``origin`` is for all of them together, one without
        ``period`` holds in each. A planning tool: it ranks neither persons nor origins.

        Parameters
        ----------
        gains : DataArray {actor, occupation, origin, period, member}
            What each actor gains by a place over no scheme, in currency/person: the three of
            :data:`GROUPS`, or the actors of a ledger; see :func:`gains_per_place`.
        needs : DataArray {occupation, period}
            Posts to be filled at most, in person.
        caps : DataArray {origin, occupation, period}, optional
            Departures that the origins agree to, in person.
        workers, floor : DataArray {occupation, origin, period}
            Workers at home without the scheme, and how many have to remain, in person. Only
            a design with ``relax=(("floor", reason),)`` does without.
        cost, budget : DataArray {actor, …}, optional
            Public cost of a place and what there is for it, by payer where both have one.
        absorption : DataArray {period}, optional
            People who can be received (visas, housing, schools), in person.
        commitments : DataArray {occupation, origin, period}, optional
            Places that are agreed already: at least so many.
        claims : DataArray {origin}, optional
            Weights of proportional shares, for `fairness`.

        Returns
        -------
        DesignResult

        Raises
        ------
        DataError
            No quotas satisfy all of it; limits are listed that cannot hold together although
            they could without any one of them. There may be other such sets.
        MigovError
            Inputs that do not fit.
        """
        limits = (needs, caps, workers, floor, cost, budget, absorption, commitments, claims)
        given: dict[str, Any] = dict(zip(LIMITS, limits, strict=True))
        return Prepared.of(self, gains, given).solve(self)


@attrs.frozen(eq=False)
class Prepared:
    """Gains and limits as rows, from which designs with the same limits are solved."""

    gains: xr.DataArray
    currency: str
    places: lines.Places
    rows: tuple[lines.Row, ...]
    limits: dict[str, xr.DataArray]
    guards: tuple[tuple[str, str], ...]
    problem: Problem
    flags: int

    @classmethod
    def of(cls, design: Design, gains: xr.DataArray, given: Mapping[str, Any]) -> Prepared:
        """Return what a design is solved with, all inputs checked."""
        if not isinstance(design, Design):
            raise KindError(
                WHERE,
                f"design is a {type(design).__name__}",
                "migov.schemes.Design(…)",
                9,
                "design",
            )
        if given["needs"] is None:
            raise KindError(WHERE, "needs is absent", "posts to be filled at most", 9, "needs")
        together(design, given)
        price_bases({"gains": gains, **given})
        plain, flags = lines.plain(gains, "gains", _currency(gains))
        currency = str(_currency(gains))
        places = lines.places_of(plain)
        grouped = grouped_of(plain, (*design.weights, *design.protect_also))
        limits: dict[str, xr.DataArray] = {}
        for name in [name for name in LIMITS if given[name] is not None]:
            found, own = lines.plain(given[name], name, currency)
            more = ("actor",) if name in ("cost", "budget") else ()
            limits[name] = lines.on_places(found, name, places, *more)
            flags |= own
        shapes(limits)
        rows = tuple(rows_of(design, limits, currency, places))
        guards = tuple(guards_of(design, places))
        return cls(
            grouped, currency, places, rows, limits, guards,
            problem_of(design, grouped, places, rows, guards, limits["needs"]), flags,
        )  # fmt: skip

    def worth(self, design: Design) -> Floats:
        """Return the value of each place (V,) to the objective."""
        if not design.weights:
            return np.ones(int(np.prod(self.places.shape)))
        total = np.zeros(self.places.shape)
        for actor, weight in design.weights.items():
            total += weight * mean_gain(self.gains.sel(actor=actor))
        return total.ravel()

    def solve(self, design: Design) -> DesignResult:
        """Return the best quotas of a design with these limits."""
        try:
            found = optimise(self.problem, self.worth(design), design.nodes)
        except Blocked:
            raise self._blamed(design) from None
        except Unfinished as fault:
            raise ParameterError(
                WHERE, f"no quotas were found within {design.nodes} nodes: {fault}",
                "nodes=…, fewer members, or quantile=0, which needs no search", 9, "nodes",
            ) from None  # fmt: skip
        return answer(design, self, found)

    def _blamed(self, design: Design) -> DataError:
        """Return the error that names the limits which cannot hold together."""
        ends = [abs(end) for row in self.rows for end in (row.low, row.high) if np.isfinite(end)]
        try:
            rows, guards = blocking(self.problem, 2.0 * sum(ends) + 1.0, design.nodes)
        except Unfinished:
            return DataError(
                WHERE, f"no quotas satisfy all limits; {design.nodes} nodes did not tell which",
                "nodes=…, or quantile=0, which needs no search", 9, "limits",
            )  # fmt: skip
        words = [told(self.rows[i], design.fairness) for i in rows]
        words += [
            f"{owner(*self.guards[k])} must not lose in more than {design.quantile:.0%} of the "
            "members"
            if design.quantile
            else f"{owner(*self.guards[k])} must not lose at all"
            for k in guards
        ]
        names = {self.guards[k][0] for k in guards} & set(GROUPS)
        names |= {self.rows[i].kind for i in rows} & {"floor"}
        mend = "change a number of one of them" if len(words) > 1 else "change its number"
        if design.whole:
            mend += ", or whole=False where a fraction is asked for"
        if names:
            mend += f", or give a guard up: relax=(({sorted(names)[0]!r}, 'the reason'),)"
        what = (
            f"no quotas satisfy these {len(words)} together; without any one they could"
            if len(words) > 1
            else "one limit cannot be held by any quotas"
        )
        return DataError(WHERE, what, mend, 9, "limits", tuple(words))


def _currency(gains: Any) -> str | None:
    """Return the currency of the gains, where their unit tells one."""
    unit = str(getattr(gains, "attrs", {}).get("units", ""))
    try:
        found = currency_of(unit) if unit else None
    except ValueError:
        return None
    return found if found in CURRENCIES else None
