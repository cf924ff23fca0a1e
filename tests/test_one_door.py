"""Free SPARQL goes through one gate, and FROM reads what it names, on every way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import few
from cspgraph.engines import Oxigraph, Reference
from cspgraph.errors import ParameterError, QueryError, UnsafeQueryError
from cspgraph.inquiry.answers import from_json
from cspgraph.sandbox import worker
from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from cspgraph.engines import Engine
    from cspgraph.graph import KnowledgeGraph

GRAPHS = {name: NamedNode(PREFIXES["graph"] + name) for name in ("law", "record")}
QUADS = [
    Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal(number), graph)
    for graph, numbers in zip(GRAPHS.values(), ([1, 2, 3], [4]), strict=True)
    for number in numbers
]
LAW, NOWHERE = GRAPHS["law"], NamedNode(PREFIXES["graph"] + "nowhere")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("SELECT ?o { ?s ?p ?o }", 4),
        ("SELECT ?o FROM <https://w3id.org/cspgraph/graph/law> { ?s ?p ?o }", 3),
        (
            "SELECT ?o FROM NAMED <https://w3id.org/cspgraph/graph/law> { GRAPH ?g { ?s ?p ?o } }",
            3,
        ),
        ("SELECT ?o FROM NAMED <https://w3id.org/cspgraph/graph/law> { ?s ?p ?o }", 0),
    ],
)
def test_a_graph_that_is_named_is_read_alone(query: str, count: int) -> None:
    _, rows = from_json(Oxigraph(QUADS).select(query))
    assert len(rows) == count


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_a_graph_that_is_not_there_is_told(clause: str) -> None:
    with pytest.raises(ParameterError, match="is no graph here; there are http"):
        Oxigraph(QUADS).select(f"SELECT * {clause} {NOWHERE} {{ ?s ?p ?o }}")


def test_the_reference_does_not_ignore_from() -> None:
    with pytest.raises(QueryError, match=r"^FROM"):
        Reference(QUADS).select(
            "SELECT * FROM <https://w3id.org/cspgraph/graph/law> { ?s ?p ?o }"
        )


@pytest.mark.parametrize("engine", [Oxigraph(QUADS), Reference(QUADS)])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "ASK { ?s ?p '\\u0027 . SERVICE <http://127.0.0.1:9/> {} } #' }",
        "INSERT DATA { <urn:a> <urn:b> 1 }",
        "LOAD <http://127.0.0.1:9/>",
    ],
)
def test_every_engine_stands_behind_the_gate(engine: Engine, query: str) -> None:
    with pytest.raises(UnsafeQueryError):
        engine.select(query)


def test_a_prefix_that_is_not_known_is_named() -> None:
    with pytest.raises(QueryError, match=r"the prefix dcat: is not known.* csp:"):
        Oxigraph(QUADS).select("ASK { ?s dcat:theme ?o }")


@pytest.mark.parametrize("names", ["spo", "ops", "zab", "bza"])
def test_everything_comes_in_the_order_of_the_query(
    names: str, kg: KnowledgeGraph
) -> None:
    one, two, three = list(names)
    query = f"SELECT * {{ ?{one} a ?{two} . BIND(1 AS ?{three}) }} LIMIT 1"
    here = kg.at("2024-07-23").select(query)
    there = worker.ask(query, on="2024-07-23", areas=few.AREAS)
    assert [column.name for column in here.columns] == list(names)
    assert there.columns == here.columns


def test_the_graph_people_hold_calls_nobody(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnsafeQueryError, match="SERVICE"):
        kg.select("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_the_graph_and_the_worker_read_the_same_graphs(
    clause: str, kg: KnowledgeGraph
) -> None:
    inner = "GRAPH ?g { ?s ?p ?o }" if "NAMED" in clause else "?s ?p ?o"
    query = f"SELECT (COUNT(*) AS ?n) {clause} {LAW} {{ {inner} }}"
    here = kg.at("2024-07-23")
    there = worker.ask(query, on="2024-07-23", areas=few.AREAS)
    (row,) = here.select(query)
    held = sum(quad.graph_name == LAW for quad in here.quads())
    assert row["n"] == held > 0
    assert list(there) == [row]
