"""Trying a server: an answer that differs is named, and so is another day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

import cspgraph
import few
from cspgraph import receipt
from cspgraph.cli import main
from cspgraph.errors import AreaNotHeldError, EndpointError
from cspgraph.questions.query_file import queries
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.results import from_json
from cspgraph.remote.endpoint import Remote
from cspgraph.remote.selftest import run, sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.rdf.engines import Engine

DAY = "2024-07-23"


def test_a_good_server_agrees_in_every_question(
    kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    found = list(run(cspgraph.connect(endpoint(DAY)), kg))
    assert [trial.question for trial in found] == list(queries())
    left = {t.question: t.outcome for t in found if t.agrees is None}
    assert left.keys() == few.NOT_OF_2024
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
        found = {t.question: t for t in run(cspgraph.connect(endpoint(DAY)), here)}
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


BRACKETED = "SELECT ((10 - 2) + 3 AS ?a) ((20 / 2) * 5 AS ?b) WHERE {}"
FROM_THE_RIGHT = {"10 - 2 + 3": "10 - (2 + 3)", "20 / 2 * 5": "20 / (2 * 5)"}


@pytest.mark.parametrize(
    "engine", [Oxigraph(), Reference(())], ids=["oxigraph", "rdflib"]
)
def test_engines_here_work_out_brackets_and_chains(engine: Engine) -> None:
    for text in (BRACKETED, "SELECT (10 - 2 + 3 AS ?a) (20 / 2 * 5 AS ?b) WHERE {}"):
        _, [row] = from_json(engine.select(text))
        assert [float(term.value) for term in row if term] == [11, 50]


def test_sums_of_a_good_server(endpoint: Callable[[str], str]) -> None:
    assert sums(cspgraph.connect(endpoint(DAY))).agrees is True


@pytest.mark.parametrize("chains", [[*FROM_THE_RIGHT], ["10 - 2 + 3"], ["20 / 2 * 5"]])
def test_a_server_that_begins_at_the_right_is_named(
    chains: list[str],
    endpoint: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ask = Remote.rows

    def from_the_right(remote: Remote, text: str) -> bytes:
        for chain in chains:
            text = text.replace(chain, FROM_THE_RIGHT[chain])
        return ask(remote, text)

    monkeypatch.setattr(Remote, "rows", from_the_right)
    found = sums(cspgraph.connect(endpoint(DAY)))
    assert found.agrees is False
    wrong = {"10 - 2 + 3": "10 - 2 + 3 as 5, not 11", "20 / 2 * 5": "20 / 2 * 5 as 2"}
    assert {chain for chain in wrong if wrong[chain] in found.outcome} == set(chains)
    monkeypatch.setattr("cspgraph.remote.selftest.run", lambda *_: [])
    with pytest.raises(SystemExit) as ended:
        main(["connect", "--self-test", endpoint(DAY), "--area", "Dorset"])
    assert ended.value.code == 1
    assert "it works out" in capsys.readouterr().out


@pytest.mark.parametrize("area", ["Ashford", "Leeds", "Cardiff"])
@pytest.mark.parametrize("name", ["who-must-do-what", "role-holders"])
def test_a_server_without_the_area_says_so(
    name: str, area: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = cspgraph.load(areas=["Dorset"], on=DAY)._engine()
    monkeypatch.setattr(Remote, "rows", lambda _, text: served.rows(text))
    server = cspgraph.connect("http://localhost:9/query")
    with pytest.raises(
        AreaNotHeldError, match=f"not hold {area}; areas it holds: Dorset"
    ):
        server.answer(name, area=area)
    answer = server.answer(name, area="Dorset")
    assert len(answer) > 0
    assert answer.receipt["areas_held"] == "Dorset"


@pytest.mark.parametrize("day", [DAY, None])
def test_a_server_without_a_union_is_told_from_one_for_all_dates(
    day: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = cspgraph.load(areas=["Dorset"], on=day)
    named, empty, loose = Store(), Store(), Store()
    named.extend(served.quads())
    loose.extend(Quad(*quad.triple) for quad in served.quads())
    apart = "not the union of its graphs.*--union-default-graph"
    for store, said in ((named, apart), (empty, "holds no graph of cspgraph")):
        monkeypatch.setattr(Remote, "rows", _plain(store))
        with pytest.raises(EndpointError, match=said):
            _ = cspgraph.connect("http://localhost:9/query").on
    monkeypatch.setattr(Remote, "rows", _plain(loose))
    on = cspgraph.connect("http://localhost:9/query").on
    assert (str(on) if on else None) == day


def _plain(store: Store) -> Callable[[Remote, str], bytes]:
    """Return a way to ask `store` whose default graph is no union."""

    def select(_: Remote, text: str) -> bytes:
        found = store.query(text)
        assert isinstance(found, QuerySolutions)
        return found.serialize(format=QueryResultsFormat.JSON) or b""

    return select


def served_dorset(monkeypatch: pytest.MonkeyPatch) -> cspgraph.Endpoint:
    served = cspgraph.load(areas=["Dorset"], on=DAY)._engine()
    monkeypatch.setattr(Remote, "rows", lambda _, text: served.rows(text))
    return cspgraph.connect("http://localhost:9/query")


def test_a_server_without_the_areas_of_a_body_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = served_dorset(monkeypatch)
    with pytest.raises(AreaNotHeldError, match="areas it holds: Dorset"):
        server.answer("who-must-do-what", body="Medway Council")
    assert len(server.answer("who-must-do-what", body="Dorset Council")) > 0


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("areas-of-body", {"body": "Chief Constable of Kent Police"}),
        ("areas-with-several", {"kind": "integrated care board"}),
    ],
)
def test_nothing_found_where_few_areas_are_held_is_no_statement_about_the_rest(
    name: str, given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = served_dorset(monkeypatch).answer(name, **given)
    assert len(answer) == 0
    assert answer.empty is not None
    assert answer.empty["reason"] == "server-holds-few"
    assert "(Dorset)" in str(answer.empty["text"])


def test_rows_of_a_server_say_which_areas_it_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = served_dorset(monkeypatch).answer("partnerships")
    assert "Areas held: Dorset." in receipt.receipt_in_words(answer.receipt)


@pytest.mark.parametrize("area", ["Ashford", "Adur", "Vale of White Horse"])
def test_a_server_without_the_county_of_a_district_says_so(
    area: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was filled with the district alone, and its county's rows stand beside here."""
    served = cspgraph.load(areas=[area], on=DAY)._engine()
    monkeypatch.setattr(Remote, "rows", lambda _, text: served.rows(text))
    server = cspgraph.connect("http://localhost:9/query")
    answer = server.answer("who-must-do-what", area=area)
    assert len(answer) > 0
    assert ", and no duty of E10" in str(answer.receipt["areas_held"])


def test_a_server_that_loses_rows_of_a_question_is_not_asked_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served = cspgraph.load(areas=["Dorset"])._dataset.all_dates
    monkeypatch.setattr(Remote, "rows", lambda _, text: served.rows(text))
    given = {"from": "2022-07-01", "to": "2022-07-01"}
    server = cspgraph.connect("http://localhost:9/query")
    assert len(server.answer("membership-changes", **given)) > 0
    server._engine.made_by = "Virtuoso/07.20.3229 (Linux)"
    with pytest.raises(EndpointError, match="Virtuoso loses rows of"):
        server.answer("membership-changes", **given)
