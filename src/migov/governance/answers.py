"""Answers to an instrument: values with evidence, validity, who answered, and their history."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core.columns import counted
from migov.core.errors import DataError, InputError, ParameterError, TimeError
from migov.governance.asked import ask_text
from migov.governance.days import day
from migov.governance.overriding import settled

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

COLUMNS = (
    "area node value start end recorded assessor assessor_kind confidence reason source "
    "evidence_date link note"
).split()
"""Columns of a table of answers."""

DATES = ("start", "end", "recorded", "evidence_date")


@attrs.frozen(eq=False)
class Answers:
    """Answers with their evidence and history; read by :meth:`from_frame`.

    Parameters
    ----------
    rows : DataFrame
        The columns of :data:`COLUMNS`, checked; ``value`` an exact text, empty where missing.
    numerator : ndarray of int64 (rows,)
        Values over :attr:`denominator`, 0 where missing.
    denominator : int

    Notes
    -----
    An answer is in force from ``start`` until before ``end``; without an end until the next
    answer of the same assessor to the same item, or for ever. One whose end is its start holds
    at that date only. Among answers of one assessor with the same start, the one recorded last
    replaces the others, which stay in :meth:`history`; one recorded later also ends, at its
    start, an earlier answer of that assessor that would have held beyond, and, if it has an end,
    replaces until then answers that begin inside it. An answer at one date does not end one that
    has no end. Without a date of recording an answer counts as the first recorded. A row without
    node says why an area did not answer at all.

    Examples
    --------
    >>> frame = pd.DataFrame({"area": ["MDA", "MDA"], "node": ["D1A", "D1B"],
    ...                       "value": ["1", "0.5"], "start": ["2019-07-01", "2019-07-01"]})
    >>> answers = Answers.from_frame(frame)
    >>> answers.value("MDA", "D1B", "2020-01-01")
    Fraction(1, 2)
    """

    rows: pd.DataFrame
    numerator: Any
    denominator: int

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        time: str | None = None,
        columns: Mapping[str, str] | None = None,
        values: Mapping[str, Any] | None = None,
        codes: bool = True,
        **fixed: str,
    ) -> Answers:
        """Return answers from a table with one answer a row.

        Parameters
        ----------
        frame : DataFrame
            ``area``, ``node``, ``value`` and a date: ``start`` (with or without ``end``), or
            ``time`` or ``year`` for answers that hold at that date only. Further columns of
            :data:`COLUMNS` are evidence and assessor. Other columns are refused.
        time : str, optional
            What a year alone means, ``"31 December"``; where no column holds a date, the ISO
            date at which all answers hold.
        columns : mapping of str to str, optional
            Name in `frame` to name here.
        values : mapping of str to exact number, optional
            What words mean, ``{"yes": 1, "no": 0}``.
        codes : bool
            Whether areas are codes or names of countries, brought to ISO alpha-3; False for
            agreements, provinces or cases.
        **fixed : str
            Columns with one value, ``assessor_kind="government"``.

        Raises
        ------
        DataError
            All faults of the table together, with row, area and node: binary floats, unknown
            areas, a value beside a reason, evidence dated in the future.
        TimeError
            No date, or a year without its meaning.
        """
        from migov.governance.answers_read import read

        names, words = ({} if told is None else told for told in (columns, values))
        return read(frame, time, names, words, codes, fixed)

    @classmethod
    def from_spreadsheet(
        cls, path: str | os.PathLike[str], *, sheet: str | int = 0, **layout: Any
    ) -> Answers:
        """Return answers from a sheet of a workbook; cells are read as they stand.

        Parameters
        ----------
        path : str or path
            Of an XLSX, XLS or ODS file.
        sheet : str or int
            Name or place of the sheet; its first row names the columns.
        **layout
            The keywords of :meth:`from_frame`.

        Raises
        ------
        ExtraError
            ``python-calamine`` is not installed.
        FileError
            No workbook, or no such sheet.
        DataError
            See :meth:`from_frame`.
        """
        from migov.governance.answers_read import spreadsheet

        return cls.from_frame(spreadsheet(path, sheet), **layout)

    def __len__(self) -> int:
        return len(self.rows)

    def identical(self, other: Answers) -> bool:
        """Tell whether two sets of answers hold the same rows."""
        return self.rows.reset_index(drop=True).equals(other.rows.reset_index(drop=True))

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the areas, sorted."""
        return tuple(sorted(set(self.rows["area"])))

    @property
    def assessors(self) -> tuple[str, ...]:
        """Return the kinds of assessors, ``unstated`` where the table does not say."""
        kinds = self.rows["assessor_kind"].replace("", "unstated")
        return tuple(sorted(set(kinds)))

    def history(self, area: str | None = None, node: str | None = None) -> pd.DataFrame:
        """Return all answers ever recorded, of an area or node: who answered what when."""
        chosen = self.rows
        for column, wanted in (("area", area), ("node", node)):
            if wanted is not None:
                ask_text(wanted, "Answers.history", column, "one code")
                chosen = chosen[chosen[column] == wanted]
        return chosen.sort_values(["area", "node", "start", "recorded"]).reset_index(drop=True)

    def _where(self, keep: Any) -> Answers:
        return Answers(
            self.rows[keep].reset_index(drop=True), self.numerator[keep], self.denominator
        )

    def by(self, *kinds: str, assessor: str | None = None) -> Answers:
        """Return the answers of some kinds of assessors, or of one assessor.

        Parameters
        ----------
        *kinds : str
            As in ``assessor_kind``, ``unstated`` where the table does not say; all where absent.
        assessor : str, optional
            Name of who answered, as in the table.

        Raises
        ------
        ParameterError
            None has answered.
        """
        every = self.rows["assessor_kind"].replace("", "unstated")
        keep = (every.isin(kinds) if kinds or assessor is None else every != "").to_numpy()
        if assessor is not None:
            ask_text(assessor, "Answers.by", "assessor", "the name of one assessor")
            keep = keep & (self.rows["assessor"] == assessor).to_numpy()
        if assessor is not None and not keep.any():
            known = ", ".join(sorted(filter(None, set(self.rows["assessor"])))[:8])
            raise ParameterError(
                "Answers.by",
                f"no answers by {' '.join((*kinds, repr(assessor)))}",
                f"one of {known or 'the kinds'}; kinds: {', '.join(self.assessors)}",
                9,
                "assessor",
            )
        if not keep.any():
            raise ParameterError(
                "Answers.by",
                f"no answers by {', '.join(kinds)}",
                f"one of {', '.join(self.assessors)}",
                9,
                "kinds",
            )
        return self._where(keep)

    def as_of(self, recorded: str) -> Answers:
        """Return what had been recorded by a date.

        Raises
        ------
        TimeError
            Answers do not say when they were recorded.
        """
        until = day(recorded, "Answers.as_of", "recorded")
        dates = self.rows["recorded"].to_numpy()
        if np.isnat(dates).any():
            raise TimeError(
                "Answers.as_of",
                f"{int(np.isnat(dates).sum())} answers have no date of recording",
                "a column 'recorded'",
                1,
                "recorded",
            )
        return self._where(dates.astype("M8[D]") <= until.astype("M8[D]"))

    def value(self, area: str, node: str, date: str) -> Fraction | None:
        """Return the answer in force at a date, None where there is none."""
        ask_text(area, "Answers.value", "area", "one code")
        ask_text(node, "Answers.value", "node", "one item")
        held = in_force(self._where((self.rows["area"] == area).to_numpy()), "Answers.value")
        when = day(date, "Answers.value", "date")
        rows = held.rows
        start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
        here = (start <= when) & (np.isnat(end) | (when < end) | (start == when))
        found = np.flatnonzero(here & (rows["node"] == node).to_numpy())
        if not found.size or rows["value"].iloc[found[0]] == "":
            return None
        return Fraction(int(held.numerator[found[0]]), held.denominator)

    def changed(self, area: str, values: Mapping[str, Any], date: str, **about: str) -> Answers:
        """Return the answers with some items of an area answered anew from a date on.

        Nothing is taken out of the history. What was in force stays until that date; an
        answer that begins later takes over when it begins.

        Parameters
        ----------
        area : str
        values : mapping of str to exact number
            By item.
        date : str
            ISO date from which they hold.
        **about : str
            Further columns, ``source``, ``evidence_date`` …; ``recorded`` is today and the
            assessor the one whose answer is in force, where absent.

        Raises
        ------
        CodeError
            No answer is of this area, or a column does not exist.
        ParameterError
            A binary float, or no number; another assessor than the one whose answer is in
            force, or several.
        """
        from migov.governance.changing import changed

        return changed(self, area, values, date, about)


def joined(parts: Sequence[Answers]) -> Answers:
    """Return several sets of answers as one.

    Raises
    ------
    InputError
        None is given.
    """
    if not parts:
        raise InputError(
            "Answers.joined", "no answers are given", "one or more Answers", 9, "parts"
        )
    below = lcm(*(part.denominator for part in parts))
    return Answers(
        pd.concat([part.rows for part in parts], ignore_index=True),
        np.concatenate([part.numerator * (below // part.denominator) for part in parts]),
        below,
    )


def in_force(answers: Answers, where: str) -> Answers:
    """Return the answers without those replaced, open ends closed by the next answer.

    Raises
    ------
    DataError
        Two answers to one item are in force at once.
    InputError
        There are no answers.
    """
    rows = answers.rows
    if not len(rows):
        raise InputError(where, "there are no answers", "rows of this area and date", 7, "answers")
    first = np.datetime64("0001-01-01", "s")
    when = rows["recorded"].to_numpy()
    when = np.where(np.isnat(when), first, when)
    area_code, node_code = pd.factorize(rows["area"])[0], pd.factorize(rows["node"])[0]
    whose = pd.factorize(rows["assessor_kind"] + "\0" + rows["assessor"])[0]
    items, people = int(node_code.max()) + 1, int(whose.max()) + 1
    cut = settled(rows, (area_code * items + node_code) * people + whose, when)
    if cut is not None:
        at = cut["place"].to_numpy()
        rows = rows.iloc[at].reset_index(drop=True)
        rows = rows.assign(start=cut["start"].to_numpy(), end=cut["end"].to_numpy())
        answers = Answers(rows, answers.numerator[at], answers.denominator)
        when, area_code, node_code, whose = when[at], area_code[at], node_code[at], whose[at]
    order = np.lexsort((when, rows["start"].to_numpy(), node_code, area_code))
    area, node, said = area_code[order], node_code[order], when[order]
    who = whose[order]
    start, end = rows["start"].to_numpy()[order], rows["end"].to_numpy()[order].copy()
    same = (area[1:] == area[:-1]) & (node[1:] == node[:-1])
    one = same & (who[1:] == who[:-1])
    again = one & (start[1:] == start[:-1])
    newer = said[1:] > said[:-1]
    replaced = np.append(again & newer, False)
    twice = again & ~newer
    ends = one & ~again & (np.isnat(end[:-1]) | (newer & (end[:-1] > start[1:])))
    end[:-1][ends] = start[1:][ends]
    keep = np.flatnonzero(~replaced)
    a, n, s, e = area[keep], node[keep], start[keep], end[keep]
    near = (a[1:] == a[:-1]) & (n[1:] == n[:-1])
    over = near & (np.isnat(e[:-1]) | (e[:-1] > s[1:]) | (s[1:] == s[:-1]))
    clash = np.union1d(keep[1:][over], np.flatnonzero(twice) + 1)
    if clash.size:
        _refuse(answers, order, clash, where)
    kept = order[keep]
    held = rows.iloc[kept].reset_index(drop=True).assign(end=e)
    return Answers(held, answers.numerator[kept], answers.denominator)


def _refuse(answers: Answers, order: Any, clash: Any, where: str) -> None:
    rows = answers.rows
    told = []
    for place in clash[:20]:
        later, first = rows.iloc[order[place]], rows.iloc[order[place - 1]]
        begins = [str(row["start"])[:10] for row in (first, later)]
        whose = [
            " ".join(filter(None, (row["assessor_kind"], row["assessor"]))) or "unstated"
            for row in (first, later)
        ]
        told.append(
            f"{later['area']}, {later['node'] or 'whole instrument'}: "
            f"{first['value'] or 'missing'} from {begins[0]} ({whose[0]}) and "
            f"{later['value'] or 'missing'} from {begins[1]} ({whose[1]})"
        )
    more = len(clash) - len(told)
    raise DataError(
        where,
        f"{counted(len(clash), 'time')} two answers are in force at once",
        "an end for the first, a date of recording for the correction, or of two who answered "
        "one: answers.by(kind), answers.by(assessor=name)",
        4,
        "answers",
        (*told, *((f"and {more} more",) if more else ())),
    )
