"""What is written reads back the same, whole or not at all, in the same bytes."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from cspgraph.errors import FileError
from cspgraph.rdf.save import save_together, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.graph import KnowledgeGraph

DAY = "2024-07-23"
FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}
each_ending = pytest.mark.parametrize("ending", FORMATS)

SUBJECT, LINK = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")
GRAPHS = NamedNode("http://example.org/g1"), NamedNode("http://example.org/g2")
XSD = "http://www.w3.org/2001/XMLSchema#"

#: Texts that a careless writer changes: quotes, ends of lines, other alphabets, and
#: numbers and dates in a form of their own.
ODD = [
    Literal("\"'\\\n\r\t\u00a0\u2028 \ud7ff\U0001f512 = <b>"),
    Literal("plan", language="en"),
    Literal("cynllun", language="cy"),
    Literal("2024-07-23", datatype=NamedNode(XSD + "date")),
    Literal("007", datatype=NamedNode(XSD + "integer")),
    Literal("1.50", datatype=NamedNode(XSD + "decimal")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("", datatype=NamedNode("http://example.org/own-kind")),
]


def few() -> list[Quad]:
    """Return quads with odd texts, each in two graphs."""
    return [Quad(SUBJECT, LINK, value, graph) for value in ODD for graph in GRAPHS]


def read(place: Path) -> set[Quad]:
    """Return what the parser finds in the file at `place`."""
    return set(parse(place.read_bytes(), FORMATS[place.suffix]))


def bare(quads: set[Quad]) -> set[Quad]:
    """Return `quads` without the names of their graphs."""
    return {Quad(quad.subject, quad.predicate, quad.object) for quad in quads}


@each_ending
def test_a_day_reads_back_the_same(
    ending: str, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    place = tmp_path / f"day{ending}"
    quads = set(kg.at(DAY).quads())
    wanted = quads if FORMATS[ending].supports_datasets else bare(quads)
    assert write(quads, place) == len(wanted)
    assert read(place) == wanted


@each_ending
def test_odd_texts_read_back_the_same(ending: str, tmp_path: Path) -> None:
    place = tmp_path / f"few{ending}"
    write(few(), place)
    wanted = set(few())
    assert read(place) == (wanted if ending in (".nq", ".trig") else bare(wanted))


def test_another_library_reads_the_same_texts(tmp_path: Path) -> None:
    """N-Triples only: rdflib counts with the numbers of Turtle, whatever it is told."""
    place = tmp_path / "few.nt"
    write(few(), place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        found = rdflib.Graph().parse(place)
    assert {str(text) for text in found.objects()} == {value.value for value in ODD}


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_reads_back_the_same(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.getbasetemp() / "text.ttl"
    write([Quad(SUBJECT, LINK, Literal(text))], place)
    assert read(place) == {Quad(SUBJECT, LINK, Literal(text))}


@each_ending
def test_same_bytes_in_any_order(
    ending: str, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    quads = list(kg.at(DAY).quads())
    first, second = tmp_path / f"first{ending}", tmp_path / f"second{ending}"
    write(quads, first)
    random.Random(1998).shuffle(quads)  # noqa: S311
    write([*quads, *quads[:50]], second)
    assert first.read_bytes() == second.read_bytes()


def test_number_is_that_of_the_lines(tmp_path: Path) -> None:
    place = tmp_path / "few.nq"
    assert write([*few(), *few()], place) == len(place.read_bytes().splitlines())
    assert write(few(), tmp_path / "few.nt") == len(ODD)


def test_ending_may_be_in_capitals(tmp_path: Path) -> None:
    write(few(), tmp_path / "DAY.NQ")
    assert (tmp_path / "DAY.NQ").is_file()


@pytest.mark.parametrize("name", ["day.csv", "day", ".nq", "day.nq.gz", "day."])
def test_other_ending_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"is not one of \.nq, \.nt, \.trig, \.ttl"):
        write(few(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def no_folder(tmp_path: Path) -> Path:
    return tmp_path / "none" / "day.nq"


def below_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").touch()
    return tmp_path / "file" / "day.nq"


def a_folder(tmp_path: Path) -> Path:
    (tmp_path / "day.nq").mkdir()
    return tmp_path / "day.nq"


@pytest.mark.parametrize("unwritable", [no_folder, below_a_file, a_folder])
def test_place_that_cannot_be_written(unwritable: object, tmp_path: Path) -> None:
    assert callable(unwritable)
    place = unwritable(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FileError, match=r"; choose another place$") as caught:
        write(few(), place)
    assert caught.value.file == str(place)
    assert isinstance(caught.value.__cause__, OSError)
    assert sorted(tmp_path.rglob("*")) == before


# Faults in the middle: the old file stays whole, and nothing else is left


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", [(os, "fsync"), (Path, "replace")])
@pytest.mark.parametrize("old", [None, b"<urn:a> <urn:b> <urn:c> .\n"])
@pytest.mark.parametrize(
    ("fault", "error"), [(full, FileError), (killed, KeyboardInterrupt)]
)
def test_fault_leaves_what_was_there(
    step: tuple[object, str],
    old: bytes | None,
    fault: object,
    error: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path / "day.nq"
    if old:
        place.write_bytes(old)
    monkeypatch.setattr(*step, fault)
    with pytest.raises(error):
        write(few(), place)
    assert [item.read_bytes() for item in tmp_path.iterdir()] == ([old] if old else [])


def test_data_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "day.nq"
    place.write_bytes(b"<urn:a> <urn:b> <urn:c> .\n")
    with pytest.raises(ZeroDivisionError):
        write((quad for quad in few() if 1 / (quad.object != ODD[-1])), place)
    assert [item.name for item in tmp_path.iterdir()] == ["day.nq"]
    assert place.read_bytes() == b"<urn:a> <urn:b> <urn:c> .\n"


def test_nothing_stands_under_the_name_before_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, seen = tmp_path / "day.nq", []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append(place.exists()))
    write(few(), place)
    assert seen == [False, True]  # the file first, and then the folder
    assert place.exists()


def test_rights_are_those_of_any_file(tmp_path: Path) -> None:
    """A graph that only its writer can read is of no use to a server."""
    (tmp_path / "plain").touch()
    wanted = (tmp_path / "plain").stat().st_mode
    write(few(), tmp_path / "day.nq")
    assert (tmp_path / "day.nq").stat().st_mode == wanted


def test_rights_of_the_old_file_are_kept(tmp_path: Path) -> None:
    place = tmp_path / "day.nq"
    place.touch(mode=0o640)
    place.chmod(0o640)
    write(few(), place)
    assert place.stat().st_mode & 0o777 == 0o640


# Several files


def test_files_are_written_together(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    save_together({tmp_path / "a": "new \u0175", tmp_path / "b": ""})
    found = {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()}
    assert found == {"a": "new \u0175", "b": ""}


@pytest.mark.parametrize("step", [(os, "fsync"), (Path, "replace")])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize(
    ("fault", "error"), [(full, FileError), (killed, KeyboardInterrupt)]
)
def test_a_fault_in_one_file_leaves_all_as_they_were(
    step: tuple[object, str],
    call: int,
    fault: Callable[..., None],
    error: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two files were there and one was not; the fault comes at each of them in turn."""
    for name in "ab":
        (tmp_path / name).write_text(f"old {name}", encoding="utf-8")
    real, calls = getattr(*step), []

    def failing(*given: object) -> object:
        calls.append(given)
        if len(calls) == call:
            fault()
        return real(*given)

    monkeypatch.setattr(*step, failing)
    with pytest.raises(error):
        save_together({tmp_path / name: "new" for name in "cab"})
    found = {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()}
    assert found == {"a": "old a", "b": "old b"}


def test_a_folder_in_the_way_leaves_all_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    (tmp_path / "b").mkdir()
    with pytest.raises(FileError, match="choose another place") as caught:
        save_together({tmp_path / "a": "new", tmp_path / "b": "new"})
    assert caught.value.file == str(tmp_path / "b")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"
