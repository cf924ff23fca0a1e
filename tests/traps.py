"""What an engine plans badly or misreads, found in a query by its structure.

The traps are those that were measured, each with the form to write instead. A query is
read with rdflib's parser, so that comments, strings and layout make no difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyparsing import ParseResults
from rdflib import BNode, Variable
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TRAPS", "traps"]

TRAPS = {
    "late": "a required pattern after an OPTIONAL: a cross product; write what is required first",
    "several": "NOT EXISTS with several patterns: a join without keys; write MINUS",
    "filtered": "NOT EXISTS with a FILTER inside: the same for each row; write MINUS",
    "constant": "NOT EXISTS with a constant value: the same for each row; write MINUS",
    "latest": "the latest by NOT EXISTS a later one: grows with the square; write MAX in a sub-select",
    "optional": "NOT EXISTS with an OPTIONAL inside: asked for each row; write MINUS of a sub-select",
    "closure": "a path to a constant that ends in * or +: walked from everywhere; write the closure first, on its own",
    "list": "a list as FILTER IN: looked at after everything is found; write VALUES",
    "keyless": "a UNION branch whose first pattern shares no variable with what stands before; begin with the key",
    "wide": "an OPTIONAL of several patterns with nothing known in it: found for everything first; name a type or the parameter",
    "day": "one day shared by two things: all that begins on that day is looked through; bind both days, then FILTER",
    "from": "a long list of FROM: each is looked up for each pattern; name one graph, or leave it out",
    "chain": "what follows a - or stands with a / in one chain: some engines begin at the right; write brackets",
}
MAX_FROM = 3
_GROUP, _UNION, _TRIPLES = "GroupGraphPatternSub", "GroupOrUnionGraphPattern", "TriplesBlock"  # fmt: skip
_COMPARED = {"<", ">", "<=", ">="}
_DAYS = {"on", "validFrom", "validUntil"}


def traps(text: str) -> set[str]:
    """Return the names of the traps that the SPARQL query `text` falls into.

    >>> traps("SELECT * { ?a ?b ?c OPTIONAL { ?a ?d ?e } ?a ?f ?g }")
    {'late'}
    """
    _, query = parseQuery(text)
    found = set()
    if len(query.datasetClause or []) > MAX_FROM:
        found.add("from")
    bound = {v for data in _all(query, "InlineData") for v in _variables(data["var"])}
    for group in _all(query, _GROUP):
        found |= _of_group(group, bound)
        if any(len(things) > 1 for things in _by_day(group).values()):
            found.add("day")
    if any(map(_is_wide, _all(query, "OptionalGraphPattern"))):
        found.add("wide")
    for part in _all(query, "Builtin_NOTEXISTS"):
        found |= _of_exists(part.graph)
    if any(item.op in ("IN", "NOT IN") for item in _all(query, "RelationalExpression")):
        found.add("list")
    if any(map(_is_chain, _all(query, "AdditiveExpression"))) or any(
        map(_is_chain, _all(query, "MultiplicativeExpression"))
    ):
        found.add("chain")
    return found


def _is_chain(expression: CompValue) -> bool:
    """Return whether `expression` depends on the side from which it is worked out.

    `a + b - c` is the same either way, `a - b + c` is not. A division rounds, so that
    it is to stand alone, before and after.
    """
    signs = [str(sign) for sign in expression.op or []]
    return "-" in signs[:-1] or (len(signs) > 1 and "/" in signs)


def _of_group(group: CompValue, bound: set[Variable]) -> set[str]:
    """Return the traps in the order of the parts of `group`, and in its paths."""
    found, optional = set(), False
    before: set[Variable] = set()
    for part in group.part or []:
        if optional and part.name in (_TRIPLES, _UNION):
            found.add("late")
        optional = optional or part.name == "OptionalGraphPattern"
        if part.name == _TRIPLES and any(_ends_in_closure(part, bound)):
            found.add("closure")
        branches = list(part.graph or []) if part.name == _UNION else []
        if len(branches) > 1 and before:
            firsts = (_first(branch) for branch in branches)
            if any(first and not first & before for first in firsts):
                found.add("keyless")
        if part.name not in ("Filter", "MinusGraphPattern"):
            before |= _variables(part)
    return found


def _of_exists(group: CompValue) -> set[str]:
    """Return the traps of a NOT EXISTS with `group` inside."""
    found = set()
    triples = [t for block in _all(group, _TRIPLES) for t in _triples(block)]
    if len(triples) > 1 or list(_all(group, _UNION)):
        found.add("several")
    if any(not isinstance(end, Variable | BNode) for _, _, end in triples):
        found.add("constant")
    if list(_all(group, "OptionalGraphPattern")):
        found.add("optional")
    filters = list(_all(group, "Filter"))
    if filters:
        found.add("filtered")
    inside = {v for triple in triples for v in _variables(list(triple))}
    for test in (item for part in filters for item in _all(part, "RelationalExpression")):  # fmt: skip
        sides = [_variables(test.expr), _variables(test.other)]
        if test.op in _COMPARED and all(sides) and sides[0] | sides[1] > inside & (sides[0] | sides[1]):  # fmt: skip
            found.add("latest")
    return found


def _ends_in_closure(block: CompValue, bound: set[Variable]) -> Iterator[bool]:
    """Yield whether each path of several steps ends in a closure at a known thing."""
    for _, path, end in _triples(block):
        free = isinstance(end, BNode) or (
            isinstance(end, Variable) and end not in bound
        )
        for steps in _all(path, "PathSequence"):
            last = list(_all(steps.part[-1], "PathElt"))
            closure = bool(last) and last[0].mod in ("*", "+")
            yield not free and len(steps.part) > 1 and closure


def _is_wide(optional: CompValue) -> bool:
    """Return whether the patterns of `optional` are several and none has a known end."""
    parts = optional.graph.part or []
    triples = [t for part in parts if part.name == _TRIPLES for t in _triples(part)]
    known = {v for part in parts if part.name == "InlineData" for v in _variables(part)}
    ends = [end for subject, _, value in triples for end in (subject, value)]
    free = all(isinstance(end, Variable | BNode) and end not in known for end in ends)
    return len(triples) > 1 and free


def _by_day(group: CompValue) -> dict[Variable, set[str]]:
    """Return which things have each day, as a variable, in the patterns of `group`."""
    found: dict[Variable, set[str]] = {}
    for part in group.part or []:
        for subject, path, end in _triples(part) if part.name == _TRIPLES else ():
            names = [name.localname for name in _all(path, "pname")]
            if isinstance(end, Variable) and len(names) == 1 and names[0] in _DAYS:
                found.setdefault(end, set()).add(str(subject))
    return found


def _first(branch: CompValue) -> set[Variable]:
    """Return the variables of the first pattern of a branch, and of values before it."""
    found: set[Variable] = set()
    for part in branch.part or []:
        if part.name == _TRIPLES:
            return found | _variables(list(next(_triples(part))))
        if part.name != "InlineData":
            return set()  # such as a sub-select, which begins on its own
        found |= _variables(part)
    return set()


def _triples(block: CompValue) -> Iterator[tuple[Any, Any, Any]]:
    for run in block.triples:
        yield from zip(run[::3], run[1::3], run[2::3], strict=True)


def _all(part: object, name: str) -> Iterator[CompValue]:
    """Yield every part called `name` in `part`, itself included."""
    if isinstance(part, CompValue):
        if part.name == name:
            yield part
        for inner in part.values():
            yield from _all(inner, name)
    elif isinstance(part, list | ParseResults):
        for inner in part:
            yield from _all(inner, name)


def _variables(part: object) -> set[Variable]:
    if isinstance(part, Variable):
        return {part}
    if isinstance(part, CompValue):
        return _variables(list(part.values()))
    if isinstance(part, list | ParseResults):
        return {v for inner in part for v in _variables(inner)}
    return set()
