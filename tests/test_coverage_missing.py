"""A plan of which nobody recorded what it answers is still shown, and no silence about it is sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cspgraph

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
RECORD = """
@prefix body: <https://w3id.org/cspgraph/id/body/> .
@prefix coverage: <https://w3id.org/cspgraph/id/coverage/> .
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix decision: <https://w3id.org/cspgraph/id/decision/> .
@prefix document: <https://w3id.org/cspgraph/id/document/> .
@prefix gss: <http://statistics.data.gov.uk/id/statistical-geography/> .
@prefix kind: <https://w3id.org/cspgraph/kind/> .
@prefix organ: <https://w3id.org/cspgraph/id/organ/> .
@prefix passage: <https://w3id.org/cspgraph/id/passage/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix strategy: <https://w3id.org/cspgraph/id/strategy/> .
@prefix version: <https://w3id.org/cspgraph/id/version/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/cspgraph/graph/own> {
document:own a csp:SourceDocument ; rdfs:label "Own report"@en ;
    csp:kind kind:CommitteeReport ; csp:on "2024-07-01"^^xsd:date ;
    csp:publisher body:london-borough-of-hackney .
passage:own.1 a csp:Passage ; rdfs:label "Own report, 1"@en ;
    csp:inDocument document:own ; csp:paragraph "1" .
strategy:own a csp:Strategy ; rdfs:label "Own plan"@en ; csp:area gss:E09000012 ;
    csp:kind kind:KIND ;
    csp:periodFrom "2023-04-01"^^xsd:date ; csp:periodUntil "2026-04-01"^^xsd:date ;
    csp:source passage:own.1 .
version:own a csp:StrategyVersion ; rdfs:label "Own plan, first"@en ;
    csp:versionOf strategy:own ;
    csp:periodFrom "2023-04-01"^^xsd:date ; csp:periodUntil "2026-04-01"^^xsd:date ;
    csp:source passage:own.1 .
decision:own a csp:Decision ; rdfs:label "Full Council adopts the plan"@en ;
    csp:kind kind:Adopt ; csp:status kind:Done ; csp:about version:own ;
    csp:by organ:london-borough-of-hackney-full-council ;
    csp:on "2024-07-02"^^xsd:date ; csp:source passage:own.1 .
COVERAGE
}
"""
COVERAGE = """coverage:own a csp:Coverage ; rdfs:label "Own plan as a strategy"@en ;
    csp:covering strategy:own ; csp:product kind:CrimeAndDisorderStrategy ;
    csp:certainty kind:Stated ; csp:confidence kind:High ;
    csp:modelNote "It says so."@en ; csp:source passage:own.1 ."""
ADOPTION = "fr00-adopt-cdrs."


def own(tmp_path: Path, coverage: str = "", kind: str = "PartnershipPlan") -> Path:
    path = tmp_path / "own.trig"
    text = RECORD.replace("COVERAGE", coverage).replace("KIND", kind)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def kg(tmp_path: Path) -> KnowledgeGraph:
    return cspgraph.load(own(tmp_path))


def standing(kg: KnowledgeGraph, duty: str) -> str:
    answer = kg.answer("standing", on=DAY, area="Hackney")
    names = [column.name for column in answer.columns]
    at, told = names.index("duty"), names.index("standing")
    (found,) = [row[told] for row in answer.words() if f"duty:{duty}" in row[at]]
    return found


@pytest.mark.parametrize("question", ["decision-trail", "decision-path"])
@pytest.mark.parametrize("product", ["", "kind:PartnershipPlan"])
def test_its_decisions_are_shown(
    question: str, product: str, kg: KnowledgeGraph
) -> None:
    """Asked for all kinds, or for the kind that the document is."""
    given = {"product": product} if product else {}
    found = kg.answer(question, on=DAY, area="Hackney", **given)
    assert "2024-07-02" in found.to_csv()
    assert "Full Council of the London Borough of Hackney" in found.to_csv()


@pytest.mark.parametrize("question", ["decision-trail", "decision-path"])
@pytest.mark.parametrize("product", ["CrimeAndDisorderStrategy", "ReoffendingStrategy"])
def test_an_empty_answer_says_that_the_coverage_is_not_recorded(
    question: str, product: str, kg: KnowledgeGraph
) -> None:
    answer = kg.answer(question, on=DAY, area="Hackney", product=f"kind:{product}")
    assert len(answer) == 0
    assert answer.empty is not None
    assert answer.empty["reason"] == "coverage-not-recorded"
    assert "Own plan" in str(answer.empty["text"])
    assert "--product" not in str(answer.empty["ask_instead"])


def test_what_its_kind_cannot_answer_is_not_put_down_to_it(kg: KnowledgeGraph) -> None:
    """No duty about a youth justice plan bears on a partnership plan."""
    asked = {"area": "Hackney", "product": "kind:YouthJusticePlan"}
    answer = kg.answer("decision-trail", on=DAY, **asked)
    assert answer.empty is not None
    assert answer.empty["reason"] != "coverage-not-recorded"


def test_with_its_coverage_it_is_asked_for_by_the_subject(tmp_path: Path) -> None:
    kg = cspgraph.load(own(tmp_path, COVERAGE))
    asked = {"area": "Hackney", "product": "kind:CrimeAndDisorderStrategy"}
    assert len(kg.answer("decision-trail", on=DAY, **asked)) == 1
    assert standing(kg, ADOPTION) == "on record"


def test_its_adoption_is_partly_on_record(kg: KnowledgeGraph) -> None:
    """The adoption is there, and that it answers this duty is not recorded."""
    assert standing(kg, ADOPTION) == "partly on record"


def test_another_kind_of_document_is_no_record_of_it(tmp_path: Path) -> None:
    kg = cspgraph.load(own(tmp_path, kind="YouthJusticePlan"))
    assert standing(kg, ADOPTION) == "not due yet"
    assert standing(kg, "fr00-adopt-yjp.") == "partly on record"


def test_no_plan_is_said_to_be_missing(kg: KnowledgeGraph, tmp_path: Path) -> None:
    def statuses(graph: KnowledgeGraph) -> set[object]:
        answer = graph.answer("plan-dates", on=DAY, area="Hackney")
        return {row["status"] for row in answer if row["basis"] == "law"}

    assert statuses(kg) == {"coverage-not-recorded"}
    bare = cspgraph.load(own(tmp_path, kind="YouthJusticePlan"))
    assert statuses(bare) == {"no-document-recorded"}


def test_a_check_says_which_row_is_missing_and_where(tmp_path: Path) -> None:
    def found(coverage: str, kind: str) -> list[tuple[str, str]]:
        path = own(tmp_path, coverage, kind)
        line = path.read_text(encoding="utf-8").split("strategy:own a")[0].count("\n")
        report = cspgraph.load(path).validate(on=DAY, area="Hackney")
        return [
            (finding.message, finding.where.replace(f"{path}, line {line + 1}", "here"))
            for finding in report.findings
            if finding.shape.endswith("/coverage-missing-for")
        ]

    ((message, where),) = found("", "PartnershipPlan")
    assert "sheet Coverage" in message
    assert where == "here"
    assert found(COVERAGE, "PartnershipPlan") == []
    assert found("", "DeliveryPlan") == []
