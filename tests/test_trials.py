"""Trying a server: an answer that differs is named, and so is another day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

import cspgraph
import few
from cspgraph.cli import main
from cspgraph.inquiry.queries import queries
from cspgraph.serving.trials import trials

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"


def test_a_good_server_agrees_in_every_question(
    kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    found = list(trials(cspgraph.connect(endpoint(DAY)), kg))
    assert [trial.question for trial in found] == list(queries())
    # One is asked of all dates; the examples of two name areas of before 2019.
    left = {t.question: t.outcome for t in found if t.agrees is None}
    assert left.keys() == {"membership-changes", "areas-with-several", "partnerships"}
    assert all(said.startswith("not asked: ") for said in left.values())
    assert [trial for trial in found if trial.agrees is False] == []


def test_a_row_that_is_missing_is_named(
    kg: KnowledgeGraph, store: Callable[[str], Store], endpoint: Callable[[str], str]
) -> None:
    held = store(DAY)
    row, *others = kg.answer("joint-strategies", on=DAY).terms
    assert isinstance(row[0], NamedNode)
    gone = [*held.quads_for_pattern(row[0], None, None, None)]
    here = cspgraph.load(areas=few.AREAS)
    for quad in gone:
        held.remove(quad)
    try:
        found = {t.question: t for t in trials(cspgraph.connect(endpoint(DAY)), here)}
    finally:
        held.extend(gone)
    assert found["joint-strategies"].agrees is False
    outcome = f"1 rows missing, 0 that are not here, of {1 + len(others)}"
    assert found["joint-strategies"].outcome == outcome
    assert found["terms"].agrees is True


def test_the_command_says_so_with_its_code(
    endpoint: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = endpoint(DAY)
    for words, code, said in (
        (["--on", "2024-10-11"], 1, "it serves 2024-07-23, not 2024-10-11"),
        ([], 2, "add --self-test"),
    ):
        extra = ["--self-test"] if words else []
        with pytest.raises(SystemExit) as ended:
            main(["connect", url, *extra, *words])
        assert ended.value.code == code
        assert said in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["connect", "--self-test", "http://127.0.0.1:9/none"])
    assert ended.value.code == 3
    assert "no answer" in capsys.readouterr().err
