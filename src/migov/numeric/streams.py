"""Random streams keyed by what they are for, never by the order in which they are drawn.

A stream belongs to (seed, process, area, member label): its key is a hash of these words, and
the counter-based generator Philox gives from it a sequence that shares nothing with another
key's. A subset of areas or members, another order, another chunk, or one more process leaves
every other draw as it is.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray


def draw_seed() -> int:
    """Return a fresh seed, from 0 to below 2**63, from the operating system.

    What draws with ``seed=None`` takes one here and writes it into its result.

    Examples
    --------
    >>> 0 <= draw_seed() < 2**63
    True
    """
    return secrets.randbits(63)


def key(seed: int, *words: object) -> int:
    """Return the 128-bit key of a stream.

    Parameters
    ----------
    seed : int
        From 0.
    *words : str, int or float
        What the stream is for, such as process, area, member label. A whole number and its
        text are the same word whatever its type, so that labels read back from a file agree;
        the words are parted by their lengths: ("ab", "c") and ("a", "bc") differ.

    Returns
    -------
    int

    Examples
    --------
    >>> key(7, "mortality", "DEU", 3) == key(7, "mortality", "DEU", np.int64(3))
    True
    >>> key(7, "ab", "c") == key(7, "a", "bc")
    False
    """
    hashed = hashlib.blake2b(digest_size=16, person=b"migov streams")
    for word in (seed, *words):
        text = _text(word).encode()
        hashed.update(len(text).to_bytes(8, "little") + text)
    return int.from_bytes(hashed.digest(), "little")


def _text(word: object) -> str:
    """Return a word's text; 3, 3.0 and numpy's 3 are one."""
    if isinstance(word, np.datetime64):
        return str(word.astype("M8[s]"))
    if isinstance(word, np.generic):
        word = word.item()
    if isinstance(word, float) and word.is_integer():
        word = int(word)
    return str(word)


def stream(seed: int, *words: object) -> np.random.Generator:
    """Return the generator of a stream.

    Parameters
    ----------
    seed : int
        From 0.
    *words : str, int or float
        What the stream is for; see :func:`key`.

    Returns
    -------
    numpy.random.Generator
        Philox 4x64 with ten rounds.

    Examples
    --------
    >>> a, b = stream(7, "fertility", "MDA", 0), stream(7, "fertility", "MDA", 0)
    >>> bool(a.standard_normal() == b.standard_normal())
    True

    References
    ----------
    Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
    """
    return np.random.Generator(np.random.Philox(key=key(seed, *words)))


def normals(
    seed: int, process: str, areas: Sequence[object], members: Iterable[object], size: int
) -> NDArray[np.float64]:
    """Return independent standard normal draws for areas and members.

    Parameters
    ----------
    seed : int
        From 0.
    process : str
        What is drawn; each process has streams of its own.
    areas : sequence
        Labels of areas; ``[""]`` where there are none, or where all share their draws.
    members : iterable
        Labels of members.
    size : int
        Draws of each.

    Returns
    -------
    ndarray (size, areas, members)
        The first draws are the same whatever `size`.

    Examples
    --------
    >>> some = normals(7, "x", ["MDA"], [5], 3)
    >>> more = normals(7, "x", ["DEU", "MDA"], [4, 5, 6], 4)
    >>> bool((some[:, 0, 0] == more[:3, 1, 1]).all())
    True
    """
    labels = list(members)
    out = np.empty((size, len(areas), len(labels)))
    for i, area in enumerate(areas):
        for j, member in enumerate(labels):
            out[:, i, j] = stream(seed, process, area, member).standard_normal(size)
    return out
