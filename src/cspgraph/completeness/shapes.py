"""Check the graph, its files as a whole and its duties on one day.

Shapes below `ontology/shapes/snapshot/` ask how duties stand on a day, all others
whether the files are well made. The check itself stands behind one function, `_run`;
what it leaves unsaid is said by `unchecked`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, SH, SKOS, BNode, Graph, Literal, URIRef

from cspgraph import sources
from cspgraph.completeness import reading, unchecked
from cspgraph.completeness.reading import Reading, outward, quads
from cspgraph.completeness.reports import Report
from cspgraph.completeness.standings import Standings, label, text
from cspgraph.completeness.validator import Shapes
from cspgraph.engines import to_rdflib
from cspgraph.errors import FileError, ShapeFileError
from cspgraph.findings import Finding, Unseen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from rdflib.term import Node

    from cspgraph.completeness.validator import Found
    from cspgraph.engines import Oxigraph
    from cspgraph.findings import Severity
    from cspgraph.names import Names
    from cspgraph.places import Places

__all__ = ["check", "outside", "shapes", "validate"]

SNAPSHOT = "snapshot"

_SEVERITIES: dict[Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}


@cache
def shapes(family: str) -> Graph:
    """Return the shipped shapes of `family`: `snapshot`, or `files` for all others.

    Raises `ShapeFileError` with the line for a file that cannot be parsed.
    """
    files = [
        source
        for source in sources.shipped("ontology/shapes", ".ttl")
        if (f"/{SNAPSHOT}/" in source.name) == (family == SNAPSHOT)
    ]
    try:
        return to_rdflib(quad for source in files for quad in sources.quads(source))
    except FileError as error:
        raise ShapeFileError(error.file, error.problem, error.line) from error


def validate(
    read: Oxigraph,
    day: Oxigraph,
    places: Places,
    names: Names,
    on: date,
    area: str = "",
    areas: Collection[str] = (),
) -> Report:
    """Return the report on the files as `read` and on the duties of one `day`.

    `places` say where each subject is described. `area` is the IRI of the area that is
    asked about, and `areas` are those whose duties are reported for it: itself if none
    is given, and all where both are empty. Notes on the files are always reported.
    """
    whole, snapshot = reading.read(read.store), reading.read(day.store)
    stands = Standings(snapshot, names, places, areas or ([area] if area else ()))
    place = names.label(area) if area else ""
    notes, missed = _look("files", whole, names)
    about, unseen = _look(SNAPSHOT, snapshot, names)
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


def check(data: Graph, shapes_graph: Graph) -> tuple[Graph, list[str]]:
    """Return the SHACL results for `data`, and what was not checked and why.

    Raises `ShapeFileError` for shapes that cannot be used. Neither graph is changed.
    """
    return _run(data, shapes_graph), unchecked.in_shapes(data, shapes_graph)


def _run(data: Graph, shapes_graph: Graph) -> Graph:
    """Validate. The seam: another validator goes in here and nowhere else.

    Data that is read where it lies is for our own; pySHACL looks at all other data, and
    wherever a shape has a key that ours does not know.
    """
    store = data.store
    if isinstance(store, Reading):
        asked = Shapes(quads(shapes_graph))
        if not asked.unknown:
            return _results(asked.check(store.held), shapes_graph)
        data = to_rdflib(quads(data))
    return _by_pyshacl(data, shapes_graph)


def _results(found: Iterable[Found], shapes_graph: Graph) -> Graph:
    """Return what was `found` as SHACL words it."""
    results = Graph()
    for item in found:
        node, shape = BNode(), outward(item.shape)
        key = item.component[0].upper() + item.component[1:]
        severity = shapes_graph.value(shape, SH.severity) or SH.Violation
        results.add((node, RDF.type, SH.ValidationResult))
        results.add((node, SH.focusNode, outward(item.focus)))
        results.add((node, SH.sourceShape, shape))
        results.add((node, SH.resultSeverity, severity))
        results.add(
            (node, SH.sourceConstraintComponent, SH[f"{key}ConstraintComponent"])
        )
        if item.value is not None:
            results.add((node, SH.value, outward(item.value)))
    return results


def _by_pyshacl(data: Graph, shapes_graph: Graph) -> Graph:
    from pyshacl import validate as pyshacl_validate
    from pyshacl.errors import ReportableRuntimeError

    # A copy, because pySHACL adds triples to the shapes; without words for people,
    # because it holds every key against a long list; and of Core alone.
    keys, skip, copy = unchecked.CORE - unchecked.FOR_PEOPLE, SH.PropertyShape, Graph()
    copy += (t for t in shapes_graph if t[1] in keys and t[2] != skip)
    try:
        _, results, text = pyshacl_validate(
            data, shacl_graph=copy, inplace=False, do_owl_imports=False, js=False
        )
    except ReportableRuntimeError as error:
        raise ShapeFileError("ontology/shapes", str(error)) from error
    if not isinstance(results, Graph):
        raise ShapeFileError("ontology/shapes", str(text)) from results
    return results


def _look(family: str, data: Graph, names: Names) -> tuple[list[Finding], list[str]]:
    """Return what the shapes of `family` find in `data`, and what was not checked."""
    asked = shapes(family)
    results, missed = check(data, asked)
    findings = []
    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus, value = (results.value(result, k) for k in (SH.focusNode, SH.value))
        shape = results.value(result, SH.sourceShape)
        severity = results.value(result, SH.resultSeverity)
        why, path = asked.value(shape, DCTERMS.source), asked.value(shape, SH.path)
        name, language = label(focus, data, names)
        found = Finding(
            severity=_SEVERITIES.get(severity, "violation"),
            law=str(why) if isinstance(why, URIRef) else "",
            link="",
            reason=text(why) if isinstance(why, Literal) else "",
            duty="",
            bodies=(),
            area="",
            focus=str(focus),
            label=name,
            language=language,
            shape=str(shape),
            component=str(results.value(result, SH.sourceConstraintComponent)),
            message=text(asked.value(shape, SH.message)),
            path=unchecked.route(path, asked),
            value=text(value),
            value_language=getattr(value, "language", None) or "",
            example=" or ".join(sorted(map(text, asked.objects(shape, SKOS.example)))),
            file="",
            place="",
        )
        findings.append(found)
    return findings, missed
