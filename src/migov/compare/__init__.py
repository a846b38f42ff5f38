"""Compare: definitions side by side, harmonisation, event histories, mirror figures, quality."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.compare.adjust import harmonise as harmonise
    from migov.compare.adjust import to_duration as to_duration
    from migov.compare.age_heaping import myers as myers
    from migov.compare.age_heaping import whipple as whipple
    from migov.compare.both_ends import mirror as mirror
    from migov.compare.both_ends import mirror_reasons as mirror_reasons
    from migov.compare.checks import breaks as breaks
    from migov.compare.checks import completeness as completeness
    from migov.compare.checks import implied_share as implied_share
    from migov.compare.checks import overlaps as overlaps
    from migov.compare.checks import timeliness as timeliness
    from migov.compare.circular import Circularity as Circularity
    from migov.compare.collected import read_template as read_template
    from migov.compare.collection import blank as blank
    from migov.compare.collection import template as template
    from migov.compare.covered import coverage as coverage
    from migov.compare.criteria import by_criterion as by_criterion
    from migov.compare.data_quality import quality as quality
    from migov.compare.data_quality import quality_page as quality_page
    from migov.compare.differences import Comparison as Comparison
    from migov.compare.differences import Difference as Difference
    from migov.compare.differences import comparable as comparable
    from migov.compare.differences import mobility as mobility
    from migov.compare.differences import side_by_side as side_by_side
    from migov.compare.events import Histories as Histories
    from migov.compare.events import crossings as crossings
    from migov.compare.events import permits as permits
    from migov.compare.listed import code_lists as code_lists
    from migov.compare.needs import requirements as requirements
    from migov.compare.redate import to_date as to_date
    from migov.compare.residence import Residence as Residence
    from migov.compare.survival import Survival as Survival
    from migov.compare.tables import protect as protect

__all__ = [
    "Circularity",
    "Comparison",
    "Difference",
    "Histories",
    "Residence",
    "Survival",
    "blank",
    "breaks",
    "by_criterion",
    "code_lists",
    "comparable",
    "completeness",
    "coverage",
    "crossings",
    "harmonise",
    "implied_share",
    "mirror",
    "mirror_reasons",
    "mobility",
    "myers",
    "overlaps",
    "permits",
    "protect",
    "quality",
    "quality_page",
    "read_template",
    "requirements",
    "side_by_side",
    "template",
    "timeliness",
    "to_date",
    "to_duration",
    "whipple",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Circularity": "migov.compare.circular",
            "Comparison": "migov.compare.differences",
            "Difference": "migov.compare.differences",
            "Histories": "migov.compare.events",
            "Residence": "migov.compare.residence",
            "Survival": "migov.compare.survival",
            "blank": "migov.compare.collection",
            "breaks": "migov.compare.checks",
            "by_criterion": "migov.compare.criteria",
            "code_lists": "migov.compare.listed",
            "comparable": "migov.compare.differences",
            "completeness": "migov.compare.checks",
            "coverage": "migov.compare.covered",
            "crossings": "migov.compare.events",
            "harmonise": "migov.compare.adjust",
            "implied_share": "migov.compare.checks",
            "mirror": "migov.compare.both_ends",
            "mirror_reasons": "migov.compare.both_ends",
            "mobility": "migov.compare.differences",
            "myers": "migov.compare.age_heaping",
            "overlaps": "migov.compare.checks",
            "permits": "migov.compare.events",
            "protect": "migov.compare.tables",
            "quality": "migov.compare.data_quality",
            "quality_page": "migov.compare.data_quality",
            "read_template": "migov.compare.collected",
            "requirements": "migov.compare.needs",
            "side_by_side": "migov.compare.differences",
            "template": "migov.compare.collection",
            "timeliness": "migov.compare.checks",
            "to_date": "migov.compare.redate",
            "to_duration": "migov.compare.adjust",
            "whipple": "migov.compare.age_heaping",
        },
    )
