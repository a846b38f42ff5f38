"""The checks of an indicator, each a question with an answer that says what to do.

A check returns None where all is well, the text of the fault where it is not, and raises
:class:`~migov.testing.subject.DoesNotApply` where the declaration leaves nothing to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.testing import checks_declared as declared
from migov.testing import checks_number as number
from migov.testing import checks_refused as refused
from migov.testing import checks_rows as rows
from migov.testing import checks_use as use

if TYPE_CHECKING:
    from collections.abc import Callable

    from migov.testing.subject import Subject

ALL: tuple[Callable[[Subject], str | None], ...] = (
    declared.declared,
    declared.documented,
    declared.contracts,
    declared.worked_case,
    number.scaling,
    number.other_units,
    number.order_of_dimensions,
    number.order_of_labels,
    number.pass_through,
    number.members,
    number.one_missing_cell,
    number.zero_denominators,
    number.laziness,
    declared.pickling,
    number.inputs_unchanged,
    refused.units_refused,
    refused.values_refused,
    refused.dimensions_refused,
    refused.integer_year_refused,
    refused.definitions_refused,
    refused.part_within_whole,
    declared.attributes,
    number.statuses,
    number.report_agrees,
    number.single_precision,
    number.monotone,
    rows.age_groups,
    rows.rows_agree,
    declared.explained,
    use.data_frames,
    use.groups,
)
