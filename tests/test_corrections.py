"""Facts of law that were once answered wrongly, each asked before, on and after its day.

The tables in `tests/reference/` need no Python: `corrections.csv` has one row for each
fact, `corrections-asked.csv` one for each question that shows it. A row of the second
names the question, the area, the day and what some row of the answer must say, or, with
`no` under `there`, what no row may say. `holders.csv` says which kinds of body can hold
a role in which kinds of area.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cspgraph.graph import load
from cspgraph.rdf.files import shipped

if TYPE_CHECKING:
    from collections.abc import Callable


REFERENCE = Path(__file__).with_name("reference")


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the reference, with the line on which each ends."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [{**row, "line": str(reader.line_num)} for row in reader]


FACTS = table("corrections")
ASKED = table("corrections-asked")


def parts(cell: str) -> dict[str, str]:
    """Return what `name=value; name=value` says.

    >>> parts("body=Kent County Council; note=")
    {'body': 'Kent County Council', 'note': ''}
    """
    pairs = (pair.partition("=") for pair in cell.split(";") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


@pytest.fixture(scope="module")
def answered() -> Callable[[dict[str, str]], list[dict[str, str]]]:
    """Return a function that gives the rows of an answer, in words, by column."""
    kg = load()

    @cache
    def rows(question: str, area: str, on: str, given: str) -> list[dict[str, str]]:
        asked = {**({"area": area} if area else {}), **parts(given)}
        answer = kg.answer(question, on=on, **asked)
        names = [column.name for column in answer.columns]
        return [dict(zip(names, row, strict=True)) for row in answer.words()]

    return lambda row: rows(row["question"], row["area"], row["day"], row["given"])


def test_every_fact_is_asked_and_every_question_is_about_a_fact() -> None:
    facts = [row["fact"] for row in FACTS]
    assert len(facts) == len(set(facts))
    assert {row["fact"] for row in ASKED} == set(facts)
    assert all(row[name] for row in FACTS for name in ("before", "now", "evidence"))


def test_every_fact_is_asked_where_it_holds_and_where_it_does_not() -> None:
    """Neither a fact that holds always nor one that holds never shows an edge."""
    told = defaultdict(set)
    for row in ASKED:
        told[row["fact"]].add(row["there"])
    assert not {fact: there for fact, there in told.items() if there != {"yes", "no"}}


@pytest.mark.parametrize(
    "row", ASKED, ids=[f"{row['fact']}-line-{row['line']}" for row in ASKED]
)
def test_the_answer_is_that_of_the_law(
    row: dict[str, str], answered: Callable[[dict[str, str]], list[dict[str, str]]]
) -> None:
    wanted = parts(row["says"])
    rows = answered(row)
    assert not rows or set(wanted) <= set(rows[0]), "no such column"
    found = [
        one
        for one in rows
        if all(
            value[:-1] in one[name] if value.endswith("*") else one[name] == value
            for name, value in wanted.items()
        )
    ]
    assert bool(found) == (row["there"] == "yes")


def page() -> str:
    """Return the table of the facts as a page."""
    lines = [
        "# Corrections",
        "",
        (
            "Facts of law on which an independent reading found an answer of cspgraph wrong,"
            " and what the answer is now. Each is asked before, on and after its day by"
            " `tests/test_corrections.py`, from the rows of"
            " `tests/reference/corrections-asked.csv`; the pages read are those of"
            " `data/law/evidence.ttl`."
        ),
        "",
        "| fact | answer before | answer now | evidence |",
        "|---|---|---|---|",
        *(
            f"| {row['says']} | {row['before']} | {row['now']} | {row['evidence']} |"
            for row in FACTS
        ),
        "",
    ]
    return "\n".join(lines)


def test_the_page_tells_the_corrections(golden: Callable[[str, str], None]) -> None:
    golden("../../docs/reference/corrections.md", page())


def test_the_evidence_is_held() -> None:
    """Each page that a correction names is an entry of the law layer."""
    held = "".join(file.text for file in shipped("data/law", "/evidence.ttl"))
    named = {name for row in FACTS for name in row["evidence"].split(", ")}
    assert not {name for name in named if f"evidence:{name}\n" not in held}


# Who can hold a role where

#: One area of every kind, and a pilot area and one beside it where there was a pilot.
SAMPLE = {
    "Rutland": ["unitary district"],
    "Ashford": ["district in a two-tier county"],
    "Birmingham": ["metropolitan district", "pilot area"],
    "Solihull": ["metropolitan district"],
    "Barnet": ["London borough", "pilot area"],
    "Westminster": ["London borough"],
    "City of London": ["City of London"],
    "Isle of Wight": ["Isle of Wight"],
    "Isles of Scilly": ["Isles of Scilly"],
    "Swansea": ["Welsh principal area", "pilot area"],
    "Newport": ["Welsh principal area"],
}
#: What an answer about a district says of the county beside it.
COUNTY = " (county with districts)"
DAYS = (
    *("1999-06-01", "2003-06-01", "2007-12-01", "2010-06-01", "2012-06-01"),
    *("2013-06-01", "2016-06-01", "2019-06-01", "2023-06-01", "2026-11-30"),
)
OWN = "its own council"
HOLDERS = table("holders")


def reached(areas: str, kinds: list[str]) -> bool:
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


def holders(kinds: list[str], day: str) -> set[tuple[str, str]]:
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


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("area", SAMPLE)
def test_roles_are_held_by_those_who_can_hold_them(
    area: str,
    day: str,
    answered: Callable[[dict[str, str]], list[dict[str, str]]],
) -> None:
    """No role is held by another kind of body, and none that the law fills is empty."""
    asked = {"question": "role-holders", "area": area, "day": day, "given": ""}
    held = defaultdict(set)
    for row in answered(asked):
        there = "county" if row.get("area", "").endswith(COUNTY) else "district"
        held[there].add((row["role"], row["kind"]))
    can = {"district": holders(SAMPLE[area], day)}
    if area == "Ashford":
        can["county"] = holders(["county area"], day)
    assert {place: found - can[place] for place, found in held.items()} == {
        place: set() for place in held
    }
    for place, pairs in can.items():
        assert {role for role, _ in pairs} == {role for role, _ in held[place]}
