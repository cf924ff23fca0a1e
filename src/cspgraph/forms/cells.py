"""What people type into a cell: days, lengths of time, words, lists.

What can mean two things is refused and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from cspgraph.days import days, fold

__all__ = [
    "days",
    "duration",
    "fold",
    "length",
    "parts",
    "shifted",
    "slug",
    "words",
]

_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")
_SINGLE = re.compile(r"P([1-9]\d{0,4})([YMD])")


def slug(text: str) -> str:
    """Return `text` in small letters, digits, hyphens and points, for a short name.

    >>> slug("Minutes of 10 October 2024, item 4.2")
    'minutes-of-10-october-2024-item-4.2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", plain.lower()).strip("-.")[:80].strip("-.")


def parts(text: str, *, many: bool, listed: bool) -> list[str]:
    """Return the items of a cell: lines, and if it is `listed` also between semicolons.

    >>> parts("Cabinet; Full Council", many=True, listed=True)
    ['Cabinet', 'Full Council']
    """
    if not many:
        return [text.strip()] if text.strip() else []
    items = re.split(r"[;\n]" if listed else r"\n", text)
    return [item.strip() for item in items if item.strip()]


def words(value: object) -> str:
    """Return a cell as text. Raise `ValueError` for what a spreadsheet made of it.

    >>> words(42)
    '42'
    """
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            problem = "holds half a letter, which cannot be stored; type it again"
            raise ValueError(problem)
        return value.strip()
    if isinstance(value, bool):
        problem = "is a yes-or-no value of the spreadsheet; format the cell as text and type the words again"
        raise ValueError(problem)  # noqa: TRY004
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**15:
            return str(int(value))
        problem = "is a number, in which 2.1 and 2.10 are the same; format the cell as text and type it again"
        raise ValueError(problem)
    problem = "is a date of the spreadsheet, not text; format the cell as text and type it again"
    raise ValueError(problem)


def length(text: str) -> str:
    """Return a length of time, such as 3 years, as it is stored.

    >>> length("3 years"), length("P18M")
    ('P3Y', 'P18M')
    """
    plain = fold(text).lower()
    found = re.fullmatch(r"(\d{1,5}) (year|month|week|day)s?", plain)
    if found:
        count, unit = int(found[1]), _UNITS[found[2]]
        return f"P{count * 7}D" if unit == "W" else f"P{count}{unit}"
    if _DURATION.fullmatch(text.strip()):
        return text.strip()
    problem = "is not a length of time; write 3 years, 18 months or 30 days"
    raise ValueError(problem)


def duration(stored: str) -> str:
    """Return a stored length of time as people write it.

    >>> duration("P1Y"), duration("P1Y6M")
    ('1 year', 'P1Y6M')
    """
    found = _SINGLE.fullmatch(stored)
    if not found:
        return stored
    unit = next(word for word, letter in _UNITS.items() if letter == found[2])
    return f"{found[1]} {unit}{'s' * (found[1] != '1')}"


def shifted(day: date, count: int) -> date:
    """Return the day `count` days after `day`; raise `ValueError` beyond the calendar."""
    try:
        return day + timedelta(days=count)
    except OverflowError as error:
        problem = "is not a day that can be counted from"
        raise ValueError(problem) from error
