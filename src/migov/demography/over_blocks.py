"""One function over the blocks of further dimensions, in memory or lazy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import xarray as xr

Dims = tuple[str, ...]


@attrs.frozen(eq=False)
class _Called:
    """A function called with arrays of any order of axes: further ones first, broadcast."""

    function: Callable[..., tuple[Any, ...]]
    dims: tuple[Dims, ...]
    core: tuple[Dims, ...]
    lead: Dims

    def __call__(self, *arrays: Any) -> tuple[Any, ...]:
        found = self.function(*map(self._ordered, arrays, self.dims, self.core))
        first = range(len(self.lead))
        return tuple(np.moveaxis(x, first, [i - len(self.lead) for i in first]) for x in found)

    def _ordered(self, x: Any, dims: Dims, core: Dims) -> Any:
        mine = [dim for dim in self.lead if dim in dims]
        first = self.lead.index(mine[0]) if mine else len(self.lead)
        placed = np.transpose(x, [dims.index(dim) for dim in (*mine, *core)])
        lacking = [i for i, dim in enumerate(self.lead[first:]) if dim not in dims]
        return np.expand_dims(placed, lacking)


def over_blocks(
    function: Callable[..., tuple[Any, ...]],
    inputs: Sequence[xr.Variable],
    core: Sequence[Sequence[str]],
    lead: Sequence[str],
    out: Mapping[str, Sequence[str]],
    sizes: Mapping[str, int],
) -> dict[str, xr.Variable]:
    """Return what a function of several results gives, lazy where an input is.

    Dask makes the inputs of a block, where they follow cell by cell from others, in the task
    that uses them: no worker keeps them or sends them to another, as it does with
    :func:`xarray.apply_ufunc`, and their layout in memory stays.

    Parameters
    ----------
    function : callable
        Takes arrays with their further axes first, in the order of `lead` and broadcast from
        the right, the core ones last; returns arrays with all further axes first.
    inputs : sequence of Variable
        In memory or lazy.
    core : sequence of sequence of str
        Core dimensions of each input, in the order that the function takes.
    lead : sequence of str
        The further dimensions.
    out : mapping of str to sequence of str
        Core dimensions of each result.
    sizes : mapping of str to int
        Lengths of these.

    Returns
    -------
    dict of str to Variable
        Each {core dimensions, further dimensions}.
    """
    last = tuple(map(str, lead))
    dims = tuple(tuple(map(str, x.dims)) for x in inputs)
    called = _Called(function, dims, tuple(map(tuple, core)), last)
    if all(x.chunks is None for x in inputs):
        arrays = called(*(x.values for x in inputs))
        pairs = zip(out.items(), arrays, strict=True)
        return {name: xr.Variable((*own, *last), x) for (name, own), x in pairs}
    return _lazily(called, inputs, out, sizes)


def _lazily(
    called: _Called,
    inputs: Sequence[xr.Variable],
    out: Mapping[str, Sequence[str]],
    sizes: Mapping[str, int],
) -> dict[str, xr.Variable]:
    """Return the results as Dask arrays; one task a block holds all of them."""
    import dask.array

    blockwise: Any = dask.array.blockwise
    pairs: list[Any] = []
    for x, dims, core in zip(inputs, called.dims, called.core, strict=True):
        whole = x.chunk(dict.fromkeys(core, -1)) if x.chunks is not None else x
        pairs += [whole.data, dims]
    # The core stays among the dimensions: Dask joins no task to one that seems to reduce.
    inner = {dim for core in called.core for dim in core}
    axes = (*called.lead, *sorted(inner))
    empty = np.empty((0,) * len(axes), object)
    together = blockwise(called, axes, *pairs, dtype=object, meta=empty)
    found = {}
    for i, (name, own) in enumerate(out.items()):
        index = (*own, *called.lead)
        x = blockwise(
            _pick,
            index,
            together,
            axes,
            i=i,
            new_axes={dim: sizes[dim] for dim in own if dim not in inner},
            dtype=float,
            meta=np.empty((0,) * len(index)),
        )
        found[name] = xr.Variable(index, x)
    return found


def _pick(results: Any, i: int) -> Any:
    while isinstance(results, list):  # of the parts of the core, which are one
        results = results[0]
    return results[i]
