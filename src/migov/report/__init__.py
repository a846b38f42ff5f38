"""Results in words and tables, as they go before readers."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.report.briefs import Briefs as Briefs
    from migov.report.briefs import scheme_briefs as scheme_briefs
    from migov.report.country import profile as profile
    from migov.report.effects import Effects as Effects
    from migov.report.effects import before_after as before_after
    from migov.report.page import Code as Code
    from migov.report.page import Page as Page
    from migov.report.page import Picture as Picture
    from migov.report.page import Table as Table
    from migov.report.page import Text as Text
    from migov.report.quality import quality_page as quality_page
    from migov.report.rounds import minutes as minutes
    from migov.report.tables import show as show
    from migov.report.tables import table as table

__all__ = [
    "Briefs",
    "Code",
    "Effects",
    "Page",
    "Picture",
    "Table",
    "Text",
    "before_after",
    "minutes",
    "profile",
    "quality_page",
    "scheme_briefs",
    "show",
    "table",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            **dict.fromkeys(("Briefs", "scheme_briefs"), "migov.report.briefs"),
            **dict.fromkeys(("Code", "Page", "Picture", "Table", "Text"), "migov.report.page"),
            "Effects": "migov.report.effects",
            "before_after": "migov.report.effects",
            "minutes": "migov.report.rounds",
            "profile": "migov.report.country",
            "quality_page": "migov.report.quality",
            "show": "migov.report.tables",
            "table": "migov.report.tables",
        },
    )
