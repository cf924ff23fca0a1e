"""Write out what `csp:asIn` says: extent, days, code and evidence as in the law above.

A paragraph or a template names the provision that it is as; what it says itself stands.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from cspgraph.rdf.terms import CSP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyoxigraph import BlankNode, Store, Triple

    Subject = NamedNode | BlankNode | Triple

__all__ = ["TERMS", "write_out"]

#: What a thing has as the provision that it names, where it has none of its own.
TERMS = (CSP.extent, CSP.validFrom, CSP.validUntil, CSP.verification, CSP.verifiedBy)


def write_out(store: Store, graph: str) -> None:
    """Give each thing in `graph` of `store` what it has as in another.

    >>> from pyoxigraph import Literal, Store
    >>> store, law = Store(), NamedNode("urn:law")
    >>> part, whole = NamedNode("urn:section/1/a"), NamedNode("urn:section/1")
    >>> store.add(Quad(part, CSP.asIn, whole, law))
    >>> store.add(Quad(whole, CSP.validFrom, Literal("1998-09-30"), law))
    >>> write_out(store, "urn:law")
    >>> [quad.object.value for quad in store.quads_for_pattern(part, CSP.validFrom, None)]
    ['1998-09-30']
    """
    place = NamedNode(graph)
    above: dict[Subject, Subject] = {
        quad.subject: quad.object  # type: ignore[misc]
        for quad in store.quads_for_pattern(None, CSP.asIn, None, place)
    }
    for term in TERMS:
        own = defaultdict(list)
        for quad in store.quads_for_pattern(None, term, None, place):
            own[quad.subject].append(quad.object)
        store.extend(
            Quad(thing, term, value, place)
            for thing in above
            if thing not in own
            for value in next(
                (own[up] for up in _upwards(thing, above) if up in own), ()
            )
        )


def _upwards(thing: Subject, above: Mapping[Subject, Subject]) -> Iterator[Subject]:
    """Yield what `thing` is as, and what that is as, until nothing new comes."""
    seen = {thing}
    while (thing := above.get(thing, thing)) not in seen:
        seen.add(thing)
        yield thing
