"""Numbers that no population has had are told."""

import numpy as np
import pytest

import migov as mg
from migov.core.errors import InputError, MigovWarning, ParameterError


def _run(figures, **changed):
    given = {n: figures[n] for n in ("population", "mortality", "fertility", "migration")}
    return mg.demography.CohortComponent().run(
        **{**given, **changed}, sex_ratio=figures["sex_ratio"]
    )


def test_births_to_old_women_are_refused():
    figures = mg.datasets.load("outlook")
    later = figures.fertility.assign_coords(age=figures.fertility.age + 30)
    with pytest.raises(InputError, match="age 60-64") as told:
        _run(figures, fertility=later)
    assert told.value.argument == "fertility"


def test_rates_ten_times_too_low_are_told():
    figures = mg.datasets.load("outlook")
    low = (figures.mortality / 10).assign_attrs(figures.mortality.attrs)
    with pytest.raises(InputError, match="10 times as high they give 84 years"):
        _run(figures, mortality=low)
    with pytest.raises(InputError, match=r"(?s)no population has had 100.*longest=111"):
        mg.demography.life_table(low, ax="constant_force")
    m = mg.Cells((0.0004, 0.00002, 0.0004, 0.009), age="0-14 15-24 25-64 65+").array("1/year")
    with pytest.raises(InputError, match="10 times as high"):
        mg.demography.life_table(m, ax="half")
    assert mg.demography.life_table(m, ax="half", longest=174).life_expectancy[0] > 100


def test_a_spread_of_migration_in_percent_is_refused():
    with pytest.raises(ParameterError, match="ten times net migration"):
        mg.demography.PathModel(migration_sd=30)
    assert np.isclose(mg.demography.PathModel(migration_sd=1.5).migration_sd, 1.5)


def test_swapped_sexes_of_mortality_are_told():
    figures = mg.datasets.load("outlook")
    wrong = figures.mortality.assign_coords(sex=["M", "F"])
    with pytest.warns(MigovWarning, match=r"(?s)outlive .* at area DEU.*sex.values"):
        found = _run(figures, mortality=wrong)
    right = _run(figures)  # says nothing
    assert float(abs(found.population - right.population).max()) > 1e5
    part = figures.mortality.copy()
    part[0] = wrong.sel(sex=["F", "M"]).values[0]
    _run(figures, mortality=part)  # one period of several
