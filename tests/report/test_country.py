"""A country's profile: what it holds, what it says is missing, and how it looks."""

from __future__ import annotations

import pickle
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import migov as mg
from migov.core import status
from migov.core.errors import CodeError, MigovError, ParameterError
from migov.report import Picture, profile


@pytest.fixture(scope="module")
def page():
    figures = mg.datasets.load("outlook")
    people = mg.total(figures.population_observed, "sex")
    stock = mg.total(figures.migrant_stock.sel(time=["2020-07-01"]), "sex")
    indicators = {
        "old_age_dependency_ratio": mg.OldAgeDependencyRatio(lower=20)(people),
        "migrant_share": mg.MigrantShare()(stock, mg.total(figures.population, ["sex", "age"])),
        "sdg_10_7_4": mg.RefugeesPerOrigin()(figures.refugees, figures.refugees_population),
    }
    instrument = mg.governance.load("sdg-10.7.2", edition="2021")
    rows = pd.DataFrame(
        {"area": "MDA", "node": list(instrument.items)[:-1], "value": "1", "start": "2021-07-01"}
    )
    scored = instrument.score(mg.governance.Answers.from_frame(rows, assessor_kind="expert"))
    axes, _ = mg.plot.pyramid(figures.population.sel(area="MDA").isel(time=0))
    return profile(
        "MDA",
        indicators,
        date="2025-07-01",
        balance=mg.Balance(reference=("ALB", "DEU")),
        scored={"SDG 10.7.2": scored},
        pictures=[Picture.of(axes, "Ages of Moldova's population in 2020")],
        missing=figures.missing(),
        notes=["Item answers are assumed <for a test>."],
    )


def test_it_holds_balance_policy_missing_and_sources(page):
    text = page.markdown()
    for head in (
        "## The balance of the goals",
        "## Policy: SDG 10.7.2",
        "## What is missing, and what it changes",
        "## Sources and definitions",
    ):
        assert head in text
    assert "97 % answered" in text
    level = next(line for line in text.splitlines() if "| Old-age dependency ratio |" in line)
    assert "2023-07-01" in level
    assert "unanswered" in text
    assert "Refugees by country of origin" in text
    assert "National Bureau of Statistics" in text
    assert "Countries are not ranked here" in text
    assert "[KGZ]" not in text


def test_html_escapes_what_comes_from_data(page):
    assert "assumed &lt;for a test&gt;" in page.html()


def test_it_opens_in_a_browser(page, tmp_path):
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium on this machine")
    path, shot = page.write(tmp_path / "profile.html"), tmp_path / "profile.png"
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
        "--disable-background-networking --disable-component-update --disable-sync"
    ).split()
    command = [browser, *flags, f"--user-data-dir={tmp_path / 'user'}", "--window-size=900,1400"]
    dumped = subprocess.run(
        [*command, "--dump-dom", path.as_uri()], capture_output=True, text=True, timeout=120
    )
    assert "<h1>Moldova: migration governance profile</h1>" in dumped.stdout
    pdf = tmp_path / "profile.pdf"
    subprocess.run(
        [*command, f"--print-to-pdf={pdf}", path.as_uri()], capture_output=True, timeout=120
    )
    width, height = map(
        float, re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf.read_bytes())[0]
    )
    assert (width, height) == pytest.approx((595, 842), abs=1.5)  # A4 in points
    wide, scrolling = _overflow([*command, "--allow-file-access-from-files"], path, tmp_path)
    assert wide <= 390
    assert scrolling == 0
    subprocess.run(
        [*command, f"--screenshot={shot}", path.as_uri()], capture_output=True, timeout=120
    )
    from matplotlib.image import imread

    seen = imread(shot)
    assert seen.shape[:2] == (1400, 900)
    assert np.ptp(seen[..., :3]) > 0.8


def _overflow(command, path, folder):
    """Return how wide the page is on a telephone, and how many of its tables scroll there."""
    frame = folder / "phone.html"
    frame.write_text(
        f"""<iframe id=f src="{path.name}" style="width:390px;height:900px;border:0"></iframe>
        <p id=told></p><script>onload=()=>{{const d=document.getElementById("f").contentDocument;
        const wide=[...d.querySelectorAll(".rows")].filter(x=>x.scrollWidth>x.clientWidth);
        document.getElementById("told").textContent=
        "told "+d.documentElement.scrollWidth+" "+wide.length}}</script>""",
        encoding="utf-8",
    )
    dumped = subprocess.run(
        [*command, "--dump-dom", frame.as_uri()], capture_output=True, text=True, timeout=120
    )
    return [int(one) for one in re.findall(r"told (\d+) (\d+)", dumped.stdout)[-1]]


def ahead_of():
    """Return the old-age ratio of two members at three dates."""
    old = np.array([[100.0, 110, 150], [100, 120, 250]])
    cells = np.stack([np.full_like(old, 200), np.full_like(old, 500), old], axis=-1)
    dates = ["2015-07-01", "2025-07-01", "2045-07-01"]
    people = mg.Cells(
        cells.tolist(), member="1 2", time=" ".join(dates), age="0-14 15-64 65+"
    ).array("person")
    return mg.OldAgeDependencyRatio()(people)


def test_what_is_projected_stands_apart_with_its_interval():
    page = profile("MDA", {"old_age_dependency_ratio": ahead_of()}, date="2025-07-01")
    text = page.markdown()
    latest, projected = text.split("**Levels after 2025-07-01, at the last date")
    row = next(x for x in latest.splitlines() if "| Old-age dependency ratio |" in x)
    assert "**Latest levels up to 2025-07-01, by goal; median \\[80 % interval over" in latest
    assert "| 23.0  \\[22.2; 23.8\\] |".replace("  ", " ") in row
    assert "2025-07-01" in row
    assert "2045" not in row
    assert "+0.300" in row  # a year: two in ten for one member, four for the other
    row = next(x for x in projected.splitlines() if "| Old-age dependency ratio |" in x)
    assert "| 40.0 \\[32.0; 48.0\\] | 2045-07-01 |" in row
    assert "| +17.0 \\[" in row
    early = profile("MDA", {"old_age_dependency_ratio": ahead_of()}, date="2010-07-01").markdown()
    assert "Latest levels" not in early
    assert "Levels after 2010-07-01" in early
    late = profile("MDA", {"old_age_dependency_ratio": ahead_of()}, date="2050-07-01").markdown()
    assert "Levels after" not in late


def test_a_plan_is_shown_by_year_and_scenario_with_what_is_not_chosen():
    instrument = mg.governance.load("sdg-10.7.2", edition="2021")
    rows = pd.DataFrame({"area": "MDA", "node": instrument.items, "value": "0"})
    given = mg.governance.Answers.from_frame(rows, time="2021-07-01")
    measures = [
        mg.governance.Measure(id=name, cost=cost, raises={item: 1}, unit="million MDL")
        for name, item, cost in (("m1", "D1A", 2), ("m2", "D2A", 9))
    ]
    cases = [
        mg.governance.Scenario(id="as told", probability=0.5),
        mg.governance.Scenario(id="dear", probability=0.5, costs={"m1": 3}),
    ]
    plan = mg.governance.plan(instrument, given, measures, budget=5, horizon=2, scenarios=cases)
    front = mg.governance.frontier(instrument, given, measures, [0, 2, 11])
    page = profile(
        "MDA", {}, date="2025-07-01", scored={"SDG 10.7.2": instrument.score(given)},
        measures=mg.governance.Register(measures), plan=plan, frontier=front,
    )  # fmt: skip
    text = page.markdown()
    assert "1 of 2 measures is chosen, for 2.5 million MDL (expected over the scenarios)" in text
    assert "| measure | starts in year | completed in year | cost, million MDL | raises |" in text
    assert "| 1 | 2.50 | 5.00 | 3.33 | requires further progress | m1 |" in text
    assert "| dear | 0.500 | 3.00 | 3.33 | requires further progress |" in text
    assert "| m2 | costs 9 million MDL, more than the budget of 5 million MDL |" in text
    assert "| 11.0 | 6.67 | m1, m2 |" in text
    assert "| m1 |" in text.split("Laws and policies")[1]
    assert "not proposed yet" in text
    assert "cost, million MDL</text>" in front_svg(page)


def test_a_plan_of_another_country_is_refused():
    instrument = mg.governance.load("sdg-10.7.2", edition="2021")
    rows = pd.DataFrame({"area": "DEU", "node": instrument.items, "value": "0"})
    given = mg.governance.Answers.from_frame(rows, time="2021-07-01")
    measures = [mg.governance.Measure(id="a", cost=1, raises={"D1A": 1})]
    people = mg.Cells(((200, 600, 150),), area="MDA", age="0-14 15-64 65+").array("person")
    old = {"old_age_dependency_ratio": mg.OldAgeDependencyRatio()(people)}
    for name, told in (
        ("plan", mg.governance.plan(instrument, given, measures)),
        ("frontier", mg.governance.frontier(instrument, given, measures)),
    ):
        with pytest.raises(ParameterError, match=f"{name} is of DEU, the profile of MDA") as caught:
            profile("MDA", old, date="2025-07-01", **{name: told})
        assert caught.value.argument == name
    with pytest.raises(MigovError, match="no column 'what'"):
        profile("MDA", old, date="2025-07-01", missing=pd.DataFrame({"area": ["MDA"]}))


def test_scores_are_those_of_the_date():
    instrument = mg.governance.load("sdg-10.7.2", edition="2021")
    rows = [
        pd.DataFrame({"area": "MDA", "node": instrument.items, "value": value, "start": start})
        for value, start in (("0", "2019-07-01"), ("1", "2021-07-01"))
    ]
    given = mg.governance.Answers.from_frame(pd.concat(rows))
    scored = instrument.score(given, times=["2019-07-01", "2021-07-01", "2030-07-01"])
    for date, told, score in (
        ("2020-01-01", "2019-07-01", "10.7.2 overall: 0 %"),
        ("2021-07-01", "2021-07-01", "10.7.2 overall: 100 %"),
        ("2010-01-01", "2019-07-01", "10.7.2 overall: 0 %"),
    ):
        text = profile("MDA", {}, date=date, scored={"SDG": scored}).markdown()
        assert f"edition 2021, Moldova, {told}" in text
        assert score in text
    none = profile("MDA", {}, date="2025-01-01", scored={"SDG": scored},
                   measures=mg.governance.Register([]))  # fmt: skip
    assert "No measure is registered." in none.markdown()


def test_levels_that_rest_on_assumptions_are_marked_in_the_table():
    made = status.mark(ahead_of(), "stylised")
    text = profile("MDA", {"old_age_dependency_ratio": made}, date="2025-07-01").markdown()
    assert text.count("| Old-age dependency ratio (stylised) |") == 2


def front_svg(page):
    """Return the drawing of the frontier."""
    pictures = [b for _, blocks in page.sections for b in blocks if isinstance(b, Picture)]
    return pictures[-1].png.decode("utf-8")


def test_bad_input():
    people = mg.Cells(((200, 600, 150),), area="MDA", age="0-14 15-64 65+").array("person")
    old = {"old_age_dependency_ratio": mg.OldAgeDependencyRatio()(people)}
    with pytest.raises(ParameterError, match="has no ALB"):
        profile("ALB", old, date="2025-07-01")
    with pytest.raises(CodeError):
        profile("Atlantis", old, date="2025-07-01")
    with pytest.raises(CodeError):
        profile("MDA", {"nothing": old["old_age_dependency_ratio"]}, date="2025-07-01")
    with pytest.raises(ParameterError, match="neither"):
        profile("MDA", {}, date="2025-07-01")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"date": "soon"}, "soon"),
        ({"date": "2025"}, "is not a date"),
        ({"measures": [1]}, "no Register"),
        ({"scored": [1]}, "scored is a list"),
        ({"indicators": [1]}, "indicators is a list"),
    ],
)
def test_arguments_of_another_kind(change, told):
    people = mg.Cells(((200, 600, 150),), area="MDA", age="0-14 15-64 65+").array("person")
    old = {"old_age_dependency_ratio": mg.OldAgeDependencyRatio()(people)}
    with pytest.raises(MigovError, match=told) as caught:
        profile("MDA", **{"indicators": old, "date": "2025-07-01", **change})
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_picture_needs_words():
    with pytest.raises(ParameterError, match="no text"):
        Picture(b"png", " ")


def test_what_data_say_is_never_markup():
    nasty = '</td><script src="http://x.example/a.js"></script><img src=x onerror=alert(1)>\'"&'
    instrument = mg.governance.load("sdg-10.7.2", edition="2021")
    rows = pd.DataFrame({"area": "MDA", "node": instrument.items, "value": "0"}).assign(
        **dict.fromkeys(("note", "source", "link", "assessor"), nasty)
    )
    given = mg.governance.Answers.from_frame(rows, time="2021-07-01", assessor_kind="expert")
    measures = [
        mg.governance.Measure(id=nasty, title=nasty, body=nasty, in_force="2020-01-01", cost=1,
                              raises={"D1A": 1}, heard={nasty: "2019-01-01"}),
        mg.governance.Measure(id=f"2{nasty}", cost=9, raises={"D1B": 1}),
    ]  # fmt: skip
    told = profile(
        "MDA", {}, date="2025-07-01", scored={nasty: instrument.score(given)},
        measures=mg.governance.Register(measures), notes=[nasty],
        plan=mg.governance.plan(instrument, given, measures, budget=1),
        frontier=mg.governance.frontier(instrument, given, measures, [0, 1]),
        missing=pd.DataFrame({"area": ["MDA"], "what": nasty, "collector": nasty}),
        pictures=[Picture(b"png", nasty, nasty)],
    ).html()  # fmt: skip
    elements = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            elements.append((tag, dict(attrs)))

    Reader().feed(told)
    tags = {tag for tag, _ in elements}
    assert not tags & {"script", "link", "iframe", "object", "form"}
    assert not [a for _, a in elements if any(key.startswith("on") for key in a)]
    sources = [a["src"] for _, a in elements if "src" in a]
    assert sources
    assert all(re.match(r"data:image/(png|svg\+xml);base64,", one) for one in sources)
    assert next(a["alt"] for tag, a in elements if tag == "img") == nasty
    assert [tag for tag, _ in elements].count("h1") == 1
    assert ("html", {"lang": "en"}) in elements


def test_instruments_tell_source_assessor_and_what_is_open(page):
    text = page.markdown()
    missing = text.split("## What is missing")[1].split("## Sources")[0]
    sources = text.split("## Sources and definitions")[1]
    assert "What unanswered items could change" in missing
    assert (
        "| SDG 10.7.2 | 10.7.2 overall | 97% | 96.7 | 96.7 | 100 | meets to fully meets |"
        in missing
    )
    assert "| SDG 10.7.2 | D6" in missing
    assert "| SDG 10.7.2 | D1" not in missing
    assert "missing items that count as zero by its rule: 1" in missing
    assert "UN DESA and IOM" in sources
    assert "| expert |" in sources


def test_each_answer_has_its_evidence_and_each_cost_its_score():
    instrument = mg.governance.load("sdg-10.7.2", edition="2021")
    rows = pd.DataFrame(
        {"area": "MDA", "node": instrument.items, "value": "0", "start": "2021-07-01"}
    ).assign(
        source=["Law 200 of 2010"] + [""] * 29, link=["https://legis.example/200"] + [""] * 29,
        evidence_date=["2020-03-01"] + [""] * 29, note="", assessor="registry of laws",
        assessor_kind="expert", confidence=["high"] + [""] * 29,
    )  # fmt: skip
    given = mg.governance.Answers.from_frame(rows)
    measures = [
        mg.governance.Measure(id=name, cost=cost, raises={item: 1})
        for name, item, cost in (("m1", "D1A", 2), ("m2", "D2A", 3))
    ]
    found = mg.governance.frontier(instrument, given, measures, [0, 2, 5])
    page = profile(
        "MDA", {}, date="2025-07-01", scored={"SDG 10.7.2": instrument.score(given)},
        frontier=found,
    )  # fmt: skip
    text = page.markdown()
    assert "**Evidence of the answers by expert registry of laws; 29 have none**" in text
    row = next(line for line in text.splitlines() if line.startswith("| D1A"))
    for part in ("Law 200 of 2010; 2020-03-01", "legis.example/200", "high"):
        assert part in row
    assert "**Cost and score of the best plans**" in text
    assert "| 5.00 | 6.67 | m1, m2 |" in text
    html = page.html()
    assert "data:image/svg+xml;base64," in html
    assert 'alt="The score rises from 0 at a cost of 0 to 6.67 at 5.00' in html
    with pytest.raises(MigovError, match="frontier has no cost"):
        profile("MDA", {}, date="2025-07-01", scored={"x": instrument.score(given)},
                frontier=found.drop(columns="cost"))  # fmt: skip


def test_an_instrument_without_direction_or_answers_has_no_gaps():
    changes = mg.governance.load("policy-changes")
    rows = pd.DataFrame({"area": "MDA", "node": changes.items, "value": "1", "start": "2021-07-01"})
    scored = changes.score(mg.governance.Answers.from_frame(rows))
    policy = mg.governance.load("sdg-10.7.2", edition="2021")
    silent = pd.DataFrame(
        {"area": ["MDA"], "node": "", "value": "", "reason": "no_response", "start": "2021-07-01"}
    )
    nobody = policy.score(mg.governance.Answers.from_frame(silent))
    text = profile("MDA", {}, date="2025-07-01", scored={"a": scored, "b": nobody}).markdown()
    assert "neither more nor less is better" in text
    assert "What is unmet" not in text
    assert "no score: no response" in text
    assert "| b | 10.7.2 overall | 0% | none |" in text


def test_answers_with_evidence_stand_once_on_the_page():
    policy = mg.governance.load("sdg-10.7.2", edition="2021")
    rows = pd.DataFrame(
        {"area": "MDA", "node": policy.items, "value": "1", "start": "2021-07-01", "source": "law"}
    )
    rows.loc[3, "value"] = ""
    scored = policy.score(mg.governance.Answers.from_frame(rows))
    text = profile("MDA", {}, date="2025-07-01", scored={"a": scored}).markdown()
    assert text.count("D1A emergency or essential health care") == 1
    assert "D1D social protection: missing" in text
    assert "1 missing item counts as zero" in text
