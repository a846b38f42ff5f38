"""The indicator as a user of the catalogue meets it: installed, found, checked, called."""

import inspect

import numpy as np
import pytest

import migov as mg
from migov.core.errors import DefinitionError, ParameterError
from migov.testing import check_indicator

ID = "long_permit_share"


@pytest.fixture(scope="module")
def share():
    """Return the class, found through its entry point."""
    return mg.catalogue.get(ID)


def holders(values=(10.0, 20.0, 40.0, 30.0), duration="3 6 12 60"):
    """Return holders of permits, in thousands, declared as the indicator asks."""
    declared = mg.Definition(criterion="citizenship", stay_basis="permit_validity")
    return mg.Cells(values, "thousand person", declared, duration=duration).array()


def test_found_by_id_and_by_words():
    """The catalogue lists it with the distribution that it comes from."""
    assert ID in mg.catalogue.ids()
    assert ID in mg.catalogue.search("permits validity", input="third-country").index
    line = mg.catalogue.table().loc[ID]
    assert (line.place, line.error, line.unit) == ("permit-indicators", "", "percent")


def test_checker_is_green(share):
    """No check fails, and those that do not apply have reasons that are true of a single input."""
    found = check_indicator(share)
    reasons = {one.name: one.told for one in found.answers if one.outcome == "does not apply"}
    assert found.failures == ()
    assert reasons["order_of_labels"] == "no dimension without an order of its own"
    assert found.count("passed") >= 20


def test_short(share):
    """The class stands in 25 lines, its worked case with it."""
    assert len(inspect.getsource(share).splitlines()) <= 25


def test_counts_from_the_limit_on(share):
    """Each limit of the classes can be the shortest validity counted."""
    shares = [share(months=limit)(holders()).item() for limit in (3, 6, 12, 60)]
    assert shares == pytest.approx([100.0, 90.0, 70.0, 30.0])


def test_a_limit_inside_a_class_is_refused(share):
    """Nobody knows how many of a class stand on either side."""
    with pytest.raises(
        ParameterError, match=r"(?s)LongPermitShare: months=24.*one of 3, 6, 12, 60"
    ):
        share(months=24)(holders())


def test_a_missing_class_makes_the_share_missing(share):
    """A class without a number is not left out of the sum, and the report says why."""
    found = share().report(holders((10.0, np.nan, 40.0, 30.0)))
    assert np.isnan(found["value"].item())
    assert found["coverage"].item() == 0.75
    assert mg.status.names(found["observation_status"].item()) == ("missing",)


def test_who_is_counted_has_to_be_declared(share):
    """States report persons or permits, so the definition is needed."""
    with pytest.raises(DefinitionError, match="permits is undeclared"):
        share()(mg.define(holders(), None))


def test_told_by_which_state_has_to_collect_it(share):
    """The data that it needs follow from its declaration."""
    needs = mg.compare.requirements([share])
    assert needs["collects"].sel(actor="destination").all()
    assert needs["requirement"].values.tolist() == [share.contracts()["permits"].title]


def test_comes_back_from_json(share):
    """A recipe that names it can be read again."""
    one = share(months=60)
    assert mg.catalogue.from_json(one.to_json()) == one
