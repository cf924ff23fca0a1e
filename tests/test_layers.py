"""Imports go down the house, each room keeps to what it may know, and says what it is for.

A room is a folder of `src/cspgraph/`, or a module beside the folders. The floors are
those of the picture in `docs/why/architecture.md`; a new room is put on a floor here
and there in the same change.
"""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "cspgraph"
DRAWING = ROOT / "docs" / "why" / "architecture.md"

PATHS = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
    for path in sorted(SOURCE.rglob("*.py"))
}
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in PATHS.items()}
LONG = 500

FLOORS = {
    room: floor
    for floor, rooms in enumerate(
        [
            "secrets",
            "days errors progress receipt render version",
            "cache diagrams rdf",
            "reading register",
            "derive horizon questions records report",
            "brief claims dataset forms overview",
            "describe drafts explain sandbox user_files validate",
            "graph magic",
            "desk remote site",
            "assistant serve",
            "__init__ cli",
        ],
        start=0,
    )
    for room in rooms.split()
}

#: What a room or a module must not import, beyond the floors, and why.
NEVER = {
    "render": ("pyoxigraph", "rdflib", "it writes plain rows, whatever they mean"),
    "rdf": ("typer", "urllib", "it reads files and runs SPARQL in this process"),
    "rdf.terms": ("cspgraph.rdf", "everything else there stands on the terms"),
    "diagrams": ("cspgraph.rdf", "a box does not know what it is about"),
    "derive": ("cspgraph.register", "the rules see a graph, not tables"),
    "records": ("cspgraph.register", "a record cannot change the register"),
    "questions": ("typer", "an answer can be asked for without a screen"),
    "dataset": (
        *("cspgraph.report", "cspgraph.questions", "cspgraph.render"),
        "it holds files and graphs, and words nothing",
    ),
    "claims": ("cspgraph.rdf.files", "the rules judge; it words what they say"),
    "brief": ("cspgraph.rdf.files", "a brief is made of answers"),
    "overview": ("cspgraph.rdf.files", "an overview is made of answers"),
    "validate": ("cspgraph.forms", "a form that was filled is a record by then"),
    "reading": ("cspgraph.register", "it says what is printed, not what it means"),
    "desk": ("starlette", "mcp", "it is asked in this process, by whatever speaks"),
    "serve": ("cspgraph.rdf.files", "it asks the desk, which holds what is read"),
    "assistant": ("cspgraph.rdf", "its words are made of answers"),
    "explain": ("cspgraph.forms", "a reason rests on what is in the graph"),
}
#: What may be imported in one room alone.
ALONE = {
    "cspgraph.cli.console": "cli",
    "jinja2": "site",
    "html": "render",
    "http": "remote",
    "mcp": "assistant",
    "socket": "remote",
    "uvicorn": "serve",
    "typer": "cli",
    "urllib.error": "remote",
    "urllib.request": "remote",
}
#: Modules that a module imports only where it uses them.
LATE = {
    "questions.answer": (
        *("cspgraph.diagrams", "cspgraph.questions.frames"),
        *("cspgraph.questions.answer_picture", "cspgraph.render.html"),
    ),
    "__init__": tuple(f"cspgraph.{room}" for room in FLOORS if room != "version"),
    "cli.__init__": ("cspgraph", "typer"),
}


class Import(NamedTuple):
    """Who imports what, and whether it is imported with the module itself."""

    by: str
    what: str
    at_once: bool


def room(name: str) -> str:
    """Return the folder that a module stands in, or its own name beside the folders."""
    return name.partition(".")[0]


def late(tree: ast.Module) -> set[ast.AST]:
    """Return what a module does not run when it is imported."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or typing:
            found |= set(ast.walk(node))
    return found


def imports(name: str, text: str) -> Iterator[Import]:
    """Yield what a module imports, also inside functions and for its types."""
    tree = ast.parse(text)
    inner = late(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for what in names:
            yield Import(name, what, at_once=node not in inner)


FOUND = [found for name, text in TEXTS.items() for found in imports(name, text)]


def module(what: str) -> str:
    """Return the module of ours that an import leads to; empty for any other."""
    start, _, rest = what.partition(".")
    if start != "cspgraph":
        return ""
    for name in (rest, rest.rpartition(".")[0]):
        for found in (name, f"{name}.__init__"):
            if found in PATHS:
                return found
    return "__init__"


def begins(what: str, start: str) -> bool:
    return f"{what}.".startswith(f"{start}.")


def upward(found: Iterable[Import]) -> set[tuple[str, str]]:
    """Return imports that do not lead to a room on a lower floor."""
    pairs = {(one.by, module(one.what)) for one in found}
    return {
        (by, other)
        for by, other in pairs
        if other and room(by) != room(other) and FLOORS[room(other)] >= FLOORS[room(by)]
    }


def circle(found: Iterable[Import]) -> list[str]:
    """Return modules that lead to each other in a circle, if there are any."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for one in found:
        other = module(one.what)
        if other and other != one.by and not other.endswith("__init__"):
            order.add(one.by, other)
    try:
        order.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def forbidden(found: Iterable[Import]) -> list[str]:
    """Return the imports that `NEVER`, `ALONE` and `LATE` rule out."""
    return [
        f"{one.by} imports {one.what}"
        for one in found
        if any(
            begins(one.by, name) and begins(one.what, other) and one.by != other
            for name, others in NEVER.items()
            for other in others[:-1]
        )
        or any(
            begins(one.what, other) and room(one.by) != home
            for other, home in ALONE.items()
        )
        or (
            one.at_once
            and any(begins(one.what, other) for other in LATE.get(one.by, ()))
        )
    ]


def made_up(name: str, text: str) -> list[Import]:
    """Return the imports of all modules, with `text` in the place of one of them."""
    rest = [found for found in FOUND if found.by != name]
    return [*rest, *imports(name, text)]


def test_every_room_has_its_floor() -> None:
    assert set(FLOORS) == {room(name) for name in PATHS}


def test_the_picture_shows_each_room_on_its_floor() -> None:
    lines = DRAWING.read_text(encoding="utf-8").splitlines()
    for name, floor in FLOORS.items():
        (line,) = [line for line in lines if line.startswith(f"floor {floor} ")]
        assert name in line.split(), name


def test_rooms_import_from_lower_floors_alone() -> None:
    assert upward(FOUND) == set()


def test_there_is_no_circle() -> None:
    assert circle(FOUND) == []


def test_what_a_room_must_not_know_it_does_not_import() -> None:
    assert forbidden(FOUND) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rdf.terms", "def late() -> None:\n    from cspgraph import graph\n"),
        ("rdf.terms", "if TYPE_CHECKING:\n    from cspgraph.graph import load\n"),
        ("questions.ask", "import cspgraph.dataset\n"),
        ("register.tables", "from cspgraph.records.index import RecordIndex\n"),
    ],
)
def test_an_import_upwards_would_be_seen(name: str, text: str) -> None:
    assert {by for by, _ in upward(made_up(name, text))} == {name}


def test_a_circle_inside_a_room_would_be_seen() -> None:
    text = "from cspgraph.rdf.engines import Oxigraph\n"
    assert {"rdf.terms", "rdf.engines"} <= set(circle(made_up("rdf.terms", text)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("render.html", "from pyoxigraph import NamedNode\n"),
        ("rdf.terms", "from cspgraph.rdf import files\n"),
        ("dataset", "def late() -> None:\n    from cspgraph.render import html\n"),
        ("derive.rules", "from cspgraph.register.tables import TABLES\n"),
        ("graph", "from cspgraph.cli.console import say\n"),
        ("report.as_html", "from html import escape\n"),
        ("rdf.files", "from urllib.request import urlopen\n"),
        ("questions.answer", "from cspgraph.questions import frames\n"),
        ("__init__", "from cspgraph.graph import load\n"),
    ],
)
def test_what_is_ruled_out_would_be_seen(name: str, text: str) -> None:
    (said,) = forbidden(made_up(name, text))
    assert said.startswith(f"{name} imports ")


@pytest.mark.parametrize("name", PATHS)
def test_a_module_says_what_it_is_for(name: str) -> None:
    said = ast.get_docstring(ast.parse(TEXTS[name]))
    assert said
    assert said.splitlines()[0].endswith((".", "?"))
    words = {"utils", "util", "helpers", "misc", "common", "manager"}
    assert words.isdisjoint(name.split("."))
    count = len(TEXTS[name].splitlines())
    if count > LONG:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"{name} has {count} lines", stacklevel=2)


@pytest.mark.parametrize(
    "folder", sorted({room(name) for name in PATHS if "." in name})
)
def test_a_folder_says_what_is_in_it_and_what_is_not(folder: str) -> None:
    said = ast.get_docstring(ast.parse(TEXTS[f"{folder}.__init__"])) or ""
    what, _, other = said.partition("\n\n")
    assert len(what.splitlines()) == 1
    assert other.startswith("Not here: ")
    inside = [name for name in PATHS if begins(name, folder)]
    assert len(inside) > 3, "a folder is made for three modules or more"


def test_no_public_class_name_stands_twice() -> None:
    count = Counter(
        node.name
        for text in TEXTS.values()
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert len(count) > 50
    assert [name for name, times in count.items() if times > 1] == []


@pytest.mark.parametrize("name", sorted(set(PATHS) - {"version", "__init__"}))
def test_public_names_are_listed_and_told(name: str) -> None:
    tree = ast.parse(TEXTS[name])
    listed = next(
        [ast.literal_eval(item) for item in node.value.elts]
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.List)
        and "__all__"
        in [
            getattr(target, "id", "")
            for target in getattr(node, "targets", [getattr(node, "target", None)])
        ]
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
