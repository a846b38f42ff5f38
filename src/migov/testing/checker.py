"""``check_indicator``: the battery that a contributor runs on a new class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from migov.core.errors import MigovError
from migov.testing import checks
from migov.testing.subject import DoesNotApply, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from migov.core.indicator import Indicator

Outcome = Literal["passed", "failed", "does not apply"]


@attrs.frozen
class Answer:
    """What one check found.

    Parameters
    ----------
    name, question : str
        Name of the check and what it asks.
    outcome : {"passed", "failed", "does not apply"}
        A check that does not apply is counted apart and never as passed.
    told : str
        What to do, or why it does not apply.
    """

    name: str
    question: str
    outcome: Outcome
    told: str = ""


@attrs.frozen
class Compliance:
    """All answers about one indicator.

    Parameters
    ----------
    id : str
        The indicator's id.
    answers : tuple of Answer
        In the order of the checks.
    """

    id: str
    answers: tuple[Answer, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many checks had an outcome."""
        return sum(answer.outcome == outcome for answer in self.answers)

    @property
    def failures(self) -> tuple[Answer, ...]:
        """Return the checks that failed."""
        return tuple(answer for answer in self.answers if answer.outcome == "failed")

    def __str__(self) -> str:
        """Return the counts, and what to do for each failure."""
        head = (
            f"{self.id}: {self.count('passed')} passed, {self.count('failed')} failed, "
            f"{self.count('does not apply')} do not apply"
        )
        told: dict[str, list[str]] = {}
        for one in self.failures:  # one fault may fail many checks: it is said once
            told.setdefault(one.told, []).append(one.name)
        return "\n".join([head, *(f"  {', '.join(names)}: {text}" for text, names in told.items())])


def check_indicator(cls: type[Indicator], *, strict: bool = True) -> Compliance:
    """Run all checks on an indicator class.

    Parameters
    ----------
    cls : type
        A class made by ``@migov.indicator``, with a worked case.
    strict : bool
        Raise where a check fails; False returns the failures.

    Returns
    -------
    Compliance
        Counted answers; ``print`` it.

    Raises
    ------
    MigovError
        A check failed and `strict`; the text says what to do for each.

    Examples
    --------
    >>> import migov as mg
    >>> print(check_indicator(mg.MigrantShare))
    migrant_share: 26 passed, 0 failed, 5 do not apply
    """
    subject = Subject(cls)
    answers = []
    for check in checks.ALL:
        question = (check.__doc__ or "").split("\n")[0]
        try:
            fault = check(subject)
            outcome: Outcome = "passed" if fault is None else "failed"
            answers.append(Answer(check.__name__, question, outcome, fault or ""))
        except DoesNotApply as reason:
            answers.append(Answer(check.__name__, question, "does not apply", str(reason)))
        except Exception as fault:  # a body may raise anything; the contributor is told
            told = f"{type(fault).__name__}: {fault}"
            answers.append(Answer(check.__name__, question, "failed", told))
    found = Compliance(cls.info.id, tuple(answers))
    if strict and found.failures:
        raise MigovError("check_indicator", str(found), "mend the class and run it again", 9)
    return found


def compliance_table(classes: Iterable[type[Indicator]]) -> pd.DataFrame:
    """Return the outcome of every check for several classes, one row a class.

    Parameters
    ----------
    classes : iterable of type
        Indicator classes.

    Returns
    -------
    DataFrame
        Columns are the checks, then the counts.

    Examples
    --------
    >>> import migov as mg
    >>> compliance_table([mg.MigrantShare]).loc["migrant_share", "failed"].item()
    0
    """
    import pandas as pd

    found = [check_indicator(cls, strict=False) for cls in classes]
    rows = {
        one.id: {
            **{answer.name: answer.outcome for answer in one.answers},
            "passed": one.count("passed"),
            "failed": one.count("failed"),
            "does_not_apply": one.count("does not apply"),
        }
        for one in found
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("id")
