"""Forms spoiled in ways that happen, and some that only somebody with bad intent does.

Each comes with words of what is said of it, a + before them where it is read all the
same. No words stand for a form that is read as it was meant.
"""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName

from cspgraph.forms import xlsx
from cspgraph.forms.schema import form
from cspgraph.forms.template import TemplateGuide
from cspgraph.forms.write import Filled

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Any], object]

__all__ = ["texts", "workbooks"]

FILLED = Filled(
    {"Name": "made-up", "Day": "2024-07-23"},
    {
        "Documents": [
            {
                "Ref": ["paper"],
                "Title": ["A paper"],
                "Kind of document": ["minutes"],
                "Day of the document": ["2024-07-23"],
                "Publisher": ["Dorset Council"],
            }
        ],
        "Decisions": [
            {
                "Ref": ["adopt"],
                "Name": ["It is adopted"],
                "Kind of decision": ["adopt"],
                "About": ["paper"],
                "Decided by": ["Full Council of Dorset Council"],
                "Day": ["2024-07-23"],
                "Done or proposed": ["done"],
                "Source": ["paper / 2.1"],
            }
        ],
    },
)


@cache
def good() -> bytes:
    """Return a workbook in which nothing is wrong."""
    return xlsx.written(FILLED, form(), TemplateGuide(), "good.xlsx")


def book(change: Change) -> bytes:
    """Return the good workbook, changed as a spreadsheet program would."""
    made = openpyxl.load_workbook(io.BytesIO(good()))
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cell(place: str, value: object) -> bytes:
    """Return the good workbook with another value in one cell."""
    sheet, _, where = place.partition("!")

    def change(made: Any) -> None:
        made[sheet][where].value = value

    return book(change)


def packed(change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """Return the good workbook with its parts changed, or left out."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = change(name, old.read(name))
            if text is not None:
                new.writestr(name, text)
        for name, text in more.items():
            new.writestr(name, text)
    return out.getvalue()


def sheet_of(text: bytes) -> Callable[[str, bytes], bytes]:
    """Return what puts `text` below the rows of the sheet Decisions."""

    def change(name: str, data: bytes) -> bytes:
        if not name.endswith("sheet8.xml"):
            return data
        return data.replace(b"</sheetData>", text + b"</sheetData>")

    return change


def swapped(old: bytes, new: bytes, part: str = "") -> Callable[[str, bytes], bytes]:
    return lambda name, data: data.replace(old, new) if part in name else data


def merged(made: Any) -> None:
    made["Decisions"].merge_cells("B2:C2")


def hidden(sheet: str = "", row: int = 0, column: str = "") -> Change:
    def change(made: Any) -> None:
        page = made[sheet]
        if row:
            page.row_dimensions[row].hidden = True
        elif column:
            page.column_dimensions[column].hidden = True
        else:
            page.sheet_state = "hidden"

    return change


def old_days(made: Any) -> None:
    made.epoch = CALENDAR_MAC_1904
    made["Decisions"]["G2"].value = date(2024, 7, 23)


def far_away(made: Any) -> None:
    made["Decisions"].cell(1_048_576, 1).value = "far"


def wide(made: Any) -> None:
    made["Decisions"].cell(2, 16_384).value = "far"


def again(made: Any) -> None:
    for number in range(1, 14):
        made["Decisions"].cell(3, number).value = (
            made["Decisions"].cell(2, number).value
        )


def extra(name: str) -> Change:
    def change(made: Any) -> None:
        made.create_sheet(name)["A1"].value = "something"

    return change


def many(made: Any) -> None:
    for number in range(2, 9_000):
        for place in range(1, 14):
            made["Decisions"].cell(number, place).value = "x"


def wrong_names(made: Any) -> None:
    for number in range(3, 2_003):
        made["Decisions"].cell(number, 1).value = f"r{number}"
        made["Decisions"].cell(number, 5).value = f"Fall Counsel number {number}"


def number(made: Any) -> None:
    made["Decisions"]["G2"].value = 45_496
    made["Decisions"]["G2"].number_format = "General"


def named_range(made: Any) -> None:
    made.defined_names["x"] = DefinedName("x", attr_text="[other.xlsx]Sheet1!$A$1")


def formatted(made: Any) -> None:
    for number in range(3, 2_000):
        made["Decisions"].cell(number, 1).number_format = "0.00"


ROW = b'<row r="%d"/>'
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]>'


@cache
def workbooks() -> dict[str, tuple[bytes, str]]:
    """Return spoiled workbooks by what is wrong with them, and what is said."""
    rng = random.Random(7)  # noqa: S311  the same every time
    million = b"".join(ROW % number for number in range(3, 1_000_000))
    made = {
        "formula": (cell("Decisions!B2", "=1+1"), "Decisions!B2"),
        "formula of an array": (cell("Decisions!G2", "=TODAY()"), "is a formula"),
        "link as formula": (
            cell("Documents!B2", '=HYPERLINK("http://x")'),
            "Documents!B2",
        ),
        "error value": (cell("Decisions!C2", "#N/A"), "Decisions!C2"),
        "merged cells": (book(merged), "Decisions!B2:C2"),
        "hidden sheet": (book(hidden("Decisions")), "the sheet is hidden"),
        "hidden row": (book(hidden("Decisions", row=2)), "Decisions!2"),
        "hidden column": (book(hidden("Decisions", column="G")), "Decisions!G"),
        "unknown sheet": (book(extra("Sheet1")), "is not a sheet of this form"),
        "misspelt sheet": (book(extra("Decision")), "did you mean 'Decisions'"),
        "unknown heading": (cell("Decisions!C1", "Sort of thing"), "Decisions!C1"),
        "misspelt heading": (
            cell("Decisions!C1", "Kind of decison"),
            "Kind of decision",
        ),
        "heading twice": (cell("Decisions!C1", "Name"), "appears twice"),
        "heading gone": (cell("Decisions!C1", None), "column without a heading"),
        "value beside": (book(wide), "column without a heading"),
        "language of a day": (cell("Decisions!G1", "Day [cy]"), "Decisions!G1"),
        "ambiguous day": (cell("Decisions!G2", "03/04/2024"), "Decisions!G2"),
        "no day": (cell("Decisions!G2", "soon"), "is not a date"),
        "number for a day": (book(number), "is a number, not a date"),
        "time of day": (
            cell("Decisions!G2", datetime.fromisoformat("2024-07-23T09:30:00")),
            "time of day",
        ),
        "time alone": (cell("Decisions!G2", time(9, 30)), "Decisions!G2"),
        "yes for a day": (cell("Decisions!G2", value=True), "Decisions!G2"),
        "wrong weekday": (cell("Decisions!G2", "Monday 23 July 2024"), "was a Tuesday"),
        "day as text": (cell("Decisions!G2", "23rd July 2024"), ""),
        "day of 1904": (book(old_days), ""),
        "spaces that do not break": (
            cell("Decisions!E2", "Full\u00a0Council of Dorset\u00a0Council"),
            "",
        ),
        "smart quotes": (cell("Decisions!B2", "\u201cIt\u2019s adopted\u201d"), ""),
        "unseen letters": (cell("Decisions!C2", "\u200badopt\ufeff"), ""),
        "no name": (cell("Decisions!E2", "Full Counsel of Dorset"), "Decisions!E2"),
        "no kind": (cell("Decisions!C2", "adopted"), "write one of adopt, "),
        "yes for a kind": (cell("Decisions!C2", value=False), "Decisions!C2"),
        "date for a name": (cell("Decisions!B2", date(2024, 7, 23)), "is a date"),
        "number for a name": (cell("Decisions!B2", 2.1), "Decisions!B2"),
        "no address": (cell("Documents!G2", "www.dorset.example"), "with https://"),
        "script as address": (
            cell("Documents!G2", "javascript:alert(1)"),
            "Documents!G2",
        ),
        "points to nothing": (cell("Decisions!D2", "papr"), "did you mean 'paper'"),
        "row twice": (book(again), "names the entry of Decisions!2 again"),
        "no ref and no name": (cell("Decisions!A2", "---"), "Decisions!A2"),
        "record without name": (cell("Record!B1", None), "the record has no name"),
        "day of the record": (cell("Record!B3", "1/2/2024"), "Record!B3"),
        "order of dates": (cell("Record!B4", "year first"), "Record!B4"),
        "far row": (book(far_away), "+Decisions!1048576, Name"),
        "many cells": (book(many), "more than 100,000 cells"),
        "thousands of wrong names": (book(wrong_names), "2000 problems"),
        "formatted rows": (book(formatted), ""),
        "a million blank rows": (packed(sheet_of(million)), ""),
        "range in another file": (book(named_range), ""),
        "macros": (packed(lambda _, d: d, **{"xl/vbaProject.bin": b"x"}), "macros"),
        "bomb": (
            packed(lambda _, d: d, **{"xl/media/a.xml": b"a" * 2**28}),
            "too much for a form",
        ),
        "bomb of texts": (
            packed(lambda _, d: d, **{"xl/sharedStrings.xml": b" " * 2**27}),
            "too much for a form",
        ),
        "entities": (packed(lambda n, d: BOMB + d if "sheet8" in n else d), "damaged"),
        "no workbook part": (
            packed(lambda n, d: None if n == "xl/workbook.xml" else d),
            "not a workbook",
        ),
        "no sheet part": (
            packed(lambda n, d: None if "sheet8" in n else d),
            "names a sheet that is missing",
        ),
        "sheet cut off": (
            packed(lambda n, d: d[:200] if "sheet8" in n else d),
            "damaged",
        ),
        "text out of range": (
            packed(swapped(b'<c r="A2"', b'<c r="A0"', "sheet8")),
            "",
        ),
        "file cut off": (good()[:-900], "not a workbook"),
        "empty file": (b"", "not a workbook"),
        "text as workbook": (b"Ref,Name\na,b\n", "not a workbook"),
        "old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "older kind of workbook"),
        "random bytes": (rng.randbytes(40_000), "not a workbook"),
    }
    for turn in range(6):
        spoilt = bytearray(good())
        for _ in range(30):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        made[f"flipped bytes {turn}"] = bytes(spoilt), "spoilt.xlsx"
    return made


GOOD = """\
record:
  name: made-up
documents:
  - ref: paper
    title: A paper
    kind of document: minutes
    day of the document: 23 July 2024
    publisher: Dorset Council
decisions:
  - ref: adopt
    name: It is adopted
    kind of decision: adopt
    about: paper
    decided by: Full Council of Dorset Council
    day: 23 July 2024
    done or proposed: done
    source: paper / 2.10
"""


@cache
def texts() -> dict[str, tuple[bytes, str]]:
    """Return spoiled outlines by what is wrong with them, and what is said."""
    rng = random.Random(11)  # noqa: S311  the same every time

    def line(old: str, new: str) -> bytes:
        assert old in GOOD
        return GOOD.replace(old, new).encode()

    made = {
        "tabs": (line("  name", "\tname"), "line 2"),
        "key twice": (
            line("    about: paper\n", "    about: paper\n    about: paper\n"),
            "line 14",
        ),
        "sheet twice": ((GOOD + "decisions:\n").encode(), "appears twice"),
        "anchor": (line("A paper", "&a A paper"), "anchors"),
        "alias": (line("A paper", "*a"), "anchors"),
        "ampersand": (line("A paper", "&"), "line 5"),
        "tag": (line("A paper", "!!python/object:os.system x"), "tags"),
        "tag of ours": (line("A paper", "!x A paper"), "tags"),
        "second document": ((GOOD + "---\na: b\n").encode(), "second document"),
        "colon in a text": (line("A paper", "Plan: the paper"), "line 5"),
        "open quote": (line("A paper", '"A paper'), "yaml"),
        "open bracket": (line("A paper", "[A paper"), "yaml"),
        "list in a list": (line("A paper", "[[A], paper]"), "list within a list"),
        "mapping as value": (line("A paper", "{a: b}"), "list within a list"),
        "list as heading": (line("    title", "    [title]"), "line 5"),
        "no list of rows": (b"record: {name: x}\ndecisions: adopt\n", "list of rows"),
        "row of words": (b"record: {name: x}\ndecisions:\n  - adopt\n", "is not a row"),
        "only words": (b"adopt\n", "name of a sheet"),
        "only a list": (b"- adopt\n", "name of a sheet"),
        "empty": (b"", "name of a sheet"),
        "only a comment": (b"# nothing\n", "name of a sheet"),
        "record of words": (b"record: made-up\n", "no list of fields"),
        "field of several": (b"record: {name: [a, b]}\n", "has several values"),
        "no record": (b"decisions:\n  - {ref: a}\n", "the record has no name"),
        "unknown sheet": ((GOOD + "decision makers:\n").encode(), "is not a sheet"),
        "unknown heading": (line("about:", "abuot:"), "did you mean 'About'"),
        "other language of a day": (line("    day:", "    day [cy]:"), "line 15"),
        "ambiguous day": (line("day: 23 July 2024", "day: 03/04/2024"), "line 15"),
        "no is not a day": (line("day: 23 July 2024", "day: no"), "'no' is not a date"),
        "yes is not a kind": (
            line("decision: adopt", "decision: yes"),
            "'yes' is not known",
        ),
        "clock for a day": (
            line("day: 23 July 2024", "day: 12:30:45"),
            "is not a date",
        ),
        "number for a day": (
            line("day: 23 July 2024", "day: 20240723"),
            "is not a date",
        ),
        "octal": (line("2.10", "010"), ""),
        "null": (line("It is adopted", "null"), ""),
        "no Norway": (line("It is adopted", "no"), ""),
        "several in a list": (
            line(
                "by: Full Council of Dorset Council",
                "by: [Cabinet of Dorset Council, Dorset Council]",
            ),
            "",
        ),
        "text in block": (line("A paper", "|\n      A paper\n      in two lines"), ""),
        "text folded": (line("A paper", ">\n      A paper\n      in two lines"), ""),
        "byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), ""),
        "ends of lines": (GOOD.replace("\n", "\r\n").encode(), ""),
        "old ends of lines": (GOOD.replace("\n", "\r").encode(), ""),
        "smart quotes": (line("A paper", "\u201cA paper\u201d"), ""),
        "space that does not break": (
            line("Dorset Council\n    day", "Dorset\u00a0Council\n    day"),
            "",
        ),
        "one row without mark": (
            line("  - ref: adopt\n    name", "    ref: adopt\n    name"),
            "list of rows",
        ),
        "not UTF-8": (
            GOOD.replace("A paper", "Caf\u00e9").encode("latin-1"),
            "not UTF-8",
        ),
        "UTF-16": (GOOD.encode("utf-16"), "UTF-8"),
        "control letter": (line("A paper", "A \x07 paper"), "control character"),
        "null byte": (line("A paper", "A \0 paper"), "control character"),
        "escaped control": (line("A paper", '"A \\x1b[31m paper"'), ""),
        "lone surrogate": (line("A paper", '"A \\ud800 paper"'), "yaml"),
        "deep brackets": (b"record: " + b"[" * 100_000, "nested"),
        "deep rows": (b"- " * 50_000, "nested"),
        "deep mappings": (b"{a: " * 50_000, "nested"),
        "long question": (b"? " * 50_000, "where a heading belongs"),
        "many laughs": (
            b"a: &a [x,x]\n" + b"".join(b"b%d: [*a,*a]\n" % n for n in range(50)),
            "anchors",
        ),
        "a megabyte": (GOOD.encode() + b"# " + b"x" * 2**20, "larger than 1 MiB"),
        "many rows": (
            b"record: {name: x}\ndecisions:\n"
            + b"".join(b"- {ref: r%d, day: soon}\n" % n for n in range(30_000)),
            "30000 problems",
        ),
        "long line": (line("A paper", '"' + "word " * 100_000 + '"'), ""),
        "thousands of wrong names": (
            b"record: {name: x}\ndecisions:\n"
            + b"".join(
                b"- {ref: r%d, decided by: Cabnet %d}\n" % (n, n) for n in range(9_000)
            ),
            "9000 problems",
        ),
        "workbook as text": (good(), "yaml"),
        "script in a text": (line("A paper", "<script>alert(1)</script>"), ""),
    }
    for number in range(6):
        letters = list(GOOD)
        for _ in range(8):
            letters[rng.randrange(len(letters))] = rng.choice(
                ":-[]{}&*!|>'\"#%@` \n\tx"
            )
        made[f"typing mistakes {number}"] = "".join(letters).encode(), "spoilt"
    return made
