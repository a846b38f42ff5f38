"""Coefficients of the log-quadratic model of mortality, as published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from migov.core.errors import ParameterError

_WHERE = "log_quadratic_coefficients"
_LOWER = (0, 1, *range(5, 111, 5))
_NAMES = ("a", "b", "c", "v")

# a, b, c, v at 0, 5-9, 10-14 … 110+; there are none at 1-4, whose rate follows from the rest.
_PUBLISHED: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "F": (
        (-0.6619, 0.7684, -0.0277, 0.0),
        (-2.5608, 1.7937, 0.1082, 0.2788),
        (-3.2435, 1.6653, 0.1088, 0.3423),
        (-3.1099, 1.5797, 0.1147, 0.4007),
        (-2.9789, 1.5053, 0.1011, 0.4133),
        (-3.0185, 1.3729, 0.0815, 0.3884),
        (-3.0201, 1.2879, 0.0778, 0.3391),
        (-3.1487, 1.1071, 0.0637, 0.2829),
        (-3.269, 0.9339, 0.0533, 0.2246),
        (-3.5202, 0.6642, 0.0289, 0.1774),
        (-3.4076, 0.5556, 0.0208, 0.1429),
        (-3.2587, 0.4461, 0.0101, 0.119),
        (-2.8907, 0.3988, 0.0042, 0.0807),
        (-2.6608, 0.2591, -0.0135, 0.0571),
        (-2.2949, 0.1759, -0.0229, 0.0295),
        (-2.0414, 0.0481, -0.0354, 0.0114),
        (-1.7308, -0.0064, -0.0347, 0.0033),
        (-1.4473, -0.0531, -0.0327, 0.004),
        (-1.1582, -0.0617, -0.0259, 0.0),
        (-0.8655, -0.0598, -0.0198, 0.0),
        (-0.6294, -0.0513, -0.0134, 0.0),
        (-0.4282, -0.0341, -0.0075, 0.0),
        (-0.2966, -0.0229, -0.0041, 0.0),
    ),
    "M": (
        (-0.5101, 0.8164, -0.0245, 0.0),
        (-3.0435, 1.527, 0.0817, 0.172),
        (-3.9554, 1.239, 0.0638, 0.1683),
        (-3.9374, 1.0425, 0.075, 0.2161),
        (-3.4165, 1.1651, 0.0945, 0.3022),
        (-3.4237, 1.1444, 0.0905, 0.3624),
        (-3.4438, 1.0682, 0.0814, 0.3848),
        (-3.4198, 0.962, 0.0714, 0.3779),
        (-3.3829, 0.8337, 0.0609, 0.353),
        (-3.4456, 0.6039, 0.0362, 0.306),
        (-3.4217, 0.4001, 0.0138, 0.2564),
        (-3.4144, 0.176, -0.0128, 0.2017),
        (-3.1402, 0.0921, -0.0216, 0.1616),
        (-2.8565, 0.0217, -0.0283, 0.1216),
        (-2.4114, 0.0388, -0.0235, 0.0864),
        (-2.0411, 0.0093, -0.0252, 0.0537),
        (-1.6456, 0.0085, -0.0221, 0.0316),
        (-1.3203, -0.0183, -0.0219, 0.0061),
        (-1.0368, -0.0314, -0.0184, 0.0),
        (-0.731, -0.017, -0.0133, 0.0),
        (-0.5024, -0.0081, -0.0086, 0.0),
        (-0.3275, 0.0001, -0.0048, 0.0),
        (-0.2212, 0.0028, -0.0027, 0.0),
    ),
}


def log_quadratic_coefficients(sexes: Sequence[str] = ("F", "M")) -> xr.Dataset:
    """Return the published coefficients of the log-quadratic model.

    Parameters
    ----------
    sexes : sequence of {"F", "M"}
        Which.

    Returns
    -------
    Dataset {sex, age}
        ``a``, ``b``, ``c``, ``v``, "1", to four decimals, by ages 0, 1-4 (zero: the rate there
        follows from the others), 5-9 … 110+; estimated from the life tables of the Human
        Mortality Database.

    Raises
    ------
    ParameterError
        A sex that is neither, or given twice.

    Examples
    --------
    >>> table = log_quadratic_coefficients()
    >>> table.a.sel(sex="F", age=0).item()
    -0.6619

    References
    ----------
    Wilmoth, Zureick, Canudas-Romo, Inoue and Sawyer (2012), A flexible two-dimensional
    mortality model for use in indirect estimation, Population Studies 66(1), table 3.
    """
    chosen = [sexes] if isinstance(sexes, str) else list(sexes)
    if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(_PUBLISHED):
        raise ParameterError(_WHERE, f"sexes={sexes!r}", "of F and M, each once", 9, "sexes")
    none = (0.0,) * len(_NAMES)
    values = np.array([[_PUBLISHED[s][0], none, *_PUBLISHED[s][1:]] for s in chosen])
    coords: dict[str, Any] = {
        "sex": chosen,
        "age": list(_LOWER),
        "age_width": ("age", np.append(np.diff(_LOWER), np.inf).astype(float)),
    }
    out = xr.Dataset(coords=coords)
    for i, name in enumerate(_NAMES):
        out[name] = (("sex", "age"), values[:, :, i], {"units": "1"})
    out.attrs = {
        "title": "coefficients of the log-quadratic model",
        "source": "Wilmoth and others (2012), Population Studies 66(1), table 3",
    }
    return out
