"""Dialogue: who was heard, where people stand and why, agreement, consensus, weights, minutes.

Nothing here replaces a decision: every figure says how it counts (members or groups), and red
lines and dissent stay on record whatever was agreed.
"""

from migov.governance.elicited import (
    inconsistent_pairs,
    into_index,
    weights_by_budget,
    weights_by_pairs,
)
from migov.governance.opinions import agreement, consensus, inclusiveness, least_objection
from migov.governance.pages import follow_through, minutes
from migov.governance.rounds import GROUPS, STANCES, Participant, Position, Proposal, Round

__all__ = [
    "GROUPS",
    "STANCES",
    "Participant",
    "Position",
    "Proposal",
    "Round",
    "agreement",
    "consensus",
    "follow_through",
    "inclusiveness",
    "inconsistent_pairs",
    "into_index",
    "least_objection",
    "minutes",
    "weights_by_budget",
    "weights_by_pairs",
]
