"""Days as reports print them, in English and Welsh."""

from __future__ import annotations

import re

from cspgraph.days import days, fold

__all__ = ["DAY", "day"]

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_WELSH = "Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr"
DAY = (
    rf"(?:(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?\d{{1,2}}(?:st|nd|rd|th|ain|eg)?(?: of)? (?:{_MONTHS}|{_WELSH}),? \d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
)
_IN_ENGLISH = dict(zip(_WELSH.split("|"), _MONTHS.split("|")[:12], strict=True))


def day(text: str) -> str:
    """Return a printed day as 2026-03-04; empty for what may be two days or none.

    >>> day("4th March 2026"), day("4 Mawrth 2026"), day("03/04/2026")
    ('2026-03-04', '2026-03-04', '')
    """
    plain = re.sub(r"(\d)(?:ain|eg)\b", r"\1", fold(text))
    for welsh, english in _IN_ENGLISH.items():
        plain = re.sub(rf"\b{welsh}\b", english, plain)
    try:
        return days(plain).isoformat()
    except ValueError:
        return ""
