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
from migov.schemes.effect_rows import (
    admitted,
    check_draw,
    check_panel,
    columns_named,
    refuse,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

FEW, FEW_TREATED = 30, 10
"""Clusters below which errors by clusters are said to be too small, in all and with the scheme."""
MOVED = "share moved"


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
            f"{name}: {row['estimate']:.4g}{'' if name == MOVED else f' {self.unit}'} "
            f"({self.level:.0%} interval {row['low']:.4g} to {row['high']:.4g})"
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
    import pandas as pd

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
    # Columns of the caller may have any name: here each has one that no column made here has.
    blocks, outcomes, more = _codes(data[cluster]), data[outcome], data[list(covariates)]
    place = {one: i for i, one in enumerate(sorted(data[time].unique()))}
    when = data[time].map(place)
    since = when - data[start].map(place)
    rows = pd.DataFrame({"who": _codes(data[group]), "when": when, "block": blocks, "y": outcomes})
    rows["effect"] = ((since >= 0) & since.notna()).astype(float)
    steps = sorted({int(s) for s in since.dropna()} - {-1})
    for step in steps:
        rows[str(step)] = (since == step).astype(float)
    later = [f"time {i}" for i in range(1, len(place))]
    for i, name in enumerate(later, start=1):
        rows[name] = (when == i).astype(float)
    further = [f"covariate {i}" for i in range(len(covariates))]
    rows[further] = more.to_numpy(float)
    rows = rows.set_index(["who", "when"])

    def fit(columns: list[str]) -> Any:
        model = panel.PanelOLS(rows[["y"]], rows[[*columns, *later, *further]], entity_effects=True)
        # Effects of groups lie within clusters and cost no degree of freedom, those of times do.
        return model.fit(
            cov_type="clustered", clusters=rows[["block"]], group_debias=True, auto_df=False,
            count_effects=False,
        )  # fmt: skip

    events = [str(step) for step in steps]
    main, by_time = _estimated(lambda: (fit(["effect"]), fit(events)), where)
    count = int(blocks.nunique())
    table = _table([(main, ["effect"]), (by_time, events)], level, count)
    return Effect(
        table=table, unit=unit, level=level, clusters=count, rows=len(data),
        checks=_trend(by_time, [one for one in events if int(one) < -1]),
        assumptions=_PARALLEL, cautions=_few(count, int(blocks[since.notna()].nunique())),
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
    check_draw(data, outcome, offered, took_up, strata, where)
    iv = _module("iv", where)
    fixed = _dummies(data, strata)
    groups = _codes(data[cluster]) if cluster else None
    how: dict[str, Any] = (
        {"cov_type": "robust", "debiased": True} if groups is None
        else {"cov_type": "clustered", "clusters": groups, "debiased": True}
    )  # fmt: skip

    drawn, took = data[[offered]].set_axis(["offer"], axis=1), data[[took_up]].set_axis(
        ["took"], axis=1)  # fmt: skip

    def of_offer(name: str) -> Any:
        return iv.IV2SLS(data[name], fixed.join(drawn), None, None).fit(**how)

    def of_takers() -> Any:
        return iv.IV2SLS(data[outcome], fixed, took, drawn).fit(**how)

    offer, first, takers = _estimated(
        lambda: (of_offer(outcome), of_offer(took_up), of_takers()), where
    )
    count = len(data) if groups is None else int(groups.nunique())
    table = _table([(offer, ["offer"]), (takers, ["took"]), (first, ["offer"])], level, count)
    table.index = ["offer", "taking part", MOVED]
    strength = float(first.tstats["offer"]) ** 2
    cautions = list(_few(count))
    if strength < 10:
        cautions.append(
            f"the offer moves few (F = {strength:.1f}): the interval of taking part is not to be "
            "trusted, that of the offer is"
        )
    return Effect(
        table=table, unit=unit, level=level, clusters=count, rows=len(data),
        checks=_balance({name: of_offer(name) for name in before}, strength),
        assumptions=_LOTTERY, cautions=tuple(cautions),
    )  # fmt: skip


def _module(name: str, where: str) -> Any:
    """Return a part of the package, imported when used."""
    try:
        return importlib.import_module(f"linearmodels.{name}")
    except ImportError as absent:
        raise need("linearmodels", "evaluation", where) from absent


def _estimated(estimate: Any, where: str) -> Any:
    """Return estimates, or say in words that the rows hold none.

    Raises
    ------
    DataError
        The package found no solution.
    """
    try:
        return estimate()
    except (ValueError, ArithmeticError, np.linalg.LinAlgError) as fault:
        told = " ".join(str(fault).split())[:200]
        refuse([f"the rows hold no estimate: {told}"], where)
        raise


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


def _balance(fits: dict[str, Any], strength: float) -> pd.DataFrame:
    """Return the strength of the offer, and differences from before the draw."""
    import pandas as pd

    words = f"F = {strength:.3g}" if strength < 1e9 else "who was drawn took part, and nobody else"
    rows = {"strength of the offer": (strength, np.nan, f"strength of the offer: {words}")}
    for name, fit in fits.items():
        p = float(fit.pvalues["offer"])
        words = f"{name} before the draw differs by {float(fit.params['offer']):.3g} (p = {p:.3g})"
        rows[name] = (float(fit.tstats["offer"]), p, words)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["statistic", "p", "words"])


def _few(count: int, treated: int | None = None) -> tuple[str, ...]:
    found = []
    if count < FEW:
        found.append(f"{count} clusters: errors by fewer than {FEW} are too small as a rule")
    if treated is not None and min(treated, count - treated) < FEW_TREATED:
        found.append(
            f"{treated} clusters with the scheme, {count - treated} without: with fewer than "
            f"{FEW_TREATED} on a side the interval and the check say little"
        )
    return tuple(found)
