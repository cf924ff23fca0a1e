"""What the law has as in another provision is written out, and what it says itself stands."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import Graph

from cspgraph.dataset import Dataset
from cspgraph.derive import as_in
from cspgraph.rdf.engines import to_rdflib
from cspgraph.rdf.terms import CSP, PREFIXES
from law import law

PLACE = PREFIXES["graph"] + "law"


def written_out(turtle: str) -> Store:
    store = Store()
    text = f"@prefix csp: <{PREFIXES['csp']}> .\n@prefix : <urn:> .\n{turtle}"
    store.load(text.encode(), RdfFormat.TURTLE, to_graph=NamedNode(PLACE))
    as_in.write_out(store, PLACE)
    return store


def values(store: Store, thing: str, term: NamedNode) -> set[str]:
    found = store.quads_for_pattern(NamedNode(f"urn:{thing}"), term, None)
    return {quad.object.value for quad in found}  # type: ignore[union-attr]


def test_the_law_is_as_rdflib_writes_it_out() -> None:
    """The shipped law, statement by statement, by the words of the design in SPARQL."""
    held = Graph()
    read = Dataset().read().store
    held += to_rdflib(read.quads_for_pattern(None, None, None, NamedNode(PLACE)))
    assert len(law()) > 10_000
    assert set(held) == set(law())


def test_what_a_thing_says_itself_stands() -> None:
    store = written_out(
        ':s csp:extent :e , :w ; csp:validFrom "1998" ; csp:verification :V .'
        ":s-a csp:asIn :s ; csp:extent :e ; csp:verification :R ."
    )
    assert values(store, "s-a", CSP.extent) == {"urn:e"}
    assert values(store, "s-a", CSP.verification) == {"urn:R"}
    assert values(store, "s-a", CSP.validFrom) == {"1998"}
    assert values(store, "s-a", CSP.validUntil) == set()


def test_the_nearest_provision_above_that_says_it_counts() -> None:
    store = written_out(
        ':s csp:validFrom "1998" ; csp:extent :e . :s-a csp:asIn :s ; csp:validFrom "2010" .'
        ":s-a-i csp:asIn :s-a . :s-a-i-x csp:asIn :s-a-i ."
    )
    for thing in ("s-a-i", "s-a-i-x"):
        assert values(store, thing, CSP.validFrom) == {"2010"}
        assert values(store, thing, CSP.extent) == {"urn:e"}


def test_nothing_is_inherited_without_being_stated() -> None:
    store = written_out(':s csp:validFrom "1998" . :s-a csp:partOf :s .')
    assert values(store, "s-a", CSP.validFrom) == set()


@pytest.mark.parametrize(
    "circle", [":a csp:asIn :a .", ":a csp:asIn :b . :b csp:asIn :a ."]
)
def test_a_circle_ends(circle: str) -> None:
    """A check names it: neither is part of the other; reading it comes to an end."""
    assert values(written_out(circle), "a", CSP.extent) == set()
