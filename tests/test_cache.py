"""Graphs that took long are kept on disk, and give the same rows the next time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

import cspgraph
from cspgraph import dataset
from cspgraph.cache import Cache, from_environment
from cspgraph.cli import main
from cspgraph.dataset import Dataset
from cspgraph.derive import rules
from cspgraph.errors import ParameterError
from cspgraph.rdf.terms import area_iri

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2024-07-23"
ASHFORD = frozenset([area_iri("E07000105")])
DUTIES = "SELECT ?d ?t { ?d a csp:Duty ; csp:template ?t } ORDER BY ?d ?t"
MADE_OF = {"day": DAY, "areas": ["one"]}
TOLD = {"day": DAY, "areas": "1 area", "reach": "duties"}
FEW, MORE = frozenset(["a"]), frozenset(["a", "b"])


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """Return a folder for graphs, in which everything is kept however fast it was made."""
    monkeypatch.setenv("CSPGRAPH_CACHE", "")
    monkeypatch.setenv("CSPGRAPH_CACHE_FOLDER", str(tmp_path / "graphs"))
    monkeypatch.setattr(dataset, "_WORTH_KEEPING", -1.0)
    found = from_environment()
    assert found is not None
    return found


def _store(*words: str) -> Store:
    thing = NamedNode("urn:thing")
    store = Store()
    store.extend(Quad(thing, thing, Literal(word), thing) for word in words)
    return store


def test_rows_are_the_same_with_and_without(kept: Cache) -> None:
    """Made, taken from disk, and made without it."""
    rows: list[object] = []
    for cache in (True, True, False):
        kg = cspgraph.load(on=DAY, areas=["Ashford"], cache=cache)
        rows.append([tuple(row.items()) for row in kg.select(DUTIES)])
        rows.append(kg.answer("standing", area="Ashford").words())
    assert rows[0] == rows[2] == rows[4]
    assert rows[1] == rows[3] == rows[5]
    assert rows[0]
    (few, many) = sorted(kept.graphs(), key=lambda one: one.statements)
    assert (few.day, few.areas, few.reach) == (DAY, "1 areas", "duties")
    assert few.statements < many.statements


def test_a_graph_is_taken_from_disk(
    kept: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a rule, by another dataset, for the same rules and for fewer."""
    day = date.fromisoformat(DAY)
    first = Dataset(on_disk=kept).day(day, ASHFORD)

    def refuse(*_: object) -> None:
        raise AssertionError("derived again")

    monkeypatch.setattr(Dataset, "_day", refuse)
    for wanted in (rules.everything(), rules.up_to("roles")):
        again = Dataset(on_disk=kept).day(day, ASHFORD, wanted)
        assert set(again.quads()) == set(first.quads())
    for other in (date(2024, 7, 24), day):
        areas = frozenset([area_iri("E06000059")]) if other == day else ASHFORD
        with pytest.raises(AssertionError, match="derived again"):
            Dataset(on_disk=kept).day(other, areas)


def test_files_of_the_user_are_part_of_the_key(kept: Cache, tmp_path: Path) -> None:
    """Another file, or one word more in it, makes another graph."""
    text = """@prefix csp: <https://w3id.org/cspgraph/ns#> .
    <urn:decision> a csp:Decision ; csp:note "{}" ."""
    query = "SELECT ?n { <urn:decision> csp:note ?n }"
    file = tmp_path / "own.ttl"
    for word in ("one", "two"):
        file.write_text(text.format(word), encoding="utf-8")
        for _ in range(2):
            kg = cspgraph.load(file, on=DAY, areas=["Ashford"])
            assert [row["n"] for row in kg.select(query)] in ([word], [])
    assert len(kept.graphs()) == 2


def test_a_scenario_is_part_of_the_key(kept: Cache) -> None:
    """Law taken as if it were in force makes another graph."""
    for scenario in ("", "victim-support-in-force"):
        cspgraph.load(on=DAY, areas=["Ashford"], scenario=scenario).select(DUTIES)
    assert len(kept.graphs()) == 2


def test_of_several_the_one_with_the_fewest_rules_is_taken(kept: Cache) -> None:
    """And none with fewer than are wanted, or made of something else."""
    assert kept.keep(_store("few"), MADE_OF, FEW, TOLD)
    assert kept.keep(_store("many", "words"), MADE_OF, MORE, TOLD)
    found = kept.find(MADE_OF, FEW)
    assert found is not None
    assert (len(found[0]), found[1]) == (1, FEW)
    found = kept.find(MADE_OF, frozenset("b"))
    assert found is not None
    assert (len(found[0]), found[1]) == (2, MORE)
    assert kept.find(MADE_OF, frozenset("c")) is None
    assert kept.find({**MADE_OF, "day": "2024-07-24"}, FEW) is None


@pytest.mark.parametrize("harm", ["cut", "card", "list", "gone", "form", "current"])
def test_a_damaged_or_foreign_graph_is_told_and_made_again(
    kept: Cache, harm: str
) -> None:
    """Whatever was done to it, the next answer is right."""
    kept.keep(_store("one"), MADE_OF, FEW, TOLD)
    (one,) = kept.graphs()
    card = one.folder / "card.json"
    largest = max((one.folder / "graph").glob("*.sst"), key=lambda p: p.stat().st_size)
    match harm:
        case "cut":
            os.truncate(largest, largest.stat().st_size - 1)
        case "card":
            card.write_text("not JSON", encoding="utf-8")
        case "list":
            card.write_text("[]", encoding="utf-8")
        case "gone":
            shutil.rmtree(one.folder / "graph")
        case "form":
            written = json.loads(card.read_text(encoding="utf-8"))
            card.write_text(json.dumps({**written, "form": 0}), encoding="utf-8")
        case "current":
            (one.folder / "graph" / "CURRENT").write_text("MANIFEST-99999\n")
    told: list[str] = []
    assert kept.find(MADE_OF, FEW, told.append) is None
    assert len(told) == 1
    assert "it is made again" in told[0]
    assert not one.folder.exists()
    assert kept.keep(_store("one"), MADE_OF, FEW, TOLD)
    assert kept.find(MADE_OF, FEW) is not None


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    """Where there are too many, or they are too large; a graph too large is not kept."""
    small = Cache(tmp_path / "few", count=2)
    for number, day in enumerate(("2024-01-01", "2024-01-02", "2024-01-03")):
        made_of = {"day": day}
        small.keep(_store(day), made_of, FEW, {**TOLD, "day": day})
        for one in small.graphs():
            if one.day == day:
                os.utime(one.folder / "card.json", (number, number))
    assert {one.day for one in small.graphs()} == {"2024-01-02", "2024-01-03"}
    tiny = Cache(tmp_path / "tiny", size=10)
    assert not tiny.keep(_store("one"), MADE_OF, FEW, TOLD)
    assert tiny.graphs() == []
    assert list(tiny.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    """The graph is made each time, and a graph that is there is read."""
    file = tmp_path / "file"
    file.write_text("no folder")
    blocked = Cache(file / "graphs")
    assert blocked.find(MADE_OF, FEW) is None
    assert not blocked.keep(_store("one"), MADE_OF, FEW, TOLD)
    assert blocked.graphs() == []
    assert blocked.empty() == 0


def test_two_processes_keep_the_same_graph(kept: Cache) -> None:
    """Who is second finds it there, and leaves nothing behind."""
    text = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pathlib import Path\n"
        "import test_cache as t\n"
        "one = t.Cache(Path(sys.argv[1]))\n"
        "print(one.keep(t._store('one'), t.MADE_OF, t.FEW, t.TOLD))\n"
        "print(len(one.find(t.MADE_OF, t.FEW)[0]))\n"
    )
    command = [sys.executable, "-c", text, str(kept.folder)]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for one in both:
        said, _ = one.communicate(timeout=60)
        assert said.split() == ["True", "1"]
    assert len(kept.graphs()) == 1
    assert len(list(kept.folder.iterdir())) == 1


@pytest.mark.parametrize(
    "words", ["much", "10", "2 GB and more", "-1 MB", "1 GB; 2 MB"]
)
def test_a_limit_that_is_none_is_refused(words: str) -> None:
    """In one sentence, with what to write."""
    with pytest.raises(ParameterError, match="write such as 500 MB"):
        from_environment(words)


def test_the_command_lists_and_empties(
    kept: Cache, capsys: pytest.CaptureFixture[str]
) -> None:
    """Day, areas, how far, size; then they are gone."""
    kept.keep(_store("one"), MADE_OF, FEW, TOLD)
    for words, said in (
        ([], DAY),
        (["--empty"], "1 graph removed from"),
        (["--empty"], "0 graphs removed from"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["cache", *words])
        assert not ended.value.code
        assert said in capsys.readouterr().out
    assert kept.graphs() == []


def test_without_a_cache_nothing_is_kept(
    kept: Cache, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--no-cache` stands anywhere in the command."""
    query = ["sparql", DUTIES, "--area", "Ashford", "--on", DAY, "--seconds", "60"]
    with pytest.raises(SystemExit) as ended:
        main([*query, "--no-cache"])
    assert not ended.value.code
    assert capsys.readouterr().out
    assert kept.graphs() == []
    assert os.environ["CSPGRAPH_CACHE"] == "off"
    monkeypatch.setenv("CSPGRAPH_CACHE", "")
