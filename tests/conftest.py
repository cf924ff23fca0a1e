"""What the tests share: the graph, its days, an endpoint on loopback, golden files.

`pytest --write-answers` renews the golden files in `tests/answers/`. With
CSPGRAPH_NO_SKIPS=1 in the environment, a test that is skipped has failed.

Tests stand in three tiers, and each tier runs those before it too. `make test` runs what
is quick, `make check` all that needs nothing but Python and no graph of the country, and
`make full` everything. What a test uses says where it stands: `NEEDS` and `SLOW` list
fixtures, `THOROUGH` files.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat

import cspgraph
import few
import kept
from cspgraph.derive import rules
from cspgraph.questions.query_file import find, queries
from cspgraph.rdf.engines import Reference
from cspgraph.validate import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser
    from pyoxigraph import Store

    from cspgraph.graph import KnowledgeGraph

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
#: What is not on every machine, or takes long: the fixture that gives it, and the marker
#: of each test that has the fixture.
NEEDS = {
    "browser": "browser",
    "started": "servers",
    "national": "country",
}
#: Markers of tests that `make full` alone runs.
FULL = {*NEEDS.values(), "rendering", "exhaustive"}
#: Files that `make check` runs and `make test` leaves out: they derive many graphs, read
#: many forms or start processes.
THOROUGH = {
    *("absences", "alignments", "analyst", "answer_pages", "area_questions", "briefs"),
    *("building", "chains", "changes", "claim_forms", "claims", "cli", "comparisons"),
    *("compare", "described", "own_shapes"),
    *("construct", "contributions", "corrections", "crosschecks", "draft_records"),
    *("due_days", "duties", "every_template", "everyday", "explanations", "first_days"),
    *(
        "first_hour",
        "form_cells",
        "form_formats",
        "frames",
        "governance",
        "growth",
        "horizon",
    ),
    *("horizon_paths", "hostile_reports", "invented_claims", "question_pages"),
    *("coverage_missing", "machine_reports", "magic", "named_bodies", "namesakes"),
    *("network", "notebooks", "one_door", "organs"),
    *("partners", "passed_days", "pictures", "push", "record_questions", "records"),
    *("records_out", "reorganisation", "reports", "rules", "shapes", "silences"),
    *("assistant", "serve", "serve_http", "serve_pages", "serve_sparql"),
    *("spoiled_forms", "standings", "strangers", "text_read", "tiers", "selftest"),
    *("validator", "verdicts", "views", "wheel", "worker", "writing", "site"),
}
#: Fixtures of which the same is true: the engines that the first is compared with.
SLOW = {"reference", "backwards", "endpoint", "shuffled"}
ANSWERS = TESTS / "answers"
ALL_DATES = "all dates"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-answers", action="store_true", help="renew the files in tests/answers/"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Refuse to derive anything while tests are collected: every worker would pay for it."""

    def refuse(*_: object) -> None:
        raise AssertionError("derived while tests are collected; let a fixture do it")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "derive", refuse)
        return (yield)


def _nothing_beside(event: str, given: tuple[object, ...]) -> None:
    """Refuse to open what lies beside the checkout: a clone elsewhere would lack it."""
    if event != "open" or not isinstance(given[0], str) or not kept.Turn.test:
        return
    beside, place = f"{ROOT.parent}/", given[0]
    ours = (f"{ROOT}/", f"{beside}.", tempfile.gettempdir(), *filter(None, sys.path))
    if place.startswith(beside) and not place.startswith((*ours, sys.base_prefix)):
        raise AssertionError(f"{place} lies outside the repository")


sys.addaudithook(_nothing_beside)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it uses and by its file.

    The tests of a file go to one worker, so that what they share is made once, and so do
    those with servers, and those about the country, which come first.
    """
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        for fixture, marker in NEEDS.items():
            if fixture in used:
                item.add_marker(marker)
        marks = {mark.name for mark in item.iter_markers()}
        if marks & FULL:
            item.add_marker("full")
        elif item.path.stem.removeprefix("test_") in THOROUGH or used & SLOW:
            item.add_marker("thorough")
        together = [*sorted(marks & {"servers", "country"}), item.path.name]
        item.add_marker(pytest.mark.xdist_group(together[0]))
    items.sort(key=lambda item: not {m.name for m in item.iter_markers()} & FULL)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Say which test runs, and which graphs it may have."""
    kept.Turn.test = item.nodeid
    kept.Turn.large = item.get_closest_marker("country") is not None
    kept.Turn.shared = "monkeypatch" not in getattr(item, "fixturenames", ())
    return (yield)


# No test, nor any process that it starts, looks at or writes what a user keeps.
os.environ["CSPGRAPH_CACHE"] = "off"
os.environ["CSPGRAPH_CACHE_FOLDER"] = str(Path(tempfile.gettempdir()) / "cspgraph-none")


@pytest.fixture(scope="session", autouse=True)
def graphs_are_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep graphs for all tests, and those of many areas for all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "kept"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        kept.share(patch, folder)
        yield


@pytest.fixture(scope="session")
def national() -> KnowledgeGraph:
    """Return the shipped graph, for tests that ask about England and Wales at once."""
    return cspgraph.load()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[
    None, pytest.TestReport, pytest.TestReport
]:
    """Let a skip count as a failure where nothing may be skipped."""
    report = yield
    if (
        report.skipped
        and os.environ.get("CSPGRAPH_NO_SKIPS")
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def kg() -> KnowledgeGraph:
    """Return the shipped graph of a few areas; it keeps each day it was asked for."""
    return cspgraph.load(areas=few.AREAS)


def _graph(kg: KnowledgeGraph, day: str) -> KnowledgeGraph:
    return kg if day == ALL_DATES else kg.at(day)


@pytest.fixture(scope="session")
def reference(kg: KnowledgeGraph) -> Callable[[str], Reference]:
    """Return a function from a day, or all dates, to rdflib holding it; it keeps a few."""
    return lru_cache(3)(lambda day: Reference(_graph(kg, day).quads()))


@pytest.fixture(scope="session")
def store(kg: KnowledgeGraph) -> Callable[[str], Store]:
    """Return a function from a day, or all dates, to the store that holds it."""
    return lambda day: _graph(kg, day)._engine().store


@pytest.fixture(scope="session")
def endpoint(store: Callable[[str], Store]) -> Iterator[Callable[[str], str]]:
    """Return a function from a day, or all dates, to an endpoint that serves it."""

    class Answering(BaseHTTPRequestHandler):
        """SPARQL 1.1 protocol: a query by POST, as a form or as it is."""

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["content-length"])).decode()
            if "form-urlencoded" in self.headers["content-type"]:
                text = parse_qs(text)["query"][0]
            day = unquote(urlsplit(self.path).path.strip("/"))
            try:
                union = not re.search(r"\bFROM\b", text)
                found = store(day).query(text, use_default_graph_as_union=union)
            except SyntaxError as error:
                self.send_error(400, explain=str(error))
                return
            if isinstance(found, QuerySolutions | QueryBoolean):
                kind = "application/sparql-results+json"
                body = found.serialize(format=QueryResultsFormat.JSON) or b""
            else:
                kind = "text/turtle; charset=utf-8"
                body = found.serialize(format=RdfFormat.TURTLE) or b""
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield lambda day: f"http://127.0.0.1:{server.server_port}/{quote(day)}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return a function that holds a text against the golden file of that name."""

    def hold(name: str, text: str) -> None:
        place = ANSWERS / name
        if request.config.getoption("--write-answers"):
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="")
        assert place.is_file(), f"no {place.name}; pytest --write-answers makes it"
        assert text == place.read_bytes().decode()

    return hold


@pytest.fixture(autouse=True)
def nothing_stays_patched(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget what a test read through a patched function, once the patch is undone."""
    yield
    if "monkeypatch" in request.fixturenames:
        for read in (rules.rules, shapes.shapes, find, queries):
            getattr(read, "cache_clear", lambda: None)()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser without a window; `.ci/run` installs one where it is missing."""
    from playwright.sync_api import sync_playwright

    place = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert place, f"install one of {', '.join(BROWSERS)}; `make check` needs none"
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=place, args=list(QUIET))
        yield opened
        opened.close()
