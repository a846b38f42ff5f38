"""The minutes of a round of dialogue as a page to hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migov.governance.pages import minutes_sections
from migov.report.page import Page

if TYPE_CHECKING:
    from migov.governance import Register
    from migov.governance.dialogue import Round
    from migov.governance.opinions import By


def minutes(
    held: Round,
    *,
    by: By,
    register: Register | None = None,
    date: str = "",
) -> Page:
    """Return a round of dialogue as a page: who was heard, who stands where, what was agreed.

    Parameters
    ----------
    held : Round
        Of :mod:`migov.governance.dialogue`.
    by : {"members", "groups"}
        How objections are counted; see :func:`migov.governance.dialogue.least_objection`.
    register : Register, optional
        Adds what became of what was agreed, at `date`.
    date : str
        ISO date, with `register`; that of the round where absent.

    Returns
    -------
    Page
        ``page.write("minutes.html")`` or ``.md``.

    Raises
    ------
    KindError
        No round, or no register.
    ParameterError
        Another way of counting, or a date without a register.

    Examples
    --------
    >>> from migov.governance import dialogue
    >>> held = dialogue.Round(title="Seasonal work", date="2024-03-01", proposals=(),
    ...     participants=(dialogue.Participant(id="u1", group="academia", heard="2024-03-01"),))
    >>> [head for head, _ in minutes(held, by="groups").sections][:2]
    ['Who was heard', 'Proposals']
    """
    told = minutes_sections(held, by=by, register=register, date=date)
    return Page(held.title, told)
