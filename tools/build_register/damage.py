"""Refuse rows of a published file that cannot be as they were published."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cspgraph.rdf.files import CsvRow

__all__ = ["check_cells", "check_lookup", "check_once"]


def check_cells(row: CsvRow, wanted: Mapping[str, str]) -> None:
    r"""Refuse a cell of `row` that does not look like those `wanted` in its column.

    Raises `FileError` with line and column, also for a day that no calendar has.

    >>> from cspgraph.rdf.files import CsvRow
    >>> check_cells(CsvRow("a.csv", 2, {"PFA25CD": "Dorset"}), {"PFA25CD": r"E23\d{6}"})
    Traceback (most recent call last):
    cspgraph.errors.FileError: a.csv, line 2, column PFA25CD: 'Dorset' does not belong in this column; fetch the file again
    """
    for column, pattern in wanted.items():
        cell = row.cells[column]
        if not re.fullmatch(pattern, cell):
            problem = f"{cell!r} does not belong in this column; fetch the file again"
            raise row.refuse(column, problem)
        if cell and (column == "on" or column.endswith("-date")):
            try:
                date.fromisoformat(cell)
            except ValueError as error:
                problem = f"{cell!r} is not a day of the calendar; correct it"
                raise row.refuse(column, problem) from error


def check_once(rows: Sequence[CsvRow], columns: Sequence[str], shown: str) -> None:
    """Refuse a row that has in `columns` what another has; empty cells may repeat.

    Raises `FileError` with line and the column that is `shown`.

    >>> from cspgraph.rdf.files import CsvRow
    >>> rows = [CsvRow("a.csv", line, {"LADCD": "E06000059"}) for line in (2, 7)]
    >>> check_once(rows, ["LADCD"], "LADCD")
    Traceback (most recent call last):
    cspgraph.errors.FileError: a.csv, line 7, column LADCD: 'E06000059' stands in line 2 already; keep one row
    """
    lines: dict[tuple[str, ...], CsvRow] = {}
    for row in rows:
        cells = tuple(row.cells[column] for column in columns)
        first = lines.setdefault(cells, row)
        if first is not row and any(cells):
            problem = f"{row.cells[shown]!r} stands in line {first.line} already"
            raise row.refuse(shown, f"{problem}; keep one row")


def check_lookup(rows: Sequence[CsvRow], finest: str, wider: Sequence[str]) -> None:
    """Refuse repeated rows, two areas where there is one, and two names of one code.

    The rows are those of a lookup from `finest` into `wider`. Raises `FileError` with
    line and column.

    >>> from cspgraph.rdf.files import CsvRow
    >>> cells = {"UA22CD": "W06000001", "UA22NM": "A", "LHB22CD": "W11000023"}
    >>> rows = [CsvRow("a.csv", n, {**cells, "LHB22NM": name}) for n, name in ((2, "B"), (3, "C"))]
    >>> rows[1].cells["UA22CD"], rows[1].cells["UA22NM"] = "W06000002", "D"
    >>> check_lookup(rows, "UA22", ["LHB22"])
    Traceback (most recent call last):
    cspgraph.errors.FileError: a.csv, line 3, column LHB22NM: 'C' for 'W11000023', where line 2 has 'B'; keep one
    """
    check_once(rows, [f"{name}CD" for name in (finest, *wider)], f"{finest}CD")
    single = [name for name in wider if not name.startswith("CSP")]
    pairs = [(f"{finest}CD", f"{name}CD") for name in single]
    pairs += [(f"{name}CD", f"{name}NM") for name in (finest, *wider)]
    for given, column in pairs:
        said: dict[str, CsvRow] = {}
        for row in rows:
            first = said.setdefault(row.cells[given], row)
            if first.cells[column] != row.cells[column]:
                problem = (
                    f"{row.cells[column]!r} for {row.cells[given]!r}, where line"
                    f" {first.line} has {first.cells[column]!r}; keep one"
                )
                raise row.refuse(column, problem)
