"""The sentence of an answer says what its rows say, with their doubt, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import cspgraph
from cspgraph.questions import adoption
from cspgraph.questions.query_file import ROWS, SLOT, queries
from cspgraph.rdf.files import shipped

if TYPE_CHECKING:
    from cspgraph.graph import KnowledgeGraph
    from cspgraph.questions.answer import Answer

ON = "2024-07-23"
#: Areas of every kind: unitary, district, London, metropolitan, Wales, City, isles, county.
AREAS = (
    *("Dorset", "Ashford", "Canterbury", "Cardiff", "Gwynedd", "City of London"),
    *("Isles of Scilly", "Isle of Wight", "Cornwall", "Barnet", "Southwark"),
    *("Birmingham", "Manchester", "Leeds", "Sheffield", "Bristol, City of"),
    *("Kent", "Elmbridge", "Rutland", "County Durham"),
)
FORBIDDEN = re.compile(r"\bmust adopt\b|\bnot done\b|\bnever done\b|un[l]awful")


@pytest.fixture(scope="module")
def adoptions() -> list[Answer]:
    kg = cspgraph.load(on=ON, areas=AREAS)
    return [kg.answer("who-must-adopt", area=area) for area in AREAS]


def test_twenty_areas_are_told(adoptions: list[Answer]) -> None:
    assert len(adoptions) == 20
    assert all(len(answer) for answer in adoptions)


def test_a_sentence_says_every_document_organ_and_law_of_its_rows(
    adoptions: list[Answer],
) -> None:
    for answer in adoptions:
        said, names = answer.sentence(), [column.name for column in answer.columns]
        for row in answer.words():
            cells = dict(zip(names, row, strict=True))
            assert f"the {cells['product']}" in said
            assert cells["organ"] in said
            assert cells["law"] in said
        bodies = {row[names.index("body")] for row in answer.words()}
        assert len(bodies) > 3 or all(body in said for body in bodies)


def test_doubt_stands_inside_the_sentence(adoptions: list[Answer]) -> None:
    for answer in adoptions:
        said, words = answer.sentence(), answer.words()
        names = [column.name for column in answer.columns]
        held = {name: {row[names.index(name)] for row in words} for name in names}
        assert ("arguably" in said) == ("statute-arguable" in held["basis"])
        arguable = [
            row for row in words if row[names.index("basis")] == "statute-arguable"
        ]
        weak = {row[names.index("product")] for row in arguable if "low" in row}
        assert ("the argument is weak" in said) == bool(weak)
        assert ("no provision was found that says so" in said) == (
            "asserted-only" in held["basis"]
        )
        assert ("recalled" in said) == ("recalled" in held["verification"])
        presumed = {one for one in held["assumes"] if one.startswith("presumed")}
        assert ("which the register presumes" in said) == bool(presumed)


def test_no_sentence_says_more_than_the_law(kg: KnowledgeGraph) -> None:
    for query in queries().values():
        given = {k: v for k, v in query.example.items() if k != "on"}
        answer = kg.answer(query.name, on=query.example.get("on", ON), **given)
        said = answer.sentence()
        assert said
        assert not FORBIDDEN.search(said), said
        assert "<" not in said
        assert f'"sentence": "{said[:20]}' in answer.to_json()


def test_an_answer_without_rows_says_why_in_its_sentence(kg: KnowledgeGraph) -> None:
    answer = kg.answer("who-must-adopt", area="Ashford", on="1999-01-01")
    assert answer.empty
    assert str(answer.empty["text"]) in answer.sentence()


def test_counts_are_those_of_the_rows(kg: KnowledgeGraph) -> None:
    answer = kg.answer("responsible-authorities", area="Dorset", on=ON)
    bodies = {str(row["body"]) for row in answer}
    assert f"{len(bodies)} responsible authorities (" in answer.sentence()


@pytest.mark.parametrize("name", [*queries()])
def test_a_sentence_names_columns_that_are_there(name: str) -> None:
    query = queries()[name]
    columns = {ROWS, *(column.name for column in query.columns)}
    assert {slot[1] for slot in SLOT.finditer(query.says)} <= columns


def test_every_ground_that_the_scheme_knows_has_its_words() -> None:
    text = "".join(source.text for source in shipped("ontology", ".ttl"))
    grounds = re.findall(r'basis:\w+\n(?:.*\n)?\s+skos:prefLabel "([^"]+)"@en', text)
    assert len(grounds) > 5
    assert set(grounds) <= set(adoption.GROUNDS)


def test_who_is_not_named_is_told_and_not_left_out() -> None:
    """In 2010 the register names no fire authority of Ashford, which has one all the same."""
    answer = cspgraph.load(areas=["Ashford"]).answer(
        "responsible-authorities", area="Ashford", on="2010-06-01"
    )
    unnamed = sum(row["body"] is None for row in answer)
    assert unnamed > 0
    said = answer.sentence()
    assert f"{len(answer) - unnamed} named responsible authorities (" in said
    assert f"{unnamed} of {len(answer)} rows name" in said


def test_a_day_beyond_what_is_known_is_supposed_in_the_sentence() -> None:
    answer = cspgraph.load(areas=["Dorset"]).answer(
        "who-must-adopt", area="Dorset", on="2029-05-01"
    )
    said = answer.sentence()
    assert said.startswith("Dorset, 1 May 2029, if the law stays as read by ")


def test_a_scenario_is_named_in_the_sentence() -> None:
    name = "victim-support-in-force"
    kg = cspgraph.load(areas=["Dorset"], scenario=name)
    said = kg.answer("responsible-authorities", area="Dorset", on=ON).sentence()
    assert f"in the scenario {name}, which is not law" in said
