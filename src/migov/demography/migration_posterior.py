"""Where the parameters of migration rates come from: a sampler, or a table of a posterior.

The sampler is NumPyro's No-U-Turn sampler, an extra. The conditional distributions of this
model are not all of a standard kind (the shape of the inverse gamma is not), so that a Gibbs
sampler of our own would need steps, tuning and diagnostics that a kept sampler already has.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from migov.core import areas as codes
from migov.core.align import shown
from migov.core.errors import CodeError, InputError, KindError, need
from migov.numeric.streams import stream

Array = NDArray[np.float64]
PARAMETERS = ("persistence", "level", "innovation_sd")
SYMBOLS = {"phi": "persistence", "mu": "level", "sigma": "innovation_sd"}
_SCALE = 1000.0  # the sampler works in migrants per thousand and year
_MOST = 0.2
"""Migrants per person and year: no country has had more as a mean, nor as a usual deviation."""


def sample(
    rates: Array, limits: Mapping[str, float], size: tuple[int, int, int], seed: int
) -> tuple[dict[str, Array], dict[str, float]]:
    """Return draws from the posterior of the hierarchical model.

    Parameters
    ----------
    rates : ndarray (areas, periods)
        Per person and year; missing ones leave their two transitions out. The first of each
        area is taken as given.
    limits : mapping
        ``level``, ``spread``, ``variance`` (per thousand a year, the last one squared) and
        ``shape``: where the uniform priors of the hyperparameters end.
    size : tuple of int
        Warm-up, draws, chains.
    seed : int
        From 0.

    Returns
    -------
    draws : dict of ndarray
        ``persistence``, ``level``, ``innovation_sd`` (chains × draws, areas); ``world_level``,
        ``world_spread``, ``shape``, ``mean_variance`` (chains × draws,). Per person and year.
    checks : dict of float
        Greatest split R-hat, smallest effective number of draws, divergent transitions.
    """
    try:  # as modules of no declared types: the checkers need the extra no more than users do
        jax, jnp = import_module("jax"), import_module("jax.numpy")
        numpyro, dist = import_module("numpyro"), import_module("numpyro.distributions")
        infer, told_of = import_module("numpyro.infer"), import_module("numpyro.diagnostics")
    except ImportError as fault:
        raise need("numpyro", "bayes", "MigrationRateModel.fit") from fault

    scaled = rates * _SCALE
    known = np.isfinite(scaled[:, 1:]) & np.isfinite(scaled[:, :-1])
    before = jnp.asarray(np.where(known, scaled[:, :-1], 0.0))
    after = jnp.asarray(np.where(known, scaled[:, 1:], 0.0))

    def model() -> None:
        level = numpyro.sample("world_level", dist.Uniform(-limits["level"], limits["level"]))
        spread = numpyro.sample("world_spread", dist.Uniform(0.0, limits["spread"]))
        shape = numpyro.sample("shape", dist.Uniform(1.0, limits["shape"]))
        variance = numpyro.sample("mean_variance", dist.Uniform(0.0, limits["variance"]))
        with numpyro.plate("area", scaled.shape[0]):
            # Not centred: areas of short history say little of their own level.
            place = numpyro.sample("place", dist.Normal(0.0, 1.0))
            own = numpyro.deterministic("level", level + spread * place)
            persistence = numpyro.sample("persistence", dist.Uniform(0.0, 1.0))
            square = numpyro.sample("square", dist.InverseGamma(shape, variance * (shape - 1.0)))
        sd = numpyro.deterministic("innovation_sd", jnp.sqrt(square))
        mean = own[:, None] + persistence[:, None] * (before - own[:, None])
        logs = dist.Normal(mean, sd[:, None]).log_prob(after)
        numpyro.factor("history", jnp.where(known, logs, 0.0).sum())

    warmup, draws, chains = size
    kernel = infer.NUTS(model, target_accept_prob=0.9)
    run = infer.MCMC(
        kernel,
        num_warmup=warmup,
        num_samples=draws,
        num_chains=chains,
        chain_method="sequential",
        progress_bar=False,
    )
    run.run(jax.random.PRNGKey(seed % 2**32))
    found = run.get_samples(group_by_chain=True)
    told = told_of.summary({name: np.asarray(x) for name, x in found.items()}, group_by_chain=True)
    checks = {
        "largest_r_hat": float(max(np.max(x["r_hat"]) for x in told.values())),
        "smallest_effective_draws": float(min(np.min(x["n_eff"]) for x in told.values())),
        "divergent": int(np.asarray(run.get_extra_fields()["diverging"]).sum()),
    }
    out = {name: _joined(found[name]) for name in PARAMETERS}
    out |= {name: _joined(found[name]) for name in ("world_level", "world_spread")}
    out |= {name: _joined(found[name]) for name in ("shape", "mean_variance")}
    for name in ("level", "innovation_sd", "world_level", "world_spread"):
        out[name] = out[name] / _SCALE
    out["mean_variance"] = out["mean_variance"] / _SCALE**2
    return out, checks


def _joined(x: Any) -> Array:
    """Return draws with the chains one after the other."""
    values = np.asarray(x, float)
    return values.reshape(values.shape[0] * values.shape[1], *values.shape[2:])


def read_table(
    table: Any, draws: int, seed: int, where: str
) -> tuple[list[str], NDArray[np.int64], dict[str, Array]]:
    """Return areas, labels of draws and parameters (draws, areas) of a table of a posterior.

    Raises
    ------
    KindError
        Not a DataFrame, or columns that are missing.
    InputError
        Cells that are missing, double or impossible, all told together.
    """
    if not isinstance(table, pd.DataFrame):
        raise KindError(
            where, f"table is a {type(table).__name__}", "a pandas DataFrame", 9, "table"
        )
    frame = table.rename(columns=SYMBOLS)
    if "area" in frame.columns:
        _tell(
            ["has no rows"] * frame.empty
            + ["has rows without an area"] * bool(frame["area"].isna().any()),
            where,
        )
    if {"area", "draw", *PARAMETERS} <= set(frame.columns):
        return _of_draws(frame, where)
    if {"area", "parameter", "mean", "sd"} <= set(frame.columns):
        return _of_summaries(frame, draws, seed, where)
    raise KindError(
        where,
        f"table has the columns {shown(list(table.columns), 12)}",
        "draws (area, draw, persistence, level, innovation_sd, or phi, mu, sigma) or summaries "
        "(area, parameter, mean, sd)",
        9,
        "table",
    )


def _tell(faults: list[str], where: str, mend: str = "mend the table at its source") -> None:
    if faults:
        told = "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
        raise InputError(where, f"table {told}", mend, 7, "table")


def code_of(label: object) -> str:
    """Return the code of an area, as tables of rates are read; what is no country stays.

    Examples
    --------
    >>> code_of("Germany"), code_of(498), code_of("Osh")
    ('DEU', 'MDA', 'Osh')
    """
    try:
        return codes.code(str(label))
    except CodeError:
        return str(label)


def _areas(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.map({label: code_of(label) for label in column.unique()})


def _check_scale(usual: dict[str, Array], areas: list[str], where: str) -> None:
    """Refuse rates that no country has had: they are per thousand, by all appearance."""
    faults = [
        f"has {name} {x:g} at area {area}, beyond {_MOST:g} per person and year"
        for name in ("level", "innovation_sd")
        for area, x in zip(areas, usual[name], strict=True)
        if abs(x) > _MOST
    ]
    _tell(faults, where, "rates per person: those per 1,000 divided by 1000, sd among them")


def _impossible(name: str, x: Array) -> NDArray[np.bool_]:
    """Return where a parameter cannot be what it is."""
    bad = ~np.isfinite(x) | (np.abs(x) > 1)  # per person, not per thousand
    if name == "persistence":
        bad |= (x < 0) | (x >= 1)
    return bad | (x <= 0) if name == "innovation_sd" else bad


def _numbers(frame: pd.DataFrame, columns: tuple[str, ...], where: str) -> pd.DataFrame:
    """Return the table with these columns as numbers."""
    found, faults = {}, []
    for name in columns:
        found[name] = pd.to_numeric(frame[name], errors="coerce")
        for value in frame.loc[found[name].isna() & frame[name].notna(), name]:
            faults.append(f"has {name} {value!r}, which is no number")
    _tell(faults, where)
    return frame.assign(**found)


def _of_draws(
    frame: pd.DataFrame, where: str
) -> tuple[list[str], NDArray[np.int64], dict[str, Array]]:
    keyed = _numbers(frame, PARAMETERS, where).assign(area=_areas(frame["area"]))
    faults = [
        f"has area {area}, draw {draw} twice"
        for area, draw in keyed.loc[keyed.duplicated(["area", "draw"]), ["area", "draw"]].values
    ]
    _tell(faults, where)
    areas = list(dict.fromkeys(keyed["area"]))
    labels = np.unique(np.asarray(keyed["draw"]))
    if labels.dtype.kind not in "iu":
        _tell(["has draws that are no whole numbers"], where)
    at = (np.searchsorted(labels, keyed["draw"]), keyed["area"].map(areas.index).to_numpy())
    out: dict[str, Array] = {}
    for name in PARAMETERS:
        values = np.full((len(labels), len(areas)), np.nan)
        values[at] = keyed[name].to_numpy(float)
        for i, j in np.argwhere(_impossible(name, values)):
            faults.append(f"has {name} {values[i, j]:g} at area {areas[j]}, draw {labels[i]}")
        out[name] = values
    _tell(faults, where)
    _check_scale({name: np.median(x, axis=0) for name, x in out.items()}, areas, where)
    return areas, labels.astype(np.int64), out


def _of_summaries(
    frame: pd.DataFrame, draws: int, seed: int, where: str
) -> tuple[list[str], NDArray[np.int64], dict[str, Array]]:
    keyed = _numbers(frame, ("mean", "sd"), where).assign(
        area=_areas(frame["area"]), parameter=frame["parameter"].replace(SYMBOLS)
    )
    areas = list(dict.fromkeys(keyed["area"]))
    faults = [
        f"has area {area}, {name} twice"
        for area, name in keyed.loc[
            keyed.duplicated(["area", "parameter"]), ["area", "parameter"]
        ].values
    ]
    _tell(faults, where)
    rows = {(r.area, r.parameter): (float(r.mean), float(r.sd)) for r in _rows(keyed)}
    absent = [(a, name) for a in areas for name in PARAMETERS if (a, name) not in rows]
    odd = [str(name) for name in keyed["parameter"].unique() if name not in PARAMETERS]
    also = f" beside {shown(odd)}" if odd else ""
    _tell([f"has no {name} at area {area}{also}" for area, name in absent], where)
    usual = {name: np.array([rows[area, name][0] for area in areas]) for name in PARAMETERS}
    _check_scale(usual, areas, where)
    out = {name: np.empty((draws, len(areas))) for name in PARAMETERS}
    for j, area in enumerate(areas):
        for name in PARAMETERS:
            mean, sd = rows[area, name]
            if bool(_impossible(name, np.array([mean]))[0]) or not 0 <= sd < np.inf:
                faults.append(f"has {name} {mean:g} with sd {sd:g} at area {area}")
            elif name == "persistence" and sd**2 >= mean * (1 - mean) and sd > 0:
                faults.append(f"has persistence {mean:g} with sd {sd:g} at area {area}: too wide")
            else:
                one = stream(seed, f"posterior {name}", area, "")
                out[name][:, j] = _drawn(name, mean, sd, one, draws)
    _tell(faults, where)
    return areas, np.arange(draws), out


def _rows(frame: pd.DataFrame) -> list[Any]:
    """Return rows whose columns are attributes (``mean`` is no method of these)."""
    return list(frame[["area", "parameter", "mean", "sd"]].itertuples(index=False))


def _drawn(name: str, mean: float, sd: float, one: np.random.Generator, size: int) -> Array:
    """Return draws with a mean and standard deviation, of the family of the parameter."""
    if sd == 0:
        return np.full(size, mean)
    if name == "level":
        return mean + sd * one.standard_normal(size)
    if name == "persistence":
        strength = mean * (1 - mean) / sd**2 - 1
        return np.minimum(one.beta(mean * strength, (1 - mean) * strength, size), 1 - 1e-12)
    wide = np.log1p((sd / mean) ** 2)
    logs = np.log(mean) - wide / 2 + np.sqrt(wide) * one.standard_normal(size)
    return np.asarray(np.exp(logs))
