"""The result of a simulation: one dataset, and what is read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.core.definition import ATTRIBUTE
from migov.core.errors import DimensionError, InputError, ParameterError
from migov.core.inputs import Input, admit
from migov.schemes.kernels_shocks import SHOCKS
from migov.schemes.queues import ADMISSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr

    from migov.schemes.ledger_result import Ledger
    from migov.schemes.programme import Programme

_PATTERN = Input(title="age pattern", unit="1", needs=("age",), values="share")


@attrs.frozen(kw_only=True, eq=False)
class Run:
    """What happened under a programme.

    Parameters
    ----------
    programme : Programme
        The rules.
    dataset : Dataset
        Stocks {time, occupation, origin, sex, member} in person, flows {period, …} in person,
        ``person_years`` in person year.
    seed : int
        Of the draws.
    alternative : DataArray {alternative, …}, optional
        What migrants would do without the scheme.
    """

    programme: Programme
    dataset: xr.Dataset
    seed: int
    alternative: xr.DataArray | None = None

    def identical(self, other: Run) -> bool:
        """Tell whether two runs have the same rules and the same numbers, labels and attributes."""
        return self.programme == other.programme and self.dataset.identical(other.dataset)

    def person_years(self, *, settled: bool = False) -> xr.DataArray:
        """Return the person-years of labour at destination {period, …}.

        Parameters
        ----------
        settled : bool
            Whether those after settlement or change of status are added.
        """
        x = self.dataset["person_years"]
        if not settled:
            return x
        out = x + self.dataset["person_years_settled"]
        out.attrs = {**x.attrs, "long_name": "person-years on the scheme, and after settlement"}
        return out.rename("person_years")

    def settlers(self, age_pattern: xr.DataArray) -> xr.DataArray:
        """Return settlements by age {period, origin, sex, age, …} in person.

        Parameters
        ----------
        age_pattern : DataArray {age, sex?, origin?}
            Shares by age, which sum to one.

        Raises
        ------
        InputError
            They do not.
        """
        return by_age(self.dataset["settlements"], age_pattern, "settlers")

    def utilisation(self) -> xr.DataArray:
        """Return what the quota counts, per hundred places of each period, in percent.

        Raises
        ------
        ParameterError
            The programme has no quota.
        """
        if "places" not in self.dataset:
            raise ParameterError(
                "utilisation",
                f"{self.programme.name!r} has no quota",
                "a programme with quota=, or no utilisation",
                9,
            )
        x = self.dataset["admissions"]
        if self.programme.quota_first_only:
            x = x - self.dataset["readmissions"]
        used = x.sum([n for n in ("occupation", "origin", "sex") if n in x.dims], skipna=False)
        places = self.dataset["places"]
        out = used / places.where(places > 0) * 100.0
        out.attrs = {"units": "percent", "long_name": f"{self.programme.quota_counts} of the quota"}
        return out.rename("utilisation")

    def replacements_due(self) -> xr.DataArray:
        """Return people to be trained at origin for those who left first {period, …}, in person.

        Raises
        ------
        ParameterError
            The programme trains nobody for those who leave.
        """
        each = self.programme.trained_per_departure
        if not each:
            raise ParameterError(
                "replacements_due", f"{self.programme.name!r} trains nobody at origin",
                "programme.evolve(trained_per_departure=1.0)", 9, "trained_per_departure",
            )  # fmt: skip
        first = self.dataset["admissions"] - self.dataset["readmissions"]
        out = first * each
        out.attrs = {"units": "person", "long_name": "people to be trained for those who left"}
        return out.rename("replacements_due")

    def outcomes(self) -> xr.DataArray:
        """Return how stays ended {outcome, period, …} in person; never a ranking of origins."""
        import xarray as xr

        names = (
            "returns_early",
            "returns_in_time",
            "overstays_late",
            "overstays_irregular",
            "outcomes_unknown",
            "status_changes",
            "settlements",
            *(returns for _, _, returns in SHOCKS.values()),
        )
        have = [name for name in names if name in self.dataset]
        parts = [self.dataset[name].expand_dims(outcome=[name]) for name in have]
        out = xr.concat(parts, "outcome", coords="minimal", compat="override")
        out.attrs = {
            **self.dataset["settlements"].attrs,
            "long_name": "ends of stays; not a ranking of origins",
        }
        return out.rename("outcomes")

    def waiting(self) -> xr.DataArray:
        """Return months waited by those who start {stage, period, …}; the last is admission.

        Months before the start of the simulation are not counted. Nobody starts: no number.

        Raises
        ------
        ParameterError
            The run has no stages.
        """
        import xarray as xr

        stages = self._stages("waiting")
        started = stages["stage_started"]
        first = self.dataset["admissions"] - self.dataset["readmissions"]
        parts = [
            stages["stage_waited"] / started.where(started > 0) * 12.0,
            (self.dataset["admission_waited"] / first.where(first > 0) * 12.0).expand_dims(
                stage=[ADMISSION]
            ),
        ]
        out = xr.concat(parts, "stage", coords="minimal", compat="override")
        out.attrs = {"units": "month", "long_name": "months waited by those who start"}
        return out.rename("waiting")

    def bottlenecks(self) -> pd.DataFrame:
        """Return where people wait: a row for each stage and for admission, all cells together.

        Medians over members: ``waiting`` (person, at the end), ``started`` (person, in the last
        period), ``used`` (percent of the places of the last period; for admission of the quota),
        and ``months`` (that those who wait would fill at the pace of
        the last period; ``inf`` where nobody starts). The longest queue comes first. Where inputs
        are scenarios there is a row for each.

        Raises
        ------
        ParameterError
            The run has no stages.
        """
        from migov.schemes import run_tables

        stages = self._stages("bottlenecks")
        quota = self.utilisation() if "places" in self.dataset else None
        return run_tables.bottlenecks(self.dataset, stages, quota)

    def limits(self) -> pd.DataFrame:
        """Return which limit of admission binds: quota, caps of origins, visas, posts, floors.

        Medians over members of ``months`` in which it was used up, in some occupation and origin,
        while people asked, and ``percent`` of all months of the run. Several may bind at once.

        Raises
        ------
        ParameterError
            Nothing bounds admission.
        """
        from migov.schemes import run_tables

        if "months_bound" not in self.dataset:
            raise ParameterError(
                "limits", f"nothing bounds admission to {self.programme.name!r}",
                "a quota, caps, capacity=…, demand=… or floors", 9, "programme",
            )  # fmt: skip
        return run_tables.limits(self.dataset)

    def shocks(self) -> pd.DataFrame:
        """Return what went wrong in stays: a row for each shock, over all periods and cells.

        Medians over members, in person: ``people`` whom it met, of them those who ``stay_on``
        (recover, take leave, find another post, work on under a prolonged permit) and those who
        ``go_home``, at a shut border once it opens.

        Raises
        ------
        ParameterError
            The run has no shocks.
        """
        from migov.schemes import run_tables

        names = {name for name, _, _ in SHOCKS.values()} | {"held_back"}
        if not names & set(self.dataset):
            raise ParameterError(
                "shocks", "the run has no shocks", "simulate(…, shocks=Shocks(…))", 9, "shocks"
            )
        return run_tables.went_wrong(self.dataset)

    def _stages(self, where: str) -> xr.Dataset:
        """Return what is of stages, or refuse a run without any."""
        if "stage_started" not in self.dataset:
            raise ParameterError(
                where, "the run has no stages", "simulate(…, queues=(Queue(…), …))", 9, "queues"
            )
        return self.dataset[[n for n in self.dataset if str(n).startswith("stage_")]]

    def ledger(self, prices: Mapping[str, xr.DataArray], **how: Any) -> Ledger:
        """Return who pays and who gains; see :func:`migov.schemes.ledger.account`.

        With ``training=partnership.run(…)`` training at origin is in it.
        """
        from migov.schemes.ledger import account

        return account(self, prices, **how)


def by_age(x: xr.DataArray, age_pattern: xr.DataArray, where: str) -> xr.DataArray:
    """Return persons distributed by age, occupations summed.

    Raises
    ------
    InputError, DimensionError
        The pattern does not sum to one, or has dimensions that `x` has not.
    """
    pattern, flags = status.take(admit(age_pattern, _PATTERN, where, "age_pattern"))
    pattern = pattern.drop_vars([n for n in ("time", "period") if n in pattern.coords])
    sums = np.asarray(pattern.sum("age", skipna=False).values)
    if not (np.abs(sums - 1.0) <= 1e-6).all():
        raise InputError(
            where, f"age_pattern sums to {sums.flat[0]:g}, not to 1", "shares by age, together 1", 4
        )
    if "area" in pattern.dims:
        pattern = pattern.rename(area="origin")
    odd = [str(n) for n in pattern.dims if n != "age" and n not in x.dims]
    if odd:
        raise DimensionError(
            where,
            f"age_pattern has {odd[0]!r}, the run has not",
            "age_pattern by dimensions of the run and age",
            8,
            "age_pattern",
        )
    heads, own = status.take(x)
    if "occupation" in heads.dims:
        heads = heads.sum("occupation", skipna=False)
    same = {n: heads.indexes[n] for n in pattern.dims if n in heads.indexes}
    bare = pattern.drop_vars([n for n in pattern.coords if pattern.coords[n].ndim == 0])
    out = heads * bare.sel(same)
    out.attrs = {"units": "person", "long_name": x.attrs["long_name"] + " by age"}
    out.attrs[ATTRIBUTE] = x.attrs[ATTRIBUTE]
    return status.put(out.rename(None), status.join([own, flags]))
