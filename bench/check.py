"""How long the check takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyshacl import validate

import cspgraph
from bench.timing import Line, in_turns
from cspgraph.engines import to_rdflib
from cspgraph.shapes import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = ("check", "to pySHACL alone on graphs at hand")
DAY = "2024-07-23"


def measure() -> Iterator[Line]:
    """Yield the time of a check beside that of pySHACL with the same shapes.

    The check also turns the graph into rdflib's, looks for what was not checked, and
    puts the results into words.
    """
    kg = cspgraph.load(on=DAY, areas=["Dorset"])
    kg.validate(area="Dorset")
    library = kg._library
    graphs = [
        (
            to_rdflib(library.read(library.nearby(library.limit or ())).quads()),
            shapes("files"),
        ),
        (kg.to_rdflib(), shapes("snapshot")),
    ]

    def alone() -> None:
        for data, wanted in graphs:
            validate(data, shacl_graph=wanted, inplace=False)

    ours = "files and duties of one area"
    yield in_turns(ours, lambda: kg.validate(area="Dorset"), alone, rounds=3)
