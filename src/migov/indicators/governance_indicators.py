"""Governance: published classes of policies, conventions, coherence and dialogue."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.errors import InputError
from migov.core.indicator import Indicator, indicator, parameter
from migov.core.partition import check_partition
from migov.indicators._apply import chosen, lift, summed
from migov.indicators._labour import wanted
from migov.indicators.inputs_governance import (
    Acceptance,
    EffectsOfMeasures,
    HeardBefore,
    Participants,
    PolicyChanges,
    PolicyClasses,
    SharesDue,
    TimeToAdoption,
    WasAdopted,
)
from migov.indicators.kernels_durations import incidence

_NUMBER = (
    "Number of countries with migration policies that facilitate orderly, safe, regular and "
    "responsible migration and mobility of people"
)
_PROPORTION = _NUMBER.replace("Number", "Proportion")
_OWN = "own; register of measures"
_CLASSES = {
    "meet_or_fully_meet": (3, 4),
    "fully_meet": (4, 4),
    "meet": (3, 3),
    "partially_meet": (2, 2),
    "require_further_progress": (1, 1),
}
CONVENTIONS = (
    "ICRMW", "C097", "C143", "C181", "C189", "C190", "C095", "C118", "C157",
    "C029", "C087", "C098", "C100", "C105", "C111", "C138", "C155", "C182", "C187",
    "GENEVA_1951", "GENEVA_1967", "PALERMO_TRAFFICKING", "PALERMO_SMUGGLING",
    "ETS093", "ESC_19", "CETS197",
)  # fmt: skip
"""Migrant workers' convention; ILO's on migrants, agencies, domestic work, violence, wages,
equal treatment and rights in social security; ILO's ten fundamental ones; the Refugee Convention
and its protocol; the Palermo protocols; the European conventions on migrant workers and against
trafficking, and article 19 of the European Social Charter."""


def _share(classes: Any, low: int, high: int) -> Any:
    """Return the share of the classes within two bounds along the last axis, missing ones out."""
    whole, there = np.rint(classes), np.isfinite(classes)
    wrong = there & ((np.abs(classes - whole) > 1e-9) | (whole < 1) | (whole > 4))
    if wrong.any():
        told = f"classes holds {classes[wrong].flat[0]:g}, expected 1, 2, 3, 4 or missing"
        raise InputError("MigrationPolicyShare", told, "give classes, not scores", 7, "classes")
    inside = (there & (whole >= low) & (whole <= high)).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return inside / there.sum(axis=-1)


def _accepted(acceptance: Any) -> Any:
    """Return the mean of acceptances along the last axis, which are 0, 1/2 or 1."""
    twice = 2.0 * acceptance
    wrong = np.isfinite(twice) & (np.abs(twice - np.rint(twice)) > 1e-9)
    if wrong.any():
        told = f"acceptance holds {acceptance[wrong].flat[0]:g}, expected 0, 1/2 (in part) or 1"
        mend = "of each convention 0, 0.5 or 1; shares of its articles are no acceptance"
        raise InputError("ConventionCoverage", told, mend, 7, "acceptance")
    return acceptance.mean(axis=-1)


@indicator(
    id="sdg_10_7_2",
    title=_PROPORTION,
    unit="percent",
    references=(
        "SDG metadata 10.7.2 (UN DESA and IOM, 2021): share of the responding countries in "
        "each class; both titles, of the frameworks to 2024 and from 2025",
    ),
    codes=("10.7.2", "SG_CPA_MIGRP"),
    target="SDG target 10.7, which sets no number",
    synonyms=(_NUMBER, _PROPORTION, "well-managed migration policies"),
    not_for="ranking States or judging what they do: governments answer about themselves",
    case=Case(
        50.0,
        "3 of the 6 that answered are of class 3 or 4; each counts once",
        {"classes": Cells((4.0, 3.0, 2.0, 1.0, 3.0, 2.0), area="DEU ALB MDA ARM POL SRB")},
        {"edition": "2021"},
    ),
)
class MigrationPolicyShare(Indicator):
    """Countries that meet or fully meet the criteria, per hundred that answered.

    Who did not answer, and whom the question does not concern, is in neither number; the status
    of the result tells the reasons, and ``report`` the share that answered.
    """

    edition: str = parameter(help="round of the inquiry that the classes come from; never mixed")
    counts: Literal[
        "meet_or_fully_meet", "fully_meet", "meet", "partially_meet", "require_further_progress"
    ] = parameter(default="meet_or_fully_meet", help="which classes are counted")

    def __call__(self, classes: PolicyClasses) -> xr.DataArray:
        """From the class of each State, in all or by domain."""
        check_partition(classes, "area", "MigrationPolicyShare", "classes")
        low, high = _CLASSES[self.counts]
        return lift(_share, classes, core=[["area"]], low=low, high=high)


@indicator(
    id="convention_coverage",
    title="Coverage by conventions on migration",
    unit="percent",
    references=(
        "own; on the status of ratification by depositary (ILO NORMLEX, UN Treaties, 2024)",
    ),
    synonyms=("ratification of migration conventions",),
    direction="up",
    not_for="what is done: a convention in force may be unheeded, another heeded without it",
    case=Case(
        62.5,
        "(1 + 1/2 + 0 + 1) / 4; of C143 one part is left out",
        {"acceptance": Cells((1.0, 0.5, 0.0, 1.0), convention="C097 C143 C189 GENEVA_1951")},
        {"conventions": ("C097", "C143", "C189", "GENEVA_1951")},
    ),
)
class ConventionCoverage(Indicator):
    """Conventions in force for a State per hundred listed; accepted in part counts a half.

    A list for States that cannot join a regional convention leaves it out.
    """

    conventions: tuple[str, ...] = parameter(default=CONVENTIONS, help="conventions listed")

    def __call__(self, acceptance: Acceptance) -> xr.DataArray:
        """From the acceptance of each convention."""
        listed = chosen(acceptance, "convention", self.conventions, "acceptance")
        return lift(_accepted, listed, core=[["convention"]])


@indicator(
    id="policy_restrictiveness",
    title="Restrictiveness of policy since the start of the record",
    unit="1",
    references=(
        "de Haas, Natter and Vezzoli (2015), Comparative Migration Studies 3(15): direction and "
        "magnitude of changes; that they are added up is own",
    ),
    synonyms=("policy change index", "DEMIG restrictiveness"),
    not_for="comparing States: the record starts from levels that nobody measured",
    case=Case(
        Cells((2.0, 1.0, 4.0), period="2018 2019 2020"),
        "+2, then -1, then +3, added up",
        {"changes": Cells((2.0, -1.0, 3.0), period="2018 2019 2020")},
    ),
)
class PolicyRestrictiveness(Indicator):
    """Changes of policy added up from the first period: above zero, more restrictive since."""

    def __call__(self, changes: PolicyChanges) -> xr.DataArray:
        """From signed changes, weighted by their magnitude, by period."""
        return changes.cumsum("period", skipna=False).assign_coords(changes.coords)


@indicator(
    id="policy_coherence",
    title="Coherence of measures with objectives",
    unit="percent",
    references=(
        "own; in the manner of Nilsson, Griggs and Visbeck (2016), Nature 534: seven points from "
        "cancelling (-3) to indivisible (3)",
    ),
    synonyms=("policy coherence", "coherence of objectives"),
    direction="up",
    not_for="the effect of measures: these are judgements, and objectives weigh alike",
    case=Case(
        75.0,
        "(3 + 2 + 1) / (3 + 2 + 1 + 2)",
        {
            "effects": Cells(
                ((3.0, -2.0), (2.0, 1.0)), measure="quota visa", objective="work return"
            )
        },
    ),
)
class PolicyCoherence(Indicator):
    """Effects that help an objective per hundred effects, by their strength.

    A hundred says that no measure hinders an objective; undefined without any effect.
    """

    def __call__(self, effects: EffectsOfMeasures) -> xr.DataArray:
        """From the effect of each measure on each objective."""
        both = ("measure", "objective")
        helping = summed(effects.where(~(effects < 0), 0.0), both, "effects")
        return helping / summed(abs(effects), both, "effects")


@indicator(
    id="dialogue_inclusiveness",
    title="Inclusiveness of a dialogue",
    unit="percent",
    references=("own; index of dissimilarity, Duncan and Duncan (1955), for the balance",),
    synonyms=("participation of stakeholders",),
    direction="up",
    not_for="influence: who is present need not be heard",
    case=Case(
        75.0,
        "3 of 4 groups have a participant with a right to speak",
        {
            "participants": Cells(
                (8.0, 2.0, 0.0, 2.0), group="governments employers migrants unions"
            )
        },
    ),
)
class DialogueInclusiveness(Indicator):
    """Groups present per hundred listed, or the balance of places against those agreed.

    The balance is a hundred less the percentage of places that would have to change groups.
    """

    measure: Literal["presence", "balance"] = parameter(
        default="presence", help="groups present, or places against the shares agreed"
    )
    least: int = parameter(default=1, help="participants that make a group present", ge=1)

    def __call__(self, participants: Participants, due: SharesDue | None = None) -> xr.DataArray:
        """From participants by group, all groups listed, and for the balance the shares due."""
        if self.measure == "presence":
            there = (participants >= self.least).where(participants.notnull())
            return there.mean("group", skipna=False)
        agreed = wanted(due, "DialogueInclusiveness", "due", 'measure="balance"')
        given = participants / summed(participants, "group", "participants")
        apart = abs(given - agreed / summed(agreed, "group", "due"))
        return 1.0 - summed(apart, "group", "participants") / 2.0


@indicator(
    id="consulted_before_decision",
    title="Measures on which groups were heard before the decision",
    unit="percent",
    references=(_OWN,),
    synonyms=("prior consultation",),
    direction="up",
    not_for="whether what was said was heeded",
    case=Case(
        Cells((75.0, 50.0), group="unions migrants"),
        "unions on 3 of 4 measures, migrants on 2 of 4",
        {
            "heard": Cells(
                ((1.0, 1.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)),
                measure="a b c d",
                group="unions migrants",
            )
        },
    ),
)
class ConsultedBeforeDecision(Indicator):
    """Measures on which a group was heard before adoption, per hundred measures."""

    of: Literal["each_group", "all_groups"] = parameter(
        default="each_group", help="for each group, or measures on which every group was heard"
    )

    def __call__(self, heard: HeardBefore) -> xr.DataArray:
        """From whether each group was heard on each measure before its adoption."""
        every = heard.min("group", skipna=False) if self.of == "all_groups" else heard
        return every.mean("measure", skipna=False)


@indicator(
    id="follow_through",
    title="Agreed proposals that were adopted",
    unit="percent",
    references=(
        _OWN,
        "Kaplan and Meier (1958), J. American Statistical Association 53(282): product limit",
    ),
    synonyms=("implementation of agreed proposals",),
    direction="up",
    not_for="what the measures do once adopted",
    case=Case(
        50.0,
        "2 of 4 were adopted within 2 years, all followed so long",
        {
            "waited": Cells((0.5, 1.5, 3.0, 4.0), proposal="a b c d"),
            "adopted": Cells((1.0, 1.0, 1.0, 0.0), proposal="a b c d"),
        },
    ),
)
class FollowThrough(Indicator):
    """Agreed proposals adopted within some years, per hundred agreed.

    Proposals agreed too lately to tell count as long as they were followed.
    """

    years: float = parameter(default=2.0, help="time allowed", unit="year", ge=0)

    def __call__(self, waited: TimeToAdoption, adopted: WasAdopted) -> xr.DataArray:
        """From the time since the agreement on each proposal, and whether it was adopted."""
        core = [["proposal"], ["proposal"]]
        return lift(incidence, waited, adopted, core=core, within=self.years)
