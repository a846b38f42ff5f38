"""Geographical regions of the world by UN M49, and which of them hold others.

References
----------
United Nations, Standard Country or Area Codes for Statistical Use (M49), series M, no. 49.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

REGIONS = {
    "001": "World",
    "900": "World",
    "002": "Africa",
    "015": "Northern Africa",
    "202": "Sub-Saharan Africa",
    "014": "Eastern Africa",
    "017": "Middle Africa",
    "018": "Southern Africa",
    "011": "Western Africa",
    "019": "Americas",
    "419": "Latin America and the Caribbean",
    "029": "Caribbean",
    "013": "Central America",
    "005": "South America",
    "021": "Northern America",
    "003": "North America",
    "142": "Asia",
    "143": "Central Asia",
    "030": "Eastern Asia",
    "035": "South-eastern Asia",
    "034": "Southern Asia",
    "145": "Western Asia",
    "150": "Europe",
    "151": "Eastern Europe",
    "154": "Northern Europe",
    "039": "Southern Europe",
    "155": "Western Europe",
    "009": "Oceania",
    "053": "Australia and New Zealand",
    "054": "Melanesia",
    "057": "Micronesia (region)",
    "061": "Polynesia",
}
"""Geographical regions of UN M49; 900 is the world in the lists of its Population Division."""

_WITHIN = {
    "002": ("015", "014", "017", "018", "011"),
    "202": ("014", "017", "018", "011"),
    "019": ("029", "013", "005", "021"),
    "419": ("029", "013", "005"),
    "003": ("029", "013", "021"),
    "142": ("143", "030", "035", "034", "145"),
    "150": ("151", "154", "039", "155"),
    "009": ("053", "054", "057", "061"),
}
"""Sub-regions of UN M49 in each region; the world holds all."""


def regions_apart(labels: Iterable[object]) -> bool:
    """Tell whether labels are regions of UN M49 of which none holds part of another.

    Examples
    --------
    >>> regions_apart(["Africa", "Asia"]), regions_apart(["Africa", "Eastern Africa"])
    (True, False)
    """
    numbers = {named.upper(): number for number, named in REGIONS.items()}
    seen: set[str] = set()
    for label in labels:
        text = str(label).strip().upper()
        number = numbers.get(text, text.zfill(3))
        if number not in REGIONS or REGIONS[number] == "World":
            return False
        parts = set(_WITHIN.get(number, (number,)))
        if parts & seen:
            return False
        seen |= parts
    return True
