"""A scratch copy of the data, with what duties are derived from, and the change that a condition asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Store

from cspgraph.derive import rules
from cspgraph.explain.provision import StoreLinks
from cspgraph.rdf.engines import Oxigraph
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cspgraph.explain.conditions import Condition

DATE = NamedNode(PREFIXES["xsd"] + "date")
ALWAYS = Literal("1900-01-01", datatype=DATE)


#: What the rules about services, roles and duties read; the rest of the data is not needed.
READ = {
    NamedNode(start + word)
    for number, source in rules.rules().items()
    if "10" <= number < "34"
    for prefix, start in (("csp", PREFIXES["csp"]), ("skos", PREFIXES["skos"]))
    for word in re.findall(rf"\b{prefix}:(\w+)", source.text)
} | {RDF_TYPE}


def needed(whole: Store) -> list[Quad]:
    """Return what the rules about services, roles and duties read of `whole`."""
    links = StoreLinks(whole)
    stated = {
        p
        for q in whole.quads_for_pattern(None, CSP.provision, None)
        for p in [q.object]
    }
    above = set(stated)
    while above:
        above = {a for one in above for a in links.to(one, CSP.partOf)}  # type: ignore[arg-type]
        stated |= above
    other = set(links.back(CSP.Provision, RDF_TYPE)) - stated
    return [q for q in whole if q.predicate in READ and q.subject not in other]


def changed(quads: Iterable[Quad], condition: Condition) -> list[Quad]:
    """Return `quads` with what `condition` lacks put in."""
    of, kept = NamedNode(condition.of), list(quads)
    made = NamedNode(f"urn:scratch:{len(kept)}")
    end = condition.name.partition(" of ")[0]
    if condition.name.startswith("days of") or condition.name.endswith("in being"):
        ends = (CSP.validFrom, CSP.validUntil)
        kept = [q for q in kept if q.subject != of or q.predicate not in ends]
        return [*kept, Quad(of, CSP.validFrom, ALWAYS)]
    lacking = NamedNode(condition.needs[0])
    match end:
        case "country":
            return [*kept, Quad(of, CSP.extent, lacking)]
        case "kind":
            return [*kept, Quad(of, CSP.areaKind, lacking)]
        case "body serves the area" | "body serves the whole area":
            links = {CSP.body: of, CSP.area: lacking, RDF_TYPE: CSP.Service}
        case "governance":
            links = {
                CSP.body: of,
                CSP.governance: lacking,
                RDF_TYPE: CSP.GovernancePeriod,
            }
        case "role given to the kind":
            rules = {q.subject for q in kept if q.object == CSP.DutyTemplate}
            law = next(
                q.object
                for q in kept
                if q.predicate == CSP.provision and q.subject in rules
            )
            assert isinstance(law, NamedNode)
            links = {CSP.role: of, CSP.bodyKind: lacking, CSP.provision: law}
            links[RDF_TYPE] = CSP.RoleTemplate
            for reach, found in (
                (CSP.areaKind, CSP.areaKind),
                (CSP.extent, CSP.country),
            ):
                wide = {q.object for q in kept if q.predicate == found}
                kept += [Quad(made, reach, value) for value in wide]
        case _:
            raise AssertionError(condition)
    return [
        *kept,
        Quad(made, CSP.validFrom, ALWAYS),
        *(Quad(made, term, value) for term, value in links.items()),
    ]


def derived(quads: Iterable[Quad], areas: Iterable[NamedNode], day: date) -> Oxigraph:
    """Return an engine that holds `quads` and what follows from them on `day`."""
    engine = Oxigraph(quads)
    rules.window(engine, areas, day)
    for number, source in rules.rules().items():
        if "10" <= number < "34":
            engine.add(engine.construct(source.text), rules.DERIVED)
    return engine


def bound(
    links: StoreLinks, duty: NamedNode, area: NamedNode, day: date
) -> set[NamedNode]:
    """Return the bodies that have the duty of a template in `area` on `day`, by the rules."""
    return {
        body
        for one in links.back(duty, CSP.template)
        if CSP.Duty in links.to(one, RDF_TYPE)
        and area in links.to(one, CSP.area)
        and links.holds(one, day)
        for holding in links.to(one, CSP.holding)
        if links.holds(holding, day)
        for body in links.to(holding, CSP.body)
    }
