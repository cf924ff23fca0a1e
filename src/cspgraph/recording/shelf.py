"""The records, which areas they are about, and which bodies they name.

The files of one folder are about the same areas. A question about one area reads the
folders that name an area near it, and the user's own records; no others. What a file
names is taken from what it says, never from how it is laid out.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from cspgraph import sources
from cspgraph.geography.tables import area_iri
from cspgraph.vocab import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyoxigraph import Quad

    from cspgraph.sources import Source

    Serves = Callable[[str], Iterable[str]]

__all__ = ["Shelf"]

_AREAS = tuple(PREFIXES[name] for name in ("gss", "area"))
_NAMED = (*_AREAS, *(PREFIXES[name] for name in ("body", "organ")))


class Shelf:
    """The records that are shipped, in folders, and those of the user on top of them."""

    def __init__(
        self,
        shipped: Iterable[Source],
        own: Sequence[Source] = (),
        added: Callable[[], Iterable[Iterable[Quad]]] = tuple,
        serves: Serves = lambda _: (),
    ) -> None:
        """Take in the `shipped` files, `own` ones, and what is `added`, source by source.

        `serves` gives the addresses of the areas that a body, given by its address,
        serves: a record that names no area is about those of its publisher, and what
        it claims of the law is judged there.
        """
        self.own = own
        self._added, self._serves = added, serves
        self._folders: dict[str, list[Source]] = {}
        for source in shipped:
            self._folders.setdefault(source.name.rpartition("/")[0], []).append(source)

    @property
    def files(self) -> list[Source]:
        """All files, those of the user last."""
        return [*self.shipped, *self.own]

    @property
    def shipped(self) -> list[Source]:
        """The files that are shipped."""
        return [source for files in self._folders.values() for source in files]

    def near(self, codes: Iterable[str]) -> list[Source]:
        """Return the shipped files of the folders that name an area with one of `codes`.

        >>> records = Shelf(sources.shipped("data/record", ".trig"))
        >>> {source.name.split("/")[2] for source in records.near({"E06000059"})}
        {'dorset'}
        """
        return [s for folder in self._near(codes) for s in self._folders[folder]]

    def named(self, codes: Iterable[str] | None = None) -> frozenset[str]:
        """Return the addresses of areas, bodies and organs that records name.

        That is those of the user and those near the areas with these `codes`, or all.
        """
        folders = [*self._folders] if codes is None else self._near(codes)
        near = chain(self._mine, (self._told[folder] for folder in folders))
        return frozenset().union(*(one.named for one in near))

    @cached_property
    def areas(self) -> frozenset[str]:
        """The addresses of the areas that any record is about."""
        return self._about([*self._mine, *self._told.values()])

    @cached_property
    def looked_at(self) -> frozenset[str]:
        """The addresses of the areas that the user's own records are about."""
        return self._about(self._mine)

    @cached_property
    def judged(self) -> set[NamedNode]:
        """The areas of the records in which claims about the law stand."""
        told = [one for one in self._told.values() if one.claims]
        return {NamedNode(area) for area in self._about([*self._mine, *told])}

    def areas_of(self, thing: str) -> frozenset[str]:
        """Return the addresses of the areas of the records that describe `thing`.

        >>> records = Shelf(sources.shipped("data/record", ".trig"))
        >>> version = PREFIXES["version"] + "rotherham-plan-2022.1"
        >>> [area.rpartition("/")[2] for area in records.areas_of(version)]
        ['E08000018']
        """
        found = [one for one in self._told.values() if thing in one.described]
        if any(thing in one.described for one in self._mine):
            found += self._mine
        return self._about(found)

    def claims_of(self, document: str) -> int:
        """Return how many claims about the law are taken from `document`.

        >>> records = Shelf(sources.shipped("data/record", ".trig"))
        >>> records.claims_of(PREFIXES["document"] + "dorset-2024-07-23")
        31
        """
        told = [*self._mine, *self._told.values()]
        found = {
            claim
            for one in told
            for claim, places in one.claims.items()
            if document in self._documents(places)
        }
        return len(found)

    def _about(self, told: Sequence[_Told]) -> frozenset[str]:
        """Return the areas that files are about: those that they name.

        What names none is about those of its publishers, and a claim is judged in
        those of the publisher of its document.
        """
        publishers = set[str]()
        for one in told:
            documents = {d for p in one.claims.values() for d in self._documents(p)}
            if not one.areas:
                documents |= one.publishers.keys()
            for document in documents:
                publishers |= self._publishers(document)
        named = (one.areas for one in told)
        return frozenset().union(*named, *map(self._serves, sorted(publishers)))

    def _documents(self, passages: Iterable[str]) -> set[str]:
        told = [*self._mine, *self._told.values()]
        return {d for one in told for p in passages for d in one.documents.get(p, ())}

    def _publishers(self, document: str) -> set[str]:
        told = [*self._mine, *self._told.values()]
        return {body for one in told for body in one.publishers.get(document, ())}

    def _near(self, codes: Iterable[str]) -> list[str]:
        """Return the folders that are about an area with one of `codes`."""
        wanted = {area_iri(code) for code in codes}
        return [
            folder
            for folder, one in self._told.items()
            if not wanted.isdisjoint(one.areas or self._about([one]))
        ]

    @cached_property
    def _told(self) -> dict[str, _Told]:
        """What the files of each folder tell of."""
        return {
            folder: _Told(chain(*map(sources.quads, files)))
            for folder, files in self._folders.items()
        }

    @cached_property
    def _mine(self) -> list[_Told]:
        """What each of the user's own sources tells of."""
        own = map(sources.quads, self.own)
        return [_Told(quads) for quads in chain(own, self._added())]


class _Told:
    """What some files name, describe and claim, and who published their documents."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.described = set[str]()
        self.documents: defaultdict[str, set[str]] = defaultdict(set)
        self.publishers: defaultdict[str, set[str]] = defaultdict(set)
        self.claims: dict[str, set[str]] = {}
        named, places = set[str](), defaultdict[str, set[str]](set)
        links = {
            CSP.source: places,
            CSP.inDocument: self.documents,
            CSP.publisher: self.publishers,
        }
        for quad in quads:
            if isinstance(quad.subject, Triple):
                continue
            thing, value = quad.subject.value, quad.object
            if isinstance(quad.subject, NamedNode):
                self.described.add(thing)
            if isinstance(value, NamedNode):
                named.add(value.value)
            if quad.predicate in links and not isinstance(value, Triple):
                links[quad.predicate][thing].add(value.value)
            elif quad.predicate == RDF_TYPE and value == CSP.Claim:
                self.claims[thing] = places[thing]
        ends = named | self.described
        self.named = frozenset(thing for thing in ends if thing.startswith(_NAMED))
        self.areas = frozenset(thing for thing in ends if thing.startswith(_AREAS))
