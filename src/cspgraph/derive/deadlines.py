"""Find the day by which a duty falls due, as its deadline rule counts.

The rules themselves are data: `csp:DeadlineRule` in `data/law/`. A rule counts on
from its event, or back from it where its kind says so. Where the law counts from
elections or from the beginnings of quarters, no other day is taken for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.derive.counting import after, before, last_year_end, latest, year_end
from cspgraph.errors import ParameterError
from cspgraph.rdf.terms import CSP, PREFIXES
from cspgraph.receipt import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from cspgraph.rdf.labels import Labels
    from cspgraph.receipt import Receipt

__all__ = ["Deadline", "days_due", "due", "refuse_early"]

_BACK, _WITH_THE_DAY, _BEFORE_YEAR, _WITHIN_YEAR = (
    NamedNode(PREFIXES["kind"] + name)
    for name in ("BeforeEvent", "BeginningWithTheDay", "BeforeYear", "WithinYear")
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When one duty falls due, and what the law says round it.

    `day` is `None` where the law sets no day, or none any more; `passed` is the due
    day before it, where the duty had one. `counted` says in words how the days were
    found, and `reason` why another day than `start` was counted from or given.
    `extension` and `form` are empty where the law says nothing of them.
    """

    duty: str
    start: date
    day: date | None
    counted: str
    event: str
    extension: str
    form: str
    law: str
    verification: str
    receipt: Receipt = field(default_factory=dict, repr=False)
    passed: date | None = None
    reason: str = ""

    def __str__(self) -> str:
        day = f"due by {_words(self.day)}" if self.day else "the law sets no day"
        if self.passed and not self.day:
            day = "no rule for a later day is held here"
        before = f"the due day before was {_words(self.passed)}" if self.passed else ""
        checked = f"{self.law}; law {self.verification}"
        parts = [
            *([warning(self.receipt)] if warning(self.receipt) else []),
            f"{self.duty}: {'; '.join(filter(None, (day, before)))} ({checked}).",
            self.reason,
            self.counted,
        ]
        if self.event:
            parts.append(f"Counted from: {self.event}.")
        if self.extension:
            parts.append(f"It may pass: {self.extension}.")
        if self.form:
            parts.append(f"Form: {self.form}.")
        return "\n".join(part for part in parts if part)


def due(store: Store, template: NamedNode, start: date, names: Labels) -> Deadline:
    """Return when the duty of `template` falls due, looked at from `start`.

    `start` is the day of the event if the rule counts from an event, and otherwise
    the day from which to look for the next due day. A day within a quarter stands
    for the first day of that quarter. Raises `ParameterError` if the law counts
    from events whose days are known and `start` is not one of them, or if the
    count leaves the calendar.
    """
    law = _Law(store)
    rule, provision = (
        law.link(template, term) for term in (CSP.deadline, CSP.provision)
    )
    code = law.link(template, CSP.verification)
    event = law.text(template, CSP.trigger)
    try:
        day, passed, reason = law.days(template, rule, start, event)
    except OverflowError as error:
        message = f"start: counted from {start}, the day lies outside the years {MINYEAR} to {MAXYEAR}; write another day"
        raise ParameterError(message) from error
    later = "later " if day or passed else ""
    unruled = f"The law layer holds no rule for a {later}day."
    return Deadline(
        duty=names.label(template.value),
        start=start,
        day=day,
        counted=law.text(rule, CSP.statement) if rule else unruled,
        event=event,
        extension=law.text(rule, CSP.extension) if rule else "",
        form=law.text(template, CSP.form),
        law=law.text(provision, CSP.citation) if provision else "",
        verification=names.label(code.value) if code else "not said how checked",
        passed=passed,
        reason=reason,
    )


def refuse_early(store: Store, template: NamedNode, start: date, names: Labels) -> None:
    """Raise `ParameterError` where the duty of `template` began after `start`.

    It says when the law began to ask for it, and from which days it can be counted. An
    event before that day is not counted from: whether it binds was not read.
    """
    law = _Law(store)
    begins = date.fromisoformat(law.text(template, CSP.validFrom))
    if start >= begins:
        return
    rule = law.link(template, CSP.deadline)
    known = law.texts(rule, CSP.eventDay) if rule else []
    later = [day for day in known if day >= begins.isoformat()]
    day = _words(begins)
    bound = law.texts(template, CSP.beginsBy)
    took = f"is known to be law by {day}" if bound else f"took effect on {day}"
    write = f"write a day from {day} on"
    if known:
        days = ", ".join(_words(date.fromisoformat(day)) for day in later)
        event = law.text(template, CSP.trigger)
        write = f"write a day of {event} since then: {days or 'none is known here'}"
    raise ParameterError(
        f"start: the duty {names.label(template.value)!r} {took}; whether it counts from"
        f" {_words(start)}, before that, was not read; {write}"
    )


def days_due(store: Store, template: NamedNode, first: date, last: date) -> list[date]:
    """Return the days from `first` to `last` on which the duty of `template` falls due.

    They are the ends of years, days counted from fixed days or from events whose days
    are known, and a first due day that the law fixes. A duty that runs from an event of
    unknown day has none.

    >>> from datetime import date
    >>> from cspgraph.dataset import Dataset
    >>> law = Dataset().law_alone.store
    >>> plan = NamedNode(PREFIXES["dt"] + "si07-revise-partnership-plan.england")
    >>> days_due(law, plan, date(2024, 7, 23), date(2026, 7, 23))
    [datetime.date(2025, 3, 31), datetime.date(2026, 3, 31)]
    """
    law = _Law(store)
    fixed = law.text(template, CSP.firstDue)
    start = date.fromisoformat(fixed) if fixed else date.min
    found = {start} if fixed else set()
    rule = law.link(template, CSP.deadline)
    if rule is not None:
        found |= {day for day in law.ends(rule, first, last) if day >= start}
    return sorted(day for day in found if first <= day <= last)


class _Law:
    """What the law layer says of duties and of how their days are counted."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def texts(self, thing: NamedNode, term: NamedNode) -> list[str]:
        found = self._store.quads_for_pattern(thing, term, None, None)
        return sorted(q.object.value for q in found if isinstance(q.object, Literal))

    def text(self, thing: NamedNode, term: NamedNode) -> str:
        return next(iter(self.texts(thing, term)), "")

    def link(self, thing: NamedNode, term: NamedNode) -> NamedNode | None:
        found = self._store.quads_for_pattern(thing, term, None, None)
        return next((q.object for q in found if isinstance(q.object, NamedNode)), None)

    def ends(self, rule: NamedNode, first: date, last: date) -> Iterator[date]:
        """Yield the due days of `rule` whose years lie near `first` to `last`."""
        period, end = self.text(rule, CSP.within), self.text(rule, CSP.endsOn)
        count = before if self.link(rule, CSP.kind) == _BACK else after
        counting = self.link(rule, CSP.counting) == _WITH_THE_DAY
        known = [date.fromisoformat(day) for day in self.texts(rule, CSP.eventDay)]
        if known:
            for event in known:
                if end:
                    yield year_end(end, event)
                elif period:
                    yield count(event, period, counting_the_day=counting)
        elif end and self.link(rule, CSP.kind) in (_BEFORE_YEAR, _WITHIN_YEAR):
            day = year_end(end, first)
            while day <= last:
                yield day
                day = year_end(end, day + timedelta(days=1))
        elif period:
            starts = self.texts(rule, CSP.eventFallsOn)
            event = latest(starts, last) if starts else date.min
            oldest = first - timedelta(days=2 * 366)
            while starts and event >= oldest:
                yield count(event, period, counting_the_day=counting)
                event = latest(starts, event - timedelta(days=1))

    def days(
        self, template: NamedNode, rule: NamedNode | None, start: date, event: str
    ) -> tuple[date | None, date | None, str]:
        """Return the due day, the one before it, and why they are not as asked."""
        fixed = self.text(template, CSP.firstDue)
        first = date.fromisoformat(fixed) if fixed else None
        begins = date.fromisoformat(self.text(template, CSP.validFrom))
        day = passed = None
        reason = ""
        if rule is not None:
            day, passed, reason = self._counted(rule, start, event)
            if passed and passed < (first or begins):
                passed = None
            ends = self.texts(rule, CSP.eventFallsOn)
            if ends and not first and latest(ends, start) < begins:
                reason += (
                    f" The duty took effect on {_words(begins)};"
                    " whether it bound for that time was not read."
                )
        told = f"The law fixes the first due day: {_words(first)}." if first else ""
        if first and day and day < first:
            return first, None, told
        if first and day is None:
            return (first, None, told) if start <= first else (None, first, told)
        return day, passed, reason if day != first else f"{reason} {told}".strip()

    def _counted(
        self, rule: NamedNode, start: date, event: str
    ) -> tuple[date | None, date | None, str]:
        end, period = self.text(rule, CSP.endsOn), self.text(rule, CSP.within)
        known, ends = self.texts(rule, CSP.eventDay), self.texts(rule, CSP.eventFallsOn)
        if known and start.isoformat() not in known:
            raise _not_known(start, known, event)
        reason = self.text(rule, CSP.eventNote)
        if end:
            day = year_end(end, start)
            return day, None if known or event else last_year_end(end, day), reason
        if not period:
            return None, None, reason
        count = before if self.link(rule, CSP.kind) == _BACK else after
        counting = self.link(rule, CSP.counting) == _WITH_THE_DAY
        if not ends:
            return count(start, period, counting_the_day=counting), None, reason
        here = latest(ends, start)
        earlier = latest(ends, here - timedelta(days=1))
        if here != start:
            reason = (
                f"{_words(start)} is not {event}; counted from {_words(here)},"
                f" for the time from {_words(earlier)}."
            )
        day, passed = (
            count(first, period, counting_the_day=counting) for first in (here, earlier)
        )
        return day, passed, reason


def _not_known(start: date, known: list[str], event: str) -> ParameterError:
    days = ", ".join(_words(date.fromisoformat(day)) for day in known)
    later = ", and none later" if start.isoformat() > known[-1] else ""
    return ParameterError(
        f"start: {start} is not known here as the day of {event}; known: {days}{later};"
        " write one of these days"
    )


def _words(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
