"""The questions people ask, with the answers that law and report settle.

Numbers and expected answers are those of the project's list of competency questions
(sections A to H); one test for each question that what is shipped can answer. The rest
stand in `NOT_YET` with the reason, so that none is lost.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cspgraph.errors import NameNotClearError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

DAY, DORSET, WEST_DORSET = "2024-07-23", "E06000059", "E07000052"
REPORT = "document:dorset-2024-07-23"

#: Each question of the list, section by section.
ASKED = (
    Path(__file__).parent.joinpath("reference/questions.csv").read_text().split()[1:]
)

#: Questions without a test here, and what they wait for.
NOT_YET = {
    "G2": "no record says that the partnership is the domestic abuse board",
}


def ends(values: Iterable[object]) -> set[str]:
    """Return the last part of each address."""
    return {str(value).rpartition("/")[2] for value in values}


def laws(answer: Answer) -> set[str]:
    return {str(row["law"]) for row in answer}


def duties(
    kg: KnowledgeGraph, area: str = DORSET, on: str = DAY, **given: str
) -> Answer:
    return kg.answer("who-must-do-what", area=area, on=on, **given)


def noted(kg: KnowledgeGraph, law: str) -> str:
    """Return the notes on the provision that is cited as `law`."""
    found = kg.select(
        f'SELECT ?note WHERE {{ ?part csp:citation "{law}" ; csp:modelNote ?note }}'
        " ORDER BY ?note"
    )
    return " ".join(str(row["note"]) for row in found)


def test_no_question_is_lost() -> None:
    """Each question has a test, or a reason why it has none."""
    tested = {
        found[1].upper()
        for name in globals()
        if (found := re.match(r"test_([a-h]\d+)_", name))
    }
    assert tested | set(NOT_YET) == set(ASKED)
    assert len(ASKED) == len(set(ASKED)) > 40
    assert not tested & set(NOT_YET)


# A. Who: membership over time and place


def test_a1_responsible_authorities_of_dorset(kg: KnowledgeGraph) -> None:
    answer = kg.answer("responsible-authorities", area="Dorset", on=DAY)
    assert {(row[0], row[2]) for row in answer.words()} == {
        ("Dorset Council", "CDA 1998 s.5(1)(a)"),
        ("Probation Service", "CDA 1998 s.5(1)(aa)"),
        ("Chief Constable of Dorset Police", "CDA 1998 s.5(1)(b)"),
        ("Dorset & Wiltshire Fire and Rescue Authority", "CDA 1998 s.5(1)(d)"),
        ("NHS Dorset Integrated Care Board", "CDA 1998 s.5(1)(e)"),
    }


def test_a2_the_police_authority_ceased(kg: KnowledgeGraph) -> None:
    days = {"from": "2012-11-21", "to": "2012-11-22"}
    answer = kg.answer("law-changes", on=DAY, country="England", **days)
    ended = [row for row in answer.words() if row[1] == "ended"]
    assert len(ended) == 1
    words = " ".join(ended[0])
    assert ended[0][0] == "2012-11-22"
    for part in ("Police authorities", "PRSRA 2011 Sch.11 para.2(2)"):
        assert part in words
    new = [row[2] for row in answer.words() if row[1] == "began"]
    assert not [what for what in new if "are responsible authorities" in what]
    london = {"from": "2012-01-16", "to": "2012-01-16"}
    earlier = kg.answer("law-changes", on=DAY, country="England", **london).words()
    assert [
        row[2] for row in earlier if row[1] == "ended" and "responsible auth" in row[2]
    ] == [
        "The Metropolitan Police Authority is a responsible authority in London boroughs"
    ]
    note = noted(kg, "CDA 1998 s.5(1)(c)")
    assert "SI 2012/75, made four days earlier, took that out" in note


def test_a3_probation_since_april_2010(kg: KnowledgeGraph) -> None:
    april = {"from": "2010-04-01", "to": "2010-04-01"}
    answer = kg.answer("law-changes", on=DAY, country="England", **april)
    changes = {
        (row[1], row[2].split(" before ")[0]): " ".join(row) for row in answer.words()
    }
    began = next(
        text for (change, what), text in changes.items() if "responsible auth" in what
    )
    assert "PCA 2009 s.108(2)" in began
    assert (
        "ended",
        "Providers of probation services are co-operating bodies",
    ) in changes
    earlier = {"from": "2008-04-01", "to": "2008-04-01"}
    began = kg.answer("law-changes", on=DAY, country="England", **earlier).to_csv()
    assert "Other providers of probation services are co-operating bodies" in began


def test_a4_the_commissioner_is_no_member(kg: KnowledgeGraph) -> None:
    for day in ("2012-11-22", DAY):
        area = WEST_DORSET if day < "2019" else DORSET
        answer = kg.answer("responsible-authorities", area=area, on=day)
        assert "pcc-dorset" not in ends(row["body"] for row in answer)
    at_any_date = kg.select(
        "SELECT ?template WHERE { ?template a csp:RoleTemplate ;"
        " csp:role role:ResponsibleAuthority ; csp:bodyKind kind:PoliceAndCrimeCommissioner }"
    )
    assert len(at_any_date) == 0
    linked = {
        "CDA 1998 s.6(1A)",
        "CDA 1998 s.7(1)",
        "PRSRA 2011 s.10(1)",
        "PRSRA 2011 s.10(2)",
    }
    linked |= {"SI 2007/1830 reg.13A", "SI 2007/1830 reg.14A", "PCSCA 2022 s.14(2)"}
    assert linked <= laws(duties(kg))


def test_a5_whom_to_invite(kg: KnowledgeGraph) -> None:
    """27 lettered descriptions, some of which fit no body any more."""
    found = kg.select(
        "SELECT ?law ?name ?note WHERE { ?part a csp:Provision ; csp:citation ?law ; rdfs:label ?name"
        " OPTIONAL { ?part csp:modelNote ?note }"
        ' FILTER (STRSTARTS(?law, "SI 2004/118 art.3(2)(")) } ORDER BY ?law'
    )
    assert len({row["law"] for row in found}) == 27
    stale = {
        str(row["name"]).casefold()
        for row in found
        if str(row["note"]).startswith("Stale")
    }
    assert {"training and enterprise council", "magistrates' courts committee"} <= stale
    assert "CDA 1998 s.5(3)" in laws(duties(kg, action="invite"))
    standing = kg.answer("standing", area=DORSET, on=DAY)
    invited = next(row for row in standing if row["law"] == "CDA 1998 s.5(3)")
    assert invited["evidence"] is None
    assert not ends([invited["standing"]]) & {"OnRecord", "PartlyOnRecord"}


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        ("2007-05-01", set()),
        ("2010-05-01", {"ProbationProvider"}),
    ],
)
def test_a6_a_welsh_county_borough(
    day: str, kinds: set[str], kg: KnowledgeGraph
) -> None:
    found = kg.select(
        "SELECT DISTINCT ?kind WHERE { ?template a csp:RoleTemplate ; csp:bodyKind ?kind ;"
        " csp:role role:ResponsibleAuthority ; csp:extent gss:W92000004 ;"
        " csp:validFrom ?from ; csp:validUntil ?until ."
        f' FILTER (?from <= "{day}"^^xsd:date && ?until > "{day}"^^xsd:date) }} ORDER BY ?kind'
    )
    english = {"UnitaryCouncil", "DistrictCouncil", "MetropolitanDistrictCouncil"}
    english |= {"LondonBoroughCouncil", "CommonCouncil", "CouncilOfScilly"}
    council = {"WelshPrincipalCouncil"}
    police = {"ChiefOfficerOfPolice", "PoliceAuthority"}
    others = {"FireAndRescueAuthority", "LocalHealthBoard"}
    assert (
        ends(row["kind"] for row in found) - english
        == council | police | others | kinds
    )


def test_a7_two_councils_in_a_district(kg: KnowledgeGraph) -> None:
    def councils(area: str, day: str) -> int:
        answer = kg.answer("responsible-authorities", area=area, on=day)
        return sum(row["law"] == "CDA 1998 s.5(1)(a)" for row in answer)

    assert councils(WEST_DORSET, "2019-03-31") == 2
    assert councils(DORSET, "2019-04-01") == 1


@pytest.mark.parametrize(
    ("public", "legal"),
    [
        ("Dorset Police", "Chief Constable of Dorset Police"),
        ("NHS Dorset", "NHS Dorset Integrated Care Board"),
        ("Probation Service", "Probation Service"),
        (
            "Dorset & Wiltshire Fire & Rescue Authority",
            "Dorset & Wiltshire Fire and Rescue Authority",
        ),
    ],
)
def test_a8_public_names(public: str, legal: str, kg: KnowledgeGraph) -> None:
    answer = duties(kg, body=public)
    assert {row[0] for row in answer.words()} == {legal}


def test_a9_the_isle_of_wight(kg: KnowledgeGraph) -> None:
    """The Act of 1998 names it as an area; that of 2022 reaches it through its council."""
    notes = kg.select(
        "SELECT ?law ?note WHERE { ?part csp:citation ?law ; csp:modelNote ?note"
        ' FILTER (CONTAINS(?note, "Isle of Wight")) } ORDER BY ?law'
    )
    assert laws(notes) >= {"CDA 1998 s.5(4)", "PCSCA 2022 s.11(4)"}
    kinds = {}
    for law in ("CDA 1998 s.6(1)(d)", "PCSCA 2022 s.8(1)"):
        found = kg.select(
            f'SELECT DISTINCT ?kind WHERE {{ ?template csp:provision/csp:citation "{law}" ;'
            " a csp:DutyTemplate ; csp:areaKind/^skos:broader* ?kind } ORDER BY ?kind"
        )
        kinds[law] = ends(row["kind"] for row in found)
    assert "IsleOfWight" in kinds["CDA 1998 s.6(1)(d)"]
    assert "IsleOfWight" in kinds["PCSCA 2022 s.8(1)"]
    readings = kg.select(
        "SELECT ?reading WHERE { ?template csp:openReading ?reading ;"
        " csp:role role:SpecifiedAuthority } ORDER BY ?reading"
    )
    assert all("Section 11(4) does not name" in str(r["reading"]) for r in readings)
    assert len(readings) == 3


# B. What: strategies, plans, contents

LIMBS = {f"CDA 1998 s.6(1)({limb})" for limb in "abcd"}


@pytest.mark.parametrize("day", [DAY, "2023-01-31"])
def test_b1_four_strategies(day: str, kg: KnowledgeGraph) -> None:
    assert laws(duties(kg, on=day, action="formulate and implement")) & LIMBS == LIMBS


def test_b2_three_strategies_on_new_years_day_2023(kg: KnowledgeGraph) -> None:
    found = laws(duties(kg, on="2023-01-01", action="formulate and implement"))
    assert found & LIMBS == LIMBS - {"CDA 1998 s.6(1)(d)"}


def test_b3_the_strategic_assessment(kg: KnowledgeGraph) -> None:
    """Once in each year; what it contains stands in regulation 7."""
    row = next(row for row in duties(kg) if row["law"] == "SI 2007/1830 reg.5")
    # No record is dated for the year to 31 March 2024, so that day is shown too.
    days = (row["due"], row["next_due"])
    assert days == (date(2024, 3, 31), date(2025, 3, 31))
    found = kg.select(
        'SELECT ?name WHERE { ?part csp:citation "SI 2007/1830 reg.7" ; rdfs:label ?name }'
    )
    assert [row["name"] for row in found] == ["What the strategic assessment contains"]
    seven = (
        "levels and patterns, changes, reasons, what the authorities should put first,"
        " what the public would put first, how far the last plan was carried out, and"
        " matters for a county group"
    )
    assert seven in noted(kg, "SI 2007/1830 reg.7")


def test_b4_what_the_plan_sets_out(kg: KnowledgeGraph) -> None:
    found = kg.select(
        "SELECT ?law ?name WHERE { ?part csp:citation ?law ; rdfs:label ?name"
        ' FILTER (REGEX(?law, "^SI 2007/1830 reg.11.1..[a-f].$")) } ORDER BY ?law'
    )
    assert len(found) == 6
    words = " ".join(str(row["name"]) for row in found).casefold()
    for part in (
        "strategy",
        "priorities",
        "steps",
        "resources",
        "success",
        "community",
    ):
        assert part in words


def test_b5_what_is_published(kg: KnowledgeGraph) -> None:
    answer = duties(kg, action="publish")
    found = {
        (row["law"], *ends([row["product"]]), *ends([row["modality"]]))
        for row in answer
    }
    assert ("SI 2007/1830 reg.14", "PartnershipPlanSummary", "Must") in found
    assert ("PCSCA 2022 s.8(7)(a)", "SeriousViolenceStrategy2022", "Must") in found
    assert ("PCSCA 2022 s.8(8)", "SensitiveMaterial", "MustNot") in found
    assert "PartnershipPlan" not in {product for _, product, _ in found}


def test_b6_without_section_6_1_d(kg: KnowledgeGraph) -> None:
    answer = duties(kg, product="SeriousViolenceStrategy1998")
    assert laws(answer) == {
        "CDA 1998 s.6(1)(d)",
        "CDA 1998 s.6(8)",
        "SI 2000/2853 Sch.3",
    }


def test_b7_what_counts_as_reoffending(kg: KnowledgeGraph) -> None:
    found = kg.select(
        "SELECT ?name ?from WHERE { ?part rdfs:label ?name ; csp:validFrom ?from ;"
        ' csp:citation "SI 2007/1830 reg.2 (re-offending)" }'
    )
    assert [(row["name"], row["from"]) for row in found] == [
        ("Meaning of re-offending", date(2010, 4, 1))
    ]
    meaning = (
        "offending anywhere by people who live in the area and were convicted,"
        " cautioned, warned or reprimanded before"
    )
    assert meaning in noted(kg, "SI 2007/1830 reg.2 (re-offending)")


def test_b8_the_welsh_plan(kg: KnowledgeGraph) -> None:
    """Regulations of its own, no county tier, substance misuse in a plan of its own."""
    plan = kg.answer("duties-under", instrument="law:uksi/2007/3076", on=DAY)
    own = kg.answer("duties-under", instrument="law:wsi/2007/3078", on=DAY)
    assert {"SI 2007/3076 reg.8", "SI 2007/3076 reg.12"} <= {
        law.split("(")[0] for law in laws(plan)
    }
    parts = {law.partition(" reg.")[2] for law in laws(own)}
    assert parts >= {"3(7)", "5", "8(2)", "9(a)", "10(4)", "12", "13"}
    guidance = {
        str(row["statement"])
        for answer in (plan, own)
        for row in answer
        if str(row["law"]).endswith("reg.13")
    }
    jointly = "that the Secretary of State and the Welsh Ministers give jointly"
    assert sum(jointly in words for words in guidance) == 1
    assert sum("guidance of the Welsh Ministers in acting" in w for w in guidance) == 1
    statements = [str(row["statement"]) for answer in (plan, own) for row in answer]
    for words in ("send", "local policing body", "commissioner", "require people"):
        assert not [statement for statement in statements if words in statement]
    assert "CountyStrategyGroup" not in ends(row["bearer_role"] for row in plan)
    english = kg.answer("duties-under", instrument="law:uksi/2007/1830", on=DAY)
    assert "CountyStrategyGroup" in ends(row["bearer_role"] for row in english)


def test_b9_the_yearly_look_at_skills(kg: KnowledgeGraph) -> None:
    found = kg.select(
        "SELECT ?law ?until WHERE { ?template csp:product kind:KnowledgeAndSkills ; a csp:DutyTemplate ;"
        " csp:provision/csp:citation ?law ; csp:validUntil ?until } ORDER BY ?law"
    )
    until = {str(row["law"]).split(" reg.")[0]: str(row["until"]) for row in found}
    assert until == {
        "SI 2007/1830": "2011-06-01",
        "SI 2007/3076": "2011-12-05",
        "SI 2007/3078 (W.265)": "9999-12-31",
    }


def test_b10_the_public_meeting(kg: KnowledgeGraph) -> None:
    answer = kg.answer("standing", area=DORSET, on=DAY)
    row = next(row for row in answer if row["law"] == "SI 2007/1830 reg.12(4)")
    # No record is dated for the year to 31 March 2024, so that day is shown too.
    days = (row["due"], row["next_due"])
    assert days == (date(2024, 3, 31), date(2025, 3, 31))
    assert row["evidence"] is None
    assert not ends([row["standing"]]) & {"OnRecord", "PartlyOnRecord"}


# C. Who decides: adoption


def adoption(
    kg: KnowledgeGraph, governance: str, country: str
) -> dict[str, set[tuple[str, str]]]:
    """Return for each document the organ and basis in a council so governed."""
    answer = kg.answer("adoption-basis", governance=governance, on=DAY)
    found: dict[str, set[tuple[str, str]]] = {}
    for words, row in zip(answer.words(), answer, strict=True):
        if country in words:
            (product,) = ends([row["product"]])
            pair = (*ends([row["organ"]]), *ends([row["basis"]]))
            found.setdefault(product, set()).add((pair[0], pair[1]))
    return found


RESERVED = {("FullCouncil", "StatuteReserved")}
#: In the City of London and the Isles of Scilly, whatever the form.
LOCAL = {("OrganOfStandingOrders", "LocalRule")}


def test_c1_full_council_with_an_executive(kg: KnowledgeGraph) -> None:
    found = adoption(kg, "ExecutiveArrangements", "England")
    reserved = {
        product for product, rules in found.items() if rules - LOCAL == RESERVED
    }
    assert {
        "CrimeAndDisorderStrategy",
        "YouthJusticePlan",
        "GamblingPolicyStatement",
    } == reserved
    others = "the local transport plan and development plan documents"
    assert others in noted(kg, "SI 2000/2853 Sch.3")


def test_c2_no_delegation(kg: KnowledgeGraph) -> None:
    found = kg.select(
        "SELECT ?template WHERE { ?template csp:product kind:CrimeAndDisorderStrategy ;"
        " csp:action act:Adopt ; csp:supportingProvision/csp:citation ?law"
        ' FILTER (?law IN ("SI 2000/2853 reg.4(8)", "SI 2012/1020 reg.3(1)")) }'
        " ORDER BY ?template"
    )
    assert len(ends(row["template"] for row in found)) == 2


def test_c3_the_committee_system(kg: KnowledgeGraph) -> None:
    found = adoption(kg, "CommitteeSystem", "England")
    expected = RESERVED | LOCAL
    assert found["CrimeAndDisorderStrategy"] == found["YouthJusticePlan"] == expected
    day = {"from": "2012-05-04", "to": "2012-05-04"}
    changes = kg.answer("law-changes", on=DAY, **day).to_csv()
    assert "committee system" in changes


def test_c4_wales(kg: KnowledgeGraph) -> None:
    found = adoption(kg, "ExecutiveArrangements", "Wales")
    assert found["CrimeAndDisorderStrategy"] == found["YouthJusticePlan"] == RESERVED
    assert {basis for _, basis in found["GamblingPolicyStatement"]} == {"LocalChoice"}
    parts = kg.select(
        "SELECT ?law ?name WHERE { ?part csp:citation ?law ; rdfs:label ?name"
        ' FILTER (STRSTARTS(?law, "SI 2007/399 (W.45) reg.5(")) } ORDER BY ?law'
    )
    names = {str(row["law"])[-4:]: str(row["name"]) for row in parts}
    assert "with two exceptions" in names["5(4)"]
    assert names["5(8)"] == "Adoption cannot be delegated to a committee or an officer"


def test_c5_the_path_of_the_report(kg: KnowledgeGraph) -> None:
    answer = kg.answer(
        "decision-trail", area=DORSET, on="2024-10-11", product="PartnershipPlan"
    )
    path = [
        (row["on"], *ends([row["decision"]]), *ends([row["by"]]))
        for row in answer
        if "csplan" in str(row["version"])
    ]
    committee = "dorset-council-people-and-health-overview-committee"
    assert path[-3:] == [
        (date(2024, 7, 23), "Recommend", committee),
        (date(2024, 9, 10), "Recommend", "dorset-council-cabinet"),
        (date(2024, 10, 10), "Adopt", "dorset-council-full-council"),
    ]


def test_c6_revised_in_time_and_adopted_later(kg: KnowledgeGraph) -> None:
    """Revision before 1 April has a day in law; adoption came 192 days after it."""
    answer = kg.answer("agreed-not-adopted", area=DORSET, on="2024-10-11")
    row = next(
        row
        for words, row in zip(answer.words(), answer, strict=True)
        if "refresh" in words[0]
    )
    start = date(2024, 4, 1)
    assert row["agreed_on"] == date(2024, 3, 19)
    assert date(2024, 3, 19) < start
    assert isinstance(row["adopted_on"], date)
    assert (row["adopted_on"] - start).days == 192


def test_c7_each_full_council_in_two_tiers(kg: KnowledgeGraph) -> None:
    answer = duties(
        kg,
        WEST_DORSET,
        "2018-12-17",
        product="CrimeAndDisorderStrategy",
        action="adopt",
    )
    assert ends(row["bearer"] for row in answer) == {
        "west-dorset-district-council",
        "dorset-county-council",
    }


def test_c8_statements_that_cite_nothing(kg: KnowledgeGraph) -> None:
    found = kg.select(
        "SELECT ?paragraph ?instrument WHERE { ?claim a csp:Claim ; csp:source ?passage ."
        " ?passage csp:paragraph ?paragraph ; csp:inDocument document:dorset-2024-07-23 ."
        " OPTIONAL { ?claim csp:assertsInstrument ?instrument } } ORDER BY ?paragraph ?instrument"
    )
    cited: dict[str, set[object]] = {}
    for row in found:
        cited.setdefault(str(row["paragraph"]), set()).add(row["instrument"])
    assert [cited[paragraph] for paragraph in ("1.3", "1.4", "1.7", "2.5")] == [
        {None}
    ] * 4
    assert all(None not in cited[paragraph] for paragraph in ("1.2", "1.5", "3.1"))


def test_c9_no_other_authority_adopts(kg: KnowledgeGraph) -> None:
    assert ends(row["bearer"] for row in duties(kg, action="adopt")) == {
        "dorset-council"
    }
    basis = kg.answer("adoption-basis", product="PartnershipPlan", on=DAY)
    plan = [row for row in basis if ends([row["product"]]) == {"PartnershipPlan"}]
    assert ends(row["basis"] for row in plan) == {"NotRequired"}


# D. Police and crime commissioner


def test_d1_who_has_regard_to_what(kg: KnowledgeGraph) -> None:
    answer = kg.answer("have-regard", on=DAY)
    found = {
        (
            row["law"],
            *ends([row["bearer_role"]]),
            *ends([row["product"]]),
            *ends([row["counterpart"]]),
        )
        for row in answer
    }
    assert (
        "CDA 1998 s.6(1A)",
        "ResponsibleAuthority",
        "PoliceAndCrimeObjectives",
        "LocalPolicingBody",
    ) in found
    directed = [row for row in found if row[0] == "PRSRA 2011 s.10(1)"]
    assert [(row[1], row[3]) for row in directed] == [
        ("LocalPolicingBody", "ResponsibleAuthority")
    ]
    both = ends(
        row["bearer"] for row in duties(kg) if row["law"] == "PRSRA 2011 s.10(2)"
    )
    assert {"pcc-dorset", "dorset-council"} <= both


def test_d2_the_plan_after_the_election_of_2024(kg: KnowledgeGraph) -> None:
    found = kg.due("prsra11-issue-plan", "2024-05-02")
    assert found.day == date(2025, 3, 31)
    assert found.law.startswith("PRSRA 2011 s.5(1)")
    sent = kg.answer("duties-under", instrument="law:ukpga/2011/13", on=DAY)
    words = " ".join(
        str(row["statement"]) for row in sent if row["law"] == "PRSRA 2011 s.5(10)"
    )
    for part in ("chief constable", "every other responsible authority", "publish"):
        assert part in words


def test_d3_reports_and_meetings(kg: KnowledgeGraph) -> None:
    """The commissioner's powers begin on 22 November 2012."""
    before = duties(kg, WEST_DORSET, "2012-11-21", body="dorset-police-authority")
    assert "SI 2007/1830 reg.14A" not in laws(before)
    with pytest.raises(NameNotClearError, match="holds from 2012-11-22"):
        duties(kg, WEST_DORSET, "2012-11-21", body="pcc-dorset")
    after = duties(kg, WEST_DORSET, "2012-11-22", body="pcc-dorset")
    may = {row["law"]: ends([row["modality"]]) for row in after}
    assert may["SI 2007/1830 reg.14A"] == {"MayRequire"}
    assert "CDA 1998 s.7(1)" in laws(duties(kg, WEST_DORSET, "2012-11-22"))
    whom = noted(kg, "CDA 1998 s.7")
    assert "the Secretary of State until 15 January 2012" in whom
    assert "the Secretary of State for the City of London" in whom
    assert "elsewhere the police authority until 21 November 2012" in whom


def test_d4_what_is_sent_to_the_commissioner(kg: KnowledgeGraph) -> None:
    def sent(area: str, day: str) -> set[tuple[object, str]]:
        answer = duties(kg, area, day, action="send")
        return {
            (row["law"], *ends([row["product"]]))  # type: ignore[misc]
            for row in answer
            if "1830" in str(row["law"])
        }

    assert sent(DORSET, DAY) == {("SI 2007/1830 reg.13A", "PartnershipPlan")}
    # The county sends its agreement, and each of its districts its plan.
    assert sent("E10000009", "2018-12-17") == {
        ("SI 2007/1830 reg.9A", "CommunitySafetyAgreement"),
        ("SI 2007/1830 reg.13A", "PartnershipPlan"),
    }
    every = duties(kg, action="send", product="SeriousViolenceStrategy2022")
    assert len(every) == 0


# E. Scrutiny


def test_e1_at_least_once_in_twelve_months(kg: KnowledgeGraph) -> None:
    answer = kg.answer("standing", area=DORSET, on=DAY)
    rows = [row for row in answer if row["law"] == "SI 2009/942 reg.4"]
    assert rows
    assert "once in every twelve months" in str(rows[0]["statement"])
    assert not ends(row["standing"] for row in rows) & {"OnRecord", "PartlyOnRecord"}


def test_e2_which_committee_scrutinises(kg: KnowledgeGraph) -> None:
    """A record of 2019 names one; in 2024 there is one by law, and which is not known."""
    question = (
        "SELECT ?organ WHERE { ?organ csp:organOf body:dorset-council ;"
        " csp:organKind kind:CrimeAndDisorderCommittee }"
    )
    found = kg.at("2019-10-24").select(question)
    assert [words[0] for words in found.words()] == [
        "Place Scrutiny Committee of Dorset Council"
    ]
    later = kg.at(DAY).select(question.replace("}", "; csp:assumption ?why }"))
    assert [words[0] for words in later.words()] == [
        "Crime and Disorder Committee of Dorset Council"
    ]


def test_e3_scrutiny_of_serious_violence(kg: KnowledgeGraph) -> None:
    found = kg.select(
        'SELECT ?by ?from WHERE { ?part csp:citation "PJA 2006 s.19(11)" ; csp:amendedBy ?act .'
        " ?act csp:citation ?by ; csp:validFrom ?from }"
    )
    assert [(row["by"], str(row["from"])) for row in found] == [
        ("PCSCA 2022 s.21", "2023-01-31")
    ]


# F. Serious violence duty


def test_f1_whom_to_consult(kg: KnowledgeGraph) -> None:
    answer = kg.answer("standing", area=DORSET, on=DAY)
    row = next(row for row in answer if row["law"] == "PCSCA 2022 s.8(4)")
    assert "every educational, prison and youth custody authority" in str(
        row["statement"]
    )
    assert row["evidence"] is None
    assert not ends([row["standing"]]) & {"OnRecord", "PartlyOnRecord"}
    again = kg.select(
        'SELECT ?law WHERE { ?template csp:provision/csp:citation "PCSCA 2022 s.8(4)" ;'
        " a csp:DutyTemplate ; csp:supportingProvision/csp:citation ?law } ORDER BY ?law"
    )
    assert "PCSCA 2022 s.8(11)" in laws(again)


def test_f2_no_day_for_the_first_strategy(kg: KnowledgeGraph) -> None:
    for duty in ("pcsc22-prepare-implement-strategy", "pcsc22-publish"):
        assert kg.due(duty, "2023-01-31").day is None
    answer = kg.answer("claims", document=REPORT, on=DAY)
    rows = [row for row in answer if row["passage"] == "4.1"]
    assert ends(row["verdict"] for row in rows) == {"AssertedWithoutSource"}
    assert ends(row["reason"] for row in rows) == {"NoDateInLaw"}
    trail = kg.answer("decision-trail", area=DORSET, on=DAY)
    published = [
        row["on"] for row in trail if str(row["decision"]).endswith("/Publish")
    ]
    assert published == [date(2024, 1, 30)]


def test_f3_weapons_reviews_are_pilots(kg: KnowledgeGraph) -> None:
    for area in (DORSET, "E06000058"):
        found = laws(duties(kg, area, "2023-06-01"))
        assert not [law for law in found if law.startswith("PCSCA 2022 s.24")]
    pilot = "Lambeth, Southwark, Birmingham, Coventry and the South Wales police area"
    assert pilot in noted(kg, "PCSCA 2022 s.24")


# G. Neighbouring duties and evidence


def test_g1_review_within_three_years(kg: KnowledgeGraph) -> None:
    found = kg.due("daa21-review-strategy", "2022-01-04")
    assert found.day == date(2025, 1, 3)
    assert found.law.startswith("SI 2021/990 reg.4")


def test_g3_no_duty_to_support_victims_yet(kg: KnowledgeGraph) -> None:
    assert not [law for law in laws(duties(kg)) if law.startswith("VPA")]
    coming = kg.answer("prospective-law", on=DAY)
    assert {"VPA 2024 s.13", "VPA 2024 s.14"} <= laws(coming)


def test_g4_equality_assessments(kg: KnowledgeGraph) -> None:
    """Evidence of due regard, not the duty; one document has none of its own."""
    answer = kg.answer("standing", area=DORSET, on=DAY)
    council = next(
        row
        for row in answer
        if row["law"] == "EA 2010 s.149" and row["bearer"] == "Dorset Council"
    )
    assert "Equality impact assessment of the Community Safety Plan" in str(
        council["evidence"]
    )
    own = kg.at(DAY).select(
        "SELECT ?version WHERE { ?eqia csp:kind kind:EqualityImpactAssessment ; csp:about ?version }"
        " ORDER BY ?version"
    )
    assert ends(row["version"] for row in own) == {
        "dorset-csplan-2023.2024-25",
        "pan-dorset-rrs-2024.1",
    }
    covered = kg.at(DAY).select(
        "SELECT ?version WHERE { ?version csp:coveredBy ?eqia }"
    )
    assert ends(row["version"] for row in covered) == {"dorset-svs-2024.1"}


def test_g5_section_17(kg: KnowledgeGraph) -> None:
    answer = kg.answer("responsible-authorities", area=DORSET, on=DAY)
    members = ends(row["body"] for row in answer)
    bound = ends(row["bearer"] for row in duties(kg) if row["law"] == "CDA 1998 s.17")
    fire = "dorset-and-wiltshire-fire-and-rescue-authority"
    assert bound & members == {"dorset-council", fire}
    assert "pcc-dorset" in bound


# H. Content, delivery and provenance


def test_h1_nobody_is_named_to_deliver(kg: KnowledgeGraph) -> None:
    """All six priorities and all four cross-cutting issues of the plan."""
    found = kg.at(DAY).select(
        "SELECT ?name WHERE { version:dorset-csplan-2023.2024-25 csp:priority|csp:crossCutting ?one ."
        " ?one rdfs:label ?name MINUS { ?one ?link ?body . ?body a csp:Body } } ORDER BY ?name"
    )
    assert [row["name"] for row in found] == [
        "Anti-social Behaviour",
        "Complex cases / multiple need",
        "Domestic Abuse and Stalking",
        "Fraud",
        "Mental health",
        "Rural Crime",
        "Serious Violence",
        "Sexual Offences",
        "Substance misuse",
        "Violence against women and girls",
    ]


def test_h2_priorities_and_statutory_subjects(kg: KnowledgeGraph) -> None:
    found = kg.at(DAY).select(
        "SELECT ?of ?product ?certainty WHERE { ?coverage a csp:Coverage ; csp:covering ?of ;"
        " csp:product ?product ; csp:certainty ?certainty } ORDER BY ?of ?product"
    )
    sure = {
        (words[0], *ends([row["product"]]), *ends([row["certainty"]]))
        for words, row in zip(found.words(), found, strict=True)
    }
    names = ("Domestic Abuse and Stalking", "Sexual Offences", "Anti-social Behaviour")
    for name in (*names, "Rural Crime", "Fraud"):
        assert (name, "CrimeAndDisorderStrategy", "Inferred") in sure
    assert ("Serious Violence", "SeriousViolenceStrategy1998", "Stated") in sure
    assert ("Substance misuse", "SubstanceMisuseStrategy", "Inferred") in sure
    reoffending = "Pan-Dorset Reducing Reoffending Strategy 2024-2027"
    assert (reoffending, "ReoffendingStrategy", "Stated") in sure


def test_h3_every_answer_has_its_source(kg: KnowledgeGraph) -> None:
    for row in duties(kg):
        assert row["law"]
        assert isinstance(row["since"] or row["since_by"], date)
        assert row["verification"]
    for name in ("strategies", "decision-trail", "priorities"):
        for row in kg.answer(name, area=DORSET, on=DAY):
            assert re.match(r"20\d\d-\d\d-\d\d \S", str(row["source"])), (name, row)
    for row in kg.answer("standing", area=DORSET, on=DAY):
        assert row["law"]
        assert (row["source"] is None) == (row["evidence"] is None)


def test_h4_proposals_are_not_law(kg: KnowledgeGraph) -> None:
    """A merger of care boards and the end of commissioners are announced, no more."""
    coming = kg.answer("prospective-law", on=DAY)
    force = {
        row[0]: ends([r["force"]])
        for row, r in zip(coming.words(), coming, strict=True)
    }
    assert force["Merger of NHS Dorset with other care boards"] == {"Proposal"}
    assert force["Police and crime commissioners end"] == {"Announcement"}
    answer = kg.answer("responsible-authorities", area=DORSET, on="2027-04-02")
    assert "nhs-dorset-icb" in ends(row["body"] for row in answer)
    later = duties(kg, on="2028-06-01", body="pcc-dorset")
    assert "PRSRA 2011 s.10(1)" in laws(later)


def test_h5_law_that_was_not_read(kg: KnowledgeGraph) -> None:
    words = kg.answer("unverified-law", on=DAY).to_csv()
    gaps = kg.select(
        "SELECT ?said WHERE { ?gap a csp:Gap ; csp:statement ?said } ORDER BY ?said"
    )
    words += " ".join(str(row["said"]) for row in gaps)
    titles = kg.select(
        "SELECT ?title WHERE { ?gap a csp:Gap ; rdfs:label ?title } ORDER BY ?title"
    )
    words += " ".join(str(row["title"]) for row in titles)
    for part in (
        "section 17A",
        "115",
        "constitution of Dorset",
        "regulations of 2022",
        "Crime and Policing Act 2026",
        "English Devolution and Community Empowerment Act 2026",
    ):
        assert part in words
