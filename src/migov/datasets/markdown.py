"""The reference page of packaged figures, written from the figures themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.datasets.figures import used_keys
from migov.datasets.packaged import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migov.datasets.figures import Entry, Figures

_HEAD = """\
# Packaged figures: {title}

`migov.datasets.load("{name}")` returns {count} series. Every row has a source; what is assumed
has the status `stylised`, says so in its title, and names the reasoning as its source. Series
are never joined across a break that their publisher tells of. Names and borders are those of
the sources and imply no opinion on the status of any area.

A source that was read in a copy or a press report says so under *seen as*: check such a figure
against its publisher before it is printed.
"""


def page(name: str = "outlook") -> str:
    """Return the reference page of a packaged data set as Markdown.

    Parameters
    ----------
    name : str
        One of :func:`migov.datasets.names`.

    Returns
    -------
    str
        Series by theme, notes, sources and what is missing; the page
        ``docs/reference/figures.md`` is this text.

    Raises
    ------
    CodeError
        There is no such data set.

    Examples
    --------
    >>> print(page().splitlines()[0])
    # Packaged figures: Labour-mobility outlook: Germany, Albania, Moldova, 2025-2045
    """
    figures = load(name)
    parts = [_HEAD.format(title=figures.title, name=name, count=len(figures))]
    for theme in dict.fromkeys(e.theme for e in figures.entries):
        chosen = [e for e in figures.entries if e.theme == theme]
        parts.append(f"## {theme.capitalize()}\n\n{_series(figures, chosen)}")
    parts.append(f"## Sources\n\n{_sources(figures)}")
    parts.append(f"## Missing\n\nNeeded by the outlook and not published:\n\n{_missing(figures)}")
    return "\n".join(parts)


def _rows(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    table = [titles, ["---"] * len(titles), *([str(c) for c in line] for line in lines)]
    return "".join(f"| {' | '.join(c.replace('|', '/') for c in line)} |\n" for line in table)


def _series(figures: Figures, chosen: list[Entry]) -> str:
    def line(e: Entry) -> list[str]:
        x = figures[e.name]
        keys = used_keys(figures.rows(e.name)["source"])
        notes = f"{e.series}; {e.edition}. {e.notes}".strip()
        dims = ", ".join(f"{d} {x.sizes[d]}" for d in e.dims)
        links = ", ".join(f"[{key}](#{key.replace('_', '-')})" for key in keys)
        unit = f"{e.unit} ({e.price_base})" if e.price_base else e.unit
        return [f"`{e.name}`", str(x.attrs["long_name"]), unit, dims, e.definition, notes, links]

    head = ("name", "title", "unit (prices)", "dimensions", "definition", "series", "sources")
    return _rows(head, map(line, chosen))


def _sources(figures: Figures) -> str:
    told = []
    for one in figures.citations.to_dict("records"):
        anchor = f"({str(one['key']).replace('_', '-')})="
        table = f" {one['table']}." if one["table"] else ""
        told.append(
            f"{anchor}\n**{one['key']}**: {one['citation']}.{table} Licence: {one['licence']}. "
            f"Seen as: {one['seen_as']}.\n".replace("..", ".")
        )
    return "\n".join(told)


def _missing(figures: Figures) -> str:
    absent = figures.missing()
    return _rows(absent.columns, absent.itertuples(index=False))
