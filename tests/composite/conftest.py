"""Reference data of composite indices: 51 units, 49 indicators, four levels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from migov.composite import Index, Node


class Asem:
    """The reference tables of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.structure = self.read("asem_structure.csv")
        indicators = self.structure[self.structure["Type"] == "Indicator"]
        self.leaves = list(indicators["iCode"])
        self.targets = dict(zip(indicators["iCode"], indicators["Target"], strict=True))
        self.nodes = tuple(self.node(row) for _, row in self.structure.iterrows() if self.used(row))

    @staticmethod
    def used(row: pd.Series) -> bool:
        return row["Type"] in ("Indicator", "Aggregate")

    @staticmethod
    def node(row: pd.Series, weight: float | None = None) -> Node:
        leaf = row["Type"] == "Indicator"
        return Node(
            id=row["iCode"],
            parent=row["Parent"] if isinstance(row["Parent"], str) else "",
            weight=float(row["Weight"]) if weight is None else weight,
            direction=("up" if row["Direction"] == 1 else "down") if leaf else "",
        )

    def read(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / name, float_precision=None)

    def index(self, **choices: object) -> Index:
        return Index(nodes=self.nodes, **choices)  # type: ignore[arg-type]

    def array(self, frame: pd.DataFrame | str, nodes: list[str] | None = None) -> xr.DataArray:
        """Return a table of units by indicators as an array {node, area}."""
        table = self.read(frame) if isinstance(frame, str) else frame
        names = self.leaves if nodes is None else nodes
        return xr.DataArray(
            table[names].to_numpy(np.float64).T,
            coords={"node": names, "area": [str(code) for code in table["uCode"]]},
            dims=("node", "area"),
        )


@pytest.fixture(scope="session")
def asem(shared: Path) -> Asem:
    return Asem(shared / "golden" / "governance" / "composite")


def nodes(*directions: str, root: str = "index") -> tuple[Node, ...]:
    """Return a root with indicators a, b, c … of the directions."""
    letters = "abcdefgh"
    return (
        Node(id=root),
        *(
            Node(id=letter, parent=root, direction=direction)  # type: ignore[arg-type]
            for letter, direction in zip(letters, directions, strict=False)
        ),
    )


def table(*rows: list[float], areas: list[str] | None = None) -> xr.DataArray:
    """Return values of indicators a, b, c … over areas."""
    codes = ["ALB", "DEU", "MDA", "FRA", "TUR", "SRB"][: len(rows[0])] if areas is None else areas
    return xr.DataArray(
        np.array(rows, float),
        coords={"node": list("abcdefgh"[: len(rows)]), "area": codes},
        dims=("node", "area"),
    )


@pytest.fixture
def make_nodes():
    return nodes


@pytest.fixture
def make_table():
    return table
