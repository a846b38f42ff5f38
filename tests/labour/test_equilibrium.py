"""Transferable utility: peers, a closed form, recovery, responses, and what is refused."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.core.errors import (
    AccountError,
    AlignmentError,
    DimensionError,
    InputError,
    MigovError,
    ParameterError,
    UnitError,
)
from migov.labour import choo_siow, recover_surplus, respond
from migov.labour.equilibrium import check_numbers


def arrays(phi, n, m):
    phi = np.asarray(phi, float)
    x, y = [f"x{i}" for i in range(len(n))], [f"y{j}" for j in range(len(m))]
    return (
        xr.DataArray(phi, {"skill": x, "post_type": y}, attrs={"units": "1"}),
        xr.DataArray(np.asarray(n, float), {"skill": x}, attrs={"units": "person"}),
        xr.DataArray(np.asarray(m, float), {"post_type": y}, attrs={"units": "post"}),
    )


def case(shared, name):
    found = json.loads((shared / f"golden/labour/choo_siow/{name}.json").read_text())
    given = (found["joint_surplus_phi"], found["worker_margins_n"], found["post_margins_m"])
    return arrays(*given), found["expected"]


@pytest.mark.parametrize("name", ["small_3x2", "assortative_20x15", "large_surplus_10x10"])
def test_against_peer(shared, name):
    given, expected = case(shared, name)
    out = choo_siow(*given, tolerance=1e-12)
    close = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(out["matches"], expected["mu"], **close)
    np.testing.assert_allclose(out["unmatched_workers"], expected["unmatched_workers"], **close)
    np.testing.assert_allclose(out["unmatched_posts"], expected["unmatched_posts"], **close)
    u, v = expected["worker_utility_u_minus_log_share_unmatched"], expected["post_utility_v"]
    np.testing.assert_allclose(out["worker_gain"], u, atol=1e-9)
    np.testing.assert_allclose(out["post_gain"], v, atol=1e-9)
    np.testing.assert_allclose(out["worker_part"], expected["U_worker_systematic"], atol=1e-9)
    np.testing.assert_allclose(out["post_part"], expected["V_post_systematic"], atol=1e-9)
    whole = (given[1] * out["worker_gain"]).sum() + (given[2] * out["post_gain"]).sum()
    assert whole.item() == pytest.approx(expected["total_social_surplus"], rel=1e-9)
    xr.testing.assert_allclose(out["worker_part"] + out["post_part"], given[0], rtol=1e-9)
    assert "no forecast" in out.attrs["use"]


def test_without_singles(shared):
    given, expected = case(shared, "no_singles_6x5")
    out = choo_siow(*given, alone=False, tolerance=1e-12)
    np.testing.assert_allclose(out["matches"], expected["mu"], rtol=1e-9)
    assert "unmatched_workers" not in out
    with pytest.raises(ParameterError, match="differ in number"):
        choo_siow(given[0], (given[1] * 2).assign_attrs(given[1].attrs), given[2], alone=False)


def test_closed_form_and_splitting_of_types(shared):
    table = pd.read_csv(shared / "golden/labour/choo_siow/homogeneous_closed_form.csv")
    for row in table.itertuples():
        one = choo_siow(*arrays([[row.phi]], [row.n], [row.m]), tolerance=1e-13)
        assert one["matches"].item() == pytest.approx(row.mu_closed_form, rel=1e-11)
        split = choo_siow(
            *arrays(np.full((4, 3), row.phi), [row.n / 4] * 4, [row.m / 3] * 3), tolerance=1e-13
        )
        assert split["matches"].sum().item() == pytest.approx(
            row.mu_4x3_equal_types_total, rel=1e-11
        )
        assert split["matches"].sum() > one["matches"].sum()


def test_members_and_order_of_dimensions():
    rng = np.random.default_rng(1)
    phi, n, m = arrays(rng.normal(size=(4, 3)), rng.uniform(1, 9, 4), rng.uniform(1, 9, 3))
    many = xr.concat([phi, 2 * phi], xr.Variable("member", [0, 1]), join="exact")
    many.attrs = {"units": "1"}
    out = choo_siow(many.transpose("post_type", "member", "skill"),
                    (n[::-1] / 1e3).assign_attrs(units="thousand person"), m)  # fmt: skip
    for k in (0, 1):
        alone = choo_siow((phi * (k + 1)).assign_attrs(units="1"), n, m)
        xr.testing.assert_allclose(
            out["matches"].sel(member=k, drop=True).transpose("skill", "post_type")
            .sel(skill=phi.skill), alone["matches"], rtol=1e-9)  # fmt: skip


def test_surplus_is_recovered():
    rng = np.random.default_rng(3)
    phi, n, m = arrays(rng.normal(size=(3, 4)), rng.uniform(50, 99, 3), rng.uniform(50, 99, 4))
    out = choo_siow(phi, n, m, tolerance=1e-13)
    found = recover_surplus(out["matches"], out["unmatched_workers"], out["unmatched_posts"])
    xr.testing.assert_allclose(found["surplus"], phi, atol=1e-10)


def test_standard_errors_against_simulation():
    rng = np.random.default_rng(5)
    phi, n, m = arrays(rng.normal(size=(2, 2)), [3000.0, 2000.0], [2500.0, 2500.0])
    out = choo_siow(phi, n, m)
    counts = np.concatenate([
        out["matches"].values.ravel(), out["unmatched_workers"].values,
        out["unmatched_posts"].values,
    ])  # fmt: skip
    drawn = rng.multinomial(int(counts.sum()), counts / counts.sum(), size=4000)
    mu, x0, y0 = drawn[:, :4].reshape(-1, 2, 2), drawn[:, 4:6], drawn[:, 6:]
    simulated = (2 * np.log(mu) - np.log(x0)[:, :, None] - np.log(y0)[:, None, :]).std(axis=0)
    found = recover_surplus(out["matches"], out["unmatched_workers"], out["unmatched_posts"])
    np.testing.assert_allclose(found["standard_error"], simulated, rtol=0.05)


def test_response_against_differences():
    rng = np.random.default_rng(7)
    phi, n, m = arrays(rng.normal(size=(4, 3)), rng.uniform(20, 90, 4), rng.uniform(20, 90, 3))
    base = choo_siow(phi, n, m, tolerance=1e-13)
    dn = (n * 0 + rng.normal(size=4)).assign_attrs(units="person")
    dm = (m * 0 + rng.normal(size=3)).assign_attrs(units="post")
    told = respond(base, workers=dn, posts=dm)
    step = 1e-4

    def moved(by):
        changed = (n + by * dn).assign_attrs(n.attrs), (m + by * dm).assign_attrs(m.attrs)
        return choo_siow(phi, *changed, tolerance=1e-13)

    up, down = moved(step), moved(-step)
    for name in ("matches", "unmatched_workers", "unmatched_posts"):
        measured = (up[name] - down[name]) / (2 * step)
        np.testing.assert_allclose(told[name], measured, atol=1e-6)
    closes = told["matches"].sum("post_type") + told["unmatched_workers"]
    np.testing.assert_allclose(closes, dn, atol=1e-10)


def test_a_broken_account_is_seen():
    phi, n, m = arrays([[0.0, 1.0]], [5.0], [3.0, 4.0])
    out = choo_siow(phi, n, m)
    singles = (out["unmatched_workers"], out["unmatched_posts"])
    check_numbers(out["matches"], n, m, singles, ("skill", "post_type"), 1e-10)
    with pytest.raises(AccountError, match="workers miss"):
        check_numbers(out["matches"], n + 1, m, singles, ("skill", "post_type"), 1e-10)
    with pytest.raises(AccountError, match="posts miss"):
        check_numbers(out["matches"], n, m + 1, singles, ("skill", "post_type"), 1e-10)


def test_calls_at_fault():
    phi, n, m = arrays([[0.0, 1.0]], [5.0], [3.0, 4.0])
    out = choo_siow(phi, n, m)
    singles = (out["unmatched_workers"], out["unmatched_posts"])
    calls = [
        (DimensionError, lambda: choo_siow(phi, n.rename(skill="area"), m)),
        (AlignmentError, lambda: choo_siow(phi, n.assign_coords(skill=["z"]), m)),
        (UnitError, lambda: choo_siow(phi, n.assign_attrs(units="EUR"), m)),
        (UnitError, lambda: choo_siow(phi.assign_attrs(units="person"), n, m)),
        (InputError, lambda: choo_siow(phi, (-n).assign_attrs(n.attrs), m)),
        (InputError, lambda: choo_siow((phi * np.nan).assign_attrs(phi.attrs), n, m)),
        (InputError, lambda: choo_siow((phi * 0 + np.inf).assign_attrs(phi.attrs), n, m)),
        (InputError, lambda: choo_siow((phi + 2000).assign_attrs(phi.attrs), n, m)),
        (InputError, lambda: recover_surplus((out["matches"] * 0).assign_attrs(units="person"),
                                             *singles)),
        (ParameterError, lambda: respond(out[["matches"]])),
        (ParameterError, lambda: respond(out)),
        (AlignmentError, lambda: respond(out, workers=n.assign_coords(skill=["z"]))),
        (UnitError, lambda: respond(out, workers=n.assign_attrs(units="EUR"))),
    ]  # fmt: skip
    for kind, call in calls:
        with pytest.raises(kind) as error:
            call()
        assert isinstance(error.value, MigovError)
        assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
