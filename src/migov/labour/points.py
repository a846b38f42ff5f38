"""Points systems as dated data: criteria, what counts together at most, what has to be met."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core.columns import Faults
from migov.core.errors import DimensionError, KindError, ParameterError, TimeError
from migov.core.parameters import number
from migov.labour import protected
from migov.labour.arguments import several
from migov.labour.points_parts import (
    Criterion,
    Requirement,
    as_tuple,
    check_rows,
    tuples,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@attrs.frozen(kw_only=True)
class PointsSystem:
    """A points system as the law has it in a period. Not advice, and not a decision on anybody.

    Parameters
    ----------
    name, law : str
        Its name; the law it stands in. Points by age are admitted only where a law gives them;
        points by any other protected attribute never.
    valid_from, valid_to : str
        Dates from which, and before which, it is in force; no `valid_to` while it is.
    pass_mark : int
        The least number of points.
    criteria : tuple of Criterion
        What gives points.
    best_of : mapping of str to sequence of str
        Criteria of which only the highest counts.
    at_most : mapping of str to (sequence of str, int)
        Criteria whose sum counts up to a number.
    requirements : tuple of Requirement
        What has to be met besides.
    area : str
        ISO 3166-1 alpha-3 of the State.
    source : str
        Where its rules were read, and which were not seen at the text of the law.

    Examples
    --------
    >>> system = PointsSystem(
    ...     name="example", law="none", valid_from="2024-01-01", pass_mark=2,
    ...     criteria=(Criterion(name="german", labels={"none": 0, "B1": 2}),))
    >>> table = pd.DataFrame({"person": ["a", "b"], "german": ["B1", "none"]})
    >>> system.score(table, on="2025-01-01").passes.values
    array([ True, False])
    """

    name: str
    law: str
    valid_from: str
    valid_to: str = ""
    pass_mark: int
    criteria: tuple[Criterion, ...] = attrs.field(converter=as_tuple)
    best_of: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default=(), converter=tuples)
    at_most: tuple[tuple[str, tuple[tuple[str, ...], int]], ...] = attrs.field(
        default=(), converter=tuples
    )
    requirements: tuple[Requirement, ...] = attrs.field(default=(), converter=as_tuple)
    area: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"PointsSystem {self.name!r}"
        several(self.criteria, Criterion, where, "criteria")
        several(self.requirements, Requirement, where, "requirements")
        check_rows(self.best_of, 2, where, "best_of")
        check_rows(self.at_most, 2, where, "at_most")
        for _, some in self.best_of:
            several(some, str, where, "best_of")
        for _, row in self.at_most:
            check_rows((row,), 2, where, "at_most")
            several(row[0], str, where, "at_most")
            number(row[1], where, "at_most", low=0.0)
        names = [c.name for c in self.criteria]
        if len(set(names)) < len(names) or not names:
            raise ParameterError(
                where,
                "criteria without a name of their own",
                "a name of its own for each criterion",
                9,
                "criteria",
            )
        grouped = [n for _, some in self.best_of for n in some]
        grouped += [n for _, (some, _) in self.at_most for n in some]
        odd = [n for n in grouped if n not in names]
        if odd or len(set(grouped)) < len(grouped):
            told = f"{odd[0]!r} is no criterion" if odd else "a criterion stands in two groups"
            raise ParameterError(where, told, "names of criteria, each in one group", 9, "best_of")
        for criterion in self.criteria:
            for given in {criterion.name, criterion.source}:
                word = protected.attribute(given)
                if word is not None and not (word in ("age", "ages") and self.law.strip()):
                    protected.refuse([given], where, "criteria")
        if isinstance(self.pass_mark, bool) or not isinstance(self.pass_mark, int):
            raise ParameterError(
                where, f"pass_mark={self.pass_mark!r}", "a whole number", 9, "pass_mark"
            )
        if self.pass_mark > self.most:
            raise ParameterError(
                where, f"pass_mark={self.pass_mark}, at most {self.most} points can be had",
                "a mark within reach", 9, "pass_mark",
            )  # fmt: skip
        for given, value in (("valid_from", self.valid_from), ("valid_to", self.valid_to)):
            if value or given == "valid_from":
                _date(value, where, given)
        if self.valid_to and self.valid_to <= self.valid_from:
            raise TimeError(
                where,
                f"valid_to={self.valid_to} is not after {self.valid_from}",
                "a later date, or none",
                1,
                "valid_to",
            )

    @property
    def most(self) -> int:
        """The most points that anybody can have."""
        by_name = {c.name: c.most for c in self.criteria}
        total = sum(by_name.values())
        for _, some in self.best_of:
            total -= sum(by_name[n] for n in some) - max(by_name[n] for n in some)
        for _, (some, cap) in self.at_most:
            total -= max(sum(by_name[n] for n in some) - cap, 0)
        return total

    def score(self, applicants: pd.DataFrame, *, on: str, person: str = "person") -> xr.Dataset:
        """Return the points of each row of a table.

        Parameters
        ----------
        applicants : DataFrame
            One row a person, with a column for each criterion and condition. Nothing is filled:
            who has no certificate says ``none``.
        on : str
            Date, on which the system has to be in force.
        person : str
            Column of labels.

        Returns
        -------
        Dataset {person, criterion}
            ``points`` by criterion as counted, ``total``, ``meets`` {person, requirement},
            ``passes``, and ``reason``: ``points``, the requirement that is not met, or "".

        Raises
        ------
        DataError
            Missing or unknown entries, persons twice.
        TimeError
            The system is not in force on that date.
        DimensionError, KindError
            A column is absent; no data frame.
        """
        where = f"PointsSystem {self.name!r}"
        self._in_force(on, where)
        if not isinstance(applicants, pd.DataFrame):
            raise KindError(
                where,
                f"applicants is a {type(applicants).__name__}",
                "a DataFrame",
                None,
                "applicants",
            )
        if not len(applicants):
            raise DimensionError(
                where, "applicants has no rows", "one row a person", 8, "applicants"
            )
        needed = [person, *(c.source for c in self.criteria)]
        needed += [c.column for r in self.requirements for c in r.any_of]
        absent = [n for n in needed if n not in applicants.columns]
        if absent:
            raise DimensionError(
                where,
                f"applicants lacks the column {absent[0]!r}",
                "a column for each criterion",
                8,
                "applicants",
            )
        faults = Faults(where, applicants)
        labels = applicants[person].to_numpy(object)
        odd = [x for x in labels if x.__hash__ is None]
        if odd:
            raise KindError(
                where, f"{person!r} holds {odd[0]!r:.60}", "texts or numbers", None, "person"
            )
        if applicants[person].isna().any():
            empty = np.flatnonzero(applicants[person].isna().to_numpy())
            faults.add(f"'{person}': no label", empty)
        if len(set(labels)) < len(labels):
            twice = applicants[person].duplicated(keep=False).to_numpy()
            faults.add(f"'{person}': the same person in several rows", np.flatnonzero(twice))
        given = {c.name: c.read(applicants, faults) for c in self.criteria}
        met = {
            r.name: np.any([c.read(applicants, faults) for c in r.any_of], axis=0)
            for r in self.requirements
        }
        faults.check()
        return self._dataset(labels, self._counted(given), met, on)

    def _in_force(self, on: str, where: str) -> None:
        date = _date(on, where, "on")
        late = bool(self.valid_to) and date >= _date(self.valid_to, where, "valid_to")
        if date < _date(self.valid_from, where, "valid_from") or late:
            until = f" until {self.valid_to}" if self.valid_to else ""
            raise TimeError(
                where, f"on={on!r}, in force from {self.valid_from}{until}", "another date", 1, "on"
            )

    def _counted(self, given: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
        """Return the points that count: the best of some, others up to their sum's cap."""
        out = dict(given)
        for _, some in self.best_of:
            stacked = np.stack([given[n] for n in some])
            best = np.argmax(stacked, axis=0)
            for i, n in enumerate(some):
                out[n] = np.where(best == i, given[n], 0)
        for _, (some, cap) in self.at_most:
            left = np.full(len(given[some[0]]), cap, np.int64)
            for n in some:
                out[n] = np.minimum(given[n], left)
                left = left - out[n]
        return out

    def _dataset(
        self, labels: Any, counted: dict[str, Any], met: dict[str, Any], on: str
    ) -> xr.Dataset:
        points = np.stack(list(counted.values()), axis=1)
        total = points.sum(axis=1)
        meets = np.stack(list(met.values()), axis=1) if met else np.ones((len(labels), 0), np.bool_)
        passes = (total >= self.pass_mark) & meets.all(axis=1)
        reason = np.where(passes, "", "points").astype(object)
        for i, name in reversed(list(enumerate(met))):
            reason[~meets[:, i]] = name
        out = xr.Dataset(
            {
                "points": (("person", "criterion"), points, {"long_name": "points as counted"}),
                "total": ("person", total, {"long_name": "points in all"}),
                "meets": (("person", "requirement"), meets, {"long_name": "requirement met"}),
                "passes": ("person", passes, {"long_name": "pass mark and requirements met"}),
                "reason": ("person", reason, {"long_name": "why not"}),
            },
            coords={"person": labels, "criterion": list(counted), "requirement": list(met)},
        )
        for x in out.data_vars.values():
            x.attrs["units"] = "1"
        out.attrs = {
            "title": self.name,
            "note": protected.NOTE,
            "law": self.law,
            "area": self.area,
            "source": self.source,
            "on": on,
            "pass_mark": self.pass_mark,
            "most": self.most,
        }
        return out


def _date(text: Any, where: str, argument: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(str(text))
    except ValueError:
        raise TimeError(
            where, f"{argument}={text!r} is no date", "'2024-06-01'", 1, argument
        ) from None
