"""How long questions about England and Wales take, with their day at hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cspgraph
from bench.questions import rows
from bench.timing import Line, in_turns
from cspgraph.questions.query_file import find
from cspgraph.rdf.engines import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = ("question about the country", "to rdflib", "to raw pyoxigraph")
DAY = "2026-04-01"
ASKED = {
    "areas": {},
    "two-tier": {},
    "areas-with-several": {"kind": "integrated care board"},
    "same-kind-elsewhere": {"area": "Dorset", "role": "responsible authority"},
}


def measure() -> Iterator[Line]:
    """Yield the times of each through the library, rdflib and pyoxigraph, on one graph."""
    kg = cspgraph.load(on=DAY)
    engine = kg._dataset.day(kg._day(None), None, "roles")
    reference = Reference(engine.quads())
    for name, given in ASKED.items():
        ours = partial(kg.answer, name, **given)
        text = find(name).bind(ours().parameters)
        works = ours, partial(reference.select, text), partial(rows, engine, text)
        yield in_turns(name, *works, rounds=3)
