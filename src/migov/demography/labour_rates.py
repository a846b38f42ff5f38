"""Participation and employment rates to come, and the length of working life."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import ages, status, times
from migov.core.align import align, shown
from migov.core.combine import hold
from migov.core.definition import define, definition_of
from migov.core.errors import AgeError, InputError, ParameterError, TimeError
from migov.core.inputs import Input, check_scale
from migov.core.parameters import number
from migov.core.vocabulary import check_dimensions, require
from migov.demography import kernels_labour_rates as kernels
from migov.demography.arguments import dataset, loaded, one_of, refuse, take, without_age

_WHERE = "LabourRates"
_RATES = Input(title="rates", unit="1", needs=("time", "age"), values="share")
_BY_AGE = Input(title="rates", unit="1", needs=("age",), values="share")


def _share(instance: Any, attribute: Any, value: Any) -> None:
    number(value, _WHERE, attribute.name, 0.0, 1.0)


@attrs.frozen(kw_only=True)
class LabourRates:
    """A projection of rates of participation or employment by age, sex, education and more.

    Parameters
    ----------
    method : {"static", "cohort", "logistic"}
        ``static`` holds the last rates. ``cohort`` lets each cohort enter and leave as the one
        before it did at the same ages, between the last date and one width of a group before;
        the youngest group stays. ``logistic`` carries on a straight line through the logits.
    ceiling : float
        Largest share that can take part; of ``cohort`` and ``logistic``.
    floor : float
        Lower asymptote of ``logistic``.
    start : {"last", "line"}
        Whether ``logistic`` starts from the last rates or from the line.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> past = Cells([[50, 80, 60], [50, 85, 66]], time="2010-07-01 2020-07-01",
    ...     age="15-24 25-34 35-44").array("percent")
    >>> to = Cells([0], time="2030-07-01").array("1").time
    >>> rates = LabourRates(method="cohort", ceiling=1.0).run(past, to=to)
    >>> rates.sel(age=35).round(6).values
    array([0.70125])

    Women and men of 25-34 in 2010 took part at 80 percent, ten years later at 66: 17.5 percent
    left. The next cohort starts from 85 percent.

    References
    ----------
    Burniaux, Duval and Jaumotte (2004), Coping with ageing, OECD Economics Department Working
    Papers 371.
    """

    method: str = attrs.field(default="static", validator=one_of("static", "cohort", "logistic"))
    ceiling: float = attrs.field(default=0.99, validator=_share)
    floor: float = attrs.field(default=0.0, validator=_share)
    start: str = attrs.field(default="last", validator=one_of("last", "line"))

    def __attrs_post_init__(self) -> None:
        if self.floor >= self.ceiling:
            raise ParameterError(
                _WHERE,
                f"floor={self.floor:g} is not below ceiling={self.ceiling:g}",
                "a floor below the ceiling",
                9,
                "floor",
            )

    def run(self, rates: xr.DataArray, *, to: xr.DataArray) -> xr.DataArray:
        """Project the rates to later dates.

        Parameters
        ----------
        rates : DataArray {time, age, sex, education, …}
            Persons in the labour force, or employed, per person; percent or "1".
        to : DataArray {time}
            Dates wanted, such as ``population.time``; after the first date of `rates`. By
            ``cohort`` whole widths of an age group after the last.

        Returns
        -------
        DataArray {time, age, sex, education, …}
            In "1"; the definition of `rates`; marked ``forecast`` and with the union of the
            flags of all dates that it comes from.

        Raises
        ------
        InputError
            Rates that are missing, below 0 or above 1, outside floor and ceiling.
        TimeError
            Dates that do not fit the method.
        AgeError
            By ``cohort``, groups of several widths, or an open group.
        """
        plain, flags = take(rates, _RATES, _WHERE, "rates", complete=True)
        check_scale(rates, _WHERE, "rates")
        check_dimensions(to, _WHERE, "to")
        require(to, ["time"], _WHERE, "to")
        times.check_instants(to, _WHERE, "to")
        x = loaded(plain).transpose("time", "age", ...)
        wanted = np.asarray(to.coords["time"].values, "M8[s]")
        if self.method == "static":
            held = hold(x.assign_attrs(units="1"), to=to["time"])
            values = held.transpose("time", "age", ...).values
        elif self.method == "cohort":
            values = self._by_cohort(x, wanted)
        else:
            values = self._by_trend(x, wanted)
        coords = {c: v for c, v in x.coords.items() if "time" not in v.dims and c != "time"}
        out = xr.DataArray(values, {"time": wanted, **coords}, x.dims)
        out = out.transpose(*plain.dims)
        out.attrs = {
            "units": "1",
            "long_name": f"{rates.attrs.get('long_name', 'rate')}, projected",
            "specification": json.dumps({"class": _WHERE, **attrs.asdict(self)}, sort_keys=True),
        }
        if flags is not None:
            gone = ["time"] if "time" in flags.dims else []
            out = status.put(out, status.union(flags, gone))
        return status.mark(define(out, definition_of(rates)), "forecast")

    def _by_cohort(self, x: xr.DataArray, wanted: np.ndarray) -> np.ndarray:
        width = ages.widths(x, _WHERE, "rates")
        if not np.isfinite(width).all() or np.ptp(width) > 0:
            names = [ages.label(a, w) for a, w in zip(x.coords["age"].values, width, strict=True)]
            raise AgeError(
                _WHERE,
                f"rates has ages {shown(names, 8)}; a cohort goes from one group to the next "
                "only where all are of one width",
                'rates.isel(age=slice(None, -1)), the open group apart by method="static"'
                if len(width) > 1 and np.isinf(width[-1]) and np.ptp(width[:-1]) == 0
                else "ages of one width, the open group apart",
                3,
                "rates",
            )
        step = float(width[0])
        dates = np.asarray(x.coords["time"].values, "M8[s]")
        last = np.full(len(dates), dates[-1])
        back = np.flatnonzero(np.abs(times.years_between(dates, last) - step) < 1e-9)
        if not back.size:
            raise TimeError(
                _WHERE,
                f"rates has {shown(dates)}, none is {step:g} years before the last",
                f"rates {step:g} years apart, the width of the age groups",
                1,
                "rates",
            )
        ahead = times.years_between(np.full(len(wanted), dates[-1]), wanted) / step
        steps = np.rint(ahead).astype(int)
        if (np.abs(ahead - steps) > 1e-9).any() or (steps < 0).any():
            i = int(np.argmax((np.abs(ahead - steps) > 1e-9) | (steps < 0)))
            raise TimeError(
                _WHERE,
                f"to holds {shown(wanted[i])}, {ahead[i] * step:g} years after the last rates; "
                f"cohorts move in whole steps of {step:g} years",
                "such dates, or migov.demography.interpolate between them",
                1,
                "to",
            )
        past = x.isel(time=[int(back[0]), -1])
        high = past.copy(data=past.values > self.ceiling + kernels.EVEN)
        refuse(high, _WHERE, "rates", f"is above the ceiling {self.ceiling:g}", "a higher ceiling")
        earlier, later = past.values
        enters, leaves = kernels.entry_exit(earlier, later, self.ceiling)
        path = kernels.by_cohort(later, enters, leaves, self.ceiling, int(steps.max()))
        return np.asarray(path[steps])

    def _by_trend(self, x: xr.DataArray, wanted: np.ndarray) -> np.ndarray:
        dates = np.asarray(x.coords["time"].values, "M8[s]")
        if len(dates) < 2 or wanted.min() < dates[0]:
            raise TimeError(
                _WHERE,
                f"rates has {shown(dates)}, to starts {shown(wanted.min())}; a trend needs two "
                "dates at least and goes forward",
                "more dates of rates, later dates in to",
                1,
                "rates" if len(dates) < 2 else "to",
            )
        out = x.copy(data=(x.values <= self.floor) | (x.values >= self.ceiling))
        refuse(
            out,
            _WHERE,
            "rates",
            f"is not between floor {self.floor:g} and ceiling {self.ceiling:g}",
            "leave out groups that all or none take part in, or other asymptotes",
            kind=InputError,
        )
        start = np.full(1, dates[0])
        years = times.years_between(np.repeat(start, len(dates)), dates)
        ahead = times.years_between(np.repeat(start, len(wanted)), wanted)
        return kernels.logistic_trend(
            x.values, years, ahead, self.floor, self.ceiling, jump=self.start == "last"
        )


def working_life_expectancy(
    table: xr.Dataset, rates: xr.DataArray, *, age: int = 15
) -> xr.DataArray:
    """Return the years that a person can expect to be in the labour force, or in work.

    Parameters
    ----------
    table : Dataset {age, sex, …}
        Of :func:`life_table`, by the ages of `rates` from `age` on, or by finer ones.
    rates : DataArray {age, sex, …}
        Share of each group that takes part or works, in percent or "1"; ages below `age` may
        be left out, the last group is open as that of `table`.
    age : int
        Age from which years are counted, the lower bound of a group.

    Returns
    -------
    DataArray {sex, …}
        In year, per survivor to that age: person-years of the table times rates, by Sullivan's
        method. Transitions in and out: :func:`multistate_life_table`.

    Raises
    ------
    AgeError
        `age` that starts no group, ages of `rates` that cut a group of `table`.
    AlignmentError, InputError
        Other ages or labels; rates that are missing, below 0 or above 1.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> from migov.demography.life_tables import life_table
    >>> m = Cells((0.0, 0.0, 0.1), age="0-14 15-64 65+").array("1/year")
    >>> rates = Cells((0, 80, 10), age="0-14 15-64 65+").array("percent")
    >>> round(working_life_expectancy(life_table(m, ax="half"), rates).item(), 6)
    41.0

    References
    ----------
    Sullivan (1971), HSMHA Health Reports 86(4). Hytti and Nio (2004), Monitoring the employment
    strategy and the duration of active working life, Finnish Centre for Pensions.
    """
    where = "working_life_expectancy"
    shares, flags = take(rates, _BY_AGE, where, "rates", complete=True)
    check_scale(rates, where, "rates")
    dataset(where, table, "table", ("years_lived", "survivors"))
    lived, alive = (
        table[name].drop_vars(status.NAME, errors="ignore") for name in ("years_lived", "survivors")
    )
    lived = lived.isel(age=_from(lived, age, where, "table"))
    shares = shares.isel(age=_from(shares, age, where, "rates"))
    end = shares.coords["age"].values[-1] + ages.widths(shares, where, "rates")[-1]
    if np.isfinite(end) and not np.isfinite(ages.widths(lived, where, "table")[-1]):
        raise AgeError(
            where,
            f"rates ends at age {end:g}, table goes on",
            f"rates with {end:g}+ as well, 0 where nobody takes part",
            3,
            "rates",
        )
    for bound in shares.coords["age"].values:
        ages.check_limit(lived, float(bound), where, "table", "an age limit of rates")
    joined = ages.regroup_ages(lived, [int(bound) for bound in shares.coords["age"].values])
    pair = align(where, {"table": joined, "rates": shares})
    years = (pair["table"] * pair["rates"]).sum("age", skipna=False)
    out = (years / alive.sel(age=age, drop=True)).drop_vars("age_width", errors="ignore")
    out = out.transpose(*[d for d in lived.dims if d != "age"])
    out.name = None
    out.attrs = {"units": "year", "long_name": f"working-life expectancy at age {age}"}
    out = define(out, definition_of(rates))
    return status.put(out, status.join([table.coords.get(status.NAME), without_age(flags)]))


def _from(x: xr.DataArray, age: int, where: str, argument: str) -> np.ndarray:
    """Return the places of the ages from one on, which has to start a group."""
    lower = np.asarray(x.coords["age"].values)
    if age not in lower:
        raise AgeError(
            where,
            f"age={age!r} starts no group of {argument}, which has {shown(lower, 6)}",
            "the lower bound of a group",
            3,
            "age",
        )
    return np.flatnonzero(lower >= age)
