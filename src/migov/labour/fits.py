"""Near fits: how far occupations are apart by skill, and who may fill a post in another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from migov.core.align import align
from migov.core.errors import (
    AccountError,
    AlignmentError,
    DimensionError,
    InputError,
)
from migov.core.inputs import Input
from migov.core.parameters import number
from migov.labour.arguments import marked, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TO = "post_occupation"
_COUNT = Input(title="persons or posts", unit="person", needs=("occupation",))
_FIT = Input(title="fit", unit="1", needs=("occupation", _TO))
_SKILLS = Input(title="levels of skills", unit="1", needs=("occupation", "skill"))
_WEIGHTS = Input(title="weights of skills", unit="1", needs=("skill",))


def skill_fit(skills: xr.DataArray, weights: xr.DataArray | None = None) -> xr.DataArray:
    """Return how much of what each occupation asks for the others bring.

    The fit of a worker of one occupation in a post of another is the weighted share of the
    required skill levels that the own ones cover: 1 in the own occupation, not symmetric (a
    physician covers more of a nurse than the reverse).

    Parameters
    ----------
    skills : DataArray {occupation, skill}
        Level or importance of each skill, not negative, in one scale.
    weights : DataArray {skill}, optional
        Weight of each skill; equal where absent.

    Returns
    -------
    DataArray {occupation, post_occupation}
        Between 0 and 1; ``1 - fit`` is the distance.

    Raises
    ------
    DimensionError, AlignmentError, InputError
        Dimensions, labels, numbers that cannot be; an occupation that asks for nothing.

    Examples
    --------
    >>> skills = xr.DataArray([[4.0, 2.0], [2.0, 2.0]],
    ...     {"occupation": ["2221", "5321"], "skill": ["care", "records"]}, attrs={"units": "1"})
    >>> skill_fit(skills).round(3).values.tolist()
    [[1.0, 1.0], [0.667, 1.0]]

    References
    ----------
    Own measure, in the manner of the skill-distance literature: Gathmann and Schönberg (2010),
    Journal of Labor Economics 28(1), use the angle between vectors, which is symmetric.
    """
    where = "skill_fit"
    plain = numbers(skills, _SKILLS, where, "skills")
    if plain.ndim != 2:
        raise DimensionError(where, "skills has further dimensions", "one table", 8, "skills")
    plain = plain.transpose("occupation", "skill")
    values = np.asarray(plain.values, float)
    weight = np.ones(values.shape[1])
    if weights is not None:
        given = {"skills": plain, "weights": numbers(weights, _WEIGHTS, where, "weights")}
        weight = np.asarray(align(where, given, {"occupation"})["weights"].values, float)
    asked = values * weight
    whole = asked.sum(axis=1)
    if not (whole > 0).all():
        label = plain.indexes["occupation"][int(np.argmin(whole))]
        raise InputError(where, f"{label} asks for no skill", "leave it out", 7, "skills")
    brought = np.minimum(values[:, None, :], values[None, :, :]) * weight
    labels = plain.coords["occupation"].values
    found = xr.DataArray(
        brought.sum(axis=2) / whole,
        {"occupation": labels, _TO: labels},
        ("occupation", _TO),
        attrs={"units": "1", "long_name": "share of the skills asked for that is covered"},
    )
    return marked(found, skills, weights)


def near_fits(
    shortage: xr.DataArray,
    surplus: xr.DataArray,
    fit: xr.DataArray,
    *,
    least: float = 0.5,
) -> xr.Dataset:
    """Return how much of a shortage people of other occupations can fill, counted partly.

    Posts are filled so that the sum of the fits is largest. A person who fills a post at a fit
    of 0.7 counts as 0.7 of it, and the rest of the post stays short.

    Parameters
    ----------
    shortage, surplus : DataArray {occupation, …}
        Posts not filled and people beyond the posts, in person or post; see :func:`shortage`.
    fit : DataArray {occupation, post_occupation}
        Between 0 and 1, of :func:`skill_fit` or another source.
    least : float
        The lowest fit at which anybody may fill a post.

    Returns
    -------
    Dataset {occupation, post_occupation, …}
        ``placed`` (persons by both occupations), ``filled`` (posts, counted by fit),
        ``shortage`` and ``surplus`` that are left, by occupation, all in person.

    Raises
    ------
    ParameterError
        `least` is not above 0 and up to 1.
    DimensionError, AlignmentError, InputError, UnitError
        Dimensions, labels or numbers that cannot be.
    AccountError
        Posts or people do not add up.

    Examples
    --------
    >>> both = {"occupation": ["2221", "5321"]}
    >>> short = xr.DataArray([10.0, 0.0], both, attrs={"units": "post"})
    >>> beyond = xr.DataArray([0.0, 4.0], both, attrs={"units": "person"})
    >>> fit = xr.DataArray([[1.0, 1.0], [0.7, 1.0]],
    ...     both | {"post_occupation": both["occupation"]}, attrs={"units": "1"})
    >>> near_fits(short, beyond, fit).shortage.values
    array([7.2, 0. ])
    """
    where = "near_fits"
    number(least, where, "least", low=1e-9, high=1.0)
    given = {
        name: numbers(x, _COUNT, where, name)
        for name, x in (("shortage", shortage), ("surplus", surplus))
    }
    both = align(where, given)
    short, beyond = both["shortage"], both["surplus"]
    labels = short.indexes["occupation"]
    matrix = _fit(fit, labels, where)
    rest = [str(d) for d in short.dims if d != "occupation"]
    short = short.transpose("occupation", *rest)
    beyond = beyond.transpose("occupation", *[str(d) for d in beyond.dims if d != "occupation"])
    short, beyond = xr.broadcast(short, beyond)
    cells = short.shape[1:]
    posts = short.values.reshape(len(labels), -1)
    people = beyond.values.reshape(len(labels), -1)
    usable = np.where(matrix >= least, matrix, 0.0)
    placed = np.stack(
        [_place(people[:, k], posts[:, k], usable) for k in range(posts.shape[1])], axis=-1
    )
    check_places(placed, people, posts)
    filled = (placed * usable[:, :, None]).sum(axis=0)
    out = xr.Dataset()
    by_both = ("occupation", _TO, *map(str, short.dims[1:]))
    coords = {str(k): v for k, v in short.coords.items()}
    columns: dict[str, tuple[tuple[str, ...], Any, str]] = {
        "placed": (by_both, placed.reshape(len(labels), len(labels), *cells), "persons placed"),
        "filled": (
            tuple(map(str, short.dims)),
            filled.reshape(short.shape),
            "posts filled, by fit",
        ),
        "shortage": (
            tuple(map(str, short.dims)),
            (posts - filled).reshape(short.shape),
            "posts not filled, near fits counted partly",
        ),
        "surplus": (
            tuple(map(str, short.dims)),
            (people - placed.sum(axis=1)).reshape(short.shape),
            "people beyond the posts",
        ),
    }
    for name, (dims, values, title) in columns.items():
        more = {_TO: labels} if _TO in dims else {}
        out[name] = xr.DataArray(
            values, {**coords, **more}, dims, attrs={"units": "person", "long_name": title}
        )
    out.attrs = {"title": "shortage with near fits", "least_fit": least}
    return marked(out, shortage, surplus, fit)


def _fit(fit: Any, labels: Any, where: str) -> NDArray[np.float64]:
    plain = numbers(fit, _FIT, where, "fit")
    if plain.ndim != 2:
        raise DimensionError(where, "fit has further dimensions", "one table", 8, "fit")
    for name in ("occupation", _TO):
        odd = plain.indexes[name].symmetric_difference(labels)
        if len(odd):
            raise AlignmentError(
                where,
                f"fit and shortage differ in {name} {', '.join(map(str, odd[:4]))}",
                "the same labels on both",
                2,
                "fit",
            )
    values = plain.sel({"occupation": labels, _TO: labels}).transpose("occupation", _TO).values
    if not ((values >= 0) & (values <= 1 + 1e-9)).all():
        raise InputError(where, "fit holds a number outside 0 to 1", "shares from 0 to 1", 7, "fit")
    return np.asarray(values, float)


def _place(people: Any, posts: Any, fit: Any) -> NDArray[np.float64]:
    """Return persons by own and filled occupation, of the largest sum of fits."""
    out = np.zeros(fit.shape)
    i, j = np.nonzero((fit > 0) & (people > 0)[:, None] & (posts > 0))
    if not len(i):
        return out
    one, columns = np.ones(len(i)), np.arange(len(i))
    rows = csr_array(coo_array((one, (i, columns)), shape=(len(people), len(i))))
    ends = csr_array(coo_array((one, (j, columns)), shape=(len(posts), len(i))))
    both: Any = vstack([rows, ends], format="csr")
    found = linprog(
        -fit[i, j],
        A_ub=both,
        b_ub=np.concatenate([people, posts]),
        method="highs-ds",
    )
    out[i, j] = np.maximum(np.asarray(found.x, float), 0.0)
    return out


def check_places(placed: Any, people: Any, posts: Any) -> None:
    """Check that nobody is placed twice and no post is filled twice.

    Raises
    ------
    AccountError
        More persons than there are, or more posts.
    """
    slack = 1e-7 * (1.0 + max(people.max(initial=0.0), posts.max(initial=0.0)))
    if (placed.sum(axis=1) > people + slack).any() or (placed.sum(axis=0) > posts + slack).any():
        raise AccountError(
            "near_fits",
            "more persons placed than there are, or posts",
            "report it with the inputs: heads do not close",
            10,
        )
