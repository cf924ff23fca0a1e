"""Check the graph: is the data well made, and how do the duties stand on a day?

Shapes below `ontology/shapes/snapshot/` look at one day, all others at what the
files say. pySHACL does the checking behind one function, `_run`. What it does
not say is said here: a shape that looked at nothing, a key that SHACL does not
know and a path that the ontology does not define are reported as not checked.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef

from cspgraph import sources
from cspgraph.engines import to_rdflib
from cspgraph.errors import ShapeFileError
from cspgraph.reports import Finding, Report, Witness
from cspgraph.vocab import CSP, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from rdflib.term import Node

    from cspgraph.engines import Oxigraph
    from cspgraph.names import Names
    from cspgraph.sources import Source

__all__ = ["check", "shapes", "validate"]

SNAPSHOT = "snapshot"
_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_SOURCE = URIRef(PREFIXES["dct"] + "source")
_KEYS = frozenset(
    [
        "NodeShape",
        "PropertyShape",
        "PropertyGroup",
        "Violation",
        "Warning",
        "Info",
        "IRI",
        "BlankNode",
        "Literal",
        "BlankNodeOrIRI",
        "BlankNodeOrLiteral",
        "IRIOrLiteral",
        "targetClass",
        "targetNode",
        "targetSubjectsOf",
        "targetObjectsOf",
        "property",
        "path",
        "inversePath",
        "alternativePath",
        "zeroOrMorePath",
        "oneOrMorePath",
        "zeroOrOnePath",
        "minCount",
        "maxCount",
        "datatype",
        "nodeKind",
        "class",
        "node",
        "in",
        "hasValue",
        "pattern",
        "flags",
        "minLength",
        "maxLength",
        "minInclusive",
        "maxInclusive",
        "minExclusive",
        "maxExclusive",
        "languageIn",
        "uniqueLang",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
        "not",
        "and",
        "or",
        "xone",
        "qualifiedValueShape",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "closed",
        "ignoredProperties",
        "severity",
        "message",
        "name",
        "description",
        "order",
        "group",
        "deactivated",
        "defaultValue",
        "sparql",
        "select",
        "prefixes",
        "declare",
        "prefix",
        "namespace",
    ]
)


@cache
def shapes(family: str) -> Graph:
    """Return the shipped shapes of `family`: `snapshot`, or `files` for all others.

    Raises `ShapeFileError` with the line for a file that cannot be parsed.
    """
    graph = Graph()
    for source in sources.shipped("ontology/shapes", ".ttl"):
        if (f"/{SNAPSHOT}/" in source.name) == (family == SNAPSHOT):
            graph += to_rdflib(sources.quads(source))
    return graph


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
    to report on, or empty for all.
    """
    whole, snapshot = to_rdflib(read.quads()), to_rdflib(day.quads())
    places = _places(files)
    found, unchecked = check(whole, shapes("files"))
    standing, unseen = check(snapshot, shapes(SNAPSHOT))
    findings = [
        *_findings(found, whole, names, places),
        *(
            _about_duty(item, snapshot, names)
            for item in _findings(standing, snapshot, names, places)
        ),
    ]
    duties = [
        duty
        for duty in snapshot.subjects(RDF.type, _term("Duty"))
        if not area or (duty, _term("area"), URIRef(area)) in snapshot
    ]
    known = {str(duty) for duty in duties}
    kept = [f for f in findings if f.law == "" or not area or f.focus in known]
    return Report(
        on=on,
        area=names.label(area) if area else "",
        findings=tuple(sorted(kept)),
        witnesses=tuple(sorted(_witnesses(duties, snapshot, names))),
        not_checked=tuple(sorted({*unchecked, *unseen})),
        standings=_standings(duties, snapshot, names),
    )


def check(data: Graph, shapes_graph: Graph) -> tuple[Graph, list[str]]:
    """Return the SHACL results for `data`, and what was not checked and why."""
    return _run(data, shapes_graph), list(_not_checked(data, shapes_graph))


def _run(data: Graph, shapes_graph: Graph) -> Graph:
    """Validate. The seam: another validator goes in here and nowhere else."""
    from pyshacl import validate as pyshacl_validate

    _, results, text = pyshacl_validate(
        data, shacl_graph=shapes_graph, inplace=False, do_owl_imports=False, js=False
    )
    if not isinstance(results, Graph):
        raise ShapeFileError("ontology/shapes", str(text)) from results
    return results


def _not_checked(data: Graph, shapes_graph: Graph) -> Iterator[str]:
    for shape in shapes_graph.subjects(RDF.type, SH.NodeShape):
        targets = list(shapes_graph.objects(shape, SH.targetClass))
        if targets and not any((None, RDF.type, target) in data for target in targets):
            looked = ", ".join(compact(str(target)) for target in targets)
            yield f"{compact(str(shape))} looked at nothing: there is no {looked}"
    for key in set(shapes_graph.predicates()):
        name = str(key).removeprefix(str(SH))
        if str(key).startswith(str(SH)) and name not in _KEYS:
            yield f"sh:{name} is not a key that SHACL knows"
    terms = set(CSP)
    for path in shapes_graph.objects(None, SH.path):
        if (
            str(path).startswith(PREFIXES["csp"])
            and compact(str(path))[4:] not in terms
        ):
            yield f"{compact(str(path))} is not a term of the ontology"


def _findings(
    results: Graph, data: Graph, names: Names, places: Mapping[str, str]
) -> Iterator[Finding]:
    known = shapes("files") + shapes(SNAPSHOT)
    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus = results.value(result, SH.focusNode)
        shape = results.value(result, SH.sourceShape)
        severity = results.value(result, SH.resultSeverity)
        yield Finding(
            severity=_SEVERITIES.get(severity, "violation"),  # type: ignore[arg-type]
            law=_text(known.value(shape, _SOURCE)),
            focus=str(focus),
            label=_label(focus, data, names),
            shape=str(shape),
            message=_text(results.value(result, SH.resultMessage)),
            path=_text(results.value(result, SH.resultPath)),
            value=_text(results.value(result, SH.value)),
            file=places.get(str(focus), ""),
        )


def _about_duty(finding: Finding, snapshot: Graph, names: Names) -> Finding:
    """Return `finding` with the duty's words and law in place of the shape's."""
    duty = URIRef(finding.focus)
    provision = snapshot.value(duty, _term("provision"))
    law = _text(snapshot.value(provision, _term("citation")))
    bearers = ", ".join(_bearers(duty, snapshot, names))
    statement = _text(snapshot.value(duty, _term("statement")))
    return finding.with_duty(law, f"{bearers}: {statement}" if bearers else statement)


def _witnesses(
    duties: Iterable[Node], snapshot: Graph, names: Names
) -> Iterator[Witness]:
    for duty in duties:
        for evidence in snapshot.objects(duty, _term("evidencedBy")):
            provision = snapshot.value(duty, _term("provision"))
            places = {
                f"{_text(snapshot.value(document, RDFS.label))}, {_text(snapshot.value(passage, _term('paragraph')))}"
                for passage in snapshot.objects(evidence, _term("source"))
                for document in snapshot.objects(passage, _term("inDocument"))
            }
            yield Witness(
                law=_text(snapshot.value(provision, _term("citation"))),
                duty=str(duty),
                statement=_text(snapshot.value(duty, _term("statement"))),
                evidence=_label(evidence, snapshot, names),
                on=_text(snapshot.value(evidence, _term("on"))),
                source="; ".join(sorted(places)),
            )


def _standings(duties: Iterable[Node], snapshot: Graph, names: Names) -> dict[str, int]:
    order = "OnRecord PartlyOnRecord NotOnRecord NotDueYet NotLookedFor NotTestable"
    counts = {PREFIXES["standing"] + name: 0 for name in order.split()}
    for duty in duties:
        for standing in snapshot.objects(duty, _term("standing")):
            counts[str(standing)] += 1
    return {names.label(standing): count for standing, count in counts.items()}


def _bearers(duty: Node, snapshot: Graph, names: Names) -> list[str]:
    return sorted(names.label(str(b)) for b in snapshot.objects(duty, _term("bearer")))


def _places(files: Iterable[Source]) -> dict[str, str]:
    """Return for each subject the file that describes it."""
    return {
        quad.subject.value: source.name  # type: ignore[union-attr]
        for source in files
        for quad in sources.quads(source)
    }


def _label(thing: Node | None, data: Graph, names: Names) -> str:
    own = data.value(thing, RDFS.label)
    return str(own) if own is not None else names.label(str(thing))


def _term(name: str) -> URIRef:
    return URIRef(getattr(CSP, name).value)


def _text(node: Node | None) -> str:
    return (
        ""
        if node is None
        else str(node if isinstance(node, Literal) else compact(str(node)))
    )
