"""The packaged instruments: one readable TOML file and one CSV of nodes for each edition."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from migov.core.errors import CodeError, FileError, ParameterError
from migov.governance.asked import ask_text
from migov.governance.instrument import Classes, Instrument, Node, Scale

_FOLDER = "data"


def _text(name: str) -> str:
    file = resources.files("migov.governance").joinpath(_FOLDER, name)
    return file.read_text(encoding="utf-8")


@cache
def index() -> dict[str, dict[str, Any]]:
    """Return the packaged instruments by id: title and editions, as the index file has them."""
    return dict(tomllib.loads(_text("index.toml")))


def editions(name: str) -> tuple[str, ...]:
    """Return the editions of a packaged instrument, the oldest first.

    Raises
    ------
    CodeError
        No such instrument.

    Examples
    --------
    >>> editions("sdg-10.7.2")
    ('2019', '2021')
    """
    ask_text(name, "governance.editions", "name", "such as 'sdg-10.7.2'")
    if name not in index():
        raise CodeError(
            "governance.editions",
            f"{name!r} is no packaged instrument",
            f"one of {', '.join(index())}",
            9,
            "name",
        )
    return tuple(index()[name]["editions"])


def load(name: str, *, edition: str | None = None) -> Instrument:
    """Return a packaged instrument.

    Parameters
    ----------
    name : str
        A key of :func:`index`, such as ``"sdg-10.7.2"``.
    edition : str, optional
        Needed where there are several.

    Raises
    ------
    CodeError
        No such instrument or edition.
    ParameterError
        There are several editions and none is chosen.

    Examples
    --------
    >>> load("sdg-10.7.2", edition="2021").node("D3B").label
    'bilateral agreements'

    References
    ----------
    Each instrument's ``source``.
    """
    known = list(editions(name))
    if edition is None and len(known) > 1:
        raise ParameterError(
            "governance.load",
            f"{name} has the editions {', '.join(known)}; scores of two are not one series",
            f"edition={known[-1]!r}",
            9,
            "edition",
        )
    wanted = known[0] if edition is None else str(edition)
    if wanted not in known:
        raise CodeError(
            "governance.load",
            f"{name} has no edition {wanted!r}",
            f"one of {', '.join(known)}",
            9,
            "edition",
        )
    return _read(name, wanted)


@cache
def _read(name: str, edition: str) -> Instrument:
    head = tomllib.loads(_text(f"{name}.{edition}.toml"))
    rows = csv.DictReader(_text(head.pop("nodes")).splitlines())
    return build(head, list(rows))


def build(head: dict[str, Any], rows: list[dict[str, str]]) -> Instrument:
    """Return an instrument from a head and the rows of its nodes, as the data files have them.

    Parameters
    ----------
    head : dict
        ``id edition title multiple unit direction source note answered_by``, ``scales`` and
        ``classes`` as tables by name.
    rows : list of dict of str
        ``node parent label weight aggregate scale missing classes across begins lasts``;
        columns may be absent.

    Raises
    ------
    FileError
        A table or column that is missing.
    ParameterError
        See :class:`Instrument`.
    """
    try:
        told = {key: value for key, value in head.items() if key not in ("scales", "classes")}
        scales = tuple(Scale(id=key, **value) for key, value in head["scales"].items())
        classes = tuple(
            Classes(
                id=key,
                labels=tuple(value["labels"]),
                limits=tuple(value["limits"]),
                groups=tuple((label, tuple(of)) for label, of in value.get("groups", {}).items()),
            )
            for key, value in head.get("classes", {}).items()
        )
        nodes = tuple(_node(row) for row in rows)
        return Instrument(nodes=nodes, scales=scales, classes=classes, **told)
    except (KeyError, TypeError, AttributeError) as fault:
        if isinstance(fault, CodeError):
            raise
        raise FileError(
            "governance.build",
            f"the data tell no instrument: {fault}",
            "see the fields of an instrument's head and items",
            9,
            "head",
        ) from fault


def _node(row: dict[str, str]) -> Node:
    told: dict[str, Any] = {
        key: value for key, value in row.items() if value and key not in ("node", "across", "lasts")
    }
    return Node(
        id=row["node"],
        across=tuple((row.get("across") or "").split()),
        lasts=int(row.get("lasts") or 0),
        **told,
    )
