"""Minutes of a round of dialogue as a page."""

from __future__ import annotations

import pickle

import pytest

from migov import governance, report
from migov.core.errors import KindError, ParameterError
from migov.governance import dialogue as d

NASTY = "<script>x</script> | [a](http://x.example)"


@pytest.fixture
def held():
    return d.Round(
        title="Seasonal work",
        date="2024-03-01",
        participants=[
            d.Participant(id="g1", group="governments", invited="2024-02-01", heard="2024-03-01"),
            d.Participant(id="u1", group="social partners", heard="2024-03-01"),
            d.Participant(id="d1", group="migrants and diaspora", invited="2024-02-01"),
        ],
        proposals=[
            d.Proposal(id="fees", title="no fees", by="u1", outcome="agreed",
                       decided="2024-03-01", measure="law", became=NASTY),
            d.Proposal(id="quota", title="a higher quota"),
        ],
        positions=[
            d.Position(participant="g1", proposal="fees", stance=-1, reason=NASTY),
            d.Position(participant="u1", proposal="fees", stance=2, reason="fair"),
            d.Position(participant="u1", proposal="quota", stance=-2, red_line=True),
        ],
    )  # fmt: skip


def test_minutes_say_who_was_heard_and_what_became(held):
    register = governance.Register([governance.Measure(id="law", adopted="2025-01-01")])
    page = report.minutes(held, by="groups", register=register, date="2026-01-01")
    assert [head for head, _ in page.sections] == [
        "Who was heard", "Proposals", "Dissent and red lines", "Agreement", "What became of it",
    ]  # fmt: skip
    text = page.markdown()
    assert "Not heard: civil society, private sector, migrants and diaspora, academia." in text
    assert "| a higher quota |  | open | 100 % | 0 % | 1 |" in text
    assert "agreed all the same" in text
    assert "| no fees | social partners | u1 | strongly supports | fair |" in text
    assert "| rejects | yes | none recorded |" in text
    assert "| no fees | 2024-03-01 | law | adopted | 2025-01-01 | in time |" in text
    assert "<script" not in page.html()
    assert NASTY not in text


def test_an_empty_round_says_so():
    empty = d.Round(title="t", date="2024-03-01", participants=(), proposals=())
    text = report.minutes(empty, by="members").markdown()
    for part in ("Nothing was proposed", "None was recorded", "Nobody took a position"):
        assert part in text


def test_what_are_no_minutes(held):
    with pytest.raises(KindError, match="held is a str") as caught:
        report.minutes("round", by="groups")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(ParameterError, match="every group does"):
        report.minutes(held, by="votes")


def test_no_text_of_a_round_is_markup():
    told = d.Round(
        title=NASTY, date="2024-03-01", others=(NASTY,),
        participants=[d.Participant(id=NASTY, group=NASTY, heard="2024-03-01")],
        proposals=[d.Proposal(id=NASTY, title=NASTY, by=NASTY, became=NASTY),
                   d.Proposal(id="x", outcome="agreed", decided="2024-03-01", measure=NASTY)],
        positions=[d.Position(participant=NASTY, proposal=NASTY, stance=-1, reason=NASTY),
                   d.Position(participant=NASTY, proposal="x", stance=1, reason=NASTY)],
    )  # fmt: skip
    register = governance.Register([governance.Measure(id=NASTY, title=NASTY)])
    page = report.minutes(told, by="members", register=register, date="2025-01-01")
    assert "<script" not in page.html()
    assert "href" not in page.html()
    assert "<script>" not in page.markdown()
    assert "[a](" not in page.markdown()
