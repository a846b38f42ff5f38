"""Stays and resident populations: mobility moves person-years only, migration is replaced."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from migov.core import definitions
from migov.core.cases import Cells
from migov.core.definition import Definition, definition_of
from migov.core.errors import (
    AlignmentError,
    DefinitionError,
    DimensionError,
    KindError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.schemes import Hazards, OriginCap, Programme, replace_net_migration, scheme_migration

EU = definitions.EU_USUAL_RESIDENCE
MDA = definitions.MDA_USUAL_RESIDENCE
PATTERN = Cells((0.6, 0.4), age="15-34 35-64").array("1")


def programme(**changes):
    caps = tuple(OriginCap(origin=o, number=5000, date="2020-01-01", source="x")
                 for o in ("ALB", "MDA") if o in changes.get("origin", ("ALB",)))  # fmt: skip
    return Programme(**{
        "name": "p", "kind": "pathway", "origin": "ALB", "destination": "DEU",
        "origin_cap": caps, "stay": "24 month",
    } | changes)  # fmt: skip


def run(rules=None, counted="in net migration", applicants=600.0, **more):
    rules = rules or programme()
    origins = " ".join(rules.origin)
    apply = Cells(((applicants,) * len(rules.origin), (applicants / 2,) * len(rules.origin)),
                  sex="F M", origin=origins).array("person/year")  # fmt: skip
    how = {} if rules.is_mobility else {"migrants_counted": counted}
    return rules.simulate(applicants=apply, start="2025-07-01", horizon="10 year",
                          **{"hazards": Hazards(early_return=0.1), **how, **more})  # fmt: skip


def net(values=((100.0, 50.0), (80.0, 40.0))):
    return xr.DataArray(
        np.array([values, values]),
        coords={
            "period": np.array(["2025-07-01", "2030-07-01"], "M8[s]"),
            "period_end": ("period", np.array(["2030-07-01", "2035-07-01"], "M8[s]")),
            "sex": ["F", "M"],
            "age": [15, 35],
            "age_width": ("age", [20.0, 30.0]),
        },
        dims=("period", "sex", "age"),
        attrs={"units": "person"},
    )


def test_ninety_days_are_mobility_everywhere():
    rules = programme(stay="90 day in 180 day", reentry=True)
    effect = rules.population_effect(EU)
    assert effect.is_mobility
    assert not effect.leaves
    out = run(rules)
    assert out.dataset.attrs["migrants_counted"] == "temporary mobility, not migration"
    assert "not migration" in definition_of(out.dataset["abroad"]).name
    assert float(abs(scheme_migration(out, EU, "destination")).max()) == 0.0
    with pytest.raises(DefinitionError, match="person-years only"):
        replace_net_migration(net(), out, age_pattern=PATTERN, definition=EU, side="destination")


def test_nine_months_in_twelve_are_left_after_two_seasons():
    """One stay of 90 days leaves nine months at home; two in twelve months do not."""
    once = programme(stay="90 day in 366 day", reentry=True).population_effect(MDA)
    twice = programme(stay="90 day in 180 day", reentry=True).population_effect(MDA)
    assert not once.leaves
    assert twice.leaves
    # In 365.2425 days fit two stays and the first days of a third.
    assert twice.stay_months == pytest.approx((365.2425 - 180) / (365.2425 / 12))
    assert not twice.arrives


def test_thresholds_decide():
    assert programme(stay="12 month").population_effect(EU).arrives
    assert not programme(stay="11 month").population_effect(EU).arrives
    assert programme(stay="11 month", renewals=1).population_effect(EU).arrives
    assert programme(stay="1 month").population_effect(definitions.UN_DE_FACTO).arrives
    # Among all who are present a guest is counted, and is no migrant for that.
    for known in (definitions.UN_DE_FACTO, definitions.UN_WPP_2024):
        assert (
            "mobility, not migration" in programme(stay="3 month").population_effect(known).reason
        )
    assert (
        programme(stay="24 month")
        .population_effect(definitions.UN_DE_FACTO)
        .reason.endswith(": migration")
    )
    settles = programme(stay="6 month", renewals=0, settlement_after="6 month")
    effect = settles.population_effect(EU)
    assert (effect.arrives, effect.settles, effect.is_mobility) == (False, True, False)
    with pytest.raises(DefinitionError, match="how long"):
        programme().population_effect(Definition(criterion="everyone"))
    with pytest.raises(KindError):
        programme().population_effect("EU")


def expected(projected, scheme, counted):
    """Cell by cell in plain Python."""
    if counted == "additional":
        return projected + scheme, scheme
    same = projected * scheme > 0
    inside = (min(abs(projected), abs(scheme)) if same else 0.0) * (1 if scheme > 0 else -1)
    return projected + scheme - inside, scheme - inside


@pytest.mark.parametrize("counted", ["in net migration", "additional"])
@pytest.mark.parametrize("side", ["destination", "origin"])
@pytest.mark.parametrize("scale", [0.05, 1.0, 20.0])
def test_the_schemes_part_is_replaced_not_added(counted, side, scale):
    made = run(counted=counted)
    sign = 1 if side == "destination" else -1
    projected = net() * sign * scale * 10
    projected.attrs = {"units": "person"}
    out = replace_net_migration(projected, made, age_pattern=PATTERN, definition=EU, side=side)
    data = made.dataset.sel(origin="ALB")
    for i, (p, q) in enumerate(((0, 5), (5, 10))):
        for s, a in np.ndindex(2, 2):
            years = data.isel(period=slice(p, q), sex=s)
            came = float(years["admissions"].sum())
            left = float((years["returns_early"] + years["returns_in_time"]).sum())
            z = sign * (came - left) * [0.6, 0.4][a]
            m = float(projected[i, s, a])
            whole, more = expected(m, z, counted)
            cell = out.isel(period=i, sex=s, age=a)
            assert float(cell["scheme"]) == pytest.approx(z, rel=1e-12)
            assert float(cell["migration"]) == pytest.approx(whole, rel=1e-12)
            assert float(cell["additional"]) == pytest.approx(more, rel=1e-12, abs=1e-9)
            assert float(cell["scheme"] + cell["others"]) == pytest.approx(whole, rel=1e-12)
    assert definition_of(out["migration"]) == EU
    assert int(out["migration"].observation_status) == 256


def test_settlement_alone_is_migration_where_stays_are_short():
    rules = programme(stay="6 month", settlement_after="3 month")
    made = run(rules, hazards=Hazards(settlement=1.0), applicants=20.0)
    out = replace_net_migration(net(), made, age_pattern=PATTERN, definition=EU, side="destination")
    total = float(made.dataset["settlements"].sum())
    assert total > 0
    assert float(out["scheme"].sum()) == pytest.approx(total)
    assert float(out["migration"].sum()) == pytest.approx(float(net().sum()))


def test_several_origins_arrive_together_and_leave_apart():
    rules = programme(origin=("ALB", "MDA"))
    made = run(rules)
    there = replace_net_migration(net(), made, age_pattern=PATTERN, definition=EU,
                                  side="destination")  # fmt: skip
    homes = [
        replace_net_migration(net().copy(data=-net().values), made,
                              age_pattern=PATTERN, definition=EU, side="origin", area=area)
        for area in ("ALB", "MDA")
    ]  # fmt: skip
    np.testing.assert_allclose(there["scheme"], -(homes[0]["scheme"] + homes[1]["scheme"]))
    with pytest.raises(ParameterError, match="several origins"):
        replace_net_migration(net(), made, age_pattern=PATTERN, definition=EU, side="origin")


def test_the_area_is_picked():
    areas = xr.concat([net(), net() * 2], xr.IndexVariable("area", ["ALB", "DEU"]))
    areas.attrs = {"units": "person"}
    out = replace_net_migration(areas, run(applicants=9.0), age_pattern=PATTERN, definition=EU,
                                side="destination")  # fmt: skip
    assert float(out["migration"].sum()) == pytest.approx(2 * float(net().sum()))
    with pytest.raises(ParameterError, match="not POL"):
        replace_net_migration(areas, run(), age_pattern=PATTERN, definition=EU,
                              side="destination", area="POL")  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"side": "here"}, ParameterError),
        ({"migration": net().isel(sex=0, drop=True)}, DimensionError),
        ({"migration": net().assign_attrs(units="EUR")}, UnitError),
        ({"migration": net().isel(period=[1])}, TimeError),
        ({"migration": net().assign_coords(sex=["F", "X"])}, AlignmentError),
        ({"age_pattern": Cells((0.6, 0.4), age="15-24 25-64").array("1")}, AlignmentError),
        ({"age_pattern": Cells((0.6, 0.6), age="15-34 35-64").array("1")}, ValueError),
        ({"age_pattern": PATTERN.expand_dims(education=["5"])}, DimensionError),
        ({"definition": Definition()}, DefinitionError),
    ],
)
def test_what_is_refused(change, kind):
    how = {"migration": net(), "age_pattern": PATTERN, "definition": EU, "side": "destination"}
    how |= change
    with pytest.raises(kind):
        replace_net_migration(how.pop("migration"), run(), **how)
