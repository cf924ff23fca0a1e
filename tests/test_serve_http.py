"""The server on a real port: slow readers, many at once, records that are sent, its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import httpx2
import pytest

import few
import servers
import serving
import spoiled
from cspgraph.cli import main
from cspgraph.desk import Desk
from cspgraph.forms import xlsx, yaml_file
from cspgraph.forms.schema import form
from cspgraph.forms.template import TemplateGuide
from cspgraph.questions.query_file import queries
from cspgraph.remote import selftest
from cspgraph.remote.endpoint import connect
from cspgraph.serve import guards, run
from cspgraph.serve.app import application
from cspgraph.serve.checking import MOST_BYTES, Checker
from cspgraph.serve.metrics import Log
from serving import DAY, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from cspgraph.graph import KnowledgeGraph

COMMAND = Path(sys.executable).parent / "cspgraph"
ANSWER = "/api/v1/answers/who-must-adopt"
HOST = b"Host: localhost\r\n"


@contextmanager
def served(app: ASGIApp) -> Iterator[tuple[str, int]]:
    """Serve `app` on a port of this machine."""
    port = servers.free_port()
    running = run.server(app, "127.0.0.1", port)
    thread = Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}", port
    finally:
        running.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    log = (tmp_path_factory.mktemp("log") / "log").open("w", encoding="utf-8")
    with log, served(application(serving.desk(), log=Log(log), test=False)) as place:
        yield place


def said(port: int, *parts: bytes, wait: float = 5) -> bytes:
    """Send `parts`, and return what comes back until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as line:
        for part in parts:
            line.sendall(part)
        got = b""
        while True:
            try:
                more = line.recv(65_536)
            except (TimeoutError, ConnectionResetError):
                return got
            if not more:
                return got
            got += more


CLOSE = b"Connection: close\r\n\r\n"


def test_head_has_no_body_and_range_gets_the_whole(web: tuple[str, int]) -> None:
    _, port = web
    head = said(port, b"HEAD /healthz HTTP/1.1\r\n" + HOST + CLOSE)
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"content-length: 6\r\n" in head.lower()
    assert head.endswith(b"\r\n\r\n")
    part = said(port, b"GET /healthz HTTP/1.1\r\nRange: bytes=0-1\r\n" + HOST + CLOSE)
    assert part.startswith(b"HTTP/1.1 200 ")
    assert part.endswith(b"\r\n\r\nalive\n")


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /../../etc/passwd HTTP/1.1\r\n",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n",
        b"GET /api/v1/claims/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n",
        b"GET http://evil.example/healthz HTTP/1.1\r\n",
        b"GET //evil.example/ HTTP/1.1\r\n",
        b"GET /a\\b HTTP/1.1\r\n",
    ],
)
def test_a_trick_in_the_first_line_leads_nowhere(
    web: tuple[str, int], request_line: bytes
) -> None:
    got = said(web[1], request_line + HOST + CLOSE)
    assert got.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))
    assert b"root:" not in got


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"Host: evil.example\r\n",
        b"X\x00: y\r\n",
        b"X : y\r\n",
        b"Expect: nonsense\r\nTransfer-Encoding: gzip\r\n",
        b"X: " + b"y" * 400_000 + b"\r\n",
    ],
)
def test_a_trick_in_the_head_is_refused(web: tuple[str, int], head: bytes) -> None:
    """One request cannot be read as two, or as one for another place."""
    smuggled = b"GET /metrics HTTP/1.1\r\n" + HOST + b"\r\n"
    got = said(web[1], b"POST /sparql HTTP/1.1\r\n" + HOST + head + CLOSE, smuggled)
    first = got.split(b"\r\n", 1)[0]
    assert first.split(b" ")[1][:1] == b"4" or not got, first
    assert b"cspgraph_info" not in got


def test_who_sends_slowly_is_not_waited_for(
    web: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for a head nor for a body, and others are answered meanwhile."""
    monkeypatch.setattr(run, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(guards, "SECONDS_TO_SEND", 0.2)
    address, port = web
    assert said(port, b"") == b""  # a connection and nothing more
    head = said(port, b"GET /healthz HTTP/1.1\r\nX: ")
    assert head.startswith(b"HTTP/1.1 408 ")
    length = b"Content-Type: application/sparql-query\r\nContent-Length: 100\r\n"
    body = said(port, b"POST /sparql HTTP/1.1\r\n" + HOST + length + CLOSE, b"ASK ")
    assert body.startswith(b"HTTP/1.1 408 ")
    assert b"was not sent within" in body
    assert httpx2.get(f"{address}/healthz").text == "alive\n"


def test_who_does_not_read_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "READ_SECONDS", 0.2)

    async def endless(scope: object, _: object, send: object) -> None:
        if scope["type"] != "http":  # type: ignore[index]
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        more = {"type": "http.response.body", "body": b"x" * 2**20, "more_body": True}
        for _ in range(1_000):
            await send(more)  # type: ignore[operator]

    with (
        served(endless) as (_, port),
        socket.create_connection(("127.0.0.1", port), timeout=5) as line,
    ):
        line.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(1)
        got = 0
        try:
            while more := line.recv(2**20):
                got += len(more)
        except ConnectionResetError:
            pass
    assert got < 2**20 * 900


def test_sixteen_readers_at_once_are_answered_alike(web: tuple[str, int]) -> None:
    """Questions of several areas and days, all again and again: no error, no growth."""
    address, _ = web
    asked = [
        (name, {"area": area, "on": day})
        for name in ("who-must-adopt", "responsible-authorities", "standing")
        for area in ("Dorset",)
        for day in (DAY, "2022-07-01")
    ]

    def ask(reader: int) -> set[tuple[int, str]]:
        with httpx2.Client(timeout=60) as client:
            got = set()
            for turn in range(5 * len(asked)):
                place = (reader + turn) % len(asked)
                name, given = asked[place]
                reply = client.get(f"{address}/api/v1/answers/{name}", params=given)
                assert reply.status_code == 200, reply.text
                got.add((place, reply.headers["etag"]))
            return got

    ask(0)
    with ThreadPoolExecutor(16) as pool:
        found = [*pool.map(ask, range(16))]
    assert len(found[0]) == len(asked)
    assert all(one == found[0] for one in found)
    assert "in_flight 1" in httpx2.get(f"{address}/metrics").text


def test_more_than_are_answered_at_once_are_told_to_come_back(
    web: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "MOST_AT_ONCE", 0)
    got = httpx2.get(f"{web[0]}/healthz")
    refused(got, 503, "ask again in 2 seconds")
    assert got.headers["retry-after"] == "2"


def _filled() -> dict[str, bytes]:
    guide, made = TemplateGuide(), spoiled.FILLED
    book = xlsx.written(made, form(), guide, "filled.xlsx")
    return {
        "record.xlsx": book,
        "record.yaml": yaml_file.written(made, form(), guide).encode(),
    }


@pytest.mark.parametrize("name", ["record.xlsx", "record.yaml"])
def test_a_record_that_is_sent_is_reported_on_and_not_kept(
    web: tuple[str, int], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = _filled()[name]
    files = {"file": (f"../{name}", data, "application/octet-stream")}
    got = httpx2.post(
        f"{web[0]}/check", files=files, data={"area": "Dorset", "on": DAY}, timeout=90
    )
    assert got.status_code == 200, got.text
    report = got.json()
    assert report["on"] == DAY
    assert report["area"] == "Dorset"
    assert got.headers["cache-control"] == "no-store"
    assert list(tmp_path.iterdir()) == []


def test_the_form_says_what_it_takes(web: tuple[str, int]) -> None:
    page = httpx2.get(f"{web[0]}/check")
    assert page.headers["content-type"].startswith("text/html")
    for words in ('name="file"', 'action="/check"', 'lang="en-GB"', "not kept"):
        assert words in page.text


@pytest.mark.parametrize(
    ("name", "data", "status", "words"),
    [
        ("record.exe", b"MZ", 415, "'record.exe' is of no kind that is read"),
        ("record", b"x", 415, "is of no kind that is read"),
        ("../../etc/passwd", b"x", 415, "'passwd' is of no kind"),
        ("record.trig", b"x", 415, "send .xlsx, .yaml or .yml"),
        ("record.xlsx", b"", 400, "the file is empty"),
        ("record.xlsx", b"no workbook", 400, "record.xlsx"),
        ("record.yaml", b"\xff\xfe", 400, "record.yaml"),
        ("record.yaml", b"Name: made-up\n", 400, "it names no area"),
        ("record.xlsx", b"x" * (MOST_BYTES + 1), 413, "larger"),
        ("record.xlsx", b"x" * (MOST_BYTES * 2), 413, "larger"),
    ],
)
def test_a_file_that_does_not_fit_is_told_in_a_sentence(
    web: tuple[str, int], name: str, data: bytes, status: int, words: str
) -> None:
    got = httpx2.post(f"{web[0]}/check", files={"file": (name, data)}, timeout=60)
    told = refused(got, status)
    assert words in told["detail"] or status == 413
    assert tempfile.gettempdir() not in told["detail"]


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"data": {"file": "text"}}, 415, "multipart/form-data"),
        (
            {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
            400,
            "form",
        ),
        (
            {"files": {"record": ("a.xlsx", b"x")}},
            400,
            "record: there is no such field",
        ),
        ({"files": {"file": (None, "text")}}, 400, "file: missing"),
        (
            {"files": [("file", ("a.xlsx", b"x")), ("file", ("b.xlsx", b"x"))]},
            400,
            "form",
        ),
    ],
)
def test_a_form_that_does_not_fit_is_told_in_a_sentence(
    web: tuple[str, int], sent: dict[str, object], status: int, words: str
) -> None:
    refused(httpx2.post(f"{web[0]}/check", **sent), status, words)  # type: ignore[arg-type]


def test_a_record_that_takes_too_long_is_stopped() -> None:
    app = application(serving.desk(), test=False, checker=Checker(seconds=0))
    web = serving.client(app)
    got = web.post("/check", files={"file": ("record.xlsx", _filled()["record.xlsx"])})
    refused(got, 408, "stopped after 0 s")


def test_records_are_checked_two_at_a_time() -> None:
    checker = Checker()
    web = serving.client(application(serving.desk(), test=False, checker=checker))
    assert checker._turns.acquire(blocking=False)
    assert checker._turns.acquire(blocking=False)
    got = web.post("/check", files={"file": ("record.xlsx", b"PK")})
    refused(got, 503, "ask again in 10 seconds")
    assert got.headers["retry-after"] == "10"


def test_connect_finds_the_same_here_and_there(
    web: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some questions, through the library's own client; below, all of them."""
    few_ones = {
        n: queries()[n] for n in ("who-must-adopt", "adoption-basis", "two-tier")
    }
    monkeypatch.setattr(selftest, "queries", lambda: few_ones)
    there = connect(f"{web[0]}/sparql?on={DAY}")
    assert selftest.sums(there).agrees
    kg = serving.desk()._graph
    found = {one.question: one for one in selftest.run(there, kg)}
    assert found.keys() == few_ones.keys()
    assert [one for one in found.values() if not one.agrees] == []


@pytest.mark.servers
def test_connect_finds_every_answer_the_same(kg: KnowledgeGraph) -> None:
    desk = Desk(areas=few.AREAS, sparql="on")
    with served(application(desk, test=False)) as (address, _):
        there = connect(f"{address}/sparql?on={DAY}", 60)
        found = [*selftest.run(there, kg)]
    assert len(found) == len(queries())
    assert [one for one in found if one.agrees is False] == []
    left = {one.question for one in found if one.agrees is None}
    assert left == few.NOT_OF_2024
    assert not [one for one in found if "no answer" in one.outcome]


def test_the_command_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    port, log = servers.free_port(), tmp_path / "log"
    command = [str(COMMAND), "serve", "--area", "Dorset", "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as out, subprocess.Popen(command, stderr=out) as process:
        try:
            _until(lambda: "is served" in log.read_text())
            _until(lambda: _alive(address))
            told = httpx2.get(f"{address}/readyz", timeout=60).json()
            assert told["self_test"] in ("running", "passed")
            assert told["areas"] == ["E06000059"]
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) in (0, -signal.SIGTERM)
        finally:
            process.kill()
    first, *_, last = log.read_text().splitlines()
    assert first == f"cspgraph: {address}/ is served; Ctrl+C ends it"
    assert json.loads(last)["route"] == "/readyz"


def _until(there: Callable[[], bool]) -> None:
    """Wait until something is so; a machine may be slow."""
    for _ in range(1_200):
        if there():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about within a minute")


def _alive(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--area", "Dorsett"], "did you mean 'Dorset'"),
        (["--with", "not-there.trig"], "not-there.trig"),
        (["--port", "0"], "--port"),
        (
            ["--host", "192.0.2.1", "--port", "8081"],
            "port: 192.0.2.1:8081 cannot be used",
        ),
        (["--sparql", "maybe"], "maybe"),
    ],
)
def test_a_start_that_does_not_fit_is_told_in_a_sentence(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", *words])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--area", "Dorset", "--port", str(port)])
    assert ended.value.code == 2
    assert f"127.0.0.1:{port} cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_without_its_packages_a_command_says_what_to_install(command: str) -> None:
    code = (
        "import sys\n"
        "for name in ('starlette', 'uvicorn', 'mcp'): sys.modules[name] = None\n"
        f"from cspgraph.cli import main\nmain([{command!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    assert done.returncode == 2
    assert f"pip install 'cspgraph[{command}]'" in done.stderr
    assert "Traceback" not in done.stderr
