"""Every term of a claim goes from a form into a record and back, in every format."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import cspgraph
from cspgraph.cli import main
from cspgraph.forms import formats, write
from cspgraph.forms.schema import form
from cspgraph.forms.template import TemplateGuide
from cspgraph.forms.write import Filled
from cspgraph.rdf import files
from cspgraph.rdf.terms import PREFIXES, RDF_TYPE
from filled import FORMATS, names, read_form, write_form

if TYPE_CHECKING:
    from pathlib import Path

    from cspgraph.forms.schema import FormColumn

CLAIMS = form().sheet("Claims")
GRAPH = NamedNode(PREFIXES["graph"] + "made-up")
CLAIM = NamedNode(PREFIXES["claim"] + "made-up.all")
XSD = PREFIXES["xsd"]

#: What people type under each heading, and what a record says for it. The language of
#: words is English where the heading names none.
TYPED: dict[str, list[tuple[str, str]]] = {
    "Name": [("The plan is adopted", '"The plan is adopted"@en')],
    "Words relied on": [("must be adopted", '"must be adopted"@en')],
    "Whether required": [
        ("required", "kind:Required"),
        ("not required", "kind:NotRequired"),
    ],
    "What must be done": [
        ("adopt", "act:Adopt"),
        ("adopt; prepare", "act:Adopt act:Prepare"),
    ],
    "To what": [("partnership plan", "kind:PartnershipPlan")],
    "By whom (role)": [("responsible authority", "role:ResponsibleAuthority")],
    "And in return (role)": [("co-operating body", "role:CoOperatingBody")],
    "Which organ": [("full council", "kind:FullCouncil")],
    "Holders named": [
        ("Dorset Council", "body:dorset-council"),
        (
            "Dorset Council; Chief Constable of Dorset Police",
            "body:dorset-council body:chief-constable-dorset",
        ),
    ],
    "Holders as printed": [
        ("the police; the council", '"the police; the council"@en'),
        ("the police\nthe council", '"the police"@en "the council"@en'),
    ],
    "Kinds of body named": [("local health board", "kind:LocalHealthBoard")],
    "Whole list or part": [("in part", "kind:PartList"), ("in full", "kind:WholeList")],
    "Law named": [
        (
            "Crime and Disorder Act 1998",
            "<http://www.legislation.gov.uk/id/ukpga/1998/37>",
        )
    ],
    "Law as printed": [
        ("Crime and Disorder Act 1988", '"Crime and Disorder Act 1988"@en')
    ],
    "Sections as printed": [
        ("sections 5 and 6", '"sections 5 and 6"@en'),
        ("5", '"5"@en'),
        ("5.10", '"5.10"@en'),
        ("s.5(1)(a); s.6", '"s.5(1)(a); s.6"@en'),
        ("§ 5-7", '"§ 5-7"@en'),
    ],
    "Length of the plan": [("3 years", '"P3Y"^^xsd:duration')],
    "How often": [
        ("1 year", '"P1Y"^^xsd:duration'),
        ("6 months", '"P6M"^^xsd:duration'),
    ],
    "From which day": [
        ("31 January 2023", '"2023-01-31"^^xsd:date'),
        ("1 January 1999", '"1999-01-01"^^xsd:date'),
        ("1 April 1888", '"1888-04-01"^^xsd:date'),
    ],
    "By which day": [("4 January 2022", '"2022-01-04"^^xsd:date')],
    "Deadline as printed": [
        ("to be formally adopted here", '"to be formally adopted here"@en')
    ],
    "Source": [("paper / 1.3", "passage:made-up.paper.1.3")],
    "Notes": [("hard to read", '"hard to read"@en')],
}
CASES = [(heading, *case) for heading, cases in TYPED.items() for case in cases]
each = pytest.mark.parametrize(("heading", "typed", "meant"), CASES)
in_each_format = pytest.mark.parametrize("file", FORMATS)


def column(heading: str) -> FormColumn:
    return CLAIMS.column(heading)


def meant_by(heading: str, text: str) -> set[Quad]:
    """Return the facts about the claim that the short text says, read as Turtle."""
    head = "".join(f"@prefix {n}: <{start}> .\n" for n, start in PREFIXES.items())
    words = text if text.startswith('"') else text.replace(" ", " , ")
    words = words.replace('" "', '" , "').replace('@en "', '@en , "')
    said = f"{CLAIM} {column(heading).term} {words} ."
    source = files.Source("said.ttl", (head + said).encode(), ".ttl")
    return {Quad(q.subject, q.predicate, q.object, GRAPH) for q in files.quads(source)}


def filled(**more: str) -> Filled:
    """Return a form with one claim, in which the given headings hold the given texts."""
    said = {heading: cases[0][0] for heading, cases in TYPED.items()} | more
    row = {head: [text] for head, text in said.items()}
    paper = {
        "Ref": ["paper"],
        "Title": ["A paper"],
        "Kind of document": ["minutes"],
        "Day of the document": ["2024-07-23"],
        "Publisher": ["Dorset Council"],
    }
    sheets = {"Documents": [paper], "Claims": [{"Ref": ["all"], **row}]}
    return Filled({"Name": "made-up", "Day": "2024-07-23"}, sheets)


def written(made: Filled, place: Path) -> None:
    """Write a form as people type it: days in words are words."""
    days = {c.heading for c in CLAIMS.columns if "day" in c.holds}
    if place.suffix == ".xlsx":
        import openpyxl

        kept = {h: made.sheets["Claims"][0].pop(h) for h in days}
        formats.write(made, form(), TemplateGuide(), place)
        book = openpyxl.load_workbook(place)
        page = book["Claims"]
        heads = {cell.value: cell.column for cell in page[1]}
        for heading, texts in kept.items():
            page.cell(2, heads[heading]).value = texts[0]
        book.save(place)
    else:
        formats.write(made, form(), TemplateGuide(), place)


def test_every_column_of_claims_and_every_term_is_tried() -> None:
    """What a claim may assert is what the ontology says, and each has a column."""
    assert set(TYPED) == {c.heading for c in CLAIMS.columns if c.holds != "ref"}
    asserted = {
        quad.subject
        for source in files.shipped("ontology", ".ttl")
        for quad in files.quads(source)
        if isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(PREFIXES["csp"] + "asserts")
    }
    assert len(asserted) > 15
    assert asserted <= {c.term for c in CLAIMS.columns}


@in_each_format
@each
def test_a_cell_is_the_fact_and_the_fact_is_the_cell(
    heading: str, typed: str, meant: str, file: str, tmp_path: Path
) -> None:
    """From the form to the record, to a form again, and to the same record."""
    written(filled(**{heading: typed}), tmp_path / file)
    made = read_form(tmp_path / file)
    assert made.problems == []
    term = column(heading).term
    facts = {q for q in made.quads if q.subject == CLAIM and q.predicate == term}
    assert facts == meant_by(heading, meant)
    again = tmp_path / f"again-{file}"
    write_form(made.quads, again)
    assert write.rows(made.quads, form(), names(), "again").other == []
    assert set(read_form(again).quads) == set(made.quads)


@in_each_format
@pytest.mark.parametrize(
    "heading", [c.heading for c in CLAIMS.columns if c.holds == "words"]
)
def test_words_in_another_language_stay_in_it(
    heading: str, file: str, tmp_path: Path
) -> None:
    """Welsh minutes are quoted in Welsh, in a column of their own."""
    more = {f"{heading} [cy]": "cynllun diogelwch cymunedol"}
    written(filled(**more), tmp_path / file)
    made = read_form(tmp_path / file)
    said = Literal("cynllun diogelwch cymunedol", language="cy")
    assert Quad(CLAIM, column(heading).term, said, GRAPH) in made.quads
    write_form(made.quads, tmp_path / f"again-{file}")
    assert set(read_form(tmp_path / f"again-{file}").quads) == set(made.quads)


@in_each_format
def test_the_commands_bring_a_claim_there_and_back(file: str, tmp_path: Path) -> None:
    """Import, export and import again give the same record, byte for byte."""
    written(filled(), tmp_path / file)
    first, second = tmp_path / "first.trig", tmp_path / "second.trig"
    for command in (
        ["import", str(tmp_path / file), "-o", str(first)],
        ["export", str(first), "-o", str(tmp_path / f"again-{file}")],
        ["import", str(tmp_path / f"again-{file}"), "-o", str(second)],
    ):
        with suppress(SystemExit):
            main(command)
    assert first.read_bytes()
    assert second.read_bytes() == first.read_bytes()
    quads = set(files.quads(files.Source("first.trig", first.read_bytes(), ".trig")))
    terms = {q.predicate for q in quads if q.subject == CLAIM}
    assert terms == {c.term for c in CLAIMS.columns if c.holds != "ref"} | {RDF_TYPE}


def test_a_claim_with_every_term_is_well_made(tmp_path: Path) -> None:
    """No shape of the record finds fault with what the form lets people write."""
    written(filled(), tmp_path / "filled.yaml")
    report = cspgraph.load(tmp_path / "filled.yaml", on="2024-11-01").validate(
        area="Dorset"
    )
    found = [f for f in report.findings if f.focus == CLAIM.value]
    assert [f.message for f in found if f.severity != "info"] == []
