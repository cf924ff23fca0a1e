"""Run SPARQL: in memory with pyoxigraph, in rdflib, or at a remote endpoint.

All three give SPARQL 1.1 Query Results JSON, so that one reader serves them all.
The default graph is always the union of every graph. rdflib is the reference:
slower, and used to prove that the default engine is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from cspgraph.errors import EndpointError, ParameterError, QueryError
from cspgraph.gate import Asked, admit, asked
from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import Graph

__all__ = ["Engine", "Oxigraph", "Reference", "Remote"]


class Engine(Protocol):
    """What answers SPARQL SELECT with results in JSON."""

    name: str

    def select(self, text: str) -> bytes:
        """Return the results of the SELECT or ASK query `text`, past the gate, as JSON."""
        ...

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON.

        `Query.bind` puts terms into it and nothing else, so that it needs no gate.
        """
        ...


class Oxigraph:
    """The default engine: pyoxigraph, in memory.

    >>> b'"boolean":false' in Oxigraph().select("ASK { ?s ?p ?o }")
    True
    """

    name = "pyoxigraph"

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self.store = Store()
        self.store.bulk_extend(quads)

    def links(self, *terms: NamedNode) -> Iterator[Quad]:
        """Yield the quads whose predicate is one of `terms`."""
        for term in terms:
            yield from self.store.quads_for_pattern(None, term, None, None)

    def select(self, text: str) -> bytes:
        """Return the results of `text` as JSON; raise `QueryError` for bad SPARQL.

        What the gate refuses is refused here too.
        """
        return self.rows(admit(text))

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON."""
        try:
            found = put(self.store, text, asked(text))
        except SyntaxError as error:
            said = asked(text).unknown() or f"not a SPARQL SELECT or ASK: {error}"
            raise QueryError(said) from error
        if isinstance(found, QueryTriples):
            raise QueryError("it builds a graph; ask a SELECT or ASK for rows")
        return found.serialize(format=QueryResultsFormat.JSON) or b""

    def construct(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT query `text` gives."""
        found = self.store.query(text, use_default_graph_as_union=True)
        if not isinstance(found, QueryTriples):
            raise QueryError("it builds no graph; a rule is a CONSTRUCT query")
        return list(found)

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Put `triples` into the graph with the IRI `graph`."""
        name = NamedNode(graph)
        self.store.bulk_extend(
            Quad(t.subject, t.predicate, t.object, name) for t in triples
        )

    def quads(self) -> Iterable[Quad]:
        """Return everything in the store."""
        return self.store.quads_for_pattern(None, None, None, None)


class Reference:
    """rdflib: what the other engines are compared with."""

    name = "rdflib"

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.graph = to_rdflib(quads)

    def select(self, text: str) -> bytes:
        """Return the results of `text` as JSON; raise `QueryError` for bad SPARQL.

        What the gate refuses is refused here too. This graph keeps no names, so that
        FROM is refused, never ignored.
        """
        question = admit(text)
        if asked(text).graphs or asked(text).named:
            raise QueryError(
                "FROM: the reference engine reads all graphs as one; leave it out"
            )
        return self.rows(question)

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON."""
        try:
            found = self.graph.query(text)
        except Exception as error:  # rdflib raises bare ones too
            raise QueryError(f"not a SPARQL SELECT or ASK: {error}") from error
        if found.type not in ("SELECT", "ASK"):
            raise QueryError("it builds a graph; ask a SELECT or ASK for rows")
        return found.serialize(format="json") or b""

    def construct(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT query `text` gives."""
        written = self.graph.query(text).serialize(format="nt") or b""
        return [quad.triple for quad in parse(written, RdfFormat.N_TRIPLES)]

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Put `triples` into the graph; rdflib's plain graph keeps no names."""
        del graph
        self.graph += to_rdflib(Quad(t.subject, t.predicate, t.object) for t in triples)

    def quads(self) -> Iterable[Quad]:
        """Return everything in the graph, in the default graph."""
        return parse(self.graph.serialize(format="nt"), RdfFormat.N_TRIPLES)


class Remote:
    """A SPARQL 1.1 endpoint, asked by POST and never written to."""

    def __init__(self, url: str, timeout: int = 30) -> None:
        from cspgraph.wire import Line

        self._line = Line(url, timeout)
        self.name = self.url = url

    def select(self, text: str) -> bytes:
        """Return the results of `text` as JSON.

        Raises `EndpointError` when the endpoint does not answer whole and in time,
        sends us elsewhere, answers with something else, or answers more than the cap.
        """
        from SPARQLWrapper import JSON, POST, SPARQLWrapper

        call = SPARQLWrapper(self.url, returnFormat=JSON)
        call.setMethod(POST)
        call.setQuery(text)
        if call.isSparqlUpdateRequest():
            raise QueryError("only questions are sent to an endpoint, never updates")
        # Its own way out follows redirects and waits as long as bytes drip in.
        reply = self._line.send(call._createRequest())
        kind = reply.headers.get("content-type") or "nothing known"
        if "json" not in kind:
            problem = f"answered with {kind}, not SPARQL results in JSON"
            raise EndpointError(self.url, problem)
        return reply.body

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON."""
        return self.select(text)


def known_graphs(store: Store, query: Asked) -> None:
    """Raise `ParameterError` where `query` names a graph that `store` does not hold."""
    known = {graph.value for graph in store.named_graphs()}
    strange = [iri for iri in query.graphs + query.named if iri not in known]
    if strange:
        there = ", ".join(sorted(known)) or "none"
        problem = f"FROM: {strange[0]} is no graph here; there are {there}"
        raise ParameterError(problem)


def put(
    store: Store, text: str, known: Asked | None = None
) -> QueryBoolean | QuerySolutions | QueryTriples:
    """Return what `store` answers to `text`; graphs that are named FROM are read alone.

    With `known`, what `text` asks, a graph that is not there is refused.
    """
    if known:
        known_graphs(store, known)
    told = known or asked(text)
    union = not (told.graphs or told.named)
    return store.query(text, prefixes=PREFIXES, use_default_graph_as_union=union)


def to_rdflib(quads: Iterable[Quad]) -> Graph:
    """Return `quads` as one rdflib graph, with the project's prefixes bound.

    Literals stay as they are written; rdflib on its own would rewrite some.
    """
    import rdflib

    graph = rdflib.Graph()
    for prefix, start in PREFIXES.items():
        graph.bind(prefix, start)
    triples = (quad.triple for quad in quads)
    written = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    normalising = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        graph.parse(data=written, format="nt")
    finally:
        rdflib.NORMALIZE_LITERALS = normalising
    return graph
