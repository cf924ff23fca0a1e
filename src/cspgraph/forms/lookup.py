"""What a column allows by name: the lists of the vocabulary, the register, the law and records."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from cspgraph.forms.cells import fold
from cspgraph.forms.schema import form
from cspgraph.rdf import files
from cspgraph.rdf.spellings import Namesakes, nearest, parts, plain, served, within
from cspgraph.rdf.terms import CSP, OPEN_END, PREFIXES, RDF_TYPE, compact, expand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pyoxigraph import Quad

    from cspgraph.rdf.files import Source
    from cspgraph.rdf.labels import RegisterEntry

__all__ = ["Lookup"]

_SKOS = PREFIXES["skos"]
_LABEL = PREFIXES["rdfs"] + "label"
_REGISTER = {"body": CSP.Body, "organ": CSP.Organ, "area": CSP.Area}
#: Words that name something only within a body or area, because many have one.
_COMMON = frozenset(
    {"board", "cabinet", "committee", "council", "executive", "full council"}
    | {"leader", "panel", "partnership"}
)
_SHORT = re.compile(r"[a-z-]+:\S+|https?://\S+")


class Lookup:
    """The things that each list holds, found by name, code or short address."""

    def __init__(
        self,
        terms: Iterable[Source],
        law: Iterable[Source],
        records: Iterable[Source],
        register: Iterable[RegisterEntry],
    ) -> None:
        self._lists: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._held: dict[str, tuple[str, str]] = {}
        self._kinds: dict[str, set[str]] = {}
        self._serves: dict[str, Sequence[str]] = {}
        self._wider: dict[str, Sequence[str]] = {}
        self._of: dict[str, str] = {}
        self._shared: dict[str, Sequence[str]] = {}
        self._index: dict[str, dict[str, list[str]]] = {}
        self._near: dict[tuple[tuple[str, ...], str, frozenset[str]], list[str]] = {}
        self._by_word: dict[str, dict[str, dict[str, None]]] = {}
        self._concepts(q for source in terms for q in files.quads(source))
        self._entries(register)
        self._law(q for source in law for q in files.quads(source))
        for source in records:
            self.add(list(files.quads(source)))

    def _concepts(self, quads: Iterable[Quad]) -> None:
        labels: dict[str, list[str]] = defaultdict(list)
        above: dict[str, list[str]] = defaultdict(list)
        for quad in quads:
            subject, term = quad.subject.value, quad.predicate.value  # type: ignore[union-attr]
            if term == _SKOS + "prefLabel":
                labels[subject].insert(0, quad.object.value)  # type: ignore[union-attr]
            elif term == _SKOS + "altLabel":
                labels[subject].append(quad.object.value)  # type: ignore[union-attr]
            elif term in (_SKOS + "broader", _SKOS + "inScheme"):
                above[subject].append(quad.object.value)  # type: ignore[union-attr]
        for concept in above:
            for wide in _reached(concept, above):
                name = wide.rpartition("/")[2] if wide not in above else compact(wide)
                self._lists[name][concept] = labels[concept]

    def _entries(self, register: Iterable[RegisterEntry]) -> None:
        for entry in register:
            for name, kind in _REGISTER.items():
                if kind.value in entry.kinds:
                    self._lists[name][entry.iri] = entry.names
                    self._held[entry.iri] = entry.start, entry.until or OPEN_END
                    self._kinds[entry.iri] = entry.kinds
                    self._serves[entry.iri] = entry.areas
                    self._wider[entry.iri] = entry.wider
                    self._of[entry.iri] = entry.body or entry.iri
                    self._shared[entry.iri] = entry.shared

    def _law(self, quads: Iterable[Quad]) -> None:
        labels, laws = {}, []
        for quad in quads:
            if quad.predicate.value == _LABEL:
                labels[quad.subject.value] = quad.object.value  # type: ignore[union-attr]
            elif quad.predicate == RDF_TYPE and quad.object == CSP.Instrument:
                laws.append(quad.subject.value)  # type: ignore[union-attr]
        self._lists["law"] = {law: [labels.get(law, compact(law))] for law in laws}

    def add(self, quads: Sequence[Quad]) -> None:
        """Put the entries of a record under the names of their sheets."""
        sheets = {sheet.kind: sheet.name for sheet in form().sheets}
        labels: dict[object, list[str]] = defaultdict(list)
        for quad in quads:
            if quad.predicate.value == _LABEL:
                labels[quad.subject].append(quad.object.value)  # type: ignore[union-attr]
        for quad in quads:
            if quad.predicate == RDF_TYPE and quad.object in sheets:
                name = sheets[quad.object]  # type: ignore[index]
                self._lists[name][quad.subject.value] = labels[quad.subject]  # type: ignore[union-attr]
                self._by_word.pop(name, None)
                self._index.pop(name, None)

    def find(
        self,
        lists: Sequence[str],
        word: str,
        day: str = "",
        among: Collection[str] = (),
    ) -> list[str]:
        """Return the addresses of all that `word` can mean in `lists`.

        A short or full address or a code goes before a proper name, and that before an
        alias or a form of a name. Of several with one name, those in being on `day` are
        meant. A word that many bodies share is looked for `among` some of them alone.
        """
        keys = f"0 {word.strip().casefold()}", f"1 {plain(word)}", f"2 {plain(word)}"
        for key in keys:
            found = [iri for name in lists for iri in self._indexed(name).get(key, [])]
            if found:
                return self._in_being(found, day)
        if _SHORT.fullmatch(word.strip()):
            iri = expand(word.strip()) or ""
            return [iri] if any(iri in self._lists[name] for name in lists) else []
        if "body" in lists and (formed := self._namesakes.find(word)[0]):
            return self._in_being(formed, day)
        return self._common(lists, word, day, among)

    def _common(
        self, lists: Sequence[str], word: str, day: str, among: Collection[str]
    ) -> list[str]:
        """Return what a word that many bodies share means `among` some of them."""
        near = [
            iri
            for name in lists
            for iri in self._lists[name]
            if self._of.get(iri) in among and self._there(iri, day)
        ]
        word = fold(word).casefold().removeprefix("the ")
        wanted = plain(word)
        found = [i for i in near if wanted in map(plain, self._shared.get(i, ()))]
        if found or word not in _COMMON:
            return found
        return [i for i in near if within(word, self._named(lists, i))]

    def parts(self, lists: Sequence[str], word: str, day: str = "") -> list[str]:
        """Return the addresses of all in `lists` in whose names `word` is a part.

        Those called by the place in `word` and otherwise come first.
        """
        found = self._namesakes.find(word)[1] if "body" in lists else []
        found += [
            iri
            for name in lists
            for iri in self._with_words(name, word)
            if within(word, (*self._lists[name][iri], *self._shared.get(iri, ())))
        ]
        return self._in_being(list(dict.fromkeys(found)), day)

    def _with_words(self, name: str, word: str) -> Collection[str]:
        """Return what in a list has the rarest of the words of `word` in a name of its own."""
        if name not in self._by_word:
            by_word: dict[str, dict[str, None]] = defaultdict(dict)
            self._by_word[name] = by_word
            for iri, labels in self._lists[name].items():
                for label in (*labels, *self._shared.get(iri, ())):
                    for one in parts(label).split():
                        by_word[one][iri] = None
        having = [self._by_word[name].get(one, {}) for one in parts(word).split()]
        return min(having, key=len, default=())

    def serving(self, areas: Collection[str]) -> set[str]:
        """Return the addresses of the bodies that serve one of `areas`."""
        return {body for body, those in self._serves.items() if set(those) & set(areas)}

    @cached_property
    def _namesakes(self) -> Namesakes:
        bodies, areas = self._lists["body"], self._lists["area"]
        places = {
            body: served(
                areas[area] for area in self._serves.get(body, ()) if area in areas
            )
            for body in bodies
        }
        return Namesakes(bodies, self._kinds, places)

    def _named(self, lists: Sequence[str], iri: str) -> list[str]:
        return [label for name in lists for label in self._lists[name].get(iri, ())]

    def _in_being(self, found: Sequence[str], day: str) -> list[str]:
        unique = list(dict.fromkeys(found))
        return [iri for iri in unique if self._there(iri, day)] or unique

    def _there(self, iri: str, day: str) -> bool:
        first, until = self._held.get(iri, ("", OPEN_END))
        return not day or first <= day < until

    def _indexed(self, name: str) -> dict[str, list[str]]:
        """Return the things of a list by rank and plain name."""
        if name not in self._index:
            index: dict[str, list[str]] = defaultdict(list)
            for iri, labels in self._lists[name].items():
                index[f"0 {re.split('[/#]', iri)[-1].casefold()}"].append(iri)
                for place, label in enumerate(labels):
                    index[f"{1 + (place > 0)} {plain(label)}"].append(iri)
            self._index[name] = dict(index)
        return self._index[name]

    def word(self, lists: Sequence[str], iri: str, day: str = "") -> str:
        """Return how `iri` is written in a cell: its name, or its short address."""
        for name in lists:
            for label in self._lists[name].get(iri, [])[:1]:
                if ";" not in label and self.find(lists, label, day) == [iri]:
                    return label
        return compact(iri)

    def words(
        self, lists: Sequence[str], among: Iterable[str] | None = None, day: str = ""
    ) -> list[str]:
        """Return the names of what is in `lists`, in order.

        Of those `among` it, if that is given, and of those in being on the `day`.
        """
        wanted = None if among is None else set(among)
        found = (
            labels[0] if labels else compact(iri)
            for name in lists
            for iri, labels in self._lists[name].items()
            if (wanted is None or iri in wanted) and self._there(iri, day)
        )
        return sorted(dict.fromkeys(found), key=str.casefold)

    def around(self, bodies: Collection[str]) -> frozenset[str]:
        """Return `bodies` with all that serve their areas, or areas in which those lie.

        A body that serves several areas, such as a former care trust, brings in none of
        them beside the areas of those that serve one alone.
        """
        served = [self._serves.get(body, ()) for body in bodies]
        alone = {areas[0] for areas in served if len(areas) == 1}
        areas = alone or {area for areas in served for area in areas}
        wide = {wider for area in areas for wider in self._wider.get(area, ())}
        return frozenset(bodies) | self.serving(areas | wide)

    def near(
        self, lists: Sequence[str], word: str, day: str, bodies: frozenset[str]
    ) -> list[str]:
        """Return what of `bodies` and their organs has all the words of `word`, or the last.

        Where `word` tells of a place by its form, the last word alone says too little.
        """
        key = (tuple(lists), day, bodies)
        if key not in self._near:
            self._near[key] = [
                iri
                for name in lists
                for iri in self._lists[name]
                if self._of.get(iri) in bodies and self._there(iri, day)
            ]
        there = self._near[key]
        placed = any(self._namesakes.find(word))
        last = [] if placed else parts(word).split()[-1:]
        for wanted in (word, *last):
            found = [
                iri
                for iri in there
                if within(
                    wanted, (*self._named(lists, iri), *self._shared.get(iri, ()))
                )
            ]
            if found:
                return list(dict.fromkeys(found))
        return []

    def elsewhere(self, iri: str, bodies: Collection[str]) -> str:
        """Return of which other area a body or organ is; empty for one of `bodies`."""
        body = self._of.get(iri, "")
        areas = self._serves.get(body, ())
        if not bodies or body in bodies or not areas:
            return ""
        label = self._lists["area"].get(areas[0], [compact(areas[0])])[0]
        return f" (of {label}, another area)"

    def nearest(self, lists: Sequence[str], word: str) -> str:
        """Return the name in `lists` that is nearest to `word`; empty where none is near."""
        return nearest(
            fold(word),
            (
                label
                for name in lists
                for labels in self._lists[name].values()
                for label in labels
            ),
        )


def _reached(concept: str, above: dict[str, list[str]]) -> set[str]:
    """Return all that `concept` lies below, and itself unless it only heads a list."""
    found: set[str] = set()
    waiting = [concept]
    while waiting:
        for wide in above.get(waiting.pop(), []):
            if wide not in found:
                found.add(wide)
                waiting.append(wide)
    heads = not any(wide in above for wide in above[concept])
    return found if heads else found | {concept}
