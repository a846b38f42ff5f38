"""What the boundary of an indicator's call adds to its body, in milliseconds."""

from __future__ import annotations

import numpy as np
from compare import Row, best

import migov as mg


def _inputs(status: bool) -> dict[str, object]:
    people = mg.Cells((20.0, 60.0, 15.0), area="ALB DEU MDA").array("person")
    given = {"population": people, "employed": (people * 0.5).assign_attrs(units="person")}
    return {name: mg.status.mark(x, "estimated") for name, x in given.items()} if status else given


def _added(status: bool) -> float:
    indicator, given = mg.EconomicDependencyRatio(labour_standard="13th ICLS"), _inputs(status)
    body = type(indicator).__call__.body
    expected = body(indicator, **_inputs(False))
    found = indicator(**given)
    np.testing.assert_array_equal(found.values, expected.values)
    bare = _inputs(False)
    whole = best(lambda: indicator(**given))
    alone = best(lambda: body(indicator, **bare))
    return 1000.0 * (whole - alone)


def rows(small: bool = False) -> list[Row]:
    """Return the two lines of the table; a small run is the same."""
    del small
    work, against = "indicator call with two inputs", "its own body on the same arrays"
    return [
        Row(work, "3 areas", against, "≤ 0.35 ms added", _added(False)),
        Row(f"{work} with status", "3 areas", against, "≤ 2.5 ms added", _added(True)),
    ]
