"""A report as a SHACL validation report in Turtle, for programs that read RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from cspgraph.rdf.terms import PREFIXES, RDF_TYPE, expand
from cspgraph.render.escape import escapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.report.findings import CheckResult, Finding

__all__ = ["written"]

_SH = PREFIXES["sh"]
_BOOLEAN = NamedNode(PREFIXES["xsd"] + "boolean")
_COMMENT = NamedNode(PREFIXES["rdfs"] + "comment")
_SIGNS = set("^/| ")  # of a path of several steps
_SEVERITIES = {"violation": "Violation", "warning": "Warning", "info": "Info"}


def written(report: CheckResult) -> str:
    """Return the findings as a `sh:ValidationReport`; what was not checked is not in it.

    As SHACL has it, data conform only where no result is there at all.
    """
    known = {name: PREFIXES[name] for name in ("rdfs", "sh", "xsd")}
    data = serialize(_report(report), format=RdfFormat.TURTLE, prefixes=known) or b""
    return escapes(data.decode().replace("\t", "    "), pairs=False)


def _report(report: CheckResult) -> Iterator[Triple]:
    whole = BlankNode("report")
    conforms = Literal(str(not report.findings).lower(), datatype=_BOOLEAN)
    yield Triple(whole, RDF_TYPE, _sh("ValidationReport"))
    yield Triple(whole, _sh("conforms"), conforms)
    for told in filter(None, [report.warning, report.reach]):
        yield Triple(whole, _COMMENT, _words(told))
    for number, finding in enumerate(report.findings):
        result = BlankNode(f"result{number}")
        yield Triple(whole, _sh("result"), result)
        yield Triple(result, RDF_TYPE, _sh("ValidationResult"))
        yield from _result(result, finding)


def _result(result: BlankNode, finding: Finding) -> Iterator[Triple]:
    severity = _sh(_SEVERITIES[finding.severity])
    yield Triple(result, _sh("resultSeverity"), severity)
    yield Triple(result, _sh("resultMessage"), _words(finding.message, "en"))
    for key, word in (
        ("focusNode", finding.focus),
        ("resultPath", "" if _SIGNS & set(finding.path) else finding.path),
        ("sourceShape", finding.shape),
        ("sourceConstraintComponent", finding.component),
    ):
        thing = _address(word)
        if thing:
            yield Triple(result, _sh(key), thing)
    if finding.value:
        words = _words(finding.value, finding.value_language)
        value = None if finding.value_language else _address(finding.value)
        yield Triple(result, _sh("value"), value or words)
    if finding.where:
        yield Triple(result, _COMMENT, _words(finding.where))


def _words(text: str, language: str = "") -> Literal:
    """Return a literal; half of a letter, which no file can hold, is spelt out in it."""
    whole = text.encode(errors="backslashreplace").decode()
    return Literal(whole, language=language) if language else Literal(whole)


def _address(word: str) -> NamedNode | None:
    """Return the thing that `word` names; nothing where it is no address."""
    try:
        return NamedNode(expand(word) or "")
    except ValueError:
        return None


def _sh(name: str) -> NamedNode:
    return NamedNode(_SH + name)
