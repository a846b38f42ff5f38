"""The pages of the outlook: SDG 10.7.2 as context, profiles of two countries, three briefs."""

from __future__ import annotations

import outlook_inputs as given
import pandas as pd

import migov as mg
from migov import governance, plot, report


def policy(f):
    """Return SDG 10.7.2 scored from item answers that are assumed.

    Governments' answers by item are not published. As many items of each domain are taken as
    met as its published class of 2019 needs, in the order of the questionnaire.
    """
    instrument = governance.load("sdg-10.7.2", edition="2019")
    met = {1: 1, 2: 3, 3: 4, 4: 5}
    classes = f.policy_class_domain
    rows = []
    for area in map(str, classes.area.values):
        for item in instrument.items:
            place = int("ABCDE".index(item[-1]))
            needed = met[int(classes.sel(area=area, node=item[:2]))]
            rows.append({"area": area, "node": item, "value": str(int(place < needed))})
    answers = governance.Answers.from_frame(
        pd.DataFrame(rows), time="2019-07-01", assessor="the outlook", assessor_kind="model"
    )
    return instrument.score(answers)


def context(f, scored):
    """Return SDG 10.7.2 as published and as scored from assumed answers; no outcome."""
    overall = scored["class"].sel(node="10.7.2").isel(time=0)
    told = ", ".join(
        f"{mg.areas.name(str(a))} {int(overall.sel(area=a))}" for a in overall.area.values
    )
    return (
        report.show(f.policy_class_domain, rows="node", columns="area")
        + "\nContext, not an outcome: governments' own answers in the round of 2019 (1 requires"
        " further progress, 2 partially meets, 3 meets, 4 fully meets).\nScored from assumed"
        f" answers by item (stylised): {told}."
    )


def write_profiles(f, future, scored, folder):
    """Write the profile of one country of origin and of the destination."""
    for area in ("ALB", "DEU"):
        for ending in ("html", "md"):
            profile(f, area, future, scored).write(folder / f"profile-{area}.{ending}")


def profile(f, area, future, scored):
    """Return the profile of one country: its ages, its migrants, its policies."""
    people = future.population.sel(time=slice("2025", None))
    both = mg.total(people, "sex")
    stock = mg.total(f.migrant_stock.sel(time=["2020-07-01"]), "sex")
    indicators = {
        "old_age_dependency_ratio": mg.OldAgeDependencyRatio(lower=20)(both),
        "potential_support_ratio": mg.PotentialSupportRatio()(both),
        "median_age": mg.MedianAge()(both),
        "migrant_share": mg.MigrantShare()(stock, given.everyone(f.population)),
    }
    with plot.style("notebook"):
        ends = [people.sel(area=area, time=year).squeeze("time") for year in ("2025", "2045")]
        axes, _ = plot.pyramid(ends[1], compare=ends[0], names=("2045", "2025"))
    return report.profile(
        area,
        indicators,
        date="2025-07-01",
        scored={"SDG 10.7.2, from assumed answers by item": scored},
        pictures=[report.Picture.of(axes, f"Ages in {mg.areas.name(area)}, 2025 and 2045")],
        missing=f.missing(),
        notes=["The answers by item are assumed so that each domain has its published class."],
    )


def write_pages(f, future, scored, runs, ledgers, folder):
    """Write the profiles, and for each scheme a brief for each of its three readers."""
    write_profiles(f, future, scored, folder)
    for place, run in runs.items():
        below = folder / f"briefs-{place.lower()}"
        below.mkdir(exist_ok=True)
        report.scheme_briefs(run, ledgers[place]).write(below)
