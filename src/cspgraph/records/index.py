"""The records, which areas they are about, and which bodies they name.

The files of one folder are about the same areas. A question about one area reads the
folders that name an area near it, and the user's own records; no others. What a file
names is taken from what it says, never from how it is laid out: an index beside the
shipped records keeps it, and a folder in which a file has changed since is read again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, TypedDict

from pyoxigraph import NamedNode, Triple

from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, area_iri, compact, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from pyoxigraph import Quad

    from cspgraph.rdf.files import Source

    Serves = Callable[[str], Iterable[str]]

__all__ = ["INDEX", "RecordIndex"]

#: Where the index of the shipped records stands.
INDEX = "data/record/index.json"
_AREAS = tuple(PREFIXES[name] for name in ("gss", "area"))
_NAMED = (*_AREAS, *(PREFIXES[name] for name in ("body", "organ")))


class RecordIndex:
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

        >>> records = RecordIndex(rdf_files.shipped("data/record", ".trig"))
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

        >>> records = RecordIndex(rdf_files.shipped("data/record", ".trig"))
        >>> version = PREFIXES["version"] + "rotherham-plan-2022.1"
        >>> [area.rpartition("/")[2] for area in records.areas_of(version)]
        ['E08000018']
        """
        found = [self._told[folder] for folder in self._describing(thing)]
        if any(one.describes(thing) for one in self._mine):
            found += self._mine
        return self._about(found)

    def describing(self, thing: str) -> list[Source]:
        """Return the shipped files of the folders in which `thing` is described.

        >>> records = RecordIndex(rdf_files.shipped("data/record", ".trig"))
        >>> version = PREFIXES["version"] + "rotherham-plan-2022.1"
        >>> {source.name.split("/")[2] for source in records.describing(version)}
        {'rotherham'}
        """
        return [s for folder in self._describing(thing) for s in self._folders[folder]]

    def _describing(self, thing: str) -> list[str]:
        known, rest = self._listed
        return known.get(compact(thing), []) + [
            folder for folder in rest if self._told[folder].describes(thing)
        ]

    @cached_property
    def _listed(self) -> tuple[dict[str, list[str]], list[str]]:
        """The folders of each thing that the index lists, and those it does not know."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        rest = []
        for folder, one in self._told.items():
            if one.listed is None:
                rest.append(folder)
            for thing in one.listed or ():
                found[thing].append(folder)
        return dict(found), rest

    def claims_of(self, document: str) -> int:
        """Return how many claims about the law are taken from `document`.

        >>> records = RecordIndex(rdf_files.shipped("data/record", ".trig"))
        >>> records.claims_of(PREFIXES["document"] + "dorset-2024-07-23")
        31
        """
        told = [*self._mine, *self._told.values()]
        found = {
            claim
            for one in told
            if one.claims
            for claim, places in one.whole.claims.items()
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
            documents = self._claimed(one)
            if not one.areas:
                documents |= one.whole.publishers.keys()
            for document in documents:
                publishers |= self._publishers(document)
        named = (one.areas for one in told)
        return frozenset().union(*named, *map(self._serves, sorted(publishers)))

    def _claimed(self, one: _Told) -> set[str]:
        """Return the documents from which the claims of some files are taken."""
        if one.claimed is not None:
            return {*one.claimed}
        claims = one.whole.claims.values() if one.claims else ()
        return set().union(*map(self._documents, claims))

    def _documents(self, passages: Iterable[str]) -> set[str]:
        told = [*self._mine, *self._told.values()]
        return {
            document
            for passage in passages
            for one in told
            if one.describes(passage)
            for document in one.whole.documents[passage]
        }

    def _publishers(self, document: str) -> set[str]:
        told = [*self._mine, *self._told.values()]
        return {
            body
            for one in told
            if one.describes(document)
            for body in one.published_by(document)
        }

    def _near(self, codes: Iterable[str]) -> list[str]:
        """Return the folders that are about an area with one of `codes`."""
        wanted = {area_iri(code) for code in codes}
        return [
            folder
            for folder, one in self._told.items()
            if not wanted.isdisjoint(one.areas or self._about([one]))
        ]

    def index(self) -> str:
        """Return the index of the shipped files as they are: a line for each folder.

        >>> RecordIndex(rdf_files.shipped("data/record/brent/", ".trig")).index().count("body:london")
        1
        """
        lines = [
            f"{json.dumps(folder)}: {json.dumps(_entry(files))}"
            for folder, files in sorted(self._folders.items())
        ]
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @cached_property
    def _told(self) -> dict[str, _Told]:
        """What the files of each folder tell of, from the index where it is of them."""
        index, told = _index(), {}
        for folder, files in self._folders.items():
            entry = index.get(folder)
            same = entry and entry["digest"] == rdf_files.digest(files)
            told[folder] = _Told(partial(_quads, files), entry if same else None)
        return told

    @cached_property
    def _mine(self) -> list[_Told]:
        """What each of the user's own sources tells of."""
        own = map(rdf_files.quads, self.own)
        return [_Told(partial(iter, quads)) for quads in chain(own, self._added())]


class _Told:
    """What some files describe; a file is read only if its index entry does not say."""

    def __init__(
        self, read: Callable[[], Iterable[Quad]], entry: Entry | None = None
    ) -> None:
        self._read, self._entry = read, entry
        self.claims = bool(entry["claims"] if entry else self.whole.claims)
        ends = entry["named"].split() if entry else ()
        self.named = frozenset(map(_full, ends)) if entry else self.whole.named
        self.areas = frozenset(end for end in self.named if end.startswith(_AREAS))
        #: The documents of its claims with their publishers, where the entry knows.
        self.claimed = _links(entry["claimed"]) if entry else None
        #: What it describes, in short, where the entry knows.
        self.listed = entry["described"].split() if entry else None

    def published_by(self, document: str) -> Collection[str]:
        """Return the publishers of a document."""
        known = (self.claimed or {}).get(document)
        return self.whole.publishers[document] if known is None else known

    @cached_property
    def whole(self) -> _Whole:
        """All that is told."""
        return _Whole(self._read())

    def describes(self, thing: str) -> bool:
        """Return whether `thing` is described."""
        if self._entry:
            return f" {compact(thing)} " in self._entry["described"]
        return thing in self.whole.described


class _Whole:
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


class Entry(TypedDict):
    """What the index says of the files of a folder; addresses are short, with spaces."""

    digest: str
    named: str
    described: str
    claims: int
    claimed: Mapping[str, str] | None


def _entry(files: Sequence[Source]) -> Entry:
    whole = _Whole(_quads(files))
    return {
        "digest": rdf_files.digest(files),
        "named": " ".join(sorted(map(compact, whole.named))),
        "described": f" {' '.join(sorted(map(compact, whole.described)))} ",
        "claims": len(whole.claims),
        "claimed": _claimed(whole),
    }


def _claimed(whole: _Whole) -> dict[str, str] | None:
    """Return the documents of the claims, each with its publishers, if all stand here."""
    found = dict[str, str]()
    for places in whole.claims.values():
        for place in places:
            if not whole.documents.get(place):
                return None
            for document in sorted(whole.documents[place]):
                bodies = whole.publishers.get(document, ())
                found[compact(document)] = " ".join(sorted(map(compact, bodies)))
    return dict(sorted(found.items()))


def _links(words: Mapping[str, str] | None) -> dict[str, list[str]] | None:
    if words is None:
        return None
    return {_full(end): [*map(_full, to.split())] for end, to in words.items()}


def _index() -> Mapping[str, Entry]:
    """Return what stands in the index; nothing where it is gone or damaged."""
    found: dict[str, Entry] = {}
    with suppress(ValueError):
        for source in rdf_files.shipped(INDEX, ".json"):
            found = json.loads(source.data)
    return found


def _quads(files: Iterable[Source]) -> Iterable[Quad]:
    return chain.from_iterable(map(rdf_files.quads, files))


def _full(word: str) -> str:
    return expand(word) or word
