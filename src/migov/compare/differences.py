"""Two figures side by side: what their definitions share, and what keeps them apart."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Literal

import attrs
import pandas as pd
import xarray as xr

from migov.compare import bias
from migov.core import units
from migov.core.definition import UNKNOWN, Definition, definition_of
from migov.core.errors import DefinitionError, KindError

Verdict = Literal["the same", "different", "cannot be told"]


@attrs.frozen(kw_only=True)
class Difference:
    """One thing in which two figures differ.

    Parameters
    ----------
    field : str
        Field of the definition; ``unit``, ``stock or flow`` or ``dates`` for arrays.
    a, b : str, float
        The values.
    known : bool
        Whether both values are known, so that they contradict.
    larger : {"a", "b", "either", "no size", "not known"}
        Which figure is the larger for it, all else equal; ``no size`` where they are two
        quantities and not two measurements of one.
    why, bridge : str
        The reason, and what could bring them together; empty where nothing does.
    """

    field: str
    a: Any
    b: Any
    known: bool
    larger: str
    why: str
    bridge: str


@attrs.frozen(kw_only=True)
class Comparison:
    """What keeps two figures apart; printing it tells, :meth:`to_frame` tabulates.

    Parameters
    ----------
    a, b : str
        Names of the definitions.
    differences : tuple of Difference
        Contradictions first, then what is known on one side only.
    notes : tuple of str
        What else to know of one of them.
    """

    a: str
    b: str
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether the figures measure the same thing."""
        if any(item.known for item in self.differences):
            return "different"
        return "cannot be told" if self.differences else "the same"

    def __bool__(self) -> bool:
        return self.verdict == "the same"

    def __str__(self) -> str:
        head = {
            "the same": "measure the same",
            "different": "do not measure the same",
            "cannot be told": "cannot be told to measure the same",
        }[self.verdict]
        lines = [f"a, {self.a}, and b, {self.b}, {head}"]
        for item in self.differences:
            lines.append(f"  {item.field}: {item.a} | {item.b}")
            lines += _wrapped(f"larger: {item.larger}; {item.why}")
            if item.bridge:
                lines += _wrapped(f"bridge: {item.bridge}")
        lines += [line for note in self.notes for line in _wrapped(f"note: {note}", 2)]
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """Return the differences as a table, one row each."""
        columns = [field.name for field in attrs.fields(Difference)]
        rows = [attrs.asdict(item) for item in self.differences]
        return pd.DataFrame(rows, columns=columns)


def _wrapped(text: str, indent: int = 4) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(text, 96, initial_indent=blank, subsequent_indent=blank + "  ")


def mobility(definition: Definition) -> bool:
    """Tell whether a definition counts temporary mobility and not migration.

    Moves whose stay is below twelve months in a row change no country of residence. Where a
    country takes most of twelve months as its criterion, stays that meet it do. Moves counted
    from fewer months without a limit (``stay_limit="none"``) are both together, and so neither.

    Examples
    --------
    >>> from migov.core import definitions
    >>> mobility(definitions.UN_1998_SHORT_TERM), mobility(definitions.UN_1998_LONG_TERM)
    (True, False)
    >>> mobility(definitions.SEASONAL_90_IN_180)
    True

    References
    ----------
    United Nations Expert Group on Migration Statistics (2021), Final report on conceptual
    frameworks and concepts and definitions on international migration.
    """
    if not isinstance(definition, Definition):
        told = f"definition is a {type(definition).__name__}"
        raise KindError("mobility", told, "give a migov.Definition", 5, "definition")
    if definition.criterion not in ("previous_residence", "next_residence"):
        return False
    if definition.seasonal_workers == "only" or definition.residence_rule == "present":
        return True
    months, limit = definition.stay_months, definition.stay_limit
    if isinstance(limit, int | float):
        return limit <= 12
    cumulative = definition.stay_count == "cumulative"
    below = isinstance(months, int | float) and months < 12 and not cumulative
    return below and limit != "none"


def _mixed(definition: Definition) -> bool:
    """Tell whether a definition counts temporary mobility and migration together."""
    months = definition.stay_months
    return (
        definition.criterion in ("previous_residence", "next_residence")
        and definition.stay_limit == "none"
        and isinstance(months, int | float)
        and months < 12
        and definition.stay_count != "cumulative"
    )


def _taken(given: Definition | xr.DataArray, argument: str) -> tuple[Definition, str]:
    """Return the definition of an argument and its name; undeclared knows nothing."""
    if isinstance(given, Definition):
        return given, given.name or argument
    if not isinstance(given, xr.DataArray):
        raise KindError(
            "comparable",
            f"{argument} is a {type(given).__name__}",
            "give a migov.Definition or a DataArray that carries one",
            None,
            argument,
        )
    found = definition_of(given)
    title = str(given.attrs.get("long_name") or given.name or argument)
    if found is None:
        return Definition(), f"{title} (undeclared)"
    return found, found.name or title


def _fields(first: Definition, second: Definition) -> list[Difference]:
    out = []
    for field, (mine, theirs) in first.differences(second).items():
        known = UNKNOWN not in (mine, theirs)
        if known:
            found = bias.of(field, mine, theirs, first, second)
            larger, why, bridge = str(found.larger), found.why, found.bridge
        else:
            side = "a" if mine == UNKNOWN else "b"
            larger, why = "not known", f"{side} does not say"
            bridge = f"ask the source of {side} for {field.replace('_', ' ')}"
        out.append(
            Difference(
                field=field, a=mine, b=theirs, known=known, larger=larger, why=why, bridge=bridge
            )
        )
    if not (first.known() or second.known()):
        out.append(
            Difference(
                field="definition",
                a=UNKNOWN,
                b=UNKNOWN,
                known=False,
                larger="not known",
                why="neither says who is counted",
                bridge="ask both sources whom they count",
            )
        )
    return out


def _kind(x: xr.DataArray) -> str:
    return "flow" if "period" in x.coords else "stock" if "time" in x.coords else UNKNOWN


def _dates(x: xr.DataArray) -> set[str]:
    name = "period" if "period" in x.coords else "time"
    return {str(day)[:10] for day in x.coords[name].values.ravel()} if name in x.coords else set()


def _arrays(a: xr.DataArray, b: xr.DataArray) -> list[Difference]:
    """Return what differs between two arrays beside their definitions."""
    out = []

    def add(field: str, mine: str, theirs: str, larger: str, why: str, bridge: str) -> None:
        out.append(
            Difference(
                field=field, a=mine, b=theirs, known=True, larger=larger, why=why, bridge=bridge
            )
        )

    mine, theirs = (str(x.attrs.get("units", UNKNOWN)) for x in (a, b))
    if UNKNOWN not in (mine, theirs) and units.powers(mine) != units.powers(theirs):
        add("unit", mine, theirs, "no size", "the units are of other dimensions", "")
    kinds = _kind(a), _kind(b)
    if UNKNOWN not in kinds and kinds[0] != kinds[1]:
        why = "a stock at an instant and a flow over an interval are two quantities"
        add(
            "stock or flow", kinds[0], kinds[1], "no size", why, "migov.person_years for time lived"
        )
    days = _dates(a), _dates(b)
    if kinds[0] == kinds[1] and days[0] and days[1] and not days[0] & days[1]:
        one, other = (", ".join(sorted(day)[:2]) for day in days)
        add("dates", one, other, "either", "no date in common", "migov.compare.to_date")
    return out


def comparable(a: Definition | xr.DataArray, b: Definition | xr.DataArray) -> Comparison:
    """Return field by field what keeps two figures apart.

    Parameters
    ----------
    a, b : Definition or DataArray
        Definitions, or arrays that carry them. An undeclared array knows nothing, and so is
        never the same as another, even one that knows nothing either.

    Returns
    -------
    Comparison
        True only where nothing differs and nothing is known on one side alone.

    Raises
    ------
    KindError
        An argument is neither.

    Examples
    --------
    >>> from migov.core import definitions
    >>> found = comparable(definitions.UN_1998_SHORT_TERM, definitions.UN_1998_LONG_TERM)
    >>> found.verdict, found.differences[0].field, found.differences[0].larger
    ('different', 'stay_months', 'no size')
    >>> found.differences[0].why
    'no stay is in both: one counts stays up to 12 months, the other from 12'
    >>> found.notes[0].split(", since")[0]
    'a counts stays below twelve months: temporary mobility, not migration of any term'
    """
    (first, name_a), (second, name_b) = _taken(a, "a"), _taken(b, "b")
    found = _fields(first, second)
    if isinstance(a, xr.DataArray) and isinstance(b, xr.DataArray):
        found += _arrays(a, b)
    notes = []
    for side, given in (("a", first), ("b", second)):
        if mobility(given):
            notes.append(
                f"{side} counts stays below twelve months: temporary mobility, not migration of "
                "any term, since no residence changes (UN 2021/2025); it is in no resident "
                "population and in no net migration"
            )
        if _mixed(given):
            notes.append(
                f"{side} counts temporary mobility, stays from {given.stay_months:g} to twelve "
                "months, together with migration; only the longer stays change a residence"
            )
    for side, argument in (("a", a), ("b", b)):
        if isinstance(argument, xr.DataArray) and definition_of(argument) is None:
            notes.append(f"{side} is undeclared: {side} = migov.define({side}, …)")
    ordered = sorted(found, key=lambda item: not item.known)
    return Comparison(a=name_a, b=name_b, differences=tuple(ordered), notes=tuple(notes))


def side_by_side(given: Mapping[str, Definition | xr.DataArray]) -> pd.DataFrame:
    """Return the fields in which several definitions differ, one column each.

    Parameters
    ----------
    given : mapping of str to Definition or DataArray
        At least two, by the name of their column.

    Raises
    ------
    DefinitionError
        Fewer than two are given.

    Examples
    --------
    >>> from migov.core import definitions
    >>> table = side_by_side({"UN": definitions.UN_WPP_2024,
    ...     "office": definitions.MDA_USUAL_RESIDENCE})
    >>> table.loc["residence_rule"].tolist()
    ['present', 'usual']
    """
    if not isinstance(given, Mapping):
        told = f"given is a {type(given).__name__}"
        raise KindError("side_by_side", told, "a mapping of definitions", 5, "given")
    if len(given) < 2:
        raise DefinitionError(
            "side_by_side", f"{len(given)} given", "give at least two", 5, "given"
        )
    taken = {name: _taken(item, name)[0] for name, item in given.items()}
    names = [field.name for field in attrs.fields(Definition) if field.name != "name"]
    table = pd.DataFrame(
        {
            name: [getattr(definition, field) for field in names]
            for name, definition in taken.items()
        },
        index=pd.Index(names, name="field"),
        dtype=object,
    )
    apart = [len({str(value) for value in row}) > 1 for row in table.to_numpy()]
    return table[apart]
