"""The profile of one area in words: the default view of a composite index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from migov.composite.index import Index
from migov.composite.scoring import scored_by
from migov.core import areas, status
from migov.core.errors import CodeError, DimensionError, KindError

if TYPE_CHECKING:
    import xarray as xr


def explain(index: Index, scored: Any, area: str, at: dict[str, Any]) -> str:
    """Return the tree of an area's scores in words; see :meth:`Index.explain`."""
    where = "Index.explain"
    if not isinstance(area, str):
        raise KindError("Index.explain", f"area is a {type(area).__name__}", "one code", 9, "area")
    found = scored_by(index, scored, where)
    if not isinstance(area, str):
        raise KindError(where, f"area is a {type(area).__name__}", "one code", 9, "area")
    if area not in found.area.values:
        raise CodeError(where, f"{area!r} is not scored", "an area of scored.area", 9, "area")
    try:
        one = found.sel(area=area, **at)
    except KeyError as fault:
        raise CodeError(where, f"no label {fault}", "a label of scored", 9, "at") from fault
    left = [str(dim) for dim in one["score"].dims if dim not in ("node", "member")]
    if left:
        raise DimensionError(
            where, f"scored has {left[0]!r}", f"explain(…, {left[0]}=label)", 8, "at"
        )
    title = index.title or index.tree.root
    lines = [f"{title}: {areas.name(area) if _known(area) else area}"]
    for name in _down(index):
        lines.append("  " * (index.tree.level[name] + 1) + _line(index, one, name))
    if found.attrs.get("left_out"):
        lines.append(f"  in the data and not in the index: {found.attrs['left_out']}")
    lines.append(f"  scale: {_scale(index)}; no ranking: it is asked for by index.rank(scored)")
    return "\n".join(lines)


def _known(area: str) -> bool:
    try:
        areas.name(area)
    except CodeError:
        return False
    return True


def _down(index: Index) -> list[str]:
    """Return the nodes from the root down, each before its children."""
    order: list[str] = []

    def visit(name: str) -> None:
        order.append(name)
        for node in index.nodes:
            if node.parent == name:
                visit(node.id)

    visit(index.tree.root)
    return order


def _scale(index: Index) -> str:
    return repr(index.normalise)


def _number(value: float) -> str:
    return "missing" if np.isnan(value) else f"{value:.4g}"


def _cell(one: xr.Dataset, variable: str, name: str) -> Any:
    x = one[variable].sel(node=name)
    return np.atleast_1d(x.values)


def _line(index: Index, one: xr.Dataset, name: str) -> str:
    """Return a node's score, what it came from and what is missing, in one line."""
    node = next(node for node in index.nodes if node.id == name)
    scores = _cell(one, "score", name)
    text = f"{node.title or name}: {_number(float(np.median(scores)))}"
    if scores.size > 1:
        low, high = np.quantile(scores, (0.1, 0.9))
        text += f" (80 %: {_number(float(low))} to {_number(float(high))})"
    parts = []
    if name in index.tree.leaves:
        value = float(np.median(_cell(one, "value", name)))
        better = {"up": "more is better", "down": "less is better"}.get(node.direction)
        parts += [] if np.isnan(value) else [f"{_number(value)} {node.unit}".rstrip()]
        parts.append(better or "neither more nor less is better")
    else:
        parts.append(f"{100 * float(np.min(_cell(one, 'coverage', name))):.0f} % observed")
    if node.parent:
        parts.append(f"weight {float(np.nanmean(_cell(one, 'weight', name))):.3g}")
    bits = int(np.bitwise_or.reduce(_cell(one, status.NAME, name).astype(np.uint16)))
    parts += list(status.names(bits))
    return f"{text} [{', '.join(parts)}]"
