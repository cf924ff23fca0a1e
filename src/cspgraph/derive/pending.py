"""What a day adds to its graph: due days, and how long agreed versions waited.

Engines do not count alike with dates, so this is counted here and written in.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from cspgraph.derive.counting import after, last_year_end, latest, year_end
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pyoxigraph import BlankNode

    Node = NamedNode | BlankNode | Literal | Triple

__all__ = ["Pending"]

_DATE, _INTEGER = (NamedNode(PREFIXES["xsd"] + kind) for kind in ("date", "integer"))


def _kind(name: str) -> NamedNode:
    return NamedNode(PREFIXES["kind"] + name)


_YEARLY = {_kind("BeforeYear"), _kind("WithinYear")}


class Pending:
    """The due days and the waiting versions of `day`.

    `of` holds the links of the graph by predicate and subject, `known` the first day
    on which each record entry counts.
    """

    def __init__(
        self,
        of: Mapping[NamedNode, Mapping[Node, list[Node]]],
        known: Mapping[Node, str],
        day: date,
    ) -> None:
        self._of, self._known, self._day = of, known, day

    def due(self, gone: Collection[Node]) -> Iterator[Triple]:
        """Yield when a duty falls due next, and when a yearly one did before.

        That is known of yearly duties, of those that run from fixed days such as the
        beginnings of quarters, and until a first due day that the law fixes. The due
        day before is told where the duty was there already, with the first day of
        the year that ended on it.
        """
        yield from self._fixed(gone)
        ends = {
            template: end.value  # type: ignore[union-attr]
            for template, deadlines in self._of[CSP.deadline].items()
            for deadline in deadlines
            if _YEARLY.intersection(self._to(CSP.kind, deadline))
            for end in self._to(CSP.endsOn, deadline)
        }
        for duty, templates in self._of[CSP.template].items():
            if duty in gone or CSP.Duty not in self._to(RDF_TYPE, duty):
                continue
            for end in (ends[t] for t in templates if t in ends):
                yield _dated(duty, CSP.dueBy, year_end(end, self._day))
                last = last_year_end(end, self._day)
                begins = self._days(CSP.validFrom, duty)
                if last and begins and max(begins) <= last:
                    before = last_year_end(end, last) or date.min
                    yield _dated(duty, CSP.lastDue, last)
                    yield _dated(duty, CSP.lastYearFrom, before + timedelta(days=1))

    def _fixed(self, gone: Collection[Node]) -> Iterator[Triple]:
        """Yield the due days that follow from fixed days and from no year."""
        days: dict[Node, date] = {}
        for template, deadlines in self._of[CSP.deadline].items():
            for rule in deadlines:
                starts = [n.value for n in self._to(CSP.eventFallsOn, rule)]  # type: ignore[union-attr]
                periods = [n.value for n in self._to(CSP.within, rule)]  # type: ignore[union-attr]
                if starts and periods:
                    with_it = _kind("BeginningWithTheDay") in self._to(
                        CSP.counting, rule
                    )
                    begun = latest(starts, self._day)
                    days[template] = after(begun, periods[0], counting_the_day=with_it)
        for template in self._of[CSP.firstDue]:
            first = max(self._days(CSP.firstDue, template))
            if self._day <= first and not self._yearly(template):
                days[template] = first
        for duty, templates in self._of[CSP.template].items():
            if duty not in gone and CSP.Duty in self._to(RDF_TYPE, duty):
                for template in templates:
                    if template in days:
                        yield _dated(duty, CSP.dueBy, days[template])

    def _yearly(self, template: Node) -> bool:
        """Tell whether the days of `template` are those of years."""
        return any(
            _YEARLY.intersection(self._to(CSP.kind, rule))
            for rule in self._to(CSP.deadline, template)
        )

    def waiting(self, gone: Collection[Node]) -> Iterator[Triple]:
        """Yield for each agreed version the days that it waited, and how that stands.

        It waits from its agreement to its adoption, to the day on which it was
        superseded or its period had run out, or to the day looked at. Nothing is
        told where sources do not agree on the version or a decision about it.
        """
        differ = self._of[CSP.sourcesDifferOn]
        about = {v for o in differ for v in self._to(CSP.about, o)}
        agreed, adopted = (self._first(_kind(k), gone) for k in ("Agree", "Adopt"))
        for version in self._of[CSP.versionOf]:
            if version in gone or CSP.StrategyVersion not in self._to(
                RDF_TYPE, version
            ):
                continue
            superseded = self._superseded(version, gone, agreed, adopted)
            if superseded:
                yield _dated(version, CSP.supersededOn, superseded)
            if version not in agreed or version in differ or version in about:
                continue
            over = min(
                (end for end in self._ends(version) if end <= self._day), default=None
            )
            state, end = "StillWaiting", self._day
            if version in adopted:
                state, end = "AdoptionRecorded", adopted[version]
            elif superseded and (over is None or superseded <= over):
                state, end = "Superseded", superseded
            elif over:
                state, end = "PeriodOver", over
            yield Triple(version, CSP.adoptionState, _kind(state))  # type: ignore[arg-type]
            if version not in adopted:
                end = max(end, agreed[version])
                yield _dated(version, CSP.waitedUntil, end)
            count = Literal(str((end - agreed[version]).days), datatype=_INTEGER)
            yield Triple(version, CSP.daysWaiting, count)  # type: ignore[arg-type]

    def _superseded(
        self,
        version: Node,
        gone: Collection[Node],
        agreed: Mapping[Node, date],
        adopted: Mapping[Node, date],
    ) -> date | None:
        """Return the day from which another version stood in the place of `version`.

        That is the day on which the other was decided and its period had begun; where
        neither is known, the day from which the other is known.
        """
        found = []
        for later in self._to(CSP.supersededBy, version):
            if later in gone:
                continue
            decided = [days[later] for days in (agreed, adopted) if later in days]
            days = [
                *self._days(CSP.periodFrom, later),
                *([min(decided)] if decided else []),
            ]
            if not days and later in self._known:
                days = [date.fromisoformat(self._known[later])]
            if days and max(days) <= self._day:
                found.append(max(days))
        return min(found, default=None)

    def _ends(self, version: Node) -> list[date]:
        """Return the ends of the period of `version`, or else of its strategy."""
        own = self._days(CSP.periodUntil, version)
        plans = self._to(CSP.versionOf, version)
        return own or [
            end for plan in plans for end in self._days(CSP.periodUntil, plan)
        ]

    def _first(self, kind: NamedNode, gone: Collection[Node]) -> dict[Node, date]:
        """Return for each version the first day on which such a decision was done."""
        first: dict[Node, date] = {}
        for decision, versions in self._of[CSP.about].items():
            days = {*self._days(CSP.on, decision)}
            if (
                len(days) == 1
                and decision not in gone
                and kind in self._to(CSP.kind, decision)
                and _kind("Done") in self._to(CSP.status, decision)
            ):
                (day,) = days
                for version in versions:
                    first[version] = min(day, first.get(version, day))
        return first

    def _to(self, term: NamedNode, thing: Node) -> Iterable[Node]:
        return self._of[term].get(thing, ())

    def _days(self, term: NamedNode, thing: Node) -> list[date]:
        return [date.fromisoformat(day.value) for day in self._to(term, thing)]  # type: ignore[union-attr]


def _dated(thing: Node, term: NamedNode, day: date) -> Triple:
    return Triple(thing, term, Literal(day.isoformat(), datatype=_DATE))  # type: ignore[arg-type]
