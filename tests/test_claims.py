"""What the Dorset report claims about the law, held against the law of its day.

What is expected was written by hand, from the law and the words of the report, and not
from what the rules give: `claims-dorset.csv`, with the reason of each line.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

import few
from cspgraph.graph import KnowledgeGraph
from cspgraph.rdf import files
from cspgraph.rdf.files import Source
from cspgraph.rdf.terms import CSP, RDF_TYPE
from cspgraph.records.index import RecordIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[str], str]

REPORT, DAY = "document:dorset-2024-07-23", "2024-07-23"
FR00 = "data/law/local-authorities-functions-and-responsibilities-england-regulations-2000.ttl"
CDA98 = "data/law/crime-and-disorder-act-1998.ttl"
SI07E = "data/law/crime-and-disorder-strategy-regulations-2007-england.ttl"
RECORD = "data/record/dorset/2024-07-23.trig"

HAND = Path(__file__).parent / "claims-dorset.csv"

#: Verdict and reason in words, and the provision.
Judged = tuple[str, str, str]


def by_hand() -> dict[str, set[Judged]]:
    """Return for each claim what a reader of the law says of it."""
    said: dict[str, set[Judged]] = {}
    with HAND.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = said.setdefault(row["claim"], set())
            found.add((row["verdict"], row["reason"], row["law"]))
    return said


VERDICTS = by_hand()


def verdicts(kg: KnowledgeGraph, document: str = REPORT) -> dict[str, set[Judged]]:
    """Return for each claim of a document its verdicts with their provisions."""
    found: dict[str, set[Judged]] = {}
    answer = kg.answer("claims", document=document, on=DAY)
    names = [column.name for column in answer.columns]
    for row, words in zip(answer, answer.words(), strict=True):
        claim = str(row["claim"]).rpartition("/")[2].partition(".")[2]
        said = dict(zip(names, words, strict=True))
        judged = (said["verdict"], said["reason"], said["law"])
        found.setdefault(claim, set()).add(judged)
    return found


def test_every_claim_is_judged_by_hand(kg: KnowledgeGraph) -> None:
    assert verdicts(kg).keys() == VERDICTS.keys()


@pytest.mark.parametrize("claim", VERDICTS)
def test_verdicts(claim: str, kg: KnowledgeGraph) -> None:
    assert verdicts(kg)[claim] == VERDICTS[claim]


def test_a_reason_stands_under_its_verdict(kg: KnowledgeGraph) -> None:
    """What a rule gives as a reason is narrower than the verdict that it gives."""
    found = kg.select(
        "SELECT DISTINCT ?verdict ?reason ?wide WHERE { ?judged csp:verdict ?verdict ;"
        " csp:reason ?reason . OPTIONAL { ?reason skos:broader ?wide"
        " FILTER (?wide = ?verdict) } }"
    )
    assert len(found) > 3
    assert all(row["wide"] for row in found)


def test_the_six_kinds_of_paragraph_1_5(kg: KnowledgeGraph) -> None:
    answer = kg.answer("claims", document=REPORT, on=DAY)
    reasons = [str(row["explanation"]) for row in answer if row["passage"] == "1.5"]
    assert len(reasons) == 6
    assert all("from 2023-01-31" in reason for reason in reasons)
    assert [reason for reason in reasons if "youth offending team" in reason]


def test_the_amending_act_is_named(kg: KnowledgeGraph) -> None:
    answer = kg.answer("claims", document=REPORT, on=DAY)
    reasons = [str(r["explanation"]) for r in answer if r["passage"] == "3.1"]
    assert [
        reason for reason in reasons if "which PCA 2009 s.108(4) inserted" in reason
    ]


def test_the_council_is_what_was_left_out(kg: KnowledgeGraph) -> None:
    answer = kg.answer("claims", document=REPORT, on=DAY)
    reasons = [
        row["explanation"]
        for row in answer
        if str(row["reason"]).endswith("/Incomplete")
    ]
    assert len(reasons) == 1
    assert "leaves out Dorset Council" in str(reasons[0])


def test_every_claim_is_judged_in_a_sentence(kg: KnowledgeGraph) -> None:
    record = {s.name: s for s in files.shipped("data/record", ".trig")}[RECORD]
    claims = {quad.subject for quad in files.quads(record) if quad.object == CSP.Claim}
    answer = kg.answer("claims", document=REPORT, on=DAY)
    assert {NamedNode(str(row["claim"])) for row in answer} == claims
    assert all(re.fullmatch(r"[A-Z].*\.", str(row["explanation"])) for row in answer)


def test_nobody_writes_a_verdict_by_hand() -> None:
    """What a document asserts and what the law says are kept apart."""
    said = [
        quad
        for source in files.shipped("data/record", ".trig")
        for quad in files.quads(source)
    ]
    claims = {quad.subject for quad in said if quad.object == CSP.Claim}
    assert claims
    assert not [q for q in said if q.predicate == RDF_TYPE and q.object == CSP.Verdict]
    judging = {
        CSP.verdict,
        CSP.reason,
        CSP.ifNotFound,
        CSP.template,
        CSP.provision,
        CSP.comparedWith,
        CSP.claim,
        CSP.basis,
    }
    assert not [q for q in said if q.subject in claims and q.predicate in judging]
    linked = {
        q.object.value
        for q in said
        if q.subject in claims and isinstance(q.object, NamedNode)
        if q.predicate != CSP.assertsInstrument
    }
    assert not [
        iri for iri in linked if "/duty-template/" in iri or "legislation" in iri
    ]


# When the law or the claim changes, so does the verdict

NOTHING = {("asserted without a source", "", "")}


def changed(file: str, change: Change) -> dict[str, set[Judged]]:
    """Return the verdicts when `change` is made in a copy of `file`."""
    dataset = few.dataset()
    records = dataset.records
    for group in (dataset.law, records):
        for place, source in enumerate(group):
            if source.name == file:
                text = change(source.text)
                assert text != source.text
                group[place] = Source(file, text.encode())
    dataset.record_index = RecordIndex(records)
    return verdicts(KnowledgeGraph(dataset, date.fromisoformat(DAY)))


def without(subject: str) -> Change:
    """Return a change that takes the block of `subject` out of a file."""
    return lambda text: re.sub(
        rf"\n{re.escape(subject)}\n.*?\.\n(?=\n|$)", "\n", text, flags=re.DOTALL
    )


def test_without_schedule_3_nothing_is_found() -> None:
    found = changed(FR00, without("dt:fr00-adopt-cdrs"))
    assert found["1.4.adopt-plan"] == NOTHING
    assert (
        found["1.4.adopt-reoffending-strategy"]
        == VERDICTS["1.4.adopt-reoffending-strategy"]
    )


def test_had_the_three_years_stayed() -> None:
    def change(text: str) -> str:
        start = text.index("\ndt:si07-three-year-horizon")
        kept = '    csp:planLength "P3Y"^^xsd:duration ;\n'
        open_end = '    csp:validUntil "9999-12-31"^^xsd:date ;\n'
        return text[:start] + text[start:].replace(kept, kept + open_end, 1)

    found = changed(SI07E, change)
    law = "SI 2007/1830 reg.11(1)(a) (three-year words)"
    assert found["1.3.three-year-plan"] == {("supported", "", law)}


def test_had_section_6_1_c_not_been_inserted() -> None:
    found = changed(CDA98, without("dt:cda98-formulate-implement-reoffending"))
    assert found["3.1.reoffending-strategy"] == {
        ("not found in the law held here", "", "")
    }


def test_had_the_council_been_listed() -> None:
    found = changed(
        RECORD,
        lambda text: text.replace(
            "csp:assertsHolder body:chief-constable-dorset",
            "csp:assertsHolder body:dorset-council , body:chief-constable-dorset",
        ),
    )
    judged = found["1.1.responsible-authorities"]
    assert ("supported", "", "CDA 1998 s.5(1)(a)") in judged
    assert "incomplete" not in {reason for _, reason, _ in judged}


def test_had_the_right_act_and_bearer_been_named() -> None:
    def change(text: str) -> str:
        start = text.index("claim:dorset-2024-07-23.3.1.reoffending-strategy")
        rest = text[start:].replace("ukpga/2009/26", "ukpga/1998/37", 1)
        return text[:start] + rest.replace(
            "role:StrategyGroup", "role:ResponsibleAuthority", 1
        )

    found = changed(RECORD, change)
    assert found["3.1.reoffending-strategy"] == {
        ("supported", "", "CDA 1998 s.6(1)(c)")
    }


def test_had_the_day_been_wrong() -> None:
    found = changed(
        RECORD,
        lambda text: text.replace(
            'assertsFrom "2023-01-31"', 'assertsFrom "2023-02-01"'
        ),
    )
    judged = ("imprecise", "another day in the law", "PCSCA 2022 Sch.1")
    assert found["1.5.specified-authorities"] == {judged}


def test_had_no_day_been_claimed() -> None:
    found = changed(
        RECORD, lambda text: re.sub(r" +csp:assertsDeadline .*\n", "", text)
    )
    assert found["4.1.publish-in-time"] == {("supported", "", "PCSCA 2022 s.8(7)(a)")}


ACT_2009 = "<http://www.legislation.gov.uk/id/ukpga/2009/26>"
ACT_1998 = "<http://www.legislation.gov.uk/id/ukpga/1998/37>"
REGULATIONS = "<http://www.legislation.gov.uk/id/uksi/2007/1830>"


def test_had_both_acts_been_named() -> None:
    """An Act that is named beside the right one misleads nobody."""
    found = changed(
        RECORD, lambda text: text.replace(ACT_2009, f"{ACT_2009} , {ACT_1998}")
    )
    law = "CDA 1998 s.6(1)(c)"
    assert found["3.1.reoffending-strategy"] == {
        ("imprecise", "the law binds others", law)
    }


def test_had_the_regulations_been_named_too() -> None:
    found = changed(
        RECORD, lambda text: text.replace(ACT_1998, f"{ACT_1998} , {REGULATIONS}")
    )
    assert found["1.2.statutory-partnership"] == {
        ("supported", "", "SI 2007/1830 reg.3")
    }


def test_had_nothing_been_said_in_return() -> None:
    found = changed(RECORD, lambda text: re.sub(r" +csp:assertsReturn .*\n", "", text))
    reasons = {
        reason
        for claim, judged in found.items()
        if claim.startswith("2.5")
        for _, reason, _ in judged
    }
    assert reasons == {"the law binds others", "the law is narrower"}
