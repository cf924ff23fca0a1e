"""A value is bound as a term: what it says can neither end its place nor change.

Five thousand terms, made up with a fixed seed to break out of where they stand, go
into a question and come back equal, as many rows as with a constant. What cannot be a
term is refused before it reaches an engine.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Variable

from cspgraph.errors import ParameterError
from cspgraph.questions.ask import terms
from cspgraph.questions.query_file import read
from cspgraph.rdf.engines import Oxigraph, Reference
from cspgraph.rdf.files import Source
from cspgraph.rdf.results import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cspgraph.graph import KnowledgeGraph

    Term = NamedNode | Literal

COUNT, SAMPLE = 5_000, 400
BITS = [
    *('"', "'", '"""', "'''", "\\", '\\"', "\n", "\r", "\r\n", "\t", "\0", "\x1b", "\x7f"),
    *("} UNION { ?s ?p ?o }", "} }", "> . ", "UNDEF", "VALUES ?x { UNDEF }", "?x", "$x", "#"),
    *("<urn:x>", "^^xsd:date", "@en", "\\u0022", "\\n", "\u0085", "\u2028", "\u202e", "\ufeff"),
    *("\ue000", "\ufffe", "\U0001f600", "\u00e9", "e\u0301", "SERVICE <http://127.0.0.1:9/> {}"),
    *("Dorset", " ", "", "%0A", "&quot;", "{", "}", ";", ".", "\ud800", "\udfff", "a\udc80b"),
]  # fmt: skip
KINDS = [
    *("urn:x> } UNION { ?s ?p ?o", "urn:x y", 'urn:"', "urn:<x>", "urn:{x}", "urn:x\\u003e", ""),
    *("http://www.w3.org/2001/XMLSchema#date", "http://www.w3.org/2001/XMLSchema#integer"),
    *("http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/2001/XMLSchema#boolean"),
    *("urn:x", "urn:x'", "urn:x(1)", "urn:x#y", "http://a.example/\u00e9", "urn:x,;.", "x"),
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
]  # fmt: skip
TAGS = ["en", "cy", "en-GB", "zh-Hant-TW", "en }", 'en"', "", "e" * 9, "en\n", "\ud800"]
QUESTION = b"""#+ question: What comes back?
#+ parameters:
#+   x: text - Anything
#+ columns:
#+   x: text - The same

SELECT ?x
WHERE {
  VALUES ?x { UNDEF }
}
ORDER BY ?x
"""
ECHO = read(Source("echo.rq", QUESTION))
MATCH = read(Source("match.rq", QUESTION.replace(b"UNDEF }\n}", b"UNDEF }\n  ?s ?p ?x .\n}")))  # fmt: skip


def made() -> Iterator[Term | str]:
    """Yield so many terms, or the text of why one could not be made."""
    dice = random.Random(20261123)  # noqa: S311 - the same each time
    for number in range(COUNT):
        text = "".join(dice.choices(BITS, k=dice.randint(0, 6)))
        try:
            match number % 4:
                case 0:
                    yield NamedNode(dice.choice(["urn:", "http://a.example/"]) + text)
                case 1:
                    yield Literal(text)
                case 2:
                    yield Literal(text, language=dice.choice(TAGS))
                case 3:
                    yield Literal(text, datatype=NamedNode(dice.choice(KINDS)))
        except (ValueError, TypeError) as error:
            yield str(error)


MADE = list(made())
TERMS = [term for term in MADE if not isinstance(term, str)]


def test_there_is_enough_to_try() -> None:
    """Each sort of term is there many times, and so is what cannot be one."""
    assert len(MADE) == COUNT
    assert len(TERMS) > 2_000
    assert len(MADE) - len(TERMS) > 1_000
    assert sum(isinstance(term, NamedNode) for term in TERMS) > 200
    assert sum(isinstance(t, Literal) and bool(t.language) for t in TERMS) > 200
    assert sum("\n" in term.value for term in TERMS) > 200
    assert sum("UNION" in term.value for term in TERMS) > 100


def test_each_comes_back_from_pyoxigraph() -> None:
    engine = Oxigraph()
    for term in TERMS:
        _, rows = from_json(engine.rows(ECHO.bind({"x": [term]})))
        assert rows == [(term,)], ascii(str(term))


def test_each_finds_as_many_rows_as_a_constant() -> None:
    """One engine is given the text, the other way takes the term by hand."""
    thing, link = NamedNode("urn:thing"), NamedNode("urn:link")
    engine = Oxigraph(Quad(thing, link, term) for term in TERMS[::3])
    for term in TERMS:
        _, rows = from_json(engine.rows(MATCH.bind({"x": [term]})))
        wanted = len([*engine.store.quads_for_pattern(None, None, term, None)])
        assert len(rows) == wanted, ascii(str(term))


def test_a_sample_comes_back_from_rdflib() -> None:
    r"""Not tried: a text with \u, a tab or a return, which rdflib changes before it parses."""
    tried = 0
    engine = Reference([])
    for term in TERMS:
        if re.search(r"\\[uU]|[\t\r\0]", term.value) or tried == SAMPLE:
            continue
        tried += 1
        _, rows = from_json(engine.rows(ECHO.bind({"x": [term]})))
        assert rows == [(term,)], ascii(str(term))
    assert tried == SAMPLE


TWO = read(
    Source(
        "two.rq",
        QUESTION.replace(b"#+   x: text - Anything\n", b"#+   x: text - One\n#+   y: text, optional - Another\n")
        .replace(b"#+ columns:\n", b"#+ columns:\n#+   y: text - The other\n")
        .replace(b"SELECT ?x", b"SELECT ?y ?x")
        .replace(b"UNDEF }\n}", b"UNDEF }\n  VALUES ?y { UNDEF }\n}"),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("VALUES ?y { UNDEF }", '" } UNION { ?s ?p ?y } #'),
        ("VALUES ?x { UNDEF }", "VALUES ?x { UNDEF }"),
        ('" VALUES ?y { UNDEF }', "UNDEF"),
    ],
)
def test_a_value_that_looks_like_the_blank_of_another_stays(x: str, y: str) -> None:
    engine = Oxigraph([Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(1))])
    given = {"x": [Literal(x)], "y": [Literal(y)]}
    _, rows = from_json(engine.rows(TWO.bind(given)))
    assert rows == [(Literal(y), Literal(x))]
    _, rows = from_json(engine.rows(TWO.bind({"x": [Literal(x)]})))
    assert rows == [(None, Literal(x))]


def test_all_at_once_come_back_once_each() -> None:
    distinct = list(dict.fromkeys(TERMS))[:500]
    _, rows = from_json(Oxigraph().rows(ECHO.bind({"x": distinct})))
    assert len(rows) == len(distinct)
    assert {row[0] for row in rows} == set(distinct)


@pytest.mark.parametrize(
    "value",
    [
        "text",
        BlankNode("b"),
        Variable("s"),
        rdflib.Literal("x", datatype=rdflib.URIRef("urn:x> } UNION { ?s ?p ?o")),
        rdflib.URIRef("urn:x> } UNION {"),
        None,
        7,
    ],
    ids=repr,
)
def test_what_is_no_term_is_refused(value: object) -> None:
    with pytest.raises(ParameterError, match=r"x: .* is no term to write"):
        ECHO.bind({"x": [value]})  # type: ignore[list-item]


@pytest.mark.parametrize("text", [t for t in BITS if re.search("[\ud800-\udfff]", t)])
def test_half_a_letter_is_refused_in_a_sentence(text: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match=r"x: .* holds half a letter"):
        terms(ECHO, {"x": text}, kg._dataset.labels, kg._day("2024-07-23"))


def test_a_made_up_parameter_of_a_store_changes_nothing() -> None:
    """Reading with every term leaves a store as it was."""
    engine = Oxigraph([Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(1))])
    before = set(engine.store)
    for term in TERMS[::10]:
        engine.rows(MATCH.bind({"x": [term]}))
    assert set(engine.store) == before
