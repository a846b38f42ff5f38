"""Check the uses of tests/typing: ``good_*.py`` must type-check, ``bad_*.py`` must not.

In a bad file each line that ends in ``# E: code`` must be reported by mypy --strict with one
of the codes, and no other line may be. Pyright has to report the same lines.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "tests" / "typing"
MARK = re.compile(r"# E: ([a-z-]+(?:, [a-z-]+)*)")
FOUND = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$")

Lines = dict[tuple[str, int], set[str]]


def expected() -> Lines:
    """Return the codes of each marked line."""
    return {
        (path.name, number): set(mark[1].split(", "))
        for path in FOLDER.glob("bad_*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (mark := MARK.search(line))
    }


def by_mypy(folder: Path) -> Lines:
    """Return the codes that mypy reports on each line."""
    files = sorted(map(str, FOLDER.glob("*.py")))
    options = ["--strict", "--config-file=", f"--cache-dir={folder}", "--hide-error-context"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--no-pretty", "--no-error-summary", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    found: Lines = {}
    for line in done.stdout.splitlines():
        if match := FOUND.match(line):
            place = (Path(match["path"]).name, int(match["line"]))
            found.setdefault(place, set()).add(match["code"])
        elif "error:" in line:
            raise SystemExit(line)
    if done.stderr:
        raise SystemExit(done.stderr)
    return found


def by_pyright() -> set[tuple[str, int]]:
    """Return the lines on which pyright reports an error."""
    done = subprocess.run(
        ["pyright", "--pythonpath", sys.executable, "--outputjson", str(FOLDER)],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        (Path(item["file"]).name, item["range"]["start"]["line"] + 1)
        for item in json.loads(done.stdout)["generalDiagnostics"]
        if item["severity"] == "error"
    }


def main() -> int:
    """Print what differs from the marks and return the number of differences."""
    marks = expected()
    with tempfile.TemporaryDirectory() as folder:
        mypy = by_mypy(Path(folder))
    pyright = by_pyright()
    faults = [
        f"{name}:{line}: expected {', '.join(sorted(codes))}, mypy says "
        f"{', '.join(sorted(mypy.get((name, line), {'nothing'})))}"
        for (name, line), codes in sorted(marks.items())
        if not mypy.get((name, line), set()) or not mypy[name, line] <= codes
    ]
    faults += [
        f"{name}:{line}: mypy says {', '.join(sorted(mypy[name, line]))}, expected nothing"
        for name, line in sorted(mypy.keys() - marks.keys())
    ]
    faults += [
        f"{name}:{line}: pyright says nothing" for name, line in sorted(marks.keys() - pyright)
    ]
    faults += [f"{name}:{line}: pyright errs here" for name, line in sorted(pyright - marks.keys())]
    print(
        "\n".join(faults) or f"{len(marks)} misuses found by mypy and pyright, no good use refused"
    )
    return len(faults)


if __name__ == "__main__":
    raise SystemExit(min(main(), 1))
