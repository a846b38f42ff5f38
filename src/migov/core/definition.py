"""Definitions: who is counted, in fields that can be compared.

A definition travels with an array as one flat JSON text in its attributes. It is guaranteed
at migov's own functions; plain arithmetic between them may drop it or keep the wrong one.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from migov.core.errors import DefinitionError
from migov.core.vocabulary import check_array

if TYPE_CHECKING:
    import xarray as xr

ATTRIBUTE = "migov_definition"
UNKNOWN = "unknown"

CHOICES: dict[str, tuple[str, ...]] = {
    "criterion": (
        "everyone",
        "birth",
        "citizenship",
        "citizenship_at_birth",
        "previous_residence",
        "next_residence",
        "parents_birth",
        "origin_of_flight",
    ),
    "dual_citizens": ("national", "foreign", "both"),
    "residence_rule": ("usual", "registered", "legal", "present"),
    "stay_count": ("continuous", "cumulative"),
    "stay_basis": ("actual", "intended", "permit_validity", "signs_of_life"),
    "stock_basis": ("at_date", "annual_average"),
    "counts": ("persons", "moves", "permits", "detections", "contracts", "posts"),
    "first_only": ("yes", "no"),
    "direction": ("in", "out", "both", "none"),
    "population_base": ("residents", "present", "residents_plus_non_resident_workers"),
    "labour_standard": ("13th ICLS", "19th ICLS", "none"),
    "estimate": ("observed", "adjusted", "residual", "modelled", "imputed"),
}
GROUPS = [
    "recognised_refugees",
    "temporary_protection",
    "asylum_seekers",
    "students",
    "seasonal_workers",
    "cross_border_commuters",
    "posted_workers",
    "own_nationals",
    "irregular_residents",
    "diplomats_and_forces",
]
INCLUSION = ("included", "excluded", "after_months", "only")
_MONTHS = ("stay_months", "exit_months", "stay_limit", "window_months")


def _check(instance: Definition, attribute: Any, value: Any) -> None:
    name = attribute.name
    allowed = CHOICES.get(name) or (INCLUSION if name in GROUPS else None)
    if value == UNKNOWN or (name == "stay_limit" and value == "none"):
        return
    if allowed is None and name not in _MONTHS and isinstance(value, str):
        return
    if name in _MONTHS and isinstance(value, int | float) and not isinstance(value, bool):
        if value >= 0:
            return
        raise DefinitionError(
            "Definition",
            f"{name}={value!r} is negative",
            f"{name}= a number from 0, or {UNKNOWN!r}",
            5,
            name,
        )
    if allowed is not None and value in allowed:
        return
    months = "a number of months" + (', "none" for no limit' if name == "stay_limit" else "")
    wanted = months if name in _MONTHS else "one of " + ", ".join(allowed or ["text"])
    raise DefinitionError("Definition", f"{name}={value!r}", f"{wanted}, or {UNKNOWN!r}", 5, name)


def _field() -> Any:
    return attrs.field(default=UNKNOWN, validator=_check)


@attrs.frozen(kw_only=True)
class Definition:
    """Who is counted; a field that is not known says ``"unknown"``.

    Parameters
    ----------
    name : str
        What people call it; not compared.
    criterion : str
        By what a person is told apart: everyone, birth, citizenship, citizenship_at_birth,
        previous_residence, next_residence, parents_birth, origin_of_flight.
    dual_citizens : {"national", "foreign", "both"}
        Where persons of two citizenships count.
    residence_rule : {"usual", "registered", "legal", "present"}
        What makes a resident.
    stay_months, exit_months : float
        Months of stay, or of absence, that make or end residence.
    stay_limit : float or "none"
        Months up to which a stay counts; a longer one is counted elsewhere. ``"none"`` where
        every longer stay counts too, as in migration.
    stay_count : {"continuous", "cumulative"}
        How months are counted.
    window_months : float
        Window of the cumulative count.
    stay_basis : {"actual", "intended", "permit_validity", "signs_of_life"}
        What the stay is judged by.
    stock_basis : {"at_date", "annual_average"}
        What the instant of a stock stands for.
    counts : {"persons", "moves", "permits", "detections", "contracts", "posts"}
        What one unit is.
    first_only : {"yes", "no"}
        Whether only a person's first is counted.
    direction : {"in", "out", "both", "none"}
        Of a flow.
    territory : str
        What the area includes, with date.
    population_base : str
        residents, present, residents_plus_non_resident_workers.
    labour_standard : {"13th ICLS", "19th ICLS", "none"}
        Resolution of the Conference of Labour Statisticians.
    recognised_refugees, temporary_protection, asylum_seekers, students, seasonal_workers, \
cross_border_commuters, posted_workers, own_nationals, irregular_residents, diplomats_and_forces : \
{"included", "excluded", "after_months", "only"}
        What becomes of the group.
    purpose, source_kind : str
        Purpose of stay; census, register, survey, administrative, model.
    estimate : {"observed", "adjusted", "residual", "modelled", "imputed"}
        How the figure came about.
    edition, vintage : str
        Of the publication.

    Raises
    ------
    DefinitionError
        A value that the field does not take.

    Examples
    --------
    >>> stock = Definition(name="foreign-born", criterion="birth", residence_rule="usual")
    >>> Definition.from_json(stock.to_json()) == stock
    True
    """

    name: str = attrs.field(default="", eq=False)
    criterion: str = _field()
    dual_citizens: str = _field()
    residence_rule: str = _field()
    stay_months: float | str = _field()
    exit_months: float | str = _field()
    stay_limit: float | str = _field()
    stay_count: str = _field()
    window_months: float | str = _field()
    stay_basis: str = _field()
    stock_basis: str = _field()
    counts: str = _field()
    first_only: str = _field()
    direction: str = _field()
    territory: str = _field()
    population_base: str = _field()
    labour_standard: str = _field()
    recognised_refugees: str = _field()
    temporary_protection: str = _field()
    asylum_seekers: str = _field()
    students: str = _field()
    seasonal_workers: str = _field()
    cross_border_commuters: str = _field()
    posted_workers: str = _field()
    own_nationals: str = _field()
    irregular_residents: str = _field()
    diplomats_and_forces: str = _field()
    purpose: str = _field()
    source_kind: str = _field()
    estimate: str = _field()
    edition: str = _field()
    vintage: str = _field()

    def known(self) -> dict[str, Any]:
        """Return the fields that are known, without the name."""
        return {
            field.name: value
            for field in attrs.fields(type(self))
            if field.name != "name" and (value := getattr(self, field.name)) != UNKNOWN
        }

    def to_json(self) -> str:
        """Return the flat JSON text that travels in attributes."""
        return json.dumps({"name": self.name, **self.known()}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Definition:
        """Return the definition that a text of :meth:`to_json` tells.

        Raises
        ------
        DefinitionError
            The text is damaged, or has fields that no definition has.
        """
        return _from_json(text)

    def differences(self, other: Definition) -> dict[str, tuple[Any, Any]]:
        """Return the fields that differ: contradictions first, then those known on one side."""
        pairs = {
            field.name: (getattr(self, field.name), getattr(other, field.name))
            for field in attrs.fields(type(self))
            if field.name != "name"
        }
        apart = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        return dict(sorted(apart.items(), key=lambda item: UNKNOWN in item[1]))

    def evolve(self, **changes: Any) -> Definition:
        """Return a definition with some fields changed."""
        return attrs.evolve(self, **changes)


@cache
def _from_json(text: str) -> Definition:
    try:
        return Definition(**json.loads(text))
    except (ValueError, TypeError) as fault:
        raise DefinitionError(
            "Definition", f"{text[:60]!r} is no definition: {fault}", "migov.define(x, …)", 5
        ) from fault


def definition_of(x: xr.DataArray) -> Definition | None:
    """Return the definition that travels with an array, or None where it is undeclared.

    Examples
    --------
    >>> import xarray as xr
    >>> definition_of(xr.DataArray(1.0)) is None
    True
    """
    if not hasattr(x, "attrs"):
        check_array(x, "definition_of", "x")
    text = x.attrs.get(ATTRIBUTE)
    return _from_json(text) if isinstance(text, str) else None


def define(x: xr.DataArray, definition: Definition | None) -> xr.DataArray:
    """Return the array with a definition; the input is not changed.

    Parameters
    ----------
    x : DataArray
        Any array of counts.
    definition : Definition or None
        Who is counted; None removes the declaration.

    Raises
    ------
    DefinitionError
        `definition` is no :class:`Definition`.

    Examples
    --------
    >>> import xarray as xr
    >>> x = define(xr.DataArray(1.0), Definition(criterion="birth"))
    >>> definition_of(x).criterion
    'birth'
    """
    if not isinstance(definition, Definition | None):
        raise DefinitionError(
            "define",
            f"definition is a {type(definition).__name__}",
            "migov.Definition(…) or one of migov.definitions",
            5,
            "definition",
        )
    if not hasattr(x, "attrs"):
        check_array(x, "define", "x")
    out = x.copy(deep=False)
    out.attrs = {key: value for key, value in x.attrs.items() if key != ATTRIBUTE}
    if definition is not None:
        out.attrs[ATTRIBUTE] = definition.to_json()
    return out


def same(where: str, given: dict[str, Definition | None]) -> Definition | None:
    """Return the one definition of several inputs.

    Raises
    ------
    DefinitionError
        They differ, or some are undeclared and others not.
    """
    (first_name, first), *others = given.items()
    for name, other in others:
        if first == other:
            continue
        if first is None or other is None:
            bare, told = (first_name, other) if first is None else (name, first)
            called = told.name if told is not None else ""
            raise DefinitionError(
                where,
                f"{bare} is undeclared, the other is {called or 'declared'}",
                f"{bare} = migov.define({bare}, migov.Definition(…))",
                5,
                bare,
            )
        told_apart = "; ".join(
            f"{field}: {mine} and {theirs}"
            for field, (mine, theirs) in list(first.differences(other).items())[:6]
        )
        raise DefinitionError(
            where,
            f"{first_name} and {name} count different people ({told_apart})",
            f"{name} = migov.define({name}, …) if they are the same after all",
            5,
            name,
        )
    return first


def change_residence(where: str, **given: xr.DataArray) -> None:
    """Refuse moves whose definition says that they change nobody's country of residence.

    Detections are events at a border, and who is turned back is detected again.

    A lower threshold alone says no such thing: a register that counts from three months counts
    the long stays as well. A limit of the stay, seasonal work alone or mere presence does.

    Raises
    ------
    DefinitionError
        They are temporary mobility.
    """
    for name, x in given.items():
        found = definition_of(x)
        if found is not None and found.counts == "detections":
            raise DefinitionError(
                where,
                f"{name} are detections: events, of which a person may have several, no moves",
                "moves of persons; migov.RegularEntryShare() takes detections",
                5,
                name,
            )
        if found is None or found.criterion not in ("previous_residence", "next_residence"):
            continue
        limit = found.stay_limit
        if isinstance(limit, int | float) and limit <= 12:
            told = f"stays of at most {limit:g} months"
        elif found.seasonal_workers == "only":
            told = "stays of seasonal workers"
        elif found.residence_rule == "present":
            told = "stays of who is present"
        else:
            continue
        raise DefinitionError(
            where,
            f"{name} are {told}: temporary mobility, not migration, which no resident "
            "population gains or loses by",
            "moves that change the residence, as under migov.definitions.UN_2025_MIGRATION; such "
            "stays are told as persons, or as person-years of work",
            5,
            name,
        )
