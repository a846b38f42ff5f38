"""What the outlook takes as given: the two schemes, their prices, and who counts where.

Every number comes from ``migov.datasets`` with its source; what is put together here from
assumptions bears the status ``stylised`` of its parts.
"""

from __future__ import annotations

import xarray as xr

import migov as mg
from migov import demography, report, schemes

RESIDENTS = mg.definitions.EU_USUAL_RESIDENCE
DEU = {"area": "DEU"}


def home(x, area):
    """Return the part of one country of origin, in that role."""
    return x.sel(area=[area]).rename(area="origin")


def everyone(x):
    """Return both sexes and all ages together."""
    return mg.total(x, [dim for dim in ("sex", "age") if dim in x.dims])


def bare(x):
    """Return an array without the labels that it has only one of; its status stays."""
    single = [name for name, coord in x.coords.items() if coord.ndim == 0]
    return x.drop_vars([name for name in single if name != mg.status.NAME])


def workers(f, active):
    """Return people at work in Germany by occupation, as the labour force goes on.

    The share of the labour force that each occupation employed in 2023 is kept.
    """
    then = demography.labour_force(f.population_observed.sel(time="2023-07-01"), f.participation)
    jobs = (f.employment / everyone(then)).assign_attrs(units="1").sel(DEU)
    return mg.spread(demography.interpolate(everyone(active).sel(DEU), "year"), jobs)


def readings_of_moldova(f, cohorts, paths, people):
    """Return Moldova's labour force: two counts of people times two surveys of work."""
    own = {**paths, "sex_ratio": f.sex_ratio}
    own = {name: rate.sel(area="MDA") for name, rate in own.items()}
    # The United Nations' net migration, taken for usual residents for want of a published one.
    own["migration"] = mg.define(own["migration"], mg.definitions.MDA_USUAL_RESIDENCE)
    usual = cohorts.run(f.population_national.sel(area="MDA"), **own).population
    counts = {
        "UN estimate": people.sel(area="MDA"),
        "usual residents": usual.sel(time=people.time),
    }
    rates = {"ILO model": f.participation, "national survey": f.participation_national}
    return {
        f"{who}, {how}": everyone(
            demography.labour_force(count, mg.hold(rate.sel(area="MDA"), to=count.time))
        )
        for who, count in counts.items()
        for how, rate in rates.items()
    }


def floor(f):
    """Return the origin's floor: professionals per inhabitant as in 2023.

    Some 17 in 100 of them are health professionals (ISCO-08 group 22), who are taken to leave
    in proportion. Those at home are the professionals of 2023 less those who are away under the
    scheme; that as many are trained as retire is assumed.
    """
    workers = float(f.employment.sel(area="ALB", occupation="2"))
    people = float(everyone(f.population_observed.sel(area="ALB", time="2023-07-01", drop=True)))
    return schemes.Floor(
        origin="ALB",
        occupation="2",
        density=round(1e4 * workers / people, 1),
        source="no decline of professionals per inhabitant since 2023",
    )


def growth(f, members, seed):
    """Return how posts grow, drawn from a range around the posts of 2023."""
    found = schemes.draw(f.demand_growth, members, seed=seed, process="growth of posts")
    return found.assign_coords(DEU)


def pathway(f, people, short, members, seed):
    """Return the Western Balkans pathway from Albania, and what its simulation takes.

    Its migrants are arrivals: Albania's part of the cap, as far as approvals become visas.
    """
    part = schemes.draw(f.pathway_origin_share, members, seed=seed, process="origin share")
    caps = schemes.draw(f.cap_scenario, members, seed=seed, process="cap")
    cap = f.cap.isel(period=-1, drop=True)
    # Fewer than half of the approvals of 2019 became visas; approvals are no arrivals.
    year = f.pathway_approvals.period.values[0]
    arriving = float(f.pathway_visas.sel(period=year) / f.pathway_approvals.isel(period=0))
    taken = (part * bare(caps) / float(cap) * arriving).assign_attrs(units="1")
    taken = mg.status.mark(taken.drop_vars(mg.status.NAME, errors="ignore"), "stylised")
    offers = mg.share(f.vacancies.sel(DEU), "occupation")
    given = {
        "applicants": mg.spread(cap, taken, offers, f.pathway_sex_share),
        "hazards": hazards(f),
        "shortage": short,
        "quota_share": taken,
        "workers": home(f.employment, "ALB"),
        "residents": demography.interpolate(everyone(home(people, "ALB")), "year"),
        "alternative": f.alternative.sel(origin=["ALB"]),
        "migrants_counted": "in net migration",
    }
    return schemes.examples.WESTERN_BALKANS_ALB.evolve(floors=(floor(f),)), given


def hazards(f):
    """Return what migrants of the pathway do: go home early, settle, renew."""
    return {
        "early_return": f.return_hazard,
        "settlement": f.settlement_hazard,
        "renewal": f.renewal_share,
    }


def season(f, members):
    """Return the seasonal scheme with Moldova, and what its simulation takes."""
    given = {
        "applicants": mg.spread(f.seasonal_applicants, f.seasonal_sex_share),
        "hazards": {"reentry": (0.4, 0.6, 0.8)},
        "alternative": f.alternative.sel(origin=["MDA"]),
        "members": members,
    }
    return schemes.examples.SEASONAL_MDA_DEU, given


def pathway_prices(f):
    """Return the prices of the pathway's ledger, euro of 2022."""
    wide = ("earnings", "income_tax_rate", "contribution_rate")
    given = {name: x for name, x in f.prices.items() if name in {*schemes.PRICES, *wide}}
    del given["training_cost"]
    given["remittance_cost"] = f.prices.remittance_cost_corridor
    given["other_destination_ratio"] = f.other_destination_wage
    return given


def season_prices(f):
    """Return the prices of the seasonal ledger: the minimum wage of 2026, the farm at home."""
    hourly = f.minimum_wage.sel(time="2026").squeeze(drop=True).assign_attrs(price_base=2026)
    return {
        "wage": schemes.monthly_wage(hourly, f.seasonal_hours),
        "home_wage": home(f.farm_wage_moldova, "MDA"),
        "exchange_rate_mdl": f.prices.exchange_rate_mdl,
        "income_tax": f.prices.seasonal_tax_rate,
        "home_income_tax": home(f.prices.income_tax_rate, "MDA"),
        "living_cost": f.prices.seasonal_living_cost,
        "remittance_share": f.prices.seasonal_remittance_share,
        "remittance_cost": f.prices.remittance_cost_corridor,
        "other_destination_ratio": f.other_destination_wage,
        **{name: f.prices[name] for name in ("recruitment_cost", "travel_cost", "visa_cost")},
    }


NOTES = {
    "Germany": "what the pathway brings beyond the projected net migration is added to it",
    "Albania": "health workers are the nurses and midwives of 2016 less those away, per inhabitant",
    "Moldova": "the United Nations' count, one of two; wages of 2026 on the GDP of 2018, without "
    "those who would send money from elsewhere",
}
"""What a reader of before and after has to know."""


def counted(gain):
    """Return the actors whose gains were counted; the others have no price among the figures."""
    some = abs(gain).max([dim for dim in gain.dims if dim != "actor"]) > 1.0
    # One currency unit over twenty years is rounding: the two worlds are the same there
    return gain.sel(actor=[a for a in gain.actor.values if bool(some.sel(actor=a))])


def ledgers(f, lasting, seasonal):
    """Return the ledgers of both schemes, each at the prices of its own year."""
    euro = {"currency": "EUR", "discount": "3 percent/year"}
    return {
        "Albania": lasting.ledger(pathway_prices(f), price_base=2022, **euro),
        "Moldova": seasonal.ledger(
            season_prices(f), price_base=2026, deflators=deflators(f), **euro
        ),
    }


def deflators(f):
    """Return the factors from earlier prices to those of 2026."""
    years = f.deflator_2026.time.dt.year.values
    return dict(zip(map(int, years), map(float, f.deflator_2026.values), strict=True))


def with_and_without(f, cohorts, paths, run):
    """Return the populations of 2045 and their moves, without and with the pathway.

    The scheme's migrants replace the same part of the projected net migration, by age and
    sex; only what exceeds it is added. Their ages are those of Albania's net emigration.
    """
    leaving = (-f.migration).sel(area="ALB", drop=True).isel(period=0, drop=True).clip(min=0)
    leaving = leaving.where(leaving.age.isin(range(15, 65, 5)), 0.0).assign_attrs(units="person")
    ages = mg.share(leaving, "age")
    found = {}
    for area, side in (("DEU", "destination"), ("ALB", "origin")):
        parts = schemes.replace_net_migration(
            paths.migration, run, age_pattern=ages, definition=RESIDENTS, side=side, area=area
        )
        own = {name: x.sel(area=area, drop=True) for name, x in paths.items()}
        base, ratio = f.population.sel(area=area, drop=True), f.sex_ratio.sel(area=area, drop=True)
        for moment in ("others", "migration"):
            # The scheme's stays were weighed by the EU's residence; the moves go into this count.
            own["migration"] = mg.define(bare(parts[moment]), mg.definition_of(base))
            found[area, moment] = cohorts.run(base, **own, sex_ratio=ratio)
    return found


def _last(x):
    """Return the last period alone, whose end stays with it."""
    return x.isel(period=[-1])


def _movement(world):
    """Return births, deaths, net migration and person-years of the last period."""
    lived = _last(mg.person_years(everyone(world.population)))
    return {
        "births": _last(mg.total(world.births, "sex")),
        "deaths": _last(everyone(world.deaths)),
        "net": _last(everyone(world.migration)),
        "lived": lived,
    }


def _chosen(inputs, names):
    return {name: inputs[name] for name in names}


def _of_people(worlds, area):
    """Return the rows of a population: its ages and its movement, without and with."""
    both = [worlds[area, moment] for moment in ("others", "migration")]
    ages = [{"population": mg.total(x.population.isel(time=-1, drop=True), "sex")} for x in both]
    moves = [_movement(x) for x in both]
    by_age = (
        mg.OldAgeDependencyRatio(lower=20),
        mg.TotalDependencyRatio(lower=20),
        mg.PotentialSupportRatio(),
        mg.AgeingIndex(),
        mg.MedianAge(),
    )
    rows = [(indicator, *ages) for indicator in by_age]
    net = [_chosen(x, ("net", "lived")) for x in moves]
    natural = [_chosen(x, ("births", "deaths", "lived")) for x in moves]
    rows.append((mg.CrudeNetMigrationRate(net_is="residual"), *net))
    rows.append((mg.NaturalIncreaseRate(), *natural))
    return rows


def _of_germany(short, run):
    """Return the rows of the shortage: what stays open without and with the pathway."""
    vacant = _last(mg.person_years(mg.total(short.shortage, "occupation")))
    worked = _last(mg.total(run.person_years(settled=True), ["occupation", "origin", "sex"]))
    vacant, worked = bare(vacant), bare(worked)
    none = (worked * 0.0).assign_attrs(worked.attrs)
    return [
        (
            mg.VacancyFillRate(),
            {"supplied": none, "vacant": vacant},
            {"supplied": worked, "vacant": vacant},
        )
    ]


def _of_albania(f, worlds, run):
    """Return the rows of the professions that must not empty: doctors and nurses.

    Those gone are the professionals gone, in proportion.
    """
    gone = run.dataset.abroad + run.dataset.settled + run.dataset.changed_status
    gone = bare(gone.sel(occupation="2", origin="ALB").sum("sex").isel(time=-1))
    left = 1.0 - gone / bare(f.employment.sel(area="ALB", occupation="2"))
    workers = bare(f.health_workers.sel(area="ALB"))
    rows = []
    for moment, share in (("others", 1.0), ("migration", left)):
        people = everyone(worlds["ALB", moment].population.isel(time=-1, drop=True))
        for name in ("nursing_midwifery",):
            held = (workers.sel(occupation=[name]) * share).assign_attrs(workers.attrs)
            rows.append({"workers": held, "population": people})
    return [(mg.HealthWorkerDensity(), *rows)]


def _of_moldova(f, future, seasonal, ledger):
    """Return the rows of the season: residents are not touched, remittances are, gross."""
    own = future.sel(area="MDA", drop=True)
    ages = {"population": mg.total(own.population.isel(time=-1, drop=True), "sex")}
    moves = _movement(own)
    rows = [
        (mg.OldAgeDependencyRatio(lower=20), ages, None),
        (mg.MedianAge(), ages, None),
        (mg.CrudeNetMigrationRate(net_is="residual"), _chosen(moves, ("net", "lived")), None),
        (mg.NaturalIncreaseRate(), _chosen(moves, ("births", "deaths", "lived")), None),
    ]
    received = f.remittances.sel(area="MDA", period="2018", drop=True)
    share = f.remittance_share_gdp.sel(area="MDA", drop=True)
    gdp = (received / (share / 100.0)).assign_attrs(units="USD", price_base="current")
    wages = ledger.by_item(discounted=False).sel(item="wages", actor="migrants")
    rate = f.exchange_rate_usd.isel(time=0)
    yearly = bare(everyone(wages).sum("origin") / seasonal.dataset.sizes["period"] / rate)
    after = (received + yearly).assign_attrs(units="USD", price_base="current")
    after = mg.status.mark(after.drop_vars(mg.status.NAME, errors="ignore"), "stylised")
    rows.append(
        (
            mg.RemittanceShareOfGDP(),
            {"remittances": received, "gdp": gdp},
            {"remittances": after, "gdp": gdp},
        )
    )
    return rows


def effects(f, future, worlds, short, lasting, seasonal, seasonal_ledger):
    """Return indicators before and after: Germany, Albania, and Moldova's season."""
    rows = {
        "Germany": _of_people(worlds, "DEU") + _of_germany(short, lasting),
        "Albania": _of_people(worlds, "ALB") + _of_albania(f, worlds, lasting),
        "Moldova": _of_moldova(f, future, seasonal, seasonal_ledger),
    }
    runs = {"Germany": lasting, "Albania": lasting, "Moldova": seasonal}
    return {
        place: report.before_after(lines, programme=runs[place].programme, definition=RESIDENTS)
        for place, lines in rows.items()
    }


def arithmetic(f, cohorts):
    """Return what would keep Germany's people of working age, by each lever alone.

    Neither a forecast nor a recommendation, and never a quota: migration stands beside
    participation, later retirement and productivity.
    """
    own = {name: f[name].sel(DEU, drop=True) for name in ("population", "mortality", "fertility")}
    ratio = f.sex_ratio.sel(DEU, drop=True)
    arriving = f.migration.sel(DEU, drop=True).isel(period=0, drop=True).clip(min=0)
    pattern = mg.share(arriving.assign_attrs(units="person"), ["sex", "age"])
    found = demography.demographic_arithmetic(
        **own, sex_ratio=ratio, pattern=pattern, floor=2.0, projection=cohorts
    )
    none = (f.migration.sel(DEU, drop=True) * 0.0).assign_attrs(units="person")
    alone = cohorts.run(**own, migration=none, sex_ratio=ratio)
    levers = demography.gap_closed_by(
        bare(alone.population),
        bare(f.participation.sel(DEU)),
        migration=found.net_migration.sel(scenario="IV", drop=True),
    )
    found["net_migration"] = mg.status.mark(found.net_migration, "stylised")
    return found, levers


def levers(found):
    """Return the amounts of each lever by 2035 and 2045, in the lever's own unit."""
    frame = found.amount.sel(time=["2035-07-01", "2045-07-01"]).transpose("lever", "time")
    table = frame.to_pandas().map(lambda value: f"{value:,.3g}" if value < 1e3 else f"{value:,.0f}")
    table.columns = [str(date.year) for date in table.columns]
    return (
        "What alone would hold the labour force of 2020 (net migration: the people of 15 to 64);"
        " STYLISED. Residents' unused skills: not published by occupation.\n"
        + table.assign(unit=found.unit.values).to_string()
    )


def training(f, members, seed):
    """Return part 3, a what-if: people trained in Moldova, half to leave and half to stay.

    A hundred technicians and two hundred craft workers begin each year from 2026 to 2035; no
    such agreement is in force, and every number of it is an assumption.
    """
    years = " ".join(str(year) for year in range(2026, 2041))
    begin = [
        [[100.0 * share if year < 2036 else 0.0 for year in range(2026, 2041)]] for share in (1, 2)
    ]
    deal = schemes.Partnership(
        leave=0.5, leak=0.1, payers=(("employer", 0.7), ("origin_state", 0.3))
    )
    started = mg.Cells(tuple(begin), occupation="3 7", origin="MDA", period=years).array("person")
    return deal.run(
        mg.status.mark(started, "stylised"), training_time=f.training_time, dropout=f.dropout,
        members=members, seed=seed,
    )  # fmt: skip


def trained(found):
    """Return what became of those who began: {outcome, occupation, member}."""
    names = ("enrolments", "dropouts", "graduates", "departures", "leaks", "stayers")
    parts = [mg.total(found.dataset[name], ["origin", "period"]) for name in names]
    labelled = [x.expand_dims(outcome=[name]) for x, name in zip(parts, names, strict=True)]
    out = xr.concat(labelled, "outcome", coords="minimal", compat="override")
    out = out.assign_attrs(units="person", long_name="Training at origin, 2026 to 2035, Moldova")
    return mg.status.mark(out.drop_vars(mg.status.NAME, errors="ignore"), "stylised")
