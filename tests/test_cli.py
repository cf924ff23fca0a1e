"""The command: data on standard output, talk on standard error, and how it ends."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, SH, Graph, URIRef

import cspgraph
import few
import filled
from cspgraph.cli import main
from cspgraph.cli.app import _MODULES
from cspgraph.dataset import Dataset
from cspgraph.drafts import draft
from cspgraph.graph import KnowledgeGraph
from cspgraph.questions import catalogue
from cspgraph.questions.query_file import queries
from cspgraph.rdf.terms import PREFIXES
from cspgraph.receipt import warning
from cspgraph.report.findings import DutyStatus, Finding, Unseen
from cspgraph.report.formats import FORMATS
from cspgraph.report.report import Report
from cspgraph.validate import shapes
from test_drafts import REPORT
from test_read_reports import as_docx, as_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cspgraph.cache import Cache
    from cspgraph.rdf.files import Source

DAY = "2024-07-23"
PLAN = "version:dorset-csplan-2023.2024-25"
DORSET = ("--area", "Dorset", "--on", DAY)
FEW = [word for area in few.AREAS for word in ("--area", area)]
COMMANDS = list(_MODULES)
#: One needs the files of publishers, and `test_building.py` runs it; one writes the pages
#: of the country, of which `test_site.py` writes a part.
RUN_ELSEWHERE = ("register", "site")
ADOPT = ("answer", "who-must-adopt", "--area", "Dorset", "--on", DAY)
DO = ("answer", "who-must-do-what", "--area", "Dorset", "--on", DAY)
ALL = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"

each_query = pytest.mark.parametrize("name", queries())


@dataclass(frozen=True)
class Outcome:
    """What the command left: its exit code, the data and the talk."""

    code: int
    out: str
    err: str

    def refused(self) -> bool:
        """Say whether it ended as misuse, with one sentence and nothing else."""
        lines = self.err.splitlines()
        return (
            self.code == 2
            and self.out == ""
            and len(lines) == 1
            and lines[0].startswith("cspgraph: ")
        )


class Command(Protocol):
    """Runs the command in this process."""

    def __call__(self, *words: str) -> Outcome:
        """Return how the command with `words` ended."""
        ...


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kg: KnowledgeGraph,
) -> Command:
    """Return the command, with the shipped files read once for all tests."""
    monkeypatch.delenv("CSPGRAPH_ENDPOINT", raising=False)

    def dataset(
        own: Sequence[Source] = (),
        scenario: str = "",
        tell: Callable[[str], object] = str,
        records: Sequence[Source] = (),
        left_out: Sequence[str] = (),
        areas: Sequence[str] = (),
        day: date | None = None,
        on_disk: Cache | None = None,
        *,
        drafts: bool = False,
    ) -> Dataset:
        assert on_disk is None  # tests keep nothing
        if own or scenario or records or left_out:
            given = (own, scenario, tell, records, left_out, areas, day)
            return Dataset(*given, drafts=drafts)
        shared = copy.copy(kg._dataset)  # another limit leaves that of the tests alone
        if areas:
            shared.limit = frozenset(shared.area(word, day) for word in areas)
        return shared

    monkeypatch.setattr("cspgraph.graph.Dataset", dataset)

    def run(*words: str) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(words)
        code = ended.value.code or 0
        assert isinstance(code, int)
        return Outcome(code, *capsys.readouterr())

    return run


def process(
    *words: str, send: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, with `environment` on top of ours."""
    return subprocess.run(
        [sys.executable, "-m", "cspgraph.cli", *words],
        input=send,
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def asked(name: str) -> list[str]:
    """Return the words that ask the question `name` as its example does."""
    example = queries()[name].example.items()
    options = [(f"--{key.replace('_', '-')}", value) for key, value in example]
    return ["answer", name, *(word for option in options for word in option)]


def rows(outcome: Outcome) -> list[dict[str, object]]:
    """Return the rows of an answer given as JSON."""
    assert outcome.code == 0, outcome.err
    found: list[dict[str, object]] = json.loads(outcome.out)["rows"]
    return found


# Questions and help


def test_questions_are_all_listed(command: Command) -> None:
    done = command("questions")
    assert (done.code, done.err) == (0, "")
    listed = re.findall(r"^[a-z-]+(?=  )", done.out, re.MULTILINE)
    assert [name for name in listed if name in queries()] == sorted(queries())
    assert "--area AREA" in done.out
    assert "[--product PRODUCT]" in done.out


def examples(text: str) -> list[list[str]]:
    """Return the commands that a help text shows, as words."""
    return [
        shlex.split(line.partition(" > ")[0])
        for line in text.splitlines()
        if line.startswith("  ") and line.strip().startswith("cspgraph ")
    ]


def reports() -> None:
    """Write here what the examples about reports read."""
    forum = " It has been considered by the Invented Forum on 5 February 2026."
    text = "Dorset Council\n\n" + REPORT.replace(forum, "")
    as_docx(Path("report.docx"), text)
    as_pdf(Path("report.pdf"), text)
    Path("reports").mkdir()
    as_docx(Path("reports/report.docx"), text)
    draft.read("report.pdf", area="E06000059").write(Path("draft.yaml"))
    made = Path("draft.yaml").read_text(encoding="utf-8")
    confirmed = made.replace('confirmed: ""', 'confirmed: "yes"')
    Path("draft.yaml").write_text(confirmed, encoding="utf-8")


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_shows_an_example_first(name: str, command: Command) -> None:
    done = command(*filter(None, [name]), "--help")
    assert (done.code, done.err) == (0, "")
    assert "\\b" not in done.out
    before, _, after = done.out.partition("For example:")
    assert after
    assert not re.search(r"^(Options|Arguments|Commands):", before, re.MULTILINE)
    assert all(words[1] == name or not name for words in examples(done.out))


@pytest.mark.parametrize(
    "name",
    [
        # One example of check is about the whole country.
        pytest.param(name, marks=pytest.mark.country) if name == "check" else name
        for name in ("", *COMMANDS)
        if name not in RUN_ELSEWHERE
    ],
)
def test_examples_of_the_help_run(
    name: str,
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my-record.trig").write_text(OWN, encoding="utf-8")
    Path("my-records").mkdir()
    Path("my-records/own.trig").write_text(OWN, encoding="utf-8")
    Path("my-shapes.ttl").write_text(SHAPES, encoding="utf-8")
    filled.write_form(parse(OWN, RdfFormat.TRIG), Path("ashford.xlsx"))
    if name in ("claims", "read", "confirm"):
        reports()
    found = examples(command(*filter(None, [name]), "--help").out)
    assert found
    if name == "template":
        Path("ashford.xlsx").unlink()
    for _, *words in found:
        done = command(*words)
        assert done.code in ((0, 1) if words[0] == "check" else (0,)), done.err
        assert done.out or done.err or "-o" in words


def test_help_lists_every_command(command: Command) -> None:
    done = command("--help")
    listed = re.findall(r"^  ([a-z-]+)  ", done.out.partition("Commands:")[2], re.M)
    assert listed == COMMANDS
    assert command() == done


@pytest.mark.parametrize("words", [(), ("--quiet",), ("questions",)])
def test_version_is_told_whatever_follows(
    words: tuple[str, ...], command: Command
) -> None:
    done = command("--version", *words)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"cspgraph {cspgraph.__version__}\n"


@each_query
def test_help_of_a_question(name: str, command: Command) -> None:
    done, query = command("answer", name, "--help"), queries()[name]
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:3] == [query.question, "", f"  cspgraph {shlex.join(asked(name))}"]
    for parameter in query.parameters:
        assert parameter.title in done.out
    for column in query.columns:
        assert f"  {column.name}: {column.title}" in lines
    assert rows(command(*examples(done.out)[0][1:], "--format", "json"))


def test_help_may_stand_anywhere(command: Command) -> None:
    one = command("answer", "who-must-adopt", "--help")
    assert command("answer", "--help", "who-must-adopt") == one
    assert command("answer", "who-must-adopt", "--area", "Dorset", "--help") == one


# Answers in every format


@each_query
def test_json_is_one_object(name: str, command: Command, kg: KnowledgeGraph) -> None:
    done = command(*asked(name), "--format", "json")
    whole, query = json.loads(done.out), queries()[name]
    assert list(whole) == [
        "schema",
        *("question", "parameters", "on", "sentence", "columns"),
        *("rows", "empty", "labels", "complete", "receipt"),
    ]
    values = dict(query.example)
    answer = kg.answer(name, on=values.pop("on"), **values)
    warned = warning(answer.receipt)
    told = f"cspgraph: {warned}\n" if warned else ""
    assert (done.code, done.err) == (0, told)
    assert whole["question"] == name
    assert whole["on"] == (None if query.all_dates else query.example["on"])
    assert whole["complete"] is True
    assert {k for k, v in whole["parameters"].items() if v} == set(values)
    assert [column["name"] for column in whole["columns"]] == [
        column.name for column in query.columns
    ]
    assert whole["rows"] == [
        {k: str(v) if isinstance(v, date) else v for k, v in row.items()}
        for row in answer
    ]
    assert whole["rows"]
    words = {"text", "date", "integer"}
    things = {column.name for column in query.columns if column.kind not in words}
    for row in whole["rows"]:
        for column in things:
            assert row[column] is None or row[column].startswith("http")
            assert row[column] is None or row[column] in whole["labels"]
        assert "" not in row.values()
    assert set(whole["receipt"]) >= {"version", "on", "engine", "law", "rules"}
    for terms in whole["parameters"].values():
        assert all(
            not term.startswith(tuple(f"{p}:" for p in PREFIXES)) for term in terms
        )


def test_missing_values_are_null(command: Command) -> None:
    """Report, paragraph 1.7: a claim for which no provision of the 2022 Act was found."""
    found = rows(command(*ADOPT, "--format", "json"))
    asserted = [row for row in found if str(row["basis"]).endswith("/AssertedOnly")]
    assert asserted
    assert all(row["law"] is None and row["law_url"] is None for row in asserted)


def test_csv_is_that_of_the_library(command: Command, kg: KnowledgeGraph) -> None:
    done = command(*ADOPT, "--format", "csv")
    answer = kg.answer("who-must-adopt", area="Dorset", on=DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out == answer.to_csv()
    head, *lines = csv.reader(io.StringIO(done.out))
    assert head == [column.name for column in answer.columns]
    assert lines == answer.words()


def test_markdown_is_that_of_the_library(command: Command, kg: KnowledgeGraph) -> None:
    done = command(*ADOPT, "--format", "md")
    answer = kg.answer("who-must-adopt", area="Dorset", on=DAY)
    assert (done.code, done.err) == (0, "")
    assert done.out == answer.to_markdown()
    assert "\n| body | organ | product |" in done.out


def test_table_has_its_receipt_on_the_other_channel(
    command: Command, kg: KnowledgeGraph
) -> None:
    done = command(*ADOPT)
    answer = kg.answer("who-must-adopt", area="Dorset", on=DAY)
    assert done.code == 0
    said, table = done.out.split("\n\n", 1)
    assert " ".join(said.split()) == answer.sentence()
    assert table.splitlines()[0] == answer.caption
    assert "http" not in done.out
    address = "http://www.legislation.gov.uk/uksi/2000/2853/schedule/3/"
    assert address in command(*ADOPT, "--links").out
    assert done.err.splitlines()[-1].startswith(f"cspgraph {cspgraph.__version__}, ")
    assert str(answer.receipt["law"])[:12] in done.err
    assert str(answer.receipt["law"])[:12] not in done.out


def test_no_rows_are_an_answer(command: Command) -> None:
    """Bournemouth, Christchurch and Poole: no document of it was read."""
    done = command("answer", "strategies", "--area", "E06000058", "--on", "2020-01-01")
    assert done.code == 0
    assert "0 rows." in done.out


# Naming things


@pytest.mark.parametrize(
    "area",
    [
        *("E06000059", "gss:E06000059", "dorset", "e06000059"),
        "http://statistics.data.gov.uk/id/statistical-geography/E06000059",
    ],
)
def test_area_by_any_of_its_names(area: str, command: Command) -> None:
    words = ("answer", "responsible-authorities", "--on", DAY, "--format", "json")
    assert command(*words, "--area", area) == command(*words, "--area", "Dorset")


NAMES = [
    ("action", ["adopt", "Adopt", "act:Adopt", f"{PREFIXES['act']}Adopt"]),
    (
        "product",
        [
            "reducing reoffending strategy",
            "reducing-reoffending-strategy",
            "Reducing Reoffending Strategy",
            "ReoffendingStrategy",
            "kind:ReoffendingStrategy",
        ],
    ),
    ("body", ["Dorset Council", "dorset-council", "body:dorset-council"]),
]


@pytest.mark.parametrize(
    ("parameter", "name"), [(kind, name) for kind, names in NAMES for name in names]
)
def test_parameter_by_any_name(parameter: str, name: str, command: Command) -> None:
    """Full council adopts under the list of SI 2000/2853: section (f) of the reference."""
    given = {kind: names[-1] for kind, names in NAMES} | {parameter: name}
    words = [word for kind, value in given.items() for word in (f"--{kind}", value)]
    (row,) = rows(command(*DO, *words, "--format", "json"))
    assert row["law"] == "SI 2000/2853 Sch.3"
    assert str(row["product"]).endswith("/ReoffendingStrategy")


@pytest.mark.parametrize(
    "document",
    [
        "dorset-2024-07-23",
        "document:dorset-2024-07-23",
        f"{PREFIXES['document']}dorset-2024-07-23",
    ],
)
def test_document_by_any_name(document: str, command: Command) -> None:
    found = rows(
        command(
            "answer", "claims", "--document", document, "--on", DAY, "--format", "json"
        )
    )
    assert {"1.4", "3.1"} <= {row["passage"] for row in found}


def test_value_may_stand_after_an_equals_sign(command: Command) -> None:
    one = command(*DO, "--action", "adopt", "--format", "csv")
    assert command(*DO, "--action=adopt", "--format=csv") == one


def test_option_given_twice_means_either(command: Command) -> None:
    def products(*names: str) -> list[object]:
        given = [word for name in names for word in ("--product", name)]
        found = rows(command(*DO, "--action", "adopt", *given, "--format", "json"))
        return [row["product"] for row in found]

    one, two = "crime and disorder strategy", "reducing reoffending strategy"
    assert products(one)
    assert sorted(map(str, products(one, two))) == sorted(
        map(str, products(one) + products(two))
    )


def test_options_may_come_before_the_question(command: Command) -> None:
    name, *given = ADOPT[1:]
    assert command("answer", *given, name, "--format", "csv") == command(
        *ADOPT, "--format", "csv"
    )


# Misuse: one sentence, exit 2, nothing else

MISUSE = {
    # the day
    (
        *ADOPT[:4],
        "--on",
        "yesterday",
    ): "on: 'yesterday' is not a date; write 23 July 2024 or 2024-07-23",
    (*ADOPT[:4], "--on", "2024-02-30"): "on: '2024-02-30' is not a date",
    (*ADOPT[:4], "--on", "03/04/2024"): "on: '03/04/2024' may be 3 April or 4 March",
    (*ADOPT[:4], "--on", ""): "on: '' is not a date",
    (*ADOPT[:4], "--on", "9999-12-31"): "on: ",
    ("why", PLAN, "--on", "23 Juli 2024"): "on: '23 Juli 2024' is not a date",
    ("check", "--on", "2024-13-01"): "on: '2024-13-01' is not a date",
    ("build", "-o", "day.nq", "--on", "soon"): "on: 'soon' is not a date",
    ("build", "-o", "day.nq", "--on", ""): "on: '' is not a date",
    ("sparql", "ASK {}", "--on", "soon"): "on: 'soon' is not a date",
    ("sparql", "ASK {}", "--on", ""): "on: '' is not a date",
    ("due", "cdos09-respond-28-days", "--from", "soon"): "'soon' is not a date",
    # the question
    ("answer", "who-must-adpot"): "did you mean 'who-must-adopt'?",
    ("answer", "xyz"): "'cspgraph questions' lists them",
    # things
    ("answer", "standing", "--area", "Dorsett", "--on", DAY): "did you mean 'Dorset'?",
    ("answer", "standing", "--area", "zzz", "--on", DAY): "of an area",
    ("answer", "standing", "--area", "Poole", "--on", DAY): "until 2019-04-01",
    ("answer", "standing", "--area", "Dorset Cabinet", "--on", DAY): "'Dorset Cabinet'",
    ("check", "--area", "Dorsett", "--on", DAY): "did you mean 'Dorset'?",
    ("check", "--area", ""): "area: no value follows",
    ("answer", "claims", "--document", "Dorset", "--on", DAY): "'Dorset' may be",
    (*DO, "--action", "adpot"): "did you mean 'Adopt'?",
    (*DO, "--product", "Dorset"): "product: 'Dorset'",
    (*DO, "--body", "Dorset"): "body: 'Dorset'",
    ("why", "no such thing", "--on", DAY): "thing: 'no such thing' is not known",
    (
        "why",
        "Partnerships must produce strategies to reduce reoffending",
        "--on",
        DAY,
    ): "; give a code",
    ("why", "body:Dorset Council", "--on", DAY): "did you mean 'Dorset Council'?",
    ("why", "http://example.org/a b", "--on", DAY): "is not known",
    (
        "why",
        "Dorset",
        "--on",
        DAY,
    ): "'Dorset' is an area, E06000059 (Dorset), and why is not asked of an area; name",
    ("due", "no-such-duty", "--from", DAY): "duty: 'no-such-duty' is not known",
    (*ADOPT, "--scenario", "none"): "scenario: 'none' is not known",
    # parameters
    ("answer", "who-must-adopt"): "area: missing",
    (*ADOPT, "--aera", "Dorset"): "did you mean 'area'?",
    (*ADOPT, "--name", "x"): "name: 'who-must-adopt' has no such parameter",
    (*ADOPT, "--self", "x"): "self: 'who-must-adopt' has no such parameter",
    (*ADOPT, "Dorset"): "'Dorset' stands alone",
    (*ADOPT, "-a", "Dorset"): "'-a' stands alone",
    ("answer", "who-must-adopt", "--area"): "area: no value follows",
    ("answer", "who-must-adopt", "--area="): "area: no value follows",
    ("answer", "who-must-adopt", "--area", "--on", DAY): "area: no value follows",
    (*ADOPT, "--format", "xml"): "'--format'",
    # the command
    ("anwser",): "no such command 'anwser'",
    ("build",): "'--output'",
    ("register",): "missing command; see 'cspgraph register --help'",
    ("register", "build"): "'--from'",
    ("register", "build", "--from", "none", "-o", "."): "none: no such file",
    ("register", "build", "--from", ".", "-o", "."): ".: no file in this folder ends",
    ("register", "build", "--from", ".", "-o", "none"): "none: no such folder; make",
    ("register", "build", "--from", "\0", "-o", "."): "holds a NUL; leave it out",
    ("why",): "cspgraph why --help",
    ("why", PLAN, "--when", DAY): "--when",
    ("check", "--format", "pdf"): "'--format'",
    ("check", "-o", "report.docx"): "the ending '.docx' is not one of .txt, .md",
    ("check", "--since", "none.json"): "none.json: no such file or directory",
    ("check", "--since", "\0"): "holds a NUL; leave it out",
    ("sparql", "ASK {}", "--rows", "0"): "'--rows'",
    ("sparql", "ASK {}", "--seconds", "-1"): "'--seconds'",
    # free SPARQL
    ("sparql", ""): "begin with SELECT",
    ("sparql", "SELECT", *DORSET): "not a SPARQL SELECT or ASK",
    ("sparql", "SELECT * { SERVICE <http://a/> {} }"): "SERVICE would call",
    ("sparql", "DELETE WHERE { ?s ?p ?o }"): "begin with SELECT",
    ("sparql", "ASK { ?s ?p '\udcff' }"): "UTF-8",
    ("sparql", "@no-such.rq"): "no-such.rq: no such file or directory; check the path",
    ("sparql", "@."): "this is a folder, not a file; give the path of a file",
    # endpoints
    (
        *ADOPT,
        "--endpoint",
        "http://127.0.0.1:9/",
    ): "leave --on, --scenario and --with out",
    ("answer", "joint-strategies", "--endpoint", "file:///etc/hostname"): "http://",
    ("answer", "joint-strategies", "--endpoint", "http://127.0.0.1:9/"): "no answer",
    # places to write
    ("build", "-o", "none/day.nq"): "no such file or directory; choose another place",
    ("build", "-o", "day.csv"): "the ending '.csv' is not one of",
    ("build", "-o", "."): "the ending '(none)' is not one of",
    # files to read
    ("check", "none.ttl"): "none.ttl: no such file or directory; check the path",
    ("build", "none.trig", "-o", "day.nq"): "none.trig: no such file",
    ("check", "."): "no file in this folder ends in .ttl, .trig",
    ("check", "notes.docx"): "files of kind '.docx' are not read",
}


@pytest.mark.parametrize(
    ("words", "reason"),
    MISUSE.items(),
    ids=[ascii(shlex.join(words)) for words in MISUSE],
)
def test_misuse_is_one_sentence(
    words: tuple[str, ...],
    reason: str,
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command(*words)
    assert done.refused(), done
    assert reason in done.err
    assert not list(tmp_path.iterdir())


BROKEN = {
    "a.ttl": (b"<urn:a> <urn:b> .\n", "line 1"),
    "b.trig": (b"<urn:g> { <urn:a> <urn:b> <urn:c> .\n", "b.trig"),
    "c.ttl": (b"@prefix x: <urn:> .\n\nx:a x:b y:c .\n", "line 3"),
    "d.ttl": (b'<urn:a> <urn:b> "caf\xe9" .\n', "save the file as UTF-8"),
    "e.ttl": (b"<!DOCTYPE html>\n", "document type"),
    "f.ttl": (b"[" * 200, "brackets"),
    "g.ttl": (b"{}", "g.ttl"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(
    "words", [("check",), ("build", "--area", "Dorset", "--output", "out.nq")]
)
def test_broken_file_is_one_sentence(
    words: tuple[str, ...],
    name: str,
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    data, reason = BROKEN[name]
    Path(name).write_bytes(data)
    done = command(*words, name)
    assert done.refused(), done
    assert name in done.err
    assert reason in done.err
    assert [item.name for item in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "words",
    [(*ADOPT[:4], "--on", "x"), ("why", "\udcff"), ("check", "\x1b[31m.ttl"), ("x",)],
)
def test_misuse_in_a_process_of_its_own(words: tuple[str, ...]) -> None:
    done = process(*words)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"cspgraph: ")
    assert done.stderr.count(b"\n") == 1
    assert b"\x1b" not in done.stderr


def test_interrupt_is_quiet(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cspgraph.graph.load", interrupt)
    assert command(*ADOPT) == Outcome(130, "", "")


# Why, due and coverage


def test_why_is_that_of_the_library(command: Command, kg: KnowledgeGraph) -> None:
    done = command("why", PLAN, "--on", DAY)
    assert done.code == 0
    assert done.err.splitlines()[-1].startswith("cspgraph "), "the receipt"
    chains = kg.why(PLAN, on=DAY)
    ends = {chain.steps[-1].text for chain in chains}
    assert all(text in done.out for text in ends)
    assert done.out.splitlines()[0] == chains[0].steps[0].text
    assert command("why", f"{PREFIXES['version']}{PLAN[8:]}", "--on", DAY) == done


def test_due_says_the_day_and_the_law(command: Command) -> None:
    """SI 2007/1830 regulation 10(2): before the year that begins on 1 April."""
    done = command("due", "si07-revise-partnership-plan.england", "--from", DAY)
    assert done.code == 0
    assert done.err.startswith("Law read by ")
    assert "due by 31 March 2025; the due day before was 31 March 2024" in done.out
    assert "(SI 2007/1830 reg.10(2)" in done.out


def test_coverage_is_a_page(command: Command) -> None:
    done = command("coverage")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# ")
    assert "Crime and Disorder Act 1998" in done.out


# Check


def test_check_tells_the_same_in_every_format(
    command: Command, kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = kg.validate(on=DAY, area="Dorset")
    monkeypatch.setattr(KnowledgeGraph, "validate", lambda *_, **__: found)
    words = ("check", "--area", "Dorset", "--on", DAY)
    text, line, page = (
        command(*words, "--format", f) for f in ("text", "line", "html")
    )
    data = command(*words, "--format", "json")
    warned = warning(found.receipt)
    told = f"cspgraph: {warned}\n" if warned else ""
    assert [done.err for done in (text, line, page, data)] == [told] * 4
    assert [text.code, page.code, data.code, line.code] == [1, 1, 1, 0]
    whole = json.loads(data.out)
    assert whole["on"] == DAY
    assert whole["area"] == "Dorset"
    assert any(finding["severity"] == "violation" for finding in whole["findings"])
    assert line.out.count("\n") == 1
    assert line.out in text.out
    for name, count in whole["standings"].items():
        assert f"{name} {count}" in line.out
    assert page.out.startswith("<!DOCTYPE html>")
    assert all(finding["message"] in text.out for finding in whole["findings"])


def report(**parts: object) -> Report:
    """Return a report with nothing to say but `parts`."""
    empty: dict[str, object] = {
        "on": date(2024, 7, 23),
        "area": "",
        "findings": (),
        "witnesses": (),
        "unseen": (),
        "duties": (DutyStatus("s.6", "plan", ("Council",), "", "on record", "", "x"),),
    }
    return Report(**(empty | parts))  # type: ignore[arg-type]


def finding(severity: str) -> Finding:
    words = dict.fromkeys(Finding.__dataclass_fields__, "")
    return Finding(**(words | {"severity": severity, "message": "Look.", "bodies": ()}))  # type: ignore[arg-type]


BROKEN_CHECK = Unseen("a misspelt word", broken=True)
NOT_SEARCHED = Unseen("nobody searched", broken=False)
ENDINGS = [
    ({}, 0),
    ({"findings": (finding("warning"), finding("info"))}, 0),
    ({"findings": (finding("violation"),)}, 1),
    ({"unseen": (BROKEN_CHECK,)}, 3),
    ({"unseen": (BROKEN_CHECK,), "findings": (finding("violation"),)}, 3),
    ({"unseen": (NOT_SEARCHED,)}, 0),
    ({"unseen": (NOT_SEARCHED,), "findings": (finding("violation"),)}, 1),
]


@pytest.mark.parametrize(("parts", "code"), ENDINGS)
@pytest.mark.parametrize("form", [form for form in FORMATS if form != "line"])
def test_check_ends_with_what_it_found(
    parts: dict[str, object],
    code: int,
    form: str,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(KnowledgeGraph, "validate", lambda *_, **__: report(**parts))
    done = command("check", "--format", form)
    assert (done.code, done.err) == (code, "")
    assert done.out
    strict = command("check", "--format", form, "--strict")
    assert strict.code == (3 if parts.get("unseen") else code)
    assert strict.out == done.out


def test_check_says_what_was_not_checked(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shape for a class that nothing belongs to has looked at nothing."""
    shipped = shapes.shapes

    def with_one_more(family: str) -> Graph:
        one, shape = Graph(), URIRef("http://example.org/idle")
        one.add((shape, RDF.type, SH.NodeShape))
        one.add((shape, SH.targetClass, URIRef("http://example.org/Nothing")))
        return one + shipped(family)

    monkeypatch.setattr(shapes, "shapes", with_one_more)
    done = command("check", "--area", "Dorset", "--on", DAY)
    assert done.code == 3
    assert re.search(r"^not checked: http://example.org/idle ", done.out, re.MULTILINE)
    assert "not checked 0" not in done.out


def test_check_writes_a_file_in_the_format_of_its_ending(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And in the named format, whatever the ending; nothing goes to standard output."""
    monkeypatch.setattr(KnowledgeGraph, "validate", lambda *_, **__: report())
    page, data, odd = (tmp_path / name for name in ("a.html", "a.json", "a.odd"))
    assert command("check", "-o", str(page)) == Outcome(0, "", "")
    assert page.read_text(encoding="utf-8") == report().to("html")
    assert command("check", "-o", str(data)) == Outcome(0, "", "")
    assert data.read_text(encoding="utf-8") == report().to("json")
    assert command("check", "--format", "md", "-o", str(odd)) == Outcome(0, "", "")
    assert odd.read_text(encoding="utf-8") == report().to("md")


def test_check_since_tells_only_what_is_new(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there before is no reason to end with 1."""
    old, new = finding("violation"), replace(finding("violation"), focus="urn:new")
    place = tmp_path / "before.json"
    place.write_text(report(findings=(old,)).to("json"), encoding="utf-8")
    now = report(findings=(old,))
    monkeypatch.setattr(KnowledgeGraph, "validate", lambda *_, **__: now)
    assert command("check").code == 1
    done = command("check", "--since", str(place))
    assert done.code == 0
    assert "since 23 July 2024: new 0, no longer found 0" in done.out
    now = report(findings=(old, new))
    done = command("check", "--since", str(place))
    assert done.code == 1
    assert "new 1, no longer found 0" in done.out


@pytest.mark.country
def test_check_of_the_areas_on_record_says_what_it_left_out(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an area, those on record are checked; that is in order unless strict."""
    shipped = Dataset()
    monkeypatch.setattr("cspgraph.graph.Dataset", lambda *_, **__: shipped)
    done = command("check", "--on", DAY)
    assert done.code == 1
    local = {iri.rpartition("/")[2] for iri in shipped.local_areas(date(2024, 7, 23))}
    named = {c for s in shipped.records for c in re.findall(r"gss:(\w+)", s.text)}
    left_out = f"{len(local - named)} of the {len(local)} areas of England and Wales"
    assert f"not checked: {left_out} were not" in done.out
    assert len(local) == 318
    # The thin records from pages of 2026 have no search that counts in 2024.
    silent = r"nobody has searched for records of Ashfield, Ashford, .* and \d+ more"
    assert re.search(silent, done.out)
    assert command("check", "--on", DAY, "--strict").code == 3


UNREAD = {
    "notes.docx": (b"words", r"notes\.docx was not read", 1),
    "empty.ttl": (b"# nothing yet\n", r"empty\.ttl says nothing", 3),
    "odd.ttl": (
        b"<urn:a> a <https://w3id.org/cspgraph/ns#Decisoin> .",
        "csp:Decisoin in the data is not a term",
        3,
    ),
    "key.ttl": (
        b"@prefix csp: <https://w3id.org/cspgraph/ns#> . <urn:a> a csp:Decision ; csp:onn 1 .",
        "csp:onn in the data is not a term",
        3,
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_check_says_which_files_it_could_not_look_into(
    name: str, command: Command, tmp_path: Path
) -> None:
    """A file of another kind is told; an empty one and a misspelt word are never in order."""
    data, said, code = UNREAD[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "own.ttl").write_text(OWN, encoding="utf-8")
    done = command("check", str(tmp_path), "--area", "Dorset", "--on", DAY)
    assert done.code == code
    assert re.search(f"^not checked: .*{said}", done.out, re.MULTILINE)
    strict = command(
        "check", str(tmp_path), "--area", "Dorset", "--on", DAY, "--strict"
    )
    assert strict.code == 3


def test_an_empty_folder_of_shapes_is_never_in_order(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "shapes", lambda _: Graph())
    done = command("check", "--area", "Dorset", "--on", DAY)
    assert done.code == 3
    assert "not checked: there are no shapes" in done.out


SHAPES = """# a shape of our own
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:strategy sh:targetClass csp:Strategy ; sh:property ex:strategy-kind .
ex:strategy-kind sh:path csp:kind ; sh:minCount 1 ;
  sh:message "Say which kind of document it is."@en ; sh:severity sh:Warning .
"""
OWN = """# a record of our own
@prefix csp: <https://w3id.org/cspgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/decision> a csp:Decision ;
  rdfs:label "\\u001B[31mThe plan\\u0007 is agreed"@en .
"""


def test_own_file_is_checked_and_cannot_speak_to_the_terminal(
    command: Command, tmp_path: Path
) -> None:
    place = tmp_path / "own.ttl"
    place.write_text(OWN, encoding="utf-8")
    done = command("check", str(place), "--area", "Dorset", "--on", DAY)
    assert done.code == 1
    assert str(place) in done.out
    assert "\\x1b[31mThe plan\\x07 is agreed" in done.out
    assert not set(done.out) & set("\x1b\x07")


# Build


@pytest.mark.parametrize("ending", ["nq", "trig", "ttl", "nt"])
def test_build_writes_the_day(
    ending: str, command: Command, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    place = tmp_path / f"day.{ending}"
    done = command("build", *FEW, "--on", DAY, "--output", str(place))
    kind = RdfFormat.from_extension(ending)
    assert kind is not None
    found = {str(quad.triple) for quad in parse(place.read_bytes(), kind)}
    assert found == {str(quad.triple) for quad in kg.at(DAY).described()}
    assert found > {str(quad.triple) for quad in kg.at(DAY).quads()}
    count = len(set(parse(place.read_bytes(), kind)))
    assert done == Outcome(0, "", f"{place}: {count:,} statements.\n")
    assert list(tmp_path.iterdir()) == [place]


def test_build_adds_the_questions_when_asked(command: Command, tmp_path: Path) -> None:
    plain, both = tmp_path / "plain.nq", tmp_path / "both.nq"
    given = ("build", "--area", "Dorset", "--on", DAY, "-o")
    assert command(*given, str(plain)).code == 0
    assert command(*given, str(both), "--with-queries").code == 0
    found = set(parse(both.read_bytes(), RdfFormat.N_QUADS))
    added = found - set(parse(plain.read_bytes(), RdfFormat.N_QUADS))
    questions = set(catalogue.quads())
    assert questions <= added
    described = {quad.graph_name for quad in added - questions}
    assert described == {NamedNode(PREFIXES["graph"] + "description")}


def test_build_takes_own_files(command: Command, tmp_path: Path) -> None:
    own, place = tmp_path / "own.ttl", tmp_path / "day.nt"
    own.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    assert (
        command(
            "build", str(own), "--area", "Dorset", "--on", DAY, "-o", str(place)
        ).code
        == 0
    )
    assert "<urn:a> <urn:b> <urn:c> ." in place.read_text(encoding="utf-8")


def test_build_that_fails_leaves_the_old_file(command: Command, tmp_path: Path) -> None:
    place, broken = tmp_path / "day.nq", tmp_path / "broken.ttl"
    place.write_bytes(b"<urn:a> <urn:b> <urn:c> .\n")
    broken.write_bytes(b"<urn:a>")
    assert command("build", str(broken), "--area", "Dorset", "-o", str(place)).refused()
    assert place.read_bytes() == b"<urn:a> <urn:b> <urn:c> .\n"
    assert {item.name for item in tmp_path.iterdir()} == {"day.nq", "broken.ttl"}


# Free SPARQL

COUNTED = "SELECT (COUNT(?duty) AS ?n) { ?duty a csp:Duty }"


def test_sparql_from_the_line_a_file_and_standard_input(
    command: Command, tmp_path: Path, kg: KnowledgeGraph
) -> None:
    place = tmp_path / "count.rq"
    place.write_text(COUNTED, encoding="utf-8-sig")
    words = ("--on", DAY, "--format", "csv", *FEW)
    done = command("sparql", COUNTED, *words)
    assert (done.code, done.err) == (0, "")
    assert done.out == kg.at(DAY).select(COUNTED).to_csv()
    assert command("sparql", f"@{place}", *words) == done
    piped = process("sparql", "-", *words, send=COUNTED.encode())
    assert (piped.returncode, piped.stdout.decode()) == (0, done.out)


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_sparql_in_every_format(form: str, command: Command) -> None:
    done = command(
        "sparql", "SELECT (7 AS ?seven) {}", *FEW, "--on", DAY, "--format", form
    )
    assert done.code == 0
    assert "7" in done.out
    assert bool(done.err) == (form == "table")
    if form == "json":
        assert json.loads(done.out)["rows"] == [{"seven": 7}]


def test_query_file_that_is_not_utf_8(command: Command, tmp_path: Path) -> None:
    place = tmp_path / "latin.rq"
    place.write_bytes(b"ASK { ?s ?p 'caf\xe9' }")
    done = command("sparql", f"@{place}")
    assert done.refused()
    assert "not UTF-8" in done.err


def test_partial_answer_says_so(command: Command) -> None:
    done = command("sparql", ALL, *FEW, "--on", DAY, "--rows", "5", "--format", "json")
    assert done.code == 4
    assert len(json.loads(done.out)["rows"]) == 5
    assert json.loads(done.out)["complete"] is False
    assert done.err == "cspgraph: stopped after 5 rows; the answer is not complete\n"


def test_stopped_query_says_so(command: Command) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    done = command("sparql", query, "--seconds", "1", "--area", "Dorset")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("cspgraph: stopped after 1 s; ")


# An endpoint


def test_endpoint_answers_the_same(
    command: Command,
    endpoint: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ("answer", "responsible-authorities", "--area", "gss:E06000059")
    here = command(*words, "--on", DAY, "--format", "csv")
    there = command(*words, "--endpoint", endpoint(DAY), "--format", "csv")
    assert there == here
    monkeypatch.setenv("CSPGRAPH_ENDPOINT", endpoint(DAY))
    assert command(*words, "--format", "csv") == here


# Bytes, channels and terminals

STEADY = [
    ("questions",),
    (*ADOPT, "--format", "json"),
    (*asked("standing"), "--format", "csv"),
    ("why", PLAN, "--on", DAY),
    ("check", "--area", "Dorset", "--on", DAY, "--format", "json"),
    ("sparql", f"{ALL} LIMIT 50", "--area", "Dorset", "--on", DAY, "--format", "json"),
]


@pytest.mark.parametrize("words", STEADY, ids=[words[0] for words in STEADY])
def test_same_bytes_whatever_the_surroundings(words: tuple[str, ...]) -> None:
    one = process(*words, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    two = process(*words, PYTHONHASHSEED="2", TZ="Pacific/Auckland", LC_ALL="C")
    assert one.stdout == two.stdout
    assert one.returncode == two.returncode
    assert one.stdout


def test_same_file_whatever_the_surroundings(tmp_path: Path) -> None:
    places = [tmp_path / "one.nq", tmp_path / "two.nq"]
    for seed, place in enumerate(places):
        process("build", *DORSET, "-o", str(place), PYTHONHASHSEED=str(seed))
    assert places[0].read_bytes() == places[1].read_bytes()


@pytest.mark.parametrize("words", [("why", PLAN, "--on", DAY), ADOPT, ("--help",)])
def test_letters_a_terminal_lacks_are_no_fault(words: tuple[str, ...]) -> None:
    done = process(*words, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["csv", "json", "md"])
def test_data_is_utf_8_everywhere(form: str) -> None:
    query = "SELECT ('\\u0175 \\u2019' AS ?letters) {}"
    done = process(
        "sparql", query, *DORSET, "--format", form, PYTHONIOENCODING="latin-1"
    )
    assert done.returncode == 0
    assert "\u0175 \u2019" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("words", [ADOPT, ("questions",), ("--help",), ("x",)])
def test_no_escape_codes_off_a_terminal(words: tuple[str, ...]) -> None:
    for extra in ({"FORCE_COLOR": "1", "TERM": "xterm-256color"}, {"NO_COLOR": "1"}):
        done = process(*words, send=b"", **extra)
        assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [ADOPT, ("questions",), ("--help",)])
def test_no_colour_on_a_terminal_that_wants_none(words: tuple[str, ...]) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "cspgraph.cli", *words],
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"NO_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "100"},
    ) as child:
        os.close(theirs)
        seen = b""
        while piece := _read(ours):
            seen += piece
    os.close(ours)
    assert child.returncode == 0
    assert seen.strip()
    assert not re.search(rb"\x1b\[[0-9;]*(3[0-7]|4[0-7]|38;|48;|9[0-7])[0-9;]*m", seen)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""


@pytest.mark.parametrize(
    "words",
    [
        ("sparql", ALL, *DORSET, "--rows", "5000", "--format", "csv"),
        ("check", "--on", DAY, "--format", "json"),
        (*asked("standing"),),
    ],
    ids=lambda words: words[0],
)
def test_reader_that_leaves_early(words: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cspgraph.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
    assert child.returncode == 0
    # How old a text of law is may be told before; of the reader who left, nothing.
    assert re.fullmatch(rb"(cspgraph: Text read as at [^\n]*\n)?", said)


# A document held against the law


def test_claims_begins_with_the_count(command: Command) -> None:
    done = command("claims", "dorset-2024-07-23")
    assert done.code == 0
    lines = done.out.splitlines()
    assert re.match(
        r"31 statements of law, held against the law of 23 July 2024: ", lines[0]
    )
    assert lines[1].split() == ["place", "words", "verdict", "why", "law"]
    second = next(
        place for place, line in enumerate(lines) if "does not mention" in line
    )
    assert lines[second + 1].split() == ["law", "duty", "binds"]
    assert (
        "http://www.legislation.gov.uk/uksi/2007/1830/regulation/10/2/2024-07-23"
        in lines
    )
    assert done.err.startswith("Doubt: ")


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("csv", "place,words,"),
        ("json", "{"),
        ("md", "# Community Safety Plan"),
        ("html", "<!DOCTYPE html>"),
    ],
)
def test_claims_in_each_form(form: str, start: str, command: Command) -> None:
    done = command("claims", "dorset-2024-07-23", "--format", form)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(start)


def test_claims_on_another_day(command: Command) -> None:
    done = command(
        "claims", "dorset-2024-07-23", "--on", "2023-01-30", "--format", "json"
    )
    whole = json.loads(done.out)
    assert (whole["on"], whole["duties_on"]) == (DAY, "2023-01-30")


def test_claims_of_a_document_that_is_not_known(command: Command) -> None:
    done = command("claims", "dorset-2024-07-24")
    assert done.refused()
    assert "did you mean 'dorset-2024-07-23'?" in done.err
    assert command("claims", "dorset-2024-07-23", "--on", "soon").refused()
