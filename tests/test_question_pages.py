"""A page for each question: on disk as the questions and the data give it, and true."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.cli import main
from cspgraph.questions import docs, usage
from cspgraph.questions.query_file import Query, queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "questions"
QUERIES = list(queries().values())
#: Of the country these need who holds which role.
NATIONAL = ("terms", "two-tier")
each_query = pytest.mark.parametrize(
    "query",
    [
        pytest.param(q, marks=pytest.mark.country if q.name in NATIONAL else ())
        for q in QUERIES
    ],
    ids=lambda query: query.name,
)


@pytest.fixture(scope="module")
def country() -> KnowledgeGraph:
    """Return the graph of the country: what a reader of the pages would ask."""
    return cspgraph.load()


@pytest.fixture(scope="module")
def example(country: KnowledgeGraph) -> Callable[[Query], Answer]:
    """Return a function that answers the example of a question."""
    return lambda query: country.answer(query.name, **query.example)


def fence(page: str, language: str) -> str:
    """Return the only block of code in a language."""
    (found,) = re.findall(
        rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL
    )
    text: str = found
    return text


@each_query
def test_the_page_is_what_question_and_data_give(
    query: Query,
    example: Callable[[Query], Answer],
    golden: Callable[[str, str], None],
) -> None:
    """`make docs` writes it; so does `pytest --write-answers`."""
    page = docs.page(query, example(query))
    golden(f"../../docs/questions/{query.name}.md", page)


def test_the_list_names_every_question(golden: Callable[[str, str], None]) -> None:
    golden(f"../../docs/questions/{docs.INDEX}", docs.overview(QUERIES))
    text = (FOLDER / docs.INDEX).read_text(encoding="utf-8")
    assert re.findall(r"^\| \[([\w-]+)\]\(\1\.md\) \|", text, re.MULTILINE) == [
        query.name for query in QUERIES
    ]


def test_no_page_is_left_over() -> None:
    names = {f"{query.name}.md" for query in QUERIES} | {docs.INDEX}
    assert {place.name for place in FOLDER.iterdir()} == names


@each_query
def test_what_the_page_says_to_type_is_the_example(
    query: Query, country: KnowledgeGraph, example: Callable[[Query], Answer]
) -> None:
    page = (FOLDER / f"{query.name}.md").read_text(encoding="utf-8")
    words = shlex.split(fence(page, "sh"))
    assert words[:3] == ["cspgraph", "answer", query.name]
    assert usage.given(words[2:]) == (query.name, dict(query.example))
    names = {"cspgraph": SimpleNamespace(load=lambda: country)}
    answer = eval(fence(page, "python"), names)  # noqa: S307 - the line of our own page
    assert answer.terms == example(query).terms
    assert fence(page, "sparql") == query.body
    assert fence(page, "mermaid").startswith("flowchart LR\n")


def test_a_long_answer_says_that_it_is_cut(example: Callable[[Query], Answer]) -> None:
    query = queries()["standing"]
    answer = example(query)
    page = docs.page(query, answer)
    assert f"{len(answer)} rows. 12 of {len(answer)} rows are shown." in page
    shown = page.partition("## An example answer")[2].partition("##")[0]
    assert shown.count("\n| ") == 2 + 12
    assert f"Doubt: {answer.receipt['doubt']}." in shown


@pytest.mark.country
def test_the_command_writes_all_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["questions", "--pages", str(tmp_path)])
    assert not ended.value.code
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{tmp_path}: {len(QUERIES) + 1} pages written.\n")
    for place in FOLDER.iterdir():
        assert (tmp_path / place.name).read_bytes() == place.read_bytes()


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(docs, "pages", lambda *_: [("README.md", "x")])
    with pytest.raises(SystemExit) as ended:
        main(["questions", "--pages", str(tmp_path / "none")])
    assert ended.value.code == 2
    told = "none/README.md: no such file or directory; choose another place\n"
    assert capsys.readouterr().err.endswith(told)
