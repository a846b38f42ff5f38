"""Uses of rooms that must not type-check."""

import pandas as pd
import xarray as xr

import migov as mg


def misuse(x: xr.DataArray) -> None:
    """Each line is one misuse."""
    projection = mg.demography.CohortComponent(stp=5)  # E: call-arg
    mg.demography.CohortComponent(step="five")  # E: arg-type
    projection.run(x, x, x, x)  # E: call-arg
    projection.run(x, x, x, x, sex_ratios=x)  # E: call-arg
    mg.demography.CohortComponents(step=5)  # E: attr-defined
    mg.datasets.load()  # E: call-arg
    mg.datasets.load(7)  # E: arg-type


def misuse_of_policies(x: xr.DataArray, frame: pd.DataFrame) -> None:
    """Each line is one misuse."""
    policy = mg.governance.load("sdg-10.7.2", edition=2021)  # E: arg-type
    policy.score(frame)  # E: arg-type
    mg.governance.Answers.from_frame(frame, "1 July")  # E: call-arg
    mg.governance.Measure(id="a", kind="decree")  # E: arg-type
    mg.governance.Measure("a")  # E: call-arg
    mg.governance.Node(id="a", missing="ignore")  # E: arg-type
    mg.governance.gaps(frame)  # E: arg-type
    mg.governance.plan(policy, frame, ())  # E: arg-type
    mg.composite.Index(title="an index")  # E: call-arg
    mg.composite.Uncertainty(weight=0.25)  # E: call-arg
    mg.report.profile("MDA", {"migrant_share": x})  # E: call-arg
    mg.report.profile("MDA", x, date="2025-07-01")  # E: arg-type
    mg.report.Picture(png="file.png", alt="a picture")  # E: arg-type
