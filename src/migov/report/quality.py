"""The quality of a data set on one page to hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.compare.data_quality import quality_sections
from migov.report.page import Page

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
    return Page(title, quality_sections(found))
