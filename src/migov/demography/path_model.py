"""How far the members of a projection stray from the median path, and in what order."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from migov.core.errors import ParameterError
from migov.core.parameters import number
from migov.demography.arguments import one_of

NAMES = ("mortality", "fertility", "migration")


def _spread(instance: Any, attribute: Any, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < np.inf:
        raise ParameterError(
            "PathModel",
            f"{attribute.name}={value!r}",
            "a number from 0, such as 0.02; 0 leaves the median path",
            9,
            attribute.name,
        )


def _relative(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse percent: the spread of a logarithm above one, that of migration above ten."""
    _spread(instance, attribute, value)
    migrants = attribute.name == "migration_sd"
    if value > (10 if migrants else 1):
        does = "is ten times net migration" if migrants else "would double or halve a rate"
        raise ParameterError(
            "PathModel",
            f"{attribute.name}={value!r} {does} or more, every year",
            f"{attribute.name}={value / 100:g}, if it is in percent",
            9,
            attribute.name,
        )


def _tuple(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


def _correlation(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse what is no matrix of correlations, with the nearest of its direction that is one."""
    if not isinstance(value, tuple) or len(value) != 3:
        mend = "three numbers from -1 to 1, such as correlation=(0.0, 0.0, 0.5)"
        raise ParameterError("PathModel", f"correlation={value!r}", mend, 9, "correlation")
    for one in value:
        number(one, "PathModel", "correlation", -1.0, 1.0)
    least = float(np.linalg.eigvalsh(_matrix(value))[0])
    if least < -1e-12:
        nearest = tuple(np.trunc(np.array(value) / (1.0 - least) * 1000) / 1000)
        raise ParameterError(
            "PathModel",
            f"correlation={value!r} cannot be of three numbers at once: their matrix has the "
            f"negative eigenvalue {least:.3g}",
            f"correlation={tuple(map(float, nearest))}, say",
            9,
            "correlation",
        )


def _matrix(value: tuple[float, float, float]) -> np.ndarray:
    one, two, three = value
    return np.array([[1.0, one, two], [one, 1.0, three], [two, three, 1.0]])


def _persistence(instance: Any, attribute: Any, value: Any) -> None:
    _spread(instance, attribute, value)
    if value >= 1:
        raise ParameterError(
            "PathModel",
            f"{attribute.name}={value!r} lets deviations never die out",
            "from 0 to below 1",
            9,
            attribute.name,
        )


@attrs.frozen(kw_only=True)
class PathModel:
    """How far paths stray from the median; every default is stylised, not estimated.

    One factor for each process moves all ages and both sexes together: within a process ages
    are perfectly correlated, between processes as `correlation` says. Deviations are zero at
    the start of the first period and are taken at the middle of each, so that periods of one
    and of five years have the same law.

    Parameters
    ----------
    mortality_sd : float
        Standard deviation of a year's step of the log death rate, a random walk.
    mortality_drift_sd : float
        Standard deviation of its drift, per year, drawn once for each member.
    fertility_sd, fertility_persistence : float
        Of the log total fertility: a year's innovation, and the share of a deviation that is
        left after a year (autoregression of order one).
    migration_sd, migration_persistence : float
        The same of net migration, added to it, relative to the mean absolute net migration of
        its sex and age over the periods.
    areas : {"independent", "common"}
        Whether each area has draws of its own or all share theirs; a matrix of correlations
        between areas is an argument of :func:`draw_paths`.
    correlation : tuple of three float
        Between what a period adds to mortality and to fertility, to mortality and to migration,
        to fertility and to migration; the drift of mortality is drawn apart.

    Examples
    --------
    >>> PathModel(fertility_sd=0.0) == PathModel(fertility_sd=0.0)
    True
    """

    mortality_sd: float = attrs.field(default=0.015, validator=_relative)
    mortality_drift_sd: float = attrs.field(default=0.003, validator=_relative)
    fertility_sd: float = attrs.field(default=0.03, validator=_relative)
    fertility_persistence: float = attrs.field(default=0.97, validator=_persistence)
    migration_sd: float = attrs.field(default=0.3, validator=_relative)
    migration_persistence: float = attrs.field(default=0.8, validator=_persistence)
    areas: str = attrs.field(default="independent", validator=one_of("independent", "common"))
    correlation: tuple[float, float, float] = attrs.field(
        default=(0.0, 0.0, 0.0), converter=_tuple, validator=_correlation
    )

    def weights(self, process: str) -> dict[str, float]:
        """Return the share of each process's own draws in those of one process.

        Parameters
        ----------
        process : {"mortality", "fertility", "migration"}
            Which; the factor of Cholesky of the correlations, in this order.
        """
        one, two, three = self.correlation
        rest = np.sqrt(1.0 - one**2)
        cross = (three - one * two) / rest if rest > 0 else 0.0
        last = np.sqrt(max(0.0, 1.0 - two**2 - cross**2))
        rows = {"mortality": (1.0,), "fertility": (one, rest), "migration": (two, cross, last)}
        found = zip(NAMES, rows[process], strict=False)
        return {name: float(share) for name, share in found if share != 0}

    def deviations(self, process: str, gaps: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """Return the deviations of a process at the middle of each period.

        Parameters
        ----------
        process : {"mortality", "fertility", "migration"}
            Which.
        gaps : ndarray (t,)
            Years from the start to the first middle, then from each middle to the next.
        drawn : ndarray (t + 1, ...)
            Standard normal draws; the first is the drift's.

        Returns
        -------
        ndarray (t, ...)
            Of the log rate, or of net migration relative to its scale.
        """
        wide = gaps.reshape((-1,) + (1,) * (drawn.ndim - 1))
        if process == "mortality":
            steps = self.mortality_drift_sd * drawn[0] * wide
            return np.cumsum(steps + self.mortality_sd * np.sqrt(wide) * drawn[1:], axis=0)
        left = self.fertility_persistence if process == "fertility" else self.migration_persistence
        yearly = self.fertility_sd if process == "fertility" else self.migration_sd
        out = np.empty_like(drawn[1:])
        state = np.zeros_like(drawn[0])
        for t, gap in enumerate(gaps):
            kept = left**gap
            spread = yearly * np.sqrt((1 - kept**2) / (1 - left**2))
            state = kept * state + spread * drawn[t + 1]
            out[t] = state
        return out
