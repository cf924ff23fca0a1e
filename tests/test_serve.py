"""The server answers as the library does, and refuses in words what does not fit."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING
from urllib.parse import unquote

import jsonschema
import pytest

import serving
from cspgraph.desk import Desk, Kept, Limits
from cspgraph.errors import BusyError
from cspgraph.questions.query_file import find, queries
from cspgraph.serve import guards, openapi, ready
from cspgraph.serve.app import application
from cspgraph.serve.metrics import Log
from cspgraph.serve.results import preferred
from serving import DAY, refused

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from cspgraph.graph import KnowledgeGraph

ANSWER = "/api/v1/answers/who-must-adopt"
DORSET = {"area": "Dorset", "on": DAY}


@pytest.fixture(scope="module")
def web() -> TestClient:
    return serving.logged()[0]


def test_an_answer_is_that_of_the_library(web: TestClient, kg: KnowledgeGraph) -> None:
    got = web.get(ANSWER, params=DORSET)
    assert got.status_code == 200
    here = json.loads(kg.answer("who-must-adopt", area="Dorset", on=DAY).to_json())
    assert got.json() == here
    assert here["rows"]
    assert here["sentence"] in got.text


@pytest.mark.parametrize(
    ("kind", "short", "begins"),
    [
        ("text/csv", "csv", b"body,organ,product"),
        ("text/markdown", "md", b"# Which body must adopt"),
        ("text/html", "html", b"<!DOCTYPE html>"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            b"PK",
        ),
    ],
)
def test_an_answer_comes_in_the_format_that_is_asked_for(
    web: TestClient, kind: str, short: str, begins: bytes
) -> None:
    by_header = web.get(ANSWER, params=DORSET, headers={"accept": kind})
    by_name = web.get(ANSWER, params={**DORSET, "format": short})
    assert by_header.content == by_name.content
    assert by_header.content.startswith(begins)
    assert by_header.headers["content-type"].startswith(kind)
    assert by_header.headers["vary"] == "Accept"


@pytest.mark.parametrize("name", ["who-must-adopt", "standing", "plan-dates", "terms"])
def test_every_question_is_described_as_it_is_answered(
    web: TestClient, name: str
) -> None:
    _as_described(web, name)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", queries())
def test_all_questions_are_described_as_they_are_answered(
    web: TestClient, name: str
) -> None:
    _as_described(web, name)


def _as_described(web: TestClient, name: str) -> None:
    whole = web.get("/api/openapi.json").json()
    asked = whole["paths"][f"/api/v1/answers/{name}"]["get"]
    query = find(name)
    told = {p["name"]: p for p in asked["parameters"]}
    assert told.keys() == {*(p.name for p in query.parameters), "on"}
    for parameter in query.parameters:
        by_body = parameter.name == "area" and query.of_body
        assert told[parameter.name]["required"] is not (parameter.optional or by_body)
    got = web.get(f"/api/v1/answers/{name}", params={**query.example})
    assert got.status_code == 200, got.text
    schema = asked["responses"]["200"]["content"]["application/json"]["schema"]
    cells = schema["properties"]["rows"]["items"]["properties"]
    assert [*cells] == [column.name for column in query.columns]
    jsonschema.validate(got.json(), {**schema, "components": whole["components"]})


def test_a_wrong_answer_would_not_fit_its_description() -> None:
    """Else the test above would hold nothing."""
    schema = openapi.schema_of(find("terms"))
    whole = {**schema, "components": openapi.described()["components"]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"question": "terms", "rows": [{"term": 1}]}, whole)


def test_the_commands_have_an_address_too(web: TestClient, kg: KnowledgeGraph) -> None:
    got = web.get(
        "/api/v1/why-not",
        params={"body": "dorset-council", "asked": "pcsc22-publish", **DORSET},
    )
    here = kg.why_not("dorset-council", "pcsc22-publish", "Dorset", on=DAY)
    assert got.json() == json.loads(here.to_json())
    due = web.get(
        "/api/v1/due",
        params={"duty": "si07-revise-partnership-plan.england", "from": DAY},
    )
    assert due.json()["day"] == "2025-03-31"
    claims = web.get("/api/v1/claims/dorset-2024-07-23").json()
    assert claims["counts"]["no longer law"] == 2
    said = web.get("/api/v1/changes", params={"area": "Dorset", "from": DAY, "to": DAY})
    refused(said, 400)
    found = web.get("/api/v1/find", params={"text": "weym", "on": "2018-07-23"}).json()
    assert ("E07000053", True) in [(f["code"], f["there"]) for f in found["found"]]
    why = web.get("/api/v1/why", params={"thing": "dorset-council", **DORSET})
    assert why.json()["on"] == DAY
    brief = web.get("/api/v1/brief", params={"product": "csp-plan", **DORSET})
    assert brief.status_code == 200
    assert {q["name"] for q in web.get("/api/v1/questions").json()} == {*queries()}


@pytest.mark.parametrize(
    ("path", "params", "status", "words"),
    [
        ("/api/v1/answers/who-must-adop", {}, 404, ["did you mean 'who-must-adopt'"]),
        ("/api/v1/answers/x", {}, 404, ["no question is called 'x'"]),
        (ANSWER, {"area": "Dorsett"}, 400, ["did you mean 'Dorset'"]),
        (ANSWER, {"area": "E99999999"}, 400, ["'E99999999' is not known"]),
        (ANSWER, {"are": "Dorset"}, 400, ["are: ", "did you mean 'area'"]),
        (ANSWER, {}, 400, ["area: missing"]),
        (ANSWER, {"area": ""}, 400, ["area: no value follows"]),
        (ANSWER, {"area": "Dorset", "on": "2024-02-30"}, 400, ["'2024-02-30'"]),
        (ANSWER, {"area": "Dorset", "on": "03/04/2024"}, 400, ["on: "]),
        (ANSWER, {"area": "Dorset", "on": "1066-10-14"}, 400, ["30 September 1998"]),
        (ANSWER, {"area": "Dorset", "on": "2199-01-01"}, 400, ["2 years ahead"]),
        (ANSWER, {"area": "Dorset", "on": [DAY, DAY]}, 400, ["given 2 times"]),
        (ANSWER, {"area": "Dorset", "format": "pdf"}, 400, ["json or csv"]),
        ("/api/v1/why", {}, 400, ["thing: missing"]),
        ("/api/v1/why", {"thing": "dorset-council", "x": "1"}, 400, ["x: "]),
        ("/api/v1/find", {"text": "a", "kind": "colour"}, 400, ["kind: 'colour'"]),
        ("/api/v1/claims/none-such", {}, 400, ["none-such"]),
        ("/api/v2/answers/who-must-adopt", {}, 404, ["/api/openapi.json"]),
        ("/nothing", {}, 404, ["no page has this address"]),
    ],
)
def test_what_does_not_fit_is_told_with_what_fits(
    web: TestClient, path: str, params: dict[str, str], status: int, words: list[str]
) -> None:
    refused(web.get(path, params=params), status, *words)


def test_a_name_of_several_things_lists_them(web: TestClient) -> None:
    told = refused(web.get(ANSWER, params={"area": "Bournemouth"}), 400)
    assert told["code"] == "name-not-clear"
    assert told["parameter"] == "area"


def test_a_format_that_is_not_given_is_406(web: TestClient) -> None:
    got = web.get(ANSWER, params=DORSET, headers={"accept": "image/png"})
    assert "text/csv" in refused(got, 406)["offered"]


@pytest.mark.parametrize(
    "path",
    [
        "/../etc/passwd",
        "/%2e%2e/etc/passwd",
        "/api/v1/../../etc/passwd",
        "/api/v1/claims/..%2f..%2fetc%2fpasswd",
        "/api/v1/claims/%2e%2e",
        "/api/v1/claims/a%5cb",
        "/api/v1/claims/a%00b",
        "/api/v1/claims/a%0d%0aSet-Cookie:x",
        "//evil.example/",
        "/\\evil.example",
        "/healthz/",
        "/api/v1/answers/who-must-adopt/..;/",
    ],
)
def test_tricks_with_paths_lead_nowhere(path: str) -> None:
    """The path is sent as it stands; a client of the web would tidy it up first."""
    status, headers, body = raw("GET", path)
    assert status == 404
    assert headers["content-type"].startswith("application/problem+json")
    assert b"root:" not in body
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("host", "evil.example")], 421),
        ([("host", "localhost.evil.example")], 421),
        ([("host", "localhost"), ("host", "localhost")], 400),
        ([], 400),
        ([("host", "localhost@evil.example")], 400),
        ([("host", "localhost:80:80")], 400),
        ([("host", "localhost\r\nx: y")], 400),
        ([("host", "localhost"), ("content-length", "4")], 400),
        ([("host", "localhost"), ("transfer-encoding", "chunked")], 400),
        ([("host", "[::1]:8080")], 200),
        ([("host", "127.0.0.1:8080")], 200),
        ([("host", "10.1.2.3")], 200),
        ([("host", "LOCALHOST.")], 200),
        ([("host", "localhost"), ("x-forwarded-host", "evil.example")], 200),
        ([("host", "localhost"), ("range", "bytes=0-0,1-1,2-2")], 200),
    ],
)
def test_tricks_with_headers_are_refused(
    headers: list[tuple[str, str]], status: int
) -> None:
    got, told, body = raw("GET", "/healthz", headers)
    assert got == status
    assert told["accept-ranges"] == "none"
    if status == 200:
        assert body == b"alive\n"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "X"])
def test_there_is_no_way_to_write(method: str) -> None:
    for path in ("/sparql", ANSWER, "/"):
        status, headers, _ = raw(method, path)
        assert status == 405
        assert "GET" in headers["allow"]


def test_a_long_address_is_414_and_long_parameters_413() -> None:
    assert raw("GET", "/" + "a" * guards.MOST_ADDRESS)[0] == 414
    long = b"query=" + b"a" * guards.MOST_PARAMETERS
    assert raw("GET", "/sparql", query=long)[0] == 413


def test_a_page_of_ours_has_the_headers_that_keep_it_in(web: TestClient) -> None:
    for path in ("/healthz", "/nothing", ANSWER, "/check", "/metrics"):
        headers = web.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
        assert "server" not in headers


def test_a_reader_who_has_it_is_told_so(web: TestClient) -> None:
    first = web.get(ANSWER, params=DORSET)
    tag = {"if-none-match": f'"other", {first.headers["etag"]}'}
    again = web.get(ANSWER, params=DORSET, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    other = web.get(ANSWER, params={**DORSET, "on": "2022-07-23"}, headers=tag)
    assert other.status_code == 200
    assert other.headers["etag"] != first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=300"
    today = web.get(ANSWER, params={"area": "Dorset"})
    assert today.headers["cache-control"] == "public, no-cache"
    assert "beyond" in today.json()["receipt"] or today.json()["on"] <= "2026-11-23"


def test_head_says_what_get_would_and_range_is_not_followed(web: TestClient) -> None:
    whole = web.get(ANSWER, params=DORSET)
    head = web.head(ANSWER, params=DORSET)
    assert head.headers["content-length"] == str(len(whole.content))
    part = web.get(ANSWER, params=DORSET, headers={"range": "bytes=0-9"})
    assert (part.status_code, part.content) == (200, whole.content)


def test_other_sites_may_read_what_is_public_and_nothing_of_ones_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    web = serving.logged()[0]
    shared = "access-control-allow-origin"
    assert web.get("/api/v1/questions").headers[shared] == "*"
    assert shared not in web.get("/healthz").headers
    own = tmp_path_factory.mktemp("own") / "mine.ttl"
    own.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    mine = Desk([own], ["E06000059"], sparql="off")
    web = serving.client(application(mine, test=False))
    got = web.get("/api/v1/questions")
    assert shared not in got.headers
    assert got.headers["cache-control"].startswith("private")


def test_the_log_has_no_query_no_reader_and_no_area() -> None:
    web, log = serving.logged()
    web.get(ANSWER, params=DORSET)
    web.get("/sparql", params={"query": "SELECT * { SERVICE <http://secret/> {} }"})
    first, second = log()
    assert first.keys() == {"time", "route", "status", "ms", "rows"}
    assert first["route"] == "/api/v1/answers/{question}"
    assert first["rows"] == len(web.get(ANSWER, params=DORSET).json()["rows"])
    assert (second["route"], second["status"]) == ("/sparql", 400)
    assert "Dorset" not in str(log())
    assert "secret" not in str(log())
    web, log = serving.logged(addresses=True)
    web.get("/healthz")
    assert log()[0]["reader"] == "testclient"


def test_counts_name_routes_and_no_readers() -> None:
    web, _ = serving.logged()
    web.get(ANSWER, params=DORSET)
    web.get("/somewhere/Dorset")
    told = web.get("/metrics").text
    route = 'route="/api/v1/answers/{question}",status="200"'
    assert f"cspgraph_requests_total{{{route}}} 1" in told
    assert 'status="404"} 1' in told
    assert "Dorset" not in told


def test_a_fault_of_ours_is_a_number_and_no_trace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web, log = serving.logged()

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret of Dorset")

    monkeypatch.setattr(serving.desk(), "near", broken)
    told = refused(web.get("/api/v1/find", params={"text": "x"}), 500)
    assert "secret" not in str(told)
    fault = next(line for line in log() if "fault" in line)
    assert fault["fault"] == told["number"]
    assert (fault["kind"], "secret" in str(log())) == ("ZeroDivisionError", False)


def test_who_waits_too_long_for_a_turn_is_told_when_to_come_back() -> None:
    desk = Desk(areas=["E06000059"], sparql="off", limits=Limits(waiting=0.01))
    web = serving.client(application(desk, test=False))
    with desk._in_turn():
        got = web.get("/api/v1/find", params={"text": "x"})
    told = refused(got, 503, "ask again in 5 seconds")
    assert (told["code"], got.headers["retry-after"]) == ("busy", "5")
    assert web.get("/api/v1/find", params={"text": "x"}).status_code == 200


def test_an_answer_about_the_country_is_made_apart_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who asks is told to come back, others are answered meanwhile, then it is there."""
    desk = Desk(sparql="off", limits=Limits(country=0.01))
    go, made = threading.Event(), []

    def run() -> None:
        job = desk._queue.get()
        go.wait(10)
        made.append(job.key)
        job.found = desk.near(lambda graph: graph.answer("adoption-basis"))
        desk._made.put(job.key, job.found, 1)
        with desk._waiting:
            del desk._jobs[job.key]
        job.over.set()

    monkeypatch.setattr(desk, "_run", run)
    with pytest.raises(BusyError, match="so many areas is being worked out"):
        desk.answer("areas", {}, DAY)
    with pytest.raises(BusyError):
        desk.answer("areas", {}, DAY)
    assert len(desk.answer("adoption-basis", {}, DAY))
    go.set()
    assert desk._worker is not None
    desk._worker.join(10)
    assert len(desk.answer("areas", {}, DAY))
    assert len(made) == 1


def test_readiness_is_a_self_test_that_can_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = application(serving.desk(), test=False)
    web = serving.client(app)
    told = web.get("/readyz")
    assert (told.status_code, told.json()["self_test"]) == (503, "running")
    some = {name: queries()[name] for name in ("who-must-adopt", "terms")}
    monkeypatch.setattr(ready, "queries", lambda: some)
    test = ready.SelfTest(serving.desk())
    test.run()
    assert test.ready
    assert json.loads(test.report())["examples_asked"] == 2
    monkeypatch.setattr(ready, "_SUMS", {"10 - 2 + 3": "5"})
    wrong = ready.SelfTest(serving.desk())
    wrong.run()
    assert not wrong.ready
    assert "10 - 2 + 3 is 11, not 5" in json.loads(wrong.report())["wrong"]


@pytest.mark.exhaustive
def test_the_self_test_asks_all_examples() -> None:
    test = ready.SelfTest(serving.desk())
    test.run()
    told = json.loads(test.report())
    assert (told["ready"], told["wrong"]) == (True, [])
    assert told["examples_asked"] + told["examples_left_out"] == len(queries())
    assert told["examples_asked"] > 40


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", "a/json"),
        ("*/*", "a/json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.1, a/json;q=0", "text/csv"),
        ("a/json;q=0", None),
        ("a/json;q=x, text/csv;q=0.2", "text/csv"),
        ("*/*;q=0.1, text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        (",,,", "a/json"),
    ],
)
def test_what_is_liked_best_is_given(accept: str, best: str | None) -> None:
    assert preferred(accept, ["a/json", "text/csv"]) == best


def test_what_is_kept_is_bounded_in_number_and_size() -> None:
    kept = Kept[int](3, 10)
    for number in range(50):
        kept.put(number, number, 4)
    assert len(kept) == 2
    kept.put("large", 1, 11)
    assert len(kept) == 0
    kept.put("small", 1, 1)
    kept.put("small", 2, 9)
    assert kept.get("small") == 2


def raw(
    method: str,
    path: str,
    headers: list[tuple[str, str]] | None = None,
    query: bytes = b"",
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a request that no client tidied up."""
    given = [("host", "localhost")] if headers is None else headers
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(n.encode(), v.encode()) for n, v in given],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    app = application(serving.desk(), test=False, log=Log(__import__("io").StringIO()))
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    start, *rest = sent
    told = {n.decode(): v.decode() for n, v in start["headers"]}  # type: ignore[attr-defined]
    body = b"".join(part.get("body", b"") for part in rest)  # type: ignore[misc]
    return start["status"], told, body  # type: ignore[return-value]
