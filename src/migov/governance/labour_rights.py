"""SDG 8.8.2, compliance with freedom of association and collective bargaining: its arithmetic.

The coding of the evaluation criteria is the publisher's; here are the sum, the cap and the scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from migov.core.errors import InputError
from migov.governance.asked import ask
from migov.numeric.exact import fraction

HIGHEST_SUM = 95
"""Sum of weights that stands for the worst score."""


def compliance_score(
    weights: Mapping[str, Any] | Any, *, general_prohibition: bool = False
) -> Fraction:
    """Return the score of SDG 8.8.2, 0 the best and 10 the worst.

    Parameters
    ----------
    weights : mapping of str to exact number, or exact number
        Published weights of the criteria in which a violation was coded, each criterion once
        however many texts say it; or their sum.
    general_prohibition : bool
        Whether association or collective bargaining is prohibited in general, which gives the
        worst score whatever the sum.

    Returns
    -------
    Fraction
        min(sum, 95) × 10 / 95, exactly.

    Raises
    ------
    InputError
        A negative weight, a binary float, or no weights at all.
    KindError
        `general_prohibition` is no truth value.

    Examples
    --------
    >>> round(float(compliance_score("27.05")), 6)
    2.847368
    >>> compliance_score("12.5", general_prohibition=True)
    Fraction(10, 1)

    References
    ----------
    ILO, SDG indicator metadata 8.8.2 (of 2023-07-10), section on the method of computation;
    20th International Conference of Labour Statisticians (2018), Resolution II. On the coding:
    Sari and Kucera (2011), Measuring progress towards the application of freedom of association
    and collective bargaining rights (ILO Working Paper 99; number recalled); Kucera and Sari
    (2019), International Labour Review 158 (3), doi 10.1111/ilr.12084.
    """
    where = "compliance_score"
    ask(general_prohibition, bool | np.bool_, where, "general_prohibition", "True or False")
    if isinstance(weights, Mapping) and not weights:
        raise InputError(
            where,
            "weights is empty",
            "compliance_score(0) if no violation was coded",
            9,
            "weights",
        )
    named = weights if isinstance(weights, Mapping) else {"sum": weights}
    whole = Fraction(0)
    for name, weight in named.items():
        try:
            exact = fraction(weight)
        except (TypeError, ValueError) as fault:
            raise InputError(where, f"{name}: {fault}", "'1.93'", 9, "weights") from fault
        if exact < 0:
            raise InputError(where, f"{name}: {weight} is negative", "weights from 0", 9, "weights")
        whole += exact
    if general_prohibition:
        return Fraction(10)
    return min(whole, Fraction(HIGHEST_SUM)) * 10 / HIGHEST_SUM
