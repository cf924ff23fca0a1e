"""What changed: nothing is left out and nothing made up, and each change has its cause.

That nothing is left out is seen from the answers on the two days; the causes are those
that the law and the record of Dorset give.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.cli import main
from cspgraph.errors import NameNotClearError, ParameterError
from cspgraph.explain.changes import COLUMNS
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

DORSET = "E06000059"
SPANS = [
    (DORSET, "2022-06-30", "2022-07-01"),
    (DORSET, "2024-07-22", "2024-10-11"),
    (DORSET, "2019-03-31", "2023-01-31"),
    ("E07000052", "2012-11-21", "2013-04-01"),
    ("E07000052", "2019-03-31", "2019-04-01"),
    ("E07000105", "2007-07-31", "2011-06-01"),
    ("E09000030", "2011-01-01", "2024-01-01"),
    ("W06000024", "2007-08-01", "2022-07-01"),
    ("E10000009", "2018-01-01", "2019-04-01"),
]
#: Twelve years of a wide area, which takes as long as all others; the county is wide too.
LONG = ("E23000039", "2012-11-21", "2024-07-23")
each_span = pytest.mark.parametrize(
    ("area", "since", "until"),
    [*SPANS, pytest.param(*LONG, marks=pytest.mark.exhaustive)],
)


def named(changed: Answer, kind: str) -> list[dict[str, str]]:
    """Return the rows of one kind in words."""
    names = [column.name for column in changed.columns]
    rows = [dict(zip(names, row, strict=True)) for row in changed.words()]
    return [row for row in rows if row["kind"] == kind]


def of(changed: Answer, area: str) -> list[dict[str, object]]:
    """Return the rows of one area, where those of its county or districts stand beside."""
    whole = PREFIXES["gss"] + area
    return [dict(row) for row in changed if row.get("area", whole) == whole]


def things(changed: Answer, kind: str, change: str, area: str = "") -> list[str]:
    """Return the addresses of what changed so, once for each row."""
    return [
        str(row["what"])
        for row in (of(changed, area) if area else changed)
        if (row["kind"], row["change"]) == (kind, change)
    ]


# Nothing left out, nothing made up


@cache
def _on(area: str, day: str) -> tuple[dict[str, object], set[str]]:
    """Return duties with their standings, and roles, in the graph of one day."""
    whole = cspgraph.load(on=day, areas=[area])
    duties = whole.select(
        "SELECT ?duty ?standing WHERE "
        f"{{ ?duty a csp:Duty ; csp:area gss:{area} ; csp:standing ?standing }}"
    )
    roles = whole.select(
        "SELECT ?held WHERE { ?held a csp:RoleHolding ; csp:body ?body ; "
        f"csp:area gss:{area} }}"
    )
    standings: dict[str, object] = {str(r["duty"]): r["standing"] for r in duties}
    return standings, {str(row["held"]) for row in roles}


@pytest.fixture(scope="module")
def asked(kg: KnowledgeGraph) -> Callable[[str, str, str], Answer]:
    """Return a function from an area and two days to what changed, asked once."""
    return cache(kg.what_changed)


@each_span
def test_duties_and_standings_are_those_of_the_two_days(
    area: str, since: str, until: str, asked: Callable[[str, str, str], Answer]
) -> None:
    """What stands in the answers on the two days, which know nothing of changes."""
    changed = asked(area, since, until)
    then, now = (_on(area, day)[0] for day in (since, until))
    gained, known, lost = (
        things(changed, "duty", word, area) for word in ("gained", "known", "lost")
    )
    gained = [*gained, *known]
    assert set(gained) - set(lost) == now.keys() - then.keys()
    assert set(lost) - set(gained) == then.keys() - now.keys()
    otherwise = {
        (str(row["what"]), row["before"], row["after"])
        for row in of(changed, area)
        if row["kind"] == "standing"
    }
    assert otherwise == {
        (duty, then[duty], now[duty])
        for duty in then.keys() & now.keys()
        if then[duty] != now[duty]
    }


@each_span
def test_roles_are_those_of_the_two_days(
    area: str, since: str, until: str, asked: Callable[[str, str, str], Answer]
) -> None:
    changed = asked(area, since, until)
    then, now = (_on(area, day)[1] for day in (since, until))
    gained, known, lost = (
        set(things(changed, "role", word, area)) for word in ("gained", "known", "lost")
    )
    gained |= known
    assert gained - lost == now - then
    assert lost - gained == then - now


@each_span
def test_every_change_has_a_cause_and_a_day_in_the_span(
    area: str, since: str, until: str, asked: Callable[[str, str, str], Answer]
) -> None:
    changed = asked(area, since, until)
    assert len(changed)
    for row in changed:
        assert since < str(row["day"]) <= until
        assert row["cause"]
        assert row["cause"] != "the data does not say by what", row
        if row["kind"] in ("role", "duty"):
            assert row["law"]
            assert row["verification"]


# By what


def test_care_board_comes_for_the_commissioning_group(kg: KnowledgeGraph) -> None:
    """Section 5(1)(e), as the Health and Care Act 2022 changed it on 1 July 2022."""
    changed = named(kg.what_changed("Dorset", "2022-06-30", "2022-07-01"), "role")
    held = {
        (row["change"], row["body"]): row
        for row in changed
        if row["what"] == "responsible authority"
    }
    assert set(held) == {
        ("gained", "NHS Dorset Integrated Care Board"),
        ("lost", "NHS Dorset Clinical Commissioning Group"),
    }
    gained = held["gained", "NHS Dorset Integrated Care Board"]
    assert gained["cause"] == "the rule began, by HCA 2022; the body began"
    assert gained["law"] == "CDA 1998 s.5(1)(e)"
    assert gained["law_url"].endswith("/section/5/1/e/2022-07-01")
    lost = held["lost", "NHS Dorset Clinical Commissioning Group"]
    assert lost["law_url"].endswith("/section/5/1/e/2022-06-30"), "as it last stood"


def test_provision_comes_into_force(kg: KnowledgeGraph) -> None:
    """SI 2022/1227 brought section 8 into force on 31 January 2023."""
    changed = kg.what_changed("Dorset", "2023-01-30", "2023-01-31")
    row = next(r for r in named(changed, "duty") if r["law"] == "PCSCA 2022 s.8(3)(c)")
    assert row["cause"].startswith("the provision came into force, by SI 2022/1227")
    assert (row["day"], row["change"], row["body"]) == ("2023-01-31", "gained", "")


def test_area_began(kg: KnowledgeGraph) -> None:
    changed = kg.what_changed("Dorset", "2019-03-31", "2019-04-01")
    assert {row["cause"] for row in named(changed, "role")} == {"the area began"}
    assert {row["change"] for row in named(changed, "duty")} == {"gained"}
    assert "before that E07000049" in changed.receipt["area"]


def test_adoption_is_recorded(kg: KnowledgeGraph) -> None:
    """Full Council adopted on 10 October 2024; the minutes and the record of decisions say so."""
    changed = kg.what_changed("Dorset", "2024-07-24", "2024-10-10")
    adopted = [
        row
        for row in named(changed, "document")
        if row["what"].startswith("Full Council adopts")
    ]
    assert {(row["day"], row["change"]) for row in adopted} == {
        ("2024-10-10", "gained")
    }
    assert len(adopted) == 3
    assert all("minutes of 2024-10-10" in row["cause"] for row in adopted)
    row = next(
        row
        for row in named(changed, "standing")
        if row["law"] == "SI 2000/2853 Sch.3" and "crime and disorder" in row["what"]
    )
    assert (row["before"], row["after"]) == ("partly on record", "on record")
    assert row["cause"] == "Full Council adopts the plan refresh (2024-10-10) shows it"


def test_own_period_lapses(kg: KnowledgeGraph) -> None:
    """The refresh was for 2024-25: its own period ended on 31 March 2025."""
    changed = kg.what_changed("Dorset", "2025-03-31", "2025-04-01")
    lost = [row for row in named(changed, "document") if row["change"] == "lost"]
    assert "Community Safety Plan 2023-2026 (2024-25 refresh)" in {
        r["what"] for r in lost
    }
    assert {row["cause"] for row in lost} == {
        "its own period ended; no law ends it with that"
    }
    row = next(
        row
        for row in named(changed, "standing")
        if row["law"] == "SI 2000/2853 Sch.3" and "crime and disorder" in row["what"]
    )
    assert (row["before"], row["after"]) == ("on record", "partly on record")
    assert row["day"] == "2025-04-01"
    assert "the own period of Community Safety Plan" in row["cause"]


def test_search_counts_no_longer(kg: KnowledgeGraph) -> None:
    changed = kg.what_changed("Dorset", "2024-07-23", "2024-07-24")
    rows = named(changed, "standing")
    assert rows
    assert {row["cause"] for row in rows} == {
        "the search of 2024-07-23 counts no longer"
    }
    assert {row["after"] for row in rows} == {"not looked for"}


def test_what_began_and_ended_in_between_is_there(kg: KnowledgeGraph) -> None:
    """The commissioning group was there from 2013 to 2022."""
    changed = kg.what_changed("Dorset", "2019-03-31", "2024-01-01")
    rows = [
        (row["change"], row["day"])
        for row in named(changed, "role")
        if row["what"] == "responsible authority"
        and row["body"] == "NHS Dorset Clinical Commissioning Group"
    ]
    assert rows == [("gained", "2019-04-01"), ("lost", "2022-07-01")]


def test_law_of_one_country_alone(kg: KnowledgeGraph) -> None:
    """In Wales section 6 took its new words on 19 November 2007."""
    for area, expected in (("W06000024", "2007-11-19"), ("E07000105", "2007-08-01")):
        changed = kg.what_changed(area, "2007-07-31", "2007-12-31")
        days = {
            r["day"] for r in named(changed, "duty") if r["law"] == "CDA 1998 s.6(1)(a)"
        }
        assert days == {expected}


# How it is asked


def test_it_is_an_answer(kg: KnowledgeGraph) -> None:
    changed = kg.what_changed("Dorset", "2022-06-30", date(2022, 7, 1))
    assert changed.question == (
        "What changed in Dorset after 30 June 2022 and up to 1 July 2022?"
    )
    assert changed.receipt["doubt"].startswith(f"of {len(changed)} rows, ")
    frame = changed.to_frame()
    assert list(frame.columns) == [column.name for column in COLUMNS]
    whole = json.loads(changed.to_json())
    assert whole["parameters"]["area"] == [PREFIXES["gss"] + DORSET]
    assert whole["rows"][0]["what"].startswith(PREFIXES["holding"])
    assert whole["labels"][whole["rows"][0]["what"]]


@pytest.mark.parametrize(
    ("area", "since", "until", "error"),
    [
        ("Dorset", "2022-07-01", "2022-07-01", ParameterError),
        ("Dorset", "2022-07-02", "2022-07-01", ParameterError),
        ("Dorset", "yesterday", "2022-07-01", ParameterError),
        ("Dorset", "2022-07-01", "9999-12-31", ParameterError),
        ("Atlantis", "2022-07-01", "2022-07-02", NameNotClearError),
    ],
)
def test_what_cannot_be_asked(
    area: str, since: str, until: str, error: type[Exception], kg: KnowledgeGraph
) -> None:
    with pytest.raises(error, match=r"^(from|to|area): "):
        kg.what_changed(area, since, until)


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_command(
    form: str, kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--area", "Dorset", "--from", "2022-06-30", "--to", "2022-07-01")
    with pytest.raises(SystemExit) as ended:
        main(["changes", *words, "--format", form])
    assert not ended.value.code
    changed = kg.what_changed("Dorset", "2022-06-30", "2022-07-01")
    made = {"csv": changed.to_csv, "json": changed.to_json, "md": changed.to_markdown}
    printed = capsys.readouterr().out
    if form in made:
        assert printed == made[form]()
        return
    said, rest = printed.split("\n\n", 1)
    assert " ".join(said.split()).startswith(changed.sentence())
    lines = rest.splitlines()
    assert lines[0] == changed.caption
    assert lines[1].split() == ["day", "change", "what", "body", "cause", "law"]
    assert sum(line.startswith("2022-07-01") for line in lines) == len(changed)
