"""An independent slow projection in plain Python: life table by lx, Lx and Tx, loops over ages.

It shares no code with the library; ages are five-year groups with 0 and 1-4 in the rates.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path
from typing import Any


def infant_ax(m0: float, sex: str) -> tuple[float, float]:
    """Coale-Demeny West on m0: mean years lived by those who die at age 0 and at 1-4."""
    if m0 >= 0.107:
        return (0.33, 1.352) if sex == "M" else (0.35, 1.361)
    if sex == "M":
        return 0.045 + 2.684 * m0, 1.651 - 2.816 * m0
    return 0.053 + 2.8 * m0, 1.522 - 1.518 * m0


def life_table(m: list[float], sex: str) -> tuple[list[float], float]:
    """Person-years lived at 0, 1-4, 5-9 … 95-99, and beyond 100, for a radix of one."""
    n = [1.0, 4.0] + [5.0] * (len(m) - 3)
    a = list(infant_ax(m[0], sex))
    a.append(2.5)
    for i in range(3, len(m) - 1):
        slope = math.log(m[i + 1] / m[i - 1]) / 10
        a.append(2.5 - 25 / 12 * (m[i] - slope))
    alive, lived = 1.0, []
    for i, width in enumerate(n):
        q = width * m[i] / (1 + (width - a[i]) * m[i])
        after = alive * (1 - q)
        lived.append(width * after + a[i] * (alive - after))
        alive = after
    return lived, alive / m[-1]


def survival(m: list[float], sex: str) -> list[float]:
    """Newborns to 0-4, then each group to the next, last the two oldest to the open one."""
    lived, rest = life_table(m, sex)
    groups = [lived[0] + lived[1], *lived[2:], rest]
    out = [groups[0] / 5]
    out += [groups[i + 1] / groups[i] for i in range(len(groups) - 2)]
    return [*out, rest / (rest + groups[-2])]


def step(
    population: dict[str, list[float]],
    mx: dict[str, list[float]],
    asfr: dict[int, float],
    migrants: dict[str, list[float]],
    ratio: float,
    timing: str,
) -> tuple[dict[str, list[float]], float]:
    """Project five years; births by the plain mean of the women at both ends."""
    at_start = {"even": 0.5, "start": 1.0, "end": 0.0}[timing]
    after: dict[str, list[float]] = {}
    kept = {sex: survival(mx[sex], sex) for sex in population}
    for sex, people in population.items():
        begin = [p + at_start * g for p, g in zip(people, migrants[sex], strict=True)]
        last = len(people) - 1
        new = [0.0] * len(people)
        for i in range(last - 1):
            new[i + 1] = begin[i] * kept[sex][i + 1]
        new[last] = (begin[last - 1] + begin[last]) * kept[sex][last]
        after[sex] = [x + (1 - at_start) * g for x, g in zip(new, migrants[sex], strict=True)]
    births = 0.0
    for i, rate in asfr.items():
        births += 5 * rate * (population["F"][i] + after["F"][i]) / 2
    after["F"][0] += births / (1 + ratio) * kept["F"][0]
    after["M"][0] += births * ratio / (1 + ratio) * kept["M"][0]
    return after, births


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a table."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def read_wpp(folder: Path) -> dict[str, Any]:
    """Read the World Population Prospects 2019 by country, year or period, sex and age."""
    sexes = {"female": "F", "male": "M"}
    out: dict[str, Any] = {
        "timing": {r["iso3"]: r["migration_timing"] for r in rows(folder / "migration_timing.csv")}
    }
    people: Any = defaultdict(list)
    for r in rows(folder / "population_by_age_sex.csv"):
        people[r["iso3"], int(r["year"]), sexes[r["sex"]]].append(
            1000 * float(r["population_thousands"])
        )
    mx: Any = defaultdict(list)
    for r in rows(folder / "mortality_mx.csv"):
        mx[r["iso3"], int(r["period_start"]), sexes[r["sex"]]].append(
            float(r["central_death_rate"])
        )
    asfr: Any = defaultdict(dict)
    for r in rows(folder / "fertility_by_age.csv"):
        asfr[r["iso3"], int(r["period_start"])][int(r["age_start"]) // 5] = float(r["asfr"])
    migrants: Any = defaultdict(list)
    for r in rows(folder / "net_migration_by_age_derived.csv"):
        timing = out["timing"][r["iso3"]]
        migrants[r["iso3"], int(r["period_start"]), sexes[r["sex"]]].append(
            1000 * float(r[f"net_migrants_thousands_{timing}_timing"])
        )
    ratio = {
        (r["iso3"], int(r["period_start"])): float(r["sex_ratio_at_birth_male_per_female"])
        for r in rows(folder / "period_indicators.csv")
    }
    out.update(people=people, mx=mx, asfr=asfr, migrants=migrants, ratio=ratio)
    return out
