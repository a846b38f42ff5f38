"""From one classification of occupations to another, by shares that the caller gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core import codes, status
from migov.core.columns import Faults, numbers
from migov.core.definition import ATTRIBUTE
from migov.core.errors import (
    AlignmentError,
    CodeError,
    DataError,
    DimensionError,
    KindError,
    ParameterError,
    PartitionError,
)
from migov.core.inputs import Input, admit, check_values
from migov.core.partition import check_additive, check_partition
from migov.labour.arguments import several

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNT = Input(title="counts by occupation", unit="person", needs=("occupation",), values="any")


def _frozen(value: Any) -> Any:
    array = np.array(value)
    array.flags.writeable = False
    return array


@attrs.frozen(kw_only=True, eq=False)
class Bridge:
    """Shares by which each occupation of a classification falls into those of another.

    No shares come with the library: official tables of correspondence name which occupations
    touch, not how many persons; shares come from data coded by both.

    Parameters
    ----------
    source, target : {"ISCO-08", "KldB 2010"}
        The classifications.
    sources, targets : ndarray of str
        Codes.
    shares : ndarray (S, T)
        Share of each source that falls into each target; rows sum to one.
    basis : str
        Where the shares come from.
    stylised : bool
        Whether they are assumed.
    """

    source: str
    target: str
    sources: np.ndarray = attrs.field(converter=_frozen)
    targets: np.ndarray = attrs.field(converter=_frozen)
    shares: np.ndarray = attrs.field(converter=_frozen, repr=False)
    basis: str
    stylised: bool = False

    def __attrs_post_init__(self) -> None:
        shape = (len(self.sources), len(self.targets))
        table = self.shares
        plain = table.dtype.kind in "iuf" and table.shape == shape
        if not plain or not (table >= 0).all() or (np.abs(table.sum(axis=1) - 1) > 1e-6).any():
            raise PartitionError(
                "Bridge",
                f"shares is no table {shape} of rows that sum to one",
                "Bridge.from_frame(…)",
                4,
                "shares",
            )

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        share: str,
        basis: str,
        columns: Sequence[str] = ("isco", "kldb"),
        schemes: Sequence[str] = ("ISCO-08", "KldB 2010"),
        stylised: bool = False,
    ) -> Bridge:
        """Return the bridge that a table describes, one row a pair of codes.

        Parameters
        ----------
        frame : DataFrame
            Pairs of codes with their shares.
        share : str
            Column of shares, which sum to one for each source.
        basis : str
            Where the shares come from; it goes with every result.
        columns : (str, str)
            Columns of source and target.
        schemes : (str, str)
            Their classifications.
        stylised : bool
            Whether the shares are assumed: results are then marked.

        Returns
        -------
        Bridge

        Raises
        ------
        DataError
            Unknown codes, pairs twice, shares that are negative or do not sum to one.
        DimensionError, KindError, CodeError
            A column is absent, no data frame, no such classification.

        Examples
        --------
        >>> table = pd.DataFrame({"isco": ["2221", "5321"], "kldb": ["81302", "82101"],
        ...     "share": [1.0, 1.0]})
        >>> Bridge.from_frame(table, share="share", basis="example").targets.tolist()
        ['81302', '82101']
        """
        where = "Bridge.from_frame"
        if not isinstance(frame, pd.DataFrame):
            raise KindError(
                where, f"frame is a {type(frame).__name__}", "a DataFrame", None, "frame"
            )
        for argument, pair in (("columns", columns), ("schemes", schemes)):
            if len(several(pair, str, where, argument)) != 2:
                raise ParameterError(
                    where, f"{argument}={pair!r}", "source and target", 9, argument
                )
        if not isinstance(basis, str) or not basis.strip():
            raise ParameterError(
                where, f"basis={basis!r}", "say where the shares come from", 9, "basis"
            )
        if not len(frame):
            raise DimensionError(where, "frame has no rows", "pairs of codes", 8, "frame")
        for name in (*columns, share):
            if int((frame.columns == name).sum()) != 1:
                raise DimensionError(
                    where,
                    f"frame has no column {name!r}",
                    "columns= the names in your table",
                    8,
                    "columns",
                )
        for scheme in schemes:
            codes.check_scheme(scheme, where)
        faults = Faults(where, frame)
        read = [
            _codes(frame[name], scheme, where, faults)
            for name, scheme in zip(columns, schemes, strict=True)
        ]
        value, _ = numbers(frame[share], faults)
        odd = ~((value >= 0) & (value <= 1 + 1e-9))
        if odd.any():
            told = "no share of one" + ("; divide percent by 100" if (value > 1).any() else "")
            faults.add(f"'{share}': {told}", np.flatnonzero(odd))
        pairs = pd.DataFrame({"source": read[0], "target": read[1]})
        twice = pairs.duplicated(keep=False).to_numpy()
        if twice.any():
            faults.add("the same pair in several rows", np.flatnonzero(twice))
        faults.check()
        sources, s = np.unique(read[0].astype(str), return_inverse=True)
        targets, t = np.unique(read[1].astype(str), return_inverse=True)
        table = np.zeros((len(sources), len(targets)))
        table[s, t] = value
        sums = table.sum(axis=1)
        off = np.abs(sums - 1.0) > 1e-6
        if off.any():
            first = int(np.argmax(off))
            raise DataError(
                where,
                f"{int(off.sum())} of {len(sources)} sources have shares that do not sum to one",
                "give all targets of each source",
                4,
                share,
                (f"shares of {sources[first]} sum to {sums[first]:g}",),
            )
        return cls(
            source=schemes[0],
            target=schemes[1],
            sources=sources.astype(object),
            targets=targets.astype(object),
            shares=table,
            basis=basis,
            stylised=stylised,
        )

    def carry(self, x: xr.DataArray) -> xr.DataArray:
        """Return counts by occupations of the target; their sum stays.

        Parameters
        ----------
        x : DataArray {occupation, …}
            Persons, posts or money by occupations of the source. Rates are not carried:
            carry numerator and denominator, then divide.

        Returns
        -------
        DataArray {occupation, …}
            With the definition of `x`, the union of its status over the occupations that went
            in, and ``stylised`` where the shares are.

        Raises
        ------
        PartitionError
            `x` is a rate, or its occupations overlap.
        AlignmentError
            An occupation of `x` is not in the bridge.

        Examples
        --------
        >>> table = pd.DataFrame({"isco": ["2221", "2221"], "kldb": ["81302", "81313"],
        ...     "share": [0.75, 0.25]})
        >>> bridge = Bridge.from_frame(table, share="share", basis="example")
        >>> x = xr.DataArray([100.0], {"occupation": ["2221"]}, attrs={"units": "person"})
        >>> bridge.carry(x).values
        array([75., 25.])
        """
        where = "Bridge.carry"
        admit(x, _COUNT, where, "x")
        check_values(x, "any", where, "x")
        check_additive(x, where, "x")
        check_partition(x, "occupation", where, "x")
        labels = [str(label) for label in x.indexes["occupation"]]
        place = {str(code): i for i, code in enumerate(self.sources)}
        absent = [label for label in labels if label not in place]
        if absent:
            raise AlignmentError(
                where,
                f"x has occupation {', '.join(absent[:4])}, which the bridge lacks",
                f"codes of {self.source} of the bridge's level",
                2,
                "x",
            )
        plain, flags = status.take(x)
        part = self.shares[[place[label] for label in labels]]
        used = part.sum(axis=0) > 0
        matrix = xr.DataArray(
            part[:, used],
            {"occupation": labels, "target": self.targets[used].astype(str)},
            ("occupation", "target"),
        )
        plain = plain.assign_coords(occupation=labels)
        order = ["target" if d == "occupation" else d for d in x.dims]
        out = xr.dot(plain, matrix, dim="occupation").transpose(*order)
        # A missing source makes only the targets missing that it touches.
        lost = plain.isnull()  # noqa: PD003
        if bool(lost.any()):
            touched = xr.dot(lost.astype(float), (matrix > 0).astype(float), dim="occupation") > 0
            filled = xr.dot(plain.fillna(0.0), matrix, dim="occupation")
            out = filled.where(~touched).transpose(*order)
        out = out.rename(target="occupation")
        out.attrs = {"units": x.attrs["units"], "long_name": x.attrs.get("long_name", "")}
        out.attrs |= {"bridge": f"{self.source} to {self.target}: {self.basis}"}
        if ATTRIBUTE in x.attrs:
            out.attrs[ATTRIBUTE] = x.attrs[ATTRIBUTE]
        out.name = x.name
        if flags is not None:
            out = status.put(out, _joined(flags, labels, matrix))
        return status.mark(out, "stylised") if self.stylised else out

    def reverse(self, counts: xr.DataArray, basis: str) -> Bridge:
        """Return the bridge back, for a population whose counts by source are known.

        Parameters
        ----------
        counts : DataArray {occupation}
            Persons by occupations of the source, all of them.
        basis : str
            Where the counts come from.

        Returns
        -------
        Bridge

        Raises
        ------
        AlignmentError, DimensionError
            Occupations that differ from the bridge's; other dimensions.

        Examples
        --------
        >>> table = pd.DataFrame({"isco": ["2221", "3221"], "kldb": ["81302", "81302"],
        ...     "share": [1.0, 1.0]})
        >>> bridge = Bridge.from_frame(table, share="share", basis="example")
        >>> counts = xr.DataArray([30.0, 10.0], {"occupation": ["2221", "3221"]},
        ...     attrs={"units": "person"})
        >>> bridge.reverse(counts, "survey").shares
        array([[0.75, 0.25]])
        """
        where = "Bridge.reverse"
        admit(counts, _COUNT, where, "counts")
        check_values(counts, "nonnegative", where, "counts")
        check_additive(counts, where, "counts")
        if counts.dims != ("occupation",):
            raise DimensionError(
                where,
                "counts needs the dimension occupation alone",
                "migov.total over the other dimensions first",
                8,
                "counts",
            )
        labels = [str(label) for label in counts.indexes["occupation"]]
        if set(labels) != set(map(str, self.sources)):
            raise AlignmentError(
                where, "counts has other occupations", "give all sources", 2, "counts"
            )
        order = [labels.index(str(code)) for code in self.sources]
        joint = self.shares * np.asarray(counts.values, float)[order][:, None]
        whole = joint.sum(axis=0)
        if not (whole > 0).all():
            lost = self.targets[np.argmin(whole)]
            raise PartitionError(where, f"nobody counts for {lost}", "drop it first", 4, "counts")
        return Bridge(
            source=self.target,
            target=self.source,
            sources=self.targets,
            targets=self.sources,
            shares=(joint / whole).T,
            basis=f"{self.basis}; reversed by {basis}",
            stylised=self.stylised,
        )


def _joined(flags: xr.DataArray, labels: list[str], matrix: xr.DataArray) -> xr.DataArray:
    """Return the union of the status of all sources behind each target."""
    if "occupation" not in flags.dims:
        return flags
    along = flags.assign_coords(occupation=labels)
    parts = []
    for target in matrix.coords["target"].values:
        from_ = matrix.sel(target=target) > 0
        some = along.sel(occupation=[o for o, yes in zip(labels, from_.values, strict=True) if yes])
        parts.append(status.union(some, ["occupation"]))
    return xr.concat(
        parts, xr.Variable("occupation", matrix.coords["target"].values), join="exact"
    ).astype(np.uint16)


def _codes(column: pd.Series[Any], scheme: str, where: str, faults: Faults) -> np.ndarray:
    places, distinct = pd.factorize(column.astype(object), use_na_sentinel=True)
    if (places < 0).any():
        faults.add(f"'{column.name}': no code", np.flatnonzero(places < 0))
    found = np.full(len(distinct) + 1, "", object)
    for i, label in enumerate(distinct):
        try:
            found[i] = codes.occupation(label, scheme, where)
        except CodeError as fault:
            faults.add(f"'{column.name}': {fault.what}", np.flatnonzero(places == i))
    return found[places]
