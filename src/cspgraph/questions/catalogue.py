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
from cspgraph.rdf.terms import BASE, CSP, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.questions.query_file import Column, Parameter
    from cspgraph.rdf.files import Source

__all__ = ["quads"]

_GRAPH = NamedNode(PREFIXES["graph"] + "queries")
_QUESTION = NamedNode(PREFIXES["rdfs"] + "comment")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_TEXT = NamedNode(PREFIXES["sh"] + "select")
_KINDS = [
    NamedNode(PREFIXES["sh"] + name)
    for name in ("SPARQLExecutable", "SPARQLSelectExecutable")
]
_NAME, _TITLE = (
    NamedNode(PREFIXES["dct"] + name) for name in ("identifier", "description")
)
_SCHEMA = "https://schema.org/"
_KEYWORDS = NamedNode(f"{_SCHEMA}keywords")
#: What a blank and a column are, in terms that others know.
_BLANK = NamedNode(f"{_SCHEMA}PropertyValueSpecification")
_COLUMN = NamedNode("http://www.w3.org/ns/csvw#Column")
_PREFIXES = NamedNode(f"{BASE}prefixes")
_ANY_ADDRESS = NamedNode(PREFIXES["xsd"] + "anyURI")
_EXAMPLE = NamedNode(PREFIXES["skos"] + "example")


def quads() -> Iterator[Quad]:
    """Yield every shipped question as RDF, in a graph of its own.

    >>> {quad.graph_name.value for quad in quads()}
    {'https://w3id.org/cspgraph/graph/queries'}
    """
    for source in files.shipped("queries", ".rq"):
        yield from _question(source)
    yield from _prefixes()


def _question(source: Source) -> Iterator[Quad]:
    query = read(source)
    this = NamedNode(PREFIXES["query"] + query.name)
    for kind in _KINDS:
        yield Quad(this, RDF_TYPE, kind, _GRAPH)
    yield Quad(this, _NAME, Literal(query.name), _GRAPH)
    yield Quad(
        this, _LABEL, Literal(query.name.replace("-", " "), language="en"), _GRAPH
    )
    yield Quad(this, _QUESTION, Literal(query.question, language="en"), _GRAPH)
    yield Quad(this, _TEXT, Literal(source.text), _GRAPH)
    yield Quad(this, NamedNode(PREFIXES["sh"] + "prefixes"), _PREFIXES, _GRAPH)
    words = [*query.name.split("-"), *(p.name for p in query.parameters)]
    for word in dict.fromkeys(words):
        yield Quad(this, _KEYWORDS, Literal(word, language="en"), _GRAPH)
    yield Quad(this, CSP.askedOf, Literal(query.graph or "duties"), _GRAPH)
    if "on" in query.example:
        day = Literal(f"on: {query.example['on']}")
        yield Quad(this, _EXAMPLE, day, _GRAPH)
    for place, parameter in enumerate(query.parameters, 1):
        link = CSP.mayTake if parameter.optional else CSP.takes
        blank = NamedNode(f"{this.value}.{parameter.name}")
        yield Quad(this, link, blank, _GRAPH)
        yield from _told(blank, _BLANK, parameter, place)
        if parameter.name in query.example:
            value = Literal(query.example[parameter.name])
            yield Quad(blank, _EXAMPLE, value, _GRAPH)
    for place, column in enumerate(query.columns, 1):
        cell = NamedNode(f"{this.value}.column.{column.name}")
        yield Quad(this, CSP.gives, cell, _GRAPH)
        yield from _told(cell, _COLUMN, column, place)


def _prefixes() -> Iterator[Quad]:
    """Yield the prefixes that questions use, as SHACL declares them."""
    yield Quad(_PREFIXES, RDF_TYPE, NamedNode(PREFIXES["owl"] + "Ontology"), _GRAPH)
    yield Quad(_PREFIXES, _LABEL, Literal("Prefixes", language="en"), _GRAPH)
    for prefix, space in sorted(PREFIXES.items()):
        this = NamedNode(f"{_PREFIXES.value}/prefix/{prefix}")
        declared = Literal(space, datatype=_ANY_ADDRESS)
        yield Quad(_PREFIXES, NamedNode(PREFIXES["sh"] + "declare"), this, _GRAPH)
        yield Quad(
            this, RDF_TYPE, NamedNode(PREFIXES["sh"] + "PrefixDeclaration"), _GRAPH
        )
        yield Quad(this, _LABEL, Literal(f"Prefix {prefix}", language="en"), _GRAPH)
        yield Quad(this, NamedNode(PREFIXES["sh"] + "prefix"), Literal(prefix), _GRAPH)
        yield Quad(this, NamedNode(PREFIXES["sh"] + "namespace"), declared, _GRAPH)


def _told(
    thing: NamedNode, kind: NamedNode, what: Parameter | Column, place: int
) -> Iterator[Quad]:
    yield Quad(thing, RDF_TYPE, kind, _GRAPH)
    yield Quad(thing, _LABEL, Literal(what.name, language="en"), _GRAPH)
    yield Quad(thing, _NAME, Literal(what.name), _GRAPH)
    yield Quad(thing, _TITLE, Literal(what.title, language="en"), _GRAPH)
    yield Quad(thing, CSP.holds, Literal(what.kind), _GRAPH)
    yield Quad(thing, CSP.position, Literal(place), _GRAPH)
