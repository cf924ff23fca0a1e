"""Who can hold a role where: every area of England and Wales on ten days from 1999 on.

`tests/reference/holders.csv` was written from the law: which kinds of body can hold a role
in which kinds of area, and from which day to which. Which roles an area has follows from
its kind, its country and the kinds of body that serve it, so areas that are alike in these
are put together by the tables of the register, and the first and the last of each sort are
derived; `test_two_areas_of_a_sort_have_the_same_roles` holds the two against each other.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import OPEN_END, area_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.files import CsvRow

    Held = set[tuple[str, str]]

with (Path(__file__).parent / "reference" / "holders.csv").open(
    encoding="utf-8", newline=""
) as _file:
    HOLDERS = list(csv.DictReader(_file))

#: It takes the graph of most areas.
pytestmark = pytest.mark.country

DAYS = (
    *("1999-06-01", "2003-06-01", "2007-12-01", "2010-06-01", "2012-06-01"),
    *("2013-06-01", "2016-06-01", "2019-06-01", "2023-06-01", "2026-11-30"),
)
OWN = "its own council"
#: What the table calls the kinds of area of the register.
KINDS = {
    "UnitaryDistrict": "unitary district",
    "TwoTierDistrict": "district in a two-tier county",
    "MetropolitanDistrict": "metropolitan district",
    "LondonBorough": "London borough",
    "CityOfLondon": "City of London",
    "IsleOfWight": "Isle of Wight",
    "IslesOfScilly": "Isles of Scilly",
    "WelshPrincipalArea": "Welsh principal area",
    "CountyArea": "county area",
}
#: Where offensive weapons homicide reviews were tried (SI 2023/227, evidence E210): five
#: boroughs, two cities, and the councils of the South Wales police area.
PILOT = {
    *("E09000003", "E09000005", "E09000015", "E09000022", "E09000028"),
    *("E08000025", "E08000026"),
    *(f"W060000{n}" for n in (11, 12, 13, 14, 15, 16, 24)),
}


def reached(areas: str, kinds: Iterable[str]) -> bool:
    """Tell whether the words of the table reach an area of these kinds.

    >>> reached("outside London", ["Isle of Wight"])
    True
    >>> reached("England", ["county area"])
    False
    """
    wales, pilot = "Welsh principal area" in kinds, "pilot area" in kinds
    county = "county area" in kinds
    words = {
        "everywhere": not county,
        "England": not wales and not county,
        "outside London": not county
        and not {"London borough", "City of London"}.intersection(kinds),
        "pilot area in England": pilot and not wales,
        "pilot area in Wales": pilot and wales,
    }
    return any(words.get(word, word in kinds) for word in areas.split("; "))


def holders(kinds: Iterable[str], day: str) -> Held:
    """Return each role with the kinds of body that can hold it there on `day`."""
    in_force = [
        row
        for row in HOLDERS
        if (not row["first"] or row["first"] <= day)
        and (not row["last"] or day <= row["last"])
        and reached(row["areas"], kinds)
    ]
    own = {row["body"] for row in in_force if row["role"] == OWN}
    return {
        (row["role"], body)
        for row in in_force
        if row["role"] != OWN
        for body in (own if row["body"] == OWN else {row["body"]})
    }


@dataclass(frozen=True)
class Sort:
    """What the roles of an area follow from: its kinds and the kinds of body that serve it."""

    kinds: tuple[str, ...]
    served_by: frozenset[str]


@dataclass(frozen=True)
class Country:
    """The areas of a day by their sort, and what the derived ones hold."""

    day: str
    sorts: Mapping[Sort, list[str]]
    held: Mapping[str, Held]


def on(rows: Iterable[CsvRow], day: str) -> Iterable[Mapping[str, str]]:
    """Yield the cells of the rows that hold on a day."""
    for row in rows:
        until = row.cells["valid_until"] or OPEN_END
        if row.cells["valid_from"] <= day < until:
            yield row.cells


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """Return the graph of the country: nothing is derived until it is asked."""
    return cspgraph.load()


@pytest.fixture(scope="module", params=DAYS)
def country(request: pytest.FixtureRequest, kg: KnowledgeGraph) -> Country:
    """Return the country on each day: two areas of every sort are derived, in one graph."""
    day, register = request.param, kg._dataset.register
    bodies = {
        cells["slug"]: cells["kind"] for cells in on(register.rows("bodies"), day)
    }
    serving, lies = defaultdict(set), defaultdict(set)
    for cells in on(register.rows("services"), day):
        if cells["body"] in bodies:
            capacity = cells.get("capacity") or bodies[cells["body"]]
            serving[cells["area"]].add(capacity)
    for cells in on(register.rows("containments"), day):
        lies[cells["area"]].add(cells["wider_area"])
    alike: dict[Sort, list[str]] = defaultdict(list)
    sort_of: dict[str, Sort] = {}
    for cells in on(register.rows("areas"), day):
        code, kind = cells["code"], KINDS.get(cells["kind"])
        if kind and kind != "county area":
            kinds = (kind, "pilot area") if code in PILOT else (kind,)
            around = {code, *lies[code]}
            served = frozenset().union(*(serving[place] for place in around))
            sort_of[code] = Sort(kinds, served)
            alike[sort_of[code]].append(code)
    asked = {code for codes in alike.values() for code in (codes[0], codes[-1])}
    inside = defaultdict(set)
    for code in sort_of:
        for wide in lies[code]:
            inside[wide].add(code)
    counties: dict[Sort, list[str]] = defaultdict(list)
    for cells in on(register.rows("areas"), day):
        if cells["kind"] == "CountyArea":
            parts = {sort_of[code].served_by for code in inside[cells["code"]]}
            served = frozenset().union(serving[cells["code"]], *parts)
            counties[Sort(("county area",), served)].append(cells["code"])
    for codes in counties.values():
        for code in (codes[0], codes[-1]):
            asked |= {code, *inside[code]}
    areas = frozenset(map(area_iri, asked))
    engine = kg._dataset.day(date.fromisoformat(day), areas, "roles")
    _, found = from_json(
        engine.select(
            """
            SELECT DISTINCT ?area ?role ?kind
            WHERE {
              ?holding csp:area ?area ; csp:role/skos:prefLabel ?role ;
                csp:capacity/skos:prefLabel ?kind ; a csp:RoleHolding .
            }
            """
        )
    )
    held: dict[str, Held] = defaultdict(set)
    for row in found:
        area, role, name = (term.value if term else "" for term in row)
        held[area.rpartition("/")[2]].add((role, name))
    return Country(day, {**alike, **counties}, held)


def test_every_area_of_the_day_is_of_a_sort(country: Country) -> None:
    """Each local government area of the register is in one sort, and none is left out."""
    local = [
        code
        for sort, codes in country.sorts.items()
        for code in codes
        if "county area" not in sort.kinds
    ]
    assert len(local) == len(set(local))
    assert len(local) > 300


def test_two_areas_of_a_sort_have_the_same_roles(country: Country) -> None:
    differ = {
        sort: (codes[0], codes[-1])
        for sort, codes in country.sorts.items()
        if country.held[codes[0]] != country.held[codes[-1]]
    }
    assert not differ


def test_no_role_is_held_by_a_kind_of_body_that_cannot_hold_it(
    country: Country,
) -> None:
    wrong = {
        codes[0]: found
        for sort, codes in country.sorts.items()
        if (found := country.held[codes[0]] - holders(sort.kinds, country.day))
    }
    assert not wrong


#: Why a kind of body that can hold a role does not hold it, named or not.
EXCUSED = {
    "co-operating provider of probation services": (
        "arrangements say which provider only co-operates, and the register knows none"
    ),
    "fire and rescue authority": (
        "a council that is the authority holds the role as council; by section 5(5) of the"
        " Act of 1998 it is no second one"
    ),
}
#: Before these days the register does not name them, and a county has those that its
#: districts name: what is not named stands in each district.
NOT_NAMED_YET = {
    "fire and rescue authority": "2007-04-01",
    "primary care trust": "2013-03-31",
}


def excused(sort: Sort, body: str, day: str) -> bool:
    """Tell whether this kind of body need hold no role in areas of this sort."""
    if "county area" in sort.kinds and day < NOT_NAMED_YET.get(body, ""):
        return True
    if body == "fire and rescue authority":
        return "CouncilFireAuthority" in sort.served_by
    return body in EXCUSED


def test_no_role_that_the_law_fills_is_left_without_a_holder(
    country: Country,
) -> None:
    """Each kind of body that can hold it does, by name or as a kind that is not named."""
    empty = {
        codes[0]: left
        for sort, codes in country.sorts.items()
        if (
            left := {
                (role, body)
                for role, body in holders(sort.kinds, country.day)
                - country.held[codes[0]]
                if not excused(sort, body, country.day)
            }
        )
    }
    assert not empty
