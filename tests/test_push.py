"""Pushing a graph: all of it arrives, and where it cannot, what was there stays."""

from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    Store,
)

import cspgraph
import servers
from cspgraph.cli import main
from cspgraph.errors import EndpointError, ParameterError, UnclearPushError
from cspgraph.rdf.results import from_json
from cspgraph.rdf.terms import PREFIXES
from cspgraph.remote import push as remote_push
from cspgraph.remote.endpoint import Remote
from cspgraph.remote.push import STAGING, Pushed, Updates, push
from cspgraph.remote.selftest import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
GRAPH = PREFIXES["graph"]
COUNTS = """SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o }
  FILTER(STRSTARTS(STR(?g), "https://w3id.org/cspgraph/")) } GROUP BY ?g ORDER BY ?g"""
each_server = pytest.mark.parametrize("server", servers.STARTED)


@pytest.fixture(scope="module")
def started(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], servers.Server]]:
    """Return a function from the name of a server to an empty one, started once."""
    with servers.starting(tmp_path_factory.mktemp) as started:
        yield started


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSPGRAPH_USER", servers.USER)
    monkeypatch.setenv("CSPGRAPH_PASSWORD", servers.PASSWORD)


def counted(server: servers.Server) -> dict[str, int]:
    """Return how many statements each graph of ours has in the server."""
    _, rows = from_json(Remote(server.query, 60).select(COUNTS))
    return {str(row[0]).strip("<>"): int(row[1].value) for row in rows}  # type: ignore[union-attr]


def expected(kg: KnowledgeGraph) -> dict[str, int]:
    names = [quad.graph_name.value for quad in kg.quads()]  # type: ignore[union-attr]
    return {name: names.count(name) for name in sorted(set(names))}


@each_server
def test_a_pushed_graph_answers_and_a_second_push_changes_nothing(
    server: str, started: Callable[[str], servers.Server], kg: KnowledgeGraph
) -> None:
    there, day = started(server), kg.at(DAY)
    endpoint = cspgraph.connect(there.query, 60)
    pushed = endpoint.push(day.quads(), there.update)
    counts = counted(there)
    assert counts == expected(day)
    assert pushed == Pushed(sum(counts.values()), len(counts))
    assert str(endpoint.on) == DAY
    found = list(run(endpoint, kg))
    assert [trial for trial in found if trial.agrees is False] == []
    assert {t.question for t in found if t.agrees} > {"who-must-adopt", "plan-dates"}
    answer = day.answer("who-must-do-what", area="Dorset")
    there_too = endpoint.answer("who-must-do-what", area="Dorset")
    assert list(there_too.terms) == list(answer.terms)
    endpoint.push(day.quads(), there.update)
    assert counted(there) == counts


@each_server
def test_a_push_takes_away_what_the_one_before_had_more(
    server: str, started: Callable[[str], servers.Server]
) -> None:
    there, thing = started(server), NamedNode("urn:thing")
    old = [Quad(thing, thing, Literal("old"), NamedNode(f"{GRAPH}{n}")) for n in "ab"]
    mine = [Quad(thing, thing, thing, NamedNode("urn:not-ours"))]
    push([*old, *mine], Updates(there.update, query=there.query))
    new = [Quad(thing, thing, Literal("new"), NamedNode(f"{GRAPH}b"))]
    push(new, Updates(there.update, query=there.query))
    assert counted(there) == {f"{GRAPH}b": 1}
    ask = "ASK { GRAPH <urn:not-ours> { ?s ?p ?o } }"
    assert b"true" in Remote(there.query).select(ask)
    endpoint = cspgraph.connect(there.query)
    (row,) = endpoint.select(f"SELECT ?o {{ GRAPH <{GRAPH}b> {{ ?s ?p ?o }} }}").terms
    assert row == (Literal("new"),)


@pytest.mark.parametrize("word", ["wrong", ""])
def test_virtuoso_does_not_let_strangers_in(
    word: str,
    started: Callable[[str], servers.Server],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CSPGRAPH_PASSWORD", word)
    there = started("virtuoso")
    before = counted(there)
    words = ["--endpoint", there.query, "--update", there.update, "--area", "Dorset"]
    with pytest.raises(SystemExit) as ended:
        main(["push", *words, "--on", DAY])
    said = capsys.readouterr().err
    assert ended.value.code == 3
    assert len(said.splitlines()) == 1
    assert "CSPGRAPH_USER and CSPGRAPH_PASSWORD" in said
    assert "the graphs that were there stand as they were" in said
    assert servers.PASSWORD not in said
    assert "wrong" not in said
    assert counted(there) == before


class Scripted:
    """A server on loopback with a store behind it, which fails when it is told to."""

    def __init__(self) -> None:
        self.store = Store()
        self.asked: list[str] = []
        self.words: list[str] = []
        self.challenge = ""
        self.failing: Callable[[str], int] = lambda _text: 0
        self.forgets: Callable[[str], bool] = lambda _text: False
        self.lie: Callable[[str], bytes] = lambda _query: b""
        self.url = self.page = ""

    def graphs(self) -> dict[str, int]:
        """Return how many statements each graph has."""
        names = [graph.value for graph in self.store.named_graphs()]
        found = (
            (n, self.store.quads_for_pattern(None, None, None, NamedNode(n)))
            for n in names
        )
        counts = {name: len(list(quads)) for name, quads in found}
        return {name: count for name, count in counts.items() if count}


@contextmanager
def scripted() -> Iterator[Scripted]:
    here = Scripted()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["content-length"])).decode()
            if self.headers["content-type"] == "application/x-www-form-urlencoded":
                self.reply(text)
                return
            here.asked.append(text)
            here.words.append(self.headers.get("authorization", ""))
            status = here.failing(text)
            if here.challenge and not here.words[-1]:
                status = 401
            if not status and not here.forgets(text):
                here.store.update(text)
            self.send_response(status or 204)
            if status == 401:
                self.send_header("www-authenticate", here.challenge)
            if here.page:
                self.send_header("content-type", here.page)
            self.send_header("content-length", "0")
            self.end_headers()

        def reply(self, text: str) -> None:
            """Answer a question, as the store does or as it was told to lie."""
            (query,) = parse_qs(text)["query"]
            found: Any = here.store.query(query)
            body = here.lie(query) or found.serialize(format=QueryResultsFormat.JSON)
            self.send_response(200)
            self.send_header("content-type", "application/sparql-results+json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}/update"
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def some(word: str, count: int) -> list[Quad]:
    thing, place = NamedNode("urn:thing"), NamedNode(f"{GRAPH}law")
    return [Quad(thing, thing, Literal(f"{word} {n}"), place) for n in range(count)]


OLD = {f"{GRAPH}law": 7}


def test_a_server_that_fails_between_batches_keeps_its_graph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remote_push, "_BATCH", 10)
    with scripted() as server:
        push(some("old", 7), Updates(server.url))
        server.failing = lambda text: (
            500 * ("INSERT DATA { G" in text and "new 5" in text)
        )
        with pytest.raises(EndpointError) as failed:
            push(some("new", 60), Updates(server.url))
        assert server.graphs() == OLD
        assert not isinstance(failed.value, UnclearPushError)
        assert (
            "answered with an error, 500; 40 of 60 statements were sent, and they are dropped; the graphs that were there stand"
            in str(failed.value)
        )
        assert any(STAGING in text and "new 1" in text for text in server.asked)
        server.failing = lambda _text: 0
        push(some("new", 60), Updates(server.url))
        assert server.graphs() == {f"{GRAPH}law": 60}


def test_what_a_dead_server_keeps_is_said_and_goes_with_the_next_push(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remote_push, "_BATCH", 10)
    with scripted() as server:
        push(some("old", 7), Updates(server.url))
        server.failing = lambda _text: 500 * (len(server.asked) > 11)
        with pytest.raises(
            EndpointError, match=f"they lie in graphs under {STAGING}"
        ) as failed:
            push(some("new", 60), Updates(server.url))
        left = next(name for name in server.graphs() if name.startswith(STAGING))
        assert f"<{left}>" in str(failed.value)
        assert server.graphs().keys() > OLD.keys()
        assert server.graphs()[f"{GRAPH}law"] == 7
        server.failing = lambda _text: 0
        with pytest.raises(EndpointError, match="another push is under way"):
            push(some("other", 1), Updates(server.url))
        monkeypatch.setattr(remote_push, "_STALE", -1)  # it is long silent
        push(some("other", 1), Updates(server.url))
        assert {name: n for name, n in server.graphs().items() if n} == {
            f"{GRAPH}law": 1
        }


@pytest.mark.parametrize(("status", "code"), [(400, 3), (503, 4)])
def test_a_last_step_that_fails_is_not_taken_for_done(
    status: int, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A request refused was not begun; of one that failed nobody knows how far it came."""
    with scripted() as server:
        push(some("old", 7), Updates(server.url))
        server.failing = lambda text: status * text.startswith("MOVE")
        with pytest.raises(SystemExit) as ended:
            main(["push", "--endpoint", server.url, "--area", "Dorset", "--on", DAY])
        said = capsys.readouterr().err
        assert ended.value.code == code
        assert len(said.splitlines()) == 1
        assert ("stand as they were" in said) == (code == 3)
        assert ("some may be new and others old, push again" in said) == (code == 4)
        assert "they are dropped" in said
        assert server.graphs() == OLD


def test_the_command_says_what_it_put_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.ttl"
    kind = f"{PREFIXES['csp']}SourceDocument"
    file.write_text(f"<urn:mine> a <{kind}> .", encoding="utf-8")
    with scripted() as server:
        words = ["--area", "Dorset", "--on", DAY, "--with-queries", str(file)]
        with pytest.raises(SystemExit) as ended:
            main(["push", "--endpoint", server.url, *words])
        said = capsys.readouterr()
        graphs = server.graphs()
    assert not ended.value.code
    assert said.out == ""
    total = f"{sum(graphs.values()):,} statements in {len(graphs)} graphs."
    assert said.err == f"{server.url}: {total}\n"
    assert graphs.keys() > {f"{GRAPH}queries", f"{GRAPH}derived"}
    told = server.store.quads_for_pattern(NamedNode("urn:mine"), None, None, None)
    assert [quad.object for quad in told] == [NamedNode(kind)]


def test_basic_is_sent_only_to_who_asks_for_it() -> None:
    with scripted() as server:
        push(some("new", 3), Updates(server.url))
        assert set(server.words) == {""}
        server.challenge, server.words[:] = 'Basic realm="here"', []
        push(some("new", 4), Updates(server.url))
        assert server.graphs() == {f"{GRAPH}law": 4}
    both = b64encode(f"{servers.USER}:{servers.PASSWORD}".encode()).decode()
    assert server.words[0] == ""
    assert set(server.words[1:]) == {f"Basic {both}"}


@pytest.mark.parametrize("challenge", ["NTLM", 'Digest realm="x"', "Digest", ""])
def test_a_way_in_that_is_not_known_is_said(challenge: str) -> None:
    with scripted() as server:
        server.challenge = challenge
        server.failing = lambda _text: 401
        with pytest.raises(EndpointError, match="only Basic and Digest are known here"):
            push(some("new", 3), Updates(server.url))
        assert set(server.words) == {""}


def test_a_token_is_sent_only_to_who_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scripted() as server:
        server.challenge = 'Bearer realm="here"'
        with pytest.raises(
            EndpointError, match="it asks for a token; set CSPGRAPH_TOKEN"
        ):
            push(some("new", 3), Updates(server.url))
        assert set(server.words) == {""}
        monkeypatch.setenv("CSPGRAPH_TOKEN", "only-for-this-test")
        push(some("new", 3), Updates(server.url))
        assert server.graphs() == {f"{GRAPH}law": 3}
        assert set(server.words[-3:]) == {"Bearer only-for-this-test"}


@pytest.mark.parametrize(
    "page", ["text/html", "text/html; charset=utf-8", "application/xhtml+xml"]
)
def test_a_page_to_log_in_is_not_taken_for_a_server(page: str) -> None:
    with scripted() as server:
        server.page, server.forgets = page, lambda _text: True
        with pytest.raises(EndpointError, match="it answers with a web page") as failed:
            push(some("new", 3), Updates(server.url))
        assert "stand as they were" in str(failed.value)
        assert len(server.asked) == 2  # the question whether to log in, and the lock


@pytest.mark.parametrize("forgotten", ["INSERT {", "INSERT DATA { G", "new 5"])
def test_what_was_said_to_be_stored_is_counted(
    forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever says yes to everything, or loses one batch, is not believed."""
    monkeypatch.setattr(remote_push, "_BATCH", 10)
    with scripted() as server:
        push(some("old", 7), Updates(server.url))
        server.forgets = lambda text: forgotten in text and "MOVE" not in text
        with pytest.raises(EndpointError, match="holds") as failed:
            push(some("new", 60), Updates(server.url))
        assert not isinstance(failed.value, UnclearPushError)
        assert server.graphs()[f"{GRAPH}law"] == 7


def test_a_last_step_that_was_not_done_is_not_believed() -> None:
    with scripted() as server:
        push(some("old", 7), Updates(server.url))
        server.forgets = lambda text: text.startswith("MOVE")
        with pytest.raises(
            UnclearPushError, match="and is not, or not wholly: push again"
        ):
            push(some("new", 60), Updates(server.url))


def test_the_day_is_asked_for_after_the_push() -> None:
    day = Quad(
        NamedNode("urn:snapshot"),
        NamedNode(f"{PREFIXES['csp']}asOf"),
        Literal(DAY, datatype=NamedNode(f"{PREFIXES['xsd']}date")),
        NamedNode(f"{GRAPH}derived"),
    )
    with scripted() as server:
        assert push([day], Updates(server.url)) == Pushed(1, 1)
        none = b'{"head":{"vars":["day"]},"results":{"bindings":[]}}'
        server.lie = lambda query: none if "asOf" in query else b""
        with pytest.raises(UnclearPushError, match=f"it serves no day, not {DAY}"):
            push([day], Updates(server.url))


def test_two_pushes_at_once_do_not_mix() -> None:
    """The second is refused while the first goes on, and sends nothing."""
    with scripted() as server:
        refused: list[EndpointError] = []

        def other(_said: str) -> None:
            if not refused:
                with pytest.raises(
                    EndpointError, match="another push is under way"
                ) as failed:
                    push(some("other", 5), Updates(server.url))
                refused.append(failed.value)

        push(some("new", 60), Updates(server.url), other)
        assert "nothing was sent" in str(refused[0])
        assert server.graphs() == {f"{GRAPH}law": 60}
        assert not any("other" in text for text in server.asked)
        push(some("other", 5), Updates(server.url))
        assert server.graphs() == {f"{GRAPH}law": 5}


def test_statements_that_a_server_writes_alike_are_not_missed() -> None:
    """A store may keep "1.0" and "1.00" as one number."""
    thing, kind = NamedNode("urn:a"), NamedNode(f"{PREFIXES['xsd']}decimal")
    words = [Literal(text, datatype=kind) for text in ("1.0", "1.00", "2")]
    place = NamedNode(f"{GRAPH}law")
    with scripted() as server:
        push([Quad(thing, thing, word, place) for word in words], Updates(server.url))
        assert server.graphs() == {f"{GRAPH}law": 2}


def test_blank_nodes_are_refused_before_anything_is_sent() -> None:
    thing = NamedNode("urn:thing")
    with scripted() as server:
        with pytest.raises(ParameterError, match="<urn:thing> has a blank node in"):
            push([Quad(thing, thing, BlankNode(), thing)], Updates(server.url))
        assert not any("INSERT DATA { G" in text for text in server.asked)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://me:word@localhost/"])
def test_an_address_that_is_none_is_misuse(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["push", "--endpoint", url])
    assert ended.value.code == 2
    assert "word@" not in capsys.readouterr().err


def test_two_days_at_once_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a push is under way, a union of all graphs holds the old and the new."""
    rows = ",".join(
        '{"day":{"type":"literal","datatype":"http://www.w3.org/2001/XMLSchema#date",'
        f'"value":"{day}"}}}}'
        for day in (DAY, "2024-10-11")
    )
    body = f'{{"head":{{"vars":["day"]}},"results":{{"bindings":[{rows}]}}}}'
    endpoint = cspgraph.connect("http://localhost:9/query")
    monkeypatch.setattr(endpoint._engine, "rows", lambda _text: body.encode())
    with pytest.raises(EndpointError, match="2024-07-23 and 2024-10-11 at once"):
        _ = endpoint.on
