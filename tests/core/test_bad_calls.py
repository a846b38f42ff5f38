"""What core does with calls that cannot be meant: an error of ours, with the way out."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import migov as mg
from migov.core import areas, catalogue, status, units
from migov.core.errors import MigovError


def by_age(lower, width):
    labels = {"age": lower, "age_width": ("age", width)}
    return xr.DataArray(np.ones(len(lower)), labels, "age", attrs={"units": "person"})


OPEN = by_age([0, 15, 65], [15, 50, np.inf])
CLOSED = by_age([0, 5, 10], [5, 5, 5])
SEX = xr.DataArray([1.0, 2.0], {"sex": ["F", "M"]}, "sex", attrs={"units": "person"})
HERE = xr.DataArray([1.0], {"area": ["DEU"]}, "area", attrs={"units": "person"})


def read(**changes):
    frame = pd.DataFrame({"iso3": ["DEU"], "persons": ["1"]})
    layout = {"value": "persons", "unit": "person", "dims": {"iso3": "area"}}
    return mg.from_frame(frame, **layout, **changes)


CALLS = {
    "bound inside": (lambda: mg.regroup_ages(OPEN, [0, 18]), "lower=[0, 15] or lower=[0, 65]"),
    "bound at the end": (lambda: mg.regroup_ages(CLOSED, [0, 15]), "lower=[0, …]"),
    "bound beyond": (lambda: mg.regroup_ages(CLOSED, [0, 200]), "lower=[0, …]"),
    "one bound": (lambda: mg.regroup_ages(OPEN, 5), "lower=[0, …]"),
    "text as bounds": (lambda: mg.regroup_ages(OPEN, "0-14"), "lower=[0, …]"),
    "texts as bounds": (lambda: mg.regroup_ages(OPEN, ["0-14"]), "lower=[0, …]"),
    "no number": (lambda: mg.regroup_ages(OPEN, [0, np.nan]), "lower=[0, …]"),
    "gender": (lambda: mg.total(SEX, "gender"), "'sex' is the name of 'gender' here"),
    "no dimension": (lambda: mg.total(SEX, []), 'dims="sex"'),
    "None": (lambda: mg.total(SEX, None), 'dims="sex"'),
    "twice": (lambda: mg.total(SEX, ["sex", "sex"]), 'dims="sex"'),
    "group of sexes": (lambda: mg.total(SEX, "sex", group="EU"), 'total(x, "area", group=…)'),
    "group nearly": (lambda: mg.total(HERE, "area", group="OEDC"), "OECD"),
    "no date": (lambda: mg.total(HERE, "area", group="EU", date="soon"), 'date="2020-07-01"'),
    "no date of a State": (lambda: areas.at_date("SUN", "1991-13-01"), 'date="2020-07-01"'),
    "no area": (lambda: areas.code(None), "ISO 3166-1 or M49"),
    "one array": (lambda: mg.concat(SEX, "sex"), 'migov.concat([a, b], "sex")'),
    "no arrays": (lambda: mg.concat(None, "sex"), 'migov.concat([a, b], "sex")'),
    "labels twice": (lambda: mg.concat([SEX, SEX], "sex"), "arrays[1].drop_sel(sex=…)"),
    "explain a number": (lambda: mg.explain(3), "migov.catalogue.get("),
    "explain a damaged recipe": (
        lambda: mg.explain(xr.DataArray(1.0, attrs={"migov_recipe": "{"})),
        "x.attrs.pop('migov_recipe')",
    ),
    "unit of nothing": (lambda: units.to_unit(SEX, "0 person"), "'thousand person'"),
    "unit without end": (lambda: units.to_unit(SEX, "1e400 person"), "'thousand person'"),
    "unit of odd signs": (lambda: units.to_unit(SEX, "person@2"), "'thousand person'"),
    "unit that is a number": (lambda: units.to_unit(SEX, 5), "'thousand person'"),
    "no quantity": (lambda: units.from_pint(3, SEX), "migov.core.units.to_pint(x)"),
    "quantity of money": (
        lambda: units.from_pint(units.to_pint(SEX.assign_attrs(units="EUR")), SEX),
        "migov.core.units.to_pint(x)",
    ),
    "quantity of another shape": (lambda: units.from_pint(units.to_pint(HERE), SEX), "labels of"),
    "status of a number": (lambda: status.mark(3, "estimated"), "a labelled array"),
    "status at text": (lambda: status.mark(SEX, "estimated", at="F"), "a boolean DataArray"),
    "no groups": (lambda: mg.by_group(HERE, None), 'groups="EU"'),
    "marks as text": (lambda: read(marks="x"), 'marks={"x": "suppressed"}'),
    "labels as text": (lambda: read(labels="x"), 'labels={"sex":'),
    "open age as text": (lambda: read(open_age="100"), "open_age=100"),
    "no id": (lambda: catalogue.get(None), "migov.catalogue.search"),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_call_that_cannot_be_meant_says_what_to_type(case):
    call, mend = CALLS[case]
    with pytest.raises(MigovError) as told:
        call()
    assert mend in told.value.mend
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)


def test_explain_tells_arrays_of_text_and_dates():
    names = xr.DataArray(["a", "b", "c", "d"], attrs={"long_name": "names"})
    assert mg.explain(names).splitlines()[0] == "names: 4 of <U1: a, b, c … (no unit)"
    day = xr.DataArray(np.array(["2020-07-01"], "M8[s]"))
    assert "2020-07-01" in mg.explain(day)
