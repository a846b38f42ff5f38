"""Three pages with one set of numbers; text escaped, nothing asked from anywhere."""

from __future__ import annotations

import html
import pickle
import re
import shutil
import subprocess
import warnings
from html.parser import HTMLParser

import attrs
import numpy as np
import pytest
import xarray as xr

from migov.core.cases import Cells
from migov.core.errors import KindError, MigovWarning, ParameterError
from migov.report.briefs import ACTORS, HEADS, READERS, scheme_briefs
from migov.report.tables import written
from migov.schemes import PRICES, Alternative, Branch, Cost, Hazards, OriginCap, Programme
from migov.schemes.rules import COSTS

EVIL = "<script>alert('x')</script> & | `care`"


class Reader(HTMLParser):
    """Collects tables by caption, tags and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.tags, self.attributes = {}, [], []
        self._rows, self._cell, self._caption, self._in = [], "", "", ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self._in = tag
        if tag == "table":
            self._rows = []
        if tag == "tr" or tag == "thead":
            self._rows.append([])
        self._cell = ""
        if tag == "caption":
            self._caption = ""

    def handle_data(self, data):
        if self._in == "caption":
            self._caption += data
        self._cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._rows[-1].append(self._cell)
        if tag == "table":
            self.tables[self._caption] = [row for row in self._rows if row]
        self._in = ""


def made(name="care", alternative=True, members=20):
    caps = tuple(OriginCap(origin=o, number=900, date="2020-01-01", source=EVIL)
                 for o in ("ALB", "MDA"))  # fmt: skip
    rules = Programme(
        name=name, kind="temporary", origin=("ALB", "MDA"), destination="DEU", quota=1500,
        origin_cap=caps, stay="24 month", settlement_after="20 month", reentry=True,
        costs=(Cost(item="travel", payer="employer"), Cost(item="housing", payer="worker")),
        sources=(EVIL,),
    )  # fmt: skip
    apply = Cells((900.0, 700.0), origin="ALB MDA").array("person/year")
    mix = Alternative(home_job=0.6, home_no_job=0.2, other_destination=0.1, same_destination=0.1)
    run = rules.simulate(
        applicants=apply, hazards=Hazards(early_return=(0.05, 0.1, 0.2), settlement=0.4,
                                          reentry=0.5, late=0.05),
        start="2026-01-01", horizon="5 year", members=members, seed=5,
        alternative=mix if alternative else None, migrants_counted="additional",
    )  # fmt: skip

    def price(value, unit="EUR/month"):
        return xr.DataArray(value, attrs={"units": unit, "price_base": 2026})

    prices = {
        "wage": price(2500.0), "home_wage": price(500.0), "product": price(3900.0),
        "travel_cost": price(300.0, "EUR/person"), "housing_cost": price(350.0),
        "remittance_share": price(0.3, "1"), "income_tax": price(0.12, "1"),
    }  # fmt: skip
    return run, run.ledger(prices, currency="EUR", price_base=2026, discount="3 percent/year")


@pytest.fixture(scope="module")
def pair():
    with xr.set_options(arithmetic_join="exact"):
        return made()


def test_three_pages_tell_the_same_numbers_in_both_forms(pair):
    found = scheme_briefs(*pair)
    read = {name: Reader(getattr(found, name).html()).tables for name in READERS}
    shared = set.intersection(*(set(tables) for tables in read.values()))
    assert len(shared) == 2
    for caption in shared:
        first, second, third = (read[name][caption] for name in READERS)
        assert first == second == third
    told = [cell for caption in shared for row in read["origin"][caption] for cell in row]
    pages = [getattr(found, name).markdown() for name in READERS]
    for what, number in zip(found.numbers["of"], found.numbers["number"], strict=True):
        if (found.numbers.loc[found.numbers["of"] == what, "number"] == "0").all():
            assert all(re.search(rf"Zero: .*{what}", page) for page in pages)
            continue
        assert number in told
        # In Markdown brackets are escaped and thin spaces become plain ones.
        written_there = " ".join(number.replace("[", r"\[").replace("]", r"\]").split())
        assert all(f"| {written_there} |" in page for page in pages)


def test_the_numbers_are_those_of_run_and_ledger(pair):
    run, ledger = pair
    numbers = scheme_briefs(run, ledger).numbers
    own = numbers.set_index(["what", "of"])["number"]
    for name, title in HEADS.items():
        if name not in run.dataset:  # Of shocks, which this run has not.
            assert ("heads", title) not in own.index
            continue
        x = run.dataset[name].drop_vars("observation_status", errors="ignore")
        x = x.sum([d for d in x.dims if d != "member"])
        assert own["heads", title] == written(x)
    for what, words in (
        ("home", "over a job at home"),
        ("mix", "over what they would do otherwise"),
    ):
        gain = ledger.against(what).drop_vars("observation_status", errors="ignore")
        gain = gain.sum([d for d in gain.dims if d not in ("actor", "member")]) / 1e6
        for actor, title in ACTORS.items():
            assert own[f"gain {words}", title] == written(gain.sel(actor=actor), sign=True)
    assert set(ACTORS) == set(ledger.by_actor().actor.values)


def test_each_page_goes_into_its_own_items(pair):
    found = scheme_briefs(*pair)
    captions = {name: list(Reader(getattr(found, name).html()).tables) for name in READERS}
    assert any("employers at destination, with the scheme" in c for c in captions["destination"])
    assert len({len(found) for found in captions.values()}) == 1
    assert any("households at origin, with the scheme" in c for c in captions["origin"])
    assert "State of origin, employers at origin: no amounts with the scheme" in found.origin.html()
    assert "heard by: not stated" in found.migrants.html()
    assert not any("employers at destination, with" in c for c in captions["migrants"])
    page = Reader(found.migrants.html()).tables
    items = next(rows for c, rows in page.items() if c.startswith("migrants, with the scheme"))
    amounts = {row[0]: row[1] for row in items[1:]}
    wages = pair[1].by_item().sel(item="wages", actor="migrants").drop_vars("observation_status")
    assert amounts["wages"] == written(wages.sum(["origin"]) / 1e6, sign=True)


def test_text_is_escaped_and_nothing_is_asked_from_anywhere():
    found = scheme_briefs(*made(name=EVIL, members=3))
    for name in READERS:
        page = getattr(found, name).html()
        read = Reader(page)
        assert "script" not in read.tags
        assert not {"link", "iframe", "img", "object", "embed"} & set(read.tags)
        assert not {"src", "href", "onload", "onclick"} & {key for key, _ in read.attributes}
        assert not re.search(r"(https?:)?//|url\(|@import", page.split("<body>")[0])
        assert html.escape(EVIL) in page
        assert "<script" not in getattr(found, name).markdown().replace(r"\<", "")


def test_stylised_and_intervals_stand_in_the_captions(pair):
    read = Reader(scheme_briefs(*pair, level=0.5).destination.html()).tables
    assert all("median and 50% interval" in c for c in read)
    assert all("STYLISED" in c for c in read)


def test_without_an_alternative_there_is_one_comparison():
    numbers = scheme_briefs(*made(alternative=False, members=2)).numbers
    assert set(numbers["what"]) == {"heads", "gain over a job at home"}


def test_what_it_rests_on_is_told(pair):
    page = scheme_briefs(*pair).migrants.html().lower()
    for text in pair[1].assumptions:
        assert html.escape(text).lower() in page
    assert "hours apart from the family, not priced" in page
    assert "paid by workers: housing during the stay" in page
    assert "without a price, and so zero or as said above: value that a worker adds" in page
    assert "home_product" not in page
    assert "no ranking of origins" in page


def test_written_to_a_folder(pair, tmp_path):
    found = scheme_briefs(*pair)
    for form in ("html", "md"):
        paths = found.write(tmp_path, form)
        assert [path.name for path in paths] == [f"{name}.{form}" for name in READERS]
        assert "care: brief for Albania and Moldova" in paths[1].read_text(encoding="utf-8")
    assert len(found.write(tmp_path / "a" / "new")) == 3
    with pytest.raises(ParameterError, match="form"):
        found.write(tmp_path, "pdf")
    (tmp_path / "care.html").write_text("a file", encoding="utf-8")
    with pytest.raises(ParameterError, match="no folder"):
        found.write(tmp_path / "care.html" / "absent")
    with pytest.raises(ParameterError, match="no folder"):
        found.write(None)
    assert repr(found) == "Briefs('care': destination, origin, migrants)"


def test_bad_inputs(pair):
    run, ledger = pair
    other = attrs.evolve(run, dataset=run.dataset * np.float64(2.0))
    cases = [
        ((1, ledger), {}, KindError, "run"), ((run, 1), {}, KindError, "ledger"),
        ((other, ledger), {}, ParameterError, "ledger"),
        ((run, ledger), {"level": 1.0}, ParameterError, "level"),
        ((run, ledger), {"level": True}, ParameterError, "level"),
    ]  # fmt: skip
    for given, how, kind, argument in cases:
        with pytest.raises(kind) as caught:
            scheme_briefs(*given, **how)
        assert caught.value.argument == argument
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_cautions_of_the_programme_are_told():
    run, ledger = made(members=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MigovWarning)
        tied = run.programme.evolve(employer_change="none")
    again = attrs.evolve(run, programme=tied)
    page = scheme_briefs(again, attrs.evolve(ledger, run=again)).migrants.html()
    assert "tied to one employer" in page


def everything():
    """Return a run and a ledger of a programme in which nearly all has a rule and a price."""
    rules = Programme(
        name="Care and crafts under one roof, with everything that can be agreed", kind="pathway",
        origin=("ALB", "MDA"), destination="DEU", occupations=("5", "7"), quota=1500,
        origin_cap=tuple(OriginCap(origin=o, number=900, date="2020-01-01",
                                   source="Ministry of Labour, decree on departures of the year")
                         for o in ("ALB", "MDA")),
        stay="12 month", renewals=2, settlement_after="24 month", reentry=True, notice="1 month",
        unemployment_grace="6 month", new_placement=True, family="visit", inspected_share=0.2,
        complaint_to=("labour inspectorate", "union", "consulate"), change_of_status=True,
        costs=tuple(Cost(item=item, payer="employer") for item in COSTS),
        insured=(Branch(name="health", insured=True),
                 Branch(name="pension", insured=True, minimum_months=60, exportable=True)),
        return_bonus="on_top", return_bonus_payer="employer",
        sources=tuple(f"Law {n} on this and on that, of the year, with its articles" * 2
                      for n in range(4)),
    )  # fmt: skip
    run = rules.simulate(
        applicants=Cells((900.0, 700.0), origin="ALB MDA").array("person/year")
        .expand_dims(occupation=["5", "7"]),
        hazards=Hazards(early_return=(0.05, 0.1, 0.2), settlement=0.4, reentry=0.5, late=0.05,
                        irregular=0.02, unknown=0.01, death=0.002, change_status=0.02),
        start="2026-01-01", horizon="5 year", members=20, seed=5,
        alternative=Alternative(home_job=0.7, home_no_job=0.1, other_destination=0.1,
                                same_destination=0.1), migrants_counted="additional",
    )  # fmt: skip
    prices = {}
    for key, price in PRICES.items():
        if key in ("training_cost", "claim_share", "other_destination_wage"):
            continue
        value = {"1": 0.2, "currency/month": 400.0, "currency/person": 900.0}[price.unit]
        value = {"wage": 2800.0, "product": 3900.0}.get(key, value)
        prices[key] = xr.DataArray(value, attrs={
            "units": price.unit.replace("currency", "EUR"), "price_base": 2026})  # fmt: skip
    prices["claim_share"] = xr.DataArray(0.5, attrs={"units": "1"})
    return run, run.ledger(prices, currency="EUR", price_base=2026, discount="3 percent/year")


def printed(command, path):
    pdf = path.with_suffix(".pdf")
    subprocess.run(
        [*command, f"--print-to-pdf={pdf}", path.as_uri()], capture_output=True, timeout=120
    )
    return pdf.read_bytes()


def test_a_brief_is_one_sheet_and_does_not_scroll_on_a_telephone(pair, tmp_path):
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium on this machine")
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
        "--disable-background-networking --disable-component-update "
        "--allow-file-access-from-files"
    ).split()
    command = [browser, *flags, f"--user-data-dir={tmp_path / 'user'}"]
    frames = []
    for name, given in (("usual", pair), ("full", everything())):
        folder = tmp_path / name
        folder.mkdir()
        for path in scheme_briefs(*given).write(folder):
            found = printed(command, path)
            assert len(re.findall(rb"/Type\s*/Page\b", found)) == 1, path
            size = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", found)[0]
            assert tuple(map(float, size)) == pytest.approx((595, 842), abs=1.5)  # A4 in points
            frames.append(f'<iframe src="{name}/{path.name}" style="width:390px"></iframe>')
    # What is more than a page goes onto a second one: nothing is cut off in silence.
    last = '<p class="note">A planning tool'
    path.write_text(path.read_text("utf-8").replace(last, 40 * "<p class=note>more</p><hr>" + last))
    assert len(re.findall(rb"/Type\s*/Page\b", printed(command, path))) > 1
    phone = tmp_path / "phone.html"
    script = """onload=()=>{const told=[...document.querySelectorAll("iframe")].map(f=>{
    const d=f.contentDocument, wide=[...d.querySelectorAll(".wide")].filter(
    x=>x.scrollWidth>x.clientWidth);const e=d.documentElement;
    return (e.scrollWidth-e.clientWidth)+"/"+wide.length});
    document.body.append("told "+told.join(" "))}"""
    phone.write_text(f"<body>{''.join(frames)}<script>{script}</script></body>", encoding="utf-8")
    dumped = subprocess.run(
        [*command, "--dump-dom", phone.as_uri()], capture_output=True, text=True, timeout=120
    )
    told = re.findall(r"told ([\d/ ]+)", dumped.stdout)[-1].split()
    assert told == ["0/0"] * 6


def test_the_gain_of_a_year_of_work_is_told_on_all_pages(pair):
    run, ledger = pair
    found = scheme_briefs(run, ledger)
    years = run.dataset["person_years"] + run.dataset["person_years_settled"]
    years = years.drop_vars("observation_status", errors="ignore")
    told = []
    for what in ("home", "mix"):
        gain = ledger.against(what).drop_vars("observation_status", errors="ignore")
        each = gain.sel(actor="migrants").sum(["origin"]) / years.sum(["period", "origin"])
        told.append(written(each.drop_vars("actor"), sign=True) + " EUR")
    assert told[0] != told[1]
    for name in READERS:
        assert all(html.escape(one) in getattr(found, name).html() for one in told)


def test_rules_are_told_in_words():
    page = scheme_briefs(*everything()).migrants.markdown()
    assert "skills test: employer" in page
    assert "of sector: as of employer" in page
    assert "Paid by workers: living abroad beyond" in page
    assert "price of sending; interest on what a worker borrows to go" in page
