"""What people type into a cell: days, lengths of time, words, lists.

What can mean two things is refused and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

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

_MONTHS = {
    word: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
    for word in (name, name[:3])
} | {"sept": 9}
_WEEKDAYS = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_SAID = re.compile(
    r"(?:([a-z]+),? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]([a-z]+)\.?,?[ -](\d{4})"
)
_TURNED = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_SAME = str.maketrans(
    "\u2018\u2019\u201c\u201d\u2010\u2011\u2012\u2013\u2212", "''\"\"-----"
)
_NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")
_SINGLE = re.compile(r"P([1-9]\d{0,4})([YMD])")


def fold(text: str) -> str:
    r"""Return `text` with plain spaces, quotation marks and hyphens, none at its ends.

    >>> fold(" Full\u00a0Council\u2019s\u200b ")
    "Full Council's"
    """
    plain = unicodedata.normalize("NFC", text).translate(_NOTHING).translate(_SAME)
    return " ".join(plain.split())


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


def days(value: object, order: str = "") -> date:
    """Return the day that a cell means; `order`, day or month, is what comes first.

    Without an `order`, a day written in numbers must be after the twelfth. Raises
    `ValueError` that says what to write instead.

    >>> days("23rd July 2024"), days("Tuesday 23 Jul 2024") == days("23/07/2024")
    (datetime.date(2024, 7, 23), True)
    >>> days("03/04/2024")
    Traceback (most recent call last):
    ValueError: may be 3 April or 4 March 2024; write 3 April 2024 or 2024-04-03
    """
    if isinstance(value, datetime):
        if value.time() != time(0):
            problem = f"holds a time of day as well; write {value.date()}"
            raise ValueError(problem)
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        problem = (
            "is a number, not a date; format the cell as a date or write 2024-07-23"
        )
        raise ValueError(problem)  # noqa: TRY004
    text = fold(value).lower()
    text = text.removesuffix(" 00:00:00")
    try:
        return _read(text, order)
    except _UnclearError as error:
        raise ValueError(str(error)) from error
    except ValueError as error:
        problem = "is not a date; write 23 July 2024 or 2024-07-23"
        raise ValueError(problem) from error


class _UnclearError(ValueError):
    """A day that can mean two, or that contradicts itself."""


def _read(text: str, order: str) -> date:
    if found := _NUMBERS.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        return _numbers(first, second, year, order)
    if found := _SAID.fullmatch(text):
        made = date(int(found[4]), _month(found[3]), int(found[2]))
        if found[1]:
            _check_weekday(found[1], made)
        return made
    if found := _TURNED.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text) and text.isascii():
        return date.fromisoformat(text)
    raise ValueError(text)


def _numbers(first: int, second: int, year: int, order: str) -> date:
    """Return the day that two numbers and a year mean, if they mean one."""
    if order == "day" or (not order and (first > 12 or first == second)):
        return date(year, second, first)
    if order == "month" or second > 12:
        return date(year, first, second)
    one, other = date(year, second, first), date(year, first, second)
    problem = f"may be {_spoken(one)} or {_spoken(other)} {year}; write {_spoken(one)} {year} or {one}"
    raise _UnclearError(problem)


def _spoken(day: date) -> str:
    names = [word for word, number in _MONTHS.items() if number == day.month]
    return f"{day.day} {names[0].capitalize()}"


def _month(word: str) -> int:
    if word not in _MONTHS:
        raise ValueError(word)
    return _MONTHS[word]


def _check_weekday(word: str, day: date) -> None:
    """Refuse a weekday that is not that of `day`."""
    named = [name for name in _WEEKDAYS if len(word) > 2 and name.startswith(word)]
    if not named:
        raise ValueError(word)
    right = _WEEKDAYS[day.weekday()]
    if named != [right]:
        problem = f"is not a {named[0].capitalize()}; {_spoken(day)} {day.year} was a {right.capitalize()}; look which is right"
        raise _UnclearError(problem)


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
