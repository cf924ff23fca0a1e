"""Records as TriG, N-Quads and JSON-LD that are the same every time, one fact to a line.

The order is that of the canonical N-Quads of RDFC-1.0; the TriG for people is made from
it. One fact changed is one line changed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
)

from cspgraph.errors import FileError
from cspgraph.rdf import files
from cspgraph.rdf.terms import PREFIXES, RDF_TYPE, compact
from cspgraph.render.escape import escapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


__all__ = ["context", "nquads", "ordered", "trig", "written"]

_TIES = 24
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_STRING = PREFIXES["xsd"] + "string"


def ordered(quads: Iterable[Quad], name: str = "the record") -> list[Quad]:
    """Return `quads` in canonical order, each once, unnamed things under canonical names.

    Raises `FileError`, which speaks of `name`, where unnamed things point to each other
    so much that naming them could take for ever.

    >>> from pyoxigraph import NamedNode
    >>> fact = Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c"))
    >>> ordered([fact, fact]) == [fact]
    True
    """
    facts = Dataset(quads)
    ties = sum(
        isinstance(quad.subject, BlankNode) and isinstance(quad.object, BlankNode)
        for quad in facts
    )
    if ties > _TIES:
        problem = f"{ties} facts join things without names; give those things names"
        raise FileError(name, problem)
    facts.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(facts, key=_line)


def nquads(quads: Iterable[Quad], name: str = "the record") -> str:
    """Return `quads` as canonical N-Quads; raise `FileError` as `ordered` does."""
    return "".join(f"{_line(quad)}\n" for quad in ordered(quads, name))


def trig(quads: Iterable[Quad], name: str = "the record") -> str:
    """Return `quads` as TriG for people: prefixes, and a block for each thing.

    All prefixes stand there, used or not, so that a new fact never adds one. Raises
    `FileError` as `ordered` does.
    """
    return "\n".join([*_trig(ordered(quads, name)), ""])


def _line(quad: Quad) -> str:
    return f"{quad} ."


def _trig(facts: list[Quad]) -> Iterator[str]:
    width = max(map(len, PREFIXES)) + 1
    for prefix, start in sorted(PREFIXES.items()):
        yield f"@prefix {f'{prefix}:':<{width}} <{start}> ."
    graphs: dict[object, dict[object, list[Quad]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for quad in facts:
        graphs[quad.graph_name][quad.subject].append(quad)
    for graph, things in graphs.items():
        yield ""
        yield "{" if isinstance(graph, DefaultGraph) else f"{_term(graph)} {{"
        for thing, said in things.items():
            yield ""
            yield f"    {_term(thing)}"
            for quad in sorted(said, key=lambda quad: quad.predicate != RDF_TYPE):
                term = "a" if quad.predicate == RDF_TYPE else _term(quad.predicate)
                yield f"        {term} {_term(quad.object)} ;"
            yield "    ."
        yield "}"


def _term(term: object) -> str:
    """Return a term as TriG writes it, short where a prefix fits."""
    if isinstance(term, NamedNode):
        short = compact(term.value)
        prefix, _, local = short.partition(":")
        fits = prefix in PREFIXES and _LOCAL.fullmatch(local) and short != term.value
        return short if fits else str(term)
    if (
        isinstance(term, Literal)
        and not term.language
        and term.datatype.value != _STRING
    ):
        text = str(term).rpartition("^^")[0]
        return f"{text}^^{_term(term.datatype)}"
    return str(term)


@cache
def context() -> dict[str, Any]:
    """Return the bundled context: prefixes, and what the values of each term are.

    >>> context()["csp:on"]["@type"]
    'xsd:date'
    """
    (source,) = files.shipped("ontology/context.jsonld", ".jsonld")
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
