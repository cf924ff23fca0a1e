"""Records as JSON-LD, with the context of `ontology/context.jsonld` written into them.

Nothing has to be fetched to read them. A value that the context would read as something
else stands under the full address of its term, with its language or kind beside it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from cspgraph import sources
from cspgraph.errors import FileError
from cspgraph.inert import escapes
from cspgraph.recording.canonical import ordered
from cspgraph.vocab import PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

__all__ = ["context", "written"]

_STRING = PREFIXES["xsd"] + "string"


@cache
def context() -> dict[str, Any]:
    """Return the bundled context: prefixes, and what the values of each term are.

    >>> context()["csp:on"]["@type"]
    'xsd:date'
    """
    (source,) = sources.shipped("ontology/context.jsonld", ".jsonld")
    found: dict[str, Any] = json.loads(source.text)["@context"]
    return found


def written(quads: Iterable[Quad], name: str = "the record") -> str:
    """Return `quads` as JSON-LD, the same bytes every time.

    Raises `FileError`, which speaks of `name`, for a fact about another fact.
    """
    graphs: dict[object, dict[object, list[Quad]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for quad in ordered(quads, name):
        graphs[quad.graph_name][quad.subject].append(quad)
    made: list[dict[str, Any]] = []
    for graph, things in graphs.items():
        nodes = [_node(thing, said, name) for thing, said in things.items()]
        if isinstance(graph, DefaultGraph):
            made += nodes
        else:
            made.append({"@id": _address(graph, name), "@graph": nodes})
    whole = {"@context": context(), "@graph": made}
    return escapes(f"{json.dumps(whole, ensure_ascii=False, indent=2)}\n")


def _node(thing: object, said: list[Quad], name: str) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _address(thing, name)}
    for quad in said:
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
            node.setdefault("@type", []).append(_address(quad.object, name))
            continue
        term = _address(quad.predicate, name)
        asked = context().get(term, {})
        if "@container" in asked and _in_words(quad.object):
            spoken = node.setdefault(term, {})
            spoken.setdefault(quad.object.language, []).append(quad.object.value)  # type: ignore[union-attr]
        elif _fits(quad.object, asked):
            node.setdefault(term, []).append(_plain(quad.object, name))
        else:
            value = _whole(quad.object, name)
            node.setdefault(quad.predicate.value, []).append(value)
    return node


def _in_words(term: object) -> bool:
    return isinstance(term, Literal) and bool(term.language) and not term.direction


def _fits(term: object, asked: dict[str, Any]) -> bool:
    """Return whether the context reads the bare value of `term` as what it is."""
    kind = asked.get("@type")
    if isinstance(term, NamedNode | BlankNode):
        return kind == "@id"
    if not isinstance(term, Literal) or term.language or "@container" in asked:
        return False
    return kind == compact(term.datatype.value) or (
        not kind and term.datatype.value == _STRING
    )


def _plain(term: object, name: str) -> str:
    return term.value if isinstance(term, Literal) else _address(term, name)


def _whole(term: object, name: str) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _address(term, name)}
    if not term.language:
        return {"@value": term.value, "@type": _address(term.datatype, name)}
    if term.direction:
        problem = "a text with a direction of writing has no place in JSON-LD here; export it to .nq"
        raise FileError(name, problem)
    return {"@value": term.value, "@language": term.language}


def _address(term: object, name: str) -> str:
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    if not isinstance(term, NamedNode):
        problem = "a fact about another fact has no place in JSON-LD; export it to .nq"
        raise FileError(name, problem)
    short = compact(term.value)
    if term.value.partition(":")[0] in PREFIXES:
        problem = f"{term.value} cannot be told from a short address; export it to .nq"
        raise FileError(name, problem)
    return term.value if short.partition(":")[2].startswith("//") else short
