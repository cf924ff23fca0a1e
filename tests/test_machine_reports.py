"""The formats for other programs: SARIF, JUnit XML and a SHACL report in Turtle."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from rdflib import RDF, RDFS, SH, Graph

from cspgraph.rdf.terms import compact
from test_hostile_reports import HOSTILE, hostile

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.report.report import Report

SCHEMAS = Path(__file__).parent / "schemas"
SARIF, STANDARD = (
    json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    for name in ("sarif-parts.schema.json", "sarif-2.1.0.json")
)
SHIPPED_DAY = date(2024, 7, 23)


@pytest.fixture(scope="module")
def shipped(kg: KnowledgeGraph) -> Report:
    return kg.validate(on=SHIPPED_DAY, area="Dorset")


@pytest.fixture(scope="module")
def reports(kg: KnowledgeGraph, shipped: Report) -> list[Report]:
    """Return reports of every kind: whole, changed, empty, with gaps, hostile."""
    later = kg.validate(on="2024-10-11", area="Dorset")
    empty = replace(shipped, findings=(), duties=(), witnesses=())
    gaps = kg.validate(on=SHIPPED_DAY)
    wild = [hostile(text) for text in HOSTILE]
    return [shipped, later, later.since_then(shipped), empty, gaps, *wild]


# SARIF


def run(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.to("sarif"))["runs"][0]
    return found


each_schema = pytest.mark.parametrize(
    "schema", [SARIF, STANDARD], ids=["its parts", "the standard"]
)


@each_schema
def test_sarif_keeps_to_its_schema(
    schema: dict[str, Any], reports: list[Report]
) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for report in reports:
        validator.validate(json.loads(report.to("sarif")))


@each_schema
def test_sarif_of_another_make_is_refused(
    schema: dict[str, Any], shipped: Report
) -> None:
    """The schema bites: a level, a line or a key that the standard does not know."""
    validator = jsonschema.Draft202012Validator(schema)
    for old, new in (
        ('"level": "error"', '"level": "violation"'),
        ('"startLine": ', '"startLine": -'),
        ('"ruleIndex": ', '"ruleNumber": '),
        ('"version": "2.1.0"', '"version": "2.0.0"'),
    ):
        text = shipped.to("sarif")
        assert old in text
        assert not validator.is_valid(json.loads(text.replace(old, new))), old


def test_sarif_tells_each_finding_on_its_line(shipped: Report) -> None:
    rules = run(shipped)["tool"]["driver"]["rules"]
    results = run(shipped)["results"]
    placed = [finding for finding in shipped.findings if finding.file]
    assert 0 < len(placed) < len(shipped.findings)
    levels = {"violation": "error", "warning": "warning", "info": "note"}
    for result, finding in zip(results, placed, strict=True):
        assert result["level"] == levels[finding.severity]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["ruleId"] == compact(finding.shape)
        assert finding.message in result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        named = unquote(place["artifactLocation"]["uri"])
        assert named == finding.file
        assert place.get("region", {}).get("startLine") == finding.line
    prints = [tuple(result["partialFingerprints"].values()) for result in results]
    assert len(set(prints)) == len(prints)


def test_sarif_says_what_was_not_checked(reports: list[Report]) -> None:
    """A broken check did not succeed; a gap is a note, and so is what has no place."""
    for report in (reports[0], reports[4], reports[-1]):
        (call,) = run(report)["invocations"]
        assert call["executionSuccessful"] is not report.broken
        said = [n["message"]["text"] for n in call["toolExecutionNotifications"]]
        left = sum(not finding.file for finding in report.findings)
        more = [text for text in said if text.startswith(f"{left} more found")]
        assert len(more) == (left > 0)
        warned = [text for text in said if text == report.warning]
        assert len(warned) == bool(report.warning)
        assert len(said) - len(more) - len(warned) == len(report.unseen)


def test_sarif_text_holds_no_link_of_its_own() -> None:
    text = run(hostile("[x](1)"))["results"][0]["message"]["text"]
    assert "\\[x\\](1)" in text
    assert "[x]" not in text.replace("\\[", "").replace("\\]", "")


def test_sarif_since_then_is_new(reports: list[Report]) -> None:
    told = (replace(f, file="a.ttl", place="line 1") for f in reports[2].findings)
    later = replace(reports[2], findings=tuple(told))
    assert {r["baselineState"] for r in run(later)["results"]} == {"new"}
    assert not [r for r in run(reports[0])["results"] if "baselineState" in r]


# JUnit


def test_junit_keeps_to_its_schema(reports: list[Report]) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")
    for report in reports:
        schema.validate(report.to("junit"))
    bad = reports[0].to("junit").replace("<testcase ", "<testcase odd='1' ", 1)
    assert not schema.is_valid(bad)


def test_junit_counts_what_it_holds(reports: list[Report]) -> None:
    for report in reports:
        (suite,) = ET.fromstring(report.to("junit"))  # noqa: S314 - our own
        kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        for name, tag in kinds.items():
            assert int(suite.attrib[name]) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))


def test_junit_has_a_test_for_each_duty_and_note(shipped: Report) -> None:
    (suite,) = ET.fromstring(shipped.to("junit"))  # noqa: S314 - our own
    of_duties = Counter(f.focus for f in shipped.findings if f.duty)
    notes = [finding for finding in shipped.findings if not finding.duty]
    tests = sum(max(1, of_duties[duty.address]) for duty in shipped.duties)
    assert len(suite.findall("testcase")) == tests + len(notes)
    weighty = [f for f in shipped.findings if f.severity == "violation"]
    assert int(suite.attrib["failures"]) == len(weighty) > 0
    said = " ".join(suite.itertext())
    assert all(witness.evidence in said for witness in shipped.witnesses)


# SHACL


def test_turtle_is_a_validation_report(shipped: Report) -> None:
    """Each result has its focus, shape, component, severity and message, as SHACL asks."""
    graph = Graph().parse(data=shipped.to("ttl"), format="turtle")
    (whole,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert str(graph.value(whole, SH.conforms)) == "false"
    results = set(graph.objects(whole, SH.result))
    assert len(results) == len(shipped.findings)
    found = {
        tuple(
            str(graph.value(result, key))
            for key in (
                SH.focusNode,
                SH.sourceShape,
                SH.resultMessage,
                SH.resultSeverity,
            )
        )
        for result in results
    }
    names = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}
    assert found == {
        (f.focus, f.shape, f.message, str(names[f.severity])) for f in shipped.findings
    }
    for result in results:
        assert graph.value(result, SH.sourceConstraintComponent) is not None
    paths = [f.path for f in shipped.findings if not set("^/|") & set(f.path)]
    assert sorted(
        compact(str(o)) for o in graph.objects(None, SH.resultPath)
    ) == sorted(paths)
    assert paths


def test_turtle_of_nothing_conforms(shipped: Report) -> None:
    text = replace(shipped, findings=()).to("ttl")
    graph = Graph().parse(data=text, format="turtle")
    assert [str(o) for o in graph.objects(None, SH.conforms)] == ["true"]


def test_turtle_gives_back_what_went_in() -> None:
    """Every hostile text that a file can hold comes back as it was; none says more."""
    size = len(Graph().parse(data=hostile("a b").to("ttl"), format="turtle"))
    for text in HOSTILE:
        graph = Graph().parse(data=hostile(text).to("ttl"), format="turtle")
        said = {str(o) for o in graph.objects(None, SH.resultMessage)}
        assert said == {text.encode(errors="backslashreplace").decode()}
        keys = {str(key) for key in graph.predicates()} - {
            str(RDF.type),
            str(RDFS.comment),
        }
        assert all(key.startswith(str(SH)) for key in keys)
        assert len(graph) <= size + 16, text


def test_a_path_of_several_steps_is_left_out(shipped: Report) -> None:
    for path in ("^csp:about", "csp:about/csp:on", "csp:about | csp:on"):
        odd = replace(shipped.findings[0], path=path)
        graph = Graph().parse(data=replace(shipped, findings=(odd,)).to("ttl"))
        assert not list(graph.objects(None, SH.resultPath))
