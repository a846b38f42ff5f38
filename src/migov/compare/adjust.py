"""The published adjustments of migration figures; each leaves a trace and widens an interval.

A result holds ``value``, ``lowest`` and ``highest``; a further adjustment takes the three and
never narrows them. What no adjustment bridges stays a difference of definition.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import xarray as xr

from migov.compare.criteria import CRITERIA, by_criterion
from migov.compare.differences import comparable
from migov.compare.figures import PARTS, Figures, declared, parts_of, result
from migov.compare.redate import to_date
from migov.compare.survival import Survival
from migov.core import status
from migov.core.definition import UNKNOWN, Definition, define
from migov.core.errors import DefinitionError, KindError


def to_duration(x: Figures, months: float, *, survival: Survival) -> xr.Dataset:
    """Return moves counted by one threshold of stay as another would count them.

    Parameters
    ----------
    x : DataArray or Dataset
        Arrivals or departures in persons, with the definition that tells their threshold.
    months : float
        The threshold wanted.
    survival : Survival
        Which share of the stays lasts how long, with its range.

    Returns
    -------
    Dataset
        ``value`` = x S(months) / S(threshold of x), and the range over the survival's range.

    Raises
    ------
    DefinitionError
        `x` is undeclared, counts a population and not moves, has no threshold in a row, or
        counts stays up to a limit only.
    ParameterError
        The survival does not reach one of the thresholds.

    Examples
    --------
    >>> from migov.core import definitions
    >>> x = xr.DataArray([1000.0], {"area": ["DEU"]}, "area", attrs={"units": "person"})
    >>> x = define(x, definitions.UN_1998_LONG_TERM.evolve(stay_months=3, exit_months=3))
    >>> stays = Survival(months=(3, 12), share=(0.8, 0.4), lowest=(0.8, 0.3), highest=(0.8, 0.5))
    >>> found = to_duration(x, 12, survival=stays)
    >>> [round(found[name].item(), 6) for name in found]
    [500.0, 375.0, 625.0]

    References
    ----------
    Nowok and Willekens (2011), A probabilistic framework for harmonisation of migration
    statistics, Population, Space and Place 17(5), 521-533: with a constant rate of leaving the
    ratio is exp(-μ (d2 - d1)). UNECE (2012), ECE/CES/2012/7, on estimates by length of stay.
    """
    where = "to_duration"
    if not isinstance(survival, Survival):
        raise KindError(
            where, f"survival is a {type(survival).__name__}", "Survival(…)", None, "survival"
        )
    parts, done = parts_of(x, where)
    definition = declared(parts["value"], where)
    if definition.criterion not in ("previous_residence", "next_residence"):
        raise DefinitionError(
            where,
            f"x counts by {definition.criterion}; a threshold of stay turns moves into others, "
            "not populations",
            "adjust the arrivals and departures behind it",
            5,
            "x",
        )
    leaving = definition.criterion == "next_residence" and definition.exit_months != UNKNOWN
    have = definition.exit_months if leaving else definition.stay_months
    if not isinstance(have, int | float) or definition.stay_count == "cumulative":
        raise DefinitionError(
            where,
            "the definition of x has no threshold of stay in a row",
            "x = migov.define(x, migov.definition_of(x).evolve(stay_months=…))",
            5,
            "x",
        )
    if isinstance(definition.stay_limit, int | float):
        raise DefinitionError(
            where,
            f"x counts stays up to {definition.stay_limit:g} months only; none of them is longer",
            f"moves of {have:g} months and more: Definition(stay_limit='none', …)",
            5,
            "x",
        )
    ratio = survival.ratio(have, months)
    new = {name: parts[name] * ratio[name] for name in PARTS}
    ends = definition.evolve(
        name=f"{definition.name}, brought to {months:g} months",
        stay_months=months,
        exit_months=UNKNOWN if definition.exit_months == UNKNOWN else months,
        estimate="adjusted",
    )
    step = {"adjustment": where, "from": have, "to": months, **ratio}
    step["survival"] = attrs.asdict(survival)
    return result(new, parts["value"], ends, done, step)


def harmonise(
    x: Figures,
    to: Definition,
    *,
    survival: Survival | None = None,
    cross: xr.DataArray | None = None,
    changed: float = 0.0,
    date: str | None = None,
    accept: Sequence[str] = (),
) -> xr.Dataset:
    """Bring a figure to another definition, as far as what is given allows.

    Parameters
    ----------
    x : DataArray or Dataset
        Persons, with their definition.
    to : Definition
        The definition wanted.
    survival : Survival, optional
        For another threshold of stay.
    cross : DataArray, optional
        For birth and citizenship; `changed` as in :func:`by_criterion`.
    changed : float
        See :func:`by_criterion`.
    date : str, optional
        Reference date wanted.
    accept : sequence of str
        Fields whose difference is left as it is: they stay in the definition of the result,
        which then is not `to`, and every cell says ``definition_differs``.

    Returns
    -------
    Dataset
        ``value``, ``lowest``, ``highest``; ``adjustments`` in the attributes lists each step.

    Raises
    ------
    DefinitionError
        Differences are left that are not accepted; each is told with what would bridge it.

    Examples
    --------
    >>> from migov.core import definitions
    >>> x = xr.DataArray([1000.0], {"area": ["DEU"]}, "area", attrs={"units": "person"})
    >>> x = define(x, definitions.UN_1998_LONG_TERM.evolve(stay_months=3, exit_months=3))
    >>> stays = Survival.constant(rate=0.7, lowest=0.5, highest=1.0)
    >>> found = harmonise(x, definitions.UN_1998_LONG_TERM, survival=stays)
    >>> round(found.value.item(), 3)
    591.555
    """
    where = "harmonise"
    if not isinstance(to, Definition):
        raise KindError(where, f"to is a {type(to).__name__}", "a migov.Definition", None, "to")
    out = _start(x, where)
    have = declared(out["value"], where)
    leaving = have.criterion == "next_residence" and to.exit_months != UNKNOWN
    wanted = to.exit_months if leaving else to.stay_months
    known = have.exit_months if leaving else have.stay_months
    if survival is not None and isinstance(wanted, int | float) and wanted != known:
        out = to_duration(out, wanted, survival=survival)
    if cross is not None and to.criterion != have.criterion:
        side = next((name for name, told in CRITERIA.items() if told == to.criterion), "")
        out = by_criterion(out, cross, to=side, changed=changed)
    if date is not None:
        out = to_date(out, date)
    now = declared(out["value"], where)
    # How a figure came about is no part of who is counted, and now it is adjusted.
    left = [i for i in comparable(now, to).differences if i.field != "estimate"]
    open_ = [item for item in left if item.field not in accept]
    if open_:
        told = "; ".join(
            f"{item.field}: {item.a} and {item.b}" + (f" ({item.bridge})" if item.bridge else "")
            for item in open_[:6]
        )
        names = [item.field for item in open_]
        raise DefinitionError(
            where, f"x still differs from {to.name or 'to'} in {told}", f"accept={names}", 5, "x"
        )
    return _settled(out, now if left else to.evolve(estimate=now.estimate), bool(left))


def _start(x: Figures, where: str) -> xr.Dataset:
    parts, done = parts_of(x, where)
    return result(parts, parts["value"], declared(parts["value"], where), done, None)


def _settled(x: xr.Dataset, definition: Definition, differs: bool) -> xr.Dataset:
    """Return the figures with their definition, and the flag where fields were accepted."""
    out = {}
    for name in PARTS:
        part = define(x[name], definition)
        out[name] = status.mark(part, "definition_differs") if differs else part
    return xr.Dataset(out, attrs=dict(x.attrs))
