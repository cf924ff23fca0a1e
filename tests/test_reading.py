"""rdflib reads a store where it lies as it would read a copy of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import RDF, BNode, Literal, URIRef

from cspgraph.rdf.engines import to_rdflib
from cspgraph.rdf.terms import CSP
from cspgraph.validate.rdflib_view import read

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph


def test_a_day_is_read_as_its_copy(kg: KnowledgeGraph) -> None:
    engine = kg._dataset.day(date(2024, 7, 23))
    copy, there = to_rdflib(engine.quads()), read(engine.store)
    assert set(there) == set(copy)
    duty = URIRef(CSP.Duty.value)
    assert set(there.subjects(RDF.type, duty)) == set(copy.subjects(RDF.type, duty))
    for thing in list(copy.subjects(RDF.type, duty))[:20]:
        for term in set(copy.predicates(thing)):
            assert set(there.objects(thing, term)) == set(copy.objects(thing, term))


def test_a_statement_of_two_graphs_is_one() -> None:
    store = Store()
    store.load("<urn:a> <urn:b> 1 . <urn:g> { <urn:a> <urn:b> 1 }", RdfFormat.TRIG)
    assert len(list(read(store))) == 1


def test_terms_keep_their_kind() -> None:
    store = Store()
    text = "<urn:a> <urn:b> 'one'@en, 'two', '03'^^<urn:d>, _:c, 01 ."
    store.load(text, RdfFormat.TURTLE)
    found = set(read(store).objects(URIRef("urn:a")))
    assert {Literal("one", lang="en"), Literal("two")} <= found
    assert Literal("03", datatype=URIRef("urn:d"), normalize=False) in found
    assert len([term for term in found if isinstance(term, BNode)]) == 1


def test_nothing_is_written() -> None:
    graph = read(Store())
    row = URIRef("urn:a"), URIRef("urn:b"), Literal("")
    with pytest.raises(TypeError, match="not written to"):
        graph.add(row)
    with pytest.raises(TypeError, match="not written to"):
        graph.remove(row)
    assert row not in graph
    assert (Literal(1), URIRef("urn:b"), None) not in graph
