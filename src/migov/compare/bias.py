"""Which way a difference of definition biases a figure, and what could bridge it.

One rule for each field of a definition. A rule takes the two values, neither unknown, and says
which figure is the larger for the same people, why, and what would bring them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import attrs

from migov.core.definition import GROUPS, UNKNOWN, Definition

Larger = Literal["a", "b", "either", "no size"]


@attrs.frozen
class Bias:
    """What follows from one difference.

    Parameters
    ----------
    larger : {"a", "b", "either", "no size"}
        Which figure is the larger, all else equal; ``no size`` where they are two quantities.
    why : str
        The reason.
    bridge : str
        What could bring them together; empty where nothing does.
    """

    larger: Larger
    why: str
    bridge: str


Rule = Callable[[Any, Any, Definition, Definition], Bias]

_EVENTS = "event histories: migov.compare.Residence"
_CROSS = "migov.compare.by_criterion with a cross table of the two for the same population"
_SURVIVAL = "migov.compare.to_duration with the survival of stays"
_SAME_EDITION = "take both from one edition"
_NO_BRIDGE = ""


_CROSSED = {"birth", "citizenship"}
"""Marks that :func:`migov.compare.by_criterion` brings into each other."""


def _more(first: bool) -> Larger:
    return "a" if first else "b"


def _criterion(a: str, b: str, _: Definition, __: Definition) -> Bias:
    pair = {a, b}
    if "everyone" in pair:
        return Bias("no size", "one is a whole population, the other a part of one", _NO_BRIDGE)
    if pair == {"birth", "citizenship"}:
        why = (
            "naturalised persons born abroad count by birth only, foreigners born in the "
            "country by citizenship only; which are more depends on the law of nationality"
        )
        return Bias("either", why, _CROSS)
    if pair == {"citizenship", "citizenship_at_birth"}:
        why = "by citizenship at birth the naturalised stay foreign"
        return Bias(_more(a == "citizenship_at_birth"), why, "persons naturalised since birth")
    if "parents_birth" in pair:
        why = "by the parents' birth the descendants of migrants count too"
        return Bias(_more(a == "parents_birth"), why, "persons by their own and parents' birth")
    if pair == {"previous_residence", "next_residence"}:
        return Bias("no size", "one counts arrivals, the other departures", _NO_BRIDGE)
    if "origin_of_flight" in pair:
        why = (
            "one counts who fled from a country, born there or not and their children among them; "
            "the other counts all by another mark"
        )
        return Bias("either", why, "refugees by both marks, from the source that registers them")
    why = "the same person may come from one country by the one and from another by the other"
    return Bias("either", why, _CROSS if pair <= _CROSSED else "persons by both marks")


def _dual(a: str, b: str, _: Definition, __: Definition) -> Bias:
    order = ("national", "foreign", "both")
    why = "persons of two citizenships are foreign in one figure, national or twice in the other"
    return Bias(_more(order.index(a) > order.index(b)), why, "the number of dual citizens")


def _residence(a: str, b: str, first: Definition, second: Definition) -> Bias:
    pair = {a, b}
    if pair == {"present", "usual"} and _moves(first) and _moves(second):
        why = (
            "one counts moves that change the country of residence, the other moves that change "
            "none"
        )
        return Bias("either", why, _EVENTS)
    if "registered" in pair and "present" not in pair:
        why = (
            "registers keep people who left without deregistering; where many emigrate the "
            "registered are more"
        )
        return Bias(_more(a == "registered"), why, "signs of life, or a census link")
    if "present" in pair:
        why = (
            "persons present include visitors and lack residents who are abroad; where many "
            "work abroad for a time the two differ by these"
        )
        return Bias("either", why, "persons temporarily absent and temporarily present")
    why = "legal residence leaves out irregular residents and keeps absent permit holders"
    return Bias("either", why, "permits not used and estimates of irregular residents")


def _moves(definition: Definition) -> bool:
    """Tell whether moves or arrivals are counted and not a resident population."""
    return definition.criterion in ("previous_residence", "next_residence") or (
        definition.direction in ("in", "out", "both")
    )


def _apart(first: Definition, second: Definition) -> Bias | None:
    """Return what follows where no stay is in both figures, or None."""
    for one, other in ((first, second), (second, first)):
        up_to, at_least = one.stay_limit, other.stay_months
        if isinstance(up_to, str) or isinstance(at_least, str):
            continue
        if up_to <= at_least:
            why = (
                f"no stay is in both: one counts stays up to {up_to:g} months, the other from "
                f"{at_least:g}"
            )
            return Bias("no size", why, "both together, or figures by length of stay")
    return None


def _bridge_of_stays(first: Definition, second: Definition) -> str:
    """Return what turns one threshold into the other: survival for moves counted in a row."""
    moves = ("previous_residence", "next_residence")
    in_a_row = "cumulative" not in (first.stay_count, second.stay_count)
    known = all(given.criterion in (*moves, UNKNOWN) for given in (first, second))
    return _SURVIVAL if in_a_row and known else _EVENTS


def _limit(a: float | str, b: float | str, first: Definition, second: Definition) -> Bias:
    if (apart := _apart(first, second)) is not None:
        return apart
    ends = [float("inf") if end == "none" else float(end) for end in (a, b)]
    why = f"stays beyond {min(ends):g} months are left out of one figure"
    return Bias(_more(ends[0] > ends[1]), why, "figures by length of stay")


def _stay(a: float, b: float, first: Definition, second: Definition) -> Bias:
    short = min(a, b)
    if _moves(first) or _moves(second):
        if (apart := _apart(first, second)) is not None:
            return apart
        why = f"stays from {short:g} months count; the higher threshold leaves the shorter out"
        return Bias(_more(a < b), why, _bridge_of_stays(first, second))
    why = (
        f"arrivals are residents after {short:g} months in one figure, later in the other: the "
        "lower threshold gives more residents in a country of immigration"
    )
    return Bias(_more(a < b), why, _SURVIVAL + " applied to arrivals; the stock needs both flows")


def _exit(a: float, b: float, first: Definition, second: Definition) -> Bias:
    if _moves(first) or _moves(second):
        if (apart := _apart(first, second)) is not None:
            return apart
        why = "departures count after a shorter absence in one figure"
        bridge = _bridge_of_stays(first, second)
        return Bias(_more(a < b), why, bridge + (" of absences" if bridge == _SURVIVAL else ""))
    why = "who is away stays a resident longer with the higher threshold of absence"
    return Bias(_more(a > b), why, "residents abroad by time of absence")


def _count(a: str, b: str, _: Definition, __: Definition) -> Bias:
    why = (
        "months that add up may be interrupted: persons who come and go are residents by the "
        "cumulative count and not by the continuous one"
    )
    return Bias(_more(a == "cumulative"), why, _EVENTS)


def _window(a: float, b: float, _: Definition, __: Definition) -> Bias:
    why = "the same months are more easily reached within a longer window"
    return Bias(_more(a > b), why, _EVENTS)


def _basis(a: str, b: str, _: Definition, __: Definition) -> Bias:
    pair = {a, b}
    if "permit_validity" in pair:
        why = (
            "permits leave out those who need none and count holders who left, or never came, "
            "for as long as the permit runs"
        )
    elif "signs_of_life" in pair:
        why = "persons without any trace in registers are missed"
        return Bias(_more(a != "signs_of_life"), why, "a survey of coverage")
    else:
        why = "intentions include stays cut short and lack stays that grew longer"
    return Bias("either", why, "rates of stay: the share of arrivals still there after the months")


def _stock_basis(a: str, b: str, _: Definition, __: Definition) -> Bias:
    why = "an average over the year and a date within it differ by half a year of change"
    return Bias("either", why, "migov.compare.to_date, or both as averages")


def _counts(a: str, b: str, _: Definition, __: Definition) -> Bias:
    order = ("persons", "moves", "permits", "detections", "contracts", "posts")
    if "persons" in (a, b):
        other = b if a == "persons" else a
        why = f"one person may stand behind several {other}"
        larger = _more(a != "persons")
        if other in ("detections", "posts"):
            larger, why = "either", why + ", and not every person is behind one"
        return Bias(larger, why, f"persons by number of {other}")
    first, second = sorted((a, b), key=order.index)
    return Bias("no size", f"{first} and {second} are two kinds of acts", _NO_BRIDGE)


def _first_only(a: str, b: str, _: Definition, __: Definition) -> Bias:
    return Bias(_more(a == "no"), "one figure leaves out repeats", "repeats by person")


def _direction(a: str, b: str, _: Definition, __: Definition) -> Bias:
    if "both" in (a, b):
        why = "one figure counts arrivals and departures together"
        return Bias(_more(a == "both"), why, "arrivals and departures apart")
    return Bias("no size", "arrivals and departures are two flows", _NO_BRIDGE)


def _territory(a: str, b: str, _: Definition, __: Definition) -> Bias:
    why = "the figures cover other parts of the country"
    return Bias("either", why, "a figure for the part that one of them lacks")


def _base(a: str, b: str, _: Definition, __: Definition) -> Bias:
    if "residents_plus_non_resident_workers" in (a, b) and "present" not in (a, b):
        larger = _more(a.startswith("residents_plus"))
        why = "frontier, seasonal and posted workers are added to residents in one figure"
        return Bias(larger, why, "non-resident foreign workers")
    why = "persons present and residents differ by visitors and by residents who are abroad"
    return Bias("either", why, "persons temporarily absent and temporarily present")


def _standard(a: str, b: str, _: Definition, __: Definition) -> Bias:
    if "none" in (a, b):
        return Bias(
            "either", "one source follows no standard of the ILO", "the survey's micro data"
        )
    why = (
        "the 13th ICLS counts producers for own use as employed, the 19th does not: employment "
        "and labour force are larger by it, most where many farm for themselves"
    )
    return Bias(_more(a == "13th ICLS"), why, "producers of goods for own use only, by sex and age")


def _group(name: str) -> Rule:
    order = ("only", "excluded", "after_months", "included")
    words = name.replace("_", " ")

    def rule(a: str, b: str, _: Definition, __: Definition) -> Bias:
        if "only" in (a, b) and "excluded" in (a, b):
            return Bias("no size", f"one counts {words} alone, the other all but them", _NO_BRIDGE)
        larger = _more(order.index(a) > order.index(b))
        return Bias(larger, f"{words} are {a} in a and {b} in b", f"{words} by the same dimensions")

    return rule


def _purpose(a: str, b: str, _: Definition, __: Definition) -> Bias:
    return Bias("either", "the purposes of stay differ", "the figures by purpose")


def _source(a: str, b: str, _: Definition, __: Definition) -> Bias:
    told = {
        "survey": "surveys lack institutions and new arrivals",
        "register": "registers keep people who left",
        "census": "censuses miss people who are hard to reach",
        "administrative": "administrative files count acts of an authority",
        "model": "models repeat their assumptions",
    }
    why = "; ".join(told[kind] for kind in (a, b) if kind in told) or "the sources differ"
    return Bias("either", why, "a link or a survey of coverage")


def _estimate(a: str, b: str, _: Definition, __: Definition) -> Bias:
    why = f"one figure is {a}, the other {b}: part of a difference is the method's"
    return Bias("either", why, "the observed figures behind both, or an interval for the method")


def _edition(a: str, b: str, _: Definition, __: Definition) -> Bias:
    if re.sub(r"[\W\d_]+", "", a) != re.sub(r"[\W\d_]+", "", b):
        why = "two texts, each with its own rules: what they ask differently stands in the fields"
        return Bias("either", why, _NO_BRIDGE)
    return Bias("either", "revisions change the whole series, also the past", _SAME_EDITION)


RULES: dict[str, Rule] = {
    "criterion": _criterion,
    "dual_citizens": _dual,
    "residence_rule": _residence,
    "stay_months": _stay,
    "exit_months": _exit,
    "stay_limit": _limit,
    "stay_count": _count,
    "window_months": _window,
    "stay_basis": _basis,
    "stock_basis": _stock_basis,
    "counts": _counts,
    "first_only": _first_only,
    "direction": _direction,
    "territory": _territory,
    "population_base": _base,
    "labour_standard": _standard,
    **{name: _group(name) for name in GROUPS},
    "purpose": _purpose,
    "source_kind": _source,
    "estimate": _estimate,
    "edition": _edition,
    "vintage": _edition,
}
"""The rule of each field; a test holds it against the fields of :class:`Definition`."""


def of(field: str, a: Any, b: Any, first: Definition, second: Definition) -> Bias:
    """Return the bias of two known values of a field.

    Examples
    --------
    >>> of("stay_months", 3, 12, Definition(criterion="previous_residence"), Definition()).larger
    'a'
    """
    return RULES[field](a, b, first, second)
