"""How long the rules take to derive roles, duties and verdicts for all dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.timing import Line, in_turns
from cspgraph import duties
from cspgraph.engines import Oxigraph, Reference
from cspgraph.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = ("deriving", "to rdflib running the same rules")


def measure() -> Iterator[Line]:
    """Yield the times of one run of the rules in each engine, on the same data."""
    quads = list(Library().read().quads())
    ours, reference = Oxigraph(quads), Reference(quads)
    yield in_turns(
        "all duties, all areas, all dates",
        lambda: duties.derive(ours),
        lambda: duties.derive(reference),
        rounds=1,
    )
