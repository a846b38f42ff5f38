"""The composite index: a frozen specification that scores, audits and tests itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import attrs

from migov.composite import tree as trees
from migov.composite.combining import Aggregation, Arithmetic, Given, Missing, Weighting
from migov.composite.methods import MinMax, Normaliser, Treatment, Untreated
from migov.composite.tree import Node, Tree, tree_of
from migov.composite.validators import numbers, one_of, text
from migov.composite.written import read, written
from migov.core.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from migov.composite.uncertainty import Uncertainty


@attrs.frozen(kw_only=True)
class Index:
    """A composite index: its nodes, and the choices by which they become scores.

    A choice of a node replaces the index's for that node. The order of the work is: fill
    missing values, treat outliers, normalise, weigh, aggregate from the bottom to the root.

    Parameters
    ----------
    nodes : tuple of Node
        Indicators and aggregates; one without parent, the index itself.
    title : str
        Name of the index.
    missing : Missing
        Filling, and the share of children that a node needs.
    treat : Treatment
        Outliers.
    normalise : Normaliser
        Common scale.
    weigh : Weighting
        Weights among siblings.
    aggregate : Aggregation
        Children to node.
    scope : {"each", "panel"}
        Whether extremes, means and weights are of the areas at each date, or of all areas and
        dates together, so that scores compare over time.
    classes : tuple of float
        Increasing lower limits of the classes of the root's score above the lowest.
    tolerance : float
        Scores that differ by less than this, relative to the largest, have one rank.

    Raises
    ------
    ParameterError
        The nodes are no tree, an indicator has no direction, an aggregate mixes indicators
        with and without a better direction, or choices do not go together.

    Examples
    --------
    >>> import xarray as xr
    >>> index = Index(title="openness", nodes=(
    ...     Node(id="openness"),
    ...     Node(id="visa", parent="openness", direction="up"),
    ...     Node(id="delay", parent="openness", direction="down"),
    ... ))
    >>> data = xr.DataArray([[10.0, 30.0, 20.0], [9.0, 3.0, 6.0]],
    ...     coords={"node": ["visa", "delay"], "area": ["ALB", "DEU", "MDA"]},
    ...     dims=("node", "area"))
    >>> index.score(data).score.sel(node="openness").values
    array([  0., 100.,  50.])
    >>> Index.from_json(index.to_json()) == index
    True

    References
    ----------
    Nardo, M. et al. (2008). OECD and JRC, Handbook on Constructing Composite Indicators.
    """

    nodes: tuple[Node, ...] = attrs.field(validator=trees.check_nodes)
    title: str = attrs.field(default="", validator=text)
    missing: Missing = attrs.field(factory=Missing, validator=trees.kind_of(Missing))
    treat: Treatment = attrs.field(factory=Untreated, validator=trees.kind_of(Treatment))
    normalise: Normaliser = attrs.field(factory=MinMax, validator=trees.kind_of(Normaliser))
    weigh: Weighting = attrs.field(factory=Given, validator=trees.kind_of(Weighting))
    aggregate: Aggregation = attrs.field(factory=Arithmetic, validator=trees.kind_of(Aggregation))
    scope: Literal["each", "panel"] = attrs.field(default="each", validator=one_of("each", "panel"))
    classes: tuple[float, ...] = attrs.field(default=(), validator=numbers)
    tolerance: float = 1e-9

    def __attrs_post_init__(self) -> None:
        def refuse(name: str, mend: str) -> None:
            raise ParameterError("Index", f"{name}={getattr(self, name)!r}", mend, 9, name)

        if not isinstance(self.tolerance, float | int) or not 0 <= self.tolerance < 1e-2:
            refuse("tolerance", "a small relative number, such as 1e-9")
        limits = self.classes
        if list(limits) != sorted(set(limits)):
            refuse("classes", "a tuple of increasing limits")
        trees.check(self)

    @property
    def tree(self) -> Tree:
        """Return what follows from the nodes: indicators, levels, the root."""
        return tree_of(self.nodes)

    def to_json(self) -> str:
        """Return the specification as JSON text."""
        told: dict[str, Any] = {}
        for field in attrs.fields(Index):
            value = getattr(self, field.name)
            told[field.name] = value.to_dict() if hasattr(value, "to_dict") else value
        told["nodes"] = [written(node) for node in self.nodes]
        return json.dumps(told, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Index:
        """Return the index that a text of :meth:`to_json` tells.

        Raises
        ------
        ParameterError
            The text is damaged, or a choice does not exist.
        """
        try:
            told = json.loads(text)
            nodes = tuple(Node(**read(node)) for node in told.pop("nodes"))
            return cls(nodes=nodes, **read(told))
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            if isinstance(fault, ParameterError):
                raise
            raise ParameterError(
                "Index.from_json", f"the text tells no index: {fault}", "index.to_json()", 9, "text"
            ) from fault

    def evolve(self, **changes: Any) -> Index:
        """Return the index with some choices changed."""
        return attrs.evolve(self, **changes)

    def weighted(self, weights: Mapping[str, float] | xr.Dataset) -> Index:
        """Return the index with the weights of some nodes changed.

        Parameters
        ----------
        weights : mapping of str to float, or Dataset {node}
            By node; or what an elicitation returned, with its ``weight``.

        Raises
        ------
        CodeError
            A name is no node.
        ParameterError
            Decimals that do not add up to one among the children of a node.
        """
        from migov.composite.changes import weighted

        return weighted(self, weights)

    def without(self, *names: str) -> Index:
        """Return the index without some nodes and all below; empty parents go too.

        Decimal weights of the siblings that are left are divided by their sum.

        Raises
        ------
        CodeError
            A name is no node.
        ParameterError
            Nothing would be left.
        """
        from migov.composite.changes import without

        return without(self, names)

    def score(self, data: Any, seed: int | None = None) -> xr.Dataset:
        """Return the scores of all nodes, with coverage, status, weights and values.

        Parameters
        ----------
        data : Dataset, mapping of DataArray, or DataArray {node, area, …}
            One array {area, …} an indicator, by its id; further dimensions (``time``, ``member``)
            are computed each on its own.
        seed : int, optional
            Changes nothing: no choice of an index is random.

        Returns
        -------
        Dataset {area, node, …}
            ``score`` of each node, of indicators on the common scale; ``value`` of the
            indicators as given, in the unit of the node; ``weight {node, …}`` among the
            siblings, adding up to one; ``coverage``, the share of the indicators below that
            were observed; ``observation_status``; where the choices may do so, ``treated``
            and ``capped``, values that were. Ranks are asked for, by :meth:`rank`.

        Raises
        ------
        MigovError
            Indicators, labels, units or values that do not do.
        """
        from migov.composite.scoring import score

        return score(self, data)

    def rank(self, scored: xr.Dataset, node: str | None = None) -> xr.DataArray:
        """Return the places of the areas, 1 for the best; ties share the best place.

        Scores that differ by at most :attr:`tolerance` times the largest absolute score tie.

        Parameters
        ----------
        scored : Dataset
            From :meth:`score`.
        node : str, optional
            The root where absent.

        Raises
        ------
        ParameterError
            An indicator below the node has no better direction.
        CodeError
            The index has no such node.
        """
        from migov.composite.scoring import rank

        return rank(self, scored, node)

    def explain(self, scored: xr.Dataset, area: str, **at: Any) -> str:
        """Return an area's profile in words: the tree with scores, weights and gaps.

        Parameters
        ----------
        scored : Dataset
            From :meth:`score`.
        area : str
            Code of the area.
        **at
            Labels of further dimensions, as ``time="2020-07-01"``.

        Raises
        ------
        CodeError
            The area is not scored.
        DimensionError
            A further dimension is not selected.
        """
        from migov.composite.profile import explain

        return explain(self, scored, area, at)

    def audit(self, data: Any, redundant: float = 0.9) -> xr.Dataset:
        """Return what the data say of the structure and the weights.

        Parameters
        ----------
        data : Dataset, mapping of DataArray, or DataArray {node, area, …}
        redundant : float
            Absolute correlation from which two siblings measure the same.

        Returns
        -------
        Dataset
            ``correlation {node, other}`` of scores; ``alpha {node}`` of Cronbach, of each
            aggregate's children; ``component_share {node, component}`` and ``loading
            {node}`` of the children's principal components; ``importance {node}`` in the
            parent beside ``weight {node}``; ``redundancy {node}``, the largest absolute
            correlation with a sibling, and ``redundant``; ``skewness``, ``kurtosis`` and
            ``observed`` share of the indicators' values.
        """
        from migov.composite.audit import audit

        return audit(self, data, redundant)

    def robustness(
        self,
        data: Any,
        uncertainty: Uncertainty | None = None,
        *,
        draws: int = 1000,
        seed: int | None = None,
        node: str | None = None,
        ranks: bool = False,
        standard_error: Any = None,
    ) -> xr.Dataset:
        """Return the scores under uncertain data, weights and methods.

        Parameters
        ----------
        data : Dataset, mapping of DataArray, or DataArray {node, area, …}
            Where it has ``member``, each draw takes one member.
        uncertainty : Uncertainty, optional
            What is uncertain; weights by 25 % where absent.
        draws : int
            Number of draws; the first of many are those of few.
        seed : int, optional
            None draws one; it is in the result.
        node : str, optional
            The root where absent.
        ranks : bool
            Whether ranks are asked for.
        standard_error : like `data`, optional
            Standard errors, in the units of the data.

        Returns
        -------
        Dataset
            ``score {area, member, …}``, ``nominal {area, …}``, ``interval {area,
            quantile}``, with `ranks` ``rank``, ``nominal_rank``, ``rank_interval``,
            ``rank_acceptability {area, place}``; with classes ``class_probability {area,
            class}`` and ``class_change {area}``; the choices of each draw.

        Raises
        ------
        ParameterError
            Ranks of a node with indicators that have no better direction.
        """
        from migov.composite.robustness import robustness

        return robustness(
            self,
            data,
            uncertainty,
            draws=draws,
            seed=seed,
            node=node,
            ranks=ranks,
            standard_error=standard_error,
        )

    def sensitivity(
        self,
        data: Any,
        uncertainty: Uncertainty | None = None,
        *,
        samples: int = 512,
        seed: int | None = None,
        node: str | None = None,
        outcome: Literal["score", "rank_shift"] = "score",
        standard_error: Any = None,
    ) -> xr.Dataset:
        """Return Sobol' indices: which uncertain choice moves the result.

        Parameters
        ----------
        data, uncertainty, seed, node, standard_error
            As for :meth:`robustness`.
        samples : int
            A power of two, times (factors + 2) evaluations.
        outcome : {"score", "rank_shift"}
            The score of each area, or the mean absolute shift of ranks against the nominal.

        Returns
        -------
        Dataset {factor, …}
            ``first`` and ``total`` with ``first_low``, ``first_high``, ``total_low``,
            ``total_high``, the ends of 90 % bootstrap intervals, and ``reliable``.

        Warns
        -----
        MigovWarning
            An index is negative, or its interval wide.
        """
        from migov.composite.sensitivity import sensitivity

        return sensitivity(
            self,
            data,
            uncertainty,
            samples=samples,
            seed=seed,
            node=node,
            outcome=outcome,
            standard_error=standard_error,
        )

    def what_if(
        self, data: Any, removed: Sequence[str] | None = None, *, ranks: bool = False
    ) -> xr.Dataset:
        """Return the root's scores with one node at a time left out.

        Parameters
        ----------
        data : Dataset, mapping of DataArray, or DataArray {node, area, …}
        removed : sequence of str, optional
            Nodes; all below the root where absent.
        ranks : bool
            Whether ranks are asked for.

        Returns
        -------
        Dataset {removed, area, …}
            ``score``, ``change`` against the whole index; with `ranks` their ranks.
        """
        from migov.composite.scoring import what_if

        return what_if(self, data, removed, ranks)
