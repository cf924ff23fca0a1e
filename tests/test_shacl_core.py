"""SHACL Core, case by case: our own equivalent of each case of the test suite of the W3C.

Each text in `tests/shacl_core/` is a folder of that suite, and each block in it a case
under the name that the case has there: shapes and data in Turtle, then the results that
are due by the specification, each as `= focus | shape | component | value`, as often as
it is due. Nothing is copied: data and shapes are our own. pySHACL is the second judge.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import BlankNode, RdfFormat, Store, parse
from rdflib import SH, BNode
from rdflib import Literal as Native

from cspgraph.rdf.engines import to_rdflib
from cspgraph.validate.results import as_results, by_pyshacl
from cspgraph.validate.shacl import Shapes

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from rdflib import Graph

FOLDER = Path(__file__).parent / "shacl_core"
PREFIX = """@prefix ex: <urn:ex:> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NAMELESS = "a node without a name"
#: What pySHACL does otherwise, and why the specification is on our side.
ELSEWHERE = {
    "property/uniqueLang-002": "only the literal `true` asks; it takes `1` for it",
}


class Case(NamedTuple):
    """One case: its name, its shapes and data, and the results that are due."""

    name: str
    text: str
    due: Counter[str]


def cases() -> list[Case]:
    """Return every case, under `folder/name`."""
    found = []
    for place in sorted(FOLDER.glob("*.txt")):
        blocks = re.split(r"^# ", place.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for block in blocks[1:]:
            name, *lines = block.splitlines()
            due = Counter(line[2:] for line in lines if line.startswith("= "))
            text = "\n".join(line for line in lines if not line.startswith("= "))
            found.append(Case(f"{place.stem}/{name}", text, due))
    return found


CASES = cases()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def quads(case: Case) -> list[Quad]:
    return list(parse(PREFIX + case.text, RdfFormat.TURTLE))


def word(term: object) -> str:
    """Return a term as the cases write it."""
    if term is None:
        return "-"
    if isinstance(term, BlankNode | BNode):
        return NAMELESS
    if isinstance(term, Native) and isinstance(term.value, bool | datetime):
        written = str(term).lower() if isinstance(term.value, bool) else str(term)
        return written.replace(" ", "T").replace("+00:00", "Z")
    text = str(term) if isinstance(term, Native) else getattr(term, "value", term)
    return str(text).removeprefix("urn:ex:")


def ours(case: Case) -> Counter[str]:
    store = Store()
    store.extend(quads(case))
    shapes = Shapes(quads(case))
    assert not shapes.unknown
    found = list(shapes.results(store))
    assert not shapes.missed
    return Counter(
        " | ".join(
            [
                word(f.focus),
                word(f.shape),
                f.component[0].upper() + f.component[1:],
                word(f.value),
            ]
        )
        for f in found
    )


def theirs(case: Case) -> set[str]:
    graph = to_rdflib(quads(case))
    found = by_pyshacl(graph, graph)
    said = set()
    for result in found.objects(None, SH.result):
        keys = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.value)
        focus, shape, component, value = (found.value(result, key) for key in keys)
        name = str(component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
        said.add(" | ".join([word(focus), word(shape), name, word(value)]))
    return said


def test_the_map_is_whole() -> None:
    """As many cases as the folders of the suite hold, each once."""
    folders = Counter(case.name.partition("/")[0] for case in CASES)
    assert folders == {
        "node": 32,
        "property": 38,
        "path": 14,
        "targets": 7,
        "misc": 5,
        "complex": 4,
        "validation-reports": 1,
    }
    assert len({case.name for case in CASES}) == len(CASES)


@each_case
def test_the_results_are_those_that_are_due(case: Case) -> None:
    assert ours(case) == case.due


@each_case
def test_pyshacl_finds_the_same(case: Case) -> None:
    if case.name in ELSEWHERE:
        assert theirs(case) != set(case.due)
    else:
        assert theirs(case) == set(case.due)


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("misc/severity-001", "http://www.w3.org/ns/shacl#Warning"),
        ("misc/severity-002", "urn:ex:Grave"),
        ("misc/message-001", "http://www.w3.org/ns/shacl#Violation"),
    ],
)
def test_the_weight_is_that_of_the_shape(name: str, severity: str) -> None:
    (case,) = (case for case in CASES if case.name == name)
    store = Store()
    store.extend(quads(case))
    results: Graph = as_results(
        Shapes(quads(case)).check(store), to_rdflib(quads(case))
    )
    assert {str(o) for o in results.objects(None, SH.resultSeverity)} == {severity}
