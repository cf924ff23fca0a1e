"""Values that strangers wrote, as programs can count with them.

A day may carry a zone, which says nothing of the day itself; another may not exist. The
first is read as the day that is written, the second as none: a check names it.
"""

from __future__ import annotations

import re
from datetime import date

from pyoxigraph import Literal, NamedNode

from cspgraph.rdf.terms import PREFIXES

__all__ = ["plain", "readable"]

_XSD = PREFIXES["xsd"]
_DATE = NamedNode(_XSD + "date")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_SPACE = " \t\r\n"
#: What a value of each datatype looks like, no longer than anybody needs.
_WRITTEN = {
    _XSD + name: re.compile(pattern, re.ASCII)
    for name, pattern in {
        "integer": r"[+-]?\d{1,18}",
        "decimal": r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})",
        "double": r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:[eE][+-]?\d{1,2})?",
        "boolean": r"true|false|0|1",
        "duration": r"-?P(?=.)(\d{1,5}Y)?(\d{1,5}M)?(\d{1,6}D)?"
        r"(T(?=.)(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}(\.\d{1,9})?S)?)?",
    }.items()
}


def plain(value: Literal) -> Literal:
    """Return a day without its zone and the space round it; other values as they are.

    >>> plain(Literal("2024-05-23Z", datatype=_DATE)).value
    '2024-05-23'
    """
    if value.datatype != _DATE:
        return value
    found = _DAY.fullmatch(value.value.strip(_SPACE))
    return Literal(found[1], datatype=_DATE) if found else value


def readable(value: Literal) -> bool:
    """Return whether programs can count with `value`: a day that exists, a number.

    Texts, and datatypes that nothing here counts with, always are.

    >>> [readable(Literal(day, datatype=_DATE)) for day in ("2024-02-29", "2023-02-29")]
    [True, False]
    """
    if value.datatype == _DATE:
        try:
            return bool(_DAY.fullmatch(value.value)) and bool(
                date.fromisoformat(value.value)
            )
        except ValueError:
            return False
    written = _WRITTEN.get(value.datatype.value)
    return not written or bool(written.fullmatch(value.value))
