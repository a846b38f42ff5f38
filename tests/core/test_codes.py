"""Code lists: what tables write, and the structure that the lists have."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest

from migov.core import codes
from migov.core.errors import CodeError


def test_isco_08_has_as_many_groups_as_published():
    majors = [str(i) for i in range(10)]
    subs = [group for major in majors for group in codes.subgroups(major)]
    minors = [group for sub in subs for group in codes.subgroups(sub)]
    assert (len(majors), len(subs), len(minors)) == (10, 43, 130)
    for group in [*majors, *subs, *minors]:
        assert codes.occupation(group) == group
    by_major = [sum(m[0] == major for m in minors) for major in majors]
    assert by_major == [3, 11, 27, 20, 8, 13, 9, 14, 14, 11]


def test_isco_08_of_published_tables(shared):
    import pandas as pd

    table = pd.read_csv(
        shared / "figures/employment_by_occupation.csv", dtype=str, keep_default_na=False
    )
    coded = table[table.classification.str.startswith("ISCO-08") & (table.code != "")]
    assert len(coded) > 100
    for label in coded.code.unique():
        assert codes.occupation(label) in (label, "_T", "_X")


def test_kldb_2010_has_as_many_main_groups_as_published():
    areas = [str(i) for i in range(10)]
    mains = [g for area in areas for g in codes.subgroups(area, "KldB 2010")]
    assert (len(areas), len(mains)) == (10, 37)
    assert codes.subgroups("43", "KldB 2010") is None
    for code, level in (("29222", 2), ("26301", 1), ("53241", 1), ("73212", 2), ("82101", 1)):
        assert codes.occupation(code, "KldB 2010") == code
        assert codes.requirement_level(code) == level


@pytest.mark.parametrize(
    ("label", "scheme"),
    [
        ("99", "ISCO-08"),
        ("10", "ISCO-08"),
        ("827", "ISCO-08"),
        ("22222", "ISCO-08"),
        ("nurse", "ISCO-08"),
        ("", "ISCO-08"),
        ("44", "KldB 2010"),
        ("29225", "KldB 2010"),
        ("292222", "KldB 2010"),
        ("1", "SOC"),
    ],
)
def test_codes_that_no_list_has(label, scheme):
    with pytest.raises(CodeError) as caught:
        codes.occupation(label, scheme, "call")
    assert caught.value.where == "call"
    assert isinstance(caught.value, KeyError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_other_spellings_of_occupations():
    for label in ("OCU_ISCO08_TOTAL", "TOTAL", "_T", "total"):
        assert codes.occupation(label) == "_T"
    assert codes.occupation("OCU_ISCO08_X") == "_X"
    assert codes.occupation("OC51") == "51"
    assert codes.occupation(2.0) == "2"
    with pytest.raises(CodeError, match="no requirement level"):
        codes.requirement_level("2922")


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("M", "M"),
        (" f ", "F"),
        ("MALES", "M"),
        ("SEX_F", "F"),
        ("Both sexes combined", "_T"),
        ("T", "_T"),
        ("_O", "_O"),
        ("unknown", "_U"),
    ],
)
def test_sexes(label, code):
    assert codes.sex(label) == code


@pytest.mark.parametrize("label", ["1", 2, "x", "", "fm"])
def test_what_is_no_sex(label):
    with pytest.raises(CodeError, match="is no sex"):
        codes.sex(label)


@pytest.mark.parametrize(
    ("label", "code", "levels"),
    [
        ("5-8", "5-8", (5, 8)),
        ("ED3_4", "3-4", (3, 4)),
        ("ED0-2", "0-2", (0, 2)),
        ("LTB", "0", (0, 0)),
        ("BAS", "1-2", (1, 2)),
        ("EDU_AGGREGATE_INT", "3-4", (3, 4)),
        ("adv", "5-8", (5, 8)),
        (8, "8", (8, 8)),
        ("EDU_AGGREGATE_TOTAL", "_T", None),
        ("EDU_AGGREGATE_X", "_X", None),
        ("9", "_X", None),
        ("ISCED 0-2", "0-2", (0, 2)),
        ("ISCED 2011 level 5", "5", (5, 5)),
        ("Upper secondary education (levels 3 and 4)", "3-4", (3, 4)),
        ("Levels 5–8", "5-8", (5, 8)),
        ("ISCED11_5-8", "5-8", (5, 8)),
        ("All ISCED 2011 levels", "_T", None),
        ("5 - Short-cycle tertiary education", "5", (5, 5)),
        ("NRP", "_X", None),
    ],
)
def test_levels_of_education(label, code, levels):
    assert codes.education(label) == code
    assert codes.levels(code) == levels


@pytest.mark.parametrize(
    "label", ["X", "EDU_ISCED11_X", "5-3", "3-3", "ED5_6", "ED35", "tertiary", "", "ISCED 11", "5+"]
)
def test_what_is_no_level(label):
    with pytest.raises(CodeError, match="no level of ISCED 2011"):
        codes.education(label)


@pytest.mark.parametrize("label", ["ISCED97_3", "ISCED 1997 level 5", "Tertiary (ISCED97 5-6)"])
def test_levels_of_the_older_isced_are_others(label):
    with pytest.raises(CodeError, match="its levels are others"):
        codes.education(label)


def test_sections_divisions_and_ranges_of_activities():
    first = [codes.activities(section) for section in codes._SECTIONS]
    assert first[0][0] == 100
    assert all(a[1] < b[0] for a, b in pairwise(first))
    assert [a[1] + 1 for a in first[:-1]] == [b[0] for b in first[1:]]
    for code, span in {
        "C10-C12": (1000, 1299),
        "ECO_ISIC4_F": (4100, 4499),
        "M_N": (6900, 8399),
        "011": (110, 119),
        "0111": (111, 111),
    }.items():
        assert codes.activities(code) == span
    for text in ("farming", "A10", "00", "5", "N-M", "TOTAL", "V", "_T"):
        assert codes.activities(text) is None


@pytest.mark.parametrize(
    ("label", "scheme", "code"),
    [
        ("22 Health professionals", "ISCO-08", "22"),
        ("2. Professionals", "ISCO-08", "2"),
        ("29222 Köche", "KldB 2010", "29222"),
        ("43 - Informatik", "KldB 2010", "43"),
        ("Insgesamt", "KldB 2010", "_T"),
    ],
)
def test_a_code_before_its_title(label, scheme, code):
    assert codes.occupation(label, scheme) == code


def test_levels_of_published_tables(shared):
    import pandas as pd

    table = pd.read_csv(
        shared / "figures/labour_force_by_education.csv", dtype=str, keep_default_na=False
    )
    coded = table[table.code.ne("")][["code", "label"]].drop_duplicates()
    assert len(coded) > 10
    for code, label in coded.itertuples(index=False):
        if label == "no schooling":
            with pytest.raises(CodeError, match="say whether it is no schooling"):
                codes.education(code)
            continue
        found = codes.education(code)
        if "ISCED" in label:
            assert label.rstrip(")").split()[-1] == found
        else:
            expected = {"total": "_T", "less than basic": "0", "not elsewhere classified": "_X"}
            assert found == expected[label]
