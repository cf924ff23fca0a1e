"""A few areas of every kind, on which most tests run: the country would take minutes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cspgraph.dataset import Dataset
from cspgraph.derive import rules
from cspgraph.rdf import files
from cspgraph.rdf.terms import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.rdf.engines import Oxigraph
    from cspgraph.rdf.files import Source

#: How the names of records end that a tool made of tables.
MADE = "/pages-2026.trig"
#: One area of each kind, those of Dorset before and after 2019, and one with a new code.
AREAS = [
    *("E06000028", "E06000029", "E06000058", "E06000059", "E10000009"),
    *("E07000048", "E07000049", "E07000050", "E07000051", "E07000052", "E07000053"),
    *("E07000105", "E08000019", "E08000039", "E09000030", "W06000024"),
]
#: Of those one of each kind and one that ended, for what is slow: rules run by rdflib.
FEWER = ["E06000059", "E07000049", "E07000105", "E08000039", "E09000030", "W06000024"]
#: One area, of which most is on record: for what would be slow on six.
ONE = ["E06000059"]
#: Questions that are asked of the whole country where no area is given.
NATIONAL = ("areas-with-several", "partnerships")
#: Questions that no server with a day of 2024 is asked: one is asked of all dates, and the
#: examples of the others name areas that ended before.
NOT_OF_2024 = {"membership-changes", "areas-with-several", "partnerships", "who-owes"}


def dataset(own: Sequence[Source] = (), areas: Sequence[str] = AREAS) -> Dataset:
    """Return the shipped files with `own` on top, kept to a few areas."""
    return Dataset(own, areas=areas)


def read(made: Dataset | None = None) -> Oxigraph:
    """Return what the files say of a few areas, told to derive on all dates."""
    made = made or dataset()
    nearby = made.nearby(made.limit or ())
    engine = made.read(nearby)
    rules.window(engine, made._areas(nearby))
    return engine


@cache
def records() -> list[Source]:
    """Return the records kept by hand, and some of those that a tool made of tables.

    Of these, in the order of their names, each that shows a class with a term, or with a
    kind, that none before it showed. What holds for one file is tried on them: two
    hundred more of the same printer would show nothing new.
    """
    chosen, seen = [], set[tuple[str, str]]()
    for source in files.shipped("data/record", ".trig"):
        quads = list(files.quads(source))
        classes = {
            str(q.subject): str(q.object) for q in quads if q.predicate == RDF_TYPE
        }
        shown = {
            (classes.get(str(q.subject), ""), f"{q.predicate} {kind}")
            for q in quads
            for kind in [q.object if "/kind/" in str(q.object) else ""]
        }
        if not source.name.endswith(MADE) or shown - seen:
            chosen.append(source)
            seen |= shown
    return chosen
