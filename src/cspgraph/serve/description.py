"""What the endpoint says of itself: a SPARQL 1.1 service description."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from cspgraph.rdf.terms import PREFIXES, RDF_TYPE

__all__ = ["written"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV"),
    *("SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML"),
)


def written(address: str, kind: str) -> bytes:
    """Return the description of the endpoint at `address`, as the media type `kind`.

    >>> b"sd:SPARQL11Query" in written("http://localhost:8080/sparql", "text/turtle")
    True
    """
    this, data, graph = BlankNode("service"), BlankNode("data"), BlankNode("graph")
    found = [
        Triple(this, RDF_TYPE, _sd("Service")),
        Triple(this, _sd("endpoint"), NamedNode(address)),
        Triple(this, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(this, _sd("feature"), _sd("UnionDefaultGraph")),
        *(
            Triple(this, _sd("resultFormat"), NamedNode(_FORMATS + name))
            for name in _RESULTS
        ),
        Triple(this, _sd("defaultDataset"), data),
        Triple(data, RDF_TYPE, _sd("Dataset")),
        Triple(data, _sd("defaultGraph"), graph),
        Triple(graph, RDF_TYPE, _sd("Graph")),
    ]
    form = RdfFormat.from_media_type(kind) or RdfFormat.TURTLE
    known = {"sd": _SD, "formats": _FORMATS, "rdf": PREFIXES["rdf"]}
    prefixes = known if form == RdfFormat.TURTLE else {}
    return serialize(found, format=form, prefixes=prefixes) or b""


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
