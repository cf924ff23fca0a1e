"""What a column allows by name: the lists of the vocabulary, the register, the law and records."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import get_close_matches
from typing import TYPE_CHECKING

from cspgraph import sources
from cspgraph.forms.cells import fold
from cspgraph.forms.form import form
from cspgraph.vocab import CSP, OPEN_END, PREFIXES, RDF_TYPE, compact, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad

    from cspgraph.names import Entry
    from cspgraph.sources import Source

__all__ = ["Choices"]

_SKOS = PREFIXES["skos"]
_LABEL = PREFIXES["rdfs"] + "label"
_REGISTER = {"body": CSP.Body, "organ": CSP.Organ, "area": CSP.Area}
_SHORT = re.compile(r"[a-z-]+:\S+|https?://\S+")


class Choices:
    """The things that each list holds, found by name, code or short address."""

    def __init__(
        self,
        terms: Iterable[Source],
        law: Iterable[Source],
        records: Iterable[Source],
        register: Iterable[Entry],
    ) -> None:
        self._lists: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._held: dict[str, tuple[str, str]] = {}
        self._index: dict[str, dict[str, list[str]]] = {}
        self._concepts(q for source in terms for q in sources.quads(source))
        self._entries(register)
        self._law(q for source in law for q in sources.quads(source))
        for source in records:
            self.add(list(sources.quads(source)))

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

    def _entries(self, register: Iterable[Entry]) -> None:
        for entry in register:
            for name, kind in _REGISTER.items():
                if kind.value in entry.kinds:
                    self._lists[name][entry.iri] = entry.names
                    self._held[entry.iri] = entry.start, entry.until or OPEN_END

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
                self._index.pop(name, None)

    def find(self, lists: Sequence[str], word: str, day: str = "") -> list[str]:
        """Return the addresses of all that `word` can mean in `lists`.

        A short or full address, a code or the end of an address goes before a proper
        name, and that before an alias. Of several with one name, those in being on
        `day` are meant.
        """
        for rank in range(3):
            found = list(
                dict.fromkeys(
                    iri
                    for name in lists
                    for iri in self._indexed(name).get(f"{rank} {_key(word)}", [])
                )
            )
            if found:
                there = [iri for iri in found if self._there(iri, day)]
                return there or found
        if _SHORT.fullmatch(word.strip()):
            iri = expand(word.strip()) or ""
            return [iri] if any(iri in self._lists[name] for name in lists) else []
        return []

    def _there(self, iri: str, day: str) -> bool:
        first, until = self._held.get(iri, ("", OPEN_END))
        return not day or first <= day < until

    def _indexed(self, name: str) -> dict[str, list[str]]:
        """Return the things of a list by rank and plain name."""
        if name not in self._index:
            index: dict[str, list[str]] = defaultdict(list)
            for iri, labels in self._lists[name].items():
                index[f"0 {_key(re.split('[/#]', iri)[-1])}"].append(iri)
                for place, label in enumerate(labels):
                    index[f"{1 + (place > 0)} {_key(label)}"].append(iri)
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

    def nearest(self, lists: Sequence[str], word: str) -> str:
        """Return the name in `lists` that is nearest to `word`; empty where none is near."""
        known = {
            fold(label).casefold(): label
            for name in lists
            for labels in self._lists[name].values()
            for label in labels
        }
        near = get_close_matches(fold(word).casefold()[:200], known, n=1)
        return known[near[0]] if near else ""


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


def _key(word: str) -> str:
    return re.sub(r"[\s\-_.,'&]+", "", fold(word).casefold())
