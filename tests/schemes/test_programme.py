"""Programmes: what is inconsistent or unfair is told together; specifications stay plain."""

from __future__ import annotations

import pickle
import subprocess
import sys

import attrs
import numpy as np
import pytest

from migov.core.errors import DataError, MigovError, MigovWarning, ParameterError
from migov.schemes import Alternative, Branch, Cost, Floor, Hazards, OriginCap, Programme
from migov.schemes.examples import SEASONAL_MDA_DEU, WESTERN_BALKANS_ALB
from migov.schemes.rules import COSTS, WORKER_MAY_PAY, at_date, day, months


def cap(**changes):
    return OriginCap(
        **{"origin": "MDA", "number": 10, "date": "2024-07-01", "source": "x"} | changes
    )


def rules(**changes):
    return Programme(**{
        "name": "p", "kind": "temporary", "origin": "MDA", "destination": "DEU",
        "origin_cap": (cap(),), "stay": "24 month",
    } | changes)  # fmt: skip


@pytest.mark.parametrize("programme", [SEASONAL_MDA_DEU, rules(), WESTERN_BALKANS_ALB])
@pytest.mark.filterwarnings("ignore::migov.core.errors.MigovWarning")
def test_a_programme_is_equal_hashable_and_goes_through_json(programme):
    again = Programme.from_json(programme.to_json())
    assert again == programme
    assert hash(again) == hash(programme)
    assert pickle.loads(pickle.dumps(programme)) == programme
    assert programme.evolve(name="another") != programme


def test_hazards_and_alternatives_are_plain_too():
    for one in (Hazards(settlement=(0.1, 0.2, 0.3)), Alternative(home_job=1.0)):
        assert type(one).from_json(one.to_json()) == one
        assert hash(pickle.loads(pickle.dumps(one))) == hash(one)


FAULTS = [
    ({"kind": "guest"}, "kind='guest'"),
    ({"destination": "Germny"}, "Germny"),
    ({"destination": "DE"}, "write 'DEU'"),
    ({"destination": "MDA"}, "origin and destination"),
    ({"origin": ()}, "origin is empty"),
    ({"origin": ("MDA", "MDA")}, "names one twice"),
    ({"quota": -1}, "quota is -1"),
    ({"quota": float("nan")}, "quota=nan"),
    ({"quota": (("2024-06-01", 1), ("2021-01-01", 2))}, "do not rise"),
    ({"quota": (("June", 1),)}, "no date"),
    ({"quota_per": "month"}, "quota_per"),
    ({"quota_months": (0.5, 0.5)}, "twelve shares"),
    ({"season": (5, 6), "quota_months": (1 / 12,) * 12}, "outside the season"),
    ({"season": (0, 13)}, "months 1 to 12"),
    ({"season": (5, 5)}, "a month twice"),
    ({"stay": "long"}, "no length"),
    ({"stay": "0 month"}, "stay='0 month'"),
    ({"stay": "90 day in 60 day"}, "window is shorter"),
    ({"permit": "12 month"}, "longer than permit"),
    ({"season": (5, 6), "reentry": True, "cooling_off": "4 month"}, "longer than the season"),
    ({"renewals": -1}, "renewals"),
    ({"renewals": 1, "stay": "90 day"}, "whole months"),
    ({"settlement_after": "60 month"}, "beyond the longest stay"),
    ({"max_stays": 3}, "without reentry"),
    ({"max_stays": 0}, "max_stays=0"),
    ({"valid_from": "2024-01-01", "valid_to": "2023-01-01"}, "is not after"),
    ({"origin_cap": (cap(source=" "),)}, "no source"),
    ({"origin_cap": (cap(number=-1),)}, "expected 0 or more"),
    ({"origin_cap": (cap(date="2024"),)}, "no date"),
    ({"origin_cap": (cap(), cap(origin="GEO"))}, "GEO, which is no origin"),
    ({"origin_cap": ("MDA",)}, "holds a str"),
    ({"quota_shared_with": "GEO"}, "without a quota"),
    ({"quota": 1, "quota_shared_with": "MDA"}, "that is simulated"),
    ({"equal_treatment": False}, "it is fixed"),
    ({"return_bonus": "withheld"}, "C95"),
    ({"return_bonus": "on_top"}, "return_bonus_payer"),
    ({"complaint_protected": False}, "complaint never ends"),
    ({"employer_change": "never"}, "employer_change"),
    ({"family": "all"}, "family"),
    ({"costs": (Cost(item="travel"),)}, "has no payer"),
    ({"costs": (Cost(item="bribe", payer="worker"),)}, "is none of"),
    ({"costs": (Cost(item="travel", payer="agency"),)}, "has the payer 'agency'"),
    ({"costs": (Cost(item="travel", payer="employer"),) * 2}, "travel twice"),
    ({"insured": (Branch(name="dental", insured=True),)}, "is none of"),
    ({"insured": (Branch(name="pension", insured=False, exportable=True),)}, "nothing can be"),
    ({"insured": (Branch(name="pension", insured=True),) * 2}, "branch twice"),
    ({"floors": (Floor(origin="MDA", occupation="2", density=-1, source="x"),)}, "is -1"),
]


@pytest.mark.parametrize(("change", "text"), FAULTS)
def test_each_fault_is_found(change, text):
    with pytest.raises(DataError) as caught:
        rules(**change)
    assert any(text in fault for fault in caught.value.faults), caught.value.faults
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_faults_are_told_together():
    with pytest.raises(DataError) as caught:
        rules(kind="guest", permit="12 month", equal_treatment=False, quota=-1)
    assert len(caught.value.faults) == 4
    assert caught.value.rule == 9


@pytest.mark.parametrize("item", sorted(set(COSTS) - set(WORKER_MAY_PAY)))
def test_no_recruitment_fee_or_related_cost_is_borne_by_workers(item):
    with pytest.raises(DataError, match="ILO 2019"):
        rules(costs=(Cost(item=item, payer="worker"),))
    assert rules(costs=(Cost(item=item, payer="employer"),)).costs[0].payer == "employer"


def test_workers_may_pay_their_housing():
    assert rules(costs=(Cost(item="housing", payer="worker"),)).costs


def test_a_scheme_without_a_cap_of_its_origin_warns():
    with pytest.warns(MigovWarning, match="MDA has set no cap"):
        bare = rules(origin_cap=())
    assert bare.cautions == ("p: MDA has set no cap; ask the origin before it is used",)
    with pytest.warns(MigovWarning, match="tied to one employer"):
        rules(employer_change="none")


def test_importing_the_examples_is_silent():
    code = "import warnings; warnings.simplefilter('error'); import migov.schemes.examples as e"
    code += "; print(e.WESTERN_BALKANS_ALB.cautions)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ALB has set no cap" in done.stdout


def test_lengths_windows_and_claims():
    seasonal = rules(stay="90 day in 180 day")
    assert seasonal.stay_months == pytest.approx(90 / (365.2425 / 12))
    assert seasonal.pause_months == pytest.approx(seasonal.stay_months)
    assert seasonal.is_mobility
    assert not rules().is_mobility
    assert not rules(stay="10 month", renewals=1).is_mobility
    assert months("2 year") == 24.0
    with pytest.raises(ValueError, match="no date"):
        day("1 July")
    pension = Branch(name="pension", insured=True, minimum_months=60, exportable=True)
    health = Branch(name="health", insured=True)
    assert rules(insured=(pension, health)).claims() == {"pension": False, "health": True}
    assert rules(insured=(pension,), renewals=2).claims() == {"pension": True}
    assert SEASONAL_MDA_DEU.claims() == {}
    assert not Branch(name="pension", insured=True, minimum_months=60).has_claim(70)
    assert Branch(name="pension", insured=True, minimum_months=60, refund=True).has_claim(3)


def test_dated_quotas_of_the_western_balkans():
    quota = WESTERN_BALKANS_ALB.quota
    for text, number in (("2020-12-01", 0), ("2021-01-01", 25000), ("2024-05-31", 25000),
                         ("2024-06-01", 50000)):  # fmt: skip
        assert at_date(quota, day(text)) == number
    assert len(WESTERN_BALKANS_ALB.quota_shared_with) == 5


def test_a_damaged_text_is_no_programme():
    for text in ("{", '{"name": "x"}', '{"colour": "red"}', "[]"):
        with pytest.raises(ParameterError):
            Programme.from_json(text)
    with pytest.raises(DataError):
        Programme.from_json(rules().to_json().replace('"temporary"', '"guest"'))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"late": -0.1}, "rise"),
        ({"late": 1.2}, "at most 1"),
        ({"settlement": (0.3, 0.2, 0.1)}, "rise"),
        ({"settlement": (0.1, 0.2)}, "expected a number"),
        ({"death": float("inf")}, "rise"),
        ({"late": 0.5, "irregular": 0.4, "unknown": 0.2}, "over 1"),
        ({"death": "0.1"}, "expected a number"),
    ],
)
def test_hazards_that_cannot_be(change, text):
    with pytest.raises(DataError) as caught:
        Hazards(**change)
    assert text in " ".join(caught.value.faults)


def test_alternatives_that_cannot_be():
    with pytest.raises(DataError, match="sum to"):
        Alternative(home_job=0.5)
    with pytest.raises(DataError, match="expected a share"):
        Alternative(home_job=-0.5, home_no_job=1.5)


WRONG = (
    None, 1, -1, 1.5, float("nan"), float("inf"), 10**400, "", "x", "3 parsecs", True, [], [1],
    ("a", 1), {}, object(), b"x", np.array([1, 2]), (("2024-01-01", float("nan")),), (None,),
)  # fmt: skip
PARTS = {
    "origin_cap": cap(), "costs": Cost(item="travel", payer="employer"),
    "insured": Branch(name="pension", insured=True),
    "floors": Floor(origin="MDA", occupation="2", density=3.0, source="test"),
}  # fmt: skip


def _survives(make):
    """Make a programme, or see its refusal, which survives pickling; nothing else is raised."""
    refused: MigovError | None = None
    try:
        made = make()
    except MigovError as fault:
        refused = fault
    if refused is not None:
        assert refused.argument == "programme"
        assert str(pickle.loads(pickle.dumps(refused))) == str(refused)
        return
    assert hash(made) == hash(Programme.from_json(made.to_json()))
    assert made.pause_months >= 0
    assert made.stay_months > 0


@pytest.mark.filterwarnings("ignore::migov.core.errors.MigovWarning")
@pytest.mark.parametrize("name", [field.name for field in attrs.fields(Programme)])
def test_whatever_a_field_holds_is_refused_in_words_or_taken(name, harvest):
    for value in WRONG:
        _survives(lambda value=value: harvest.evolve(**{name: value}))


@pytest.mark.filterwarnings("ignore::migov.core.errors.MigovWarning")
@pytest.mark.parametrize("name", PARTS)
def test_whatever_a_part_holds_is_refused_in_words_or_taken(name, harvest):
    for field in attrs.fields(type(PARTS[name])):
        for value in WRONG:
            part = attrs.evolve(PARTS[name], **{field.name: value})
            _survives(lambda part=part: harvest.evolve(**{name: (part,)}))


FLOOR = Floor(origin="MDA", occupation="5", density=30, source="test")
CONTRADICTIONS = {
    "notice beyond the stay": ({"notice": "9 month"}, "notice='9 month' is beyond"),
    "family after the stay": (
        {"family": "accompany", "family_after": "2 year"}, "family_after='2 year' is beyond",
    ),
    "spouse without family": ({"spouse_works": True}, "spouse_works without a right"),
    "sector without employer": (
        {"employer_change": "none", "sector_change": "free"}, "with employer_change='none'",
    ),
    "partnership without training": ({"kind": "skills_partnership"}, "trains one to stay"),
    "employers with a quota": ({"quota_basis": "employers"}, "has no quota"),
    "shortage without a share": ({"quota_basis": "shortage"}, "a share of the posts"),
    "points without a number": ({"quota_basis": "points"}, "belong together"),
    "a number without points": ({"points_needed": 60.0}, "belong together"),
    "payer without a bonus": ({"return_bonus_payer": "employer"}, "without a return bonus"),
    "an empty pause": ({"cooling_off": ""}, "cooling_off is empty"),
    "an edition that is none": ({"safeguards_edition": "1999"}, "safeguards_edition='1999'"),
    "too many inspected": ({"inspected_share": 2.0}, "inspected_share=2.0"),
    "two origins in one text": ({"origin": "MDA ALB"}, "write ('MDA', 'ALB')"),
    "one stay and coming again": ({"max_stays": 1}, "max_stays=1 with reentry"),
    "waiting for no right": ({"family_after": "2 month"}, "without a right of the family"),
    "two caps of one day": (
        {"origin_cap": (cap(), cap(number=900))}, "two numbers from 2024-07-01",
    ),
    "two floors of one kind": (
        {"floors": (FLOOR, attrs.evolve(FLOOR, density=20))}, "floors names 5 in MDA twice",
    ),
    "more workers than people": (
        {"floors": (attrs.evolve(FLOOR, density=20000),)}, "per 10,000 inhabitants",
    ),
    "a floor of another occupation": (
        {"floors": (FLOOR,), "occupations": ("9",)}, "the occupation 5, which the programme",
    ),
    "withheld wages": ({"return_bonus": "withheld"}, "ILO C95"),
}  # fmt: skip


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_contradictions_are_told(what, harvest):
    changes, words = CONTRADICTIONS[what]
    with pytest.raises(DataError) as caught:
        harvest.evolve(stay="4 month", **changes)
    assert any(words in fault for fault in caught.value.faults)


def test_contradictions_are_told_together(harvest):
    with pytest.raises(DataError) as caught:
        harvest.evolve(
            stay="9 month", permit="6 month", season=(6, 7), cooling_off="3 month",
            costs=(Cost(item="travel"),), return_bonus="withheld",
        )  # fmt: skip
    assert len(caught.value.faults) == 4


def test_a_lost_post_that_ends_the_stay_is_warned_of(harvest):
    with pytest.warns(MigovWarning, match="a lost post ends the stay"):
        tied = harvest.evolve(unemployment_grace="0 month")
    assert not harvest.cautions
    assert len(tied.cautions) == 1
    assert not tied.evolve(new_placement=True).cautions


def test_a_cap_that_comes_later_is_warned_of(harvest):
    with pytest.warns(MigovWarning, match="the cap of MDA holds from 2029-01-01"):
        late = harvest.evolve(valid_from="2026-01-01", origin_cap=(cap(date="2029-01-01"),))
    both = (*late.origin_cap, cap(date="2026-01-01"))
    assert not late.evolve(origin_cap=both).cautions


@pytest.mark.parametrize("kind", [Programme, Alternative])
def test_no_text_is_no_programme(kind):
    with pytest.raises(ParameterError):
        kind.from_json(None)
