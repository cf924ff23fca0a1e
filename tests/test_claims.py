"""What the Dorset report claims about the law, held against the law of its day.

The expected verdicts follow section (f) of the project's legislation reference and
section (e) on adoption; the claims are the words of the report.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

import few
from cspgraph import sources
from cspgraph.graph import KnowledgeGraph
from cspgraph.sources import Source
from cspgraph.vocab import CSP, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[str], str]

REPORT, DAY = "document:dorset-2024-07-23", "2024-07-23"
FR00 = "data/law/local-authorities-functions-and-responsibilities-england-regulations-2000.ttl"
CDA98 = "data/law/crime-and-disorder-act-1998.ttl"
SI07E = "data/law/crime-and-disorder-strategy-regulations-2007-england.ttl"
RECORD = "data/record/dorset/2024-07-23.trig"

# claim: what the law says of it, as verdict and provision
VERDICTS = {
    # four bodies are named rightly, and the council itself is left out
    "1.1.responsible-authorities": {
        ("Supported", "CDA 1998 s.5(1)(aa)"),
        ("Supported", "CDA 1998 s.5(1)(b)"),
        ("Supported", "CDA 1998 s.5(1)(d)"),
        ("Supported", "CDA 1998 s.5(1)(e)"),
        ("Incomplete", "CDA 1998 s.5(1)(a)"),
    },
    # the Act knows no partnership; the group stands in the regulations
    "1.2.statutory-partnership": {("SupportedElsewhere", "SI 2007/1830 reg.3")},
    # the three years were taken out on 1 June 2011
    "1.3.three-year-plan": {("Ended", "SI 2007/1830 reg.11(1)(a) (three-year words)")},
    "1.3.annual-refresh": {("Supported", "SI 2007/1830 reg.10(2)")},
    # the duty is on the authorities, not on the partnership
    "1.3.reoffending-strategy": {("BearerDiffers", "CDA 1998 s.6(1)(c)")},
    "1.4.adopt-plan": {("Supported", "SI 2000/2853 Sch.3")},
    "1.4.adopt-reoffending-strategy": {("Arguable", "SI 2000/2853 Sch.3")},
    "1.5.specified-authorities": {("Supported", "PCSCA 2022 Sch.1")},
    "1.6.analysis": {("Supported", "PCSCA 2022 s.8(3)(a)")},
    "1.6.strategy": {("Supported", "PCSCA 2022 s.8(3)(c)")},
    # arguable as a strategy under the 1998 Act; nothing found for one under the 2022 Act
    "1.7.adopt-serious-violence-strategy": {
        ("Arguable", "SI 2000/2853 Sch.3"),
        ("NoProvisionFound", "LGA 2000 s.9D(2)"),
    },
    # two directed duties, each narrower than what is claimed
    "2.5.partnership-regards-commissioner": {
        ("BearerDiffers", "CDA 1998 s.6(1A)"),
        ("Narrower", "CDA 1998 s.6(1A)"),
    },
    "2.5.commissioner-regards-partnership": {("Narrower", "PRSRA 2011 s.10(1)")},
    # the 2009 Act amended the 1998 Act, where the duty stands
    "3.1.reoffending-strategy": {
        ("SupportedElsewhere", "CDA 1998 s.6(1)(c)"),
        ("BearerDiffers", "CDA 1998 s.6(1)(c)"),
    },
    "4.1.publish-in-time": {("NoDateInLaw", "PCSCA 2022 s.8(7)(a)")},
    # the duty of the 2022 Act is on specified authorities
    "5.2.serious-violence-duty": {("BearerDiffers", "PCSCA 2022 s.8(1)")},
}


def verdicts(kg: KnowledgeGraph) -> dict[str, set[tuple[str, str]]]:
    """Return for each claim of the report its verdicts with their provisions."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in kg.answer("claims", document=REPORT, on=DAY):
        claim = str(row["claim"]).partition("dorset-2024-07-23.")[2]
        pair = (str(row["verdict"]).rpartition("/")[2], str(row["law"]))
        found.setdefault(claim, set()).add(pair)
    return found


@pytest.mark.parametrize("claim", VERDICTS)
def test_verdicts(claim: str, kg: KnowledgeGraph) -> None:
    assert verdicts(kg)[claim] == VERDICTS[claim]


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
        if str(row["verdict"]).endswith("Incomplete")
    ]
    assert len(reasons) == 1
    assert "leaves out Dorset Council" in str(reasons[0])


def test_every_claim_is_judged_in_a_sentence(kg: KnowledgeGraph) -> None:
    record = {s.name: s for s in sources.shipped("data/record", ".trig")}[RECORD]
    claims = {
        quad.subject for quad in sources.quads(record) if quad.object == CSP.Claim
    }
    answer = kg.answer("claims", document=REPORT, on=DAY)
    assert {NamedNode(str(row["claim"])) for row in answer} == claims
    assert all(re.fullmatch(r"[A-Z].*\.", str(row["explanation"])) for row in answer)


def test_nobody_writes_a_verdict_by_hand() -> None:
    """What a document asserts and what the law says are kept apart."""
    said = [
        quad
        for source in sources.shipped("data/record", ".trig")
        for quad in sources.quads(source)
    ]
    claims = {quad.subject for quad in said if quad.object == CSP.Claim}
    assert claims
    assert not [q for q in said if q.predicate == RDF_TYPE and q.object == CSP.Verdict]
    judging = {
        CSP.verdict,
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


def changed(file: str, change: Change) -> dict[str, set[tuple[str, str]]]:
    """Return the verdicts when `change` is made in a copy of `file`."""
    library = few.library()
    for shelf in (library.law, library.records):
        for place, source in enumerate(shelf):
            if source.name == file:
                text = change(source.text)
                assert text != source.text
                shelf[place] = Source(file, text.encode())
    return verdicts(KnowledgeGraph(library, date.fromisoformat(DAY)))


def without(subject: str) -> Change:
    """Return a change that takes the block of `subject` out of a file."""
    return lambda text: re.sub(
        rf"\n{re.escape(subject)}\n.*?\.\n(?=\n|$)", "\n", text, flags=re.DOTALL
    )


def test_without_schedule_3_nothing_is_found() -> None:
    found = changed(FR00, without("dt:fr00-adopt-cdrs"))
    assert found["1.4.adopt-plan"] == {("NoProvisionFound", "None")}
    assert (
        found["1.4.adopt-reoffending-strategy"]
        == VERDICTS["1.4.adopt-reoffending-strategy"]
    )


def test_had_the_three_years_stayed() -> None:
    def change(text: str) -> str:
        start = text.index("\ndt:si07-three-year-horizon")
        return text[:start] + text[start:].replace(
            '    csp:validUntil "2011-06-01"^^xsd:date ;\n', "", 1
        )

    found = changed(SI07E, change)
    law = "SI 2007/1830 reg.11(1)(a) (three-year words)"
    assert found["1.3.three-year-plan"] == {("Supported", law)}


def test_had_section_6_1_c_not_been_inserted() -> None:
    found = changed(CDA98, without("dt:cda98-formulate-implement-reoffending"))
    assert found["3.1.reoffending-strategy"] == {("NoProvisionFound", "None")}


def test_had_the_council_been_listed() -> None:
    found = changed(
        RECORD,
        lambda text: text.replace(
            "csp:assertsHolder body:chief-constable-dorset",
            "csp:assertsHolder body:dorset-council , body:chief-constable-dorset",
        ),
    )
    assert ("Supported", "CDA 1998 s.5(1)(a)") in found["1.1.responsible-authorities"]
    assert "Incomplete" not in {
        verdict for verdict, _ in found["1.1.responsible-authorities"]
    }


def test_had_the_right_act_and_bearer_been_named() -> None:
    def change(text: str) -> str:
        start = text.index("claim:dorset-2024-07-23.3.1.reoffending-strategy")
        rest = text[start:].replace("ukpga/2009/26", "ukpga/1998/37", 1)
        return text[:start] + rest.replace(
            "role:StrategyGroup", "role:ResponsibleAuthority", 1
        )

    found = changed(RECORD, change)
    assert found["3.1.reoffending-strategy"] == {("Supported", "CDA 1998 s.6(1)(c)")}


def test_had_the_day_been_wrong() -> None:
    found = changed(
        RECORD,
        lambda text: text.replace(
            'assertsFrom "2023-01-31"', 'assertsFrom "2023-02-01"'
        ),
    )
    assert ("Supported", "PCSCA 2022 Sch.1") not in found["1.5.specified-authorities"]


def test_had_no_day_been_claimed() -> None:
    found = changed(
        RECORD, lambda text: re.sub(r" +csp:assertsDeadline .*\n", "", text)
    )
    assert found["4.1.publish-in-time"] == {("Supported", "PCSCA 2022 s.8(7)(a)")}
