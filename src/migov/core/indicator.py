"""The form of an indicator: a frozen class whose call has the boundary around it."""

from __future__ import annotations

import functools
import inspect
import json
import typing
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, dataclass_transform

import attrs

from migov.core.errors import KindError, ParameterError
from migov.core.inputs import Input
from migov.core.parameters import parameter as parameter
from migov.core.together import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    import xarray as xr

    from migov.core.cases import Case
    from migov.core.definition import Definition

Direction = Literal["up", "down", "none"]
REGISTERED: dict[str, type[Indicator]] = {}
"""The classes whose modules were imported, by id."""


@attrs.frozen(kw_only=True)
class Info:
    """What an indicator says of itself beside its fields and its call.

    Parameters
    ----------
    id, title, unit : str
        Stable id, published title, unit of the result.
    theme : str
        Name of the module that holds the class.
    references : tuple of str
        Sources with year and equation or table.
    direction : {"up", "down", "none"}
        Which way is better; ``none`` is never ranked nor shown as progress.
    codes, synonyms : tuple of str
        Official codes; other titles that people search for.
    target : str
        Official target, where there is one.
    not_for : str
        What the number must not be used for.
    monotone : tuple of (str, {"up", "down"})
        Arguments in which the result rises or falls throughout.
    within : tuple of (str, str)
        Pairs of a part (or parts joined by a plus) and its whole: a part beyond its whole is
        refused, and so are definitions of the two that contradict.
    alike : tuple of str
        Fields of definitions in which inputs that one State collects may not contradict; those
        that say whose population it is unless others are named.
    case : Case or None
        The worked case.
    """

    id: str
    title: str
    unit: str
    theme: str
    references: tuple[str, ...] = ()
    direction: Direction = "none"
    codes: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    target: str = ""
    not_for: str = ""
    monotone: tuple[tuple[str, str], ...] = ()
    within: tuple[tuple[str, str], ...] = ()
    alike: tuple[str, ...] = PEOPLE
    case: Case | None = None


class Indicator:
    """What every indicator is: parameters in the fields, data in the call.

    A subclass is made by the decorator :func:`indicator`.

    Examples
    --------
    >>> import migov as mg
    >>> mg.OldAgeDependencyRatio(lower=20)
    OldAgeDependencyRatio(lower=20, upper=65)
    """

    __slots__ = ()

    info: ClassVar[Info]

    def __call__(self, *args: Any, **kwargs: Any) -> xr.DataArray:
        """Return the indicator as one DataArray in its declared unit."""
        raise KindError(
            type(self).__name__, "the class has no call of its own", "def __call__(self, …)", 9
        )

    def report(self, *args: Any, **kwargs: Any) -> xr.Dataset:
        """Return value, status and coverage of the same call.

        Returns
        -------
        Dataset
            ``value``; ``observation_status``; ``coverage``, the share of input cells behind
            each cell that hold a number, the smallest over the inputs.
        """
        from migov.core import boundary

        return boundary.report(self, args, kwargs)

    def grouped(
        self,
        groups: str | Sequence[str] | Mapping[str, Sequence[str]],
        *args: Any,
        date: str | None = None,
        **kwargs: Any,
    ) -> xr.DataArray:
        """Return the indicator of whole groups of areas: amounts are added first.

        Parameters
        ----------
        groups : str, sequence of str, or mapping of str to sequence of str
            As in :func:`migov.by_group`.
        date : str, optional
            ISO date of the composition.

        Raises
        ------
        PartitionError
            An input is a rate; take :func:`migov.weighted_mean` of the results instead.

        Examples
        --------
        >>> import migov as mg
        >>> x = mg.Cells(((20, 60, 15), (10, 50, 30)), area="ALB MDA", age="0-14 15-64 65+")
        >>> old = mg.OldAgeDependencyRatio()
        >>> old.grouped({"both": ["ALB", "MDA"]}, x.array("person")).item().__round__(2)
        40.91
        """
        from migov.core.grouped import by_group

        names = list(type(self).contracts())
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        return self(**{name: by_group(x, groups, date=date) for name, x in given.items()})

    def on_frame(
        self,
        frame: pd.DataFrame | Mapping[str, pd.DataFrame],
        *,
        columns: Mapping[str, str],
        units: Mapping[str, str],
        dims: Mapping[str, str],
        definitions: Mapping[str, Definition] | None = None,
        **options: Any,
    ) -> pd.DataFrame:
        """Return the indicator of columns of a table, as a table.

        Parameters
        ----------
        frame : DataFrame, or mapping of str to DataFrame
            One table, or one for each argument.
        columns : mapping of str to str
            The column of each argument.
        units : mapping of str to str
            The unit of each argument's column.
        dims : mapping of str to str
            Columns and the dimensions that they are, as in :func:`migov.from_frame`.
        definitions : mapping of str to Definition, optional
            Who is counted, by argument.
        **options
            What else :func:`migov.from_frame` takes, such as ``time="1 July"``.

        Returns
        -------
        DataFrame
            The dimensions, ``value``, ``unit``, ``status`` and ``coverage``.

        Raises
        ------
        MigovError
            What ``from_frame`` and the call raise; names that are no argument.

        Examples
        --------
        >>> import migov as mg
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"iso3": ["ALB", "MDA"], "all": [2.8, 2.6], "work": [1.1, 0.8]})
        >>> out = mg.EconomicDependencyRatio(labour_standard="13th ICLS").on_frame(
        ...     frame, columns={"population": "all", "employed": "work"}, dims={"iso3": "area"},
        ...     units={"population": "million person", "employed": "million person"})
        >>> out[["area", "value"]].round(2).to_numpy().tolist()
        [['ALB', 1.55], ['MDA', 2.25]]
        """
        from migov.core import tabular

        return tabular.on_frame(self, frame, columns, units, dims, definitions or {}, options)

    @classmethod
    def contracts(cls) -> dict[str, Input]:
        """Return the contract of each argument, from the annotations of the call.

        Examples
        --------
        >>> import migov as mg
        >>> mg.OldAgeDependencyRatio.contracts()["population"].needs
        ('age',)
        """
        found = cls.__dict__.get("_contracts")
        if found is None:
            found = _read_contracts(cls)
            cls._contracts = found  # type: ignore[attr-defined]
        return dict(found)

    def parameters(self) -> dict[str, Any]:
        """Return the fields and their values.

        Examples
        --------
        >>> import migov as mg
        >>> mg.OldAgeDependencyRatio().parameters()
        {'lower': 15, 'upper': 65}
        """
        kind: Any = type(self)
        return {field.name: getattr(self, field.name) for field in attrs.fields(kind)}

    def to_json(self) -> str:
        """Return id and parameters as JSON; :func:`from_json` reads it back."""
        return json.dumps({"id": self.info.id, "parameters": self.parameters()}, sort_keys=True)


def _read_contracts(cls: type[Indicator]) -> dict[str, Input]:
    body = cls.__call__
    try:
        hints = typing.get_type_hints(body, include_extras=True)
    except NameError as fault:
        raise KindError(
            cls.__name__,
            f"an annotation of the call cannot be read at run time: {fault}",
            "import it outside `if TYPE_CHECKING`",
            9,
        ) from fault
    found: dict[str, Input] = {}
    for name in list(inspect.signature(body).parameters)[1:]:
        metadata = getattr(hints.get(name), "__metadata__", ())
        contract = next((item for item in metadata if isinstance(item, Input)), None)
        if contract is None:
            for option in typing.get_args(hints.get(name)):
                metadata = getattr(option, "__metadata__", ())
                contract = contract or next((i for i in metadata if isinstance(i, Input)), None)
        if contract is None:
            raise KindError(
                cls.__name__,
                f"argument {name!r} of the call has no Input in its annotation",
                "Annotated[xr.DataArray, Input(...)]",
                9,
                name,
            )
        found[name] = contract
    return found


def _told(made: Callable[..., None]) -> Callable[..., None]:
    """Return a constructor whose misuse says where parameters and where data belong."""

    @functools.wraps(made)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            made(self, *args, **kwargs)
        except TypeError as fault:
            names = ", ".join(field.name for field in attrs.fields(type(self))) or "none"
            raise KindError(
                type(self).__name__,
                str(fault).removeprefix("__init__() ").removeprefix(f"{type(self).__name__}."),
                f"parameters by name here ({names}), data in the call: Indicator(…)(data)",
                9,
            ) from fault

    return init


C = TypeVar("C", bound=type[Indicator])


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(parameter,))
def indicator(
    *,
    id: str,  # noqa: A002 - the catalogue's word
    title: str,
    unit: str,
    references: tuple[str, ...],
    direction: Direction = "none",
    codes: tuple[str, ...] = (),
    synonyms: tuple[str, ...] = (),
    target: str = "",
    not_for: str = "",
    monotone: tuple[tuple[str, str], ...] = (),
    within: tuple[tuple[str, str], ...] = (),
    alike: tuple[str, ...] = PEOPLE,
    case: Case | None = None,
) -> Callable[[C], C]:
    """Make a class an indicator: freeze it, put the boundary around its call, register it.

    Parameters
    ----------
    id : str
        Stable id, lower case with underscores.
    title : str
        The published title.
    unit : str
        Unit of the result; ``currency`` stands for the currency of the inputs.
    references : tuple of str
        Sources with year and equation or table.
    direction : {"up", "down", "none"}
        Which way is better.
    codes, synonyms : tuple of str
        Official codes; other titles.
    target : str
        Official target.
    not_for : str
        What the number must not be used for.
    monotone : tuple of (str, {"up", "down"})
        Arguments in which the result rises or falls throughout; the checker tries it.
    within : tuple of (str, str)
        Pairs of a part (or parts joined by a plus) and its whole: a part beyond its whole is
        refused, and so are definitions of the two that contradict.
    alike : tuple of str
        Fields of definitions in which inputs that one State collects may not contradict; those
        that say whose population it is unless others are named.
    case : Case
        The worked case.

    Returns
    -------
    callable
        The decorator.

    Raises
    ------
    ParameterError
        The id is taken by another class.

    Examples
    --------
    >>> import migov as mg
    >>> mg.OldAgeDependencyRatio.info.id
    'old_age_dependency_ratio'
    """

    def make(cls: C) -> C:
        from migov.core import boundary

        frozen: Any = attrs.frozen(kw_only=True)(cls)
        frozen.info = Info(
            id=id,
            title=title,
            unit=unit,
            theme=cls.__module__.rpartition(".")[2],
            references=references,
            direction=direction,
            codes=codes,
            synonyms=synonyms,
            target=target,
            not_for=not_for,
            monotone=monotone,
            within=within,
            alike=alike,
            case=case,
        )
        frozen.__call__ = boundary.around(frozen.__call__)
        frozen.__init__ = _told(frozen.__init__)
        other = REGISTERED.get(id)
        if other is not None and (other.__module__, other.__qualname__) != (
            cls.__module__,
            cls.__qualname__,
        ):
            raise ParameterError(
                "indicator",
                f"id={id!r} of {cls.__module__}.{cls.__qualname__} is taken by "
                f"{other.__module__}.{other.__qualname__}",
                "choose another id",
                9,
                "id",
            )
        REGISTERED[id] = frozen
        return typing.cast("C", frozen)

    return make
