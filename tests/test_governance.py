"""How councils are governed: by one form on each day, no surer than its source, and what follows.

`tests/reference/governance.csv` says for some councils and days which form the sources
show: the day before a change, the day itself, and later.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cspgraph import load
from cspgraph.rdf import files
from cspgraph.rdf.spellings import COUNCILS
from cspgraph.rdf.terms import OPEN_END
from cspgraph.register.register import Register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer
    from cspgraph.rdf.files import CsvRow

with (Path(__file__).parent / "reference" / "governance.csv").open(
    encoding="utf-8", newline=""
) as _file:
    TOLD = list(csv.DictReader(_file))

#: Under which form of governance each instrument says who adopts the strategy.
LAWS = {
    "SI 2000/2853 Sch.3": "executive arrangements",
    "SI 2012/1020 Sch.": "committee system",
}
#: The first day of SI 2000/2853.
GOVERNED = "2000-11-16"


@pytest.fixture(scope="module")
def register() -> Register:
    return Register(files.shipped("data/register", ".csv"))


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return load()


def days(row: CsvRow) -> tuple[str, str]:
    return row.cells["valid_from"], row.cells["valid_until"] or OPEN_END


@pytest.fixture(scope="module")
def periods(register: Register) -> Mapping[str, list[CsvRow]]:
    found = defaultdict(list)
    for row in register.rows("governance"):
        found[row.cells["body"]].append(row)
    return {body: sorted(rows, key=days) for body, rows in found.items()}


def test_each_council_has_one_form_on_each_of_its_days(
    register: Register, periods: Mapping[str, list[CsvRow]]
) -> None:
    councils = [r for r in register.rows("bodies") if r.cells["kind"] in COUNCILS]
    assert len(councils) > 350
    for council in councils:
        first, until = days(council)
        if until <= GOVERNED:
            continue
        held = [days(row) for row in periods[council.cells["slug"]]]
        assert held[0][0] == max(first, GOVERNED), council.cells["slug"]
        assert held[-1][1] == until, council.cells["slug"]
        assert all(one[1] == after[0] for one, after in pairwise(held))


def test_a_form_is_no_surer_than_its_source(register: Register) -> None:
    """What is recalled alone is not known; what is presumed says what would change it."""
    sure: dict[str, list[CsvRow]] = {"Low": [], "Medium": [], "High": []}
    for row in register.rows("governance"):
        sure[row.cells["confidence"]].append(row)
    assert {r.cells["governance"] for r in sure["Low"]} == {"NotKnown"}
    assert "NotKnown" not in {
        r.cells["governance"] for name in ("Medium", "High") for r in sure[name]
    }
    assert len(sure["Medium"]) > 250
    assert all("would change this" in r.cells["assumption"] for r in sure["Medium"])
    assert all(r.cells["verification"] in "VOS" for r in sure["High"])


def test_elimination_reaches_back_no_further_than_its_list(register: Register) -> None:
    found = defaultdict(set)
    for row in register.rows("governance"):
        if "by elimination" in row.cells["assumption"]:
            assert row.cells["first_day"] == "by"
            (as_of,) = {
                day
                for day in ("December 2025", "May 2024")
                if day in row.cells["assumption"]
            }
            found[as_of].add(row.cells["valid_from"])
    assert found == {"December 2025": {"2025-12-31"}, "May 2024": {"2024-05-31"}}


def plan(answer: Answer, council: str) -> list[dict[str, str]]:
    """Return in words who in `council` adopts the crime and disorder strategy."""
    names = [column.name for column in answer.columns]
    rows = [dict(zip(names, words, strict=True)) for words in answer.words()]
    return [
        row
        for row in rows
        if row["body"] == council and row["product"] == "crime and disorder strategy"
    ]


@pytest.mark.parametrize(
    "told", TOLD, ids=[f"{row['council']} {row['day']}" for row in TOLD]
)
def test_who_adopts_follows_from_the_form(
    told: dict[str, str], kg: KnowledgeGraph
) -> None:
    """One route where the form is known or presumed, both where it is not."""
    answer = kg.answer("who-must-adopt", area=told["area"], on=told["day"])
    rows = plan(answer, told["council"])
    laws, form = told["laws"].split("; "), told["form"]
    if form == "not known":
        forms = [LAWS.get(law, "executive arrangements") for law in laws]
        assert [(row["law"], row["assumes"]) for row in rows] == [
            *zip(laws, forms, strict=True)
        ]
        return
    presumed = form if form.startswith("presumed") else ""
    assert [(row["law"], row["assumes"]) for row in rows] == [(laws[0], presumed)]
    assert rows[0]["confidence"] == ("medium" if presumed else "high")
    said = answer.receipt.get("presumed", "")
    assert (told["council"] in said) == bool(presumed)
    assert ("would change this" in said) == bool(said)


def test_a_brief_names_one_route_and_says_what_would_change_it(
    kg: KnowledgeGraph,
) -> None:
    deciding = kg.brief("Ashford", "csp-plan", on="2026-11-30").parts[0]
    assert "Leader and cabinet by elimination" in deciding.says
    assert "SI 2012/1020 would then say who adopts" in deciding.says
    executive, committee = LAWS
    assert not [line for line in deciding.lines if line.law == committee]
    rules = [line for line in deciding.lines if line.law == executive]
    assert len(rules) == 4
    assert all("presumed executive arrangements" in line.doubt for line in rules)
    assert not any(line.provided for line in deciding.lines)
    before = kg.brief("Ashford", "csp-plan", on="2025-12-30").parts[0]
    assert {line.law for line in before.lines} >= set(LAWS)
    assert {line.provided for line in before.lines if line.law} == {
        *("executive arrangements", "a committee system")
    }
