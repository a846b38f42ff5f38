"""The labour-mobility outlook: Germany with Albania and Moldova, 2025 to 2045.

Run with ``python -m nox -s outlook``: tables on the screen, pictures in ``outlook/``. What rests
on assumptions says ``stylised``; what nobody publishes is listed at the end. Inputs are put
together in ``outlook_inputs.py`` and ``outlook_matching.py``; pictures and pages have their own.
"""

import outlook_inputs as given
import outlook_matching as matching
import outlook_pages as pages
import outlook_pictures as pictures

import migov as mg
from migov import datasets, demography, labour, report

SEED, MEMBERS = 7, range(200)
show, figures = report.show, datasets.load("outlook")

# Project populations and labour forces, with uncertainty; Moldova in four readings
paths = demography.draw_paths(figures, members=MEMBERS, seed=SEED)
cohorts = demography.CohortComponent(step=5, migration_timing="even", ax="greville")
future = cohorts.run(figures.population, **paths, sex_ratio=figures.sex_ratio)
people = future.population.sel(time=slice("2025", None))
active = demography.labour_force(people, mg.hold(figures.participation, to=people.time))
readings = given.readings_of_moldova(figures, cohorts, paths, people)
both = mg.total(active, "age").sel(area=["DEU", "ALB"])  # Moldova: four readings, no one number
print(show(both, rows=["area", "sex"], columns="time", unit="thousand person"))
for reading, force in readings.items():
    print(f"\nMoldova, {reading}:", show(force, rows="time", unit="thousand person"))

# Find the need: posts that nobody fills, by occupation
posts, change = figures.demand.sel(area="DEU"), given.growth(figures, MEMBERS, SEED)
short = labour.shortage(demand=posts, supply=given.workers(figures, active), change=change)
every = short.shortage.isel(time=slice(0, None, 5))
print("\n" + show(every, rows="occupation", columns="time", unit="thousand post"))

# Part 1, a lasting pathway: Albania to Germany under the Western Balkans Regulation
pathway, inputs = given.pathway(figures, people, short, MEMBERS, SEED)
lasting = pathway.simulate(**inputs, start="2025-07-01", horizon="20 year", seed=SEED)
approvals = mg.total(lasting.dataset.admissions, "origin").isel(period=[0, 5, 10, 15, 19])
print("\n" + show(mg.total(approvals, "sex"), rows="occupation", columns="period"))
print("\n" + show(mg.total(approvals, "occupation"), rows="sex", columns="period"))

# Part 2, mobility: seasonal farm work, Moldova to Germany; no resident population moves
season, inputs = given.season(figures, MEMBERS)
seasonal = season.simulate(**inputs, start="2026-01-01", horizon="19 year", seed=SEED)
years = mg.total(seasonal.person_years(), ["origin", "sex"]).isel(period=[0, 9, 18])
print("\n" + show(years, rows="period"))

# Part 3, a what-if: training at origin in two groups of occupations, one stays for one who leaves
trained = given.training(figures, MEMBERS, SEED)
print("\n" + show(given.trained(trained), rows="outcome", columns="occupation"))

# Match: quotas of 2030 that leave nobody worse off, then people and posts under them and without
design = matching.quotas(figures, pathway, lasting, people, SEED)
market, caps = matching.market(figures, design, trained, SEED)
matched, free = (market.deferred_acceptance(seed=SEED, limits=most) for most in (caps, ()))
print(f"\n{design.show()}\n\n{matching.told(matched, free)}")

# Account: who gains, against a job at home and against what migrants would do otherwise
runs = {"Albania": lasting, "Moldova": seasonal}
ledgers = given.ledgers(figures, lasting, seasonal)
for place, ledger in ledgers.items():
    for what in ("home", "mix"):
        gain = given.counted(mg.total(ledger.against(what), ["origin", "sex"]))
        print(f"\n{place}:", show(gain, rows="actor", unit="million EUR"))
    print("  taken as given:", "; ".join(ledger.assumptions))

# Before and after, only where the indicator's definition admits the scheme
worlds = given.with_and_without(figures, cohorts, paths, lasting)
effects = given.effects(figures, future, worlds, short, lasting, seasonal, ledgers["Moldova"])
for place, effect in effects.items():
    print(f"\n{place} without and with the scheme\n{effect.show()}\n  {given.NOTES[place]}")
scored = pages.policy(figures)
print("\n" + pages.context(figures, scored))

# Demographic arithmetic beside the other levers; it never sets a quota
arithmetic, levers = given.arithmetic(figures, cohorts)
print("\n" + show(arithmetic.net_migration, rows="period", columns="scenario"))
print(given.levers(levers), f"\n{arithmetic.attrs['caveat']}")

shown = (readings, pathway, lasting, seasonal, trained, matched, free, ledgers, effects, levers)
pictures.draw(figures, future, *shown)
pages.write_pages(figures, future, scored, runs, ledgers, pictures.FOLDER)
print("\nNot published:", figures.missing()[["what", "area", "collector"]].to_string(), sep="\n")
