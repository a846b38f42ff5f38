"""The quality of a data set on one page to hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.compare.data_quality import quality_summary, quality_tables
from migov.core.areas import NOTE
from migov.report.page import Block, Page, Table, Text

if TYPE_CHECKING:
    import xarray as xr


def quality_page(found: xr.Dataset, title: str = "Data quality") -> Page:
    """Return the result of :func:`migov.compare.quality` as a page to hand out.

    Parameters
    ----------
    found : Dataset {variable, check}
        From :func:`migov.compare.quality`.
    title : str
        Of the page.

    Returns
    -------
    Page
        What deserves a look first, then the verdict of every check for every variable.

    Raises
    ------
    KindError
        `found` is no such Dataset.

    Examples
    --------
    >>> import xarray as xr
    >>> import migov as mg
    >>> x = xr.DataArray([1.0], {"area": ["DEU"]}, "area", "refugees", {"units": "person"})
    >>> page = quality_page(mg.compare.quality(x), "Refugees")
    >>> [head for head, _ in page.sections]
    ['In short', 'To look at', 'All checks', 'What the checks tell']
    """
    tables = quality_tables(found)
    sections: list[tuple[str, tuple[Block, ...]]] = [("In short", (Text(quality_summary(found)),))]
    if len(tables["look"]):
        caption = "Checks that deserve a look, with what was found"
        sections.append(("To look at", (Table(tables["look"], caption),)))
    caption = "Verdict of each check; – where it does not apply"
    sections.append(("All checks", (Table(tables["all"], caption),)))
    meaning = (Table(tables["meaning"], "Checks"), Text(NOTE, note=True))
    sections.append(("What the checks tell", meaning))
    return Page(title, tuple(sections))
