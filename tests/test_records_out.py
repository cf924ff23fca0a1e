"""Records go out by command in every form, and come in beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cspgraph.dataset import Dataset
from cspgraph.rdf import files, serialize
from runs import ended

if TYPE_CHECKING:
    from collections.abc import Sequence

RECORDS = Dataset().records
BOTH = {f"data/record/dorset/2024-{day}.trig" for day in ("07-23", "10-10")}
ENDINGS = [".xlsx", ".yaml", "", ".trig", ".nq", ".jsonld"]
FIRST = """
record: {name: first}
documents:
- {ref: paper, title: A paper, kind of document: minutes, day of the document: 2024-07-23}
strategies:
- {ref: plan, name: The plan, kind of document: partnership plan, area: Ashford, source: paper / 1}
"""
SECOND = """
record: {name: second}
documents:
- {ref: paper, title: Another paper, kind of document: minutes, day of the document: 2024-10-10}
decisions:
- {name: It is adopted, kind of decision: adopt, about: The plan, done or proposed: done, source: paper / 1}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_shipped_record_goes_out_by_its_short_name(ending: str) -> None:
    assert ended("export", "dorset-2024-10-10", "-o", f"made{ending}") == 0
    assert Path(f"made{ending}").exists()


@pytest.mark.parametrize("ending", ENDINGS[:3])
def test_out_and_in_again_is_the_same_text(ending: str) -> None:
    (source,) = (s for s in RECORDS if s.name.endswith("2024-10-10.trig"))
    assert ended("export", "dorset-2024-10-10", "-o", f"made{ending}") == 0
    assert ended("import", f"made{ending}", "-o", "again.trig") == 0
    text = Path("again.trig").read_text(encoding="utf-8")
    assert text == serialize.trig(files.quads(source))


def test_several_records_go_into_one_text_but_not_into_one_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = ["dorset-2024-07-23", "dorset-2024-10-10"]
    assert ended("export", *both, "-o", "both.nq") == 0
    lines = Path("both.nq").read_text(encoding="utf-8").splitlines()
    told = [s for s in RECORDS if s.name in BOTH]
    assert len(told) == 2
    assert len(lines) == sum(len(set(files.quads(s))) for s in told)
    assert lines == sorted(lines)
    assert ended("export", *both, "-o", "both.xlsx") == 2
    assert "it holds 2 records" in capsys.readouterr().err
    assert not Path("both.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["export", "dorset-2024-10-11", "-o", "a.nq"],
            "did you mean 'dorset-2024-10-10'?",
        ),
        (["export", "dorset-2024-10-10", "-o", "a.docx"], "'.docx' is not one of"),
        (["export", "none.trig", "-o", "a.nq"], "no such file or directory"),
        (
            ["export", "dorset-2024-10-10", "-o", "no/folder/a.xlsx"],
            "choose another place",
        ),
        (["import", "none.xlsx", "-o", "a.trig"], "no such file or directory"),
        (["import", "form.xlsm", "-o", "a.trig"], "macros"),
        (["import", "table.csv", "-o", "a.trig"], "give the folder"),
        (["import", ".", "-o", "a.trig"], "no table in this folder"),
        (["import", "form.yaml", "-o", "a.ttl"], "'.ttl' is not one of .trig"),
        (["template", "--area", "Ashfrod", "-o", "a.xlsx"], "did you mean 'Ashford'?"),
        (["template", "--area", "Ashford", "-o", "a.docx"], "a form is a workbook"),
    ],
)
def test_wrong_use_ends_in_one_sentence(
    words: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*words) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not list(Path().iterdir())


def test_a_record_points_to_one_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("first.yaml").write_text(FIRST, encoding="utf-8")
    Path("second.yaml").write_text(SECOND, encoding="utf-8")
    assert ended("import", "first.yaml", "-o", "first.trig") == 0
    assert ended("import", "second.yaml", "-o", "second.trig") == 1
    assert "'The plan' is not known here" in capsys.readouterr().out
    assert (
        ended("import", "second.yaml", "--with", "first.trig", "-o", "second.trig") == 0
    )
    text = Path("second.trig").read_text(encoding="utf-8")
    assert "csp:about strategy:first.plan ;" in text


def test_what_is_said_of_a_form_cannot_speak_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoken = '"\\x1b[31m"'
    text = f"form: {spoken}\n{FIRST}claims:\n- {{ref: a, which organ: {spoken}}}\n"
    Path("form.yaml").write_text(text, encoding="utf-8")
    assert ended("import", "form.yaml", "-o", "a.trig") == 1
    told = capsys.readouterr()
    assert "\\x1b[31m" in told.out
    assert "\\x1b[31m" in told.err
    assert "\x1b" not in told.out + told.err


def test_a_folder_is_written_whole_or_not_at_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("made").write_text("a file, not a folder", encoding="utf-8")
    assert ended("export", "dorset-2024-10-10", "-o", "made") == 2
    assert "made" in capsys.readouterr().err
    assert Path("made").read_text(encoding="utf-8") == "a file, not a folder"


def test_a_table_with_semicolons_is_refused_with_advice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("form").mkdir()
    Path("form/decisions.csv").write_text("Ref;Name;Day\na;b;c\n", encoding="utf-8")
    assert ended("import", "form", "-o", "a.trig") == 1
    assert "separated by semicolons; save it with commas" in capsys.readouterr().out


def test_a_cell_of_a_table_is_named_by_line_and_column(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("form").mkdir()
    Path("form/record.csv").write_text("Name,made-up\n", encoding="utf-8")
    Path("form/decisions.csv").write_text(
        'Ref,Name,Day\na,"two\nlines",\nb,c,03/04/2024\n', encoding="utf-8"
    )
    assert ended("import", "form", "-o", "a.trig") == 1
    assert (
        "form/decisions.csv, line 4, column Day: '03/04/2024'"
        in capsys.readouterr().out
    )
