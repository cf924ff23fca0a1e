"""Count days as the law counts them: to a day of the year, on from an event or back.

A period of months or years ends on the corresponding day of the last month, or on
the last day of that month where there is no such day.
"""

from __future__ import annotations

import calendar
import re
from datetime import MAXYEAR, MINYEAR, date, timedelta

__all__ = ["after", "before", "last_year_end", "latest", "year_end"]

_PERIOD = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")


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
