"""Before and after: only for indicators whose definition admits the scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import status
from migov.core.errors import DimensionError, KindError, ParameterError
from migov.core.indicator import Indicator
from migov.report.tables import LEVEL, quantiles, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import xarray as xr

    from migov.core.definition import Definition
    from migov.schemes import Programme

UNAFFECTED = "not affected by construction"


@attrs.frozen(kw_only=True, eq=False)
class Effects:
    """Indicators before and after a scheme.

    Parameters
    ----------
    before, after : dict of str to DataArray
        By the indicator's id; one that is not affected has no after.
    unaffected : dict of str to str
        Why an indicator cannot be affected.
    directions : dict of str to {"up", "down", "none"}
        Which way is better, where anything is.
    """

    before: dict[str, xr.DataArray]
    after: dict[str, xr.DataArray]
    unaffected: dict[str, str]
    directions: dict[str, str]

    def table(self, *, level: float = LEVEL) -> pd.DataFrame:
        """Return medians and intervals before and after, and the change of the same members.

        A difference of levels in percent is in percentage points. Nothing is called better
        where the indicator has no direction.
        """
        import pandas as pd

        rows = {}
        for name, x in self.before.items():
            unit = str(x.attrs["units"])
            row = {"unit": "" if unit == "1" else unit, "before": written(x, level)}
            if name in self.unaffected:
                row |= {"after": UNAFFECTED, "change": "", "note": self.unaffected[name]}
            else:
                after = self.after[name]
                gain = after - x
                row |= {"after": written(after, level), "change": written(gain, level, sign=True)}
                row["note"] = self._sense(name, gain)
            rows[str(x.attrs["long_name"])] = row
        return pd.DataFrame.from_dict(rows, orient="index")

    def _sense(self, name: str, gain: xr.DataArray) -> str:
        way = self.directions[name]
        if way == "none":
            return ""
        low, _, high = quantiles(gain, LEVEL)
        if float(low) > 0:
            return "towards its aim" if way == "up" else "away from its aim"
        if float(high) < 0:
            return "away from its aim" if way == "up" else "towards its aim"
        return "no clear change"

    def show(self) -> str:
        """Return the table as a text, reasons below it."""
        found = self.table()
        notes = [f"  {name}: {UNAFFECTED}: {row.note}" for name, row in found.iterrows()
                 if row["after"] == UNAFFECTED]  # fmt: skip
        body = found.drop(columns="note").to_string()
        arrays = [*self.before.values(), *self.after.values()]
        if any(status.has(x, "stylised") for x in arrays):
            body = f"STYLISED: rests on assumptions; medians and 80 % intervals\n{body}"
        return "\n".join([body, *notes])


def before_after(
    rows: Sequence[tuple[Indicator, Mapping[str, Any], Mapping[str, Any] | None]],
    *,
    programme: Programme,
    definition: Definition,
) -> Effects:
    """Return indicators before and after a scheme, with the reason where it cannot matter.

    Parameters
    ----------
    rows : sequence of (Indicator, inputs before, inputs after or None)
        Inputs by argument. None where the scheme does not enter the indicator's population;
        that is checked against `definition`.
    programme : Programme
        Whose stays decide.
    definition : Definition
        Of the populations that the indicators count.

    Returns
    -------
    Effects
        ``print(effects.show())``; ``migov.plot.slopes(e.before, e.after,
        unaffected=e.unaffected)``.

    Raises
    ------
    ParameterError
        A row has no after although stays do enter the population so defined, or although the
        indicator counts something else than people, such as money.
    KindError
        A row is no triple with an indicator.

    Examples
    --------
    >>> import migov as mg
    >>> from migov.schemes.examples import SEASONAL_MDA_DEU
    >>> people = mg.Cells((200, 600, 150), age="0-14 15-64 65+").array("person")
    >>> row = (mg.OldAgeDependencyRatio(), {"population": people}, None)
    >>> who = mg.definitions.EU_USUAL_RESIDENCE
    >>> before_after([row], programme=SEASONAL_MDA_DEU, definition=who).unaffected
    {'old_age_dependency_ratio': 'a stay of 2.96 months at most is below 12 months: mobility, \
not migration'}
    """
    where = "before_after"
    effect = programme.population_effect(definition)
    found = Effects(before={}, after={}, unaffected={}, directions={})
    for place, row in enumerate(rows):
        if not (isinstance(row, tuple) and len(row) == 3 and isinstance(row[0], Indicator)):
            raise KindError(
                where,
                f"rows[{place}] is no (indicator, before, after)",
                "(migov.OldAgeDependencyRatio(), before, after)",
                9,
                f"rows[{place}]",
            )
        indicator, before, after = row
        name = indicator.info.id
        found.before[name] = _one(indicator, before, where)
        found.directions[name] = indicator.info.direction
        if after is not None:
            found.after[name] = _one(indicator, after, where)
        elif not all("person" in c.unit for c in type(indicator).contracts().values()):
            raise ParameterError(
                where,
                f"{name} does not count residents: whose stays are residents does not settle it",
                "give the inputs with the scheme, or leave the row out",
                9,
                f"rows[{place}]",
            )
        elif effect.is_mobility:
            found.unaffected[name] = effect.reason
        else:
            raise ParameterError(
                where,
                f"{name} has no inputs after, but {effect.reason}",
                "give the inputs with the scheme",
                9,
                f"rows[{place}]",
            )
    return found


def _one(indicator: Indicator, inputs: Mapping[str, Any], where: str) -> xr.DataArray:
    x = indicator(**inputs).squeeze(drop=False)
    other = [str(name) for name in x.dims if name != "member"]
    if other:
        raise DimensionError(
            where,
            f"{indicator.info.id} is by {', '.join(other)}",
            "select one place and date for each row",
            8,
        )
    if not np.isfinite(x.values).all():
        raise ParameterError(where, f"{indicator.info.id} is missing", "leave the row out", 7)
    return x
