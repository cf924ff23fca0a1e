"""CONSTRUCT and DESCRIBE give the same RDF on every way in, behind the same gate."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)
from rdflib.compare import isomorphic

import cspgraph
import few
from cspgraph import sandbox
from cspgraph.cli import main
from cspgraph.errors import (
    EndpointError,
    ParameterError,
    QueryError,
    StoppedError,
    UnsafeQueryError,
)
from cspgraph.questions.triples import FORMATS, Triples
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.terms import PREFIXES
from cspgraph.remote.endpoint import Remote
from test_engines import saying, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
DORSET = ("--area", "Dorset", "--on", DAY)
LAW = f"<{PREFIXES['graph']}law>"
BUILT = {
    "construct": "CONSTRUCT { ?duty csp:bearer ?body } WHERE { ?duty a csp:Duty ; csp:bearer ?body }",
    "short": "CONSTRUCT WHERE { ?duty csp:bearer body:dorset-council }",
    "describe": "DESCRIBE body:dorset-council",
    "describe what fits": "DESCRIBE ?duty { ?duty csp:bearer body:dorset-council }",
}
each_built = pytest.mark.parametrize("query", BUILT.values(), ids=BUILT)
SUBJECT, LINK = NamedNode("urn:a"), NamedNode("urn:p")
FEW = [Quad(SUBJECT, LINK, Literal(n), NamedNode("urn:g")) for n in range(3)]


def outgoing(kg: KnowledgeGraph, thing: str) -> set[Triple]:
    """Return what the graph of the day says of `thing`, found without SPARQL."""
    name = NamedNode(thing)
    return {q.triple for q in kg.at(DAY).quads() if q.subject == name}


# The same on every way in


@each_built
def test_every_way_in_builds_the_same(
    query: str, kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    here = kg.at(DAY).construct(query)
    assert len(here) > 0
    process = sandbox.construct(query, on=DAY, areas=few.AREAS)
    assert process.triples == here.triples
    assert process.receipt == here.receipt
    assert (process.on, process.complete) == (here.on, True)
    server = cspgraph.connect(endpoint(DAY)).construct(query)
    assert server.triples == here.triples


def test_describing_gives_what_the_graph_says(kg: KnowledgeGraph) -> None:
    thing = PREFIXES["body"] + "dorset-council"
    found = kg.at(DAY).construct("DESCRIBE body:dorset-council")
    assert set(found) == outgoing(kg, thing) != set()


def test_the_reference_builds_the_same(kg: KnowledgeGraph) -> None:
    """On a small part of the graph, which rdflib is quick to read."""
    thing = PREFIXES["body"] + "dorset-council"
    quads = [Quad(t.subject, t.predicate, t.object) for t in outgoing(kg, thing)]
    for query in (BUILT["describe"], "CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o FILTER(ISIRI(?o)) }"):  # fmt: skip
        wanted = set(Oxigraph(quads).construct(query))
        assert set(Reference(quads).construct(query)) == wanted != set()


def test_a_graph_that_is_named_is_read_alone(kg: KnowledgeGraph) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} FROM {LAW} WHERE {{ ?s ?p ?o }}"
    held = {q.triple for q in kg.at(DAY).quads() if str(q.graph_name) == LAW}
    assert set(kg.at(DAY).construct(query)) == held
    there = sandbox.construct(query, on=DAY, areas=few.AREAS, rows=10**6)
    assert set(there) == held


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "DESCRIBE ?s { SERVICE ?s { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } FROM <http://127.0.0.1:9/> WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o } ; DROP ALL",
    ],
)
def test_every_way_in_stands_behind_the_gate(query: str, kg: KnowledgeGraph) -> None:
    nowhere = "http://127.0.0.1:9/query"
    for way in (
        kg.construct,
        Oxigraph(FEW).construct,
        Reference(FEW).construct,
        Remote(nowhere).construct,
        cspgraph.connect(nowhere).construct,
        lambda text: sandbox.construct(text, on=DAY, areas=few.AREAS),
    ):
        with pytest.raises(UnsafeQueryError):
            way(query)


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "ASK {}"])
def test_rows_are_not_built(query: str, kg: KnowledgeGraph) -> None:
    nowhere = "http://127.0.0.1:9/query"
    for way in (
        kg.construct,
        Reference(FEW).construct,
        Remote(nowhere).construct,
        lambda text: sandbox.construct(text, on=DAY, areas=few.AREAS),
    ):
        with pytest.raises(QueryError, match=r"^it asks for rows"):
            way(query)


@each_built
def test_a_graph_is_not_selected(query: str, kg: KnowledgeGraph) -> None:
    nowhere = "http://127.0.0.1:9/query"
    for way in (
        kg.select,
        Reference(FEW).select,
        Remote(nowhere).select,
        lambda text: sandbox.ask(text, on=DAY, areas=few.AREAS),
    ):
        with pytest.raises(QueryError, match=r"^it builds a graph"):
            way(query)


@pytest.mark.parametrize("query", ["CONSTRUCT { ?s ?p } WHERE {}", "DESCRIBE", "DESCRIBE ?x {"])  # fmt: skip
def test_ill_sparql_is_a_query_error(query: str, kg: KnowledgeGraph) -> None:
    for way in (
        kg.construct,
        Reference(FEW).construct,
        lambda text: sandbox.construct(text, on=DAY, areas=few.AREAS),
    ):
        with pytest.raises(QueryError, match="not a SPARQL CONSTRUCT or DESCRIBE"):
            way(query)


def test_a_prefix_that_is_not_known_is_named(
    kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    for way in (kg.construct, cspgraph.connect(endpoint(DAY)).construct):
        with pytest.raises(QueryError, match=r"the prefix dcxt: is not known.* csp:"):
            way("DESCRIBE dcxt:theme")


# Limits


def test_statements_are_capped_and_the_answer_says_so() -> None:
    query = BUILT["construct"]
    cut = sandbox.construct(query, on=DAY, areas=few.AREAS, rows=5)
    assert (len(cut), cut.complete) == (5, False)
    assert cut.receipt["cut"] == "after 5 statements"
    assert "# Not complete: stopped after 5 statements." in cut.to("turtle")
    assert "not complete" in repr(cut)


def test_as_many_statements_as_the_cap_are_complete() -> None:
    """A statement that comes twice is counted once."""
    query = "CONSTRUCT { body:x a csp:Body } WHERE { ?duty a csp:Duty }"
    found = sandbox.construct(query, on=DAY, areas=few.AREAS, rows=1)
    assert (len(found), found.complete) == (1, True)


def test_a_runaway_is_stopped() -> None:
    query = "CONSTRUCT { <urn:n> <urn:n> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
    with pytest.raises(StoppedError, match="stopped after 1 s"):
        sandbox.construct(query, on=DAY, areas=few.AREAS, seconds=1)


# How it is written

ODD = [
    Triple(SUBJECT, LINK, Literal("a\tb\n\x1b \u202e 'x' \"y\"", language="en-gb")),
    Triple(SUBJECT, LINK, Literal("01", datatype=NamedNode(PREFIXES["xsd"] + "integer"))),
    Triple(SUBJECT, NamedNode(PREFIXES["csp"] + "x"), BlankNode("b")),
    Triple(BlankNode("b"), LINK, NamedNode("http://a.example/\u00e9?a=b#c")),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_means_the_same(form: str) -> None:
    text = Triples.of(ODD, date(2024, 7, 23), {}).to(form)
    assert {quad.triple for quad in parse(text, FORMATS[form])} == set(ODD)
    assert text.endswith("\n")


@pytest.mark.parametrize("form", ["turtle", "nt"])
def test_another_library_reads_the_same(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    kept = [ODD[0], *ODD[2:]]  # it reads 01 in Turtle as 1
    made = Triples.of(kept, date(2024, 7, 23), {})
    graph = rdflib.Graph()
    graph.parse(data=made.to(form), format=form)
    assert isomorphic(graph, made.to_rdflib())
    assert len(graph) == len(kept) == 3


def test_the_worker_loses_nothing_of_a_term() -> None:
    text = "'a\\tb \\u202e \"x\"'@en-GB"
    query = f"CONSTRUCT {{ <urn:a> <urn:p> {text} , _:b . _:b <urn:p> 01 }} WHERE {{}}"
    found = sandbox.construct(query, on=DAY, areas=few.AREAS)
    wanted = Store().query(query)
    assert isinstance(wanted, QueryTriples)
    graphs = [rdflib.Graph(), rdflib.Graph()]
    graphs[0].parse(data=serialize(wanted, format=RdfFormat.N_TRIPLES), format="nt")
    graphs[1].parse(data=found.to("nt"), format="nt")
    assert isomorphic(*graphs)
    assert len(found) == 3


def test_a_day_beyond_what_is_known_is_warned_of_above(kg: KnowledgeGraph) -> None:
    late = kg.at("2031-01-01").construct("DESCRIBE gss:E06000059")
    assert late.to("turtle").startswith("# This looks beyond ")
    assert not late.to("nt").startswith("#")


def test_nothing_says_that_nothing_is_no_proof(kg: KnowledgeGraph) -> None:
    none = kg.at(DAY).construct("DESCRIBE <urn:nothing>")
    assert len(none) == 0
    said = "nothing is on record does not mean that nothing was done"
    assert said in none.silence
    assert said in str(none)
    assert none.to("nt") == ""


def test_a_notebook_shows_text_and_no_markup() -> None:
    made = Triples.of([Triple(SUBJECT, LINK, Literal("<b>"))], None, {})
    assert "<b>" not in made._repr_html_()
    assert "&lt;b&gt;" in made._repr_html_()


# The command


def typed(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["sparql", *words])
    return int(ended.value.code or 0)


@pytest.mark.parametrize("form", [None, *FORMATS])
def test_the_command_prints_rdf(
    form: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--format", form] if form else []
    assert typed(BUILT["describe"], *DORSET, *words) == 0
    shown = capsys.readouterr()
    wanted = cspgraph.load(areas=["Dorset"], on=DAY).construct(BUILT["describe"])
    assert shown.out == wanted.to(form or "turtle")
    assert shown.err == ""


def test_the_command_says_that_it_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(BUILT["construct"], *DORSET, "--rows", "2") == 4
    shown = capsys.readouterr()
    assert len(list(parse(shown.out, RdfFormat.TURTLE))) == 2
    assert shown.err == (
        "cspgraph: stopped after 2 statements; the answer is not complete\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((BUILT["short"], "--format", "csv"), "the query gives a graph; write turtle"),
        (("ASK {}", "--format", "turtle"), "the query gives rows; write table"),
        ((BUILT["short"], "--names"), "a graph is written with IRIs"),
        (("DESCRIBE dcxt:x",), "the prefix dcxt: is not known"),
    ],
)
def test_what_does_not_go_together_is_refused(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*words, *DORSET) == 2
    assert said in capsys.readouterr().err


def test_the_command_asks_a_server(
    endpoint: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = [BUILT["construct"], "--endpoint", endpoint(DAY), "--format", "nt"]
    assert typed(*words, "--rows", "3") == 4
    assert capsys.readouterr().out.count("\n") == 3


# A server that is not ours

TURTLE = b"<urn:a> <urn:b> <urn:c> .\n"


def test_a_good_server_is_believed() -> None:
    with serving(saying(TURTLE, "text/turtle; charset=utf-8")) as server:
        found = Remote(server.url).construct("DESCRIBE <urn:a>")
    (triple,) = found
    assert str(triple) == "<urn:a> <urn:b> <urn:c>"


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"<html>", "text/html", "answered with text/html, not RDF"),
        (b"{}", "application/sparql-results+json", "not RDF"),
        (TURTLE + b"<urn:a> <urn", "text/turtle", "not complete, or no RDF"),
        (b"<urn:a> <urn:b> nonsense:x .", "text/turtle", "no RDF"),
    ],
)
def test_a_bad_server_is_an_endpoint_error(body: bytes, kind: str, said: str) -> None:
    with (
        serving(saying(body, kind)) as server,
        pytest.raises(EndpointError, match=said),
    ):
        Remote(server.url).construct("DESCRIBE <urn:a>")


def test_an_answer_without_a_length_is_not_taken_for_whole() -> None:
    """Turtle that stops after a statement looks whole."""

    def unmeasured(to: Any) -> None:
        to.send_response(200)
        to.send_header("content-type", "text/turtle")
        to.end_headers()
        to.wfile.write(TURTLE)

    with (
        serving(unmeasured) as server,
        pytest.raises(EndpointError, match="does not say how long"),
    ):
        Remote(server.url).construct("DESCRIBE <urn:a>")


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ParameterError, match="'yaml' is not known; write turtle"):
        Triples.of(ODD, None, {}).to("yaml")


def test_json_ld_is_json() -> None:
    assert json.loads(Triples.of(ODD, None, {}).to("json-ld"))
