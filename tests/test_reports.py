"""A report tells the same story in every format, and nothing in it can act.

Reports are made by hand here: what is expected follows from what went in.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from dataclasses import asdict, fields, replace
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from cspgraph.errors import CspgraphError, ParameterError
from cspgraph.rdf.terms import compact
from cspgraph.report import as_json
from cspgraph.report.findings import (
    STANDINGS,
    WORDS,
    DutyStatus,
    Evidence,
    Finding,
    Unseen,
)
from cspgraph.report.formats import ENDINGS, FORMATS
from cspgraph.report.report import Report

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
SCHEMA = json.loads((REFERENCE / "report.schema.json").read_text(encoding="utf-8"))
LINK = "http://www.legislation.gov.uk/ukpga/1998/37/section/6/1/a/2024-07-03"
#: The formats for people, in which no word of the trade stands.
FOR_PEOPLE = ("text", "md", "csv", "html")

DUTY = DutyStatus(
    law="CDA 1998 s.6(1)(a)",
    statement="prepare a plan",
    bodies=("Dorset Council",),
    area="Dorset",
    standing="not on record",
    link=LINK,
    address="https://w3id.org/cspgraph/id/duty/x.E06000059",
)
DONE = replace(DUTY, statement="do more", standing="on record", address="urn:done")
NOT_ON_RECORD = Finding(
    severity="violation",
    law=DUTY.law,
    link=LINK,
    reason="Somebody searched.",
    duty=DUTY.statement,
    bodies=DUTY.bodies,
    area="Dorset",
    focus=DUTY.address,
    label="Dorset Council",
    language="",
    shape="https://w3id.org/cspgraph/shape/duty-not-on-record",
    component="http://www.w3.org/ns/shacl#InConstraintComponent",
    message="No record was found; say where it is recorded.",
    path="csp:standing",
    value="standing:NotOnRecord",
    value_language="",
    example="",
    file="",
    place="",
)
NOTE = replace(
    NOT_ON_RECORD,
    severity="warning",
    law="",
    link="",
    reason="An undated decision cannot be placed in time.",
    duty="",
    bodies=(),
    area="",
    focus="https://w3id.org/cspgraph/id/decision/x",
    label="Cytunir y cynllun",
    language="cy",
    shape="https://w3id.org/cspgraph/shape/decision-on",
    message="Give the one day of the decision, as a date.",
    path="csp:on",
    value="19 March",
    example="2024-03-19",
    file="data/record/dorset/x.trig",
    place="line 12",
)
WITNESS = Evidence(
    law=DUTY.law,
    statement=DONE.statement,
    bodies=DONE.bodies,
    evidence="The partnership agrees",
    on="2024-03-19",
    source="Report, 3.3",
    where="data/record/dorset/x.trig, line 9",
    link=LINK,
    duty=DONE.address,
)
OUTSIDE = Unseen("nobody searched Poole", broken=False)
BROKEN = Unseen("sh:minCout is not a key", broken=True)
REPORT = Report(
    on=date(2024, 7, 3),
    area="Dorset",
    duties=(DUTY, DONE),
    findings=(NOT_ON_RECORD, NOTE),
    witnesses=(WITNESS,),
    unseen=(OUTSIDE, BROKEN),
)


# What it says of itself


def test_line_counts_everything() -> None:
    """The six standings in their order, the notes on files, and what was not checked."""
    assert REPORT.line == (
        "Dorset on 3 July 2024, 2 duties: on record 1, partly on record 0,"
        " not on record 1, not due yet 0, not looked for 0, not testable 0;"
        " notes on the data 1; not checked 2."
    )
    assert replace(REPORT, area="").line.startswith("3 July 2024, 2 duties: on")


@pytest.mark.parametrize(
    ("findings", "unseen", "in_order"),
    [
        ((), (), True),
        ((NOTE,), (), True),
        ((NOT_ON_RECORD,), (), False),
        ((), (OUTSIDE,), True),
        ((), (BROKEN,), False),
        ((), (OUTSIDE, BROKEN), False),
    ],
)
def test_in_order_only_when_the_check_did_its_work(
    findings: tuple[Finding, ...], unseen: tuple[Unseen, ...], *, in_order: bool
) -> None:
    report = replace(REPORT, findings=findings, unseen=unseen)
    assert report.conforms is in_order
    assert report.broken is (BROKEN in unseen)


def test_findings_sort_by_weight_then_law_and_never_tie() -> None:
    """Two findings that differ in one value only still have an order; lines count."""
    info = replace(NOT_ON_RECORD, severity="info", law="A")
    later = replace(NOT_ON_RECORD, law="EA 2010 s.149")
    tenth = replace(NOTE, place="line 100")
    twin = replace(NOTE, place="line 100", value="20 March")
    order = [NOT_ON_RECORD, later, NOTE, tenth, twin, info]
    assert all(sorted(mixed) == order for mixed in permutations(order))


@pytest.mark.parametrize(
    ("place", "line", "where"),
    [
        ("line 12", 12, "a.ttl, line 12"),
        ("sheet Bodies, cell B7", None, "a.ttl, sheet Bodies, cell B7"),
        ("line twelve", None, "a.ttl, line twelve"),
        ("", None, "a.ttl"),
    ],
)
def test_a_place_is_a_line_or_a_cell(place: str, line: int | None, where: str) -> None:
    finding = replace(NOTE, file="a.ttl", place=place)
    assert (finding.line, finding.where) == (line, where)


# Formats


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_with_one_line_break(form: str) -> None:
    text = REPORT.to(form)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("form", [form for form in FORMATS if form in FOR_PEOPLE])
def test_every_format_for_people_tells_the_whole_story(form: str) -> None:
    """Law, link, who, what to do, why, an example, place, gaps and evidence."""
    told = re.sub(
        r"\\(?=[_])|&#\d+;", lambda m: ":" if "&" in m[0] else "", REPORT.to(form)
    )
    for words in (
        *(DUTY.law, LINK, DUTY.statement, "Dorset Council", NOT_ON_RECORD.message),
        *(NOTE.reason, NOTE.label, NOTE.message, NOTE.example, NOTE.value, NOTE.file),
        *("line 12", BROKEN.text, OUTSIDE.text, WITNESS.evidence, WITNESS.source),
    ):
        assert words in told, words


def test_text_in_full() -> None:
    assert str(REPORT).splitlines() == [
        REPORT.line,
        f"not checked: {OUTSIDE.text}",
        f"not checked: {BROKEN.text}",
        "",
        "CDA 1998 s.6(1)(a): prepare a plan",
        LINK,
        "  look first: Dorset Council",
        f"    to do: {NOT_ON_RECORD.message}",
        "    why: Somebody searched.",
        "    where: nothing is recorded yet; see CDA 1998 s.6(1)(a)",
        "",
        "Entries in the files",
        "  look next: Cytunir y cynllun",
        f"    to do: {NOTE.message}",
        "    found: 19 March",
        f"    why: {NOTE.reason}",
        "    for example: 2024-03-19",
        "    where: data/record/dorset/x.trig, line 12",
        "",
        "on record: CDA 1998 s.6(1)(a): do more",
        "  who: Dorset Council",
        "  shown by: The partnership agrees, 2024-03-19",
        "  where: Report, 3.3; data/record/dorset/x.trig, line 9",
    ]


def test_repeats_are_folded_and_nothing_is_lost() -> None:
    """Eleven more bodies take one line; another weight or message is told apart."""
    bodies = [f"Body {number:02}" for number in range(12)]
    same = [
        replace(NOT_ON_RECORD, label=body, bodies=(body,), focus=f"urn:{body}")
        for body in bodies
    ]
    other = replace(NOT_ON_RECORD, label="Body 99", message="Look elsewhere.")
    report = replace(REPORT, findings=(*same, other), witnesses=())
    for form in ("text", "md", "html"):
        told = report.to(form)
        assert told.count("The same for 11 more bodies") == 1
        assert told.count("No record was found") == 1
        assert told.count("Look elsewhere.") == 1
        assert all(body in told for body in bodies)
    assert len(list(csv.reader(io.StringIO(report.to("csv"))))) == 1 + 2 + 13


def test_a_long_list_is_cut_where_it_is_read_aloud_alone() -> None:
    """The text names a dozen and says how many are left; the table names them all."""
    names = [f"Council {n:03}" for n in range(200)]
    found = tuple(replace(NOT_ON_RECORD, label=name, bodies=(name,)) for name in names)
    report = replace(REPORT, findings=found)
    text = report.to("text")
    assert "The same for 199 more bodies: Council 001; Council 002;" in text
    assert "Council 012; and 187 more, all of them in --format csv" in text
    assert all(name in report.to("csv") for name in names)


def test_json_holds_the_whole_report_and_is_read_back() -> None:
    whole = json.loads(REPORT.to("json"))
    assert whole["version"] == 1
    assert whole["standings"] == dict(REPORT.standings)
    assert [tuple(item) for item in whole["findings"][0].items()] == [
        (name, list(value) if isinstance(value, tuple) else value)
        for name, value in asdict(NOT_ON_RECORD).items()
    ]
    again = as_json.read(REPORT.to("json").encode(), "report.json")
    for field in fields(again):
        assert getattr(again, field.name) == getattr(REPORT, field.name)


def test_json_keeps_to_its_schema() -> None:
    """And a report that lacks a key, or has a word too many, does not."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    whole = json.loads(REPORT.to("json"))
    assert whole["$schema"] == SCHEMA["$id"] == as_json.SCHEMA
    validator.validate(whole)
    for key in whole:
        if key != "$schema":
            part = {name: value for name, value in whole.items() if name != key}
            assert not validator.is_valid(part), key
    assert not validator.is_valid({**whole, "extra": 1})
    for name in asdict(NOTE):
        less = {
            key: value for key, value in whole["findings"][1].items() if key != name
        }
        assert not validator.is_valid({**whole, "findings": [less]}), name


def test_written_in_the_format_of_its_ending(tmp_path: Path) -> None:
    for ending, form in ENDINGS.items():
        place = tmp_path / f"report{ending}"
        REPORT.write(place)
        assert place.read_text(encoding="utf-8") == REPORT.to(form)
    with pytest.raises(CspgraphError, match=r"the ending '.docx' is not one of"):
        REPORT.write(tmp_path / "report.docx")


# Filters


def test_one_body_alone() -> None:
    """Named in any case; its duties, findings and evidence, and no notes on files."""
    both = replace(REPORT, duties=(DUTY, replace(DONE, bodies=("Police",))))
    mine = both.of("dorset COUNCIL")
    assert mine.duties == (DUTY,)
    assert mine.findings == (NOT_ON_RECORD,)
    assert both.of("Police").findings == ()
    with pytest.raises(ParameterError, match="did you mean 'dorset council'"):
        both.of("Dorset Concil")


def test_by_duty_gives_each_duty_its_own() -> None:
    parts = REPORT.by_duty()
    assert list(parts) == [(d.law, d.statement) for d in REPORT.duties]
    assert parts[DUTY.law, "prepare a plan"].findings == (NOT_ON_RECORD,)
    assert parts[DUTY.law, "prepare a plan"].witnesses == ()
    assert parts[DUTY.law, "do more"].witnesses == (WITNESS,)


def test_frame_has_a_row_for_each_duty() -> None:
    frame = REPORT.to_frame()
    assert list(frame["standing"]) == ["not on record", "on record"]
    assert list(frame["to do"]) == [NOT_ON_RECORD.message, ""]


# Against a report of before


def test_only_what_is_new_and_what_is_gone() -> None:
    """The same finding in other words, or on another line, is not a new one."""
    gone = replace(NOTE, focus="urn:gone", label="Gone")
    moved = replace(NOTE, place="line 99", message="In other words.")
    before = replace(REPORT, findings=(moved, gone), on=date(2024, 1, 2))
    now = REPORT.since_then(before)
    assert now.findings == (NOT_ON_RECORD,)
    assert now.resolved == (gone,)
    assert "since 2 January 2024: new 1, no longer found 1;" in now.line
    for form in FOR_PEOPLE:
        assert "Gone" in now.to(form)
    assert json.loads(now.to("json"))["resolved"][0]["label"] == "Gone"
    with pytest.raises(ParameterError, match="is about Poole, not Dorset"):
        REPORT.since_then(replace(before, area="Poole"))


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"version": 2, "since": ""}'),
        REPORT.since_then(REPORT).to("json").encode(),
        REPORT.to("json").replace('"on": "2024-07-03"', '"on": "soon"').encode(),
        REPORT.to("json").replace('"label": "Dorset Council"', '"label": 3').encode(),
    ],
)
def test_no_report_of_before_is_refused(data: bytes) -> None:
    with pytest.raises(CspgraphError, match=r"old\.json: this is not a whole report"):
        as_json.read(data, "old.json")


# The shipped report


@pytest.fixture(scope="module")
def shipped(kg: KnowledgeGraph) -> Report:
    return kg.validate(on="2024-07-23", area="Dorset")


#: Local documents on record that are said to answer no Act: there is no law to cite.
OF_NO_ACT = {
    "Delivery plan of the Dorset and BCP Combating Drugs Partnership",
    "Dorset Domestic Abuse Strategy named in the plan of 2024-25",
}


def test_any_five_findings_can_be_acted_on(shipped: Report) -> None:
    """A file or the duty's law, a place, a law and an action; no word of the trade."""
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)  # noqa: T201 - shown when the test fails
    trade = re.compile(r"\b(shape|node|triple|shacl|iri)s?\b", re.IGNORECASE)
    lawful = [f for f in shipped.findings if f.label not in OF_NO_ACT]
    for finding in random.Random(seed).sample(lawful, 5):  # noqa: S311
        assert finding.law
        assert finding.link.startswith("http://www.legislation.gov.uk/")
        assert finding.message.endswith(".")
        assert bool(finding.file) == bool(finding.line)
        if finding.file:
            text = (REFERENCE.parents[1] / finding.file).read_text(encoding="utf-8")
            line = text.splitlines()[(finding.line or 0) - 1]
            assert line.strip()
        else:
            assert finding.duty
        alone = replace(shipped, findings=(finding,), witnesses=(), unseen=())
        for form in FOR_PEOPLE:
            told = alone.to(form)
            assert not trade.search(re.sub("<style>.*?</style>", "", told, flags=re.S))
            assert finding.law in told
            if form != "csv" or finding.place:
                assert (finding.place or "nothing is recorded yet") in told


@pytest.mark.parametrize("day", ["2024-07-23", "2024-10-11"])
def test_every_finding_has_its_law_and_place(kg: KnowledgeGraph, day: str) -> None:
    """Those about entries in the record of Dorset too: the law that they bear on."""
    findings = kg.validate(on=day, area="Dorset").findings
    assert {f.label for f in findings if not f.law} == OF_NO_ACT
    for finding in (f for f in findings if f.law):
        assert finding.link.startswith("http://www.legislation.gov.uk/"), finding
        assert finding.link.partition("#")[0].endswith(day), finding
        assert bool(finding.file) == bool(finding.line), finding
        assert finding.file or finding.duty, finding


def test_the_line_of_a_finding_is_that_of_its_entry(shipped: Report) -> None:
    """The decision on the vehicle is told where its address begins a line."""
    (finding,) = [
        f
        for f in shipped.findings
        if f.shape.endswith("/decision-on") and f.focus.endswith(".vehicle")
    ]
    text = (REFERENCE.parents[1] / finding.file).read_text(encoding="utf-8")
    line = text.splitlines()[(finding.line or 0) - 1]
    assert line.strip() == compact(finding.focus)


def test_words_of_weights_and_standings() -> None:
    """No weight and no standing says that something was left undone."""
    assert list(WORDS.values()) == ["look first", "look next", "for information"]
    assert len(STANDINGS) == 6
    assert not [word for word in STANDINGS if "done" in word]
