"""Check the graph, its files as a whole and its duties on one day.

Shapes below `ontology/shapes/snapshot/` ask how duties stand on a day, all others
whether the files are well made. The check itself stands behind one function, `_run`;
what it leaves unsaid is said by `unchecked`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph

from cspgraph.derive import rules
from cspgraph.errors import FileError, ShapeFileError
from cspgraph.questions.doubts import outdated
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.engines import to_rdflib
from cspgraph.rdf.locate import in_form
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import area_iri
from cspgraph.register.spread import spread
from cspgraph.report.findings import Finding, Unseen
from cspgraph.report.report import Report
from cspgraph.validate import inputs, own_shapes, rdflib_view, unchecked
from cspgraph.validate.counties import left_counties
from cspgraph.validate.rdflib_view import Reading, quads
from cspgraph.validate.results import as_results, by_pyshacl, worded
from cspgraph.validate.shacl import Shapes
from cspgraph.validate.standings import Standings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from pathlib import Path

    from rdflib import Graph

    from cspgraph.dataset import Dataset
    from cspgraph.rdf.engines import Oxigraph
    from cspgraph.rdf.labels import Labels
    from cspgraph.rdf.locate import Locations
    from cspgraph.rdf.results import Term

__all__ = [
    "check",
    "outside",
    "run_shapes",
    "shapes",
    "validate",
]

SNAPSHOT = "snapshot"


@cache
def shapes(family: str) -> Graph:
    """Return the shipped shapes of `family`: `snapshot`, or `files` for all others.

    Raises `ShapeFileError` with the line for a file that cannot be parsed.
    """
    files = [
        source
        for source in rdf_files.shipped("ontology/shapes", ".ttl")
        if (f"/{SNAPSHOT}/" in source.name) == (family == SNAPSHOT)
    ]
    try:
        return to_rdflib(quad for source in files for quad in rdf_files.quads(source))
    except FileError as error:
        raise ShapeFileError(error.file, error.problem, error.line) from error


def validate(
    read: Oxigraph,
    day: Oxigraph,
    places: Locations,
    names: Labels,
    on: date,
    area: str = "",
    areas: Collection[str] = (),
) -> Report:
    """Return the report on the files as `read` and on the duties of one `day`.

    `places` say where each subject is described. `area` is the IRI of the area that is
    asked about, and `areas` are those whose duties are reported for it: itself if none
    is given, and all where both are empty. Notes on the files are always reported.
    """
    whole, snapshot = rdflib_view.read(read.store), rdflib_view.read(day.store)
    stands = Standings(snapshot, names, places, areas or ([area] if area else ()))
    place = names.label(area) if area else ""
    part = bool(area or areas)
    notes, missed = _look("files", whole, names, part=part)
    about, unseen = _look(SNAPSHOT, snapshot, names, part=part)
    unseen += missed + unchecked.in_data(whole, shapes("files"))
    if not stands.duties:
        unseen.append(f"there is no duty of {place or 'any area'} on {on}")
    found = [stands.with_law(note, whole) for note in notes]
    found += [stands.with_duty(f) for f in about if f.focus in stands.duties]
    bound = {duty.area for duty in stands.duties.values()}
    idle = [Unseen(item, broken=True) for item in unseen]
    return Report(
        on=on,
        area=place or f"{len(bound)} area{'s' * (len(bound) != 1)}",
        duties=tuple(sorted(stands.duties.values())),
        findings=tuple(sorted(found)),
        witnesses=tuple(sorted(stands.witnesses())),
        unseen=tuple(sorted({*idle, *stands.unseen(f"{on:%-d %B %Y}")})),
    )


def outside(left: int, whole: int) -> list[Unseen]:
    """Return the line that says how many areas of the country were `left` out.

    >>> outside(316, 318)[0].text
    '316 of the 318 areas of England and Wales were not looked at; name one with --area'
    """
    text = f"{left} of the {whole} areas of England and Wales were not looked at"
    return [Unseen(f"{text}; name one with --area", broken=False)] if left else []


def run_shapes(
    data: Graph, shapes_graph: Graph, *, part: bool = False
) -> tuple[Graph, list[str]]:
    """Return the SHACL results for `data`, all or a part, and what was not checked and why.

    Raises `ShapeFileError` for shapes that cannot be used. Neither graph is changed.
    """
    missed = unchecked.in_shapes(data, shapes_graph, part=part)
    return _run(data, shapes_graph), missed


def _run(data: Graph, shapes_graph: Graph) -> Graph:
    """Validate. The seam: another validator goes in here and nowhere else.

    Data that is read where it lies is for our own; pySHACL looks at all other data, and
    wherever a shape has a key that ours does not know.
    """
    store = data.store
    if isinstance(store, Reading):
        asked = Shapes(quads(shapes_graph))
        if not asked.unknown:
            return as_results(asked.check(store.held), shapes_graph)
        data = to_rdflib(quads(data))
    return by_pyshacl(data, shapes_graph)


def _look(
    family: str, data: Graph, names: Labels, *, part: bool
) -> tuple[list[Finding], list[str]]:
    """Return what the shapes of `family` find in `data`, and what was not checked."""
    asked = shapes(family)
    results, missed = run_shapes(data, asked, part=part)
    return list(worded(results, asked, data, names)), missed


def check(
    dataset: Dataset,
    on: date,
    area: str,
    *,
    country: bool = False,
    shipped: bool = False,
    asked_shapes: Sequence[str | Path] = (),
) -> Report:
    """Return the report on the files of `dataset` and on the duties of the day `on`.

    `area` is the address of the area that is asked about. Of a wide one the duties of
    all its districts are looked at; of a district its own, those of its county only where
    the user's records are about that, and otherwise the report names what was left out.
    If it is empty, those of the areas that the dataset keeps to are, or else of those
    on record, or with `country` of all. What was left out is said. All files are looked
    at; what is found in the records of other areas is left out where areas are kept to.
    Where the user put records on top, those alone are reported on, with the areas that
    they are about, and with `shipped` everything. What the user's `asked_shapes` find in
    the graph of the day is always reported. Raises `ShapeFileError` for these.
    """
    asked_of_user = own_shapes.read(asked_shapes)
    alone = bool(dataset.added.sources) and not shipped
    asked_for = spread(dataset.register, area, on) if area else None
    about = asked_for.areas if asked_for else ()
    if asked_for and not asked_for.wide:
        told = dataset.record_index.looked_at
        about = (area, *(county for county in asked_for.above if county in told))
    scope = frozenset(about) or dataset.limit or frozenset()
    if alone and not country:
        scope = scope or dataset.record_index.looked_at
    asked = dataset.limit if country else scope
    nearby = None if asked is None else dataset.nearby(asked, whole=not scope)
    read = dataset.read(nearby, written=True)
    rules.compare(read)
    day, places = dataset.day(on, asked), dataset.locations()
    report = validate(read, day, places, dataset.labels, on, area, about)
    if scope:
        index, around = dataset.record_index, dataset.register.around(scope)
        far = {s.name for s in index.shipped} - {s.name for s in index.near(around)}
        near = tuple(f for f in report.findings if f.file not in far)
        report = replace(report, findings=near)
    if alone:
        mine = {
            in_form(source.name, cell)[0]
            for source in dataset.added.sources
            for cell in ("", *source.cells.values())
        }
        kept = tuple(f for f in report.findings if f.duty or f.file in mine)
        report = replace(report, findings=kept, files=frozenset(mine))
    more = inputs.findings(dataset.added, dataset.labels)
    report = replace(report, findings=tuple(sorted([*report.findings, *more])))
    unseen = inputs.unseen(dataset)
    if asked_shapes:
        found, missed = own_shapes.look(asked_of_user, day, dataset.labels, places)
        report = replace(report, findings=tuple(sorted([*report.findings, *found])))
        unseen += missed
    if nearby and not scope:
        whole = dataset.local_areas(on)
        seen = whole & set(map(area_iri, nearby.asked))
        unseen += outside(len(whole - seen), len(whole))
    unseen += left_counties(dataset, day, asked or (), on)
    receipt = dataset.reach([on], asked or ())

    def select(text: str) -> tuple[Sequence[str], Sequence[Sequence[Term | None]]]:
        return from_json(day.rows(text))

    laws = [[pyoxigraph.Literal(duty.law)] for duty in report.duties]
    receipt |= outdated(laws, dataset.labels, select)
    return replace(report, receipt=receipt).with_unseen(unseen)
