"""Ten questions of an analyst, each one line without SPARQL, held against the law and the papers.

What is expected was worked out by hand: from the Acts and regulations, from the order
that made the councils of Cumbria, and from what the report and the priorities page of
Dorset print. The lines are those of the analyst's guide.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cspgraph.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "guides" / "analyst.md"
LINES = re.findall(r"^\| .+\? \| `(cspgraph .+)` \|$", GUIDE.read_text(), re.MULTILINE)
SUBSTANCE, SHARED, CUMBRIA, ADOPTED, ASHFORD = LINES[:5]
KENT, COMMISSIONER, MANCHESTER, DUE, PRIORITIES = LINES[5:]

#: The councils of Wales: 22 principal areas since 1 April 1996.
WALES = 22
#: Of the districts of Kent, those below the county council; Medway is not one of them.
KENTISH = {
    *("Ashford", "Canterbury", "Dartford", "Dover", "Folkestone and Hythe"),
    *("Gravesham", "Maidstone", "Sevenoaks", "Swale", "Thanet"),
    *("Tonbridge and Malling", "Tunbridge Wells"),
}
YORKSHIRE = "Bradford; Calderdale; Kirklees; Leeds; Wakefield"
#: What the districts of Cumbria became: the Cumbria (Structural Changes) Order 2022.
AFTER = {
    "Cumberland": {"Allerdale", "Carlisle", "Copeland"},
    "Westmorland and Furness": {"Barrow-in-Furness", "Eden", "South Lakeland"},
}
#: Each quarter's information is given by the end of the next (SI 2007/1831).
QUARTERS = ["2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30"]
#: What the plan of Dorset for 2024-25 prints as priorities, and as what cuts across them.
PRINTED = {
    "no": {
        *("Domestic Abuse and Stalking", "Sexual Offences", "Serious Violence"),
        *("Anti-social Behaviour", "Rural Crime", "Fraud"),
    },
    "yes": {
        *("Mental health", "Substance misuse", "Complex cases / multiple need"),
        "Violence against women and girls",
    },
}


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs a line of the guide and returns what it prints."""

    def run(line: str, *more: str) -> str:
        command, *words = shlex.split(line)
        assert command == "cspgraph"
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*words, *more])
        assert not ended.value.code
        return capsys.readouterr().out

    return run


@pytest.fixture
def rows(typed: Callable[..., str]) -> Callable[[str], list[dict[str, str]]]:
    """Return a function from a line of the guide to its rows."""
    return lambda line: list(
        csv.DictReader(io.StringIO(typed(line, "--format", "csv")))
    )


def test_there_are_ten_lines_without_sparql() -> None:
    assert len(set(LINES)) == 10
    assert not [line for line in LINES if "SELECT" in line or "sparql" in line]


def test_substance_misuse_in_wales(rows: Callable[[str], list[dict[str, str]]]) -> None:
    found = rows(SUBSTANCE)
    must = [row for row in found if row["law"] == "CDA 1998 s.6(1)(b)"]
    assert len({row["bearer"] for row in must}) == len(must) == WALES
    assert {row["modality"] for row in must} == {"must"}
    # SI 2007/399 Sch.3 lists the plan of the 1998 Act; that it reaches this strategy is arguable.
    kept = [row for row in found if row["modality"] == "reserved to"]
    assert {row["law"] for row in kept} >= {"SI 2007/399 (W.45) Sch.3"}


def test_bodies_that_west_yorkshire_shares(
    rows: Callable[[str], list[dict[str, str]]],
) -> None:
    found = [r for r in rows(SHARED) if r["what"] == "responsible authority"]
    assert {row["law"]: row["body"] for row in found} == {
        "CDA 1998 s.5(1)(aa)": "Probation Service",
        "CDA 1998 s.5(1)(b)": "Chief Constable of West Yorkshire Police",
        "CDA 1998 s.5(1)(d)": "West Yorkshire Fire and Rescue Authority",
        "CDA 1998 s.5(1)(e)": "NHS West Yorkshire Integrated Care Board",
    }  # (a) is the council of each district
    assert {(row["area"], row["areas"]) for row in found} == {(YORKSHIRE, "5")}


def test_cumbria_on_its_last_day_and_the_first_of_its_successors(
    rows: Callable[[str], list[dict[str, str]]], typed: Callable[..., str]
) -> None:
    found = [row for row in rows(CUMBRIA) if row["kind"] == "area"]
    assert {row["day"] for row in found} == {"2023-04-01"}
    ended = {row["area"]: row["cause"] for row in found if row["change"] == "lost"}
    county = "Cumbria (county with districts)"
    assert ended.keys() == {county}.union(*AFTER.values())
    for successor, districts in AFTER.items():
        for district in districts:
            assert successor in ended[district]
    began = {row["area"]: row["cause"] for row in found if row["change"] == "gained"}
    assert began.keys() == AFTER.keys()
    for successor, districts in AFTER.items():
        assert all(district in began[successor] for district in districts)
    said = typed(CUMBRIA).split("\n\n")[0].replace("\n", " ")
    assert "Began: Westmorland and Furness, Cumberland." in said


def test_areas_without_an_adopted_plan_on_record(
    rows: Callable[[str], list[dict[str, str]]],
) -> None:
    found = {row["area"]: row for row in rows(ADOPTED)}
    assert len(found) == 296 + 22  # in England and in Wales since 1 April 2023
    dorset = found["Dorset"]
    # Council minutes of 10 October 2024, item 42; the version is for 2024-25.
    assert (dorset["adoption"], dorset["adopted_on"], dorset["runs_until"]) == (
        *("on record", "2024-10-10", "2025-04-01"),
    )
    silent = {row["adoption"] for row in found.values() if not row["adopted_on"]}
    known = {"looked for, no record", "nobody looked", "not due yet"}
    assert silent - {"on record, the period is over"} <= known
    assert found["Ashford"]["adoption"] == "nobody looked"


def test_who_adopts_in_ashford_and_by_when(typed: Callable[..., str]) -> None:
    said = json.loads(typed(ASHFORD, "--format", "json"))["sentence"]
    assert (
        "Only the full council of Ashford Borough Council can adopt the crime" in said
    )
    assert "SI 2000/2853 Sch.3" in said
    assert "arguably" in said
    assert "No provision held here sets a day for the decision." in said
    assert "must adopt" not in said


def test_all_that_kent_county_council_must_do(
    rows: Callable[[str], list[dict[str, str]]],
) -> None:
    found = rows(KENT)
    assert {row["bearer"] for row in found} == {"Kent County Council"}
    for law in ("CDA 1998 s.6(1)(a)", "CDA 1998 s.6(1)(d)"):
        assert {row["area"] for row in found if row["law"] == law} == KENTISH
    # The serious violence duty of the 2022 Act is one for the area of the police force.
    assert "PCSCA 2022 s.8(1)" in {row["law"] for row in found}


def test_the_commissioner_does_not_make_the_plan(typed: Callable[..., str]) -> None:
    found = json.loads(typed(COMMISSIONER, "--format", "json"))
    assert not found["there"]
    laws = {row["law"] for row in found["rows"]}
    assert {"SI 2007/1830 reg.10(1)", "SI 2007/1830 reg.13A"} <= laws
    assert {row["condition"]["name"] for row in found["rows"]} == {
        "role given to the kind of body"
    }


def test_the_combined_authority_of_greater_manchester(
    typed: Callable[..., str],
) -> None:
    """It has the functions of the fire authority (SI 2017/469), and section 5 names that."""
    found = json.loads(typed(MANCHESTER, "--format", "json"))
    assert found["there"]
    (row,) = found["rows"]
    assert row["law"] == "CDA 1998 s.5(1)(d)"
    assert row["where"] == "in each of 10 districts"
    assert "fire and rescue authority" in row["why"]


def test_what_falls_due_in_dorset_in_twelve_months(
    rows: Callable[[str], list[dict[str, str]]],
) -> None:
    found = [(row["due"], row["law"]) for row in rows(DUE)]
    quarterly = [pair for pair in found if pair[1] == "CDA 1998 s.17A"]
    assert {day for day, _ in quarterly} == set(QUARTERS)
    # In each year from 1 April: the assessment, the plan revised, one meeting in public.
    yearly = ("reg.5", "reg.10(2)", "reg.12(4)")
    assert set(found) - set(quarterly) == {
        ("2027-03-31", f"SI 2007/1830 {place}") for place in yearly
    }


def test_the_priorities_of_all_areas(
    rows: Callable[[str], list[dict[str, str]]],
) -> None:
    found = rows(PRIORITIES)
    version = "Community Safety Plan 2023-2026 (2024-25 refresh)"
    of_dorset = [row for row in found if row["version"] == version]
    assert {row["area"] for row in of_dorset} == {"Dorset"}
    assert {row["record"] for row in of_dorset} == {"its period runs"}
    for cutting, printed in PRINTED.items():
        named = {r["priority"] for r in of_dorset if r["cross_cutting"] == cutting}
        assert named == printed
    assert len({row["area"] for row in found}) == 318
    # A priority that was put under no shared theme is not left out.
    assert {r["own_theme"] for r in found if r["area"] == "Wokingham"} == {""}
    silent = {row["record"] for row in found if not row["priority"]}
    assert silent <= {
        *("looked for, no record", "nobody looked"),
        "a plan is on record, none of its priorities",
    }
