"""Imports go down the house, no module is long, and each says what it is for.

The floors are those of the drawing in `docs/why/architecture.md`; a new module is put
on a floor here and there in the same change.
"""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parents[1] / "src" / "cspgraph"


def name_of(path: Path) -> str:
    """Return the name of a module; that of a wing is the name of its folder."""
    wing = path.stem == "__init__" and path.parent != SOURCE
    return path.parent.name if wing else path.stem


PATHS = sorted(SOURCE.glob("**/*.py"))
MODULES = {name_of(path): path for path in PATHS}
WINGS = {path.parent.name for path in PATHS if path.parent != SOURCE}
MAX_LINES = 500

DRAWING = SOURCE.parents[1] / "docs" / "why" / "architecture.md"
FLOORS = {
    name: floor
    for floor, names in enumerate(
        [
            "blocks cells commands completeness confinement counting differences editions errors explaining forms geography graphics inert inquiry law layout mermaid overviews pages paperwork passwords receipts recording sandbox serving shipped spellings steps version vocab waiting",
            "boxes canonical constraints drawn findings gate grid links literals namesakes papers pending reading sources text unchecked values web wire word writing",
            "damage engines folding form formats junit linked nearness objects organs other places projects pushing queries sarif scenarios sheet sketch tables turtle validator",
            "catalogue contributions duties figures frames names options paper plain publications shelf triples webpage",
            "choices contradictions deadlines districts illustrations laws outdated patterns register reports silences standings",
            "additions answers causes chains circumstances councils entries evidence reaching regions shapes spreads",
            "assumptions blank conditions horizon items leaflets lines network rounds statements terminal",
            "asking building comparisons coverage explanations headings library pictures reasoning record rows summaries views",
            "absences briefs changes checking endpoint folder grounds intake outline registers snapshot workbook worker",
            "checklists dresses explained magic",
            "taken",
            "freehand graph",
            "__init__ briefing checks claims drawing exports projecting questions reasons records trials",
            "connections",
            "cli",
        ]
    )
    for name in names.split()
}


@pytest.mark.parametrize("name", sorted(FLOORS.keys() - {"__init__"}))
def test_the_drawing_shows_it_on_its_floor(name: str) -> None:
    lines = DRAWING.read_text(encoding="utf-8").splitlines()
    floor = [line for line in lines if line.startswith(f"floor {FLOORS[name]} ")]
    assert name in " ".join(floor).split()


#: Imports upwards for the sake of a type only. The list may only become shorter.
BACK_DOORS: set[tuple[str, str]] = set()


def imported(tree: ast.AST, modules: frozenset[str]) -> Iterator[str]:
    """Yield the modules of ours that `tree` imports, at the top or inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("cspgraph."):
                    yield alias.name.rpartition(".")[2]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            package, *inner = (node.module or "").split(".")
            if package == "cspgraph" and inner:
                yield inner[-1]
            if package == "cspgraph" and (not inner or inner[-1] in WINGS):
                yield from (a.name for a in node.names if a.name in modules)


def links(modules: dict[str, str]) -> set[tuple[str, str]]:
    """Return who imports whom among `modules`, which map names to Python."""
    known = frozenset(modules)
    return {
        (name, other)
        for name, text in modules.items()
        for other in imported(ast.parse(text), known)
    }


def upward(found: set[tuple[str, str]], floors: dict[str, int]) -> set[tuple[str, str]]:
    return {(name, other) for name, other in found if floors[other] > floors[name]}


TEXTS = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}


def test_no_two_modules_share_a_name() -> None:
    assert len(MODULES) == len(PATHS)


def test_every_module_has_its_floor() -> None:
    assert set(FLOORS) == set(MODULES)


def test_imports_go_down() -> None:
    assert upward(links(TEXTS), FLOORS) == BACK_DOORS


def test_there_is_no_cycle() -> None:
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, other in links(TEXTS) - BACK_DOORS:
        order.add(name, other)
    assert len(list(order.static_order())) > 1


def room(name: str) -> str:
    """Return the folder that a module stands in, or its own name beside the folders."""
    return MODULES[name].relative_to(SOURCE).parts[0]


def circle(found: set[tuple[str, str]]) -> list[str]:
    """Return rooms that lead to each other in a circle, if there are any."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, other in found:
        if room(name) != room(other) and other not in WINGS:
            order.add(room(name), room(other))
    try:
        order.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_folders_lead_down_as_well() -> None:
    assert circle(links(TEXTS)) == []
    assert circle(links(TEXTS) | {("answers", "views")}) != []


def test_an_import_upwards_would_be_seen() -> None:
    inside = "def late() -> None:\n    from cspgraph import graph\n"
    typing = "if TYPE_CHECKING:\n    from cspgraph.graph import load\n"
    for text in (inside, typing, "import cspgraph.graph\n"):
        found = links(TEXTS | {"vocab": text})
        assert ("vocab", "graph") in upward(found, FLOORS)


@pytest.mark.parametrize("name", MODULES)
def test_module_is_short_and_says_what_it_is_for(name: str) -> None:
    text = TEXTS[name]
    assert len(text.splitlines()) <= MAX_LINES
    said = ast.get_docstring(ast.parse(text))
    assert said
    assert said.splitlines()[0].endswith((".", "?"))
    assert name not in {"utils", "util", "helpers", "misc", "common", "manager"}


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"version", "__init__"}))
def test_public_names_are_listed_and_told(name: str) -> None:
    tree = ast.parse(TEXTS[name])
    listed = next(
        [ast.literal_eval(item) for item in node.value.elts]
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.List)
        and [getattr(target, "id", "") for target in node.targets] == ["__all__"]
    )
    assert listed == sorted(
        listed, key=lambda word: (not word.isupper(), not word[0].isupper(), word)
    )
    told = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
    }
    functions = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    }
    assert {word for word in listed if word in functions} <= told
