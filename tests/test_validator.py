"""What the quick validator finds is what pySHACL finds, result by result."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, Store, parse
from rdflib import RDF, SH

import few
from cspgraph.derive import rules
from cspgraph.rdf import files
from cspgraph.rdf.engines import to_rdflib
from cspgraph.validate.rdflib_view import read
from cspgraph.validate.shacl import Shapes
from cspgraph.validate.shapes import _run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph

    from cspgraph.graph import KnowledgeGraph

    Rows = set[tuple[str, str, str, str]]

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.ttl"))
DAY = date(2024, 7, 23)
PREFIX = """@prefix ex: <urn:ex:> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def shipped(*, snapshot: bool) -> list[Quad]:
    """Return the shipped shapes of a day, or all others, as quads."""
    return [
        quad
        for source in files.shipped("ontology/shapes", ".ttl")
        if ("/snapshot/" in source.name) == snapshot
        for quad in files.quads(source)
    ]


def turtle(text: str) -> list[Quad]:
    return list(parse(PREFIX + text, RdfFormat.TURTLE))


def ours(quads: Iterable[Quad], asked: list[Quad]) -> Rows:
    """Return what we find, in words; shapes without a name are called so."""
    store = Store()
    store.extend(quads)
    return {
        (_text(f.focus), _named(_text(f.shape)), f.component.lower(), _text(f.value))
        for f in Shapes(asked).check(store)
    }


def theirs(quads: Iterable[Quad], asked: list[Quad]) -> Rows:
    """Return what pySHACL finds, in the same words."""
    found = _run(to_rdflib(quads), to_rdflib(asked))
    parts = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.value)
    rows = set()
    for result in found.objects(None, SH.result):
        focus, shape, component, value = (found.value(result, part) for part in parts)
        key = str(component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
        said = "" if value is None else str(value)
        rows.add((str(focus), _named(str(shape)), key.lower(), said))
    return rows


def _text(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _named(shape: str) -> str:
    return shape if ":" in shape else "without a name"


def test_the_shipped_shapes_use_no_other_key() -> None:
    assert Shapes([*shipped(snapshot=True), *shipped(snapshot=False)]).unknown == set()


def test_files_and_days_of_a_few_areas(kg: KnowledgeGraph) -> None:
    engine = few.read()
    rules.compare(engine)
    day = kg._dataset.day(DAY)
    for quads, snapshot in ((list(engine.quads()), False), (list(day.quads()), True)):
        asked = shipped(snapshot=snapshot)
        found = ours(quads, asked)
        assert found
        assert found == theirs(quads, asked)


@pytest.mark.parametrize("place", BROKEN, ids=lambda place: place.stem)
def test_what_is_broken_on_purpose(place: Path) -> None:
    asked = [*shipped(snapshot=True), *shipped(snapshot=False)]
    quads = list(parse(place.read_bytes(), RdfFormat.TURTLE))
    found = ours(quads, asked)
    assert found
    assert found == theirs(quads, asked)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.exhaustive) for n in range(1, 6))]
)
def test_files_with_holes(seed: int) -> None:
    """A tenth of the facts is taken away, at random."""
    quads = sorted(few.read().quads(), key=str)
    chance = random.Random(seed)  # noqa: S311 - a choice, not a secret
    kept = [quad for quad in quads if chance.random() > 0.1]
    asked = shipped(snapshot=False)
    found = ours(kept, asked)
    assert len(found) > 100
    assert found == theirs(kept, asked)


VALUES = [
    *("ex:a", "ex:b", "ex:c", '"one"', '"one"@en', '"two"@en', '"dau"@cy', "1", "2"),
    *('"x"^^xsd:integer', '"2024-07-23"^^xsd:date', '"2024-13-23"^^xsd:date'),
    *('"2023-01-01"^^xsd:date', "true", "1.5"),
]
KEYS = [
    *("sh:minCount 1", "sh:minCount 2", "sh:maxCount 1", "sh:maxCount 0"),
    *("sh:class ex:Kind", "sh:class ex:Wide", "sh:hasValue ex:a", "sh:uniqueLang true"),
    *("sh:datatype xsd:date", "sh:datatype xsd:integer", "sh:datatype xsd:string"),
    *("sh:datatype rdf:langString", "sh:datatype xsd:boolean", "sh:nodeKind sh:IRI"),
    *("sh:nodeKind sh:IRIOrLiteral", "sh:nodeKind sh:BlankNode", 'sh:pattern "^o"'),
    *('sh:in ( ex:a 1 "one" )', "sh:equals ex:q", "sh:lessThan ex:q"),
    *("sh:lessThanOrEquals ex:q", "sh:disjoint ex:q", 'sh:languageIn ( "en" )'),
    *("sh:minInclusive 2", "sh:maxExclusive 2", "sh:minLength 2", "sh:maxLength 3"),
    *("sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class ex:Kind ] )", "sh:node ex:other"),
    *("sh:not [ sh:nodeKind sh:IRI ]", "sh:and ( [ sh:nodeKind sh:IRI ] ex:other )"),
    "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 2",
    "sh:qualifiedValueShape [ sh:class ex:Kind ] ; sh:qualifiedMaxCount 1",
    "sh:or ( [ sh:class ex:Kind ] [ sh:path ex:q ; sh:minCount 1 ] )",
    "sh:or ( [ sh:datatype xsd:date ] [ sh:in ( ex:a ) ] )",
    "sh:property [ sh:path ex:q ; sh:minCount 1 ]",
]
PATHS = [
    *("ex:p", "ex:q", "[ sh:inversePath ex:p ]", "( ex:p ex:q )"),
    "[ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ]",
    *("[ sh:zeroOrMorePath ex:p ]", "[ sh:oneOrMorePath ex:p ]"),
    "( ex:q [ sh:zeroOrOnePath ex:p ] )",
]
TARGETS = [
    *("sh:targetClass ex:Kind", "sh:targetClass ex:Wide", "sh:targetNode ex:a"),
    *("sh:targetSubjectsOf ex:p", "sh:targetObjectsOf ex:q"),
]


def first_word(key: str) -> str:
    return key.split()[0]


DATA = st.lists(
    st.tuples(
        st.sampled_from(["ex:a", "ex:b", "ex:c"]),
        st.sampled_from(["ex:p", "ex:q"]),
        st.sampled_from(VALUES),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(
    data=DATA,
    kinds=st.lists(st.sampled_from(["ex:a", "ex:b", "ex:c"]), max_size=3),
    path=st.sampled_from(PATHS),
    keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique_by=first_word),
    target=st.sampled_from(TARGETS),
)
def test_any_shape_on_any_data(
    data: list[tuple[str, str, str]],
    kinds: list[str],
    path: str,
    keys: list[str],
    target: str,
) -> None:
    rows = [" ".join(row) + " ." for row in data]
    rows += [f"{thing} a ex:Kind ." for thing in kinds]
    rows.append("ex:Kind rdfs:subClassOf ex:Wide .")
    shape = f"ex:asked sh:path {path} ; {' ; '.join(keys)} ."
    shape += " ex:other sh:property [ sh:path ex:q ; sh:maxCount 1 ] ."
    asked = turtle(f"ex:node {target} ; sh:property ex:asked . {shape}")
    quads = turtle("\n".join(rows))
    assert ours(quads, asked) == theirs(quads, asked)


def test_a_shape_that_is_switched_off_finds_nothing() -> None:
    asked = turtle("""ex:node sh:targetNode ex:a ; sh:property ex:asked .
        ex:asked sh:path ex:p ; sh:minCount 1 ; sh:deactivated true .""")
    assert ours([], asked) == theirs([], asked) == set()


def test_a_key_that_is_not_known_is_named() -> None:
    asked = turtle("ex:node sh:targetNode ex:a ; sh:sparql ex:b ; sh:minCout 1 .")
    assert {key.rpartition("#")[2] for key in Shapes(asked).unknown} == {
        "sparql",
        "minCout",
    }


def test_both_report_in_the_same_words(kg: KnowledgeGraph) -> None:
    """Focus, shape, weight, key and value, as SHACL has them, from either of the two."""
    store = kg._dataset.day(DAY).store
    asked = to_rdflib(shipped(snapshot=True))

    def said(data: Graph) -> set[tuple[object, ...]]:
        found = _run(data, asked)
        keys = (SH.focusNode, SH.sourceShape, SH.resultSeverity, SH.value)
        parts = (*keys, SH.sourceConstraintComponent)
        results = found.subjects(RDF.type, SH.ValidationResult)
        return {tuple(found.value(result, key) for key in parts) for result in results}

    assert said(read(store)) == said(to_rdflib(store)) != set()


def test_a_key_that_ours_does_not_know_is_for_pyshacl() -> None:
    """The rest of the shape is then asked there, and the key is told as not checked."""
    store = Store()
    store.extend(turtle("ex:a ex:p 1 , 2 ."))
    asked = to_rdflib(
        turtle("""ex:node sh:targetNode ex:a ; sh:property ex:asked ; sh:rule ex:rule .
        ex:asked sh:path ex:p ; sh:maxInclusive 1 .""")
    )
    found = _run(read(store), asked)
    assert list(found.objects(None, SH.result))  # which ours does not write
    assert [str(value) for value in found.objects(None, SH.value)] == ["2"]
