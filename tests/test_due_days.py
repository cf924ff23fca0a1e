"""What falls due, what things are called, and one question over many days: from the law and by hand."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.cli import main
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.explain.due_days import to_calendar

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph


@pytest.fixture(scope="module")
def whole() -> KnowledgeGraph:
    """Return the shipped graph, of which each question derives what it needs."""
    return cspgraph.load()


@pytest.mark.parametrize(
    ("area", "day"),
    [
        ("E06000059", "2024-07-23"),
        ("E06000059", "2024-04-01"),
        ("E07000105", "2010-10-01"),
        ("W06000024", "2019-01-15"),
    ],
)
def test_the_first_due_day_is_that_of_the_day(
    whole: KnowledgeGraph, area: str, day: str
) -> None:
    """The rules put the next due day into the graph of a day, by a way of their own."""
    first = date.fromisoformat(day)
    found: dict[str, str] = {}
    for row in whole.due_between(first, first + timedelta(days=366), area=area):
        found.setdefault(str(row["duty"]), str(row["due"]))
    alone = cspgraph.load(on=day, areas=[area])
    stated = alone.select(
        f"SELECT ?duty ?due {{ ?duty csp:dueBy ?due ; csp:area gss:{area} ; csp:bearer ?b }}"
    )
    last = str(first + timedelta(days=366))
    wanted = {
        str(row["duty"]): str(row["due"]) for row in stated if str(row["due"]) <= last
    }
    assert wanted
    assert {duty: found[duty] for duty in wanted if duty in found} == wanted
    # What the rules give a later day, or none, is not said to fall due before.
    assert not {str(row["duty"]) for row in stated} & (found.keys() - wanted.keys())


def test_a_duty_that_ends_in_between_falls_due_no_more(whole: KnowledgeGraph) -> None:
    """East Dorset ended on 1 April 2019: its plan fell due the day before, and not after."""
    found = whole.due_between("2019-01-01", "2020-12-31", area="E07000049")
    plan = [str(r["due"]) for r in found if r["law"] == "SI 2007/1830 reg.10(2)"]
    assert plan == ["2019-03-31"]


def test_a_body_is_looked_at_wherever_it_serves(whole: KnowledgeGraph) -> None:
    body = "Dorset & Wiltshire Fire and Rescue Authority"
    found = whole.due_between("2025-01-01", "2025-04-01", body=body)
    words = found.words()
    assert {row[1] for row in words} == {
        *("Dorset", "Bournemouth, Christchurch and Poole", "Swindon", "Wiltshire"),
    }
    assert all(body in row[2] for row in words)


def test_no_due_day_has_its_reason_and_what_runs_from_events_is_counted(
    whole: KnowledgeGraph,
) -> None:
    found = whole.due_between("2024-07-24", "2024-07-25", area="Dorset")
    assert not len(found)
    said = found.sentence()
    assert "not the same as nothing to do" in said
    assert re.search(r"\d+ duties with a time limit run from events", said)


@pytest.mark.parametrize(
    ("since", "until", "given", "said"),
    [
        ("2025-01-01", "2024-01-01", {"area": "Dorset"}, "to: 2024-01-01 is before"),
        ("2025-01-01", "2125-01-01", {"area": "Dorset"}, "more than 20 years"),
        ("2025-01-01", "2025-02-01", {}, "name an area, a body, or both"),
        ("2025-01-01", "2025-02-01", {"area": "England"}, "too many"),
        ("2025-01-01", "2025-02-31", {"area": "Dorset"}, "to: '2025-02-31'"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    whole: KnowledgeGraph, since: str, until: str, given: dict[str, str], said: str
) -> None:
    with pytest.raises(ParameterError, match=re.escape(said)):
        whole.due_between(since, until, **given)


def test_the_calendar_holds_each_due_day(whole: KnowledgeGraph) -> None:
    found = whole.due_between("2025-03-31", "2025-03-31", area="Dorset")
    text = to_calendar(found, date(2024, 7, 23))
    assert text == to_calendar(found, date(2024, 7, 23))
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole_lines = text.replace("\r\n ", "").split("\r\n")
    assert whole_lines.count("DTSTART;VALUE=DATE:20250331") == len(found) > 0
    names = [line for line in whole_lines if line.startswith("UID:")]
    assert len(set(names)) == len(found)
    assert sum("not legal advice" in line for line in whole_lines) == len(found)
    assert not [line for line in whole_lines if "\n" in line]


def test_the_calendar_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "due.ics"
    days = ["--from", "1 January 2025", "--to", "31 March 2025"]
    with pytest.raises(SystemExit) as ended:
        main(["due-between", *days, "--area", "Dorset", "--ics", str(place)])
    assert not ended.value.code
    assert "due days" in capsys.readouterr().out
    assert place.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    with pytest.raises(SystemExit) as ended:
        main(["due-between", *days, "--area", "Dorset", "--ics", "due.txt"])
    assert ended.value.code == 2


# What things are called


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("caerdydd", "area", "W06000015"),
        ("Ynys Mon", "area", "W06000001"),
        ("Ynys Môn", "area", "W06000001"),
        ("weymouth", "area", "E07000053"),
        ("responsible auth", "role", "ResponsibleAuthority"),
        ("partnership plan", "product", "PartnershipPlan"),
    ],
)
def test_a_part_of_a_name_is_enough(
    whole: KnowledgeGraph, text: str, kind: str, code: str
) -> None:
    assert code in {row["code"] for row in whole.find(text, kind=kind)}
    assert code in {row["code"] for row in whole.find(text)}


def test_a_day_leaves_out_what_is_not_there(whole: KnowledgeGraph) -> None:
    (row,) = whole.find("Weymouth", kind="area")
    assert str(row["until"]) == "2019-04-01"
    none = whole.find("Weymouth", kind="area", on="2024-07-23")
    assert "On other days there is." in none.sentence()


@pytest.mark.parametrize(
    ("text", "kind", "said"), [("?", "", "text:"), ("Dorset", "town", "kind:")]
)
def test_what_cannot_be_looked_for_is_refused(
    whole: KnowledgeGraph, text: str, kind: str, said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        whole.find(text, kind=kind)


# One question over many days


def test_a_panel_is_the_answers_of_its_days(whole: KnowledgeGraph) -> None:
    days = ["2019-03-31", "2019-04-01", "2022-07-01"]
    areas = ["E06000059", "E07000105"]
    frame = whole.over("standing", areas=areas, days=days)
    assert list(frame.columns[:2]) == ["asked_on", "area"]
    wanted = []
    for day in days:
        there = areas if day != "2019-03-31" else areas[1:]
        for area in there:  # Dorset began on 1 April 2019
            alone = cspgraph.load(on=day).answer("standing", area=area)
            rows = [r for r in alone if str(r.get("area", area))[-9:] in areas]
            wanted += [(day, str(r["duty"]), str(r["standing"])) for r in rows]
    panel = whole.panel("standing", areas=areas, days=days)
    found = [(str(r["asked_on"]), str(r["duty"]), str(r["standing"])) for r in panel]
    assert {one for one in found if "E10000016" not in one[1]} == {
        one for one in wanted if "E10000016" not in one[1]
    }
    assert "E06000059 (Dorset) is not there on 2019-03-31" in panel.receipt["area"]


def test_several_days_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["answer", "responsible-authorities", "--area", "Dorset"]
    days = ["--on", "2022-06-30", "--on", "1 July 2022"]
    with pytest.raises(SystemExit) as ended:
        main([*words, *days, "--format", "json"])
    assert not ended.value.code
    found = json.loads(capsys.readouterr().out)
    nhs = {
        row["asked_on"]: found["labels"][row["body"]]
        for row in found["rows"]
        if row["law"] == "CDA 1998 s.5(1)(e)"
    }
    assert nhs == {
        "2022-06-30": "NHS Dorset Clinical Commissioning Group",
        "2022-07-01": "NHS Dorset Integrated Care Board",
    }


def test_a_panel_without_days_or_about_changes_is_refused(
    whole: KnowledgeGraph,
) -> None:
    with pytest.raises(ParameterError, match="days:"):
        whole.over("standing", areas=["Dorset"], days=[])
    with pytest.raises(ParameterError, match="asked of all dates"):
        whole.over("membership-changes", days=["2022-07-01"])
    with pytest.raises(NameNotClearError):
        whole.over("standing", areas=["Nowhere"], days=["2022-07-01"])


# Why not a role


def test_a_role_that_is_held_and_one_that_is_not(whole: KnowledgeGraph) -> None:
    """Section 5(1) names councils, police, fire, health and probation, not commissioners."""
    asked = "responsible authority", "Dorset"
    held = whole.why_not("Dorset Council", *asked, on="2024-07-23")
    assert held.there
    assert [row.law for row in held] == ["CDA 1998 s.5(1)(a)"]
    other = whole.why_not("PCC for Dorset", *asked, on="2024-07-23")
    assert other.condition is not None
    assert other.condition.name == "role given to the kind of body"
    early = whole.why_not("Dorset Council", *asked, on="2018-07-23")
    assert early.condition is not None
    assert early.condition.name == "area in being"


def test_a_wide_area_is_asked_district_by_district(whole: KnowledgeGraph) -> None:
    """Police areas have no responsible authorities: their districts have."""
    asked = "responsible authority", "Dorset police area"
    found = whole.why_not("Chief Constable of Dorset Police", *asked, on="2024-07-23")
    assert [(row.law, row.where) for row in found] == [
        ("CDA 1998 s.5(1)(b)", "in each of 2 districts")
    ]
    shown = whole.why(
        "West Yorkshire Fire and Rescue Authority",
        area="West Yorkshire combined authority area",
        on="2024-07-23",
    )
    roles = [
        s.text for c in shown for s in c.steps if "responsible authority in" in s.text
    ]
    places = ("Bradford", "Calderdale", "Kirklees", "Leeds", "Wakefield")
    assert all(any(place in text for text in roles) for place in places)
