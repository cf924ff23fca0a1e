"""What a validator found, as SHACL words it and as findings; and pySHACL as a validator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, SH, SKOS, BNode, Graph, Literal, URIRef

from cspgraph.errors import ShapeFileError
from cspgraph.report.findings import Finding
from cspgraph.validate import unchecked
from cspgraph.validate.rdflib_view import outward
from cspgraph.validate.standings import label, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from cspgraph.rdf.labels import Labels
    from cspgraph.report.findings import Severity
    from cspgraph.validate.shacl import Found

__all__ = ["as_results", "by_pyshacl", "worded"]

_SEVERITIES: dict[Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}


def as_results(found: Iterable[Found], shapes_graph: Graph) -> Graph:
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
        if item.path is not None:
            results.add((node, SH.resultPath, outward(item.path)))
    return results


def by_pyshacl(data: Graph, shapes_graph: Graph, *, sparql: bool = False) -> Graph:
    """Return what pySHACL finds in `data`, of Core alone or what is in `sparql` too.

    Raises `ShapeFileError` where it cannot look.
    """
    from pyshacl import validate as pyshacl_validate
    from pyshacl.errors import ReportableRuntimeError

    # A copy, because pySHACL adds triples to the shapes; without words for people,
    # because it holds every key against a long list; and of what is asked alone.
    keys = unchecked.CORE - unchecked.FOR_PEOPLE
    keys |= unchecked.SPARQL if sparql else set()
    skip, copy = SH.PropertyShape, Graph()
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


def worded(
    results: Graph, asked: Graph, data: Graph, names: Labels
) -> Iterator[Finding]:
    """Yield the `results` for `data` as findings, in the words of the shapes `asked`."""
    # pySHACL gives details of a result as results too; a report holds the result alone.
    alone = set(results.objects(None, SH.result))
    for result in alone or results.subjects(RDF.type, SH.ValidationResult):
        focus, value = (results.value(result, k) for k in (SH.focusNode, SH.value))
        shape = results.value(result, SH.sourceShape)
        severity = results.value(result, SH.resultSeverity)
        why = asked.value(shape, DCTERMS.source)
        path = asked.value(shape, SH.path) or results.value(result, SH.resultPath)
        name, language = label(focus, data, names)
        yield Finding(
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
