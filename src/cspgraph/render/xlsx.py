"""Rows and notes as a workbook; the same content has the same bytes."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cspgraph.render.escape import sheet_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    Value = str | int | date | None

__all__ = ["DAY", "sealed", "workbook"]

#: How a day is shown in a cell.
DAY = "d mmmm yyyy"
_WIDEST, _MARGIN, _NOTE = 60, 2, 100

_STAMPED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def sealed(data: bytes) -> bytes:
    """Return the packed workbook with fixed times, so that it is the same every time."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "docProps/core.xml":
                fixed = datetime(2000, 1, 1).isoformat().encode() + b"Z"  # noqa: DTZ001
                text = _STAMPED.sub(rb"\g<1>" + fixed, text)
            new.writestr(
                ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), text, ZIP_DEFLATED
            )
    return out.getvalue()


def workbook(
    titles: Sequence[str], rows: Sequence[Sequence[Value]], notes: Sequence[str]
) -> bytes:
    """Return a workbook: `rows` under `titles` on one sheet, `notes` on another.

    Days and numbers stay what they are; no text becomes a formula.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Answer"
    sheet.append([title.capitalize() for title in titles])
    for row in rows:
        sheet.append([_value(cell) for cell in row])
    for column in sheet.columns:
        longest = max(len(str(cell.value or "")) for cell in column)
        width = min(longest, _WIDEST) + _MARGIN
        sheet.column_dimensions[column[0].column_letter].width = width
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, date):
                cell.number_format = DAY
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    if rows:
        sheet.auto_filter.ref = sheet.dimensions
    about = book.create_sheet("What it rests on")
    about.column_dimensions["A"].width = _NOTE
    for note in notes:
        about.append([_value(note)])
        about.cell(about.max_row, 1).alignment = Alignment(wrap_text=True)
    out = io.BytesIO()
    book.save(out)
    return sealed(out.getvalue())


def _value(cell: Value) -> Value:
    return sheet_cell(cell) if isinstance(cell, str) else cell
