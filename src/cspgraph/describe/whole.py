"""A graph with all that it says of itself, as it is written for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from cspgraph.derive import rules
from cspgraph.describe.aligned import aligned as restated
from cspgraph.describe.catalogue import GRAPH, catalogue
from cspgraph.describe.labels import LABEL, labels
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cspgraph.dataset import Dataset
    from cspgraph.rdf.engines import Oxigraph

__all__ = ["described"]


def described(
    engine: Oxigraph,
    dataset: Dataset,
    on: date | None,
    *,
    aligned: bool = False,
    queries: bool = False,
) -> Iterator[Quad]:
    """Yield what `engine` holds of `dataset` on the day `on`, and its description.

    With `aligned`, the same stands there in terms of other vocabularies too; with
    `queries`, the description speaks of the questions, which are written beside it.
    """
    yield from engine.quads()
    own = {quad.graph_name.value for quad in dataset.added.quads()}  # type: ignore[union-attr]
    more = ["aligned"] * aligned + ["queries"] * queries
    files = rules.rules().values()
    told = list(catalogue(engine.store, on, own, dataset.digests, files, more))
    if aligned:
        yield from restated(engine.store, NamedNode(PREFIXES["graph"] + "aligned"))
    yield from told
    held = {quad.subject for quad in told if quad.predicate == LABEL}
    for quad in labels(engine.store, GRAPH):
        if quad.subject not in held:
            yield quad
