"""A question as a picture: what its SPARQL looks for, as boxes and arrows, and in words.

Each arrow is a pattern of the query: a thing, a property, another thing. What need not
be there is dashed, and so is what must not be there. rdflib reads the query.
"""

from __future__ import annotations

from itertools import count
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from cspgraph.diagrams.diagram import Arrow, Figure
from cspgraph.rdf.terms import RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cspgraph.questions.query_file import Query

    When = tuple[str, ...]
    Pattern = tuple[str, str, str]

__all__ = ["pictured"]

_HEADS = ("this", "has the property", "which is", "when")
_OPTIONAL, _NOT = "if there is one", "must not be"
_TESTS = {"Builtin_NOTEXISTS": _NOT, "Builtin_EXISTS": "must be"}
_NAMED_AT_MOST = 12
_BELOW = ("p", "p1", "p2", "part")


def pictured(query: Query) -> Figure:
    """Return what `query` looks for as a picture.

    >>> from cspgraph.questions.query_file import find
    >>> pictured(find("documents")).rows()[0]
    ['?document (may be given, a column)', 'is a', 'csp:SourceDocument', '']
    """
    from rdflib.plugins.sparql import prepareQuery

    reader = _Reader()
    reader.read(prepareQuery(query.body).algebra, ())
    text = _pattern_text(query)
    found = sorted(reader.patterns, key=lambda pattern: _place(text, pattern))
    return Figure(
        f"What is looked for: {query.question}",
        [_arrow(pattern, reader.patterns[pattern]) for pattern in found],
        _names(query),
        {end: "variable" for pattern in found for end in pattern if end[0] == "?"},
        list(reader.notes(query)),
        _HEADS,
    )


class _Reader:
    """The patterns of a query, with when each counts, and what is said of its variables."""

    def __init__(self) -> None:
        self.patterns: dict[Pattern, list[When]] = {}
        self.made: dict[str, set[str]] = {}
        self.tested: set[str] = set()
        self.listed: dict[str, list[str]] = {}
        self._unnamed: dict[str, str] = {}
        self._numbers, self._choices = count(1), count(1)

    def read(self, node: Any, when: When) -> None:
        """Read one part of the algebra, and what is in it."""
        match node.name:
            case "BGP" | "TriplesBlock":
                for start, link, end in node.triples:
                    pattern = self._text(start), _link(link), self._text(end)
                    self.patterns.setdefault(pattern, []).append(when)
            case "LeftJoin" | "Minus":
                word = _OPTIONAL if node.name == "LeftJoin" else _NOT
                self.read(node.p1, when)
                self.read(node.p2, (*when, word))
                self.tested |= set(_variables(node.get("expr"), {}))
            case "Union":
                choice = next(self._choices)
                for case, letter in zip(_cases(node), ascii_lowercase, strict=False):
                    self.read(case, (*when, f"case {choice}{letter}"))
            case "Filter":
                self._test(node.expr, when, _sums(node.p))
                self.read(node.p, when)
            case "values":
                for name, term in (pair for row in node.res for pair in row.items()):
                    if term != "UNDEF":
                        self.listed.setdefault(f"?{name}", []).append(self._text(term))
            case "Extend":
                self._make(f"?{node.var}", node.expr, _sums(node.p))
                self.read(node.p, when)
            case _:
                for part in (part for key in _BELOW for part in _parts(node.get(key))):
                    self.read(part, when)

    def notes(self, query: Query) -> Iterator[str]:
        """Yield what no arrow shows, as sentences."""
        text = _pattern_text(query)
        for name in _in_order(text, self.listed):
            choices = list(dict.fromkeys(self.listed[name]))
            more = len(choices) - _NAMED_AT_MOST
            shown = ", ".join(choices[:_NAMED_AT_MOST])
            yield f"{name} is one of {shown}{f' and {more} more' if more > 0 else ''}."
        if self.tested:
            yield f"There are conditions on {', '.join(_in_order(text, self.tested))}."
        bound = self._bound(query)
        for name in _in_order(text, self.made):
            used = ", ".join(_in_order(text, self.made[name] & bound - {name}))
            yield f"{name} is worked out from {used or 'fixed values'}."

    def _test(self, condition: Any, when: When, sums: Mapping[Any, Any]) -> None:
        """Note on what there is a condition, and read what must or must not be there."""
        name = getattr(condition, "name", "")
        if name in _TESTS:
            self.read(condition.graph, (*when, _TESTS[name]))
        elif name == "ConditionalAndExpression":
            for part in (condition.expr, *condition.other):
                self._test(part, when, sums)
        else:
            self.tested |= set(_variables(condition, sums))

    def _bound(self, query: Query) -> set[str]:
        """Return the variables that can have a value; some stand for none on purpose."""
        given = {f"?{parameter.name}" for parameter in query.parameters}
        found = {word for pattern in self.patterns for word in pattern}
        return found | given | self.listed.keys() | self.made.keys()

    def _make(self, name: str, expression: Any, sums: Mapping[Any, Any]) -> None:
        """Note from what a variable is made, unless it only carries a value on."""
        used = set(_variables(expression, sums))
        if used != {name}:
            self.made.setdefault(name, set()).update(used)

    def _text(self, term: Any) -> str:
        from rdflib import BNode, Literal, Variable

        if isinstance(term, Variable):
            return f"?{term}"
        if isinstance(term, BNode):
            if term not in self._unnamed:
                self._unnamed[term] = f"something, {next(self._numbers)}"
            return self._unnamed[term]
        return f'"{term}"' if isinstance(term, Literal) else compact(f"{term}")


def _arrow(pattern: Pattern, whens: Sequence[When]) -> Arrow:
    """Return the arrow of a pattern, which may stand in several parts of the query."""
    always = () in whens
    told = dict.fromkeys(", ".join(dict.fromkeys(when)) for when in whens)
    said = "" if always else "; or ".join(told)
    dashed = not always and all({_OPTIONAL, _NOT} & set(when) for when in whens)
    return Arrow(*pattern, said, dashed)


def _names(query: Query) -> dict[str, str]:
    """Return what a box says of a variable that is a column, or that is given."""
    told: dict[str, list[str]] = {}
    for parameter in query.parameters:
        given = "may be given" if parameter.optional else "given"
        told[f"?{parameter.name}"] = [given]
    for column in query.columns:
        told.setdefault(f"?{column.name}", []).append("a column")
    return {name: f"{name} ({', '.join(what)})" for name, what in told.items()}


def _link(link: Any) -> str:
    """Return a property, or a path of properties, as SPARQL writes it."""
    from rdflib import Variable, paths

    match link:
        case Variable():
            return f"?{link}"
        case paths.SequencePath():
            return "/".join(map(_link, link.args))
        case paths.AlternativePath():
            return f"({'|'.join(map(_link, link.args))})"
        case paths.InvPath():
            return f"^{_link(link.arg)}"
        case paths.MulPath():
            inside = _link(link.path)
            plain = inside.startswith("(") or not set(inside) & set("/^")
            return f"{inside}{link.mod}" if plain else f"({inside}){link.mod}"
        case paths.NegatedPath():
            return f"!({'|'.join(map(_link, link.args))})"
    return "is a" if f"{link}" == RDF_TYPE.value else compact(f"{link}")


def _cases(node: Any) -> Iterator[Any]:
    """Yield the branches of a UNION, which the algebra nests two by two."""
    if node.name == "Union":
        yield from _cases(node.p1)
        yield from _cases(node.p2)
    else:
        yield node


def _sums(node: Any) -> Mapping[Any, Any]:
    """Return what each sum, count or sample right below `node` is made from."""
    while node.name in ("Extend", "Filter"):
        node = node.p
    return {one.res: one.vars for one in node.A} if node.name == "AggregateJoin" else {}


def _variables(expression: Any, sums: Mapping[Any, Any]) -> Iterator[str]:
    """Yield the variables in an expression, behind a sum those that it is made from."""
    from rdflib import Variable

    if isinstance(expression, Variable):
        if expression in sums:
            yield from _variables(sums[expression], {})
        else:
            yield f"?{expression}"
        return
    if isinstance(expression, dict):
        inside: Iterable[Any] = [v for k, v in expression.items() if k != "_vars"]
    else:
        inside = expression if isinstance(expression, list | tuple) else ()
    for part in inside:
        yield from _variables(part, sums)


def _parts(value: Any) -> list[Any]:
    """Return the parts of the algebra that `value` is, or that it holds."""
    found = value if isinstance(value, list) else [value]
    return [part for part in found if hasattr(part, "name")]


def _pattern_text(query: Query) -> str:
    """Return the text of `query` from the first brace on, where its patterns begin."""
    return query.body[query.body.find("{") :]


def _place(text: str, pattern: Pattern) -> tuple[int, int, str]:
    """Return a key that puts patterns in the order in which the text names things."""
    start, link, end = pattern
    return text.find(start), text.find(end), link


def _in_order(text: str, names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (text.find(name), name))
