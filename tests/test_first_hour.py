"""The first hour of an officer: a form, two mistakes, a record, a check, a brief, in plain words."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from pyoxigraph import Literal, NamedNode

from cspgraph.forms.schema import form
from cspgraph.rdf import files
from cspgraph.rdf.terms import CSP, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

JARGON = re.compile(
    r"\b(rdf|turtle|trig|iri|iris|sparql|shacl|triples?|graphs?|ontology|literal|namespace)\b",
    re.I,
)
FILES = re.compile(r"[\w./-]+\.(trig|ttl)\b")
DAY = "2026-11-23"
CHECK = ("check", "ashford.trig", "--area", "Ashford", "--on", DAY)
BRIEF = ("brief", *CHECK[1:], "--product", "csp-plan")
ROWS: list[tuple[str, dict[str, str]]] = [
    (
        "Documents",
        {
            "Ref": "minutes",
            "Title": "Minutes of the partnership",
            "Kind of document": "Minutes",
            "Day of the document": "12th October 2026",
            "Publisher": "Ashford Borough Council",
        },
    ),
    (
        "Strategies",
        {
            "Ref": "plan",
            "Name": "Community Safety Plan 2026-2029",
            "Kind of document": "community safety plan",
            "Area": "Ashford",
            "Last day of the period": "31/03/2029",
            "Source": "minutes / 4",
        },
    ),
    (
        "Versions",
        {
            "Ref": "first",
            "Name": "Community Safety Plan 2026-2029, first year",
            "Strategy": "plan",
            "First day of the period": "1 April 2026",
            "Last day of the period": "31 March 2027",
            "Source": "minutes / 4",
        },
    ),
    (
        "Coverage",
        {
            "Name": "The plan as partnership plan",
            "Strategy or priority": "plan",
            "Statutory document": "partnership plan",
            "Stated or inferred": "stated",
            "Confidence": "high",
            "Source": "minutes / 4",
            "Reason": "The minute calls it so.",
        },
    ),
    (
        "Decisions",
        {
            "Ref": "agree",
            "Name": "The partnership agrees the plan",
            "Kind of decision": "agree",
            "About": "first",
            "Decided by": "Community safety partnership for Ashford",
            "Day": "12/10/2026",
            "Done or proposed": "done",
            "Source": "minutes / 4",
        },
    ),
    (
        "Decisions",
        {
            "Name": "Full Council adopts the plan",
            "Kind of decision": "adopt",
            "About": "Community Safety Plan 2026-2029, first year",
            "Decided by": "Ful Council of Ashford Borough Council",
            "Day": "2 November 2026",
            "Done or proposed": "done",
            "Source": "minutes / 4",
        },
    ),
    (
        "Organs",
        {
            "Ref": "full-council",
            "Name": "Full Council of Ashford Borough Council",
            "Body": "Ashford Borough Council",
            "Kind of organ": "full council",
            "First day": "1 April 1974",
            "How it was checked": "recalled",
            "Confidence": "medium",
            "Where it says so": "the minutes",
        },
    ),
]
WRONG = {
    "12/10/2026": ("Decisions!G2", "12 October 2026"),
    "Ful Council of Ashford Borough Council": (
        "Decisions!E3",
        "Full Council of Ashford Borough Council",
    ),
}


class Officer:
    """Runs commands in a folder and keeps everything that was printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command in the folder."""
        done = subprocess.run(
            [sys.executable, "-m", "cspgraph.cli", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.printed += done.stdout + done.stderr
        return done

    def book(self, name: str = "ashford.xlsx") -> Any:
        """Open a workbook as a spreadsheet program does."""
        return openpyxl.load_workbook(self.folder / name)

    def fill(self, rows: list[tuple[str, dict[str, str]]]) -> None:
        """Type `rows` into the form, each below the last of its sheet."""
        book = self.book()
        for sheet, cells in rows:
            page = book[sheet]
            heads = {cell.value: cell.column for cell in page[1]}
            number = 2
            while any(page.cell(number, column).value for column in heads.values()):
                number += 1
            for head, text in cells.items():
                page.cell(number, heads[head]).value = text
        book.save(self.folder / "ashford.xlsx")

    def correct(self, changes: dict[str, str], name: str = "ashford.xlsx") -> None:
        """Save the form with other words in some cells, under `name`."""
        book = self.book()
        for page in book:
            for row in page.iter_rows():
                for cell in row:
                    cell.value = changes.get(cell.value, cell.value)
        book.save(self.folder / name)


@dataclass
class Hour:
    """What each step of the hour left."""

    officer: Officer
    refused: subprocess.CompletedProcess[str]
    written_too_soon: bool
    done: subprocess.CompletedProcess[str]
    checked: subprocess.CompletedProcess[str]
    brief: subprocess.CompletedProcess[str]
    printed: str


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Hour:
    """Live through the hour once."""
    one = Officer(tmp_path_factory.mktemp("officer"))
    made = one.run("template", "--area", "Ashford", "--on", DAY, "-o", "ashford.xlsx")
    assert made.returncode == 0, made.stderr
    (one.folder / "empty.xlsx").write_bytes((one.folder / "ashford.xlsx").read_bytes())
    one.fill(ROWS)
    refused = one.run("import", "ashford.xlsx", "-o", "ashford.trig")
    too_soon = (one.folder / "ashford.trig").exists()
    one.correct({value: right for value, (_, right) in WRONG.items()})
    done = one.run("import", "ashford.xlsx", "-o", "ashford.trig")
    checked, brief = one.run(*CHECK), one.run(*BRIEF)
    return Hour(one, refused, too_soon, done, checked, brief, one.printed)


@pytest.fixture
def officer(hour: Hour) -> Officer:
    """Return the officer after that hour."""
    return hour.officer


def test_both_cells_are_named_with_what_to_write(hour: Hour) -> None:
    assert hour.refused.returncode == 1
    assert not hour.written_too_soon
    assert "2 problems; nothing was written" in hour.refused.stdout
    for value, (cell, right) in WRONG.items():
        lines = hour.refused.stdout.splitlines()
        (line,) = [line for line in lines if value in line]
        assert line.strip().startswith(f"{cell}: ")
        assert right in line


def test_the_corrected_form_becomes_a_record(hour: Hour) -> None:
    assert (hour.done.returncode, hour.done.stdout) == (0, "")
    counted = "1 document, 1 strategy, 1 version, 1 coverage, 2 decisions, 1 organ"
    assert counted in hour.done.stderr


def test_the_record_shows_the_duty_as_done(hour: Hour) -> None:
    assert hour.checked.returncode == 0, hour.checked.stdout
    shown = "shown by: The partnership agrees the plan, 2026-10-12"
    assert shown in hour.checked.stdout
    assert "Minutes of the partnership, 4; ashford.trig" in hour.checked.stdout


def test_the_brief_says_who_adopts_and_what_is_on_record(hour: Hour) -> None:
    """Organ and instrument are those of the law; the plan on record is the officer's own."""
    assert hour.brief.returncode == 0, hour.brief.stderr
    lines = hour.brief.stdout.splitlines()
    (adopts, *_) = [line for line in lines if "[SI 2000/2853 Sch.3]" in line]
    assert "full council" in adopts
    (prepared, *_) = [line for line in lines if "[SI 2007/1830 reg.10(1)]" in line]
    assert "| on record" in prepared


def test_no_word_of_the_trade_was_printed(hour: Hour) -> None:
    assert len(hour.printed) > 1000
    assert not JARGON.findall(FILES.sub("", hour.printed))


def test_what_was_typed_is_what_is_recorded(officer: Officer) -> None:
    (source,) = files.user_files(officer.folder / "ashford.trig")
    facts = {(q.subject, q.predicate): q.object for q in files.quads(source)}
    adopted = entry("decision", "full-council-adopts-the-plan")
    day = NamedNode(PREFIXES["xsd"] + "date")
    assert facts[adopted, CSP.on] == Literal("2026-11-02", datatype=day)
    assert facts[adopted, CSP.by] == entry("organ", "full-council")
    first = entry("version", "first")
    assert facts[adopted, CSP.about] == first
    assert facts[first, CSP.periodUntil] == Literal("2027-04-01", datatype=day)


def entry(prefix: str, ref: str) -> NamedNode:
    return NamedNode(f"{PREFIXES[prefix]}ashford-2026.{ref}")


def test_the_words_test_would_see_jargon() -> None:
    assert JARGON.findall("a Turtle file, two triples, the IRI") == [
        "Turtle",
        "triples",
        "IRI",
    ]
    assert JARGON.findall(FILES.sub("", "cspgraph: my-record.trig: written")) == []


def test_the_first_sheet_says_what_the_law_asks(officer: Officer) -> None:
    page = officer.book("empty.xlsx").worksheets[0]
    assert page.title == "Duties"
    rows = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert rows[0][:3] == ["Law", "Duty", "Who"]
    (plan,) = [row for row in rows if row[0] == "SI 2007/1830 reg.10(1)"]
    assert plan[2] == "Community safety partnership for Ashford"
    assert plan[5] == "a decision or act of the kind 'agree' about the partnership plan"
    assert plan[6:8] == ["Decisions", "read"]
    assert (
        plan[8]
        == "http://www.legislation.gov.uk/uksi/2007/1830/regulation/10/1/2026-11-23"
    )
    assert all(row[1] and row[2] and row[5] for row in rows)


def test_every_heading_has_its_note_and_its_list(officer: Officer) -> None:
    book = officer.book("empty.xlsx")
    lists = {
        row[0].value: [c.value for c in row[1:] if c.value]
        for row in book["Lists"].iter_cols()
    }
    assert "Ashford Borough Council" in lists["body"]
    assert "Dorset Council" not in lists["body"]
    assert book["Lists"].sheet_state == "hidden"
    for sheet in form().sheets:
        page = book[sheet.name]
        assert [cell.value for cell in page[1]] == [c.heading for c in sheet.columns]
        assert all(cell.comment and cell.comment.text for cell in page[1])
        chosen = {str(rule.sqref)[0] for rule in page.data_validations.dataValidation}
        named = {
            cell.column_letter
            for cell, c in zip(page[1], sheet.columns, strict=True)
            if c.lists
        }
        assert chosen == named
        assert not page.merged_cells.ranges


def test_the_form_knows_its_own_version(officer: Officer) -> None:
    book = officer.book()
    cells = {row[0].value: row[1] for row in book["Record"].iter_rows()}
    assert cells["Form"].value == form().stamp
    assert book["Record"].row_dimensions[cells["Form"].row].hidden
    cells["Form"].value = "record 0 0123456789abcdef"
    book.save(officer.folder / "older.xlsx")
    done = officer.run("import", "older.xlsx", "-o", "older.trig")
    assert "the form was made with another version" in done.stderr


def test_a_form_that_may_be_filled_is_not_overwritten(officer: Officer) -> None:
    before = (officer.folder / "ashford.xlsx").read_bytes()
    done = officer.run("template", "--area", "Ashford", "-o", "ashford.xlsx")
    assert done.returncode == 2
    assert "it is there already and may be filled in" in done.stderr
    assert (officer.folder / "ashford.xlsx").read_bytes() == before


@pytest.mark.parametrize("name", ["form.yaml", "form"])
def test_an_empty_form_of_another_format_is_a_form(name: str, officer: Officer) -> None:
    made = officer.run(
        "template", "--area", "Ashford", "--on", "2026-11-23", "-o", name
    )
    assert made.returncode == 0, made.stderr
    done = officer.run("import", name, "-o", "empty.trig")
    assert done.returncode == 2
    assert "no row is filled" in done.stderr
    assert not JARGON.findall(FILES.sub("", made.stderr + done.stderr))


def test_partial_writes_what_is_right_and_says_what_is_not(officer: Officer) -> None:
    officer.correct({"12 October 2026": "12 October"}, "part.xlsx")
    done = officer.run("import", "part.xlsx", "-o", "part.trig", "--partial")
    assert done.returncode == 4
    assert "Decisions!G2: '12 October' is not a date" in done.stdout
    assert "Left out:\n  Decisions!2: it has a problem" in done.stdout
    text = (officer.folder / "part.trig").read_text(encoding="utf-8")
    assert "ashford-2026.agree" not in text
    assert "ashford-2026.full-council-adopts-the-plan" in text


def test_what_points_to_a_row_that_was_left_out_is_left_out(officer: Officer) -> None:
    officer.correct({"community safety plan": "some plan"}, "less.xlsx")
    done = officer.run("import", "less.xlsx", "-o", "less.trig", "--partial")
    assert done.returncode == 4
    assert "Versions!2: it points to Strategies!2, left out too" in done.stdout
    assert "Decisions!2: it points to Versions!2, left out too" in done.stdout
    text = (officer.folder / "less.trig").read_text(encoding="utf-8")
    assert "csp:Decision" not in text
    assert "csp:SourceDocument" in text


def test_a_blank_cell_is_no_record_and_is_counted(officer: Officer) -> None:
    officer.correct({"done": ""}, "blank.xlsx")
    done = officer.run("import", "blank.xlsx", "-o", "blank.trig")
    assert done.returncode == 0
    assert (
        "2 cells are blank and count as 'no record': Decisions!2, Done or proposed"
        in done.stderr
    )
    text = (officer.folder / "blank.trig").read_text(encoding="utf-8")
    assert "csp:status" not in text
