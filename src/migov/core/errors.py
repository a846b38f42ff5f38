"""The errors of migov: one family, each also the built-in kind that a caller expects.

An error says where it arose (class or function), what was given and expected, and what to
do about it; the number of the broken rule leads to docs/explanation/conventions.
"""

from __future__ import annotations

import attrs


@attrs.define(auto_exc=True, slots=False, eq=False)
class MigovError(Exception):
    """What every error of migov is.

    Parameters
    ----------
    where : str
        The class or function that was called.
    what : str
        What was given and what was expected, with argument, dimension and labels.
    mend : str
        The line to write, or the choice to make.
    rule : int, optional
        Number of the convention that was broken.
    argument : str, optional
        Name of the argument at fault.

    Examples
    --------
    >>> print(MigovError("total", "x has no 'sex'", "name a dimension of x", 4))
    total: x has no 'sex' [rule 4]
      → name a dimension of x
    """

    where: str
    what: str
    mend: str = ""
    rule: int | None = None
    argument: str | None = None

    def __str__(self) -> str:
        rule = "" if self.rule is None else f" [rule {self.rule}]"
        mend = f"\n  → {self.mend}" if self.mend else ""
        return f"{self.where}: {self.what}{rule}{mend}"


class InputError(MigovError, ValueError):
    """Values that cannot be: negative counts, infinities, shares over one."""


class KindError(MigovError, TypeError):
    """An argument of another type than the call takes."""


class UnitError(MigovError, ValueError):
    """A unit that is absent, unknown or of another dimension."""


class DimensionError(MigovError, ValueError):
    """A dimension that is missing, unknown, unlabelled or out of place."""


class AlignmentError(MigovError, ValueError):
    """Inputs whose labels do not belong together."""


class AgeError(MigovError, ValueError):
    """Age groups with gaps, overlaps, or a limit inside a group."""


class TimeError(MigovError, ValueError):
    """Dates and intervals without their meaning, or the wrong one."""


class PartitionError(MigovError, ValueError):
    """Classes that overlap, or a sum that has no meaning."""


class DefinitionError(MigovError, ValueError):
    """Definitions that are undeclared or contradict each other."""


class ParameterError(MigovError, ValueError):
    """A parameter of a specification outside what it may be."""


class CodeError(MigovError, KeyError):
    """A code, name or id that no list holds."""


class AccountError(MigovError, ArithmeticError):
    """An accounting identity that does not close."""


class FileError(MigovError, OSError):
    """A file that is absent, damaged, or of a kind that is not read or written."""


class ExtraError(MigovError, ImportError):
    """An optional package that is not installed."""


@attrs.define(auto_exc=True, slots=False, eq=False)
class DataError(MigovError, ValueError):
    """All the faults of one table, told together.

    Examples
    --------
    >>> print(DataError("from_frame", "1 fault in 'frame'", "mend these rows",
    ...                 faults=("rows 2 and 3 are both DEU, M",)))
    from_frame: 1 fault in 'frame'
      rows 2 and 3 are both DEU, M
      → mend these rows
    """

    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        head, _, mend = super().__str__().partition("\n")
        lines = [head, *(f"  {fault}" for fault in self.faults)]
        return "\n".join([*lines, mend] if mend else lines)


class MigovWarning(UserWarning):
    """What a caller should know although the call goes on."""


def need(package: str, extra: str, where: str) -> ExtraError:
    """Return the error that names the extra to install.

    Examples
    --------
    >>> print(need("matplotlib", "plot", "migov.plot"))
    migov.plot: the package 'matplotlib' is not installed
      → python -m pip install "migov[plot]"
    """
    return ExtraError(
        where,
        f"the package {package!r} is not installed",
        f'python -m pip install "migov[{extra}]"',
    )
