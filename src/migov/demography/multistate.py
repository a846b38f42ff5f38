"""Multistate projection: a population by age and sex over regions or other states."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import xarray as xr

from migov.core import status
from migov.core.definition import define, definition_of
from migov.core.errors import ParameterError
from migov.core.parameters import number
from migov.demography.arguments import one_of, whole
from migov.demography.kernels_multistate import Setting
from migov.demography.life_tables import YOUNGEST_OPEN
from migov.demography.multistate_blocks import Block
from migov.demography.multistate_inputs import MOVES, WHERE, Prepared, cores, prepare, roles
from migov.demography.over_blocks import over_blocks
from migov.demography.projection_inputs import plain_int

_LONG = {
    "population": "population",
    "births": "births over the period, by sex of the child and state at birth",
    "deaths": "deaths over the period, by state at death",
    "departures": "moves out of the state over the period",
    "arrivals": "moves into the state over the period",
    "negative": "smallest group of the population, where below zero",
}


def _check_step(instance: Any, attribute: Any, value: Any) -> None:
    whole(value, WHERE, "step", 1)


def _check_open(instance: Any, attribute: Any, value: Any) -> None:
    number(value, WHERE, "youngest_open", 0.0)


def _check_state(instance: Any, attribute: Any, value: Any) -> None:
    taken = ("time", "period", "sex", "age", "member", "scenario", "origin", "destination", "")
    if not isinstance(value, str) or value in taken:
        raise ParameterError(
            WHERE,
            f"state={value!r}",
            "the dimension of the states: 'area', 'education', 'legal_status', 'labour_status' …",
            9,
            "state",
        )


@attrs.frozen(kw_only=True)
class Multistate:
    """A projection by cohorts over states between which people move.

    Regions are the case of state ``area``; education, citizenship, legal and labour status are
    treated alike. Moves come as rates, probabilities or counts.

    Parameters
    ----------
    step : int
        Length of a period and width of the age groups, in years.
    state : str
        Dimension of the states; two dimensions at once are one whose labels join both.
    moves : {"rates", "probabilities", "counts"}
        What `transitions` are: moves per person-year of the group and state of origin; chances
        to be in another state at the end of the period, of the survivors of a group at its
        start; or persons who move over the period, half at its start and half at its end.
        Every departure is an arrival elsewhere, as one table holds both.
    newborn : str
        State of all newborns (``"no schooling"``); empty for the state of the mother.
    flows : bool
        Whether departures and arrivals are results, counted for each member. Without them
        arrivals are counted for one member of each block in each period, to check the balance.
    negative : {"refuse", "report"}
        What a group below zero does: raise, or be told in the variable ``negative``.
    youngest_open : float
        Age from which the open group may start.

    Notes
    -----
    By rates, persons change linearly within a step (the linear option): with ``M`` the matrix
    of intensities and ``a`` half the step, ``P = (I + a M)^-1 (I - a M)``, and a cohort goes on
    by the ratio of person-years of the multiregional life table,
    ``(I + a M')^-1 (I - a M)``. One state without moves is :class:`CohortComponent` with
    ``ax="half"`` and one youngest group.

    Examples
    --------
    >>> from migov.core.cases import Cells
    >>> three, p = "0-4 5-9 10+", "2020-01-01/2025-01-01"
    >>> people = Cells([[[80, 20], [60, 40], [50, 50]]] * 2, sex="F M", age=three, area="DEU MDA")
    >>> nobody = Cells([[[[0, 0]] * 3] * 2], period=p, sex="F M", age=three, area="DEU MDA")
    >>> moves = Cells([[[[[0, 0.02], [0, 0]]] * 3] * 2],
    ...     period=p, sex="F M", age=three, destination="DEU MDA", origin="DEU MDA")
    >>> run = Multistate(step=5, youngest_open=10).run(
    ...     people.array("person").assign_coords(time=np.datetime64("2020-01-01", "s")),
    ...     nobody.array("1/year"),
    ...     moves.array("1/year"),
    ...     Cells([[[0, 0]]], period=p, age="5-9", area="DEU MDA").array("1/year"),
    ...     sex_ratio=Cells([1.05], period=p).array("1"),
    ... )
    >>> run.population.isel(time=1).sel(sex="F", age=5).round(3).values
    array([81.905, 18.095])

    References
    ----------
    Rogers (1975), Introduction to Multiregional Mathematical Demography. Rogers and Ledent
    (1976), Demography 13(2). Willekens and Rogers (1978), Spatial Population Analysis.
    """

    step: int = attrs.field(default=5, converter=plain_int, validator=_check_step)
    state: str = attrs.field(default="area", validator=_check_state)
    moves: str = attrs.field(default="rates", validator=one_of(*MOVES))
    newborn: str = attrs.field(default="", validator=attrs.validators.instance_of(str))
    flows: bool = attrs.field(default=True, validator=attrs.validators.instance_of(bool))
    negative: str = attrs.field(default="refuse", validator=one_of("refuse", "report"))
    youngest_open: float = attrs.field(default=YOUNGEST_OPEN, validator=_check_open)

    def run(
        self,
        population: xr.DataArray,
        mortality: xr.DataArray,
        transitions: xr.DataArray,
        fertility: xr.DataArray,
        migration: xr.DataArray | None = None,
        *,
        sex_ratio: xr.DataArray,
    ) -> xr.Dataset:
        """Project the population over all periods of the rates.

        Parameters
        ----------
        population : DataArray {sex, age, state, …}
            Persons at the start of the first period; groups of `step` years, the last one open.
            Here and below ``state`` is the dimension that the specification names.
        mortality : DataArray {period, sex, age, state, …}
            Central death rates in 1/year, by the ages of `population`.
        transitions : DataArray {period, sex, age, origin, destination, …}
            Moves, in 1/year, "1" or person as the specification says; nothing from a state to
            itself, except chances that sum to one. For states other than areas the dimensions
            are named ``education_before`` and ``education_after``.
        fertility : DataArray {period, age, state, …}
            Births per woman and year, in 1/year.
        migration : DataArray {period, sex, age, state, …}, optional
            Net migrants from outside, in person or person/year, half at the start of the period
            and half at its end.
        sex_ratio : DataArray {period, …}
            Male births per female birth, "1".

        Core dimensions are those named; the run is lazy over all further ones, and a member
        has the same bits whichever others are in its chunk.

        Returns
        -------
        Dataset
            ``population`` {time, sex, age, state}, and {period, sex, state} ``births``,
            ``deaths`` and, with `flows`, ``departures`` and ``arrivals``; in person. All carry
            the definition of `population`.

        Raises
        ------
        TimeError, AgeError, AlignmentError, DimensionError, UnitError
            Inputs that do not fit together.
        InputError
            Rates, chances or persons that cannot be, with age, sex, state and member.
        AccountError
            ``P1 = P0 + B - D + I - O + M`` does not close in a state, or a group falls below
            zero.
        """
        given = {
            "population": population,
            "mortality": mortality,
            "transitions": transitions,
            "fertility": fertility,
            "migration": migration,
            "sex_ratio": sex_ratio,
        }
        given = {name: x for name, x in given.items() if name != "migration" or x is not None}
        ready = prepare(given, self.step, self.state, self.moves, self.youngest_open)
        return self._dataset(ready, self._compute(ready), population)

    def _block(self, ready: Prepared) -> Block:
        labels = [str(label) for label in ready.states]
        if self.newborn and self.newborn not in labels:
            raise ParameterError(
                WHERE,
                f"newborn={self.newborn!r} is no {self.state} of population",
                f"one of {', '.join(labels[:6])}",
                9,
                "newborn",
            )
        place = labels.index(self.newborn) if self.newborn else -1
        before, after = roles(self.state)
        names = {
            "time": ready.instants,
            "period": ready.starts,
            "sex": np.array(["F", "M"]),
            "age": ready.arrays["population"].coords["age"].values,
            "mothers": ready.arrays["fertility"].coords["age"].values,
            self.state: ready.states,
            before: ready.states,
            after: ready.states,
            **ready.lead,
        }
        return Block(
            Setting(float(self.step), ready.fertile, place, self.flows),
            self.state,
            self.moves,
            names,
            tuple(ready.lead),
            self.negative == "refuse",
            "migration" in ready.arrays,
        )

    def _out(self) -> dict[str, tuple[str, ...]]:
        flow = ("period", "sex", self.state)
        return {
            "population": ("time", "sex", "age", self.state),
            "births": flow,
            "deaths": flow,
            "departures": flow,
            "arrivals": flow,
            "negative": (),
        }

    def _compute(self, ready: Prepared) -> dict[str, xr.Variable]:
        """Run the kernel over the further dimensions, in blocks where they are lazy."""
        core = {name: list(dims) for name, dims in cores(self.state).items()}
        core = {name: dims for name, dims in core.items() if name in ready.arrays}
        core["fertility"][1] = "age of mothers"
        inputs = []
        for name in core:
            x = ready.arrays[name]
            own = ["age of mothers" if name == "fertility" and d == "age" else d for d in x.dims]
            inputs.append(xr.Variable(own, x.data))
        places = [xr.Variable((dim,), np.arange(len(v))) for dim, v in ready.lead.items()]
        return over_blocks(
            self._block(ready),
            [*inputs, *places],
            [*core.values(), *([] for _ in places)],
            list(ready.lead),
            self._out(),
            {"time": len(ready.instants), "period": len(ready.starts), "sex": 2,
             "age": ready.arrays["population"].sizes["age"], self.state: len(ready.states)},
        )  # fmt: skip

    def _dataset(
        self, ready: Prepared, results: dict[str, xr.Variable], population: xr.DataArray
    ) -> xr.Dataset:
        """Put labels, units and definition on the results."""
        base = ready.arrays["population"]
        coords: dict[str, Any] = {
            "time": ready.instants,
            "period": ready.starts,
            "period_end": ("period", ready.ends),
            "sex": ["F", "M"],
            "age": base.coords["age"].values,
            "age_width": ("age", base.coords["age_width"].values),
            self.state: ready.states,
            **ready.lead,
            **ready.scalars,
        }
        gone = () if self.flows or self.moves == "counts" else ("departures", "arrivals")
        gone = (*gone, *(() if self.negative == "report" else ("negative",)))
        definition = definition_of(population)
        arrays = {}
        for name, variable in results.items():
            if name in gone:
                continue
            order = [*self._out()[name], *(d for d in ready.lead if d in variable.dims)]
            kept = {c: v for c, v in coords.items() if _fits(c, v, order)}
            x = xr.DataArray(variable.transpose(*order), kept)
            x.attrs = {"units": "person", "long_name": _LONG[name]}
            arrays[name] = define(x, definition) if name != "negative" else x
        out = xr.Dataset(arrays)
        if ready.flags is not None:
            flags = ready.flags.transpose(*[d for d in ready.lead if d in ready.flags.dims])
            values = np.asarray(flags.values, np.uint16)
            out = out.assign_coords({status.NAME: (flags.dims, values, status.ATTRS)})
        out.attrs = {
            "title": f"multistate projection by {self.state}",
            "specification": json.dumps({"class": WHERE, **attrs.asdict(self)}, sort_keys=True),
        }
        return out


def _fits(name: str, value: Any, dims: list[str]) -> bool:
    """Tell whether a coordinate belongs to an array of these dimensions."""
    if isinstance(value, tuple):
        return value[0] in dims
    return name in dims or np.ndim(value) == 0
