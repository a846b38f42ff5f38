"""Small packaged figures, each cited: ``load("outlook")``."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.datasets.figures import Entry as Entry
    from migov.datasets.figures import FigureNameError as FigureNameError
    from migov.datasets.figures import Figures as Figures
    from migov.datasets.markdown import page as page
    from migov.datasets.packaged import load as load
    from migov.datasets.packaged import names as names

__all__ = ["Entry", "FigureNameError", "Figures", "load", "names", "page"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Entry": "migov.datasets.figures",
            "FigureNameError": "migov.datasets.figures",
            "Figures": "migov.datasets.figures",
            "load": "migov.datasets.packaged",
            "names": "migov.datasets.packaged",
            "page": "migov.datasets.markdown",
        },
    )
