"""Indicators of other distributions: found when asked, told apart, and never in each other's way.

The distributions are made on the path of the running process, as an installer would leave them:
a module and a ``.dist-info`` with entry points.
"""

from __future__ import annotations

import inspect
import os
import pickle
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

import migov as mg
from migov.core import catalogue
from migov.core.errors import CodeError
from migov.core.indicator import REGISTERED
from migov.testing import check_indicator

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "third_party"
FORM = EXAMPLE.parents[2] / ".github" / "PULL_REQUEST_TEMPLATE.md"
POINTS = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ID = "long_permit_share"
SMALL = '''
    from typing import Annotated
    import xarray as xr
    import migov as mg

    Holders = Annotated[
        xr.DataArray, mg.Input(title="holders of visas", unit="person", sources="register")
    ]

    @mg.indicator(id="{id}", title="Visas", unit="person", references=("none (2024)",))
    class Visas(mg.Indicator):
        """Holders of visas."""

        def __call__(self, holders: Holders) -> xr.DataArray:
            """From the holders."""
            return holders
'''


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Return what puts a distribution on the path; afterwards nothing of it is left."""
    before, modules = dict(REGISTERED), set(sys.modules)

    def make(name: str, points: dict[str, str], module: str = "", body: str = "") -> Path:
        folder = tmp_path / f"{name}-{len(list(tmp_path.iterdir()))}"
        info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        lines = "".join(f"{ident} = {value}\n" for ident, value in points.items())
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{catalogue.GROUP}]\n{lines}")
        if module:
            (folder / f"{module}.py").write_text(textwrap.dedent(body))
        monkeypatch.syspath_prepend(str(folder))
        catalogue._plugins.cache_clear()
        return folder

    yield make
    monkeypatch.undo()
    catalogue._plugins.cache_clear()
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    for ident in set(REGISTERED) - set(before):
        del REGISTERED[ident]


@pytest.fixture
def example(distribution):
    """Put the example of the guides on the path, with the entry points of its pyproject."""
    folder = distribution(POINTS["name"], POINTS["entry-points"][catalogue.GROUP])
    text = (EXAMPLE / "permit_indicators.py").read_text(encoding="utf-8")
    (folder / "permit_indicators.py").write_text(text, encoding="utf-8")
    sys.modules.pop("permit_indicators", None)
    return folder


def broken(table) -> dict[str, str]:
    """Return the lines of the catalogue that tell an error."""
    return table.error[table.error != ""].to_dict()


def test_example_is_found_by_its_entry_point_and_loads_when_asked(example):
    assert ID in mg.catalogue.ids()
    assert "permit_indicators" not in sys.modules
    assert mg.catalogue.get(ID).__name__ == "LongPermitShare"
    assert mg.catalogue.search("permits validity").loc[ID, "place"] == POINTS["name"]
    assert broken(mg.catalogue.table()) == {}


def test_example_complies(example):
    found = check_indicator(mg.catalogue.get(ID))
    assert found.count("passed") >= 20
    assert found.failures == ()


def test_example_stands_in_the_road(example):
    cls = mg.catalogue.get(ID)
    assert mg.compare.requirements([cls])["needed_by"].values.tolist() == [ID]
    assert mg.catalogue.from_json(cls(months=60).to_json()) == cls(months=60)
    assert pickle.loads(pickle.dumps(cls(months=60))) == cls(months=60)


def test_example_in_a_fresh_process(example):
    """No state of this process is needed to find it, and only asking for it imports it."""
    code = (
        "import sys, migov as mg\n"
        f"assert {ID!r} in mg.catalogue.ids() and 'permit_indicators' not in sys.modules\n"
        f"print(mg.catalogue.get({ID!r})(months=60), mg.catalogue.table().loc[{ID!r}, 'place'])\n"
    )
    paths = os.pathsep.join([str(example), *sys.path[1:]])
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["LongPermitShare(months=60)", POINTS["name"]]


FAULTS = {
    "raises": ("import not_there_at_all\n", "fault:Visas", "No module named 'not_there_at_all'"),
    "syntax": ("class Visas(:\n", "fault:Visas", "SyntaxError"),
    "no class": ("x = 1\n", "fault:Visas", "has no attribute 'Visas'"),
    "no module": ("", "absent_module:Visas", "No module named 'absent_module'"),
    "other kind": ("Visas = 1\n", "fault:Visas", "is no indicator but 1"),
    "other id": (SMALL.format(id="visas_held"), "fault:Visas", "holds 'visas_held'"),
}


@pytest.mark.parametrize(("body", "value", "told"), FAULTS.values(), ids=FAULTS)
def test_a_broken_plugin_is_listed_with_its_error_and_breaks_nothing(
    distribution, example, body, value, told
):
    distribution("broken-visas", {"visas": value}, "fault", body)
    table = mg.catalogue.table()
    assert list(broken(table)) == ["visas"]
    assert "broken-visas" in table.loc["visas", "error"]
    assert told in table.loc["visas", "error"]
    assert table.loc["visas", "place"] == "broken-visas"
    assert ID in mg.catalogue.search("permits validity").index
    assert "migrant_share" in mg.catalogue.search("migrants population").index
    assert mg.catalogue.get(ID).info.id == ID


def test_asking_for_a_broken_plugin_names_it_and_the_cause(distribution):
    distribution("broken-visas", {"visas": "fault:Visas"}, "fault", "import not_there_at_all\n")
    with pytest.raises(CodeError, match="'visas' of broken-visas cannot be loaded") as told:
        mg.catalogue.get("visas")
    assert isinstance(told.value.__cause__, ModuleNotFoundError)
    assert "mend or remove that distribution" in str(told.value)
    again = pickle.loads(pickle.dumps(told.value))
    assert (str(again), again.argument) == (str(told.value), "id")


def test_a_clash_names_both_distributions_and_hides_nothing_else(distribution, example):
    distribution("other-permits", {ID: "others:Visas"}, "others", SMALL.format(id=ID))
    with pytest.raises(CodeError) as told:
        mg.catalogue.get(ID)
    assert "other-permits" in str(told.value)
    assert POINTS["name"] in str(told.value)
    table = mg.catalogue.table()
    assert list(broken(table)) == [ID]
    assert "given by" in table.loc[ID, "error"]
    assert not {"others", "permit_indicators"} & set(sys.modules)


def test_a_clash_with_the_catalogue_names_migov(distribution):
    distribution("own-shares", {"migrant_share": "own:Visas"}, "own", SMALL.format(id="x"))
    with pytest.raises(CodeError, match="given by own-shares and by migov"):
        mg.catalogue.get("migrant_share")
    assert list(broken(mg.catalogue.table())) == ["migrant_share"]
    assert mg.MigrantShare.info.id == "migrant_share"


def test_one_distribution_twice_on_the_path_is_no_clash(distribution):
    for _ in range(2):
        distribution("visas", {"visas": "held:Visas"}, "held", SMALL.format(id="visas"))
    assert mg.catalogue.get("visas").__name__ == "Visas"
    assert broken(mg.catalogue.table()) == {}


def test_the_indicator_of_the_contributors_page_complies(distribution):
    """What CONTRIBUTING prints is a whole module: copied as it stands, it is found and green."""
    text = (EXAMPLE.parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    module = text.split("```python\n", 1)[1].split("\n```", 1)[0]
    point = text.split('[project.entry-points."migov.indicators"]\n', 1)[1].split("\n", 1)[0]
    ident, value = point.replace('"', "").replace(" ", "").split("=")
    distribution("my-indicators", {ident: value}, value.partition(":")[0], module)
    cls = mg.catalogue.get(ident)
    found = check_indicator(cls)
    assert found.failures == ()
    assert f"# {ident}: … passed, 0 failed, …" in text
    assert len(inspect.getsource(cls).splitlines()) <= 25
    assert mg.catalogue.table().loc[ident, "place"] == "my-indicators"


@pytest.mark.skipif(not FORM.is_file(), reason="the form of a pull request is not in the archive")
def test_the_form_asks_the_questions_of_the_contributors_page():
    """Five questions in both, in the same order."""
    asked = ["Which publication", "reproduce, to how many digits", "ho is counted", "issing values"]
    for page in (FORM, EXAMPLE.parents[2] / "CONTRIBUTING.md"):
        text = page.read_text(encoding="utf-8")
        places = [text.rindex(question) for question in asked]
        assert places == sorted(places)
        assert "Who could be harmed" in text
