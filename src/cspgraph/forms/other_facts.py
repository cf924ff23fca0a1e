"""The sheet Other facts: one fact to a row, for what no column of the form can hold.

Letters that a spreadsheet would change are written as escapes, so that each fact comes
back as it was.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from cspgraph.rdf.terms import PREFIXES, compact, expand

if TYPE_CHECKING:
    from pyoxigraph import DefaultGraph

    from cspgraph.forms.grid import FormRow

__all__ = ["HEADINGS", "cells", "plain", "quad"]

HEADINGS = ("About", "Fact", "Value", "Kind")
_ADDRESS, _TEXT = "address", "text"
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(\\))")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LEADING = tuple("=+-@'")


def plain(text: str) -> bool:
    r"""Return whether a cell keeps `text` letter by letter.

    >>> plain("Full Council"), plain(" Full Council"), plain("=1+1")
    (True, False, False)
    """
    return (
        bool(text)
        and text == text.strip()
        and not text.startswith(_LEADING)
        and not any(unicodedata.category(letter) in _UNSEEN for letter in text)
    )


def cells(quad: Quad) -> list[str]:
    """Return the row for one fact; raise `ValueError` for a fact about a fact."""
    value = quad.object
    if isinstance(value, NamedNode | BlankNode):
        written, kind = _address(value), _ADDRESS
    elif isinstance(value, Literal):
        written, kind = _escaped(value.value), _kind(value)
    else:
        problem = "a fact about another fact has no place in a sheet"
        raise ValueError(problem)  # noqa: TRY004
    if not isinstance(quad.subject, NamedNode | BlankNode):
        problem = "a fact about another fact has no place in a sheet"
        raise ValueError(problem)  # noqa: TRY004
    return [_address(quad.subject), _address(quad.predicate), written, kind]


def quad(line: FormRow, graph: NamedNode | DefaultGraph) -> Quad:
    """Return the fact that a row says; raise `ValueError` when it says none."""
    about, fact, value, kind = (
        str(line.cells[head][0].value) if line.cells.get(head) else ""
        for head in HEADINGS
    )
    subject, term = _term(about), _term(fact)
    if isinstance(term, BlankNode):
        problem = "the fact has no name; write one such as csp:modelNote"
        raise ValueError(problem)  # noqa: TRY004
    return Quad(subject, term, _value(value, kind.strip()), graph)


def _kind(value: Literal) -> str:
    if value.language:
        tail = f"--{value.direction.value}" if value.direction else ""
        return f"{value.language}{tail}"
    if value.datatype.value == PREFIXES["xsd"] + "string":
        return _TEXT
    return _address(value.datatype)


def _value(text: str, kind: str) -> NamedNode | BlankNode | Literal:
    if kind == _ADDRESS:
        return _term(text)
    if kind == _TEXT:
        return Literal(_unescaped(text))
    if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", kind):
        return Literal(_unescaped(text), language=kind)
    datatype = _term(kind)
    if isinstance(datatype, BlankNode):
        problem = "the kind is not known; write text, address, or a language such as en"
        raise ValueError(problem)  # noqa: TRY004
    return Literal(_unescaped(text), datatype=datatype)


def _address(term: NamedNode | BlankNode) -> str:
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    short = compact(term.value)
    written = short if short != term.value else f"<{short}>"
    return (
        written
        if plain(written) and expand(short) == term.value
        else f"<{_escaped(term.value)}>"
    )


def _term(text: str) -> NamedNode | BlankNode:
    text = text.strip()
    if text.startswith("_:"):
        return BlankNode(text[2:])
    if text.startswith("<") and text.endswith(">"):
        return NamedNode(_unescaped(text[1:-1]))
    found = expand(text)
    if not found:
        problem = "the row is not complete: About and Fact are short addresses such as version:plan-2024"
        raise ValueError(problem)
    return NamedNode(found)


def _escaped(text: str) -> str:
    made = "".join(_one(letter) for letter in text)
    if made and (made[0] in _LEADING or made[0].isspace()):
        made = f"\\u{ord(made[0]):04x}{made[1:]}"
    if made and made[-1].isspace():
        made = f"{made[:-1]}\\u{ord(made[-1]):04x}"
    return made


def _one(letter: str) -> str:
    code = ord(letter)
    if letter == "\\":
        return "\\\\"
    if unicodedata.category(letter) not in _UNSEEN:
        return letter
    return f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: "\\" if found[3] else chr(int(found[1] or found[2], 16)), text
    )
