"""A dated register of laws and policies, and what it says of carrying them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

import attrs
import numpy as np
import pandas as pd

from migov.core.errors import CodeError, KindError, ParameterError, TimeError, UnitError
from migov.core.units import powers
from migov.governance.asked import as_tuple, ask, cell_text, exact_text
from migov.governance.days import day, to_come
from migov.governance.instrument import Instrument

KINDS = ("law", "regulation", "policy", "programme", "agreement", "budget")
ROLES = ("origin", "transit", "destination")
STAGES = ("proposed", "adopted", "in_force", "implemented", "repealed")


def told_pairs(values: Any, name: str) -> list[tuple[Any, Any]]:
    """Return the pairs of a mapping or a sequence of pairs."""
    try:
        told = values.items() if isinstance(values, Mapping) else values
        return [(first, second) for first, second in told]
    except (TypeError, ValueError) as fault:
        raise ParameterError(
            "Measure", f"{name}={values!r:.60}", f"{name}={{'D2A': 1}}, or pairs", 9, name
        ) from fault


def pairs_of(values: Any) -> tuple[tuple[str, str], ...]:
    """Return item and exact value pairs from a mapping or a sequence of pairs."""
    return tuple((str(item), exact_text(value)) for item, value in told_pairs(values, "raises"))


def _heard(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(group), cell_text(date)) for group, date in told_pairs(values, "heard"))


def _is_money(unit: str) -> bool:
    try:
        told = powers(unit)
    except UnitError:
        return False
    return len(told) == 1 and next(iter(told)).startswith("currency_")


@attrs.frozen(kw_only=True)
class Measure:
    """A law, policy or other measure: what it is, when, by whom, what it does, what it costs.

    Parameters
    ----------
    id : str
    title : str
    kind : {"law", "regulation", "policy", "programme", "agreement", "budget"}
    raises : mapping of str to exact number, or tuple of pairs
        Items of an instrument and the answer that each reaches at least once it is carried
        out; effects of several measures on an item overlap, they do not add.
    roles : tuple of {"origin", "transit", "destination"}
        As which kind of State the measure is taken.
    proposed, adopted, in_force, implemented, repealed : str
        ISO dates; empty where it has not happened.
    body : str
        Responsible ministry or body.
    heard : mapping of str to ISO date, or tuple of pairs
        Groups that were heard, and when.
    cost : float
        Paid in the year of the start, in `unit`.
    unit : str
        Of the cost, such as ``million EUR``; that of the budget where empty. Costs in two
        currencies are not added up.
    duration : int
        Years from start to completion, at least 1.
    benefit : float
        Of other kinds than the score, in each year from completion on.
    needs : tuple of str
        Measures that have to be carried out too: before this one starts where there are years.
    conflicts : tuple of str
        Measures that exclude this one.

    Raises
    ------
    ParameterError
        Unknown kind or role, negative or infinite cost, no whole duration.
    TimeError
        Dates that are none, or out of order.

    Examples
    --------
    >>> law = Measure(id="m1", kind="law", raises={"D2A": 1}, adopted="2020-05-01",
    ...               in_force="2021-01-01", heard={"social partners": "2020-02-01"})
    >>> law.stage("2020-06-01"), law.stage("2022-01-01")
    ('adopted', 'in_force')
    """

    id: str
    title: str = ""
    kind: Literal["law", "regulation", "policy", "programme", "agreement", "budget"] = "policy"
    raises: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=pairs_of)
    roles: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    proposed: str = ""
    adopted: str = ""
    in_force: str = ""
    implemented: str = ""
    repealed: str = ""
    body: str = ""
    heard: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_heard)
    cost: float = 0.0
    unit: str = ""
    duration: int = 1
    benefit: float = 0.0
    needs: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)
    conflicts: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for field in attrs.fields(Measure):
            value = getattr(self, field.name)
            if str(field.type) == "str" and not isinstance(value, str):
                raise self._fault(field.name, f"{field.name}={value!r:.40} is no text", "a text")
        if not isinstance(self.id, str) or not self.id.strip():
            raise self._fault("id", "a measure has no id", 'id="fees-law"')
        if self.kind not in KINDS:
            raise self._fault("kind", f"kind={self.kind!r}", f"one of {', '.join(KINDS)}")
        for role in self.roles:
            if role not in ROLES:
                raise self._fault("roles", f"{role!r} is no role", f"one of {', '.join(ROLES)}")
        self._check_numbers()
        if self.id in self.needs or self.id in self.conflicts:
            raise self._fault("needs", "needs or excludes itself", "the ids of other measures")
        both = sorted(set(self.needs) & set(self.conflicts))
        if both:
            raise self._fault("conflicts", f"needs and excludes {both[0]!r}", "one of the two")
        items = [item for item, _ in self.raises]
        twice = sorted({item for item in items if items.count(item) > 1})
        if twice:
            raise self._fault("raises", f"raises {twice[0]} twice", "the highest of its values")
        self._check_dates()

    def _check_numbers(self) -> None:
        for name in ("cost", "benefit"):
            value = getattr(self, name)
            number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            if not number or not np.isfinite(value):
                raise self._fault(name, f"{name}={value!r:.60}", "a finite number")
        if self.cost < 0:
            raise self._fault(
                "cost", f"cost={self.cost!r}", "a cost from 0; what is saved is a benefit"
            )
        if self.unit and not _is_money(self.unit):
            raise self._fault("unit", f"unit={self.unit!r} is no currency", "'million EUR'")
        whole = isinstance(self.duration, int | np.integer) and not isinstance(self.duration, bool)
        if not whole or self.duration < 1:
            raise self._fault("duration", f"duration={self.duration!r}", "whole years, from 1")

    def _fault(self, name: str, what: str, mend: str) -> ParameterError:
        return ParameterError("Measure", f"{self.id!r}: {what}", mend, 9, name)

    def _check_dates(self) -> None:
        told = [(name, getattr(self, name)) for name in STAGES if getattr(self, name)]
        dates = []
        for name, text in [*told, *((f"heard {group}", date) for group, date in self.heard)]:
            dates.append((name, day(text, f"Measure {self.id!r}", name)))
        for (first, a), (second, b) in pairwise(dates[: len(told)]):
            if b < a:
                raise TimeError(
                    "Measure",
                    f"{self.id!r}: {second} {str(b)[:10]} is before {first} {str(a)[:10]}",
                    f"{second} on or after {first}",
                    1,
                    second,
                )
        for name, when in dates[len(told) :]:
            if to_come(when):
                raise TimeError(
                    "Measure",
                    f"{self.id!r}: {name} at {str(when)[:10]}, which is in the future",
                    "the date of a hearing that was held",
                    1,
                    "heard",
                )

    @property
    def decided(self) -> str:
        """Return the date by which it was decided: of adoption, or of what comes after it."""
        return self.adopted or self.in_force or self.implemented

    def stage(self, date: str) -> str:
        """Return how far the measure had come at a date, ``none`` before it was proposed."""
        when = day(date, "Measure.stage", "date")
        reached = "none"
        for name in STAGES:
            text = getattr(self, name)
            if text and np.datetime64(text, "D") <= when:
                reached = name
        return reached


@attrs.frozen(eq=False)
class Register:
    """Measures of one government, with their dates.

    Parameters
    ----------
    measures : tuple of Measure

    Raises
    ------
    ParameterError
        Two measures with one id, an unknown one among `needs` or `conflicts`, or a cycle of
        needs.
    """

    measures: tuple[Measure, ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        from migov.governance.measures_check import check_measures

        check_measures(self.measures, "Register")

    def __len__(self) -> int:
        return len(self.measures)

    def identical(self, other: Register) -> bool:
        """Tell whether two registers hold the same measures."""
        return isinstance(other, Register) and self.measures == other.measures

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Register:
        """Return a register from a table, one measure a row.

        Parameters
        ----------
        frame : DataFrame
            Columns named as the parameters of :class:`Measure`; ``raises`` as ``D2A=1 D3B=1/2``,
            ``heard`` as ``unions=2020-02-01; diaspora=2020-03-01``, lists parted by blanks or
            commas.

        Raises
        ------
        CodeError
            A column that is none.
        DataError
            All rows that are no measures, told together.
        """
        if not isinstance(frame, pd.DataFrame):
            raise KindError(
                "Register.from_frame",
                "frame is no DataFrame",
                "a pandas DataFrame, one measure a row",
                None,
                "frame",
            )
        known = {field.name for field in attrs.fields(Measure)}
        foreign = [str(name) for name in frame.columns if name not in known]
        if foreign:
            raise CodeError(
                "Register.from_frame", f"column {foreign[0]!r} is none of a measure",
                f"one of {', '.join(sorted(known))}", 9, "frame",
            )  # fmt: skip
        from migov.governance.measures_read import measures

        return cls(measures(frame.to_dict("records")))

    def at(self, date: str) -> pd.DataFrame:
        """Return the measures with the stage that each had reached at a date."""
        day(date, "Register.at", "date")
        rows = [(m.id, m.title, m.kind, m.body, m.stage(date)) for m in self.measures]
        return pd.DataFrame(rows, columns=["id", "title", "kind", "body", "stage"])

    def implementation_gap(self, date: str, instrument: Instrument | None = None) -> pd.DataFrame:
        """Return what is in force and not carried out, by body or by node of an instrument.

        Parameters
        ----------
        date : str
            ISO date.
        instrument : Instrument, optional
            Rows by its aggregates; by responsible body where absent.

        Returns
        -------
        DataFrame
            ``in_force`` and ``implemented``, numbers of measures that were one or the other and
            not repealed; ``gap``, the share in percent of those in force that are not carried
            out, NaN where none is; ``open``, their ids.

        Raises
        ------
        CodeError
            A measure raises what is no item of the instrument.
        """
        day(date, "Register.implementation_gap", "date")
        held = [m for m in self.measures if m.stage(date) in ("in_force", "implemented")]
        if instrument is not None:
            ask(instrument, Instrument, "Register.implementation_gap", "instrument", "load(…)")
        if instrument is None:
            keys = sorted({m.body for m in self.measures})
            groups = {key: [m for m in held if m.body == key] for key in keys}
        else:
            from migov.governance.measures_check import check_items

            check_items(self.measures, instrument)
            below = {name: set(instrument.tree.below[name]) for name, _ in instrument.tree.steps}
            groups = {
                name: [m for m in held if items & {item for item, _ in m.raises}]
                for name, items in below.items()
            }
        rows = []
        for key, own in groups.items():
            left = [m.id for m in own if m.stage(date) == "in_force"]
            gap = 100 * len(left) / len(own) if own else np.nan
            rows.append((key, len(own), len(own) - len(left), gap, tuple(left)))
        first = "body" if instrument is None else "node"
        return pd.DataFrame(rows, columns=[first, "in_force", "implemented", "gap", "open"])

    def consulted_before_decision(self, groups: Iterable[str] | None = None) -> pd.DataFrame:
        """Return for each group the share of adopted measures on which it was heard before.

        A hearing on the day of adoption or later is none before the decision.

        Returns
        -------
        DataFrame
            ``group``, ``heard_before``, ``adopted``, ``share`` in percent, NaN where nothing
            was adopted.

        Raises
        ------
        CodeError
            A group that was heard nowhere and nearly has the name of one that was.
        """
        adopted = [m for m in self.measures if m.adopted]
        named = {group for m in self.measures for group, _ in m.heard}
        groups = None if groups is None else as_tuple(groups)
        for group in groups or ():
            near = get_close_matches(str(group), named, 1) if group not in named else []
            if near or not isinstance(group, str):
                raise CodeError(
                    "Register.consulted_before_decision",
                    f"{group!r} was heard nowhere",
                    f"{near[0]!r}, as the register writes it" if near else "names of groups",
                    9,
                    "groups",
                )
        rows = []
        for group in sorted(named if groups is None else set(groups)):
            early = sum(
                any(
                    one == group and np.datetime64(date, "D") < np.datetime64(m.adopted, "D")
                    for one, date in m.heard
                )
                for m in adopted
            )
            share = 100 * early / len(adopted) if adopted else np.nan
            rows.append((group, early, len(adopted), share))
        return pd.DataFrame(rows, columns=["group", "heard_before", "adopted", "share"])

    def answers(self, date: str, *, implemented: bool = False) -> dict[str, str]:
        """Return the items that measures in force raise, with the highest value that each gives.

        Parameters
        ----------
        date : str
            ISO date.
        implemented : bool
            Whether only measures that are carried out count.
        """
        ask(implemented, bool, "Register.answers", "implemented", "True or False")
        day(date, "Register.answers", "date")
        stages = ("implemented",) if implemented else ("in_force", "implemented")
        found: dict[str, Fraction] = {}
        for measure in self.measures:
            if measure.stage(date) in stages:
                for item, value in measure.raises:
                    found[item] = max(found.get(item, Fraction(value)), Fraction(value))
        return {item: str(value) for item, value in found.items()}
