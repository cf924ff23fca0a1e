"""A pyoxigraph store read through rdflib where it lies, without a copy.

To copy a day of the whole country into rdflib takes half a minute and two gigabytes.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as Native
from rdflib.store import Store as Backend

from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store
    from rdflib.term import Node

    Term = NamedNode | BlankNode | Literal

__all__ = ["Reading", "inward", "outward", "quads", "read"]

_TEXT = NamedNode(PREFIXES["xsd"] + "string")
# A value that is not of its datatype is a finding; rdflib would print a traceback too.
logging.getLogger("rdflib.term").addFilter(
    lambda record: "Failed to convert" not in str(record.msg)
)


class Reading(Backend):
    """What rdflib asks of a store, for reading alone; all graphs count as one."""

    def __init__(self, held: Store) -> None:
        super().__init__()
        self.held = held

    def triples(
        self,
        triple_pattern: tuple[Node | None, Node | None, Node | None],
        context: Any = None,
    ) -> Iterator[tuple[tuple[Node, Node, Node], Iterator[None]]]:
        """Yield the triples that fit, each once, and no contexts."""
        del context
        subject, predicate, value = (
            None if node is None else inward(node) for node in triple_pattern
        )
        if isinstance(subject, Literal) or isinstance(predicate, BlankNode | Literal):
            return
        found = self.held.quads_for_pattern(subject, predicate, value, None)
        for triple in dict.fromkeys(quad.triple for quad in found):
            s, p, o = triple.subject, triple.predicate, triple.object
            if not isinstance(s, Triple) and not isinstance(o, Triple):
                yield (outward(s), outward(p), outward(o)), iter(())

    def add(self, *_: Any, **__: Any) -> None:
        """Refuse: what is read is never changed."""
        raise TypeError("a store that is read through rdflib is not written to")

    remove = add

    def __len__(self, context: Any = None) -> int:
        """Return how many statements there are, in all graphs."""
        del context
        return len(self.held)


def read(store: Store) -> Graph:
    """Return an rdflib graph that reads `store` as it goes, and never writes.

    >>> from pyoxigraph import RdfFormat, Store
    >>> store = Store()
    >>> store.load("<urn:a> <urn:b> 'c'@en .", RdfFormat.TURTLE)
    >>> str(read(store).value(URIRef("urn:a"), URIRef("urn:b")))
    'c'
    """
    return Graph(store=Reading(store))


def quads(graph: Graph) -> Iterator[Quad]:
    """Yield what an rdflib graph holds as pyoxigraph has it, in the default graph."""
    for triple in graph:
        subject, predicate, value = map(inward, triple)
        if not isinstance(subject, Literal) and isinstance(predicate, NamedNode):
            yield Quad(subject, predicate, value)


@lru_cache(maxsize=100_000)
def outward(term: Term) -> Node:
    """Return a term of pyoxigraph as rdflib has it, its words as they are written.

    >>> outward(NamedNode("urn:a"))
    rdflib.term.URIRef('urn:a')
    """
    match term:
        case NamedNode():
            return URIRef(term.value)
        case BlankNode():
            return BNode(term.value)
    if term.language:
        return Native(term.value, lang=term.language)
    kind = None if term.datatype == _TEXT else URIRef(term.datatype.value)
    return Native(term.value, datatype=kind, normalize=False)


@lru_cache(maxsize=100_000)
def inward(node: Node) -> Term:
    """Return a term of rdflib as pyoxigraph has it.

    >>> inward(URIRef("urn:a")).value
    'urn:a'
    """
    match node:
        case URIRef():
            return NamedNode(str(node))
        case Native():
            kind = NamedNode(str(node.datatype)) if node.datatype else None
            return Literal(str(node), datatype=kind, language=node.language)
    return BlankNode(str(node))
