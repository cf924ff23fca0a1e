"""Whatever the package imports is declared, and whatever is declared is used."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Packages that only those import who are in them already, each with the reason.
AT_HAND = {
    "IPython": "imported where a notebook, which is IPython, loads the extension"
}


def plain(name: str) -> str:
    """Return the name of a distribution as an index compares it."""
    return re.sub(
        r"[-_.]+", "-", re.split(r"[\s<>=!~\[;]", name, maxsplit=1)[0]
    ).lower()


def imported() -> dict[str, set[str]]:
    """Return the packages that `src` imports, each with the files that do so."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names | {"cspgraph"}:
                    found.setdefault(top, set()).add(str(path.relative_to(ROOT)))
    return found


IMPORTED = imported()
NEEDED = {plain(line) for line in PROJECT["project"]["dependencies"]}
EXTRA = {
    plain(line)
    for lines in PROJECT["project"]["optional-dependencies"].values()
    for line in lines
}
SOLD_AS = packages_distributions()


@pytest.mark.parametrize("name", sorted(IMPORTED.keys() - AT_HAND.keys()))
def test_what_is_imported_is_declared(name: str) -> None:
    declared = {plain(found) for found in SOLD_AS[name]}
    assert declared & (NEEDED | EXTRA), sorted(IMPORTED[name])


def test_what_is_declared_is_imported() -> None:
    """All but defusedxml, which openpyxl uses where it finds it."""
    used = {plain(found) for name in IMPORTED for found in SOLD_AS[name]}
    assert NEEDED - used == {"defusedxml"}


def test_rdflib_8_is_kept_out() -> None:
    """Version 8 may change what the default graph is."""
    (line,) = [d for d in PROJECT["project"]["dependencies"] if plain(d) == "rdflib"]
    assert line.endswith("<8")


@pytest.mark.parametrize("name", sorted(NEEDED | EXTRA))
def test_each_has_its_reason(name: str) -> None:
    page = (ROOT / "docs/why/dependencies.md").read_text(encoding="utf-8")
    assert name in {plain(word) for word in re.findall(r"`([^`\n]+)`", page)}


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_each_is_pinned_for_the_checks(name: str) -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert name in {plain(line) for line in lines}
