"""The choices that make a composite index: each a frozen class with its own parameters."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import attrs

from migov.composite.validators import number, numbers, one_of, real, refuse, truth, whole
from migov.core.errors import ParameterError

KINDS: dict[str, type[Method]] = {}
"""The classes of choices by the name that JSON gives them."""


class Method:
    """What every choice is: equal, hashable, with a name and parameters for JSON."""

    kind: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind:
            KINDS[cls.kind] = cls

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters, as JSON takes them."""
        found = {f.name: getattr(self, f.name) for f in attrs.fields(type(self))}  # type: ignore[arg-type]
        return {"kind": self.kind, **found}


def method(told: dict[str, Any]) -> Method:
    """Return the choice that :meth:`Method.to_dict` told.

    Raises
    ------
    ParameterError
        An unknown name or parameter.

    Examples
    --------
    >>> method({"kind": "min_max", "lower": 1.0, "upper": 100.0})
    MinMax(lower=1.0, upper=100.0, centre='range', constant='refuse')
    """
    values = dict(told)
    kind = values.pop("kind", None)
    cls = KINDS.get(str(kind))
    if cls is None:
        raise ParameterError(
            "method", f"{kind!r} is no method", f"one of {', '.join(KINDS)}", 9, "kind"
        )
    tuples = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    try:
        return cls(**tuples)
    except TypeError as fault:
        raise ParameterError(
            cls.__name__, str(fault), "see the parameters of the class", 9
        ) from fault


class Normaliser(Method):
    """How an indicator comes to a common scale on which more is better."""


def _constant() -> Any:
    return attrs.field(default="refuse", validator=one_of("refuse", "missing"))


@attrs.frozen(kw_only=True)
class Unchanged(Normaliser):
    """The value as it is; for an indicator on the common scale already.

    A direction ``"down"`` is refused with it: more would not be better.
    """

    kind: ClassVar[str] = "unchanged"


@attrs.frozen(kw_only=True)
class MinMax(Normaliser):
    """From the worst to the best area, linear.

    Parameters
    ----------
    lower, upper : float
        Score of the worst and of the best; a geometric or harmonic mean needs `lower` > 0.
    centre : {"range", "mean"}
        ``mean``: the goalposts are the mean plus and minus half the range, so that the mean
        area scores halfway (for the adjusted Mazziotta–Pareto index with 70 and 130).
    constant : {"refuse", "missing"}
        What becomes of an indicator that is the same in all areas, which has no scale: an
        error that names it, or missing scores with the status ``undefined``.

    Examples
    --------
    >>> MinMax(lower=1, upper=100)
    MinMax(lower=1, upper=100, centre='range', constant='refuse')
    """

    kind: ClassVar[str] = "min_max"
    lower: float = real(0.0)
    upper: float = real(100.0)
    centre: Literal["range", "mean"] = attrs.field(
        default="range", validator=one_of("range", "mean")
    )
    constant: Literal["refuse", "missing"] = _constant()

    def __attrs_post_init__(self) -> None:
        if self.upper <= self.lower:
            refuse(self, "upper", f"upper={self.upper:g} is not above lower", "more is better")


@attrs.frozen(kw_only=True)
class ZScore(Normaliser):
    """Standard deviations (n − 1) from the mean area.

    Parameters
    ----------
    mean, sd : float
        Score of the mean area, and of one standard deviation.
    constant : {"refuse", "missing"}
        As for :class:`MinMax`.
    """

    kind: ClassVar[str] = "z_score"
    mean: float = real(0.0)
    sd: float = real(1.0)
    constant: Literal["refuse", "missing"] = _constant()

    def __attrs_post_init__(self) -> None:
        if self.sd <= 0:
            refuse(self, "sd", f"sd={self.sd:g}", "a positive number")


@attrs.frozen(kw_only=True)
class Rank(Normaliser):
    """Places among the areas, 1 for the worst; ties share the lowest place.

    Values that differ by less than the tolerance of the index are ties.

    Parameters
    ----------
    percentile : bool
        Whether the places are brought to 0 … 1 by (place − 1)/(n − 1).
    """

    kind: ClassVar[str] = "rank"
    percentile: bool = attrs.field(default=False, validator=truth)


@attrs.frozen(kw_only=True)
class DistanceToTarget(Normaliser):
    """The way covered from the worst area to a target.

    Parameters
    ----------
    target : float
        In the unit of the node.
    lower, upper : float
        Score of the worst area and of the target.
    cap : bool
        Whether what lies beyond the target scores no more than it.
    """

    kind: ClassVar[str] = "distance_to_target"
    target: float = real()
    lower: float = real(0.0)
    upper: float = real(100.0)
    cap: bool = attrs.field(default=True, validator=truth)


@attrs.frozen(kw_only=True)
class Frontier(Normaliser):
    """The ratio to the best area: x/max where more is better, min/x where less is.

    For positive values with a true zero. The best area scores `upper` either way.

    Parameters
    ----------
    upper : float
        Score of the best area.
    """

    kind: ClassVar[str] = "frontier"
    upper: float = real(100.0)


@attrs.frozen(kw_only=True)
class Goalposts(Normaliser):
    """Between two fixed values, the same at every time and for every set of areas.

    Parameters
    ----------
    worst, best : float
        In the unit of the node; `worst` above `best` where less is better.
    lower, upper : float
        Score of the worst and of the best.
    cap : bool
        Whether values beyond the goalposts score as these.
    log : bool
        Linear in the logarithm of positive values.

    Examples
    --------
    >>> Goalposts(worst=20, best=85).kind
    'goalposts'
    """

    kind: ClassVar[str] = "goalposts"
    worst: float = real()
    best: float = real()
    lower: float = real(0.0)
    upper: float = real(100.0)
    cap: bool = attrs.field(default=True, validator=truth)
    log: bool = attrs.field(default=False, validator=truth)

    def __attrs_post_init__(self) -> None:
        if self.worst == self.best:
            refuse(self, "best", f"worst and best are both {self.best:g}", "two values")
        if self.log and min(self.worst, self.best) <= 0:
            refuse(self, "worst", "log=True with a goalpost that is not positive", "log=False")


@attrs.frozen(kw_only=True)
class Categorical(Normaliser):
    """A score for each category: codes, or classes between fixed limits.

    Parameters
    ----------
    values : tuple of float
        The codes, or the increasing lower limits of the classes after the first.
    scores : tuple of float
        One for each code; one more than the limits.
    limits : bool
        Whether `values` are limits: a value of exactly a limit is in the upper class.
    """

    kind: ClassVar[str] = "categorical"
    values: tuple[float, ...] = attrs.field(validator=numbers)
    scores: tuple[float, ...] = attrs.field(validator=numbers)
    limits: bool = attrs.field(default=False, validator=truth)

    def __attrs_post_init__(self) -> None:
        if len(self.scores) != len(self.values) + self.limits or not self.values:
            refuse(
                self,
                "scores",
                f"{len(self.scores)} scores for {len(self.values)} values",
                "one score a code, or one more than limits",
            )
        if self.limits and list(self.values) != sorted(set(self.values)):
            refuse(self, "values", "the limits do not increase", "sort them")
        if len(set(self.values)) != len(self.values):
            refuse(self, "values", "a code occurs twice", "one score a code")


class Treatment(Method):
    """What is done to outliers before values come to a common scale."""


@attrs.frozen(kw_only=True)
class Untreated(Treatment):
    """Outliers stay as they are."""

    kind: ClassVar[str] = "untreated"


@attrs.frozen(kw_only=True)
class Winsorise(Treatment):
    """While the distribution is too skewed, its farthest value takes the next one.

    A distribution is too skewed where the absolute skewness exceeds one limit and the excess
    kurtosis another (both bias-corrected). The end that is treated follows the sign of the
    skewness at each step.

    Parameters
    ----------
    points : int
        Steps at most.
    skewness, kurtosis : float
        The limits.
    then_log : bool
        Where the steps do not suffice: the logarithm of the values as they were, less the
        smallest, plus a hundredth of the range (from the other end where the skewness is
        negative, the sign turned back).
    """

    kind: ClassVar[str] = "winsorise"
    points: int = attrs.field(default=5, validator=whole)
    skewness: float = real(2.0)
    kurtosis: float = real(3.5)
    then_log: bool = attrs.field(default=False, validator=truth)


@attrs.frozen(kw_only=True)
class BoxCox(Treatment):
    """Where the distribution is too skewed, a Box–Cox transformation of the shifted values.

    The values are shifted so that the smallest is 1.

    Parameters
    ----------
    power : float or None
        None for the most likely one.
    skewness, kurtosis : float
        Limits of the rule; see :class:`Winsorise`.
    always : bool
        Whether the rule is passed over.
    """

    kind: ClassVar[str] = "box_cox"
    power: float | None = attrs.field(default=None, validator=attrs.validators.optional(number))
    skewness: float = real(2.0)
    kurtosis: float = real(3.5)
    always: bool = attrs.field(default=False, validator=truth)
