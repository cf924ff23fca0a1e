"""Publish the questions as RDF, so that a SPARQL server can show what it may be asked.

Each question is a `sh:SPARQLSelectExecutable`, as in the catalogues of examples that
other SPARQL servers publish: `sh:select` holds the text of its file and
`rdfs:comment` the question. The file stays the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from cspgraph.questions.query_file import read
from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.questions.query_file import Column, Parameter
    from cspgraph.rdf.files import Source

__all__ = ["quads"]

_GRAPH = NamedNode(PREFIXES["graph"] + "queries")
_QUESTION = NamedNode(PREFIXES["rdfs"] + "comment")
_TEXT = NamedNode(PREFIXES["sh"] + "select")
_KINDS = [
    NamedNode(PREFIXES["sh"] + name)
    for name in ("SPARQLExecutable", "SPARQLSelectExecutable")
]
_NAME, _TITLE = (
    NamedNode(PREFIXES["dct"] + name) for name in ("identifier", "description")
)
_EXAMPLE = NamedNode(PREFIXES["skos"] + "example")


def quads() -> Iterator[Quad]:
    """Yield every shipped question as RDF, in a graph of its own.

    >>> {quad.graph_name.value for quad in quads()}
    {'https://w3id.org/cspgraph/graph/queries'}
    """
    for source in files.shipped("queries", ".rq"):
        yield from _question(source)


def _question(source: Source) -> Iterator[Quad]:
    query = read(source)
    this = NamedNode(PREFIXES["query"] + query.name)
    for kind in _KINDS:
        yield Quad(this, RDF_TYPE, kind, _GRAPH)
    yield Quad(this, _NAME, Literal(query.name), _GRAPH)
    yield Quad(this, _QUESTION, Literal(query.question, language="en"), _GRAPH)
    yield Quad(this, _TEXT, Literal(source.text), _GRAPH)
    yield Quad(this, CSP.askedOf, Literal(query.graph or "duties"), _GRAPH)
    if "on" in query.example:
        day = Literal(f"on: {query.example['on']}")
        yield Quad(this, _EXAMPLE, day, _GRAPH)
    for place, parameter in enumerate(query.parameters, 1):
        link = CSP.mayTake if parameter.optional else CSP.takes
        blank = NamedNode(f"{this.value}.{parameter.name}")
        yield Quad(this, link, blank, _GRAPH)
        yield from _told(blank, parameter, place)
        if parameter.name in query.example:
            value = Literal(query.example[parameter.name])
            yield Quad(blank, _EXAMPLE, value, _GRAPH)
    for place, column in enumerate(query.columns, 1):
        cell = NamedNode(f"{this.value}.column.{column.name}")
        yield Quad(this, CSP.gives, cell, _GRAPH)
        yield from _told(cell, column, place)


def _told(thing: NamedNode, what: Parameter | Column, place: int) -> Iterator[Quad]:
    yield Quad(thing, _NAME, Literal(what.name), _GRAPH)
    yield Quad(thing, _TITLE, Literal(what.title, language="en"), _GRAPH)
    yield Quad(thing, CSP.holds, Literal(what.kind), _GRAPH)
    yield Quad(thing, CSP.position, Literal(place), _GRAPH)
