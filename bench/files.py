"""How long the files take to read.

The tables of the register are left out of what the others read: they are no RDF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Store
from rdflib import Dataset as Rdflib
from rdflib import Graph

from bench.timing import Line, in_turns
from cspgraph.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = ("reading", "to rdflib alone", "to raw pyoxigraph")


def measure() -> Iterator[Line]:
    """Yield the times of reading all that is shipped."""
    dataset = Dataset()
    files = [*dataset.terms, *dataset.law, *dataset.records]

    def with_rdflib() -> None:
        for source in files:
            turtle = source.suffix == ".ttl"
            graph = Graph() if turtle else Rdflib()
            graph.parse(data=source.data, format="turtle" if turtle else "trig")

    def with_pyoxigraph() -> None:
        store = Store()
        for source in files:
            kind = RdfFormat.from_extension(source.suffix[1:])
            store.load(source.data, kind)

    whole = "all files, and the register for cspgraph"
    yield in_turns(whole, dataset.read, with_rdflib, with_pyoxigraph)
