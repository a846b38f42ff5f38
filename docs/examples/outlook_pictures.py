"""The pictures of the outlook, each from labelled arrays by the schema that they declare."""

from __future__ import annotations

from pathlib import Path

import outlook_inputs as given
import outlook_matching as matching

import migov as mg
from migov import plot

FOLDER = Path("outlook")
NAMES = {"net migration": "net migration: people of 15-64", "participation": "participation"}
STYLES = {"notebook": "", "page": "-print"}
"""A picture for the screen and one for an A4 page of 300 dots an inch."""


def draw(
    figures, future, readings, pathway, lasting, seasonal, trained, matched, free, ledgers, effects,
    levers,
):  # fmt: skip
    """Draw all pictures at both sizes and tell where they are."""
    FOLDER.mkdir(exist_ok=True)
    drawings = {
        **{f"pyramid-{area}": _pyramid(figures, future, area) for area in ("DEU", "ALB")},
        "labour-force-moldova": lambda: _readings(figures, readings),
        "pathway-occupations": lambda: _occupations(figures, lasting),
        "pathway-cap": lambda: _cap(figures, lasting),
        "pathway-floor": lambda: _floor(figures, pathway, lasting, future),
        "season-person-years": lambda: _season(figures, seasonal),
        "training": lambda: _training(figures, trained),
        "matching": lambda: _matching(figures, matched, free),
        **{f"gains-{place.lower()}": _gains(place, one) for place, one in ledgers.items()},
        **{f"before-after-{place.lower()}": _change(place, e) for place, e in effects.items()},
        "arithmetic": lambda: _levers(levers),
    }
    for style, suffix in STYLES.items():
        with plot.style(style):
            for name, drawing in drawings.items():
                plot.save(drawing()[0], FOLDER / f"{name}{suffix}.png")
    print(f"\n{2 * len(drawings)} pictures in {FOLDER}/")


def _cited(x, *figures):
    """Return an array with the sources of the figures that it rests on."""
    return x.assign_attrs(references=[one.attrs["references"] for one in figures])


def _pyramid(figures, future, area):
    def drawing():
        both = future.population.sel(area=area)
        first, last = (both.sel(time=year).squeeze("time") for year in ("2025", "2045"))
        return plot.pyramid(
            _cited(last, figures.population), compare=first, names=("2045", "2025"),
            title=f"Population of {mg.areas.name(area)}, 2025 and 2045",
        )  # fmt: skip

    return drawing


def _readings(figures, readings):
    sources = (figures.participation, figures.participation_national)
    cited = {name: _cited(x, *sources) for name, x in readings.items()}
    return plot.fan(cited, title="Labour force of Moldova in four readings")


def _occupations(figures, run):
    """Draw arrivals of a year by occupation, and how many there would be without limits.

    Where a bar ends before the mark, the cap or the origin's floor has held it.
    """
    years = {"period": run.dataset.sizes["period"]}

    def yearly(x):
        summed = mg.total(x, ["origin", "sex", "period"])
        return given.bare((summed / years["period"]).assign_attrs(x.attrs, units="person/year"))

    asked = yearly(run.dataset.applications).median("member", keep_attrs=True)
    return plot.bars(
        _cited(yearly(run.dataset.admissions), figures.vacancies, figures.cap),
        limits={"without limits": asked},
        title="Albania to Germany: arrivals a year by occupation, 2025 to 2045",
    )


def _cap(figures, run):
    approved = mg.total(run.dataset.admissions, ["origin", "sex", "occupation"])
    cap = approved.isel(member=0, drop=True) * 0 + float(figures.cap.isel(period=-1))
    series = {
        "from Albania": _cited(approved, figures.cap, figures.pathway_visas),
        "approvals, six States": cap.assign_attrs(approved.attrs),
    }
    return plot.fan(series, title="Arrivals a year, and the cap on approvals", zero=True)


def _floor(figures, pathway, run, future):
    rule, data = pathway.floors[0], run.dataset
    gone = (data.abroad + data.settled + data.changed_status).sel(occupation=rule.occupation)
    workers = figures.employment.sel(area=rule.origin, occupation=rule.occupation)
    home = float(workers) - given.bare(gone.sel(origin=rule.origin).sum("sex"))
    people = given.everyone(future.population.sel(area=rule.origin))
    density = home / given.bare(mg.demography.interpolate(people, "year").sel(time=home.time))
    density = mg.to_unit(density.assign_attrs(units="1"), "per_ten_thousand")
    density = mg.status.mark(density, "stylised")
    floor = density.isel(member=0, drop=True) * 0 + rule.density
    series = {
        "at home": _cited(density, workers),
        "floor": floor.assign_attrs(units="per_ten_thousand"),
    }
    title = "Professionals at home per 10,000 inhabitants of Albania, and the floor"
    return plot.fan(series, title=title)


def _season(figures, run):
    def summed(name):
        return mg.total(run.dataset[name], ["origin", "sex"])

    worked = _cited(summed("person_years"), figures.seasonal_quota)
    cap = run.programme.origin_cap[0].number * run.programme.stay_months / 12
    limit = worked.isel(member=0, drop=True) * 0 + cap
    series = {
        "cap of the origin": limit.assign_attrs(worked.attrs),
        "worked": worked,
        "diverted from elsewhere": summed("diverted_person_years"),
        "would have come anyway": summed("deadweight_person_years"),
    }
    return plot.fan(series, title="Moldova to Germany: person-years of seasonal work", zero=True)


def _training(figures, found):
    outcomes = given.trained(found).sel(outcome=["dropouts", "departures", "leaks", "stayers"])
    return plot.bars(
        _cited(outcomes, figures.training_time, figures.dropout),
        across="outcome",
        by="occupation",
        title="What-if: people trained in Moldova in 2026 to 2035, and where they are",
    )


def _matching(figures, matched, free):
    found, quota = matching.placed(matched, free)
    return plot.bars(
        _cited(found, figures.vacancies, figures.cap),
        across="occupation",
        by="outcome",
        limits={"quota of each occupation": quota},
        title=f"Drawn applicants matched with posts, {matching.YEAR[:4]}: {matched.note}",
    )


def _gains(place, ledger):
    def drawing():
        gains = {
            what: given.counted(mg.total(ledger.against(what), ["origin", "sex"]))
            for what in ("home", "mix")
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
            NAMES.get(name, name): amount.sel(lever=name, drop=True).assign_attrs(
                units=str(found.unit.sel(lever=name).item()), long_name=NAMES.get(name, name)
            )
            for name in map(str, found.lever.values)
        }

    title = "Arithmetic, neither forecast nor plan: what alone would hold 2020 (stylised)"
    return plot.slopes(at("2035"), at("2045"), names=("to 2035", "to 2045"), title=title)
