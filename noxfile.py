"""What is run on migov: ``python -m nox -l`` lists it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.sessions = ["tests", "lint", "types", "docs", "third_party"]

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
EVERYTHING = "plot,io,scale,fast,evaluation,testing"
CLOSED = ("--disable-socket", "--allow-unix-socket")
"""No test opens a connection; sockets within the machine's own processes stay possible."""


def group(name: str) -> list[str]:
    """Return the requirements of one of pyproject's dependency groups."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


def wheel(session: nox.Session) -> Path:
    """Build the wheel and return where it lies."""
    session.install("build", *PYPROJECT["build-system"]["requires"])
    folder = tempfile.mkdtemp(dir=session.create_tmp())
    session.run(
        "python", "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, silent=True
    )
    return next(Path(folder).absolute().glob("*.whl"))


def install(session: nox.Session, extras: str, *others: str) -> None:
    """Install the built wheel with some extras, and make sure that it is what gets imported."""
    session.install(f"migov[{extras}] @ {wheel(session).as_uri()}", *others)
    _is_installed(session)


def _is_installed(session: nox.Session) -> None:
    source = str(ROOT / "src")
    session.run(
        "python",
        "-c",
        f"import migov; assert not migov.__file__.startswith({source!r}), migov.__file__",
        silent=True,
    )


def each(session: nox.Session, *commands: list[str]) -> None:
    """Run all commands, then fail if one of them failed: all faults are told at once."""
    failed = []
    for command in commands:
        try:
            session.run(*command, env={"MPLBACKEND": "Agg", "PYTHONPATH": None})
        except nox.command.CommandFailed:
            failed.append(command[0])
    if failed:
        session.error(f"failed: {', '.join(failed)}")


def run_tests(session: nox.Session) -> None:
    """Run the tests and the examples of the docstrings on what is installed."""
    chosen = session.posargs or ["tests", "--doctest-modules", "--pyargs", "migov"]
    session.run(
        "pytest", "-n", "auto", "--dist", "worksteal", *CLOSED, *chosen, env={"MPLBACKEND": "Agg"}
    )


@nox.session
def tests(session: nox.Session) -> None:
    """Tests and docstring examples on the built wheel, with sockets off."""
    install(session, f"{EVERYTHING},bayes", *group("test"))
    run_tests(session)


for version in ("3.12", "3.13"):
    nox.session(tests.func, name=f"tests-{version}", python=version, default=False)


@nox.session
def lowest(session: nox.Session) -> None:
    """The same tests with the lowest releases that pyproject admits."""
    built = wheel(session)
    project = PYPROJECT["project"]
    # Named one by one: what a wheel requires counts as indirect, and would be the newest.
    bounds = [
        *project["dependencies"],
        *(line for name in ("plot", "io", "scale", "fast", "evaluation") for line in
          project["optional-dependencies"][name]),
    ]  # fmt: skip
    session.install("uv")
    session.run(
        "uv", "pip", "install", "--resolution", "lowest-direct", "--no-python-downloads",
        str(built), *bounds,
    )  # fmt: skip
    session.install(*group("test"))
    _is_installed(session)
    session.run("uv", "pip", "list")
    run_tests(session)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, form, and which room imports which."""
    session.install(*group("lint"))
    each(
        session,
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["python", "tools/rooms.py", "check"],
    )


@nox.session
def types(session: nox.Session) -> None:
    """Types of the source, and uses that must and must not type-check."""
    install(session, EVERYTHING, *group("types"))
    each(
        session,
        ["mypy"],
        ["pyright", "--pythonpath", str(Path(session.bin) / "python")],
        ["python", "tools/typing_cases.py"],
    )


@nox.session
def docs(session: nox.Session) -> None:
    """The pages, without a network; warnings are errors and the examples are executed."""
    install(session, "plot,io,scale,evaluation", *group("docs"))
    pages = "docs/_build/html"
    elsewhere = ["--ignore=docs/_build", "--ignore=docs/examples"]
    each(
        session,
        ["pytest", "docs", "README.md", "--doctest-glob=*.md", *elsewhere, "-q"],
        ["sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", pages],
        ["python", "tools/offline_pages.py", pages],
    )


@nox.session
def outlook(session: nox.Session) -> None:
    """The labour-mobility outlook: tables on the screen, figures and tables in outlook/."""
    install(session, "plot,scale")
    session.run("python", "docs/examples/outlook.py", *session.posargs, env={"MPLBACKEND": "Agg"})


@nox.session
def third_party(session: nox.Session) -> None:
    """A package of somebody else's that adds an indicator, installed beside the built wheel."""
    install(session, "scale,testing", str(ROOT / "docs" / "examples" / "third_party"))
    session.run(
        "python", "-m", "pytest", "-q",
        "docs/examples/third_party/tests", "tests/testing/test_third_party.py",
    )  # fmt: skip


@nox.session
def bench(session: nox.Session) -> None:
    """The table of targets; ``-- --smoke`` only looks whether every benchmark runs."""
    smoke = "--smoke" in session.posargs
    install(session, EVERYTHING, *group("test"), *([] if smoke else group("peers")))
    if smoke:
        session.run(
            "pytest", "benchmarks", "-o", "python_files=*_*.py", "--benchmark-disable", "-q"
        )
        peer = {}
    else:
        peer = {"MIGOV_BENCH_CUPID": old_peer(session)}
    session.run("python", "benchmarks/compare.py", *session.posargs, env=peer)


def old_peer(session: nox.Session) -> str:
    """Return the Python of an environment for a peer that needs numpy below 2."""
    folder = Path(session.create_tmp()).absolute() / "cupid"
    session.run("python", "-m", "venv", "--clear", str(folder))
    python = str(folder / "bin" / "python")
    session.run(
        python, "-m", "pip", "install", "--quiet", "cupid-matching==1.3", "numpy<2",
        # It names scikit-learn by a name that the index keeps for a warning only.
        env={"SKLEARN_ALLOW_DEPRECATED_SKLEARN_PACKAGE_INSTALL": "True"}, external=True,
    )  # fmt: skip
    return python
