"""Reference cases of policy instruments."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from migov import governance as g


class Folder:
    """The reference tables of one folder, every cell as text."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.path / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="session")
def sdg(shared) -> Folder:
    return Folder(shared / "golden" / "governance" / "sdg")


@pytest.fixture(scope="session")
def consensus(shared) -> Folder:
    return Folder(shared / "golden" / "governance" / "consensus")


@pytest.fixture(scope="session")
def reform(shared) -> Folder:
    return Folder(shared / "golden" / "governance" / "reform_plan")


@pytest.fixture(scope="session")
def mipex_folder(shared) -> Folder:
    return Folder(shared / "golden" / "governance" / "mipex")


@pytest.fixture(scope="session")
def policy() -> g.Instrument:
    return g.load("sdg-10.7.2", edition="2021")


def frame_of(values: dict[str, object], area: str = "MDA", **columns: object) -> pd.DataFrame:
    """Return a table of answers of one area."""
    told = pd.DataFrame({"area": area, "node": list(values), "value": list(values.values())})
    return told.assign(**columns)


def full(policy: g.Instrument, value: object = 1, **changed: object) -> dict[str, object]:
    """Return one answer to every item, with some changed."""
    return dict.fromkeys(policy.items, value) | changed
