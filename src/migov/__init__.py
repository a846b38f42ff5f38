"""Tools for human migration governance: measure, compare, project, design, match, account.

Every room and every name loads when it is first used. Two prefixes only: ``mg.<Indicator>``
and ``mg.<room>.<verb>``, beside the verbs of the core.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migov import compare as compare
    from migov import composite as composite
    from migov import datasets as datasets
    from migov import demography as demography
    from migov import governance as governance
    from migov import indicators as indicators
    from migov import io as io
    from migov import labour as labour
    from migov import plot as plot
    from migov import report as report
    from migov import schemes as schemes
    from migov import testing as testing
    from migov.composite.balance import Balance as Balance
    from migov.core import areas as areas
    from migov.core import catalogue as catalogue
    from migov.core import definitions as definitions
    from migov.core import status as status
    from migov.core.ages import ages_between as ages_between
    from migov.core.ages import regroup_ages as regroup_ages
    from migov.core.cases import Case as Case
    from migov.core.cases import Cells as Cells
    from migov.core.combine import concat as concat
    from migov.core.combine import hold as hold
    from migov.core.combine import person_years as person_years
    from migov.core.definition import Definition as Definition
    from migov.core.definition import define as define
    from migov.core.definition import definition_of as definition_of
    from migov.core.errors import MigovError as MigovError
    from migov.core.errors import MigovWarning as MigovWarning
    from migov.core.explain import explain as explain
    from migov.core.frame import from_frame as from_frame
    from migov.core.grouped import by_group as by_group
    from migov.core.grouped import weighted_mean as weighted_mean
    from migov.core.indicator import Indicator as Indicator
    from migov.core.indicator import indicator as indicator
    from migov.core.indicator import parameter as parameter
    from migov.core.inputs import Input as Input
    from migov.core.partition import total as total
    from migov.core.spread import share as share
    from migov.core.spread import spread as spread
    from migov.core.units import from_pint as from_pint
    from migov.core.units import to_pint as to_pint
    from migov.core.units import to_unit as to_unit
    from migov.indicators import *  # noqa: F403
    from migov.indicators.survey import estimate as estimate

__version__ = "0.1.0"

if not TYPE_CHECKING:
    import sys
    from importlib import import_module

    from migov._lazy import attach

    _ROOMS = (
        "compare",
        "composite",
        "datasets",
        "demography",
        "governance",
        "indicators",
        "io",
        "labour",
    )
    _MODULES = ("areas", "catalogue", "definitions", "status")
    _NAMES = {
        "ages": ("ages_between", "regroup_ages"),
        "cases": ("Case", "Cells"),
        "combine": ("concat", "hold", "person_years"),
        "definition": ("Definition", "define", "definition_of"),
        "errors": ("MigovError", "MigovWarning"),
        "explain": ("explain",),
        "frame": ("from_frame",),
        "grouped": ("by_group", "weighted_mean"),
        "indicator": ("Indicator", "indicator", "parameter"),
        "inputs": ("Input",),
        "partition": ("total",),
        "spread": ("share", "spread"),
        "units": ("from_pint", "to_pint", "to_unit"),
    }
    _TABLE = {
        "Balance": "migov.composite.balance",
        "estimate": "migov.indicators.survey",
        **{room: f"migov.{room}" for room in (*_ROOMS, "plot", "report", "schemes", "testing")},
        **{name: f"migov.core.{module}" for module, names in _NAMES.items() for name in names},
    }
    _of_table, _names = attach(__name__, _TABLE)

    def __getattr__(name):
        if name in _MODULES:
            value = import_module(f"migov.core.{name}")
        elif name in _TABLE:
            return _of_table(name)
        elif name[:1].isupper() and name in import_module("migov.indicators").__all__:
            value = getattr(import_module("migov.indicators"), name)
        else:
            message = f"module 'migov' has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=sys.modules[__name__])
        setattr(sys.modules[__name__], name, value)
        return value

    def __dir__():
        return sorted({*_names(), *_MODULES, *import_module("migov.indicators").__all__})
