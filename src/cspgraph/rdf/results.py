"""SPARQL results as terms, and what a term means to Python: dates, numbers, truths, text.

A literal that is not of its own datatype stays the text that it is.
"""

from __future__ import annotations

import json
import re
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cspgraph.errors import ResultsError
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Term = NamedNode | Literal
    Value = str | int | float | bool | date | None


__all__ = ["from_json", "held", "kind_of", "value_of"]

_XSD = PREFIXES["xsd"]
_KINDS = {
    _XSD + "boolean": "boolean",
    _XSD + "date": "date",
    _XSD + "decimal": "number",
    _XSD + "double": "number",
    _XSD + "float": "number",
    _XSD + "integer": "integer",
}
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile("[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def value_of(term: Term | None) -> Value:
    """Return the Python value of `term`: the address of a thing, or what a literal says.

    A text that is not of its kind stays text, and so does a decimal, whose digits a
    `float` would not keep.

    >>> value_of(Literal("2024-07-23", datatype=NamedNode(_XSD + "date")))
    datetime.date(2024, 7, 23)
    """
    if term is None or isinstance(term, NamedNode):
        return term.value if term else None
    kind = kind_of(term)
    found = None if kind == "number" else held(term, kind)
    return term.value if found is None else found


def kind_of(term: Term) -> str:
    """Return what `term` claims to be: boolean, date, integer, number or text.

    >>> kind_of(Literal("seven", datatype=NamedNode(_XSD + "integer")))
    'integer'
    """
    if isinstance(term, NamedNode):
        return "text"
    return _KINDS.get(term.datatype.value, "text")


def held(term: Term, kind: str) -> Value:
    """Return the value of `term` as one of `kind`; None when it is not of that kind.

    >>> print(held(Literal("seven", datatype=NamedNode(_XSD + "integer")), "integer"))
    None
    """
    if kind == "text":
        return term.value
    if kind_of(term) != kind:
        return None
    try:
        return _READ[kind](term.value)
    except (ValueError, KeyError):
        return None


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if _DATE.fullmatch(text) else None


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def _number(text: str) -> float | None:
    found = float(text) if _NUMBER.fullmatch(text) else None
    return found if found is not None and isfinite(found) else None


_READ: dict[str, Callable[[str], Value]] = {
    "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
    "date": _date,
    "integer": _integer,
    "number": _number,
}


_BOOLEAN = NamedNode(_XSD + "boolean")


def from_json(data: bytes) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Return columns and rows of SPARQL 1.1 Query Results JSON.

    Raises `ResultsError` when `data` is something else, or was cut short.
    """
    try:
        whole = json.loads(data)
        if "boolean" in whole:
            said = str(whole["boolean"]).lower()
            return ["answer"], [(Literal(said, datatype=_BOOLEAN),)]
        names = whole["head"]["vars"]
        rows = [
            tuple(_term(binding.get(name)) for name in names)
            for binding in whole["results"]["bindings"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultsError(
            "the engine gave no complete SPARQL results in JSON"
        ) from error
    return names, rows


def _term(written: Mapping[str, str] | None) -> Term | None:
    if written is None:
        return None
    value = written["value"]
    if written["type"] in ("uri", "bnode"):
        return NamedNode(value if written["type"] == "uri" else f"urn:blank:{value}")
    if "xml:lang" in written:
        return Literal(value, language=written["xml:lang"])
    if "datatype" in written:
        kind = NamedNode(written["datatype"])
        if kind == _BOOLEAN:  # one server writes 1 and 0
            value = {"1": "true", "0": "false"}.get(value, value)
        return Literal(value, datatype=kind)
    return Literal(value)
