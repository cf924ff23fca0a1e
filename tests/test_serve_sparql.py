"""The SPARQL endpoint keeps to its protocol, and what it refuses is told with a status."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

import serving
from cspgraph.desk import Desk, Limits
from cspgraph.rdf.gate import MAX_BYTES
from cspgraph.serve.app import application
from serving import DAY, refused

if TYPE_CHECKING:
    from starlette.testclient import TestClient

SELECT = "SELECT ?duty ?since { ?duty a csp:Duty ; csp:validFrom ?since } ORDER BY ?duty LIMIT 2"
FORM = {"content-type": "application/x-www-form-urlencoded"}
QUERY = {"content-type": "application/sparql-query"}
SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.fixture(scope="module")
def web() -> TestClient:
    return serving.logged()[0]


def test_it_is_asked_in_three_ways_and_answers_alike(web: TestClient) -> None:
    beside = {"area": "Dorset", "on": DAY}
    by_get = web.get("/sparql", params={"query": SELECT, **beside})
    by_form = web.post("/sparql", params=beside, data={"query": SELECT})
    whole = web.post("/sparql", params=beside, content=SELECT, headers=QUERY)
    assert by_get.status_code == 200, by_get.text
    assert by_get.content == by_form.content == whole.content
    assert by_get.headers["content-type"].startswith("application/sparql-results+json")
    assert by_get.headers["cspgraph-day"] == DAY
    assert whole.headers["cache-control"] == "no-store"
    link = by_get.json()["head"]["link"][0]
    receipt = web.get(link).json()
    assert (receipt["on"], receipt["areas"]) == (DAY, ["E06000059"])


def test_what_a_form_holds_is_read_once(web: TestClient) -> None:
    text = 'SELECT ("100%25" AS ?a) ("x+y\tz" AS ?b) {}'
    got = web.post("/sparql", data={"query": text}).json()["results"]["bindings"][0]
    assert got["a"]["value"] == "100%25"
    assert got["b"]["value"] == "x+y\tz"


@pytest.mark.parametrize(
    "kind",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
)
def test_rows_come_as_each_format_of_the_standard(web: TestClient, kind: str) -> None:
    """Another reader, or the standard's own words for CSV, say what each row holds."""
    text = """SELECT ?a ?b ?c ?d WHERE {
      VALUES (?a ?b ?c ?d) { (<urn:x> "Ynys Môn"@cy -5 "tab\\tand \\"mark\\"") (UNDEF "=1+1" true "<&>") }
    }"""
    got = web.post("/sparql", content=text, headers={**QUERY, "accept": kind})
    assert got.headers["content-type"].startswith(kind)
    if kind == "text/csv":
        assert [*csv.reader(io.StringIO(got.text, newline=""))] == [
            ["a", "b", "c", "d"],
            ["urn:x", "Ynys Môn", "-5", 'tab\tand "mark"'],
            ["", "'=1+1", "true", "<&>"],
        ]
        return
    form = pyoxigraph.QueryResultsFormat.from_media_type(kind)
    assert form is not None
    found = pyoxigraph.parse_query_results(got.content, form)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    rows = [[row[name] for name in "abcd"] for row in found]
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert rows == [
        [
            pyoxigraph.NamedNode("urn:x"),
            pyoxigraph.Literal("Ynys Môn", language="cy"),
            pyoxigraph.Literal("-5", datatype=pyoxigraph.NamedNode(xsd + "integer")),
            pyoxigraph.Literal('tab\tand "mark"'),
        ],
        [
            None,
            pyoxigraph.Literal("=1+1"),
            pyoxigraph.Literal("true", datatype=pyoxigraph.NamedNode(xsd + "boolean")),
            pyoxigraph.Literal("<&>"),
        ],
    ]


def test_truth_comes_in_json_and_xml(web: TestClient) -> None:
    for kind in ("application/sparql-results+json", "application/sparql-results+xml"):
        headers = {**QUERY, "accept": kind}
        got = web.post("/sparql", content="ASK { }", headers=headers)
        form = pyoxigraph.QueryResultsFormat.from_media_type(kind)
        assert form is not None
        found = pyoxigraph.parse_query_results(got.content, form)
        assert isinstance(found, pyoxigraph.QueryBoolean)
        assert bool(found) is True


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_statements_come_as_rdf(web: TestClient, accept: str, kind: str) -> None:
    got = web.post(
        "/sparql",
        params={"on": DAY},
        content="DESCRIBE gss:E06000059",
        headers={**QUERY, "accept": accept},
    )
    assert got.headers["content-type"].startswith(kind)
    form = pyoxigraph.RdfFormat.from_media_type(kind)
    found = {str(q.triple) for q in pyoxigraph.parse(got.content, form)}
    assert any('"Dorset"' in one for one in found)
    assert any("gssCode" in one for one in found)


def test_without_a_query_it_describes_itself(web: TestClient) -> None:
    got = web.get("/sparql")
    triples = [
        quad.triple
        for quad in pyoxigraph.parse(got.content, pyoxigraph.RdfFormat.TURTLE)
    ]
    said = {(t.predicate.value, str(t.object)) for t in triples}
    assert (f"{SD}endpoint", "<http://localhost/sparql>") in said
    assert (f"{SD}supportedLanguage", f"<{SD}SPARQL11Query>") in said
    assert (f"{SD}feature", f"<{SD}UnionDefaultGraph>") in said
    assert not any("Update" in text for _, text in said)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"query": "SELECT * { SERVICE <http://x/> { ?a ?b ?c } }"}, "SERVICE"),
        ({"query": "SELECT * FROM <file:///etc/passwd> { ?a ?b ?c }"}, "FROM"),
        ({"query": "DROP ALL"}, "only questions are run"),
        ({"query": "INSERT DATA { <a:a> <a:a> <a:a> }"}, "only questions are run"),
        ({"query": "ASK {} ; ASK {}"}, "one question at a time"),
        ({"query": "SELECT ("}, ""),
        ({"query": "SELECT * { " + "{" * 70 + "}" * 71}, "nested 71 deep"),
        ({"query": "ASK { ?s dcat:theme ?o }"}, "the prefix dcat: is not known"),
        ({"query": "ASK {}", "default-graph-uri": "urn:x"}, "default-graph-uri"),
        ({"query": "ASK {}", "named-graph-uri": "urn:x"}, "named-graph-uri"),
        ({"update": "DROP ALL"}, "read only"),
        ({"query": "ASK {}", "update": "DROP ALL"}, "read only"),
        ({"query": ""}, "query: no value follows"),
        ({"query": ["ASK {}", "ASK {}"]}, "given 2 times"),
        ({"query": "ASK {}", "rows": "0"}, "rows: '0' does not fit"),
        ({"query": "ASK {}", "rows": "1e9"}, "rows: "),
        ({"query": "ASK {}", "area": "Nowhere"}, "'Nowhere' is not known"),
        ({"query": "ASK {}", "area": "England"}, "too many for free SPARQL"),
        ({"query": "ASK {}", "on": "someday"}, "on: 'someday'"),
        ({"query": "ASK {}", "colour": "red"}, "colour: "),
    ],
)
def test_what_the_gate_or_the_protocol_refuses_is_400(
    web: TestClient, data: dict[str, str | list[str]], words: str
) -> None:
    refused(web.post("/sparql", data=data), 400, words)
    if "query" in data:
        refused(web.get("/sparql", params=data), 400)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"ASK {}", "text/plain", 415),
        (b"ASK {}", "", 415),
        (b"DROP ALL", "application/sparql-update", 400),
        (b"\xff\xfe", "application/sparql-query", 400),
        (b"query=%ff%fe", FORM["content-type"], 400),
        (b"query=\xff", FORM["content-type"], 400),
        (b"&" * 200, FORM["content-type"], 400),
    ],
)
def test_a_body_of_another_kind_is_refused(
    web: TestClient, content: bytes, kind: str, status: int
) -> None:
    headers = {"content-type": kind} if kind else {}
    refused(web.post("/sparql", content=content, headers=headers), status)


def test_a_query_that_is_too_long_is_413(web: TestClient) -> None:
    long = f"ASK {{ }} # {'x' * MAX_BYTES}"
    for got in (
        web.post("/sparql", content=long, headers=QUERY),
        web.post("/sparql", data={"query": long}),
    ):
        refused(got, 413, "64 KiB")
    larger = web.post("/sparql", content=b"x" * 2**20, headers=QUERY)
    refused(larger, 413, "KiB")


def test_a_query_that_takes_too_long_is_408() -> None:
    web = _with(Limits(seconds=1))
    product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    told = refused(
        web.post("/sparql", data={"query": product}), 408, "stopped after 1 s"
    )
    assert "--seconds" not in told["detail"]


def test_a_cut_says_so_in_the_head_and_in_the_link() -> None:
    web = _with(Limits(seconds=5, rows=3))
    got = web.post("/sparql", data={"query": "SELECT ?s { ?s a csp:Duty }"})
    assert len(got.json()["results"]["bindings"]) == 3
    assert got.headers["cspgraph-cut"] == "after 3 rows"
    link = got.json()["head"]["link"][0]
    assert web.get(link).json()["cut"] == "after 3 rows"
    whole = web.post("/sparql", data={"query": "SELECT ?s { ?s a csp:Duty } LIMIT 3"})
    assert "cspgraph-cut" not in whole.headers


def test_more_than_may_run_at_once_are_told_to_come_back() -> None:
    desk = Desk(areas=["E06000059"], sparql="on", limits=Limits(free_at_once=1))
    web = serving.client(application(desk, test=False))
    assert desk._free.acquire(blocking=False)
    got = web.post("/sparql", data={"query": "ASK {}"})
    refused(got, 503, "ask again in 5 seconds")
    assert got.headers["retry-after"] == "5"
    desk._free.release()
    assert web.post("/sparql", data={"query": "ASK {}"}).status_code == 200


def test_a_later_day_says_what_it_supposes(web: TestClient) -> None:
    got = web.post("/sparql", params={"on": "2027-06-01"}, data={"query": "ASK {}"})
    told = web.get(got.json()["head"]["link"][0]).json()
    assert told["warning"].startswith("This looks beyond ")
    assert told["receipt"]["beyond"]["since"] == told["receipt"]["law_read"]


def test_where_nothing_confines_it_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(areas=["E06000059"])
    monkeypatch.setitem(desk.__dict__, "confined", False)
    web = serving.client(application(desk, test=False))
    refused(web.post("/sparql", data={"query": "ASK {}"}), 400, "free SPARQL is off")
    told = web.get("/readyz").json()
    assert (told["free_sparql"], told["without_network"]) == (False, False)


def test_a_server_of_the_country_asks_for_an_area() -> None:
    web = serving.client(application(Desk(sparql="on"), test=False))
    refused(web.post("/sparql", data={"query": "ASK {}"}), 400, "area: missing")


def _with(limits: Limits) -> TestClient:
    desk = Desk(areas=["E06000059"], sparql="on", limits=limits)
    return serving.client(application(desk, test=False))
