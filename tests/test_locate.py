"""A thing is found where it is written: its file, and its line."""

from __future__ import annotations

import re

import pytest

from cspgraph.dataset import Dataset
from cspgraph.rdf.files import Source
from cspgraph.rdf.locate import Locations

HEAD = "@prefix ex: <https://example.org/> .\n@prefix : <https://example.org/own/> .\n"
PLAN = "https://example.org/plan"


def find(text: str, thing: str = PLAN) -> int:
    """Return the line of `thing` below the head; 0 where none is found."""
    _, place = Locations([Source("a.ttl", (HEAD + text).encode())]).find(thing)
    return int(place.removeprefix("line ")) - HEAD.count("\n") if place else 0


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ex:plan a ex:Plan .", 1),
        ("\n<https://example.org/plan>\n  a ex:Plan .", 2),
        ("ex:other ex:is ex:plan .\nex:plan a ex:Plan .", 2),
        ("ex:other ex:is\n  ex:plan ;\n  a ex:Thing .\nex:plan a ex:Plan .", 4),
        ("ex:planned a ex:Plan .\nex:plan a ex:Plan .", 2),
        ("# ex:plan a ex:Plan .\nex:plan a ex:Plan .", 2),
        ('ex:x ex:y """\nex:plan a lie .\n""" .\nex:plan a ex:Plan .', 4),
        ("ex:x ex:y '''\nex:plan a lie .\n''' .\nex:plan a ex:Plan .", 4),
        ("@base <https://example.org/old/> .\n<plan> a ex:Old .\n@base <https://example.org/> .\n<plan> a ex:Plan .", 4),
        ("BASE <https://example.org/paper>\n<plan> a ex:Plan .", 2),
        ("ex:x a ex:Y . ex:plan a ex:Plan .", 1),
    ],
)  # fmt: skip
def test_the_line_on_which_it_is_told(text: str, line: int) -> None:
    assert find(text) == line


def test_signs_in_a_name_may_be_escaped() -> None:
    assert find("\n:a\\/b a ex:Plan .", "https://example.org/own/a/b") == 2


def test_the_last_file_that_tells_of_it() -> None:
    """Your own file is read after those shipped, and is the one you can mend."""
    files = [Source(f"{n}.ttl", f"{HEAD}ex:plan a ex:P{n} .".encode()) for n in (1, 2)]
    assert Locations(files).find(PLAN) == ("2.ttl", "line 3")
    assert Locations(files).find("https://example.org/none") == ("", "")


def test_a_row_of_a_table() -> None:
    assert Locations([], {PLAN: ("plans.csv", 7)}).find(PLAN) == ("plans.csv", "line 7")


def test_everything_shipped_is_found_on_a_line_that_names_it() -> None:
    """Each thing of the texts, and each row of the register that has an address."""
    dataset = Dataset()
    places = dataset.locations()
    texts = {
        s.name: s.text.splitlines()
        for s in (*dataset.terms, *dataset.law, *dataset.records)
    }
    found = {thing: places.find(thing) for thing in places._described if "://" in thing}
    assert len(found) > 1000
    for thing, (file, place) in found.items():
        line = texts[file][int(place.removeprefix("line ")) - 1]
        end = re.split("[/#:]", thing)[-1]
        assert end in line, (thing, line)
        assert line.strip()[0] not in "#;,"
