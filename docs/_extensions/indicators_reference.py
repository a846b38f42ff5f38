"""The pages of the indicators: one for each theme of the catalogue, and the compliance table.

Everything on them is derived from the declaration: unit, inputs and who collects them,
parameters, worked case, sources, and what the number must not be used for.
"""

from __future__ import annotations

import csv
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from migov.core import catalogue
from migov.core.cases import Cells
from migov.testing import check_indicator

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TITLES = {
    "ageing": "Ageing, growth, births and deaths",
    "stocks": "Migrants and emigrants",
    "flows": "Flows and the intensity of migration",
    "border": "Borders, asylum, protection and safety",
    "labour": "Labour markets and work",
    "development": "Development: remittances, costs, incomes and skills",
    "integration": "Integration",
    "schemes": "Mobility schemes",
    "data": "Quality of data",
    "governance": "Governance",
}
"""Titles of the themes that people look under."""

FOLDER = Path(__file__).parents[1] / "reference" / "indicators"
SECONDARY = "(checked in secondary text)"
FORMULAS = {
    "yes": ("read at the source", "the text or table of the author or publisher was read"),
    "secondary": (
        "read in a second text",
        "a published text or program that quotes the source was read, the source itself was not",
    ),
    "own": ("own", "no outside source defines it: the definition is ours, and says on what"),
    "recalled": ("recalled", "no source could be read; the work to look in is named"),
}


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def shown(values: Any) -> str:
    """Return numbers as a reader writes them down, nested ones by rows."""
    array = np.asarray(values, float)
    if array.ndim <= 1:
        return ", ".join("missing" if np.isnan(v) else f"{v:,.6g}" for v in array.reshape(-1))
    return " / ".join(shown(part) for part in array)


def cells(given: Cells, unit: str) -> str:
    """Return the cells of a worked case in one line."""
    labels = "; ".join(f"{name}: {text}" for name, text in given.labels.items())
    return f"{shown(given.values)} {given.unit or unit}" + (f" ({labels})" if labels else "")


def parameters(cls: Any) -> str:
    """Return the table of parameters, or nothing."""
    rows = []
    for field in attrs.fields(cls):
        default = "required" if field.default is attrs.NOTHING else f"`{field.default!r}`"
        unit = field.metadata.get("unit", "")
        rows.append((f"`{field.name}`", default, unit, field.metadata.get("help", "")))
    return "" if not rows else table(("parameter", "default", "unit", "meaning"), rows) + "\n"


def inputs(cls: Any) -> str:
    """Return the table of inputs."""
    rows = []
    for name, contract in cls.contracts().items():
        needs = ", ".join(contract.needs) or "any"
        collector = ", ".join(contract.collector)
        asked = ", ".join(contract.asks) or "needed" if contract.definition else ""
        row = (contract.title, contract.unit, needs, contract.kind or "rate", asked, collector)
        rows.append((f"`{name}`", *row, contract.sources))
    head = (
        "input", "what", "unit", "dimensions", "kind", "definition", "collected by",
        "usual sources",
    )  # fmt: skip
    return table(head, rows) + "\n"


def case(cls: Any) -> str:
    """Return the worked case."""
    worked, contracts = cls.info.case, cls.contracts()
    lines = [
        f"- `{name}` = {cells(given, contracts[name].unit)}" for name, given in worked.given.items()
    ]
    told = ", ".join(f"{name}={value!r}" for name, value in worked.parameters.items())
    result = worked.result.values if isinstance(worked.result, Cells) else worked.result
    lines.append(
        f"- `{cls.__name__}({told})`: {worked.working}, which is **{shown(result)}** "
        f"{cls.info.unit if cls.info.unit != '1' else ''}".rstrip()
    )
    if worked.source:
        lines.append(f"- Published: {worked.source}")
    return "**Worked case**\n\n" + "\n".join(lines) + "\n"


def anchor(cls: Any) -> str:
    """Return the name by which other pages refer to an indicator."""
    return f"indicator-{cls.info.id.replace('_', '-')}"


def contents(classes: list[Any], *, named: bool = True) -> str:
    """Return a table of indicators that leads to each, with the names of their classes or not."""
    rows = [
        (f"[{cls.info.title}](#{anchor(cls)})", *((f"`{cls.__name__}`",) if named else ()),
         cls.info.unit, ", ".join(cls.info.codes))
        for cls in classes
    ]  # fmt: skip
    return table(("indicator", *(("class",) if named else ()), "unit", "code"), rows)


def theme_page(title: str, files: dict[str, list[Any]]) -> str:
    """Return the page of one theme: what is on it, then group by group."""
    parts = [
        f"# {title}\n",
        contents([cls for members in files.values() for cls in members], named=False),
    ]
    for name, members in files.items():
        head, _, rest = (inspect.getdoc(inspect.getmodule(members[0])) or name).partition(":")
        about = rest.strip()
        parts.append(f"## {head.strip().rstrip('.')}\n")
        parts += [about[:1].upper() + about[1:] + "\n"] if about else []
        parts += [section(cls) for cls in members]
    return "\n".join(parts)


def section(cls: Any) -> str:
    """Return everything about one indicator."""
    info = cls.info
    facts = [f"`migov.{cls.__name__}`", f"id `{info.id}`", f"unit **{info.unit}**"]
    facts.append(
        "no direction: never ranked, never shown as progress"
        if info.direction == "none"
        else f"better: {info.direction}"
    )
    if info.codes:
        facts.append("official code " + ", ".join(info.codes))
    head = f"({anchor(cls)})=\n### {info.title}\n"
    parts = [head, " · ".join(facts) + "\n", (inspect.getdoc(cls) or "") + "\n"]
    call = inspect.getdoc(cls.__call__)
    parts += [f"{call}\n", inputs(cls), parameters(cls), case(cls)]
    told = [f"- Source: {text}" for text in info.references]
    told += [f"- Also known as: {'; '.join(info.synonyms)}"] if info.synonyms else []
    told += [f"- Target: {info.target}"] if info.target else []
    told += [f"- Refused: more `{part}` than `{whole}`" for part, whole in info.within]
    told += [f"- **Not for** {info.not_for}"] if info.not_for else []
    return "\n".join([*parts, "\n".join(told), ""])


def compliance(classes: list[Any]) -> str:
    """Return the page with the outcome of every check for every class."""
    found = [check_indicator(cls, strict=False) for cls in classes]
    questions = [(f"`{a.name}`", a.question) for a in found[0].answers]
    rows = []
    for one in found:
        reasons = "; ".join(
            f"{answer.name}: {answer.told}" for answer in one.answers if answer.outcome != "passed"
        )
        counts = (str(one.count("passed")), str(one.count("failed")))
        rows.append((f"`{one.id}`", *counts, str(one.count("does not apply")), reasons))
    head = ("indicator", "passed", "failed", "do not apply", "which, and why")
    total = sum(one.count("passed") for one in found)
    failed = sum(one.count("failed") for one in found)
    return (
        "# Compliance\n\nEvery indicator is put through the same questions "
        "(`migov.testing.check_indicator`). A check that has nothing to ask is counted apart "
        f"and is never green. {len(found)} indicators, {total} checks passed, {failed} failed.\n\n"
        + table(("check", "question"), questions)
        + "\n"
        + table(head, rows)
    )


def formulas() -> str:
    """Return the page on which formulas were checked at their source, and what differed."""
    path = FOLDER.parent / "formulas.csv"
    lines = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    groups: dict[str, list[dict[str, str]]] = {name: [] for name in FORMULAS}
    for line in lines:
        second = line["checked"] == "yes" and SECONDARY in line["difference"]
        groups["secondary" if second else line["checked"]].append(line)
    summary = [(f"{FORMULAS[name][0]}", str(len(held)), FORMULAS[name][1])
               for name, held in groups.items()]  # fmt: skip
    parts = [
        "# Formulas and their sources\n",
        f"Each of the {len(lines)} indicators says where its formula stands and whether somebody "
        "has read it there. Where a source differs from common usage, the source is followed; "
        "what differs all the same is told.\n",
        table(("formula", "indicators", "which means"), summary),
    ]
    for name, held in groups.items():
        title, meaning = FORMULAS[name]
        rows = [
            (f"`{one['id']}`", one["source"], one["difference"].replace(SECONDARY, "").strip())
            for one in held
        ]
        parts += [
            f"## {title.capitalize()} ({len(held)})\n",
            f"{meaning.capitalize()}.\n",
            table(("indicator", "source", "what differs"), rows),
        ]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Return the text of each page by its name."""
    classes = [catalogue.get(ident) for ident in catalogue.ids()]
    ours = [cls for cls in classes if cls.__module__.startswith("migov.indicators.")]
    found = {}
    for theme, names in catalogue.THEMES.items():
        files = {name: [cls for cls in ours if cls.info.theme == name] for name in names}
        found[theme] = theme_page(TITLES[theme], files)
    toc = "\n".join(found)
    listing = "\n".join(
        f"## [{TITLES[theme]}]({theme}.md)\n\n"
        + contents([cls for cls in ours if cls.info.theme in names])
        for theme, names in catalogue.THEMES.items()
    )
    found["compliance"], found["formulas"] = compliance(ours), formulas()
    found["index"] = (
        f"# Indicators\n\nThe {len(ours)} indicators of the catalogue, by theme; each with "
        "its inputs, who collects them, a worked case, its sources and what it is not for.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{toc}\nformulas\ncompliance\n```\n\n{listing}"
    )
    return found


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages whose text has changed, before Sphinx lists its sources."""
    del app
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = pages()
    for path in FOLDER.glob("*.md"):
        if path.stem not in written:
            path.unlink()
    for name, text in written.items():
        path = FOLDER / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return {"parallel_read_safe": True}
