"""What became of trainees under a skills partnership, and what their training costs whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np

from migov.core import status
from migov.core.inputs import currency_of
from migov.core.times import years_between
from migov.schemes.accounts import close
from migov.schemes.training_inputs import admitted, same_labels

if TYPE_CHECKING:
    import xarray as xr

    from migov.schemes.partnership import Partnership

_ACTOR = {
    "employer": "destination_employers",
    "destination_state": "destination_state",
    "origin_state": "origin_state",
}


@attrs.frozen(kw_only=True, eq=False)
class Training:
    """What became of the trainees.

    Parameters
    ----------
    partnership : Partnership
        The rules.
    dataset : Dataset
        Flows {occupation, origin, period, member} in person: ``enrolments dropouts graduates
        departures stayers leaks``, ``shortfall`` of the replacement, ``years`` of training in
        person year; ``in_training``, in person, at the end of each period.
    seed : int
        Of the draws.
    flags : int
        Union of the statuses of the inputs.
    """

    partnership: Partnership
    dataset: xr.Dataset
    seed: int
    flags: int

    def identical(self, other: Training) -> bool:
        """Tell whether two have the same rules and the same numbers."""
        return self.partnership == other.partnership and self.dataset.identical(other.dataset)

    def applicants(self) -> xr.DataArray:
        """Return those who leave, in person/year, as :func:`simulate` takes applicants."""
        import xarray as xr

        x = self.dataset["departures"]
        lengths = years_between(x["period"].values, x["period_end"].values)
        out: xr.DataArray = x / xr.DataArray(lengths, {"period": x["period"].values}, "period")
        out.attrs = {"units": "person/year", "long_name": "trained people who leave"}
        out = out.rename("applicants")
        return status.put(out, xr.DataArray(np.uint16(self.flags))) if self.flags else out

    def account(self, training_cost: xr.DataArray) -> xr.Dataset:
        """Return what training costs by who pays it, and what the origin loses and gains by it.

        Parameters
        ----------
        training_cost : DataArray {occupation, origin, scenario or member}
            Cost of a finished training, in currency/person. A trainee costs in proportion to
            the time in training, so that dropping out costs as well.

        Returns
        -------
        Dataset
            ``paid`` {actor, origin, period, …}: payers negative, schools at origin
            (``intermediaries``) positive, which sum to zero. ``lost`` {origin, period, …}:
            what the State of origin has paid for those who left. ``gained``: what others have
            paid for those who stayed. Both are values of training and no payments: they enter
            no total of money.

        Raises
        ------
        AccountError
            Payments do not sum to zero.
        MigovError
            A cost that does not fit.
        """
        import xarray as xr

        currency = currency_of(str(getattr(training_cost, "attrs", {}).get("units", "")))
        data, shares = self.dataset, dict(self.partnership.payers)
        members = list(data.indexes["member"]) if "member" in data.dims else None
        cost, flags = admitted(training_cost, "training_cost", members, self.seed, currency)
        given = {"enrolments": data["departures"], "training_cost": cost}
        same_labels(given)
        cost = given["training_cost"]
        paid = _payments(data, cost, shares)
        left = data["departures"] + data["leaks"]
        own = shares.get("origin_state", 0.0)
        values = {
            "paid": (paid, "payments for training; received is positive"),
            "lost": ((left * cost).sum("occupation") * own, "training that left the origin"),
            "gained": (
                (data["stayers"] * cost).sum("occupation") * (1.0 - own),
                "training at origin that others paid",
            ),
        }
        stylised = int(bool((flags | self.flags) & status.FLAGS["stylised"]))
        out = xr.Dataset({name: x for name, (x, _) in values.items()})
        for name, (_, title) in values.items():
            out[name].attrs = {
                "units": str(currency),
                "price_base": str(training_cost.attrs.get("price_base", "")),
                "long_name": title,
                "stylised": stylised,
            }
        return out


def check(dataset: xr.Dataset) -> None:
    """Check that everybody who enrolled is in training, dropped out, left or stays.

    Raises
    ------
    AccountError
        Heads were lost or made.
    """
    axis = dataset["enrolments"].get_axis_num("period")
    gone = np.zeros(dataset["enrolments"].shape)
    for name in ("dropouts", "departures", "leaks", "stayers"):
        gone = gone + np.cumsum(dataset[name].values, axis=axis)
    began = np.cumsum(dataset["enrolments"].values, axis=axis)
    close("train", "heads of trainees", dataset["in_training"].values + gone, began)
    out = dataset["departures"] + dataset["leaks"] + dataset["stayers"]
    close("train", "heads of those who finished", out.values, dataset["graduates"].values)


def _payments(data: xr.Dataset, cost: xr.DataArray, shares: dict[str, float]) -> xr.DataArray:
    """Return what payers pay and schools receive {actor, …}, each side on its own."""
    import xarray as xr

    spent = (data["years"] / data["training_time"] * cost).sum("occupation", skipna=False)
    received = spent * 0.0
    for label in data.indexes["occupation"]:
        years, whole, price = (
            _only(x, label) for x in (data["years"], data["training_time"], cost)
        )
        received = received + price * years / whole
    sides = [(_ACTOR[name], -spent * share) for name, share in shares.items()]
    sides.append(("intermediaries", received.transpose(*spent.dims)))
    parts = [x.expand_dims(actor=[name]) for name, x in sides]
    paid: xr.DataArray = xr.concat(parts, "actor", coords="minimal", compat="override")
    payers = -paid.isel(actor=slice(0, -1)).sum("actor", skipna=False)
    close("account", "payments for training", np.asarray(payers.values),
          np.asarray(paid.isel(actor=-1).values))  # fmt: skip
    return paid


def _only(x: xr.DataArray, label: object) -> xr.DataArray:
    """Return what is of one occupation, where it is by occupation."""
    return x.sel(occupation=label, drop=True) if "occupation" in x.dims else x
