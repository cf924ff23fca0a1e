"""Write a form as a workbook: filled or empty, with lists to choose from and notes.

No text becomes a formula, and the same form gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

from cspgraph.errors import FileError
from cspgraph.forms.blank import DUTIES
from cspgraph.forms.form import OTHER, START
from cspgraph.forms.headings import FIELDS, STAMP
from cspgraph.forms.items import language
from cspgraph.forms.other import HEADINGS
from cspgraph.sealing import sealed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.forms.blank import Guide
    from cspgraph.forms.form import Column, Form, Sheet
    from cspgraph.forms.rows import Filled

__all__ = ["written"]

_LONGEST = 32_767
_ROWS = 500
_WIDE = {"words": 48, "name": 30, "link": 40, "day": 20, "last day": 20}
_DAY = "d mmmm yyyy"
_ABOUT = {
    "Name": "A short name for this record, such as ashford-2026. Small letters, digits and hyphens.",
    "Area": "The area that the record is about.",
    "Day": "The day for which names were looked up.",
    "Dates in numbers": "How 03/04/2026 is meant: day first or month first. Leave it blank and such dates are refused.",
}


def written(filled: Filled, form: Form, guide: Guide, name: str) -> bytes:
    """Return the workbook that holds the rows of `filled`.

    Raises `FileError` for a text that is too long for a cell.
    """
    return _Book(filled, form, guide, name).bytes()


class _Book:
    def __init__(self, filled: Filled, form: Form, guide: Guide, name: str) -> None:
        import openpyxl

        self._filled, self._form, self._guide, self._name = filled, form, guide, name
        self._book: Any = openpyxl.Workbook()
        self._book.remove(self._book.worksheets[0])
        self._lists: dict[tuple[str, ...], str] = {}

    def bytes(self) -> bytes:
        if self._guide.duties:
            self._duties()
        self._start()
        columns = [
            {sheet.name: self._sheet(sheet) for sheet in self._form.sheets},
        ]
        if self._filled.other:
            page = self._page(OTHER, list(HEADINGS))
            for number, row in enumerate(self._filled.other, 2):
                for place, text in enumerate(row, 1):
                    self._put(page, number, place, text)
        self._offer(columns[0])
        out = io.BytesIO()
        self._book.save(out)
        return sealed(out.getvalue())

    def _duties(self) -> None:
        page = self._page("Duties", list(DUTIES))
        for number, row in enumerate(self._guide.duties, 2):
            for place, text in enumerate(row, 1):
                self._put(page, number, place, text)
        for letter, width in zip(
            "ABCDEFGHI", (24, 60, 40, 12, 16, 44, 16, 20, 50), strict=True
        ):
            page.column_dimensions[letter].width = width

    def _start(self) -> None:
        page = self._book.create_sheet(START)
        for number, head in enumerate(FIELDS, 1):
            self._put(page, number, 1, head)
            self._put(page, number, 2, self._filled.start.get(head, ""))
            self._put(page, number, 3, _ABOUT[head])
        self._put(page, len(FIELDS) + 2, 1, STAMP)
        self._put(page, len(FIELDS) + 2, 2, self._form.stamp)
        page.row_dimensions[len(FIELDS) + 2].hidden = True
        if self._guide.title:
            self._put(page, len(FIELDS) + 4, 1, self._guide.title)
        for letter, width in (("A", 22), ("B", 30), ("C", 90)):
            page.column_dimensions[letter].width = width

    def _sheet(self, sheet: Sheet) -> Any:
        from openpyxl.utils import get_column_letter

        headings = self._filled.headings(sheet)
        page = self._page(sheet.name, headings)
        columns = [sheet.column(language(head)[0]) for head in headings]
        for place, column in enumerate(columns, 1):
            self._note(page, place, column)
            wide = page.column_dimensions[get_column_letter(place)]
            wide.width = _WIDE.get(column.holds, 18)
            wide.number_format = _DAY if "day" in column.holds else "@"
        for number, row in enumerate(self._filled.sheets.get(sheet.name, []), 2):
            for place, (head, column) in enumerate(
                zip(headings, columns, strict=True), 1
            ):
                if row.get(head):
                    self._value(page, number, place, row[head], column)
        return page

    def _page(self, name: str, headings: Sequence[str]) -> Any:
        from openpyxl.styles import Alignment, Font, PatternFill

        page = self._book.create_sheet(name)
        page.freeze_panes = "B2"
        for place, head in enumerate(headings, 1):
            cell = self._put(page, 1, place, head)
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE8F0")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return page

    def _note(self, page: Any, place: int, column: Column) -> None:
        from openpyxl.comments import Comment

        needed = "" if column.needed else " Leave it blank where nothing is recorded."
        note = Comment(f"{column.note}{needed}", "cspgraph", width=320, height=160)
        page.cell(1, place).comment = note

    def _value(
        self,
        page: Any,
        number: int,
        place: int,
        items: Sequence[str],
        column: Column,
    ) -> None:
        if "day" in column.holds and items[0] >= "1900-03-01":
            cell = page.cell(number, place)
            cell.value, cell.number_format = date.fromisoformat(items[0]), _DAY
            return
        self._put(page, number, place, column.joined(items)).number_format = "@"

    def _put(self, page: Any, number: int, place: int, text: str) -> Any:
        from openpyxl.styles import Alignment

        if len(text) > _LONGEST:
            problem = f"a text of {len(text):,} letters does not fit into a cell; export it to .yaml"
            raise FileError(self._name, problem)
        cell = page.cell(number, place)
        if text:
            cell.value = text
            cell.data_type = "s"  # never a formula
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    def _offer(self, pages: dict[str, Any]) -> None:
        """Put the lists on a sheet of their own, and let the cells choose from them."""
        from openpyxl.utils import get_column_letter, quote_sheetname
        from openpyxl.worksheet.datavalidation import DataValidation

        lists = self._book.create_sheet("Lists")
        lists.sheet_state = "hidden"
        for place, (key, names) in enumerate(self._guide.offers.items(), 1):
            letter = get_column_letter(place)
            self._put(lists, 1, place, " ".join(key))
            for number, name in enumerate(names, 2):
                self._put(lists, number, place, name)
            self._lists[key] = f"Lists!${letter}$2:${letter}${len(names) + 1}"
        for sheet in self._form.sheets:
            for place, head in enumerate(self._filled.headings(sheet), 1):
                source = self._source(sheet.column(language(head)[0]))
                if source:
                    letter = get_column_letter(place)
                    rule = DataValidation("list", formula1=source, allow_blank=True)
                    rule.showErrorMessage = False
                    rule.add(f"{letter}2:{letter}{_ROWS}")
                    pages[sheet.name].add_data_validation(rule)
        rule = DataValidation(
            "list", formula1='"day first,month first"', allow_blank=True
        )
        rule.add(f"B{FIELDS.index('Dates in numbers') + 1}")
        self._book[quote_sheetname(START).strip("'")].add_data_validation(rule)

    def _source(self, column: Column) -> str:
        """Return the cells from which a column chooses: a list, or the refs of a sheet."""
        if column.lists in self._lists:
            return self._lists[column.lists]
        sheets = [name for name in column.lists if name in self._form.names]
        return f"{sheets[0]}!$A$2:$A${_ROWS}" if sheets else ""
