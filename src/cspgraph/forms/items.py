"""One item of a cell and the value that it means, by what its column holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.forms.cells import days, length, shifted, words
from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from cspgraph.forms.entries import Entries
    from cspgraph.forms.form import Column

__all__ = ["language", "value"]

_DATE = NamedNode(PREFIXES["xsd"] + "date")
_DURATION = NamedNode(PREFIXES["xsd"] + "duration")
_LINK = re.compile(r"https?://[^\s/]+\S*")
_HEAD = re.compile(r"(.*?)(?: ?\[([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\])?")


def language(heading: str) -> tuple[str, str]:
    """Return a heading and the language that it names; English if it names none.

    >>> language("Title [cy]"), language("Title")
    (('Title', 'cy'), ('Title', 'en'))
    """
    found = _HEAD.fullmatch(heading)
    return (found[1], (found[2] or "en").lower()) if found else (heading, "en")


def value(
    column: Column, item: object, tag: str, entries: Entries, order: str = ""
) -> NamedNode | Literal:
    """Return the value that one item of a cell means.

    Raises `ValueError` that says what is wrong with it and what is right.
    """
    if column.holds in ("day", "last day"):
        day = days(item, order)
        return Literal(
            shifted(day, column.holds == "last day").isoformat(), datatype=_DATE
        )
    text = words(item)
    if column.holds == "words":
        return Literal(text, language=tag)
    if column.holds == "length":
        return Literal(length(text), datatype=_DURATION)
    if column.holds == "link":
        if not _LINK.fullmatch(text):
            problem = "is not a web address; write it with https:// before it"
            raise ValueError(problem)
        return NamedNode(text)
    if column.holds == "name":
        return entries.find(column, text)
    return Literal(text)
