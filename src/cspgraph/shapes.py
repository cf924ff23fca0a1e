"""Check the graph, its files as a whole and its duties on one day.

Shapes below `ontology/shapes/snapshot/` ask how duties stand on one day, all
others whether the files are well made. pySHACL does the checking behind one
function, `_run`. What it does not say is said here: a shape that looked at
nothing, asks for nothing, is switched off or is not in use, a key that SHACL Core
does not know and a term that no vocabulary defines are reported as not checked.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef

from cspgraph import register, sources
from cspgraph.engines import to_rdflib
from cspgraph.errors import FileError, ShapeFileError
from cspgraph.reports import Finding, Report, Witness
from cspgraph.vocab import CSP, PREFIXES, RDF_TYPE, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from rdflib.term import Node

    from cspgraph.engines import Oxigraph
    from cspgraph.names import Names
    from cspgraph.reports import Severity
    from cspgraph.sources import Source

__all__ = ["check", "shapes", "validate"]

SNAPSHOT = "snapshot"

_SEVERITIES: dict[Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}
_STANDINGS = "OnRecord PartlyOnRecord NotOnRecord NotDueYet NotLookedFor NotTestable"
_CLOSED = (RDF, RDFS, OWL, SKOS, XSD, DCTERMS)


def _keys(names: str) -> frozenset[URIRef]:
    return frozenset(SH[name] for name in names.split())


#: The keys of SHACL Core: what a shape looks at, what makes use of another shape,
#: what takes a property or a path, what is for people, and what asks for something.
_TARGETS = _keys("targetClass targetNode targetSubjectsOf targetObjectsOf")
_USES = _keys("property node not qualifiedValueShape") | {RDF.first}
_PAIRS = _keys("equals disjoint lessThan lessThanOrEquals")
_PATHS = _keys("path targetSubjectsOf targetObjectsOf") | _PAIRS
_WORDS = _keys("name description order group message") | {DCTERMS.source}
_ASKS = _PAIRS | _keys("""minCount maxCount datatype nodeKind class node in hasValue
    pattern minLength maxLength minInclusive maxInclusive minExclusive maxExclusive
    languageIn uniqueLang not and or xone qualifiedValueShape closed property""")
_OTHER = _keys("""NodeShape PropertyShape PropertyGroup Violation Warning Info IRI BlankNode
    Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral inversePath alternativePath
    zeroOrMorePath oneOrMorePath zeroOrOnePath flags qualifiedMinCount qualifiedMaxCount
    qualifiedValueShapesDisjoint ignoredProperties severity deactivated
    defaultValue""") | {RDF.type, RDF.rest, RDFS.label, RDFS.comment}
_KNOWN = _TARGETS | _USES | _PATHS | _WORDS | _ASKS | _OTHER


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
    files: Iterable[Source],
    names: Names,
    on: date,
    area: str = "",
) -> Report:
    """Return the report on the files as `read` and on the duties of one `day`.

    `files` say where each subject is described. `area` is the IRI of the one area
    whose duties are reported, or empty for all; notes on the files always are.
    """
    snapshot = to_rdflib(day.quads())
    duties = {
        duty
        for duty in snapshot.subjects(RDF.type, _term("Duty"))
        if not area or (duty, _term("area"), URIRef(area)) in snapshot
    }
    notes, unchecked = _look("files", to_rdflib(read.quads()), names, _places(files))
    standings, unseen = _look(SNAPSHOT, snapshot, names, {})
    about = [
        _about_duty(finding, snapshot, names)
        for finding in standings
        if URIRef(finding.focus) in duties
    ]
    return Report(
        on=on,
        area=names.label(area) if area else "",
        findings=tuple(sorted([*notes, *about])),
        witnesses=tuple(sorted(_witnesses(duties, snapshot, names))),
        not_checked=tuple(sorted({*unchecked, *unseen})),
        standings=_standings(duties, snapshot, names),
    )


def check(data: Graph, shapes_graph: Graph) -> tuple[Graph, list[str]]:
    """Return the SHACL results for `data`, and what was not checked and why.

    Raises `ShapeFileError` for shapes that cannot be used. Neither graph is changed.
    """
    unchecked = {*_idle(data, shapes_graph), *_not_known(shapes_graph)}
    return _run(data, shapes_graph), sorted(unchecked)


def _run(data: Graph, shapes_graph: Graph) -> Graph:
    """Validate. The seam: another validator goes in here and nowhere else."""
    from pyshacl import validate as pyshacl_validate
    from pyshacl.errors import ReportableRuntimeError

    # pySHACL adds triples to the shapes, so it gets a copy; and it holds every key
    # against a long list for every node, so the copy leaves out what asks nothing.
    copy, skip = Graph(), SH.PropertyShape
    copy += (t for t in shapes_graph if t[1] not in _WORDS and t[2] != skip)
    try:
        _, results, text = pyshacl_validate(
            data, shacl_graph=copy, inplace=False, do_owl_imports=False, js=False
        )
    except ReportableRuntimeError as error:
        raise ShapeFileError("ontology/shapes", str(error)) from error
    if not isinstance(results, Graph):
        raise ShapeFileError("ontology/shapes", str(text)) from results
    return results


def _idle(data: Graph, shapes_graph: Graph) -> Iterator[str]:
    """Yield the shapes that looked at nothing, ask for nothing or are switched off."""
    if not shapes_graph:
        yield "there are no shapes"
    used = {thing for key in _USES for thing in shapes_graph.objects(None, key)}
    marks = [(RDF.type, SH.NodeShape), (RDF.type, SH.PropertyShape), (SH.path, None)]
    found = {s for mark in marks for s in shapes_graph.subjects(*mark)}
    for shape in found.union(*(shapes_graph.subjects(key) for key in _TARGETS)):
        name = _text(shape)
        if str(shapes_graph.value(shape, SH.deactivated)) in ("true", "1"):
            yield f"{name} is switched off"
        if not _ASKS.intersection(shapes_graph.predicates(shape)):
            yield f"{name} asks for nothing"
        targets = [(k, t) for k in _TARGETS for t in shapes_graph.objects(shape, k)]
        if not targets and shape not in used:
            yield f"{name} looked at nothing: it has no target, and no shape uses it"
        for key, target in targets:
            if not _present(data, key, target):
                fact = "there is no" if key == SH.targetClass else "nothing has"
                yield f"{name} looked at nothing: {fact} {_text(target)}"


def _present(data: Graph, key: URIRef, target: Node) -> bool:
    """Return whether `data` has what the target `key` with this value asks for."""
    if key == SH.targetClass:
        classes = data.transitive_subjects(RDFS.subClassOf, target)
        return any((None, RDF.type, item) in data for item in classes)
    pattern = (target, None, None) if key == SH.targetNode else (None, target, None)
    return pattern in data


def _not_known(shapes_graph: Graph) -> Iterator[str]:
    """Yield keys that SHACL Core does not know, and terms that nobody defines."""
    named = {thing for thing in shapes_graph.objects() if isinstance(thing, URIRef)}
    keys = {thing for thing in named if thing.startswith(PREFIXES["sh"])}
    for key in keys.union(shapes_graph.predicates()) - _KNOWN:
        yield f"{_text(key)} is not a key that SHACL Core knows"
    paths = {path for key in _PATHS for path in shapes_graph.objects(None, key)}
    steps = {step for path in paths for step in _steps(path, shapes_graph)}
    spaces = (PREFIXES["csp"], *(str(space) for space in _CLOSED))
    terms = {URIRef(PREFIXES["csp"] + name) for name in CSP}
    for term in steps.union(thing for thing in named if str(thing).startswith(spaces)):
        if term not in terms and not any(term in space for space in _CLOSED):
            yield f"{_text(term)} is not a term of the ontology"


def _steps(path: Node | None, shapes_graph: Graph) -> set[URIRef]:
    """Return the properties that `path` is made of."""
    if isinstance(path, URIRef):
        return {path} - {RDF.nil}
    return {
        s for part in shapes_graph.objects(path) for s in _steps(part, shapes_graph)
    }


def _look(
    family: str, data: Graph, names: Names, places: Mapping[str, str]
) -> tuple[list[Finding], list[str]]:
    """Return what the shapes of `family` find in `data`, and what was not checked."""
    asked = shapes(family)
    results, unchecked = check(data, asked)
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
            path=", ".join(sorted(_text(step) for step in _steps(path, asked))),
            value=_text(results.value(result, SH.value)),
            file=places.get(str(focus), ""),
        )
        findings.append(found)
    return findings, unchecked


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


def _places(files: Iterable[Source]) -> dict[str, str]:
    """Return for each thing the file, or files, that describe it."""
    terms, tables = sources.shipped("ontology", ".ttl"), sources.shipped("data", ".csv")
    known: dict[str, set[str]] = defaultdict(set)
    for source in {file.name: file for file in (*terms, *tables, *files)}.values():
        table = source.suffix == ".csv"
        for quad in register.quads([source]) if table else sources.quads(source):
            if quad.predicate == RDF_TYPE:
                known[quad.subject.value].add(source.name)  # type: ignore[union-attr]
    return {thing: "; ".join(sorted(found)) for thing, found in known.items()}


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
