"""Designs that measure what a scheme did: differences in differences, and a lottery.

The estimates are those of `linearmodels`, a kept package with clustered errors; here stand the
labelled boundary, the checks that belong to the design, and its assumptions in words.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core.errors import need
from migov.schemes.effect_rows import admitted, check_panel, columns_named, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

FEW = 30
"""Clusters below which errors by clusters are said to be too small."""


@attrs.frozen(kw_only=True, eq=False)
class Effect:
    """An estimate with its interval, what was checked, and what it rests on.

    Parameters
    ----------
    table : DataFrame
        A row for each estimate: ``estimate``, ``error``, ``low``, ``high``.
    unit : str
        Of the outcome.
    level : float
        Of the intervals.
    clusters, rows : int
        Groups of the errors, and rows that were used.
    checks : DataFrame
        ``statistic``, ``p`` and ``words`` of each check of the design.
    assumptions : tuple of str
        Without which the estimate is no effect.
    cautions : tuple of str
        What weakens it here.
    """

    table: pd.DataFrame
    unit: str
    level: float
    clusters: int
    rows: int
    checks: pd.DataFrame
    assumptions: tuple[str, ...]
    cautions: tuple[str, ...]

    def show(self) -> str:
        """Return estimates, checks and assumptions as a text."""
        lines = [
            f"{name}: {row['estimate']:.4g} {self.unit} ({self.level:.0%} interval "
            f"{row['low']:.4g} to {row['high']:.4g})"
            for name, row in self.table.iterrows()
        ]
        lines.append(f"{self.rows} rows, errors by {self.clusters} clusters")
        lines += [f"checked: {words}" for words in self.checks["words"]]
        lines += [f"caution: {one}" for one in self.cautions]
        return "\n".join([*lines, *(f"assumes: {one}" for one in self.assumptions)])


_PARALLEL = (
    "without the scheme both groups would have moved alike (parallel trends)",
    "nobody changed before the start because of it (no anticipation)",
    "those without the scheme are not touched by it (no spill-over)",
)
_LOTTERY = (
    "the draw is fair within strata, and nobody left the data because of it",
    "the offer works through taking part alone (exclusion; for the effect on takers)",
    "nobody takes part because the offer was not made (no defiers; for the effect on takers)",
)


def difference_in_differences(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    group: str,
    time: str,
    start: str,
    cluster: str = "",
    covariates: Sequence[str] = (),
    level: float = 0.95,
) -> Effect:
    """Return what a scheme did to those in it, by effects of groups and of times.

    Parameters
    ----------
    frame : DataFrame
        A row for each group and time, in any order.
    outcome : str
        Its column; numbers in `unit`.
    unit : str
        Such as ``"EUR/month"`` or ``"percent"``.
    group, time : str
        Columns of who (person, household, district) and when.
    start : str
        Column of the first time under the scheme, missing for those never in it. All who are
        in it start together: with several starts this estimate is no average of effects [1]_.
    cluster : str
        Column of what was drawn or decided together; none means the groups.
    covariates : sequence of str
        Columns that vary over time and that the scheme does not change.
    level : float
        Of the intervals.

    Returns
    -------
    Effect
        ``effect`` after the start, and ``-2``, ``0``, ``1`` … by times from it, with the
        time before the start as zero; the check is whether all before it are zero together.

    Raises
    ------
    DataError
        All that is wrong with the rows.
    ExtraError
        The package is not installed.

    References
    ----------
    .. [1] A. Goodman-Bacon (2021), Difference-in-differences with variation in treatment
       timing, Journal of Econometrics 225(2), 254-277.

    J. M. Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, 2nd edition,
    MIT Press, section 10.5.
    """
    where = "difference_in_differences"
    covariates = columns_named(covariates, "covariates", where)
    for name, one in {"outcome": outcome, "group": group, "time": time, "start": start,
                      "cluster": cluster}.items():  # fmt: skip
        columns_named((one,), name, where)
    names = [outcome, group, time, start, *covariates, *([cluster] if cluster else [])]
    data = admitted(frame, names, (outcome, *covariates), unit, level, where, may_lack=(start,))
    cluster = cluster or group
    check_panel(data, group, time, start, cluster, where)
    panel = _module("panel", where)
    order = sorted(data[time].unique())
    place = {one: i for i, one in enumerate(order)}
    since = data[time].map(place) - data[start].map(place)
    data = data.assign(since=since, effect=((since >= 0) & since.notna()).astype(float))
    steps = sorted({int(s) for s in since.dropna()} - {-1})
    for step in steps:
        data[str(step)] = (since == step).astype(float)

    data["when"], data["block"] = data[time].map(place), _codes(data[cluster])
    later = [f"time {i}" for i in range(1, len(order))]
    for i, name in enumerate(later, start=1):
        data[name] = (data["when"] == i).astype(float)
    rows = data.set_index([group, "when"])

    def fit(columns: list[str]) -> Any:
        model = panel.PanelOLS(
            rows[[outcome]], rows[[*columns, *later, *covariates]], entity_effects=True
        )
        # Effects of groups lie within clusters and cost no degree of freedom, those of times do.
        return model.fit(
            cov_type="clustered", clusters=rows[["block"]], group_debias=True, auto_df=False,
            count_effects=False,
        )  # fmt: skip

    events = [str(step) for step in steps]
    main, by_time = fit(["effect"]), fit(events)
    count = int(data["block"].nunique())
    table = _table([(main, ["effect"]), (by_time, events)], level, count)
    return Effect(
        table=table, unit=unit, level=level, clusters=count, rows=len(data),
        checks=_trend(by_time, [one for one in events if int(one) < -1]),
        assumptions=_PARALLEL, cautions=_few(count),
    )  # fmt: skip


def lottery(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    offered: str,
    took_up: str,
    strata: str = "",
    cluster: str = "",
    before: Sequence[str] = (),
    level: float = 0.95,
) -> Effect:
    """Return what an offer by lot did, and what taking part did to those whom it moved.

    Parameters
    ----------
    frame : DataFrame
        A row for each applicant in the draw, whether they were drawn or not.
    outcome : str
        Its column; numbers in `unit`.
    unit : str
        Such as ``"EUR/month"``.
    offered, took_up : str
        Columns of 0 and 1: drawn, and took part.
    strata : str
        Column within which was drawn; chances may differ between strata.
    cluster : str
        Column of what was drawn together, such as the household; none means each row.
    before : sequence of str
        Columns from before the draw, which must not differ: they are checked, and not used.
    level : float
        Of the intervals.

    Returns
    -------
    Effect
        ``offer`` (intention to treat), ``taking part`` (local average effect on those who take
        part because they were drawn [1]_), and ``share moved`` by the offer, in 1.

    Raises
    ------
    DataError
        All that is wrong with the rows.
    ExtraError
        The package is not installed.

    References
    ----------
    .. [1] G. W. Imbens and J. D. Angrist (1994), Identification and estimation of local average
       treatment effects, Econometrica 62(2), 467-475.
    """
    where = "lottery"
    before = columns_named(before, "before", where)
    for name, one in {"outcome": outcome, "offered": offered, "took_up": took_up,
                      "strata": strata, "cluster": cluster}.items():  # fmt: skip
        columns_named((one,), name, where)
    extra = [one for one in (strata, cluster) if one]
    numbers = (outcome, offered, took_up, *before)
    data = admitted(frame, [*numbers, *extra], numbers, unit, level, where)
    faults = [
        f"{name} holds {sorted(set(data[name]))[:4]}, expected 0 and 1"
        for name in (offered, took_up)
        if not set(data[name]) <= {0, 1}
    ]
    faults += [f"{offered} is the same in all rows"] if data[offered].nunique() < 2 else []
    refuse(faults, where)
    iv = _module("iv", where)
    fixed = _dummies(data, strata)
    groups = _codes(data[cluster]) if cluster else None
    how: dict[str, Any] = (
        {"cov_type": "robust", "debiased": True} if groups is None
        else {"cov_type": "clustered", "clusters": groups, "debiased": True}
    )  # fmt: skip

    def of_offer(name: str) -> Any:
        return iv.IV2SLS(data[name], fixed.join(data[[offered]]), None, None).fit(**how)

    offer, first = of_offer(outcome), of_offer(took_up)
    takers = iv.IV2SLS(data[outcome], fixed, data[[took_up]], data[[offered]]).fit(**how)
    count = len(data) if groups is None else int(groups.nunique())
    table = _table([(offer, [offered]), (takers, [took_up]), (first, [offered])], level, count)
    table.index = ["offer", "taking part", "share moved"]
    strength = float(first.tstats[offered]) ** 2
    cautions = list(_few(count))
    if strength < 10:
        cautions.append(
            f"the offer moves few (F = {strength:.1f}): the interval of taking part is not to be "
            "trusted, that of the offer is"
        )
    return Effect(
        table=table, unit=unit, level=level, clusters=count, rows=len(data),
        checks=_balance({name: of_offer(name) for name in before}, offered, strength),
        assumptions=_LOTTERY, cautions=tuple(cautions),
    )  # fmt: skip


def _module(name: str, where: str) -> Any:
    """Return a part of the package, imported when used."""
    try:
        return importlib.import_module(f"linearmodels.{name}")
    except ImportError as absent:
        raise need("linearmodels", "evaluation", where) from absent


def _dummies(data: pd.DataFrame, strata: str) -> pd.DataFrame:
    """Return a constant, or one for each stratum."""
    import pandas as pd

    if not strata:
        return pd.DataFrame({"constant": np.ones(len(data))})
    return pd.get_dummies(data[strata].astype(str), prefix="stratum", dtype=float)


def _codes(column: pd.Series) -> pd.Series:
    """Return a whole number for each label."""
    return column.astype("category").cat.codes


def _table(fits: list[tuple[Any, list[str]]], level: float, clusters: int) -> pd.DataFrame:
    """Return estimates with errors, and intervals of Student's t with clusters less one."""
    import pandas as pd
    from scipy.stats import t

    wide = float(t.ppf((1 + level) / 2, max(clusters - 1, 1)))
    rows = []
    for fit, names in fits:
        for name in names:
            estimate, error = float(fit.params[name]), float(fit.std_errors[name])
            rows.append((name, estimate, error, estimate - wide * error, estimate + wide * error))
    columns = ["name", "estimate", "error", "low", "high"]
    return pd.DataFrame(rows, columns=columns).set_index("name")


def _trend(fit: Any, leads: list[str]) -> pd.DataFrame:
    """Return the test that nothing moved apart before the start."""
    import pandas as pd

    if not leads:
        words = "one time before the start: whether trends were parallel cannot be seen"
        return pd.DataFrame({"statistic": [np.nan], "p": [np.nan], "words": [words]},
                            index=["trend before"])  # fmt: skip
    restriction = np.zeros((len(leads), len(fit.params)))
    for row, name in enumerate(leads):
        restriction[row, list(fit.params.index).index(name)] = 1.0
    test = fit.wald_test(restriction, np.zeros(len(leads)))
    p = float(test.pval)
    words = (
        f"before the start all differences are zero: p = {p:.3g}; a large p does not show that "
        "trends are parallel, a small one that they are not"
    )
    return pd.DataFrame({"statistic": [float(test.stat)], "p": [p], "words": [words]},
                        index=["trend before"])  # fmt: skip


def _balance(fits: dict[str, Any], offered: str, strength: float) -> pd.DataFrame:
    """Return the strength of the offer, and differences from before the draw."""
    import pandas as pd

    rows = {
        "strength of the offer": (strength, np.nan, f"strength of the offer: F = {strength:.3g}")
    }
    for name, fit in fits.items():
        p = float(fit.pvalues[offered])
        words = f"{name} before the draw differs by {float(fit.params[offered]):.3g} (p = {p:.3g})"
        rows[name] = (float(fit.tstats[offered]), p, words)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["statistic", "p", "words"])


def _few(count: int) -> tuple[str, ...]:
    if count >= FEW:
        return ()
    return (f"{count} clusters: errors by fewer than {FEW} are too small as a rule",)
