"""How long each shipped question takes on the day of its example, with that day at hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions

import cspgraph
from bench.timing import Line, in_turns
from cspgraph.questions.query_file import queries
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

AREAS = ("Dorset", "E07000052", "E10000009", "Ashford", "Swindon")
TITLES = ("question", "to rdflib", "to raw pyoxigraph")


def measure() -> Iterator[Line]:
    """Yield the times of each question through the library, rdflib and pyoxigraph.

    All three answer the same SPARQL; the library also reads the names that were
    given and finds the labels and the receipt. The others hold all of a few areas on
    the day, the library the one that is asked for.
    """
    kg = cspgraph.load(areas=AREAS)
    engines: dict[str, tuple[Oxigraph, Reference]] = {}
    for query in queries().values():
        values = dict(query.example)
        day = values.pop("on")
        place = "" if query.all_dates else day
        if place not in engines:
            quads = list((kg.at(day) if place else kg).quads())
            engines[place] = Oxigraph(quads), Reference(quads)
        raw, reference = engines[place]
        ours = partial(kg.answer, query.name, on=day, **values)
        text = query.bind(ours().parameters)
        yield in_turns(
            query.name,
            ours,
            partial(reference.select, text),
            partial(rows, raw, text),
            rounds=5,
        )


def rows(engine: Oxigraph, text: str) -> None:
    found = engine.store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
    if isinstance(found, QuerySolutions):
        list(found)
