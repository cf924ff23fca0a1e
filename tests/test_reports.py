"""A report tells the same story in a line, in words, as JSON and as a page.

Reports are made by hand here: what is expected follows from what went in.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from html.parser import HTMLParser
from itertools import permutations

import pytest

from cspgraph.reports import Finding, Report, Witness

NOT_ON_RECORD = Finding(
    severity="violation",
    law="CDA 1998 s.6(1)(a)",
    reason="Somebody searched.",
    focus="https://w3id.org/cspgraph/id/duty/x.E06000059",
    label="Dorset Council: do something",
    shape="https://w3id.org/cspgraph/shape/duty-not-on-record",
    message="No record was found; say where it is recorded.",
    path="csp:standing",
    value="standing:NotOnRecord",
    file="",
)
NOTE = Finding(
    severity="warning",
    law="",
    reason="An undated decision cannot be placed in time.",
    focus="https://w3id.org/cspgraph/id/decision/x",
    label="The plan is agreed",
    shape="https://w3id.org/cspgraph/shape/decision-on",
    message="Give the one day of the decision, as a date.",
    path="csp:on",
    value="19 March",
    file="data/record/dorset/x.trig",
)
WITNESS = Witness(
    law="CDA 1998 s.6(1)(c)",
    statement="do something else",
    evidence="The partnership agrees",
    on="2024-03-19",
    source="Report, 3.3",
    duty="https://w3id.org/cspgraph/id/duty/y.E06000059",
)
REPORT = Report(
    on=date(2024, 7, 3),
    area="Dorset",
    findings=(NOT_ON_RECORD, NOTE),
    witnesses=(WITNESS,),
    not_checked=("sh:minCout is not a key",),
    standings={"on record": 1, "not on record": 1},
)


class _Page(HTMLParser):
    """What a page holds: its tags in order, its tables, its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.texts.append((self.open[-1], data.strip()))

    def all(self, tag: str) -> list[str]:
        """Return the texts directly inside `tag`."""
        return [text for place, text in self.texts if place == tag]


def test_line_counts_everything() -> None:
    """The standings in their order, the notes on files, and what was not checked."""
    assert REPORT.line == (
        "Dorset, 3 July 2024: on record 1, not on record 1; "
        "notes on the data 1; not checked 1."
    )
    assert replace(REPORT, area="").line.startswith("3 July 2024: on record 1")


def test_text_says_line_gaps_findings_and_witnesses() -> None:
    """One line each, in this order; a finding ends with the file to look in."""
    assert str(REPORT).splitlines() == [
        REPORT.line,
        "not checked: sh:minCout is not a key",
        f"look first: CDA 1998 s.6(1)(a): {NOT_ON_RECORD.label}: {NOT_ON_RECORD.message}",
        f"look next: The plan is agreed: {NOTE.message} Found: 19 March ({NOTE.file})",
        "on record: CDA 1998 s.6(1)(c): The partnership agrees (Report, 3.3)",
    ]


def test_table_gives_the_law_or_else_the_reason() -> None:
    titles, rows = REPORT.table()
    reasons = [row[titles.index("law or reason")] for row in rows]
    assert reasons == [NOT_ON_RECORD.law, NOTE.reason]
    assert {len(row) for row in rows} == {len(titles)}


@pytest.mark.parametrize(
    ("findings", "not_checked", "in_order"),
    [
        ((), (), True),
        ((NOTE,), (), True),
        ((NOT_ON_RECORD,), (), False),
        ((), ("something",), False),
    ],
)
def test_in_order_only_when_checked(
    findings: tuple[Finding, ...], not_checked: tuple[str, ...], *, in_order: bool
) -> None:
    """What was not checked is never in order; a note alone does not disturb it."""
    report = replace(REPORT, findings=findings, not_checked=not_checked)
    assert report.conforms is in_order


def test_findings_sort_by_weight_then_law_and_never_tie() -> None:
    """Two findings that differ in one value only still have an order."""
    info = replace(NOT_ON_RECORD, severity="info", law="A")
    later = replace(NOT_ON_RECORD, law="EA 2010 s.149")
    twin = replace(NOTE, value="20 March")
    other = replace(NOTE, value="20 March", file="mine.ttl")
    order = [NOT_ON_RECORD, later, NOTE, twin, other, info]
    assert all(sorted(mixed) == order for mixed in permutations(order))


def test_a_duty_lends_its_law_and_words() -> None:
    about = NOT_ON_RECORD.with_duty("PCSCA 2022 s.8", "NHS Dorset: publish")
    assert (about.law, about.label) == ("PCSCA 2022 s.8", "NHS Dorset: publish")
    assert (
        replace(about, law=NOT_ON_RECORD.law, label=NOT_ON_RECORD.label)
        == NOT_ON_RECORD
    )


def test_json_holds_the_whole_report() -> None:
    """JSON gives back each field of each finding and witness."""
    whole = json.loads(REPORT.to_json())
    assert whole == {
        "on": "2024-07-03",
        "area": "Dorset",
        "standings": {"on record": 1, "not on record": 1},
        "findings": [asdict(NOT_ON_RECORD), asdict(NOTE)],
        "witnesses": [asdict(WITNESS)],
        "not_checked": ["sh:minCout is not a key"],
    }


@pytest.mark.parametrize("text", [REPORT.to_html(), REPORT._repr_html_()])
def test_tables_have_caption_and_scope(text: str) -> None:
    """Each table says what it shows, and each column what it holds, in words."""
    page = _Page(text)
    assert page.open == []
    tables = page.tags.count("table")
    assert tables == 3
    assert len(page.all("caption")) == tables
    scopes = [
        value for tag, name, value in page.attributes if (tag, name) == ("th", "scope")
    ]
    assert scopes == ["col"] * page.tags.count("th")
    assert REPORT.line in page.all("p")
    for words in ("look first", "look next", NOTE.reason, "sh:minCout is not a key"):
        assert words in page.all("td")


def test_page_stands_alone() -> None:
    """One heading, a language, a title; no script, picture or style from elsewhere."""
    page = _Page(REPORT.to_html())
    assert page.tags.count("h1") == page.tags.count("title") == 1
    assert ("html", "lang", "en-GB") in page.attributes
    assert not {"script", "img", "link", "iframe"}.intersection(page.tags)
    assert not [name for _, name, _ in page.attributes if name in {"src", "onclick"}]


def test_every_text_is_escaped() -> None:
    """Whatever a file says stays text: in cells, in the line and in what is missing."""
    bad = '<script>alert("x")</script>'
    finding = replace(
        NOTE, law=bad, reason=bad, label=bad, message=bad, value=bad, file=bad
    )
    report = Report(
        on=REPORT.on,
        area=bad,
        findings=(finding,),
        witnesses=(Witness(bad, bad, bad, bad, bad, bad),),
        not_checked=(bad,),
        standings={bad: 1},
    )
    for text in (report.to_html(), report._repr_html_()):
        page = _Page(text)
        assert "script" not in page.tags
        assert page.open == []
        assert page.all("td").count(bad) == 1 + 3 + 5
    assert json.loads(report.to_json())["area"] == bad
