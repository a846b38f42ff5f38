"""A programme: its rules as one frozen specification, with all inconsistencies told together."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import attrs

from migov.core.errors import DataError, MigovWarning
from migov.schemes.consistency import (
    PARTS,
    as_tuple,
    cautions,
    inconsistent,
    names,
    unfair,
    wrong_numbers,
    wrong_words,
)
from migov.schemes.kinds import from_text, wrong_kinds
from migov.schemes.rules import Branch, Cost, Floor, OriginCap, months
from migov.schemes.safeguards import LATEST

if TYPE_CHECKING:
    from migov.core.definition import Definition
    from migov.schemes.population import PopulationEffect
    from migov.schemes.run import Run

LONG_STAY = 12.0
"""Months from which a stay changes the usual residence (United Nations 1998, EU 862/2007)."""


@attrs.frozen(kw_only=True)
class Programme:
    """The rules of a mobility programme between States of origin and one destination.

    Parameters
    ----------
    name : str
        What people call it.
    kind : {"seasonal", "temporary", "pathway", "skills_partnership", "apprenticeship"}
        Sort of programme.
    origin : tuple of str
        States of origin, ISO 3166-1 alpha-3.
    destination : str
        State of destination.
    eligibility : tuple of str
        Who may apply, in words; a programme ranks nobody.
    occupations : tuple of str
        Codes of occupations; none means all of the data.
    quota : float or tuple of (date, float), optional
        Places, shared by all origins; None for no quota. Pairs hold from their date.
    quota_basis : {"fixed", "shortage", "employers", "points"}
        What the quota follows. ``fixed``: `quota` places. ``shortage``: `quota` is a share of
        the posts that nobody fills. ``employers``: no quota; posts open to the scheme alone
        bound it. ``points``: `quota` places for those who reach `points_needed`.
    points_needed : float, optional
        Points from which an applicant is admissible; the applicants of a simulation are those
        who reach them.
    quota_per : {"year", "total"}
        Whether the quota is of a calendar year or of the whole programme.
    quota_counts : {"placements", "approvals", "permits", "arrivals"}
        What is counted against it.
    quota_months : tuple of 12 float
        Shares of the months; none means even over `season` or the year.
    quota_first_only : bool
        Whether the quota counts first admissions only, and not who comes again.
    carry_over : bool
        Whether places unused in a month remain until the end of the year.
    quota_shared_with : tuple of str
        Other origins that use the same quota and are not simulated: their part is asked for.
    origin_cap : tuple of OriginCap
        Caps of the origins; the latest one not after the month holds.
    stay : str
        ``"24 month"`` or ``"90 day in 180 day"``.
    permit : str
        Length of the permit; none means that of the stay.
    season : tuple of int
        Months of the year in which people are admitted; none means all.
    cooling_off : str
        Shortest absence before a new stay.
    reentry : bool
        Whether who returned in time has a right to come again.
    reentry_priority : bool
        Whether they come before first applicants.
    max_stays : int, optional
        Most stays of a person; None for no limit.
    renewals : int
        How often a permit can be renewed.
    settlement_after : str
        Continuous stay after which settlement is open; none means never.
    change_of_status : bool
        Whether another lawful status can be taken from within the stay.
    equal_treatment : bool
        Fixed: pay and conditions are those of residents.
    employer_change : {"free", "within_occupation", "with_approval", "none"}
        Right to another employer.
    sector_change : {"free", "with_approval", "none", ""}
        Right to another sector; none of them means that it is as for the employer.
    notice : str
        Notice that ends the employment; none means that the rules do not say.
    unemployment_grace : str
        Time to find another post without losing the stay.
    new_placement : bool
        Whether who loses the post without fault is placed in another.
    complaint_protected : bool
        Whether a complaint leaves the stay untouched.
    complaint_to : tuple of str
        Bodies that hear complaints in a language of the workers; none means that the rules do
        not say.
    inspected_share : float, optional
        Share of workplaces that are inspected in a year; None where the rules do not say.
    family : {"none", "visit", "accompany", "reunite"}
        Right of the family.
    family_after : str
        Waiting time of that right.
    spouse_works : bool
        Whether the spouse may work.
    costs : tuple of Cost
        Each cost and its payer.
    return_bonus : {"none", "on_top", "withheld"}
        A bonus is paid on top of wages; ``withheld`` is refused.
    return_bonus_payer : str
        Who pays it.
    insured : tuple of Branch
        Branches of social insurance.
    floors : tuple of Floor
        Densities of occupations at origin that departures must leave.
    trained_per_departure : float
        People trained at origin, to stay, for each who leaves for the first time.
    safeguards_edition : str
        Edition of the WHO safeguards list that the programme is held against.
    valid_from, valid_to : str
        ISO dates between which the rules hold.
    sources : tuple of str
        Where the rules are published.

    Raises
    ------
    DataError
        All inconsistencies, in one error.

    Warns
    -----
    MigovWarning
        An origin has no cap, or workers cannot change employers.

    Examples
    --------
    >>> cap = OriginCap(origin="MDA", number=1500, date="2024-07-01", source="example")
    >>> harvest = Programme(name="harvest", kind="seasonal", origin="MDA", destination="DEU",
    ...     quota=1500, origin_cap=(cap,), stay="90 day in 180 day", season=(5, 6, 7, 8, 9))
    >>> round(harvest.stay_months, 3), harvest.pause_months > 2.9
    (2.957, True)
    >>> Programme.from_json(harvest.to_json()) == harvest
    True

    References
    ----------
    ILO (2019), General principles and operational guidelines for fair recruitment and
    definition of recruitment fees and related costs. ILO Protection of Wages Convention, 1949
    (No. 95), articles 8 and 9.
    """

    name: str
    kind: str
    origin: tuple[str, ...] = attrs.field(converter=names)
    destination: str
    eligibility: tuple[str, ...] = attrs.field(default=(), converter=names)
    occupations: tuple[str, ...] = attrs.field(default=(), converter=names)
    quota: float | tuple[tuple[str, float], ...] | None = attrs.field(
        default=None, converter=as_tuple
    )
    quota_basis: str = "fixed"
    points_needed: float | None = None
    quota_per: str = "year"
    quota_counts: str = "placements"
    quota_months: tuple[float, ...] = attrs.field(default=(), converter=as_tuple)
    quota_first_only: bool = False
    carry_over: bool = True
    quota_shared_with: tuple[str, ...] = attrs.field(default=(), converter=names)
    origin_cap: tuple[OriginCap, ...] = attrs.field(default=(), converter=as_tuple)
    stay: str
    permit: str = ""
    season: tuple[int, ...] = attrs.field(default=(), converter=as_tuple)
    cooling_off: str = "0 month"
    reentry: bool = False
    reentry_priority: bool = True
    max_stays: int | None = None
    renewals: int = 0
    settlement_after: str = ""
    change_of_status: bool = False
    equal_treatment: bool = True
    employer_change: str = "free"
    sector_change: str = ""
    notice: str = ""
    unemployment_grace: str = "3 month"
    new_placement: bool = False
    complaint_protected: bool = True
    complaint_to: tuple[str, ...] = attrs.field(default=(), converter=names)
    inspected_share: float | None = None
    family: str = "none"
    family_after: str = "0 month"
    spouse_works: bool = False
    costs: tuple[Cost, ...] = attrs.field(default=(), converter=as_tuple)
    return_bonus: str = "none"
    return_bonus_payer: str = ""
    insured: tuple[Branch, ...] = attrs.field(default=(), converter=as_tuple)
    floors: tuple[Floor, ...] = attrs.field(default=(), converter=as_tuple)
    trained_per_departure: float = 0.0
    safeguards_edition: str = LATEST
    valid_from: str = ""
    valid_to: str = ""
    sources: tuple[str, ...] = attrs.field(default=(), converter=names)

    def __attrs_post_init__(self) -> None:
        # Of what is of another kind nothing more can be said.
        found = wrong_kinds(self) or [
            *wrong_words(self), *wrong_numbers(self), *inconsistent(self), *unfair(self),
        ]  # fmt: skip
        if found:
            count = f"{len(found)} fault" + ("s" if len(found) > 1 else "")
            raise DataError(
                "Programme",
                f"{count} in {self.name!r}",
                "no programme was made; mend these",
                9,
                "programme",
                tuple(found),
            )
        for caution in cautions(self):
            warnings.warn(caution, MigovWarning, stacklevel=3)

    @property
    def stay_months(self) -> float:
        """Months of one stay under one permit."""
        return months(self.stay.split(" in ")[0])

    @property
    def window_months(self) -> float | None:
        """Months of the window in which the stay is counted, or None."""
        parts = self.stay.split(" in ")
        return months(parts[1]) if len(parts) == 2 else None

    @property
    def longest_months(self) -> float:
        """Months of the longest continuous stay, renewals included."""
        return self.stay_months * (1 + self.renewals)

    @property
    def pause_months(self) -> float:
        """Shortest months between two stays: cooling-off, or the rest of the window."""
        rest = 0.0 if self.window_months is None else self.window_months - self.stay_months
        return max(months(self.cooling_off), rest)

    @property
    def is_mobility(self) -> bool:
        """Whether no stay reaches twelve months and nobody can settle."""
        return self.longest_months < LONG_STAY - 1e-9 and not self.settlement_after

    @property
    def cautions(self) -> tuple[str, ...]:
        """What is allowed but should be known; every run of the programme says it."""
        return cautions(self)

    def claims(self) -> dict[str, bool]:
        """Return the insured branches, and whether a stay acquires a claim in each."""
        return {
            branch.name: branch.has_claim(self.longest_months)
            for branch in self.insured
            if branch.insured
        }

    def evolve(self, **changes: Any) -> Programme:
        """Return the programme with some rules changed, checked anew."""
        return attrs.evolve(self, **changes)

    def to_json(self) -> str:
        """Return the programme as a JSON text."""
        return json.dumps(attrs.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Programme:
        """Return the programme that a text of :meth:`to_json` tells.

        Raises
        ------
        ParameterError
            The text is damaged, or holds fields that no programme has.
        """
        return from_text(cls, text, PARTS, "programme")

    def population_effect(self, definition: Definition) -> PopulationEffect:
        """Return what the stays do to a population so defined; see :class:`PopulationEffect`."""
        from migov.schemes.population import population_effect

        return population_effect(self, definition)

    def simulate(self, **inputs: Any) -> Run:
        """Return what happens under these rules; see :func:`migov.schemes.simulate`."""
        from migov.schemes.simulation import simulate

        return simulate(self, **inputs)
