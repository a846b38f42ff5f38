"""The ready-made definitions say what their sources say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migov.core import definitions
from migov.core.definition import Definition

READY = {
    name: value
    for name, value in vars(definitions).items()
    if isinstance(value, Definition) and not name.startswith("_")
}


@pytest.mark.parametrize("name", READY)
def test_each_survives_its_text_and_has_a_name(name):
    given = READY[name]
    assert given.name
    assert Definition.from_json(given.to_json()) == given


def test_each_has_its_source_beneath():
    folder = Path(definitions.__file__).parent
    text = "\n".join(p.read_text(encoding="utf-8") for p in folder.glob("definitions_of_*.py"))
    for name in READY:
        assert re.search(rf"^{name} = [\s\S]*?^\)?(?:.*\n)?\"\"\"", text, re.M), name


def test_no_two_are_the_same():
    texts = [
        tuple(sorted((key, str(value)) for key, value in given.known().items()))
        for given in READY.values()
    ]
    assert len(texts) == len(set(texts))


def test_stays_and_counts_of_the_sources():
    d = definitions
    assert (d.UN_1998_LONG_TERM.stay_months, d.UN_1998_SHORT_TERM.stay_months) == (12, 3)
    assert d.UN_2025_TEMPORARY_MOBILITY.residence_rule == "present"
    assert d.EU_862_2007.stay_basis == "intended"
    assert (d.EU_2025_2458.stay_months, d.EU_2025_2458.stay_count) == (6, "cumulative")
    assert d.UNECE_CIRCULAR_LONG_TERM.window_months == 120
    assert d.BPM6_RESIDENCE.students == "excluded"
    workers = d.ICLS_20_MIGRANT_WORKERS
    assert workers.population_base == "residents_plus_non_resident_workers"
    assert d.ICLS_20_NON_RESIDENT_FOREIGN_WORKERS.seasonal_workers == "included"
    assert d.ICLS_20_MIGRANT_WORKERS_RESIDENT.criterion == "unknown"
