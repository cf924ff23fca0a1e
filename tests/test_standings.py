"""How every duty of Dorset stands, against a table that was written by hand.

`tests/standings-dorset.csv` has a row for each duty template, with the bearers by law,
how the duty stands on the day of the report and on the day after full council decided,
the paragraph of the report or the item of the minutes, and why. It was written from
the law, the report and the council's record, not from what the program says.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cspgraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.graph import KnowledgeGraph

TABLE = Path(__file__).parent / "standings-dorset.csv"
DAYS = ("2024-07-23", "2024-10-11")
OWN_PLAN = Path(__file__).parent / "rules" / "56-regard-own.trig"
RECORD = Path(__file__).parents[1] / "data" / "record" / "dorset"

STANDING = """
SELECT ?duty ?template ?law ?standing
WHERE {
  ?duty a csp:Duty ;
    csp:area gss:E06000059 ;
    csp:template ?template ;
    csp:provision/csp:citation ?law ;
    csp:standing/skos:prefLabel ?standing .
}
ORDER BY ?duty
"""
BEARERS = """
SELECT ?duty ?bearer
WHERE { ?duty a csp:Duty ; csp:area gss:E06000059 ; csp:bearer ?bearer }
ORDER BY ?duty ?bearer
"""

Row = tuple[str, str, tuple[str, ...], str]


def _rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _expected(day: str) -> Iterator[Row]:
    """Yield template, law, bearers and standing of each duty of the table."""
    for row in _rows():
        bearers = tuple(row["bearers"].split(";"))
        joint = row["bound"] == "jointly"
        for bound in [bearers] if joint else [(one,) for one in bearers]:
            yield row["template"], row["law"], bound, row[day]


def _found(kg: KnowledgeGraph, day: str) -> Iterator[Row]:
    asked = kg.at(day)
    bearers: dict[str, list[str]] = {}
    for row in asked.select(BEARERS):
        end = str(row["bearer"]).rpartition("/")[2]
        bearers.setdefault(str(row["duty"]), []).append(end)
    for row in asked.select(STANDING):
        template = str(row["template"]).rpartition("/")[2]
        bound = tuple(sorted(bearers.get(str(row["duty"]), [])))
        yield template, str(row["law"]), bound, str(row["standing"])


@pytest.mark.parametrize("day", DAYS)
def test_every_duty_stands_as_the_table_says(day: str, kg: KnowledgeGraph) -> None:
    """Each duty of the day is in the table once, and each row of it is a duty."""
    expected, found = sorted(_expected(day)), sorted(_found(kg, day))
    assert set(found) - set(expected) == set()
    assert set(expected) - set(found) == set()
    assert found == expected


def test_every_row_gives_its_reason() -> None:
    """A duty that is on record, if only in part, has the paragraph that says so."""
    records = [path.read_text(encoding="utf-8") for path in RECORD.glob("*.trig")]
    for row in _rows():
        assert len(row["why"].split()) > 3, row
        if "on record" in {row[day].removeprefix("partly ") for day in DAYS}:
            assert row["paragraph"], row
        for place in row["paragraph"].replace(";", ",").split(", "):
            printed = f'csp:paragraph "{place}"'
            assert not place or any(printed in text for text in records), place


def test_first_day_and_second_differ_where_the_council_decided() -> None:
    """On the first day no adoption is on record; on the second what council adopted is."""
    moved = {
        row["template"]: tuple(row[day] for day in DAYS)
        for row in _rows()
        if row[DAYS[0]] != row[DAYS[1]]
    }
    step = ("partly on record", "on record")
    assert moved == {
        "fr00-adopt-cdrs": step,
        "fr00-adopt-reoffending": step,
        "fr00-amend-cdrs": step,
        "si07-engage-community.england.strategic-assessment": (
            "not on record",
            "not looked for",
        ),
    }


def test_the_commissioner_was_never_looked_for(kg: KnowledgeGraph) -> None:
    """Nothing that a council's report leaves out says anything of the commissioner."""
    for day in DAYS:
        alone = {row for row in _found(kg, day) if row[2] == ("pcc-dorset",)}
        assert {row[3] for row in alone} == {"not looked for", "not testable"}


@pytest.mark.parametrize(
    ("by", "kind", "standing"),
    [("pcc-dorset", "Publish", "on record"), ("dorset-csp", "Agree", "not looked for")],
)
def test_regard_is_shown_by_ones_own_plan(
    by: str, kind: str, standing: str, tmp_path: Path
) -> None:
    """What a partnership took into account says nothing of the commissioner."""
    text = OWN_PLAN.read_text(encoding="utf-8")
    text = text.replace("body:pcc-dorset", f"body:{by}")
    path = tmp_path / "mine.trig"
    path.write_text(text.replace("kind:Publish", f"kind:{kind}"), encoding="utf-8")
    kg = cspgraph.load(path, areas=["E06000059"])
    (found,) = (row for row in _found(kg, DAYS[0]) if row[1] == "PRSRA 2011 s.10(1)")
    assert found[3] == standing
