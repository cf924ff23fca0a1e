"""Which records are near an area: the index says what the files say, whatever stands in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import cspgraph
from conftest import ROOT
from cspgraph.errors import FileError
from cspgraph.rdf import files
from cspgraph.rdf.files import Source, Stored
from cspgraph.rdf.terms import PREFIXES, expand
from cspgraph.records import index
from cspgraph.records.index import RecordIndex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHIPPED = files.shipped("data/record", ".trig")
REPORT = PREFIXES["document"] + "dorset-2024-07-23"
PLAN = PREFIXES["version"] + "rotherham-plan-2022.1"
INDEX = json.loads((ROOT / index.INDEX).read_text(encoding="utf-8"))


def told(records: RecordIndex) -> list[object]:
    return [
        records.areas,
        records.named(),
        records.named({"E08000018"}),
        records.judged,
        records.areas_of(PLAN),
        records.areas_of(REPORT),
        [source.name for source in records.near({"E06000059"})],
        [source.name for source in records.describing(PLAN)],
        records.describing(PREFIXES["gss"] + "E06000059"),
        records.claims_of(REPORT),
    ]


def test_the_index_is_that_of_the_files(request: pytest.FixtureRequest) -> None:
    made = RecordIndex(SHIPPED).index()
    place = ROOT / index.INDEX
    if request.config.getoption("--write-answers"):
        place.write_text(made, encoding="utf-8", newline="")
    assert made == place.read_text(encoding="utf-8"), (
        "a record has changed; pytest --write-answers tests/test_record_index.py makes it again"
    )


@pytest.mark.parametrize("found", [{}, INDEX], ids=["no index", "index"])
def test_records_are_found_alike_with_an_index_and_without(
    found: dict[str, index.Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = told(RecordIndex(SHIPPED))
    monkeypatch.setattr(index, "_index", lambda: found)
    assert told(RecordIndex(SHIPPED)) == expected
    assert expected[-1] == 31


@pytest.mark.parametrize("data", [b"", b"<<<<<<< ours\n{}", b"\xff"])
def test_a_damaged_index_is_no_index(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "shipped", lambda *_: [Source(index.INDEX, data)])
    assert index._index() == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"gss:E09000005", b"gss:E09000999"),
        (b"organ:london-borough-of-brent-cabinet", b"organ:somewhere-cabinet"),
        (b"version:brent-strategy-2024.1", b"version:another"),
    ],
)
def test_a_file_that_has_changed_is_read_again(old: bytes, new: bytes) -> None:
    changed = [Source(s.name, s.data.replace(old, new)) for s in SHIPPED]
    before, after = RecordIndex(SHIPPED), RecordIndex(changed)
    full = [str(expand(word.decode())) for word in (old, new)]
    for records, (there, gone) in ((before, full), (after, full[::-1])):
        whole = records.named() | {there for _ in records.describing(there)}
        assert there in whole
        assert not {gone} & (whole | {gone for _ in records.describing(gone)})


def test_a_question_about_one_area_reads_no_record_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = set[str]()

    def noting(way: Callable[[Stored], bytes]) -> Callable[[Stored], bytes]:
        def data(source: Stored) -> bytes:
            read.add(source.name.split("/")[2])
            return way(source)

        return data

    way = Stored.data.fget  # type: ignore[attr-defined]
    monkeypatch.setattr(Stored, "data", property(noting(way)))
    kg = cspgraph.load(on="2024-02-12")
    for question in ("who-must-adopt", "decision-trail", "responsible-authorities"):
        assert kg.answer(question, area="Brent").words()
    assert read == {"brent"}


def test_a_file_that_changes_while_it_is_in_use_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "a.trig"
    place.write_bytes(b"one")
    source = Stored("a.trig", place)
    assert source.data == b"one"
    assert source.digest == Source("a.trig", b"one").digest
    place.write_bytes(b"two")
    with pytest.raises(
        FileError, match=r"^a\.trig: it was changed while it was in use"
    ):
        _ = source.data
