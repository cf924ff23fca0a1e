"""What rests on law that was read before a change says as at which day it was read."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

import cspgraph
from cspgraph import horizon, sandbox
from cspgraph.dataset import Dataset
from cspgraph.derive import rules, snapshot
from cspgraph.graph import KnowledgeGraph
from cspgraph.rdf import files as rdf_files
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.files import Source
from cspgraph.rdf.terms import CSP, PREFIXES, RDF_TYPE
from cspgraph.receipt import warning

if TYPE_CHECKING:
    from collections.abc import Iterable

DATE = NamedNode(PREFIXES["xsd"] + "date")
ACT = NamedNode(PREFIXES["law"] + "ukpga/1998/37")
CHANGE = NamedNode(PREFIXES["law"] + "ukpga/2025/999")
#: A law that nobody made: it may have changed all of the Act of 1998.
IMAGINED = f"""
@prefix csp:  <{PREFIXES["csp"]}> .
@prefix gss:  <{PREFIXES["gss"]}> .
@prefix kind: <{PREFIXES["kind"]}> .
@prefix rdfs: <{PREFIXES["rdfs"]}> .
@prefix verification: <{PREFIXES["verification"]}> .

{CHANGE} a csp:Instrument ;
    rdfs:label "Imagined Act 2025"@en ;
    csp:citation "IA 2025" ;
    csp:force kind:Statute ;
    csp:extent gss:E92000001 ;
    csp:verification verification:R .

{ACT} csp:mayBeAmendedBy {CHANGE} .
"""
#: Read in the file of the law: the text of section 5 stood as at this day on the mirror.
READ_TO, AFTER = "2025-02-05", "2025-02-06"
SAID = "Text read as at 5 February 2025, which Imagined Act 2025 may have changed since"


@cache
def graph(own: str = IMAGINED) -> KnowledgeGraph:
    source = Source("imagined.ttl", own.encode())
    return KnowledgeGraph(Dataset([source], areas=["E06000059"]))


def day(written: str) -> Literal:
    return Literal(written, datatype=DATE)


# The answer


def test_an_answer_of_a_later_day_says_as_at_which_day_its_law_was_read() -> None:
    answer = graph().answer("responsible-authorities", area="Dorset", on=AFTER)
    first = {
        "law": "CDA 1998 s.5(1)(a)",
        "text_as_at": READ_TO,
        "changed_by": "Imagined Act 2025",
        "sure": False,
    }
    assert first in answer.receipt["text_read"]
    laws = {str(row["law"]) for row in answer}
    assert {one["law"] for one in answer.receipt["text_read"]} <= laws
    assert warning(answer.receipt).startswith(SAID)
    for form in (answer.to_markdown(), answer._repr_html_()):
        assert SAID in form
    assert json.loads(answer.to_json())["receipt"]["text_read"]


def test_a_day_that_the_reading_covers_says_nothing() -> None:
    """Of one provision no page shows its day, so that the reading covers none for sure."""
    answer = graph().answer("responsible-authorities", area="Dorset", on=READ_TO)
    undated = {"law": "CDA 1998 s.5(1)(b)", "text_as_at": None, "sure": False}
    assert answer.receipt["text_read"] == [
        undated | {"changed_by": "Imagined Act 2025"}
    ]
    assert "Text read as at a day that is not known" in warning(answer.receipt)
    earlier = graph().answer("responsible-authorities", area="Dorset", on="2024-12-31")
    assert "text_read" not in earlier.receipt
    assert warning(earlier.receipt) == ""


def test_what_rests_on_other_law_says_nothing() -> None:
    answer = graph().answer("specified-authorities", area="Dorset", on=AFTER)
    assert len(answer)
    assert "text_read" not in answer.receipt


def test_without_such_a_law_the_answer_says_nothing() -> None:
    answer = graph("").answer("responsible-authorities", area="Dorset", on=AFTER)
    assert len(answer)
    assert "text_read" not in answer.receipt


def test_why_a_brief_and_a_check_say_so_too() -> None:
    kg = graph().at(AFTER)
    why = str(kg.why("dorset-council", area="Dorset"))
    (line,) = {one.strip() for one in why.splitlines() if "s.5(1)(a) " in one}
    assert line.endswith(
        "law read, text as at 2025-02-05; IA 2025 may have changed it since"
    )
    assert SAID in kg.brief("Dorset", "csp-plan").to_markdown().splitlines()[2]
    report = kg.validate(area="Dorset")
    assert SAID in report.warning
    assert SAID in report.to("html")


def test_why_says_as_at_which_day_a_text_stood() -> None:
    kg = graph("").at("2024-07-23")
    section = kg.why(f"{ACT.value}/section/5/1/a", area="Dorset")
    assert "law read, text as at 2025-02-05" in str(section)
    undated = kg.why(f"{PREFIXES['law']}ukpga/2006/48/section/19/1", area="Dorset")
    assert "text as at" not in str(undated).splitlines()[0]


# The rules, against the files of the law read by hand


@cache
def law() -> tuple[Quad, ...]:
    files = [
        *rdf_files.shipped("data/law", ".ttl"),
        Source("imagined.ttl", IMAGINED.encode()),
    ]
    return tuple(quad for source in files for quad in rdf_files.quads(source))


def derived(
    quads: Iterable[Quad], on: str, engine: type[Oxigraph | Reference] = Oxigraph
) -> set[tuple[str, str, str]]:
    asked = Quad(snapshot.SNAPSHOT, CSP.asOf, day(on))
    made = engine([*quads, asked])
    found: set[tuple[str, str, str]] = set()
    for name in ("47-text-read-to", "47-horizon", "48-read-before"):
        triples = made.derive(rules.rules()[name].text)
        made.add(triples, rules.DERIVED)
        found |= {(t.subject.value, t.predicate.value, t.object.value) for t in triples}  # type: ignore[union-attr]
    return found


def read_before(quads: Iterable[Quad], on: str) -> set[tuple[str, str]]:
    """Return what the rule should give, worked out from the files in Python."""
    of: dict[tuple[str, NamedNode], list[str]] = {}
    for quad in quads:
        of.setdefault((quad.subject.value, quad.predicate), []).append(  # type: ignore[union-attr]
            quad.object.value  # type: ignore[union-attr]
        )

    def to(thing: str, *terms: NamedNode) -> list[str]:
        return [value for term in terms for value in of.get((thing, term), [])]

    def above(thing: str) -> set[str]:
        return {thing}.union(*map(above, to(thing, CSP.partOf)))

    found = set()
    for thing, term in list(of):
        if term != RDF_TYPE or CSP.Provision.value not in to(thing, RDF_TYPE):
            continue
        pages = to(thing, CSP.verifiedBy)
        read = max((d for page in pages for d in to(page, CSP.textAsAt)), default="")
        changes = [
            (by, first)
            for by in to(thing, CSP.amendedBy, CSP.substitutedBy)
            for first in to(by, CSP.validFrom)
        ]
        changes += [
            (by, last)
            for by in to(thing, CSP.repealedBy)
            for last in to(thing, CSP.validUntil)
        ]
        found |= {(thing, by) for by, d in changes if read and read < d <= on}
        for by in {by for one in above(thing) for by in to(one, CSP.mayBeAmendedBy)}:
            made = re.search(r"/id/[a-z]+/(\d{4})/", by)
            begins = to(by, CSP.validFrom) or [f"{made[1]}-01-01" if made else "0001"]
            if read < on and min(begins) <= on:
                found.add((thing, by))
    return found


@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_two_texts_are_known_to_have_been_replaced_after_they_were_read(
    engine: type[Oxigraph | Reference],
) -> None:
    """Sections 5(1A) and 5(1B) of 2002 were read as at 2004 and replaced in 2012."""
    found = derived(law(), "2013-03-01", engine)
    before = {s for s, p, _ in found if p == CSP.readBefore.value}
    assert before == {f"{ACT.value}/section/5/{n}#2002" for n in ("1A", "1B")}
    assert not any(
        p == CSP.readBefore.value for _, p, _ in derived(law(), "2012-01-15", engine)
    )


@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_an_act_changes_nothing_before_its_own_year(
    engine: type[Oxigraph | Reference],
) -> None:
    """Also one whose number is not verified, so that it has an address of our own."""

    def changes(on: str) -> set[str]:
        found = derived(law(), on, engine)
        return {o for _, p, o in found if p == CSP.readBefore.value and "2026" in o}

    assert changes("2025-12-31") == set()
    assert {"/id/ukpga/2026/", "/id/instrument/"} == {
        part
        for part in ("/id/ukpga/2026/", "/id/instrument/")
        if any(part in one for one in changes("2026-06-30"))
    }


@settings(max_examples=12, deadline=None)
@given(
    on=st.dates(date(1999, 1, 1), date(2035, 1, 1)).map(str),
    about=st.sampled_from(["", "/section/6", "/section/6/1/c", "/section/40"]),
    begins=st.sampled_from(["", "2024-01-01", "2025-06-01", "2030-01-01"]),
)
@example(on="2025-06-01", about="", begins="2025-06-01")
@example(on="2025-05-31", about="", begins="2025-06-01")
@example(on="2024-12-31", about="/section/40", begins="")
@example(on="2025-01-01", about="/section/40", begins="")
def test_the_rule_finds_what_the_files_say(on: str, about: str, begins: str) -> None:
    """A section that may have changed stands for its parts, and an Act for all it holds."""
    quads = [quad for quad in law() if quad.predicate != CSP.mayBeAmendedBy]
    quads.append(Quad(NamedNode(ACT.value + about), CSP.mayBeAmendedBy, CHANGE))
    if begins:
        quads.append(Quad(CHANGE, CSP.validFrom, day(begins)))
    found = derived(quads, on)
    pairs = {(s, o) for s, p, o in found if p == CSP.readBefore.value}
    assert pairs == read_before(quads, on)


# What the graph says of itself


def test_the_graph_of_a_day_says_how_far_it_reaches() -> None:
    kg = graph("").at("2024-07-23")
    known = horizon.look(kg._dataset.all_dates)
    said = {
        quad.predicate: quad.object
        for quad in kg.quads()
        if quad.subject == snapshot.SNAPSHOT
    }
    assert said == {
        RDF_TYPE: CSP.Snapshot,
        CSP.asOf: day("2024-07-23"),
        CSP.lawRead: day(str(known.law_read)),
        CSP.registerMade: day(str(known.register_made)),
        CSP.recordsSeen: day(str(known.records_seen)),
    }


DAYS = st.lists(
    st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(str), min_size=1, max_size=3
)


@settings(max_examples=20, deadline=None)
@given(law_read=st.lists(DAYS, max_size=2), made=st.lists(DAYS, max_size=2))
@pytest.mark.parametrize("engine", [Oxigraph, Reference])
def test_the_graph_says_what_a_receipt_says(
    engine: type[Oxigraph | Reference], law_read: list[list[str]], made: list[list[str]]
) -> None:
    """Of each part the page that was read longest ago counts, as of its last reading."""
    quads = []
    for kind, pages in ((CSP.EvidenceEntry, law_read), (CSP.Reading, made)):
        for number, days in enumerate(pages):
            page = NamedNode(f"urn:{kind.value[-3:]}:{number}")
            quads += [Quad(page, RDF_TYPE, kind)]
            quads += [Quad(page, CSP.readOn, day(one)) for one in days]
            if kind == CSP.Reading:
                quads.append(Quad(page, CSP.readingOf, Literal("register")))
    known = horizon.look(Oxigraph(quads))
    found = {p: o for _, p, o in derived(quads, "2024-07-23", engine)}
    wanted = {CSP.lawRead: known.law_read, CSP.registerMade: known.register_made}
    assert found == {p.value: str(d) for p, d in wanted.items() if d}
    oldest = [min(map(max, pages)) if pages else None for pages in (law_read, made)]
    assert [found.get(term.value) for term in wanted] == oldest


# Free SPARQL

PROVISIONS = f"SELECT ?law {{ ?law a csp:Provision ; csp:partOf* <{ACT.value}> }}"
BUILT = "DESCRIBE ?law { ?law csp:citation 'CDA 1998 s.5(1)(a)' }"
CITATIONS = "SELECT ?cited { ?law a csp:Provision ; csp:citation ?cited }"


@pytest.mark.parametrize("asked", [PROVISIONS, CITATIONS])
def test_free_questions_say_how_old_the_text_of_a_named_provision_is(
    asked: str,
) -> None:
    held = graph().at(AFTER)
    found = held.select(asked)
    named = {term.value for row in found.terms for term in row if term}
    told = found.receipt["text_read"]
    assert "Imagined Act 2025" in {one["changed_by"] for one in told}
    assert SAID in warning(found.receipt)
    assert held.select("SELECT (1 AS ?one) {}").receipt.get("text_read") is None
    if asked is CITATIONS:
        assert {one["law"] for one in told} <= named


def test_statements_that_are_built_say_it_as_well() -> None:
    built = graph().at(AFTER).construct(BUILT)
    assert SAID in built.warning


def test_the_confined_process_says_it_as_well() -> None:
    on, places = "2026-11-30", ["Dorset"]
    held = cspgraph.load(on=on, areas=places)
    shown = sandbox.ask(PROVISIONS, on=on, areas=places, seconds=60)
    assert shown.receipt["text_read"]
    assert shown.receipt["text_read"] == held.select(PROVISIONS).receipt["text_read"]
    describe = "DESCRIBE ?law { ?law csp:readBefore ?change }"
    built = sandbox.construct(describe, on=on, areas=places, seconds=60)
    assert built.warning
    assert built.warning == held.construct(describe).warning
    nothing = sandbox.ask("SELECT (1 AS ?one) {}", on=on, areas=places, seconds=60)
    assert "text_read" not in nothing.receipt
