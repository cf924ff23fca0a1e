"""Growth is one new file: a statute, a question, a record or a rule, and nothing else.

Each test puts one file into a scratch copy of the folders and touches no other.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cspgraph import load, queries
from cspgraph.derive import needs, rules
from cspgraph.questions.query_file import find
from cspgraph.rdf import packaged

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]


def forget() -> None:
    """Empty what was read once and kept."""
    for kept in (queries, find, *vars(rules).values(), *vars(needs).values()):
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a scratch copy of ontology, data and queries that the library reads."""
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(packaged, "find", lambda folder: tmp_path / folder)
    forget()
    yield tmp_path
    forget()


STATUTE = """\
# Made-up Act 2030: for the tests.
# Read nowhere on 2026-11-23, because there is no such Act.

@base                 <http://www.legislation.gov.uk/id/ukpga/2030/> .
@prefix act:          <https://w3id.org/cspgraph/action/> .
@prefix csp:          <https://w3id.org/cspgraph/ns#> .
@prefix dt:           <https://w3id.org/cspgraph/id/duty-template/> .
@prefix gss:          <http://statistics.data.gov.uk/id/statistical-geography/> .
@prefix kind:         <https://w3id.org/cspgraph/kind/> .
@prefix modality:     <https://w3id.org/cspgraph/modality/> .
@prefix rdfs:         <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role:         <https://w3id.org/cspgraph/role/> .
@prefix rt:           <https://w3id.org/cspgraph/id/role-template/> .
@prefix subject:      <https://w3id.org/cspgraph/subject/> .
@prefix verification: <https://w3id.org/cspgraph/verification/> .
@prefix xsd:          <http://www.w3.org/2001/XMLSchema#> .

<1>
    a csp:Instrument ;
    rdfs:label "Made-up Act 2030"@en ;
    csp:citation "MA 2030" .

<1/section/1>
    a csp:Provision ;
    csp:partOf <1> ;
    csp:citation "MA 2030 s.1" ;
    csp:validFrom "2030-05-01"^^xsd:date .

rt:ma30-specified
    a csp:RoleTemplate ;
    csp:role role:SpecifiedAuthority ;
    csp:bodyKind kind:PoliceAndCrimeCommissioner ;
    csp:areaKind kind:LocalGovernmentArea ;
    csp:extent gss:E92000001 ;
    csp:provision <1/section/1> ;
    csp:validFrom "2030-05-01"^^xsd:date ;
    csp:verification verification:R .

dt:ma30-publish
    a csp:DutyTemplate ;
    csp:bearerRole role:ResponsibleAuthority ;
    csp:modality modality:Must ;
    csp:action act:Publish ;
    csp:product kind:PartnershipPlan ;
    csp:subject subject:CommunitySafety ;
    csp:manner kind:Each ;
    csp:areaKind kind:LocalGovernmentArea ;
    csp:extent gss:E92000001 ;
    csp:provision <1/section/1> ;
    csp:statement "publish the whole plan"@en ;
    csp:validFrom "2030-05-01"^^xsd:date ;
    csp:verification verification:R .
"""


def test_a_statute(folders: Path) -> None:
    day, law = "2030-05-01", "MA 2030 s.1"
    before = load().answer("specified-authorities", area="Dorset", on=day)
    place = folders / "data" / "law" / "made-up-act-2030.ttl"
    place.write_text(STATUTE, encoding="utf-8")
    kg = load()
    after = kg.answer("specified-authorities", area="Dorset", on=day)
    new = {str(row["body"]) for row in after} - {str(row["body"]) for row in before}
    assert {iri.rpartition("/")[2] for iri in new} == {"pcc-dorset"}
    eve = kg.answer(
        "who-must-do-what", area="Dorset", on="2030-04-30", action="publish"
    )
    assert law not in {row["law"] for row in eve}
    duties = kg.answer("who-must-do-what", area="Dorset", on=day, action="publish")
    own = [row for row in duties if row["law"] == law]
    members = kg.answer("responsible-authorities", area="Dorset", on=day)
    assert {row["bearer"] for row in own} == {row["body"] for row in members}
    assert {row["statement"] for row in own} == {"publish the whole plan"}


QUESTION = """\
#+ question: Which areas are there?
#+ graph: register
#+ parameters:
#+   country: iri, optional - The country
#+ columns:
#+   area: iri - The area
#+   code: text - Its code
#+ example:
#+   on: 2024-07-23

PREFIX csp: <https://w3id.org/cspgraph/ns#>

SELECT ?area ?code
WHERE {
  VALUES ?country { UNDEF }
  ?area a csp:Area ;
    csp:gssCode ?code ;
    csp:country ?country .
}
ORDER BY ?area ?code
"""


def test_a_question(folders: Path) -> None:
    assert "which-areas" not in queries()
    forget()
    (folders / "queries" / "which-areas.rq").write_text(QUESTION, encoding="utf-8")
    assert queries()["which-areas"].question == "Which areas are there?"
    answer = load().answer("which-areas", on="2024-07-23", country="England")
    assert "E06000059" in {row["code"] for row in answer}
    assert "E07000052" not in {row["code"] for row in answer}


RECORD = """\
# Made-up minutes of the neighbour, for the tests.
# Read nowhere on 2026-11-23, because there are none.

@prefix body:     <https://w3id.org/cspgraph/id/body/> .
@prefix coverage: <https://w3id.org/cspgraph/id/coverage/> .
@prefix csp:      <https://w3id.org/cspgraph/ns#> .
@prefix decision: <https://w3id.org/cspgraph/id/decision/> .
@prefix document: <https://w3id.org/cspgraph/id/document/> .
@prefix gss:      <http://statistics.data.gov.uk/id/statistical-geography/> .
@prefix kind:     <https://w3id.org/cspgraph/kind/> .
@prefix passage:  <https://w3id.org/cspgraph/id/passage/> .
@prefix rdfs:     <http://www.w3.org/2000/01/rdf-schema#> .
@prefix strategy: <https://w3id.org/cspgraph/id/strategy/> .
@prefix version:  <https://w3id.org/cspgraph/id/version/> .
@prefix xsd:      <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/cspgraph/graph/bcp-2031-05-01> {

    document:bcp-2031-05-01
        a csp:SourceDocument ;
        rdfs:label "Made-up minutes"@en ;
        csp:on "2031-05-01"^^xsd:date ;
        csp:publisher body:bcp-council .

    passage:bcp-2031-05-01.1
        a csp:Passage ;
        csp:inDocument document:bcp-2031-05-01 ;
        csp:paragraph "1" .

    strategy:bcp-plan
        a csp:Strategy ;
        rdfs:label "Made-up plan"@en ;
        csp:kind kind:PartnershipPlan ;
        csp:area gss:E06000058 ;
        csp:periodFrom "2031-04-01"^^xsd:date ;
        csp:periodUntil "2032-04-01"^^xsd:date ;
        csp:source passage:bcp-2031-05-01.1 .

    version:bcp-plan.1
        a csp:StrategyVersion ;
        rdfs:label "Made-up plan, first version"@en ;
        csp:versionOf strategy:bcp-plan ;
        csp:periodFrom "2031-04-01"^^xsd:date ;
        csp:periodUntil "2032-04-01"^^xsd:date ;
        csp:source passage:bcp-2031-05-01.1 .

    coverage:bcp-plan
        a csp:Coverage ;
        csp:covering strategy:bcp-plan ;
        csp:product kind:PartnershipPlan ;
        csp:certainty kind:Stated ;
        csp:source passage:bcp-2031-05-01.1 .

    decision:bcp-plan.1.agree
        a csp:Decision ;
        rdfs:label "The partnership agrees the made-up plan"@en ;
        csp:kind kind:Agree ;
        csp:about version:bcp-plan.1 ;
        csp:by body:bcp-csp ;
        csp:on "2031-04-20"^^xsd:date ;
        csp:status kind:Done ;
        csp:source passage:bcp-2031-05-01.1 .
}
"""


def test_a_record(folders: Path) -> None:
    day, plan = "2031-05-01", "Made-up plan, first version"
    duty = "SI 2007/1830 reg.10(1)"

    def standing() -> str:
        answer = load().answer("standing", area="E06000058", on=day)
        return next(
            str(row["standing"]).rpartition("/")[2]
            for row in answer
            if row["law"] == duty
        )

    assert standing() != "OnRecord"
    dorset = load().answer("standing", area="Dorset", on=day).terms
    folder = folders / "data" / "record" / "bcp"
    folder.mkdir(exist_ok=True)
    (folder / "2031-05-01.trig").write_text(RECORD, encoding="utf-8")
    waiting = load().answer("agreed-not-adopted", area="E06000058", on=day)
    assert {row[0]: row[3] for row in waiting.words()}[plan] == "11"
    assert standing() == "OnRecord"
    assert load().answer("standing", area="Dorset", on=day).terms == dorset


def test_a_record_of_ones_own(tmp_path: Path) -> None:
    """The same file, named when loading, counts like a shipped one."""
    path = tmp_path / "mine.trig"
    path.write_text(RECORD, encoding="utf-8")
    answer = load(path, on="2031-05-01").answer("strategies", area="E06000058")
    assert "Made-up plan" in {row[0] for row in answer.words()}
    assert "Made-up plan" not in {
        row[0]
        for row in load(on="2031-05-01").answer("strategies", area="E06000058").words()
    }


RULE = """\
# A body that is bound is marked, for the tests.
PREFIX csp: <https://w3id.org/cspgraph/ns#>

CONSTRUCT { ?body <urn:bound> ?duty }
WHERE { ?duty csp:bearer ?body }
"""


def test_a_rule(folders: Path) -> None:
    (folders / "ontology" / "rules" / "70-bound.rq").write_text(RULE, encoding="utf-8")
    found = load(on="2024-07-23", areas=["Dorset"]).select(
        "SELECT (COUNT(?duty) AS ?count) WHERE { body:dorset-council <urn:bound> ?duty }"
    )
    assert int(str(next(iter(found))["count"])) > 10


def test_the_order_and_splitting_of_files_do_not_matter(folders: Path) -> None:
    before = load(on="2024-07-23").answer("standing", area="Dorset").terms
    law = folders / "data" / "law"
    act = law / "police-crime-sentencing-and-courts-act-2022.ttl"
    head, _, rest = act.read_text(encoding="utf-8").partition("\n\n")
    prefixes, _, blocks = rest.partition("\n\n")
    parts = blocks.split("\n\n")
    for place, chosen in enumerate((parts[::2], parts[1::2])):
        text = "\n\n".join([head, prefixes, *chosen]) + "\n"
        (law / f"{'az'[place]}-half.ttl").write_text(text, encoding="utf-8")
    act.unlink()
    assert load(on="2024-07-23").answer("standing", area="Dorset").terms == before
