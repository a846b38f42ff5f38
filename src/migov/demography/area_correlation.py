"""Draws that go together between areas, by a matrix of correlations with the areas' labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from migov.core.align import shown
from migov.core.errors import AlignmentError, DimensionError, InputError, ParameterError
from migov.core.inputs import Input
from migov.demography.arguments import loaded, refuse, take
from migov.numeric.streams import normals

NAME = "area_correlation"
_EXACT = 1e-8  # of a correlation, and of the smallest eigenvalue


@attrs.frozen(eq=False)
class AreaCorrelation:
    """A matrix of correlations between areas, taken apart.

    Parameters
    ----------
    areas : list of str
        All labels of the matrix, sorted: neither its order nor a choice of areas to be drawn
        changes a draw.
    root : ndarray (areas, areas)
        Its symmetric square root.
    """

    areas: list[str]
    root: np.ndarray

    @property
    def digest(self) -> str:
        """Return a word that tells this matrix from any other, for results."""
        hashed = hashlib.blake2b(digest_size=8)
        hashed.update("\n".join(self.areas).encode() + self.root.round(6).tobytes())
        return hashed.hexdigest()

    def normals(
        self,
        seed: int,
        process: str,
        areas: Sequence[object],
        members: Iterable[object],
        size: int,
    ) -> NDArray[np.float64]:
        """Return standard normal draws (size, areas, members), correlated between areas.

        Mixed from the independent draws of all areas of the matrix by
        :func:`migov.numeric.streams.normals`, cell by cell, so that a member has the same bits
        whichever others are drawn.
        """
        own = normals(seed, process, self.areas, members, size)
        out = np.zeros((size, len(areas), own.shape[2]))
        for i, area in enumerate(areas):
            for j, share in enumerate(self.root[self.areas.index(str(area))]):
                if share != 0:
                    out[:, i] += share * own[:, j]
        return out


def area_correlation(x: Any, areas: Sequence[str], where: str) -> AreaCorrelation:
    """Return a matrix of correlations checked and taken apart.

    Parameters
    ----------
    x : DataArray {area, other}
        Correlations, "1": ones from an area to itself, symmetric, no negative eigenvalue. The
        second dimension has any other name and the same labels; more areas than are drawn are
        no matter.
    areas : sequence of str
        Areas that will be drawn.
    where : str
        The call that an error names.

    Raises
    ------
    AlignmentError
        Labels that differ between both dimensions, or lack an area.
    DimensionError
        Other dimensions than two.
    InputError
        Numbers that are no correlations, or not of as many numbers at once, with a matrix that
        is.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> two = Cells(((1.0, 0.6), (0.6, 1.0)), area="DEU MDA", other="DEU MDA").array("1")
    >>> found = area_correlation(two, ["MDA"], "call")
    >>> (found.root @ found.root).round(12).tolist()
    [[1.0, 0.6], [0.6, 1.0]]
    """
    contract = Input(title="correlations between areas", unit="1", needs=("area",), values="any")
    given, _ = take(x, contract, where, NAME, complete=True)
    matrix = _square(loaded(given), where)
    other = str(matrix.dims[1])
    labels = [str(label) for label in matrix.indexes["area"]]
    lost = sorted(set(areas) - set(labels))
    if lost:
        told = f"lacks the area {shown(lost)}" if lost != [""] else "is given, the rates lack areas"
        mend = f"{NAME} with every area of the rates"
        raise AlignmentError(where, f"{NAME} {told}", mend, 2, NAME)
    mine = matrix["area"] == matrix[other]
    source = "a matrix of correlations, such as numpy.corrcoef gives"
    refuse(abs(matrix) > 1 + _EXACT, where, NAME, "is beyond -1 to 1", source, 9)
    refuse(mine & (abs(matrix - 1) > _EXACT), where, NAME, "is not 1", source, 9)
    apart = matrix.copy(data=np.abs(matrix.values - matrix.values.T) > _EXACT)
    refuse(apart, where, NAME, "is not the same in both directions", source, 9)
    order = np.argsort(labels)
    values, vectors = np.linalg.eigh(matrix.values[np.ix_(order, order)])
    if values[0] < -_EXACT * len(labels):
        kept = np.floor(1000.0 / (1.0 - values[0])) / 1000.0
        raise InputError(
            where,
            f"{NAME} cannot be of {len(labels)} areas at once: it has the negative eigenvalue "
            f"{values[0]:.3g}",
            f"({kept:g} * {NAME}).where({NAME}.area != {NAME}.{other}, 1.0)"
            f'.assign_attrs(units="1"), the nearest on the way to no correlation',
            9,
            NAME,
        )
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    root = (root + root.T) / 2.0
    return AreaCorrelation([labels[i] for i in order], root)


def _square(x: xr.DataArray, where: str) -> xr.DataArray:
    """Return the matrix with its rows by area and its columns in the same order."""
    others = [str(dim) for dim in x.dims if dim != "area"]
    if len(others) != 1:
        raise DimensionError(
            where,
            f"{NAME} has {', '.join(map(str, x.dims))}, expected area and one other dimension "
            "with the same labels",
            'xarray.DataArray(matrix, {"area": codes, "other": codes}, ["area", "other"], '
            'attrs={"units": "1"})',
            8,
            NAME,
        )
    other = others[0]
    mine, theirs = x.indexes["area"], x.indexes[other]
    if len(mine) != len(theirs) or set(mine) != set(theirs):
        raise AlignmentError(
            where,
            f"{NAME} has area {shown(mine)}, {other} {shown(theirs)}",
            "the same areas in both dimensions",
            2,
            NAME,
        )
    return x.transpose("area", other).sel({other: mine.values})


def refuse_beside(x: Any, where: str, argument: str, value: object) -> None:
    """Refuse a matrix beside a parameter that says the same thing.

    Raises
    ------
    ParameterError
        With both names.
    """
    if x is not None:
        raise ParameterError(
            where, f"{argument}={value!r} beside {NAME}", f"one of {argument} and {NAME}", 9, NAME
        )
