"""Ready-made definitions: named, distinct where they claim to be, whole in a file's text."""

from __future__ import annotations

import itertools

import pytest

from migov.core import definitions
from migov.core.definition import Definition

READY = {
    name: value
    for name, value in vars(definitions).items()
    if isinstance(value, Definition) and not name.startswith("_")
}


@pytest.mark.parametrize("name", READY)
def test_each_is_named_and_travels(name):
    definition = READY[name]
    assert definition.name
    assert definition.known()
    assert Definition.from_json(definition.to_json()) == definition


def test_names_tell_them_apart():
    names = [definition.name for definition in READY.values()]
    assert len(set(names)) == len(names)


def test_no_two_are_the_same():
    for one, two in itertools.combinations(READY, 2):
        assert READY[one] != READY[two], (one, two)


def test_what_the_sources_say():
    assert definitions.UN_WPP_2019.differences(definitions.UN_WPP_2024) == {
        "edition": ("WPP 2019", "WPP 2024")
    }
    assert definitions.EU_USUAL_RESIDENCE.stay_months == 12
    assert definitions.MDA_USUAL_RESIDENCE.stay_count == "cumulative"
    assert definitions.MDA_USUAL_RESIDENCE.stay_months == 9
    assert definitions.UNHCR_REFUGEES.asylum_seekers == "excluded"
    assert definitions.UN_DESA_MIGRANT_STOCK.asylum_seekers == "included"
    assert definitions.ILO_MODELLED_LABOUR_FORCE.labour_standard == "13th ICLS"
    assert definitions.MDA_LABOUR_FORCE_SURVEY.labour_standard == "19th ICLS"
    assert definitions.SEASONAL_90_IN_180.seasonal_workers == "only"
