"""How long the rules take to derive roles, duties and verdicts.

rdflib is given a sample, three areas, because the country would take it long.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from bench.timing import Line, in_turns
from cspgraph.dataset import Dataset
from cspgraph.derive import rules
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.terms import PREFIXES, area_iri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

TITLES = ("deriving", "to rdflib running the same rules", "to raw pyoxigraph")
DAY = date(2024, 7, 23)
SAMPLE = ("E06000059", "E07000223", "E09000030")


class Raw:
    """A pyoxigraph store as anybody would use it: a CONSTRUCT, and its triples added."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.store = Store()
        self.store.extend(quads)

    def infer(self, text: str, graph: str) -> None:
        """Put what the CONSTRUCT query `text` gives into the graph with the IRI `graph`."""
        found = self.store.query(
            text, prefixes=PREFIXES, use_default_graph_as_union=True
        )
        assert isinstance(found, QueryTriples)  # noqa: S101 - a rule builds a graph
        self.add(found, graph)

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Put `triples` into the graph with the IRI `graph`."""
        place = NamedNode(graph)
        self.store.extend(
            Quad(t.subject, t.predicate, t.object, place) for t in triples
        )


def measure() -> Iterable[Line]:
    """Yield the times of one run of the rules in each engine, on the same data."""
    dataset = Dataset()
    sample = frozenset(map(area_iri, SAMPLE))
    one = frozenset(map(area_iri, SAMPLE[:1]))
    yield _line("one area, one day", _told(dataset, one, DAY), rdflib=True)
    yield _line("a sample, three areas, all dates", _told(dataset, sample), rdflib=True)
    yield _line("the country, roles of one day", _told(dataset, None, DAY), "roles")
    yield _line("the country, duties of one day", _told(dataset, None, DAY))
    yield _line("the country, duties of all dates", _told(dataset, None))


def _told(
    dataset: Dataset, areas: frozenset[str] | None, day: date | None = None
) -> list[Quad]:
    """Return what the files say, and which areas are to be looked at on which days."""
    nearby = None if areas is None else dataset.nearby(areas)
    engine = dataset.read(nearby)
    rules.window(engine, dataset._areas(nearby), day)
    return list(engine.quads())


def _line(
    what: str, quads: list[Quad], depth: str = "duties", *, rdflib: bool = False
) -> Line:
    engines = [Oxigraph(quads), *([Reference(quads)] if rdflib else []), Raw(quads)]
    works = [lambda e=e: rules.derive(e, rules.up_to(depth)) for e in engines]
    _, ours, others = in_turns(what, *works, rounds=1)
    return what, ours, others if rdflib else [None, *others]
