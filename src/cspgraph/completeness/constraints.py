"""What each key of SHACL Core asks of values, as far as the shipped shapes use it.

A value is a term of pyoxigraph. Dates and numbers are compared as rdflib reads them.
"""

from __future__ import annotations

import operator
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from cspgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Term = NamedNode | BlankNode | Literal
    Values = set[Term]

__all__ = ["BESIDE", "EACH", "WHOLE", "sh"]

_KINDS = {"IRI": NamedNode, "BlankNode": BlankNode, "Literal": Literal}


def sh(name: str) -> NamedNode:
    """Return the term of SHACL called `name`.

    >>> sh("minCount").value
    'http://www.w3.org/ns/shacl#minCount'
    """
    return NamedNode(PREFIXES["sh"] + name)


@cache
def _native(value: str, datatype: str, language: str | None) -> object:
    """Return the literal as rdflib reads it, which knows the datatypes of XML Schema."""
    from rdflib import Literal as Native

    return (
        Native(value, lang=language) if language else Native(value, datatype=datatype)
    )


def _read(term: Literal) -> object:
    return _native(term.value, term.datatype.value, term.language)


def _well_typed(value: Term, datatype: Term) -> bool:
    if not isinstance(value, Literal) or value.datatype != datatype:
        return False
    return not getattr(_read(value), "ill_typed", None)


def _ordered(
    right: Callable[[Any, Any], Any],
) -> Callable[[Values, Values], Values]:
    """Return what gives the values that are not `right` beside each of the others.

    What cannot be compared is not right.
    """

    def fits(one: Term, other: Term) -> bool:
        (text, left), (other_text, beside) = _comparable(one), _comparable(other)
        try:
            return text == other_text and bool(right(left, beside))
        except TypeError:
            return False

    return lambda values, others: {
        value for value in values for other in others if not fits(value, other)
    }


def _comparable(term: Term) -> tuple[bool, object]:
    """Return whether `term` counts as text, and what is compared."""
    read = _read(term) if isinstance(term, Literal) else None
    text = read is None or isinstance(getattr(read, "value", None), str)
    return text, term.value if text else read


def _of_kind(value: Term, kind: Term) -> bool:
    words = kind.value.removeprefix(PREFIXES["sh"]).split("Or")
    return type(value) in [_KINDS[word] for word in words]


def _like(value: Term, pattern: Term) -> bool:
    return not isinstance(value, BlankNode) and bool(
        re.search(pattern.value, value.value)
    )


def _each_language_once(values: Values, asked: Term) -> bool:
    tags = [v.language for v in values if isinstance(v, Literal) and v.language]
    return asked.value not in ("true", "1") or len(tags) == len(set(tags))


#: What a key asks of all values together: whether they are right.
WHOLE: dict[NamedNode, Callable[[Values, Term], bool]] = {
    sh("minCount"): lambda values, limit: len(values) >= int(limit.value),
    sh("maxCount"): lambda values, limit: len(values) <= int(limit.value),
    sh("hasValue"): lambda values, wanted: wanted in values,
    sh("uniqueLang"): _each_language_once,
}
#: What a key asks of each value: whether it is right.
EACH: dict[NamedNode, Callable[[Term, Term], bool]] = {
    sh("datatype"): _well_typed,
    sh("nodeKind"): _of_kind,
    sh("pattern"): _like,
}
#: What a key asks of the values beside others of the same node: those that are wrong.
BESIDE: dict[NamedNode, Callable[[Values, Values], Iterable[Term]]] = {
    sh("equals"): lambda values, others: values ^ others,
    sh("disjoint"): lambda values, others: values & others,
    sh("lessThan"): _ordered(operator.lt),
    sh("lessThanOrEquals"): _ordered(operator.le),
}
