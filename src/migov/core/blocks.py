"""What a page says, before it is set: paragraphs, tables, text as it stands, and sections.

Rooms tell their results in these blocks; :mod:`migov.report` sets them in HTML, and here they
become Markdown, in which text from data means nothing to Markdown or HTML.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from migov.core.errors import KindError

if TYPE_CHECKING:
    import pandas as pd


def check_text(value: object, where: str, name: str) -> None:
    """Refuse what is no text.

    Raises
    ------
    KindError
        It is none.
    """
    if not isinstance(value, str):
        raise KindError(where, f"{name} is a {type(value).__name__}", f'{name}="…"', 9, name)


def _text(block: object, field: attrs.Attribute[str], value: object) -> None:
    check_text(value, type(block).__name__, field.name)


class Block(ABC):
    """A part of a page."""

    __slots__ = ()

    @abstractmethod
    def markdown(self) -> str:
        """Return the block as Markdown."""


Sections = tuple[tuple[str, tuple[Block, ...]], ...]
"""Headings and what stands below them."""


@attrs.frozen
class Text(Block):
    """A paragraph, or with `note` a smaller remark.

    Parameters
    ----------
    text : str
        Plain text.
    note : bool
        Whether it is a remark.
    """

    text: str = attrs.field(validator=_text)
    note: bool = False

    def markdown(self) -> str:
        """Return the paragraph as Markdown."""
        return plain(self.text)


@attrs.frozen(eq=False)
class Table(Block):
    """A table with its caption.

    Parameters
    ----------
    frame : DataFrame
        Its index is shown where it has a name.
    caption : str
        What it shows, with unit and ``stylised`` where it applies.
    """

    frame: pd.DataFrame
    caption: str = attrs.field(validator=_text)

    def __attrs_post_init__(self) -> None:
        if not hasattr(self.frame, "to_numpy") or not hasattr(self.frame, "columns"):
            raise KindError(
                "Table", f"frame is a {type(self.frame).__name__}", "a pandas DataFrame", 9, "frame"
            )

    def cells(self) -> tuple[list[str], list[list[str]]]:
        """Return heads and rows as texts, a named index first, empty columns left out."""
        shown = self.frame
        if shown.index.names[0] is not None:
            shown = shown.reset_index()
        rows = [
            ["" if cell is None else str(cell) for cell in row] for row in shown.to_numpy(object)
        ]
        used = [i for i in range(shown.shape[1]) if not rows or any(row[i] for row in rows)]
        heads = [str(column) for column in shown.columns]
        return [heads[i] for i in used], [[row[i] for i in used] for row in rows]

    def markdown(self) -> str:
        """Return the table as Markdown, its caption above."""
        heads, rows = self.cells()
        lines = [f"**{plain(self.caption)}**", "", "| " + " | ".join(map(plain, heads)) + " |"]
        lines.append("|" + " --- |" * len(heads))
        lines += ["| " + " | ".join(map(plain, row)) + " |" for row in rows]
        return "\n".join(lines)


@attrs.frozen
class Code(Block):
    """Text as it stands, such as an explanation.

    Parameters
    ----------
    text : str
        Shown with its line breaks.
    """

    text: str = attrs.field(validator=_text)

    def markdown(self) -> str:
        """Return the text set in, so that nothing in it is read as Markdown."""
        return "\n".join(f"    {line}" for line in self.text.splitlines())


def plain(text: str) -> str:
    r"""Return a text whose characters mean nothing to Markdown or HTML.

    Examples
    --------
    >>> print(plain("a <b> | c"))
    a \<b\> \| c
    """
    for mark in "\\`*_[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def markdown(title: str, sections: Sequence[tuple[str, Sequence[Block]]]) -> str:
    """Return titled sections as Markdown; pictures are told by their words.

    Raises
    ------
    KindError
        Something else than a block stands below a heading.

    Examples
    --------
    >>> print(markdown("Round", [("Agreed", [Text("Nothing.")])]))
    # Round
    <BLANKLINE>
    ## Agreed
    <BLANKLINE>
    Nothing.
    <BLANKLINE>
    """
    check_text(title, "Page", "title")
    lines = [f"# {plain(title)}", ""]
    for head, blocks in sections:
        lines += [f"## {plain(head)}", ""]
        for block in blocks:
            if not isinstance(block, Block):
                raise no_block(block)
            lines += [block.markdown(), ""]
    return "\n".join(lines)


def no_block(block: object) -> KindError:
    """Return the error of something that is no block."""
    return KindError("Page", f"{block!r:.60} is no block", "Text, Table, Picture or Code", 9)
