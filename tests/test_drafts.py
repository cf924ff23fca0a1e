"""Drafts: kept, confirmed, counted for nothing until then, read by the folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cspgraph.cli.app import main
from cspgraph.dataset import Dataset
from cspgraph.drafts import batch, checked, draft, sources
from cspgraph.errors import FileError, ParameterError
from cspgraph.rdf import files
from cspgraph.records.drafts import confirmed, is_draft

#: About a real area, whose bodies the register knows; nothing in it happened.
REPORT = """Cabinet 10 March 2026

Community Safety Plan 2026-2029

1. Background

1.1 CSPs are required to prepare partnership plans.

1.2 The Community Safety Plan 2026-2029 was agreed by the CSP on 4 February 2026. It has been considered by the Invented Forum on 5 February 2026.

1.3 The priorities of the Plan are:

- Burglary
- Hate crime
"""
SCHEMA = Path(__file__).parents[1] / "docs" / "reference" / "draft.schema.json"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    place = tmp_path / "invented.txt"
    place.write_text(REPORT, encoding="utf-8")
    return place


@pytest.fixture
def read(report: Path) -> draft.Draft:
    return draft.read(report, area="E06000059", url="https://example.org/report")


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int | None)
    return ended.value.code or 0


def test_a_draft_is_as_its_schema_says(read: draft.Draft) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    data = read.as_data()
    assert list(check.iter_errors(data)) == []
    data["facts"][0]["kind"] = "guess"
    assert list(check.iter_errors(data)) != []


@pytest.mark.parametrize("ending", [".yaml", ".xlsx"])
def test_a_draft_is_kept_and_loaded_as_it_was(
    ending: str, read: draft.Draft, tmp_path: Path
) -> None:
    one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending}"
    read.write(one)
    read.write(other)
    assert one.read_bytes() == other.read_bytes()
    assert draft.load(one) == read
    assert draft.is_draft(one)


def test_the_page_holds_the_text_and_every_fact(read: draft.Draft) -> None:
    from cspgraph.drafts import review

    page = review.page(read.as_data(), read.text)
    assert page == review.page(read.as_data(), read.text)
    assert page.count("<fieldset ") == len(read.facts) > 6
    assert "CSPs are required to prepare partnership plans." in page


def test_text_of_a_stranger_runs_nothing(tmp_path: Path) -> None:
    from cspgraph.drafts import review

    place = tmp_path / "x.txt"
    place.write_text(REPORT.replace("Burglary", "</script><script>alert(1)</script>"))
    held = draft.read(place)
    page = review.page(held.as_data(), held.text)
    assert "<script>alert" not in page
    assert "</script><script>alert" not in page


def test_a_draft_counts_for_nothing(read: draft.Draft, tmp_path: Path) -> None:
    places = [tmp_path / "a.trig", tmp_path / "b.yaml", tmp_path / "c.xlsx"]
    for place in places:
        read.write(place)
    told: list[str] = []
    paths, taken, left = sources.apart(places, told.append, drafts=False)
    assert paths == (places[0],)
    assert taken == []
    assert left == [str(place) for place in places[1:]]
    (source,) = files.user_files(places[0])
    assert is_draft(source)
    assert confirmed([source], told.append) == []
    assert len(told) == 3
    assert all(
        "a draft that nobody has confirmed; it is left out" in one for one in told
    )


def test_a_dataset_leaves_a_draft_out_and_says_so(read: draft.Draft) -> None:
    source = files.Source("draft.trig", read.trig().encode())
    told: list[str] = []
    without = Dataset(records=[source], tell=told.append)
    assert list(without.added.quads()) == []
    assert without.left_out == ["draft.trig"]
    assert len(told) == 1
    counted = Dataset(records=[source], drafts=True)
    assert len(list(counted.added.quads())) > 50


def test_confirm_keeps_what_was_accepted_and_nothing_else(
    read: draft.Draft, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, made = tmp_path / "draft.yaml", tmp_path / "record.trig"
    read.write(held)
    text = held.read_text(encoding="utf-8")
    rows = text.split("  - id: ")
    marked = [
        row.replace('confirmed: ""', 'confirmed: "yes"')
        if any(f'kind: "{k}"' in row for k in ("document", "strategy", "version"))
        else row.replace('confirmed: ""', 'confirmed: "no"')
        for row in rows
    ]
    held.write_text("  - id: ".join(marked), encoding="utf-8")
    given = ("--by", "community safety manager", "--on", "2026-11-30")
    assert run("confirm", str(held), "-o", str(made), *given) == 0
    record_text = made.read_text(encoding="utf-8")
    assert "Confirmed by community safety manager on 30 November 2026." in record_text
    assert "csp:StrategyVersion" in record_text
    assert "csp:Decision" not in record_text
    (source,) = files.user_files(made)
    assert not is_draft(source)
    assert "3 of" in capsys.readouterr().err


def test_what_rests_on_nothing_confirmed_is_left_out(read: draft.Draft) -> None:
    from dataclasses import replace

    only = tuple(
        replace(f, confirmed="yes" if f.fact.kind == "decision" else "no")
        for f in read.facts
    )
    rows = replace(read, facts=only).filled()
    assert "Decisions" not in rows.filled.sheets
    assert all("was not confirmed" in one for one in rows.left_out)
    assert len(rows.left_out) == len(read.of("decision")) > 0


def test_who_decided_is_left_blank_where_the_register_does_not_know(
    read: draft.Draft,
) -> None:
    rows = read.filled(every=True)
    by = {
        row["Name"][0]: row.get("Decided by") for row in rows.filled.sheets["Decisions"]
    }
    assert by["agree: Community Safety Plan 2026-2029"] == [
        "Dorset Community Safety Partnership"
    ]
    assert by["consider: Community Safety Plan 2026-2029"] is None
    assert any(
        "'Invented Forum', is not in the register" in one for one in rows.left_out
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('kind: "strategy"', 'kind: "guess"'), "kind 'guess' is not known"),
        (('confirmed: ""', 'confirmed: "maybe"'), "confirmed 'maybe' is not read"),
        (('sure: "printed"', 'sure: "very"'), "sure 'very' is not known"),
        (('id: "f002"', 'id: "f001"'), "the fact 'f001' stands twice"),
        (('cspgraph draft: "1"', 'cspgraph draft: "9"'), "a draft of version '9'"),
        (('cspgraph draft: "1"', 'other: "1"'), "it is no draft"),
    ],
)
def test_a_draft_that_is_wrong_gets_one_sentence(
    change: tuple[str, str], said: str, read: draft.Draft, tmp_path: Path
) -> None:
    place = tmp_path / "draft.yaml"
    place.write_text(read.to_yaml().replace(*change, 1), encoding="utf-8")
    with pytest.raises(FileError, match=said):
        draft.load(place)


def test_nothing_confirmed_is_no_record(
    read: draft.Draft, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, made = tmp_path / "draft.yaml", tmp_path / "record.trig"
    read.write(held)
    given = ("--by", "clerk", "--on", "2026-11-30")
    assert run("confirm", str(held), "-o", str(made), *given) == 2
    assert "nothing in it is confirmed" in capsys.readouterr().err
    assert not made.exists()


def test_a_report_of_no_area_needs_one() -> None:
    with pytest.raises(ParameterError, match="write --area"):
        draft.Draft("x.txt", "", (), ()).filled()


def test_a_folder_goes_on_and_is_resumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports, made = tmp_path / "reports", tmp_path / "drafts"
    reports.mkdir()
    for number in range(3):
        text = REPORT.replace("4 February", f"{number + 4} February")
        (reports / f"r{number}.txt").write_text(text, encoding="utf-8")
    (reports / "scan.png").write_bytes(b"\x89PNG")
    first = batch.read_all(reports, made)
    assert next(first).read
    first.close()  # type: ignore[attr-defined]
    assert [item.name for item in made.iterdir()] == ["r0.yaml"]
    rest = list(batch.read_all(reports, made, resume=True))
    assert [(one.read, one.kept) for one in rest] == [
        (True, True),
        (True, False),
        (True, False),
        (False, False),
    ]
    assert run("read", str(reports), "-o", str(made), "--resume") == 4
    told = capsys.readouterr()
    assert "3 of 4 reports have a draft, 3 there already" in told.err
    assert "scan.png: it is a picture" in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("read", "none.txt", "-o", "d.yaml"), "none.txt: no such file"),
        (("read", "none.txt", "-o", "d.csv"), "d.csv"),
        (("read", "none.txt", "-o", "d.yaml", "--resume"), "it is for a folder"),
        (
            ("read", "none.txt", "-o", "d.yaml", "--kind", "poem"),
            "kind: 'poem' is not known",
        ),
        (("confirm", "none.yaml", "-o", "r.trig", "--on", "2026-11-30"), "by: missing"),
        (("confirm", "none.yaml", "-o", "r.trig", "--by", "clerk"), "on: missing"),
        (("claims", "none.docx"), "none.docx: no such file"),
    ],
)
def test_misuse_gets_one_sentence_and_ends_with_2(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    told = capsys.readouterr().err
    assert told.startswith("cspgraph: ")
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_report_without_a_claim_is_not_held_against_the_law(tmp_path: Path) -> None:
    place = tmp_path / "plain.txt"
    place.write_text(REPORT.replace("CSPs are required to prepare", "We like"))
    with pytest.raises(FileError, match="nothing that it says of the law was found"):
        checked.prepared(str(place), str)


def test_comments_stand_at_their_paragraphs() -> None:
    import io

    import docx

    from cspgraph.render.docx import commented

    made, held = docx.Document(), io.BytesIO()
    for line in filter(None, REPORT.splitlines()):
        made.add_paragraph(line)
    made.save(held)
    notes = [
        ("CSPs are required to prepare partnership plans", "supported"),
        ("not in it at all", "never"),
    ]
    data, count = commented(held.getvalue(), notes)
    assert count == 1
    assert data == commented(held.getvalue(), notes)[0]
    (comment,) = docx.Document(io.BytesIO(data)).comments
    assert comment.text == "supported"
    assert [p.text for p in docx.Document(io.BytesIO(data)).paragraphs] == [
        p.text for p in made.paragraphs
    ]
