"""What the pages of a site share: the graph of its day, names, addresses and templates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import MissingPackageError, ParameterError
from cspgraph.explain.provision import StoreLinks
from cspgraph.rdf.labels import Labels
from cspgraph.rdf.terms import BASE, CSP, PREFIXES, RDF_TYPE, area_iri
from cspgraph.receipt import day_in_words, reach
from cspgraph.site import addresses
from cspgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from jinja2 import Environment

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.receipt import Receipt

__all__ = ["Place", "Site", "Thing"]

#: What does not depend on the day, and which pages there are to link to.
_SHARED = (
    *("facts", "names", "by_citation", "environment", "laws", "reports", "_texts"),
    *("areas", "bodies"),
)
_REGION = "E12"
_WALES = "W92000004"
_ALSO = NamedNode(PREFIXES["skos"] + "altLabel")
_NAMES = (_ALSO, NamedNode(PREFIXES["rdfs"] + "label"))


@dataclass(frozen=True, slots=True)
class Place:
    """An area of the site: its code, name and kind, where it lies, and its other names."""

    code: str
    name: str
    kind: str
    region: str
    other: tuple[str, ...] = ()
    welsh: str = ""

    @property
    def folder(self) -> str:
        """The folder of its page."""
        return f"area/{self.code}/"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing to be shown: its words, its address in the site or elsewhere, or neither."""

    words: str
    folder: str = ""
    url: str = ""
    word: str = ""


class Site:
    """The pages of a graph on its day, each made by a function that is given the site.

    `areas` are the codes of the areas that have pages, all that there are on the day
    unless some are named. `base` is where the root of the site lies on its host. `kg`
    must have a day.
    """

    def __init__(
        self,
        kg: KnowledgeGraph,
        *,
        areas: Iterable[str] = (),
        base: str = "/",
        ask: bool = False,
    ) -> None:
        if kg.on is None:
            raise ParameterError("on: a site is of a day; load the graph with one")
        self.kg = kg
        self.day: date = kg.on
        self.base = base
        self.ask = ask
        self._asked = frozenset(areas)

    def at(self, day: date) -> Site:
        """Return the same site, with the same pages, as it tells of another day."""
        other = Site(self.kg.at(day), areas=self._asked, base=self.base, ask=self.ask)
        for shared in _SHARED:
            other.__dict__[shared] = getattr(self, shared)
        return other

    @cached_property
    def facts(self) -> StoreLinks:
        """What the files say on all dates, link by link."""
        return StoreLinks(self.kg.facts.store)

    @cached_property
    def names(self) -> Labels:
        """The names of all things in the files."""
        return Labels(self.kg.facts)

    @cached_property
    def areas(self) -> Mapping[str, Place]:
        """The areas of the day that have pages, by code, in the order of their names."""
        answer = self.kg.answer("areas")
        rows = [dict(zip(answer.titles, row, strict=True)) for row in answer.words()]
        found = [
            self._place(row["code"], row["kind"])
            for row in rows
            if not self._asked or row["code"] in self._asked
        ]
        return {one.code: one for one in sorted(found, key=lambda p: (p.name, p.code))}

    def _place(self, code: str, kind: str) -> Place:
        area = NamedNode(area_iri(code))
        wider = self._wider(area)
        regions = [w for w in wider if w.value.rpartition("/")[2].startswith(_REGION)]
        if code.startswith("W"):
            regions = [NamedNode(area_iri(_WALES))]
        region = self.names.label(regions[0].value) if regions else "Elsewhere"
        before = [*self._former(area)]
        others = dict.fromkeys(
            name for a in (area, *before) for name in self._called(a)
        )
        name = self.names.label(area.value)
        return Place(
            *(code, name, kind, region),
            tuple(other for other in others if other != name),
            next((n for n, tongue in self._spoken(area) if tongue == "cy"), ""),
        )

    def _wider(self, area: NamedNode) -> list[NamedNode]:
        """Return the areas in which `area` lies, on one day or another."""
        return [
            wide
            for one in self.facts.back(area, CSP.area)
            if CSP.Containment in self.facts.to(one, RDF_TYPE)
            for wide in self.facts.to(one, CSP.widerArea)
        ]

    def _former(self, area: NamedNode) -> list[NamedNode]:
        """Return the districts that `area` came from, and those that they came from."""
        found: list[NamedNode] = []
        for one in self.facts.back(area, CSP.succeededBy):
            found += [one, *self._former(one)]
        return found

    def _called(self, thing: NamedNode) -> list[str]:
        return [name for name, _ in self._spoken(thing)]

    def _spoken(self, thing: NamedNode) -> list[tuple[str, str]]:
        """Return the names of `thing`, each with its language."""
        return sorted(
            (quad.object.value, quad.object.language or "")
            for link in _NAMES
            for quad in self.facts.store.quads_for_pattern(thing, link, None, None)
            if isinstance(quad.object, Literal)
        )

    @cached_property
    def laws(self) -> frozenset[str]:
        """The folders of the instruments, provisions and duties that have pages."""
        kinds = (CSP.Instrument, CSP.Provision, CSP.DutyTemplate)
        return frozenset(
            addresses.address(thing.value)
            for kind in kinds
            for thing in self.facts.back(kind, RDF_TYPE)
        )

    @cached_property
    def reports(self) -> frozenset[str]:
        """The folders of the documents from which statements of law were taken."""
        links = self.facts
        return frozenset(
            addresses.address(document.value)
            for claim in links.back(CSP.Claim, RDF_TYPE)
            for passage in links.to(claim, CSP.source)
            for document in links.to(passage, CSP.inDocument)
        )

    @cached_property
    def by_citation(self) -> Mapping[str, str]:
        """The folder of the provision that a lawyer cites so, its present text first."""
        links = self.facts
        cited = sorted(
            (quad.object.value, quad.subject.value)
            for quad in links.store.quads_for_pattern(None, CSP.citation, None, None)
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
        )
        found: dict[str, str] = {}
        for text, thing in cited:
            found.setdefault(text, addresses.address(thing))
        return found

    def folder(self, thing: str) -> str:
        """Return the folder of the page of `thing`; "" where the site has none."""
        found = addresses.address(thing)
        kind, _, rest = found.partition("/")
        there = (
            found in self.laws
            or (kind == "area" and rest.strip("/") in self.areas)
            or found in self.bodies
            or found in self.reports
        )
        return found if there else ""

    def of_law(self, citation: str, url: str = "") -> str:
        """Return the folder of a provision by its address as it stood, or as it is cited."""
        start = PREFIXES["law"].removesuffix("id/")
        if url.startswith(start):
            path = url.removeprefix(start).rpartition("/")[0]
            if f"law/{path}/" in self.laws:
                return f"law/{path}/"
        return self.by_citation.get(citation, "")

    def thing(self, iri: str, words: str = "") -> Thing:
        """Return how the thing `iri` is shown: its name, and where it leads."""
        folder = self.folder(iri)
        elsewhere = not folder and not iri.startswith((BASE, PREFIXES["gss"]))
        return Thing(
            *(words or self.names.label(iri), folder),
            iri if elsewhere else "",
            "" if folder else addresses.word(iri),
        )

    @cached_property
    def receipt(self) -> Receipt:
        """What the graph of the day says of itself."""
        return self.kg.receipt

    @property
    def digests(self) -> dict[str, str]:
        """What the pages rest on: the version, and the digests of the files."""
        keys = ("version", "law", "register", "records", "rules")
        return {key: str(self.receipt[key]) for key in keys}

    def by_iri(self, plain: str) -> set[NamedNode]:
        """Return the texts that a provision has had under one number."""
        return self._texts.get(plain, set())

    @cached_property
    def _texts(self) -> Mapping[str, set[NamedNode]]:
        found: dict[str, set[NamedNode]] = {}
        for one in self.facts.back(CSP.Provision, RDF_TYPE):
            found.setdefault(one.value.partition("#")[0], set()).add(one)
        return found

    @cached_property
    def bodies(self) -> frozenset[str]:
        """The folders of the bodies that serve an area of the site on the day."""
        asked = {NamedNode(area_iri(code)) for code in self.areas}
        near = asked.union(*map(self._wider, asked))
        day = self.day
        return frozenset(
            addresses.address(body.value)
            for area in near
            for service in self.facts.back(area, CSP.area)
            if self.facts.holds(service, day)
            for body in self.facts.to(service, CSP.body)
            if self.facts.holds(body, day)
        )

    @cached_property
    def environment(self) -> Environment:
        """The templates, which escape every text and refuse a name that is not given."""
        try:
            from jinja2 import Environment, PackageLoader, StrictUndefined
        except ImportError as error:
            raise MissingPackageError("jinja2", "a site", "site") from error
        made = Environment(
            loader=PackageLoader("cspgraph.site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters["day"] = day_in_words
        return made

    def render(self, template: str, folder: str, title: str, **values: Any) -> str:
        """Return the page in `folder` from a template, with what every page has."""
        root = addresses.climb(folder)
        return self.environment.get_template(template).render(
            root=root,
            index=addresses.INDEX,
            folder=folder,
            title=title,
            day=self.day,
            said_day=day_in_words(self.day.isoformat()),
            version=__version__,
            receipt=self.receipt,
            reach=reach(self.receipt),
            ask=self.ask,
            **values,
        )
