"""Describe the tables of the register as CSVW, for programs that read tables by themselves.

    python -m tools.describe_tables

Writes `docs/reference/register.csvw.json` from what the reader of the tables knows, and
from the first line of each table.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cspgraph.rdf import files
from cspgraph.register import tables
from cspgraph.register.tables import TABLES, TableSchema

__all__ = ["PLACE", "described"]

PLACE = (
    Path(__file__).resolve().parents[1] / "docs" / "reference" / "register.csvw.json"
)
_LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_RIGHTS = (
    "Each row names its publisher in the column source. Contains public sector information"
    " licensed under the Open Government Licence v3.0, OS data © Crown copyright and"
    " database right 2025, and names and codes of mySociety under CC BY 4.0, changed."
)


def described() -> str:
    """Return the description of every table, as JSON."""
    found = []
    for source in files.shipped("data/register", ".csv"):
        name = source.name.rpartition("/")[2].removesuffix(".csv")
        if name in TABLES:
            found.append(_table(source.name, TABLES[name], files.head(source)))
    whole = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "The register of areas and bodies",
        "dc:license": {"@id": _LICENCE},
        "dc:rights": _RIGHTS,
        "tables": found,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _table(name: str, schema: TableSchema, head: list[str]) -> dict[str, Any]:
    said = {**schema.cells, **schema._held}
    return {
        "url": f"../../{name}",
        "tableSchema": {
            "columns": [_column(column, schema, said) for column in head],
            "primaryKey": list(schema.key),
        },
    }


def _column(name: str, schema: TableSchema, said: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "titles": name.replace("_", " ")}
    term, cell = said.get(name, (None, None))
    if term is not None:
        column["propertyUrl"] = term.value
    if cell is tables._day:
        column["datatype"] = {"base": "date", "format": "yyyy-MM-dd"}
    if cell is tables._areas or getattr(cell, "__qualname__", "").startswith("_things"):
        column["separator"] = ";"
    filled = name in schema.key or (name in said and name not in tables._OPTIONAL)
    column["required"] = filled
    return column


if __name__ == "__main__":
    PLACE.write_text(described(), encoding="utf-8")
