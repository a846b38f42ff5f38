"""Cohort-component projection: population by age and sex from rates and net migration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status
from migov.core.align import shown
from migov.core.definition import define, definition_of
from migov.core.errors import ParameterError
from migov.core.parameters import number
from migov.demography.arguments import whole
from migov.demography.kernels import AX_RULES
from migov.demography.kernels_projection import Rules
from migov.demography.life_tables import YOUNGEST_OPEN
from migov.demography.over_blocks import over_blocks
from migov.demography.projection_blocks import CORES, NAME, OUT, Block
from migov.demography.projection_inputs import CORE, SEXES, Prepared, plain_int, prepare

SHARE_AT_START = {"even": 0.5, "start": 1.0, "end": 0.0}
_LONG = {
    "population": "population",
    "births": "births over the period, by sex of the child",
    "deaths": "deaths over the period, by the age group of the cohort at its end",
    "migration": "net migrants over the period, by age group",
    "negative": "smallest group of the population at the end of the period, where below zero",
}


def _check_step(instance: Any, attribute: Any, value: Any) -> None:
    whole(value, NAME, "step", 1)


def _check_open(instance: Any, attribute: Any, value: Any) -> None:
    number(value, NAME, "youngest_open", 0.0)


def _timing(given: Any) -> Any:
    """Return a rule by area as sorted pairs, from a mapping or from pairs read from a file."""
    if isinstance(given, Mapping):
        return tuple(sorted((str(a), r) for a, r in given.items()))
    if isinstance(given, list) and all(isinstance(pair, list | tuple) for pair in given):
        return tuple(tuple(pair) for pair in given)
    return given


def _check_timing(instance: Any, attribute: Any, value: Any) -> None:
    pairs = (
        [("", value)] if isinstance(value, str) else list(value) if isinstance(value, tuple) else []
    )
    good = all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs)
    rules = [pair[1] for pair in pairs] if good else []
    twice = good and not isinstance(value, str) and len({str(a) for a, _ in pairs}) < len(pairs)
    if not pairs or not good or twice or any(rule not in SHARE_AT_START for rule in rules):
        raise ParameterError(
            NAME,
            f"migration_timing={value!r}",
            'one of "even", "start", "end", or one for each area: {"DEU": "even", "MDA": "end"}',
            9,
            "migration_timing",
        )


def _one_of(*allowed: str) -> Any:
    def check(instance: Any, attribute: Any, value: Any) -> None:
        if value not in allowed:
            raise ParameterError(
                NAME,
                f"{attribute.name}={value!r}",
                f"one of {', '.join(map(repr, allowed))}",
                9,
                attribute.name,
            )

    return check


@attrs.frozen(kw_only=True)
class CohortComponent:
    """A projection by cohorts and components: births, deaths and net migration.

    Parameters
    ----------
    step : int
        Length of a period and width of the age groups, in years.
    migration_timing : {"even", "start", "end"} or mapping of area to one of them
        When migrants arrive: half at the start and half at the end of the period, or all at
        one of them. A mapping is kept as a tuple of pairs.
    ax : {"greville", "coale_demeny", "andreev_kingkade", "constant_force", "half"}
        Rule for the years lived by those who die, :data:`migov.demography.kernels.AX_RULES`.
    births_exposure : {"mean", "adjusted"}
        Women exposed to births: the mean of those at both ends of the period; or with the
        migrants of its start added to those at the start.
    newborn_migration : {"end", "exposed"}
        Migrants of the youngest group who arrive at the end of the period: added there, or
        with the mortality of those born in the period.
    negative : {"refuse", "report"}
        What a group below zero does (more emigrants than residents): raise, or be told in the
        variable ``negative``. It is never set to zero.
    youngest_open : float
        Age from which the open group may start: its deaths are those of a life table whatever
        the ages in it, the less so the younger it starts.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> age = {"age": [0, 10, 20], "age_width": ("age", [10.0, 10.0, np.inf])}
    >>> sex, start = {"sex": ["F", "M"]}, np.datetime64("2020-07-01", "s")
    >>> period = {"period": [start], "period_end": ("period", [np.datetime64("2030-07-01", "s")])}
    >>> def array(values, unit, *parts):
    ...     coords = {k: v for part in parts for k, v in part.items()}
    ...     dims = [d for d in ("period", "sex", "age") if d in coords]
    ...     return xr.DataArray(values, coords, dims, attrs={"units": unit})
    >>> persons = array([[50.0, 40, 30], [50, 40, 30]], "person", sex, age)
    >>> spec = CohortComponent(step=10, ax="half", youngest_open=20)
    >>> run = spec.run(
    ...     persons.assign_coords(time=start),
    ...     array(np.zeros((1, 2, 3)), "1/year", period, sex, age),
    ...     array([[0.1]], "1/year", period, {"age": [10], "age_width": ("age", [10.0])}),
    ...     array(np.zeros((1, 2, 3)), "person", period, sex, age),
    ...     sex_ratio=array([1.0], "1", period),
    ... )
    >>> run.population.sel(sex="F").values
    array([[50. , 40. , 30. ],
           [22.5, 50. , 70. ]])

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, chapter 6. United Nations (2019), World
    Population Prospects 2019: Methodology.
    """

    step: int = attrs.field(default=5, converter=plain_int, validator=_check_step)
    migration_timing: Any = attrs.field(default="even", converter=_timing, validator=_check_timing)
    ax: str = attrs.field(default="greville", validator=_one_of(*AX_RULES))
    births_exposure: str = attrs.field(default="mean", validator=_one_of("mean", "adjusted"))
    newborn_migration: str = attrs.field(default="end", validator=_one_of("end", "exposed"))
    negative: str = attrs.field(default="refuse", validator=_one_of("refuse", "report"))
    youngest_open: float = attrs.field(default=YOUNGEST_OPEN, validator=_check_open)

    def run(
        self,
        population: xr.DataArray,
        mortality: xr.DataArray,
        fertility: xr.DataArray,
        migration: xr.DataArray,
        *,
        sex_ratio: xr.DataArray,
    ) -> xr.Dataset:
        """Project the population over all periods of the rates.

        Parameters
        ----------
        population : DataArray {sex, age, …}
            Persons at one instant, the start of the first period; groups of `step` years, the
            last one open. Sexes are F and M.
        mortality : DataArray {period, sex, age, …}
            Central death rates in 1/year; ages as in `population`, the youngest group split
            into 0 and the rest (0, 1-4, 5-9 …), which all rules but two need.
        fertility : DataArray {period, age, …}
            Births per woman and year, in 1/year.
        migration : DataArray {period, sex, age, …}
            Net migrants over the period in person, or per year in person/year.
        sex_ratio : DataArray {period, …}
            Male births per female birth, "1".

        Further dimensions (area, scenario, any other) are paired by label. Inputs may lack
        ``member`` and ``scenario`` only. The run is lazy over all of them.

        Returns
        -------
        Dataset
            ``population`` {time, sex, age}, ``births`` {period, sex}, ``deaths`` {period, sex,
            age} and ``migration`` {period, sex, age}, in person, and further dimensions. Deaths
            are told by the group that the cohort is in at the end of the period: those of the
            first group were born in the period, those of the open one were in the two oldest
            groups at its start. All carry the definition of `population`.

        Raises
        ------
        TimeError
            Periods of another length than `step`, with gaps, or not from the population's date.
        AgeError
            Ages that do not fit together.
        AlignmentError, DimensionError, UnitError
            Labels, dimensions or units that do not fit.
        InputError
            Rates or persons that cannot be, with argument, place and amount; for lazy inputs
            when computed.
        AccountError
            ``P1 = P0 + B - D + M`` does not close, or a group falls below zero.
        """
        given = {
            "population": population,
            "mortality": mortality,
            "fertility": fertility,
            "migration": migration,
            "sex_ratio": sex_ratio,
        }
        ready = prepare(NAME, given, self.step, self.ax, self.youngest_open)
        results = self._compute(ready, shares_at_start(self, ready))
        return self._dataset(ready, results, population)

    def _compute(self, ready: Prepared, share: xr.Variable) -> dict[str, xr.Variable]:
        """Run the kernel over the further dimensions, in blocks where they are lazy."""
        rename = {"mortality": "age of mortality", "fertility": "age of mothers"}
        inputs: list[xr.Variable] = []
        for name, x in ready.arrays.items():
            dims = [rename[name] if d == "age" and name in rename else d for d in x.dims]
            inputs.append(xr.Variable(dims, x.data))
        places = [xr.Variable((dim,), np.arange(len(v))) for dim, v in ready.lead.items()]
        block = Block(
            kernel_rules(self, ready),
            ready.width,
            ready.lead,
            ready.starts,
            self.negative == "refuse",
        )
        return over_blocks(
            block,
            [*inputs, share, *places],
            [*CORES.values(), [], *([] for _ in places)],
            list(ready.lead),
            OUT,
            {
                "time": len(ready.instants),
                "period": len(ready.starts),
                "sex": len(SEXES),
                "age": ready.arrays["population"].sizes["age"],
            },
        )

    def _dataset(
        self, ready: Prepared, results: dict[str, xr.Variable], population: xr.DataArray
    ) -> xr.Dataset:
        """Put labels, units and definition on the results."""
        moved = ready.arrays["migration"]
        results = {**results, "migration": moved.variable}
        least = results.pop("least")
        if self.negative == "report":
            results["negative"] = least
        coords: dict[str, Any] = {
            "time": ready.instants,
            "period": ready.starts,
            "period_end": ("period", ready.ends),
            "sex": SEXES,
            "age": moved.coords["age"].values,
            "age_width": ("age", np.append(np.full(moved.sizes["age"] - 1, self.step), np.inf)),
            **ready.lead,
            **ready.scalars,
        }
        definition = definition_of(population)
        arrays = {}
        for name, variable in results.items():
            order = [dim for dim in (*CORE, *ready.lead) if dim in variable.dims]
            x = xr.DataArray(
                variable.transpose(*order),
                {c: v for c, v in coords.items() if _fits(c, v, order)},
            )
            x.attrs = {"units": "person", "long_name": _LONG[name]}
            arrays[name] = define(x, definition) if name != "negative" else x
        out = xr.Dataset(arrays)
        if ready.flags is not None:
            kept = ready.flags.transpose(*[dim for dim in ready.lead if dim in ready.flags.dims])
            values = np.asarray(kept.values, np.uint16)
            out = out.assign_coords({status.NAME: (kept.dims, values, status.ATTRS)})
        out.attrs = {
            "title": "population projection by cohorts and components",
            "specification": json.dumps({"class": NAME, **attrs.asdict(self)}, sort_keys=True),
        }
        return out


def shares_at_start(spec: CohortComponent, ready: Prepared) -> xr.Variable:
    """Return the share of migrants at the start of the period, by area where it differs."""
    rule = spec.migration_timing
    if isinstance(rule, str):
        return xr.Variable((), SHARE_AT_START[rule])
    named = dict(rule)
    labels = ready.lead.get("area")
    codes = [ready.scalars.get("area")] if labels is None else list(labels)
    unknown = [code for code in codes if str(code) not in named]
    if unknown:
        what = "population has no area" if unknown == [None] else f"no rule for {shown(unknown)}"
        raise ParameterError(
            NAME,
            f"migration_timing is by area, {what}",
            "one of 'even', 'start', 'end' for each area",
            9,
            "migration_timing",
        )
    shares = np.array([SHARE_AT_START[named[str(code)]] for code in codes])
    if labels is None:
        return xr.Variable((), shares[0])
    return xr.Variable(("area",), shares)


def kernel_rules(spec: CohortComponent, ready: Prepared) -> Rules:
    """Return the rules of a step as the kernel takes them."""
    return Rules(
        float(spec.step),
        spec.ax,
        spec.births_exposure == "adjusted",
        spec.newborn_migration == "exposed",
        ready.fertile,
    )


def _fits(name: str, value: Any, dims: list[str]) -> bool:
    """Tell whether a coordinate belongs to an array of these dimensions."""
    if isinstance(value, tuple):
        return value[0] in dims
    return name in dims or np.ndim(value) == 0
