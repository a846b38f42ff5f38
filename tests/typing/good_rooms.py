"""Uses that must type-check: rooms, their classes and what they return."""

from typing import assert_type

import pandas as pd
import xarray as xr

import migov as mg


def figures() -> None:
    """Packaged figures."""
    found = mg.datasets.load("outlook")
    assert_type(found, mg.datasets.Figures)
    assert_type(mg.datasets.names(), tuple[str, ...])


def projections(x: xr.DataArray) -> None:
    """A specification in the constructor, data in the call."""
    projection = mg.demography.CohortComponent(step=5, migration_timing="even", ax="greville")
    assert_type(projection, mg.demography.CohortComponent)
    assert_type(projection.run(x, x, x, x, sex_ratio=x), xr.Dataset)


def policies(frame: pd.DataFrame) -> None:
    """An instrument scores answers; a plan is of measures."""
    policy = mg.governance.load("sdg-10.7.2", edition="2021")
    assert_type(policy, mg.governance.Instrument)
    answers = mg.governance.Answers.from_frame(frame, time="1 July", assessor_kind="expert")
    assert_type(answers, mg.governance.Answers)
    scored = policy.score(answers, times=["2021-07-01"])
    assert_type(scored, xr.Dataset)
    assert_type(mg.governance.explain(scored, area="MDA"), str)
    assert_type(mg.governance.gaps(scored), pd.DataFrame)
    law = mg.governance.Measure(id="a", kind="law", cost=3, adopted="2020-05-01")
    register = mg.governance.Register([law])
    found = mg.governance.plan(policy, answers, register, budget=5, objective="classes")
    assert_type(found, mg.governance.Plan)


def indices(x: xr.DataArray) -> None:
    """A specification of nodes, data in the call."""
    nodes = (
        mg.composite.Node(id="index"),
        mg.composite.Node(id="rights", parent="index", direction="up"),
    )
    index = mg.composite.Index(title="an index", nodes=nodes, normalise=mg.composite.ZScore())
    assert_type(index, mg.composite.Index)
    assert_type(index.score(x), xr.Dataset)
    doubt = mg.composite.Uncertainty(weights=0.25)
    assert_type(index.robustness(x, doubt, draws=10, seed=7), xr.Dataset)


def pages(x: xr.DataArray, scored: xr.Dataset) -> None:
    """A profile is a page."""
    page = mg.report.profile(
        "MDA", {"migrant_share": x}, date="2025-07-01", balance=mg.Balance(reference=("DEU",)),
        scored={"SDG 10.7.2": scored},
    )  # fmt: skip
    assert_type(page, mg.report.Page)
    assert_type(page.html(), str)
