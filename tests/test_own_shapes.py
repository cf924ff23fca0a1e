"""Shapes of the user's own, from the file to the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.cli import main
from cspgraph.errors import ShapeFileError
from cspgraph.report.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.report.findings import Finding
    from cspgraph.report.report import Report

DAY = "2024-07-23"
PREFIX = """@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SUMMARY = """ex:strategy sh:targetClass csp:Strategy ; sh:property ex:strategy-summary .
ex:strategy-summary sh:path ex:summary ; sh:minCount 1 ;
  sh:message "Write a summary of the strategy."@en ; sh:severity sh:Warning ."""


@pytest.fixture(scope="module")
def dorset() -> KnowledgeGraph:
    return cspgraph.load(on=DAY, areas=["Dorset"])


@pytest.fixture
def checked(dorset: KnowledgeGraph, tmp_path: Path) -> Callable[[str], Report]:
    """Return what checks Dorset with shapes that are given as Turtle."""

    def check(text: str) -> Report:
        place = tmp_path / "mine.ttl"
        place.write_text(PREFIX + text, encoding="utf-8")
        return dorset.validate(area="Dorset", shapes=[place])

    return check


def of(report: Report, shape: str) -> list[Finding]:
    return [f for f in report.findings if f.shape == f"https://example.org/{shape}"]


def unseen(report: Report) -> str:
    return "\n".join(item.text for item in report.unseen)


def test_each_strategy_without_what_the_shape_asks_is_a_finding(
    checked: Callable[[str], Report], dorset: KnowledgeGraph
) -> None:
    report = checked(SUMMARY)
    found = of(report, "strategy-summary")
    rows = dorset.select("SELECT DISTINCT ?s { ?s a csp:Strategy }")
    assert sorted(f.focus for f in found) == sorted(str(row["s"]) for row in rows)
    assert {f.message for f in found} == {"Write a summary of the strategy."}
    assert {f.severity for f in found} == {"warning"}
    assert any(f.file.startswith("data/record/dorset/") for f in found)
    plain = dorset.validate(area="Dorset")
    assert set(plain.findings) == set(report.findings) - set(found)


def test_what_is_right_gives_nothing_and_says_nothing(
    checked: Callable[[str], Report], dorset: KnowledgeGraph
) -> None:
    report = checked(
        "ex:duty sh:targetClass csp:Duty ; sh:property [ sh:path csp:area ; sh:minCount 1 ] ."
    )
    plain = dorset.validate(area="Dorset")
    assert report.findings == plain.findings
    assert report.unseen == plain.unseen


def test_a_shape_without_a_name_is_called_after_the_one_that_uses_it(
    checked: Callable[[str], Report],
) -> None:
    report = checked(
        "ex:body sh:targetClass csp:Body ; sh:property [ sh:path ex:no ; sh:minCount 1 ] ."
    )
    found = of(report, "body")
    assert found
    assert {f.message for f in found} == {"Write what sh:minCount 1 asks for."}


def test_every_format_writes_what_a_shape_without_any_name_finds(
    checked: Callable[[str], Report],
) -> None:
    report = checked("[] sh:targetClass csp:Strategy ; sh:path ex:no ; sh:minCount 1 .")
    found = [f for f in report.findings if f.shape.endswith("/shape/own")]
    assert found
    for form in FORMATS:
        assert report.to(form), form
    assert found[0].shape in report.to("ttl") or "shape:own" in report.to("ttl")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "ex:a sh:targetClass csp:Duty ; sh:property [ sh:path csp:area ; sh:minCout 1 ] .",
            "sh:minCout is not a key that SHACL Core knows",
        ),
        ("ex:a sh:targetClass ex:Nothing ; sh:class ex:B .", "looked at nothing"),
        (
            "ex:a sh:targetClass csp:Dutty ; sh:class csp:Duty .",
            "csp:Dutty is not a term of the ontology",
        ),
        (
            "ex:a sh:targetClass csp:Duty ; sh:deactivated true ; sh:class ex:B .",
            "is switched off",
        ),
        (
            "ex:a sh:targetClass csp:Duty ; sh:property [ sh:path [ sh:inversPath csp:area ] ; sh:minCount 1 ] .",
            "its path is not one that SHACL knows",
        ),
        (
            "ex:a sh:targetClass csp:Duty ; sh:property [ sh:path csp:area ; sh:minCount 'one' ] .",
            "'one' is not a whole number",
        ),
        (
            "ex:a sh:targetClass csp:Duty ; sh:property [ sh:path csp:statement ; sh:pattern '(' ] .",
            "is no regular expression",
        ),
        (
            "ex:a sh:targetClass csp:Duty ; sh:property [ sh:path csp:area ; sh:datatype xsd:int ] .",
            "keeps values of xsd:int as those of a wider datatype",
        ),
        (
            "ex:a sh:targetClass csp:Area ; sh:node ex:a .",
            "it leads back to itself",
        ),
        (
            "ex:a sh:targetClass csp:Area ; sh:not ex:b . ex:b sh:or ( ex:a ex:c ) . ex:c sh:class ex:C .",
            "it leads back to itself",
        ),
    ],
)
def test_what_a_shape_did_not_check_is_said(
    text: str, words: str, checked: Callable[[str], Report]
) -> None:
    report = checked(text)
    assert words in unseen(report)
    assert "mine.ttl: " in unseen(report)
    assert report.broken


def test_an_ill_formed_shape_leaves_the_others_alone(
    checked: Callable[[str], Report],
) -> None:
    broken = "ex:a sh:targetClass csp:Duty ; sh:property [ sh:path ( csp:area ) ; sh:minCount 1 ] ."
    report = checked(SUMMARY + broken)
    assert of(report, "strategy-summary")
    assert "its path is not one that SHACL knows" in unseen(report)


def test_sparql_is_for_pyshacl(
    checked: Callable[[str], Report], dorset: KnowledgeGraph
) -> None:
    """A constraint in SPARQL finds what the same question finds."""
    report = checked("""ex:long sh:targetClass csp:Duty ; sh:sparql ex:query .
        ex:query sh:message "Shorten it."@en ; sh:select \"\"\"
            PREFIX csp: <https://w3id.org/cspgraph/ns#>
            SELECT $this WHERE { $this csp:statement ?words FILTER (STRLEN(?words) > 200) }
        \"\"\" .""")
    rows = dorset.select(
        "SELECT DISTINCT ?d { ?d a csp:Duty ; csp:statement ?w FILTER (STRLEN(?w) > 200) }"
    )
    found = of(report, "long")
    assert sorted(f.focus for f in found) == sorted(str(row["d"]) for row in rows)
    assert found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ex:a sh:targetClass", "line 6"),
        ("ex:a ex:b ex:c .", "there is no SHACL shape in it"),
        (
            "ex:a sh:targetClass csp:Duty ; sh:sparql [ sh:select 'SELECT $this { SERVICE <urn:x> { $this ?p ?o } }' ] .",
            "which can leave this machine",
        ),
        (
            "ex:a sh:targetClass csp:Duty ; sh:sparql [ sh:select 'SELECT $this FROM <http://localhost/> { $this ?p ?o }' ] .",
            "which can leave this machine",
        ),
        (
            "ex:a sh:targetClass csp:Duty ; sh:sparql [ sh:select 'SELECT nothing' ] .",
            "SPARQL",
        ),
    ],
)
def test_shapes_that_cannot_be_used_are_refused_in_a_sentence(
    text: str, words: str, checked: Callable[[str], Report]
) -> None:
    with pytest.raises(ShapeFileError, match=words):
        checked(text)


def test_the_command_takes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "mine.ttl"
    place.write_text(PREFIX + SUMMARY, encoding="utf-8")
    words = ["check", "--area", "Dorset", "--on", DAY, "--shapes", str(place)]
    with pytest.raises(SystemExit):
        main([*words, "--format", "json"])
    whole = json.loads(capsys.readouterr().out)
    assert "https://example.org/strategy-summary" in {
        f["shape"] for f in whole["findings"]
    }
    with pytest.raises(SystemExit) as ended:
        main([*words[:-1], str(tmp_path / "none.ttl")])
    assert ended.value.code == 2
    assert "none.ttl" in capsys.readouterr().err
