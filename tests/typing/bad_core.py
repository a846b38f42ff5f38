"""Uses that must not type-check: each marked line, with the code that mypy gives."""

from typing import Annotated

import xarray as xr

import migov as mg

Persons = Annotated[xr.DataArray, mg.Input(title="persons", unit="person")]


@mg.indicator(id="typing_bad", title="A share", unit="percent", references=("none",))
class Share(mg.Indicator):
    """Part of a whole."""

    lower: int = mg.parameter(default=15, help="lower age")

    def __call__(self, part: Persons, whole: Persons) -> xr.DataArray:
        """From a part and its whole."""
        return part / whole


def misuse(x: xr.DataArray, data: xr.Dataset) -> None:
    """Each line is one misuse."""
    Share(lowr=20)  # E: call-arg
    Share(lower="20")  # E: arg-type
    Share(20)  # E: call-arg, misc
    Share()(x)  # E: call-arg
    Share()(x, whol=x)  # E: call-arg
    Share()(x, data)  # E: arg-type
    Share().lower = 3  # E: misc
    length: int = Share()(x, x)  # E: assignment
    mg.OldAgeDependencyRatio(lower=20, uper=65)  # E: call-arg
    mg.total(x)  # E: call-arg
    mg.total(x, 1)  # E: arg-type
    mg.total(x, "sex", missing="ignore")  # E: arg-type
    mg.person_years(x, method="median")  # E: arg-type
    mg.Definition(criterium="birth")  # E: call-arg
    mg.Thnig  # E: attr-defined
    from migov import Nope  # E: attr-defined

    del length, Nope
