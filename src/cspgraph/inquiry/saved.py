"""An answer as a file: a workbook, CSV, JSON, Markdown or a page, by its ending."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

from cspgraph import pages
from cspgraph.inert import guarded
from cspgraph.receipts import reach, warning
from cspgraph.sealing import sealed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.inquiry.answers import Answer

__all__ = ["ENDINGS", "saved"]

ENDINGS = (".xlsx", ".csv", ".json", ".md", ".html")
_WIDEST, _MARGIN = 60, 2
_DAY = "d mmmm yyyy"
#: What spreadsheet programs need before UTF-8 text to read its letters.
_MARK = "\ufeff"


def saved(answer: Answer, ending: str, *, excel: bool = False) -> bytes:
    """Return `answer` as the bytes of a file with that ending, one of `ENDINGS`.

    With `excel`, CSV begins with the mark by which spreadsheet programs know its
    letters. The same answer gives the same bytes.
    """
    match ending:
        case ".xlsx":
            return _workbook(answer)
        case ".csv":
            return ((_MARK if excel else "") + answer.to_csv()).encode()
        case ".json":
            return answer.to_json().encode()
        case ".md":
            return f"# {answer.question}\n\n{answer.to_markdown()}".encode()
    return pages.page(answer.question, [answer._repr_html_()]).encode()


def _workbook(answer: Answer) -> bytes:
    """Return a workbook: the rows on one sheet, what they rest on on another."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Answer"
    sheet.append([title.capitalize() for title in answer.titles])
    for cells, words in zip(answer, answer.words(), strict=True):
        sheet.append(
            [
                cell if isinstance(cell, date | int) else guarded(word)
                for cell, word in zip(cells.values(), words, strict=True)
            ]
        )
    for column in sheet.columns:
        longest = max(len(str(cell.value or "")) for cell in column)
        letter = column[0].column_letter
        sheet.column_dimensions[letter].width = min(longest, _WIDEST) + _MARGIN
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, date):
                cell.number_format = _DAY
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    if len(answer):
        sheet.auto_filter.ref = sheet.dimensions
    about = book.create_sheet("What it rests on")
    about.column_dimensions["A"].width = 100
    for line in _about(answer):
        about.append([guarded(line)])
        about.cell(about.max_row, 1).alignment = Alignment(wrap_text=True)
    out = io.BytesIO()
    book.save(out)
    return sealed(out.getvalue())


def _about(answer: Answer) -> Iterator[str]:
    yield answer.sentence()
    yield from filter(None, [warning(answer.receipt), reach(answer.receipt)])
    for name, value in answer.receipt.items():
        if isinstance(value, str):
            yield f"{name}: {value}"
