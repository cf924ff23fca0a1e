"""How the duties of one day stand, what shows it, and which law it rests on."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef

from cspgraph.rdf.terms import CSP, compact, expand
from cspgraph.report.findings import DutyStatus, Evidence, Unseen
from cspgraph.validate.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rdflib.term import Node

    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.locate import Locations
    from cspgraph.report.findings import Finding

__all__ = ["Standings", "term", "text"]

_FEW = 3


class Standings:
    """The duties of a snapshot, of some areas or all, with their law and evidence."""

    def __init__(
        self,
        snapshot: Graph,
        names: Labels,
        places: Locations,
        areas: Collection[str] = (),
    ) -> None:
        self._day, self._names, self._places = snapshot, names, places
        found = snapshot.subjects(RDF.type, term("Duty"))
        self._nodes = {
            duty
            for duty in found
            if not areas
            or any(str(a) in areas for a in snapshot.objects(duty, term("area")))
        }
        self.duties = {str(duty): self._duty(duty) for duty in self._nodes}
        self._reach: tuple[Graph, Reach[Node, Node]] | None = None

    def _duty(self, duty: Node) -> DutyStatus:
        law, link = self.law(self._day.value(duty, term("provision")))
        return DutyStatus(
            law=law,
            statement=text(self._day.value(duty, term("statement"))),
            bodies=self._labels(duty, "bearer"),
            area=", ".join(self._labels(duty, "area")),
            standing=", ".join(self._labels(duty, "standing")),
            link=link,
            address=str(duty),
        )

    def law(self, provision: Node | None) -> tuple[str, str]:
        """Return the citation of `provision`, and where it stood on the day."""
        given = (self._day.value(provision, term(n)) for n in ("citation", "lawUrl"))
        citation, link = ("" if item is None else str(item) for item in given)
        return citation, link

    def with_duty(self, finding: Finding) -> Finding:
        """Return `finding` with the law, the words and the bodies of its duty.

        Its place is that of the evidence in part, or else of the search.
        """
        duty = self.duties[finding.focus]
        links = (term("partlyEvidencedBy"), term("searchedBy"))
        node = URIRef(finding.focus)
        things = (sorted(map(str, self._day.objects(node, link))) for link in links)
        written = (self._places.find(thing) for some in things for thing in some)
        file, place = next((found for found in written if found[0]), ("", ""))
        return replace(
            finding,
            law=duty.law,
            link=duty.link,
            duty=duty.statement or compact(duty.address),
            bodies=duty.bodies,
            area=duty.area,
            label=", ".join(duty.bodies),
            language="",
            file=file,
            place=place,
        )

    def with_law(self, finding: Finding, whole: Graph) -> Finding:
        """Return `finding`, about an entry of the files, with its place and its law.

        The law is that of the shape, or else the first that the entry bears on.
        """
        thing = _node(finding.focus)
        bearing: set[Node] = {URIRef(finding.law)} if finding.law else set()
        bearing = bearing or self._bearing(thing, whole)
        cited = sorted((text(whole.value(p, term("citation"))), p) for p in bearing)
        law, provision = next((item for item in cited if item[0]), ("", None))
        fact = (expand(finding.path) or "") if isinstance(thing, URIRef) else ""
        file, place = self._places.find(_named(thing, whole), fact)
        file, place = (file, place) if file else self._places.find(finding.focus)
        link = self.law(provision)[1]
        return replace(finding, law=law, link=link, file=file, place=place)

    def _bearing(self, thing: Node, whole: Graph) -> set[Node]:
        """Return the provisions that `thing` states, or of the duties it is about."""
        if (thing, RDF.type, term("Provision")) in whole:
            return {thing}
        own = set(whole.objects(thing, term("provision")))
        for verdict in self._day.subjects(term("claim"), thing):
            own |= set(self._day.objects(verdict, term("provision")))
        if own:
            return own
        asserted = set(whole.objects(thing, term("assertsProduct")))
        if self._reach is None or self._reach[0] is not whole:
            self._reach = whole, _shown(whole)
        shown = asserted | self._reach[1].of(thing)
        return {law for item in shown for law in self._laws.get(item, ())}

    @cached_property
    def _laws(self) -> dict[Node, set[Node]]:
        """The provisions of the duties of the day, by product and by what shows them."""
        found: dict[Node, set[Node]] = {}
        for duty in self._nodes:
            shown = set(self._day.objects(duty, term("product")))
            for template in self._day.objects(duty, term("template")):
                shown |= set(self._day.objects(template, term("shownBy")))
            for item in shown:
                laws = found.setdefault(item, set())
                laws |= set(self._day.objects(duty, term("provision")))
        return found

    def witnesses(self) -> Iterator[Evidence]:
        """Yield what shows that duties were done."""
        for node in self._nodes:
            duty = self.duties[str(node)]
            for evidence in self._day.objects(node, term("evidencedBy")):
                yield Evidence(
                    law=duty.law,
                    statement=duty.statement,
                    bodies=duty.bodies,
                    evidence=self.label(evidence)[0],
                    on=text(self._day.value(evidence, term("on"))),
                    source=self._said(evidence),
                    where=", ".join(filter(None, self._places.find(str(evidence)))),
                    link=duty.link,
                    duty=duty.address,
                )

    def _said(self, evidence: Node) -> str:
        """Return the documents that say so, each with its paragraphs."""
        paragraphs: dict[str, set[str]] = {}
        for passage in self._day.objects(evidence, term("source")):
            number = text(self._day.value(passage, term("paragraph")))
            for document in self._day.objects(passage, term("inDocument")):
                named = self.label(document)[0]
                paragraphs.setdefault(named, set()).add(number)
        return "; ".join(
            ", ".join([document, *sorted(filter(None, numbers))])
            for document, numbers in sorted(paragraphs.items())
        )

    def unseen(self, on: str) -> Iterator[Unseen]:
        """Yield the areas with duties for which nobody searched on the day."""
        searched = {
            area
            for search in self._day.subjects(RDF.type, term("Search"))
            for area in self._day.objects(search, term("area"))
        }
        areas = {a for d in self._nodes for a in self._day.objects(d, term("area"))}
        missing = sorted({self._names.label(str(area)) for area in areas - searched})
        if missing:
            shown, rest = missing[:_FEW], len(missing) - _FEW
            more = f" and {rest} more" if rest > 0 else ""
            named = f"{', '.join(shown)}{more}"
            yield Unseen(
                f"nobody has searched for records of {named} that count on {on};"
                " silence there means nothing",
                broken=False,
            )

    def label(self, thing: Node | None) -> tuple[str, str]:
        """Return the name of `thing` and its language; English before others."""
        return label(thing, self._day, self._names)

    def _labels(self, duty: Node, link: str) -> tuple[str, ...]:
        things = self._day.objects(duty, term(link))
        return tuple(sorted({self._names.label(str(thing)) for thing in things}))


def _node(address: str) -> URIRef | BNode:
    """Return the term at an address; an address without a colon is a blank node."""
    return URIRef(address) if ":" in address else BNode(address)


def _named(thing: Node, whole: Graph) -> str:
    """Return the address of `thing`, or of what leads to it where it has no name."""
    seen: set[Node] = set()
    while isinstance(thing, BNode) and thing not in seen:
        seen.add(thing)
        thing = min(whole.subjects(None, thing), key=_named_first, default=thing)
    return str(thing)


def _named_first(node: Node) -> tuple[bool, str]:
    return isinstance(node, BNode), str(node)


def _shown(whole: Graph) -> Reach[Node, Node]:
    """Return what things of the record answer or are, by what they lead to.

    From a decision that is the version it is about, its strategy, and what stands behind.
    """

    def links(thing: Node) -> Iterator[Node]:
        for link in _VERSIONS:
            yield from whole.objects(thing, link)
        yield from _told_in(thing, whole)
        # A delivery plan stands behind a strategy.
        yield from whole.subjects(term("complementedBy"), thing)

    def found(thing: Node) -> Iterator[Node]:
        for coverage in whole.subjects(term("covering"), thing):
            yield from whole.objects(coverage, term("product"))
        kinds = set(whole.objects(thing, RDF.type))
        if not kinds.isdisjoint({term("Assessment"), term("Strategy")}):
            yield from whole.objects(thing, term("kind"))

    return Reach(links, found)


def _told_in(document: Node, whole: Graph) -> Iterator[Node]:
    """Yield the versions of strategies that `document` tells of."""
    for passage in whole.subjects(term("inDocument"), document):
        for thing in whole.subjects(term("source"), passage):
            if (thing, RDF.type, term("StrategyVersion")) in whole:
                yield thing


def label(thing: Node | None, data: Graph, names: Labels) -> tuple[str, str]:
    """Return the name of `thing` and its language; English before others."""
    own = [o for o in data.objects(thing, RDFS.label) if isinstance(o, Literal)]
    if not own:
        return names.label(str(thing)), ""
    first = min(
        own, key=lambda o: (o.language not in ("en", None), o.language or "", o)
    )
    return str(first), first.language or ""


def term(name: str) -> URIRef:
    """Return the term of the ontology with this name; raise an error for an unknown one."""
    return URIRef(getattr(CSP, name).value)


def text(node: Node | None) -> str:
    """Return a literal as its text, and anything else as its short address."""
    if node is None:
        return ""
    return str(node) if isinstance(node, Literal) else compact(str(node))


_VERSIONS = [term(name) for name in ("about", "versionOf", "covering")]
