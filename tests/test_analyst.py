"""The analyst's page: ten questions, each asked in three ways that give the same rows."""

from __future__ import annotations

import csv
import io
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pytest

import cspgraph
from cspgraph.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cspgraph.graph import KnowledgeGraph

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guides" / "analyst.md"
DAY = "2024-07-23"


class Section(NamedTuple):
    """One question and its three forms."""

    title: str
    sh: str
    python: str
    sparql: str


def fences(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def sections() -> tuple[str, list[Section]]:
    """Return the code that comes before the questions, and the questions."""
    start, *parts = re.split(
        r"^## (?=\d)", PAGE.read_text(encoding="utf-8"), flags=re.M
    )
    (before,) = fences(start, "python")
    found = []
    for part in parts:
        (sh,), (python,), (sparql,) = (
            fences(part, name) for name in ("sh", "python", "sparql")
        )
        found.append(Section(part.splitlines()[0], sh, python, sparql))
    return before, found


BEFORE, SECTIONS = sections()


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """Return what the page has made before its first question."""
    made: dict[str, Any] = {}
    exec(BEFORE, made)  # noqa: S102 - the code of our own page
    return made


def rows(table: Iterable[Iterable[object]]) -> list[tuple[str, ...]]:
    """Return rows as they are written in words, in an order of their own."""
    return sorted(tuple(map(written, row)) for row in table)


def written(cell: object) -> str:
    if cell is pd.NA or cell is pd.NaT or cell is None:
        return ""
    return str(cell.date()) if isinstance(cell, pd.Timestamp) else str(cell)


def test_there_are_ten() -> None:
    assert [section.title.partition(".")[0] for section in SECTIONS] == [
        str(number) for number in range(1, 11)
    ]
    assert len({section.sh for section in SECTIONS}) == 10


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_the_three_give_the_same_rows(
    section: Section, names: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert section.sh.count("\n") == section.python.count("\n") == 1
    free = names["kg"].select(section.sparql)
    columns = [column.name for column in free.columns]
    command, *words = shlex.split(section.sh)
    assert (command, words[-1]) == ("cspgraph", DAY)
    with pytest.raises(SystemExit) as ended:
        main([*words, "--format", "csv"])
    assert not ended.value.code
    typed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    frame = eval(section.python, names)  # noqa: S307 - the code of our own page
    assert set(columns) <= set(frame.columns)
    assert len(typed) > 0
    assert rows(free.words()) == rows([row[name] for name in columns] for row in typed)
    assert rows(frame[columns].itertuples(index=False)) == rows(free.words())


def test_a_file_on_the_command_line_gives_them_too(
    names: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "bound.rq"
    place.write_text(SECTIONS[0].sparql, encoding="utf-8")
    words = ["sparql", f"@{place}", "--on", DAY, "--area", "Dorset", "--format", "csv"]
    found = names["kg"].select(SECTIONS[0].sparql)
    for more, wanted in (([], found.in_full()), (["--names"], found)):
        with pytest.raises(SystemExit) as ended:
            main([*words, *more])
        assert not ended.value.code
        typed = list(csv.reader(io.StringIO(capsys.readouterr().out)))[1:]
        assert rows(typed) == rows(wanted.words())
    assert found.in_full().words() != found.words()


def test_a_server_gives_them_with_the_prefixes(
    names: dict[str, Any], kg: KnowledgeGraph, endpoint: Callable[[str], str]
) -> None:
    """The server holds a few areas more, among them those of the page."""
    server = cspgraph.connect(endpoint(DAY))
    for section in SECTIONS:
        found = server.select(section.sparql)
        assert rows(found.words()) == rows(kg.at(DAY).select(section.sparql).words())
        assert rows(found.words()) == rows(names["kg"].select(section.sparql).words())
