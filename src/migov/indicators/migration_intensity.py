"""Migration intensity, connection, focus and distance: a matrix of flows in one number."""

from __future__ import annotations

from typing import Any, Literal

import xarray as xr

from migov.core.cases import Case, Cells
from migov.core.definition import Definition
from migov.core.definitions import EU_USUAL_RESIDENCE
from migov.core.indicator import Indicator, indicator, parameter
from migov.indicators._apply import lift, moves, net_of, square, summed
from migov.indicators.inputs_flows import Distances, FlowMatrix, Flows, PopulationAtRisk
from migov.indicators.kernels_flows import aggregate_variation, weighted_gini, weighted_median

_BELL = "Bell et al. (2002), J. Royal Statistical Society A 165(3)"
_PAIR = ["origin", "destination"]
_CORE = [_PAIR, _PAIR]
_SCALE = "comparing systems of unlike number and size of areas"
_MOVES = ((900.0, 30.0, 10.0), (10.0, 800.0, 10.0), (20.0, 20.0, 700.0))


def _matrix(values: Any, definition: Definition | None = None) -> Cells:
    return Cells(values, "", definition, origin="a b c", destination="a b c")


_FLOWS = _matrix(_MOVES, EU_USUAL_RESIDENCE)
_MATRIX = _matrix(_MOVES)
_PEOPLE = Cells((1000.0, 600.0, 400.0), area="a b c")
_KM = _matrix(((0.0, 50.0, 120.0), (50.0, 0.0, 200.0), (120.0, 200.0, 0.0)))


@indicator(
    id="crude_migration_intensity",
    title="Crude migration intensity",
    unit="percent",
    references=(f"{_BELL}: crude migration intensity or probability",),
    synonyms=("CMI", "crude migration probability", "CMP"),
    not_for=_SCALE + "; or intervals of one and of five years",
    case=Case(5.0, "100 moves between areas / 2,000", {"flows": _FLOWS, "population": _PEOPLE}),
)
class CrudeMigrationIntensity(Indicator):
    """Moves between areas per hundred of the population at risk, over the interval."""

    def __call__(self, flows: Flows, population: PopulationAtRisk) -> xr.DataArray:
        """From moves by origin and destination and the population of the origins."""
        return summed(moves(flows), _PAIR, "flows") / summed(population, "origin", "population")


@indicator(
    id="aggregate_net_migration_rate",
    title="Aggregate net migration rate",
    unit="percent",
    references=(f"{_BELL}: aggregate net migration rate",),
    synonyms=("ANMR", "redistribution by migration"),
    not_for=_SCALE,
    case=Case(
        1.0,
        "inflow less outflow: 30 - 40, 50 - 20, 20 - 40; (10 + 30 + 20) / 2 = 30 of 3,000",
        {"flows": _FLOWS, "population": Cells((1500.0, 900.0, 600.0), area="a b c")},
    ),
)
class AggregateNetMigrationRate(Indicator):
    """Persons whom migration redistributes between areas, per hundred of the population."""

    def __call__(self, flows: Flows, population: PopulationAtRisk) -> xr.DataArray:
        """From moves by origin and destination and the population of the origins."""
        redistributed: xr.DataArray = abs(net_of(flows, "flows")).sum("origin", skipna=False) / 2.0
        return redistributed / summed(population, "origin", "population")


@indicator(
    id="migration_connectivity",
    title="Index of migration connectivity",
    unit="1",
    references=(f"{_BELL}: migration connectivity",),
    synonyms=("connectivity of the migration system",),
    not_for="samples: a flow that no one in the sample made may exist",
    case=Case(
        2 / 3,
        "4 of 6 pairs have a flow",
        {"flows": _matrix(((9.0, 3.0, 0.0), (1.0, 8.0, 0.0), (2.0, 2.0, 7.0)))},
    ),
)
class MigrationConnectivity(Indicator):
    """Share of the pairs of unlike places between which anyone moves."""

    def __call__(self, flows: FlowMatrix) -> xr.DataArray:
        """From moves by origin and destination."""
        between = moves(flows)
        pairs = (flows.coords["origin"] != flows.coords["destination"]).sum()
        linked = (between > 0).where(between.notnull())
        share: xr.DataArray = summed(linked, _PAIR, "flows") / pairs
        return share


@indicator(
    id="migration_inequality",
    title="Index of migration inequality",
    unit="1",
    references=(f"{_BELL}: migration inequality, expected flows all equal",),
    synonyms=("inequality of flows",),
    not_for=_SCALE,
    case=Case(
        0.2,
        "shares .3 .1 .1 .1 .2 .2 against 1/6: (4/30 + 3 × 2/30 + 2 × 1/30) / 2",
        {"flows": _MATRIX},
    ),
)
class MigrationInequality(Indicator):
    """Share of the moves that would have to go elsewhere for all flows to be equal."""

    def __call__(self, flows: FlowMatrix) -> xr.DataArray:
        """From moves by origin and destination."""
        unlike = flows.coords["origin"] != flows.coords["destination"]
        between = moves(flows)
        gap = between / summed(between, _PAIR, "flows") - 1.0 / unlike.sum()
        total: xr.DataArray = abs(gap).where(unlike, 0.0).sum(_PAIR, skipna=False)
        return total / 2.0


@indicator(
    id="migration_weighted_gini",
    title="Migration-weighted Gini index",
    unit="1",
    references=(
        "Plane and Mulligan (1997), Demography 34(2)",
        f"{_BELL}: corrected for the number of areas",
    ),
    synonyms=("MWG", "spatial focus of migration"),
    not_for=_SCALE,
    case=Case(
        0.2,
        "outflows (30, 10): 1/2, (10, 10) and (20, 20): 0, weights .4 .2 .4; inflows (10, 20): "
        "1/3, (30, 20): 1/5, (10, 10): 0, weights .3 .5 .2; (0.2 + 0.2) / 2",
        {"flows": _MATRIX},
    ),
)
class MigrationWeightedGini(Indicator):
    """Spatial focus: how uneven the flows of a place are, weighted by its moves.

    0 where each place has even flows with all others, 1 where each has one partner only. The
    weights are shares of all moves; they add up to one, so no division by the number of places
    follows.
    """

    side: Literal["out", "in", "mean"] = parameter(
        default="mean", help="flows from each place, to each place, or the mean of both"
    )

    def __call__(self, flows: FlowMatrix) -> xr.DataArray:
        """From moves between three places or more."""
        return lift(weighted_gini, square(flows, "flows"), core=[_PAIR], side=self.side)


@indicator(
    id="flow_variation",
    title="Aggregate coefficient of variation of flows",
    unit="1",
    references=("Rogers and Sweeney (1998), The Professional Geographer 50(2)",),
    synonyms=("ACV", "aggregated system-wide coefficient of variation"),
    not_for=_SCALE,
    case=Case(
        0.2,
        "out-flows (30, 10): 10 / 20, (10, 10) and (20, 20): 0; weights .4 .2 .4",
        {"flows": _MATRIX},
        {"side": "out"},
    ),
)
class FlowVariation(Indicator):
    """Spatial focus: the coefficient of variation of a place's flows, weighted by its moves."""

    side: Literal["out", "in", "both"] = parameter(
        default="both", help="flows from each place, to each place, or the sum of both"
    )

    def __call__(self, flows: FlowMatrix) -> xr.DataArray:
        """From moves between places."""
        return lift(aggregate_variation, square(flows, "flows"), core=[_PAIR], side=self.side)


@indicator(
    id="mean_migration_distance",
    title="Mean distance of migration",
    unit="kilometre",
    references=(f"{_BELL}, table 6: mean distance moved",),
    synonyms=("average distance moved",),
    not_for=_SCALE + "; moves within an area are not in it",
    case=Case(
        116.0,
        "(40 × 50 + 30 × 120 + 30 × 200) / 100",
        {"flows": _MATRIX, "distance": _KM},
    ),
)
class MeanMigrationDistance(Indicator):
    """Mean distance between origin and destination of those who move."""

    def __call__(self, flows: FlowMatrix, distance: Distances) -> xr.DataArray:
        """From moves and distances by origin and destination."""
        between = square(flows, "flows")
        return summed(between * square(distance, "distance"), _PAIR, "flows") / summed(
            between, _PAIR, "flows"
        )


@indicator(
    id="median_migration_distance",
    title="Median distance of migration",
    unit="kilometre",
    references=(f"{_BELL}: median distance moved",),
    synonyms=("median distance moved",),
    not_for=_SCALE + "; moves within an area are not in it",
    case=Case(
        120.0,
        "of 100 moves, 40 go 50 km, 30 go 120 km, 30 go 200 km: the 50th goes 120 km",
        {"flows": _MATRIX, "distance": _KM},
    ),
)
class MedianMigrationDistance(Indicator):
    """The distance that half of those who move do not exceed, one of those given."""

    def __call__(self, flows: FlowMatrix, distance: Distances) -> xr.DataArray:
        """From moves and distances by origin and destination."""
        across, between = square(distance, "distance"), square(flows, "flows")
        return lift(weighted_median, across, between, core=_CORE)


@indicator(
    id="migration_preference",
    title="Index of migration preference",
    unit="1",
    references=(
        "United Nations (1970), Manual VI, Methods of Measuring Internal Migration; Bachi (1957)",
    ),
    synonyms=("preference index", "relative intensity of a flow"),
    not_for="wishes: distance and history are in it",
    case=Case(
        _matrix(
            ((float("nan"), 2.0, 1.0), (2 / 3, float("nan"), 5 / 3), (2.0, 10 / 3, float("nan")))
        ),
        "a to b: 30 / (100 × 1000 × 600 / 2000²) = 30 / 15",
        {"flows": _MATRIX, "population": _PEOPLE},
    ),
)
class MigrationPreference(Indicator):
    """Moves of each pair over those expected if population alone decided.

    Missing within a place.
    """

    def __call__(self, flows: FlowMatrix, population: PopulationAtRisk) -> xr.DataArray:
        """From moves by origin and destination and the population of all places."""
        between = square(flows, "flows")
        share = population / summed(population, "origin", "population")
        expected = summed(between, _PAIR, "flows") * share * share.rename(origin="destination")
        return (between / expected).where(between.coords["origin"] != between.coords["destination"])
