"""From the words people type to the one thing meant.

A thing is named by a short or full IRI (`gss:E06000059`), by its code or the end
of its IRI (`E06000059`, `dorset-council`), or by a label or alias (`Dorset`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.errors import NameNotClearError
from cspgraph.vocab import CSP, OPEN_END, PREFIXES, RDF_TYPE, compact, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from cspgraph.engines import Oxigraph

__all__ = ["Entry", "Names"]

_SKOS = PREFIXES["skos"]
#: Proper names first, then aliases and codes.
_LABELS = (
    *(NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(_SKOS + "prefLabel")),
    *(NamedNode(_SKOS + "altLabel"), CSP.gssCode),
)
_BROADER = NamedNode(_SKOS + "broader")
_DAYS = (CSP.validFrom, CSP.validUntil)
_KINDS = {RDF_TYPE, NamedNode(_SKOS + "inScheme"), CSP.areaKind}

#: Which things a parameter kind can mean: members of a class, of a scheme, or
#: concepts below another.
_CLASSES = {
    "body": CSP.Body,
    "document": CSP.SourceDocument,
    "duty": CSP.DutyTemplate,
    "instrument": CSP.Instrument,
}
_SCHEMES = {
    "role": "role",
    "action": "action",
    "theme": "theme",
    "kind": "kind",
    "governance": "governance",
}
#: Kinds of thing that records describe.
_OF_RECORDS = ("document", "thing")
#: Kinds of area that can be asked for; the wide ones stand for their districts.
_AREA_KINDS = (
    *("LocalGovernmentArea", "CountyArea", "PoliceArea", "FireArea", "HealthArea"),
    *("Region", "ProbationRegion", "CombinedAuthorityArea", "Country"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing of the register as people find it: its names, proper name first, and days."""

    iri: str
    kinds: set[str]
    names: list[str]
    start: str
    until: str
    successors: list[str]


class Names:
    """The names in one graph, found by kind of thing and day."""

    def __init__(
        self,
        engine: Oxigraph,
        entries: Iterable[Entry] = (),
        more: Callable[[], Oxigraph] | None = None,
    ) -> None:
        """Take in the names in `engine` and of `entries`; those of `more` when needed."""
        self._more = more
        self._from: dict[str, str] = {}
        self._until: dict[str, str] = {}
        self._labels: dict[str, list[str]] = defaultdict(list)
        self._kinds: dict[str, set[str]] = defaultdict(set)
        self._links: dict[str, set[str]] = defaultdict(set)
        self._take(engine)
        self._after: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            self._labels[entry.iri] = entry.names
            self._kinds[entry.iri] = entry.kinds
            self._from[entry.iri] = entry.start
            if entry.until:
                self._until[entry.iri] = entry.until
            self._after[entry.iri] = entry.successors

    def _take_more(self) -> None:
        """Take in the names that were left until one is asked for."""
        if self._more:
            self._take(self._more())
            self._more = None

    def _take(self, engine: Oxigraph) -> None:
        for quad in engine.links(*_LABELS, *_KINDS, _BROADER, *_DAYS):
            subject = quad.subject.value  # type: ignore[union-attr]
            if quad.predicate in _LABELS:
                self._labels[subject].append(quad.object.value)  # type: ignore[union-attr]
            elif quad.predicate in _KINDS:
                self._kinds[subject].add(quad.object.value)  # type: ignore[union-attr]
            elif quad.predicate == _BROADER:
                self._links[subject].add(quad.object.value)  # type: ignore[union-attr]
            elif quad.predicate == CSP.validFrom:
                self._from[subject] = quad.object.value  # type: ignore[union-attr]
            else:
                self._until[subject] = quad.object.value  # type: ignore[union-attr]

    def label(self, iri: str) -> str:
        """Return the name of the thing with this IRI, or the short IRI."""
        if iri not in self._labels:
            self._take_more()
        known = self._labels.get(iri)
        return known[0] if known else compact(iri)

    def history(self, thing: str) -> str:
        """Return in words what a thing replaced, and when; empty where nothing."""
        named = ", ".join(map(self._named, self._before(thing)))
        return (
            f"{self._named(thing)}, since {self._from[thing]}, before that {named}"
            if named
            else ""
        )

    def named(self, thing: str) -> str:
        """Return the code and the name of the thing with this IRI."""
        return self._named(thing)

    def find(self, kind: str, word: str, parameter: str, day: date) -> NamedNode:
        """Return the one thing of `kind` in effect on `day` that `word` means.

        Raises `NameNotClearError` with the candidates when several fit, with the
        days of one that is not in effect, or with the nearest name.
        """
        if kind in _OF_RECORDS:
            self._take_more()
        things = self._things(kind)
        found = _meant(things, word)
        now = [thing for thing in found if self._in_effect(thing, day.isoformat())]
        if len(now) == 1:
            return NamedNode(now[0])
        if now:
            candidates = [self._named(thing) for thing in sorted(now)]
            raise NameNotClearError(parameter, word, candidates)
        if found:
            past = self._past(found[0], day)
            raise NameNotClearError(parameter, word, [], past=past)
        hint = self._nearest(things, word, kind)
        raise NameNotClearError(parameter, word, [], hint)

    def known(self, kind: str, word: str, parameter: str, day: date) -> NamedNode:
        """Return the one thing of `kind` that `word` means, in effect on `day` or not.

        Raises `NameNotClearError` as `find` does, but for what is of another day.
        """
        found = _meant(self._things(kind), word)
        if len(found) == 1:
            return NamedNode(found[0])
        return self.find(kind, word, parameter, day)

    def _things(self, kind: str) -> Mapping[str, list[str]]:
        """Return the things of `kind`, each with its names in plain letters."""
        return {
            thing: [_plain(name) for name in names]
            for thing, names in self._labels.items()
            if self._is(thing, kind)
        }

    def _is(self, thing: str, kind: str) -> bool:
        kinds = self._kinds[thing]
        if kind == "thing":
            return True
        if kind in _CLASSES:
            return _CLASSES[kind].value in kinds
        if kind == "area":
            wide = kinds.union(*(self._links[item] for item in kinds))
            return any(PREFIXES["kind"] + name in wide for name in _AREA_KINDS)
        if kind == "product":
            return PREFIXES["kind"] + "Product" in self._above(thing)
        return PREFIXES["csp"].replace("ns#", _SCHEMES.get(kind, kind)) in kinds

    def _above(self, thing: str) -> set[str]:
        direct = self._links[thing]
        return direct.union(*(self._above(item) for item in direct))

    def _in_effect(self, thing: str, day: str) -> bool:
        return self._from.get(thing, "") <= day < self._until.get(thing, OPEN_END)

    def _past(self, thing: str, day: date) -> str:
        """Say on which days a thing holds, and what stood or stands in its place."""
        first, until = self._from.get(thing, ""), self._until.get(thing)
        days = f"from {first}" + (
            f" until {until}, that day not included" if until else ""
        )
        said = f"on {day}: {self._named(thing)} holds {days}"
        instead = self._before(thing) if str(day) < first else self._after[thing]
        there = [self._named(t) for t in instead if self._in_effect(t, str(day))]
        if not there:
            return f"{said}; choose another day"
        return f"{said}; in its place {'was' if len(there) == 1 else 'were'} {', '.join(there)}; choose one, or another day"

    def _before(self, thing: str) -> list[str]:
        """Return the things that gave way to this one, by address."""
        return sorted(old for old, after in self._after.items() if thing in after)

    def _named(self, thing: str) -> str:
        return f"{_end(thing)} ({self.label(thing)})"

    def _nearest(self, things: Mapping[str, list[str]], word: str, kind: str) -> str:
        known = [
            name for thing in things for name in (*self._labels[thing], _end(thing))
        ]
        folded = {name.casefold(): name for name in known}
        near = get_close_matches(word.casefold(), folded, n=1)
        if near:
            return f"did you mean {folded[near[0]]!r}?"
        return f"give the name or code of {'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _meant(things: Mapping[str, list[str]], word: str) -> list[str]:
    """Return the things that `word` can mean: by IRI, by code, or else by name."""
    iri, wanted = expand(word), _plain(word)
    return (
        [thing for thing in things if thing == iri]
        or [thing for thing in things if _plain(_end(thing)) == wanted]
        or [thing for thing, names in things.items() if wanted == names[0]]
        or [thing for thing, names in things.items() if wanted in names]
        or [
            thing for thing in things if _plain(_end(thing).partition(".")[0]) == wanted
        ]
    )


def _end(iri: str) -> str:
    """Return the last part of an IRI: the code or slug."""
    return re.split(r"[/#]", iri)[-1]


def _plain(word: str) -> str:
    """Return `word` in small letters without hyphens, points and case.

    >>> _plain("Specified-Authority"), _plain("SpecifiedAuthority")
    ('specifiedauthority', 'specifiedauthority')
    """
    return re.sub(r"[\s\-_.,'&]+", "", word.casefold())
