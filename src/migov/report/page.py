"""A page to hand out: one self-contained file in HTML, or the same in Markdown.

No script, no request to anywhere; text from data is escaped, pictures are inside the file with
a text that says what they show, and the page prints.
"""

from __future__ import annotations

import base64
import re
import tempfile
from html import escape
from pathlib import Path
from typing import Any

import attrs

from migov.core.blocks import Block as Block
from migov.core.blocks import Code as Code
from migov.core.blocks import Sections, check_text, markdown, no_block, plain
from migov.core.blocks import Table as Table
from migov.core.blocks import Text as Text
from migov.core.errors import FileError, KindError, ParameterError

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:64rem;
margin:2rem auto;padding:0 1rem}
p,pre{max-width:48rem}
h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.2rem;
border-bottom:1px solid #767676}h3{font-size:1.05rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0 1rem;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;
border-bottom:1px solid #c8c8c8}th{border-bottom:2px solid #595959}
td{overflow-wrap:break-word}.number{text-align:right}td.number{white-space:nowrap}
.date{white-space:nowrap}
.wide,figure{overflow-x:auto}:focus-visible{outline:2px solid #0b4f8a}
figure{margin:1rem 0}img{max-width:100%;height:auto}figcaption,.note{color:#494949;font-size:.85rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem;background:#f4f4f4;padding:.8rem}
@media screen and (max-width:40rem){body{margin:1rem auto}pre{font-size:.75rem;padding:.5rem}
table{font-size:.85rem}img[src*="/png"]{min-width:30rem;max-width:none}
.rows :is(table,caption,tbody,tr,td){display:block}
.wide{position:relative}
.rows thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.rows tr{border-bottom:1px solid #767676;padding:.3rem 0}
.rows td{border:0;padding:.1rem 0;text-align:left;white-space:normal}
.rows td.number:first-child::before{content:attr(data-head) " "}
.rows td:first-child{font-weight:600}.rows td:empty{display:none}
.rows td:not(:first-child)::before{content:attr(data-head) ": ";color:#494949}}
@page{size:A4;margin:15mm}
@media print{body{margin:0;padding:0;max-width:none;font-size:10pt}h2,caption{break-after:avoid}
p,pre{max-width:none}.wide,figure{overflow:visible}tr,figure,.short{break-inside:avoid}
h1{font-size:16pt}h2{font-size:12pt;margin-top:1rem}.note,figcaption{font-size:8.5pt}
img{max-height:75mm;width:auto}
table{font-size:8.5pt}.many table{font-size:7pt}.many :is(th,td){padding-right:.35rem}
pre{font-size:8pt}}
""".replace("\n", "")


@attrs.frozen(eq=False)
class Picture(Block):
    """A picture inside the page.

    Parameters
    ----------
    png : bytes
        The content of a PNG or SVG file.
    alt : str
        What it shows, in words.
    caption : str
        The line below it.

    Raises
    ------
    ParameterError
        No words for those who cannot see it.
    """

    png: bytes
    alt: str
    caption: str = ""

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.alt, str) or not self.alt.strip():
            raise ParameterError(
                "Picture", "a picture has no text that says what it shows", 'alt="…"', 9, "alt"
            )

    @classmethod
    def of(cls, axes: Any, alt: str, caption: str = "") -> Picture:
        """Return the picture of what a function of ``migov.plot`` drew."""
        from migov.plot import save

        with tempfile.TemporaryDirectory() as folder:
            path = save(axes, Path(folder) / "picture.png")
            return cls(path.read_bytes(), alt, caption)

    def markdown(self) -> str:
        """Return the picture in its words."""
        return f"*Picture: {plain(self.alt)}* {plain(self.caption)}".strip()


@attrs.frozen(eq=False)
class Page:
    """A titled page of sections.

    Parameters
    ----------
    title : str
        Heading of the page.
    sections : tuple of (str, tuple of blocks)
        Headings and what stands below them.
    language : str
        BCP 47 tag of the language.

    Examples
    --------
    >>> page = Page("Profile", (("People", (Text("Few & old"),)),))
    >>> "<p>Few &amp; old</p>" in page.html(), page.markdown().splitlines()[2]
    (True, '## People')
    """

    title: str
    sections: Sections
    language: str = "en"

    def __attrs_post_init__(self) -> None:
        check_text(self.title, "Page", "title")

    def html(self) -> str:
        """Return the page as one HTML file."""
        body = "".join(
            f"<section><h2>{escape(head)}</h2>{''.join(map(_html, blocks))}</section>"
            for head, blocks in self.sections
        )
        return (
            f'<!doctype html><html lang="{escape(self.language)}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(self.title)}</title><style>{STYLE}</style></head>"
            f"<body><main><h1>{escape(self.title)}</h1>{body}</main></body></html>\n"
        )

    def markdown(self) -> str:
        """Return the page as Markdown; pictures are told by their words."""
        return markdown(self.title, self.sections)

    def write(self, path: str | Path) -> Path:
        """Write the page to a file; its ending says which form.

        Raises
        ------
        ParameterError
            Another ending than ``.html`` or ``.md``.
        FileError
            It cannot be written there.
        """
        if not isinstance(path, str | Path):
            raise KindError(
                "Page.write", f"path is a {type(path).__name__}", '"profile.html"', 9, "path"
            )
        target = Path(path)
        if target.suffix not in (".html", ".md"):
            raise ParameterError(
                "Page.write", f"path={str(path)!r}", "a name that ends in .html or .md", 9, "path"
            )
        text = self.html() if target.suffix == ".html" else self.markdown()
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as fault:
            raise FileError(
                "Page.write", f"{str(path)!r}: {fault.strerror}", "a folder that exists",
                None, "path",
            ) from fault  # fmt: skip
        return target


_SHORT = 6
"""Rows of a table that stays on one page of paper."""
_NARROW = 3
"""Columns of a table that a telephone shows as a table; cells of more stand below each other."""
_MANY = 8
"""Columns beyond which a table is printed smaller."""
_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_LONG = re.compile(r"\S{25}")
_NUMBER = re.compile(r"[+\-−–]?\d[\d.,\u202f]*\s*%?(\s*\[.*\])?|–")
"""A number, with its interval perhaps; a date or a code is none."""


def _is_number(value: Any) -> bool:
    return bool(_NUMBER.fullmatch(str(value).strip()))


def _html(block: Block) -> str:
    if isinstance(block, Text):
        mark = ' class="note"' if block.note else ""
        return f"<p{mark}>{escape(block.text)}</p>"
    if isinstance(block, Code):
        return f"<pre>{escape(block.text)}</pre>"
    if isinstance(block, Picture):
        data = base64.b64encode(block.png).decode("ascii")
        below = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
        alt = escape(block.alt, quote=True)
        kind = "svg+xml" if block.png.startswith(b"<svg") else "png"
        source = f"data:image/{kind};base64,{data}"
        return f'<figure tabindex="0"><img alt="{alt}" src="{source}">{below}</figure>'
    if not isinstance(block, Table):
        raise no_block(block)
    return _table(block)


def _table(block: Table) -> str:
    heads, rows = block.cells()
    right = [_right(column) for column in zip(*rows, strict=True)] or [False] * len(heads)

    top = "".join(
        f'<th role="columnheader" scope="col"{_side(side)}>{_breakable(head)}</th>'
        for head, side in zip(heads, right, strict=True)
    )
    lines = "".join(f'<tr role="row">{_row(heads, row, right)}</tr>' for row in rows)
    caption = f"<caption>{escape(block.caption)}</caption>"
    # Roles are said, since cells that a narrow screen sets below each other are no table there.
    table = (
        f'<table role="table">{caption}<thead role="rowgroup"><tr role="row">{top}</tr></thead>'
        f'<tbody role="rowgroup">{lines}</tbody></table>'
    )
    kinds = (
        ("wide", True), ("short", len(rows) <= _SHORT), ("rows", len(heads) > _NARROW),
        ("many", len(heads) > _MANY),
    )  # fmt: skip
    kind = " ".join(name for name, holds in kinds if holds)
    name = escape(block.caption, quote=True)
    return f'<div class="{kind}" role="region" aria-label="{name}" tabindex="0">{table}</div>'


def _side(right: bool) -> str:
    return " class=number" if right else ""


def _row(heads: list[str], row: list[str], right: list[bool]) -> str:
    return "".join(
        f'<td role="cell" data-head="{escape(head, quote=True)}"{_side(side)}>'
        f"{_breakable(cell)}</td>"
        for head, cell, side in zip(heads, row, right, strict=True)
    )


def _breakable(cell: str) -> str:
    """Return an escaped text in which a long address may break after its marks, a date not."""
    told = []
    for place, part in enumerate(_DATE.split(cell)):
        pieces = re.split(r"(?<=[/?&=.,_-])(?=\S)", part) if _LONG.search(part) else [part]
        text = "<wbr>".join(map(escape, pieces))
        told.append(f"<span class=date>{text}</span>" if place % 2 else text)
    return "".join(told)


def _right(column: tuple[str, ...]) -> bool:
    """Whether a column holds numbers alone, and so stands to the right."""
    filled = [cell for cell in column if cell not in ("", "missing", "none")]
    return bool(filled) and all(map(_is_number, filled))
