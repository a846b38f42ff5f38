"""What ``import migov`` costs, against xarray which most of its functions need."""

from __future__ import annotations

import subprocess
import sys

from compare import Row


def seconds(statement: str) -> float:
    """Return the time that a statement takes in a fresh process."""
    code = (
        f"import time; begin = time.perf_counter(); {statement}; print(time.perf_counter() - begin)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def quickest(statement: str, times: int) -> float:
    """Return the least time over several processes, the first of which only warms the files."""
    return min([seconds(statement) for _ in range(times + 1)][1:])


def rows(small: bool = False) -> list[Row]:
    """Return the row on imports, taken in fresh processes."""
    times = 2 if small else 7
    ours, xarray = quickest("import migov", times), quickest("import xarray", times)
    size = f"{1_000 * ours:.1f} ms and {1_000 * xarray:.0f} ms, fresh processes"
    return [Row("import migov", size, "import xarray", "≤ 0.1", ours / xarray)]


def test_import_migov(benchmark):
    """The least of a few fresh processes."""
    assert benchmark.pedantic(seconds, args=("import migov",), rounds=3) > 0
