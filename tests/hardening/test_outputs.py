"""What data says acts in no output: each is read back with a parser of its format."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest

from cspgraph.questions.saved import saved
from cspgraph.render import docx, html, markdown, table
from cspgraph.render.document import Document, DocumentTable, Hyperlink, Section
from hardening.attempts import HOSTILE, _Live

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
ACTING = re.compile(r"(?<!\\)(?:\\\\)*[`*\[\]~$<]|://|www\.|@")
TEXTS = [text for text in HOSTILE if text != "\ud800"]


def unseen(text: str) -> set[str]:
    """Return the letters in `text` that nobody sees, but for the ends of lines and tabs."""
    found = {
        c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }
    return found - {"\n", "\t", "\r"}


@pytest.fixture(scope="module")
def plain(kg: KnowledgeGraph) -> Answer:
    return kg.answer("responsible-authorities", area="Dorset", on="2024-07-23")


def hostile(answer: Answer, text: str) -> Answer:
    """Return the answer with `text` for the name of every thing."""
    return replace(answer, labels=dict.fromkeys(answer.labels, text))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_an_answer_is_words_in_every_format(text: str, plain: Answer) -> None:
    answer = hostile(plain, text)
    rows = list(csv.reader(io.StringIO(answer.to_csv(), newline="")))
    assert len(rows) == len(plain) + 1
    assert not any(FORMULA.match(cell) for row in rows for cell in row)
    lines = answer.to_markdown().splitlines()
    shape = [line.count("|") for line in plain.to_markdown().splitlines()[2:4]]
    kept = [
        re.sub(r"http://www\.legislation\.gov\.uk/[\w/().,:-]*", "", line)
        for line in lines
    ]
    assert not ACTING.search("\n".join(kept)), text
    assert [re.sub(r"\\.", "", line).count("|") for line in lines[2:4]] == shape
    whole = json.loads(answer.to_json())
    assert set(whole["labels"].values()) == {text}
    page = saved(answer, ".html").decode()
    assert "<script" not in page
    assert " onerror=" not in re.sub(r">[^<]*<", "><", page)
    for told in (answer.to_csv(), answer.to_markdown(), answer.to_json(), page):
        assert not unseen(told)
    book = openpyxl.load_workbook(io.BytesIO(saved(answer, ".xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert not any(isinstance(c.value, str) and FORMULA.match(c.value) for c in cells)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_document_is_words_in_every_format(text: str) -> None:
    made = DocumentTable(
        text, ("a", "b"), ((Hyperlink(text, text), Hyperlink(text, "")),)
    )
    paper = Document(text, "2024-07-23", (text,), (Section(text, (text, made)),))
    harmless = replace(paper)
    told = markdown.written(paper)
    assert not ACTING.search(
        re.sub(r"\]\(http://a\.example\)|\[(?=http|\\|[^]]*\]\()", "", told).replace(
            "**", ""
        )
    ) or text.startswith("http")
    assert not unseen(told)
    starts = {
        line[:2]
        for line in told.splitlines()
        if line.startswith(("#", ">", "- ", "+ ", "1."))
    }
    assert starts <= {"# ", "##"}
    page = html.written(harmless)
    live = _Live()
    live.feed(page)
    assert not live.tags & {"script", "img", "svg", "b", "iframe", "form"}
    assert not unseen(page)
    assert docx.written(paper)[:2] == b"PK"


def test_the_terminal_sees_no_escape_in_an_answer(
    plain: Answer, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    from cspgraph.cli.console import give

    for text in TEXTS:
        for form in ("table", "csv", "json", "md"):
            give(hostile(plain, text), form)
    told = capsysbinary.readouterr()
    for stream in (told.out, told.err):
        assert not unseen(stream.decode())


def test_a_table_keeps_lines_and_tabs_for_programs() -> None:
    (_, row) = csv.reader(io.StringIO(table.sheet(["a"], [["b\nc\td"]]), newline=""))
    assert row == ["b\nc\td"]


def test_a_tag_would_be_seen() -> None:
    live = _Live()
    live.feed("<b>")
    assert live.tags == {"b"}
