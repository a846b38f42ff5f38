"""Figures: a frozen mapping of cited arrays, each on its own grid."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
import numpy as np
import pandas as pd
import xarray as xr

from migov.core.errors import CodeError


@attrs.define(auto_exc=True, slots=False, eq=False)
class FigureNameError(CodeError, AttributeError):
    """A name that is no series of the figures; also an AttributeError.

    Examples
    --------
    >>> isinstance(FigureNameError("Figures", "no series 'x'"), KeyError)
    True
    """


@attrs.frozen(kw_only=True)
class Entry:
    """What is told of one series beside its numbers.

    Parameters
    ----------
    name, title : str
        How the series is called in code, and in tables and figures.
    unit : str
        Unit of the values.
    dims : tuple of str
        Dimensions, in order.
    table : str
        Packaged table that holds the rows.
    theme : str
        Part of the outlook it belongs to.
    series : str
        The published series that it is, or is made from.
    edition : str
        Edition or vintage of the publication.
    definition : str
        Name of the ready-made definition, or nothing.
    price_base : str
        Year of the prices, for money.
    prices : bool
        Whether a ledger needs it.
    notes : str
        What a reader has to know.
    attributes : tuple of (str, str)
        Further attributes of the array.

    Examples
    --------
    >>> from migov.datasets import load
    >>> load("outlook").entry("cap").unit
    'person/year'
    """

    name: str
    title: str
    unit: str
    dims: tuple[str, ...]
    table: str
    theme: str
    series: str
    edition: str
    definition: str = ""
    price_base: str = ""
    prices: bool = False
    notes: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


def _values(x: xr.DataArray) -> list[np.ndarray]:
    variables = [x.variable, *(c.variable for n, c in x.coords.items() if n not in x.indexes)]
    given = (v.values for v in variables)
    return [values for values in given if isinstance(values, np.ndarray)]  # no scalar dates


def freeze(x: xr.DataArray) -> xr.DataArray:
    """Return an array whose values and coordinates cannot be written to.

    An array that can be written to is copied first.

    Examples
    --------
    >>> freeze(xr.DataArray([1.0])).values.flags.writeable
    False
    """
    if not any(values.flags.writeable for values in _values(x)):
        return x
    out = x.copy(deep=True)
    for values in _values(out):
        values.flags.writeable = False
    return out


def _frozen(given: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    return {key: freeze(x) for key, x in given.items()}


@attrs.frozen(eq=False, repr=False)
class Figures(Mapping[str, xr.DataArray]):
    """A frozen mapping of figures: ``figures.population`` or ``figures["population"]``.

    Each array has its own grid, its unit, a title that says whether it is stylised, the
    definition of who is counted, the citations, and for each cell a status.

    Parameters
    ----------
    name, title : str
        Of the data set.
    entries : tuple of Entry
        What is told of each series, in order.
    arrays : mapping of str to DataArray
        The numbers; copied and frozen.
    table : DataFrame
        One row a value: series, labels, value, status, source.
    citations : DataFrame
        Sources by key.
    absent : DataFrame
        What was asked for and does not exist.

    Examples
    --------
    >>> from migov.datasets import load
    >>> figures = load("outlook")
    >>> figures.sex_ratio.sel(area="ALB", period="2025-07-01").item()
    1.063
    >>> figures["vacancies"].long_name
    'Vacancies in Germany by ISCO-08 major group (stylised)'
    """

    name: str
    title: str
    entries: tuple[Entry, ...]
    arrays: Mapping[str, xr.DataArray] = attrs.field(converter=_frozen)
    table: pd.DataFrame
    citations: pd.DataFrame
    absent: pd.DataFrame

    def __getitem__(self, name: str) -> xr.DataArray:
        found = self.arrays.get(name)
        if found is None:
            raise self._unknown(name)
        return found.copy(deep=False)

    def __getattr__(self, name: str) -> xr.DataArray:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self.arrays})

    def __reduce__(self) -> tuple[Any, ...]:
        fields = (getattr(self, field.name) for field in attrs.fields(type(self)))
        return type(self), tuple(fields)

    def __repr__(self) -> str:
        wide = max((len(e.name) for e in self.entries), default=0)
        unit = max((len(e.unit) for e in self.entries), default=0)
        lines = [f"Figures {self.name!r}: {self.title} ({len(self)} series)"]
        for e in self.entries:
            mark = "  stylised" if self.arrays[e.name].attrs["stylised"] else ""
            lines.append(f"  {e.name:{wide}}  {e.unit:{unit}}  {{{', '.join(e.dims)}}}{mark}")
        return "\n".join(lines)

    def _unknown(self, name: str) -> FigureNameError:
        close = difflib.get_close_matches(str(name), list(self.arrays), 3, 0.5)
        mend = " | ".join(close) if close else "print(figures) lists all series"
        return FigureNameError("Figures", f"{name!r} is no series of {self.name!r}", mend, None)

    def entry(self, name: str) -> Entry:
        """Return what is told of one series.

        Raises
        ------
        FigureNameError
            There is no such series.
        """
        for one in self.entries:
            if one.name == name:
                return one
        raise self._unknown(name)

    def select(self, names: Iterable[str]) -> Figures:
        """Return the figures with some of the series only, in the order of the whole.

        Raises
        ------
        FigureNameError
            One of the names is no series.

        Examples
        --------
        >>> from migov.datasets import load
        >>> list(load("outlook").select(["sex_ratio", "population"]))
        ['population', 'sex_ratio']
        """
        wanted = {self.entry(name).name for name in names}
        kept = tuple(e for e in self.entries if e.name in wanted)
        table = self.table[self.table["series"].isin(wanted)].reset_index(drop=True)
        arrays = {e.name: self.arrays[e.name] for e in kept}
        return attrs.evolve(self, entries=kept, arrays=arrays, table=table)

    @property
    def prices(self) -> Figures:
        """Wages, exchange rates, taxes and costs: what a ledger needs.

        Examples
        --------
        >>> from migov.datasets import load
        >>> load("outlook").prices.discount_rate.units
        'percent/year'
        """
        return self.select(e.name for e in self.entries if e.prices)

    def stylised(self, name: str) -> bool:
        """Tell whether a series holds an assumption.

        Raises
        ------
        FigureNameError
            There is no such series.

        Examples
        --------
        >>> from migov.datasets import load
        >>> load("outlook").stylised("demand"), load("outlook").stylised("employment")
        (True, False)
        """
        return bool(self[name].attrs["stylised"])

    def rows(self, name: str) -> pd.DataFrame:
        """Return the rows of one series as packaged, with status and the key of the source.

        Raises
        ------
        FigureNameError
            There is no such series.

        Examples
        --------
        >>> from migov.datasets import load
        >>> load("outlook").rows("cap")[["period", "value", "source"]]
               period  value   source
        0  2021-01-01  25000  wbr_cap
        1  2024-06-01  50000  wbr_cap
        """
        self.entry(name)
        part = self.table[self.table["series"] == name].reset_index(drop=True)
        blank = [c for c in part if c not in ("value", "status") and (part[c] == "").all()]
        return part.drop(columns=blank)

    def sources(self) -> pd.DataFrame:
        """Return one row a series: what it is, where it is from, whether it is assumed.

        Returns
        -------
        DataFrame
            name, title, unit, dims, series, edition, source (citations), year, licence,
            stylised, rows.

        Examples
        --------
        >>> from migov.datasets import load
        >>> load("outlook").sources().set_index("name").loc["cap", "year"]
        '2025'
        """
        keys = {str(one["key"]): one for one in self.citations.to_dict("records")}
        told = []
        for e in self.entries:
            part = self.table[self.table["series"] == e.name]
            used = [keys[key] for key in used_keys(part["source"])]
            told.append(
                {
                    "name": e.name,
                    "title": self.arrays[e.name].attrs["long_name"],
                    "unit": e.unit,
                    "dims": ", ".join(e.dims),
                    "series": e.series,
                    "edition": e.edition,
                    "source": "; ".join(one["citation"] for one in used),
                    "year": ", ".join(dict.fromkeys(one["year"] for one in used)),
                    "licence": "; ".join(dict.fromkeys(one["licence"] for one in used)),
                    "stylised": bool(self.arrays[e.name].attrs["stylised"]),
                    "rows": len(part),
                }
            )
        return pd.DataFrame(told)

    def missing(self) -> pd.DataFrame:
        """Return what the outlook needs and nobody publishes.

        Returns
        -------
        DataFrame
            what, area, actor (origin or destination), collector, why, instead.

        Examples
        --------
        >>> from migov.datasets import load
        >>> load("outlook").missing().query("area == 'KGZ'")["instead"].item()
        'nothing: the origin is left out'
        """
        return self.absent.copy()

    def identical(self, other: object) -> bool:
        """Tell whether other figures have the same series, numbers, labels and attributes."""
        if not isinstance(other, Figures) or list(self) != list(other):
            return False
        return all(x.identical(other.arrays[name]) for name, x in self.arrays.items())


def used_keys(column: Iterable[str]) -> list[str]:
    """Return the keys of sources that a column names, each once, in order."""
    return list(dict.fromkeys(key for text in dict.fromkeys(column) for key in text.split("; ")))
