"""Which bodies of a kind an area had on which day: the day before a change, the day itself, later.

`tests/reference/named-bodies.csv` was written from the sources it names. Under `bodies`
it has `none` where no body of that kind can hold a role there, and nothing where one did
and the register does not name it.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph import load
from cspgraph.rdf import files
from cspgraph.rdf.terms import OPEN_END
from cspgraph.register.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.rdf.files import CsvRow

with (Path(__file__).parent / "reference" / "named-bodies.csv").open(
    encoding="utf-8", newline=""
) as _file:
    TOLD = list(csv.DictReader(_file))


@pytest.fixture(scope="module")
def named() -> Callable[[str, str], dict[str, set[str]]]:
    """Return a function that gives the bodies of an area on a day, by their kind."""
    kg = load()

    @cache
    def bodies(area: str, day: str) -> dict[str, set[str]]:
        answer = kg.answer("bodies-of-area", area=area, on=day)
        names = [column.name for column in answer.columns]
        found: dict[str, set[str]] = {}
        for words in answer.words():
            row = dict(zip(names, words, strict=True))
            if row.get("area", area).endswith("(county with districts)"):
                continue
            found.setdefault(row["kind"], set()).add(row["body"])
        return found

    return bodies


@pytest.mark.parametrize(
    "told", TOLD, ids=[f"{row['area']} {row['kind']} {row['day']}" for row in TOLD]
)
def test_the_bodies_are_those_of_the_source(
    told: dict[str, str], named: Callable[[str, str], dict[str, set[str]]]
) -> None:
    found = named(told["area"], told["day"]).get(told["kind"])
    wanted = None if told["bodies"] == "none" else set(told["bodies"].split("; "))
    assert found == wanted


@pytest.fixture(scope="module")
def register() -> Register:
    return Register(files.shipped("data/register", ".csv"))


def days(row: CsvRow) -> tuple[str, str]:
    return row.cells["valid_from"], row.cells["valid_until"] or OPEN_END


def test_every_district_of_england_had_a_group_or_says_that_none_is_known(
    register: Register,
) -> None:
    """From 2013 to 2022 each district that was there had one, but for the merger of 2015."""
    groups = {
        row.cells["slug"]
        for row in register.rows("bodies")
        if row.cells["kind"] == "ClinicalCommissioningGroup"
    }
    assert len(groups) > 240
    served: dict[str, list[tuple[str, str]]] = {}
    for row in register.rows("services"):
        if row.cells["body"] in groups:
            served.setdefault(row.cells["area"], []).append(days(row))
    local = {
        *("UnitaryDistrict", "TwoTierDistrict", "MetropolitanDistrict"),
        "LondonBorough",
    }
    for day in ("2015-08-01", "2017-06-01", "2019-06-01", "2020-06-01", "2022-06-30"):
        there = {
            row.cells["code"]
            for row in register.rows("areas")
            if row.cells["kind"] in local
            and row.cells["country"] == "E92000001"
            and days(row)[0] <= day < days(row)[1]
        }
        assert len(there) > 290
        assert not {
            code
            for code in there
            if not any(first <= day < until for first, until in served.get(code, []))
        }


def test_a_share_of_a_district_is_told(register: Register) -> None:
    rows = [
        r.cells for r in register.rows("services") if "small areas" in r.cells["note"]
    ]
    assert len(rows) > 150
    guildford = {row["body"]: row["note"] for row in rows if row["area"] == "E07000209"}
    assert guildford["nhs-surrey-heath-ccg"].startswith("15.5% of the small areas")
    assert guildford["nhs-guildford-and-waverley-ccg"].startswith("84.5%")


def test_what_is_recalled_or_taken_for_granted_is_marked(register: Register) -> None:
    """No row of a body of before 2022 is better checked than what was read."""
    for table in ("bodies", "services"):
        for row in register.rows(table):
            if "health-before-2022" not in row.file:
                continue
            assert row.cells["verification"] in "RBS"
            if row.cells["valid_from"] == "2013-04-01":
                assert "taken for granted" in row.cells["assumption"]
            if row.cells["valid_from"] == "2013-03-31":
                assert row.cells["first_day"] == "by"


@pytest.mark.parametrize(
    "table", ["areas", "bodies", "containments", "partnerships", "services"]
)
def test_no_row_that_rests_on_what_is_recalled_is_called_read(
    register: Register, table: str
) -> None:
    """Whatever a row owes to memory, by its source or by its assumption, has the letter R."""
    words = re.compile(r"recalled|general knowledge")
    rows = [
        row.cells
        for row in register.rows(table)
        if words.search(f"{row.cells['source']} {row.cells.get('assumption', '')}")
    ]
    assert rows
    assert {row["verification"] for row in rows} == {"R"}


def test_police_areas_before_the_first_edition_are_a_bound_and_recalled(
    register: Register,
) -> None:
    """The first edition that was read is of January 2017; before it nothing was."""
    rows = [
        row.cells
        for row in register.rows("containments")
        if row.cells["valid_from"] < "2017-01-31"
        and row.cells["wider_area"].startswith(("E23", "W15"))
        and "/built/" in row.file
    ]
    assert len(rows) > 300
    assert {row["verification"] for row in rows} == {"R"}
    assert all("taken for granted" in row["assumption"] for row in rows)
    begun = {  # since their own first day, which is known; the others by a day
        row.cells["code"]
        for row in register.rows("areas")
        if row.cells["valid_from"] > "2000-04-01" and row.cells.get("first_day") != "by"
    }
    assert {row["area"] for row in rows if row["first_day"] != "by"} <= begun


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("Safer Leeds", "leeds-csp"),
        ("Safe Durham Partnership", "county-durham-csp"),
        ("Building Stronger Communities Partnership", "wigan-csp"),
        ("Safer Essex", "essex-county-strategy-group"),
        ("Safer Devon Partnership", "devon-county-strategy-group"),
        ("SELCSP", "south-and-east-lincolnshire-community-safety-partnership"),
        (
            "Gwynedd and Ynys Mon Community Safety Partnership",
            "gwynedd-and-anglesey-csp",
        ),
        ("NHS Ashford CCG", "nhs-ashford-ccg"),
    ],
)
def test_a_public_name_is_found(word: str, body: str) -> None:
    day = date(2018, 6, 1) if word.endswith("CCG") else date(2026, 11, 30)
    found = cspgraph.load()._dataset.labels.find("body", word, "body", day)
    assert found.value == f"https://w3id.org/cspgraph/id/body/{body}"


def test_each_public_name_of_a_partnership_has_its_source(register: Register) -> None:
    """A page with its day where it has one, or the word that it is recalled."""
    rows = [r.cells for r in register.rows("aliases") if "/partnerships/" in r.file]
    assert len(rows) > 60
    assert all(
        row["source"].startswith("http") or "recalled" in row["source"] for row in rows
    )
    groups = [row for row in rows if row["thing"].endswith("-county-strategy-group")]
    assert len({row["thing"] for row in groups}) == 8
