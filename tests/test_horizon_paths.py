"""The horizon on the ways out that are not an answer: a server, GraphML, a drawing, a cell."""

from __future__ import annotations

import json
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, get_args, get_type_hints
from urllib.parse import parse_qs

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

import cspgraph
from cspgraph import magic
from cspgraph.cli.documents import draw
from cspgraph.overview.views import ViewDiagram
from cspgraph.receipt import warning
from runs import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cspgraph.graph import KnowledgeGraph

LATER, WITHIN = "2027-05-10", "2026-11-23"


@cache
def elmbridge() -> KnowledgeGraph:
    """Return the graph of Elmbridge, read once."""
    return cspgraph.load(areas=["Elmbridge"])


@pytest.fixture(scope="module", params=[LATER, WITHIN])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Yield a day, and the address of a server that holds the graph built for it."""
    day: str = request.param
    store = Store()
    store.extend(elmbridge().at(day).quads())

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            sent = parse_qs(self.rfile.read(size).decode())
            rows = store.query(sent["query"][0], use_default_graph_as_union=True)
            assert isinstance(rows, QuerySolutions)
            body = rows.serialize(format=QueryResultsFormat.JSON) or b""
            self.send_response(200)
            self.send_header("content-type", "application/sparql-results+json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield day, f"http://127.0.0.1:{http.server_port}/sparql"
    http.shutdown()
    thread.join()
    http.server_close()


def test_a_served_graph_says_how_far_it_reaches(served: tuple[str, str]) -> None:
    day, url = served
    answer = cspgraph.connect(url).answer("responsible-authorities", area="Elmbridge")
    assert answer.receipt["law_read"] == WITHIN
    assert ("beyond" in answer.receipt) == (day == LATER)
    if day == LATER:
        ended = {str(one["what"]) for one in answer.receipt["beyond"]["ended"]}
        assert "Elmbridge ends and becomes part of East Surrey" in ended
        assert len(answer)
        assert all(row["ended"] for row in answer)


def test_free_sparql_of_a_served_graph_says_so_too(served: tuple[str, str]) -> None:
    day, url = served
    text = "SELECT ?day WHERE { ?snapshot csp:asOf ?day }"
    found = cspgraph.connect(url).select(text)
    assert bool(warning(found.receipt)) == (day == LATER)
    assert json.loads(found.to_json())["receipt"]["register_made"] == WITHIN


@pytest.mark.parametrize("day", [LATER, WITHIN])
def test_a_drawing_as_graphml_holds_the_warning(day: str) -> None:
    made = elmbridge().draw("Elmbridge", view="duties", on=day)
    assert isinstance(made, ViewDiagram)
    drawn = made.to_graphml()
    assert ("looks beyond 23 November 2026" in drawn) == (day == LATER)


WARNS = "looks beyond 23 November 2026"
DRAWN = get_args(get_type_hints(draw)["what"])


@pytest.mark.parametrize("day", [LATER, WITHIN])
@pytest.mark.parametrize("what", DRAWN)
def test_whatever_is_drawn_warns(
    what: str,
    day: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On standard error, on what is printed, and in each file that can be written."""
    monkeypatch.setattr("cspgraph.graph.load", lambda *_, **__: elmbridge())
    name = {"country": (), "law": ("Police and Justice Act 2006",)}.get(what, ("Elmbridge",))  # fmt: skip
    words = ("draw", what, *name, "--on", day)
    endings = {"country": (".md", ".html"), "area": (".svg", ".mmd", ".md", ".html")}
    later = day == LATER
    code, printed, told = run(capsys, *words)
    assert (code, WARNS in printed, WARNS in told) == (0, later, later)
    for ending in endings.get(what, (".svg", ".mmd", ".md", ".html", ".graphml")):
        file = tmp_path / f"drawn{ending}"
        code, _, told = run(capsys, *words, "-o", str(file), "--quiet")
        assert (code, WARNS in told) == (0, later)
        assert (WARNS in file.read_text("utf-8")) == later


@pytest.mark.parametrize("day", [LATER, WITHIN])
@pytest.mark.parametrize("named", ["", "kept "])
def test_a_cell_of_a_notebook_warns(
    day: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A frame has no receipt, so the warning stands beside it."""
    cell = "SELECT ?day WHERE { ?snapshot csp:asOf ?day }"
    variables = {"kg": elmbridge().at(day)}
    magic.run(f"{named}--graph kg", cell, variables)
    said = capsys.readouterr().err
    assert ("looks beyond 23 November 2026" in said) == (day == LATER)
