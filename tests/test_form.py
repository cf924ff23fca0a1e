"""The form has a cell for everything that records hold, and asks what the shapes ask."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from cspgraph.dataset import Dataset
from cspgraph.forms.schema import form
from cspgraph.rdf import files, serialize
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE, compact
from cspgraph.records.contributions import RECORD_CLASSES, RECORD_TERMS

SHEETS = form().sheets
CELLS = {
    (sheet.kind, column.term): column for sheet in SHEETS for column in sheet.columns
}
RECORDED = {sheet.kind for sheet in SHEETS} - {CSP.Organ}
RULES = {
    *("comparedWith", "agreedOn", "notInBeing", "verdict", "saidBy", "reservedFor"),
    *("coverageMissing", "decidedElsewhere"),
    *("template", "follows"),
}
#: Terms in shapes of the record that no cell holds, each with the reason.
NO_CELL = {getattr(CSP, name): "rules give it; nobody writes it" for name in RULES}

SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?class ?shape ?term ?least ?most ?datatype ?weight {
  ?node sh:property ?shape .
  ?shape sh:path/((sh:alternativePath/rdf:rest*/rdf:first)?) ?term ; sh:severity ?weight .
  FILTER (ISIRI(?term))
  OPTIONAL { ?node sh:targetClass ?class }
  OPTIONAL { ?shape sh:minCount ?least }
  OPTIONAL { ?shape sh:maxCount ?most }
  OPTIONAL { ?shape sh:datatype ?datatype }
}
"""
HOLDS = {
    "xsd:date": {"day", "last day"},
    "xsd:duration": {"length"},
    "xsd:string": {"text"},
    "rdf:langString": {"words"},
}


@pytest.fixture(scope="module")
def asked() -> list[dict[str, object]]:
    store = Store()
    for source in files.shipped("ontology/shapes/record", ".ttl"):
        files.load_into(source, store, PREFIXES["graph"] + "shapes")
    found = store.query(SHAPES, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    words = [variable.value for variable in found.variables]
    return [{word: row[word] for word in words} for row in found]


def test_every_fact_on_record_has_a_cell() -> None:
    missing = set()
    for source in Dataset().records:
        quads = list(files.quads(source))
        kinds = {q.subject: q.object for q in quads if q.predicate == RDF_TYPE}
        assert set(kinds.values()) <= RECORDED
        missing |= {
            (kinds[q.subject], q.predicate)
            for q in quads
            if q.predicate != RDF_TYPE and (kinds[q.subject], q.predicate) not in CELLS
        }
    assert missing == set()


def test_every_term_that_a_shape_asks_about_has_a_cell(
    asked: list[dict[str, object]],
) -> None:
    terms = {row["term"] for row in asked} - {RDF_TYPE}
    held = {term for _, term in CELLS}
    assert terms - held == set(NO_CELL)


def test_a_cell_asks_what_its_shape_asks(asked: list[dict[str, object]]) -> None:
    compared = 0
    for row in asked:
        column = CELLS.get((row["class"], row["term"]))  # type: ignore[arg-type]
        if column is None:
            continue
        compared += 1
        where = f"{column.sheet}, {column.heading}"
        hard = str(getattr(row["weight"], "value", "")).endswith("Violation")
        if isinstance(row["most"], Literal) and row["most"].value == "1":
            assert not column.many, where
        if isinstance(row["least"], Literal) and hard:
            assert column.needed, where
        if isinstance(row["datatype"], NamedNode):
            assert column.holds in HOLDS[compact(row["datatype"].value)], where
    assert compared > 50


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_can_be_read(sheet: object) -> None:
    from cspgraph.forms.schema import Sheet

    assert isinstance(sheet, Sheet)
    assert sheet.prefix in PREFIXES
    headings = [column.heading.casefold() for column in sheet.columns]
    assert len(set(headings)) == len(headings)
    assert sheet.columns[0].holds == "ref"
    for column in sheet.columns:
        assert column.note.endswith("."), column.heading
        assert column.holds in (
            "ref",
            "words",
            "text",
            "day",
            "last day",
            "name",
            "link",
            "length",
        )
        assert bool(column.lists) == (column.holds == "name")
        known = form().names
        for name in column.lists:
            assert not name[0].isupper() or name in known


def test_a_record_may_say_all_that_the_form_asks() -> None:
    assert {sheet.kind for sheet in SHEETS} <= RECORD_CLASSES
    label = NamedNode(PREFIXES["rdfs"] + "label")
    asked = {column.term for column in CELLS.values() if column.holds != "ref"}
    assert asked - {label} <= RECORD_TERMS


def test_every_list_has_names() -> None:
    from filled import names

    for column in CELLS.values():
        for name in column.lists:
            if name not in form().names:
                assert names().words([name]), name


def test_the_context_says_what_the_form_says() -> None:
    made: dict[str, object] = dict(sorted(PREFIXES.items()))
    kinds = {
        "name": {"@type": "@id"},
        "link": {"@type": "@id"},
        "day": {"@type": "xsd:date"},
        "last day": {"@type": "xsd:date"},
        "length": {"@type": "xsd:duration"},
        "words": {"@container": "@language"},
    }
    for column in CELLS.values():
        if column.holds in kinds:
            short = compact(column.term.value)
            said = {"@id": column.term.value, **kinds[column.holds]}
            assert made.setdefault(short, said) == said
    assert serialize.context() == made
    (source,) = files.shipped("ontology/context.jsonld", ".jsonld")
    assert json.loads(source.text) == {"@context": made}
