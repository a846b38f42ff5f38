"""Limits by group and seats kept for a group: rules that bound a matching besides the seats."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from migov.core.errors import ParameterError


def pairs(given: Any) -> Any:
    """Return a mapping of labels to whole numbers as a tuple of pairs."""
    items = given.items() if hasattr(given, "items") else given
    try:
        return tuple((str(label), number) for label, number in items)
    except (TypeError, ValueError):
        raise ParameterError(
            "Limit", f"{given!r} is no mapping of groups to numbers", '{"MDA": 1500}', 9, "most"
        ) from None


def _check_numbers(instance: Any, attribute: Any, value: Any) -> None:
    where = type(instance).__name__
    for label, number in value:
        whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
        if not whole or number < 0:
            raise ParameterError(
                where, f"{attribute.name} of {label!r} is {number!r}", "a whole number from 0", 9,
                attribute.name,
            )  # fmt: skip


@attrs.frozen(kw_only=True)
class Limit:
    """At most, or at least, so many placements by group.

    Parameters
    ----------
    by : str
        Name of a grouping of the posts (a region, a sector), of the workers (a State of origin
        whose quota is agreed), or ``"post"``.
    most : mapping of str to int
        Upper bound of each group; groups that are not named have none.
    least : mapping of str to int
        Lower bound of each group. Deferred acceptance takes it with ``by="post"`` only, where
        every worker lists every post; :func:`assignment` takes any.
    at_each_post : bool
        With a grouping of workers: whether `most` holds at each post and not for all together.
        For all together those of the group who are placed with the lowest scores are kept out
        until the limit is kept. Where posts score alike (a points system) that leaves no
        justified envy; where they do not, it may, and ``blocking_pairs`` shows it.

    Examples
    --------
    >>> print(Limit(by="region", most={"urban": 2}))
    at most 2 in region urban
    """

    by: str
    most: tuple[tuple[str, int], ...] = attrs.field(
        default=(), converter=pairs, validator=_check_numbers
    )
    least: tuple[tuple[str, int], ...] = attrs.field(
        default=(), converter=pairs, validator=_check_numbers
    )
    at_each_post: bool = False

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.by, str) or not isinstance(self.at_each_post, bool):
            raise ParameterError(
                "Limit", f"by={self.by!r}, at_each_post={self.at_each_post!r}",
                "the name of a grouping; True or False", 9, "by",
            )  # fmt: skip
        if bool(self.most) == bool(self.least):
            raise ParameterError("Limit", "give most or least", 'most={"MDA": 1500}', 9, "most")

    def __str__(self) -> str:
        each = " at each post" if self.at_each_post else ""
        words = [("at most", n, g) for g, n in self.most]
        words += [("at least", n, g) for g, n in self.least]
        return ", ".join(f"{how} {n} in {self.by} {g}{each}" for how, n, g in words)

    def told(self, group: str) -> str:
        """Return the limit of one group in words."""
        each = " at each post" if self.at_each_post else ""
        return f"at most {dict(self.most)[group]} in {self.by} {group}{each}"


def _seats(given: Any) -> Any:
    return pairs(given) if hasattr(given, "items") or isinstance(given, list | tuple) else given


@attrs.frozen(kw_only=True)
class Reserve:
    """Seats for which members of a group of workers are taken first, and others only after.

    Parameters
    ----------
    by : str
        Name of a grouping of the workers, such as those who return, or were trained for it.
    group : str
        The group.
    seats : int or mapping of str to int
        Seats kept at every post, or at the posts named.

    Examples
    --------
    >>> print(Reserve(by="returning", group="yes", seats={"clinic": 2}))
    2 seats of clinic for returning yes
    """

    by: str
    group: str
    seats: int | tuple[tuple[str, int], ...] = attrs.field(converter=_seats)

    def __attrs_post_init__(self) -> None:
        given = self.seats if isinstance(self.seats, tuple) else (("every post", self.seats),)
        _check_numbers(self, attrs.fields(Reserve).seats, given)

    def __str__(self) -> str:
        given = (("every post", self.seats),) if isinstance(self.seats, int) else self.seats
        return ", ".join(f"{n} seats of {post} for {self.by} {self.group}" for post, n in given)


def told_groups(labels: Any) -> str:
    """Return what to say where a group is unknown: those that there are.

    Examples
    --------
    >>> told_groups(["MDA", "ALB", "MDA"])
    'a group that there is: ALB, MDA'
    """
    known = sorted(set(map(str, labels)))
    return "a group that there is: " + ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
