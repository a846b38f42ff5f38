"""What may not be a score, a priority or a weight, and what every result about persons says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migov.core.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTE = "planning tool, not a decision on individuals"
"""Stands in every result that names persons or points."""

WORDS = frozenset(
    "age ages birth birthplace born caste citizenship color colour creed descent disability "
    "disabled ethnicity faith gender genes health hiv language_of_birth marital nationality "
    "nation origin orientation party politics pregnancy race racial religion sex skin "
    "surname tribe union alter sexe sexo sesso edad origine origen "
    "belief genetic minority political tongue "
    "male males female females man men woman women boy girl mann frau homme femme hombre mujer "
    "maennlich weiblich masculin feminin masculino femenino "
    "muslim muslims christian christians jewish hindu buddhist catholic orthodox "
    "married single divorced widowed verheiratet ledig "
    "country land pays pais passport black white roma gay lesbian".split()
)
"""Words of a column's name that make it a protected attribute, also of neighbouring languages."""

STEMS = (
    *("citizen", "disab", "ethni", "nationalit", "pregnan", "religio", "sexual"),
    *("behinder", "geburts", "geschlecht", "herkunft", "schwanger", "staatsang", "nacional"),
)

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def attribute(name: object) -> str | None:
    """Return the word that makes a name that of a protected attribute, or None.

    The name is all that is looked at, by a list of words that cannot be whole: a column of
    origins that is called otherwise passes, as do words of other languages, and so does a score
    that somebody computed from it.

    Examples
    --------
    >>> attribute("countryOfOrigin"), attribute("AGE"), attribute("wage"), attribute("points")
    ('country', 'age', None, None)
    """
    for part in _PARTS.findall(str(name)):
        word = str(part).lower()
        if word in WORDS or word.startswith(STEMS):
            return word
    return None


def refuse(names: Iterable[object], where: str, argument: str) -> None:
    """Refuse protected attributes as scores, priorities or weights.

    Raises
    ------
    ParameterError
        A name is that of one.

    Examples
    --------
    >>> refuse(["points", "german level"], "Market.from_frames", "score")
    """
    for name in names:
        word = attribute(name)
        if word is not None:
            raise ParameterError(
                where,
                f"{argument}={str(name)!r} names a protected attribute ({word})",
                "score by qualification, experience or language; groups=(…) only tells shares",
                9,
                argument,
            )
