"""Effects of more workers on residents and on earlier migrants: published estimates, nested CES.

Published estimates are summed up with their spread, never as one number; what was read at its
source and what is recalled is told apart. The nested CES is arithmetic on elasticities of
substitution that the caller states: it says what follows from them, not what is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs
import numpy as np
import xarray as xr

from migov.core import units
from migov.core.align import align
from migov.core.errors import AccountError, InputError, ParameterError
from migov.core.inputs import Input, admit, check_values
from migov.core.parameters import number
from migov.core.partition import check_additive, check_partition
from migov.labour.arguments import marked, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping


_WORDS = {"who": ("residents", "earlier migrants"), "outcome": ("wage", "employment")}


def _among(_: object, attribute: Any, value: object) -> None:
    known = _WORDS[attribute.name]
    if value not in known:
        raise ParameterError(
            "Evidence", f"{attribute.name}={value!r}", f"one of {known}", 9, attribute.name
        )


@attrs.frozen(kw_only=True)
class Evidence:
    """What a survey of estimates found.

    Parameters
    ----------
    study : str
        Authors, year, journal.
    who : {"residents", "earlier migrants"}
        Whose outcome it is.
    outcome : {"wage", "employment"}
        Which.
    central : float, optional
        Mean effect, in percent per percentage point of migrants' share (or as `per` says).
    low, high : float, optional
        Range that holds the estimates.
    estimates, studies : int, optional
        How many.
    per : str
        What the effect is per.
    read : bool
        Whether the figures were read at the source; otherwise they are recalled.
    remark : str
        What the source says besides.
    """

    study: str
    who: Literal["residents", "earlier migrants"] = attrs.field(validator=_among)
    outcome: Literal["wage", "employment"] = attrs.field(validator=_among)
    central: float | None = None
    low: float | None = None
    high: float | None = None
    estimates: int | None = None
    studies: int | None = None
    per: str = "percentage point of the share of migrants"
    read: bool = False
    remark: str = ""


EVIDENCE = (
    Evidence(
        study="Nedoncelle, Marchal, Aubry and Héricourt (CEPII working paper)",
        who="residents", outcome="wage", central=0.0, studies=88, read=True,
        remark="the mean is centred around zero, with substantial heterogeneity",
    ),
    Evidence(
        study="Peri (2014), IZA World of Labor", who="residents", outcome="wage", low=-0.8,
        high=0.8, estimates=270, studies=27, read=True,
        remark="classes of the chart of estimates on the first page; no mean is given there",
    ),
    Evidence(
        study="Longhi, Nijkamp and Poot (2005), Journal of Economic Surveys 19(3)",
        who="residents", outcome="wage", central=-0.119, estimates=348, studies=18,
        per="percentage point of the ratio of migrants to native workers",
        remark="abstract read: estimates, papers, what it is per; the mean is recalled",
    ),
    Evidence(
        study="Longhi, Nijkamp and Poot (2010), Journal of Geographical Systems 12(4)",
        who="residents", outcome="employment", central=-0.011, estimates=129,
        per="percent more migrants", remark="abstract read: 129 effect sizes, wage and employment"
        " together, and very small; the mean is recalled",
    ),
    Evidence(
        study="D'Amuri, Ottaviano and Peri (2010), European Economic Review 54(4)",
        who="earlier migrants", outcome="employment", read=True,
        remark="sizeable adverse effect on employment, small on wages; Germany 1987-2001",
    ),
)  # fmt: skip
"""Surveys and studies; those without a figure say only what sign and size they report."""


_POINTS = Input(title="change of the share", unit="percentage_point", values="any")


def effect_range(change: xr.DataArray, *, central: float, low: float, high: float) -> xr.Dataset:
    """Return the effect of a change in migrants' share or ratio, with the estimates' spread.

    Parameters
    ----------
    change : DataArray {…}
        Change in percentage_point of what the effects are per: migrants as a share of all
        workers (Peri 2014), or as a ratio to native workers (Longhi, Nijkamp and Poot 2005). At
        a share ``s`` a point of the share is ``1 / (1 - s) ** 2`` points of the ratio.
    central, low, high : float
        Effects in percent per percentage point of one and the same measure, as ``per`` of each
        row of :data:`EVIDENCE` says; rows that differ in it cannot be put side by side.

    Returns
    -------
    Dataset {…}
        ``central``, ``low`` and ``high``, in percent; low and high change places where
        `change` is a fall.

    Raises
    ------
    ParameterError
        `low`, `central` and `high` are not in order.
    UnitError
        `change` is not in percentage points.

    Examples
    --------
    >>> change = xr.DataArray(0.5, attrs={"units": "percentage_point"})
    >>> found = effect_range(change, central=0.0, low=-0.8, high=0.8)  # per point of the share
    >>> found.low.item(), found.high.item()
    (-0.4, 0.4)
    """
    where = "effect_range"
    for argument, value in (("low", low), ("central", central), ("high", high)):
        number(value, where, argument, low=-1e6, high=1e6)
    if not low <= central <= high:
        raise ParameterError(
            where, f"low={low}, central={central}, high={high}", "in this order", 9, "low"
        )
    plain_change = check_values(admit(change, _POINTS, where, "change"), "any", where, "change")
    for dim in map(str, plain_change.dims):
        check_partition(plain_change, dim, where, "change")
    points = plain_change * units.factor(
        units.unit_of(change, where, "change"), "percentage_point", where, "change"
    )
    ends = xr.concat([points * low, points * high], "end", join="exact")
    out = xr.Dataset({"central": points * central, "low": ends.min("end"), "high": ends.max("end")})
    for name, x in out.data_vars.items():
        x.attrs = {"units": "percent", "long_name": f"effect, {name}"}
    out.attrs = {"title": "effect by published estimates", "per_percentage_point": str(central)}
    return out


def _nests(given: Any) -> Any:
    try:
        return tuple((str(dim), float(sigma)) for dim, sigma in given)
    except (TypeError, ValueError):
        raise ParameterError(
            "NestedCES", f"nests={given!r}", '(("education", 2.0), ("group", 20.0))', 9, "nests"
        ) from None


@attrs.frozen(kw_only=True)
class NestedCES:
    """Wages when labour changes, in a nested CES production function.

    Parameters
    ----------
    nests : sequence of (str, float)
        Dimension and elasticity of substitution, from the outer nest to the inner one; ``inf``
        for perfect substitutes, 1 for Cobb–Douglas.
    labour_share : float
        Of output, with fixed capital.
    capital : {"adjusts", "fixed"}
        Whether capital follows output, or stays.

    Examples
    --------
    >>> both = {"education": ["low", "high"], "group": ["resident", "migrant"]}
    >>> bill = xr.DataArray([[30.0, 10.0], [55.0, 5.0]], both, attrs={"units": "EUR"})
    >>> more = xr.DataArray([[0.0, 10.0], [0.0, 0.0]], both, attrs={"units": "percent"})
    >>> model = NestedCES(nests=(("education", 2.0), ("group", 20.0)))
    >>> model.run(bill, more).wage.round(2).values.tolist()
    [[-0.61, -1.09], [0.5, 0.5]]

    References
    ----------
    Borjas (2003), Quarterly Journal of Economics 118(4); Ottaviano and Peri (2012), Journal of
    the European Economic Association 10(1), equations 3 to 10; D'Amuri, Ottaviano and Peri
    (2010), who find new and earlier migrants to be perfect substitutes in Germany.
    """

    nests: tuple[tuple[str, float], ...] = attrs.field(converter=_nests)
    labour_share: float = 2.0 / 3.0
    capital: Literal["adjusts", "fixed"] = "adjusts"

    def __attrs_post_init__(self) -> None:
        where = "NestedCES"
        names = [d for d, _ in self.nests]
        if not names or len(set(names)) < len(names):
            raise ParameterError(
                where,
                "nests name no dimension, or one twice",
                "names of dimensions of wage_bill, each once",
                9,
                "nests",
            )
        for name, sigma in self.nests:
            if not sigma > 0:
                raise ParameterError(where, f"elasticity {sigma} of {name}", "above 0", 9, "nests")
        number(self.labour_share, where, "labour_share", low=0.0, high=1.0, ends=False)
        if self.capital not in ("adjusts", "fixed"):
            raise ParameterError(
                where, f"capital={self.capital!r}", "'adjusts' or 'fixed'", 9, "capital"
            )

    def run(self, wage_bill: xr.DataArray, change: xr.DataArray) -> xr.Dataset:
        """Return the changes of wages by cell and on average.

        Parameters
        ----------
        wage_bill : DataArray {dimensions of the nests, …}
            Wages paid before, in any money: the weights.
        change : DataArray {dimensions of the nests, …}
            Change of labour in each cell, in percent; -100 empties it. Not all cells may grow
            by more than half.

        Returns
        -------
        Dataset {dimensions of the nests, …}
            ``wage``, in percent; ``output``, in percent. Where a group is a nest (residents and
            migrants, say) its members' mean is ``wage`` weighted by `wage_bill`.

        Raises
        ------
        DimensionError, AlignmentError, UnitError, InputError, PartitionError
            Cells, units and numbers that cannot be.
        AccountError
            Wages do not exhaust labour's part of output.
        """
        where = "NestedCES"
        dims = [d for d, _ in self.nests]
        bill = self._bill(wage_bill, dims, where)
        contract = Input(title="change of labour", unit="1", needs=tuple(dims), values="any")
        both = align(
            where, {"wage_bill": bill, "change": numbers(change, contract, where, "change")}
        )
        if bool((both["change"] > 0.5).all()):
            raise InputError(
                where,
                "change adds more than half to every cell",
                "(change - 1).assign_attrs(units=change.units) if these are factors of growth",
                7,
                "change",
            )
        bill, ratio = both["wage_bill"], 1.0 + both["change"]
        if bool((ratio < 0).any()):
            raise InputError(where, "change takes more than all", "-100 percent", 7, "change")
        share = bill / bill.sum(dims, skipna=False)
        wage = xr.ones_like(ratio)
        index, weights = ratio, share
        for name, sigma in reversed(self.nests):
            # Inside a nest wages fall by the own quantity and rise by that of the whole nest.
            inverse = 0.0 if np.isinf(sigma) else 1.0 / sigma
            outer = weights.sum(name, skipna=False)
            whole = _aggregate(index, weights / outer.where(outer > 0, 1.0), name, sigma)
            wage = wage * (whole / index.where(index > 0)) ** inverse
            index, weights = whole, outer
        power = 0.0 if self.capital == "adjusts" else 1.0 - self.labour_share
        wage = wage * index ** (-power)
        output = index ** (1.0 - power)
        self._check(share, wage, ratio, output, dims)
        return marked(_told(wage, output, self), wage_bill, change)

    def _bill(self, wage_bill: Any, dims: list[str], where: str) -> xr.DataArray:
        bill: xr.DataArray = admit(
            wage_bill, Input(title="wages", unit="1", needs=tuple(dims)), where, "wage_bill"
        )
        check_additive(bill, where, "wage_bill")
        for name in dims:
            check_partition(bill, name, where, "wage_bill")
        plain = check_values(bill, "nonnegative", where, "wage_bill")
        if not bool((plain.sum(dims, skipna=False) > 0).all()):
            raise InputError(
                where,
                "wage_bill is zero, or has missing cells",
                "wage bills above 0 in each cell",
                7,
                "wage_bill",
            )
        return plain

    def _check(self, share: Any, wage: Any, ratio: Any, output: Any, dims: list[str]) -> None:
        """Check that wages exhaust labour's part: its share of output is constant."""
        check_exhausted(share, wage, ratio, output, dims)


def check_exhausted(
    share: xr.DataArray, wage: xr.DataArray, ratio: xr.DataArray, output: xr.DataArray, dims: Any
) -> None:
    """Check that all wages together grow as output does.

    Raises
    ------
    AccountError
        They do not: Euler's theorem is broken.
    """
    paid = (share * wage.fillna(0.0) * ratio).sum(dims)
    off = float(np.abs(paid / output - 1.0).max())
    if not off <= 1e-9:
        raise AccountError(
            "NestedCES", f"wages miss labour's part of output by {off:.2g}", "report this", 10
        )


def _aggregate(x: xr.DataArray, weights: xr.DataArray, dim: str, sigma: float) -> xr.DataArray:
    """Return the change of a CES index, from changes and shares of wages."""
    if np.isinf(sigma):
        return (weights * x).sum(dim, skipna=False)
    if abs(sigma - 1.0) < 1e-12:
        # A share of nothing weighs nothing, also where its labour is gone.
        logs = xr.apply_ufunc(np.log, x.where(weights > 0, 1.0))
        summed: xr.DataArray = xr.apply_ufunc(np.exp, (weights * logs).sum(dim, skipna=False))
        return summed
    power = (sigma - 1.0) / sigma
    return (weights * x**power).sum(dim, skipna=False) ** (1.0 / power)


def _told(wage: xr.DataArray, output: xr.DataArray, model: NestedCES) -> xr.Dataset:
    parts: Mapping[str, tuple[xr.DataArray, str]] = {
        "wage": (wage, "change of the wage"),
        "output": (output, "change of output"),
    }
    out = xr.Dataset()
    for name, (x, title) in parts.items():
        percent = 100.0 * (x - 1.0)
        percent.attrs = {"units": "percent", "long_name": title}
        out[name] = percent.rename(None)
    out.attrs = {
        "title": "wages in a nested CES",
        "nests": "; ".join(f"{d} {s:g}" for d, s in model.nests),
        "capital": model.capital,
        "use": "what follows from stated elasticities; no estimate",
    }
    return out
