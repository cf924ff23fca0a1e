"""Alignments: every term exists on both sides, and nothing untrue follows from them.

Vocabularies that rdflib carries are looked up there. For the others
`tests/foreign_terms.csv` says where each term was read, and how sure that is.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import owlrl  # type: ignore[import-untyped]  # comes with pyshacl
import pytest
import rdflib.term as rdflib_terms
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, ODRL2, ORG, OWL, PROV, TIME

import few
from cspgraph import load
from cspgraph.rdf.files import Source, shipped
from cspgraph.rdf.terms import CSP, PREFIXES

CARRIED = {
    "dct": DCTERMS,
    "odrl": ODRL2,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdfs": RDFS,
    "skos": SKOS,
    "time": TIME,
}
LISTED = {
    "cv": "http://data.europa.eu/m8g/",
    "dpv": "https://w3id.org/dpv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "rrmv": "http://data.europa.eu/2qy/rrmv#",
}
OWN = {name: PREFIXES[name] for name in ("csp", "standing")}
SPACES = {name: str(space) for name, space in CARRIED.items()} | LISTED | OWN
LINKS = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.relatedMatch)
TABLE = Path(__file__).with_name("foreign_terms.csv")

#: Classes that one thing may have together, because the ontology says so.
TOGETHER = {frozenset({"AdoptionRule", "DutyTemplate"})}

KIND = PREFIXES["kind"]


def alignments() -> Source:
    (source,) = shipped("ontology", "/alignments.ttl")
    return source


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(data=alignments().data, format="turtle")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    whole = Graph()
    for source in shipped("ontology", "/core.ttl", "/kinds.ttl"):
        whole.parse(data=source.data, format="turtle")
    return whole


@pytest.fixture(scope="module")
def listed() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def closure(graph: Graph) -> Graph:
    """Everything derived, with core and alignments, closed under RDFS.

    Literals are all made the same: owlrl cannot read xsd:gMonthDay, and which
    things are of which class does not depend on them.
    """
    whole = Graph()
    for thing, term, value in load(areas=few.FEWER).to_rdflib():
        whole.add((thing, term, Literal("") if isinstance(value, Literal) else value))
    whole += graph
    readers = dict(rdflib_terms._toPythonMapping)  # owlrl puts its own in for good
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(whole)
    rdflib_terms._toPythonMapping.clear()
    rdflib_terms._toPythonMapping.update(readers)
    return whole


def split(iri: URIRef) -> tuple[str, str]:
    """Return prefix and name of a term; an unknown namespace is a failure."""
    for prefix, space in SPACES.items():
        if iri.startswith(space):
            return prefix, iri[len(space) :]
    pytest.fail(f"{iri} is in no namespace that this test knows")


def links(graph: Graph) -> list[tuple[URIRef, URIRef, URIRef]]:
    found = [triple for link in LINKS for triple in graph.triples((None, link, None))]
    assert found
    return found  # type: ignore[return-value]


def test_file_says_only_what_an_alignment_may_say(graph: Graph) -> None:
    about = URIRef("https://w3id.org/cspgraph/alignments")
    assert (about, RDF.type, OWL.Ontology) in graph
    assert list(graph.objects(about, OWL.imports)) == [
        URIRef("https://w3id.org/cspgraph/ns")
    ]
    said = {term for thing, term, _ in graph if thing != about}
    assert said <= set(LINKS)
    assert not any(isinstance(node, BNode) for triple in graph for node in triple)


def test_prefixes_are_known_sorted_and_used() -> None:
    text = alignments().text
    declared = re.findall(r"^@prefix (\w+): +<(.+)> \.$", text, re.MULTILINE)
    assert [name for name, _ in declared] == sorted(name for name, _ in declared)
    for name, space in declared:
        assert SPACES[name] == space
    body = text.partition("\n<")[2]
    assert {name for name, _ in declared} == set(re.findall(r"\b(\w+):\w+", body)) - {
        "http",
        "https",
    }


def test_own_terms_are_defined(graph: Graph, ontology: Graph) -> None:
    for thing, _, _ in links(graph):
        prefix, name = split(thing)
        assert prefix in OWN, f"{thing} is not a term of this project"
        assert (thing, RDF.type, None) in ontology, f"{prefix}:{name} is not defined"


def test_classes_go_to_classes_and_properties_to_properties(
    graph: Graph, ontology: Graph
) -> None:
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    for thing, link, _ in links(graph):
        if link == RDFS.subClassOf:
            assert thing in classes, f"{thing} is not a class"
        if link == RDFS.subPropertyOf:
            assert thing not in classes, f"{thing} is a class"


def test_foreign_terms_exist(graph: Graph, listed: list[dict[str, str]]) -> None:
    known = {(row["prefix"], row["term"]) for row in listed}
    for _, _, term in links(graph):
        prefix, name = split(term)
        if prefix in CARRIED:
            assert name in CARRIED[prefix], f"rdflib knows no {prefix}:{name}"
        else:
            assert (prefix, name) in known, f"{prefix}:{name} is not in {TABLE.name}"


def test_listed_terms_are_used_and_say_where_they_were_read(
    graph: Graph, listed: list[dict[str, str]]
) -> None:
    used = {split(term) for _, _, term in links(graph)}
    rows = [(row["prefix"], row["term"]) for row in listed]
    assert rows == sorted(set(rows), key=lambda row: (row[0], row[1]))
    assert set(rows) <= used
    assert {row["confidence"] for row in listed} <= {"High", "Medium", "Low"}
    assert all(row["read_in"] for row in listed)


def test_closure_types_nothing_with_two_unrelated_classes(closure: Graph) -> None:
    terms = {URIRef(PREFIXES["csp"] + name) for name in CSP}
    for thing in set(closure.subjects(RDF.type)):
        classes = set(closure.objects(thing, RDF.type)) & terms
        lowest = {
            str(one).removeprefix(PREFIXES["csp"])
            for one in classes
            if not any(
                other != one and (other, RDFS.subClassOf, one) in closure
                for other in classes
            )
        }
        assert len(lowest) < 2 or lowest in TOGETHER, f"{thing} is {sorted(lowest)}"


def test_closure_reaches_the_other_vocabularies(closure: Graph) -> None:
    section = URIRef("http://www.legislation.gov.uk/id/ukpga/1998/37/section/6/1/c")
    act = URIRef("http://www.legislation.gov.uk/id/ukpga/1998/37")
    eli = LISTED["eli"]
    assert (section, RDF.type, URIRef(eli + "LegalResourceSubdivision")) in closure
    assert (act, RDF.type, URIRef(eli + "LegalResource")) in closure
    assert (None, URIRef(eli + "changed_by"), None) in closure
    assert (None, ORG.unitOf, None) in closure


@pytest.mark.parametrize(
    ("term", "value", "other", "why"),
    [
        ("status", KIND + "Proposed", PROV.Activity, "it was only proposed"),
        (
            "bodyKind",
            KIND + "ChiefOfficerOfPolice",
            ORG.Organization,
            "it is an office",
        ),
        (
            "bodyKind",
            KIND + "PoliceAndCrimeCommissioner",
            ORG.Organization,
            "an office",
        ),
    ],
    ids=["proposed decision", "chief officer", "commissioner"],
)
def test_no_class_follows_that_is_untrue(
    closure: Graph, term: str, value: str, other: URIRef, why: str
) -> None:
    things = list(closure.subjects(URIRef(PREFIXES["csp"] + term), URIRef(value)))
    assert things
    for thing in things:
        assert (thing, RDF.type, other) not in closure, f"{thing}: {why}"


@pytest.mark.parametrize(
    ("kind", "link", "why"),
    [
        ("ForcePeriod", LISTED["eli"] + "commenced_by", "it is a stretch of days"),
        ("Strategy", str(DCTERMS.source), "it is not derived from a report"),
        ("Decision", str(PROV.wasAssociatedWith), "it may be a proposal"),
        ("Decision", str(DCTERMS.type), "its kind is a concept and no class"),
    ],
    ids=["force period", "strategy", "decision by", "decision kind"],
)
def test_no_link_follows_that_is_untrue(
    closure: Graph, kind: str, link: str, why: str
) -> None:
    things = list(closure.subjects(RDF.type, URIRef(PREFIXES["csp"] + kind)))
    assert things
    for thing in things:
        assert (thing, URIRef(link), None) not in closure, f"{thing}: {why}"
