"""A made-up world: an area of every kind in both countries, a body of every kind that serves them all."""

from __future__ import annotations

from collections import defaultdict

from pyoxigraph import Literal, NamedNode, Quad

from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

DATE = NamedNode(PREFIXES["xsd"] + "date")
FIRST = Literal("1900-01-01", datatype=DATE)
COUNTRIES = {
    "E": NamedNode(PREFIXES["gss"] + "E92000001"),
    "W": NamedNode(PREFIXES["gss"] + "W92000004"),
}
EXECUTIVE, COMMITTEE = (
    NamedNode(PREFIXES["governance"] + name)
    for name in ("ExecutiveArrangements", "CommitteeSystem")
)


def objects(quads: list[Quad], term: NamedNode) -> dict[str, set[str]]:
    """Return what each subject points at by `term`."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == term:
            found[name(quad.subject)].add(name(quad.object))
    return found


def name(node: object) -> str:
    """Return the address or text of an RDF term."""
    assert isinstance(node, (NamedNode, Literal))
    return node.value


def world(law: list[Quad]) -> list[Quad]:
    """Return an area of every kind in both countries, and the bodies that serve them."""
    made: list[Quad] = []

    def add(thing: NamedNode, **links: NamedNode) -> NamedNode:
        made.append(Quad(thing, CSP.validFrom, FIRST))
        made.extend(
            Quad(thing, getattr(CSP, name), value) for name, value in links.items()
        )
        return thing

    def of(kind: NamedNode, thing: NamedNode) -> None:
        made.append(Quad(thing, RDF_TYPE, kind))

    kinds = {
        term: sorted(
            {
                name(q.object)
                for q in law
                if q.predicate == term and "template" in str(q.subject)
            }
        )
        for term in (CSP.areaKind, CSP.bodyKind)
    }
    wide = NamedNode(PREFIXES["gss"] + "world-county")
    for country, node in COUNTRIES.items():
        for kind in kinds[CSP.areaKind]:
            end_of_kind = kind.rpartition("/")[2]
            area = NamedNode(f"{PREFIXES['gss']}world-{country}-{end_of_kind}")
            of(CSP.Area, add(area, areaKind=NamedNode(kind), country=node))
            for form in (EXECUTIVE, COMMITTEE):
                for body_kind in kinds[CSP.bodyKind]:
                    end = f"{body_kind.rpartition('/')[2]}-{form.value.rpartition('/')[2]}"
                    body = NamedNode(f"{PREFIXES['body']}world-{end}")
                    service = NamedNode(
                        f"{PREFIXES['service']}world-{end}.{country}-{end_of_kind}"
                    )
                    of(CSP.Body, add(body, bodyKind=NamedNode(body_kind)))
                    of(CSP.Service, add(service, body=body, area=area))
                    governed = NamedNode(f"{PREFIXES['governed']}world-{end}")
                    of(CSP.GovernancePeriod, add(governed, body=body, governance=form))
    inside = NamedNode(PREFIXES["gss"] + "world-E-TwoTierDistrict")
    of(
        CSP.Area,
        add(
            wide,
            areaKind=NamedNode(PREFIXES["kind"] + "CountyArea"),
            country=COUNTRIES["E"],
        ),
    )
    lying = NamedNode(PREFIXES["containment"] + "world")
    of(CSP.Containment, add(lying, area=inside, widerArea=wide))
    return made
