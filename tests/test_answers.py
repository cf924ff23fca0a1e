"""Answers: rows under names, in every form that people take them away in."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pyoxigraph import Literal, NamedNode

from cspgraph.errors import QueryError
from cspgraph.questions.answer import Answer
from cspgraph.questions.query_file import Column
from cspgraph.rdf.results import from_json, value_of
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph

XSD = PREFIXES["xsd"]
THING = NamedNode("https://w3id.org/cspgraph/id/body/x")
KINDS = {
    "thing": "body",
    "text": "text",
    "day": "date",
    "count": "integer",
    "flag": "text",
}
COLUMNS = tuple(Column(name, kind, f"The {name}") for name, kind in KINDS.items())


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


FULL = (
    THING,
    Literal("words", language="en"),
    typed("2024-07-23", "date"),
    typed("7", "integer"),
    typed("true", "boolean"),
)
EMPTY = (None, None, None, None, None)


def answer(
    *rows: tuple[NamedNode | Literal | None, ...],
    label: str = "A body",
    complete: bool = True,
) -> Answer:
    return Answer(
        name="made-up",
        question="What is there?",
        columns=COLUMNS,
        terms=rows,
        on=date(2024, 7, 23),
        parameters={"area": [NamedNode("urn:area")]},
        labels={THING.value: label} if label else {},
        receipt={"version": "0", "on": "2024-07-23", "engine": "none"},
        complete=complete,
    )


def texts(*cells: str) -> Answer:
    """Return an answer with one text in each row."""
    return answer(*((None, Literal(cell), None, None, None) for cell in cells))


# Rows


def test_rows_are_dictionaries_of_python_values() -> None:
    found = answer(FULL, EMPTY)
    assert len(found) == 2
    assert list(found) == [
        {
            "thing": THING.value,
            "text": "words",
            "day": date(2024, 7, 23),
            "count": 7,
            "flag": True,
        },
        dict.fromkeys(KINDS),
    ]
    assert list(found) == list(found), "an answer can be read again"


def test_words_are_for_people() -> None:
    assert answer(FULL, EMPTY).words() == [
        ["A body", "words", "2024-07-23", "7", "true"],
        ["", "", "", "", ""],
    ]
    assert answer(FULL, label="").words()[0][0] == "body:x"


def test_text_form_has_titles_and_columns() -> None:
    lines = str(answer(FULL)).splitlines()
    assert lines[0].split() == list(KINDS)
    assert lines[0].index("text") == lines[1].index("words")
    assert str(answer()).split() == list(KINDS)


def test_a_terminal_shows_the_caption_and_the_table() -> None:
    found = answer(FULL)
    assert repr(found) == f"{found.caption}\n{found}"
    assert len(repr(answer(*[FULL] * 3412)).splitlines()) == 2 + 120


@pytest.mark.parametrize(
    ("rows", "complete", "end"),
    [
        (0, True, "On 23 July 2024: 0 rows."),
        (1, True, "On 23 July 2024: 1 row."),
        (2, True, "On 23 July 2024: 2 rows."),
        (2, False, "On 23 July 2024: 2 rows, not complete."),
    ],
)
def test_caption_counts_and_says_when_it_is_partial(
    rows: int, complete: bool, end: str
) -> None:
    found = answer(*[FULL] * rows, complete=complete)
    assert found.caption == f"What is there? {end}"


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (THING, THING.value),
        (Literal("7"), "7"),
        (typed("7", "integer"), 7),
        (typed("seven", "integer"), "seven"),
        (typed("9" * 5000, "integer"), "9" * 5000),
        (typed("2024-02-30", "date"), "2024-02-30"),
        (typed("2024-02-29", "date"), date(2024, 2, 29)),
        (typed("1", "boolean"), True),
        (typed("yes", "boolean"), "yes"),
        (typed("1_000", "integer"), "1_000"),
        (typed("٣", "integer"), "٣"),
        (typed("20240723", "date"), "20240723"),
        (typed("2024-W30-2", "date"), "2024-W30-2"),
        (typed("2024-07-23Z", "date"), "2024-07-23Z"),
        (typed("false", "boolean"), False),
        (typed("1.50", "decimal"), "1.50"),
        (Literal("x", datatype=NamedNode("urn:date")), "x"),
    ],
)
def test_a_value_that_is_not_of_its_kind_stays_text(
    term: NamedNode | Literal | None, value: object
) -> None:
    assert value_of(term) == value
    assert type(value_of(term)) is type(value)


# CSV

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠x"]  # noqa: RUF001


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell: str) -> None:
    rows = list(csv.reader(io.StringIO(texts(cell).to_csv(), newline="")))
    assert rows[1][1] == f"'{cell}"


def test_no_label_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(answer(FULL, label='=HYPERLINK("x")').to_csv())))
    assert rows[1][0] == '\'=HYPERLINK("x")'


def test_csv_comes_back_as_it_was() -> None:
    cells = ["plain", 'a "b", c', "two\nlines", "ŵ", "a=b", " x", ""]
    text = texts(*cells).to_csv()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(KINDS)
    assert [row[1] for row in rows[1:]] == cells
    assert "\r" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("mark", "shown"), [("\x1b[31m", "\\x1b[31m"), ("\x00", "\\x00"), ("\r", "\\x0d")]
)
def test_control_characters_are_shown_not_sent(mark: str, shown: str) -> None:
    found = texts(f"a{mark}b")
    for text in (str(found), found.to_csv(), found.to_markdown()):
        assert mark not in text
        # Markdown writes a backslash before marks of its own.
        assert f"a{shown}b" in text.replace("\\\\", "\\").replace("\\[", "[")
    named = answer(FULL, label=f"a{mark}b")
    assert f"a{shown}b" in str(named)
    assert mark not in named.to_csv()


# Markdown


def test_markdown_is_one_line_for_each_row() -> None:
    found = texts("a|b", "two\nlines", "back\\|slash", "<img src=x onerror=alert(1)>")
    said, blank, *lines = found.to_markdown().splitlines()
    assert (said, blank) == ("urn:area, 23 July 2024. 4 rows.", "")
    assert len(lines) == 2 + len(found)
    assert lines[1] == "| --- | --- | --- | --- | --- |"
    assert {len(bars(line)) for line in lines} == {len(KINDS) + 1}
    assert "<img" not in found.to_markdown()


def bars(line: str) -> list[int]:
    """Return where the bars stand that part the cells of a row."""
    found, place = [], 0
    while place < len(line):
        if line[place] == "\\":
            place += 1
        elif line[place] == "|":
            found.append(place)
        place += 1
    return found


# JSON


def test_json_has_its_promised_shape() -> None:
    whole = json.loads(answer(FULL, EMPTY).to_json())
    assert list(whole) == [
        "schema",
        *("question", "parameters", "on", "sentence", "columns"),
        *("rows", "empty", "labels", "complete", "receipt"),
    ]
    assert whole["question"] == "made-up"
    assert whole["parameters"] == {"area": ["urn:area"]}
    assert whole["on"] == "2024-07-23"
    assert whole["columns"][0] == {
        "name": "thing",
        "kind": "body",
        "title": "The thing",
    }
    assert whole["rows"] == [
        {
            "thing": THING.value,
            "text": "words",
            "day": "2024-07-23",
            "count": 7,
            "flag": True,
        },
        dict.fromkeys(KINDS),
    ]
    assert whole["labels"] == {THING.value: "A body"}
    assert whole["complete"] is True
    assert whole["receipt"]["engine"] == "none"


def test_json_of_a_partial_answer_says_so() -> None:
    assert json.loads(answer(FULL, complete=False).to_json())["complete"] is False


def test_json_of_a_shipped_question(kg: KnowledgeGraph) -> None:
    found = kg.answer("who-must-adopt", on="2024-07-23", area="Dorset")
    whole = json.loads(found.to_json())
    assert len(whole["rows"]) == len(found)
    assert {"version", "on", "engine", "law", "register", "records", "rules"} <= set(
        whole["receipt"]
    )
    assert all(
        len(whole["receipt"][name]) == 64
        for name in ("law", "register", "records", "rules")
    )
    things = {row["body"] for row in whole["rows"]}
    assert things <= set(whole["labels"])
    assert (
        found.to_json()
        == kg.answer("who-must-adopt", on="2024-07-23", area="Dorset").to_json()
    )


# Data frames


def test_frame_has_the_columns_and_their_types() -> None:
    frame = answer(FULL, EMPTY).to_frame()
    assert list(frame.columns) == list(KINDS)
    assert frame["count"].dtype == "Int64"
    assert frame["count"][0] == 7
    assert frame["count"][1] is pd.NA
    assert frame["day"][0] == pd.Timestamp("2024-07-23")
    assert frame["day"][1] is pd.NaT
    assert next(iter(frame["thing"])) == "A body"
    assert frame.attrs["on"] == "2024-07-23"


def test_frame_of_terms_has_full_addresses() -> None:
    assert list(answer(FULL).to_frame(terms=True)["thing"]) == [THING.value]


def test_empty_frame_keeps_its_columns() -> None:
    frame = answer().to_frame()
    assert list(frame.columns) == list(KINDS)
    assert len(frame) == 0
    assert frame["count"].dtype == "Int64"


def test_frame_of_a_shipped_question(kg: KnowledgeGraph) -> None:
    frame = kg.answer("agreed-not-adopted", on="2024-10-11", area="Dorset").to_frame()
    assert frame["days_waiting"].dtype == "Int64"
    adopted = frame[frame["adopted_on"].notna()]
    assert sorted(adopted["days_waiting"]) == [205, 205, 294]
    assert set(adopted["adopted_on"]) == {pd.Timestamp("2024-10-10")}


# HTML

VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}


class Elements(HTMLParser):
    """Hold HTML against its own end tags, and note every element and attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its attributes."""
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.words.append(data)


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'http://example.org/"onmouseover="alert(1)',
    "https://example.org/<script>",
    "</td></tr></table><h1>x",
    "&lt;script&gt;",
    "http://example.org/a b",
    "HTTP://EXAMPLE.ORG",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_the_data_runs_in_a_notebook(attack: str) -> None:
    found = answer((THING, Literal(attack), None, None, None), label=attack)
    page = Elements(found._repr_html_())
    assert page.open == []
    assert {tag for tag, _ in page.seen} <= {
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "p",
        "style",  # our own, before anything of the data
    }
    assert [tag for tag, _ in page.seen].count("style") == 1
    for tag, attributes in page.seen:
        assert not [name for name in attributes if name.startswith("on")]
        if tag == "a":
            assert str(attributes["href"]).startswith(("http://", "https://"))
            assert attributes["rel"] == "noopener noreferrer"
    assert "".join(page.words).count(attack) == 2


def test_the_table_is_accessible(kg: KnowledgeGraph) -> None:
    found = kg.answer("who-must-adopt", on="2024-07-23", area="Dorset")
    page = Elements(found._repr_html_())
    assert page.open == []
    heads = [attributes for tag, attributes in page.seen if tag == "th"]
    assert len(heads) == len(found.columns) - 1  # addresses stand behind the citations
    head = {"scope": "col", "role": "columnheader"}
    assert all(attributes == head for attributes in heads)
    links = {str(of["href"]) for tag, of in page.seen if tag == "a"}
    assert links == {str(row["law_url"]) for row in found if row["law_url"]}
    cells = [of["data-title"] for tag, of in page.seen if tag == "td"]
    shown = [title for title in found.titles if title != "law url"]
    assert cells == shown * len(found)
    assert [tag for tag, _ in page.seen].count("caption") == 1
    assert found.caption in page.words


def test_a_long_table_says_that_it_is_cut() -> None:
    page = answer(*[FULL] * 121)._repr_html_()
    assert page.count("<tr ") == 121
    assert "120 of 121 rows are shown." in page
    assert "120 of 3,412 rows are shown." in answer(*[FULL] * 3412)._repr_html_()


def test_a_name_has_its_address_as_a_title() -> None:
    page = Elements(answer(FULL)._repr_html_())
    cells = [attributes for tag, attributes in page.seen if tag == "td"]
    titles = [cell.get("title") for cell in cells]
    assert titles == [THING.value, None, None, None, None]
    unnamed = NamedNode("http://example.org/x")
    shown = answer((unnamed, None, None, None, None), label="")._repr_html_()
    assert Elements(shown).words.count(unnamed.value) == 1
    assert " title=" not in shown


def test_the_notebook_view_says_the_doubt(kg: KnowledgeGraph) -> None:
    found = kg.answer("who-must-adopt", on="2024-07-23", area="Dorset")
    assert f"<p>Doubt: {found.receipt['doubt']}.</p>" in found._repr_html_()


# From the engines


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"head":{"vars":["x"]}}',
        b'{"head":{"vars":["x"]},"results":{"bindings":[',
        b"\xff",
        b"null",
    ],
)
def test_what_is_not_results_is_refused(data: bytes) -> None:
    with pytest.raises(QueryError, match="no complete SPARQL results"):
        from_json(data)


def test_results_become_terms() -> None:
    binding = {
        "a": {"type": "uri", "value": "urn:a"},
        "b": {"type": "literal", "value": "x", "xml:lang": "cy"},
        "c": {"type": "literal", "value": "7", "datatype": XSD + "integer"},
        "d": {"type": "literal", "value": "y"},
        "e": {"type": "bnode", "value": "b0"},
    }
    head = {"vars": [*binding, "f"]}
    names, rows = from_json(
        json.dumps({"head": head, "results": {"bindings": [binding]}}).encode()
    )
    assert names == list("abcdef")
    assert rows == [
        (
            NamedNode("urn:a"),
            Literal("x", language="cy"),
            typed("7", "integer"),
            Literal("y"),
            NamedNode("urn:blank:b0"),
            None,
        )
    ]


@pytest.mark.parametrize("truth", [True, False])
def test_ask_is_one_row(truth: bool) -> None:
    names, rows = from_json(json.dumps({"head": {}, "boolean": truth}).encode())
    assert names == ["answer"]
    assert value_of(rows[0][0]) is truth
