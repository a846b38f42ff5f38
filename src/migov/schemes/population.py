"""What stays do to a resident population: mobility or migration, and which net migration holds.

A stay below the threshold of a population's definition is mobility: it moves person-years of
labour, and neither a resident nor net migration. Longer stays and settlement are part of net
migration; where the projection's net migration has them in it already, they replace the same
part of it, by age and sex, and are not added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status, times, units
from migov.core.align import align
from migov.core.definition import ATTRIBUTE, UNKNOWN, Definition
from migov.core.errors import DefinitionError, KindError, ParameterError, TimeError
from migov.core.inputs import Input, admit, check_values
from migov.schemes.kernels_shocks import SHOCKS
from migov.schemes.kinds import one_of
from migov.schemes.run import by_age

if TYPE_CHECKING:
    import xarray as xr

    from migov.schemes.programme import Programme
    from migov.schemes.run import Run

_NET = Input(
    title="net migration", unit="person", needs=("period", "sex", "age"), kind="flow", values="any"
)
_LEAVES = (
    "returns_early", "returns_in_time", "returns_late", "returns_held",
    *(returns for _, _, returns in SHOCKS.values()),
)  # fmt: skip


@attrs.frozen(kw_only=True)
class PopulationEffect:
    """What the stays of a programme do to populations of one definition.

    Parameters
    ----------
    arrives : bool
        Whether a worker becomes a resident of the destination with the first stay.
    settles : bool
        Whether somebody can become one later, by settlement.
    leaves : bool
        Whether a worker stops being a resident of the origin with a stay, or with as many
        stays as the rules allow in the definition's window.
    stay_months, threshold_months : float
        Longest continuous stay, and months that make a resident.
    reason : str
        Why, in one sentence.
    """

    arrives: bool
    settles: bool
    leaves: bool
    stay_months: float
    threshold_months: float
    reason: str

    @property
    def is_mobility(self) -> bool:
        """Whether nobody ever becomes a resident of the destination."""
        return not (self.arrives or self.settles)


def population_effect(programme: Programme, definition: Definition) -> PopulationEffect:
    """Return what stays do to populations of this definition.

    Parameters
    ----------
    programme : Programme
        The rules.
    definition : Definition
        Of the population: its ``stay_months``, ``exit_months``, ``stay_count`` and, where the
        count is cumulative, ``window_months`` decide. A definition of who is present counts
        every stay.

    Raises
    ------
    DefinitionError
        It does not say from how many months a person is a resident.

    Examples
    --------
    >>> from migov.core import definitions
    >>> from migov.schemes.examples import SEASONAL_MDA_DEU
    >>> effect = population_effect(SEASONAL_MDA_DEU, definitions.EU_USUAL_RESIDENCE)
    >>> effect.is_mobility, effect.reason
    (True, 'a stay of 2.96 months at most is below 12 months: mobility, not migration')
    """
    where, stay = "population_effect", programme.longest_months
    if not isinstance(definition, Definition):
        raise KindError(
            where,
            f"definition is a {type(definition).__name__}",
            "migov.definitions.…",
            5,
            "definition",
        )
    threshold = 0.0 if definition.residence_rule == "present" else definition.stay_months
    if threshold == UNKNOWN:
        raise DefinitionError(
            where,
            f"{definition.name or 'the definition'} does not say how long a resident stays",
            "definition.evolve(stay_months=12)",
            5,
            "definition",
        )
    limit = float(threshold)
    # A definition by window counts all stays in it; one by continuous stay the longest alone.
    counted, window = stay, None
    if definition.stay_count == "cumulative" and isinstance(definition.window_months, int | float):
        window = float(definition.window_months)
        counted = _most_in_window(programme, window)
    leaving = definition.exit_months
    if isinstance(leaving, str):
        leaving = limit if window is None else window - limit
        gone = counted > leaving + 1e-9 if window is not None else stay >= leaving - 1e-9
    else:
        gone = stay >= leaving - 1e-9
    arrives = counted >= limit - 1e-9
    settles = bool(programme.settlement_after)
    compared = "is below" if not arrives else "reaches"
    kind = "migration" if arrives else "settlement alone is migration" if settles else None
    reason = (
        f"a stay of {counted:.3g} months at most {compared} {limit:g} months: "
        f"{kind or 'mobility, not migration'}"
    )
    if definition.residence_rule == "present" and programme.is_mobility:
        # Whoever is there is counted, which makes a guest no migrant.
        reason = (
            f"a stay of {counted:.3g} months at most is mobility, not migration; this population "
            "is of all who are present, guests too"
        )
    return PopulationEffect(
        arrives=bool(arrives),
        settles=settles,
        leaves=bool(gone),
        stay_months=counted,
        threshold_months=limit,
        reason=reason,
    )


def _most_in_window(programme: Programme, window: float) -> float:
    """Return the most months that can be spent abroad in any window."""
    stay, pause = programme.longest_months, programme.pause_months
    if not programme.reentry or window <= stay:
        return min(stay, window)
    whole, rest = divmod(window, stay + pause)
    most = whole * stay + min(rest, stay)
    return float(most if programme.max_stays is None else min(most, programme.max_stays * stay))


def scheme_migration(run: Run, definition: Definition, side: str) -> xr.DataArray:
    """Return the net migration that a run makes {period, occupation, origin, sex, …} in person.

    Stays that make a resident count on arrival, and back on return; where they do not, only
    settlement and change of status count. Who stays on without a permit, or whose outcome is
    unknown, has not left. At origin the sign is reversed.

    Parameters
    ----------
    run : Run
        Of a programme.
    definition : Definition
        Of the population.
    side : {"destination", "origin"}
        Whose net migration.

    Raises
    ------
    ParameterError
        `side` is neither.
    """
    _is_run(run, "scheme_migration")
    one_of(side, ("destination", "origin"), "scheme_migration", "side")
    effect, data = run.programme.population_effect(definition), run.dataset
    counts = effect.arrives if side == "destination" else effect.leaves
    if counts:
        out = data["admissions"] - sum(data[name] for name in _LEAVES if name in data)
        # Who is held at a shut border has not gone home yet, whatever ended the stay.
        out = out + data["held_back"] if "held_back" in data else out
    elif effect.settles or run.programme.change_of_status:
        out = data["settlements"] + data["status_changes"]
    else:
        out = data["admissions"] * 0.0
    out = out if side == "destination" else -out
    out.attrs = {"units": "person", "long_name": f"net migration of the scheme at {side}"}
    out.attrs[ATTRIBUTE] = definition.to_json()
    return out.rename("scheme")


def _is_run(run: object, where: str) -> None:
    """Refuse what is no run."""
    from migov.schemes.run import Run

    if not isinstance(run, Run):
        raise KindError(where, f"run is a {type(run).__name__}", "programme.simulate(…)", 9, "run")


def replace_net_migration(
    migration: xr.DataArray,
    run: Run,
    *,
    age_pattern: xr.DataArray,
    definition: Definition,
    side: str,
    area: str | None = None,
) -> xr.Dataset:
    """Return the projection's net migration with the scheme's part inside it.

    With ``migrants_counted="in net migration"`` the scheme replaces the same part: in each
    cell its net migration z takes the place of as much of the projected m as has the same
    sign, and only what exceeds it is additional:
    ``additional = z - min(max(z, min(m, 0)), max(m, 0))``. With ``"additional"`` all of z is.

    Parameters
    ----------
    migration : DataArray {period, sex, age, area, member, …}
        Net migration of the projection in person; the periods of the run nest in its periods.
    run : Run
        Of a programme with long stays or settlement.
    age_pattern : DataArray {age, sex?, origin?}
        Shares of migrants by the ages of `migration`; they sum to one.
    definition : Definition
        Of the projected population.
    side : {"destination", "origin"}
        Whose net migration.
    area : str, optional
        Where `migration` has several areas: which one; the destination or the only origin
        where absent.

    Returns
    -------
    Dataset {period, sex, age, …}
        ``migration`` (to put into the projection), ``scheme`` (its part in it), ``others``
        (the rest), ``additional`` (what was added to the projected one), in person.

    Raises
    ------
    MigovError
        Periods that do not nest, labels that differ, a programme without migration.

    Examples
    --------
    A projected +100 and a scheme of +30: still +100, of which 30 are the scheme's. A scheme of
    +130 makes it +130, of which 30 are additional.
    """
    import xarray as xr

    where = "replace_net_migration"
    _is_run(run, where)
    one_of(side, ("destination", "origin"), where, "side")
    projected, flags = status.take(admit(migration, _NET, where, "migration"))
    projected = check_values(projected, "any", where, "migration")
    by = units.factor(units.unit_of(migration, where, "migration"), "person", where, "migration")
    projected = _of_area(projected * by, run.programme, side, area, where)
    effect = run.programme.population_effect(definition)
    if effect.is_mobility and not (side == "origin" and effect.leaves):
        raise DefinitionError(
            where,
            f"{run.programme.name!r}: {effect.reason}",
            "leave net migration as it is; the scheme moves person-years only",
            5,
            "run",
        )
    net = scheme_migration(run, definition, side)
    if "origin" in net.dims:
        # Every origin has its own pattern; at destination all of them arrive.
        aged = by_age(net, age_pattern, where)
        origins = list(aged.indexes["origin"])
        chosen = [area or origins[0]] if side == "origin" else origins
        aged = status.take(aged)[0].sel(origin=chosen).sum("origin", skipna=False)
    else:
        aged = status.take(by_age(net, age_pattern, where))[0]
    scheme = _into_periods(aged, projected, where)
    scheme = scheme.drop_vars([n for n in scheme.coords if n in ("destination", "origin")])
    both = align(where, {"migration": projected, "run": scheme}, ("member", "scenario"))
    m, z = both["migration"], both["run"]
    counted = run.dataset.attrs["migrants_counted"]
    inside = np.maximum(np.minimum(z, np.maximum(m, 0.0)), np.minimum(m, 0.0))
    additional = z if counted == "additional" else z - inside
    whole = m + additional
    named = {
        "migration": (whole, "net migration with the scheme"),
        "scheme": (z + 0.0 * m, "of it: the scheme"),
        "others": (whole - z, "of it: all others"),
        "additional": (additional + 0.0 * m, "added to the projected net migration"),
    }
    out = {}
    for name, (x, title) in named.items():
        x.attrs = {"units": "person", "long_name": title, ATTRIBUTE: definition.to_json()}
        out[name] = x.transpose(*whole.dims)
    found = xr.Dataset(out)
    found.attrs = {"title": run.programme.name, "migrants_counted": counted, "side": side}
    own = status.take(run.dataset["admissions"])[1]
    joined = status.join([f for f in (own, flags) if f is not None])
    return found if joined is None else _marked(found, joined)


def _marked(found: xr.Dataset, flags: xr.DataArray) -> xr.Dataset:
    bits = np.uint16(np.bitwise_or.reduce(np.asarray(flags.values, np.uint16), axis=None))
    return found.assign_coords({status.NAME: ((), bits, status.ATTRS)})


def _of_area(
    x: xr.DataArray, programme: Programme, side: str, area: str | None, where: str
) -> xr.DataArray:
    """Return net migration of the one area that is meant."""
    name = next((n for n in ("area", side) if n in x.coords), None)
    if side == "origin" and area is None and len(programme.origin) > 1:
        raise ParameterError(where, "several origins", 'area="…"', 9, "area")
    if name is None:
        return x
    (first, *_) = programme.origin or ("",)
    wanted = area or (programme.destination if side == "destination" else first)
    labels = [str(v) for v in np.asarray(x.coords[name].values).reshape(-1)]
    if wanted not in labels:
        raise ParameterError(
            where, f"migration is of {', '.join(labels[:4])}, not {wanted}", "area=…", 9, "area"
        )
    return x.sel({name: wanted}, drop=True) if name in x.dims else x.drop_vars(name)


def _into_periods(x: xr.DataArray, like: xr.DataArray, where: str) -> xr.DataArray:
    """Return flows of short periods summed within longer ones that they fill or begin to fill."""
    import xarray as xr

    starts, ends = (
        np.asarray(v, "M8[s]")
        for v in (like.coords["period"].values, times.period_end(like, where, "migration"))
    )
    first = np.asarray(x.coords["period"].values, "M8[s]")
    last = np.asarray(x.coords["period_end"].values, "M8[s]")
    place = np.searchsorted(starts, first, side="right") - 1
    outside = (place < 0) | (last > ends[np.maximum(place, 0)])
    if outside.any():
        i = int(np.argmax(outside))
        raise TimeError(
            where,
            f"the run's {str(first[i])[:10]} to {str(last[i])[:10]} lies in no period of migration",
            "start the run with a period of migration, and end it with one",
            1,
            "migration",
        )
    axis = x.get_axis_num("period")
    values = np.moveaxis(np.asarray(x.values, float), axis, 0)
    summed = np.zeros((len(starts), *values.shape[1:]))
    for step, i in zip(values, place, strict=True):
        summed[i] += step
    coords: dict[str, Any] = {str(n): c for n, c in x.coords.items() if "period" not in c.dims}
    coords |= {"period": starts, "period_end": ("period", ends)}
    dims = ["period", *(d for d in x.dims if d != "period")]
    return xr.DataArray(summed, coords, dims)
