"""Reports read: the invented corpus, what must never be said, files that cannot be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from tools import read_score

from cspgraph.errors import FileError
from cspgraph.reading import convert, reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROOT = read_score.CORPUS.parents[2]
PLAN = "Community Safety Plan 2026-2029"
REPORT = f"""Cabinet 10 March 2026

{PLAN}

1. Background

1.1 The {PLAN} was agreed by the Fenby CSP on 4 February 2026.

1.2 The priorities of the Plan are:

- Burglary
- Hate crime

Recommendation

That the {PLAN} be recommended to Full Council for adoption.
"""


def facts(made: reader.ReadReport) -> list[tuple[str, ...]]:
    """Return what was read, without where it stands."""
    return sorted(read_score.read_items(made))


def test_the_corpus_keeps_its_figures() -> None:
    score = read_score.corpus()
    page = ROOT / "docs" / "reference" / "reading-reports.md"
    assert f"```\n{score.table()}\n```" in page.read_text(encoding="utf-8")
    precision, recall = score.figures()
    assert sum(score.right.values()) > 150
    assert score.never == []
    assert precision >= 0.95, dict(score.wrong)
    assert recall >= 0.90, dict(score.missed)


def test_a_score_counts_what_is_wrong_and_what_is_missed() -> None:
    score = read_score.Score()
    score.add("x", [("day", "a"), ("day", "b")], [("day", "a"), ("day", "c")])
    assert score.figures() == (0.5, 0.5)
    assert score.wrong["day"] == ["x: day | b"]
    assert score.missed["day"] == ["x: day | c"]


@pytest.mark.parametrize(
    "clause",
    [
        "After it has been adopted by Full Council on 4 March 2026, the {plan} is sent out.",
        "If the {plan} was adopted by Full Council on 4 March 2026, it would be sent out.",
        "The {plan} would have been adopted by Full Council on 4 March 2026.",
        "The {plan} should be adopted by Full Council on 4 March 2026.",
        "The {plan} has yet to be adopted by Full Council.",
        "The {plan} was not adopted by Full Council on 4 March 2026.",
        "Full Council may have adopted the {plan} on 4 March 2026.",
        "Cabinet asked on 4 March 2026 that the {plan} be adopted by Full Council.",
        "The {plan} was adopted.",
        "Published 4 March 2026. The {plan}.",
    ],
)
def test_nothing_is_done_but_in_a_past_with_an_actor(clause: str) -> None:
    made = reader.read_text(clause.format(plan=PLAN))
    assert made.of("strategy"), "the plan itself is read"
    assert [
        f for f in made.of("decision") if f.status == "done" and f.value == "adopt"
    ] == []


@pytest.mark.parametrize("verb", ["recommend", "refer", "commend"])
def test_what_is_recommended_was_not_decided(verb: str) -> None:
    text = f"Minutes of the Cabinet\n\n3 March 2026\n\nRESOLVED to {verb} to Council that the {PLAN} be adopted."
    assert {f.value for f in reader.read_text(text).of("decision")} <= {"recommend"}


@pytest.mark.parametrize("head", ["Decision", "RESOLVED:", "Decisions"])
def test_a_resolution_quoted_in_a_report_is_not_that_of_its_meeting(head: str) -> None:
    text = f"Full Council\n\n9 July 2026\n\nReport on the plan\n\n{head}\n\nThat the {PLAN} be adopted."
    made = reader.read_text(text)
    assert made.head.kind == "committee report"
    assert made.of("decision") == []
    assert any("a resolution is printed" in doubt.said for doubt in made.doubts)
    assert reader.read_text(text, kind="minutes").of("decision")[0].status == "done"


def test_no_organ_comes_from_those_present() -> None:
    text = f"Present: Full Council members\n\nThe {PLAN} was agreed by the Fenby CSP on 4 March 2026."
    (decision,) = reader.read_text(text).of("decision")
    assert decision.all("by") == ("Fenby CSP",)


def test_a_person_enters_nothing() -> None:
    text = f"""Cabinet Member: Cllr A Sample

Contact: B Example, b.example@fenby.example, 01234 567890

1. Background

1.1 Cllr A Sample said that the {PLAN} was agreed by the Fenby CSP on 4 March 2026 (b.example@fenby.example).
"""
    made = reader.read_text(text)
    assert made.of("decision")
    told = " ".join(map(str, [*made.facts, *made.doubts]))
    assert not re.search(r"Sample|Example|@|01234", told)
    assert read_score.never(made, text) == []


def test_the_same_text_gives_the_same_facts() -> None:
    assert reader.read_text(REPORT) == reader.read_text(REPORT)


# The same report in four formats


def as_html(place: Path) -> None:
    body = "".join(
        f"<li>{line[2:]}</li>"
        if line.startswith("- ")
        else f"<h2>{line}</h2>"
        if re.match(r"1\. |Rec|Cab|Com", line)
        else f"<p>{line}</p>"
        for line in REPORT.splitlines()
        if line
    )
    place.write_text(
        f"<html><nav>Menu</nav><main>{body}</main></html>", encoding="utf-8"
    )


def as_docx(place: Path, text: str = REPORT) -> None:
    made = docx.Document()
    for line in filter(None, text.splitlines()):
        if line.startswith("- "):
            made.add_paragraph(line[2:], style="List Bullet")
        elif re.match(r"1\. |Rec|Cab|Com", line):
            made.add_heading(line, 1)
        else:
            made.add_paragraph(line)
    made.save(str(place))


def as_pdf(place: Path, text: str = REPORT, pages: int = 1) -> None:
    """Write a PDF with a text layer, one line below the other, by hand."""
    lines = [part for line in text.splitlines() for part in (wrapped(line) or [""])]
    shown = "\n".join(
        f"1 0 0 1 60 {800 - 14 * n} Tm ({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj"
        for n, line in enumerate(lines)
        if line
    )
    stream = f"BT /F1 11 Tf\n{shown}\nET"
    kids = " ".join(f"{n + 4} 0 R" for n in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *[
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {pages + 4} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        ]
        * pages,
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    data, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{at:010} 00000 n \n" for at in places)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    data += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{data.index('xref')}\n%%EOF"
    place.write_text(data, encoding="latin-1")


def wrapped(line: str) -> list[str]:
    import textwrap

    return textwrap.wrap(line, 80)


@pytest.mark.parametrize("write", [as_html, as_docx, as_pdf])
def test_a_report_says_the_same_in_every_format(
    write: Callable[[Path], None], tmp_path: Path
) -> None:
    place = tmp_path / f"report.{write.__name__.removeprefix('as_')}"
    write(place)
    assert facts(reader.read_file(place)) == facts(reader.read_text(REPORT))


def test_numbers_that_word_counts_are_read(tmp_path: Path) -> None:
    made = docx.Document()
    for text in ("The first.", "The second."):
        made.add_paragraph(text, style="List Number")
    number = '<w:numPr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
    known = made.part.numbering_part.element
    kind = next(
        one.get(qn("w:abstractNumId"))
        for one in known.findall(qn("w:abstractNum"))
        if one.find(f"{qn('w:lvl')}/{qn('w:numFmt')}").get(qn("w:val")) == "decimal"
    )
    listed = next(
        one.get(qn("w:numId"))
        for one in known.findall(qn("w:num"))
        if one.find(qn("w:abstractNumId")).get(qn("w:val")) == kind
    )
    for paragraph in made.paragraphs:
        paragraph._p.get_or_add_pPr().append(parse_xml(number.format(listed)))
    made.save(str(tmp_path / "numbered.docx"))
    found = convert.lines(tmp_path / "numbered.docx")
    assert [line.text for line in found] == ["1. The first.", "2. The second."]


# What cannot be read


def bomb(place: Path) -> None:
    with ZipFile(place, "w", ZIP_DEFLATED) as held:
        held.writestr("word/document.xml", b"0" * (80 * 2**20))


def zipped(place: Path) -> None:
    with ZipFile(place, "w") as held:
        held.writestr("other.txt", "no report")


BAD: list[tuple[str, Callable[[Path], object], str]] = [
    ("empty.txt", lambda p: p.write_bytes(b""), "it is empty"),
    ("scan.png", lambda p: p.write_bytes(b"\x89PNG"), "a picture"),
    ("scan.pdf", lambda p: as_pdf(p, ""), "a scan without text"),
    ("long.pdf", lambda p: as_pdf(p, REPORT, 500), "it has 500 pages, more than 200"),
    ("broken.pdf", lambda p: p.write_bytes(b"%PDF-1.7\nnothing more"), "damaged"),
    (
        "renamed.pdf",
        lambda p: p.write_bytes(b"no PDF at all"),
        "ends in .pdf and is none",
    ),
    (
        "broken.docx",
        lambda p: p.write_bytes(b"PK\x03\x04 and no more"),
        "damaged or encrypted",
    ),
    ("zipped.docx", zipped, "no Word file"),
    ("bomb.docx", bomb, "unpacks to far more"),
    ("old.doc", lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0"), "save it as .docx"),
    ("bytes.txt", lambda p: p.write_bytes(b"\0\1\2" * 50), "it is no text"),
    (
        "login.html",
        lambda p: p.write_text(
            "<html><form>Sign in <input type='password'></form><p>Welcome</p></html>"
        ),
        "a page to sign in",
    ),
    (
        "menu.html",
        lambda p: p.write_text("<html><nav>Home About</nav><main>Home</main></html>"),
        "a menu or a page without the text",
    ),
]


@pytest.mark.parametrize(("name", "write", "said"), BAD, ids=[name for name, *_ in BAD])
def test_what_cannot_be_read_gets_one_sentence(
    name: str, write: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    write(tmp_path / name)
    with pytest.raises(FileError) as caught:
        convert.lines(tmp_path / name)
    told = caught.value.problem
    assert said in told
    assert "\n" not in told
    assert len(told) < 160


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    import pypdf

    as_pdf(tmp_path / "plain.pdf")
    made = pypdf.PdfWriter(clone_from=str(tmp_path / "plain.pdf"))
    made.encrypt("secret", algorithm="RC4-128")
    made.write(str(tmp_path / "locked.pdf"))
    with pytest.raises(FileError, match="it is encrypted"):
        convert.lines(tmp_path / "locked.pdf")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "The lake is deep and the boats are slow. " * 5,
            "no plan or strategy is named",
        ),
        (
            f"The {PLAN} was agreed by the Fenby CSP and is now sent to the",
            "ends in the middle",
        ),
        (
            f"Decision maker: Cabinet\n\nDecided at: Full Council\n\nDecision:\n\nThat the {PLAN} be adopted.",
            "two deciders",
        ),
    ],
)
def test_what_is_in_doubt_is_told_and_not_resolved(text: str, said: str) -> None:
    made = reader.read_text(text)
    assert any(said in doubt.said for doubt in made.doubts), made.doubts
