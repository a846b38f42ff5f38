"""The pictures of the outlook, each from labelled arrays by the schema that they declare."""

from __future__ import annotations

from pathlib import Path

import outlook_inputs as given

import migov as mg
from migov import plot

FOLDER = Path("outlook")
STYLES = {"notebook": "", "page": "-print"}
"""A picture for the screen and one for an A4 page of 300 dots an inch."""


def draw(figures, future, readings, pathway, lasting, seasonal, ledgers, effects, levers):
    """Draw all pictures at both sizes and tell where they are."""
    FOLDER.mkdir(exist_ok=True)
    drawings = {
        **{f"pyramid-{area}": _pyramid(future, area) for area in ("DEU", "ALB", "MDA")},
        "labour-force-moldova": lambda: plot.fan(
            readings, title="Labour force of Moldova in four readings"
        ),
        "pathway-occupations": lambda: _occupations(figures, lasting),
        "pathway-cap": lambda: _cap(lasting),
        "pathway-floor": lambda: _floor(pathway, lasting, future),
        "season-person-years": lambda: _season(seasonal),
        **{f"gains-{place.lower()}": _gains(place, one) for place, one in ledgers.items()},
        **{f"before-after-{place.lower()}": _change(place, e) for place, e in effects.items()},
        "arithmetic": lambda: _levers(levers),
    }
    for style, suffix in STYLES.items():
        with plot.style(style):
            for name, drawing in drawings.items():
                plot.save(drawing()[0], FOLDER / f"{name}{suffix}.png")
    print(f"\n{2 * len(drawings)} pictures in {FOLDER}/")


def _pyramid(future, area):
    def drawing():
        ends = [
            future.population.sel(area=area, time=year).squeeze("time") for year in ("2025", "2045")
        ]
        title = f"Population of {mg.areas.name(area)}, 2025 and 2045"
        return plot.pyramid(ends[1], compare=ends[0], names=("2045", "2025"), title=title)

    return drawing


def _yearly(x):
    """Return a count of a year as a rate per year, which is what caps are stated in."""
    return x.assign_attrs(units="person/year")


def _occupations(figures, run):
    data = run.dataset
    mean = mg.total(data.admissions, ["origin", "sex"]).mean("period", keep_attrs=True)
    asked = mg.total(data.applications, ["origin", "sex"]).mean("period", keep_attrs=True)
    return plot.bars(
        _yearly(given.bare(mean)),
        limits={"asked for": _yearly(given.bare(asked.median("member", keep_attrs=True)))},
        title="Albania to Germany: first approvals a year by occupation, 2025 to 2045",
    )


def _cap(run):
    approved = run.dataset.admissions - run.dataset.readmissions
    approved = approved.assign_attrs(run.dataset.admissions.attrs)
    series = {
        "approved": mg.total(approved, ["origin", "sex", "occupation"]),
        "Albania's part of the cap": run.dataset.places.assign_attrs(units="person"),
    }
    return plot.fan(series, title="First approvals a year against the cap", zero=True)


def _floor(pathway, run, future):
    rule, data = pathway.floors[0], run.dataset
    gone = (data.abroad + data.settled + data.changed_status).sel(occupation=rule.occupation)
    home = float(figures_workers(rule)) - given.bare(gone.sel(origin="ALB").sum("sex"))
    people = mg.demography.interpolate(given.everyone(future.population.sel(area="ALB")), "year")
    density = home / given.bare(people.sel(time=home.time))
    density.attrs = {"units": "1"}
    density = mg.to_unit(density, "per_ten_thousand")
    floor = density.isel(member=0, drop=True) * 0 + rule.density
    floor.attrs = {"units": "per_ten_thousand"}
    title = "Professionals who stay in Albania, per 10,000 inhabitants (stylised)"
    return plot.fan({"at home": density, "floor": floor}, title=title)


def figures_workers(rule):
    """Return the workers at home that a floor protects."""
    x = mg.datasets.load("outlook").employment
    return x.sel(area=rule.origin, occupation=rule.occupation)


def _season(run):
    worked = mg.total(run.person_years(), ["origin", "sex"])
    cap = run.programme.origin_cap[0].number * run.programme.stay_months / 12
    limit = worked.isel(member=0, drop=True) * 0 + cap
    series = {"worked": worked, "cap of the origin": limit.assign_attrs(worked.attrs)}
    title = "Moldova to Germany: person-years of seasonal work against the origin's cap"
    return plot.fan(series, title=title, zero=True)


def _gains(place, ledger):
    def drawing():
        gains = {
            what: mg.total(ledger.against(what), ["origin", "sex"]) for what in ("home", "mix")
        }
        return plot.balance(gains, title=f"Who gains and who pays: the scheme with {place}")

    return drawing


def _change(place, effect):
    def drawing():
        names = ("without", "with")
        return plot.slopes(
            effect.before, effect.after, unaffected=effect.unaffected, names=names,
            title=f"{place} without and with the scheme",
        )  # fmt: skip

    return drawing


def _levers(found):
    def at(year):
        amount = found.amount.sel(time=year).squeeze("time", drop=True)
        return {
            name: amount.sel(lever=name, drop=True).assign_attrs(
                units=str(found.unit.sel(lever=name).item()), long_name=name
            )
            for name in map(str, found.lever.values)
        }

    title = "What would keep Germany's labour force of 2020, each lever alone"
    return plot.slopes(at("2035"), at("2045"), names=("2035", "2045"), title=title)
