"""Matching with transferable utility by types of workers and posts: Choo and Siow.

What neither it nor its comparative statics may be used for: a forecast of what admissions do.
The model was made for marriages; it holds all tastes to be independent over types, so that
splitting a type into two that are the same raises the number of matches. It is kept to read
patterns of pairing: which types meet more often than their numbers alone would have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from migov.core.align import BROADCAST, align
from migov.core.errors import (
    AccountError,
    DimensionError,
    InputError,
    KindError,
    ParameterError,
)
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.core.status import NAME
from migov.labour.arguments import flag, marked, numbers
from migov.numeric.balancing import balance

if TYPE_CHECKING:
    from collections.abc import Mapping

USE = "patterns of pairing only; no forecast of admissions, not invariant to splitting a type"
_COUNT = Input(title="persons or posts", unit="person", values="nonnegative")
_PLAIN = Input(title="surplus", unit="1", values="any")
_CHANGE = Input(title="change of numbers", unit="person", values="any")


def choo_siow(
    surplus: xr.DataArray,
    workers: xr.DataArray,
    posts: xr.DataArray,
    *,
    alone: bool = True,
    tolerance: float = 1e-10,
) -> xr.Dataset:
    """Return who is paired with whom in equilibrium, and what each side gains.

    Parameters
    ----------
    surplus : DataArray {type of worker, type of post, …}
        Joint surplus of a pair over both staying alone, in the scale of tastes.
    workers, posts : DataArray {type of worker, …}, DataArray {type of post, …}
        Numbers of each type, in person and post.
    alone : bool
        Whether workers and posts may stay unmatched; without, the numbers have to be equal.
    tolerance : float
        Relative misfit of the numbers at which the solution is taken.

    Returns
    -------
    Dataset {type of worker, type of post, …}
        ``matches``; with `alone` also ``unmatched_workers``, ``unmatched_posts``,
        ``worker_gain`` and ``post_gain`` (expected, over staying alone) and
        ``worker_part`` and ``post_part`` of each surplus, which sum to it.

    Raises
    ------
    DimensionError, AlignmentError, UnitError, InputError
        Types that are not one dimension of each side; labels, units, numbers that cannot be.
    ParameterError
        Sides of unequal numbers without `alone`; no equilibrium found to `tolerance`.
    AccountError
        The numbers of a side do not add up.

    Examples
    --------
    >>> both = {"skill": ["low", "high"], "occupation": ["9", "2"]}
    >>> surplus = xr.DataArray([[1.0, -1.0], [0.5, 2.0]], both, attrs={"units": "1"})
    >>> people = xr.DataArray([60.0, 40.0], {"skill": both["skill"]}, attrs={"units": "person"})
    >>> posts = xr.DataArray([50.0, 50.0], {"occupation": ["9", "2"]}, attrs={"units": "post"})
    >>> found = choo_siow(surplus, people, posts)
    >>> found.matches.sum().round(3).item(), found.unmatched_workers.sum().round(3).item()
    (72.757, 27.243)

    References
    ----------
    Choo and Siow (2006), Journal of Political Economy 114(1), equation 11; Galichon and Salanié
    (2022), Review of Economic Studies 89(5), section 5.
    """
    where = "choo_siow"
    flag(alone, where, "alone")
    number(tolerance, where, "tolerance", low=1e-15, high=1e-2)
    given = {"surplus": surplus, "workers": workers, "posts": posts}
    arrays = {
        name: numbers(x, _PLAIN if name == "surplus" else _COUNT, where, name)
        for name, x in given.items()
    }
    x, y = _sides(arrays, where)
    arrays = align(where, arrays, {x, y, *BROADCAST})
    phi, n, m = arrays["surplus"], arrays["workers"], arrays["posts"]
    if not alone:
        gap = np.abs(n.sum(x) / m.sum(y) - 1.0).max().item()
        if not gap <= 1e-9:
            raise ParameterError(
                where, "workers and posts differ in number", "alone=True", 9, "alone"
            )
    top = float(phi.max())
    if top > 1200:
        raise InputError(
            where, f"surplus holds {top:g}", "give it in the scale of tastes", 7, "surplus"
        )
    mu, a, b, error = xr.apply_ufunc(
        lambda k, r, c: balance(np.exp(k / 2), r, c, alone=alone, tolerance=tolerance)[:4],
        phi,
        n,
        m,
        input_core_dims=[[x, y], [x], [y]],
        output_core_dims=[[x, y], [x], [y], []],
    )
    off = float(error.max())
    if not off <= tolerance:
        raise ParameterError(
            where,
            f"misfit {off:.2g} is left",
            "a larger tolerance, or other margins",
            9,
            "tolerance",
        )
    out = {"matches": (mu, "person", "pairs of a worker and a post")}
    if alone:
        out |= _alone(phi, n, m, mu, a, b)
        singles = (out["unmatched_workers"][0], out["unmatched_posts"][0])
    else:
        singles = (xr.zeros_like(n), xr.zeros_like(m))
    check_numbers(mu, n, m, singles, (x, y), max(tolerance, 1e-12))
    told = {"title": "transferable-utility matching", "use": USE, "misfit": off}
    return marked(_dataset(out, told), surplus, workers, posts)


def _sides(arrays: Mapping[str, xr.DataArray], where: str) -> tuple[str, str]:
    """Return the dimension of types of each side, from pairs, workers and posts in this order."""
    phi, n, m = (set(map(str, x.dims)) for x in arrays.values())
    pairs, workers, posts = arrays
    x, y = (n & phi) - m, (m & phi) - n
    if len(x) != 1 or len(y) != 1:
        raise DimensionError(
            where,
            f"{workers} has {', '.join(sorted(n)) or 'no dimension'}, "
            f"{posts} has {', '.join(sorted(m)) or 'no dimension'}, "
            f"{pairs} has {', '.join(sorted(phi)) or 'no dimension'}",
            f"one dimension of types for each side, both along {pairs}",
            8,
            pairs,
        )
    return x.pop(), y.pop()


def _alone(phi: Any, n: Any, m: Any, mu: Any, a: Any, b: Any) -> dict[str, Any]:
    mu_x0, mu_0y = a * a, b * b
    with np.errstate(divide="ignore", invalid="ignore"):
        part_x = phi / 2 + np.log(b) - np.log(a)
        part_y = phi / 2 + np.log(a) - np.log(b)
        gain_x, gain_y = np.log(n) - np.log(mu_x0), np.log(m) - np.log(mu_0y)
    return {
        "unmatched_workers": (mu_x0, "person", "workers without a post"),
        "unmatched_posts": (mu_0y, "post", "posts without a worker"),
        "worker_gain": (gain_x, "1", "expected gain of a worker over staying alone"),
        "post_gain": (gain_y, "1", "expected gain of a post over staying alone"),
        "worker_part": (part_x, "1", "the worker's part of the surplus"),
        "post_part": (part_y, "1", "the post's part of the surplus"),
    }


def check_numbers(
    mu: xr.DataArray,
    n: xr.DataArray,
    m: xr.DataArray,
    singles: tuple[xr.DataArray, xr.DataArray],
    sides: tuple[str, str],
    tolerance: float,
) -> None:
    """Check that pairs and singles add up to the numbers of both sides.

    Raises
    ------
    AccountError
        They do not.
    """
    for dim, whole, alone, name in (
        (sides[1], n, singles[0], "workers"),
        (sides[0], m, singles[1], "posts"),
    ):
        found = mu.sum(dim, skipna=False) + alone
        off = float(np.abs(found - whole).max())
        # Each number was asked for relative to itself; the largest bounds them all.
        if not off <= 2.0 * tolerance * float(whole.max()) + 1e-300:
            raise AccountError(
                "choo_siow",
                f"{name} miss their number by {off:.3g}",
                "report it with the inputs: the margins do not close",
                10,
                name,
            )


def recover_surplus(
    matches: xr.DataArray, unmatched_workers: xr.DataArray, unmatched_posts: xr.DataArray
) -> xr.Dataset:
    """Return the joint surplus behind observed pairs, with its standard error.

    Parameters
    ----------
    matches : DataArray {type of worker, type of post, …}
        Pairs that were counted, in person; each above zero.
    unmatched_workers, unmatched_posts : DataArray {type, …}
        Workers and posts alone, in person and post; each above zero.

    Returns
    -------
    Dataset {type of worker, type of post, …}
        ``surplus`` and ``standard_error``, which holds where the counts are persons drawn one
        by one (not weighted up, not a census).

    Raises
    ------
    InputError
        A count of zero: its logarithm is not defined, merge the types.
    DimensionError, AlignmentError, UnitError
        See :func:`choo_siow`.

    Examples
    --------
    >>> both = {"skill": ["low"], "occupation": ["9"]}
    >>> pairs = xr.DataArray([[20.0]], both, attrs={"units": "person"})
    >>> alone = xr.DataArray([10.0], {"skill": ["low"]}, attrs={"units": "person"})
    >>> open_ = xr.DataArray([40.0], {"occupation": ["9"]}, attrs={"units": "post"})
    >>> found = recover_surplus(pairs, alone, open_)
    >>> found.standard_error.round(4).item()
    0.5701

    References
    ----------
    Choo and Siow (2006), equation 12; the error by the delta method for multinomial counts.
    """
    where = "recover_surplus"
    given = {
        "matches": matches,
        "unmatched_workers": unmatched_workers,
        "unmatched_posts": unmatched_posts,
    }
    arrays = {name: numbers(x, _COUNT, where, name) for name, x in given.items()}
    x, y = _sides(arrays, where)
    for name, array in arrays.items():
        if not bool((array > 0).all()):
            raise InputError(
                where, f"{name} holds a zero", "merge types until all are met", 7, name
            )
    arrays = align(where, arrays, {x, y, *BROADCAST})
    mu, mu_x0, mu_0y = arrays.values()
    phi = 2 * np.log(mu) - np.log(mu_x0) - np.log(mu_0y)
    error = np.sqrt(4 / mu + 1 / mu_x0 + 1 / mu_0y)
    out = {
        "surplus": (phi, "1", "joint surplus in the scale of tastes"),
        "standard_error": (error, "1", "standard error of the surplus"),
    }
    told = {"title": "surplus behind observed pairs", "use": USE}
    return marked(_dataset(out, told), matches, unmatched_workers, unmatched_posts)


def respond(
    equilibrium: xr.Dataset,
    workers: xr.DataArray | None = None,
    posts: xr.DataArray | None = None,
) -> xr.Dataset:
    """Return by how much pairs and singles change when numbers change a little.

    Parameters
    ----------
    equilibrium : Dataset
        Of :func:`choo_siow` with `alone`, for one market (no member).
    workers, posts : DataArray {type}, optional
        Changes of the numbers, in person and post; none where one of the two is absent.

    Returns
    -------
    Dataset
        Changes of ``matches``, ``unmatched_workers``, ``unmatched_posts``, to first order.

    Raises
    ------
    DimensionError, AlignmentError, UnitError, ParameterError
        The equilibrium has no singles or several markets; changes that do not fit.

    Examples
    --------
    >>> both = {"skill": ["low"], "occupation": ["9"]}
    >>> found = choo_siow(
    ...     xr.DataArray([[0.0]], both, attrs={"units": "1"}),
    ...     xr.DataArray([100.0], {"skill": ["low"]}, attrs={"units": "person"}),
    ...     xr.DataArray([100.0], {"occupation": ["9"]}, attrs={"units": "post"}))
    >>> more = xr.DataArray([1.0], {"skill": ["low"]}, attrs={"units": "person"})
    >>> respond(found, workers=more).matches.round(6).item()
    0.25
    """
    where = "respond"
    if not isinstance(equilibrium, xr.Dataset):
        given_ = type(equilibrium).__name__
        raise KindError(where, f"equilibrium is a {given_}", "choo_siow(…)", None, "equilibrium")
    if "unmatched_workers" not in equilibrium or equilibrium["matches"].ndim != 2:
        raise ParameterError(
            where,
            "equilibrium lacks singles, or holds several markets",
            "choo_siow(…, alone=True), one member at a time",
            9,
            "equilibrium",
        )
    if workers is None and posts is None:
        raise ParameterError(
            where,
            "neither workers nor posts change",
            "workers=… or posts=…, the changes of their numbers by type",
            9,
            "workers",
        )
    mu = equilibrium["matches"].drop_vars(NAME, errors="ignore")
    mu_x0, mu_0y = (
        equilibrium[name].drop_vars(NAME, errors="ignore")
        for name in ("unmatched_workers", "unmatched_posts")
    )
    x, y = str(mu_x0.dims[0]), str(mu_0y.dims[0])
    mu = mu.transpose(x, y)
    change = []
    for name, given, single in (("workers", workers, mu_x0), ("posts", posts, mu_0y)):
        if given is None:
            change.append(np.zeros(single.shape))
            continue
        both = align(where, {"equilibrium": single, name: numbers(given, _CHANGE, where, name)})
        change.append(np.asarray(both[name].values, float))
    pairs = np.asarray(mu.values)
    # Logarithms of the factors, from the derivative of both sides' numbers.
    rows = np.diag(2 * mu_x0.values + pairs.sum(axis=1))
    columns = np.diag(2 * mu_0y.values + pairs.sum(axis=0))
    bend = np.block([[rows, pairs], [pairs.T, columns]])
    moved = np.linalg.solve(bend, np.concatenate(change))
    alpha, beta = moved[: len(rows)], moved[len(rows) :]
    out = {
        "matches": (mu.copy(data=pairs * (alpha[:, None] + beta)), "person", "change of pairs"),
        "unmatched_workers": (mu_x0 * 2 * alpha, "person", "change of workers alone"),
        "unmatched_posts": (mu_0y * 2 * beta, "post", "change of posts alone"),
    }
    told = {"title": "response to a small change of numbers", "use": USE}
    return marked(_dataset(out, told), equilibrium, workers, posts)


def _dataset(named: Mapping[str, tuple[Any, str, str]], attrs: dict[str, Any]) -> xr.Dataset:
    out = xr.Dataset()
    for name, (x, unit, title) in named.items():
        plain = x.copy(deep=False)
        plain.attrs = {"units": unit, "long_name": title}
        out[name] = plain.rename(None)
    out.attrs = attrs
    return out
