"""A form as a workbook: read, and written filled or empty with lists and notes.

Written, no text becomes a formula, and the same form gives the same bytes. Read, sizes
are looked at first, then marks that spreadsheets hide from the reader of cells, then
cells, never formulas.
"""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from cspgraph.errors import FileError
from cspgraph.forms.grid import MAX_CELLS, Cell, Grid, Problem
from cspgraph.forms.headings import FIELDS, STAMP, HeadingReader
from cspgraph.forms.other_facts import HEADINGS
from cspgraph.forms.references import language
from cspgraph.forms.schema import OTHER, START
from cspgraph.forms.template import DUTIES
from cspgraph.render.xlsx import DAY, sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cspgraph.forms.schema import Form, FormColumn, Sheet
    from cspgraph.forms.template import TemplateGuide
    from cspgraph.forms.write import Filled
    from cspgraph.rdf.files import Source

__all__ = ["MAX_BYTES", "grid", "written"]

_LONGEST = 32_767
_ROWS = 500
_WIDE = {"words": 48, "name": 30, "link": 40, "day": 20, "last day": 20}
_ABOUT = {
    "Name": "A short name for this record, such as ashford-2026. Small letters, digits and hyphens.",
    "Area": "The area that the record is about.",
    "Day": "The day for which names were looked up.",
    "Dates in numbers": "How 03/04/2026 is meant: day first or month first. Leave it blank and such dates are refused.",
}


def written(filled: Filled, form: Form, guide: TemplateGuide, name: str) -> bytes:
    """Return the workbook that holds the rows of `filled`.

    Raises `FileError` for a text that is too long for a cell.
    """
    return _XlsxWriter(filled, form, guide, name).bytes()


class _XlsxWriter:
    def __init__(
        self, filled: Filled, form: Form, guide: TemplateGuide, name: str
    ) -> None:
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
            wide.number_format = DAY if "day" in column.holds else "@"
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

    def _note(self, page: Any, place: int, column: FormColumn) -> None:
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
        column: FormColumn,
    ) -> None:
        if "day" in column.holds and items[0] >= "1900-03-01":
            cell = page.cell(number, place)
            cell.value, cell.number_format = date.fromisoformat(items[0]), DAY
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

    def _source(self, column: FormColumn) -> str:
        """Return the cells from which a column chooses: a list, or the refs of a sheet."""
        if column.lists in self._lists:
            return self._lists[column.lists]
        sheets = [name for name in column.lists if name in self._form.names]
        return f"{sheets[0]}!$A$2:$A${_ROWS}" if sheets else ""


MAX_BYTES = 20 * 2**20
_UNPACKED = 200 * 2**20
_RATIO, _RATIO_FROM = 200, 2**20
_PARTS = 2_000
_DAMAGED = "the workbook is damaged; save it again as .xlsx"
_MOST_ROWS = 1_100_000
_TEXTS = 32 * 2**20
_CHUNK = 2**20
_OVERLAP = 512
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?ref=[\"']([A-Z0-9:$]+)")
_HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\b([^>]*?\bhidden=[\"'](?:1|true)[^>]*)")
_PLACE = re.compile(rb"\b(?:r|min|max)=[\"'](\d{1,7})")
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b")
_ROW = re.compile(rb"<(?:\w+:)?row\b")


def grid(source: Source, form: Form) -> Grid:
    """Return the rows of the workbook in `source`.

    Raises `FileError` for a file that is not a workbook or too large to be a form. All
    that is wrong in single cells stands in the grid.
    """
    marks = _looked_at(source)
    import openpyxl
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise FileError(source.name, "defusedxml is missing; install cspgraph again")
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(source.data), read_only=True, data_only=False, keep_links=False
        )
        if len(book.sheetnames) == marks["xl/workbook.xml"].sheets:
            return _XlsxReader(book, marks, form).grid()
    except Exception as error:
        problem = (
            "the workbook is damaged; open it, save it again as .xlsx and try once more"
        )
        raise FileError(source.name, problem) from error
    problem = "the workbook names a sheet that is missing; save it again as .xlsx"
    raise FileError(source.name, problem)


def _looked_at(source: Source) -> dict[str, _Marks]:
    """Refuse what is unsafe or no workbook; return the marks of each part."""
    if source.data[:4] == b"\xd0\xcf\x11\xe0":
        problem = "an older kind of workbook, or one with a password; save it as .xlsx without one"
        raise FileError(source.name, problem)
    try:
        with ZipFile(io.BytesIO(source.data)) as packed:
            parts = packed.infolist()
            _check_sizes(source.name, parts)
            return {
                part.filename: _marks(source.name, packed, part)
                for part in parts
                if part.filename.endswith((".xml", ".rels"))
            }
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        problem = "this is not a workbook, or it is damaged; save it again as .xlsx"
        raise FileError(source.name, problem) from error
    except FileError:
        raise
    except Exception as error:  # whatever a reader meets in a file of strangers
        raise FileError(source.name, _DAMAGED) from error


def _check_sizes(name: str, parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names:
        raise FileError(name, "this is not a workbook; save it as .xlsx")
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        problem = "the workbook holds macros; save it as .xlsx, which has none"
        raise FileError(name, problem)
    if len(names) > _PARTS or len(set(names)) < len(names):
        raise FileError(name, _DAMAGED)
    whole = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if whole > _UNPACKED or (whole > _RATIO_FROM and whole / packed > _RATIO):
        problem = f"it unpacks to {whole // 2**20} MiB, too much for a form; copy the filled rows into a new one"
        raise FileError(name, problem)


class _Marks:
    """What was seen in one part: counts, merged cells, hidden rows and columns."""

    def __init__(self) -> None:
        self.cells = self.rows = self.sheets = 0
        self.merged: dict[str, None] = {}
        self.hidden: list[tuple[str, int, int]] = []


def _marks(name: str, packed: ZipFile, part: ZipInfo) -> _Marks:
    found, kept, size = _Marks(), b"", 0
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            text = kept + chunk
            if size > part.file_size or _DOCTYPE.search(text):
                raise FileError(name, _DAMAGED)
            cut = text.rfind(b"<", max(0, len(text) - _OVERLAP))
            text, kept = (text[:cut], text[cut:]) if cut > 0 else (text, b"")
            _count(found, text)
            if found.cells > MAX_CELLS or found.rows > _MOST_ROWS:
                _too_many(name, found)
        _count(found, kept)
    if part.filename.endswith("sharedStrings.xml") and size > _TEXTS:
        problem = (
            "it holds too much text for a form; copy the filled rows into a new one"
        )
        raise FileError(name, problem)
    return found


def _count(found: _Marks, text: bytes) -> None:
    found.cells += len(_CELL.findall(text))
    found.rows += len(_ROW.findall(text))
    found.sheets += len(_SHEET.findall(text))
    for ref in _MERGED.findall(text):
        found.merged.setdefault(ref.decode())
    for kind, said in _HIDDEN.findall(text):
        places = [int(number) for number in _PLACE.findall(said)]
        if places:
            found.hidden.append((kind.decode(), min(places), max(places)))


def _too_many(name: str, found: _Marks) -> None:
    count = (
        f"more than {MAX_CELLS:,} cells" if found.cells > MAX_CELLS else "too many rows"
    )
    problem = f"a sheet holds {count}, filled or formatted; copy the filled rows into a new form"
    raise FileError(name, problem)


class _XlsxReader:
    def __init__(self, book: Any, marks: dict[str, _Marks], form: Form) -> None:
        self._book, self._marks = book, marks
        self._grid = Grid()
        self._reader = HeadingReader(form, self._grid)

    def grid(self) -> Grid:
        for sheet in self._book.worksheets:
            name = self._reader.sheet(sheet.title, sheet.title)
            if not name:
                continue
            if sheet.sheet_state != "visible":
                said = "the sheet is hidden; show it or take it out"
                self._grid.problems.append(Problem(sheet.title, "", said))
            part = str(sheet._worksheet_path).lstrip("/")
            marks = self._marks.get(part, _Marks())
            sheet.reset_dimensions()
            self._rows(name, sheet.title, marks, sheet.iter_rows())
        if self._reader.full:
            said = f"the form holds more than {MAX_CELLS:,} cells; split it"
            self._grid.problems.append(Problem(START, "", said))
        return self._grid

    def _rows(self, name: str, title: str, marks: _Marks, rows: Iterable[Any]) -> None:
        for ref in marks.merged:
            said = "the cells are merged; unmerge them and fill each"
            self._grid.problems.append(Problem(f"{title}!{ref}", "", said))
        if name == START:
            self._start(title, rows)
            return
        headings: list[str] = []
        hidden_rows = {first for kind, first, _ in marks.hidden if kind == "row"}
        for row in rows:
            filled = list(self._filled(title, row))
            if not filled:
                continue
            number = filled[0][1]
            if not headings:
                width = max(column for column, _, _ in filled)
                heads = {column: cell for column, _, cell in filled}
                line = [heads.get(n, Cell(title, "")) for n in range(1, width + 1)]
                headings = self._reader.headings(name, line)
                self._hidden_columns(title, marks, headings)
                continue
            if number in hidden_rows:
                said = "the row is hidden; show it or delete it (a filter may be on)"
                self._grid.problems.append(Problem(f"{title}!{number}", "", said))
            self._line(name, title, number, headings, filled)

    def _line(
        self,
        name: str,
        title: str,
        number: int,
        headings: list[str],
        filled: list[tuple[int, int, Cell]],
    ) -> None:
        cells: dict[str, list[Cell]] = {}
        for column, _, cell in filled:
            heading = headings[column - 1] if column <= len(headings) else ""
            cells[heading] = [cell]
            if not heading:
                said = (
                    "is in a column without a heading of this form; move or delete it"
                )
                self._grid.problems.append(cell.wrong(said))
        self._reader.line(name, f"{title}!{number}", cells)

    def _hidden_columns(self, title: str, marks: _Marks, headings: list[str]) -> None:
        from openpyxl.utils import get_column_letter

        for number, heading in enumerate(headings, 1):
            if heading and any(
                kind == "col" and first <= number <= last
                for kind, first, last in marks.hidden
            ):
                place = f"{title}!{get_column_letter(number)}"
                said = f"the column {heading!r} is hidden; show it or delete it"
                self._grid.problems.append(Problem(place, "", said))

    def _start(self, title: str, rows: Iterable[Any]) -> None:
        for row in rows:
            found = {column: cell for column, _, cell in self._filled(title, row)}
            if 1 in found and 2 in found:
                self._reader.field(found[1], found[2])

    def _filled(
        self, title: str, row: Iterable[Any]
    ) -> Iterator[tuple[int, int, Cell]]:
        """Yield column, row and content of the cells that hold something."""
        for cell in row:
            if cell.value is None or (
                isinstance(cell.value, str) and not cell.value.strip()
            ):
                continue
            place = f"{title}!{cell.coordinate}"
            if cell.data_type == "f":
                said = "is a formula; paste its value instead"
                self._grid.problems.append(Problem(place, _formula(cell.value), said))
            elif cell.data_type == "e":
                said = (
                    "is an error of the spreadsheet; write the value or leave it blank"
                )
                self._grid.problems.append(Problem(place, str(cell.value), said))
            else:
                yield cell.column, cell.row, Cell(place, cell.value)


def _formula(value: object) -> str:
    return str(getattr(value, "text", value))
