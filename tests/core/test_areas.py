"""Areas: codes, names, and dated groups, against an independent list of States."""

from __future__ import annotations

import csv
import pickle

import numpy as np
import pytest

import migov as mg
from migov.core import areas
from migov.core.errors import CodeError, PartitionError


@pytest.fixture(scope="module")
def states(shared) -> list[dict[str, str]]:
    """Return the 57 participating States of the OSCE."""
    with (shared / "figures/osce_states.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_codes_are_distinct_among_areas_of_today():
    for column in ("iso3", "iso2", "m49", "name"):
        today = [row[column] for row in areas.table().values() if not row["to"] and row[column]]
        assert len(set(today)) == len(today), column
    for code, row in areas.table().items():
        assert code == row["iso3"]
        assert len(code) == 3
        assert code.isupper()


@pytest.mark.parametrize("code", [c for c, row in areas.table().items() if not row["to"]])
def test_every_spelling_leads_to_its_code(code):
    row = areas.table()[code]
    aliases = [alias for alias in row["aliases"].split(";") if alias]
    for spelling in [code, row["iso2"], row["m49"], row["name"], *aliases]:
        if spelling == "Congo":
            continue  # the short name of one of two States: refused, see below
        if spelling:
            assert areas.code(spelling) == code
            assert areas.code(f" {spelling.lower()} ") == code
    if row["m49"]:
        assert areas.code(int(row["m49"])) == areas.code(row["m49"].zfill(3)) == code
    assert areas.name(code) == row["name"]
    assert not areas.is_total(code)
    assert not areas.is_total(row["name"])
    assert not areas.is_total(row["m49"] or "none")


def test_the_states_of_the_osce(states):
    assert len(states) == 57
    assert set(areas.members("OSCE")) == {row["iso3"] for row in states}
    for row in states:
        assert areas.code(row["iso2"]) == row["iso3"]
        assert areas.code(row["m49"]) == row["iso3"]
        assert areas.table()[row["iso3"]]["m49"] == row["m49"]
        assert areas.code(row["name"]) == row["iso3"]


@pytest.mark.parametrize(
    ("group", "column"),
    [
        ("EU", "eu_member"),
        ("EEA", "eea_member"),
        ("EFTA", "efta_member"),
        ("CIS", "cis_member"),
        ("EAEU", "eaeu_member"),
        ("WESTERN_BALKANS", "western_balkans"),
        ("CENTRAL_ASIA", "central_asia"),
        ("SOUTH_CAUCASUS", "south_caucasus"),
        ("NORTH_AMERICA", "north_america"),
        ("MICROSTATES", "microstate"),
    ],
)
def test_groups_as_an_independent_list_has_them(states, group, column):
    participating = {row["iso3"] for row in states}
    listed = {row["iso3"] for row in states if row[column] == "1"}
    assert set(areas.members(group)) & participating == listed
    assert set(areas.members(group)) - participating <= {"XKX"}


def test_accessions_as_an_independent_list_has_them(states):
    for row in states:
        if not row["eu_accession_year"]:
            continue
        year = int(row["eu_accession_year"])
        assert row["iso3"] in areas.members("EU", f"{year + 1}-01-02")
        assert row["iso3"] not in areas.members("EU", f"{year - 1}-12-31")


def test_groups_have_dates():
    assert len(areas.members("EU")) == len(areas.members("EU", "2025-01-01")) == 27
    assert "GBR" in areas.members("EU", "2020-01-31")
    assert "GBR" not in areas.members("EU", "2020-02-01")
    assert "HRV" not in areas.members("EU", "2013-06-30")
    assert "HRV" in areas.members("EU", "2013-07-01")
    assert set(areas.members("EFTA", "2025-06-01")) == {"CHE", "ISL", "LIE", "NOR"}


@pytest.mark.parametrize("group", areas.groups())
def test_members_are_areas_of_today(group):
    found = areas.members(group)
    assert found
    assert len(set(found)) == len(found)
    for code in found:
        assert code in areas.table()
        assert not areas.table()[code]["to"]


def test_groups_that_are_not_recorded():
    with pytest.raises(CodeError, match="no group of areas"):
        areas.members("ASEAN-ISH")
    with pytest.raises(CodeError, match="recorded as of") as caught:
        areas.members("CIS", "1999-01-01", "total")
    assert caught.value.where == "total"
    assert caught.value.argument == "date"


@pytest.mark.parametrize("name", ["Korea", "Congo", "Virgin Islands", "Saint Martin"])
def test_names_of_several_areas_are_refused(name):
    with pytest.raises(CodeError, match="may be"):
        areas.code(name)


@pytest.mark.parametrize(
    ("text", "hint"),
    [("Germny", "Germany is DEU"), ("Moldva", "Moldova is MDA"), ("xx", None), ("Atlantis", None)],
)
def test_names_are_never_guessed(text, hint):
    with pytest.raises(CodeError, match="is no area") as caught:
        areas.code(text, "call")
    assert (hint in str(caught.value)) if hint else (": " not in caught.value.what)
    assert isinstance(caught.value, KeyError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_namibia_and_kosovo():
    assert areas.code("NA") == "NAM"
    assert areas.code("XKX") == areas.code("Kosovo") == "XKX"
    for empty in ("", "nan", None, np.nan):
        with pytest.raises(CodeError):
            areas.code(empty)


def test_totals_are_told_from_areas():
    for label in ("World", "WLD", "_T", "EU27_2020", "Europe", "150", "900", "OSCE", "world"):
        assert areas.is_total(label)
    for label in ("DEU", "Micronesia", "NA", 276, "Georgia"):
        assert not areas.is_total(label)
    for text in (*areas.REGIONS, *areas.REGIONS.values()):
        assert areas.is_total(text)
        with pytest.raises(CodeError):
            areas.code(text)


def test_an_unknown_code_names_itself():
    assert areas.name("XYZ") == "XYZ"
    assert "imply no opinion" in areas.NOTE


def test_a_country_holds_its_regions_and_a_region_its_parts():
    labels = ["DE", "DEA", "DE11", "DE1", "GBR", "UKC", "EL30", "GR", "KG-B", "KGZ"]
    found = set(areas.overlaps(labels))
    assert found == {
        ("DE", "DEA"), ("DE", "DE11"), ("DE1", "DE11"), ("DE", "DE1"), ("GBR", "UKC"),
        ("GR", "EL30"), ("KGZ", "KG-B"),
    }  # fmt: skip
    apart = ["AT", "AUS", "AS", "ASIA", "SSD", "SSA", "ARG", "ARB", "MA", "MALI", "BW", "BY", "FRA"]
    assert areas.overlaps(apart) == ()
    assert areas.overlaps(areas.table()) == tuple(
        (whole, part) for whole in areas.table() for part in areas.successors(whole)
    )


@pytest.mark.parametrize("dim", ["area", "origin", "citizenship"])
def test_a_sum_over_a_country_and_its_region_is_refused(dim):
    x = mg.Cells([[1.0, 2.0]], time="2024-01-01", **{dim: "DE DE1"}).array("person")
    with pytest.raises(PartitionError, match="DE beside DE1"):
        mg.total(x, dim)
