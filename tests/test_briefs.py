"""The checklist for a report: the law it cites, its doubts, its forms.

What is expected comes from the regulations and Acts as the law layer's sources give
them, by kind of area, kind of document and day; nothing is taken from a brief.
"""

from __future__ import annotations

import io
import json
import re
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import pytest

import cspgraph
from cspgraph.errors import NameNotClearError
from cspgraph.questions.query_file import queries
from cspgraph.receipt import warning
from cspgraph.render.document import Document, DocumentTable, Hyperlink, Section
from cspgraph.render.write import ENDINGS, document
from runs import run
from test_hostile_reports import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cspgraph.brief.brief import Brief
    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
FR00 = {"SI 2000/2853 Sch.3", "SI 2000/2853 reg.4(2)", "SI 2000/2853 reg.4(4)"}
CS12 = {"SI 2012/1020 Sch.", "SI 2012/1020 reg.3(9)"}
FRW07 = {"SI 2007/399 (W.45) Sch.3", "SI 2007/399 (W.45) reg.5(4)"}
SECTION_6 = {f"CDA 1998 s.6(1)({limb})" for limb in "abcd"}
PLAN_ENGLAND = {f"SI 2007/1830 reg.11(1)({letter})" for letter in "abcdef"}
PLAN_WALES = {
    f"SI 2007/3076 reg.9({letter})" for letter in ("a", "aa", "b", "c", "d", "e", "f")
}
MISUSE_WALES = {f"SI 2007/3078 (W.265) reg.9({letter})" for letter in "abcdef"}
EVERYBODY = {"EA 2010 s.149", "CDA 1998 s.17", "CTSA 2015 s.26"}

#: Kind of area, document, day; part of the brief; what it must cite; what it must not.
CITED = [
    # A district in a county with two councils, whose governance nobody read.
    ("Ashford", "csp-plan", DAY, "deciding", FR00 | CS12, FRW07),
    ("Ashford", "csp-plan", DAY, "contents", PLAN_ENGLAND, PLAN_WALES),
    (
        *("Ashford", "csp-plan", DAY, "making"),
        SECTION_6 | {"SI 2007/1830 reg.10(1)", "SI 2007/1830 reg.10(2)"},
        {"SI 2007/3076 reg.8(1)", "PCSCA 2022 s.8(3)(c)"},
    ),
    (
        *("Ashford", "csp-plan", DAY, "telling"),
        {f"SI 2007/1830 reg.{n}" for n in ("12(1)", "12(4)", "13A", "14")},
        {"PCSCA 2022 s.8(4)"},
    ),
    (
        *("Ashford", "csp-plan", DAY, "regard"),
        EVERYBODY | {"CDA 1998 s.6(1A)", "PRSRA 2011 s.10(1)", "SI 2007/1830 reg.15"},
        {"PCSCA 2022 s.19"},
    ),
    # A unitary council of which it is known that it has an executive.
    ("Dorset", "csp-plan", DAY, "deciding", FR00, CS12 | FRW07),
    # London and metropolitan councils.
    ("Tower Hamlets", "csp-plan", DAY, "deciding", FR00, CS12 | FRW07),
    ("Leeds", "csp-plan", DAY, "contents", PLAN_ENGLAND, PLAN_WALES),
    # Wales has regulations of its own, and a plan of its own on substance misuse.
    ("Cardiff", "csp-plan", DAY, "deciding", FRW07, FR00 | CS12),
    ("Cardiff", "csp-plan", DAY, "contents", PLAN_WALES, PLAN_ENGLAND | MISUSE_WALES),
    (
        *("Cardiff", "csp-plan", DAY, "making"),
        {"SI 2007/3076 reg.8(1)", "SI 2007/3076 reg.8(2)", "SI 2007/3076 reg.5"},
        {"SI 2007/1830 reg.10(1)", "CDA 1998 s.6(1)(b)"},
    ),
    (
        *("Cardiff", "csp-plan", DAY, "telling"),
        {"SI 2007/3076 reg.10(1)", "SI 2007/3076 reg.12"},
        {"SI 2007/1830 reg.13A", "SI 2007/1830 reg.14"},
    ),
    (
        *("Cardiff", "csp-plan", DAY, "regard"),
        {"SI 2007/3076 reg.13", "CDA 1998 s.6(1A)"},
        {"SI 2007/1830 reg.15"},
    ),
    ("Cardiff", "SubstanceMisusePlan", DAY, "contents", MISUSE_WALES, PLAN_WALES),
    (
        *("Cardiff", "SubstanceMisusePlan", DAY, "making"),
        {"SI 2007/3078 (W.265) reg.8(1)", "SI 2007/3078 (W.265) reg.9(a)"},
        {"SI 2007/3076 reg.8(1)"},
    ),
    # Serious violence, under both Acts or one.
    (
        *("Dorset", "serious violence strategy", DAY, "deciding"),
        {"SI 2000/2853 Sch.3", "LGA 2000 s.9D(2)", ""},
        CS12,
    ),
    (
        *("Dorset", "serious violence strategy", DAY, "making"),
        {"CDA 1998 s.6(1)(d)", "PCSCA 2022 s.8(3)(a)", "PCSCA 2022 s.8(3)(c)"},
        {"CDA 1998 s.6(1)(a)"},
    ),
    (
        *("Dorset", "SeriousViolenceStrategy2022", DAY, "telling"),
        {"PCSCA 2022 s.8(4)", "PCSCA 2022 s.8(7)(a)", "PCSCA 2022 s.8(8)"},
        {"SI 2007/1830 reg.13A", "SI 2007/1830 reg.14"},
    ),
    (
        *("Dorset", "SeriousViolenceStrategy1998", DAY, "making"),
        {"CDA 1998 s.6(1)(d)", "SI 2007/1830 reg.10(1)"},
        {"PCSCA 2022 s.8(3)(c)"},
    ),
    (
        *("Leeds", "SeriousViolenceStrategy2022", DAY, "deciding"),
        {"LGA 2000 s.9D(2)", "LGA 1972 s.101"},
        {"SI 2000/2853 Sch.3", "SI 2012/1020 Sch."},
    ),
    # The others.
    (
        *("Dorset", "reducing reoffending strategy", DAY, "making"),
        {"CDA 1998 s.6(1)(c)", "SI 2007/1830 reg.10(2)"},
        {"CDA 1998 s.6(1)(a)", "PCA 2009 s.108(4)"},
    ),
    (
        *("Leeds", "youth justice plan", DAY, "deciding"),
        {"SI 2000/2853 Sch.3", "SI 2012/1020 Sch."},
        FRW07,
    ),
    ("Cardiff", "youth justice plan", DAY, "making", {"CDA 1998 s.40"}, SECTION_6),
    # The county makes the plan and the strategy, where there are two councils.
    (
        *("Kent", "youth justice plan", DAY, "deciding"),
        {"SI 2000/2853 Sch.3", "SI 2012/1020 Sch."},
        FRW07,
    ),
    # Asked of a district, the brief names the full council of the county.
    (
        *("Ashford", "youth justice plan", DAY, "deciding"),
        {"SI 2000/2853 Sch.3", "SI 2012/1020 Sch."},
        FRW07,
    ),
    (
        *("Dorset", "domestic abuse safe accommodation strategy", DAY, "deciding"),
        {"LGA 2000 s.9D(2)"},
        {"SI 2000/2853 Sch.3"},
    ),
    (
        *("Kent", "domestic abuse safe accommodation strategy", DAY, "telling"),
        {"DAA 2021 s.57", "SI 2021/990 reg.6"},
        SECTION_6,
    ),
    # The day before, and the day on which, a law begins or ends.
    (
        "Ashford",
        "csp-plan",
        "2023-01-30",
        "making",
        {"CDA 1998 s.6(1)(c)"},
        {"CDA 1998 s.6(1)(d)"},
    ),
    ("Ashford", "csp-plan", "2023-01-31", "making", SECTION_6, set()),
    (
        "West Dorset",
        "csp-plan",
        "2012-11-21",
        "telling",
        {"SI 2007/1830 reg.14"},
        {"SI 2007/1830 reg.13A"},
    ),
    (
        "West Dorset",
        "csp-plan",
        "2012-11-22",
        "telling",
        {"SI 2007/1830 reg.13A"},
        set(),
    ),
    (
        "West Dorset",
        "csp-plan",
        "2011-05-31",
        "making",
        {"SI 2007/1830 reg.11(1)(a) (three-year words)"},
        set(),
    ),
    (
        "West Dorset",
        "csp-plan",
        "2011-06-01",
        "making",
        {"SI 2007/1830 reg.10(1)"},
        {"SI 2007/1830 reg.11(1)(a) (three-year words)"},
    ),
    ("West Dorset", "csp-plan", "2012-05-03", "deciding", FR00, CS12),
    ("West Dorset", "csp-plan", "2012-05-04", "deciding", FR00 | CS12, set()),
    (
        "Cardiff",
        "csp-plan",
        "2010-03-31",
        "contents",
        PLAN_WALES - {"SI 2007/3076 reg.9(aa)"},
        {"SI 2007/3076 reg.9(aa)"},
    ),
    ("Cardiff", "csp-plan", "2010-04-01", "contents", PLAN_WALES, set()),
    (
        "Dorset",
        "SeriousViolenceStrategy2022",
        "2023-01-30",
        "making",
        set(),
        {"PCSCA 2022 s.8(3)(c)"},
    ),
    (
        "Dorset",
        "SeriousViolenceStrategy2022",
        "2023-01-31",
        "making",
        {"PCSCA 2022 s.8(3)(c)"},
        set(),
    ),
    (
        "Leeds",
        "domestic abuse safe accommodation strategy",
        "2021-09-30",
        "making",
        set(),
        {"DAA 2021 s.57"},
    ),
    (
        "Leeds",
        "domestic abuse safe accommodation strategy",
        "2021-10-01",
        "making",
        {"DAA 2021 s.57"},
        set(),
    ),
]
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: What only those know who work on such data.
TRADE = {
    *("blank", "graph", "iri", "literal", "node", "nodes", "ontology", "predicate"),
    *("rdf", "shacl", "shape", "sparql", "triple", "triples", "turtle", "uri"),
}


@pytest.fixture(scope="module")
def country() -> KnowledgeGraph:
    """Return the shipped graph; each brief looks at its own area alone."""
    return cspgraph.load()


@pytest.fixture(scope="module")
def dorset(country: KnowledgeGraph) -> Brief:
    return country.brief("Dorset", "csp-plan", on="2024-10-11")


@pytest.fixture(scope="module")
def brief(country: KnowledgeGraph) -> Callable[[str, str, str], Brief]:
    """Return a function from an area, a product and a day to the brief, made once."""
    return cache(lambda area, product, on: country.brief(area, product, on=on))


def laws(made: Brief, part: str) -> set[str]:
    return {o.law for one in made.parts if one.name == part for o in one.lines}


@pytest.mark.parametrize(("area", "product", "on", "part", "cited", "not_cited"), CITED)
def test_it_cites_the_law_of_the_area_and_the_day(
    area: str,
    product: str,
    on: str,
    part: str,
    cited: set[str],
    not_cited: set[str],
    brief: Callable[[str, str, str], Brief],
) -> None:
    found = laws(brief(area, product, on), part)
    assert cited <= found
    assert not not_cited & found


def test_a_council_with_a_committee_system_is_told_of_its_own_law(
    country: KnowledgeGraph,
) -> None:
    """A policy committee of Sheffield is seen to decide on 31 March 2025."""
    made = country.brief("Sheffield", "csp-plan", on="2025-03-31")
    found = laws(made, "deciding")
    assert found >= CS12
    assert not found & FR00
    assert not any(line.provided for part in made.parts for line in part.lines)


def test_two_councils_decide_where_two_are_bound(country: KnowledgeGraph) -> None:
    made = country.brief("Ashford", "csp-plan", on=DAY)
    first = made.parts[0].lines[0]
    assert first.who == ("Ashford Borough Council", "Kent County Council")
    assert first.provided == "executive arrangements"
    assert any("does not know whether" in said for said in first.doubt)


def test_every_line_has_its_law_its_address_and_how_sure_it_is(
    brief: Callable[[str, str, str], Brief],
) -> None:
    for area, product, on in sorted({row[:3] for row in CITED}):
        made = brief(area, product, on)
        assert made.on.isoformat() == on
        for part in made.parts:
            for line in part.lines:
                where = (area, product, on, part.name, line.what)
                assert line.doubt or line.checked, where
                own = part.name == "dates" and not line.law
                if line.law:
                    assert line.law_url.endswith(f"/{on}"), where
                    assert line.law_url.startswith("http://www.legislation.gov.uk/")
                else:
                    assert own or "no provision was found" in line.basis, where


def test_standings_are_those_of_the_question(
    country: KnowledgeGraph, dorset: Brief
) -> None:
    """Every duty of the brief stands as it does for whoever asks how duties stand."""
    asked = country.answer("standing", area="Dorset", on="2024-10-11")
    stands = {
        (row["law"], row["statement"], words[3])
        for row, words in zip(asked, asked.words(), strict=True)
    }
    lines = [o for part in dorset.parts for o in part.lines if o.standing.word]
    assert len(lines) > 20
    for line in lines:
        statement = re.sub(r"^(must not|must|may) ", "", line.what)
        assert (line.law, statement, line.standing.word) in stands
    assert dorset.counts["on record"] > 0
    assert sum(dorset.counts.values()) == len(lines) - len(_dated(dorset))


def _dated(made: Brief) -> list[object]:
    (part,) = (part for part in made.parts if part.name == "dates")
    return [line for line in part.lines if line.standing.word]


# The reason


def test_the_reason_cites_the_operative_provisions(dorset: Brief) -> None:
    said = [one.law for sentence in dorset.reason for one in sentence.provisions]
    assert [*sorted(SECTION_6), "SI 2007/1830 reg.10(1)"] == said[:5]
    assert said[5:9] == ["SI 2000/2853 Sch.3"] * 4
    assert said[9:] == ["SI 2007/1830 reg.10(2)"]
    assert "31 March 2025" in dorset.recommendation
    assert "Full Council adopts the plan refresh" in dorset.recommendation


def test_the_reason_says_which_sentences_can_be_argued(dorset: Brief) -> None:
    argued = [
        sentence.text
        for sentence in dorset.reason
        if "a reading that can be argued" in sentence.doubt
    ]
    subjects = ("reducing reoffending", "section 6(1)(d)", "substance misuse")
    assert len(argued) == len(subjects)
    for text, subject in zip(argued, subjects, strict=True):
        assert subject in text
    shown = dorset.to_markdown()
    assert (
        "Sentence 7 rests on SI 2000/2853 Sch.3: a reading that can be argued" in shown
    )
    assert "Sentence 6 rests" not in shown


def test_the_reason_says_what_is_recalled(country: KnowledgeGraph) -> None:
    """That a committee may decide under LGA 1972 s.101 is recalled, as the law layer says."""
    made = country.brief("Leeds", "SeriousViolenceStrategy2022", on=DAY)
    (sentence,) = (
        s for s in made.reason if "LGA 1972 s.101" in [p.law for p in s.provisions]
    )
    assert any("recalled" in said for said in sentence.doubt)
    paragraph = re.search(
        r"Sentence \d+ rests on LGA 1972 s.101: .*", made.to_markdown()
    )
    assert paragraph
    assert "recalled and not checked against a page" in paragraph[0]


def test_a_document_that_only_asserts_is_not_the_law(country: KnowledgeGraph) -> None:
    made = country.brief("Dorset", "SeriousViolenceStrategy2022", on=DAY)
    (line,) = (line for line in made.parts[0].lines if not line.law)
    assert "1.7" in line.what
    assert line.basis == "a document says so; no provision was found"
    assert "Sentence 3 rests on no provision: a document says so" in made.to_markdown()


@pytest.mark.parametrize(
    ("area", "product", "on"),
    [
        ("Dorset", "serious violence strategy", "2023-01-30"),
        ("Ashford", "youth justice plan", "1999-12-31"),
    ],
)
def test_where_nothing_is_asked_it_says_so(
    area: str, product: str, on: str, country: KnowledgeGraph
) -> None:
    made = country.brief(area, product, on=on)
    assert "asks nothing about the" in made.recommendation
    assert len(made.reason) == 1
    assert not made.parts[0].lines


def test_a_question_that_it_asked_gives_the_same_rows(
    country: KnowledgeGraph, dorset: Brief
) -> None:
    asked = country.answer(
        "document-contents", area="Dorset", product="csp-plan", on="2024-10-11"
    )
    (part,) = (part for part in dorset.parts if part.name == "contents")
    assert [line.what for line in part.lines] == [row["content"] for row in asked]
    assert set(dorset.asked) <= set(queries())


def test_what_is_not_known_is_refused(country: KnowledgeGraph) -> None:
    with pytest.raises(NameNotClearError, match="did you mean 'Ashford'"):
        country.brief("Ashforde", "csp-plan", on=DAY)
    with pytest.raises(NameNotClearError, match="product"):
        country.brief("Ashford", "csp-plam", on=DAY)


# The command


ASHFORD = ("--area", "Ashford", "--product", "csp-plan", "--on", DAY)


def test_the_command_prints_what_the_library_makes(
    country: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    made = country.brief("Ashford", "csp-plan", on=DAY)
    code, shown, said = run(capsys, "brief", *ASHFORD)
    assert (code, shown) == (0, made.to_markdown())
    warned = warning(made.told.receipt)
    assert said == (f"cspgraph: {warned}\n" if warned else "")


def test_the_ending_chooses_the_form(
    country: KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = country.brief("Ashford", "csp-plan", on=DAY)
    forms = {".html": made.to_html().encode(), ".docx": made.to_docx()}
    forms |= {".md": made.to_markdown().encode(), ".json": made.to_json().encode()}
    for ending, data in forms.items():
        place = tmp_path / f"brief{ending}"
        code, _, said = run(capsys, "brief", *ASHFORD, "-o", str(place))
        assert (code, place.read_bytes()) == (0, data)
        assert said.splitlines()[-1].startswith(f"{place}: written, ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--product", "csp-plan"), "area: missing; write --area and its name"),
        (("--area", "Ashford"), "product: missing; write --product and its name"),
        ((*ASHFORD, "-o", "x.pdf"), "'.pdf' is not one of .md, .html, .docx, .json"),
        ((*ASHFORD, "-o", "no-such-folder/x.md"), "no such file or directory"),
        (("--area", "Ashforde", "--product", "csp-plan"), "did you mean 'Ashford'"),
    ],
)
def test_misuse_is_told_in_a_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown, told = run(capsys, "brief", *words)
    assert (code, shown) == (2, "")
    assert said in told


# Data


def test_what_is_about_one_strategy_on_violence_is_on_the_checklist_of_both(
    country: KnowledgeGraph,
) -> None:
    answer = country.at(DAY)._dataset.law_alone.select(
        "SELECT DISTINCT ?duty WHERE { ?duty a csp:DutyTemplate ; csp:product ?product ."
        " ?product skos:broader kind:SeriousViolenceStrategy"
        " MINUS { ?duty csp:bearsOn kind:SeriousViolenceStrategy } }"
    )
    assert json.loads(answer)["results"]["bindings"] == []


# Forms


def test_no_word_of_the_trade_and_no_verdict_is_printed(
    brief: Callable[[str, str, str], Brief],
) -> None:
    for area, product, on in sorted({row[:3] for row in CITED}):
        text = brief(area, product, on).to_markdown()
        text = re.sub(r"https?://\S+", "", text)
        words = {word.lower() for word in re.findall(r"[A-Za-z]+", text)}
        assert not words & TRADE, (area, product)
        assert "not done" not in re.sub(
            "No record is not the same as not done|it was not done", "", text
        )


def test_json_holds_what_is_shown(dorset: Brief) -> None:
    whole = json.loads(dorset.to_json())
    assert whole["on"] == "2024-10-11"
    assert [part["name"] for part in whole["parts"]] == [p.name for p in dorset.parts]
    assert " ".join(s["text"] for s in whole["reason"]) == dorset.recommendation
    assert whole["receipt"]["on"] == "2024-10-11"
    first = whole["parts"][0]["lines"][0]
    assert first["law_url"].endswith("/2024-10-11")
    assert first["standing"]["word"] == "on record"


def test_the_forms_hold_the_same_words(dorset: Brief) -> None:
    """Every cell and paragraph of the paper is in the page and in the Word file."""
    page = re.sub(r"\s+", " ", "".join(_texts(dorset.to_html())))
    document = docx.Document(io.BytesIO(dorset.to_docx()))
    word = [p.text for p in document.paragraphs]
    word += [
        "".join(run.text or "" for run in cell.iter(f"{WORD}t"))
        for cell in document.element.iter(f"{WORD}tc")
    ]
    texts = [cell.text for cell in _cells(dorset.paper())]
    assert len(texts) > 200
    for text in texts:
        assert re.sub(r"\s+", " ", text) in page
        assert text in word


def _cells(paper: Document) -> Iterable[Hyperlink]:
    for section in paper.sections:
        for part in section.parts:
            if isinstance(part, DocumentTable):
                for row in part.rows:
                    yield from row
            else:
                yield Hyperlink(part)


def _texts(page: str) -> Iterable[str]:
    page = re.sub(r"<!DOCTYPE[^>]*>|<meta[^>]*>", "", page)
    root = ET.fromstring(page)  # noqa: S314 - made here
    yield from root.itertext()


def test_the_word_file_is_marked_for_screen_readers(dorset: Brief) -> None:
    document = docx.Document(io.BytesIO(dorset.to_docx()))
    assert document.core_properties.language == "en-GB"
    assert document.core_properties.title == dorset.title
    styles = [p.style.name for p in document.paragraphs if p.style]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == len(dorset.parts) + 2
    assert len(document.tables) > 5
    for table in document.tables:
        first = table.rows[0]._tr
        assert first.find(f".//{WORD}tblHeader") is not None
        assert table._tbl.find(f".//{WORD}tblCaption") is not None
    languages = {
        mark.get(f"{WORD}val") for mark in document.styles.element.iter(f"{WORD}lang")
    }
    assert languages == {"en-GB"}


def test_the_word_file_is_the_same_every_time(dorset: Brief) -> None:
    first, second = dorset.to_docx(), dorset.to_docx()
    assert first == second
    with ZipFile(io.BytesIO(first)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = b"".join(file.read(name) for name in file.namelist())
    assert b"python-docx" not in names


@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_wrote_stays_text(text: str) -> None:
    table = DocumentTable(
        text,
        ("title",),
        ((Hyperlink(text, text),), (Hyperlink(text, "https://a.org/x"),)),
    )
    paper = Document(text, DAY, (text,), (Section(text, (text, table)),))
    page = document(paper, ".html").decode()
    tags = set(re.findall(r"<(\w+)", page))
    assert not tags & {"script", "img", "svg", "iframe", "object"}
    assert set(re.findall(r'href="([^"]*)"', page)) <= {
        "https://a.org/x",
        "http://a.example",
    }
    marked = document(paper, ".md").decode()
    assert not re.search(r"<\w|(?<!\\)\]\((?!https?://)", marked)
    assert docx.Document(io.BytesIO(document(paper, ".docx")))


def test_the_endings_are_those_of_the_forms() -> None:
    assert set(ENDINGS) == {".md", ".html", ".docx"}
