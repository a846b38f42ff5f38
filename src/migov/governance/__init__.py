"""Policy instruments, answers, scores, registers of measures, reform plans and dialogue."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.governance import dialogue as dialogue
    from migov.governance import mipex as mipex
    from migov.governance.answers import Answers as Answers
    from migov.governance.budgets import frontier as frontier
    from migov.governance.carrying import Crosswalk as Crosswalk
    from migov.governance.carrying import crosswalk as crosswalk
    from migov.governance.instrument import Classes as Classes
    from migov.governance.instrument import Instrument as Instrument
    from migov.governance.instrument import Node as Node
    from migov.governance.instrument import Scale as Scale
    from migov.governance.labour_rights import compliance_score as compliance_score
    from migov.governance.library import editions as editions
    from migov.governance.library import load as load
    from migov.governance.measures import Measure as Measure
    from migov.governance.measures import Register as Register
    from migov.governance.other_policies import coherence as coherence
    from migov.governance.other_policies import conflicts as conflicts
    from migov.governance.reform import gaps as gaps
    from migov.governance.reform import plan as plan
    from migov.governance.reform_model import Scenario as Scenario
    from migov.governance.reform_plan import Plan as Plan
    from migov.governance.regions import shares as shares
    from migov.governance.views import difference as difference
    from migov.governance.views import explain as explain

_MODULES = {
    "answers": "Answers",
    "carrying": "Crosswalk crosswalk",
    "instrument": "Classes Instrument Node Scale",
    "labour_rights": "compliance_score",
    "library": "editions load",
    "mipex": "mipex",
    "dialogue": "dialogue",
    "regions": "shares",
    "views": "difference explain",
    "budgets": "frontier",
    "reform_plan": "Plan",
    "reform_model": "Scenario",
    "reform": "gaps plan",
    "other_policies": "coherence conflicts",
    "measures": "Measure Register",
}

__all__ = [
    "Answers",
    "Classes",
    "Crosswalk",
    "Instrument",
    "Measure",
    "Node",
    "Plan",
    "Register",
    "Scale",
    "Scenario",
    "coherence",
    "compliance_score",
    "conflicts",
    "crosswalk",
    "dialogue",
    "difference",
    "editions",
    "explain",
    "frontier",
    "gaps",
    "load",
    "mipex",
    "plan",
    "shares",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            name: f"migov.governance.{module}"
            for module, names in _MODULES.items()
            for name in names.split()
        },
    )
