"""Servers that lie, and secrets in what they say back."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from cspgraph import secrets
from cspgraph.errors import CspgraphError, EndpointError, FileError, ResultsError
from cspgraph.rdf.results import from_json, refuse_nested
from cspgraph.remote.endpoint import Remote, connect
from cspgraph.remote.push import Updates
from runs import run

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = "application/sparql-results+json"


@contextmanager
def answering(body: bytes, kind: str = JSON, raw: bytes = b"") -> Iterator[str]:
    """Give the address of a server that answers so, or with `raw` bytes and no more."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            if raw:
                self.wfile.write(raw)
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def rows(*bindings: object, names: object = ("a",)) -> bytes:
    return json.dumps(
        {"head": {"vars": names}, "results": {"bindings": bindings}}
    ).encode()


TEXT = {"type": "literal", "value": "x"}
NO_RESULTS = [
    rows({"b": TEXT}), rows(names="a"), rows(names=["a", "a"]), rows(names=["a b"]),
    rows(names=[1]), rows(names=None), rows([TEXT]), rows("a"), rows({"a": "x"}),
    rows({"a": None}), rows({"a": {"type": "uri"}}), rows({"a": {"value": "x"}}),
    rows({"a": {"type": "word", "value": "x"}}), rows({"a": {**TEXT, "value": 5}}),
    rows({"a": {**TEXT, "value": "\ud800"}}), rows({"a": {**TEXT, "xml:lang": "no tag"}}),
    rows({"a": {**TEXT, "datatype": "no address"}}), rows({"a": {"type": "uri", "value": "a b"}}),
    rows({"a": {"type": "triple", "value": {}}}), rows({"a": TEXT})[:-1], rows({"a": TEXT}) + b"{}",
    b'{"head":{},"boolean":1}', b'{"head":{},"boolean":"true"}', b'{"head":{},"boolean":null}',
    b'{"head":{},"boolean":true', b'{"head":{},"boolean":true} x', b"", b"null", b"[]", b"\xff",
    b'{"head":{},"boolean":true,"results":{"bindings":[]}}', b"<html></html>",
]  # fmt: skip


@pytest.mark.parametrize("body", NO_RESULTS)
def test_what_is_no_result_is_no_answer(body: bytes) -> None:
    with pytest.raises(ResultsError):
        from_json(body)
    with (
        answering(body) as url,
        pytest.raises(EndpointError, match="no SPARQL results"),
    ):
        connect(url, 5).select("SELECT ?a { ?a ?b ?c }")


NESTED = b'{"type":"triple","value":{"subject":'


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"x":' * 100_000, b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":' + NESTED * 100_000])  # fmt: skip
def test_what_is_nested_reaches_no_parser(body: bytes) -> None:
    """A parser without a limit ends the process."""
    with pytest.raises(ResultsError):
        refuse_nested(body)
    with (
        answering(body) as url,
        pytest.raises(EndpointError, match="no SPARQL results"),
    ):
        connect(url, 5).select("SELECT ?a { ?a ?b ?c }")


def test_brackets_in_texts_nest_nothing() -> None:
    body = rows(*[{"a": {**TEXT, "value": '[[{"\\' * 30}}] * 40)
    refuse_nested(body)
    assert len(from_json(body)[1]) == 40


def test_statements_that_are_nested_reach_no_parser() -> None:
    body = b"<< " * 50_000 + b"<urn:s> <urn:p> <urn:o>"
    with (
        answering(body, "text/turtle") as url,
        pytest.raises(EndpointError, match="nested more than 64"),
    ):
        Remote(url, 5).construct("CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize(
    "kind", ["application/ld+json", "application/rdf+xml", "text/html"]
)
def test_statements_in_another_format_reach_no_parser(kind: str) -> None:
    with (
        answering(b"[" * 100_000, kind) as url,
        pytest.raises(EndpointError, match=re.escape(f"answered with {kind}, not RDF")),
    ):
        Remote(url, 5).construct("CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize(
    "charset", ["utf-8", "UTF-8", "iso-8859-1", "utf-16", "windows-1252"]
)
def test_a_charset_is_taken_as_declared(charset: str) -> None:
    body = json.dumps(
        json.loads(rows({"a": {**TEXT, "value": "Ynys M\u00f4n"}})), ensure_ascii=False
    ).encode(charset)
    with answering(body, f"{JSON}; charset={charset}") as url:
        ((term,),) = from_json(Remote(url, 5).rows("SELECT ?a { ?a ?b ?c }"))[1]
    assert term is not None
    assert term.value == "Ynys M\u00f4n"


@pytest.mark.parametrize("charset", ["no-such", "ascii-of-ours", "utf-16"])
def test_a_charset_that_does_not_fit_is_said(charset: str) -> None:
    with (
        answering(rows({"a": TEXT}) + b" ", f"{JSON}; charset={charset}") as url,
        pytest.raises(EndpointError),
    ):
        Remote(url, 5).rows("SELECT ?a { ?a ?b ?c }")


HEADS = [
    b"HTTP/1.1 200 OK\r\ncontent-length: x\r\ncontent-type: text/html\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/9 200\r\n\r\n", b"\x00\xff", b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n",
    b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000 + b"\r\n\r\n", b"HTTP/1.1 302 Found\r\nlocation: http://[\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-type: \xff\xfe\r\n\r\n{}", b"HTTP/1.1 500 x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
def test_a_head_that_cannot_be_read_is_no_answer(head: bytes) -> None:
    with answering(b"", raw=head) as url, pytest.raises(EndpointError) as failed:
        Remote(url, 5).rows("SELECT ?a { ?a ?b ?c }")
    assert str(failed.value).isprintable()


# Secrets

WORD = "hunter2secret"
TOLD = [
    f"http://me:{WORD}@a.example/query", f"http://{WORD}@a.example", f"//me:{WORD}@a.example",
    f"me:{WORD}@a.example/query", f"http://me:{WORD}/a@b@a.example", f"password={WORD}",
    f"PASSWORD: {WORD}", f'{{"password": "{WORD}"}}', f"a?pwd={WORD}&b=1", f"token={WORD}",
    f"access_token={WORD};", f"api_key={WORD}", f"Authorization: Bearer {WORD}", f"Basic {WORD}",
    f"client_secret='{WORD}'", f"postgres://me:{WORD}@a.example/x",
]  # fmt: skip


@pytest.mark.parametrize("text", TOLD)
def test_secrets_are_cut_from_every_error(text: str) -> None:
    for error in (
        EndpointError(text, text),
        EndpointError("http://a.example", f"it said {text}, no more"),
        FileError(text, "no such file"),
        CspgraphError(f"a: {text}"),
    ):
        assert WORD not in str(error), error
    assert "b=1" in secrets.cut("a?pwd=x&b=1")


@pytest.mark.parametrize("text", ["keyword: plan", "me@a.example", "13:00@noon is no time", "a token of thanks", "Basic law", "it holds no password, which anybody could read"])  # fmt: skip
def test_plain_words_stay(text: str) -> None:
    assert secrets.cut(text).replace("13:00@", "") == text.replace("13:00@", "")


@pytest.mark.parametrize("name", ["CSPGRAPH_PASSWORD", "CSPGRAPH_TOKEN"])
def test_what_a_server_says_back_is_cut(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CSPGRAPH_USER", "me")
    monkeypatch.setenv(name, WORD)
    long = b"x" * 190 + WORD.encode()  # cut to its beginning, it would still be there
    for body in (WORD.encode(), long, f"you sent {WORD}".encode()):
        raw = b"HTTP/1.1 500 x\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        with answering(b"", raw=raw) as url:
            with pytest.raises(EndpointError) as failed:
                Updates(url, 5).send("INSERT DATA {}")
            _, said, told = run(capsys, "sparql", "ASK { ?s ?p ?o }", "--endpoint", url)
        assert WORD[:6] not in str(failed.value) + said + told


def test_an_address_with_a_token_is_named_without_it() -> None:
    endpoint = connect(f"http://localhost:9/query?token={WORD}")
    assert WORD not in repr(endpoint)
    assert WORD not in str(endpoint._receipt)
    with pytest.raises(EndpointError) as failed:
        endpoint.select("ASK { ?s ?p ?o }")
    assert WORD not in str(failed.value)
