"""Check the graph, its files as a whole and its duties on one day.

Shapes below `ontology/shapes/snapshot/` ask how duties stand on a day, all others
whether the files are well made. The check itself stands behind one function, `_run`;
what it leaves unsaid is said by `unchecked`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, RDFS, SH, BNode, Graph, Literal, URIRef

from cspgraph import reading, sources, unchecked
from cspgraph.engines import to_rdflib
from cspgraph.errors import FileError, ShapeFileError
from cspgraph.reading import Reading, outward, quads
from cspgraph.reports import Finding, Report, Witness
from cspgraph.validator import Shapes
from cspgraph.vocab import CSP, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from rdflib.term import Node

    from cspgraph.engines import Oxigraph
    from cspgraph.names import Names
    from cspgraph.reports import Severity
    from cspgraph.validator import Found

__all__ = ["check", "shapes", "validate"]

SNAPSHOT = "snapshot"

_SEVERITIES: dict[Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}
_STANDINGS = "OnRecord PartlyOnRecord NotOnRecord NotDueYet NotLookedFor NotTestable"


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
    places: Mapping[str, str],
    names: Names,
    on: date,
    area: str = "",
) -> Report:
    """Return the report on the files as `read` and on the duties of one `day`.

    `places` say in which file each subject is described. `area` is the IRI of the one area
    whose duties are reported, or empty for all; notes on the files always are.
    """
    snapshot, whole = reading.read(day.store), reading.read(read.store)
    duties = {
        duty
        for duty in snapshot.subjects(RDF.type, _term("Duty"))
        if not area or (duty, _term("area"), URIRef(area)) in snapshot
    }
    place = names.label(area) if area else ""
    notes, missed = _look("files", whole, names, places)
    about, unseen = _look(SNAPSHOT, snapshot, names, {})
    unseen += unchecked.in_data(whole, shapes("files"))
    if not duties:
        unseen.append(f"there is no duty of {place or 'any area'} on {on}")
    stand = [
        _about_duty(f, snapshot, names) for f in about if URIRef(f.focus) in duties
    ]
    areas = {a for duty in duties for a in snapshot.objects(duty, _term("area"))}
    return Report(
        on=on,
        area=place or f"{len(areas)} areas",
        findings=tuple(sorted([*notes, *stand])),
        witnesses=tuple(sorted(_witnesses(duties, snapshot, names))),
        not_checked=tuple(sorted({*missed, *unseen})),
        standings=_standings(duties, snapshot, names),
    )


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


def _look(
    family: str, data: Graph, names: Names, places: Mapping[str, str]
) -> tuple[list[Finding], list[str]]:
    """Return what the shapes of `family` find in `data`, and what was not checked."""
    asked = shapes(family)
    results, missed = check(data, asked)
    findings = []
    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus = results.value(result, SH.focusNode)
        shape = results.value(result, SH.sourceShape)
        severity = results.value(result, SH.resultSeverity)
        why, path = asked.value(shape, DCTERMS.source), asked.value(shape, SH.path)
        found = Finding(
            severity=_SEVERITIES.get(severity, "violation"),
            law=_text(data.value(why, _term("citation"))),
            reason=_text(why) if isinstance(why, Literal) else "",
            focus=str(focus),
            label=_label(focus, data, names),
            shape=str(shape),
            message=_text(asked.value(shape, SH.message)),
            path=", ".join(
                sorted(_text(step) for step in unchecked.steps(path, asked))
            ),
            value=_text(results.value(result, SH.value)),
            file=places.get(str(focus), ""),
        )
        findings.append(found)
    return findings, missed


def _about_duty(finding: Finding, snapshot: Graph, names: Names) -> Finding:
    """Return `finding` with the duty's law and words in place of the shape's."""
    duty = URIRef(finding.focus)
    bearers = sorted(
        names.label(str(b)) for b in snapshot.objects(duty, _term("bearer"))
    )
    words = (", ".join(bearers), _text(snapshot.value(duty, _term("statement"))))
    return finding.with_duty(_law(duty, snapshot), ": ".join(filter(None, words)))


def _witnesses(
    duties: Iterable[Node], snapshot: Graph, names: Names
) -> Iterator[Witness]:
    for duty in duties:
        for evidence in snapshot.objects(duty, _term("evidencedBy")):
            places = {
                f"{_label(document, snapshot, names)}, {_text(snapshot.value(passage, _term('paragraph')))}"
                for passage in snapshot.objects(evidence, _term("source"))
                for document in snapshot.objects(passage, _term("inDocument"))
            }
            yield Witness(
                law=_law(duty, snapshot),
                duty=str(duty),
                statement=_text(snapshot.value(duty, _term("statement"))),
                evidence=_label(evidence, snapshot, names),
                on=_text(snapshot.value(evidence, _term("on"))),
                source="; ".join(sorted(places)),
            )


def _standings(duties: Iterable[Node], snapshot: Graph, names: Names) -> dict[str, int]:
    """Return how many duties stand in each way, the six ways in their order."""
    counts = {PREFIXES["standing"] + name: 0 for name in _STANDINGS.split()}
    for duty in duties:
        for standing in snapshot.objects(duty, _term("standing")):
            counts[str(standing)] = counts.get(str(standing), 0) + 1
    return {names.label(standing): count for standing, count in counts.items()}


def _law(duty: Node, snapshot: Graph) -> str:
    provision = snapshot.value(duty, _term("provision"))
    return _text(snapshot.value(provision, _term("citation")))


def _label(thing: Node | None, data: Graph, names: Names) -> str:
    own = data.value(thing, RDFS.label)
    return str(own) if own is not None else names.label(str(thing))


def _term(name: str) -> URIRef:
    return URIRef(getattr(CSP, name).value)


def _text(node: Node | None) -> str:
    if node is None:
        return ""
    return str(node) if isinstance(node, Literal) else compact(str(node))
