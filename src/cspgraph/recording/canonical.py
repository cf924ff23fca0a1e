"""Records as text that is the same every time, one fact to a line.

The order is that of the canonical N-Quads of RDFC-1.0; the TriG for people is made from
it. One fact changed is one line changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

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
from cspgraph.vocab import PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["nquads", "ordered", "trig"]

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
