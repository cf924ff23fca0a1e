"""What is on record about an area on one day, and what makes a duty stand as it does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from cspgraph.explaining.laws import Laws
from cspgraph.vocab import CSP, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import NamedNode, Store

    from cspgraph.names import Names

__all__ = ["Records"]

_ENTRIES = (CSP.Strategy, CSP.StrategyVersion, CSP.Decision, CSP.Assessment)
_ABOUT = (CSP.about, CSP.versionOf)
_SHOWN = ((CSP.evidencedBy, "shows it"), (CSP.partlyEvidencedBy, "shows it in part"))


class Records(Laws):
    """Follows the links of one day, for the records of one area."""

    def __init__(self, store: Store, names: Names, area: NamedNode) -> None:
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
        self, before: Records, duty: NamedNode, since: date, until: date
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
        self, before: Records, duty: NamedNode, since: date, until: date
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
        self, before: Records, duty: NamedNode
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
