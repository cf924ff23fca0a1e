"""Run SPARQL: in memory with pyoxigraph, in rdflib, or at a remote endpoint.

All three give rows as SPARQL 1.1 Query Results JSON, so that one reader serves them
all, and what builds a graph as triples.
The default graph is always the union of every graph. rdflib is the reference:
slower, and used to prove that the default engine is right.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol, TypeVar

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
from cspgraph.vocab import PREFIXES, with_prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib import Graph

    from cspgraph.wire import Reply

__all__ = ["Engine", "Oxigraph", "Reference", "Remote"]

_Found = TypeVar("_Found")

_BAD_REQUEST = 400
_GRAPH = "it builds a graph, not rows; ask it with construct, or ask a SELECT or ASK"
_ROWS = (
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
            raise QueryError(_GRAPH)
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
            raise QueryError(_ROWS)
        return list(dict.fromkeys(found))

    def derive(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT query `text`, a rule of this project, gives."""
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
        return self.rows(self._admitted(text))

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON."""
        try:
            found = self.graph.query(text)
        except Exception as error:  # rdflib raises bare ones too
            raise QueryError(f"not a SPARQL SELECT or ASK: {error}") from error
        if found.type not in ("SELECT", "ASK"):
            raise QueryError(_GRAPH)
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
            raise QueryError(_ROWS)
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
        #: What the server calls itself, once it has answered.
        self.made_by = ""

    def select(self, text: str) -> bytes:
        """Return the results of the SELECT or ASK query `text` as JSON.

        The project's prefixes are known. What the gate refuses, and FROM a graph that is
        not there, is refused before it is sent. Raises as `rows` does.
        """
        text = admit(text)
        if asked(text).builds:
            raise QueryError(_GRAPH)
        return self._freely(text, self.rows)

    def rows(self, text: str) -> bytes:
        """Return the results of `text`, a question of this project, as JSON.

        Raises `EndpointError` when the endpoint does not answer whole and in time,
        sends us elsewhere, answers with something else, or answers more than the cap.
        """
        from SPARQLWrapper import JSON

        reply = self._send(text, JSON, "application/sparql-results+json")
        kind = _kind(reply)
        if "json" not in kind:
            problem = f"answered with {kind}, not SPARQL results in JSON"
            raise EndpointError(self.url, problem)
        return reply.body

    def construct(self, text: str) -> list[Triple]:
        """Return the triples that the CONSTRUCT or DESCRIBE query `text` gives, each once.

        Raises as `select` does; and `EndpointError` where the answer is no RDF, or where
        the server does not say how long it is, so that nobody could tell a part of it
        from the whole.
        """
        text = admit(text)
        if not asked(text).builds:
            raise QueryError(_ROWS)
        return self._freely(text, self._triples)

    def _triples(self, text: str) -> list[Triple]:
        from SPARQLWrapper import TURTLE

        reply = self._send(text, TURTLE, "text/turtle, application/n-triples;q=0.9")
        kind = _kind(reply)
        form = RdfFormat.from_media_type(kind)
        if form is None:
            raise EndpointError(self.url, f"answered with {kind}, not RDF")
        if not reply.headers.keys() & {"content-length", "transfer-encoding"}:
            problem = "it does not say how long its answer is, so that a part cannot be told from the whole; ask a SELECT"
            raise EndpointError(self.url, problem)
        try:
            return list(dict.fromkeys(quad.triple for quad in parse(reply.body, form)))
        except (SyntaxError, ValueError) as error:
            problem = f"its answer is not complete, or no RDF: {error}"
            raise EndpointError(self.url, problem) from error

    def _freely(self, text: str, send: Callable[[str], _Found]) -> _Found:
        """Return what `send` makes of `text`, which is past the gate."""
        known = asked(text)
        for graph in dict.fromkeys(known.graphs + known.named):
            there = json.loads(self.rows(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"))
            if not there.get("boolean"):
                problem = f"FROM: {graph} is no graph of {self.url}, or an empty one"
                raise ParameterError(f"{problem}; leave it out, or name another")
        try:
            return send(with_prefixes(text))
        except EndpointError as error:
            if error.status == _BAD_REQUEST and known.unknown():
                raise QueryError(known.unknown()) from error
            raise

    def _send(self, text: str, form: str, kinds: str) -> Reply:
        """Return the reply to `text`; an update is refused, whatever sent it here."""
        from SPARQLWrapper import POST, SPARQLWrapper

        call = SPARQLWrapper(self.url, returnFormat=form)
        call.setMethod(POST)
        call.setQuery(text)
        if call.isSparqlUpdateRequest():
            raise QueryError("only questions are sent to an endpoint, never updates")
        request = call._createRequest()
        # It guesses the kinds from the text, and its own way out follows redirects and
        # waits as long as bytes drip in.
        request.add_header("Accept", kinds)
        reply = self._line.send(request)
        self.made_by = reply.headers.get("server", "")
        return reply


def _kind(reply: Reply) -> str:
    """Return the kind of a reply as its server names it, without parameters."""
    said = reply.headers.get("content-type") or ""
    return said.partition(";")[0].strip() or "nothing known"


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
