"""Figures as they were printed, from the counts printed beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg

INCOME = ("low", "lower-middle", "upper-middle", "high, not OECD", "high, OECD")
REGIMES = ("I", "II", "III", "IV")
# Holzmann (2016), IZA Journal of European Labor Studies 5, table 2: migrants of 2000 by regime
MIGRANTS = (
    (850_985, 36_720_832, 5_293_338, 10_757_086),
    (11_312_511, 47_224_671, 3_476_163, 14_473_805),
    (3_521_212, 10_724_671, 189_357, 7_203_975),
    (2_063_914, 3_534_415, 192_987, 57_809),
    (24_778_310, 3_658_850, 291_007, 189_802),
)
PERCENT = ((2, 68, 10, 20), (15, 62, 5, 19), (16, 50, 1, 33), (35, 60, 3, 1), (86, 13, 1, 1))


def test_portability_by_income_of_the_origin():
    migrants = xr.DataArray(
        np.array(MIGRANTS, float),
        {"origin": list(INCOME), "regime": list(REGIMES)},
        ("origin", "regime"),
        attrs={"units": "person"},
    )
    migrants = mg.define(migrants, mg.definitions.UN_DESA_MIGRANT_STOCK)
    for column, regime in enumerate(REGIMES):
        found = mg.PortabilityCoverage(regimes=(regime,))(migrants).values
        assert np.round(found).tolist() == [row[column] for row in PERCENT]
    world = migrants.sum("origin").assign_attrs(migrants.attrs)
    # 42,526,932 of 186,515,699; about 23 percent in the text, 21.9 in the estimate of 2018
    assert mg.PortabilityCoverage()(world).item() == pytest.approx(22.8, abs=0.05)


def _groups(shared):
    """Return participation of four age groups and of 15 and over, and residents, by sex."""
    rates = pd.read_csv(shared / "figures/labour_force_participation_four_age_groups.csv")
    told = pd.read_csv(shared / "figures/labour_force_rates_ilo_modelled.csv")
    told = told[
        (told.indicator == "labour_force_participation_rate")
        & (told.age_start == 15)
        & told.age_end.isna()
    ]
    people = pd.read_csv(shared / "golden/demography/wpp2024/population_by_age_sex.csv")
    keys = ["iso3", "year", "sex"]
    people = people[people.age_start >= 15].copy()
    bounds = [15, 25, 55, 65]
    place = np.searchsorted(bounds, people.age_start, side="right") - 1
    people["age"] = np.array(bounds)[place]
    people = people.groupby([*keys, "age"]).population_thousands.sum()
    rates = rates.rename(columns={"age_start": "age"}).set_index([*keys, "age"])
    return rates.labour_force_participation_percent, told.set_index(keys).percent, people


def test_participation_of_all_ages_is_the_published_one(shared):
    rates, told, people = _groups(shared)
    both = pd.concat({"rate": rates, "people": people}, axis=1, join="inner").dropna()
    force = (both.rate / 100 * both.people).groupby(level=[0, 1, 2]).sum()
    whole = both.people.groupby(level=[0, 1, 2]).sum()
    printed = told.reindex(whole.index)
    assert printed.notna().sum() >= 40

    def array(values):
        rows = {"area": [" ".join(map(str, key)) for key in values.index]}
        x = xr.DataArray(values.to_numpy(), rows, ("area",), attrs={"units": "thousand person"})
        return mg.define(x, mg.definitions.ILO_MODELLED_LABOUR_FORCE)

    found = mg.ParticipationRate()(array(force), array(whole)).values
    np.testing.assert_allclose(found, printed.to_numpy(), atol=1.5e-3)
