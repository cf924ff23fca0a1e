"""Why a role or duty began or ended on a day: the law, the area, the body, or its governance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cspgraph.explain.provision import ProvisionWalk
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from cspgraph.rdf.labels import Labels

__all__ = ["GAINED", "KNOWN", "LOST", "AreaRecord", "Causes"]

#: What a change is called. What is known from a day may have begun before.
GAINED, LOST, KNOWN = "gained", "lost", "known"

_JOINTLY = NamedNode(PREFIXES["kind"] + "Jointly")
_BEGINNING = (CSP.insertedBy, CSP.substitutedBy, CSP.amendedBy, CSP.commencedBy)
_ENDING = (CSP.repealedBy, CSP.amendedBy)


class Causes(ProvisionWalk):
    """Follows the links of a store of all dates from what changed to what changed it."""

    def changes(
        self, thing: NamedNode, after: date, last: date
    ) -> Iterator[tuple[date, str]]:
        """Yield each day after `after` up to `last` on which `thing` was gained or lost.

        Where its first day is not known, it is `KNOWN` from the day by which it held.
        """
        for first, until, sure in self.spells(thing):
            for day, change in ((first, GAINED if sure else KNOWN), (until, LOST)):
                if after < day <= last:
                    yield day, change

    def spells(self, thing: NamedNode) -> list[tuple[date, date, bool]]:
        """Return the days of a holding, or those of a duty on which somebody is bound.

        With each goes whether its first day is known.
        """
        own = self.ends(thing)
        holdings = self.to(thing, CSP.holding) or [thing]
        ends = (self.ends(holding) for holding in holdings)
        cut = sorted(
            (max(first, own[0]), min(until, own[1]), _known(own, (first, until, sure)))
            for first, until, sure in ends
        )
        merged: list[tuple[date, date, bool]] = []
        for first, until, sure in cut:
            if first >= until:
                continue
            if merged and first <= merged[-1][1]:
                start, end, known = merged.pop()
                sure = known or (sure and first == start)
                first, until = start, max(end, until)
            merged.append((first, until, sure))
        return merged

    def ends(self, thing: NamedNode) -> tuple[date, date, bool]:
        """Return the first day of `thing`, the first on which it is over, open ends far away.

        With them goes whether the first is known, and not a day by which it held.
        """
        first, latest = self.since(thing)
        until = self.days(thing)[1] or date.max
        return first or latest or date.min, until, latest is None

    def goes_on(self, area: NamedNode) -> set[tuple[NamedNode, ...]]:
        """Return what holds in `area` from before it had its code, by `named`."""
        found = set()
        for thing in self.back(area, CSP.area):
            first = self.days(thing)[0]
            if first and self.ends(thing)[0] < first:
                found.add(self.named(thing))
        return found

    def named(self, thing: NamedNode) -> tuple[NamedNode, ...]:
        """Return the template of a holding or duty, and its body if that is bound alone."""
        rules = self.to(thing, CSP.template)
        if any(_JOINTLY in self.to(rule, CSP.manner) for rule in rules):
            return tuple(rules)
        holdings = self.to(thing, CSP.holding) or [thing]
        bodies = {body for holding in holdings for body in self.to(holding, CSP.body)}
        return (*rules, *sorted(bodies, key=str))

    def of(self, thing: NamedNode, day: date, *, begins: bool) -> str:
        """Return in words why a role holding or duty began, or ended, on `day`."""
        found = [
            *self.by_law(thing, day, begins=begins),
            *self.by_place(thing, day, begins=begins),
        ]
        return "; ".join(dict.fromkeys(found)) or "the data does not say by what"

    def by_law(self, thing: NamedNode, day: date, *, begins: bool) -> Iterator[str]:
        """Yield that the rule of `thing` began or ended on the day, and what made it so."""
        turned = [
            t for t in self.to(thing, CSP.template) if self.turns(t, day, begins=begins)
        ]
        for provision in self.to(thing, CSP.provision) if turned else ():
            itself = self.in_force(provision, thing)[0 if begins else 1] == day
            said = f"the rule {'began' if begins else 'ended'}"
            if itself:
                edge = "came into force" if begins else "ceased to have effect"
                said = f"the provision {edge}"
            links = _BEGINNING if begins else _ENDING
            acts = [a for link in links for a in self.to(provision, link)]
            done = [a for a in acts if self.acted(a, day, itself=itself)]
            by = sorted({self.text(a, CSP.citation) for a in done} - {""})
            yield f"{said}, by {', '.join(by)}" if by else said

    def by_place(self, thing: NamedNode, day: date, *, begins: bool) -> list[str]:
        """Return that the area, or else the body, or else what it serves, began or ended."""
        word = "began" if begins else "ended"
        holdings = self.to(thing, CSP.holding) or [thing]
        for link, what in ((CSP.area, "the area"), (CSP.body, "the body")):
            found = [
                f"{what} {word}"
                for holding in (thing, *holdings)
                for one in self.to(holding, link)
                if self.turns(one, day, begins=begins)
            ]
            if found:
                return found
        if CSP.Duty in self.to(thing, RDF_TYPE):
            found = self.by_governance(thing, day, begins=begins)
            for holding in holdings if not found else ():
                if self.turns(holding, day, begins=begins):
                    said = self.of(holding, day, begins=begins)
                    role = self.names.label(self.to(holding, CSP.role)[0].value)
                    found.append(f"the role of {role} {word}: {said}")
            return found
        return [
            said
            for g in self.to(thing, CSP.restsOn)
            for said in self.by_row(g, day, begins=begins)
        ]

    def by_governance(self, duty: NamedNode, day: date, *, begins: bool) -> list[str]:
        """Return that the body began, or ceased, to be governed in a form."""
        if not any(self.to(t, CSP.governance) for t in self.to(duty, CSP.template)):
            return []
        return [
            f"the body {'began' if begins else 'ceased'} to have "
            f"{self.names.label(form.value)}"
            for holding in self.to(duty, CSP.holding)
            for body in self.to(holding, CSP.body)
            for period in self.back(body, CSP.body)
            if CSP.GovernancePeriod in self.to(period, RDF_TYPE)
            and self.turns(period, day, begins=begins)
            for form in self.to(period, CSP.governance)
        ]

    def by_row(self, row: NamedNode, day: date, *, begins: bool) -> Iterator[str]:
        """Yield that a service, a containment or a smaller role began or ended."""
        word = "began" if begins else "ceased"
        kinds = self.to(row, RDF_TYPE)
        if not self.turns(row, day, begins=begins):
            return
        under = [
            s
            for g in self.to(row, CSP.restsOn)
            for s in self.by_row(g, day, begins=begins)
        ]
        where = ", ".join(self.names.label(a.value) for a in self.to(row, CSP.area))
        said = self.text(row, CSP.registerSource)
        source = f" ({said})" if said else ""
        if under and CSP.RoleHolding not in kinds:
            yield from under
        elif CSP.Containment in kinds:
            wide = ", ".join(
                self.names.label(a.value) for a in self.to(row, CSP.widerArea)
            )
            yield f"{where} {word} to lie in {wide}{source}"
        elif CSP.Service in kinds:
            yield f"the body {word} to serve {where}{source}"
        elif CSP.RoleHolding in kinds:
            yield self.of(row, day, begins=begins)

    def turns(self, thing: NamedNode, day: date, *, begins: bool) -> bool:
        """Say whether `thing` begins, or is over, on `day`."""
        return self.days(thing)[0 if begins else 1] == day

    def acted(self, act: NamedNode, day: date, *, itself: bool) -> bool:
        """Return whether `act` began on `day`; if its day is not known, return `itself`."""
        begins = self.days(act)[0]
        return begins == day if begins else itself


def _known(own: tuple[date, date, bool], other: tuple[date, date, bool]) -> bool:
    """Say whether the later of two first days is known."""
    first = max(own[0], other[0])
    return any(day == first and sure for day, _, sure in (own, other))


_ENTRIES = (CSP.Strategy, CSP.StrategyVersion, CSP.Decision, CSP.Assessment)
_ABOUT = (CSP.about, CSP.versionOf)
_SHOWN = ((CSP.evidencedBy, "shows it"), (CSP.partlyEvidencedBy, "shows it in part"))


class AreaRecord(ProvisionWalk):
    """Follows the links of one day, for the records of one area."""

    def __init__(self, store: Store, names: Labels, area: NamedNode) -> None:
        super().__init__(store, names)
        self.area = area

    def duties(self) -> set[NamedNode]:
        """Return the duties in the area."""
        found = self.back(self.area, CSP.area)
        return {thing for thing in found if CSP.Duty in self.to(thing, RDF_TYPE)}

    def standing(self, duty: NamedNode) -> NamedNode | None:
        """Return how `duty` stands; None where it is not there."""
        return next(iter(self.to(duty, CSP.standing)), None)

    def entries(self, day: date) -> set[NamedNode]:
        """Return the plans, versions, decisions and assessments known, and documents by `day`."""
        found = {
            thing
            for kind in _ENTRIES
            for thing in self.back(kind, RDF_TYPE)
            if self.concerned(thing)
        }
        documents = {
            document
            for thing in found
            for passage in self.to(thing, CSP.source)
            for document in self.to(passage, CSP.inDocument)
        }
        by = day.isoformat()
        return found | {d for d in documents if self.text(d, CSP.on) <= by}

    def concerned(self, thing: NamedNode) -> bool:
        """Say whether an entry is about the area, or about what is."""
        if self.area in self.to(thing, CSP.area):
            return True
        return any(self.concerned(o) for link in _ABOUT for o in self.to(thing, link))

    def told(self, entry: NamedNode) -> tuple[date | None, str]:
        """Return the first day on which `entry` was known, and its source."""
        documents = {
            (self.text(document, CSP.on), self.named(document))
            for passage in self.to(entry, CSP.source)
            for document in self.to(passage, CSP.inDocument)
        }
        own = self.text(entry, CSP.on)
        days = sorted(filter(None, [own] if own else [day for day, _ in documents]))
        told = "; ".join(f"recorded in the {name}" for _, name in sorted(documents))
        told = told or f"the {self.named(entry)} was published"
        return (date.fromisoformat(days[0]) if days else None), told

    def known(self, entry: NamedNode) -> list[date]:
        """Return the days on which something is said of `entry`: its own, and its documents'."""
        documents = [
            document
            for passage in self.to(entry, CSP.source)
            for document in self.to(passage, CSP.inDocument)
        ]
        days = {self.text(one, CSP.on) for one in (entry, *documents)}
        return sorted(date.fromisoformat(day) for day in days if day)

    def named(self, document: NamedNode) -> str:
        """Return the kind and day of a document."""
        kinds = ", ".join(
            self.names.label(k.value) for k in self.to(document, CSP.kind)
        )
        day = self.text(document, CSP.on)
        return f"{kinds or 'document'}{f' of {day}' if day else ''}"

    def turned(
        self, before: AreaRecord, duty: NamedNode, since: date, until: date
    ) -> tuple[date, str]:
        """Return the day since which `duty` has its standing, and the reason."""
        shown, lapsed = (
            self.shown(before, duty, since, until),
            self.lapsed(duty, since, until),
        )
        stands = self.standing(duty)
        end = stands.value.rpartition("/")[2] if stands else ""
        found = list(shown if end == "OnRecord" else (*shown, *lapsed))
        if end in ("NotOnRecord", "NotLookedFor"):
            found += self.searched(before, duty)
        passed = self.text(duty, CSP.passedDue)
        if passed and passed != before.text(duty, CSP.passedDue):
            day = date.fromisoformat(passed)
            found.append((day + timedelta(days=1), f"the due day {day} passed"))
        if not found:
            return until, "the day passed on which what it rested on counted"
        days = [day for day, _ in found if day is not None and since < day <= until]
        return max(days, default=until), "; ".join(dict.fromkeys(w for _, w in found))

    def shown(
        self, before: AreaRecord, duty: NamedNode, since: date, until: date
    ) -> Iterator[tuple[date | None, str]]:
        """Yield the evidence that has begun to count and that which counts no longer."""
        whole = self.to(duty, CSP.evidencedBy)
        for link, words in _SHOWN[:1] if whole else _SHOWN:
            now, then = self.to(duty, link), before.to(duty, link)
            for entry in (e for e in now if e not in then):
                label, own = self.names.label(entry.value), self.told(entry)[0]
                within = [d for d in self.known(entry) if since < d <= until]
                said = f"{label} ({own}) {words}" if own else f"{label} {words}"
                yield min(within, default=None), said
            for entry in (e for e in then if e not in now):
                if not any(entry in self.to(duty, other) for other, _ in _SHOWN):
                    yield None, f"{self.names.label(entry.value)} counts no longer"

    def lapsed(
        self, duty: NamedNode, since: date, until: date
    ) -> Iterator[tuple[date, str]]:
        """Yield the versions behind the evidence of `duty` whose own period ended."""
        shown = {
            k for t in self.to(duty, CSP.template) for k in self.to(t, CSP.shownBy)
        }
        versions = {
            version
            for link, _ in _SHOWN
            for entry in self.to(duty, link)
            if not shown.isdisjoint(self.to(entry, CSP.kind))
            for version in self.to(entry, CSP.about)
        }
        for version in sorted(versions, key=str):
            end = self.text(version, CSP.periodUntil)
            if str(since) < end <= str(until):
                label = self.names.label(version.value)
                yield date.fromisoformat(end), f"the own period of {label} ended"

    def searched(
        self, before: AreaRecord, duty: NamedNode
    ) -> Iterator[tuple[date | None, str]]:
        """Yield the searches that have begun to count and those that count no longer."""
        now, then = (side.to(duty, CSP.searchedBy) for side in (self, before))
        for search in (s for s in now if s not in then):
            yield (
                self.days(search)[0],
                f"somebody looked, by the search{self.looked(search)}",
            )
        for search in (s for s in then if s not in now):
            looked = before.looked(search)
            yield before.days(search)[1], f"the search{looked} counts no longer"

    def looked(self, search: NamedNode) -> str:
        """Return when a search was made, where that is recorded."""
        day = self.text(search, CSP.on)
        return f" of {day}" if day else ""
