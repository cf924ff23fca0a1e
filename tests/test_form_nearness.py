"""In a form, what is suggested first belongs to the areas of the record."""

from __future__ import annotations

import pytest

from cspgraph.dataset import Dataset
from cspgraph.forms.lookup import Lookup
from cspgraph.forms.references import NotFoundError, RecordRefs
from cspgraph.forms.schema import form
from cspgraph.rdf.terms import PREFIXES

COLUMN = next(
    column
    for sheet in form().sheets
    for column in sheet.columns
    if {"body", "organ"} <= set(column.lists)
)


@pytest.fixture(scope="module")
def choices() -> Lookup:
    dataset = Dataset()
    entries = dataset.register.entries()
    return Lookup(dataset.terms, dataset.law, dataset.records, entries)


def said(choices: Lookup, word: str, area: str = "E09000012") -> str:
    entries = RecordRefs("made-up", choices, "2024-07-23")
    entries.settle(choices.serving([PREFIXES["gss"] + area]))
    with pytest.raises(NotFoundError) as caught:
        entries.find(COLUMN, word)
    return str(caught.value)


@pytest.mark.parametrize(
    ("word", "mine"),
    [
        (
            "Overview and Scrutiny Committee",
            "Crime and Disorder Committee of the London Borough of Hackney",
        ),
        (
            "Scrutiny Committee",
            "Crime and Disorder Committee of the London Borough of Hackney",
        ),
        ("police", "Commissioner of Police of the Metropolis"),
        ("Board", "NHS North East London Integrated Care Board"),
    ],
)
def test_what_is_near_comes_first(choices: Lookup, word: str, mine: str) -> None:
    told = said(choices, word)
    assert mine in told
    for other in ("Swansea", "Barking", "Medway", "Rotherham", "Dorset", "Scilly"):
        assert other not in told


def test_the_council_is_that_of_the_record(choices: Lookup) -> None:
    entries = RecordRefs("made-up", choices, "2024-07-23")
    entries.settle(choices.serving([PREFIXES["gss"] + "E09000012"]))
    found = entries.find(COLUMN, "the Council")
    assert found == entries.find(COLUMN, "Council")
    assert "hackney" in found.value


def test_what_lies_elsewhere_says_where(choices: Lookup) -> None:
    assert "Dorset (of Dorset police area, another area)" in said(choices, "PCC")


def test_a_place_that_is_told_is_not_taken_for_the_own(choices: Lookup) -> None:
    assert "Hackney" not in said(choices, "Ashford City Council")
