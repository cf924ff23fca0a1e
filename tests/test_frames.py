"""Answers as frames: real types, nothing made to fit, the same from pandas and polars."""

from __future__ import annotations

import sys
import tomllib
import warnings
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import polars as pl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cspgraph.errors import CspgraphError, MissingPackageError, ParameterError
from cspgraph.questions.answer import Answer
from cspgraph.questions.query_file import Column
from cspgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cspgraph.graph import KnowledgeGraph

    Term = NamedNode | Literal

XSD = PREFIXES["xsd"]
PANDAS = {
    "boolean": "boolean",
    "date": "datetime64[s]",
    "integer": "Int64",
    "number": "Float64",
    "text": "string",
}
POLARS = {
    "boolean": pl.Boolean,
    "date": pl.Date,
    "integer": pl.Int64,
    "number": pl.Float64,
    "text": pl.String,
}


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def answer(kinds: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> Answer:
    """Return an answer with a column for each kind, called c0, c1 and so on."""
    columns = tuple(Column(f"c{n}", kind, "It") for n, kind in enumerate(kinds))
    things = {term.value for row in rows for term in row if isinstance(term, NamedNode)}
    return Answer(
        name="made-up",
        question="What is there?",
        columns=columns,
        terms=tuple(map(tuple, rows)),
        on=date(2024, 7, 23),
        parameters={},
        labels={thing: f"the {thing}" for thing in things},
        receipt={"version": "0", "engine": "none"},
    )


# Made up at random


class Cell(NamedTuple):
    """A term, what it claims to be, and whether it is that."""

    term: Term | None
    kind: str
    good: bool


def cells(
    kind: str, texts: st.SearchStrategy[str], name: str = ""
) -> tuple[st.SearchStrategy[Cell], st.SearchStrategy[Cell]]:
    """Return strategies for cells that are of a kind and for those that are not."""
    datatype = name or kind
    good = texts.map(lambda text: Cell(typed(text, datatype), kind, good=True))
    bad = st.sampled_from(BAD[kind]).map(
        lambda text: Cell(typed(text, datatype), kind, good=False)
    )
    return good, bad


#: Texts that XML Schema does not allow for the datatype, or that no column holds.
BAD = {
    "boolean": ["", "yes", "True", " true"],
    "date": ["", "2024-02-30", "20240723", "2024-W30-2", "23/07/2024", "2024-07-23Z"],
    "integer": ["", "abc", "1_000", "7.0", " 7", "٣", str(2**63), "9" * 5000],
    "number": ["", "1e", "1_0.5", "NaN", "INF", "1e999", "0x1p3"],
}
NOTHING = st.just(Cell(None, "", good=True))
THINGS = st.sampled_from(["urn:a", "urn:b", "http://example.org/?x=1"]).map(
    lambda text: Cell(NamedNode(text), "text", good=True)
)
LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TEXTS = st.one_of(
    LETTERS.map(lambda text: Cell(Literal(text), "text", good=True)),
    LETTERS.map(lambda text: Cell(Literal(text, language="cy"), "text", good=True)),
    st.just(Cell(typed("PT3M", "duration"), "text", good=True)),
)
GOOD_AND_BAD = [
    cells("boolean", st.sampled_from(["true", "false", "1", "0"])),
    cells("date", st.dates().map(date.isoformat)),
    cells("integer", st.integers(-(2**63), 2**63 - 1).map(str)),
    cells(
        "number", st.floats(allow_nan=False, allow_infinity=False).map(repr), "double"
    ),
    cells("number", st.decimals(-(10**6), 10**6, places=3).map(str), "decimal"),
]
ANY = st.one_of(THINGS, TEXTS, NOTHING, *(one for two in GOOD_AND_BAD for one in two))
COLUMN = st.one_of(
    *(st.lists(good | NOTHING, max_size=6) for good, _ in GOOD_AND_BAD),
    *(st.lists(good | bad, max_size=6) for good, bad in GOOD_AND_BAD),
    st.lists(ANY, max_size=6),
)


def padded(columns: list[list[Cell]]) -> list[list[Cell]]:
    """Return the columns, all as long as the longest."""
    longest = max(map(len, columns))
    return [c + [Cell(None, "", good=True)] * (longest - len(c)) for c in columns]


def wanted(declared: str, column: Sequence[Cell]) -> tuple[str, int]:
    """Return the type that a column must have, and how many cells do not fit."""
    full = [cell for cell in column if cell.term is not None]
    kinds = {cell.kind for cell in full}
    if declared in ("date", "integer"):
        misfits = sum(not cell.good or cell.kind != declared for cell in full)
        return ("text" if misfits else declared), misfits
    misfits = sum(not cell.good for cell in full)
    return (kinds.pop() if len(kinds) == 1 and not misfits else "text"), misfits


def said(term: Term | None, kind: str) -> object:
    """Return what a cell must hold, as rdflib reads the term."""
    if term is None or kind == "text":
        return term.value if term else None
    assert isinstance(term, Literal)
    value = rdflib.Literal(
        term.value, datatype=rdflib.URIRef(term.datatype.value)
    ).value
    return float(value) if kind == "number" else value


def plain(value: object) -> object:
    """Return a cell of either frame as a plain Python value."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return value.date() if isinstance(value, datetime) else value


@settings(deadline=None)
@given(
    st.lists(COLUMN, min_size=1, max_size=4).map(padded),
    st.lists(st.sampled_from(["text", "date", "integer", "body"]), min_size=4),
)
def test_frames_agree_and_lose_nothing(
    columns: list[list[Cell]], declared: list[str]
) -> None:
    kinds = declared[: len(columns)]
    rows = [[cell.term for cell in row] for row in zip(*columns, strict=True)]
    made = answer(kinds, rows)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        one = made.to_frame("pandas", terms=True)
        two = made.to_frame("polars", terms=True)
    misfits: dict[str, int] = {}
    for name, kind, column in zip(one.columns, kinds, columns, strict=True):
        dtype, count = wanted(kind, column)
        assert str(one[name].dtype) == PANDAS[dtype]
        assert two[name].dtype == POLARS[dtype]
        values = [said(cell.term, dtype) for cell in column]
        assert [plain(value) for value in one[name]] == values
        assert two[name].to_list() == values
        misfits |= {name: count} if count else {}
    assert one.attrs["ill_typed"] == made.ill_typed == misfits
    assert len(told) == 2 * len(misfits)


def test_the_test_would_see_a_difference() -> None:
    """The oracle is rdflib: it reads what we read, and not by our rules."""
    assert said(typed("007", "integer"), "integer") == 7
    assert said(typed("1", "boolean"), "boolean") is True
    assert wanted("integer", [Cell(Literal("7"), "text", good=True)]) == ("text", 1)


# By hand


def test_a_text_among_whole_numbers_stays_and_is_told() -> None:
    made = answer(
        ["body", "integer"],
        [[NamedNode("urn:a"), typed("7", "integer")], [None, typed("abc", "integer")]],
    )
    with pytest.warns(UserWarning, match=r"^c1: ") as told:
        frame = made.to_frame()
    assert list(frame["c1"]) == ["7", "abc"]
    assert frame.attrs["ill_typed"] == {"c1": 1}
    (warning,) = told
    assert str(warning.message) == (
        "c1: 1 of 2 values is not of the kind that they should be, "
        "the first 'abc'; the column is text"
    )
    assert warning.filename == __file__


def test_words_or_full_addresses() -> None:
    made = answer(["body"], [[NamedNode("urn:a")], [None]])
    assert list(made.to_frame("polars")["c0"]) == ["the urn:a", None]
    assert list(made.to_frame("polars", terms=True)["c0"]) == ["urn:a", None]
    assert made.terms == ((NamedNode("urn:a"),), (None,))


@pytest.mark.parametrize("rows", [[], [[None, None, None]]])
def test_a_column_without_values_keeps_its_kind(rows: list[list[None]]) -> None:
    made = answer(["date", "integer", "text"], rows)
    assert [str(kind) for kind in made.to_frame().dtypes] == [
        *("datetime64[s]", "Int64", "string")
    ]
    assert made.to_frame("polars").dtypes == [pl.Date, pl.Int64, pl.String]


def test_a_frame_says_what_it_is(kg: KnowledgeGraph) -> None:
    made = kg.answer("plan-dates", on="2024-07-23", area="Dorset")
    frame = made.to_frame()
    assert frame.attrs == {
        "question": made.question,
        "on": "2024-07-23",
        "complete": True,
        "empty": None,
        "receipt": dict(made.receipt),
        "ill_typed": {},
    }
    assert frame["due"].min() < pd.Timestamp("2026-01-01")


def test_free_sparql_has_types_too(kg: KnowledgeGraph) -> None:
    made = kg.at("2024-07-23").select(
        "SELECT (COUNT(?d) AS ?n) (AVG(?w) AS ?mean) (MAX(?day) AS ?last) (true AS ?is)"
        " { ?d a csp:Decision ; csp:on ?day BIND (3 AS ?w) }"
    )
    frame = made.to_frame()
    assert [str(kind) for kind in frame.dtypes] == [
        *("Int64", "Float64", "datetime64[s]", "boolean")
    ]
    assert frame["mean"][0] == 3.0
    assert made.to_frame("polars").row(0) == (*frame.iloc[0, :2], made.on, True)


def test_another_backend_is_refused_in_a_sentence() -> None:
    with pytest.raises(ParameterError, match="'arrow' is not known; write"):
        answer(["text"], []).to_frame("arrow")  # type: ignore[call-overload]


@pytest.mark.parametrize("backend", ["pandas", "polars"])
def test_what_is_not_installed_is_said(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, backend, None)
    with pytest.raises(MissingPackageError) as caught:
        answer(["text"], []).to_frame(backend)  # type: ignore[call-overload]
    assert isinstance(caught.value, CspgraphError)
    assert isinstance(caught.value, ImportError)
    assert str(caught.value) == (
        f"to_frame({backend!r}) needs {backend}; pip install 'cspgraph[{backend}]'"
    )


def test_the_extras_are_there() -> None:
    whole = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
    assert {"pandas", "polars"} <= whole["project"]["optional-dependencies"].keys()
