"""Areas that an order replaces, and areas that a decision or a proposal would replace.

What is scheduled is told to whoever asks of a later day. Only an order that is made
makes new areas, from its day on; what is decided, announced or proposed makes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cspgraph import load
from cspgraph.errors import NameNotClearError
from cspgraph.rdf import files
from cspgraph.receipt import warning
from cspgraph.register.register import Register

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph

BEFORE, ON, AFTER = "2027-03-31", "2027-04-01", "2027-05-10"
#: The districts of Surrey by the council that takes their place: the draft order of 2026.
SURREY = {
    "East Surrey": {
        *("Elmbridge", "Epsom and Ewell", "Mole Valley"),
        *("Reigate and Banstead", "Tandridge"),
    },
    "West Surrey": {
        *("Guildford", "Runnymede", "Spelthorne", "Surrey Heath", "Waverley", "Woking"),
    },
}


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return load()


@pytest.fixture(scope="module")
def register() -> Register:
    return Register(files.shipped("data/register", ".csv"))


def words(answer) -> list[dict[str, str]]:  # type: ignore[no-untyped-def]
    names = [column.name for column in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.words()]


@pytest.mark.parametrize("area", SURREY)
def test_a_new_area_is_found_by_name_from_the_day_of_its_order(
    area: str, kg: KnowledgeGraph
) -> None:
    with pytest.raises(NameNotClearError) as refused:
        kg.answer("responsible-authorities", area=area, on=BEFORE)
    said = str(refused.value)
    assert f"holds from {ON}" in said
    assert all(f"({name})" in said for name in SURREY[area])
    others = set().union(*SURREY.values()) - SURREY[area]
    assert not any(f"({name})" in said for name in others)
    for day in (ON, AFTER):
        answer = kg.answer("responsible-authorities", area=area, on=day)
        found = {row["kind"]: row["body"] for row in words(answer)}
        assert found["unitary council"] == f"{area} Council"
        assert found["chief officer of police"] == "Chief Constable of Surrey Police"
        assert found["integrated care board"].startswith("NHS Surrey and Sussex")
        assert "county council" not in found
        assert "district council" not in found
        # which body is the fire authority from then on was not read
        assert not found["fire and rescue authority"]
        assert "looks beyond" in warning(answer.receipt)


@pytest.mark.parametrize("area", SURREY)
def test_a_new_area_has_an_address_of_our_own(area: str, kg: KnowledgeGraph) -> None:
    slug = area.lower().replace(" ", "-")
    by_name = kg.answer("who-must-adopt", area=area, on=AFTER)
    by_slug = kg.answer("who-must-adopt", area=f"area:{slug}", on=AFTER)
    assert by_name.terms == by_slug.terms
    (term,) = by_name.parameters["area"]
    assert term.value == f"https://w3id.org/cspgraph/id/area/{slug}"
    plan = [
        (row["body"], row["organ"], row["law"], row["assumes"])
        for row in words(by_name)
        if row["product"] == "crime and disorder strategy"
    ]
    # the order requires a leader and cabinet
    assert plan == [(f"{area} Council", "full council", "SI 2000/2853 Sch.3", "")]


def test_duties_of_areas_with_an_address_of_our_own_are_kept_apart(
    kg: KnowledgeGraph,
) -> None:
    """The address of a duty ends in that of its area, official or ours."""
    found = {}
    for area in SURREY:
        rows = kg.answer("standing", area=area, on=AFTER)
        found[area] = {str(row["duty"]) for row in rows}
        assert all(area.lower().replace(" ", "-") in duty for duty in found[area])
    assert not found["East Surrey"] & found["West Surrey"]


@pytest.mark.parametrize("area", ["Elmbridge", "Woking"])
def test_what_an_order_ends_goes_on_until_its_day(
    area: str, kg: KnowledgeGraph
) -> None:
    before = kg.answer("responsible-authorities", area=area, on=BEFORE)
    kinds = {row["kind"] for row in words(before)}
    assert {"district council", "county council"} <= kinds
    assert "Over by then" not in warning(before.receipt)
    new = next(name for name, old in SURREY.items() if area in old)
    later = kg.answer("responsible-authorities", area=area, on=ON)
    assert f"{area} ends and becomes part of {new}" in warning(later.receipt)
    assert {row["ended"] for row in words(later)} == {
        f"{area} ends and becomes part of {new} on {ON} (order made)"
    }


def told(kg: KnowledgeGraph, area: str, day: str) -> list[dict[str, str]]:
    beyond = kg.answer("responsible-authorities", area=area, on=day).receipt["beyond"]
    return [one for one in beyond["changes"] if one["source"].startswith(_SOURCES)]


_SOURCES = ("decision of the Secretary of State", "consultation")


@pytest.mark.parametrize(
    ("area", "says", "status"),
    [
        ("Epping Forest", "part of West Essex", "decision announced"),
        ("Lancaster", "part of North Lancashire", "decision announced"),
        ("Ashford", "which council would take its place was not found", "decision"),
        ("Medway", "Medway might end", "decision announced"),
        ("East Hampshire", "East Hampshire would be split", "decision announced"),
        ("South Norfolk", "South Norfolk would be split", "decision announced"),
        ("Babergh", "Babergh would be split", "decision announced"),
    ],
)
def test_what_is_decided_for_2028_is_told_and_never_in_force(
    area: str, says: str, status: str, kg: KnowledgeGraph
) -> None:
    before = told(kg, area, "2028-03-31")
    assert not [one for one in before if one["what"].startswith(area)]
    for day in ("2028-04-01", "2028-05-10"):
        (one,) = [o for o in told(kg, area, day) if o["what"].startswith(area)]
        assert says in one["what"]
        assert one["status"].startswith(status)
        answer = kg.answer("responsible-authorities", area=area, on=day)
        assert "ended" not in [column.name for column in answer.columns]
        assert "would" in one["what"] or "might" in one["what"]


@pytest.mark.parametrize("area", ["Adur", "Brighton and Hove"])
def test_a_proposal_without_a_day_names_none(area: str, kg: KnowledgeGraph) -> None:
    for day in ("2026-11-30", "2028-04-01"):
        (one,) = [o for o in told(kg, area, day) if o["what"].startswith(area)]
        assert one["day"] is None
        assert one["status"] == "proposal"


def test_nothing_is_told_where_nothing_is_scheduled(kg: KnowledgeGraph) -> None:
    for area in ("Isle of Wight", "Dorset", "Cardiff"):
        assert not told(kg, area, "2029-01-01")


@pytest.mark.parametrize(
    ("area", "says"),
    [
        ("Lincoln", "the care board of Lincolnshire might merge"),
        ("Dorset", "the care board of Dorset might merge"),
        ("Wolverhampton", "the care board of Black Country might merge"),
    ],
)
def test_a_planned_merger_of_care_boards_merges_none(
    area: str, says: str, kg: KnowledgeGraph
) -> None:
    answer = kg.answer("responsible-authorities", area=area, on="2027-06-01")
    changes = answer.receipt["beyond"]["changes"]
    (one,) = [one for one in changes if one["what"].startswith("the care board")]
    assert one["what"].startswith(says)
    assert (one["day"], one["status"]) == (None, "proposal")
    boards = [row for row in words(answer) if row["kind"] == "integrated care board"]
    assert len(boards) == 1
    assert "ended" not in boards[0]


def test_a_mayor_who_is_to_come_ends_no_area(kg: KnowledgeGraph) -> None:
    said = {}
    for day in ("2027-05-09", "2027-05-10"):
        answer = kg.answer("responsible-authorities", area="Warrington", on=day)
        assert "ended" not in [column.name for column in answer.columns]
        changes = answer.receipt["beyond"]["changes"]
        said[day] = [one for one in changes if "mayor of Cheshire" in one["what"]]
    assert not said["2027-05-09"]
    assert [one["status"] for one in said["2027-05-10"]] == ["order made"]


def test_only_an_order_that_is_made_makes_areas(register: Register) -> None:
    rows = register.rows("scheduled-changes")
    made = {
        name
        for row in rows
        if row.cells["status"] == "order made" and row.cells["share"] == "whole"
        for name in row.cells["becomes"].split("; ")
    }
    later = {
        row.cells["name"]
        for row in register.rows("areas")
        if row.cells["valid_from"] > "2026-11-30"
    }
    assert made == later == set(SURREY)
    assert {r.cells["changes_on"] for r in rows if r.cells["status"] == "proposal"} == {
        ""
    }


def test_every_district_of_two_tiers_that_is_decided_on_is_told_once(
    register: Register,
) -> None:
    rows = [row.cells for row in register.rows("scheduled-changes")]
    assert len({row["area"] for row in rows}) == len(rows)
    inside = {row["area"] for row in rows}
    counties: dict[str, set[str]] = {
        row.cells["code"]: set()
        for row in register.rows("areas")
        if row.cells["kind"] == "CountyArea" and not row.cells["valid_until"]
    }
    for row in register.rows("containments"):
        if row.cells["wider_area"] in counties and not row.cells["valid_until"]:
            counties[row.cells["wider_area"]].add(row.cells["area"])
    assert len(counties) == 21
    # every county with districts is to change, and so is each of its districts
    for code, districts in counties.items():
        assert code in inside
        assert districts <= inside
