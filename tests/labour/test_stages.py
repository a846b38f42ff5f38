"""Stages before placement: simulated persons, identities, accounts, refusals."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from migov.core import status
from migov.core.cases import Cells
from migov.core.errors import (
    AccountError,
    DimensionError,
    InputError,
    KindError,
    MigovError,
    ParameterError,
    TimeError,
    UnitError,
)
from migov.labour import Stage, kernels_stages, through_stages
from migov.labour.stages import check_people


def entrants():
    x = Cells(
        (((100.0, 40.0), (60.0, 80.0)), ((50.0, 10.0), (0.0, 20.0)), ((70.0, 30.0), (40.0, 10.0))),
        period="2025 2026 2027", occupation="2 5", origin="ALB MDA",
    )  # fmt: skip
    return x.array("person")


def language():
    return Stage(
        name="language", passes=xr.DataArray(0.8, attrs={"units": "1"}),
        delay=xr.DataArray(9.0, attrs={"units": "month"}),
        drop_out=xr.DataArray(0.2, attrs={"units": "1/year"}),
    )  # fmt: skip


def recognition():
    both = {"occupation": ["2", "5"], "origin": ["ALB", "MDA"]}
    return Stage(
        name="recognition",
        passes=xr.DataArray([[0.4, 0.5], [0.7, 0.9]], both, attrs={"units": "1"}),
        delay=xr.DataArray([18.0, 4.0], {"occupation": ["2", "5"]}, attrs={"units": "month"}),
        drop_out=xr.DataArray([0.1, 0.3], {"origin": ["ALB", "MDA"]}, attrs={"units": "1/year"}),
    )


def test_against_simulated_persons():
    rng = np.random.default_rng(1)
    n = 400_000
    delay, mu, width = 1.7, 0.6, 0.5
    entered = rng.uniform(0, width, n)
    gives_up = rng.exponential(1 / mu, n)
    through, gone, waiting = kernels_stages.shares(delay, mu, width, 6)
    for k in range(6):
        since = (k + 1) * width - entered
        slow = (
            ((since >= delay) & (gives_up >= delay)).mean(),
            ((gives_up < delay) & (gives_up < since)).mean(),
            ((since < delay) & (gives_up >= since)).mean(),
        )
        np.testing.assert_allclose((through[k], gone[k], waiting[k]), slow, atol=0.004)


@given(
    st.floats(0, 20), st.one_of(st.just(0.0), st.floats(1e-12, 50)), st.sampled_from([0.25, 1, 5])
)
@settings(max_examples=300, deadline=None)
def test_shares_sum_to_one(delay, drop_out, width):
    through, gone, waiting = kernels_stages.shares(delay, drop_out, width, 8)
    np.testing.assert_allclose(through + gone + waiting, 1.0, atol=1e-12)
    assert (np.diff(through) >= -1e-15).all()
    assert (waiting >= 0).all()
    assert (gone >= -1e-15).all()


def test_cell_by_cell():
    people = entrants()
    out = through_stages(people, [language(), recognition()])
    through, gone, waiting = kernels_stages.shares(0.75, 0.2, 1.0, 3)
    for o in range(2):
        for g in range(2):
            x = people.values[:, o, g]
            cell = out.sel(stage="language").isel(occupation=o, origin=g)
            ended = [sum(x[p - k] * through[k] for k in range(p + 1)) for p in range(3)]
            lost = [sum(x[p - k] * gone[k] for k in range(p + 1)) for p in range(3)]
            np.testing.assert_allclose(cell["passed"], 0.8 * np.diff(ended, prepend=0))
            np.testing.assert_allclose(cell["failed"], 0.2 * np.diff(ended, prepend=0), atol=1e-12)
            np.testing.assert_allclose(cell["dropped"], np.diff(lost, prepend=0))
            stock = [sum(x[p - k] * waiting[k] for k in range(p + 1)) for p in range(3)]
            np.testing.assert_allclose(cell["waiting"], stock, atol=1e-12)
    np.testing.assert_array_equal(
        out["entered"].sel(stage="recognition"), out["passed"].sel(stage="language")
    )
    np.testing.assert_array_equal(out["candidates"], out["passed"].sel(stage="recognition"))
    assert set(out["waiting"].dims) == {"stage", "time", "occupation", "origin"}
    assert str(out["time"].values[0])[:10] == "2026-01-01"
    assert out["candidates"].attrs["units"] == "person"


def test_an_origin_does_not_depend_on_the_others():
    people, stages = entrants(), [language(), recognition()]
    whole = through_stages(people, stages)
    one = [
        Stage(
            name=s.name,
            **{
                k: x.sel(origin=["MDA"]) if "origin" in x.dims else x
                for k, x in (("passes", s.passes), ("delay", s.delay), ("drop_out", s.drop_out))
            },
        )
        for s in stages
    ]
    alone = through_stages(people.sel(origin=["MDA"]), one)
    for name in ("candidates", "waiting", "dropped"):
        np.testing.assert_array_equal(whole[name].sel(origin=["MDA"]), alone[name])
    early = through_stages(people.isel(period=slice(0, 2)), stages)
    np.testing.assert_array_equal(whole["candidates"].isel(period=slice(0, 2)), early["candidates"])


def test_no_stage_time_and_members():
    people = entrants()
    at_once = Stage(
        name="at once",
        passes=xr.DataArray([1.0, 0.5], {"member": [3, 8]}, attrs={"units": "1"}),
        delay=xr.DataArray(0.0, attrs={"units": "year"}),
    )
    out = through_stages(people, [at_once])
    for member, share in ((3, 1.0), (8, 0.5)):
        np.testing.assert_allclose(
            out["candidates"].sel(member=member).transpose(*people.dims), share * people
        )
    assert float(out["waiting"].max()) == 0.0


def test_status_is_the_union():
    stage = recognition()
    marked = Stage(
        name="recognition", passes=status.mark(stage.passes, "stylised"), delay=stage.delay
    )
    out = through_stages(entrants(), [language(), marked])
    for name in ("candidates", "waiting"):
        flags = out[name].observation_status
        assert (flags == status.flag("stylised")).all()


def test_a_broken_account_is_seen():
    out = through_stages(entrants(), [language()]).isel(stage=0, drop=True)
    same = out.assign(
        waiting=out["waiting"].rename(time="period").assign_coords(period=out.period)
    ).drop_vars("time")
    check_people(same, "call")
    for name in ("passed", "dropped", "failed", "waiting", "entered"):
        with pytest.raises(AccountError, match="lost or counted twice"):
            check_people(same.assign({name: same[name] * 1.01}), "call")


def test_calls_at_fault():
    people, stage = entrants(), language()
    gap = people.isel(period=[0, 2])

    def of(**changes):
        given_ = {"name": "x", "passes": stage.passes, "delay": stage.delay}
        return [Stage(**(given_ | changes))]

    odd = xr.DataArray([0.5], {"education": ["5-8"]}, attrs={"units": "1"})
    calls = [
        (KindError, lambda: through_stages(people, ["language"])),
        (ParameterError, lambda: through_stages(people, [])),
        (ParameterError, lambda: through_stages(people, [stage, stage])),
        (TimeError, lambda: through_stages(gap, [stage])),
        (DimensionError, lambda: through_stages(people.isel(period=0, drop=True), [stage])),
        (InputError, lambda: through_stages((-people).assign_attrs(people.attrs), [stage])),
        (InputError, lambda: through_stages(people.where(people > 0), [stage])),
        (
            InputError,
            lambda: through_stages(people, of(passes=(stage.passes + 1).assign_attrs(units="1"))),
        ),
        (UnitError, lambda: through_stages(people, of(delay=stage.passes))),
        (UnitError, lambda: through_stages(people, of(drop_out=stage.delay))),
        (ParameterError, lambda: through_stages(people, of(passes=odd))),
    ]
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_shares_in_percent_are_shares():
    start = Cells((100.0, 100.0), period="2025 2026").array("person")
    delay = xr.DataArray(6.0, attrs={"units": "month"})
    in_percent, of_one = (
        through_stages(
            start, [Stage(name="a", passes=xr.DataArray(x, attrs={"units": unit}), delay=delay)]
        )
        for x, unit in ((60.0, "percent"), (0.6, "1"))
    )
    np.testing.assert_allclose(in_percent.candidates, of_one.candidates, rtol=1e-15)
    np.testing.assert_allclose(in_percent.candidates, [30.0, 60.0])
    for value, unit, kind in ((0.6, "percent", UnitError), (160.0, "percent", InputError)):
        odd = Stage(name="a", passes=xr.DataArray(value, attrs={"units": unit}), delay=delay)
        with pytest.raises(kind, match="passes"):
            through_stages(start, [odd])


def test_a_rate_of_giving_up_in_percent_says_so():
    start = Cells((100.0, 100.0), period="2025 2026").array("person")

    def run(drop_out):
        stage = Stage(
            name="language",
            passes=xr.DataArray(0.8, attrs={"units": "1"}),
            delay=xr.DataArray(9.0, attrs={"units": "month"}),
            drop_out=drop_out,
        )
        return through_stages(start, [stage]).candidates

    odd = xr.DataArray(20.0, attrs={"units": "1/year"})
    with pytest.raises(InputError, match="drop_out of language holds 20 in a year") as error:
        run(odd)
    typed = eval(error.value.mend.partition(" if ")[0], {"drop_out": odd})
    np.testing.assert_allclose(run(typed), run(xr.DataArray(0.2, attrs={"units": "1/year"})))
