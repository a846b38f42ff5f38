"""Integration: bases by citizenship, regimes that add up, money of one currency."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import migov as mg
from migov.core.errors import AlignmentError, DefinitionError, PartitionError, TimeError, UnitError

FOREIGN = mg.Definition(criterion="citizenship")


def cells(values, unit="person", definition=None, **labels):
    return mg.Cells(values, unit, definition, **labels).array()


def test_naturalisation_of_two_years():
    acquired = cells((20.0, 36.0), period="2022 2023")
    residents = cells(
        (1000.0, 1200.0, 1300.0),
        "person",
        FOREIGN,
        time=" ".join(f"{year}-01-01" for year in (2022, 2023, 2024)),
    )
    found = mg.NaturalisationRate()(acquired, residents)
    assert found.values.tolist() == pytest.approx([2.0, 3.0])
    half = cells((10.0,), period="2022").assign_coords(
        period_end=("period", np.array(["2022-07-01"], "M8[s]"))
    )
    assert mg.NaturalisationRate()(half, residents).item() == pytest.approx(2.0)


def test_naturalisation_refuses_the_foreign_born():
    acquired = cells((20.0,), period="2022")
    for definition in (mg.definitions.UN_DESA_MIGRANT_STOCK, None):
        residents = cells((1000.0,), "person", definition, time="2022-01-01")
        with pytest.raises(DefinitionError, match="residents") as caught:
            mg.NaturalisationRate()(acquired, residents)
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    residents = cells((1000.0,), "person", FOREIGN, time="2022-07-01")
    with pytest.raises(TimeError, match="residents"):
        mg.NaturalisationRate()(acquired, residents)


def test_regimes_add_up_to_all():
    stock = mg.definitions.UN_DESA_MIGRANT_STOCK
    migrants = cells((23.0, 53.0, 9.0, 15.0), "person", stock, regime="I II III IV")
    alone = [
        mg.PortabilityCoverage(regimes=(one,))(migrants).item() for one in ("I", "II", "III", "IV")
    ]
    assert alone == pytest.approx([23, 53, 9, 15])
    assert mg.PortabilityCoverage(regimes=("I", "II"))(migrants).item() == pytest.approx(76)
    with pytest.raises(AlignmentError, match="lacks regime V"):
        mg.PortabilityCoverage(regimes=("V",))(migrants)
    with pytest.raises(PartitionError, match="total"):
        mg.PortabilityCoverage()(cells((1.0, 2.0), "person", stock, regime="I total"))


def test_contributions_and_wages_are_of_one_currency():
    lost, wages = (cells((x,), "EUR", period="2024") for x in (5.0, 100.0))
    assert mg.ContributionLoss()(lost, wages).item() == pytest.approx(5)
    with pytest.raises(UnitError, match="currency"):
        mg.ContributionLoss()(lost, wages.assign_attrs(units="MDL"))
    with pytest.raises(UnitError, match="price base"):
        mg.ContributionLoss()(lost.assign_attrs(price_base=2020), wages)
