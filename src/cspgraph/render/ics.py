"""Days as a calendar file, for any program that keeps dates (RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["CalendarDay", "calendar"]

_LONGEST = 75


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A whole day: `key` tells it from others, `summary` and `notes` say what it is."""

    day: date
    key: str
    summary: str
    notes: str


def calendar(days: Iterable[CalendarDay], made: date) -> str:
    r"""Return `days` as the text of a calendar that was `made` on a day.

    The same days give the same text.

    >>> from datetime import date
    >>> made = date(2024, 7, 23)
    >>> text = calendar([CalendarDay(date(2025, 3, 31), "plan", "Plan, revised", "")], made)
    >>> "DTSTART;VALUE=DATE:20250331\r\n" in text, "SUMMARY:Plan\\, revised\r\n" in text
    (True, True)
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cspgraph//due days//EN",
        *(line for one in days for line in _event(one, made)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(one: CalendarDay, made: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(one.key)}-{one.day:%Y%m%d}@cspgraph"
    yield f"DTSTAMP:{made:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(one.summary)}"
    if one.notes:
        yield f"DESCRIPTION:{_text(one.notes)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(words: str) -> str:
    """Return `words` with the marks of the format, and no other control character."""
    kept = "".join(c for c in words if c == "\n" or c.isprintable())
    for mark in ("\\", ";", ","):
        kept = kept.replace(mark, f"\\{mark}")
    return kept.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield `line` in parts of at most 75 bytes, none cut inside a letter."""
    part, size = "", 0
    for letter in line:
        wide = len(letter.encode())
        if size + wide > _LONGEST:
            yield part
            part, size = " ", 1
        part += letter
        size += wide
    yield part
