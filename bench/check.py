"""How long a check takes, beside pySHACL used plainly with the same shapes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pyshacl import validate

from bench.timing import Line, in_turns
from cspgraph.dataset import Dataset
from cspgraph.rdf.engines import to_rdflib
from cspgraph.rdf.terms import area_iri
from cspgraph.validate.rdflib_view import read
from cspgraph.validate.shapes import run_shapes, shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph

    from cspgraph.rdf.engines import Oxigraph

TITLES = ("check of files and duties on a day", "to pySHACL and its copy of the data")
DAY = date(2024, 7, 23)
DORSET = frozenset([area_iri("E06000059")])


def measure() -> Iterator[Line]:
    """Yield the time of a check, which also tells what was not checked.

    pySHACL needs the data as an rdflib graph; ours reads the store, and none of its
    time is pySHACL's.
    """
    dataset = Dataset()
    for what, areas, rounds in (("one area", DORSET, 3), ("the country", None, 1)):
        nearby = None if areas is None else dataset.nearby(areas)
        held = [
            (dataset.read(nearby), shapes("files")),
            (dataset.day(DAY, areas), shapes("snapshot")),
        ]
        ours = [(read(engine.store), asked) for engine, asked in held]

        def quick(ours: list[tuple[Graph, Graph]] = ours) -> None:
            for data, asked in ours:
                run_shapes(data, asked)

        def plain(held: list[tuple[Oxigraph, Graph]] = held) -> None:
            for engine, asked in held:
                validate(to_rdflib(engine.quads()), shacl_graph=asked)

        yield in_turns(what, quick, plain, rounds=rounds)
