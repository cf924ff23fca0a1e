"""The same statements in the terms of other vocabularies, where they stay true there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from cspgraph.rdf import files
from cspgraph.rdf.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

__all__ = ["aligned"]

_WIDER_CLASS, _WIDER_TERM = (
    NamedNode(PREFIXES["rdfs"] + name) for name in ("subClassOf", "subPropertyOf")
)


def aligned(store: Store, graph: NamedNode) -> Iterator[Quad]:
    """Yield, in `graph`, what `ontology/alignments.ttl` lets be said of what is in `store`.

    Only classes and properties that lie below those of another vocabulary count; close
    matches say nothing that is always true.

    >>> from cspgraph.rdf.terms import CSP
    >>> from pyoxigraph import Store
    >>> act = NamedNode("urn:act")
    >>> store = Store()
    >>> store.extend([Quad(act, RDF_TYPE, CSP.Instrument)])
    >>> [quad.object.value for quad in aligned(store, NamedNode("urn:g"))]
    ['http://data.europa.eu/eli/ontology#LegalResource']
    """
    (source,) = files.shipped("ontology/alignments.ttl", ".ttl")
    for link in sorted(files.quads(source), key=str):
        own, other = link.subject, link.object
        if not isinstance(own, NamedNode) or not isinstance(other, NamedNode):
            continue
        if link.predicate == _WIDER_CLASS:
            for quad in store.quads_for_pattern(None, RDF_TYPE, own, None):
                yield Quad(quad.subject, RDF_TYPE, other, graph)
        elif link.predicate == _WIDER_TERM:
            for quad in store.quads_for_pattern(None, own, None, None):
                yield Quad(quad.subject, other, quad.object, graph)
