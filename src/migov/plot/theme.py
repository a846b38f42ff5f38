"""How figures look: a style in force for a block, the palette, and files that never change.

Nothing here touches pyplot or matplotlib's global settings; each call applies the style in
force to its own artists.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core.errors import KindError, ParameterError, need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OKABE_ITO = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "orange": "#E69F00",
    "black": "#000000",
    "grey": "#777777",
}
"""Colours told apart with any colour vision (Okabe and Ito 2008), yellow replaced by a grey."""

INK, QUIET, GRID = "#1a1a1a", "#4d4d4d", "#d9d9d9"

_SUFFIXES: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    ".svg": {"Date": None, "Creator": None},
}


def _positive(instance: Style, attribute: Any, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e5:
        raise ParameterError(
            "Style",
            f"{attribute.name}={value!r}, expected a positive number",
            f"{attribute.name}= a number above 0",
            9,
            attribute.name,
        )


def _colours(instance: Style, attribute: Any, value: Any) -> None:
    if not isinstance(value, tuple) or not value:
        raise ParameterError(
            "Style",
            f"palette={value!r}, expected a tuple of colours",
            'palette=("#1f77b4", …)',
            9,
            "palette",
        )


@attrs.frozen(kw_only=True)
class Style:
    """Size, resolution, letters and colours of a figure.

    Parameters
    ----------
    width, height : float
        Size of a figure in inches; a figure grows taller where its rows need it.
    dpi : float
        Dots per inch of a file.
    font : float
        Size of letters in points; titles are larger, notes smaller.
    palette : tuple of str
        Colours of series in their order.

    Examples
    --------
    >>> Style().width, Style().dpi
    (6.4, 100)
    """

    width: float = attrs.field(default=6.4, validator=_positive)
    height: float = attrs.field(default=4.0, validator=_positive)
    dpi: float = attrs.field(default=100, validator=_positive)
    font: float = attrs.field(default=8.5, validator=_positive)
    palette: tuple[str, ...] = attrs.field(default=tuple(OKABE_ITO.values()), validator=_colours)

    @property
    def title(self) -> float:
        """Size of the title in points."""
        return self.font * 1.25

    @property
    def small(self) -> float:
        """Size of notes in points."""
        return self.font * 0.88


STYLES = {
    "notebook": Style(),
    "page": Style(width=6.3, height=4.2, dpi=300, font=8.5),
    "column": Style(width=3.35, height=3.2, dpi=300, font=7),
}
"""Styles by name: a notebook, the text width of an A4 page, one of two columns of it."""

_CURRENT: ContextVar[Style] = ContextVar("migov_plot_style", default=STYLES["notebook"])


def current() -> Style:
    """Return the style in force.

    Examples
    --------
    >>> current().font
    8.5
    """
    return _CURRENT.get()


@contextmanager
def style(name: str | Style = "notebook", **changes: Any) -> Iterator[Style]:
    """Put a style in force for the figures drawn in a block.

    Parameters
    ----------
    name : {"notebook", "page", "column"} or Style
        The style to start from: 6.4 × 4 inches at 100 dots per inch, the text width of an A4
        page or one of its two columns at 300.
    **changes
        Fields of :class:`Style`.

    Yields
    ------
    Style
        The style in force.

    Raises
    ------
    ParameterError
        No such style or field.

    Examples
    --------
    >>> with style("column", font=7.5) as chosen:
    ...     chosen.width, chosen.font
    (3.35, 7.5)
    """
    chosen = STYLES.get(name) if isinstance(name, str) else name
    if not isinstance(chosen, Style):
        raise ParameterError(
            "style", f"name={name!r} is no style", f"one of {', '.join(STYLES)}", 9, "name"
        )
    unknown = [key for key in changes if key not in attrs.fields_dict(Style)]
    if unknown:
        fields = ", ".join(attrs.fields_dict(Style))
        raise ParameterError(
            "style", f"{unknown[0]!r} is no field of a style", f"one of {fields}", 9, unknown[0]
        )
    chosen = attrs.evolve(chosen, **changes)
    token = _CURRENT.set(chosen)
    try:
        yield chosen
    finally:
        _CURRENT.reset(token)


def check_matplotlib(where: str) -> None:
    """Refuse to draw without matplotlib, naming the extra to install.

    Raises
    ------
    ExtraError
        matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as fault:
        raise need("matplotlib", "plot", where) from fault


def _figure_of(drawn: Any) -> Figure:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    several = isinstance(drawn, tuple | list | np.ndarray)
    first = next(iter(np.ravel(np.asarray(drawn, object))), None) if several else drawn
    if not isinstance(first, Axes | Figure):
        raise KindError(
            "save",
            f"drawn is a {type(drawn).__name__}, expected Axes or a Figure",
            "axes, frame = migov.plot.fan(…); migov.plot.save(axes, path)",
            None,
            "drawn",
        )
    figure = first.get_figure(root=True) if isinstance(first, Axes) else first
    if not isinstance(figure, Figure):
        raise KindError(
            "save",
            "drawn stands in no figure",
            "axes that a function of migov.plot returned",
            None,
            "drawn",
        )
    return figure


def save(
    drawn: Axes | Figure | tuple[Axes, ...], path: str | Path, *, dpi: float | None = None
) -> Path:
    """Write a figure to a file whose bytes depend on nothing but the figure.

    A figure that pyplot keeps is closed there; figures of this room are never kept.

    Parameters
    ----------
    drawn : Axes, tuple of Axes or Figure
        What a function of this room returned first.
    path : str or Path
        The file: ``.png``, ``.pdf`` or ``.svg``; its folder exists.
    dpi : float, optional
        Dots per inch; None for those of the figure.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    KindError
        `drawn` is neither Axes nor a figure.
    ParameterError
        Another suffix, no such folder, or `dpi` not positive.
    ExtraError
        matplotlib is not installed.

    Examples
    --------
    >>> import tempfile
    >>> import xarray as xr
    >>> from migov.plot import bars
    >>> x = xr.DataArray([0.4, 0.6], {"area": ["MDA", "ALB"]}, "area", attrs={"units": "1"})
    >>> folder = tempfile.mkdtemp()
    >>> save(bars(x)[0], f"{folder}/bars.png").stat().st_size > 1000
    True
    """
    where = "save"
    check_matplotlib(where)
    import matplotlib

    figure = _figure_of(drawn)
    target = Path(path)
    if target.suffix.lower() not in _SUFFIXES:
        raise ParameterError(
            where, f"path={str(path)!r}", f"a suffix of {', '.join(_SUFFIXES)}", 9, "path"
        )
    if not target.parent.is_dir():
        raise ParameterError(
            where, f"path={str(path)!r} lies in no folder", "make the folder first", 9, "path"
        )
    if dpi is not None and not (isinstance(dpi, int | float) and 0 < dpi < 1e5):
        raise ParameterError(where, f"dpi={dpi!r}", "a positive number", 9, "dpi")
    with matplotlib.rc_context({"svg.hashsalt": "migov"}):  # ids of SVG are random without it
        figure.savefig(
            target,
            dpi=figure.dpi if dpi is None else dpi,
            metadata=_SUFFIXES[target.suffix.lower()],
        )
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    return target
