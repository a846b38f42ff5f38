"""The matching step of the outlook: quotas of one year by design, then people and posts.

No applicant and no post here is real: both are drawn, keyed by the seed, and stylised. Numbers
of applicants and of seats follow the scheme; points, lists and sizes of posts are assumptions.
"""

from __future__ import annotations

import numpy as np
import outlook_inputs as given
import pandas as pd
import xarray as xr

import migov as mg
from migov import labour, schemes
from migov.numeric.streams import stream
from migov.plot import labels

YEAR = "2030-07-01"
ASKED, APPLYING, SEATS, CHOICES = 1.25, 2.0, 20, 5
"""Places asked for and people who apply, per place of the cap; seats of a post; length of lists."""
GERMAN = {"A1": 0, "A2": 1, "B1": 2, "B2": 4, "C1": 5}
POINTS = labour.PointsSystem(
    name="outlook, stylised",
    law="none",
    valid_from="2030-01-01",
    pass_mark=2,
    criteria=(
        labour.Criterion(name="german", labels=GERMAN),
        labour.Criterion(name="experience", bands=((2, 4, 1), (5, 9, 2), (10, np.inf, 3))),
    ),
    requirements=(
        labour.Requirement(
            name="recognition of the qualification",
            any_of=(labour.Condition(column="recognised", among=("True",)),),
        ),
    ),
)
"""Points by German and experience alone, alike at every post: one order for all who apply."""
PLACED = mg.Definition(
    name="drawn applicants, a worker each", counts="persons", purpose="work", estimate="modelled"
)


def quotas(f, pathway, run, people, seed):
    """Return the quotas of Albania by occupation in one year, none of three actors worse off.

    They serve Germany's gains within the cap, employers' wishes and Albania's floor; three in
    four wishes of each occupation are met.
    """
    year = run.dataset.sel(period=[YEAR])
    rules = pathway.evolve(occupations=tuple(map(str, f.employment.occupation.values)))
    gains = schemes.gains_per_place(
        rules, year.period, prices=given.pathway_prices(f), currency="EUR", price_base=2022,
        discount="3 percent/year", hazards=given.hazards(f), seed=seed,
        alternative=f.alternative.sel(origin=["ALB"]),
        members=run.dataset.member.values.tolist(), migrants_counted="in net migration",
    )  # fmt: skip
    cap = year.places.median("member").assign_attrs(units="person")
    asked = mg.spread(cap, mg.share(f.vacancies.sel(given.DEU), "occupation")) * ASKED
    away = (run.dataset.abroad + run.dataset.settled).sum("sex").sel(time=YEAR).median("member")
    workers = (given.home(f.employment, "ALB") - given.bare(away)).assign_attrs(units="person")
    per_head = (
        pathway.floors[0].density / 1e4 * (workers.occupation == pathway.floors[0].occupation)
    )
    residents = mg.demography.interpolate(given.everyone(given.home(people, "ALB")), "year")
    floor = given.bare(residents.sel(time=YEAR).squeeze().median("member")) * per_head
    return schemes.Design(objective="destination", needs_met=0.75, whole=True).solve(
        gains,
        needs=given.bare(asked).assign_attrs(units="person"),
        caps=given.bare(cap).expand_dims(origin=["ALB"]),
        workers=given.bare(workers),
        floor=floor.expand_dims(origin=["ALB"]).assign_attrs(units="person"),
    )


def market(f, design, trained, seed):
    """Return the market of drawn applicants and posts, and the quotas as its limits."""
    quota = _quota(design, trained)
    posts = pd.concat([_posts(o, quota) for o in f.employment.occupation.values])
    rows = [_applicants(*pair, number, posts, seed) for pair, number in quota.items()]
    people = pd.concat(rows, ignore_index=True)
    scored = POINTS.score(people, on=YEAR, person="worker")
    why = {"points": f"fewer than {POINTS.pass_mark} points"}
    people = people.assign(
        points=scored.total.values, barred=[why.get(x, x) for x in scored.reason.values]
    )
    found = labour.Market.from_frames(
        people, posts, score="points", ties="seeded", excluded="barred",
        choices=[f"choice {i + 1}" for i in range(CHOICES)],
        groups=("origin", "occupation", "sex", "quota"),
    )  # fmt: skip
    most = {f"{origin} {occupation}": number for (origin, occupation), number in quota.items()}
    return found, (labour.Limit(by="quota", most=most),)


def _quota(design, trained):
    """Return the quota of each origin and occupation: Albania's by design, Moldova's by training.

    One trained in Moldova leaves for one who stays.
    """
    chosen = design.quotas.squeeze(["origin", "period"]).to_series()
    leaving = trained.dataset.departures.sel(period=f"{YEAR[:4]}-01-01", origin="MDA")
    leaving = leaving.median("member").to_series()
    many = {("ALB", o): n for o, n in chosen.items()} | {("MDA", o): n for o, n in leaving.items()}
    return {pair: int(np.floor(n + 1e-6)) for pair, n in many.items()}


def _posts(occupation, quota):
    """Return posts of an occupation: seats for a quarter more than its quotas."""
    seats = ASKED * sum(number for (_, o), number in quota.items() if o == occupation)
    count = max(round(seats / SEATS), CHOICES)
    sizes = np.diff(np.round(np.linspace(0, seats, count + 1))).astype(int)
    return pd.DataFrame({"post": [f"{occupation}-{i:03}" for i in range(count)], "capacity": sizes})


def _applicants(origin, occupation, number, posts, seed):
    """Return people of one origin and occupation, and the posts that they would like."""
    draw = stream(seed, "applicants", origin, occupation)
    own = posts.post[posts.post.str.startswith(f"{occupation}-")].to_numpy()
    count = round(APPLYING * number)
    # What makes a post attractive is the same for all; the rest is each one's own.
    attractive = stream(seed, "posts", occupation).normal(size=len(own))
    liked = attractive + draw.normal(size=(count, len(own)))
    best = own[np.argsort(-liked, axis=1)[:, :CHOICES]]
    people = pd.DataFrame(best, columns=[f"choice {i + 1}" for i in range(CHOICES)])
    return people.assign(
        worker=[f"{origin} {occupation} {i}" for i in range(count)],
        german=draw.choice(list(GERMAN), size=count, p=[0.15, 0.25, 0.3, 0.2, 0.1]),
        experience=draw.integers(0, 16, size=count),
        recognised=draw.random(count) < (0.8 if occupation in "23" else 1.0),
        sex=np.where(draw.random(count) < 0.13, "F", "M"),
        origin=origin,
        occupation=occupation,
        quota=f"{origin} {occupation}",
    )


def told(matched, free):
    """Return who is placed, who is not and why, with quotas and without."""
    people = of_workers(matched, free)
    rows = people.groupby(["origin", "occupation"], sort=False)
    quota = {tuple(name.split()): number for name, number in matched.limits[0].most}
    table = pd.DataFrame(
        {
            "applicants": rows.size(),
            "quota": pd.Series(quota),
            "placed": rows.placed.sum(),
            "without quotas": rows.free.sum(),
            "least points": rows.score.min(),
        }
    )
    table.index = [
        f"{labels.one('origin', origin)}, {labels.one('occupation', one)}"
        for origin, one in table.index
    ]
    kept, posts = matched.blocking_pairs().limit, matched.posts
    least = posts.cut_off.dropna("post")
    change = matched.compare(free).attrs
    return "\n".join(
        [
            f"People and posts of {YEAR[:4]} under the quotas (STYLISED: people and posts are"
            f" drawn; {matched.note})",
            table.to_string(float_format="{:.0f}".format),
            f"Seats filled: {int(posts.filled.sum()):,} of {int(posts.capacity.sum()):,}; cut-offs"
            f" of the {least.size} posts of {posts.sizes['post']} that are full:"
            f" {least.min().item():.0f} to {least.max().item():.0f} points.",
            "Not placed: " + "; ".join(f"{n:,} {why}" for why, n in reasons(people).items()),
            *(shares(matched, free, group) for group in ("origin", "sex")),
            f"Pairs that would rather have each other: {(kept == '').sum()}; kept apart by a quota:"
            f" {(kept != '').sum():,}; without quotas: {len(free.blocking_pairs())}.",
            f"Of those who apply {change['worse']:,} would have a post they like better without"
            f" quotas, {change['better']:,} one they like less.",
        ]
    )


def of_workers(matched, free):
    """Return one row a person: groups, whether placed with quotas and without, score, reason."""
    groups = {name: matched.market.worker_groups[name] for name in ("origin", "occupation")}
    return matched.to_frame().assign(
        **groups, placed=matched.application >= 0, free=free.application >= 0
    )


def reasons(people):
    """Return how many are not placed by reason; all quotas are one reason."""
    why = people.reason[~people.placed]
    return why.where(~why.str.startswith("limit"), "beyond the quota").value_counts()


def shares(matched, free, group):
    """Return the shares placed of each group, with quotas and without."""
    with_, without = (one.shares(group).share.to_series().round() for one in (matched, free))
    told = (f"{labels.one(group, g)} {with_[g]:.0f} ({without[g]:.0f})" for g in with_.index)
    return f"Placed in 100 who apply by {group} (without quotas): " + ", ".join(told) + "."


def placed(matched, free):
    """Return people placed {occupation, outcome} with quotas and without, and the quotas."""
    people = of_workers(matched, free)
    names = {"placed": "placed under the quotas", "free": "placed without quotas"}
    counts = people.groupby("occupation")[list(names)].sum().rename(columns=names)
    quota = pd.Series({tuple(name.split()): number for name, number in matched.limits[0].most})
    marked = {"units": "person", "long_name": "people placed"}
    places = {"occupation": counts.index.to_numpy(str), "outcome": list(counts)}
    out = xr.DataArray(counts.to_numpy(float), places, attrs=marked)
    most = xr.DataArray(quota.groupby(level=1).sum().to_numpy(float), attrs=marked,
        coords={"occupation": places["occupation"]}, dims="occupation")  # fmt: skip
    out, most = (mg.define(x, PLACED) for x in (out, most))
    return mg.status.mark(out, "stylised"), mg.status.mark(most, "stylised")
