"""Questions about the record, with the answers that the law and the Dorset report settle."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

import cspgraph

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

DAY, ADOPTED = "2024-07-23", "2024-10-11"
KENT = "Kent (county with districts)"
DORSET, BCP, WELSH, TWO_TIERS = "E06000059", "E06000058", "W06000024", "E07000105"
REPORT = "dorset-2024-07-23"
PLAN = "Community Safety Plan 2023-2026 (2024-25 refresh)"
VIOLENCE = "Serious Violence Strategy 2024-25"
REOFFENDING = "Pan-Dorset Reducing Reoffending Strategy 2024-2027"
FULL_COUNCIL = "full council"

PREFIXES = """
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix body: <https://w3id.org/cspgraph/id/body/> .
@prefix decision: <https://w3id.org/cspgraph/id/decision/> .
@prefix document: <https://w3id.org/cspgraph/id/document/> .
@prefix gss: <http://statistics.data.gov.uk/id/statistical-geography/> .
@prefix kind: <https://w3id.org/cspgraph/kind/> .
@prefix organ: <https://w3id.org/cspgraph/id/organ/> .
@prefix passage: <https://w3id.org/cspgraph/id/passage/> .
@prefix priority: <https://w3id.org/cspgraph/id/priority/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix strategy: <https://w3id.org/cspgraph/id/strategy/> .
@prefix version: <https://w3id.org/cspgraph/id/version/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def words(answer: Answer, *names: str) -> list[tuple[str, ...]]:
    """Return the columns called `names`, in words."""
    places = [[column.name for column in answer.columns].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in answer.words()]


def pairs(answer: Answer, key: str, value: str) -> dict[str, str]:
    """Return one column by another, in words."""
    return {row[0]: row[1] for row in words(answer, key, value)}


def with_own(folder: Path, text: str) -> KnowledgeGraph:
    """Return the graph of Dorset with a small file of its own on top."""
    place = folder / "own.ttl"
    place.write_text(PREFIXES + text, encoding="utf-8")
    return cspgraph.load(place, areas=["Dorset"])


# duty-bearers-compared


def compared(kg: KnowledgeGraph, area: str, one: str, other: str) -> Answer:
    return kg.answer(
        "duty-bearers-compared", on=DAY, area=area, role=one, other_role=other
    )


def test_the_youth_offending_team_is_specified_and_no_responsible_authority(
    kg: KnowledgeGraph,
) -> None:
    """Section 5(1) of the Act of 1998 against Schedule 1 to the Act of 2022."""
    answer = compared(kg, DORSET, "responsible authority", "specified authority")
    both = {
        (kind, law, other)
        for kind, mine, theirs, law, other in words(
            answer, "kind", "in_role", "in_other_role", "law", "other_law"
        )
        if (mine, theirs) == ("yes", "yes")
    }
    assert both == {
        ("unitary council", "CDA 1998 s.5(1)(a)", "PCSCA 2022 Sch.1"),
        ("provider of probation services", "CDA 1998 s.5(1)(aa)", "PCSCA 2022 Sch.1"),
        ("chief officer of police", "CDA 1998 s.5(1)(b)", "PCSCA 2022 Sch.1"),
        ("fire and rescue authority", "CDA 1998 s.5(1)(d)", "PCSCA 2022 Sch.1"),
        ("integrated care board", "CDA 1998 s.5(1)(e)", "PCSCA 2022 Sch.1"),
    }
    only = words(answer, "kind", "in_role", "in_other_role", "law")
    assert [row for row in only if row[1:3] != ("yes", "yes")] == [
        ("youth offending team", "no", "yes", "")
    ]


def test_section_17_does_not_bind_every_responsible_authority(
    kg: KnowledgeGraph,
) -> None:
    """Question G5: the council and the fire authority are in both lists."""
    answer = compared(
        kg, DORSET, "responsible authority", "authority listed in section 17"
    )
    sides = {
        row[0]: row[1:] for row in words(answer, "kind", "in_role", "in_other_role")
    }
    assert sides["unitary council"] == sides["fire and rescue authority"]
    assert sides["unitary council"] == ("yes", "yes")
    for kind in ("chief officer of police", "integrated care board"):
        assert sides[kind] == ("yes", "no")
    assert sides["police and crime commissioner"] == ("no", "yes")


def test_a_body_that_is_not_named_is_compared_by_its_kind(kg: KnowledgeGraph) -> None:
    answer = compared(kg, TWO_TIERS, "responsible authority", "specified authority")
    row = next(r for r in words(answer, "kind", "body", "in_role", "note") if not r[1])
    assert row == ("youth offending team", "", "no", "body not in the register")


def test_two_bodies_of_a_kind_are_kept_apart(kg: KnowledgeGraph) -> None:
    """Two providers of probation services in Bournemouth in 2018: each is itself alone."""
    answer = kg.answer(
        "duty-bearers-compared",
        on="2018-07-23",
        area="E06000028",
        role="responsible authority",
        other_role="responsible authority",
    )
    found = words(answer, "kind", "body", "in_role", "in_other_role")
    probation = [row for row in found if row[0] == "provider of probation services"]
    assert len({row[1] for row in probation}) == len(probation) == 2
    assert {row[2:] for row in found} == {("yes", "yes")}


# plan-dates


def dates(
    kg: KnowledgeGraph, on: str, area: str = DORSET
) -> dict[tuple[str, str], tuple[str, ...]]:
    answer = kg.answer("plan-dates", on=on, area=area)
    return {
        (row[0], row[1]): row[2:]
        for row in words(
            answer, "document", "basis", "due", "last_recorded", "status", "law"
        )
    }


def test_dates_of_the_dorset_plans(kg: KnowledgeGraph) -> None:
    """The plan is revised before 1 April (regulation 10(2)); the Act of 2022 sets no day."""
    found = dates(kg, DAY)
    law = "SI 2007/1830 reg.10(2)"
    plan = "Community Safety Plan 2023-2026"
    assert found[plan, "law"] == ("2025-03-31", "2024-03-19", "current", law)
    assert found[plan, "its own period"][::2] == ("2026-04-01", "current")
    assert found[VIOLENCE, "its own period"][::2] == ("2025-04-01", "current")
    assert found[REOFFENDING, "its own period"][::2] == ("2027-04-01", "current")
    assert [key for key in found if key[1] == "law"] == [(plan, "law")]


@pytest.mark.parametrize(
    ("on", "by_law", "own", "violence"),
    [
        ("2024-03-25", "current", "current", "current"),
        ("2025-03-31", "current", "current", "current"),
        ("2025-04-01", "no-revision-recorded", "current", "own-period-lapsed"),
        ("2026-03-31", "no-revision-recorded", "current", "own-period-lapsed"),
        (
            "2026-04-01",
            "own-period-lapsed",
            "own-period-lapsed",
            "own-period-lapsed",
        ),
    ],
)
def test_a_plan_lapses_when_its_period_ends(
    on: str, by_law: str, own: str, violence: str, kg: KnowledgeGraph
) -> None:
    """The record ends in October 2024: no refresh for 2025-26 is on it."""
    found = dates(kg, on)
    plan = "Community Safety Plan 2023-2026"
    assert found[plan, "law"][2] == by_law
    assert found[plan, "its own period"][2] == own
    assert found[VIOLENCE, "its own period"][2] == violence


def test_what_another_partnership_decided_is_no_date_here(kg: KnowledgeGraph) -> None:
    """The report says nothing of a decision in Bournemouth, Christchurch and Poole."""
    found = dates(kg, DAY, BCP)
    assert found[REOFFENDING, "its own period"][:2] == ("2027-04-01", "")
    # Of its own plan the page shows that there is one, and no revision for the year.
    assert found["BCP Community Safety Partnership Strategy 2022-25", "law"] == (
        "2024-03-31",
        "",
        "no-revision-recorded",
        "SI 2007/1830 reg.10(2)",
    )


def test_welsh_plans_have_dates_of_their_own(kg: KnowledgeGraph) -> None:
    answer = kg.answer("plan-dates", on=DAY, area=WELSH)
    assert words(answer, "kind", "due", "next_due", "law") == [
        ("partnership plan", "2024-03-31", "2025-03-31", "SI 2007/3076 reg.8(2)"),
        (
            *("substance misuse plan", "2024-03-31", "2025-03-31"),
            "SI 2007/3078 (W.265) reg.8(2)",
        ),
    ]


# uncovered-subjects


def test_substance_misuse_is_only_a_cross_cutting_issue(kg: KnowledgeGraph) -> None:
    """Paragraph 2.3; the report presents no document for section 6(1)(b)."""
    answer = kg.answer("uncovered-subjects", on=DAY, area=DORSET)
    found = words(answer, "subject", "law", "mentioned_in", "how_sure", "source")
    assert (
        "substance misuse strategy",
        "CDA 1998 s.6(1)(b)",
        "Substance misuse",
        "inferred",
        "2024-07-23 2.3",
    ) in found
    subjects = {row[0] for row in found}
    assert not subjects & {
        *("crime and disorder strategy", "reducing reoffending strategy"),
        *("partnership plan", "strategic assessment"),
        "serious violence strategy (1998 Act)",
    }
    assert ("youth justice plan", "CDA 1998 s.40", "", "no record", "") in found


def test_the_act_of_2022_is_not_named_by_the_strategy(kg: KnowledgeGraph) -> None:
    """The report does not say under which Act the strategy on serious violence was made."""
    answer = kg.answer("uncovered-subjects", on=DAY, area=DORSET)
    found = {
        row[1:]
        for row in words(answer, "subject", "mentioned_in", "how_sure", "confidence")
        if row[0] == "serious violence strategy (2022 Act)"
    }
    assert found == {(VIOLENCE, "inferred", "medium")}


# uncited-claims


def test_claims_that_name_no_act(kg: KnowledgeGraph) -> None:
    """Question C8: paragraphs 1.2, 1.5, 1.6 and 3.1 name an Act; 1.3, 1.4, 1.7 and 2.5 none."""
    answer = kg.answer("uncited-claims", on=DAY, document=REPORT)
    passages = {row[0] for row in words(answer, "passage")}
    assert {"1.1", "1.3", "1.4", "1.7", "2.5"} <= passages
    assert not passages & {"1.2", "1.5", "1.6", "3.1"}
    assert ("1.4", "Adoption must be by Full Council") in words(
        answer, "passage", "quote"
    )


def test_a_claim_stands_here_or_names_its_law(kg: KnowledgeGraph) -> None:
    """None is lost: those that name an Act are the others of the report."""
    uncited = {
        row["claim"] for row in kg.answer("uncited-claims", on=DAY, document=REPORT)
    }
    every = {row["claim"] for row in kg.answer("claims", on=DAY, document=REPORT)}
    citing = kg.at(DAY).select(
        "SELECT ?c WHERE { ?c a csp:Claim ; csp:assertsInstrument ?i }"
    )
    assert every - uncited == {row["c"] for row in citing}


# amendment-allowed


def test_a_refresh_is_kept_for_full_council(kg: KnowledgeGraph) -> None:
    """Regulation 4(4) of the functions regulations and its two exceptions."""
    answer = kg.answer(
        "amendment-allowed", on=ADOPTED, area=DORSET, product="CrimeAndDisorderStrategy"
    )
    assert words(answer, "organ", "exception", "recorded", "law", "assumes") == [
        (FULL_COUNCIL, name, "no record", "SI 2000/2853 reg.4(4)", "")
        for name in ("authorise later changes", "require changes")
    ]


@pytest.mark.parametrize(
    ("area", "laws"),
    [
        (TWO_TIERS, {"SI 2000/2853 reg.4(4)", "SI 2012/1020 reg.3(9)"}),
        (WELSH, {"SI 2007/399 (W.45) reg.5(4)"}),
    ],
)
def test_each_form_of_council_has_its_regulation(
    area: str, laws: set[str], kg: KnowledgeGraph
) -> None:
    answer = kg.answer(
        "amendment-allowed", on=DAY, area=area, product="CrimeAndDisorderStrategy"
    )
    assert {row[0] for row in words(answer, "law")} == laws
    assert len({row[0] for row in words(answer, "exception")}) == 2


def test_a_recorded_exception_changes_the_answer(tmp_path: Path) -> None:
    kg = with_own(
        tmp_path,
        """
decision:own a csp:Decision ; rdfs:label "Full Council lets Cabinet change the plan"@en ;
    csp:kind kind:AuthoriseChanges ; csp:about version:dorset-csplan-2023.2024-25 ;
    csp:by organ:dorset-council-full-council ; csp:on "2024-10-10"^^xsd:date ;
    csp:status kind:Done ; csp:source passage:dorset-council-2024-10-10.decision .
""",
    )
    answer = kg.answer(
        "amendment-allowed", on=ADOPTED, area=DORSET, product="CrimeAndDisorderStrategy"
    )
    first, second = words(answer, "exception", "answer", "recorded")
    assert first[0] == "authorise later changes"
    assert first[1].startswith("the exception is on record")
    assert first[2] == "2024-10-10 Full Council lets Cabinet change the plan"
    assert (second[0], second[2]) == ("require changes", "no record")


def test_where_no_rule_on_changes_is_held_it_is_said(kg: KnowledgeGraph) -> None:
    answer = kg.answer(
        "amendment-allowed", on=DAY, area=DORSET, product="YouthJusticePlan"
    )
    ((organ, said, law),) = words(answer, "organ", "answer", "law")
    assert (organ, law) == (FULL_COUNCIL, "SI 2000/2853 Sch.3")
    assert said.startswith("the law layer holds no rule on changes")


# areas-by-theme


def test_a_theme_takes_in_the_narrower_ones(kg: KnowledgeGraph) -> None:
    answer = kg.answer(
        "areas-by-theme", on=DAY, theme="violence against women and girls"
    )
    found = words(answer, "area", "priority", "cross_cutting", "source")
    assert {row for row in found if row[0] == "Dorset"} == {
        ("Dorset", "Domestic Abuse and Stalking", "no", "2024-07-23 2.2"),
        ("Dorset", "Sexual Offences", "no", "2024-07-23 2.2"),
        ("Dorset", "Violence against women and girls", "yes", "2024-07-23 2.3"),
    }
    narrow = kg.answer("areas-by-theme", on=DAY, theme="stalking")
    assert words(narrow, "priority") == [("Domestic Abuse and Stalking",)]


def test_nothing_is_known_of_a_priority_before_its_document(kg: KnowledgeGraph) -> None:
    """The partnership agreed the plan on 19 March 2024."""
    assert len(kg.answer("areas-by-theme", on="2024-03-18", theme="fraud")) == 0
    assert len(kg.answer("areas-by-theme", on="2024-03-19", theme="fraud")) == 1


# priorities-without-lead


def test_the_report_names_no_lead(kg: KnowledgeGraph) -> None:
    """Question H1: six priorities and four cross-cutting issues of the plan."""
    answer = kg.answer("priorities-without-lead", on=DAY, area=DORSET)
    plan = [
        row[1:]
        for row in words(answer, "version", "priority", "cross_cutting")
        if row[0] == PLAN
    ]
    assert {name for name, cross in plan if cross == "no"} == {
        *("Domestic Abuse and Stalking", "Sexual Offences", "Serious Violence"),
        *("Anti-social Behaviour", "Rural Crime", "Fraud"),
    }
    assert len([name for name, cross in plan if cross == "yes"]) == 4


def test_a_priority_with_a_lead_is_left_out(tmp_path: Path) -> None:
    kg = with_own(
        tmp_path,
        "priority:dorset-csplan-2023.2024-25.fraud csp:ledBy body:chief-constable-dorset .",
    )
    answer = kg.answer("priorities-without-lead", on=DAY, area=DORSET)
    names = {row[0] for row in words(answer, "priority")}
    assert "Fraud" not in names
    assert "Rural Crime" in names


# theme-to-subject


def test_what_the_priorities_answer(kg: KnowledgeGraph) -> None:
    """Question H2: one link is stated, the others are inferred."""
    answer = kg.answer("theme-to-subject", on=DAY, area=DORSET)
    found = {
        row[1]: row[2:]
        for row in words(answer, "version", "priority", "law", "how_sure")
        if row[0] == PLAN
    }
    assert found["Serious Violence"] == ("CDA 1998 s.6(1)(d)", "stated")
    assert found["Substance misuse"] == ("CDA 1998 s.6(1)(b)", "inferred")
    for name in ("Fraud", "Rural Crime", "Sexual Offences", "Anti-social Behaviour"):
        assert found[name] == ("CDA 1998 s.6(1)(a)", "inferred")
    assert found["Mental health"] == ("", "no link on record")


# evidence-for


def test_evidence_for_the_plan(kg: KnowledgeGraph) -> None:
    """Agreed on 19 March 2024, adopted on 10 October 2024 (question C5)."""
    answer = kg.answer(
        "evidence-for", on=ADOPTED, area=DORSET, product="CrimeAndDisorderStrategy"
    )
    shown = {
        row[1:]
        for row in words(answer, "strength", "law", "kind", "on")
        if row[0] == "shows it done"
    }
    assert shown >= {
        ("CDA 1998 s.6(1)(a)", "agree", "2024-03-19"),
        ("SI 2000/2853 Sch.3", "adopt", "2024-10-10"),
    }
    assert "2024-10-10 item 42; 2024-10-22 decision" in {
        row[0] for row in words(answer, "source")
    }


def test_before_the_adoption_there_is_only_a_step(kg: KnowledgeGraph) -> None:
    answer = kg.answer(
        "evidence-for", on=DAY, area=DORSET, product="CrimeAndDisorderStrategy"
    )
    adopting = [
        row[1:]
        for row in words(answer, "law", "kind", "strength")
        if row[0] == "SI 2000/2853 Sch.3"
    ]
    assert adopting == [("recommend", "shows a part of it")]


def test_a_duty_without_evidence_has_its_row(kg: KnowledgeGraph) -> None:
    answer = kg.answer("evidence-for", on=DAY, area=DORSET, product="YouthJusticePlan")
    assert ("CDA 1998 s.40", "", "not looked for") in words(
        answer, "law", "evidence", "standing"
    )


# waiting-times


def test_days_between_agreement_and_adoption(kg: KnowledgeGraph) -> None:
    answer = kg.answer("waiting-times", on=ADOPTED)
    found = {
        row[:3]: row[3]
        for row in words(answer, "version", "from_event", "to_event", "days")
    }
    adopted = "adopt 2024-10-10"
    assert found[PLAN, "agree 2024-03-19", adopted] == "205"
    assert found[REOFFENDING, "agree 2024-03-19", adopted] == "205"
    assert found[VIOLENCE, "agree 2023-12-21", adopted] == "294"
    assert found[VIOLENCE, "agree 2023-12-21", "publish 2024-01-30"] == "40"
    assert {row[0] for row in words(answer, "area")} == {"Dorset", KENT}


def test_days_between_agreement_and_adoption_in_the_whole_record() -> None:
    """A graph of a few areas answers for these; that of all, for all on record."""
    agreed = {"Dorset", KENT, "Rotherham"}
    agreed |= {"Buckinghamshire", "Dartford", "York"}  # from tables of facts
    answer = cspgraph.load().answer("waiting-times", on=ADOPTED)
    assert {row[0] for row in words(answer, "area")} == agreed


@pytest.mark.parametrize(
    "on", ["2024-03-19", "2024-03-31", "2024-05-01", "2024-07-23", "2024-10-09"]
)
def test_days_are_counted_as_the_calendar_does(on: str, kg: KnowledgeGraph) -> None:
    answer = kg.answer("waiting-times", on=on)
    waited = date.fromisoformat(on) - date(2024, 3, 19)
    assert (PLAN, f"no adoption on record on {on}", str(waited.days)) in words(
        answer, "version", "to_event", "days"
    )


@pytest.mark.parametrize("apart", [1, 59, 60, 365, 366, 1461, 36525])
def test_days_are_counted_over_leap_years(apart: int, tmp_path: Path) -> None:
    first = date(1899, 12, 31)
    last = first + timedelta(days=apart)
    kg = with_own(
        tmp_path,
        f"""
strategy:own a csp:Strategy ; csp:area gss:E06000059 ; csp:kind kind:DeliveryPlan ;
    csp:source passage:dorset-2024-07-23.head .
version:own a csp:StrategyVersion ; csp:versionOf strategy:own ;
    csp:source passage:dorset-2024-07-23.head .
decision:own-agree a csp:Decision ; csp:kind kind:Agree ; csp:status kind:Done ;
    csp:about version:own ; csp:on "{first}"^^xsd:date ;
    csp:source passage:dorset-2024-07-23.head .
decision:own-adopt a csp:Decision ; csp:kind kind:Adopt ; csp:status kind:Done ;
    csp:about version:own ; csp:on "{last}"^^xsd:date ;
    csp:source passage:dorset-2024-07-23.head .
""",
    )
    found = words(kg.answer("waiting-times", on=DAY), "from_event", "days")
    assert (f"agree {first}", str(apart)) in found


# scrutiny


def test_scrutiny_of_dorset(kg: KnowledgeGraph) -> None:
    """Questions E1 and E2: yearly by law, nothing recorded, no committee designated."""
    answer = kg.answer("scrutiny", on=DAY, area=DORSET)
    found = words(answer, "law", "committee", "due", "last_recorded")
    laws = [
        "PJA 2006 s.19(1)",
        *(f"SI 2009/942 reg.{number}" for number in (4, 5, 6, 7)),
    ]
    assert found == [(law, "", "", "no record") for law in laws]
    assert {row[0] for row in words(answer, "note")} == {
        "committee not in the register"
    }
    rules = pairs(answer, "law", "rule")
    assert rules["SI 2009/942 reg.7"] == "within 28 days of the report"


def test_the_committee_of_2019_is_named(kg: KnowledgeGraph) -> None:
    answer = kg.answer("scrutiny", on="2019-10-24", area=DORSET)
    assert {row[0] for row in words(answer, "committee")} == {
        "Place Scrutiny Committee of Dorset Council"
    }


@pytest.mark.parametrize(
    ("met", "due"), [("2019-06-11", "2020-06-11"), ("2016-02-29", "2017-02-28")]
)
def test_the_next_meeting_is_due_within_twelve_months(
    met: str, due: str, tmp_path: Path
) -> None:
    """Counted from the last meeting: regulation 4 of the regulations of 2009."""
    kg = with_own(
        tmp_path,
        f"""
decision:own a csp:Decision ; rdfs:label "The committee meets"@en ; csp:kind kind:Meet ;
    csp:by organ:dorset-council-place-scrutiny-committee ; csp:status kind:Done ;
    csp:on "{met}"^^xsd:date ; csp:source passage:dorset-2024-07-23.head .
""",
    )
    answer = kg.answer("scrutiny", on="2019-10-24", area=DORSET)
    found = {row[0]: row[1:] for row in words(answer, "law", "due", "last_recorded")}
    assert found["SI 2009/942 reg.4"] == (due, met)
    assert found["SI 2009/942 reg.7"] == ("", "no record")


# sources


def test_sources_are_known_by_their_day(kg: KnowledgeGraph) -> None:
    july = words(kg.answer("sources", on=DAY, area=DORSET), "on", "publisher")
    assert ("2024-07-23", "Dorset Council") in july
    assert {row[0] for row in july if row[0] > DAY} == {"2026-11-23"}  # without a day
    october = words(kg.answer("sources", on=ADOPTED, area=DORSET), "on")
    assert [row[0] for row in october if DAY <= row[0] < "2026-11-23"] == [
        "2024-07-23",
        *("2024-09-12", "2024-10-10", "2024-10-22"),
    ]
    assert len(kg.answer("sources", on=DAY, area=WELSH)) == 0


def test_the_record_of_cabinet_holds_three_decisions(kg: KnowledgeGraph) -> None:
    answer = kg.answer("sources", on=ADOPTED, area=DORSET)
    facts = pairs(answer, "on", "facts")
    assert (facts["2024-09-12"], facts["2024-10-10"]) == ("3", "6")


# unsourced


def test_only_recalled_law_is_without_a_page(kg: KnowledgeGraph) -> None:
    answer = kg.answer("unsourced", on=DAY)
    assert words(answer, "kind", "law", "verification") == [
        ("Provision", "LGA 2000 s.13(2)", "recalled"),
        ("Role template", "DVCVA 2004 s.9(4)", "recalled"),
    ]


def test_a_record_without_a_passage_is_found(tmp_path: Path) -> None:
    kg = with_own(
        tmp_path,
        """
decision:own a csp:Decision ; rdfs:label "Somebody met"@en ; csp:kind kind:Meet ;
    csp:status kind:Done ; csp:on "2024-07-01"^^xsd:date .
body:own a csp:Body ; rdfs:label "Somebody"@en .
""",
    )
    found = words(kg.answer("unsourced", on=DAY), "thing", "kind", "missing")
    assert ("Somebody met", "Decision", "a passage of a document") in found
    assert ("Somebody", "Body", "a publication or a reason") in found


# terms


def test_terms_of_a_list(kg: KnowledgeGraph) -> None:
    answer = kg.answer("terms", on=DAY, list="Verification codes")
    used = pairs(answer, "term", "used")
    assert len(used) == 5
    assert used["recalled"] == "law"
    assert used["official page"] == "law; record"


def test_every_term_is_there_once_with_its_meaning(kg: KnowledgeGraph) -> None:
    answer = kg.answer("terms", on=DAY)
    found = [str(row["term"]) for row in answer]
    assert len(set(found)) == len(found)
    assert all(row["definition"] for row in answer)
    used = {str(row["term"]).rpartition("#")[2]: row["used"] for row in answer}
    assert (used["deadline"], used["priority"]) == ("law", "record")
    assert used["source"] == "record"
    assert used["registerSource"] is None
