"""Count days as the law counts them, and write due days and days of waiting into a day.

A period of months or years ends on the corresponding day of the last month, or on the
last day of that month where there is no such day. Engines do not count alike with
dates, so what a day adds to its graph is counted here.
"""

from __future__ import annotations

import calendar
import re
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pyoxigraph import BlankNode

    Node = NamedNode | BlankNode | Literal | Triple

__all__ = ["Pending", "after", "before", "last_year_end", "latest", "year_end"]

_PERIOD = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")
_DATE, _INTEGER = (NamedNode(PREFIXES["xsd"] + kind) for kind in ("date", "integer"))


def _kind(name: str) -> NamedNode:
    return NamedNode(PREFIXES["kind"] + name)


_YEARLY = {_kind("BeforeYear"), _kind("WithinYear")}


def latest(ends: list[str], day: date) -> date:
    """Return the last date up to `day` with one of these months and days.

    >>> latest(["--01-01", "--10-01"], date(2024, 11, 15))
    datetime.date(2024, 10, 1)
    """
    if day.year == MINYEAR:
        raise OverflowError(f"{day.year} is the first year of the calendar")
    return max(
        found
        for year in (day.year - 1, day.year)
        for end in ends
        if (found := _date(year, int(end[2:4]), int(end[5:7]))) <= day
    )


def year_end(end: str, day: date) -> date:
    """Return the first date on or after `day` with the month and day of `end`.

    >>> year_end("--03-31", date(2024, 7, 23)), year_end("--03-31", date(2024, 3, 31))
    (datetime.date(2025, 3, 31), datetime.date(2024, 3, 31))
    """
    this_year = _date(day.year, int(end[2:4]), int(end[5:7]))
    return (
        this_year
        if this_year >= day
        else _date(day.year + 1, this_year.month, int(end[5:7]))
    )


def last_year_end(end: str, day: date) -> date | None:
    """Return the last date before `day` with the month and day of `end`, if any.

    >>> last_year_end("--03-31", date(2025, 4, 15)), last_year_end("--03-31", date(2025, 3, 31))
    (datetime.date(2025, 3, 31), datetime.date(2024, 3, 31))
    """
    month, last = int(end[2:4]), int(end[5:7])
    for year in (day.year, day.year - 1):
        if year >= MINYEAR and (found := _date(year, month, last)) < day:
            return found
    return None


def after(event: date, period: str, *, counting_the_day: bool) -> date:
    """Return the last day of `period`, such as P28D or P3Y, counted from `event`.

    With `counting_the_day` the day of the event is the first of the period.

    >>> after(date(2024, 2, 1), "P28D", counting_the_day=False)
    datetime.date(2024, 2, 29)
    >>> after(date(2022, 1, 4), "P3Y", counting_the_day=True)
    datetime.date(2025, 1, 3)
    """
    return _counted(event, period, 1, counting_the_day=counting_the_day)


def before(event: date, period: str, *, counting_the_day: bool) -> date:
    """Return the last day that lies `period` before `event`, counted back from it.

    >>> before(date(2022, 1, 4), "P70D", counting_the_day=False)
    datetime.date(2021, 10, 26)
    """
    return _counted(event, period, -1, counting_the_day=counting_the_day)


def _counted(event: date, period: str, way: int, *, counting_the_day: bool) -> date:
    """Return the last day of `period`, on from `event` or, with -1 as `way`, back."""
    found = _PERIOD.fullmatch(period)
    if found is None or not any(found.groups()):
        message = f"{period!r} is not a period of years, months and days such as P28D"
        raise ValueError(message)
    years, months, days = (
        int(found[unit] or 0) for unit in ("years", "months", "days")
    )
    month = event.month - 1 + way * months
    last = _date(event.year + way * years + month // 12, month % 12 + 1, event.day)
    one_less = counting_the_day and (days > 0 or last.day == event.day)
    return last + timedelta(days=way * (days - one_less))


def _date(year: int, month: int, day: int) -> date:
    """Return the day of that month, or its last day where there is no such day."""
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"{year} is not a year of the calendar")
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


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
                    earlier = last_year_end(end, last) or date.min
                    yield _dated(duty, CSP.lastDue, last)
                    yield _dated(duty, CSP.lastYearFrom, earlier + timedelta(days=1))

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
