"""Errors: one family, built-in kinds, whole after pickling."""

from __future__ import annotations

import ast
import inspect
import pickle
from pathlib import Path

import pytest

from migov.core import errors
from migov.core.errors import DataError, MigovError, need

BUILT_IN = {
    "InputError": ValueError,
    "KindError": TypeError,
    "UnitError": ValueError,
    "DimensionError": ValueError,
    "AlignmentError": ValueError,
    "AgeError": ValueError,
    "TimeError": ValueError,
    "PartitionError": ValueError,
    "DefinitionError": ValueError,
    "ParameterError": ValueError,
    "CodeError": KeyError,
    "AccountError": ArithmeticError,
    "FileError": OSError,
    "ExtraError": ImportError,
    "DataError": ValueError,
}
KINDS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, MigovError) and kind is not MigovError
}


def test_every_kind_is_listed():
    assert set(KINDS) == set(BUILT_IN)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_kind_is_also_the_built_in_one(name):
    assert issubclass(KINDS[name], BUILT_IN[name])
    with pytest.raises(BUILT_IN[name]):
        raise KINDS[name]("call", "what was given")


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_error_is_whole(name, protocol):
    given = KINDS[name]("call", "x has no 'sex'", "give x by sex", 4, "x")
    if name == "DataError":
        given = DataError("call", "1 fault", "mend it", 4, "x", ("row 3 is empty",))
    again = pickle.loads(pickle.dumps(given, protocol))
    assert type(again) is type(given)
    assert str(again) == str(given)
    fields = ("where", "what", "mend", "rule", "argument")
    assert [getattr(again, f) for f in fields] == [getattr(given, f) for f in fields]


def test_the_text_has_place_rule_and_way_out():
    told = str(MigovError("total", "x has no 'sex'", "name a dimension of x", 4, "x"))
    assert told == "total: x has no 'sex' [rule 4]\n  → name a dimension of x"
    assert str(MigovError("total", "x has no 'sex'")) == "total: x has no 'sex'"
    assert str(errors.CodeError("areas", "'Germny' is no area")) == "areas: 'Germny' is no area"


def test_faults_stand_between_head_and_way_out():
    given = DataError("read", "2 faults", "mend them", None, "frame", ("one", "two"))
    assert str(given).splitlines() == ["read: 2 faults", "  one", "  two", "  → mend them"]
    assert str(DataError("read", "1 fault", faults=("one",))).splitlines()[-1] == "  one"


def test_an_absent_package_names_the_extra():
    assert 'python -m pip install "migov[plot]"' in str(need("matplotlib", "plot", "migov.plot"))


def test_every_error_says_what_to_do():
    """No raise of ours leaves its way out empty, in any room."""
    kinds = {kind.__name__ for kind in vars(errors).values() if inspect.isclass(kind)}
    package = Path(errors.__file__).parents[1]
    without = []
    for path in sorted(package.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            if call.func.id not in kinds or any(isinstance(a, ast.Starred) for a in call.args):
                continue
            named = [keyword.value for keyword in call.keywords if keyword.arg == "mend"]
            mend = named[0] if named else call.args[2] if len(call.args) > 2 else None
            if mend is None or (isinstance(mend, ast.Constant) and not mend.value):
                without.append(f"{path.relative_to(package)}:{call.lineno}")
    assert without == []
