"""A form as a folder of CSV tables, one for each sheet: read and written."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from typing import TYPE_CHECKING

from cspgraph.errors import FileError
from cspgraph.forms.grid import MAX_CELLS, Cell, Grid, Problem
from cspgraph.forms.headings import FIELDS, STAMP, HeadingReader
from cspgraph.forms.other_facts import HEADINGS
from cspgraph.forms.references import language
from cspgraph.forms.schema import OTHER, START
from cspgraph.forms.template import DUTIES
from cspgraph.render.escape import sheet_cell as harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cspgraph.forms.schema import Form
    from cspgraph.forms.template import TemplateGuide
    from cspgraph.forms.write import Filled
    from cspgraph.rdf.files import Source

__all__ = ["grid", "written"]


def grid(sources: Iterable[Source], form: Form) -> Grid:
    """Return the rows of the tables in `sources`, each named after its sheet.

    Raises `FileError` for a file that is not a table at all.
    """
    made = Grid()
    reader = HeadingReader(form, made)
    for source in sources:
        stem = source.name.replace("\\", "/").rpartition("/")[2].removesuffix(".csv")
        sheet = reader.sheet(stem.replace("-", " "), source.name)
        if sheet:
            _table(source, sheet, reader, made)
    if reader.full:
        said = f"the form holds more than {MAX_CELLS:,} cells; split it"
        made.problems.append(Problem(START, "", said))
    return made


def _table(source: Source, sheet: str, reader: HeadingReader, made: Grid) -> None:
    """Read one table; where it is spoilt as a whole, its cells are looked at all the same."""
    try:
        text = source.text
    except FileError as error:
        _spoilt(error, sheet, made)
        text = source.data.decode("cp1252", errors="replace")
    mark = ","
    head = next((line for line in text.splitlines() if line.strip(" ,;")), "")
    if sheet != START and head.count(";") > 1 and "," not in head:
        problem = "the columns are separated by semicolons; save it with commas"
        _spoilt(FileError(source.name, problem, 1), sheet, made)
        mark = ";"
    strict = True
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            pass
    except csv.Error as error:
        strict = False
        line = _broken_line(text, mark)
        problem = f"it is not a table ({error}); save it as CSV in UTF-8"
        _spoilt(FileError(source.name, problem, line), sheet, made)
    with suppress(csv.Error):  # a cell larger than is read, told above
        _lines(source.name, text, sheet, reader, made, mark, strict=strict)


def _spoilt(error: FileError, sheet: str, made: Grid) -> None:
    """Keep what is wrong with a table; its rows count for nothing."""
    where, _, said = str(error).partition(": ")
    made.problems.append(Problem(where, "", said))
    made.doubtful.add(sheet)


def _broken_line(text: str, mark: str) -> int:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    with suppress(csv.Error):
        for _ in rows:
            pass
    return rows.line_num


def _lines(
    name: str,
    text: str,
    sheet: str,
    reader: HeadingReader,
    made: Grid,
    mark: str,
    *,
    strict: bool,
) -> None:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=strict)
    headings: list[str] = []
    first = 0
    for cells in rows:
        first, last = first + 1, rows.line_num
        place, first = f"{name}, line {first}", last
        if sheet == START:
            label, value = (Cell(place, text) for text in (*cells, "", "")[:2])
            reader.field(label, value)
        elif not headings:
            if any(cells):
                headings = reader.headings(sheet, [Cell(place, c) for c in cells])
        elif any(cell.strip() for cell in cells):
            _row(sheet, place, headings, cells, reader, made)
        if reader.full:
            return


def _row(
    sheet: str,
    place: str,
    headings: Sequence[str],
    cells: Sequence[str],
    reader: HeadingReader,
    made: Grid,
) -> None:
    found: dict[str, list[Cell]] = {}
    for number, text in enumerate(cells):
        heading = headings[number] if number < len(headings) else ""
        where = f"{place}, column {heading or number + 1}"
        if heading:
            found[heading] = [Cell(where, text)]
        elif text.strip():
            said = "is in a column without a heading; move it (a comma in a text needs quotation marks round the text)"
            made.problems.append(Problem(where, text, said))
    reader.line(sheet, place, found)


def written(filled: Filled, form: Form, guide: TemplateGuide) -> dict[str, str]:
    """Return the tables by name of file, with what helps to fill them."""
    made = {
        "record": _csv(
            [[head, filled.start.get(head, "")] for head in FIELDS]
            + [[STAMP, form.stamp]]
        )
    }
    if guide.duties:
        cells = [[harmless(text) for text in row] for row in guide.duties]
        made["duties"] = _csv([list(DUTIES), *cells])
    for sheet in form.sheets:
        headings = filled.headings(sheet)
        rows = [
            [
                sheet.column(language(head)[0]).joined(row.get(head, []))
                for head in headings
            ]
            for row in filled.sheets.get(sheet.name, [])
        ]
        made[sheet.name.lower()] = _csv([headings, *rows])
    if filled.other:
        made[OTHER.lower().replace(" ", "-")] = _csv([list(HEADINGS), *filled.other])
    if guide.title:
        made["columns"] = _csv(
            [["Sheet", "Heading", "What to write", "Names to choose from"]]
            + [
                [
                    sheet.name,
                    c.heading,
                    harmless(c.note),
                    "; ".join(guide.offers.get(c.lists, [])),
                ]
                for sheet in form.sheets
                for c in sheet.columns
            ]
        )
    return {f"{name}.csv": text for name, text in made.items()}


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
