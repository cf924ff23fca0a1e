"""Wide areas are asked district by district, bodies in all areas, two tiers together.

What is expected is counted from the law reference and from the tables of the register,
never from an answer.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cspgraph.dataset import Dataset
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.graph import load
from cspgraph.questions.query_file import queries
from cspgraph.rdf.files import shipped
from cspgraph.rdf.terms import area_iri
from cspgraph.register.spread import LOCAL, spread

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

DAY = "2024-07-23"
#: The districts of Kent, whose county council is the Kent County Council.
KENT = {
    *("Ashford", "Canterbury", "Dartford", "Dover", "Folkestone and Hythe"),
    *("Gravesham", "Maidstone", "Sevenoaks", "Swale", "Thanet"),
    *("Tonbridge and Malling", "Tunbridge Wells"),
}
COUNTY = "Kent (county with districts)"


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return load(on=DAY)


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the register, read anew."""
    files = shipped("data/register", f"/{name}.csv")
    return [row for file in files for row in csv.DictReader(file.text.splitlines())]


def column(answer: Answer, name: str) -> list[str]:
    """Return one column of an answer in words."""
    place = [c.name for c in answer.columns].index(name)
    return [row[place] for row in answer.words()]


# A body


def test_a_body_is_asked_about_in_every_area_that_it_serves(kg: KnowledgeGraph) -> None:
    """The county council is a responsible authority of each district (CDA 1998 s.5(1)(a))."""
    product = "crime and disorder strategy"
    asked = {"body": "Kent County Council", "product": product}
    answer = kg.answer("who-must-do-what", action="formulate and implement", **asked)
    assert column(answer, "law") == ["CDA 1998 s.6(1)(a)"] * 12
    assert set(column(answer, "area")) == KENT
    assert set(column(answer, "bearer")) == {"Kent County Council"}


def test_what_it_does_in_the_county_stands_beside(kg: KnowledgeGraph) -> None:
    """Youth justice (s.40), domestic abuse (Part 4) and Channel are of the county."""
    whole = kg.answer("who-must-do-what", body="Kent County Council")
    by_area = {area: column(whole, "area").count(area) for area in {*KENT, COUNTY}}
    assert set(by_area) == set(column(whole, "area"))
    county = {
        law
        for law, area in zip(column(whole, "law"), column(whole, "area"), strict=True)
        if area == COUNTY
    }
    assert {"CDA 1998 s.40", "DAA 2021 s.57", "CTSA 2015 s.36"} <= county
    assert "CDA 1998 s.6(1)(a)" not in county


@pytest.mark.parametrize("district", sorted(KENT))
def test_an_area_narrows(kg: KnowledgeGraph, district: str) -> None:
    """The rows of one district are those that it has in the whole, and those of the county."""
    whole = kg.answer("who-must-do-what", body="Kent County Council")
    one = kg.answer("who-must-do-what", body="Kent County Council", area=district)
    kept = [r for r in whole.words() if r[0] in (district, COUNTY)]
    assert sorted(one.words()) == sorted(kept)


def test_a_district_council_is_bound_in_the_county_too(kg: KnowledgeGraph) -> None:
    """SI 2007/1830 reg.7A: the responsible authorities of the county have its group."""
    answer = kg.answer(
        "who-must-do-what", body="Ashford Borough Council", action="set up"
    )
    assert set(column(answer, "area")) == {"Ashford", COUNTY}


def test_a_body_without_an_area_says_so(kg: KnowledgeGraph) -> None:
    """A body of the tables that serves no area: the question says what to name."""
    serving = {row["body"] for row in table("services")}
    idle = next(r for r in table("bodies") if r["slug"] not in serving)
    with pytest.raises(ParameterError, match=r"no area that .* serves on"):
        kg.answer("who-must-do-what", body=idle["slug"], on=idle["valid_from"])


# Two tiers


@pytest.mark.parametrize("area", ["Kent", "Ashford", "Dover"])
def test_who_adopts_the_youth_justice_plan_in_two_tiers(
    kg: KnowledgeGraph, area: str
) -> None:
    """The full council of the county council, and of no district (SI 2000/2853 Sch.3)."""
    answer = kg.answer("who-must-adopt", area=area)
    found = {
        tuple(row[:3])
        for row, kind in zip(answer.words(), column(answer, "product"), strict=True)
        if kind == "youth justice plan"
    }
    assert found == {(COUNTY, "Kent County Council", "full council")}


@pytest.mark.parametrize("area", ["Kent", "Ashford"])
def test_who_approves_the_safe_accommodation_strategy_in_two_tiers(
    kg: KnowledgeGraph, area: str
) -> None:
    """The county council is the tier one authority (DAA 2021 s.61)."""
    answer = kg.answer("who-must-adopt", area=area)
    kind = "domestic abuse safe accommodation strategy"
    rows = zip(answer.words(), column(answer, "product"), strict=True)
    found = {(row[0], row[1]) for row, product in rows if product == kind}
    assert found == {(COUNTY, "Kent County Council")}


def test_cornwall_adopts_the_youth_justice_plan_of_scilly(kg: KnowledgeGraph) -> None:
    """Scilly counts as part of Cornwall there (CDA 1998 s.42(2)); its own council has none."""
    answer = kg.answer("who-must-adopt", area="Isles of Scilly")
    rows = zip(column(answer, "body"), column(answer, "product"), strict=True)
    assert {body for body, product in rows if product == "youth justice plan"} == {
        "Cornwall Council"
    }


def test_all_bodies_of_a_county_are_bound_though_one_district_is_asked(
    kg: KnowledgeGraph,
) -> None:
    """The county group is of the responsible authorities of all twelve districts."""
    answer = kg.answer("who-must-do-what", area="Ashford", action="set up")
    rows = zip(answer.words(), column(answer, "area"), strict=True)
    councils = {r[1] for r, area in rows if area == COUNTY and "Council" in r[1]}
    assert len(councils) == 13


@pytest.mark.parametrize("area", ["Dorset", "Leeds", "Hackney", "Cardiff"])
def test_one_tier_is_as_before(kg: KnowledgeGraph, area: str) -> None:
    answer = kg.answer("who-must-adopt", area=area)
    assert answer.columns[0].name == "body"
    assert len(answer)


# Wide areas


@pytest.mark.parametrize(
    ("area", "count", "some"),
    [
        # Twelve districts, and Medway beside the county.
        ("Kent police area", 13, {"Medway", "Ashford"}),
        ("Greater Manchester", 10, {"Bolton", "Wigan"}),
        ("Tees Valley", 5, {"Hartlepool", "Darlington"}),
        # The districts of two counties and two cities: 8 + 7 + 2.
        ("East Midlands Combined County Authority", 17, {"Derby", "Bassetlaw"}),
        ("London region", 33, {"Hackney", "City of London"}),
        ("North East region", 12, {"Gateshead", "Darlington"}),
        ("Wales", 22, {"Cardiff", "Powys"}),
    ],
)
def test_a_wide_area_is_asked_district_by_district(
    kg: KnowledgeGraph, area: str, count: int, some: set[str]
) -> None:
    answer = kg.answer("responsible-authorities", area=area)
    areas = set(column(answer, "area"))
    assert len(areas) == count
    assert some <= areas


def test_england_has_every_district() -> None:
    """The 296 districts of England of 2024."""
    england = spread(Dataset().register, area_iri("E92000001"), date(2024, 7, 23))
    assert england.districts == 296


def test_a_recalled_row_keeps_its_mark(kg: KnowledgeGraph) -> None:
    told = kg.answer("responsible-authorities", area="Tees Valley").receipt["area"]
    assert "5 lie there by a row of the register that is recalled, not read" in told


def test_a_combined_authority_ends(kg: KnowledgeGraph) -> None:
    """North of Tyne ended on 7 May 2024, when the seven councils joined in one."""
    before = kg.answer("responsible-authorities", area="North of Tyne", on="2024-05-06")
    assert set(column(before, "area")) == {
        *("Newcastle upon Tyne", "North Tyneside", "Northumberland"),
    }
    with pytest.raises(NameNotClearError, match="north-east-mayoral"):
        kg.answer("responsible-authorities", area="North of Tyne", on="2024-05-07")


def test_a_name_of_two_wide_areas_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(NameNotClearError, match=r"E12000005 .* or E47000007"):
        kg.answer("responsible-authorities", area="West Midlands")


def test_a_question_that_names_its_areas_is_asked_once(kg: KnowledgeGraph) -> None:
    answer = kg.answer("partnerships", area="Kent")
    assert [c.name for c in answer.columns].count("area") == 1
    assert {a for a in column(answer, "area") if a in KENT} == KENT


@pytest.mark.parametrize("name", sorted(queries()))
def test_no_question_refuses_a_county(kg: KnowledgeGraph, name: str) -> None:
    query = queries()[name]
    if "area" not in [p.name for p in query.parameters]:
        assert not query.of_body
        return
    asked = {k: v for k, v in query.example.items() if k not in ("on", "document")}
    if "document" in query.example:
        asked["document"] = query.example["document"]
    answer = kg.answer(name, **{**asked, "area": "Kent"})
    assert answer.parameters["area"][0].value.endswith("E10000016")
    assert "12 of them" in answer.receipt["area"]


@pytest.mark.parametrize(
    "area", ["South East region", "East of England region", "England"]
)
def test_what_is_asked_of_one_area_names_the_districts(
    kg: KnowledgeGraph, area: str
) -> None:
    with pytest.raises(ParameterError, match=r"ask one of its districts: [EW]0"):
        kg.why("csp-plan", area=area)
    with pytest.raises(ParameterError, match=r"ask one of its districts: [EW]0"):
        kg.why_not("Kent County Council", "csp-plan", area)


@pytest.mark.parametrize(("area", "count"), [("Tees Valley", 5), ("Wales", 22)])
def test_what_is_asked_of_few_districts_is_answered_of_each(
    kg: KnowledgeGraph, area: str, count: int
) -> None:
    answer = kg.why_not("Kent County Council", "csp-plan", area)
    assert answer.area.endswith(", district by district")
    assert len({row.where for row in answer.rows}) == count


def test_changes_are_told_area_by_area(kg: KnowledgeGraph) -> None:
    """A care board took the place of the groups in every district on 1 July 2022."""
    changed = kg.what_changed("Kent", "2022-06-30", "2022-07-01")
    assert {*KENT, COUNTY} == set(column(changed, "area"))
    with pytest.raises(ParameterError, match="too many to compare"):
        kg.what_changed("England", "2022-06-30", "2022-07-01")


COUNTYS_OWN = """
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix gss: <http://statistics.data.gov.uk/id/statistical-geography/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/agreement> a csp:Strategy ;
    rdfs:label "Community safety agreement"@en ;
    csp:area gss:E10000016 .
"""


def left_out(not_checked: Iterable[str]) -> list[str]:
    return [one for one in not_checked if one.startswith("duties for the whole of")]


def test_a_check_of_a_district_names_the_duties_of_its_county(tmp_path: Path) -> None:
    """They are named or looked at: what is not checked is never told as in order."""
    ashford = load(areas=["Ashford"]).validate(area="Ashford", on=DAY)
    (said,) = left_out(ashford.not_checked)
    assert f"E10000016 ({COUNTY}), which holds Ashford, were not looked at" in said
    for duty in (
        "youth justice plan (CDA 1998 s.40",
        "community safety agreement (SI 2007/1830 reg.9,",
        "domestic abuse safe accommodation strategy (DAA 2021 s.57,",
        "group of a county area (SI 2007/1830 reg.8)",
    ):
        assert duty in said
    assert said.endswith("; check them with --area E10000016")
    assert {duty.area for duty in ashford.duties} == {"Ashford"}

    record = tmp_path / "agreement.ttl"
    record.write_text(COUNTYS_OWN, encoding="utf-8")
    both = load(record).validate(area="Ashford", on=DAY)
    assert left_out(both.not_checked) == []
    assert {duty.area for duty in both.duties} == {"Ashford", COUNTY}
    laws = {law for listed in re.findall(r"\(([^()]*(?:\(\w+\)[^()]*)*)\)[;]", said) for law in listed.split(", ")}  # fmt: skip
    assert {duty.law for duty in both.duties if duty.area == COUNTY} == laws


@pytest.mark.parametrize("area", ["Dorset", "E08000019", "W06000024", "E09000030"])
def test_where_no_county_lies_above_nothing_was_left_out(area: str) -> None:
    report = load(areas=[area]).validate(area=area, on=DAY)
    assert len(report.duties)
    assert left_out(report.not_checked) == []


def test_a_check_of_a_wide_area_looks_at_its_districts(kg: KnowledgeGraph) -> None:
    report = kg.validate(area="Tees Valley")
    five = {"Darlington", "Hartlepool", "Middlesbrough", "Redcar and Cleveland"}
    assert {*five, "Stockton-on-Tees"} <= {duty.area for duty in report.duties}


def test_a_country_is_limited_to_its_part() -> None:
    wales = load(on=DAY, areas=["Wales"])
    codes = wales.select(
        "SELECT DISTINCT ?area WHERE { ?d a csp:Duty ; csp:area ?area }"
    )
    ends = [str(row["area"]).rpartition("/")[2] for row in codes]
    assert len([end for end in ends if end.startswith("W06")]) == 22
    assert not [end for end in ends if end.startswith("E0")]


# Properties

_AREAS = table("areas")
_WHEN = st.dates(date(1998, 9, 30), date(2026, 11, 30))


@settings(max_examples=40, deadline=None)
@given(row=st.sampled_from(_AREAS), day=_WHEN)
def test_an_area_stands_for_what_lies_in_it(row: dict[str, str], day: date) -> None:
    """Held against the tables: each district is there that day and lies in the area."""
    kinds = {one["code"]: one for one in _AREAS}
    found = spread(Dataset().register, area_iri(row["code"]), day)
    inner = [a.rpartition("/")[2] for a in found.areas]
    districts = inner[len(inner) - found.districts :] if found.wide else inner[:1]
    for code in districts if found.wide else ():
        assert kinds[code]["kind"] in LOCAL
        assert kinds[code]["valid_from"] <= str(day)
        assert str(day) < (kinds[code]["valid_until"] or "9999")
    direct = {
        one["area"]
        for one in table("containments")
        if one["wider_area"] == row["code"]
        and one["valid_from"] <= str(day) < (one["valid_until"] or "9999")
        and kinds[one["area"]]["kind"] in LOCAL
        and kinds[one["area"]]["valid_from"] <= str(day)
        and str(day) < (kinds[one["area"]]["valid_until"] or "9999")
    }
    assert direct <= set(districts) | set(inner)


def test_every_district_of_england_lies_in_one_region_on_every_day() -> None:
    held: dict[str, list[dict[str, str]]] = {}
    for one in table("containments"):
        if one["wider_area"].startswith("E12"):
            held.setdefault(one["area"], []).append(one)
    for row in _AREAS:
        if row["kind"] in LOCAL and row["country"] == "E92000001":
            (lies,) = held[row["code"]]
            assert lies["valid_from"] == max(row["valid_from"], "1998-09-30")
            assert lies["valid_until"] == row["valid_until"]
