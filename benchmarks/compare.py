"""Run the benchmarks and print the table of targets: required ratios beside measured ones.

Usage: python benchmarks/compare.py [--smoke] [module ...]
"""

from __future__ import annotations

import argparse
import inspect
import platform
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
STACK = ("numpy", "scipy", "pandas", "xarray", "numba", "dask")


class Row(NamedTuple):
    """A line of the table."""

    work: str
    size: str
    against: str
    required: str
    measured: float | None


def best(call: Callable[[], Any], seconds: float = 0.5, least: int = 3) -> float:
    """Return the best time of a call, in seconds, over several repetitions."""
    times: list[float] = []
    started = time.perf_counter()
    while len(times) < least or (time.perf_counter() - started < seconds and len(times) < 1_000):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times)


def ratio(
    slow: Callable[[], Any], fast: Callable[[], Any], seconds: float = 0.5, rounds: int = 2
) -> float:
    """Return how many times as long `slow` takes as `fast`; both take turns."""
    pairs = [(best(slow, seconds), best(fast, seconds)) for _ in range(rounds)]
    return min(pair[0] for pair in pairs) / min(pair[1] for pair in pairs)


def met(row: Row) -> bool | None:
    """Tell whether a row's target is met; None where nothing was measured."""
    if row.measured is None:
        return None
    sign, number = row.required.split()[:2]
    limit = float(number.rstrip("×"))
    if sign not in ("≥", "≤"):
        raise ValueError(f"{row.work}: required {row.required!r} is neither '≥ n' nor '≤ n'")
    return row.measured >= limit if sign == "≥" else row.measured <= limit


def modules(chosen: Iterable[str]) -> list[str]:
    """Return the modules of this folder that have rows, or those chosen."""
    return list(chosen) or sorted(path.stem for path in HERE.glob("*_*.py"))


def rows_of(name: str, small: bool) -> list[Row]:
    """Return the rows of a module."""
    module = import_module(name)
    rows = getattr(module, "rows", None)
    if rows is None:
        return []
    takes = "small" in inspect.signature(rows).parameters
    return [Row(*row) for row in (rows(small=small) if takes else rows())]


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table in Markdown."""
    words = {True: "met", False: "**missed**", None: "not measured"}
    lines = [
        "| work | size | against | required | measured | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        shown = "" if row.measured is None else f"{row.measured:.3g}"
        cells = (row.work, row.size, row.against, row.required, shown, words[met(row)])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> str:
    """Return what the figures were measured with."""
    found = [f"Python {platform.python_version()}"]
    for name in STACK:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {name}")
    return ", ".join(found)


def main(arguments: list[str]) -> int:
    """Print the table and return the number of missed targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small sizes; targets do not count")
    parser.add_argument("modules", nargs="*", help="modules of this folder; all by default")
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(HERE))
    rows: list[Row] = []
    for name in modules(options.modules):
        rows += rows_of(name, options.smoke)
    print(f"\nMeasured in one run with {machine()}"
          f"{'; small sizes, targets do not count' if options.smoke else ''}:\n")  # fmt: skip
    print(table(rows))
    missed = sum(met(row) is False for row in rows)
    print(
        f"\n{len(rows)} rows, {missed} missed, {sum(r.measured is None for r in rows)} not measured"
    )
    return 0 if options.smoke else missed


if __name__ == "__main__":
    # The modules import Row and ratio from here; under this name they are the same objects.
    sys.modules["compare"] = sys.modules["__main__"]
    raise SystemExit(min(main(sys.argv[1:]), 1))
