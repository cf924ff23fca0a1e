"""A label for everything that has none: a duty, a holding, a service, a verdict.

Programs that show a graph show labels. What the files describe has its own; what
follows from them is called after the things that it joins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from cspgraph.rdf.terms import CSP, OPEN_END, PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

__all__ = ["LABEL", "labels"]

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_NAMES = (LABEL, NamedNode(PREFIXES["skos"] + "prefLabel"))
#: What names a thing that has no label, the first that it has.
_INSTEAD = (
    *(NamedNode(PREFIXES["dct"] + name) for name in ("title", "description")),
    NamedNode(PREFIXES["rdfs"] + "comment"),
    *(CSP.citation, CSP.statement, CSP.quote),
)
#: How a thing of a class is called; `<term>` is the name of what it leads to, and `^`
#: of what leads to it. A part in brackets goes where that is not there.
_PATTERNS: dict[NamedNode, tuple[str | tuple[str, NamedNode], ...]] = {
    CSP.Duty: (("", CSP.template), (", in ", CSP.area)),
    CSP.RoleHolding: (
        *(("", CSP.body), ("", CSP.capacity), (": ", CSP.role)),
        *((", in ", CSP.area), (", from ", CSP.validFrom)),
    ),
    CSP.Service: (
        *(("", CSP.body), (" serves ", CSP.area), (" as ", CSP.capacity)),
        (", from ", CSP.validFrom),
    ),
    CSP.Verdict: (("", CSP.verdict), (": ", CSP.claim)),
    CSP.Containment: (("", CSP.area), (" lies in ", CSP.widerArea)),
    CSP.GovernancePeriod: (
        *(("", CSP.body), (": ", CSP.governance), (", from ", CSP.validFrom)),
    ),
    CSP.ForcePeriod: (
        *("In force in ", ("", CSP.country), (", from ", CSP.validFrom)),
        (", until before ", CSP.validUntil),
    ),
    CSP.Snapshot: ("The graph", (" on ", CSP.asOf)),
}
_LONGEST = 120


def labels(store: Store, graph: NamedNode) -> Iterator[Quad]:
    """Yield a label, in `graph`, for every subject of `store` that has none.

    >>> from pyoxigraph import Store
    >>> store = Store()
    >>> store.extend([Quad(NamedNode("urn:a"), CSP.asOf, Literal("2024-07-23"))])
    >>> [quad.object.value for quad in labels(store, NamedNode("urn:g"))]
    ['urn:a']
    """
    quads = store.quads_for_pattern(None, None, None, None)
    subjects = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    for thing in sorted(subjects, key=str):
        if not any(_first(store, thing, name) for name in _NAMES):
            said = Literal(_called(store, thing), language="en")
            yield Quad(thing, LABEL, said, graph)


def _called(store: Store, thing: NamedNode) -> str:
    for quad in store.quads_for_pattern(thing, RDF_TYPE, None, None):
        if isinstance(quad.object, NamedNode) and quad.object in _PATTERNS:
            made = "".join(_parts(store, thing, quad.object))
            if made:
                return made
    return _name(store, thing)


def _parts(store: Store, thing: NamedNode, kind: NamedNode) -> Iterator[str]:
    begun = False
    for part in _PATTERNS[kind]:
        if isinstance(part, str):
            yield part
            continue
        before, term = part
        value = _first(store, thing, term)
        open_end = isinstance(value, Literal) and value.value == OPEN_END
        if (
            value is None
            or open_end
            or (not before and begun and kind != CSP.ForcePeriod)
        ):
            continue
        begun = True
        yield before + _name(store, value)


def _name(store: Store, thing: NamedNode | BlankNode | Literal) -> str:
    """Return the label of `thing`, or what names it instead; of a literal its text."""
    if isinstance(thing, Literal):
        return thing.value
    for term in (*_NAMES, *_INSTEAD):
        said = _first(store, thing, term)
        if said is not None:
            text = " ".join(said.value.split())
            return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return compact(thing.value)


def _first(
    store: Store, thing: NamedNode | BlankNode, term: NamedNode
) -> NamedNode | BlankNode | Literal | None:
    """Return one value, the English one where there are several, and always the same."""
    found = store.quads_for_pattern(thing, term, None, None)
    values = {q.object for q in found if not isinstance(q.object, Triple)}

    def order(value: NamedNode | BlankNode | Literal) -> tuple[bool, str]:
        return getattr(value, "language", None) not in (None, "en"), str(value)

    return min(values, key=order, default=None)
