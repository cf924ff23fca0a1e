"""Days as people write them: 2024-07-23, 23 July 2024, Tuesday 23rd Jul 2024.

What can mean two days is refused and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

__all__ = ["days", "fold"]

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


def fold(text: str) -> str:
    r"""Return `text` with plain spaces, quotation marks and hyphens, none at its ends.

    >>> fold(" Full\u00a0Council\u2019s\u200b ")
    "Full Council's"
    """
    plain = unicodedata.normalize("NFC", text).translate(_NOTHING).translate(_SAME)
    return " ".join(plain.split())


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
