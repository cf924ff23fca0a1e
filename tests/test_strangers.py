"""Files of strangers: no layout, no value and no fact left out changes or ends an answer."""

from __future__ import annotations

import json
import random
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, serialize

import cspgraph
import few
from cspgraph.cli import main
from cspgraph.forms import csv_folder, yaml_file
from cspgraph.forms import read as forms_read
from cspgraph.forms.schema import form
from cspgraph.rdf import files
from cspgraph.rdf.files import Source
from cspgraph.rdf.terms import PREFIXES
from cspgraph.records.index import RecordIndex
from filled import names
from spoiled import cell

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "".join(f"@prefix {name}: <{start}> .\n" for name, start in PREFIXES.items())
SHIPPED = few.records()
FEW = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# Layout


def reprinted(source: Source, rng: random.Random) -> Source:
    """Return the same facts with other prefixes, indents and orders."""
    quads = list(files.quads(source))
    rng.shuffle(quads)
    used = {f"p{n}": start for n, start in enumerate(PREFIXES.values())}
    some = dict(rng.sample(sorted(used.items()), rng.randrange(len(used) + 1)))
    text = serialize(quads, format=RdfFormat.TRIG, prefixes=some) or b""
    indent = b"\n" + rng.choice([b"", b"  ", b"\t", b"      "])
    lines = [line.strip() if b'"""' not in text else line for line in text.split(b"\n")]
    return Source(source.name, indent.join(lines))


def told(index: RecordIndex) -> list[object]:
    """Return what an index says of its records."""
    dorset = "E06000059"
    versions = {
        q.subject.value
        for s in SHIPPED
        for q in files.quads(s)
        if isinstance(q.subject, NamedNode) and "/version/" in q.subject.value
    }
    return [
        index.areas,
        index.named(),
        index.judged,
        [index.areas_of(version) for version in sorted(versions)],
        [source.name for source in index.near({dorset})],
        index.claims_of(PREFIXES["document"] + "dorset-2024-07-23"),
    ]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 999))
def test_layout_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  the same every time
    again = [reprinted(source, rng) for source in SHIPPED]
    assert told(RecordIndex(again)) == told(RecordIndex(SHIPPED))


def test_layout_changes_no_verdict() -> None:
    report = "document:dorset-2024-07-23"
    kg = cspgraph.load()
    rows = kg.claims(report).rows()
    again = cspgraph.load()
    rng = random.Random(1)  # noqa: S311  the same every time
    again._dataset.record_index = RecordIndex(
        [reprinted(source, rng) for source in SHIPPED]
    )
    assert again.claims(report).rows() == rows


# Areas that only the publisher tells of

CLAIM = """
document:mine a csp:SourceDocument ; rdfs:label "Minute"@en ; csp:kind kind:Minutes ;
    csp:on "2024-05-23"^^xsd:date ; csp:publisher body:{} .
passage:mine.1 a csp:Passage ; rdfs:label "Minute 1"@en ;
    csp:inDocument document:mine ; csp:paragraph "1" .
claim:mine.1 a csp:Claim ; rdfs:label "It is adopted by the council"@en ;
    csp:quote "adopted by the council"@en ; csp:assertsAction act:Adopt ;
    csp:assertsProduct kind:CrimeAndDisorderStrategy ;
    csp:assertsRole role:CouncilForTheArea ; csp:source passage:mine.1 .
"""


def mine(folder: Path, text: str, name: str = "mine.ttl") -> str:
    place = folder / name
    place.write_text(HEAD + text, encoding="utf-8")
    return str(place)


@pytest.mark.parametrize(
    ("publisher", "judged"),
    [
        ("dorset-council", True),
        ("london-borough-of-croydon", True),
        ("medway-council", True),
        ("nobody-known", False),
    ],
)
def test_the_area_of_the_publisher_is_enough(
    publisher: str, judged: bool, tmp_path: Path
) -> None:
    """SI 2000/2853 Sch.3 reserves the adoption in England, where there is an executive."""
    made = cspgraph.load(mine(tmp_path, CLAIM.format(publisher))).claims(
        "document:mine"
    )
    assert (len(made.statements), made.unjudged) == ((1, 0) if judged else (0, 1))
    assert "No statement of law was taken" not in made.caption
    if publisher == "dorset-council":
        assert [row[4] for row in made.rows()] == ["SI 2000/2853 Sch.3"]


# Values and facts

FACTS = (
    CLAIM.format("ashfield-district-council")
    + """
strategy:mine a csp:Strategy ; rdfs:label "Plan"@en ; csp:area gss:E07000170 ;
    csp:kind kind:CommunitySafetyPlan ; csp:source passage:mine.1 .
version:mine a csp:StrategyVersion ; rdfs:label "Plan 2024-27"@en ;
    csp:versionOf strategy:mine ; csp:periodFrom "2024-04-01"^^xsd:date ;
    csp:periodUntil "2027-04-01"^^xsd:date ; csp:priority priority:mine ;
    csp:source passage:mine.1 .
priority:mine a csp:Priority ; rdfs:label "P"@en ; csp:theme theme:SeriousViolence ;
    csp:residualRisk 5 ; csp:source passage:mine.1 .
coverage:mine a csp:Coverage ; rdfs:label "c"@en ; csp:covering strategy:mine ;
    csp:product kind:CrimeAndDisorderStrategy ; csp:certainty kind:Stated ;
    csp:source passage:mine.1 .
decision:agree a csp:Decision ; rdfs:label "agreed"@en ; csp:kind kind:Agree ;
    csp:about version:mine ; csp:by body:ashfield-district-council ;
    csp:on "2024-05-23"^^xsd:date ; csp:status kind:Done ; csp:source passage:mine.1 .
assessment:mine a csp:Assessment ; rdfs:label "a"@en ; csp:kind kind:StrategicAssessment ;
    csp:area gss:E07000170 ; csp:on "2024-05-23"^^xsd:date ; csp:source passage:mine.1 .
funding:mine a csp:FundingStatement ; rdfs:label "f"@en ; csp:about strategy:mine ;
    csp:statement "s"@en ; csp:source passage:mine.1 .
search:mine a csp:Search ; rdfs:label "s"@en ; csp:area gss:E07000170 ;
    csp:lookedFor kind:CrimeAndDisorderStrategy ; csp:searchedIn document:mine ;
    csp:on "2024-07-01"^^xsd:date ; csp:validFrom "2024-01-01"^^xsd:date ;
    csp:validUntil "2025-01-01"^^xsd:date ; csp:statement "s"@en .
body:my-board a csp:Body ; rdfs:label "b"@en ; csp:validFrom "2020-01-01"^^xsd:date .
organ:my-organ a csp:Organ ; rdfs:label "o"@en ;
    csp:organOf body:ashfield-district-council ; csp:validFrom "2020-01-01"^^xsd:date .
"""
)
DAY = '"2024-05-23"^^xsd:date ; csp:status'
BAD_DAYS = ["2024-02-30", "12024-05-23", "-0044-03-15", "0000-01-01", "soon"]


@pytest.mark.parametrize("zone", ["Z", "+01:00", "-11:30", " "])
def test_a_day_with_a_zone_is_that_day(zone: str, tmp_path: Path) -> None:
    text = FACTS.replace(DAY, DAY.replace("05-23", f"05-23{zone}"))
    assert text != FACTS
    kg = cspgraph.load(mine(tmp_path, text), on="2024-11-01", areas=["Ashfield"])
    waiting = [
        row[1:] for row in kg.answer("agreed-not-adopted", area="Ashfield").words()
    ]
    assert waiting == [["2024-05-23", "", "162", "still waiting", ""]]
    report = kg.validate(area="Ashfield")
    assert not [
        f
        for f in report.findings
        if f.focus.endswith("decision/agree") and f.path == "csp:on"
    ]


@pytest.mark.parametrize("day", BAD_DAYS)
def test_a_day_that_is_none_is_found_with_its_line(
    day: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = FACTS.replace(DAY, DAY.replace("2024-05-23", day))
    place = mine(tmp_path, text)
    line = (HEAD + text).split("decision:agree")[0].count("\n") + 1
    report = cspgraph.load(place, on="2024-11-01").validate(area="Ashfield")
    found = [f for f in report.findings if f.value == day]
    assert {f.where for f in found} == {f"{place}, line {line}"}
    assert "Traceback" not in capfd.readouterr().err


ODD = [
    *(f'"{day}"^^xsd:date' for day in BAD_DAYS),
    *('"2024-05-23Z"^^xsd:date', '"9999-12-31"^^xsd:date', '"2024"^^xsd:gYear'),
    *('"2024-05-23T10:00:00"^^xsd:dateTime', f'"{"9" * 60_000}"^^xsd:integer'),
    *('"x"^^xsd:integer', '"x"^^xsd:duration', '"text"', '"text"@cy', '""', "[]"),
    *("[ a csp:Decision ]", "<urn:x>", "kind:Adopt", "version:mine", "( 1 2 )"),
]
SAID = [
    (thing, term, value)
    for block in re.findall(r"^(\w+:\S+) (.+?) \.$", FACTS, re.MULTILINE | re.DOTALL)
    for thing in [block[0]]
    for term, value in re.findall(r"(\S+) ((?:\"[^\"]*\"\S*)|\S+)(?: ;\s+|$)", block[1])
]


@FEW
@given(
    dropped=st.sets(st.sampled_from(SAID), max_size=25),
    odd=st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(ODD)), max_size=8),
)
def test_no_fact_is_taken_for_granted(
    dropped: set[tuple[str, str, str]],
    odd: list[tuple[tuple[str, str, str], str]],
    tmp_path: Path,
) -> None:
    """Any fact of any class left out, told twice, or of another kind."""
    kept = [fact for fact in SAID if fact not in dropped]
    kept += [
        (t, term, value)
        for (t, term, _), value in odd
        if term != "a" or value[0] != '"'
    ]
    text = "".join(f"{' '.join(fact)} .\n" for fact in kept)
    kg = cspgraph.load(mine(tmp_path, text), on="2024-11-01", areas=["Ashfield"])
    report = kg.validate(area="Ashfield")
    assert all(f.duty or f.file for f in report.findings)
    for form_ in ("text", "json", "sarif", "ttl"):
        assert report.to(form_)
    kg.answer("agreed-not-adopted", area="Ashfield").to_csv()


@pytest.mark.parametrize(("thing", "term"), sorted({fact[:2] for fact in SAID}))
def test_the_cut_needs_no_single_fact(thing: str, term: str, tmp_path: Path) -> None:
    """The same, each fact alone, on the derivation alone."""
    text = "".join(f"{' '.join(f)} .\n" for f in SAID if f[:2] != (thing, term))
    kg = cspgraph.load(mine(tmp_path, text), on="2024-11-01", areas=["Ashfield"])
    found = kg._dataset.day(date(2024, 11, 1), depth="register")
    assert next(iter(found.quads()))


# Forms as they are filled


def test_a_form_is_checked_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "good.xlsx"
    place.write_bytes(cell("Documents!F2", None))  # nobody has published it
    report = cspgraph.load(place, on="2024-11-01").validate(area="Dorset")
    cells = {f.place for f in report.findings if not f.duty}
    assert cells == {"Documents!2"}
    assert {f.file for f in report.findings if not f.duty} == {str(place)}


def test_what_cannot_be_read_is_a_finding_at_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "bad.xlsx"
    place.write_bytes(cell("Decisions!G2", "30 February 2024"))
    with pytest.raises(SystemExit) as ended:
        main(["check", str(place), "--area", "Dorset", "--format", "sarif"])
    assert ended.value.code == 1
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert [r for r in results if r["properties"]["place"] == "Decisions!G2"]
    files = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in results]
    assert {f["uri"].rpartition("/")[2] for f in files} == {"bad.xlsx"}


@pytest.mark.parametrize(
    "command",
    [
        ["claims", "document:mine"],
        ["answer", "agreed-not-adopted", "--area", "Ashfield", "--on", "2024-11-01"],
        ["why", "version:mine", "--on", "2024-11-01"],
        ["changes", "--area", "Ashfield", "--from", "2024-05-22", "--to", "2024-05-23"],
        ["sparql", "SELECT ?x { version:mine rdfs:label ?x }", "--area", "Ashfield"],
    ],
    ids=lambda command: command[0],
)
def test_commands_take_files_of_ones_own(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "adopted by the council" if command[0] == "claims" else "Plan"
    with pytest.raises(SystemExit) as ended:
        main([*command, "--with", mine(tmp_path, FACTS)])
    assert (ended.value.code or 0) == 0
    assert words in capsys.readouterr().out


# Import tells everything at once

TABLES = {
    "record": [["Name", "made-up"], ["Day", "2024-07-23"]],
    "documents": [
        ["Ref", "Title", "Kind of document", "Day of the document", "Publisher"],
        ["paper", "A paper", "minutes", "2024-07-23", "Dorset Council"],
        ["other", "Another", "minutes", "2024-07-24", "Dorset Council"],
    ],
    "decisions": [
        ["Ref", "Name", "Kind of decision", "Day", "Done or proposed", "Source"],
        ["one", "It is adopted", "adopt", "2024-07-23", "done", "paper / 2.1"],
        ["two", "It is agreed", "agree", "2024-07-24", "done", "other / 1"],
    ],
}
PLACES = [
    (table, row, column)
    for table, rows in TABLES.items()
    if table != "record"
    for row, cells in enumerate(rows)
    for column in range(len(cells))
]
BROKEN = {"Ref": ["--"], "Title": [], "Name": []}


def read(tables: dict[str, list[list[str]]]) -> forms_read.Record:
    files = [
        Source(f"{name}.csv", "\n".join(",".join(row) for row in rows).encode())
        for name, rows in tables.items()
    ]
    return forms_read.read(csv_folder.grid(files, form()), form(), names())


def test_the_tables_are_right() -> None:
    assert read(TABLES).problems == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 9)), max_size=6))
def test_what_was_told_is_all_there_is(
    breaks: list[tuple[tuple[str, int, int], int]],
) -> None:
    spoilt = {name: [list(row) for row in rows] for name, rows in TABLES.items()}
    for (table, row, column), pick in breaks:
        heading = TABLES[table][0][column]
        if row == 0:
            spoilt[table][0][column] = f"{heading}x"
        else:
            ways = BROKEN.get(heading, ["nonsense", "30 February 2024", "=1"])
            if heading == "Ref" and row == 2 and pick % 2:
                ways = [TABLES[table][1][0]]  # the ref of the row above
            if ways:
                spoilt[table][row][column] = ways[pick % len(ways)]
    for table, rows in TABLES.items():  # a ref is repeated only where it stands above
        above, own = spoilt[table][1][:1], spoilt[table][-1][:1]
        if table != "record" and above != rows[1][:1] and own == rows[1][:1]:
            spoilt[table][2][0] = rows[2][0]
    for problem in read(spoilt).problems:
        found = re.match(r"(\w+)\.csv, line (\d+)(?:, column (.+?))?$", problem.place)
        assert found, problem
        table, row, head = found[1], int(found[2]) - 1, (found[3] or "").lstrip("?")
        heads = TABLES[table][0]
        for column, heading in enumerate(heads):
            if row == 0 and spoilt[table][0][column] == problem.value:
                spoilt[table][0][column] = heading
            elif row and heading == head:
                spoilt[table][row][column] = TABLES[table][row][column]
    assert read(spoilt).problems == []


def test_a_table_spoilt_as_a_whole_hides_no_other_fault() -> None:
    """One table with semicolons, one in another code, one open quote: all are told."""
    texts = {
        name: "\n".join(",".join(row) for row in rows).encode()
        for name, rows in TABLES.items()
    }
    texts["documents"] = texts["documents"].replace(b",", b";")
    texts["documents"] = texts["documents"].replace(b"2024-07-23", b"soon")
    texts["decisions"] = texts["decisions"].replace(b"It is agreed", b"Agr\xe9ed")
    texts["decisions"] = texts["decisions"].replace(b"2024-07-23,done", b"soon,dune")
    texts["passages"] = b'Ref,Name,Document\nx,"A ""text" broken,nothing\n'
    files = [Source(f"{name}.csv", text) for name, text in texts.items()]
    made = forms_read.read(csv_folder.grid(files, form()), form(), names())
    told = "\n".join(map(str, made.problems))
    for said in (
        "documents.csv, line 1: the columns are separated by semicolons",
        "documents.csv, line 2, column Day of the document: 'soon'",
        "decisions.csv, line 3: byte 0xe9 is not UTF-8",
        "decisions.csv, line 2, column Day: 'soon'",
        "decisions.csv, line 2, column Done or proposed: 'dune'",
        "passages.csv, line 2: it is not a table",
        "passages.csv, line 2, column Document: 'nothing'",
    ):
        assert said in told
    assert not [q for q in made.quads if "paper" in str(q.subject)]


def test_an_outline_tells_what_yaml_it_does_not_read_with_the_rest() -> None:
    text = (
        "record: {name: made-up, name: other}\n"
        "documents:\n"
        "  - ref: paper\n    title: &a A paper\n    kind of document: !x minutes\n"
        "    day of the document: soon\n    publisher: *a\n    publisher: Nobody\n"
        "decisions:\n  - {ref: one, name: It, day: 30 February 2024, sorce: x}\n"
        "decisions:\n  - {ref: two, done or proposed: dune}\n"
    )
    grid = yaml_file.grid(Source("form.yaml", text.encode()), form())
    made = forms_read.read(grid, form(), names())
    places = {problem.place for problem in made.problems}
    lines = (1, 4, 5, 6, 7, 8, 10, 11, 12)
    assert places >= {f"form.yaml, line {line}" for line in lines}


def test_a_sheet_that_is_no_yaml_hides_no_fault_of_another() -> None:
    text = (
        "record: {name: made-up}\n"
        'documents:\n  - title: "A paper\n    kind of document: minutes\n'
        "decisions:\n  - {ref: one, day: soon}\n"
        "claims:\n  - ref: Plan: the paper\n"
        "searches:\n  - {ref: two, area: Nowhere}\n"
    )
    grid = yaml_file.grid(Source("form.yaml", text.encode()), form())
    told = [str(p) for p in forms_read.read(grid, form(), names()).problems]
    for line in (6, 8, 10):
        assert any(said.startswith(f"form.yaml, line {line}: ") for said in told)
    assert any(
        said.startswith(("form.yaml, line 3", "form.yaml, line 5")) for said in told
    )


def variants() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return each thing of each class with one fact dropped, told twice, or otherwise."""
    found, number = [], 0
    for thing, term in sorted({fact[:2] for fact in SAID}):
        facts = [fact for fact in SAID if fact[0] == thing]
        for odd in ["", "twice", ODD[number % len(ODD)]]:
            if term == "a" and odd[:1] in {'"', "("}:
                continue
            number += 1
            name = f"{thing.partition(':')[0]}:variant-{number}"
            kept = [(name, *f[1:]) for f in facts if f[1] != term or odd == "twice"]
            if odd:
                kept.append(
                    (name, term, "theme:DomesticAbuse" if odd == "twice" else odd)
                )
            found.append((f"{thing} {term} {odd[:12]}", kept))
    return found


def test_every_fact_of_every_class_may_be_missing_twice_or_otherwise(
    tmp_path: Path,
) -> None:
    """Hundreds of things in one file: each finding has its line, and the sound one stands."""
    made = variants()
    assert {thing for thing, _, _ in SAID} == {what.split()[0] for what, _ in made}
    blocks = [f for _, facts in made for f in facts]
    text = FACTS + "".join(f"{' '.join(fact)} .\n" for fact in blocks)
    place = mine(tmp_path, text)
    kg = cspgraph.load(place, on="2024-11-01", areas=["Ashfield"])
    report = kg.validate(area="Ashfield")
    own = [f for f in report.findings if not f.duty]
    assert all(f.file == place and re.match(r"line \d+", f.place) for f in own)
    told = {f.focus.rpartition("/")[2] for f in own}
    assert len(told & {f[0].partition(":")[2] for f in blocks}) > len(made) / 4
    for form_ in ("text", "json", "sarif", "ttl"):
        assert report.to(form_)
    waiting = kg.answer("agreed-not-adopted", area="Ashfield").words()
    assert ["Plan 2024-27", "2024-05-23", "", "162", "still waiting", ""] in waiting
