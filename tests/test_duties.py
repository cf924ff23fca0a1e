"""The law over time: who is bound and to what, on the day before and the day of each change.

The tables are written from the project's legislation reference, sections (b) to (e),
where `last` is the last day in force. Nothing in them comes from the program.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from cspgraph.errors import NameNotClearError
from cspgraph.graph import load
from cspgraph.rdf.terms import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

WEST_DORSET, BOURNEMOUTH, POOLE = "E07000052", "E06000028", "E06000029"
EAST_DORSET, PURBECK, COUNTY = "E07000049", "E07000051", "E10000009"
DORSET, BCP = "E06000059", "E06000058"

FIRST_DAY, LAST_DAY = "1998-09-30", "2026-06-30"

#: First and last day of each area in the register, as far as this test looks.
BEING = {
    WEST_DORSET: ("1998-09-29", "2019-03-31"),
    BOURNEMOUTH: ("1998-09-29", "2019-03-31"),
    DORSET: ("2019-04-01", LAST_DAY),
}


def ends(iris: Iterable[object]) -> set[str]:
    """Return the last part of each IRI: a slug or the name of a kind."""
    return {str(iri).rpartition("/")[2] for iri in iris}


def turns(
    windows: Iterable[tuple[str, str | None]], within: tuple[str, str]
) -> list[str]:
    """Return the days before, on and after each change, inside `within`."""
    found = set()
    for first, last in windows:
        start = date.fromisoformat(first)
        found |= {start - timedelta(days=1), start}
        if last:
            end = date.fromisoformat(last)
            found |= {end, end + timedelta(days=1)}
    days = sorted(day.isoformat() for day in found)
    return [day for day in days if within[0] <= day <= within[1]]


# Who: section (d), with the bodies of (d.2)

ANY = (WEST_DORSET, BOURNEMOUTH, DORSET)
OLD = (WEST_DORSET, BOURNEMOUTH)

# body, its kind, the paragraph of section 5(1), areas, first and last day
MEMBERS: list[tuple[str, str, str, tuple[str, ...], str, str | None]] = [
    ("west-dorset-district-council", "DistrictCouncil", "a", (WEST_DORSET,), "1998-09-30", "2019-03-31"),
    ("dorset-county-council", "CountyCouncil", "a", (WEST_DORSET,), "1998-09-30", "2019-03-31"),
    ("bournemouth-borough-council", "UnitaryCouncil", "a", (BOURNEMOUTH,), "1998-09-30", "2019-03-31"),
    ("dorset-council", "UnitaryCouncil", "a", (DORSET,), "2019-04-01", None),
    ("chief-constable-dorset", "ChiefOfficerOfPolice", "b", ANY, "1998-09-30", None),
    ("dorset-police-authority", "PoliceAuthority", "c", OLD, "2003-04-01", "2012-11-21"),
    # "fire authority" became "fire and rescue authority" on 1 October 2004 in England
    ("dorset-fire-authority", "FireAndRescueAuthority", "d", OLD, "2003-04-01", "2004-09-30"),
    ("dorset-fire-authority", "FireAndRescueAuthority", "d", OLD, "2004-10-01", "2016-03-31"),
    ("dorset-and-wiltshire-fire-and-rescue-authority", "FireAndRescueAuthority", "d", ANY, "2016-04-01", None),
    ("bournemouth-teaching-pct", "PrimaryCareTrust", "e", (BOURNEMOUTH,), "2004-04-30", "2006-09-30"),
    ("bournemouth-and-poole-pct", "PrimaryCareTrust", "e", (BOURNEMOUTH,), "2006-10-01", "2013-03-31"),
    # Which trust served West Dorset before October 2006 was not read (item 16 of (g)),
    # so the kind of body stands there without a body.
    ("None", "PrimaryCareTrust", "e", (WEST_DORSET,), "2004-04-30", "2006-09-30"),
    ("dorset-pct", "PrimaryCareTrust", "e", (WEST_DORSET,), "2006-10-01", "2013-03-31"),
    ("nhs-dorset-ccg", "ClinicalCommissioningGroup", "e", ANY, "2013-04-01", "2022-06-30"),
    ("nhs-dorset-icb", "IntegratedCareBoard", "e", ANY, "2022-07-01", None),
    ("dorset-probation-trust", "ProbationProvider", "aa", OLD, "2010-04-01", "2014-05-31"),
    ("dorset-devon-and-cornwall-crc", "ProbationProvider", "aa", ANY, "2014-06-01", "2021-06-25"),
    ("national-probation-service", "ProbationProvider", "aa", ANY, "2014-06-01", "2021-06-25"),
    ("probation-service", "ProbationProvider", "aa", (DORSET,), "2021-06-26", None),
]  # fmt: skip


def membership() -> Iterator[tuple[str, str]]:
    for area, being in BEING.items():
        windows = [(row[4], row[5]) for row in MEMBERS if area in row[3]]
        for day in turns(windows, being):
            yield area, day


@pytest.mark.parametrize(("area", "day"), list(membership()))
def test_responsible_authorities(area: str, day: str, kg: KnowledgeGraph) -> None:
    answer = kg.answer("responsible-authorities", area=area, on=day)
    found = {
        (*(str(row[name]).rpartition("/")[2] for name in ("body", "kind")), row["law"])
        for row in answer
    }
    assert found == {
        (body, kind, f"CDA 1998 s.5(1)({limb})")
        for body, kind, limb, areas, first, last in MEMBERS
        if area in areas and first <= day <= (last or LAST_DAY)
    }


@pytest.mark.parametrize(("area", "day"), list(membership()))
def test_since_and_until(area: str, day: str, kg: KnowledgeGraph) -> None:
    """While body, area and law all last; `until` is the first day no longer."""
    begin, end = (date(2019, 4, 1), None)
    if area != DORSET:
        begin, end = date(1997, 4, 1), date(2019, 4, 1)
    windows = {}
    for body, _, _, areas, first, last in MEMBERS:
        if area in areas and first <= day <= (last or LAST_DAY):
            after = [date.fromisoformat(last) + timedelta(days=1)] if last else []
            until = min([*after, end] if end else after, default=None)
            windows[body] = (max(date.fromisoformat(first), begin), until)
    for row in kg.answer("responsible-authorities", area=area, on=day):
        if row["body"]:
            (body,) = ends([row["body"]])
            assert (row["since"], row["until"]) == windows[body], body


def test_the_worked_example(kg: KnowledgeGraph) -> None:
    """Not the police authority, the commissioner or any commissioning group."""
    answer = kg.answer("responsible-authorities", area="West Dorset", on="2013-03-01")
    assert sorted(row[0] for row in answer.words()) == [
        "Chief Constable of Dorset Police",
        "Dorset County Council",
        "Dorset Fire Authority",
        "Dorset Primary Care Trust",
        "Dorset Probation Trust",
        "West Dorset District Council",
    ]


@pytest.mark.parametrize(
    ("district", "own"), [(EAST_DORSET, "south-and-east"), (PURBECK, "north")]
)
def test_two_trusts_where_poole_reached_in(
    district: str, own: str, kg: KnowledgeGraph
) -> None:
    """Poole PCT reached into both districts; the area of the other trust was not read."""
    answer = kg.answer("responsible-authorities", area=district, on="2005-01-01")
    trusts = {
        slug for slug in ends(row["body"] for row in answer) if slug.endswith("pct")
    }
    assert "poole-pct" in trusts
    assert not any(slug.startswith(own) for slug in trusts - {"poole-pct"})


@pytest.mark.parametrize(
    ("area", "day", "councils"),
    [
        (
            WEST_DORSET,
            "2019-03-31",
            {"west-dorset-district-council", "dorset-county-council"},
        ),
        (
            EAST_DORSET,
            "2019-03-31",
            {"east-dorset-district-council", "dorset-county-council"},
        ),
        (DORSET, "2019-04-01", {"dorset-council"}),
        (BOURNEMOUTH, "2019-03-31", {"bournemouth-borough-council"}),
        (POOLE, "2019-03-31", {"poole-borough-council"}),
        (BCP, "2019-04-01", {"bcp-council"}),
    ],
)
def test_two_councils_in_two_tiers(
    area: str, day: str, councils: set[str], kg: KnowledgeGraph
) -> None:
    answer = kg.answer("responsible-authorities", area=area, on=day)
    assert (
        ends(row["body"] for row in answer if row["law"] == "CDA 1998 s.5(1)(a)")
        == councils
    )


def test_never_the_commissioner_nor_the_youth_offending_team(
    kg: KnowledgeGraph,
) -> None:
    """Neither stands in section 5(1) at any date."""
    found = kg.select(
        "SELECT DISTINCT ?kind WHERE { ?holding csp:role role:ResponsibleAuthority ;"
        " csp:capacity ?kind } ORDER BY ?kind"
    )
    kinds = ends(row["kind"] for row in found)
    elsewhere = {
        *("LondonBoroughCouncil", "WelshPrincipalCouncil", "LocalHealthBoard"),
        "MetropolitanDistrictCouncil",
    }
    assert kinds == {row[1] for row in MEMBERS} | elsewhere
    for day in ("2012-11-22", "2024-07-23"):
        area = DORSET if day > "2019" else WEST_DORSET
        bodies = kg.answer("responsible-authorities", area=area, on=day).words()
        assert not any(
            "Commissioner" in row[0] or "outh offending" in row[0] for row in bodies
        )


SPECIFIED = {
    "dorset-council",
    "chief-constable-dorset",
    "dorset-and-wiltshire-fire-and-rescue-authority",
    "nhs-dorset-icb",
    "probation-service",
    "dorset-youth-offending-team",
}


@pytest.mark.parametrize(
    ("day", "bodies"),
    [("2023-01-30", set()), ("2023-01-31", SPECIFIED), ("2024-07-23", SPECIFIED)],
)
def test_specified_authorities(day: str, bodies: set[str], kg: KnowledgeGraph) -> None:
    answer = kg.answer("specified-authorities", area=DORSET, on=day)
    assert ends(row["body"] for row in answer) == bodies


@pytest.mark.parametrize(
    ("area", "day"),
    [
        (WEST_DORSET, "2019-04-01"),
        (BOURNEMOUTH, "2019-04-01"),
        (COUNTY, "2019-04-01"),
        (DORSET, "2019-03-31"),
        (BCP, "2019-03-31"),
    ],
)
def test_an_area_that_is_not_there(area: str, day: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(NameNotClearError, match=f"on {day}: .* holds from"):
        kg.answer("responsible-authorities", area=area, on=day)


# What: sections (b) and (c)

# provision, area, first and last day
LAW: list[tuple[str, str, str, str | None]] = [
    ("CDA 1998 s.6 (1998 text)", WEST_DORSET, "1998-09-30", "2007-07-31"),
    ("CDA 1998 s.6(1)(a)", WEST_DORSET, "2007-08-01", None),
    ("CDA 1998 s.6(1)(b)", WEST_DORSET, "2007-08-01", None),
    ("CDA 1998 s.6(1)(c)", WEST_DORSET, "2010-04-01", None),
    ("CDA 1998 s.6(1)(d)", DORSET, "2023-01-31", None),
    ("CDA 1998 s.6(1A)", WEST_DORSET, "2012-11-22", None),
    ("CDA 1998 s.6(8)", WEST_DORSET, "2007-08-01", None),
    ("CDA 1998 s.5(1A)", WEST_DORSET, "2012-01-16", None),
    ("CDA 1998 s.5(2)", WEST_DORSET, "1998-09-30", None),
    ("CDA 1998 s.5(3)", WEST_DORSET, "1998-09-30", None),
    ("CDA 1998 s.7(1)", WEST_DORSET, "1998-09-30", None),
    ("CDA 1998 s.17", WEST_DORSET, "1998-09-30", None),
    ("CDA 1998 s.17A", WEST_DORSET, "2007-08-01", None),
    ("CDA 1998 s.40", BOURNEMOUTH, "2000-01-01", None),
    ("SI 2007/1830 reg.3 (2007 text)", WEST_DORSET, "2007-08-01", "2011-05-31"),
    ("SI 2007/1830 reg.3", WEST_DORSET, "2011-06-01", None),
    ("SI 2007/1830 reg.3(7) (2007 text)", WEST_DORSET, "2007-08-01", "2011-05-31"),
    ("SI 2007/1830 reg.4", WEST_DORSET, "2007-08-01", None),
    ("SI 2007/1830 reg.5", WEST_DORSET, "2007-08-01", None),
    ("SI 2007/1830 reg.10(1)", WEST_DORSET, "2007-08-01", None),
    ("SI 2007/1830 reg.10(2)", WEST_DORSET, "2007-08-01", None),
    (
        "SI 2007/1830 reg.11(1)(a) (three-year words)",
        WEST_DORSET,
        "2007-08-01",
        "2011-05-31",
    ),
    ("SI 2007/1830 reg.12(1)", WEST_DORSET, "2007-08-01", None),
    ("SI 2007/1830 reg.12(4)", WEST_DORSET, "2007-08-01", None),
    ("SI 2007/1830 reg.13A", WEST_DORSET, "2012-11-22", None),
    ("SI 2007/1830 reg.14", WEST_DORSET, "2007-08-01", None),
    ("SI 2007/1830 reg.14A", WEST_DORSET, "2012-11-22", None),
    ("SI 2007/1830 reg.15", WEST_DORSET, "2007-08-01", None),
    ("SI 2007/1830 reg.8 (2007 text)", COUNTY, "2007-08-01", "2011-05-31"),
    ("SI 2007/1830 reg.8", COUNTY, "2011-06-01", None),
    ("SI 2007/1830 reg.9", COUNTY, "2007-08-01", None),
    ("SI 2007/1830 reg.9A", COUNTY, "2012-11-22", None),
    ("PRSRA 2011 s.10(1)", WEST_DORSET, "2012-11-22", None),
    ("PRSRA 2011 s.10(2)", WEST_DORSET, "2012-11-22", None),
    ("EA 2010 s.149", WEST_DORSET, "2011-04-05", None),
    ("SI 2000/2853 Sch.3", WEST_DORSET, "2000-11-16", None),
    ("SI 2012/1020 Sch.", WEST_DORSET, "2012-05-04", None),
    *(
        (f"PCSCA 2022 s.{section}", DORSET, "2023-01-31", None)
        for section in (
            *("8(1)", "8(3)(a)", "8(3)(c)", "8(4)", "8(7)(a)", "8(7)(b)", "8(8)"),
            *("9", "14(2)", "14(6)", "15(3)", "17", "19"),
        )
    ),
]
BEING[COUNTY] = BEING[WEST_DORSET]


@pytest.mark.parametrize(("law", "area", "first", "last"), LAW)
def test_duties_begin_and_end(
    law: str, area: str, first: str, last: str | None, kg: KnowledgeGraph
) -> None:
    days = [*turns([(first, last)], BEING[area]), BEING[area][1]]
    for day in days:
        answer = kg.answer("who-must-do-what", area=area, on=day)
        bound = law in {row["law"] for row in answer}
        assert bound == (first <= day <= (last or LAST_DAY)), day


@pytest.mark.parametrize(
    ("area", "day"), [(DORSET, "2024-07-23"), (BCP, "2024-07-23"), (DORSET, LAST_DAY)]
)
def test_law_that_does_not_reach_dorset(
    area: str, day: str, kg: KnowledgeGraph
) -> None:
    """Pilots elsewhere, law not in force, county groups after 2019, Welsh instruments."""
    laws = {str(row["law"]) for row in kg.answer("who-must-do-what", area=area, on=day)}
    assert "CDA 1998 s.6(1)(a)" in laws
    for start in (
        "PCSCA 2022 s.24",
        "VPA 2024",
        "SI 2007/1830 reg.8",
        "SI 2007/1830 reg.9",
    ):
        assert not [law for law in laws if law.startswith(start)]
    assert not [law for law in laws if "(W." in law or "SI 2007/3076" in law]


def test_both_acts_on_serious_violence_begin_on_one_day(kg: KnowledgeGraph) -> None:
    def laws(day: str) -> set[str]:
        answer = kg.answer("who-must-do-what", area=DORSET, on=day)
        found = {str(row["law"]) for row in answer}
        return {
            law for law in found if law.startswith("PCSCA") or law.endswith("(1)(d)")
        }

    assert laws("2023-01-30") == set()
    assert {"CDA 1998 s.6(1)(d)", "PCSCA 2022 s.8(3)(c)"} <= laws("2023-01-31")


def test_the_county_strategy_group_before_2019(kg: KnowledgeGraph) -> None:
    answer = kg.answer("who-must-do-what", area=COUNTY, on="2018-12-17")
    makes = {row["bearer"] for row in answer if row["law"] == "SI 2007/1830 reg.9"}
    assert ends(makes) == {"dorset-county-strategy-group"}
    have = ends(row["bearer"] for row in answer if row["law"] == "SI 2007/1830 reg.8")
    assert {
        "dorset-county-council",
        "west-dorset-district-council",
        "nhs-dorset-ccg",
    } <= have
    assert "bournemouth-borough-council" not in have


def test_the_three_year_horizon_ended(kg: KnowledgeGraph) -> None:
    """What remains in England is the revision before 1 April of each year."""
    answer = kg.answer(
        "who-must-do-what", area=DORSET, on="2024-07-23", product="PartnershipPlan"
    )
    laws = {row["law"]: row["due"] for row in answer}
    assert not [law for law in laws if "three-year" in str(law)]
    assert laws["SI 2007/1830 reg.10(2)"] == date(2025, 3, 31)


def test_a_joint_duty_is_one_node(kg: KnowledgeGraph) -> None:
    found = kg.at("2013-03-01").select(
        "SELECT ?duty ?bearer WHERE { ?duty csp:area gss:E07000052 ; csp:bearer ?bearer ;"
        ' csp:provision/csp:citation "CDA 1998 s.6(1)(a)" } ORDER BY ?duty ?bearer'
    )
    assert len({row["duty"] for row in found}) == 1
    members = [row for row in MEMBERS if WEST_DORSET in row[3]]
    assert ends(row["bearer"] for row in found) == {
        row[0] for row in members if row[4] <= "2013-03-01" <= (row[5] or LAST_DAY)
    }


def test_regard_is_not_symmetrical(kg: KnowledgeGraph) -> None:
    """Authorities to the objectives; the commissioner to the priorities; both co-operate."""
    answer = list(kg.answer("who-must-do-what", area=DORSET, on="2024-07-23"))

    def bearers(law: str) -> set[str]:
        return ends(row["bearer"] for row in answer if row["law"] == law)

    authorities = {row[0] for row in MEMBERS if DORSET in row[3] and row[5] is None}
    assert bearers("CDA 1998 s.6(1A)") == authorities
    assert bearers("PRSRA 2011 s.10(1)") == {"pcc-dorset"}
    assert bearers("PRSRA 2011 s.10(2)") == authorities | {"pcc-dorset"}


def test_section_17_binds_some_of_them(kg: KnowledgeGraph) -> None:
    """The council, the fire authority and the commissioner; not police, health, probation."""
    answer = kg.answer("who-must-do-what", area=DORSET, on="2024-07-23")
    found = ends(row["bearer"] for row in answer if row["law"] == "CDA 1998 s.17")
    fire = "dorset-and-wiltshire-fire-and-rescue-authority"
    assert {"dorset-council", fire, "pcc-dorset"} <= found
    assert not {"chief-constable-dorset", "nhs-dorset-icb", "probation-service"} & found


# Adoption: section (e)

ADOPTION = {
    (
        "CrimeAndDisorderStrategy",
        "FullCouncil",
        "StatuteReserved",
        "SI 2000/2853 Sch.3",
    ),
    ("SubstanceMisuseStrategy", "FullCouncil", "StatuteArguable", "SI 2000/2853 Sch.3"),
    ("ReoffendingStrategy", "FullCouncil", "StatuteArguable", "SI 2000/2853 Sch.3"),
    (
        "SeriousViolenceStrategy1998",
        "FullCouncil",
        "StatuteArguable",
        "SI 2000/2853 Sch.3",
    ),
    (
        "SeriousViolenceStrategy2022",
        "Executive",
        "ExecutiveDefault",
        "LGA 2000 s.9D(2)",
    ),
    ("SeriousViolenceStrategy2022", "FullCouncil", "AssertedOnly", None),
    ("YouthJusticePlan", "FullCouncil", "StatuteReserved", "SI 2000/2853 Sch.3"),
    ("SafeAccommodationStrategy", "Executive", "ExecutiveDefault", "LGA 2000 s.9D(2)"),
}


def test_who_adopts_in_dorset(kg: KnowledgeGraph) -> None:
    answer = kg.answer("who-must-adopt", area=DORSET, on="2024-07-23")
    names = ("product", "organ", "basis")
    assert {
        (*(str(row[name]).rpartition("/")[2] for name in names), row["law"])
        for row in answer
    } == ADOPTION
    assert ends(row["body"] for row in answer) == {"dorset-council"}
    claims = {row["basis"]: row["claim"] for row in answer if row["law"] is None}
    assert [(compact(str(b)), c) for b, c in claims.items()] == [
        ("basis:AssertedOnly", "1.7")
    ]


def test_each_council_adopts_for_itself(kg: KnowledgeGraph) -> None:
    """In two tiers there can be two adoptions of one plan."""
    answer = kg.answer("who-must-adopt", area=WEST_DORSET, on="2018-12-17")
    plan = [
        row
        for row in answer
        if str(row["product"]).endswith("/CrimeAndDisorderStrategy")
    ]
    assert ends(row["body"] for row in plan) == {
        "west-dorset-district-council",
        "dorset-county-council",
    }


@pytest.mark.parametrize(
    ("day", "laws"),
    [
        ("2000-11-15", set()),
        ("2000-11-16", {"SI 2000/2853 Sch.3"}),
        ("2012-05-03", {"SI 2000/2853 Sch.3"}),
        ("2012-05-04", {"SI 2000/2853 Sch.3", "SI 2012/1020 Sch."}),
    ],
)
def test_what_is_assumed_where_governance_is_not_known(
    day: str, laws: set[str], kg: KnowledgeGraph
) -> None:
    answer = list(kg.answer("who-must-adopt", area=WEST_DORSET, on=day))
    plan = [
        row
        for row in answer
        if str(row["product"]).endswith("/CrimeAndDisorderStrategy")
    ]
    assert {row["law"] for row in plan} == laws
    assumed = {(row["law"], str(row["assumes"]).rpartition("/")[2]) for row in plan}
    kinds = {
        "SI 2000/2853 Sch.3": "ExecutiveArrangements",
        "SI 2012/1020 Sch.": "CommitteeSystem",
    }
    assert assumed == {(law, kinds[law]) for law in laws}


# The record: paragraphs 2.1, 3.3 and 4.1 of the report, and the decisions of 2024

AGREED_PLAN = AGREED_REOFFENDING = date(2024, 3, 19)
AGREED_VIOLENCE, PUBLISHED_VIOLENCE = date(2023, 12, 21), date(2024, 1, 30)
ADOPTED = date(2024, 10, 10)
PLAN = "Community Safety Plan 2023-2026 (2024-25 refresh)"
REOFFENDING = "Pan-Dorset Reducing Reoffending Strategy 2024-2027"
VIOLENCE = "Serious Violence Strategy 2024-25"
AGREED = {PLAN: AGREED_PLAN, REOFFENDING: AGREED_REOFFENDING, VIOLENCE: AGREED_VIOLENCE}
#: Agreed as the minutes and the record of 2020 tell; no adoption was seen of either.
#: The period of the plan ran out, and the strategy of 2024-2027 took the place of the other.
NOT_SEEN_ADOPTED = {
    "Community Safety Plan 2020-2023, as agreed in 2020": (
        *(date(2020, 3, 9), date(2023, 4, 1)),
    ),
    "Pan Dorset Reducing Reoffending Strategy 2023 to 26": (
        *(date(2023, 3, 15), date(2024, 4, 1)),
    ),
}


@pytest.mark.parametrize(
    "day",
    ["2023-12-20", "2023-12-21", "2024-03-18", "2024-03-19", "2024-07-23", "2024-10-09", "2024-10-10", "2024-10-11"],
)  # fmt: skip
def test_days_waited(day: str, kg: KnowledgeGraph) -> None:
    today = date.fromisoformat(day)
    answer = kg.answer("agreed-not-adopted", area=DORSET, on=day)
    found = {
        str(words[0]): (row["agreed_on"], row["adopted_on"], row["days_waiting"])
        for words, row in zip(answer.words(), answer, strict=True)
    }
    adopted = ADOPTED if today >= ADOPTED else None
    assert found == {
        title: (agreed, adopted, ((adopted or today) - agreed).days)
        for title, agreed in AGREED.items()
        if agreed <= today
    } | {
        title: (agreed, None, (min(today, over) - agreed).days)
        for title, (agreed, over) in NOT_SEEN_ADOPTED.items()
    }


def test_the_first_agreement_counts(tmp_path: Path) -> None:
    again = tmp_path / "again.ttl"
    again.write_text(
        "@prefix csp: <https://w3id.org/cspgraph/ns#> .\n"
        "@prefix kind: <https://w3id.org/cspgraph/kind/> .\n"
        "<urn:again> a csp:Decision ; csp:kind kind:Agree ; csp:status kind:Done ;\n"
        "  csp:about <https://w3id.org/cspgraph/id/version/dorset-csplan-2023.2024-25> ;\n"
        "  csp:by <https://w3id.org/cspgraph/id/body/dorset-csp> ;\n"
        '  csp:on "2024-05-01"^^<http://www.w3.org/2001/XMLSchema#date> ;\n'
        "  csp:source <https://w3id.org/cspgraph/id/passage/dorset-2024-07-23.2.1> .\n",
        encoding="utf-8",
    )
    answer = load(again).answer("agreed-not-adopted", area=DORSET, on="2024-10-11")
    plan = next(
        row
        for words, row in zip(answer.words(), answer, strict=True)
        if words[0] == PLAN
    )
    assert (plan["agreed_on"], plan["days_waiting"]) == (AGREED_PLAN, 205)


def test_days_waited_in_all(kg: KnowledgeGraph) -> None:
    answer = kg.answer("agreed-not-adopted", area=DORSET, on="2024-10-11")
    adopted = [row for row in answer if row["adopted_on"]]
    assert sorted(int(str(row["days_waiting"])) for row in adopted) == [205, 205, 294]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2024-07-22", "agreed by the partnership, no adoption on record"),
        ("2024-07-23", "agreed by the partnership, recommended, no adoption on record"),
        ("2024-10-09", "agreed by the partnership, recommended, no adoption on record"),
        ("2024-10-11", "adopted"),
    ],
)
def test_where_the_three_documents_stand(
    day: str, status: str, kg: KnowledgeGraph
) -> None:
    answer = kg.answer("strategies", area=DORSET, on=day)
    places = [answer.titles.index(name) for name in ("version", "status")]
    found = {row[places[0]]: row[places[1]] for row in answer.words()}
    assert {title: found[title] for title in AGREED} == dict.fromkeys(AGREED, status)


def test_nothing_is_known_before_it_happened(kg: KnowledgeGraph) -> None:
    """On 18 March 2024 the plan is not agreed, although a later report tells of it."""
    for name in ("strategies", "decision-trail", "priorities"):
        answer = kg.answer(name, area=DORSET, on="2024-03-18")
        assert PLAN not in {row[0] for row in answer.words()}, name
    standings = kg.answer("standing", area=DORSET, on="2024-03-18")
    assert "plan refresh" not in standings.to_csv()
    later = kg.answer("standing", area=DORSET, on="2024-03-19")
    assert "plan refresh" in later.to_csv()


def test_the_violence_strategy_in_february_2024(kg: KnowledgeGraph) -> None:
    answer = kg.answer("decision-trail", area=DORSET, on="2024-02-15")
    assert [
        (row["on"], str(row["decision"]).rpartition("/")[2])
        for words, row in zip(answer.words(), answer, strict=True)
        if words[0] == VIOLENCE
    ] == [(AGREED_VIOLENCE, "Agree"), (PUBLISHED_VIOLENCE, "Publish")]
    assert not {PLAN, REOFFENDING} & {row[0] for row in answer.words()}


def test_only_the_last_step_is_an_adoption(kg: KnowledgeGraph) -> None:
    """Committee and cabinet recommend; full council adopts."""
    answer = kg.answer("decision-trail", area=DORSET, on="2024-10-11")
    steps = [
        (
            row["on"],
            *(str(row[n]).rpartition("/")[2] for n in ("decision", "by", "status")),
        )
        for words, row in zip(answer.words(), answer, strict=True)
        if words[0] == PLAN
    ]
    committee = "dorset-council-people-and-health-overview-committee"
    assert steps == [
        (date(2024, 3, 19), "Agree", "dorset-csp", "Done"),
        (date(2024, 7, 23), "Recommend", committee, "Proposed"),
        (date(2024, 9, 10), "Recommend", "dorset-council-cabinet", "Done"),
        (date(2024, 10, 10), "Adopt", "dorset-council-full-council", "Done"),
    ]
