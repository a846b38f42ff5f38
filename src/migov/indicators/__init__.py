"""The catalogue's classes, one file a theme; written by tools/index.py."""

# fmt: off
from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.indicators.ageing import AgeingIndex as AgeingIndex
    from migov.indicators.ageing import ChildDependencyRatio as ChildDependencyRatio
    from migov.indicators.ageing import EconomicDependencyRatio as EconomicDependencyRatio
    from migov.indicators.ageing import MedianAge as MedianAge
    from migov.indicators.ageing import OldAgeDependencyRatio as OldAgeDependencyRatio
    from migov.indicators.ageing import PotentialSupportRatio as PotentialSupportRatio
    from migov.indicators.ageing import TotalDependencyRatio as TotalDependencyRatio

__all__ = [
    "AgeingIndex",
    "ChildDependencyRatio",
    "EconomicDependencyRatio",
    "MedianAge",
    "OldAgeDependencyRatio",
    "PotentialSupportRatio",
    "TotalDependencyRatio",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "AgeingIndex": "migov.indicators.ageing",
            "ChildDependencyRatio": "migov.indicators.ageing",
            "EconomicDependencyRatio": "migov.indicators.ageing",
            "MedianAge": "migov.indicators.ageing",
            "OldAgeDependencyRatio": "migov.indicators.ageing",
            "PotentialSupportRatio": "migov.indicators.ageing",
            "TotalDependencyRatio": "migov.indicators.ageing",
        },
    )
