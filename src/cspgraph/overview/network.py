"""The graph as nodes and links for networkx: typed, labelled and dated.

Every value is a text, so that GraphML holds all of them: days are ISO dates, and
what is not known is the empty text.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from cspgraph.rdf.terms import CSP, OPEN_END, RDF_TYPE, compact
from cspgraph.render.escape import for_xml, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import networkx as nx
    from pyoxigraph import Quad

    from cspgraph.questions.answer import Answer
    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.results import Value

__all__ = ["GraphEdge", "graphml", "links", "of_links", "of_quads", "things"]

_DAYS = {
    CSP.validFrom: "since",
    CSP.validUntil: "until",
    CSP.beginsBy: "since_by",
    CSP.heldSince: "held_since",
}
_UNKNOWN = {"since": "", "since_by": "", "until": ""}
_ENDS = ("from", "to")


class GraphEdge(NamedTuple):
    """From which thing to which, of what sort, and what is told of it."""

    start: str
    end: str
    key: str
    told: dict[str, str]


def of_quads(quads: Iterable[Quad], names: Labels) -> nx.MultiDiGraph:
    """Return `quads` between things as a networkx graph.

    A node has a `label` and a `kind`, its classes in words. An edge has the address of
    its property as key, a `label`, and in `since` and `until` the days of the thing
    where it begins, as far as that has any; where the first day is not known, `since`
    is empty and `since_by` a day on which it held.
    """
    import networkx as nx

    found = list(quads)
    days: dict[str, dict[str, str]] = defaultdict(dict)
    kinds: dict[str, set[str]] = defaultdict(set)
    for quad in found:
        if isinstance(quad.subject, NamedNode):
            if quad.predicate in _DAYS and isinstance(quad.object, Literal):
                day = quad.object.value
                open_end = day == OPEN_END
                days[quad.subject.value][_DAYS[quad.predicate]] = day * (not open_end)
            elif quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
                kinds[quad.subject.value].add(names.label(quad.object.value))
    graph = nx.MultiDiGraph()
    for quad in found:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            ends = quad.subject.value, quad.object.value
            for end in ends:
                kind = "; ".join(sorted(kinds.get(end, ())))
                graph.add_node(end, label=names.label(end), kind=kind)
            link = quad.predicate.value
            held = _since(days.get(ends[0], {}))
            graph.add_edge(*ends, key=link, label=compact(link), **held)
    return graph


def _since(days: Mapping[str, str]) -> dict[str, str]:
    """Return `days` with the first in `since`, or in `since_by` where it is not known."""
    found = {**_UNKNOWN, **days}
    before = found.pop("held_since", "")
    found["since"] = "" if found["since_by"] else before or found["since"]
    return found


def of_links(
    nodes: Mapping[str, Mapping[str, str]], edges: Iterable[GraphEdge]
) -> nx.MultiDiGraph:
    """Return `things` and `links` of an answer, or some of them, as a networkx graph."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    for iri, told in nodes.items():
        graph.add_node(iri, **told)
    for link in edges:
        graph.add_edge(link.start, link.end, key=link.key, **link.told)
    return graph


def things(answer: Answer) -> dict[str, dict[str, str]]:
    """Return the ends of the links of an answer by address, with `label` and `kind`."""
    found: dict[str, dict[str, str]] = {}
    for row, said in _rows(answer):
        for end in _ENDS:
            label = said.get(f"{end}_name") or said[end]
            found[str(row[end])] = {"label": label, "kind": said[f"{end}_kind"]}
    return found


def links(answer: Answer) -> list[GraphEdge]:
    """Return the rows of an answer as links, in their order.

    The columns are those of `queries/bodies-and-duties.rq`: `from`, `link` and `to`,
    what kinds of thing the ends are and perhaps their names. A link has the address
    of its `term` as key, its words as `label`, the first and last days in `since`,
    `since_by` and `until`, and the columns that are left under their own names. A second link of the
    same sort between two things has a number behind its key.
    """
    found: dict[tuple[str, str, str], GraphEdge] = {}
    for row, said in _rows(answer):
        told = (
            {"label": said["link"]}
            | _UNKNOWN
            | {
                name: word
                for name, word in said.items()
                if name.partition("_")[0] not in (*_ENDS, "link", "term")
            }
        )
        ends = str(row["from"]), str(row["to"])
        key, number = str(row["term"]), 1
        while (*ends, key) in found:
            number += 1
            key = f"{row['term']} {number}"
        found[*ends, key] = GraphEdge(*ends, key, told)
    return [*found.values()]


def _rows(answer: Answer) -> Iterator[tuple[dict[str, Value], dict[str, str]]]:
    """Yield each row of an answer, as values and in words that can be seen."""
    names = [column.name for column in answer.columns]
    for row, words in zip(answer, answer.words(), strict=True):
        yield row, dict(zip(names, map(visible, words), strict=True))


def graphml(graph: nx.MultiDiGraph) -> str:
    """Return `graph` as GraphML, its texts such as XML may hold.

    The key of an edge stands in its `term`; its id is its number, because a key
    belongs to several edges.
    """
    import networkx as nx

    clean = nx.MultiDiGraph(**{k: for_xml(v) for k, v in graph.graph.items()})
    for node, told in graph.nodes(data=True):
        clean.add_node(for_xml(node), **{k: for_xml(v) for k, v in told.items()})
    edges = graph.edges(keys=True, data=True)
    for number, (start, end, key, told) in enumerate(edges, 1):
        words = {k: for_xml(v) for k, v in {"term": key, **told}.items()}
        clean.add_edge(for_xml(start), for_xml(end), key=f"e{number}", **words)
    lines = nx.generate_graphml(clean)
    return "\n".join(["<?xml version='1.0' encoding='utf-8'?>", *lines, ""])
