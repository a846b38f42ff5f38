"""Points systems of two States, in force from the dates they name. Labels are ours; not advice."""

from __future__ import annotations

from math import inf

from migov.labour.points import PointsSystem
from migov.labour.points_parts import Condition, Criterion, Requirement

_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")

GERMANY_OPPORTUNITY_CARD = PointsSystem(
    name="Opportunity Card, Germany",
    law="Residence Act, sections 20a and 20b and annex (Federal Law Gazette 2023 I no. 217)",
    area="DEU",
    source="section 20b (1) nos. 1 to 5 and its last sentence read in a law publisher's edition of "
    "July 2024; points of the annex read in tables of a law firm and of two advisers, which "
    "agree; the annex in the gazette was not seen",
    valid_from="2024-06-01",
    pass_mark=6,
    criteria=(
        # The annex gives the points of each number of section 20b (1), 1 to 12.
        Criterion(name="partial_recognition", points=4),
        Criterion(
            name="german",
            labels={"none": 0, "A1": 0, "A2": 1, "B1": 2, "B2": 3, "C1": 3, "C2": 3},
        ),
        Criterion(
            name="english",
            labels={"none": 0, "A1": 0, "A2": 0, "B1": 0, "B2": 0, "C1": 1, "C2": 1},
        ),
        Criterion(name="experience_in_last_7_years", bands=((5, inf, 3),), lowest=0, highest=7),
        Criterion(
            name="experience_in_last_5_years",
            bands=((2, inf, 2),),
            lowest=0,
            highest=5,
            within="experience_in_last_7_years",
        ),
        Criterion(name="shortage_occupation", points=1),
        # Not older than 35, and older than that but not than 40: in completed years of age.
        Criterion(name="age", bands=((0, 35, 2), (36, 40, 1)), lowest=0, highest=120),
        Criterion(name="stay_in_last_5_years", points=1),
        Criterion(name="spouse_meets_requirements", points=1),
    ),
    best_of={"experience": ("experience_in_last_7_years", "experience_in_last_5_years")},
    requirements=(
        Requirement(
            name="qualification",
            any_of=(
                Condition(column="foreign_qualification", among=("degree", "training_2_years")),
                Condition(column="foreign_qualification", among=("chamber_abroad",)),
                # Points for partial recognition stand in for it: section 20b (1), last sentence.
                Condition(column="partial_recognition", among=("True", "yes", "1")),
            ),
        ),
        Requirement(
            name="language",
            any_of=(
                Condition(column="german", among=_LEVELS),
                Condition(column="english", among=_LEVELS[3:]),
            ),
        ),
        Requirement(
            name="subsistence",
            any_of=(Condition(column="subsistence_secured", among=("True", "yes", "1")),),
        ),
    ),
)
"""Germany: at least six points. Who is a skilled worker by section 18 (3) needs none."""

AUSTRALIA_SKILLED_2019 = PointsSystem(
    name="General skilled migration, Australia",
    law="Migration Regulations 1994, Schedule 6D, as in force from 16 November 2019",
    area="AUS",
    source="part 6D.1 read as reproduced in a course of migration law; the changes of 16 November "
    "2019 in notices of a settlement service and of law firms; English, employment, education and "
    "study in advisers' tables, which agree; the compilation itself was not seen",
    valid_from="2019-11-16",
    pass_mark=65,
    criteria=(
        Criterion(
            name="age",
            bands=((18, 24, 25), (25, 32, 30), (33, 39, 25), (40, 44, 15)),
            lowest=0,
            highest=120,
        ),
        Criterion(name="english", labels={"competent": 0, "proficient": 10, "superior": 20}),
        Criterion(name="years_outside", bands=((3, 4, 5), (5, 7, 10), (8, inf, 15))),
        Criterion(name="years_in", bands=((1, 2, 5), (3, 4, 10), (5, 7, 15), (8, inf, 20))),
        Criterion(
            name="education",
            labels={
                "doctorate": 20,
                "bachelor_or_higher": 15,
                "australian_diploma_or_trade": 10,
                "award_recognised_by_assessing_authority": 10,
                "none": 0,
            },
        ),
        Criterion(name="stem", points=10),
        Criterion(name="au_study", points=5),
        Criterion(name="prof_year", points=5),
        Criterion(name="ccl", points=5),
        Criterion(name="regional", points=5),
        Criterion(
            name="partner",
            labels={
                "single_or_partner_australian_citizen_or_permanent_resident": 10,
                "skilled_partner": 10,
                "partner_competent_english": 5,
                "none": 0,
            },
        ),
        Criterion(
            name="nomination",
            labels={
                "none": 0,
                "state_nomination_subclass_190": 5,
                "regional_nomination_or_family_sponsorship_subclass_491": 15,
            },
        ),
    ),
    at_most={"employment": (("years_outside", "years_in"), 20)},
    requirements=(
        Requirement(name="age below 45", any_of=(Condition(column="age", least=18, most=44),)),
        Requirement(
            name="competent English",
            any_of=(Condition(column="english", among=("competent", "proficient", "superior")),),
        ),
    ),
)
"""Australia: at least 65 points; employment counts for the last ten years, 20 points in all."""
