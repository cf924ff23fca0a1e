"""Find the day by which a duty falls due, as its deadline rule counts.

The rules themselves are data: `csp:DeadlineRule` in `data/law/`. This module only
counts. A period of months or years ends on the corresponding day of the last
month, or on the last day of that month where there is no such day. A rule counts
on from its event, or back from it where its kind says so.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import ParameterError
from cspgraph.receipts import warning
from cspgraph.vocab import CSP, PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Store

    from cspgraph.names import Names
    from cspgraph.receipts import Receipt

__all__ = ["Deadline", "after", "before", "due", "year_end"]

_BACK, _WITH_THE_DAY = (
    NamedNode(PREFIXES["kind"] + name)
    for name in ("BeforeEvent", "BeginningWithTheDay")
)
_PERIOD = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When one duty falls due, and what the law says round it.

    `day` is `None` where the law sets no day; `counted` says in words how it was
    found. `extension` and `form` are empty where the law says nothing of them.
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

    def __str__(self) -> str:
        day = f"due by {self.day:%-d %B %Y}" if self.day else "the law sets no day"
        parts = [
            *([warning(self.receipt)] if warning(self.receipt) else []),
            f"{self.duty}: {day} ({self.law}; law {self.verification}).",
            self.counted,
        ]
        if self.event:
            parts.append(f"Counted from: {self.event}.")
        if self.extension:
            parts.append(f"It may pass: {self.extension}.")
        if self.form:
            parts.append(f"Form: {self.form}.")
        return "\n".join(part for part in parts if part)


def due(store: Store, template: NamedNode, start: date, names: Names) -> Deadline:
    """Return when the duty of `template` falls due, looked at from `start`.

    `start` is the day of the event for a rule that counts from one, and else the
    day from which the next due day is wanted. Raises `ParameterError` where the
    count leaves the calendar.
    """

    def text(thing: NamedNode, term: NamedNode) -> str:
        found = store.quads_for_pattern(thing, term, None, None)
        return next(
            (q.object.value for q in found if isinstance(q.object, Literal)), ""
        )

    def link(thing: NamedNode, term: NamedNode) -> NamedNode | None:
        found = store.quads_for_pattern(thing, term, None, None)
        return next((q.object for q in found if isinstance(q.object, NamedNode)), None)

    rule, provision = link(template, CSP.deadline), link(template, CSP.provision)
    code = link(template, CSP.verification)
    day = None
    if rule is not None:
        end, period = text(rule, CSP.endsOn), text(rule, CSP.within)
        count = before if link(rule, CSP.kind) == _BACK else after
        counting = link(rule, CSP.counting) == _WITH_THE_DAY
        try:
            if end:
                day = year_end(end, start)
            elif period:
                day = count(start, period, counting_the_day=counting)
        except OverflowError as error:
            message = f"start: counted from {start}, the day lies outside the years {MINYEAR} to {MAXYEAR}; write another day"
            raise ParameterError(message) from error
    return Deadline(
        duty=names.label(template.value),
        start=start,
        day=day,
        counted=text(rule, CSP.statement)
        if rule
        else "The law layer holds no rule for a day.",
        event=text(template, CSP.trigger),
        extension=text(rule, CSP.extension) if rule else "",
        form=text(template, CSP.form),
        law=text(provision, CSP.citation) if provision else "",
        verification=names.label(code.value) if code else "not said how checked",
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
