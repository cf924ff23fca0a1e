"""Three engines behind one door: bad SPARQL, bad servers and updates are refused politely."""

from __future__ import annotations

import json
import time
import tracemalloc
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

import cspgraph
from cspgraph.cli import main
from cspgraph.errors import CspgraphError, EndpointError, QueryError, UnsafeQueryError
from cspgraph.rdf.engines import Oxigraph, Reference, to_rdflib
from cspgraph.rdf.results import from_json
from cspgraph.remote import http
from cspgraph.remote.endpoint import Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Reply = Callable[[BaseHTTPRequestHandler], None]

ASK = "SELECT (1 AS ?one) WHERE {}"
JSON = "application/sparql-results+json"
ONE = {"head": {"vars": ["one"]}, "results": {"bindings": []}}

A, B, C = (NamedNode(f"urn:{name}") for name in "abc")


# In memory

BAD = [
    "",
    "SELECT",
    "SELECT ?x WHERE {",
    "SELECT ?x WHERE { ?x nobody:knows ?y }",
    "SELECT ?x WHERE { ?x <a b> ?y }",
    "SELECT ?x WHERE { ?x a ?y } GROUP BY",
    "SELECT ?x ?x WHERE { ?x \\u0020 ?y } }",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DESCRIBE <urn:a>",
    "what must Dorset adopt?",
]


#: What the sentence says where it is not that no SELECT or ASK was read.
SAID = {
    "SELECT ?x WHERE { ?x nobody:knows ?y }": r"nobody: is not known|namespace prefix : nobody",
    "SELECT ?x ?x WHERE { ?x \\u0020 ?y } }": "there is a backslash outside a string",
    **dict.fromkeys(
        ["", "INSERT DATA { <urn:a> <urn:b> <urn:c> }", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "what must Dorset adopt?"],
        "only questions are run; begin with SELECT",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_bad_sparql_is_a_query_error(
    engine: type[Oxigraph] | type[Reference], text: str
) -> None:
    held = engine([Quad(A, B, C)])
    with pytest.raises(QueryError, match=SAID.get(text, "SELECT or ASK")):
        held.select(text)
    assert len(list(held.quads())) == 1


@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_select_and_ask_are_answered(engine: type[Oxigraph] | type[Reference]) -> None:
    held = engine([Quad(A, B, C), Quad(A, B, Literal("x", language="cy"))])
    head, rows = from_json(held.select("SELECT ?o WHERE { <urn:a> ?p ?o } ORDER BY ?o"))
    assert (head, rows) == (["o"], [(C,), (Literal("x", language="cy"),)])
    (answer,) = from_json(held.select("ASK { <urn:a> ?p ?o }"))[1]
    assert str(answer[0]).startswith('"true"')


@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_every_graph_is_asked_at_once(engine: type[Oxigraph] | type[Reference]) -> None:
    held = engine(
        [Quad(A, B, C, NamedNode("urn:g1")), Quad(C, B, A, NamedNode("urn:g2"))]
    )
    _, rows = from_json(
        held.select("SELECT ?s WHERE { ?s <urn:b>/<urn:b> ?s } ORDER BY ?s")
    )
    assert rows == [(A,), (C,)]


@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_construct_and_add(engine: type[Oxigraph] | type[Reference]) -> None:
    held = engine([Quad(A, B, C)])
    found = held.construct("CONSTRUCT { ?o <urn:back> ?s } WHERE { ?s <urn:b> ?o }")
    assert found == [Triple(C, NamedNode("urn:back"), A)]
    held.add(found, "urn:derived")
    held.add(found, "urn:derived")
    assert len(list(held.quads())) == 2


def test_rdflib_keeps_every_literal() -> None:
    """Nothing is normalised on the way: not a leading zero, not a language."""
    literals = [
        Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        Literal(
            "2024-07-23", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")
        ),
        Literal("P3Y", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#duration")),
        Literal('a "b" \\ c\nd', language="en-gb"),
        Literal("x", datatype=NamedNode("urn:kind")),
    ]
    graph = to_rdflib(Quad(A, B, literal) for literal in literals)
    assert sorted(str(o) for o in graph.objects()) == sorted(
        term.value for term in literals
    )


# Far away


class Server:
    """A server on loopback that answers each request in one way, and counts them."""

    def __init__(self, reply: Reply) -> None:
        self.asked: list[str] = []
        self.over = Event()
        outer = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                outer.asked.append(self.rfile.read(size).decode())
                reply(self)

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                reply(self)

            def log_message(self, *said: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.http.server_port}/sparql"


@contextmanager
def serving(reply: Reply) -> Iterator[Server]:
    server = Server(reply)
    thread = Thread(target=server.http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.http.shutdown()
        thread.join()
        server.http.server_close()


def saying(
    body: bytes, kind: str | None = JSON, status: int = 200, length: int | None = None
) -> Reply:
    """Return a reply of `body`; `length` is what the header claims."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        if kind is not None:
            to.send_header("content-type", kind)
        to.send_header("content-length", str(len(body) if length is None else length))
        to.end_headers()
        to.wfile.write(body)

    return reply


def closing(to: BaseHTTPRequestHandler) -> None:
    """Close without a word."""
    to.close_connection = True


def cut_chunk(to: BaseHTTPRequestHandler) -> None:
    """Begin a chunk and close in the middle of it."""
    to.protocol_version = "HTTP/1.1"
    to.send_response(200)
    to.send_header("content-type", JSON)
    to.send_header("transfer-encoding", "chunked")
    to.end_headers()
    to.wfile.write(b'1000\r\n{"head": ')
    to.close_connection = True


WHOLE = json.dumps(ONE).encode()
DATE = "http://www.w3.org/2001/XMLSchema#date"
SERVED = json.dumps(
    {
        "head": {"vars": ["day"]},
        "results": {
            "bindings": [{"day": {"type": "literal", "value": "DAY", "datatype": DATE}}]
        },
    }
).encode()


def test_a_good_server_is_believed() -> None:
    with serving(saying(WHOLE)) as server:
        assert from_json(Remote(server.url).select(ASK)) == (["one"], [])
    (asked,) = server.asked
    assert "SELECT" in asked


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (saying(b"<html>Welcome</html>", "text/html"), "answered with text/html, not"),
        (saying(WHOLE, None), "answered with nothing known, not"),
        (
            saying(b"<sparql/>", "application/sparql-results+xml"),
            "answered with application/sparql-results.xml",
        ),
        (saying(b"oops", status=500), r"answered with an error, 500: \w+"),
        (saying(b"oops", status=404), r"answered with an error, 404: \w+"),
        (saying(b"oops", status=400), r"answered with an error, 400: \w+"),
        (saying(b"wait", status=503), r"answered with an error, 503: \w+"),
        (saying(b"who are you", status=401), "does not let us in"),
        (saying(WHOLE[:20], length=len(WHOLE)), "not complete"),
        (cut_chunk, "no answer|not complete"),
        (closing, "no answer"),
    ],
    ids=[
        "html",
        "nothing",
        "xml",
        "500",
        "404",
        "400",
        "503",
        "401",
        "cut",
        "chunk",
        "closed",
    ],
)
def test_a_bad_server_is_an_endpoint_error(reply: Reply, problem: str) -> None:
    with serving(reply) as server:
        with pytest.raises(EndpointError, match=problem) as caught:
            Remote(server.url, timeout=5).select(ASK)
        assert caught.value.url == server.url
        assert str(caught.value).startswith(server.url)
        with pytest.raises(EndpointError):
            cspgraph.connect(server.url, timeout=5).answer("joint-strategies")


def test_a_slow_server_is_an_endpoint_error() -> None:
    over = Event()

    def slow(to: BaseHTTPRequestHandler) -> None:
        over.wait(20)
        to.close_connection = True

    with serving(slow) as server:
        with pytest.raises(EndpointError, match=r"no answer: .*timed out"):
            Remote(server.url, timeout=1).select(ASK)
        over.set()


def test_a_server_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 1024 * 1024)
    with (
        serving(saying(b" " * (2 * 1024 * 1024))) as server,
        pytest.raises(EndpointError, match="larger than 1 MiB; ask for less"),
    ):
        Remote(server.url).select(ASK)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"head": {}}', WHOLE[:-1], b"\xff"]
)
def test_a_server_that_talks_nonsense_is_refused(body: bytes) -> None:
    with (
        serving(saying(body)) as server,
        pytest.raises(EndpointError, match="not complete, or no SPARQL results"),
    ):
        cspgraph.connect(server.url).answer("joint-strategies")


def dripping(begin: bytes) -> Reply:
    """Return a reply that begins well, and then gives a byte now and then, for long."""

    def reply(to: BaseHTTPRequestHandler) -> None:
        to.close_connection = True
        try:
            to.wfile.write(begin)
            for _ in range(200):
                to.wfile.write(b"x")
                to.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    return reply


@pytest.mark.parametrize(
    "begin",
    [
        b"HTTP/1.1 200 OK\r\nserver: ",
        b"HTTP/1.1 200 OK\r\ncontent-type: " + JSON.encode() + b"\r\n\r\n{",
        b"HTTP/1.1 500 Sorry\r\n\r\n",
    ],
    ids=["headers", "body", "error"],
)
def test_a_server_that_drips_is_stopped_in_time(begin: bytes) -> None:
    """The limit counts the whole answer: bytes that come one by one do not help."""
    started = time.monotonic()
    with (
        serving(dripping(begin)) as server,
        pytest.raises(EndpointError, match=r"timed out after 1 s|an error, 500"),
    ):
        Remote(server.url, timeout=1).select(ASK)
    assert time.monotonic() - started < 15  # a byte in time would allow 20 s and more


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["other", "file:///etc/hostname", "http://10.0.0.1/"])
def test_no_redirect_is_followed(status: int, place: str) -> None:
    def away(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        to.send_header("location", other.url if place == "other" else place)
        to.send_header("content-length", "0")
        to.end_headers()

    with (
        serving(saying(WHOLE)) as other,
        serving(away) as server,
        pytest.raises(EndpointError, match=r"sends us on to .*no redirect is followed"),
    ):
        Remote(server.url, timeout=5).select(ASK)
    assert other.asked == []


def test_ten_million_rows_are_cut_and_never_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 4 * 1024 * 1024)
    row = b'{"one":{"type":"literal","value":"1"}},' * 1000
    sent = 0

    def endless(to: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        to.close_connection = True
        to.send_response(200)
        to.send_header("content-type", JSON)
        to.end_headers()
        try:
            to.wfile.write(b'{"head":{"vars":["one"]},"results":{"bindings":[')
            for _ in range(10_000):
                to.wfile.write(row)
                sent += 1000
        except OSError:
            return

    with serving(endless) as server:
        served = cspgraph.connect(server.url)
        assert served._dataset.labels, "names are read before rows, and are not counted"
        tracemalloc.start()
        try:
            with pytest.raises(EndpointError, match="larger than 4 MiB; ask for less"):
                served.select(ASK)
            assert tracemalloc.get_traced_memory()[1] < 4 * http.MAX_ANSWER_BYTES
        finally:
            tracemalloc.stop()
    assert sent < 10_000_000


def test_an_answer_that_stops_without_a_word_is_not_taken_for_whole() -> None:
    """No length was promised and the connection just ends, as when a server is killed."""

    def killed(to: BaseHTTPRequestHandler) -> None:
        to.close_connection = True
        to.send_response(200)
        to.send_header("content-type", JSON)
        to.end_headers()
        to.wfile.write(b'{"head":{"vars":["one"]},"results":{"bindings":[{"one":')

    with (
        serving(killed) as server,
        pytest.raises(EndpointError, match="not complete"),
    ):
        cspgraph.connect(server.url).select(ASK)


def test_free_sparql_of_an_endpoint_is_cut_to_rows_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = {"one": {"type": "literal", "value": "1"}}
    whole = {"head": {"vars": ["one"]}, "results": {"bindings": [one] * 5}}
    unsaid = b'{"head":{"vars":["on"]},"results":{"bindings":[]}}'

    def reply(to: BaseHTTPRequestHandler) -> None:
        asked = "%3Fone" in server.asked[-1] or "?one" in server.asked[-1]
        saying(json.dumps(whole).encode() if asked else unsaid)(to)

    with serving(reply) as server:
        words = ["sparql", "SELECT ?one {}", "--endpoint", server.url]
        with pytest.raises(SystemExit) as ended:
            main([*words, "--rows", "3", "--format", "json"])
        shown = capsys.readouterr()
        assert (ended.value.code, json.loads(shown.out)["complete"]) == (4, False)
        assert len(json.loads(shown.out)["rows"]) == 3
        with pytest.raises(SystemExit) as ended:
            main([*words, "--format", "json"])
        assert not ended.value.code
        assert len(json.loads(capsys.readouterr().out)["rows"]) == 5
        asked = len(server.asked)
        for wrong in (["--on", "2024-07-23"], ["--area", "Dorset"]):
            with pytest.raises(SystemExit):
                main([*words, *wrong])
        with pytest.raises(SystemExit):
            main(["sparql", "ASK { SERVICE <http://x> {} }", "--endpoint", server.url])
        assert len(server.asked) == asked


def test_an_address_holds_no_password() -> None:
    with pytest.raises(EndpointError, match="holds no password") as caught:
        cspgraph.connect("http://me:hidden@localhost/sparql")
    assert "hidden" not in str(caught.value)


def test_nobody_is_there() -> None:
    with serving(saying(WHOLE)) as server:
        url = server.url
    with pytest.raises(EndpointError, match="no answer"):
        Remote(url, timeout=2).select(ASK)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP GRAPH <urn:g>",
        "LOAD <http://127.0.0.1:9/x>",
        "PREFIX x: <urn:x> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_never_sent(update: str) -> None:
    with serving(saying(WHOLE)) as server:
        remote = Remote(server.url)
        for free in (remote.select, remote.construct):
            with pytest.raises(UnsafeQueryError, match=r"only questions|LOAD"):
                free(update)
        with pytest.raises(QueryError, match="never updates"):
            remote.rows(update)
        assert server.asked == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/hostname", "ftp://127.0.0.1/x", "127.0.0.1:7878", "", "javascript:x"],
)
def test_only_web_addresses_are_endpoints(url: str) -> None:
    with pytest.raises(EndpointError, match="begins with http:// or https://"):
        cspgraph.connect(url)


def test_a_day_that_is_none_is_an_endpoint_error() -> None:
    with (
        serving(saying(SERVED)) as server,
        pytest.raises(EndpointError, match="its day, 'DAY', is not a date"),
    ):
        cspgraph.connect(server.url).answer("joint-strategies")


def test_front_matter_and_blanks_stay_at_home(endpoint: Callable[[str], str]) -> None:
    """No UNDEF and no comment of ours is ever sent, and nothing to the wrong graph."""
    unsaid = b'{"head":{"vars":["day"]},"results":{"bindings":[]}}'
    held = unsaid.replace(b"[]}", b'[{"day":{"type":"literal","value":"1"}}]}')
    served = b""

    def reply(to: BaseHTTPRequestHandler) -> None:
        asked = server.asked[-1]
        if "asOf" in asked:
            saying(served)(to)
        elif "RoleHolding" in asked and "%3Farea" in asked:
            saying(unsaid)(to)
        else:
            saying(held if asked.endswith("LIMIT+1") or "LIMIT+1&" in asked else WHOLE)(
                to
            )

    with serving(reply) as server:
        for query in cspgraph.queries().values():
            given = dict(query.example)
            one_day = SERVED.replace(b"DAY", given.pop("on").encode())
            for served in (unsaid, one_day):
                with pytest.raises((CspgraphError, ValueError)) as caught:
                    cspgraph.connect(server.url).answer(query.name, **given)
                first, *rest = server.asked
                server.asked.clear()
                refused = query.all_dates == (served is one_day)
                assert refused == ("is asked of" in str(caught.value))
                assert "asOf" in first
                assert not [t for t in rest if "UNDEF" in t or "%23%2B" in t]
                columns = [f"%3F{column.name}" for column in query.columns]
                put = [t for t in rest if all(name in t for name in columns)]
                assert bool(put) is not refused
    assert endpoint("2024-07-23").startswith("http://127.0.0.1:")


def test_each_engine_says_who_it_is(kg: cspgraph.KnowledgeGraph) -> None:
    assert (Oxigraph.name, Reference.name) == ("pyoxigraph", "rdflib")
    assert Remote("http://localhost/x").name == "http://localhost/x"
    assert "engine pyoxigraph" in repr(kg.at("2024-07-23"))
    answer = kg.answer("joint-strategies", on="2024-07-23")
    assert answer.receipt["engine"] == "pyoxigraph"
    assert time.strptime(answer.receipt["on"], "%Y-%m-%d")
