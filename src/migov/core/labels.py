"""Labels of a column: each distinct one read once, totals told from classes.

A coordinate of a code list is a partition: what is the sum of other labels is a total here and
has no place among them, and what overlaps otherwise is a fault.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import areas, codes, times
from migov.core.age_labels import read_ages
from migov.core.errors import CodeError, TimeError
from migov.core.partition import SPANS, is_total
from migov.core.reading import FAULTY, TOTAL, Reading, Rules, plain, tiles
from migov.core.regions import regions_apart
from migov.core.vocabulary import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


_SORTED = ("sex", "education", "occupation")
_NUMBERED = ("member", "quantile", "cohort", "duration")


def read(dimension: str, distinct: Sequence[Any], rules: Rules) -> Reading:
    """Read the distinct labels of a column for a dimension.

    Raises
    ------
    TimeError, AgeError
        The call does not say what years or ages mean.
    """
    state = dimension.removesuffix("_before").removesuffix("_after")
    if state != dimension and state in ("education", "occupation", "sector"):
        return attrs.evolve(read(state, distinct, rules), dimension=dimension)  # of moves
    known = [rules.spellings.get(plain(label), label) for label in distinct]
    if dimension in ("time", "period"):
        return _times(dimension, known, rules)
    if dimension == "age":
        return read_ages(known, rules)
    if dimension in ROLES:
        return _coded(dimension, known, lambda label: _area(label, rules.where), rules)
    if dimension == "sex":
        return _coded(dimension, known, lambda label: codes.sex(label, rules.where), rules)
    if dimension == "education":
        return _ranges("education", known, lambda x: codes.education(x, rules.where), rules)
    if dimension == "sector" and any(codes.activities(plain(label)) for label in known):
        return _ranges("sector", known, plain, rules)
    if dimension == "occupation":
        return _occupations(known, rules)
    return _free(dimension, known, rules)


def _area(label: object, where: str) -> str:
    text = plain(label)
    if text in codes.SPECIAL or is_total("area", text):
        return text
    return areas.code(text, where)


def _times(dimension: str, distinct: Sequence[Any], rules: Rules) -> Reading:
    """Read dates, years or intervals; years and intervals of both kinds at once are a fault."""
    found, starts, ends, wrong = times.read(distinct, rules.time, rules.where)
    faults: list[tuple[int | None, str]] = [*wrong]
    if dimension == "period" and found == "time" and not np.isnat(starts).all():
        raise TimeError(
            rules.where,
            f"a period needs its end, it holds {plain(distinct[0])}",
            'time="year" for calendar years, labels such as 2020-2025, or period_end="column"',
            1,
            "time",
        )
    bad = {place for place, _ in wrong}
    good = np.array([i not in bad for i in range(len(distinct))], bool)
    labels, inverse = np.unique(starts[good], return_inverse=True)
    places = np.full(len(distinct), FAULTY, np.intp)
    places[good] = inverse
    if ends is None:
        return Reading(dimension=found, labels=labels, places=places, faults=faults)
    last = np.full(len(labels), np.datetime64("NaT", "s"), "M8[s]")
    last[inverse] = ends[good]
    faults += [
        (int(i), f"{plain(distinct[int(i)])!r} starts with another interval of another end")
        for i in np.flatnonzero(good)
        if last[places[i]] != ends[i]
    ]
    over = np.flatnonzero(last[:-1] > labels[1:])
    if over.size:
        two = [f"{labels[over[0] + k]!s:.10} to {last[over[0] + k]!s:.10}" for k in (0, 1)]
        faults.append((None, f"the intervals {' and '.join(two)} overlap"))
    return Reading(
        dimension=found, labels=labels, places=places, beside={"period_end": last}, faults=faults
    )


def _coded(
    dimension: str, distinct: Sequence[Any], reader: Callable[[Any], str], rules: Rules
) -> Reading:
    """Read codes one by one; totals are told from classes."""
    found: list[str | None] = []
    faults: list[tuple[int | None, str]] = []
    for i, label in enumerate(distinct):
        try:
            found.append(reader(label))
        except CodeError as fault:
            found.append(None)
            faults.append((i, fault.what + (f": {fault.mend}" if "may be" in fault.what else "")))
    return _placed(dimension, found, faults, rules)


def _placed(
    dimension: str,
    found: Sequence[str | None],
    faults: list[tuple[int | None, str]],
    rules: Rules,
    sums: Mapping[str, Sequence[str]] | None = None,
) -> Reading:
    """Give each code its place; `sums` names the codes that others add up to."""
    present = list(dict.fromkeys(code for code in found if code is not None))
    whole = [code for code in present if is_total(dimension, code)]
    classes = [code for code in present if code not in whole]
    if dimension in ROLES and not classes:
        # A table by regions of the world: what is total among countries is a class here.
        regions = [code for code in whole if regions_apart([code])]
        if len(regions) > 1 and regions_apart(regions):
            classes, whole = regions, [code for code in whole if code not in regions]
    gone = dict.fromkeys(whole, classes) | dict(sums or {}) if classes else {}
    if not classes and len(whole) > 1 and rules.drop_totals:
        faults.append((None, f"the totals {', '.join(whole[:4])} overlap: keep one of them"))
    if not rules.drop_totals:
        gone = {}
    kept = [code for code in present if code not in gone]
    if dimension in _SORTED:
        kept = sorted(kept, key=lambda code: (code.startswith("_"), code))
    at = {code: place for place, code in enumerate(kept)}
    places = [FAULTY if code is None else at.get(code, TOTAL) for code in found]
    parts = {
        i: np.array([at[part] for part in gone[code] if part in at], np.intp)
        for i, code in enumerate(found)
        if code in gone
    }
    labels = np.array(kept, dtype=str) if kept else np.array([], "U1")
    return Reading(
        dimension=dimension,
        labels=labels,
        places=np.array(places, np.intp),
        parts=parts,
        faults=faults,
    )


def _occupations(distinct: Sequence[Any], rules: Rules) -> Reading:
    """Read occupations; a group beside all its subgroups is a total."""
    if any(isinstance(label, int | float | np.number) for label in distinct):
        lengths = {len(plain(label)) for label in distinct}
        if len(lengths) > 1:
            fault = "codes as numbers have lost their leading zeros: read the column as text"
            places = np.full(len(distinct), FAULTY, np.intp)
            empty = np.array([], "U1")
            return Reading(
                dimension="occupation", labels=empty, places=places, faults=[(None, fault)]
            )
    read = _coded(
        "occupation",
        distinct,
        lambda label: codes.occupation(label, rules.scheme, rules.where),
        attrs.evolve(rules, drop_totals=False),
    )
    found = [None if place < 0 else str(read.labels[place]) for place in read.places]
    faults = list(read.faults)
    if not rules.drop_totals:
        return read
    present = [code for code in dict.fromkeys(found) if code is not None and code.isdigit()]
    sums: dict[str, list[str]] = {}
    for code in present:
        inside = [c for c in present if c != code and c.startswith(code)]
        if not inside:
            continue
        level = min(map(len, inside))
        listed = codes.subgroups(code, rules.scheme) if level == len(code) + 1 else None
        absent = [group for group in listed or () if group not in inside]
        if listed is None or absent:
            lack = f", and {', '.join(absent[:4])} {'is' if len(absent) == 1 else 'are'} absent"
            faults.append(
                (
                    None,
                    f"{code} and its part {inside[0]} overlap{lack if absent else ''}: "
                    "keep one level",
                )
            )
        sums[code] = [c for c in inside if not any(o != c and o.startswith(c) for o in inside)]
    return _placed("occupation", found, faults, rules, sums)


def _ranges(
    dimension: str, distinct: Sequence[Any], reader: Callable[[Any], str], rules: Rules
) -> Reading:
    """Read levels of education or economic activities; a band beside its parts is a total."""
    of, told = SPANS[dimension][:2]
    read = _coded(dimension, distinct, reader, attrs.evolve(rules, drop_totals=False))
    if not rules.drop_totals:
        return read
    found = [None if place < 0 else str(read.labels[place]) for place in read.places]
    spans = {
        code: (float(ends[0]), float(ends[1] + 1))
        for code in dict.fromkeys(found)
        if code is not None and (ends := of(code)) is not None
    }
    groups = list(spans.values())
    sums = {
        code: [c for c, o in spans.items() if o != span and span[0] <= o[0] and o[1] <= span[1]]
        for code, span in spans.items()
        if tiles(span, groups) is not None
    }
    faults = list(read.faults)
    kept = sorted((span, code) for code, span in spans.items() if code not in sums)
    faults += [
        (None, f"{told} {one} and {two} overlap: keep one of them")
        for (first, one), (second, two) in pairwise(kept)
        if first[1] > second[0]
    ]
    return _placed(dimension, found, faults, rules, sums)


def _free(dimension: str, distinct: Sequence[Any], rules: Rules) -> Reading:
    """Take labels as they stand; numbers stay numbers."""
    texts = [plain(label) for label in distinct]
    read = _placed(dimension, texts, [], rules)
    numeric = all(
        isinstance(label, int | float | np.number) and not isinstance(label, bool)
        for label in distinct
    )
    if (numeric or dimension in _NUMBERED) and len(read.labels):
        try:
            labels = np.array([float(label) for label in read.labels])
        except ValueError:
            return read
        whole = bool((labels == np.floor(labels)).all()) and np.abs(labels).max() < 2**53
        return attrs.evolve(read, labels=labels.astype(np.int64) if whole else labels)
    return read


_LISTED = (*ROLES, "sex", "age", "education", "occupation", "sector", "time", "period")
"""Dimensions whose labels have one reading here."""


def read_classes(dimension: str, distinct: Sequence[Any], where: str) -> Reading | None:
    """Read the classes of persons as a table's labels are; None where any label will do.

    Calendar years are periods; totals stay, since every label counts persons here.

    Raises
    ------
    TimeError
        Years stand for instants.

    Examples
    --------
    >>> found = read_classes("sex", ["F", "M", "m", "male"], "crossings")
    >>> found.labels.tolist(), found.places.tolist()
    (['F', 'M'], [0, 1, 1, 1])
    """
    if dimension not in _LISTED:
        return None
    texts = [plain(label) for label in distinct]
    if dimension == "age" and any(text.isdigit() for text in texts):
        return None  # single years of persons: no group tells its width
    rules = Rules(where=where, drop_totals=False, time="year" if dimension == "period" else None)
    try:
        return read(dimension, distinct, rules)
    except TimeError as fault:
        raise TimeError(
            where,
            f"{dimension} {fault.what.removeprefix('it ')}",
            f"{dimension!r} takes dates, such as 2020-07-01; for calendar years the dimension is "
            "'period'",
            1,
            "by",
        ) from fault
