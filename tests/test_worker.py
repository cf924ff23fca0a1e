"""Free SPARQL harms nobody: not the process that asks, nor any other machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Store

import few
from cspgraph import sandbox
from cspgraph.errors import (
    CspgraphError,
    ParameterError,
    QueryError,
    StoppedError,
    UnsafeQueryError,
)
from cspgraph.rdf.gate import MAX_DEPTH, MAX_OPERATORS, MAX_STEPS, admit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
ask = partial(sandbox.ask, areas=few.AREAS)
Popen = subprocess.Popen


class Spy(Popen[bytes]):
    """Starts what it is told to, or `instead`, and remembers how."""

    instead: str | None = None
    started: list[Spy]

    def __init__(self, command: list[str], **how: Any) -> None:
        if Spy.instead is not None:
            command = [sys.executable, "-I", "-c", Spy.instead]
        super().__init__(command, **how)
        self.how = how
        seen = Path(f"/proc/{self.pid}/environ")
        self.environment = seen.read_bytes() if seen.exists() else b""
        Spy.started.append(self)


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> type[Spy]:
    monkeypatch.setattr(Spy, "started", [], raising=False)
    monkeypatch.setattr(Spy, "instead", None)
    monkeypatch.setattr(subprocess, "Popen", Spy)
    return Spy


@pytest.fixture
def no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every query through, as if the gate had missed it."""
    monkeypatch.setattr(sandbox, "admit", lambda query: query)


# The answer is the same

QUESTIONS = [
    "SELECT ?duty ?due { ?duty a csp:Duty OPTIONAL { ?duty csp:dueBy ?due } } ORDER BY ?duty LIMIT 300",
    "SELECT ?s ?text { ?s csp:quote|rdfs:label ?text } ORDER BY ?s ?text LIMIT 200",
    "SELECT ?v ?days (1 = 1 AS ?yes) { ?v csp:daysWaiting ?days } ORDER BY ?v",
    "SELECT (COUNT(*) AS ?n) (1.5 AS ?part) { ?s ?p ?o }",
    "SELECT ?none { ?none a csp:Nothing }",
    "ASK { ?snapshot csp:asOf '2024-07-23'^^xsd:date }",
    "ASK { ?snapshot csp:asOf '2024-07-24'^^xsd:date }",
]


@pytest.mark.parametrize("query", QUESTIONS)
def test_same_answer_as_in_process(query: str, kg: KnowledgeGraph) -> None:
    here, there = kg.at(DAY).select(query), ask(query, on=DAY)
    assert there.terms == here.terms
    assert there.columns == here.columns
    assert there.labels == here.labels
    assert there.receipt == here.receipt
    assert (there.on, there.complete) == (here.on, True)


def test_rows_are_capped_and_the_answer_says_so() -> None:
    few = ask("SELECT ?s { ?s a csp:Duty } ORDER BY ?s", on=DAY, rows=5)
    assert (len(few), few.complete) == (5, False)
    assert "not complete" in few.caption


def test_as_many_rows_as_the_cap_are_complete() -> None:
    all_of_them = ask("SELECT ?s { ?s a csp:Duty } ORDER BY ?s LIMIT 5", on=DAY, rows=5)
    assert (len(all_of_them), all_of_them.complete) == (5, True)


def test_bytes_are_capped_and_the_answer_says_so() -> None:
    """Each row is 1 MiB of text, and there would be two hundred of them."""
    double = " ".join(
        f"BIND(CONCAT(?x{step}, ?x{step}) AS ?x{step + 1})" for step in range(20)
    )
    query = f"SELECT ?x20 {{ BIND('a' AS ?x0) {double} ?s a csp:Duty }} LIMIT 200"
    large = ask(query, on=DAY)
    assert 0 < len(large) < 200
    assert not large.complete


# What is not a question is an error, and a quick one

ILL = ["SELECT", "SELECT * { ?s ?p }", "ASK { FILTER(?x) ", "SELECT ?x ?x { }}"]


@pytest.mark.parametrize("query", ILL)
def test_ill_sparql_is_a_query_error(query: str) -> None:
    with pytest.raises(QueryError, match="not a SPARQL SELECT or ASK") as caught:
        ask(query, on=DAY)
    assert not isinstance(caught.value, StoppedError)


@pytest.mark.parametrize("day", ["last week", "2024-02-30", "", "9999-12-31"])
def test_wrong_day_is_a_parameter_error(day: str) -> None:
    with pytest.raises(ParameterError, match=r"^on: "):
        ask("ASK {}", on=day)


def test_gate_stands_before_the_worker(spy: type[Spy]) -> None:
    with pytest.raises(UnsafeQueryError):
        ask("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", on=DAY)
    assert not spy.started


def test_only_rows_come_back(no_gate: None) -> None:
    del no_gate
    with pytest.raises(QueryError, match="ask for rows"):
        ask("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", on=DAY)


@pytest.mark.usefixtures("no_gate")
def test_update_is_refused_by_the_engine_too() -> None:
    with pytest.raises(QueryError):
        ask("DELETE WHERE { ?s ?p ?o }", on=DAY)


# Time and memory

_TEXT = " ".join(
    f"BIND(CONCAT({', '.join([f'?x{step}'] * 16)}) AS ?x{step + 1})"
    for step in range(9)
)
RUNAWAYS = {
    "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "path": (
        "SELECT (COUNT(*) AS ?n)"
        " { ?a (!<http://a/>|!^<http://a/>)* ?b . ?c (!<http://a/>)* ?d }"
    ),
    "sort": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY STR(?c) STR(?f)",
    "text": f"SELECT (STRLEN(?x9) AS ?n) {{ BIND('a' AS ?x0) {_TEXT} }}",
    "many parts": "SELECT * {" + "?a ?b ?c . ?d ?e ?f . " * 400 + "}",
}


@pytest.mark.parametrize("query", RUNAWAYS.values(), ids=RUNAWAYS)
def test_runaway_query_is_stopped(query: str, spy: type[Spy]) -> None:
    start = time.monotonic()
    ask("ASK {}", on=DAY)
    between = time.monotonic()
    with pytest.raises(StoppedError):
        ask(query, on=DAY, seconds=1)
    taken, usual = time.monotonic() - between, between - start
    assert taken < 10 * (usual + 1)
    assert [child.returncode is not None for child in spy.started] == [True, True]


def test_stopped_message_says_how_to_go_on() -> None:
    with pytest.raises(StoppedError, match="stopped after 1 s; ask for less"):
        ask(RUNAWAYS["product"], on=DAY, seconds=1)


def test_interrupt_leaves_no_process(
    spy: type[Spy], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(spy, "communicate", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ask(RUNAWAYS["product"], on=DAY, seconds=60)
    assert spy.started[0].wait(timeout=60) != 0


# Depth

HALF = MAX_DEPTH // 2
DEEP = {
    "groups": f"ASK {'{' * (MAX_DEPTH - 1)}{'}' * (MAX_DEPTH - 1)}",
    "brackets": (
        f"ASK {{ FILTER({'(' * (MAX_DEPTH - 2)}1{')' * (MAX_DEPTH - 2)} > 0) }}"
    ),
    "not": f"ASK {{ FILTER({'!' * (MAX_OPERATORS - 1)}true) }}",
    "minus": f"ASK {{ FILTER(0 > {'- ' * (MAX_OPERATORS - 1)}?x) }}",
    "sum": f"ASK {{ FILTER({'1 + ' * (MAX_OPERATORS - 1)}1 > 0) }}",
    "or": f"ASK {{ FILTER({'false || ' * (MAX_OPERATORS // 2 - 1)}true) }}",
    "path": f"ASK {{ ?s {'csp:on/' * MAX_STEPS}csp:on ?o }}",
    "quoted triples": (
        f"ASK {{ {'<< ' * (MAX_OPERATORS // 4)}?s ?p ?o{' ?p ?o >>' * (MAX_OPERATORS // 4)} }}"
    ),
    "exists": (f"ASK {{ {'FILTER EXISTS { ' * HALF}?s ?p ?o{' }' * HALF} }}"),
    "sub-selects": f"ASK {{ {'{ SELECT * { ' * (HALF - 2)}{'} } ' * (HALF - 2)} }}",
    "blank nodes": f"ASK {{ ?s ?p {'[ ?p ' * (MAX_DEPTH - 2)}1{' ]' * (MAX_DEPTH - 2)} }}",
    "values": f"ASK {{ VALUES ?x {{ {'1 ' * 20_000} }} }}",
    "objects": f"ASK {{ ?s ?p ?o {', ?o' * 15_000} }}",
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP)
def test_what_the_gate_admits_cannot_end_this_process(query: str) -> None:
    """The engine may give up, or end; whoever asked hears of it and goes on."""
    assert admit(query)
    with suppress(CspgraphError):
        assert len(ask(query, on=DAY, seconds=2)) == 1


@pytest.mark.usefixtures("no_gate")
def test_what_ends_the_engine_is_reported() -> None:
    with pytest.raises(StoppedError, match="ended its process"):
        ask(f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}", on=DAY)
    assert next(iter(ask("ASK {}", on=DAY))) == {"answer": True}


# The network and the environment

UNSHARE = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x50000000) != 0)"


@pytest.fixture
def canary() -> Iterator[tuple[str, list[object]]]:
    """Yield an address on loopback, and the list of who called there."""
    place, heard = socket.create_server(("127.0.0.1", 0)), list[object]()

    def listen() -> None:
        with suppress(OSError):
            while True:
                caller, address = place.accept()
                heard.append(address)
                caller.close()

    Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{place.getsockname()[1]}/", heard
    place.close()


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_nothing_is_heard_even_without_the_gate(
    silent: str,
    canary: tuple[str, list[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the kernel gives no network of its own, the gate alone protects."""
    url, heard = canary
    query = f"SELECT * {{ SERVICE {silent} <{url}> {{ ?s ?p ?o }} }}"
    with suppress(OSError):
        Store().query(query)
    assert len(heard) == 1, "the query does call out when nothing keeps it in"
    kept_in = not subprocess.run(
        [sys.executable, "-c", UNSHARE], check=False
    ).returncode
    if kept_in:
        monkeypatch.setattr(sandbox, "admit", lambda text: text)
    with suppress(CspgraphError):
        ask(query, on=DAY)
    assert len(heard) == 1
    with pytest.raises(UnsafeQueryError):
        admit(query)


def test_environment_is_empty(spy: type[Spy], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSPGRAPH_TEST_SECRET", "not for the worker")
    ask("ASK {}", on=DAY)
    (child,) = spy.started
    assert child.how["env"] == {}
    assert b"not for the worker" not in child.environment


# A process that does not do what it should

READY = 'import sys; sys.stdin.readline(); sys.stdout.write(\'{"began": true, "alone": true}\\n{"checked": true}\\n{"ready": true}\\n'


def test_reply_that_comes_at_once_is_not_lost(spy: type[Spy]) -> None:
    spy.instead = f'{READY}{{"error": "heard"}}\\n\')'
    with pytest.raises(QueryError, match=r"^heard$"):
        ask("ASK {}", on=DAY)


def test_silence_is_reported(spy: type[Spy]) -> None:
    spy.instead = f"{READY}')"
    with pytest.raises(StoppedError, match="ended its process"):
        ask("ASK {}", on=DAY)


@pytest.mark.parametrize("end", ["raise SystemExit(1)", "import os; os.abort()"])
def test_process_that_does_not_start_is_reported(end: str, spy: type[Spy]) -> None:
    spy.instead = end
    with pytest.raises(StoppedError, match="did not start"):
        ask(f"ASK {{ ?s ?p '{'a' * 60_000}' }}", on=DAY)


def test_process_that_never_gets_ready_is_stopped(
    spy: type[Spy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_START_SECONDS", 1)
    spy.instead = "import time; time.sleep(600)"
    with pytest.raises(StoppedError, match="did not start"):
        ask("ASK {}", on=DAY)
    with pytest.raises(ProcessLookupError):
        os.kill(spy.started[0].pid, 0)


# What is told early, and what is told of a cut


def test_a_slip_is_told_before_any_graph_is_made() -> None:
    """An area that is not known is found out when the graph is made, so later."""
    with pytest.raises(QueryError, match="not a SPARQL SELECT or ASK"):
        sandbox.ask("SELECT * { ?s ?p }", on=DAY, areas=["Nowhere"])
    with pytest.raises(ParameterError, match="Nowhere"):
        sandbox.ask("SELECT * { ?s ?p ?o }", on=DAY, areas=["Nowhere"])


@pytest.mark.usefixtures("no_gate")
def test_what_ends_the_engine_ends_it_before_any_graph_is_made() -> None:
    deep = f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}"
    with pytest.raises(StoppedError, match="ended its process"):
        sandbox.ask(deep, on=DAY, areas=["Nowhere"])


def test_rows_that_came_in_time_are_given_and_said_to_be_cut() -> None:
    query = "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f }"
    found = ask(query, on=DAY, seconds=1, rows=10**9)
    assert len(found) > 10
    assert not found.complete
    assert found.receipt["cut"] in ("after 1 s", "after 50 MiB of text")
    assert "not complete" in found.caption


def test_a_cut_is_in_the_receipt() -> None:
    query = "SELECT ?s { ?s a csp:Duty } ORDER BY ?s"
    assert ask(query, on=DAY, rows=5).receipt["cut"] == "after 5 rows"
    assert "cut" not in ask(f"{query} LIMIT 5", on=DAY, rows=5).receipt


HEAD = '{"answer": {"head": {"vars": ["x"]}, "results": {}}, "receipt": {}, "read_before": []}'
ROW = '{"row": {"x": {"type": "uri", "value": "urn:a"}}, "labels": {}}'


@pytest.mark.parametrize(
    "said", ["", f"{HEAD}\\n", f"{HEAD}\\n{ROW}\\n", f"{HEAD}\\n{ROW}\\n{ROW[:9]}"]
)
def test_an_answer_that_breaks_off_is_none(said: str, spy: type[Spy]) -> None:
    spy.instead = f"{READY}{said}')"
    with pytest.raises(StoppedError, match="ended its process"):
        ask("ASK {}", on=DAY)


def test_late_rows_are_whole(spy: type[Spy]) -> None:
    """Half a row, when the time is over, is no row."""
    spy.instead = f"{READY}{HEAD}\\n{ROW}\\n{ROW[:20]}'); sys.stdout.flush(); import time; time.sleep(60)"
    found = ask("ASK {}", on=DAY, seconds=1)
    assert (len(found), found.complete) == (1, False)


# One graph of the store


def test_a_graph_of_the_store_can_be_read_alone() -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    law = "<https://w3id.org/cspgraph/graph/law>"
    (alone,), (whole,) = ask(count.format(f"FROM {law}"), on=DAY), ask(count.format(""), on=DAY)  # fmt: skip
    (inside,) = ask(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {law} {{ ?s ?p ?o }} }}", on=DAY)
    assert alone == inside
    assert 0 < int(str(alone["n"])) < int(str(whole["n"]))
    named_only = count.replace("?s ?p ?o", "GRAPH ?g {{ ?s ?p ?o }}")
    (named,) = ask(named_only.format(f"FROM NAMED {law}"), on=DAY)
    assert named == alone


def test_a_graph_that_is_not_there_is_refused_with_those_that_are() -> None:
    query = "ASK FROM <https://w3id.org/cspgraph/graph/laws> { ?s ?p ?o }"
    with pytest.raises(ParameterError, match="graph/laws is no graph here; there are"):
        ask(query, on=DAY)


# A system that takes no network away


def test_where_the_gate_is_alone_it_is_told_once(spy: type[Spy]) -> None:
    spy.instead = READY.replace("true}\\n{\"checked", "false}\\n{\"checked") + f"{HEAD}\\n{{\"cut\": \"\"}}\\n')"  # fmt: skip
    heard: list[str] = []
    ask("ASK {}", on=DAY, tell=heard.append)
    assert len(heard) == 1
    assert "does not let the query run without a network" in heard[0]


def test_nothing_is_told_where_the_network_is_gone(spy: type[Spy]) -> None:
    spy.instead = f'{READY}{HEAD}\\n{{"cut": ""}}\\n\')'
    heard: list[str] = []
    ask("ASK {}", on=DAY, tell=heard.append)
    assert heard == []


CALL = """
import sys
from pyoxigraph import Store
from cspgraph.sandbox import bounds
query = sys.argv[1]
if sys.argv[2] == "bound":
    with bounds(5):
        try: list(Store().query(query))
        except OSError: pass
        except RuntimeError: pass
    open(__import__("os").devnull).close()
else:
    try: list(Store().query(query))
    except OSError: pass
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
def test_bounds_alone_keep_a_call_in(canary: tuple[str, list[object]]) -> None:
    """Even with the network there: no socket can be opened within the bounds."""
    url, heard = canary
    query = f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
    for how, calls in (("bound", 0), ("free", 1)):
        subprocess.run([sys.executable, "-c", CALL, query, how], check=True)
        assert len(heard) == calls
