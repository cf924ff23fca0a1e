"""Run SPARQL: in memory with pyoxigraph, in rdflib, or at a remote endpoint.

All three give rows as SPARQL 1.1 Query Results JSON, so that one reader serves them
all, and what builds a graph as triples.
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

from cspgraph.errors import ParameterError, QueryError
from cspgraph.rdf.gate import Asked, admit, asked
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import Graph


__all__ = ["Engine", "Oxigraph", "Reference"]

NOT_ROWS = "it builds a graph, not rows; ask it with construct, or ask a SELECT or ASK"
NOT_A_GRAPH = (
    "it asks for rows, not a graph; ask it with select, or ask a CONSTRUCT or DESCRIBE"
)


class Engine(Protocol):
    """What answers SPARQL: a SELECT or ASK with JSON, a CONSTRUCT or DESCRIBE with RDF."""

    name: str

    def select(self, text: str) -> bytes:
        """Return the results of the SELECT or ASK query `text`, past the gate, as JSON."""
        ...

    def construct(self, text: str) -> list[Triple]:
        """Return what the CONSTRUCT or DESCRIBE query `text` gives, past the gate."""
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
            raise QueryError(NOT_ROWS)
        return found.serialize(format=QueryResultsFormat.JSON) or b""

    def construct(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT or DESCRIBE query `text` gives, each once.

        Raises `QueryError` for bad SPARQL. What the gate refuses is refused here too.
        """
        text = admit(text)
        try:
            found = put(self.store, text, asked(text))
        except SyntaxError as error:
            raise QueryError(_no_graph(text, error)) from error
        if not isinstance(found, QueryTriples):
            raise QueryError(NOT_A_GRAPH)
        return list(dict.fromkeys(found))

    def derive(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT query `text`, a rule of this project, gives."""
        found = self.store.query(text, use_default_graph_as_union=True)
        if not isinstance(found, QueryTriples):
            raise QueryError("it builds no graph; a rule is a CONSTRUCT query")
        return list(found)

    def infer(self, text: str, graph: str) -> None:
        """Put what the CONSTRUCT query `text`, a rule, gives into the graph `graph`.

        It goes as text from the query to the store: no Python object is made of it.
        """
        found = self.store.query(text, use_default_graph_as_union=True)
        if not isinstance(found, QueryTriples):
            raise QueryError("it builds no graph; a rule is a CONSTRUCT query")
        form = RdfFormat.N_TRIPLES
        if written := found.serialize(format=form):
            name = NamedNode(graph)
            self.store.bulk_load(written, format=form, to_graph=name, lenient=True)

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
        return self.rows(self._admitted(text))

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON."""
        try:
            found = self.graph.query(text)
        except Exception as error:  # rdflib raises bare ones too
            raise QueryError(f"not a SPARQL SELECT or ASK: {error}") from error
        if found.type not in ("SELECT", "ASK"):
            raise QueryError(NOT_ROWS)
        return found.serialize(format="json") or b""

    def construct(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT or DESCRIBE query `text` gives, each once.

        Raises `QueryError` for bad SPARQL and for FROM, as `select` does. What the gate
        refuses is refused here too.
        """
        return self.derive(self._admitted(text))

    def derive(self, text: str) -> list[Triple]:
        """Return the triples that `text`, a rule of this project, gives."""
        try:
            found = self.graph.query(text)
        except Exception as error:  # rdflib raises bare ones too
            raise QueryError(_no_graph(text, error)) from error
        if found.type in ("SELECT", "ASK"):
            raise QueryError(NOT_A_GRAPH)
        written = found.serialize(format="nt") or b""
        return [quad.triple for quad in parse(written, RdfFormat.N_TRIPLES)]

    @staticmethod
    def _admitted(text: str) -> str:
        text = admit(text)
        known = asked(text)
        if known.graphs or known.named:
            problem = "the reference engine reads all graphs as one; leave it out"
            raise QueryError(f"FROM: {problem}")
        return text

    def infer(self, text: str, graph: str) -> None:
        """Put what `text`, a rule of this project, gives into the graph."""
        self.add(self.derive(text), graph)

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Put `triples` into the graph; rdflib's plain graph keeps no names."""
        del graph
        self.graph += to_rdflib(Quad(t.subject, t.predicate, t.object) for t in triples)

    def quads(self) -> Iterable[Quad]:
        """Return everything in the graph, in the default graph."""
        return parse(self.graph.serialize(format="nt"), RdfFormat.N_TRIPLES)


def _no_graph(text: str, error: Exception) -> str:
    return asked(text).unknown() or f"not a SPARQL CONSTRUCT or DESCRIBE: {error}"


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
