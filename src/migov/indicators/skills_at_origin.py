"""Skills between origin and destination: who trains, who loses, and what returners use."""

from __future__ import annotations

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.indicator import Indicator, indicator
from migov.indicators._apply import per_year
from migov.indicators.inputs import HealthWorkers
from migov.indicators.inputs_development import (
    Leavers,
    Replaced,
    ReturneesAtLevel,
    ReturneesOfProgramme,
    TrainedAbroad,
    Trainees,
    TraineesWhoLeave,
    TraineesWhoStay,
    TrainingCost,
)


@indicator(
    id="foreign_trained_health_share",
    title="Health workers trained abroad",
    unit="percent",
    references=(
        "OECD (2019), Health at a Glance 2019, figures 8.19 and 8.20: doctors and nurses working "
        "who obtained at least their first degree in another country",
    ),
    synonyms=("foreign-trained doctors and nurses", "reliance on foreign-trained health workers"),
    not_for="foreign-born or foreign citizens: nationals who trained abroad are counted",
    monotone=(("trained_abroad", "up"), ("practising", "down")),
    within=(("trained_abroad", "practising"),),
    case=Case(
        15.0,
        "30 / 200",
        {
            "trained_abroad": Cells((30.0,), occupation="nursing"),
            "practising": Cells((200.0,), occupation="nursing"),
        },
    ),
)
class ForeignTrainedHealthShare(Indicator):
    """Practising health workers whose training was abroad, per hundred, by occupation."""

    def __call__(self, trained_abroad: TrainedAbroad, practising: HealthWorkers) -> xr.DataArray:
        """From those trained abroad and all who practise."""
        return trained_abroad / practising


@indicator(
    id="training_cost_lost",
    title="Public training cost lost",
    unit="currency/year",
    references=(
        "own; on the WHO Global Code of Practice on the International Recruitment of Health "
        "Personnel (2010), article 5, on support of training at origin",
    ),
    synonyms=("cost of brain drain",),
    direction="down",
    not_for="the loss of origin: remittances, returns and private training are not in it",
    monotone=(("cost", "up"), ("leavers", "up"), ("replaced", "down")),
    case=Case(
        1.2e6,
        "20,000 × (80 - 20) / 1 year",
        {
            "cost": Cells((20000.0,), "EUR/person", period="2021"),
            "leavers": Cells((80.0,), period="2021"),
            "replaced": Cells((20.0,), period="2021"),
        },
    ),
)
class TrainingCostLost(Indicator):
    """Public cost of training those who leave and are not replaced, a year.

    Where more are replaced than leave nothing is lost; the surplus is no negative loss.
    """

    def __call__(self, cost: TrainingCost, leavers: Leavers, replaced: Replaced) -> xr.DataArray:
        """From the cost of one training, those who leave, and those replaced."""
        lost = leavers - replaced
        return per_year(cost * lost.where(lost.isnull() | (lost > 0), 0.0), "leavers")


@indicator(
    id="skill_partnership_balance",
    title="Balance of a skill partnership",
    unit="1",
    references=(
        "own; after Clemens (2015), Global Skill Partnerships, IZA Journal of Labor Policy 4(2)",
    ),
    synonyms=("global skill partnership", "home and away track"),
    direction="up",
    not_for="the quality of training, or what origin would have trained anyhow",
    monotone=(("stay", "up"), ("leave", "down")),
    within=(("stay + leave", "trainees"),),
    case=Case(
        0.2,
        "(55 - 35) / 100",
        {"stay": Cells(55.0), "leave": Cells(35.0), "trainees": Cells(100.0)},
    ),
)
class SkillPartnershipBalance(Indicator):
    """Trainees who stay at origin less those who leave, for each who was trained.

    Above zero origin gains more skilled workers than destination.
    """

    def __call__(
        self, stay: TraineesWhoStay, leave: TraineesWhoLeave, trainees: Trainees
    ) -> xr.DataArray:
        """From trainees who work at origin, those who leave, and all who finished."""
        return (stay - leave) / trainees


@indicator(
    id="skill_use_after_return",
    title="Use of skills after return",
    unit="percent",
    references=("own; programme data",),
    synonyms=("skills of returnees", "brain gain of returners"),
    direction="up",
    not_for="programmes whose returnees were not asked a year later",
    monotone=(("at_level", "up"), ("returnees", "down")),
    within=(("at_level", "returnees"),),
    case=Case(
        40.0,
        "80 / 200",
        {"at_level": Cells((80.0,), period="2022"), "returnees": Cells((200.0,), period="2022")},
    ),
)
class SkillUseAfterReturn(Indicator):
    """Returnees at work at or above the level gained abroad within twelve months, per hundred."""

    def __call__(self, at_level: ReturneesAtLevel, returnees: ReturneesOfProgramme) -> xr.DataArray:
        """From returnees at the level gained, and all returnees of the same periods."""
        return at_level / returnees
