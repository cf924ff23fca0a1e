"""Lists of partners that documents print, held against those that follow from the law.

A loose web page is not law: both lists are kept, `partners.csv` what is stated and the
graph what follows, and a page puts them side by side. Each list agrees, differs for a
reason, or cannot be compared. Of a list that is not `whole` the reference gives only
some partners, and only those are compared. A document without a day is compared on the
first and the last day on which it can have been written, or else on none.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cspgraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cspgraph.graph import KnowledgeGraph

    Row = dict[str, str]
    Partner = tuple[str, str]

COUNCIL, HEALTH, POLICE = "council", "health", "police"
FIRE, PROBATION = "fire", "probation"
CAPACITIES = {
    "UnitaryCouncil": COUNCIL,
    "DistrictCouncil": COUNCIL,
    "MetropolitanDistrictCouncil": COUNCIL,
    "LondonBoroughCouncil": COUNCIL,
    "WelshPrincipalCouncil": COUNCIL,
    "CountyCouncil": "county council",
    "ChiefOfficerOfPolice": POLICE,
    "FireAndRescueAuthority": FIRE,
    "ProbationProvider": PROBATION,
    "PrimaryCareTrust": HEALTH,
    "ClinicalCommissioningGroup": HEALTH,
    "IntegratedCareBoard": HEALTH,
    "LocalHealthBoard": HEALTH,
}


@dataclass(frozen=True)
class Outcome:
    """How a list compares: what it leaves out, what it adds, and why."""

    verdict: str
    why: str = ""
    left_out: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


AGREE, DIFFER, NOT_COMPARABLE = "agree", "differ", "not comparable"
OUTCOMES = {
    "dorset-report-2024": Outcome(
        DIFFER,
        "The report lists the partners of the council, and so not the council itself.",
        left_out=(COUNCIL,),
    ),
    "dorset-minutes-2022": Outcome(AGREE),
    "dorset-minutes-2020": Outcome(
        DIFFER,
        "The list is of those who attended; the rehabilitation company, one of two "
        "providers until June 2021, is not in it.",
        left_out=(PROBATION,),
    ),
    "cumberland-launch-2023": Outcome(AGREE),
    "westmorland-and-furness-notice-2023": Outcome(
        DIFFER,
        "The notice is loose: it names one care board, and the area lies in two.",
        left_out=(HEALTH,),
    ),
    "adur-and-worthing-page": Outcome(
        DIFFER,
        "The page is loose: health bodies have the role on any day on which it can "
        "have been written, and no commissioner has it.",
        left_out=(HEALTH,),
        added=("office of the commissioner",),
    ),
    "rotherham-minute-2022": Outcome(AGREE),
    "barking-and-dagenham-assembly-2023": Outcome(AGREE),
    "barking-and-dagenham-scrutiny-2023": Outcome(
        DIFFER,
        "The minute counts partners without the role, and leaves out the fire "
        "authority that the Assembly minute of the same year has.",
        left_out=(FIRE,),
        added=("housing", "the voluntary sector"),
    ),
    "bridgend-minute-2019": Outcome(
        DIFFER,
        "The minute counts the commissioner, to whom section 5 does not give the role.",
        added=("the commissioner",),
    ),
    "westminster-page-mayor": Outcome(
        DIFFER,
        "The page counts the mayor's office, to which section 5 does not give the role.",
        added=("Mayor's Office for Policing and Crime",),
    ),
    "westminster-page-company": Outcome(
        NOT_COMPARABLE,
        "The page has no day, and such companies had the role until June 2021 only.",
    ),
    "brighton-and-hove-strategy": Outcome(
        NOT_COMPARABLE,
        "Which of the strategies prints the list, and so its day, is not given.",
    ),
    "medway-plan-2016": Outcome(
        DIFFER,
        "The item names the rehabilitation company; the National Probation Service, the "
        "other provider until June 2021, is not in it.",
        left_out=(PROBATION,),
    ),
}


def lists() -> Mapping[str, list[Row]]:
    """Return what each list states, a row for each partner."""
    place = Path(__file__).with_name("partners.csv")
    found = defaultdict(list)
    with place.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["list"]].append(row)
    return found


LISTS = lists()


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """Return the graph of the country; each area is asked alone."""
    return cspgraph.load()


def derived(kg: KnowledgeGraph, area: str, day: str) -> list[Partner]:
    """Return capacity and body of each responsible authority; no body where none is named."""
    answer = kg.answer("responsible-authorities", area=area, on=day)
    return [
        (
            CAPACITIES[str(row["kind"]).rpartition("/")[2]],
            str(row["body"] or "").rpartition("/")[2],
        )
        for row in answer
    ]


def days(rows: list[Row]) -> list[str]:
    """Return the first and last day on which a document can have been written."""
    return sorted({rows[0]["first_day"], rows[0]["last_day"]} - {""})


def compare(rows: list[Row], holders: list[Partner]) -> Outcome:
    """Return how a list compares with those who hold the role on one day."""
    named = {row["capacity"] for row in rows}
    left = [h for h in holders if rows[0]["whole"] == "yes" or h[0] in named]
    added = []
    for row in rows:
        if row["says"] == "leaves out":
            continue
        alike = [h for h in left if h[0] == row["capacity"]]
        if row["body"]:
            if "" in {body for _, body in alike}:
                return Outcome(NOT_COMPARABLE)
            alike = [h for h in alike if h[1] == row["body"]]
        if alike:
            left.remove(alike[0])
        else:
            added.append(row["stated"])
    return Outcome(
        DIFFER if left or added else AGREE,
        left_out=tuple(sorted(capacity for capacity, _ in left)),
        added=tuple(sorted(added)),
    )


def places(rows: list[Row]) -> list[str]:
    return rows[0]["area"].split(";")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_compares_as_it_is_said_to(name: str, kg: KnowledgeGraph) -> None:
    """In each of its areas, and on the first and last day that it can be of."""
    rows, said = LISTS[name], OUTCOMES[name]
    found = [
        compare(rows, derived(kg, area, day))
        for area in places(rows)
        for day in days(rows)
    ]
    if not found or Outcome(NOT_COMPARABLE) in found:  # on each of its days, or on none
        found = [Outcome(NOT_COMPARABLE)]
    assert {(o.verdict, o.left_out, o.added) for o in found} == {
        (said.verdict, said.left_out, said.added)
    }


def test_every_list_has_an_outcome_and_every_difference_a_reason() -> None:
    assert LISTS.keys() == OUTCOMES.keys()
    assert {outcome.verdict for outcome in OUTCOMES.values()} == {
        AGREE,
        DIFFER,
        NOT_COMPARABLE,
    }
    for outcome in OUTCOMES.values():
        assert bool(outcome.why) == (outcome.verdict != AGREE)


def test_a_list_says_the_same_of_itself_in_each_row(kg: KnowledgeGraph) -> None:
    """And the bodies that it names are those of the register, where it has them."""
    known = {row.cells["slug"] for row in kg._dataset.register.rows("bodies")}
    for rows in LISTS.values():
        own = ("title", "area", "first_day", "last_day", "whole", "source")
        assert len({tuple(row[name] for name in own) for row in rows}) == 1
        for row in rows:
            assert row["says"] in {"names", "leaves out"}
            assert row["body"] in {*known, "", "not in the register"}


def test_cumberland_has_the_six_partners_of_its_launch(kg: KnowledgeGraph) -> None:
    """The launch names six statutory partners; the reference has two of their names."""
    rows = LISTS["cumberland-launch-2023"]
    assert len(derived(kg, rows[0]["area"], rows[0]["first_day"])) == 6


# Both lists side by side

HEAD = """\
# Partner lists side by side

Lists of partners that documents print, beside the responsible authorities that follow from section 5 of the Crime and Disorder Act 1998. A document is not law, and the register can be wrong: both lists are kept, and neither is corrected by the other. Only what was read is here; of a list marked "in part" some partners alone were. An attendance list is not a list of members. A document without a day has the first and the last on which it can have been written, and the law is that of the last. What is stated stands in `tests/partners.csv`, with its source; `cspgraph answer responsible-authorities --area NAME --on DAY` gives the other list again.

| document | area | day | stated | from the law | outcome |
|---|---|---|---|---|---|
"""


def page(kg: KnowledgeGraph) -> str:
    """Return, as Markdown, what is stated and what follows, a line for each area."""
    lines = []
    for name, rows in LISTS.items():
        outcome, span = OUTCOMES[name], days(rows)
        part = "" if rows[0]["whole"] == "yes" else " (in part)"
        stated = [
            row["stated"] if row["says"] == "names" else f"leaves out {row['stated']}"
            for row in rows
        ]
        for area in places(rows):
            day = span[-1] if span else None
            answer = kg.answer("responsible-authorities", area=area, on=day)
            bodies = [row[0] or f"{row[1]}, not named" for row in answer.words()]
            (place,) = answer.parameters["area"]
            cells = [
                rows[0]["title"],
                kg._dataset.labels.label(place.value),
                " to ".join(span) if span else "not known",
                f"{'; '.join(stated)}{part}",
                "; ".join(bodies) if day else "not asked, for want of a day",
                f"{outcome.verdict}. {outcome.why}" if outcome.why else outcome.verdict,
            ]
            lines.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(lines)


def test_the_page_has_both_lists(
    kg: KnowledgeGraph, golden: Callable[[str, str], None]
) -> None:
    golden("../../docs/partner-lists.md", page(kg))
