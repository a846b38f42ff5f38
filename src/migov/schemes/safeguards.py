"""The World Health Organization's list of health workforces to support and to safeguard.

From States on the list no health workers are recruited actively (WHO Global Code of Practice on
the International Recruitment of Health Personnel, 2010, article 5.1); agreements between
governments are to say what the origin gains. The list is revised every few years: each edition
stands on its own, and none of them holds a participating State of the OSCE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.core import areas
from migov.core.errors import CodeError

if TYPE_CHECKING:
    from migov.schemes.programme import Programme

_BOTH = tuple(
    # Africa (33 in 2020)
    "AGO BEN BFA BDI CMR CAF TCD COG CIV COD GNQ ERI ETH GAB GMB GHA GIN GNB LSO LBR MDG MWI MLI "
    "MRT MOZ NER NGA SEN SLE SSD TGO UGA TZA "
    # Eastern Mediterranean (6), South-East Asia (2), Western Pacific (5), the Americas (1)
    "AFG DJI PAK SOM SDN YEM BGD NPL KIR FSM PNG WSM SLB HTI".split()
)  # fmt: skip
_NEW_IN_2023 = ("COM", "RWA", "ZMB", "ZWE", "TLS", "LAO", "TUV", "VUT")

EDITIONS: dict[str, tuple[str, ...]] = {"2020": _BOTH, "2023": _BOTH + _NEW_IN_2023}
"""States by edition, ISO 3166-1 alpha-3.

Read (release of 8 March 2023 as reprinted; questions and answers of 4 April 2024): 55 States in
2023, eight of them new since 2020, by region of the WHO 37, 8, 6, 3 and 1. Recalled: the names,
which agree with all of these numbers.
"""

LATEST = max(EDITIONS)
HEALTH = ("22", "32", "532")
"""ISCO-08: health professionals, associate professionals, personal care workers in health.

WHO (2019), Classifying health workers, as recalled: these groups and managers of health services.
"""
HEALTH_KLDB = ("81", "821")
"""KldB 2010: medical and health care, and care of the old; known by their five digits."""


def safeguarded(origin: str, edition: str = LATEST) -> bool:
    """Tell whether a State is on the list of an edition.

    Parameters
    ----------
    origin : str
        ISO 3166-1 alpha-3.
    edition : {"2020", "2023"}
        Year of the list.

    Raises
    ------
    CodeError
        No such State, or no such edition.

    Examples
    --------
    >>> safeguarded("RWA"), safeguarded("RWA", "2020"), safeguarded("MDA")
    (True, False, False)
    """
    if not isinstance(edition, str) or edition not in EDITIONS:
        raise CodeError("safeguarded", f"edition={edition!r}", " or ".join(EDITIONS), 9, "edition")
    return areas.code(origin) in EDITIONS[edition]


def cautions(p: Programme) -> list[str]:
    """Return what is to be known of a programme that recruits health workers."""
    return [*_listed(p), *_unheld(p)]


def _unheld(p: Programme) -> list[str]:
    """Return that nothing keeps or replaces the health workers of an origin, on a list or not."""
    health = [code for code in p.occupations if code.startswith(HEALTH) or _of_kldb(code)]
    if not health:
        return []
    floored = {floor.origin for floor in p.floors if _of_health(floor.occupation)}
    bare = [origin for origin in p.origin if origin not in floored]
    if not bare or p.trained_per_departure >= 1:
        return []
    return [
        f"{p.name}: no floor keeps health workers ({', '.join(health)}) in {', '.join(bare)}, and "
        "fewer than one is trained for each who leaves"
    ]


def _listed(p: Programme) -> list[str]:
    """Return that health workers are of an origin on the list, or may be."""
    listed = [code for code in p.origin if code in EDITIONS.get(p.safeguards_edition, ())]
    if not listed:
        return []
    told = (
        f"{p.name}: {', '.join(listed)} on the WHO safeguards list of {p.safeguards_edition}: no "
        "active recruitment of health workers"
    )
    if not p.occupations:
        return [f"{told}, whom a programme without named occupations does not leave out"]
    health = [code for code in p.occupations if _of_health(code)]
    return [f"{told} ({', '.join(health)})"] if health else []


def _of_kldb(code: str) -> bool:
    """Tell whether a code is of health workers by KldB 2010."""
    return code.isdigit() and len(code) == 5 and code.startswith(HEALTH_KLDB)


def _of_health(code: str) -> bool:
    """Tell whether a code is of health workers, or of a wider group that holds them."""
    if _of_kldb(code):
        return True
    return len(code) < 5 and any(
        code.startswith(group) or (code and group.startswith(code)) for group in HEALTH
    )
