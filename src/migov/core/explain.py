"""``explain``: what a number is, from what it was made, and what it must not be used for."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from migov.core import areas, status
from migov.core.boundary import RECIPE
from migov.core.definition import definition_of
from migov.core.errors import CodeError, KindError
from migov.core.vocabulary import DIMENSIONS, ROLES

if TYPE_CHECKING:
    import xarray as xr


def _number(value: Any) -> str:
    return "missing" if np.isnan(value) else f"{value:,.6g}".replace(",", "\u202f")


def _where(x: xr.DataArray) -> str:
    """Return the labels of the scalar coordinates in words."""
    parts = []
    for name in DIMENSIONS:
        if name in x.coords and x.coords[name].ndim == 0:
            label = x.coords[name].values[()]
            if isinstance(label, np.datetime64):
                parts.append(str(label)[:10])
            elif name in ROLES:
                parts.append(areas.name(str(label)))
            else:
                parts.append(f"{name} {label}")
    return ", ".join(parts)


def _span(x: xr.DataArray) -> str:
    """Return the value of a single cell, or size and range of many."""
    if x.dtype.kind not in "iufb":
        first = [str(label)[:20] for label in np.atleast_1d(x.values).ravel()[:3]]
        return f"{x.size} of {x.dtype}: {', '.join(first)}{' …' if x.size > 3 else ''}"
    if x.size == 1:
        return _number(float(x.values.reshape(-1)[0]))
    sizes = " × ".join(f"{size} {name}" for name, size in x.sizes.items())
    data: Any = x.data
    if not isinstance(data, np.ndarray):
        return f"{sizes}, not computed yet"
    if np.isnan(data).all():
        return f"{sizes}, all missing"
    return f"{sizes}, from {_number(np.nanmin(data))} to {_number(np.nanmax(data))}"


def _status_line(x: xr.DataArray) -> list[str]:
    if status.NAME not in x.coords:
        return []
    bits = int(np.bitwise_or.reduce(np.atleast_1d(x.coords[status.NAME].values).ravel()))
    named = ", ".join(status.names(bits))
    return [f"status: {named}"] if named else []


def _inputs(recipe: dict[str, Any]) -> list[str]:
    lines = []
    for name, told in recipe["inputs"].items():
        who = "undeclared"
        if "definition" in told:
            fields = json.loads(told["definition"])
            who = fields.get("name") or ", ".join(f"{k}={v}" for k, v in fields.items() if v)
        called = f" ({told['name']})" if told.get("name") not in (None, name) else ""
        lines.append(f"from {name}{called} in {told.get('unit', 'no unit')}: {who}")
    return lines


def explain(x: Any) -> str:
    """Return in words what an array, an indicator or its class is.

    Parameters
    ----------
    x : DataArray, Indicator, or Indicator class
        A result with its recipe, any labelled array, or an indicator.

    Returns
    -------
    str
        Title, value and place; meaning; parameters; inputs with their definitions; joined
        dates; status; source; limits of use.

    Raises
    ------
    KindError
        `x` is none of these, or its recipe is damaged.

    Examples
    --------
    >>> import xarray as xr
    >>> print(explain(xr.DataArray(3.0, attrs={"units": "person", "long_name": "arrivals"})))
    arrivals: 3 person
      definition: undeclared
    """
    import xarray as xr

    from migov.core.indicator import Indicator

    if isinstance(x, Indicator) or (inspect.isclass(x) and issubclass(x, Indicator)):
        return _of_indicator(x)
    if not isinstance(x, xr.DataArray):
        raise KindError(
            "explain",
            f"x is a {type(x).__name__}",
            'an array, or an indicator such as migov.catalogue.get("sdg_10_7_4")',
            8,
            "x",
        )
    return _of_result(x) if RECIPE in x.attrs else _of_array(x)


def _text(head: str, lines: list[str]) -> str:
    return "\n".join([head, *(f"  {line}" for line in lines)])


def _of_array(x: xr.DataArray) -> str:
    title = x.attrs.get("long_name") or x.name or "array"
    lines = [place] if (place := _where(x)) else []
    definition = definition_of(x)
    if definition is None:
        lines.append("definition: undeclared")
    else:
        lines.append(f"definition: {definition.name or 'without a name'}")
        lines += [f"  {name}: {value}" for name, value in definition.known().items()]
    lines += _status_line(x)
    lines += [f"{key}: {x.attrs[key]}" for key in ("price_base", "references") if key in x.attrs]
    return _text(f"{title}: {_span(x)} {x.attrs.get('units', '(no unit)')}", lines)


def _of_result(x: xr.DataArray) -> str:
    from migov.core import catalogue

    try:
        recipe = json.loads(x.attrs[RECIPE])
    except (ValueError, TypeError) as fault:
        raise KindError(
            "explain",
            f"the recipe of x cannot be read: {fault}",
            f"x.attrs.pop({RECIPE!r}) to see the array without it",
            8,
            "x",
        ) from fault
    lines = [place] if (place := _where(x)) else []
    try:
        cls: Any = catalogue.get(recipe["id"])
    except CodeError:
        cls = None
    if cls is not None:
        lines.append(_meaning(cls))
    if recipe["parameters"]:
        told = ", ".join(f"{name}={value!r}" for name, value in recipe["parameters"].items())
        lines.append(f"parameters: {told}")
    lines += _inputs(recipe)
    for name in x.coords:
        if str(name).endswith("_time") and x.coords[name].dtype.kind == "M":
            dates = np.atleast_1d(x.coords[name].values)
            lines.append(f"{str(name).removesuffix('_time')} is of {str(dates[0])[:10]}")
    lines += _status_line(x)
    if cls is not None:
        lines += _limits(cls)
    lines.append(f"made with migov {recipe['version']}")
    title = x.attrs.get("long_name", recipe["id"])
    return _text(f"{title}: {_span(x)} {x.attrs.get('units', '')}".rstrip(), lines)


def _meaning(cls: Any) -> str:
    """Return the first paragraph of a class's docstring in one line."""
    return (inspect.getdoc(cls) or "").split("\n\n")[0].replace("\n", " ")


def _limits(cls: Any) -> list[str]:
    lines = [f"source: {text}" for text in cls.info.references]
    if cls.info.target:
        lines.append(f"target: {cls.info.target}")
    if cls.info.not_for:
        lines.append(f"not for: {cls.info.not_for}")
    return lines


def _of_indicator(x: Any) -> str:
    import attrs

    cls: Any = x if inspect.isclass(x) else type(x)
    info = cls.info
    lines = [_meaning(cls)]
    lines.append(
        f"id: {info.id}; codes: {', '.join(info.codes) or 'none'}; better: {info.direction}"
    )
    for field in attrs.fields(cls):
        value = getattr(x, field.name) if not inspect.isclass(x) else field.default
        shown = "required" if value is attrs.NOTHING else repr(value)
        lines.append(f"{field.name} = {shown}: {field.metadata.get('help', '')}")
    for name, contract in cls.contracts().items():
        by = f" by {', '.join(contract.needs)}" if contract.needs else ""
        who = ", ".join(contract.collector)
        asked = ", its definition" if contract.definition else ""
        asked += f" with {', '.join(contract.asks)}" if contract.asks else ""
        told = f"takes {name}: {contract.title}, {contract.unit}{by}{asked}"
        lines.append(f"{told}; collected by {who}")
    lines += [f"{part} within {whole}: more is refused" for part, whole in info.within]
    return _text(f"{info.title} [{info.unit}]", lines + _limits(cls))
