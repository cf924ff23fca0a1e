"""Each list of concepts is one concept scheme, and what is offered is one such list."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, SKOS

import few
from cspgraph.forms.schema import form
from cspgraph.rdf.terms import PREFIXES, expand

if TYPE_CHECKING:
    from rdflib.term import Node

ONTOLOGY = Path(__file__).parents[1] / "ontology"
BASE = "https://w3id.org/cspgraph/"
VOCABULARY = Graph()
for name in ("kinds.ttl", "themes.ttl"):
    VOCABULARY.parse(ONTOLOGY / name)
SHAPES = Graph()
for place in sorted(ONTOLOGY.glob("shapes/*/*.ttl")):
    SHAPES.parse(place)
SCHEMES = sorted(VOCABULARY.subjects(RDF.type, SKOS.ConceptScheme), key=str)
CONCEPTS = sorted(VOCABULARY.subjects(RDF.type, SKOS.Concept), key=str)
#: Shapes whose values come from more than one list, each with the reason.
OF_SEVERAL = {
    "assessment-kind": "some assessments are required by law, and so are products too",
    "concept-broader": "one shape for every list",
    "scheme-top": "one shape for every list",
    "duty-template-shown-by": "a decision or a document can show that a duty was done",
}
#: Kinds of assessment that duties are about too, and so stand among the products.
ALSO_PRODUCTS = {"StrategicAssessment", "SeriousViolenceAssessment"}


def members(scheme: Node) -> set[Node]:
    """Return the concepts of a scheme."""
    return set(VOCABULARY.subjects(SKOS.inScheme, scheme))


def choices(scheme: Node) -> set[Node]:
    """Return what can be chosen: all, or all below the one concept that heads them."""
    tops = set(VOCABULARY.objects(scheme, SKOS.hasTopConcept))
    return members(scheme) - tops if len(tops) == 1 else members(scheme)


def schemes_of(concept: Node) -> list[Node]:
    """Return the schemes of a concept."""
    return list(VOCABULARY.objects(concept, SKOS.inScheme))


def test_each_concept_is_in_exactly_one_scheme() -> None:
    assert CONCEPTS
    assert [c for c in CONCEPTS if len(schemes_of(c)) != 1] == []
    assert {s for c in CONCEPTS for s in schemes_of(c)} == set(SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_top_concepts_are_those_without_a_broader_one(scheme: Node) -> None:
    tops = {c for c in members(scheme) if (c, SKOS.broader, None) not in VOCABULARY}
    assert set(VOCABULARY.objects(scheme, SKOS.hasTopConcept)) == tops


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_is_reached_from_its_top(scheme: Node) -> None:
    tops = VOCABULARY.objects(scheme, SKOS.hasTopConcept)
    below = {
        concept
        for top in tops
        for concept in VOCABULARY.transitive_subjects(SKOS.broader, top)
    }
    assert below == members(scheme)


def test_the_lists_of_kinds_have_one_head_each() -> None:
    """In `kind:` stand many lists, and each concept that heads one has its own scheme."""
    kinds = {c for c in CONCEPTS if str(c).startswith(PREFIXES["kind"])}
    heads = {c for c in kinds if (c, SKOS.broader, None) not in VOCABULARY}
    lists = {scheme for c in kinds for scheme in schemes_of(c)}
    assert len(heads) == len(lists) > 15
    assert URIRef(BASE + "kind") not in SCHEMES


#: The lists of concepts that shapes offer; those of plain words are not concepts.
OFFERED = {
    str(shape): offered
    for shape, items in SHAPES.subject_objects(SH["in"])
    for offered in [set(Collection(SHAPES, items))]
    if all(isinstance(item, URIRef) for item in offered)
}


@pytest.mark.parametrize("shape", OFFERED)
def test_what_a_shape_offers_is_one_list(shape: str) -> None:
    """All of it, or for a standing all but the one that the shape reports."""
    offered = OFFERED[shape]
    (scheme,) = {scheme for item in offered for scheme in schemes_of(item)}
    left_out = choices(scheme) - offered
    assert len(left_out) == (scheme == URIRef(BASE + "standing"))


NAMED = sorted(
    {
        word
        for sheet in form().sheets
        for column in sheet.columns
        for word in column.lists
        if ":" in word
    }
)


@pytest.mark.parametrize("word", NAMED)
def test_what_a_form_offers_is_one_list(word: str) -> None:
    concept = URIRef(str(expand(word)))
    (scheme,) = schemes_of(concept)
    if word.removeprefix("kind:") in ALSO_PRODUCTS:
        assert scheme == URIRef(BASE + "product")
        return
    assert list(VOCABULARY.objects(scheme, SKOS.hasTopConcept)) == [concept]


def test_values_of_a_property_come_from_one_list() -> None:
    """In the law, the tables and the records of a few areas, as each shape asks."""
    engine = few.read()
    lists: dict[str, set[URIRef]] = defaultdict(set)
    for shape in SHAPES.subjects(SH["class"], SKOS.Concept):
        path = SHAPES.value(shape, SH.path)
        if not isinstance(path, URIRef):
            continue
        for node in SHAPES.subjects(SH.property, shape):
            kind = SHAPES.value(node, SH.targetClass)
            if kind is None:
                continue
            found = json.loads(
                engine.select(
                    f"SELECT DISTINCT ?list {{ ?thing a <{kind}> ; <{path}> ?value ."
                    f" ?value <{SKOS.inScheme}> ?list }}"
                )
            )
            lists[str(shape)] |= {
                URIRef(row["list"]["value"]) for row in found["results"]["bindings"]
            }
    several = {shape: found for shape, found in lists.items() if len(found) > 1}
    assert len(lists) > 30
    assert several.keys() == {PREFIXES["shape"] + n for n in OF_SEVERAL}
