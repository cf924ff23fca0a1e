"""Questions about areas and bodies, with the answers that law and register settle."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cspgraph import connect, queries
from cspgraph.errors import EndpointError
from cspgraph.questions.areas import rounds
from cspgraph.questions.ask import ask, day_of, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

DAY, TWO_TIERS = "2024-07-23", "2018-07-23"
DORSET, BCP, WEST_DORSET, BOURNEMOUTH = (
    "E06000059",
    "E06000058",
    "E07000052",
    "E06000028",
)
FIRE = "dorset-and-wiltshire-fire-and-rescue-authority"
RESPONSIBLE = "responsible authority"


def words(answer: Answer, *names: str) -> list[tuple[str, ...]]:
    """Return the columns called `names`, in words."""
    places = [[column.name for column in answer.columns].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in answer.words()]


def changes(kg: KnowledgeGraph, first: str, last: str, **given: str) -> Answer:
    return kg.answer("membership-changes", **{"from": first, "to": last}, **given)


def no_ties(rows: Iterable[object]) -> bool:
    return max(Counter(map(str, rows)).values()) == 1


# areas


def test_areas_change_with_the_day(kg: KnowledgeGraph) -> None:
    before, after = (
        {row["code"]: row for row in kg.answer("areas", on=day)}
        for day in ("2019-03-31", "2019-04-01")
    )
    assert {DORSET, BCP} <= after.keys() - before.keys()
    assert {WEST_DORSET, BOURNEMOUTH} <= before.keys() - after.keys()
    assert str(before[WEST_DORSET]["until"]) == "2019-04-01"
    assert after[DORSET]["until"] is None


def test_areas_of_one_kind_or_country(kg: KnowledgeGraph) -> None:
    """Counties and police areas are no local government areas."""
    boroughs = kg.answer("areas", on=DAY, kind="London borough")
    assert "E09000030" in {row["code"] for row in boroughs}
    assert {row[0] for row in words(boroughs, "kind")} == {"London borough"}
    welsh = kg.answer("areas", on=DAY, country="Wales")
    assert {str(row["code"])[0] for row in welsh} == {"W"}
    codes = {str(row["code"])[:3] for row in kg.answer("areas", on=DAY)}
    assert not codes & {"E10", "E23", "E31", "E54", "E92", "W92"}


def test_each_area_stands_once(kg: KnowledgeGraph) -> None:
    assert no_ties(row["code"] for row in kg.answer("areas", on=DAY))


# bodies-of-area


def test_bodies_of_dorset(kg: KnowledgeGraph) -> None:
    """The responsible authorities of section 5(1), and how sure each is."""
    answer = kg.answer("bodies-of-area", area=DORSET, on=DAY, role=RESPONSIBLE)
    assert words(answer, "body", "law", "since", "confidence") == [
        ("Dorset Council", "CDA 1998 s.5(1)(a)", "2019-04-01", "high"),
        ("Probation Service", "CDA 1998 s.5(1)(aa)", "2021-06-26", "medium"),
        (
            "Chief Constable of Dorset Police",
            "CDA 1998 s.5(1)(b)",
            "2019-04-01",
            "high",
        ),
        (
            "Dorset & Wiltshire Fire and Rescue Authority",
            "CDA 1998 s.5(1)(d)",
            "2019-04-01",
            "high",
        ),
        (
            "NHS Dorset Integrated Care Board",
            "CDA 1998 s.5(1)(e)",
            "2022-07-01",
            "high",
        ),
    ]


def test_bodies_that_the_register_does_not_name_are_said(kg: KnowledgeGraph) -> None:
    answer = kg.answer("bodies-of-area", area="E07000105", on=DAY, role="invitee")
    assert set(words(answer, "body", "note")) == {("", "body not in the register")}
    assert set(words(answer, "confidence", "source")) == {("", "")}


def test_bodies_without_a_role_are_there_until_a_role_is_asked(
    kg: KnowledgeGraph,
) -> None:
    """The provisions held here give a county strategy group no role in a district."""
    whole = kg.answer("bodies-of-area", area="E07000105", on=DAY)
    rows = words(whole, "area", "body", "role", "law", "note")
    group = "County strategy group for Kent"
    assert ("Ashford", group, "", "", "no role in the law layer") in rows
    asked = kg.answer("bodies-of-area", area="E07000105", on=DAY, role=RESPONSIBLE)
    assert group not in {row[0] for row in words(asked, "body")}
    assert len(asked)


def test_a_working_assumption_is_said_and_counted(kg: KnowledgeGraph) -> None:
    answer = kg.answer(
        "bodies-of-area", area=WEST_DORSET, on=TWO_TIERS, role="strategy group"
    )
    ((body, sure, taken),) = words(answer, "body", "confidence", "assumption")
    assert (body, sure) == ("Strategy group for West Dorset", "low")
    assert taken.startswith("One strategy group for each area")
    assert answer.receipt["doubt"] == "of 1 rows, 1 on a working assumption"


# areas-of-body


def test_the_fire_authority_is_bound_in_both_areas(kg: KnowledgeGraph) -> None:
    answer = kg.answer("areas-of-body", body=FIRE, on=DAY, role=RESPONSIBLE)
    found = words(answer, "area", "law", "since", "until")
    law = ("CDA 1998 s.5(1)(d)", "2019-04-01", "")
    assert found == [("Bournemouth, Christchurch and Poole", *law), ("Dorset", *law)]
    roles = {
        row[0] for row in words(kg.answer("areas-of-body", body=FIRE, on=DAY), "role")
    }
    assert {
        RESPONSIBLE,
        "specified authority",
        "authority listed in section 17",
    } <= roles


def test_a_county_council_is_bound_in_its_districts(kg: KnowledgeGraph) -> None:
    council = "dorset-county-council"
    answer = kg.answer("areas-of-body", body=council, on=TWO_TIERS, role=RESPONSIBLE)
    areas = {row[0] for row in words(answer, "area")}
    assert areas == {
        *("Christchurch", "East Dorset", "North Dorset"),
        *("Purbeck", "West Dorset", "Weymouth and Portland"),
    }


def test_the_commissioner_is_no_responsible_authority(kg: KnowledgeGraph) -> None:
    answer = kg.answer("areas-of-body", body="pcc-dorset", on=DAY)
    assert RESPONSIBLE not in {row[0] for row in words(answer, "role")}
    assert len(answer) > 0


# same-kind-elsewhere and areas-with-several


def test_the_same_kind_elsewhere(kg: KnowledgeGraph) -> None:
    answer = kg.answer("same-kind-elsewhere", area=DORSET, role=RESPONSIBLE, on=DAY)
    found = set(words(answer, "elsewhere", "body", "kind"))
    assert (
        "Ashford",
        "Chief Constable of Kent Police",
        "chief officer of police",
    ) in found
    assert "Dorset" not in {row[0] for row in found}
    # A London borough has no unitary council, Wales no integrated care board.
    assert {"London borough council", "local health board"}.isdisjoint(
        r[2] for r in found
    )


def test_two_providers_of_probation(kg: KnowledgeGraph) -> None:
    """From June 2014 to June 2021 a national service and a company, one after that."""
    given = {"kind": "provider of probation services", "role": RESPONSIBLE}
    answer = kg.answer("areas-with-several", on=TWO_TIERS, area=BOURNEMOUTH, **given)
    assert words(answer, "count", "body") == [
        ("2", "Dorset, Devon and Cornwall Community Rehabilitation Company"),
        ("2", "National Probation Service"),
    ]
    later = kg.answer("areas-with-several", on=DAY, **given)
    assert not {"Dorset", "Poole"} & {row[0] for row in words(later, "area")}


# partnerships and two-tier


def test_partnerships_that_were_read_and_that_are_assumed(kg: KnowledgeGraph) -> None:
    (now,) = kg.answer("partnerships", area=DORSET, on=DAY)
    assert (str(now["since"]), now["assumption"]) == ("2019-04-01", None)
    then = kg.answer("partnerships", on=TWO_TIERS)
    groups = words(then, "kind", "confidence")
    assert {row[1] for row in groups if "strategy group" in row[0]} == {"low"}
    assert then.receipt["doubt"].endswith("on a working assumption")


def test_boards_without_an_area_are_there_until_one_is_asked(
    kg: KnowledgeGraph, national: KnowledgeGraph
) -> None:
    boards = words(national.answer("partnerships", on=DAY), "partnership", "area")
    assert ("Pan-Dorset Criminal Justice Board", "") in boards
    asked = kg.answer("partnerships", on=DAY, area=DORSET)
    assert "" not in {row[0] for row in words(asked, "area")}


def test_two_tiers_until_the_county_ended(kg: KnowledgeGraph) -> None:
    """Regulation 9 asks for an agreement in a county, from 1 August 2007."""
    answer = kg.answer("two-tier", on=TWO_TIERS)
    rows = words(answer, "county", "county_council", "law", "since", "until")
    county = "Dorset (county with districts)"
    own = [row[1:] for row in rows if row[0] == county]
    law = ("SI 2007/1830 reg.9", "2007-08-01", "2019-04-01")
    assert own == [("Dorset County Council", *law)] * 6
    assert len(kg.answer("two-tier", on="2007-07-31")) == 0
    later = words(kg.answer("two-tier", on=DAY), "county")
    assert (county,) not in later
    assert ("Kent (county with districts)",) in later


# membership-changes


def test_care_boards_took_the_place_of_groups(kg: KnowledgeGraph) -> None:
    """In every area of England, by the Health and Care Act 2022, and nowhere in Wales."""
    answer = changes(kg, "2022-07-01", "2022-07-01", role=RESPONSIBLE)
    areas = str(len(kg.answer("areas", on="2022-07-01", country="England")))
    law = (RESPONSIBLE, "England", areas, "CDA 1998 s.5(1)(e)", "HCA 2022")
    asked = ("change", "kind", "role", "country", "areas", "law", "by")
    assert words(answer, *asked) == [
        ("began", "integrated care board", *law),
        ("ended", "clinical commissioning group", *law),
    ]
    assert len(changes(kg, "2022-07-01", "2022-07-01", country="Wales")) == 0


def test_groups_took_the_place_of_trusts(kg: KnowledgeGraph) -> None:
    answer = changes(kg, "2013-03-31", "2013-04-01", role=RESPONSIBLE)
    assert words(answer, "change", "kind", "by") == [
        ("began", "clinical commissioning group", "HSCA 2012"),
        ("ended", "primary care trust", "HSCA 2012"),
    ]


def test_councils_of_2019(kg: KnowledgeGraph) -> None:
    """New districts, new councils: the law stayed as it was."""
    answer = changes(kg, "2019-04-01", "2019-04-01", role=RESPONSIBLE)
    order = "Bournemouth, Dorset and Poole (Structural Changes) Order 2018"
    found = {
        row[:3]
        for row in words(answer, "change", "kind", "areas", "by")
        if row[3].startswith(order)
    }
    assert {
        ("began", "unitary council", "2"),
        ("ended", "unitary council", "2"),
        ("ended", "district council", "6"),
        ("ended", "county council", "6"),
    } <= found
    reasons = {row[0] for row in words(answer, "reason")}
    assert reasons == {"areas began", "areas ended"}


def test_a_new_name_of_the_same_kind_is_no_change(kg: KnowledgeGraph) -> None:
    """Fire authorities became fire and rescue authorities on 1 October 2004."""
    assert len(changes(kg, "2004-10-01", "2004-10-01", role=RESPONSIBLE)) == 0
    began = changes(kg, "2003-04-01", "2003-04-01", role=RESPONSIBLE, country="England")
    assert ("began", "fire and rescue authority") in words(began, "change", "kind")


def test_police_authorities_ended_in_london_first(kg: KnowledgeGraph) -> None:
    year = changes(kg, "2012-01-01", "2012-12-31", role=RESPONSIBLE, country="England")
    assert words(year, "on", "change", "kind") == [
        ("2012-01-16", "ended", "police authority"),
        ("2012-11-22", "ended", "police authority"),
    ]


@pytest.mark.parametrize("day", ["2012-11-22", "2019-04-01", "2022-07-01"])
def test_no_change_of_a_named_holder_is_missed(kg: KnowledgeGraph, day: str) -> None:
    """Counted again over the role holdings: in no more areas than the law gives."""
    held: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    for row in kg.select(
        "SELECT ?area ?role ?kind ?from ?until WHERE { ?holding a csp:RoleHolding ;"
        " csp:area ?area ; csp:role ?role ; csp:body/csp:bodyKind ?kind ;"
        " csp:validFrom ?from ; csp:validUntil ?until ; csp:template/csp:bodyKind ?kind"
        " . ?area csp:areaKind kind:LocalGovernmentArea }"
    ):
        key = (str(row["area"]), str(row["role"]), str(row["kind"]))
        held.setdefault(key, set()).add((str(row["from"]), str(row["until"])))
    counted: Counter[tuple[str, str, str]] = Counter()
    for (_, role, kind), days in held.items():
        before = any(first < day <= until for first, until in days)
        after = any(first <= day < until for first, until in days)
        if before != after:
            counted["began" if after else "ended", kind, role] += 1
    said: Counter[tuple[str, str, str]] = Counter()
    for row in changes(kg, day, day):
        if str(row["area_kind"]).endswith("LocalGovernmentArea"):
            key = str(row["change"]), str(row["kind"]), str(row["role"])
            said[key] += int(str(row["areas"]))
    assert counted
    assert counted <= said


def test_the_end_of_a_body_is_no_change_of_the_law(kg: KnowledgeGraph) -> None:
    """Primary care trusts merged in 2006, and the law on them stayed; it ended in 2013.

    Bodies are not counted: where the register has gaps, they would seem to change.
    """
    ended = words(changes(kg, "2013-04-01", "2013-04-01"), "change", "kind", "law")
    assert ("ended", "primary care trust", "CDA 1998 s.5(1)(e)") in ended
    assert ("ended", "primary care trust", "CDA 1998 s.17A") in ended
    merged = changes(kg, "2006-10-01", "2006-10-01", role=RESPONSIBLE)
    assert len(merged) == 0


def test_it_is_asked_of_all_dates(
    kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    """An endpoint for one day would find no area that has ended, and so refuses."""
    days = {"from": "2019-04-01", "to": "2019-04-01"}
    answer = kg.at(DAY).answer("membership-changes", **days)
    assert (answer.on, answer.receipt["on"]) == (None, "all dates")
    whole = connect(endpoint("all dates"))
    assert whole.answer("membership-changes", **days).terms == answer.terms
    with pytest.raises(EndpointError, match=f"serves the graph of {DAY}, and"):
        connect(endpoint(DAY)).answer("membership-changes", **days)
    with pytest.raises(EndpointError, match="for all dates, and 'areas' is asked"):
        whole.answer("areas")


# how much of the graph a question says it needs


#: Questions that name no area and no document: about the law, or the whole record.
OF_ALL = {
    name
    for name, query in queries().items()
    if query.graph == "record" and not {"area", "document"} & query.example.keys()
}
OF_LAW = {name for name, query in queries().items() if query.graph == "law"}
OF_AREAS = {name for name, q in queries().items() if not q.all_dates} - OF_ALL - OF_LAW


@pytest.mark.parametrize("name", sorted(OF_AREAS))
def test_the_graph_that_a_question_names_is_enough(
    name: str, kg: KnowledgeGraph
) -> None:
    """The same rows as where everything was derived."""
    _enough(name, kg)


@pytest.mark.parametrize("name", sorted(OF_LAW))
def test_the_law_alone_is_enough_for_a_question_about_it(
    name: str, kg: KnowledgeGraph
) -> None:
    """The same rows as where everything was derived in a few areas."""
    _enough(name, kg, kg._dataset.limit)


@pytest.mark.usefixtures("national")
@pytest.mark.parametrize("name", sorted(OF_ALL))
def test_the_record_is_enough_for_a_question_about_all_of_it(
    name: str, kg: KnowledgeGraph
) -> None:
    """The same rows as where everything was derived for all areas on record."""
    _enough(name, kg)


def _enough(name: str, kg: KnowledgeGraph, areas: frozenset[str] | None = None) -> None:
    query, dataset = queries()[name], kg._dataset
    given = dict(query.example)
    day = day_of("on", given.pop("on", DAY))
    bound = terms(query, given, dataset.labels, day)
    reached = rounds(query, bound, dataset.register, dataset.labels, day)
    if areas is None:
        areas = kg._scope(query, bound, reached)
    everything = dataset.day(day, areas)
    whole = ask(everything, query, bound, dataset.labels, day, {}, reached)
    assert kg.answer(name, on=day, **given).terms == whole.terms
