"""The tables of the register as CSVW: the description is of today, and the tables keep to it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tools.describe_tables import PLACE, described

from cspgraph.rdf.terms import CSP, PREFIXES

ROOT = Path(__file__).resolve().parents[1]
TOLD: list[dict[str, Any]] = json.loads(PLACE.read_text(encoding="utf-8"))["tables"]
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def rows(table: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows as any reader of CSV gives them, where the description says."""
    place = (PLACE.parent / table["url"]).resolve()
    with place.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_that_of_today() -> None:
    """`make docs` writes it again."""
    assert PLACE.read_text(encoding="utf-8") == described()


def test_every_table_is_told() -> None:
    places = {(PLACE.parent / table["url"]).resolve() for table in TOLD}
    folder = ROOT / "data" / "register"
    assert places == {p for p in folder.rglob("*.csv") if p.parent.name != "by-law"}


@pytest.mark.parametrize("table", TOLD, ids=lambda table: table["url"][20:])
def test_the_table_keeps_to_what_is_told(table: dict[str, Any]) -> None:
    columns = table["tableSchema"]["columns"]
    key = table["tableSchema"]["primaryKey"]
    found = rows(table)
    assert found
    assert list(found[0]) == [column["name"] for column in columns]
    assert set(key) <= set(found[0])
    assert set(Counter(tuple(row[k] for k in key) for row in found).values()) == {1}
    for column in columns:
        cells = [row[column["name"]] for row in found]
        if column["required"]:
            assert all(cells), column["name"]
        if "datatype" in column:
            assert all(DAY.fullmatch(cell) for cell in cells if cell), column["name"]


def test_properties_are_terms_that_there_are() -> None:
    urls = {c.get("propertyUrl") for t in TOLD for c in t["tableSchema"]["columns"]}
    ours = {url for url in urls if url and url.startswith(PREFIXES["csp"])}
    assert ours
    assert ours <= {getattr(CSP, name).value for name in CSP}
