"""A programme and applicants that tests of what is beside a simulation start from."""

from __future__ import annotations

import warnings

from migov.core.cases import Cells
from migov.core.errors import MigovWarning
from migov.schemes import Hazards, Programme

BOTH = Cells((1200.0, 2400.0), origin="ALB MDA").array("person/year")


def programme(**rules):
    """A temporary programme of half a year from two origins, its cautions unsaid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        return Programme(**{
            "name": "p", "kind": "temporary", "origin": ("ALB", "MDA"), "destination": "DEU",
            "stay": "6 month",
        } | rules)  # fmt: skip


def simulated(made, hazards=None, **more):
    """Three years of it, nobody leaving early unless hazards say so."""
    return made.simulate(**{
        "applicants": BOTH, "hazards": hazards or Hazards(), "seed": 1,
        "start": "2025-01-01", "horizon": "3 year", **more,
    })  # fmt: skip
