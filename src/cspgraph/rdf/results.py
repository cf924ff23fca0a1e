"""SPARQL results as terms, and what a term means to Python: dates, numbers, truths, text.

A literal that is not of its own datatype stays the text that it is.
"""

from __future__ import annotations

import json
import re
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from cspgraph.errors import ResultsError
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Triple

    Found = NamedNode | BlankNode | Literal | Triple | None
    Term = NamedNode | Literal
    Value = str | int | float | bool | date | None


__all__ = ["from_json", "held", "kind_of", "refuse_nested", "value_of"]

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


_TEXT = rb'"(?:[^"\\]|\\.)*+"'
_FLAT = rb'[^"{}\[\]]|' + _TEXT
#: A row with its terms as one; else a bracket, or a text.
_BRACKETS = re.compile(
    rb"\{(?:" + _FLAT + rb"|\{(?:" + _FLAT + rb")*+\})*+\}|[{}\[\]]|" + _TEXT, re.DOTALL
)
_DEPTH = 16  # far more than results need, and far less than ends a parser
_NOT_WHOLE = "the engine gave no complete SPARQL results in JSON"
_WRONG = (ValueError, TypeError, KeyError, OSError, RecursionError)


def from_json(data: bytes) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Return columns and rows of SPARQL 1.1 Query Results JSON.

    Raises `ResultsError` when `data` is something else, or was cut short: every name,
    every term and every truth must be what the standard says. What is in the rows is
    kept once, not as JSON first.
    """
    try:
        found = parse_query_results(data, format=QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            return ["answer"], [(_truth(data),)]
        names = found.variables
        rows = [tuple([_term(term) for term in row]) for row in found]
    except (SyntaxError, *_WRONG) as error:
        raise ResultsError(_NOT_WHOLE) from error
    return [name.value for name in names], rows


def refuse_nested(data: bytes) -> None:
    """Raise `ResultsError` where brackets in JSON are nested so deep that a parser may end.

    >>> refuse_nested(b'{"head":{"vars":["a"]},"results":{"bindings":[]}}')
    """
    depth = 0
    for mark in _BRACKETS.finditer(data):
        if mark.end() - mark.start() == 1:
            depth += 1 if mark[0] in (b"{", b"[") else -1
            if depth > _DEPTH:
                raise ResultsError(_NOT_WHOLE)


def _truth(data: bytes) -> Literal:
    """Return what results in JSON that are no rows say: true or false, and nothing else."""
    whole = json.loads(data)
    if not isinstance(whole["boolean"], bool) or "results" in whole:
        raise TypeError("neither true nor false")
    return Literal(str(whole["boolean"]).lower(), datatype=_BOOLEAN)


def _term(found: Found) -> Term | None:
    """Return a term as it is known here: a thing without a name gets an address."""
    if found is None or isinstance(found, NamedNode):
        return found
    if isinstance(found, BlankNode):
        return NamedNode(f"urn:blank:{found.value}")
    if not isinstance(found, Literal):
        raise TypeError("a statement where a term belongs")
    if (
        found.datatype == _BOOLEAN and found.value in _TRUTHS
    ):  # one server writes 1 and 0
        return Literal(_TRUTHS[found.value], datatype=_BOOLEAN)
    return found


_TRUTHS = {"1": "true", "0": "false"}
