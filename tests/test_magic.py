"""The cell magic: a frame out of a cell, behind the gate, and sentences for errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import cspgraph
from cspgraph import magic, sandbox
from cspgraph.errors import CspgraphError
from cspgraph.questions.answer import Answer
from cspgraph.questions.triples import Triples

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
BODIES = """
SELECT DISTINCT ?body ?since
WHERE {
  ?holding a csp:RoleHolding ; csp:area gss:E06000059 ;
    csp:role role:ResponsibleAuthority ; csp:body ?body ; csp:validFrom ?since .
}
ORDER BY ?since ?body"""


@pytest.fixture(scope="module")
def shell() -> Any:
    """Return a shell that has loaded the extension, and keeps no history."""
    quiet = Config({"HistoryManager": {"enabled": False}})
    made: Any = InteractiveShell
    started = made(config=quiet)
    started.run_line_magic("load_ext", "cspgraph")
    return started


@pytest.fixture
def notebook(shell: Any, kg: KnowledgeGraph) -> Any:
    """Return that shell with a graph called kg and nothing else."""
    shell.reset(new_session=False)
    shell.push({"kg": kg.at(DAY)})
    return shell


def said(shell: Any, line: str, cell: str, capsys: Any) -> str:
    """Return what a cell that fails says."""
    done = shell.run_cell(f"%%sparql {line}\n{cell}")
    assert not done.success
    out, err = capsys.readouterr()
    told: str = out + err
    return told


def test_a_cell_ends_in_a_frame(notebook: Any) -> None:
    """The same rows as the shipped question gives, with the prefixes known."""
    done = notebook.run_cell(f"%%sparql --on {DAY} --area Dorset{BODIES}")
    assert done.success
    frame = done.result
    assert isinstance(frame, pd.DataFrame)
    answer = cspgraph.load(on=DAY, areas=["Dorset"]).answer(
        "responsible-authorities", area="Dorset"
    )
    wanted = {
        (row["body"], row["since"]) for row in answer.to_frame().to_dict("records")
    }
    assert set(frame.itertuples(index=False, name=None)) == wanted
    assert frame.attrs["on"] == DAY
    assert str(frame["since"].dtype) == "datetime64[s]"


def test_a_named_frame_is_kept_and_not_shown(notebook: Any) -> None:
    done = notebook.run_cell(f"%%sparql --graph kg --as polars bodies{BODIES}")
    assert done.success
    assert done.result is None
    frame = notebook.user_ns["bodies"]
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == ["body", "since"]
    assert "Dorset Council" in frame["body"].to_list()


def test_an_answer_can_be_had(notebook: Any) -> None:
    done = notebook.run_cell(f"%%sparql --as answer --graph kg{BODIES}")
    assert isinstance(done.result, Answer)
    assert str(done.result.on) == DAY


@pytest.mark.parametrize("way", [f"--on {DAY} --area Dorset", "--graph kg"])
def test_a_cell_that_builds_a_graph_gives_rdf(way: str, notebook: Any) -> None:
    cell = "\nDESCRIBE body:dorset-council"
    made = notebook.run_cell(f"%%sparql {way}{cell}").result
    assert isinstance(made, Triples)
    assert len(made) > 0
    assert notebook.run_cell(f"%%sparql {way} --as rdflib graph{cell}").success
    assert len(notebook.user_ns["graph"]) == len(made)
    turtle = notebook.run_cell(f"%%sparql {way} --as turtle{cell}").result
    assert turtle == made.to("turtle")


def test_a_cut_graph_says_so(notebook: Any, capsys: pytest.CaptureFixture[str]) -> None:
    line = f"%%sparql --on {DAY} --area Dorset --rows 2"
    made = notebook.run_cell(f"{line}\nCONSTRUCT WHERE {{ ?s a csp:Duty }}").result
    assert (len(made), made.complete) == (2, False)
    told = "cspgraph: stopped after 2 statements; the answer is not complete\n"
    assert capsys.readouterr().err == told


def test_another_day_of_a_graph(notebook: Any) -> None:
    old = "gss:E07000052"
    cell = BODIES.replace("gss:E06000059", old)
    line = "%%sparql --graph kg --on 2013-03-01 before"
    assert notebook.run_cell(line + cell).success
    assert "Dorset County Council" in set(notebook.user_ns["before"]["body"])


def test_options_reach_the_worker(
    notebook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def ask(query: str, **given: Any) -> Answer:
        asked.update(given, query=query)
        return Answer("sparql", "?", (), (), None, {}, {}, {}, complete=True)

    monkeypatch.setattr(sandbox, "ask", ask)
    line = '--on 2013-03-01 --area "West Dorset" --area E06000058 --seconds 3 --rows 7'
    assert notebook.run_cell(f"%%sparql {line}\nASK {{}}").success
    assert asked == {
        "query": "ASK {}\n",
        "on": "2013-03-01",
        "areas": ["West Dorset", "E06000058"],
        "seconds": 3,
        "rows": 7,
    }
    assert notebook.run_cell("%%sparql\nASK {}").success
    assert (asked["seconds"], asked["rows"], asked["areas"]) == (10, 10_000, [])


def test_a_cut_answer_says_so(
    notebook: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    line = f"%%sparql --on {DAY} --area Dorset --rows 2"
    frame = notebook.run_cell(line + BODIES).result
    assert len(frame) == 2
    assert frame.attrs["complete"] is False
    told = "cspgraph: stopped after 2 rows; the answer is not complete\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize(
    ("line", "cell", "told"),
    [
        (
            "--graph kg",
            "SELECT ?x { SERVICE <urn:x> { ?x ?y ?z } }",
            "SERVICE would call",
        ),
        ("--graph kg", "SELECT ?x {", "not a SPARQL SELECT or ASK: error at"),
        ("--graph kg", "DELETE WHERE { ?s ?p ?o }", "SELECT"),
        (
            f"--on {DAY} --area Dorset",
            "SELECT ?x { ?x ?y",
            "not a SPARQL SELECT or ASK",
        ),
        ("--area Dorsett", "ASK {}", "'Dorsett' is not known; did you mean 'Dorset'?"),
        ("--on tomorrow --area Dorset", "ASK {}", "on: 'tomorrow' is not a date"),
        ("--arae Dorset", "ASK {}", "--arae is not known; did you mean 'area'?"),
        ("--area", "ASK {}", "area: no value follows"),
        ("--as excel", "ASK {}", "as: 'excel' is not known; write pandas or polars"),
        ("--as turtle", "ASK {}", "as: the query gives rows, not 'turtle'"),
        ("--as pandas", "DESCRIBE <urn:x>", "as: the query gives a graph, not"),
        ("--rows 0", "ASK {}", "rows: '0' is not a whole number from 1"),
        ("--rows many", "ASK {}", "rows: 'many' is not a whole number from 1"),
        ("two words", "ASK {}", "'words' stands alone"),
        ("2go", "ASK {}", "'2go' is not a name that Python allows"),
        ("class", "ASK {}", "'class' is not a name that Python allows"),
        ("--area 'Dorset", "ASK {}", "has a quotation mark that is not closed"),
        ("--graph kh", "ASK {}", "graph: 'kh' is no graph of this notebook"),
        ("--graph kg --area Dorset", "ASK {}", "graph: --area does not go with it"),
        ("--graph kg --graph kg", "ASK {}", "graph: given 2 times; give it once"),
        (
            "--graph ep --on 2024-07-23",
            "ASK {}",
            "on: ep serves the day it was built for",
        ),
    ],
)
def test_an_error_is_one_sentence(
    line: str,
    cell: str,
    told: str,
    notebook: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    notebook.push({"ep": cspgraph.connect("http://127.0.0.1:1/")})
    text = said(notebook, line, cell, capsys)
    assert text.startswith("UsageError: ")
    assert told in text
    assert "Traceback" not in text
    assert text.strip().count("\n") == 0


def test_help_is_told(notebook: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert notebook.run_cell("%%sparql --help\n ").success
    told = capsys.readouterr().out
    for option in magic._OPTIONS:
        assert f"--{option} " in told


def test_a_fault_of_ours_keeps_its_traceback(
    notebook: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Only what is said on purpose becomes a sentence."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(magic, "admit", broken)
    assert "Traceback" in said(notebook, "--graph kg", "ASK {}", capsys)
    assert not issubclass(ZeroDivisionError, CspgraphError)
