"""Life tables from rates, probabilities, survivors, or deaths and exposures."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import xarray as xr

from migov.core import status
from migov.core.errors import InputError, KindError, MigovWarning, ParameterError
from migov.core.parameters import number
from migov.demography import kernels_lifetable as kernels
from migov.demography.arguments import lazy, letters, option, place_of, put_all, refuse
from migov.demography.kernels import AX_RULES
from migov.demography.kernels_oldage import LAWS
from migov.demography.life_table_inputs import (
    THOUSANDS,
    check_chances,
    check_groups,
    check_rates,
    check_unit,
    given_years,
    one_input,
    thousands,
)
from migov.demography.old_age import close_by_law
from migov.demography.plausible import LEFT, LONGEST, long_told, outlived

_WHERE = "life_table"
RULES = (*AX_RULES, "coale_demeny_q0", "given")
CLOSINGS = ("rate", "given", *LAWS)
COLUMNS: dict[str, tuple[str, str]] = {
    "death_rate": ("1/year", "central death rate, nMx"),
    "mean_years_dying": ("year", "mean years lived in the group by those who die in it, nax"),
    "death_probability": ("1", "probability of death in the group, nqx"),
    "survivors": ("person", "survivors at the lower bound of the group, lx"),
    "deaths": ("person", "deaths in the group, ndx"),
    "years_lived": ("person year", "years lived in the group, nLx"),
    "years_above": ("person year", "years lived in the group and above, Tx"),
    "life_expectancy": ("year", "expectation of life at the lower bound of the group, ex"),
}
"""Variables of a life table, with unit and meaning."""

YOUNGEST_OPEN = 65
"""An open group that starts younger holds most of life: its rate says little about it."""


def life_table(
    rates: xr.DataArray | None = None,
    *,
    probabilities: xr.DataArray | None = None,
    survivors: xr.DataArray | None = None,
    deaths: xr.DataArray | None = None,
    exposure: xr.DataArray | None = None,
    ax: str = "greville",
    years_lived: xr.DataArray | None = None,
    close: str = "rate",
    fit: Sequence[float] | None = None,
    radix: float = 100_000.0,
    youngest_open: float = YOUNGEST_OPEN,
    longest: float = LONGEST,
) -> xr.Dataset:
    """Return life tables, one for each cell of the further dimensions.

    Parameters
    ----------
    rates : DataArray {age, sex, …}
        Central death rates in 1/year, in groups of any width from any first age, the last open.
    probabilities : DataArray {age, sex, …}
        Instead: probabilities of death in the group, "1"; 1 in the open group.
    survivors : DataArray {age, sex, …}
        Instead: persons alive at the lower bound of each group.
    deaths, exposure : DataArray {age, sex, …}
        Instead: deaths in person and person-years, aligned.
    ax : str
        Rule for the mean years lived in a closed group by those who die in it:
        ``greville`` (as in a projection: Coale-Demeny West for infants, Greville above 10 in
        wide groups), ``andreev_kingkade`` (the same but for age 0), ``coale_demeny`` (West;
        half the width above age 5, where five-year rates cannot pass 0.4),
        ``coale_demeny_q0`` (the same by its lines on the probability of death),
        ``constant_force``, ``half``, or ``given``. For a table of both sexes the rules of the
        sexes are averaged.
    years_lived : DataArray {age, …}, optional
        With ``ax="given"``: in year, without or with the open group.
    close : str
        The open group: ``rate`` (the inverse of its death rate), ``given`` (the last of
        `years_lived`), or the law that continues the rates: gompertz, makeham, kannisto,
        kannisto_makeham, beard, beard_makeham.
    fit : two of float, optional
        First and last age at which the law is fitted; the 20 years below the open group.
    radix : float
        Survivors at the first age.
    youngest_open : float
        Youngest lower bound of the open group that is taken, in years.
    longest : float
        Longest mean age at death that is taken, in years (35 years of life from age 65 on): no
        population has had 100 at birth, a table of few deaths or of one cause of death may.

    Returns
    -------
    Dataset {age, sex, …}
        ``death_rate``, ``mean_years_dying``, ``death_probability``, ``survivors``, ``deaths``,
        ``years_lived``, ``years_above``, ``life_expectancy``: see :data:`COLUMNS`. A missing
        rate makes missing what depends on it. Lazy over all dimensions but age and sex, except
        where a law closes the table, which is fitted in memory.

    Warns
    -----
    MigovWarning
        Men outlive women at all times by more than in any population (rates in memory): the
        sexes may be swapped.

    Raises
    ------
    AgeError
        Gaps or overlaps, no open group or one too young, infants joined with ages 1-4.
    InputError
        A rate above its possible maximum, probabilities over one, survivors that increase, no
        exposure, nobody dying in the open group, probabilities of less than one there, a mean
        age at death that no population has, years lived outside their group; with age, sex,
        area and member.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> m = Cells((0.02, 0.001, 0.01, 0.1), age="0 1-4 5-69 70+").array("1/year")
    >>> table = life_table(m, ax="half")
    >>> table.life_expectancy.values.round(2)
    array([57.77, 57.93, 54.15, 10.  ])
    >>> again = life_table(survivors=table.survivors, ax="given",
    ...     years_lived=table.mean_years_dying, close="given")
    >>> bool(abs(again.death_rate / m - 1).max() < 1e-12)
    True

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, chapter 3.
    """
    option(ax, RULES, _WHERE, "ax")
    option(close, CLOSINGS, _WHERE, "close")
    number(radix, _WHERE, "radix", 1e-300, 1e300, "a number above 0")
    number(longest, _WHERE, "longest", 1.0)
    if fit is not None and close not in LAWS:
        raise ParameterError(_WHERE, f"fit with close={close!r}", 'close="kannisto"', 9, "fit")
    given = {
        "rates": rates,
        "probabilities": probabilities,
        "survivors": survivors,
        "deaths": deaths,
        "exposure": exposure,
    }
    name, x, flags = one_input({key: one for key, one in given.items() if one is not None})
    width = check_groups(x, name, ax, youngest_open)
    told = None
    if years_lived is not None or "given" in (ax, close):
        told, more = given_years(years_lived, x, ax, close)
        flags = status.join([flags, more])
    if name in ("probabilities", "survivors"):
        check_chances(x, name, ax)
    check_unit(x, name)
    m, a = _rates(name, x, told, width, ax, close)
    if close in LAWS:
        m, a = close_by_law(m, a, close, fit, ax, letters(x, _WHERE, name), name)
    check_rates(m, a, name)
    bound = max(float(longest), float(x.coords["age"].values[0]) + LEFT)
    return _table(m, a, width, (float(radix), bound), x, flags, {"ax": ax, "close": close}, name)


def _rates(
    name: str, x: xr.DataArray, told: xr.DataArray | None, width: np.ndarray, ax: str, close: str
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return rates and mean years lived by those who die, the open group last."""
    sexes = letters(x, _WHERE, name)
    core = ["sex", "age"] if "sex" in x.dims else ["age"]
    if name in ("probabilities", "survivors") and close == "rate":
        raise KindError(
            _WHERE,
            f"{name} says nothing about how long those in the open group live",
            'close="kannisto", or close="given" with years_lived',
            9,
            "close",
        )
    from_birth = float(x.coords["age"].values[0]) == 0

    def body(values: np.ndarray, given: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        if given is not None:
            values, given = np.broadcast_arrays(values, given)
        m = np.moveaxis(values, -1, 0)
        m = np.moveaxis(m, -1, 1) if "sex" in core else m[:, None]
        a = None if given is None else np.moveaxis(given, -1, 0)
        if a is not None:
            a = np.moveaxis(a, -1, 1) if "sex" in core else a[:, None]
        out = _bare(name, m, a, width, sexes, (ax, close), from_birth)
        back = [np.moveaxis(y, 1, -1) if "sex" in core else y[:, 0] for y in out]
        return np.moveaxis(back[0], 0, -1), np.moveaxis(back[1], 0, -1)

    arguments = [x] if told is None else [x, told]
    if told is not None and "sex" in core and "sex" not in told.dims:
        arguments[1] = told.expand_dims(sex=x.coords["sex"])
    found = xr.apply_ufunc(
        body,
        *(one.drop_vars([c for c in one.coords if c not in one.dims]) for one in arguments),
        input_core_dims=[core] * len(arguments),
        output_core_dims=[core, core],
        dask="parallelized",
        output_dtypes=[float, float],
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    coords = {c: x.coords[c] for c in x.coords}
    m, a = (y.transpose(*x.dims).assign_coords(coords) for y in found)
    return m, a


def _bare(
    name: str,
    x: np.ndarray,
    given: np.ndarray | None,
    width: np.ndarray,
    sexes: str,
    options: tuple[str, str],
    from_birth: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Return rates and years lived (k, s, ...) from bare arrays."""
    ax, close = options
    opened = np.full(x.shape[1:], np.nan)
    q = None
    if close == "given" and given is not None:
        opened = 1.0 / given[-1]
    if name in ("rates", "deaths"):
        m = np.array(x, float)
        if close == "given":
            m[-1] = opened
        rule = "half" if ax == "given" else ax
        a = kernels.years_lived(m, width, sexes, rule, from_birth)
    else:
        q = x[:-1] if name == "probabilities" else _probabilities(x)
        rule = "half" if ax in ("given", "greville", "andreev_kingkade") else ax
        guess = np.where(np.isnan(opened), 1.0, opened)
        m, a = kernels.solve_rates(q, guess, width, sexes, rule, from_birth)
        if ax in ("greville", "andreev_kingkade"):
            m, a = kernels.solve_rates(q, guess, width, sexes, ax, from_birth)
        m[-1] = opened
    if ax == "given" and given is not None:
        a = np.array(given[:-1], float)
        if q is not None:
            m[:-1] = kernels.rates_from_probabilities(q, a, width[:-1])
    with np.errstate(divide="ignore"):
        return m, np.concatenate([a, 1.0 / m[-1:]])


def _warn_of_sexes(life: xr.DataArray, name: str) -> None:
    """Warn where men outlive women at all times as in no population: sexes may be swapped."""
    if "sex" not in life.dims or not {"F", "M"} <= set(life.indexes["sex"]):
        return
    women, men = (life.sel(sex=sex, drop=True) for sex in "FM")
    odd = women.copy(data=outlived(women.values, men.values))
    odd = odd.all([d for d in ("time", "period") if d in odd.dims])
    if not bool(odd.any()):
        return
    place = place_of(odd)
    turned = [{"F": "M", "M": "F"}.get(str(sex), str(sex)) for sex in life.indexes["sex"]]
    gap = (men - women).transpose(*odd.dims, ...).values.reshape(odd.size, -1)
    most = float(gap[int(np.argmax(odd.values))].max())
    warnings.warn(
        f"life_table: men outlive women by {most:.1f} years by {name}"
        + (f" at {place}" if place else "")
        + ", as in no population known\n"
        f"  → {name}.assign_coords(sex={turned}), if the sexes are swapped; right only for few "
        "deaths",
        MigovWarning,
        stacklevel=4,
    )


def _probabilities(survivors: np.ndarray) -> np.ndarray:
    """Return probabilities of death; where nobody is left they are one, and count for nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (survivors[:-1] - survivors[1:]) / survivors[:-1]
    return np.where(survivors[:-1] == 0, 1.0, found)


def _table(
    m: xr.DataArray,
    a: xr.DataArray,
    width: np.ndarray,
    bounds: tuple[float, float],
    like: xr.DataArray,
    flags: xr.DataArray | None,
    options: dict[str, str],
    name: str,
) -> xr.Dataset:
    """Return the dataset of all columns, from a radix, up to a mean age at death."""
    radix, longest = bounds
    lower, eager = np.asarray(like.coords["age"].values, float), not (lazy(m) or lazy(a))
    first = float(lower[0])

    def body(rate: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, ...]:
        rate, years = np.moveaxis(rate, -1, 0), np.moveaxis(years, -1, 0)
        if (rate[:-1] * years[:-1] > 1.0 + 1e-12).any() or (rate[-1] == 0).any():
            raise InputError(
                _WHERE,
                f"{name} holds an impossible death rate",
                "rates from 0, a year and person: units per_thousand/year or 1/year",
                7,
                name,
            )
        if not eager and thousands(rate, lower).any():
            raise InputError(_WHERE, f"{name} {THOUSANDS[0]}", THOUSANDS[1], 6, name)
        columns = kernels.columns(rate, years, width, radix)
        wrong = first + columns.expectation[0] > longest
        if not eager and wrong.any():
            one = rate.reshape(len(rate), -1)[:, int(np.argmax(wrong))]
            what, mend = long_told(float(columns.expectation[0][wrong][0]), first, one, width)
            raise InputError(_WHERE, f"{name} {what}", mend, 6, name)
        return tuple(np.moveaxis(x, 0, -1) for x in columns)

    bare = [x.drop_vars([c for c in x.coords if c not in x.dims]) for x in (m, a)]
    found = xr.apply_ufunc(
        body,
        *bare,
        input_core_dims=[["age"], ["age"]],
        output_core_dims=[["age"]] * 6,
        dask="parallelized",
        output_dtypes=[float] * 6,
        dask_gufunc_kwargs={"allow_rechunk": True},
    )
    if eager:
        life = found[-1].isel(age=0, drop=True)
        kept = {c: v for c, v in like.coords.items() if "age" not in (c, *v.dims)}
        life = life.assign_coords({c: v for c, v in kept.items() if set(v.dims) <= set(life.dims)})
        wrong = first + life > longest
        if bool(wrong.any()):
            at = int(np.argmax(wrong.values))
            one = m.transpose("age", *life.dims).values.reshape(len(width), -1)[:, at]
            told = long_told(float(life.values.reshape(-1)[at]), first, one, width)
            refuse(wrong, _WHERE, name, *told, 6)
        if first == 0:
            _warn_of_sexes(life, name)
    variables = {}
    for column, x in zip(COLUMNS, (m, a, *found), strict=True):
        y = x.transpose(*like.dims).drop_vars([c for c in x.coords if c not in x.dims])
        y.attrs = dict(zip(("units", "long_name"), COLUMNS[column], strict=True))
        variables[column] = y
    out = xr.Dataset(variables, attrs={"title": "life table", "radix": radix, **options})
    kept = {c: v for c, v in like.coords.items() if c not in out.coords and c != status.NAME}
    return put_all(out.assign_coords(kept), flags)
