"""The files of the law as rdflib reads them, with what `csp:asIn` says written out."""

from __future__ import annotations

from functools import cache

from rdflib import Graph, Namespace

from cspgraph.rdf import files
from cspgraph.rdf.terms import PREFIXES

CSP = Namespace(PREFIXES["csp"])
AS_IN = ("extent", "validFrom", "validUntil", "verification", "verifiedBy")


@cache
def law() -> Graph:
    """Return the files of the law; what is as in another provision is written out."""
    graph = Graph()
    for source in files.shipped("data/law", ".ttl"):
        graph.parse(data=source.data, format="turtle")
    return written_out(graph)


def written_out(graph: Graph) -> Graph:
    """Add to `graph` what `csp:asIn` says, and return it.

    Step by step, until nothing new follows: not the way in which the program does it.
    """
    while new := [
        (thing, CSP[name], value)
        for thing, above in graph.subject_objects(CSP.asIn)
        for name in AS_IN
        if (thing, CSP[name], None) not in graph
        for value in graph.objects(above, CSP[name])
    ]:
        for triple in new:
            graph.add(triple)
    return graph
