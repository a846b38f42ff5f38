"""Pictures of labelled arrays: Axes, and the tidy frame of exactly what was drawn."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.plot.accounts import balance as balance
    from migov.plot.change import slopes as slopes
    from migov.plot.comparison import bars as bars
    from migov.plot.courses import fan as fan
    from migov.plot.matrix import heat as heat
    from migov.plot.structure import pyramid as pyramid
    from migov.plot.theme import Style as Style
    from migov.plot.theme import save as save
    from migov.plot.theme import style as style

__all__ = ["Style", "balance", "bars", "fan", "heat", "pyramid", "save", "slopes", "style"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Style": "migov.plot.theme",
            "balance": "migov.plot.accounts",
            "bars": "migov.plot.comparison",
            "fan": "migov.plot.courses",
            "heat": "migov.plot.matrix",
            "pyramid": "migov.plot.structure",
            "save": "migov.plot.theme",
            "slopes": "migov.plot.change",
            "style": "migov.plot.theme",
        },
    )
