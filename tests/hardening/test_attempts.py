"""A little of what `make harden` tries at length, from another seed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cspgraph.rdf import files, journal, results
from cspgraph.render import escape
from hardening import attempts
from hardening.attempts import ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = {
    "queries": 400, "run-queries": 200, "rdf-files": 400, "results": 1500, "forms": 8,
    "workbooks": 8, "kills": 30, "faults": 60, "literals": 500, "escaped": 500,
    "arguments": 10,
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FEW)
def test_the_promise_holds(name: str) -> None:
    assert list(ATTEMPTS[name][0](7, FEW[name])) == []


@pytest.mark.country
def test_one_graph_serves_eight_threads() -> None:
    assert list(ATTEMPTS["threads"][0](7, 100)) == []


def test_every_promise_is_tried_here_or_at_length() -> None:
    assert {*FEW, "threads"} == ATTEMPTS.keys()
    assert all(attempt[0].__doc__ for attempt in ATTEMPTS.values())


def _nothing(text: str) -> str:
    return text


def _raising(_: object) -> None:
    raise KeyError("broken on purpose")


BROKEN: list[tuple[str, object, str, Callable[..., object]]] = [
    ("rdf-files", files, "check", _raising),
    ("results", attempts, "from_json", _raising),
    ("escaped", escape, "csv_cell", _nothing),
    ("escaped", escape, "markdown_text", _nothing),
    ("escaped", escape, "html_text", _nothing),
    ("escaped", escape, "plain", _nothing),
    ("queries", attempts, "admit", _nothing),
    ("run-queries", attempts, "admit", _nothing),
]


@pytest.mark.parametrize(("name", "owner", "part", "put"), BROKEN)
def test_what_is_broken_on_purpose_is_seen(
    name: str,
    owner: object,
    part: str,
    put: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(owner, part, put)
    assert next(ATTEMPTS[name][0](7, 3000), "")


def test_a_mixture_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a journal a kill between two renames leaves some files new and others old."""

    def one_by_one(top: object, given: dict[Path, bytes]) -> None:
        del top
        for place, data in given.items():
            journal.beside(place, data).replace(place)

    monkeypatch.setattr(journal, "_put_many", one_by_one)
    assert next(ATTEMPTS["kills"][0](7, 30), "")
    assert next(ATTEMPTS["faults"][0](7, 30), "")


def test_results_are_read_as_the_standard_says() -> None:
    names, rows = results.from_json(attempts._ROWS.encode())
    assert names == ["a", "b"]
    assert len(rows) == len(json.loads(attempts._ROWS)["results"]["bindings"])
