"""A draft as a workbook: a row for each fact, with a column Confirmed."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from cspgraph.errors import FileError
from cspgraph.rdf.read import regular
from cspgraph.render.escape import sheet_cell
from cspgraph.render.xlsx import sealed

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_draft", "read", "written"]

_FACTS, _DOUBTS, _START = "Facts", "Doubts", "Draft"
_HEAD = (
    "confirmed",
    "id",
    "kind",
    "subject",
    "value",
    "day",
    "status",
    "sure",
    "place",
    "heading",
    "quote",
    "with",
    "rule",
)
_WIDE = {
    "subject": 34,
    "value": 34,
    "quote": 50,
    "with": 40,
    "heading": 24,
    "confirmed": 11,
}
_MOST = 20_000
#: Between what else is said of a fact, in one cell.
_BETWEEN = " | "


def written(data: dict[str, Any]) -> bytes:
    """Return the draft as a workbook, the same bytes every time."""
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book: Any = openpyxl.Workbook()
    page = book.active
    page.title = _FACTS
    page.append([name.capitalize() for name in _HEAD])
    for row in data["facts"]:
        more = _BETWEEN.join(
            f"{key}: {'; '.join(values)}" for key, values in row["with"].items()
        )
        page.append([sheet_cell({**row, "with": more}[name]) for name in _HEAD])
    for number, name in enumerate(_HEAD, 1):
        page.cell(1, number).font = Font(bold=True)
        page.column_dimensions[page.cell(1, number).column_letter].width = _WIDE.get(
            name, 14
        )
    for line in page.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "C2"
    offer = DataValidation(type="list", formula1='"yes,no"', allow_blank=True)
    page.add_data_validation(offer)
    offer.add(f"A2:A{max(2, len(data['facts']) + 1)}")
    doubts = book.create_sheet(_DOUBTS)
    doubts.append(["Said", "Place", "Quote"])
    for one in data["doubts"]:
        doubts.append([sheet_cell(one[key]) for key in ("said", "place", "quote")])
    start = book.create_sheet(_START)
    for key, value in data.items():
        if not isinstance(value, list):
            start.append([key, sheet_cell(value)])
    held = io.BytesIO()
    book.save(held)
    return sealed(held.getvalue())


def _opened(data: bytes, name: str) -> Any:
    import openpyxl

    from cspgraph.forms import xlsx

    if len(data) > xlsx.MAX_BYTES:
        raise FileError(name, "the workbook is larger than a draft is")
    try:
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError, TypeError) as error:
        problem = "it is no workbook that can be read; save it again as .xlsx"
        raise FileError(name, problem) from error


def is_draft(place: Path) -> bool:
    """Return whether the workbook at `place` is a draft."""
    from cspgraph.forms import xlsx

    try:
        book = _opened(regular(place, xlsx.MAX_BYTES), str(place))
    except FileError:
        return False
    return {_FACTS, _START} <= set(book.sheetnames)


def read(data: bytes, name: str) -> dict[str, Any]:
    """Return the plain values of a draft in a workbook; raise `FileError` for none."""
    book = _opened(data, name)
    if not {_FACTS, _START} <= set(book.sheetnames):
        raise FileError(
            name, "it is no draft; make one with 'cspgraph read REPORT -o FILE.xlsx'"
        )
    made: dict[str, Any] = {}
    for row in book[_START].iter_rows(values_only=True, max_row=50, max_col=2):
        if row and row[0]:
            made[str(row[0])] = _text(row[1]) if len(row) > 1 else ""
    rows = book[_FACTS].iter_rows(values_only=True, max_row=_MOST, max_col=40)
    head = [str(cell or "").strip().lower() for cell in next(rows, ())]
    if "kind" not in head or "confirmed" not in head:
        raise FileError(
            name, "the sheet Facts has lost its headings; keep the first row"
        )
    made["facts"] = []
    for row in rows:
        cells = {key: _text(cell) for key, cell in zip(head, row, strict=False) if key}
        if not any(cells.values()):
            continue
        more = {}
        for line in cells.pop("with", "").split(_BETWEEN):
            key, _, value = line.partition(":")
            if value.strip():
                more[key.strip()] = [
                    one.strip() for one in value.split(";") if one.strip()
                ]
        made["facts"].append({**cells, "with": more})
    made["doubts"] = []
    if _DOUBTS in book.sheetnames:
        for row in book[_DOUBTS].iter_rows(
            values_only=True, min_row=2, max_row=_MOST, max_col=3
        ):
            if any(row):
                made["doubts"].append(
                    dict(zip(("said", "place", "quote"), map(_text, row), strict=False))
                )
    return made


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).removeprefix("'")
