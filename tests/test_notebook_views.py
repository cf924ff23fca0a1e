"""What a notebook shows of a graph, a report and an answer, and what it warns of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.graph import KnowledgeGraph
from cspgraph.overview.views import VIEWS
from cspgraph.rdf.engines import Oxigraph

if TYPE_CHECKING:
    from cspgraph.questions.answer import Answer

DAY = "2024-07-23"


@pytest.fixture(scope="module")
def found(kg: KnowledgeGraph) -> Answer:
    return kg.answer("responsible-authorities", area="Dorset", on=DAY)


def test_rows_are_taken_by_number(found: Answer) -> None:
    rows = list(found)
    assert [found[place] for place in range(len(rows))] == rows
    assert found[-1] == rows[-1]
    with pytest.raises(IndexError):
        found[len(rows)]


def test_a_slice_is_an_answer_that_says_what_it_lacks(found: Answer) -> None:
    assert list(found[1:3]) == list(found)[1:3]
    assert found[:].complete
    assert "not complete" in found[1:3].caption
    assert "There is more" in found[1:3].sentence()


def test_a_report_says_its_counts(kg: KnowledgeGraph) -> None:
    report = kg.validate(on=DAY, area="Dorset")
    assert repr(report) == f"<{report.line}>"
    assert f"on record {report.standings['on record']}" in repr(report)


def test_a_graph_has_a_view() -> None:
    view = cspgraph.load(on=DAY, areas=["Dorset"])._repr_html_()
    for said in ("on 23 July 2024, 1 area", "kg.answer(NAME", "Law read by"):
        assert said in view


def test_the_network_of_the_country_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KnowledgeGraph, "_engine", lambda _: Oxigraph())
    with pytest.warns(UserWarning, match="takes minutes") as told:
        assert len(cspgraph.load(on=DAY).network()) == 0
    assert all(view in str(told[0].message) for view in VIEWS)
