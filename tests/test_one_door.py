"""Free SPARQL goes through one gate, and FROM reads what it names, on every way in."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
)

import cspgraph
import few
from cspgraph import sandbox
from cspgraph.cli import main
from cspgraph.errors import ParameterError, QueryError, UnsafeQueryError
from cspgraph.questions.ask import ask_freely
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import PREFIXES
from cspgraph.remote.endpoint import Remote
from test_engines import saying, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.engines import Engine

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
        ("SELECT ?o FROM graph:law { ?s ?p ?o }", 3),
        ("SELECT ?o FROM graph:record{ ?s ?p ?o }", 1),
        ("SELECT ?o from # FROM <x>\n named graph:law { GRAPH ?g { ?s ?p ?o } }", 3),
        ("SELECT ?o FROM graph:law FROM graph:record WHERE { ?s ?p ?o }", 4),
        (
            "PREFIX g: <https://w3id.org/cspgraph/graph/> SELECT ?o FROM g:law { ?s ?p ?o }",
            3,
        ),
    ],
)
def test_a_graph_that_is_named_is_read_alone(query: str, count: int) -> None:
    _, rows = from_json(Oxigraph(QUADS).select(query))
    assert len(rows) == count


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_a_graph_that_is_not_there_is_told(clause: str) -> None:
    with pytest.raises(ParameterError, match="is no graph here; there are http"):
        Oxigraph(QUADS).select(f"SELECT * {clause} {NOWHERE} {{ ?s ?p ?o }}")


@pytest.mark.parametrize("name", [str(LAW), "graph:law"])
def test_the_reference_does_not_ignore_from(name: str) -> None:
    with pytest.raises(QueryError, match=r"^FROM"):
        Reference(QUADS).select(f"ASK FROM {name} {{ ?s ?p ?o }}")


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
    there = sandbox.ask(query, on="2024-07-23", areas=few.AREAS)
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
    there = sandbox.ask(query, on="2024-07-23", areas=few.AREAS)
    (row,) = here.select(query)
    held = sum(quad.graph_name == LAW for quad in here.quads())
    assert row["n"] == held > 0
    assert list(there) == [row]
    short = query.replace(str(LAW), "graph:law")
    assert list(here.select(short)) == [row]
    assert list(sandbox.ask(short, on="2024-07-23", areas=few.AREAS)) == [row]


# A server


def test_a_server_gets_nothing_that_the_gate_refuses() -> None:
    """Nothing is sent at all: nobody listens there, and that is not what is told."""
    nowhere = "http://127.0.0.1:9/query"
    for query in (
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "ASK FROM <http://127.0.0.1:9/> { ?s ?p ?o }",
        "DELETE WHERE { ?s ?p ?o }",
    ):
        for way in (Remote(nowhere).select, cspgraph.connect(nowhere).select):
            with pytest.raises(UnsafeQueryError):
                way(query)


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_a_server_reads_the_graphs_that_are_named(
    clause: str, kg: KnowledgeGraph
) -> None:
    inner = "GRAPH ?g { ?s ?p ?o }" if "NAMED" in clause else "?s ?p ?o"
    query = f"SELECT (COUNT(*) AS ?n) {clause} {LAW} {{ {inner} }}"
    with dataset(kg.at("2024-07-23").quads()) as url:
        (row,) = cspgraph.connect(url).select(query)
        assert row == next(iter(kg.at("2024-07-23").select(query)))
        named = cspgraph.connect(url).select(query.replace(str(LAW), "graph:law"))
        assert list(named) == [row]
        for nowhere in (str(NOWHERE), "graph:nowhere"):
            with pytest.raises(ParameterError, match=f"{NOWHERE.value} is no graph"):
                cspgraph.connect(url).select(query.replace(str(LAW), nowhere))


@contextmanager
def dataset(quads: Iterable[Quad]) -> Iterator[str]:
    """Serve `quads` in their graphs, their union where none is named."""
    store = Store()
    store.extend(quads)

    def reply(to: Any) -> None:
        (text,) = parse_qs(server.asked[-1])["query"]
        union = not re.search(r"\bFROM\b", text)
        found = store.query(text, use_default_graph_as_union=union)
        assert isinstance(found, QuerySolutions | QueryBoolean)
        body = found.serialize(format=QueryResultsFormat.JSON) or b""
        saying(body, "application/sparql-results+json")(to)

    with serving(reply) as server:
        yield server.url


def test_a_prefix_that_a_server_does_not_know_is_named(
    endpoint: Callable[[str], str],
) -> None:
    with pytest.raises(QueryError, match=r"the prefix dcxt: is not known.* csp:"):
        cspgraph.connect(endpoint("2024-07-23")).select("ASK { ?s dcxt:theme ?o }")


@pytest.mark.parametrize("names", ["spo", "ops", "zab", "bza"])
def test_a_server_and_the_reference_keep_the_order_too(
    names: str, kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    one, two, three = list(names)
    query = f"SELECT * {{ ?{one} a ?{two} . BIND(1 AS ?{three}) }} LIMIT 1"
    there = cspgraph.connect(endpoint("2024-07-23")).select(query)
    assert [column.name for column in there.columns] == list(names)
    known = kg._dataset.labels
    reference = ask_freely(Reference(QUADS), query.replace(" a ", " <urn:p> "), known, None, {})  # fmt: skip
    assert [column.name for column in reference.columns] == list(names)
    assert len(reference) == len(there) == 1


def test_the_order_is_that_of_the_names_that_come(kg: KnowledgeGraph) -> None:
    """A sub-select hides names, and a text or a comment names nothing."""
    query = """SELECT * # ?o
    { { SELECT ?z ("?o" AS ?b) { ?z a ?hidden } LIMIT 1 } BIND("?a" AS ?o) BIND(2 AS ?a) }"""
    found = kg.at("2024-07-23").select(query)
    assert [column.name for column in found.columns] == ["z", "b", "o", "a"]


# IRIs and names

NAMED = "SELECT ?body { ?body a csp:Body FILTER(?body = body:dorset-council) }"
DORSET = PREFIXES["body"] + "dorset-council"


def test_csv_of_free_sparql_has_iris_on_every_way_in(
    kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    here = kg.at("2024-07-23")
    for found in (
        here.select(NAMED),
        sandbox.ask(NAMED, on="2024-07-23", areas=few.AREAS),
        cspgraph.connect(endpoint("2024-07-23")).select(NAMED),
    ):
        assert found.to_csv() == f"body\n{DORSET}\n"
        assert found.to_csv(iris=False) == "body\nDorset Council\n"
        assert found.words() == [["Dorset Council"]]
    asked = here.answer("responsible-authorities", area="Dorset")
    assert "\nDorset Council," in asked.to_csv()
    assert f"\n{DORSET}," in asked.to_csv(iris=True)


@pytest.mark.parametrize("form", ["table", "csv", "md"])
def test_the_command_prints_iris_or_names(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    long = f"SELECT ?a ?b ?c {{ {NAMED.partition('{')[2]} BIND(?body AS ?a) BIND(?body AS ?b) BIND(?body AS ?c) }}".replace("} BIND", " BIND", 1)  # fmt: skip

    def typed(*words: str) -> str:
        area = ("--area", "Dorset", "--on", "2024-07-23", "--format", form)
        with pytest.raises(SystemExit) as ended:
            main(["sparql", long, *area, *words])
        assert not ended.value.code
        return capsys.readouterr().out

    assert typed("--iris").count(DORSET) == 3
    assert typed("--names").count("Dorset Council") == 3
    assert typed() == typed("--iris" if form == "csv" else "--names")
