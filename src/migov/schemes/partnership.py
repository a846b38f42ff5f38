"""Skills partnerships: training at origin, of some who leave and of some who stay.

For every trained person who leaves, others are trained who stay. Cohorts of trainees are
accounted from enrolment to the end, with closed heads, and their cost by who pays it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.core.errors import DataError, InputError
from migov.core.times import years_between
from migov.numeric.streams import draw_seed
from migov.schemes import kernels_training as kernels
from migov.schemes.consistency import as_tuple
from migov.schemes.kinds import is_number, labels_of
from migov.schemes.training import Training, check
from migov.schemes.training_inputs import CELLS, WHERE, admitted, same_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

PAYERS = ("employer", "destination_state", "origin_state")
"""Who may pay for training; trainees do not (ILO 2019: training is a related cost)."""


@attrs.frozen(kw_only=True)
class Partnership:
    """Who of the trained leaves, who stays, and who pays.

    Parameters
    ----------
    leave : float
        Share of those who finish who leave under the partnership. At most
        ``1 / (1 + replaced)``: the rest is what replaces them.
    replaced : float
        People trained who stay for each who leaves; at least 1.
    leak : float
        Share of those trained to stay who leave all the same. They are told, not hidden; what
        is then missing of the replacement is a result.
    payers : tuple of (str, float)
        Shares of the cost of training by payer, which sum to 1.

    Raises
    ------
    DataError
        All that is wrong.

    Examples
    --------
    >>> Partnership(payers=(("employer", 0.6), ("destination_state", 0.4))).leave
    0.5

    References
    ----------
    M. A. Clemens (2015), Global Skill Partnerships: a proposal for technical training in a
    mobile world, IZA Journal of Labor Policy 4:2 (cited from memory). Global Compact for
    Migration (2018), objective 18(e).
    """

    leave: float = 0.5
    replaced: float = 1.0
    leak: float = 0.0
    payers: tuple[tuple[str, float], ...] = attrs.field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        found = _faults(self)
        if found:
            count = f"{len(found)} fault" + ("s" if len(found) > 1 else "")
            raise DataError(
                WHERE, count, "nothing was taken; mend these", 9, "partnership", tuple(found)
            )

    def run(
        self,
        enrolments: xr.DataArray,
        *,
        training_time: xr.DataArray,
        dropout: xr.DataArray,
        members: int | Sequence[Any] | None = None,
        seed: int | None = None,
    ) -> Training:
        """Return heads from enrolment to the end of training, period by period.

        A cohort enrols at the start of its period and finishes together; who drops out does so
        at a constant rate until then.

        Parameters
        ----------
        enrolments : DataArray {occupation, origin, period}
            People who begin, in person.
        training_time : DataArray {occupation, origin, scenario or member}
            Length of training, in month or year.
        dropout : DataArray {occupation, origin, scenario or member}
            Share who do not finish, below 1.
        members : int or sequence, optional
            Members into which ranges (low, central, high) are drawn.
        seed : int, optional
            Of the draws; drawn and written into the result where absent.

        Returns
        -------
        Training

        Raises
        ------
        MigovError
            Inputs that do not fit; AccountError where heads do not close.

        Examples
        --------
        >>> import xarray as xr
        >>> from migov.core.cases import Cells
        >>> begin = Cells((((100.0, 0.0, 0.0),),), occupation="3", origin="MDA",
        ...     period="2026 2027 2028").array("person")
        >>> deal = Partnership(payers=(("employer", 1.0),))
        >>> found = deal.run(begin, training_time=xr.DataArray(18.0, attrs={"units": "month"}),
        ...     dropout=xr.DataArray(0.2, attrs={"units": "1"}))
        >>> found.dataset.departures.values.ravel(), found.dataset.stayers.values.ravel()
        (array([ 0., 40.,  0.]), array([ 0., 40.,  0.]))
        """
        seed, members = draw_seed() if seed is None else seed, labels_of(members, WHERE)
        given = {"enrolments": enrolments, "training_time": training_time, "dropout": dropout}
        plain: dict[str, xr.DataArray] = {}
        flags = 0
        for name, x in given.items():
            plain[name], own = admitted(x, name, members, seed)
            flags |= own
        same_labels(plain)
        if not bool((plain["training_time"] > 0).all()):
            raise InputError(WHERE, "training_time holds 0", "months", 7, "training_time")
        if not bool((plain["dropout"] < 1).all()):
            raise InputError(WHERE, "dropout holds 1: nobody would finish", "below 1", 7, "dropout")
        dataset = _cohorts(self, **plain)
        check(dataset)
        dataset.attrs = {
            "partnership": str(attrs.asdict(self)), "seed": str(seed),
            "stylised": int(bool(flags & status.FLAGS["stylised"])),
            "use": "planning tool, not a decision on individuals",
        }  # fmt: skip
        return Training(partnership=self, dataset=dataset, seed=seed, flags=flags)


def _faults(p: Partnership) -> list[str]:
    found = []
    for name, top in (("leave", 1.0), ("leak", 1.0), ("replaced", np.inf)):
        value = getattr(p, name)
        if not is_number(value) or not 0 <= value <= top:
            found.append(f"{name}={value!r}, expected a number from 0")
    if not found and p.replaced < 1:
        found.append(
            f"replaced={p.replaced:g}: at least one is trained to stay for each who leaves"
        )
    elif not found and p.leave > 1 / (1 + p.replaced) + 1e-12:
        found.append(
            f"leave={p.leave:g} leaves {1 - p.leave:g} to stay, fewer than {p.replaced:g} for each "
            f"who leaves: at most {1 / (1 + p.replaced):.6g}"
        )
    shares = p.payers
    pairs = isinstance(shares, tuple) and all(
        isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str) for one in shares
    )
    if not pairs or not shares:
        return [*found, f"payers={shares!r}, expected pairs of a payer and a share"]
    names = [name for name, _ in shares]
    found += [
        f"payers names {name!r}, expected one of {', '.join(PAYERS)}; trainees pay nothing"
        for name in names
        if name not in PAYERS
    ]
    if len(set(names)) < len(names):
        found.append("payers names one twice")
    numbers = [share for _, share in shares if is_number(share)]
    if len(numbers) < len(shares) or min(numbers) < 0 or abs(sum(numbers) - 1) > 1e-9:
        found.append(f"payers={shares!r}: shares from 0 that sum to 1")
    return found


def _cohorts(
    rules: Partnership, enrolments: xr.DataArray, training_time: xr.DataArray,
    dropout: xr.DataArray,
) -> xr.Dataset:  # fmt: skip
    """Return flows of each period and those in training at its end, cohorts summed."""
    import xarray as xr

    like = enrolments + 0.0 * training_time + 0.0 * dropout
    like = like.transpose(*[dim for dim in (*CELLS[:2], "period", "member") if dim in like.dims])
    whole = xr.broadcast(enrolments, training_time, dropout, like)
    heads, length, share = (
        np.moveaxis(np.asarray(x.transpose(*like.dims).values, float), 2, 0) for x in whole[:3]
    )
    starts = np.asarray(enrolments["period"].values, "M8[s]")
    ends = np.asarray(enrolments["period_end"].values, "M8[s]")
    begin, close_at = (years_between(starts[0], t) for t in (starts, ends))
    names = ("dropouts", "graduates", "years", "in_training")
    sums = {name: np.zeros(heads.shape) for name in names}
    for c, start in enumerate(begin):
        for p in range(c, len(begin)):
            spell = begin[p] - start, close_at[p] - start, length[c], share[c]
            sums["dropouts"][p] += heads[c] * kernels.dropped(*spell)
            sums["graduates"][p] += heads[c] * kernels.finished(*spell)
            sums["years"][p] += heads[c] * kernels.years_in_training(*spell)
            sums["in_training"][p] += heads[c] * kernels.in_training(*spell[1:])
    arrays = {"enrolments": heads, **sums}
    arrays["departures"] = sums["graduates"] * rules.leave
    kept = sums["graduates"] * (1.0 - rules.leave)
    arrays["leaks"], arrays["stayers"] = kept * rules.leak, kept * (1.0 - rules.leak)
    arrays["shortfall"] = np.maximum(rules.replaced * arrays["departures"] - arrays["stayers"], 0.0)
    titles = {
        "enrolments": "people who begin training", "dropouts": "people who drop out",
        "graduates": "people who finish", "years": "training given",
        "in_training": "people in training at the end of the period",
        "departures": "trained people who leave under the partnership",
        "leaks": "people trained to stay who leave all the same",
        "stayers": "trained people who stay", "shortfall": "replacements that are missing",
    }  # fmt: skip
    out = {
        name: like.copy(data=np.moveaxis(arrays[name], 0, 2)).assign_attrs(
            units="person year" if name == "years" else "person", long_name=title
        )
        for name, title in titles.items()
    }
    out["training_time"] = training_time.assign_attrs(units="year", long_name="length of training")
    return xr.Dataset(out)
