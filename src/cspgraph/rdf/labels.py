"""From the words people type to the one thing meant.

A thing is named by a short or full IRI (`gss:E06000059`), by its code or the end
of its IRI (`E06000059`, `dorset-council`), or by a label or alias (`Dorset`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.errors import NameNotClearError
from cspgraph.rdf.spellings import (
    COUNCILS,
    Namesakes,
    end,
    meant,
    nearest,
    parts,
    plain,
    served,
    within,
)
from cspgraph.rdf.terms import CSP, OPEN_END, PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from cspgraph.rdf.engines import Oxigraph

__all__ = ["Labels", "RegisterEntry"]

_SKOS = PREFIXES["skos"]
#: Proper names first, then aliases and codes.
_LABELS = (
    *(NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(_SKOS + "prefLabel")),
    *(NamedNode(_SKOS + "altLabel"), CSP.gssCode),
)
_BROADER = NamedNode(_SKOS + "broader")
_DAYS = (CSP.validFrom, CSP.validUntil, CSP.beginsBy)
_KINDS = {RDF_TYPE, NamedNode(_SKOS + "inScheme"), CSP.areaKind}

#: Which things a parameter kind can mean: members of a class or of a concept scheme.
#: A kind is a concept of any of the lists of kinds.
_CLASSES = {
    "body": CSP.Body,
    "document": CSP.SourceDocument,
    "duty": CSP.DutyTemplate,
    "instrument": CSP.Instrument,
}
_SCHEMES = ("role", "action", "theme", "subject", "kind", "governance")
_FEW = 12
_LOCAL = PREFIXES["kind"] + "LocalGovernmentArea"
#: Kinds of thing that records describe.
_OF_RECORDS = ("document", "thing")
#: Kinds of area that can be asked for; the wide ones stand for their districts.
_AREA_KINDS = (
    *("LocalGovernmentArea", "CountyArea", "PoliceArea", "FireArea", "HealthArea"),
    *("Region", "ProbationRegion", "CombinedAuthorityArea", "Country"),
)
#: Things whose names lie near each other without being near: a hint says whose it is.
_PLACED = ("area", "body")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A thing of the register as people find it: its names, proper name first, and days.

    An area lies in the `wider` ones, now or at another time. A body serves the `areas`,
    and some of them are its `own`, which it serves as what it is and not in place of
    another; an organ is one of its `body`, and has the `shared` names beside those of
    others. Where its first day is not known, it is there `by` its start.
    """

    iri: str
    kinds: set[str]
    names: list[str]
    start: str
    until: str
    successors: list[str]
    wider: list[str]
    areas: Sequence[str] = ()
    body: str = ""
    shared: Sequence[str] = ()
    own: Sequence[str] = ()
    by: bool = False


class Labels:
    """The names in one graph, found by kind of thing and day."""

    def __init__(
        self,
        engine: Oxigraph,
        entries: Iterable[RegisterEntry] = (),
        more: Callable[[str], Oxigraph | None] = lambda _: None,
    ) -> None:
        """Take in the names in `engine` and of `entries`; those of `more` when needed.

        It is given a thing for which a name is wanted, or nothing where all are, and
        returns what it has not returned before.
        """
        self._more, self._taking = more, RLock()
        self._from: dict[str, str] = {}
        self._until: dict[str, str] = {}
        self._by: set[str] = set()
        self._labels: dict[str, list[str]] = defaultdict(list)
        self._kinds: dict[str, set[str]] = defaultdict(set)
        self._links: dict[str, set[str]] = defaultdict(set)
        self._by_kind: dict[str, Mapping[str, list[str]]] = {}
        self._take(engine)
        self._after: dict[str, list[str]] = defaultdict(list)
        self._inside: dict[str, list[str]] = defaultdict(list)
        self._serves: dict[str, Sequence[str]] = {}
        self._own: dict[str, Sequence[str]] = {}
        for entry in entries:
            self._labels[entry.iri] = entry.names
            self._kinds[entry.iri] = entry.kinds
            self._from[entry.iri] = entry.start
            if entry.by:
                self._by.add(entry.iri)
            if entry.until:
                self._until[entry.iri] = entry.until
            self._after[entry.iri] = entry.successors
            self._serves[entry.iri] = entry.areas
            self._own[entry.iri] = entry.own or entry.areas
            for wider in entry.wider:
                self._inside[wider].append(entry.iri)

    def _take_more(self, thing: str = "") -> None:
        """Take in the names that were left until one is asked for: all, or of `thing`."""
        with self._taking:  # who comes while names are taken in waits for them
            found = self._more(thing)
            if found is not None:
                self._take(found)

    def settle(self, engine: Oxigraph) -> None:
        """Take in the names of what `engine` describes, and open no file for others."""
        for quad in engine.links(*_LABELS):
            self.label(quad.subject.value)  # type: ignore[union-attr]
        self._more = lambda _: None

    def _take(self, engine: Oxigraph) -> None:
        self._by_kind.clear()
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
            elif quad.predicate == CSP.beginsBy:
                self._by.add(subject)
            else:
                self._until[subject] = quad.object.value  # type: ignore[union-attr]

    def label(self, iri: str) -> str:
        """Return the name of the thing with this IRI, or the short IRI."""
        if iri not in self._labels:
            self._take_more(iri)
        known = self._labels.get(iri)
        return known[0] if known else compact(iri)

    def history(self, thing: str) -> str:
        """Return in words what a thing replaced, and when; empty where nothing."""
        named = ", ".join(map(self.named, self._before(thing)))
        return (
            f"{self.named(thing)}, since {self._from[thing]}, before that {named}"
            if named
            else ""
        )

    def within(self, area: str) -> set[str]:
        """Return `area` and those that lie in it, by address."""
        return {area, *self._inside.get(area, ())}

    def around(self, area: str) -> set[str]:
        """Return `area`, those that lie in it and those in which it lies, by address."""
        wider = {wide for wide, inner in self._inside.items() if area in inner}
        return self.within(area) | wider

    def kind_of(self, thing: str) -> str:
        """Return in a word what a thing is, as far as it can be asked for; else nothing."""
        kinds = ("area", *_CLASSES, *_SCHEMES)
        return next((kind for kind in kinds if self._is(thing, kind)), "")

    def find(self, kind: str, word: str, parameter: str, day: date) -> NamedNode:
        """Return the one thing of `kind` in effect on `day` that `word` means.

        Raises `NameNotClearError` with the candidates when several fit, or when the
        word is only part of their names; with the days of one that is not in effect;
        or with the nearest name.
        """
        if kind in _OF_RECORDS:
            self._take_more()
        things = self._things(kind)
        found = meant(things, word)
        near: list[str] = []
        if not found and kind in (*_PLACED, "thing"):
            found, near = self._by_form(kind, word)
        now = self._there(found, day)
        if len(now) == 1:
            return NamedNode(now[0])
        if not found:
            now = self._there(near, day) or near
            now = now or self._there(
                [t for t in things if within(word, things[t])], day
            )
        if now:
            candidates = [self.named(thing) for thing in sorted(now)]
            other = "" if found or near else self._place_or_body(kind, word, day)
            raise NameNotClearError(parameter, word, [] if other else candidates, other)
        if found:
            raise NameNotClearError(parameter, word, [], past=self._past(found, day))
        there = {t: things[t] for t in self._there(things, day)}
        hint = self._hint(there, word, kind, day)
        raise NameNotClearError(parameter, word, [], hint)

    def fitting(self, text: str, kind: str, day: date) -> list[str]:
        """Return the things of `kind`, any without one, that `text` may mean, best first.

        Each word of it begins a word of one of their names, or it is their code. Those
        in effect on `day` come first; of the others, the ones with the whole name.
        """
        self._take_more()
        wanted = parts(text).split()
        ranked = []
        for thing, names in self._things(kind or "thing").items():
            if not (wanted and self.kind_of(thing)):
                continue
            told = [parts(name) for name in (*names, end(thing))]
            if all(any(f" {word}" in name for name in told) for word in wanted):
                there = self._in_effect(thing, day.isoformat())
                whole = parts(text) in told
                begins = any(name.startswith(parts(text)[:-1]) for name in told)
                rank = (not there, not whole, not begins, len(names[0]), names[0])
                ranked.append((rank, thing))
        return [thing for _, thing in sorted(ranked)]

    def there(self, thing: str, day: date) -> bool:
        """Return whether the thing with this IRI is in effect on `day`."""
        return self._in_effect(thing, day.isoformat())

    def known(self, kind: str, word: str, parameter: str, day: date) -> NamedNode:
        """Return what `find` does, also where it is not in effect on `day`."""
        found = meant(self._things(kind), word) or self._by_form(kind, word)[0]
        if len(found) == 1:
            return NamedNode(found[0])
        return self.find(kind, word, parameter, day)

    def search(
        self, word: str, kinds: Sequence[str], day: date | None = None
    ) -> list[tuple[str, str, str]]:
        """Return what has `word` in its names: address, kind, and the name that fits best.

        What is called so as a whole comes first. With a `day`, only what is in effect
        on it. Accents and small letters are alike, and a word may be cut short.
        """
        if set(kinds) & {*_OF_RECORDS}:
            self._take_more()
        wanted, found = plain(word), []
        for kind in kinds:
            whole = set(meant(self._things(kind), word))
            if kind in _PLACED:
                whole |= set(self._by_form(kind, word)[0])
            for thing, names in self._things(kind).items():
                fits = [name for name in names if _starts(word, name)]
                if wanted and (thing in whole or fits):
                    named = [n for n in names if plain(n) == wanted] or fits or names
                    rank = (thing not in whole, kinds.index(kind), names[0].casefold())
                    found.append((*rank, thing, kind, named[0]))
        there = {*self._there([one[3] for one in found], day)} if day else None
        kept = [one for one in sorted(found) if there is None or one[3] in there]
        first = {one[3]: one for one in reversed(kept)}
        return [one[3:] for one in kept if first[one[3]] == one]

    def near_to(self, word: str, kinds: Sequence[str]) -> str:
        """Return the name, of a thing of these kinds, that is a slip of the pen away."""
        known = [
            n for kind in kinds for names in self._things(kind).values() for n in names
        ]
        return nearest(word, known)

    def days_of(self, thing: str) -> tuple[str, str, bool]:
        """Return the first day, the first day after, and whether it may be older."""
        until = self._until.get(thing, OPEN_END)
        ended = "" if until == OPEN_END else until
        return self._from.get(thing, ""), ended, thing in self._by

    def place_of(self, thing: str) -> list[str]:
        """Return the areas that a body serves, or those in which an area lies."""
        wider = [wide for wide, inner in self._inside.items() if thing in inner]
        return list(self._serves.get(thing, ())) or sorted(wider)

    def _things(self, kind: str) -> Mapping[str, list[str]]:
        """Return the things of `kind`, each with its names."""
        with self._taking:
            if kind not in self._by_kind:
                self._by_kind[kind] = {
                    thing: names
                    for thing, names in self._labels.items()
                    if self._is(thing, kind)
                }
            return self._by_kind[kind]

    def _is(self, thing: str, kind: str) -> bool:
        kinds = self._kinds[thing]
        if kind == "thing":
            return True
        if kind in _CLASSES:
            return _CLASSES[kind].value in kinds
        if kind == "area":
            if CSP.Area.value not in kinds:
                return False
            wide = kinds.union(*(self._links[item] for item in kinds))
            return any(PREFIXES["kind"] + name in wide for name in _AREA_KINDS)
        if kind == "product":
            return PREFIXES["kind"] + "Product" in self._above(thing)
        if kind == "kind":
            return thing.startswith(PREFIXES["kind"])
        return PREFIXES["csp"].replace("ns#", kind) in kinds

    def _above(self, thing: str) -> set[str]:
        direct = self._links[thing]
        return direct.union(*(self._above(item) for item in direct))

    def _by_form(self, kind: str, word: str) -> tuple[list[str], list[str]]:
        """Return the bodies, or areas of councils, that the form of `word` means or may."""
        if kind not in (*_PLACED, "thing"):
            return [], []
        bodies, near = self._namesakes.find(word)
        if kind != "area":
            return bodies, near
        called = meant(self._things("body"), word)
        bodies = [b for b in called if self._is_council(b)] or bodies
        return self._areas_of(bodies), self._areas_of(near)

    @cached_property
    def _namesakes(self) -> Namesakes:
        bodies = self._things("body")
        places = {
            b: served(map(self._labels.__getitem__, self._serves.get(b, ())))
            for b in bodies
        }
        return Namesakes(bodies, self._kinds, places)

    def _areas_of(self, bodies: Iterable[str]) -> list[str]:
        served = [area for body in bodies for area in self._own.get(body, ())]
        return [area for area in dict.fromkeys(served) if self._is(area, "area")]

    def _there(self, things: Iterable[str], day: date) -> list[str]:
        return [thing for thing in things if self._in_effect(thing, day.isoformat())]

    def _in_effect(self, thing: str, day: str) -> bool:
        return self._from.get(thing, "") <= day < self._until.get(thing, OPEN_END)

    def _past(self, found: Sequence[str], day: date) -> str:
        """Say on which days what was found holds, and what stood or stands in its place."""
        early = [t for t in found if str(day) < self._from.get(t, "")]
        thing = min(early, key=self._from.__getitem__) if early else found[0]
        first, until = self._from.get(thing, ""), self._until.get(thing)
        instead = self._before(thing) if early else self._after[thing]
        there = [self.named(t) for t in instead if self._in_effect(t, str(day))]
        if early and thing in self._by and not there:
            return self._not_read(thing, first, day)
        days = f"from {first}" + (
            f" until {until}, that day not included" if until else ""
        )
        said = f"is not there on {day}: {self.named(thing)} holds {days}"
        if not there:
            return f"{said}; choose another day"
        return f"{said}; in its place {'was' if len(there) == 1 else 'were'} {', '.join(there)}; choose one, or another day"

    def _not_read(self, thing: str, first: str, day: date) -> str:
        """Say that a thing is known from a day and may be older, and what to ask instead."""
        said = (
            f"is known here by {first}, as {self.named(thing)}, and nothing was read"
            f" of it before; it may be older than that"
        )
        areas = [thing, *self._own.get(thing, ())]
        inner = [t for area in areas for t in (area, *self._inside.get(area, ()))]
        local = [t for t in dict.fromkeys(inner) if t != thing and self._is_local(t)]
        there = sorted(self._there(local, day), key=self.label)
        if not there:
            return f"{said}; choose a day from {first} on"
        named = ", ".join(map(self.named, there[:_FEW]))
        if len(there) > _FEW:
            named += f" and {len(there) - _FEW} more"
        which = "that lie in it" if thing in self._inside else "that it serves"
        return (
            f"{said}; for {day} ask one of the districts {which} on later days: {named};"
            f" or choose a day from {first} on"
        )

    def _is_local(self, thing: str) -> bool:
        kinds = self._kinds[thing]
        return _LOCAL in kinds.union(*(self._links[kind] for kind in kinds))

    def _before(self, thing: str) -> list[str]:
        """Return the things that gave way to this one, by address."""
        return sorted(old for old, after in self._after.items() if thing in after)

    def named(self, thing: str) -> str:
        """Return the code and the name of the thing with this IRI."""
        return f"{end(thing)} ({self.label(thing)})"

    def _hint(
        self, things: Mapping[str, list[str]], word: str, kind: str, day: date
    ) -> str:
        """Say what `word` is otherwise, or what is nearest to it, or what to give."""
        asked = f"give the name or code of {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
        other = sorted(meant(self._labels, word)) if kind in _PLACED else []
        if other:
            named = ", ".join(map(self.named, other[:_FEW]))
            said = self._across(other, kind, day)
            return said or f"it is the name of {named}; {asked}"
        known = {n: t for t, names in things.items() for n in (*names, end(t))}
        near = nearest(word.partition(":")[2] or word, known)
        if not near:
            return asked
        hint, thing = f"did you mean {near!r}?", known[near]
        if kind == "area":
            return (
                f"{hint} That is {self.named(thing)}; see whether it is the area meant"
            )
        if self._serves.get(thing):
            areas = ", ".join(self.named(area) for area in self._serves[thing][:_FEW])
            return f"{hint} It serves {areas}"
        return hint

    def _place_or_body(self, kind: str, word: str, day: date) -> str:
        """Say of a whole name of an area asked for as a body, or the other way, what to ask."""
        other = sorted(meant(self._labels, word)) if kind in _PLACED else []
        return self._across(other, kind, day) if other else ""

    def _across(self, found: Sequence[str], kind: str, day: date) -> str:
        """Say of areas that were asked for as a body who serves them, and the other way."""
        there = self._there(found, day) or found
        if kind == "body" and all(self._is(thing, "area") for thing in there):
            bodies = self._there(self._things("body"), day)
            serving = self._serving(bodies, there, self._own)
            serving = serving or self._serving(bodies, there, self._serves)
            councils = [body for body in serving if self._is_council(body)]
            said = f"it is the name of an area, {' and '.join(map(self.named, there[:_FEW]))}"
            if not serving:
                return f"{said}; name a body that serves it"
            who = "the council" if councils else "a body"
            named = " or ".join(map(self.named, (councils or serving)[:_FEW]))
            return f"{said}; ask {who} that serves it: {named}"
        if kind == "area" and all(self._is(thing, "body") for thing in there):
            areas = [area for body in there for area in self._serves.get(body, ())]
            areas = [a for a in self._there(areas, day) if self._is(a, "area")]
            if areas:
                named = " or ".join(map(self.named, dict.fromkeys(areas[:_FEW])))
                said = " and ".join(map(self.named, there[:_FEW]))
                return f"it is the name of a body, {said}; ask an area that it serves: {named}"
        return ""

    def _serving(
        self,
        bodies: Iterable[str],
        areas: Iterable[str],
        those: Mapping[str, Sequence[str]],
    ) -> list[str]:
        return [body for body in bodies if {*areas} & {*those.get(body, ())}]

    def _is_council(self, body: str) -> bool:
        return any(PREFIXES["kind"] + kind in self._kinds[body] for kind in COUNCILS)


def _starts(word: str, name: str) -> bool:
    """Return whether the words of `word` stand in `name`, the last perhaps cut short.

    >>> _starts("chief const", "Chief Constable of Dorset Police"), _starts("set", "Dorset")
    (True, False)
    """
    wanted = parts(word).rstrip()
    return bool(wanted) and wanted in parts(name)
