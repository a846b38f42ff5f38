"""Parts of a points system: criteria that give points, conditions that have to be met."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd

from migov.core.columns import Faults
from migov.core.errors import ParameterError
from migov.labour.arguments import figures, several

if TYPE_CHECKING:
    from numpy.typing import NDArray


def tuples(given: Any) -> Any:
    """Return a mapping as pairs, a sequence of sequences as tuples."""
    if hasattr(given, "items"):
        return tuple(given.items())
    if not isinstance(given, list | tuple):
        return given
    return tuple(tuple(x) if isinstance(x, list | tuple) else x for x in given)


def as_tuple(given: Any) -> Any:
    """Return a list as a tuple, anything else as it is."""
    return tuple(given) if isinstance(given, list | tuple) else given


def check_rows(given: Any, length: int, where: str, argument: str) -> None:
    """Refuse what is no tuple of tuples of one length."""
    fits = isinstance(given, tuple) and all(
        isinstance(row, tuple) and len(row) == length for row in given
    )
    if not fits:
        raise ParameterError(
            where, f"{argument}={given!r:.80}", f"rows of {length} entries", 9, argument
        )


def check_text(value: Any, where: str, argument: str) -> None:
    """Refuse what is no text, or an empty one."""
    if not isinstance(value, str) or not value.strip():
        raise ParameterError(where, f"{argument}={value!r}", "a text", 9, argument)


@attrs.frozen(kw_only=True)
class Criterion:
    """What gives points: bands of a number, or labels.

    Parameters
    ----------
    name : str
        Its name; the column that is read unless `column` is given.
    bands : sequence of (float, float, int)
        From, to and points, both ends included; numbers are completed units, 24.9 years are 24,
        and give nothing outside the bands.
    labels : mapping of str to int
        Points of each label; a label that is not here is a fault of the table.
    points : int, optional
        Points of a plain yes.
    column : str, optional
        Column of the table.
    lowest, highest : float
        With `bands`: completed units that a person can have; others are a fault of the table.
    within : str, optional
        With `bands`: column of a number that contains this one, and cannot be less.

    Examples
    --------
    >>> Criterion(name="german", labels={"none": 0, "A2": 1, "B1": 2, "B2": 3}).most
    3
    """

    name: str
    bands: tuple[tuple[float, float, int], ...] = attrs.field(default=(), converter=tuples)
    labels: tuple[tuple[str, int], ...] = attrs.field(default=(), converter=tuples)
    points: int | None = None
    column: str = ""
    lowest: float = -np.inf
    highest: float = np.inf
    within: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"Criterion {self.name!r}"
        check_text(self.name, where, "name")
        check_rows(self.bands, 3, where, "bands")
        check_rows(self.labels, 2, where, "labels")
        if bool(self.bands) + bool(self.labels) + (self.points is not None) != 1:
            raise ParameterError(
                where, "give one of bands, labels, points", "bands=, labels= or points=", 9, "bands"
            )
        bounded = self.lowest > -np.inf or self.highest < np.inf or bool(self.within)
        if (bounded and not self.bands) or not self.lowest <= self.highest:
            raise ParameterError(
                where, f"lowest={self.lowest:g}, highest={self.highest:g}, within={self.within!r}",
                "bounds of a number, the lowest first, with bands", 9, "lowest",
            )  # fmt: skip
        for low, high, _ in self.bands:
            if not low <= high:
                raise ParameterError(
                    where, f"a band from {low} to {high}", "its end above its start", 9, "bands"
                )
        given = [b[2] for b in self.bands] + [p for _, p in self.labels]
        given += [] if self.points is None else [self.points]
        if any(not isinstance(p, int) or isinstance(p, bool) for p in given):
            raise ParameterError(
                where, "points are whole numbers", "whole numbers of points", 9, "points"
            )
        ends = sorted(self.bands)
        for (_, high, _), (low, _, _) in pairwise(ends):
            if low <= high:
                raise ParameterError(
                    where,
                    f"bands overlap at {low:g}",
                    "bands that end where the next begins",
                    9,
                    "bands",
                )

    @property
    def most(self) -> int:
        """The most points that it gives."""
        given = [b[2] for b in self.bands] + [p for _, p in self.labels]
        return max([*given, self.points or 0, 0])

    @property
    def source(self) -> str:
        """The column that is read."""
        return self.column or self.name

    def read(self, frame: pd.DataFrame, faults: Faults) -> NDArray[np.int64]:
        """Return the points of each row."""
        column = frame[self.source]
        if self.bands:
            found = figures(column, faults)
            _missing(np.isnan(found), self.source, faults)
            completed = np.floor(found)
            self._possible(completed, frame, faults)
            out = np.zeros(len(frame), np.int64)
            for low, high, points in self.bands:
                out[(completed >= low) & (completed <= high)] = points
            return out
        if self.labels:
            return _labels(column, dict(self.labels), faults)
        return _yes(column, faults) * int(self.points or 0)

    def _possible(self, given: NDArray[Any], frame: pd.DataFrame, faults: Faults) -> None:
        """Add what no person can have, such as a year of birth for an age."""
        odd = np.flatnonzero((given < self.lowest) | (given > self.highest))
        if odd.size:
            faults.add(
                f"'{self.source}': {given[odd[0]]:g} cannot be: completed units, from "
                f"{self.lowest:g} to {self.highest:g}",
                odd,
            )
        if not self.within or self.within not in frame.columns:
            return
        whole = np.floor(figures(frame[self.within], Faults(faults.where, frame)))
        odd = np.flatnonzero(given > whole)
        if odd.size:
            faults.add(f"'{self.source}': more than '{self.within}', which contains it", odd)


@attrs.frozen(kw_only=True)
class Condition:
    """A part of a requirement: a number within bounds, or one of some labels.

    Parameters
    ----------
    column : str
        Column of the table.
    least, most : float, optional
        Bounds in completed units, both included.
    among : tuple of str
        Labels of which one has to be there.

    Examples
    --------
    >>> Condition(column="english", among=("B2", "C1", "C2")).column
    'english'
    """

    column: str
    least: float = -np.inf
    most: float = np.inf
    among: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        where = f"Condition {self.column!r}"
        check_text(self.column, where, "column")
        several(self.among, str, where, "among")
        bounded = self.least > -np.inf or self.most < np.inf
        if bounded == bool(self.among) or not self.least <= self.most:
            raise ParameterError(
                where, "give bounds, the least first, or labels", "least=, most= or among=", 9,
                "least",
            )  # fmt: skip

    def read(self, frame: pd.DataFrame, faults: Faults) -> NDArray[np.bool_]:
        """Return whether each row meets it."""
        column = frame[self.column]
        if self.among:
            texts = column.astype(object).where(column.notna(), "").astype(str)
            return np.asarray(texts.isin(self.among))
        if column.dtype.kind == "b" and np.isinf(self.least) and np.isinf(self.most):
            return np.asarray(column, np.bool_)
        found = figures(column.astype(float) if column.dtype.kind == "b" else column, faults)
        _missing(np.isnan(found), self.column, faults)
        completed = np.floor(found)
        return np.asarray((completed >= self.least) & (completed <= self.most))


@attrs.frozen(kw_only=True)
class Requirement:
    """What has to be met whatever the points: one of some conditions.

    Parameters
    ----------
    name : str
        Its name, which is the reason where it is not met.
    any_of : tuple of Condition
        Of which one suffices.
    """

    name: str
    any_of: tuple[Condition, ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        where = f"Requirement {self.name!r}"
        check_text(self.name, where, "name")
        if not several(self.any_of, Condition, where, "any_of"):
            raise ParameterError(where, "any_of is empty", "one Condition or more", 9, "any_of")


def _missing(absent: NDArray[np.bool_], name: str, faults: Faults) -> None:
    if absent.any():
        faults.add(f"'{name}': no number", np.flatnonzero(absent))


def _labels(column: pd.Series[Any], points: dict[str, int], faults: Faults) -> NDArray[np.int64]:
    codes, distinct = pd.factorize(column.astype(object), use_na_sentinel=True)
    _missing(codes < 0, str(column.name), faults)
    out = np.zeros(len(distinct) + 1, np.int64)
    for i, label in enumerate(distinct):
        if str(label) not in points:
            known = ", ".join(points)
            faults.add(
                f"'{column.name}': {label!r} is unknown: {known}", np.flatnonzero(codes == i)
            )
        out[i] = points.get(str(label), 0)
    return out[codes]


def _yes(column: pd.Series[Any], faults: Faults) -> NDArray[np.int64]:
    """Return 1 for yes and 0 for no; anything else is a fault."""
    words = {"true": 1, "yes": 1, "1": 1, "1.0": 1, "false": 0, "no": 0, "0": 0, "0.0": 0}
    texts = column.astype(object).map(lambda x: str(x).strip().lower())
    odd = ~texts.isin(list(words)).to_numpy()
    if odd.any():
        faults.add(f"'{column.name}': neither yes nor no", np.flatnonzero(odd))
    return np.asarray(texts.map(words).fillna(0).to_numpy(), np.int64)
