"""Facts of law that were once answered wrongly, each asked before, on and after its day.

The tables in `tests/reference/` need no Python: `corrections.csv` has one row for each
fact, `corrections-asked.csv` one for each question that shows it. A row of the second
names the question, the area, the day and what some row of the answer must say, or, with
`no` under `there`, what no row may say.
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


def told(row: dict[str, str], rows: list[dict[str, str]]) -> bool:
    """Return whether one of `rows` says what `row` of the reference does; `*` ends a part."""
    wanted = parts(row["says"])
    assert not rows or set(wanted) <= set(rows[0]), "no such column"
    return any(
        all(
            value[:-1] in one[name] if value.endswith("*") else one[name] == value
            for name, value in wanted.items()
        )
        for one in rows
    )


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
    assert told(row, answered(row)) == (row["there"] == "yes")


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
