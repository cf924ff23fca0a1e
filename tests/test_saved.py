"""An answer as a file: the rows of the answer, its sentence and what it rests on."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
from pyoxigraph import Literal

from cspgraph.questions.answer import ENDINGS, Answer
from cspgraph.questions.query_file import Column
from cspgraph.questions.saved import saved
from runs import run

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
ADOPT = ("answer", "who-must-adopt", "--area", "Dorset", "--on", DAY)


@pytest.fixture(scope="module")
def answer(kg: KnowledgeGraph) -> Answer:
    return kg.answer("who-must-adopt", area="Dorset", on=DAY)


def text(answer: Answer, ending: str) -> str:
    return saved(answer, ending).decode()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_answer_has_the_same_bytes(answer: Answer, ending: str) -> None:
    assert saved(answer, ending) == saved(answer, ending)


def test_a_workbook_holds_the_rows_and_what_they_rest_on(kg: KnowledgeGraph) -> None:
    answer = kg.answer("responsible-authorities", area="Dorset", on=DAY)
    book = openpyxl.load_workbook(io.BytesIO(saved(answer, ".xlsx")))
    rows, about = book.worksheets
    head, *cells = rows.iter_rows(values_only=True)
    assert [str(title).lower() for title in head] == answer.titles
    assert len(cells) == len(answer)
    body, since = answer.titles.index("body"), answer.titles.index("since")
    assert {row[body] for row in cells} >= {"Dorset Council"}
    held = [row[since] for row in cells]
    assert [day.date() if day else None for day in held] == [r["since"] for r in answer]
    notes = [row[0] for row in about.iter_rows(values_only=True)]
    assert notes[0] == answer.sentence()
    assert any(str(note).startswith("Law read by ") for note in notes)


def test_no_text_of_a_workbook_is_a_formula() -> None:
    column = Column("text", "text", "A text")
    made = Answer("made", "?", (column,), ((Literal("=1+1"),),), None, {}, {}, {})
    (sheet, _) = openpyxl.load_workbook(io.BytesIO(saved(made, ".xlsx"))).worksheets
    assert sheet["A2"].data_type == "s"
    assert str(sheet["A2"].value).endswith("=1+1")


def test_csv_for_a_spreadsheet_program_begins_with_a_mark(answer: Answer) -> None:
    plain, marked = saved(answer, ".csv"), saved(answer, ".csv", excel=True)
    assert marked == b"\xef\xbb\xbf" + plain
    assert len(list(csv.reader(io.StringIO(plain.decode())))) == len(answer) + 1


def test_the_other_forms_begin_with_the_sentence(answer: Answer) -> None:
    assert json.loads(text(answer, ".json"))["sentence"] == answer.sentence()
    assert text(answer, ".md").startswith(
        f"# {answer.question}\n\nDorset, 23 July 2024."
    )
    page = text(answer, ".html")
    assert page.startswith("<!DOCTYPE html>")
    assert page.index("<p>Dorset, 23 July 2024.") < page.index("<table")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_command_writes_what_the_library_makes(
    answer: Answer, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / f"dorset{ending}"
    code, out, err = run(capsys, *ADOPT, "-o", str(place))
    assert (code, out) == (0, "")
    assert f"{place}: 8 rows written." in err
    assert place.read_bytes() == saved(answer, ending)


def test_another_ending_is_refused_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *ADOPT, "-o", str(tmp_path / "dorset.odt"))
    assert (code, out) == (2, "")
    assert ".xlsx" in err
    assert list(tmp_path.iterdir()) == []


def test_a_day_of_a_row_is_a_day(kg: KnowledgeGraph) -> None:
    trail = kg.answer("decision-trail", area="Dorset", on=DAY)
    (sheet, _) = openpyxl.load_workbook(io.BytesIO(saved(trail, ".xlsx"))).worksheets
    place = trail.titles.index("on")
    days = [row[place] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [d.date() if d else None for d in days] == [row["on"] for row in trail]
    assert all(isinstance(row["on"], date | None) for row in trail)
