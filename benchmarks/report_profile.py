"""A country profile from files in a fresh process: imports, reading, scoring, drawing, writing."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from compare import Row

import migov as mg

SCRIPT = """
import sys
from pathlib import Path
import pandas as pd
import migov as mg
here = Path(sys.argv[1])
people = mg.io.read(here / "population.nc")
both = mg.total(people, "sex")
policy = mg.governance.load("sdg-10.7.2", edition="2021")
answers = mg.governance.Answers.from_frame(pd.read_csv(here / "answers.csv"))
measures = mg.governance.Register.from_frame(pd.read_csv(here / "measures.csv"))
axes, _ = mg.plot.pyramid(people.isel(time=0, drop=True))
page = mg.report.profile(
    "MDA",
    {
        "old_age_dependency_ratio": mg.OldAgeDependencyRatio(lower=20)(both),
        "potential_support_ratio": mg.PotentialSupportRatio()(both),
        "median_age": mg.MedianAge()(both),
    },
    date="2025-07-01",
    scored={"SDG 10.7.2": policy.score(answers)},
    measures=measures,
    plan=mg.governance.plan(policy, answers, measures, budget=3),
    frontier=mg.governance.frontier(policy, answers, measures, [0, 1, 3]),
    pictures=[mg.report.Picture.of(axes, "Ages by sex")],
)
page.write(here / "profile.html")
"""


def files(folder: Path) -> None:
    """Write the files that an office would have."""
    people = mg.datasets.load("outlook").population.sel(area="MDA")
    mg.io.write(people, folder / "population.nc")
    items = mg.governance.load("sdg-10.7.2", edition="2021").items
    value = ["0", "0", *["1"] * (len(items) - 2)]
    answers = pd.DataFrame({"area": "MDA", "node": items, "value": value})
    answers.assign(start="2021-07-01", source="law").to_csv(folder / "answers.csv", index=False)
    rows = {"id": ["a", "b"], "raises": [f"{item}=1" for item in items[:2]], "cost": [1, 2]}
    pd.DataFrame(rows).assign(body="labour").to_csv(folder / "measures.csv", index=False)


def spent() -> float:
    """Return the processor time of finished processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows(small: bool = False) -> list[Row]:
    """Return the row on the profile, in processor time of a fresh process."""
    with tempfile.TemporaryDirectory() as name:
        files(Path(name))
        found = []
        for _ in range(1 if small else 3):
            before = spent()
            subprocess.run([sys.executable, "-c", SCRIPT, name], check=True)
            found.append(spent() - before)
        assert "In pictures" in (Path(name) / "profile.html").read_text(encoding="utf-8")
    size = "processor time of a fresh process, all imports"
    return [Row("country profile from files, seconds", size, "the clock", "≤ 10", min(found))]


def test_profile(benchmark, tmp_path):
    """The whole way once, in a fresh process."""
    files(tmp_path)
    benchmark.pedantic(
        lambda: subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], check=True), rounds=2
    )
    assert (tmp_path / "profile.html").stat().st_size > 10_000
